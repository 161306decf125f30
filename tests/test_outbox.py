"""The ledger: identity, saving, migrations, and what a person decides."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup_rules.adapter import Order
from followup_rules.errors import InvalidInput
from followup_rules.model.application import Candidate, Contact, Job
from followup_rules.model.decision import Draft
from followup_rules.outbox.address import address
from followup_rules.outbox.by_hand import decide_by_hand, the_action
from followup_rules.outbox.faults import OutboxFault
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.migrations import KNOWN, migrate
from followup_rules.outbox.orders import as_text, from_text
from followup_rules.outbox.saving import Saved, Wanted, save
from followup_rules.timing.zones import find_zone
from outbox_helping import START, Scene, opened, order, plan

HOUR = timedelta(hours=1)
TEXTS = st.text(st.characters(), max_size=30)
IDS = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=30)
ZONES = st.sampled_from([timezone.utc, timezone(-4 * HOUR), find_zone("Europe/Berlin"), find_zone("America/New_York")])
# As decisions have them: an instant, seen from a zone. A clock never shows the hour that it skips.
MOMENTS = st.none() | st.builds(
    lambda instant, zone: instant.astimezone(zone),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(timezone.utc)),
    ZONES,
)
PEOPLE: dict[str, Any] = {"name": st.none() | TEXTS, "email": st.none() | TEXTS, "timezone": st.none() | TEXTS}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = opened(tmp_path / "outbox.sqlite")
    yield made
    made.close()


@given(
    st.builds(
        Order, id=IDS, do=st.sampled_from(["create_task", "add_note"]), application=IDS, follow_up=IDS, rule=IDS,
        title=TEXTS, direction=st.just("candidate_to_employer"), step=st.integers(1, 9), occasion=IDS,
        contact=st.none() | IDS, at=MOMENTS, due_at=MOMENTS, expires_at=MOMENTS,
        draft=st.none() | st.builds(Draft, TEXTS, TEXTS, st.none() | TEXTS),
        candidate=st.builds(Candidate, id=st.none() | IDS, **PEOPLE), job=st.builds(Job, title=st.none() | TEXTS),
        person=st.none() | st.builds(Contact, id=IDS, role=st.none() | TEXTS, **PEOPLE),
    )
)  # fmt: skip
def test_an_order_comes_back_as_it_was(one: Order) -> None:
    """Whatever stands in an order is written down in ASCII and read again, with the zones of its moments."""
    text = as_text(one)
    assert text.isascii()
    back = from_text(text)
    assert back == one
    assert [getattr(moment, "tzinfo", None) is None for moment in (back.at, back.due_at)] == [
        getattr(moment, "tzinfo", None) is None for moment in (one.at, one.due_at)
    ]
    if one.at is not None and back.at is not None:
        assert back.at.isoformat() == one.at.isoformat()
        assert getattr(back.at.tzinfo, "key", None) == getattr(one.at.tzinfo, "key", None)


def test_the_same_plan_twice_changes_nothing(ledger: Ledger) -> None:
    """An id has one row, whatever is saved how often."""
    assert plan(ledger, order(1), order(2)) == Saved(new=2)
    before = ledger.rows()
    assert plan(ledger, order(1), order(2)) == Saved(known=2)
    assert plan(ledger, order(1), order(2), at=START + HOUR) == Saved(known=2)
    assert ledger.rows() == before
    assert len(ledger.history(order(1).id)) == 1


def test_a_later_plan_cancels_what_it_does_not_want(ledger: Ledger) -> None:
    """A stop that arrives cancels what is planned, with its reason; an older plan cancels nothing."""
    plan(ledger, order(1), order(2))
    reasons = {(order(1).rule, order(1).occasion): "stop: stopped, by core"}
    assert save(ledger, [Wanted("app-1")], START - HOUR, START) == Saved()
    assert save(ledger, [Wanted("app-1", (), reasons)], START + HOUR, START + HOUR) == Saved(canceled=1)
    row = the_action(ledger, order(1).id)
    assert (row.state, row.error) == ("canceled", "stop: stopped, by core")
    assert the_action(ledger, order(2).id).state == "planned"


def test_what_a_plan_has_canceled_a_later_plan_takes_up(ledger: Ledger) -> None:
    """But not an older one, and not what a person has canceled."""
    plan(ledger, order(1), order(2))
    save(ledger, [Wanted("app-1")], START + HOUR, START + HOUR)
    decide_by_hand(ledger, "cancel", order(2).id, "he called", "ada", START + HOUR)
    assert plan(ledger, order(1), order(2), at=START, now=START + HOUR) == Saved(known=2)
    assert plan(ledger, order(1), order(2), at=START + 2 * HOUR) == Saved(again=1, known=1)
    assert [row.state for row in ledger.rows()] == ["planned", "canceled"]


def test_a_later_plan_can_change_the_adapter(ledger: Ledger) -> None:
    """What has not begun goes where the newest plan sends it; what is done stays where it is."""
    plan(ledger, order(1), order(2))
    scene = Scene(ledger)
    scene.worker._carry_out(ledger.lease("worker", START, START + HOUR, "fake", 1)[0])
    assert plan(ledger, order(1), order(2), adapter="other", at=START + HOUR) == Saved(changed=1, known=1)
    assert [row.adapter for row in ledger.rows()] == ["fake", "other"]


def test_what_is_confirmed_is_never_planned_again(ledger: Ledger) -> None:
    """Not by a plan and not by a person."""
    plan(ledger, order(1))
    Scene(ledger).steps()
    assert plan(ledger, order(1), at=START + HOUR) == Saved(known=1)
    for deed in ("cancel", "retry", "confirm"):
        with pytest.raises(OutboxFault, match="FR907"):
            decide_by_hand(ledger, deed, order(1).id, "why not", "ada", START + HOUR)
    assert the_action(ledger, order(1).id).state == "confirmed"


@pytest.mark.parametrize(("deed", "state"), [("retry", "planned"), ("confirm", "confirmed"), ("cancel", "canceled")])
def test_a_person_decides_what_is_unknown(ledger: Ledger, deed: str, state: str) -> None:
    """And the reason stays in the history, with who it was."""
    plan(ledger, order(1))
    row = ledger.lease("w", START, START + HOUR, "fake", 1)[0]
    emitted = ledger.emit(row, START, START + HOUR)
    assert emitted is not None
    assert ledger.move(emitted, "unknown", START, "w", "cannot look")
    decide_by_hand(ledger, deed, order(1).id[:8], "I looked", "ada", START)
    last = ledger.history(order(1).id)[-1]
    assert (last.was, last.became, last.by, last.why) == ("unknown", state, "ada", "I looked")


def test_the_history_is_only_added_to(tmp_path: Path) -> None:
    """The database itself refuses to change or delete a line."""
    ledger = opened(tmp_path / "o.sqlite")
    plan(ledger, order(1))
    ledger.close()
    with sqlite3.connect(tmp_path / "o.sqlite") as raw:
        for words in ("update followup_history set why = 'else'", "delete from followup_history"):
            with pytest.raises(sqlite3.DatabaseError, match="only added to"):
                raw.execute(words)


def test_an_action_has_one_holder(ledger: Ledger) -> None:
    """Who has lost a lease cannot emit, and two workers never get the same action."""
    plan(ledger, order(1), order(2))
    first = ledger.lease("one", START, START + HOUR, "fake", 1)[0]
    second = ledger.lease("two", START, START + HOUR, "fake", 5)
    assert [row.id for row in second] == [order(2).id]
    ledger.reclaim(START + HOUR)
    taken = ledger.lease("two", START + HOUR, START + 2 * HOUR, "fake", 5)
    assert {row.id for row in taken} == {order(1).id, order(2).id}
    assert ledger.emit(first, START + HOUR, START + 2 * HOUR) is None


def test_old_ledgers_are_brought_forward(tmp_path: Path) -> None:
    """From every version that there was to today's, with all that is in it."""
    for version in range(1, KNOWN):
        file = tmp_path / f"{version}.sqlite"
        ledger = opened(file)
        ledger.close()
        file.unlink()
        make_old(file, version)
        ledger = opened(file)
        plan(ledger, order(1))
        assert the_action(ledger, order(1).id).state == "planned"
        ledger.close()
        with sqlite3.connect(file) as raw:
            assert raw.execute("select version from followup_version").fetchall() == [(KNOWN,)]


def make_old(file: Path, version: int) -> None:
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        migrate(connection, version)
    engine.dispose()


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        ("here.sqlite", "here.sqlite"),
        ("sqlite:///here.sqlite", "here.sqlite"),
        ("postgresql://ada:planted@host/db", "postgresql://ada:***@host/db"),
        ("postgres://host/db?password=planted", "postgresql://host/db?password=***"),
    ],
)
def test_a_password_is_never_shown(given_: str, shown: str) -> None:
    """Neither in the name of an outbox nor in what Python prints of it."""
    found = address(given_)
    assert found.shown.replace("%2A", "*") == shown
    assert "planted" not in repr(found)


@pytest.mark.parametrize("given_", ["mysql://host/db", "postgresql://ho st:x/db"])
def test_what_is_no_address_is_told(given_: str) -> None:
    """FR901, without the address itself, which may hold a password."""
    with pytest.raises(InvalidInput, match="FR901"):
        address(given_)
