"""What hosts share: records become applications, decisions become rows, done rows become touches, once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Json
from followup_rules.embedding import load_rules
from followup_rules.errors import InvalidInput
from followup_rules.hosting import Desk, FollowUp, Look, State, read_form, settle, takes_a_word, touch, version_of
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.model.words import EVENT_TYPES, STATUSES
from followup_rules.policy import Policy

START = datetime(2026, 11, 9, 20, 0, tzinfo=timezone.utc)  # Monday 15:00 in New York
DAY = timedelta(days=1)

FORM: Json = {
    "id": "pk",
    "status": {"path": "state", "values": {"open": "active", "lost": "rejected"}},
    "stage": "stage.name",
    "timezone": "UTC",
    "candidate": {"id": "person.pk", "name": "person.name", "timezone": {"path": "person.zone", "otherwise": "UTC"}},
    "job": {"title": "job.title", "timezone": {"value": "America/New_York"}, "country": {"value": "US"}},
    "contacts": [{"each": "interviews", "id": "who.pk", "name": "who.name"}],
    "attributes": {"referral": "referral", "score": "score"},
    "notes": "notes",
    "events": [
        {"type": "applied", "at": "created"},
        {"type": "interview_scheduled", "each": "interviews", "at": "booked"},
        {"type": "interview_completed", "each": "interviews", "at": "ended", "contact": "who.pk", "interview": "id",
         "when": {"done": True}},
        {"type": "message", "each": "mails", "at": "sent", "follow_up": "label",
         "from": {"path": "incoming", "values": {True: "employer", False: "candidate"}}},
    ],
}  # fmt: skip


def record(**more: Any) -> SimpleNamespace:
    """A record of a host with an object for each relation."""
    sam = SimpleNamespace(pk=3, name="Sam")
    one = SimpleNamespace(id=7, booked=datetime(2026, 11, 2, 9), ended=START, who=sam, done=True)
    two = SimpleNamespace(id=8, booked=None, ended=START + 30 * DAY, who=sam, done=False)
    base = {
        "pk": 104, "state": "open", "stage": SimpleNamespace(name="onsite"), "created": "2026-11-01 10:00:00",
        "person": SimpleNamespace(pk=5, name="Ada", zone=""), "job": SimpleNamespace(title="Engineer"),
        "referral": False, "score": None, "notes": "one\n\ntwo", "interviews": [one, two],
        "mails": [SimpleNamespace(id=1, sent=datetime(2026, 11, 3, 9), incoming=True, label=None)],
    }  # fmt: skip
    return SimpleNamespace(**{**base, **more})


@pytest.fixture
def policy(policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json) -> Policy:
    """A thank-you in two steps, in working hours."""
    steps = [{"opens": "2 hours", "due": "1 day", "expires": "3 days"}, {"opens": "1 day", "expires": "10 days"}]
    thanks = {key: value for key, value in follow_up(steps=steps).items() if key != "expires"}
    hours = {"id": "hours", "kind": "send_window", "title": "Hours", "open": "Mon-Fri 09:00-17:30"}
    return policy_of([thanks, stops, hours])


@pytest.fixture
def desk(policy: Policy) -> Desk:
    return Desk(policy, read_form(FORM))


def problem(desk: Desk, **more: Any) -> str:
    read = desk.read(record(**more))
    assert isinstance(read, Refusal), read
    return str(read.problems[0])


def test_a_record_becomes_an_application(desk: Desk) -> None:
    """Relations, lists, words, constants, naive times and empty fields come out as the form says."""
    read = desk.read(record())
    assert isinstance(read, Application)
    assert (read.id, read.status, read.stage, read.notes) == ("104", "active", "onsite", ("one", "two"))
    assert (read.candidate.id, read.candidate.timezone, read.job.country) == ("5", "UTC", "US")
    assert read.attributes == {"referral": False}
    assert [contact.id for contact in read.contacts] == ["3"]
    assert [(event.id, event.type) for event in read.events] == [
        ("applied", "applied"), ("interview_scheduled-7", "interview_scheduled"), ("message-1", "message"),
        ("interview_completed-7", "interview_completed"),
    ]  # fmt: skip
    assert read.events[-1].interview == "interview_scheduled-7"
    assert read.events[2].from_ == "employer"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2026-11-01 10:00:00", "2026-11-01T10:00:00+00:00"),
        ("2026-11-01T10:00:00Z", "2026-11-01T10:00:00+00:00"),
        ("2026-11-01T10:00:00.123456789-05:00", "2026-11-01T15:00:00.123456+00:00"),
        (datetime(2026, 11, 1, 10), "2026-11-01T10:00:00+00:00"),
        (datetime(2026, 11, 1, 10, tzinfo=timezone(timedelta(hours=2))), "2026-11-01T08:00:00+00:00"),
    ],
)
def test_times_as_databases_write_them(desk: Desk, given: object, meant: str) -> None:
    """With a zone or in that of the form; as a text or as a moment."""
    read = desk.read(record(created=given))
    assert isinstance(read, Application), read
    assert next(event for event in read.events if event.type == "applied").at.isoformat() == meant


def test_an_interview_that_is_not_told_is_not_named(desk: Desk) -> None:
    """A completed interview whose planning nobody wrote down stands for itself."""
    one = SimpleNamespace(id=9, booked=None, ended=START, who=SimpleNamespace(pk=3, name="Sam"), done=True)
    read = desk.read(record(interviews=[one]))
    assert isinstance(read, Application)
    assert read.events[-1].interview is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"state": "odd"}, "record 104: FR994 'odd' at 'state' is not in 'values'; known: open, lost"),
        ({"created": "yesterday, at noon"}, "record 104: FR994 'yesterday, at noon' is no RFC 3339 time"),
        ({"person": SimpleNamespace(pk=5, nam="Ada")}, "FR993 there is no 'name' for the path 'person.name'"),
        ({"interviews": 3}, "FR994 the path 'interviews' does not lead to a list"),
        ({"state": ""}, "FR202 'status' is missing"),
    ],
)
def test_what_cannot_be_used_refuses_the_record(desk: Desk, more: Json, said: str) -> None:
    """The record is named, with the field and what is wrong; nothing is guessed."""
    assert said in problem(desk, **more)


def test_a_misspelt_field_is_mended(desk: Desk) -> None:
    """What was probably meant is said."""
    assert "did you mean 'nam'?" in problem(desk, person=SimpleNamespace(pk=5, nam="Ada"))


def test_days_need_a_time_of_day(policy: Policy) -> None:
    """A day alone is no moment, unless the form says which."""
    form = {**FORM, "timezone": "Europe/Berlin"}
    day = datetime(2026, 11, 1).date()
    assert "FR994 '2026-11-01' at 'created' is a day without a time" in problem(
        Desk(policy, read_form(form)), created=day
    )
    read = Desk(policy, read_form({**form, "time_of_day": "12:00"})).read(record(created=day))
    assert isinstance(read, Application)
    assert read.events[0].at == datetime(2026, 11, 1, 11, tzinfo=timezone.utc)
    form.pop("timezone")
    assert "has no time zone; give 'timezone' in the form" in problem(Desk(policy, read_form(form)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"candidate": {"nmae": "x"}}, "settings.candidate.nmae: FR991 unknown key 'nmae' in a host's form; did you"),
        ({"timezone": "Berlin"}, "settings.timezone: FR992"),
        ({"time_of_day": "noon"}, "settings.time_of_day: FR992"),
        ({"stage": {"path": "a", "value": "b"}}, "settings.stage: FR992"),
        ({"events": [{"type": "message"}]}, "settings.events.0: FR990 'at' is missing in a host's form"),
        ({"events": [{"type": "mesage", "at": "x"}]}, "settings.events.0.type: FR992 'mesage' is not allowed"),
    ],
)
def test_a_faulty_form_is_told(change: Json, said: str) -> None:
    """Each fault of a form has its path, its code and its mend."""
    with pytest.raises(InvalidInput) as raised:
        read_form({**FORM, **change}, "settings")
    assert said in str(raised.value)


class Table:
    """The table of a host, with a unique key and the states that people and decisions give."""

    def __init__(self) -> None:
        self.rows: dict[str, FollowUp] = {}
        self.states: dict[str, State] = {}
        self.touches: dict[str, Any] = {}

    def write(self, look: Look) -> None:
        changes = settle(self.states, look.rows)
        for row in (*changes.add, *changes.refresh):
            self.rows[row.key], self.states[row.key] = row, row.state
        for key in changes.end:
            self.states[key] = "ended"

    def say(self, key: str, word: State, now: datetime) -> None:
        row = self.rows[key]
        if takes_a_word(self.states[key]):
            self.states[key] = word
            if word == "done":
                made = touch(key, row.application, row.follow_up, row.direction, row.contact, now)
                self.touches.setdefault(made.key, made.event)

    def open(self) -> list[FollowUp]:
        return [row for key, row in self.rows.items() if self.states[key] == "open"]

    def look(self, desk: Desk, now: datetime, **more: Any) -> Look:
        look = desk.decide(desk.read(record(**more), self.touches.values()), now)
        self.write(look)
        return look


def test_a_follow_up_is_made_done_and_never_made_again(desk: Desk) -> None:
    """It waits, is due, is done by a person, and then only the next step comes, from the touch on."""
    table, sent = Table(), START + 19 * timedelta(hours=1)  # Tuesday 10:00 in New York
    first = table.look(desk, START)
    assert [(row.decision, row.at) for row in first.rows] == [("wait", START + timedelta(hours=2))]
    assert first.again == START + timedelta(hours=2)
    table.look(desk, sent)
    (row,) = table.open()
    assert (row.decision, row.step, row.sentence) == (
        "send", 1, "thank_you to Sam, step 1: send now, best by Tue 10 Nov 2026 15:00 EST",
    )  # fmt: skip
    assert f"({row.file}:{row.line})" in row.why
    table.say(row.key, "done", sent)
    table.say(row.key, "done", sent + DAY)
    assert list(table.touches) == [row.key]
    table.look(desk, sent + timedelta(minutes=1))
    (second,) = table.open()
    assert (second.step, second.decision, second.at) == (2, "wait", sent + DAY)
    assert table.states[row.key] == "done"


def test_a_timer_looks_again_at_each_change(desk: Desk) -> None:
    """It opens, is overdue, its hours end and begin, it expires, and then never again."""
    now, moments = START, []
    while (again := desk.decide(desk.read(record()), now).again) is not None and len(moments) < 20:
        now = again
        moments.append((now - START).total_seconds() / 3600)
    second = 1 / 3_600_000_000
    assert moments == pytest.approx(
        # Monday 17:00 and 17:30, Tuesday 09:00, 15:00 and 17:30, Wednesday 09:00 and 17:30, Thursday 09:00 and 15:00,
        # then it has expired.
        [2, 2.5, 18, 24 + second, 26.5, 42, 50.5, 66, 72 + second],
        abs=1e-9,
    )


def test_what_is_dismissed_stays_so(desk: Desk) -> None:
    """A person's word is not overruled by deciding again; the row keeps what the person saw."""
    table, now = Table(), START + 19 * timedelta(hours=1)
    table.look(desk, now)
    (row,) = table.open()
    table.say(row.key, "dismissed", now)
    table.look(desk, now + timedelta(hours=1))
    assert table.open() == []
    assert table.rows[row.key] is row
    assert table.touches == {}


def test_a_stop_ends_it_and_what_is_open_again_comes_back(desk: Desk) -> None:
    """A rejection ends the row and says so; when it was a mistake the same row is open again."""
    table, now = Table(), START + 19 * timedelta(hours=1)
    table.look(desk, now)
    table.look(desk, now, state="lost")
    assert (table.open(), [row.reason for row in table.rows.values()]) == ([], ["stopped"])
    table.look(desk, now)
    assert [row.decision for row in table.open()] == ["send"]
    assert len(table.rows) == 1


def test_a_refused_record_has_nothing_open(desk: Desk) -> None:
    """What cannot be read any more is not due any more, and is due again when it is mended."""
    table, now = Table(), START + 19 * timedelta(hours=1)
    table.look(desk, now)
    look = table.look(desk, now, state="odd")
    assert ([one.code for one in look.problems], table.open()) == (["FR994"], [])
    table.look(desk, now)
    assert len(table.open()) == 1


def test_siblings_have_a_say(desk: Desk) -> None:
    """An opt-out of the same candidate stops; a refused record of the same candidate holds."""
    now = START + 19 * timedelta(hours=1)
    mine = desk.read(record())
    event = {"id": "o", "type": "opted_out", "at": START.isoformat()}
    out = Desk(desk.policy).read({"id": "9", "status": "active", "candidate": {"id": "5"}, "events": [event]})
    broken = desk.read(record(pk=9, state="odd"))
    assert [row.reason for row in desk.decide(mine, now, [out]).rows] == ["stopped"]
    assert [row.reason for row in desk.decide(mine, now, [broken]).rows] == ["refused_sibling"]
    assert [one.code for one in desk.decide(mine, now, [mine]).problems] == ["FR206"]


def test_rules_that_count_across_are_asked_in_one_order(
    policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json
) -> None:
    """One message for each candidate: of two records the first by id has it, whichever is asked about."""
    limit = {"id": "one", "kind": "limit", "title": "One", "at_most": 1, "per": "candidate"}
    desk = Desk(policy_of([follow_up(), stops, limit]), read_form(FORM))
    assert desk.needs_all
    first, second = desk.read(record(pk=1)), desk.read(record(pk=2))
    now = START + 3 * timedelta(hours=1)
    assert [row.decision for row in desk.decide(first, now, [second]).rows] == ["send"]
    assert [row.reason for row in desk.decide(second, now, [first]).rows] == ["limit_reached"]
    every = list(desk.decide_all([second, first, desk.read(record(pk=3, state="odd", person=record(pk=6)))], now))
    assert [(look.application, [row.reason for row in look.rows]) for look in every] == [
        ("1", ["in_window"]), ("2", ["limit_reached"]), ("3", [])
    ]  # fmt: skip


def test_the_direction_is_kept(policy: Policy) -> None:
    """Only follow-ups of the asked direction are told."""
    now = START + 19 * timedelta(hours=1)
    desk = Desk(policy, read_form(FORM), direction="employer_to_candidate")
    assert desk.decide(desk.read(record()), now).rows == ()


def test_a_contact_who_is_gone_does_not_refuse(desk: Desk) -> None:
    """A touch to somebody who is not listed any more counts for everybody."""
    made = touch("k", "104", "thank_you", "candidate_to_employer", "99", START + timedelta(hours=3))
    read = desk.read(record(), [made.event])
    assert isinstance(read, Application)
    assert (read.events[-1].id, read.events[-1].contact) == ("done-k", None)


def test_many_threads_may_ask_one_desk() -> None:
    """What a desk answers does not depend on who else asks it at the same time."""
    desk = Desk.open(["default"])
    zones = ("America/New_York", "Asia/Kolkata", "Europe/Berlin")
    items = []
    for number in range(60):
        place = {"timezone": zones[number % 3], "country": "US"}
        at = (START + number * timedelta(hours=1)).isoformat()
        event = {"id": "e", "type": "interview_completed", "at": at}
        person = {"id": f"c{number}", "name": "Ada Park", **place}
        items.append(desk.read({"id": str(number), "status": "active", "candidate": person,
                                "job": {"title": "Engineer", **place}, "events": [event]}))  # fmt: skip
    asked = [(item, START + 4 * DAY + number * timedelta(minutes=7)) for number, item in enumerate(items)]
    alone = [desk.decide(item, now) for item, now in asked]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda one: desk.decide(*one), asked * 3))
    assert together == alone * 3


def test_fingerprints_tell_rules_apart(policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json,
                                       tmp_path: Any) -> None:  # fmt: skip
    """The same rules have the same fingerprint, another number another; a changed file another version."""
    one, same, other = (Desk(policy_of([follow_up(opens=text), stops])) for text in ("1 hour", "1 hour", "2 hours"))
    assert one.fingerprint == same.fingerprint != other.fingerprint
    assert load_rules("default").rules
    assert Desk.open().fingerprint == Desk.open(["default"]).fingerprint != one.fingerprint
    (tmp_path / "rules.yaml").write_text("a")
    before = version_of([str(tmp_path), "default"])
    (tmp_path / "rules.yaml").write_text("ab")
    assert len(before) == 1
    assert version_of([str(tmp_path), "default"]) != before


# Whatever happened, whenever it is decided.

MINUTES = st.integers(0, 60 * 24 * 20)


@st.composite
def applications(draw: st.DrawFn) -> Json:
    """Made-up applications of one candidate in two zones, with events of every type."""
    events: list[Json] = []
    for number in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(["interview_completed", "applied", "message", *EVENT_TYPES]))
        at = START + timedelta(minutes=draw(MINUTES))
        event: Json = {"id": f"e{number}", "type": kind, "at": at.isoformat()}
        if kind == "message":
            event["from"] = draw(st.sampled_from(["candidate", "employer"]))
        if kind == "decision_promised":
            event["by"] = (at + draw(st.integers(0, 9)) * DAY).date().isoformat()
        if kind == "stage_changed":
            event["to"] = "onsite"
        if kind != "interview_canceled":
            events.append(event)
    zones = st.sampled_from(["America/New_York", "Asia/Kolkata", None])
    found = {"timezone": draw(zones), "country": draw(st.sampled_from(["US", "IN", None]))}
    place = {key: one for key, one in found.items() if one is not None}
    status = draw(st.sampled_from(["active", "active", "active", *STATUSES]))
    return {
        "id": "a",
        "status": status,
        "candidate": {"id": "c", **place},
        "job": {"id": "j", **place},
        "events": events,
    }


CLOCKS = [
    {"hours_since.interview_completed": {"at_least": 30}},
    {"hours_since.applied": {"less_than": 50}},
    {"business_days_since.interview_completed": {"at_least": 2}},
    {"not": {"business_days_since.interview_completed": {"more_than": 4}}},
    {"promised_by_passed": True},
    {"happened": {"event": "note", "within": "26 hours"}},
    {"happened": {"event": "reply", "within": "3 business days"}},
    {"not_happened": {"event": "stage_changed", "within": "5 days"}},
    {"not_happened": {"event": "message", "from": "candidate", "within": "10 business hours"}},
]
"""Conditions that come true or false by time alone, one for each way to ask the clock."""


@pytest.fixture(scope="session")
def clocked(policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json) -> list[Desk]:
    """A desk for each such condition: at a follow-up, at a send window, and beside one that names a zone."""
    desks = []
    for when in CLOCKS:
        asked = follow_up(when=when, expires="20 days")
        hours = {"id": "hours", "kind": "send_window", "title": "Hours", "open": "Mon-Fri 09:00-17:30", "when": when,
                 "fallback_timezone": "Europe/Berlin"}  # fmt: skip
        always = {key: one for key, one in hours.items() if key != "when"}
        rules = ([asked, stops], [follow_up(expires="20 days"), stops, hours], [asked, stops, always])
        desks += [Desk(policy_of(list(one))) for one in rules]
    return desks


def a_timeline(zone: str | None, contact: str | None) -> Json:
    """One application to which everything happened that the conditions ask about, within four days."""
    place = {} if zone is None else {"timezone": zone, "country": "US"}
    sam: Json = {"id": "u", **({} if contact is None else {"timezone": contact, "country": "IN"})}
    told: list[tuple[str, Json]] = [
        ("applied", {}),
        ("note", {}),
        ("interview_completed", {"contact": "u"}),
        ("decision_promised", {}),
        ("message", {"from": "employer"}),
        ("stage_changed", {"to": "onsite"}),
        ("message", {"from": "candidate", "follow_up": "none"}),
        ("interview_completed", {"contact": "u"}),
    ]
    events = []
    for number, (kind, more) in enumerate(told):
        at = START + number * timedelta(hours=11, minutes=7)
        if kind == "decision_promised":
            by = at + 5 * DAY
            more = {"by": by.isoformat() if zone == "Asia/Tokyo" else by.date().isoformat()}
        events.append({"id": f"e{number}", "type": kind, "at": at.isoformat(), **more})
    people = {"candidate": {"id": "c", **place}, "job": {"id": "j", **place}, "contacts": [sam]}
    return {"id": "a", "status": "active", **people, "events": events}


@pytest.mark.parametrize("number", range(3 * len(CLOCKS)))
@pytest.mark.parametrize(
    ("zone", "contact"), [("America/New_York", None), (None, None), ("Asia/Tokyo", "Asia/Kolkata")]
)
def test_a_condition_that_reads_the_clock_is_asked_in_time(
    clocked: list[Desk], number: int, zone: str | None, contact: str | None
) -> None:
    """Whatever a condition asks of the clock: each change of a decision in twelve days, looked at every forty minutes,
    was foreseen by the look before it."""
    desk = clocked[number]
    read = desk.read(a_timeline(zone, contact))
    before, seen = desk.decide(read, START), set()
    for turn in range(1, 12 * 36):
        look = desk.decide(read, START + turn * timedelta(minutes=40))
        seen.add(str(_alive(look)))
        if _alive(look) != _alive(before):
            assert before.again is not None
            assert before.again <= look.at, (before.rows, look.rows)
        before = look
    assert len(seen) > 1 or (zone, contact) == (None, None)


def _nothing_changes(desk: Desk, data: Json, now: datetime, part: float) -> None:
    read = desk.read(data)
    look = desk.decide(read, now)
    end = look.again or now + 40 * DAY
    assert end > now
    later = min(now + (end - now) * part, end - timedelta(microseconds=1))
    assert _alive(desk.decide(read, later)) == _alive(look)


PACKS = st.sampled_from(["default", "technology", "government", "retail-hospitality"])
DESKS: dict[str, Desk] = {}


def desk_of(pack: str) -> Desk:
    return DESKS.setdefault(pack, Desk.open([pack]))


@settings(max_examples=100, deadline=None)
@given(applications(), PACKS, MINUTES, st.floats(0, 1))
def test_until_it_looks_again_nothing_changes(data: Json, pack: str, minute: int, part: float) -> None:
    """Before the moment at which a timer must look again, time alone changes no decision and no moment to act."""
    _nothing_changes(desk_of(pack), data, START + timedelta(minutes=minute), part)


def _alive(look: Look) -> list[tuple[object, ...]]:
    """What is not stopped, without the moment of a `send`, which is always now."""
    rows = [row for row in look.rows if row.decision != "stop"]
    return [(row.key, row.decision, row.overdue, row.decision == "wait" and row.at) for row in rows]


@settings(max_examples=100, deadline=None)
@given(applications(), PACKS, st.lists(st.tuples(MINUTES, st.sampled_from(["done", "dismissed", "look"])), max_size=8))
def test_nobody_is_asked_twice_for_one_step(data: Json, pack: str, days: list[tuple[int, State | str]]) -> None:
    """Whatever people do and however often it is decided: what has their word is never open again, writing what is
    decided twice changes nothing, and each step has one touch."""
    desk, table = desk_of(pack), Table()
    worded: dict[str, str] = {}
    for minute, word in sorted(days):
        now = START + timedelta(minutes=minute)
        look = desk.decide(desk.read(data, table.touches.values()), now)
        table.write(look)
        before = (dict(table.states), dict(table.rows))
        table.write(look)
        assert (table.states, table.rows) == before
        for row in table.open():
            assert row.key not in worded
            if word in ("done", "dismissed"):
                table.say(row.key, word, now)  # type: ignore[arg-type]
                worded[row.key] = word
        assert {key: state for key, state in table.states.items() if state in ("done", "dismissed")} == worded
        assert set(table.touches) == {key for key, said in worded.items() if said == "done"}
