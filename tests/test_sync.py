"""Reading into the store: whatever interrupts it, the store is the same; what we wrote ourselves is no reply."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from conftest import Run
from followup_rules.adapter import Adapter, AdapterSettings, Capability, Page
from followup_rules.errors import InvalidInput, Misconfigured, Place, Retriable
from followup_rules.judge.admit import read_application
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.outbox.faults import OutboxFault
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.timelines import Counts, all_told, finish, snapshot, state_of
from followup_rules.syncing.patience import patient
from followup_rules.syncing.reading import FromAdapter, sync
from followup_rules.syncing.stored import stored_applications
from outbox_helping import START, opened, order, plan
from test_deliver_command import AT, LATER, RULES, application

Item = Application | Refusal


def app(number: int, status: str = "active", events: Any = (), **more: Any) -> Item:
    data = {"id": f"app-{number}", "status": status, "candidate": {"id": f"c-{number % 3}"}, "events": list(events)}
    return read_application(data | more, lambda loc, key: Place("there"))


class Fake(Adapter):
    """Serves items three to a page. Its cursor is where to go on; after `breaks` pages it is out of reach."""

    name = "fake"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"read_applications"})

    class Settings(AdapterSettings):
        token: SecretStr = SecretStr("planted-1")

    def __init__(self, items: list[Item]) -> None:
        super().__init__(self.Settings())
        self.items, self.breaks, self.error = items, -1, Exception("planted-1 is not taken")

    def read_changes(self, since: str | None) -> Iterator[Page]:
        start = int(since or 0)
        for number, index in enumerate(range(start, len(self.items), 3)):
            if number == self.breaks:
                raise self.error
            yield Page(tuple(self.items[index : index + 3]), str(min(index + 3, len(self.items))))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = opened(tmp_path / "store.sqlite")
    yield made
    made.close()


def read_in(ledger: Ledger, adapter: Adapter, **more: Any) -> tuple[Counts, bool]:
    return sync(ledger, FromAdapter(adapter.name, adapter), lambda: START, **more)


def stored(ledger: Ledger) -> list[Any]:
    with snapshot(ledger) as connection:
        return [(one.source, one.kept) for page in all_told(connection) for one in page]


def applications(ledger: Ledger) -> dict[str | None, Item]:
    with snapshot(ledger) as connection:
        found = [one.item for one in stored_applications(ledger, connection)()]
    return {one.id if isinstance(one, Application) else one.application: one for one in found}


ITEMS = st.lists(
    st.builds(
        app, st.integers(0, 8), st.sampled_from(["active", "rejected", "no such status"]),
        st.lists(
            st.builds(
                lambda number, kind, day: {"id": f"e{number}", "type": kind, "at": f"2026-09-{day:02}T10:00:00Z"},
                st.integers(0, 3), st.sampled_from(["applied", "note", "opted_out"]), st.integers(1, 9),
            ),
            max_size=2,
        ),
    ),
    max_size=14,
)  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(before=ITEMS, items=ITEMS, breaks=st.lists(st.integers(0, 4), max_size=4), repeats=st.integers(0, 2))
def test_any_interruption_and_repetition_gives_the_same_store(
    before: list[Item], items: list[Item], breaks: list[int], repeats: int, tmp_path_factory: Any
) -> None:
    """Broken off after any pages, as often as it likes, and read again: the same as read at once."""
    folder = tmp_path_factory.mktemp("stores")
    found = []
    for name, broken in (("once", []), ("often", breaks)):
        ledger = opened(folder / f"{name}.sqlite")
        read_in(ledger, Fake(before))
        adapter, anew = Fake(items), True
        for pages in broken:
            adapter.breaks = pages
            turn = state_of(ledger, "fake").turn
            read_in(ledger, adapter, anew=anew)
            anew = anew and state_of(ledger, "fake").turn == turn
        adapter.breaks = -1
        assert read_in(ledger, adapter, anew=anew)[1]
        for _ in range(repeats if broken else 0):
            read_in(ledger, adapter)
            read_in(ledger, adapter, anew=True)
        found.append(stored(ledger))
        ledger.close()
    assert found[0] == found[1]


def test_what_comes_back_is_what_was_read(ledger: Ledger) -> None:
    """Applications and refusals alike, in the order of their ids, whatever stands in them."""
    contact = {"id": "u-1", "name": "Zoë \x00 '", "timezone": "Europe/Berlin"}
    events = [
        {"id": "e2", "type": "decision_promised", "at": "2026-09-02T10:00:00.123456+02:00", "by": "2026-09-09"},
        {"id": "e1", "type": "message", "at": "2026-09-01T10:00:00Z", "from": "employer", "contacts": ["u-1"]},
    ]
    items = [
        app(2, events=events, contacts=[contact], attributes={"x": [None, 1.5, {"y": "ü"}]}, notes=["a"]),
        app(1, status="gone", candidate={"id": "c-1"}),
        Refusal(None, app(1, status="gone").problems, "c-9"),  # type: ignore[union-attr]
    ]
    counts, ended = read_in(ledger, Fake(items))
    assert (counts, ended) == (Counts(new=3, refused=2), True)
    assert applications(ledger) == {"app-2": items[0], "app-1": items[1], None: items[2]}
    assert read_in(ledger, Fake(items), anew=True)[0] == Counts(same=3, refused=2)
    assert read_in(ledger, Fake([*items, app(2)]), anew=True)[0].changed >= 1
    assert applications(ledger)["app-2"] == app(2)


def test_only_what_changed_is_read_and_the_rest_stays(ledger: Ledger) -> None:
    """From the cursor on. A reading from the beginning takes away what is gone, but for opt-outs."""
    out = [{"id": "e1", "type": "opted_out", "at": "2026-09-01T10:00:00Z"}]
    read_in(ledger, Fake([app(1), app(2), app(3, events=out)]))
    assert read_in(ledger, Fake([app(1), app(2), app(3), app(4)])) == (Counts(new=1), True)
    assert sorted(map(str, applications(ledger))) == ["app-1", "app-2", "app-3", "app-4"]
    assert read_in(ledger, Fake([app(2)]), anew=True)[0] == Counts(same=1, gone=2)
    assert sorted(map(str, applications(ledger))) == ["app-2", "app-3"]


def test_two_readers_do_not_go_on_from_one_place(ledger: Ledger) -> None:
    """The second is told so, and nothing of it is kept."""
    read_in(ledger, Fake([app(1)]))
    state = state_of(ledger, "fake")
    finish(ledger, state._replace(turn=state.turn + 1), START)
    with pytest.raises(OutboxFault, match="FR903"):
        finish(ledger, state._replace(turn=state.turn + 1), START)


@pytest.mark.parametrize(
    ("error", "told"),
    [(Retriable("busy", 7), "busy; it asks for a wait of 7 seconds"), (Exception("planted-1"), "***")],
)
def test_a_broken_reading_keeps_its_pages(ledger: Ledger, error: Exception, told: str) -> None:
    """FR950: what was read stays, the rest comes next time, and no secret is told."""
    adapter, said = Fake([app(number) for number in range(5)]), list[str]()
    adapter.breaks, adapter.error = 1, error
    counts, ended = read_in(ledger, adapter, tell=lambda problems: said.extend(map(str, problems)))
    assert (counts, ended, len(said)) == (Counts(new=3), False, 1)
    assert said[0].startswith("fake: FR950 'fake' cannot be read: ")
    assert told in said[0]
    assert "planted" not in said[0]
    adapter.breaks = -1
    assert read_in(ledger, adapter) == (Counts(new=2), True)


class Busy(Fake):
    """Is out of reach the first times that it is asked for a page, in the middle of what it has."""

    def __init__(self, items: list[Item], *errors: Exception) -> None:
        super().__init__(items)
        self.errors, self.asked = list(errors), list[str | None]()

    def read_changes(self, since: str | None) -> Iterator[Page]:
        self.asked.append(since)
        for number, page in enumerate(super().read_changes(since)):
            if number == 1 and self.errors:
                raise self.errors.pop(0)
            yield page


@pytest.mark.parametrize(("errors", "waits"), [([7, 2], [7, 2]), ([None, None], [1, 2]), ([7, None, 2], [7, 2, 2])])
def test_a_busy_source_is_waited_for(ledger: Ledger, errors: list[float | None], waits: list[float]) -> None:
    """As long as it asks, else longer each time; each try goes on from the last page, and the end is the same."""
    adapter = Busy([app(number) for number in range(12)], *(Retriable("busy", one) for one in errors))
    slept, told = list[float](), list[str]()
    tries = patient(60, lambda error, seconds: told.append(str(error)), slept.append)
    assert read_in(ledger, adapter, tries=tries) == (Counts(new=12), True)
    assert adapter.asked == [None, "3", "6", "9"][: len(errors) + 1]
    assert all(wait <= one <= wait + 1 for one, wait in zip(slept, waits, strict=True))
    assert len(told) == len(errors) and all("busy" in one for one in told)


@pytest.mark.parametrize(
    ("error", "said"),
    [(Retriable("busy", 61), "it asks for a wait of 61 seconds"), (Misconfigured("no key"), "no key")],
)
def test_what_takes_too_long_or_never_ends_is_not_waited_for(ledger: Ledger, error: Exception, said: str) -> None:
    """More than one has patience for, or what waiting does not mend: FR950 at once."""
    adapter, slept, told = Busy([app(number) for number in range(5)], error), list[float](), list[str]()
    counts, ended = read_in(
        ledger, adapter, tries=patient(60, lambda error, seconds: None, slept.append),
        tell=lambda problems: told.extend(map(str, problems)),
    )  # fmt: skip
    assert (counts, ended, slept, adapter.asked) == (Counts(new=3), False, [], [None])
    assert said in told[0]


def test_nothing_was_read_yet(ledger: Ledger) -> None:
    """FR957."""
    with pytest.raises(InvalidInput, match="FR957"):
        applications(ledger)


MESSAGE = {"id": "m1", "type": "message", "at": "2026-09-20T10:00:00Z", "from": "employer"}


def mine(ledger: Ledger, *events: dict[str, Any]) -> list[tuple[str, str, str | None, str | None]]:
    read_in(ledger, Fake([app(1, events=events)]), anew=True)
    found = applications(ledger)["app-1"]
    assert isinstance(found, Application), found
    return [(one.id, one.type, one.from_, one.follow_up) for one in found.events]


def test_our_own_writing_is_a_touch(ledger: Ledger) -> None:
    """By the marker at its end, or by the reference of a receipt; only from the moment that the ledger knows it."""
    one = order(1)
    text = f"<p>{one.title}</p><p>Follow-up</p><p>[followup-rules:{one.id}]</p>"
    assert mine(ledger, MESSAGE | {"body": text}) == [("m1", "message", "employer", None)]
    plan(ledger, one)
    ours = ("m1", "message", "candidate", one.follow_up)
    assert [(a.id, a.from_) for a in applications(ledger)["app-1"].events] == [("m1", "candidate")]  # type: ignore[union-attr]
    note = {"id": "m1", "type": "note", "at": MESSAGE["at"], "body": text}
    assert mine(ledger, note) == [ours]
    assert mine(ledger, MESSAGE) == [("m1", "message", "employer", None)]
    row = ledger.lease("w", START, START, "fake", 1)[0]
    emitted = ledger.emit(row, START, START)
    assert emitted is not None
    ledger.move(emitted, "confirmed", START, "w", reference="m1")
    assert mine(ledger, MESSAGE) == [ours]


@pytest.mark.parametrize(
    "body",
    [
        "Thanks, Tuesday works!\n\n> {title}\n> [followup-rules:{id}]",
        "Thanks, Tuesday works!\n\n-----Original Message-----\n{title}\n[followup-rules:{id}]",
        "{title}\n[followup-rules:{id}]\nand more",
        "{title}\n[followup-rules:somebody-else]",
    ],
)
def test_a_reply_that_quotes_us_is_a_reply(ledger: Ledger, body: str) -> None:
    """A marker that is quoted, or of another application, makes nothing ours."""
    plan(ledger, order(1))
    text = body.format(title=order(1).title, id=order(1).id)
    assert mine(ledger, MESSAGE | {"body": text}) == [("m1", "message", "employer", None)]


def test_one_step_is_one_touch(ledger: Ledger) -> None:
    """A message and a note of the same step count once; the note stays a note."""
    plan(ledger, order(1), order(1, "add_note"))
    events = [
        {"id": f"m{number}", "type": kind, "at": MESSAGE["at"], "body": f"{one.title}\n[followup-rules:{one.id}]"}
        | ({"from": "employer"} if kind == "message" else {})
        for number, (one, kind) in enumerate([(order(1, "add_note"), "note"), (order(1), "message")])
    ]
    assert mine(ledger, *events) == [("m0", "note", None, None), ("m1", "message", "candidate", order(1).follow_up)]


@pytest.mark.real
def test_on_postgresql(postgres: str) -> None:
    """The same there: order, going on, what is gone, two readers."""
    ledger = opened(postgres)
    items = [app(number, candidate={"id": "c"}) for number in (10, 9, 1, 2)] + [app(3, status="?")]
    adapter = Fake(items)
    adapter.breaks = 1
    assert read_in(ledger, adapter) == (Counts(new=3), False)
    adapter.breaks = -1
    assert read_in(ledger, adapter) == (Counts(new=2, refused=1), True)
    assert list(applications(ledger)) == ["app-1", "app-10", "app-2", "app-3", "app-9"]
    assert read_in(ledger, Fake(items[:2]), anew=True)[0] == Counts(same=2, gone=3)
    test_two_readers_do_not_go_on_from_one_place(ledger)
    ledger.close()


# the commands

TABLE = "Id,Status,Contact,Interview\na-1,active,u-1,2026-11-09 15:00\na-2,active,u-1,2026-11-09 15:00\n"
MAPPING = """
schema: followup-mapping/1
name: sheet
timezone: America/New_York
application:
  id: Id
  status: Status
  contacts: [{id: Contact, name: {value: Sam}, timezone: {value: America/New_York}, country: {value: US}}]
events: [{type: interview_completed, at: Interview, contact: Contact, id: {value: e1}}]
"""
CONFIGURATION = """\
schema: followup-configuration/1
adapters:
  folder: {kind: folder, settings: {path: drafts}}
routes:
  - {do: draft_message, to: folder}
"""
SYNC = ("sync", "--csv", "table.csv", "--mapping", "mapping.yaml")
PLAN = ("plan", "--store", "followup.sqlite", "--rules", "rules.yaml")


@pytest.fixture
def folder(write: Callable[[str, str | bytes], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("FOLLOWUP_RULES_STORE", raising=False)
    write("rules.yaml", RULES)
    write("templates/ask.j2", "Subject: What comes next?\n\nDear Sam, what comes next?\n")
    write("table.csv", TABLE)
    write("mapping.yaml", MAPPING)
    write("apps.jsonl", "\n".join(application(number) for number in (1, 2)))
    write("followup.yaml", CONFIGURATION)
    return tmp_path


def test_from_the_store_as_from_files(run: Run, folder: Path) -> None:
    """The same applications are decided alike, by `plan` and by `why`, wherever they are read from."""
    assert run(*SYNC, "--at", AT).out == "sheet: 2 new, 0 changed, 0 as before, 0 gone, 0 refused\n"
    stored = run(*PLAN, "--at", AT, "--format", "jsonl")
    assert stored.status == 0
    assert stored.out == run("plan", "apps.jsonl", "--rules", "rules.yaml", "--at", AT, "--format", "jsonl").out
    why = run("why", "a-2", "--store", "followup.sqlite", "--rules", "rules.yaml", "--at", AT)
    assert why.out == run("why", "a-2", "--from", "apps.jsonl", "--rules", "rules.yaml", "--at", AT).out
    lost = run("why", "a-3", "--store", "followup.sqlite", "--rules", "rules.yaml", "--at", AT)
    assert (lost.status, lost.err) == (2, "there is no application 'a-3' in the store; did you mean 'a-2'?\n")


@pytest.mark.parametrize(
    "limit", ["", "  - {id: cap, kind: limit, title: One, at_most: 9, per: recipient, within: 9 days}\n"]
)
def test_a_rejection_that_was_just_read_wins(run: Run, folder: Path, limit: str) -> None:
    """No files: `deliver` decides once more on the store, one candidate at a time or all together."""
    (folder / "rules.yaml").write_text(RULES + limit)
    (folder / "mapping.yaml").write_text(MAPPING.replace("  status:", "  candidate: {id: Id}\n  status:"))
    run(*SYNC, "--at", AT)
    assert run(*PLAN, "--at", AT, "--save").status == 0
    (folder / "table.csv").write_text(TABLE.replace("a-2,active", "a-2,rejected"))
    assert run(*SYNC, "--at", LATER).out.startswith("sheet: 0 new, 1 changed, 1 as before")
    ran = run("deliver", "--rules", "rules.yaml", "--at", LATER)
    assert ran.status == 0, ran.err
    assert ran.lines[-1] == "1 done, 1 canceled; 0 left, 0 unknown"
    assert len(list((folder / "drafts").iterdir())) == 1


def test_a_refused_sibling_is_held(run: Run, folder: Path) -> None:
    """A row that cannot be read may be an opt-out: its candidate's other applications are held."""
    (folder / "mapping.yaml").write_text(
        MAPPING.replace("  status: Status", "  status: Status\n  candidate: {id: Who}")
    )
    rows = [f"{line},{'Who' if index == 0 else 'c1'}" for index, line in enumerate(TABLE.splitlines())]
    (folder / "table.csv").write_text("\n".join([*rows, "a-3,active,u-1,soon,c1"]))
    ran = run(*SYNC, "--at", AT)
    assert (ran.status, ran.err.startswith("table.csv:4: FR955 ")) == (1, True)
    planned = run(*PLAN, "--at", AT, "--format", "jsonl")
    assert [json.loads(line)["reason"] for line in planned.lines] == ["refused_sibling"] * 2
    assert "table.csv:4: FR955" in planned.err


def test_an_adapter_that_cannot_be_read(run: Run, folder: Path) -> None:
    """FR950, exit status 1; where the configuration does not have it, it is FR908 and 2, and an empty store FR957."""
    ran = run("sync", "--adapter", "folder", "--at", AT)
    assert ran.status == 1
    assert (
        "folder: FR950 'folder' cannot be read: the adapter 'folder' has no capability 'read_applications'" in ran.err
    )
    assert ran.out.endswith("; not read to the end\n")
    ran = run("sync", "--adapter", "other", "--at", AT)
    assert (ran.status, "FR908 the configuration has no adapter 'other'" in ran.err) == (2, True)
    for words in (PLAN, ("deliver", "--rules", "rules.yaml")):
        ran = run(*words, "--at", AT)
        assert (ran.status, "FR957" in ran.err) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        ("sync",), ("sync", "--mapping", "mapping.yaml"), ("sync", "--csv", "table.csv"),
        (*SYNC, "--adapter", "folder"),
        ("plan",), ("plan", "apps.jsonl", "--store", "followup.sqlite"), ("why", "a-1"),
    ],
)  # fmt: skip
def test_usage(run: Run, folder: Path, words: tuple[str, ...]) -> None:
    """What does not go together is said, and nothing is made."""
    assert run(*words).status == 2
    assert not (folder / "followup.sqlite").exists()
