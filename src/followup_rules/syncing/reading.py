"""One reading of a source: page by page into the store, each page with its cursor, so that it can be interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from followup_rules.adapter import Adapter, Mail, Page
from followup_rules.delivering.scrub import kind_of, line_of, scrubbed
from followup_rules.errors import AdapterError, FollowupRulesError, Place, Problem, Retriable
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.messages import KeptMessage
from followup_rules.outbox.timelines import Counts, Kept, finish, keep_page, state_of
from followup_rules.plugin_answers import printable
from followup_rules.syncing.letters import kept_message
from followup_rules.syncing.texts import kept_of

if TYPE_CHECKING:
    from tenacity import Retrying


class Batch(NamedTuple):
    """A page, ready to be kept: the keys that it is about, what becomes of them, and where to go on from."""

    keys: Sequence[str]
    made: Callable[[dict[str, Kept]], Sequence[Kept]]
    problems: Sequence[Problem]
    cursor: str
    messages: Sequence[KeptMessage] = ()


class Source(Protocol):
    """Something that can be read page by page. `whole` is true where what it does not bring any more is gone."""

    name: str
    whole: bool

    def goes_on(self, cursor: str) -> bool:
        """True where it can go on from a cursor."""
        ...

    def batches(self, since: str | None) -> Iterator[Batch]:
        """The pages from a cursor on.

        Raises:
            Unread: it cannot be read now.
        """
        ...


class Unread(FollowupRulesError):
    """A source cannot be read, or not to its end; what was read is kept.

    Attributes:
        hint: the mend.
        again: it may well be read a little later.
        after: how many seconds later, where the source says so.
    """

    def __init__(self, said: str, hint: str, again: bool = False, after: float | None = None) -> None:
        super().__init__(said)
        self.hint, self.again, self.after = hint, again, after


_AGAIN: Final = "run it again: it goes on from the last page that was kept"
_MEND: Final = "mend the settings, or take an adapter that can be read"


class FromAdapter:
    """What an adapter reads. It gives whole timelines, so each replaces what was known."""

    whole = True

    def __init__(self, name: str, adapter: Adapter) -> None:
        self.name, self._adapter = name, adapter

    def goes_on(self, cursor: str) -> bool:
        """It says itself what is wrong with a cursor."""
        return True

    def batches(self, since: str | None) -> Iterator[Batch]:
        """Its pages; whatever it raises is an `Unread`, without secrets."""
        pages: Iterator[Page | Mail] = iter(self._pages(since))
        while True:
            try:
                page = next(pages, None)
                batch = None if page is None else self._batch(page)
            except Retriable as error:
                wait = f"; it asks for a wait of {error.after:.0f} seconds" if error.after else ""
                unread = Unread(f"{line_of(error, self._adapter)}{wait}", _AGAIN, True, error.after)
            except AdapterError as error:
                unread = Unread(line_of(error, self._adapter), _MEND)
            except Exception as error:
                unread = Unread(kind_of(error, self._adapter), _AGAIN)
            else:
                if batch is None:
                    return
                yield batch
                continue
            # Outside the handler: the error itself may hold a secret.
            raise unread

    def _pages(self, since: str | None) -> Iterator[Page | Mail]:
        yield from self._adapter.read_changes(since)

    def _batch(self, page: object) -> Batch:
        if not isinstance(page, Page) or not isinstance(page.cursor, str):
            raise TypeError("it gave something that is no page")
        kept = [kept_of(self._clean(item)) for item in page.items]
        problems = [
            one for item in page.items if isinstance(item, Refusal) for one in self._clean_refusal(item).problems
        ]
        return Batch([one.key for one in kept], lambda known: kept, problems, page.cursor)

    def _clean(self, item: object) -> Application | Refusal:
        if isinstance(item, Refusal):
            return self._clean_refusal(item)
        if not isinstance(item, Application):
            raise TypeError("a page holds something that is no application and no refusal")
        return item

    def _clean_refusal(self, refusal: Refusal) -> Refusal:
        def clean(text: str) -> str:
            return printable(scrubbed(text, self._adapter))

        problems = (
            one._replace(
                message=clean(one.message), hint=clean(one.hint), place=one.place._replace(file=clean(one.place.file))
            )
            for one in refusal.problems
        )
        return refusal._replace(problems=tuple(problems))


class FromMailbox(FromAdapter):
    """The messages that an adapter reads. They belong to applications that others bring, so nothing is ever gone."""

    whole = False

    def _pages(self, since: str | None) -> Iterator[Page | Mail]:
        yield from self._adapter.read_messages(since)

    def _batch(self, page: object) -> Batch:
        if not isinstance(page, Mail) or not isinstance(page.cursor, str):
            raise TypeError("it gave something that is no page of messages")
        return Batch((), lambda known: (), (), page.cursor, tuple(kept_message(one) for one in page.items))


def source_of(name: str, adapter: Adapter) -> FromAdapter:
    """How an adapter is read: one that knows no applications, by its messages."""
    able = adapter.capabilities
    alone = "read_messages" in able and "read_applications" not in able
    return FromMailbox(name, adapter) if alone else FromAdapter(name, adapter)


def sync(
    ledger: Ledger, source: Source, clock: Callable[[], datetime], *, anew: bool = False,
    tell: Callable[[Sequence[Problem]], None] = lambda problems: None,
    watch: Callable[[Counts], None] = lambda counts: None, tries: Retrying | None = None,
) -> tuple[Counts, bool]:  # fmt: skip
    """Read a source to its end; what was changed, and whether the end was reached.

    Args:
        tries: how often it is tried, and how long is waited in between, where it may well be read a little later;
            once, without it. Each goes on from the last page that was kept.

    Raises:
        OutboxFault: the store cannot be used now, or somebody else reads this source.
    """
    state = state_of(ledger, source.name)
    since = state.cursor if state.cursor and not anew and source.goes_on(state.cursor) else None
    if since is None:
        state = state._replace(round=state.round + 1, whole=source.whole)
    counts = Counts()
    try:
        for attempt in tries or [nullcontext()]:
            with attempt:
                for batch in source.batches(since):
                    since = batch.cursor
                    state = state._replace(cursor=since, turn=state.turn + 1)
                    counts = counts.plus(keep_page(ledger, state, batch.keys, batch.made, clock(), batch.messages))
                    tell(batch.problems)
                    watch(counts)
    except Unread as error:
        tell([Problem("FR950", f"'{source.name}' cannot be read: {error}", Place(source.name), error.hint)])
        return counts, False
    state = state._replace(turn=state.turn + 1)
    return counts.plus(finish(ledger, state, clock())), True
