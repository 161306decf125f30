"""A policy and a form, compiled once, that are asked about one record at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

from followup_rules.embedding import load_rules
from followup_rules.errors import Place, Problem
from followup_rules.facts import Timeline
from followup_rules.hosting.form import Form
from followup_rules.hosting.prints import fingerprint_of
from followup_rules.hosting.reaching import Reach, reach
from followup_rules.hosting.records import application_of, with_touches
from followup_rules.hosting.rows import FollowUp, row_of
from followup_rules.hosting.waking import Waking
from followup_rules.judge.admit import Register, read_application
from followup_rules.judge.decide import Decider
from followup_rules.judge.portfolio import Portfolio
from followup_rules.model.application import Application
from followup_rules.model.decision import Decision, Refusal
from followup_rules.model.faults import anywhere
from followup_rules.model.times import FIRST_YEAR, UTC, parse_time
from followup_rules.model.words import Direction
from followup_rules.policy import Policy

_LONG_AGO: Final = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)


class Look(NamedTuple):
    """What is decided about one record now; nothing, and the problems, where it is refused.

    `again` is when a timer must look once more: until then time alone changes nothing that is not stopped. None: only
    something that happens does. `fingerprint` is that of the rules; with another one the record is to be decided anew.
    """

    application: str | None
    at: datetime
    fingerprint: str
    rows: tuple[FollowUp, ...] = ()
    again: datetime | None = None
    problems: tuple[Problem, ...] = ()


class Desk:
    """Decides the records of one host. Holds no state but the compiled rules; many threads may ask it.

    Args:
        policy: the rules.
        form: what the host's fields mean; without one it is given applications, or plain data in their form.
        direction: only follow-ups that travel this way are told.
        step: how a field of a host's record is reached.
    """

    def __init__(
        self, policy: Policy, form: Form | None = None, *, direction: Direction | None = None, step: Reach = reach
    ) -> None:
        self.policy: Final = policy
        self.form: Final = form
        self.direction: Final = direction
        self.fingerprint: Final = fingerprint_of(policy)
        self.needs_all: Final = policy.counts_across
        """True where `beside` must hold every other record, and not only those of the same candidate."""
        self._step, self._waking = step, Waking(policy)
        self._decider = Decider(policy, _LONG_AGO, Portfolio())

    @classmethod
    def open(
        cls, rules: Sequence[str] = (), form: Form | None = None, *,
        direction: Direction | None = None, step: Reach = reach,
    ) -> Desk:  # fmt: skip
        """A desk for rule files, folders or packs by name; without any, for the pack `default`.

        Raises:
            InvalidInput: every fault of the rules that was found, each with its place and its mend.
        """
        return cls(load_rules(*rules), form, direction=direction, step=step)

    def read(self, record: Any, touches: Iterable[Mapping[str, Any]] = ()) -> Application | Refusal:
        """The application that a record is, with what people have marked as done."""
        if isinstance(record, Application | Refusal):
            return record
        if self.form is None:
            return read_application(with_touches(record, touches), anywhere)
        return application_of(self.form, record, touches, self._step)

    def decide(self, item: Application | Refusal, now: datetime, beside: Iterable[Application | Refusal] = ()) -> Look:
        """What is to be done about one application now.

        Args:
            item: what `read` gave.
            now: the moment of deciding, with a time zone.
            beside: the other applications of the same candidate, whose opt-outs count here; every other one where
                `needs_all` says so. A refused one of the same candidate holds this one. Names that have no place in a
                draft are looked for among those given.

        Raises:
            PydanticCustomError: FR205, when `now` has no time zone or is out of range.
        """
        for look in self._looks(item, list(beside), now):
            return look
        raise AssertionError  # pragma: no cover  (the item itself is always told)

    def decide_all(self, items: Iterable[Application | Refusal], now: datetime) -> Iterator[Look]:
        """What is to be done about many applications now, each beside all the others; in order of their ids.

        Raises:
            PydanticCustomError: FR205, when `now` has no time zone or is out of range.
        """
        return self._looks(None, list(items), now)

    def _looks(
        self, asked: Application | Refusal | None, items: list[Application | Refusal], now: datetime
    ) -> Iterator[Look]:
        """The look at one of some applications, or at each."""
        now = parse_time(now)
        register = Register(now, self.policy.counts_across, self.policy.asks_for_names)
        everybody = items if asked is None else [asked, *items]
        for one in everybody:
            register.enter(one)
        decider = self._decider.at(now, register.siblings(), {})
        # By id, so that what is sent for one counts for the next whichever of them is asked about.
        for one in sorted(everybody, key=_id_of):
            wanted = asked is None or one is asked
            if isinstance(one, Application):
                refusal = register.refusal(one, partial(Place, f"record {one.id}"))
                if refusal is None and (wanted or self.policy.counts_across):
                    timeline = Timeline(one, now)
                    decisions = list(decider.decide(timeline))
                    if wanted:
                        yield self._look(timeline, decisions)
            else:
                refusal = one
            if refusal is not None and wanted:
                yield Look(refusal.application, now, self.fingerprint, problems=refusal.problems)

    def _look(self, timeline: Timeline, decisions: Iterable[Decision]) -> Look:
        item, now = timeline.application, timeline.now
        told = [one for one in decisions if self.direction in (None, one.direction)]
        again = self._waking.again(timeline, told)
        return Look(item.id, now, self.fingerprint, tuple(row_of(one, item) for one in told), again)


def _id_of(item: Application | Refusal) -> str:
    return item.id if isinstance(item, Application) else item.application or ""
