"""Messages of mailboxes belong to applications: by what they answer, else by who wrote them; and no text is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup_rules.adapter import Adapter, AdapterSettings, Capability, Mail, Message, Order
from followup_rules.model.application import Application
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.messages import all_messages
from followup_rules.outbox.timelines import Counts, snapshot
from followup_rules.syncing.reading import FromAdapter, source_of, sync
from outbox_helping import START, opened, order, plan
from test_sync import Fake, applications, read_in

AT = datetime(2026, 9, 20, 10, 0, tzinfo=timezone.utc)
ADA, SAM, KIM = "ada@example.com", "sam@example.com", "kim@example.com"


class Mailbox(Adapter):
    """Serves messages two to a page; its cursor is where to go on."""

    name = "mail"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"read_messages"})

    def __init__(self, messages: list[Message]) -> None:
        super().__init__(AdapterSettings())
        self.messages = messages

    def read_messages(self, since: str | None) -> Iterator[Mail]:
        for start in range(int(since or 0), len(self.messages), 2):
            yield Mail(tuple(self.messages[start : start + 2]), str(min(start + 2, len(self.messages))))


def message(number: int = 1, sender: str = SAM, to: str = ADA, **more: Any) -> Message:
    words: dict[str, Any] = {"outgoing": sender == ADA, "owner": (ADA,)} | more
    return Message(f"<m{number}@x>", AT + timedelta(hours=number), sender, (to,), **words)


def mine(one: Order) -> str:
    return f"<{one.id}@followup-rules.example.com>"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = opened(tmp_path / "store.sqlite")
    yield made
    made.close()


def app(number: int, candidate: str | None = SAM, contact: str | None = None) -> Application:
    data: dict[str, Any] = {"id": f"app-{number}", "status": "active"}
    data["candidate"] = {"email": candidate} if candidate else {}
    data["contacts"] = [{"id": "u-3", "email": contact}] if contact else []
    return Application.model_validate(data)


def told(ledger: Ledger, apps: list[Application], *messages: Message) -> dict[str | None, list[Any]]:
    """Event type, side, contact and follow-up of each event, by application."""
    read_in(ledger, Fake([*apps]), anew=True)
    sync(ledger, source_of("mail", Mailbox([*messages])), lambda: START, anew=True)
    return {
        key: [(one.type, one.from_, one.contact, one.follow_up, one.auto_reply) for one in item.events]
        for key, item in applications(ledger).items()
        if isinstance(item, Application)
    }


REPLY = ("message", "candidate", None, None, False)


def test_a_message_belongs_to_whoever_has_the_address(ledger: Ledger) -> None:
    """However the address is written; to all applications of that person, and to nobody else's."""
    found = told(ledger, [app(1), app(2), app(3, KIM)], message(sender="SAM@Example.COM"))
    assert found == {"app-1": [REPLY], "app-2": [REPLY], "app-3": []}


def test_what_answers_one_application_does_not_stop_another(ledger: Ledger) -> None:
    """The thread tells more than the address; also where the answer comes from another one."""
    plan(ledger, order(1))
    found = told(
        ledger,
        [app(1), app(2)],
        message(1, answers=(mine(order(1)),)),
        message(2, "x@home.org", answers=(mine(order(1)),)),
    )
    assert found["app-2"] == []
    # The order is one of the candidate: who answers it is the employer, unless it is the candidate's own address.
    assert found["app-1"] == [REPLY, ("message", "employer", None, None, False)]


def test_a_thread_that_the_outbox_does_not_know_says_nothing(ledger: Ledger) -> None:
    """Then the address counts."""
    assert told(ledger, [app(1)], message(answers=("<0123abcd@followup-rules.example.com>",)))["app-1"] == [REPLY]


def test_who_owns_the_mailbox_says_which_side_writes(ledger: Ledger) -> None:
    """A candidate's own mailbox has answers of contacts; an employer's has those of colleagues, which are none."""
    own = [app(1, ADA, SAM), app(2, None, SAM), app(3, KIM, SAM)]
    employer = ("message", "employer", "u-3", None, False)
    assert told(ledger, own, message()) == {"app-1": [employer], "app-2": [employer], "app-3": []}


def test_what_the_owner_writes_is_a_touch(ledger: Ledger) -> None:
    """Written by hand, to a candidate or to a contact."""
    found = told(ledger, [app(1), app(2, ADA, SAM), app(3, KIM)], message(sender=ADA, to=SAM))
    assert found == {
        "app-1": [("message", "employer", None, None, False)],
        "app-2": [("message", "candidate", "u-3", None, False)],
        "app-3": [],
    }


def test_our_own_draft_that_was_sent_is_the_step(ledger: Ledger) -> None:
    """With the follow-up of its action, in its application alone, before and after the outbox knows the answer."""
    plan(ledger, order(1, "draft_message"))
    sent = message(sender=ADA, to=SAM)._replace(id=mine(order(1, "draft_message")))
    apps = [app(1, ADA, SAM), app(2, ADA, SAM)]
    follow_up = order(1).follow_up
    expected = {"app-1": [("message", "candidate", "u-3", follow_up, False)], "app-2": []}
    assert told(ledger, apps, sent) == expected
    forged = sent._replace(sender=SAM, outgoing=False, at=AT + timedelta(hours=9))
    assert told(ledger, apps, sent, forged)["app-1"] == [
        ("message", "candidate", "u-3", follow_up, False), ("message", "employer", "u-3", None, False),
    ], "somebody else's message with our id is not ours"  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "alone", "threaded"),
    [
        ("auto_reply", [("message", "candidate", None, None, True)], [("message", "candidate", None, None, True)]),
        ("list", [], [REPLY]),
        ("bounce", [], [("note", None, None, None, False)]),
    ],
)
def test_what_is_no_answer(ledger: Ledger, kind: Any, alone: list[Any], threaded: list[Any]) -> None:
    """An absence is an auto-reply, a list says nothing, a bounce is a note where it is about our own message."""
    plan(ledger, order(1))
    assert told(ledger, [app(1)], message(1, kind=kind))["app-1"] == alone
    assert told(ledger, [app(1)], message(1, kind=kind, answers=(mine(order(1)),)))["app-1"] == threaded


def test_an_application_that_comes_later_finds_its_messages(ledger: Ledger) -> None:
    """The mailbox may be read first, and by two adapters."""
    for name in ("mail", "other"):
        sync(ledger, source_of(name, Mailbox([message()])), lambda: START)
    read_in(ledger, Fake([app(1)]))
    assert [one.from_ for one in applications(ledger)["app-1"].events] == ["candidate"]  # type: ignore[union-attr]


def test_no_address_and_no_id_is_kept(ledger: Ledger, tmp_path: Path) -> None:
    """Whoever writes to a mailbox and has nothing to do with us leaves fingerprints, and nothing that can be read."""
    plan(ledger, order(1))
    sync(
        ledger,
        source_of("mail", Mailbox([message(sender="secret@private.org", answers=("<t@private.org>",))])),
        lambda: START,
    )
    with snapshot(ledger) as connection:
        ((_, kept),) = all_messages(connection)
    assert "private" not in repr(kept) and "example" not in repr(kept)
    ledger.close()
    assert b"private.org" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_counts_and_repetitions(ledger: Ledger) -> None:
    """The same message twice is one; a reading from the beginning takes nothing away."""
    box = Mailbox([message(number) for number in (1, 2, 3)])
    assert sync(ledger, source_of("mail", box), lambda: START) == (Counts(new=3), True)
    assert sync(ledger, source_of("mail", box), lambda: START, anew=True) == (Counts(same=3), True)
    box.messages = [message(1, kind="list")]
    assert sync(ledger, source_of("mail", box), lambda: START, anew=True) == (Counts(changed=1), True)
    with snapshot(ledger) as connection:
        assert len(all_messages(connection)) == 3


def test_who_brings_applications_is_read_by_them() -> None:
    """Its messages stand in their events."""
    assert type(source_of("fake", Fake([]))) is FromAdapter


PEOPLE = st.sampled_from([ADA, SAM, KIM, "x@y.org"])
LETTERS = st.lists(
    st.builds(
        lambda number, sender, to, kind, answers: message(number, sender, to, kind=kind, answers=tuple(answers)),
        st.integers(1, 4), PEOPLE, PEOPLE, st.sampled_from(["message", "auto_reply", "bounce", "list"]),
        st.lists(st.sampled_from([mine(order(1)), mine(order(2)), "<o@x>"]), max_size=2),
    ),
    max_size=6, unique_by=lambda one: one.id,
)  # fmt: skip


@settings(deadline=None, max_examples=30)
@given(letters=LETTERS, owners=st.permutations([1, 2, 3]), cut=st.integers(0, 6))
def test_any_order_makes_the_same_timelines(
    letters: list[Message], owners: list[int], cut: int, tmp_path_factory: Any
) -> None:
    """Read before the applications or after, at once or in parts, backwards or forwards."""
    folder = tmp_path_factory.mktemp("letters")
    apps = [app(1), app(2, ADA, SAM), app(3, KIM, SAM)]
    found = []
    for name, given_letters, first in (("a", letters, True), ("b", letters[::-1], False)):
        ledger = opened(folder / f"{name}.sqlite")
        plan(ledger, order(1), order(2))
        if first:
            read_in(ledger, Fake([*apps]))
        for part in [given_letters] if first else [given_letters[:cut], given_letters[cut:] + given_letters[:1]]:
            sync(ledger, source_of("mail", Mailbox(part)), lambda: START, anew=True)
        if not first:
            read_in(ledger, Fake([apps[number - 1] for number in owners]))
        found.append({key: json.loads(one.model_dump_json()) for key, one in applications(ledger).items()})  # type: ignore[union-attr]
        ledger.close()
    assert found[0] == found[1]


@pytest.mark.real
def test_on_postgresql(postgres: str) -> None:
    """The same there, in a database of its own: others read into theirs."""
    import psycopg

    with psycopg.connect(postgres, autocommit=True) as raw:
        raw.execute("create database letters")
    ledger = opened(postgres.rpartition("/")[0] + "/letters")
    plan(ledger, order(1))
    found = told(ledger, [app(1), app(2), app(3, KIM)], message(1), message(2, answers=(mine(order(1)),)))
    assert found == {"app-1": [REPLY, REPLY], "app-2": [REPLY], "app-3": []}
    ledger.close()
