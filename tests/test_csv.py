"""Tables by a mapping: each row is read alone, and what it cannot say is told with its line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT, Run
from followup_rules.errors import InvalidInput
from followup_rules.model.application import Application
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.timelines import Counts, state_of
from followup_rules.syncing import table as tables
from followup_rules.syncing.mapping import read_mapping
from followup_rules.syncing.reading import sync
from followup_rules.syncing.table import FromTable
from outbox_helping import START, opened
from test_sync import applications, ledger, stored

__all__ = ["ledger"]

Put = Callable[[str, "str | bytes"], str]
MAPPING = """
schema: followup-mapping/1
name: sheet
timezone: Europe/Berlin
times: ["%d.%m.%Y %H:%M", "%d.%m.%Y"]
application:
  id: Id
  status: {column: Status, values: {open: active, no: rejected}}
  candidate: {id: Who, name: Name}
  contacts: [{id: Contact}]
events:
  - {type: applied, at: Applied}
  - {type: interview_completed, at: Interview, contact: Contact, id: No}
  - {type: opted_out, at: Out, when: {Status: [no]}}
"""
HEAD = "Id,Status,Who,Name,Contact,Applied,Interview,No,Out\n"


def of(put: Put, rows: str | bytes, mapping: str = MAPPING) -> FromTable:
    body = rows if isinstance(rows, bytes) else HEAD + rows
    return FromTable(read_mapping(Path(put("map.yaml", mapping)), "map.yaml"), Path(put("t.csv", body)), "t.csv")


def read_in(ledger: Ledger, source: FromTable) -> tuple[Counts, list[str]]:
    said: list[str] = []
    counts, ended = sync(ledger, source, lambda: START, tell=lambda problems: said.extend(map(str, problems)))
    assert ended
    return counts, said


def only(ledger: Ledger, identity: str = "1") -> Any:
    found = applications(ledger)[identity]
    assert isinstance(found, Application), found
    return found


def test_a_row_is_an_application(ledger: Ledger, write: Put) -> None:
    """With its events at moments on the mapping's clock; empty cells say nothing."""
    rows = '1,open,c1,"Zoë, ""Z""",u1,02.11.2026 09:00,2026-11-09T15:00:00-05:00,7,\n2,no,,,,,,,\n'
    assert read_in(ledger, of(write, rows)) == (Counts(new=2), [])
    one = only(ledger)
    assert (one.status, one.candidate.id, one.candidate.name) == ("active", "c1", 'Zoë, "Z"')
    assert [(e.id, e.at.isoformat(), e.contact) for e in one.events] == [
        ("applied:2026-11-02T08:00:00+00:00", "2026-11-02T08:00:00+00:00", None),
        ("7", "2026-11-09T20:00:00+00:00", "u1"),
    ]
    assert (only(ledger, "2").status, only(ledger, "2").events) == ("rejected", ())


def test_rows_of_one_application_come_together(ledger: Ledger, write: Put) -> None:
    """One row for each event works as well; the later word counts, and the same day twice is two events."""
    rows = "1,open,c1,,,02.11.2026 09:00,,,\n1,no,,Zoë,u1,,03.11.2026 09:00,i1,\n1,,,,u2,,03.11.2026 09:00,i2,\n"
    assert read_in(ledger, of(write, rows)) == (Counts(new=1), [])
    one = only(ledger)
    assert (one.status, one.candidate.id, one.candidate.name) == ("rejected", "c1", "Zoë")
    assert [event.type for event in one.events] == ["applied", "interview_completed", "interview_completed"]
    assert [contact.id for contact in one.contacts] == ["u1", "u2"]


def test_a_later_table_adds_or_is_everything(ledger: Ledger, write: Put) -> None:
    """What a later table does not speak of stays; with `whole: true` it is gone."""
    read_in(ledger, of(write, "1,open,c1,,,02.11.2026 09:00,,,\n2,open,,,,,,,\n"))
    again = "1,no,,,u1,,03.11.2026 09:00,i1,\n"
    assert read_in(ledger, of(write, again))[0] == Counts(changed=1)
    assert read_in(ledger, of(write, again))[0] == Counts(same=1)
    assert [event.type for event in only(ledger).events] == ["applied", "interview_completed"]
    counts, _ = read_in(ledger, of(write, again, MAPPING.replace("name: sheet", "name: sheet\nwhole: true")))
    assert counts == Counts(changed=1, gone=1)
    assert [event.type for event in only(ledger).events] == ["interview_completed"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("1,open,c1,,,soon,,,", "t.csv:3: FR955 the row cannot be used: 'soon' is no time that is known"),
        ("1,maybe,c1,,,,,,", "'maybe' in the column 'Status' does not stand in its 'values'"),
        ("1,open,c1,,,02.11.2026,,,", "is a day without a time; the mapping must name 'timezone' and 'time_of_day'"),
        ("1,open,c1,,,02.11.1026 10:00,,,", "is out of range"),
        ("1,open,c1,,", "it has 5 cells, and the heading has 9"),
        (",open,c1,,,,,,", "it does not say which application it is about"),
        ("1\x07,open,c1,,,,,,", "control characters"),
        ("1,,c1,,,,,,", "t.csv:3: FR202 'status' is missing in an application"),
        ("1,open,c1,,,,03.11.2026 09:00,i1,\n1,open,c1,,,,04.11.2026 09:00,i1,", "t.csv:4: FR955"),
    ],
)
def test_a_faulty_row_is_refused_alone(ledger: Ledger, write: Put, row: str, told: str) -> None:
    """With its line; the others are kept, its candidate is held, and a mended table takes the refusal away."""
    counts, said = read_in(ledger, of(write, f"2,open,c1,,,,,,\n{row}\n3,open,c2,,,,,,\n"))
    assert (counts.new, counts.refused, len(said)) == (3, 1, 1)
    assert told in said[0]
    assert {"2", "3"} <= {key for key, one in applications(ledger).items() if isinstance(one, Application)}
    refused = [one for one in applications(ledger).values() if not isinstance(one, Application)]
    assert len(refused) == 1
    assert refused[0].candidate == (None if "5 cells" in told else "c1")
    read_in(ledger, of(write, "1,open,c1,,,,,,\n2,open,c1,,,,,,\n"))
    assert all(isinstance(one, Application) for one in applications(ledger).values())


def test_no_zone_no_moment(ledger: Ledger, write: Put) -> None:
    """A time without an offset needs the mapping's zone; a day needs a time of day as well."""
    row = "1,open,c1,,,02.11.2026 09:00,,,\n"
    _, said = read_in(ledger, of(write, row, MAPPING.replace("timezone: Europe/Berlin\n", "")))
    assert "has no offset, so nobody knows when it was; name 'timezone' in the mapping" in said[0]
    day = MAPPING.replace("timezone:", 'time_of_day: "12:30"\ntimezone:')
    assert read_in(ledger, of(write, "1,open,c1,,,02.11.2026,,,\n", day))[1] == []
    assert only(ledger).events[0].at.isoformat() == "2026-11-02T11:30:00+00:00"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(ledger: Ledger, write: Put, encoding: str) -> None:
    """The mapping names one of three; a byte order mark is no part of the first heading."""
    named = MAPPING.replace("name: sheet", f"name: sheet\nencoding: {encoding.removesuffix('-sig')}")
    rows = f"{HEAD}1,open,c1,Zoë,,,,,\n".replace("\n", "\r\n").encode(encoding)
    assert read_in(ledger, of(write, rows, named)) == (Counts(new=1), [])
    assert only(ledger).candidate.name == "Zoë"


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        (MAPPING.replace("  id: Id\n", ""), "map.yaml:7:3: FR951 'id' is missing in a mapping file"),
        (
            MAPPING.replace("timezone", "timezoen"),
            "map.yaml:4:1: FR952 unknown key 'timezoen' in a mapping file; did you mean",
        ),
        (MAPPING.replace("Europe/Berlin", "Berlin"), "map.yaml:4:11: FR953"),
        (
            MAPPING.replace("type: applied", "type: aplied"),
            "FR953 'aplied' is not allowed for 'type'; did you mean 'applied'?",
        ),
        (MAPPING.replace("name: sheet", "name: My Sheet"), "FR953"),
        (MAPPING.replace("name: sheet", "name: sheet\ntime_of_day: noon"), "FR953"),
        (MAPPING.replace("name: sheet", "name: sheet\nencoding: utf-7"), "FR953 'utf-7' is not allowed for 'encoding'"),
        (MAPPING.replace("name: sheet", 'name: sheet\ndelimiter: "\\n"'), "FR953"),
        (MAPPING.replace("  id: Id\n", "  id: {column: Id, value: x}\n"), "FR953"),
        (
            MAPPING.replace("at: Applied", "at: Aplied"),
            "map.yaml:12:25: FR954 'Aplied' is no column of t.csv; did you mean 'Applied'?",
        ),
        (MAPPING.replace("{Status: [no]}", "{Stattus: no}"), "FR954 'Stattus' is no column of t.csv"),
        ("nothing", "FR953"),
    ],
)
def test_a_faulty_mapping(ledger: Ledger, write: Put, mapping: str, told: str) -> None:
    """Each fault has its code, its place and, where one is known, its mend; nothing is read."""
    with pytest.raises(InvalidInput) as raised:
        read_in(ledger, of(write, "1,open,c1,,,,,,\n", mapping))
    assert told in str(raised.value)
    assert len(raised.value.problems) == 1
    assert stored(ledger) == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (b"\xff\xfe", "t.csv:1: FR956 the table is not utf-8 text (byte 0xff)"),
        (b"  \n", "t.csv: FR956 the table is empty"),
        (f'{HEAD}1,"open'.encode(), "FR956 the table cannot be read: unexpected end of data"),
        (f"{HEAD.strip()},Id\n".encode(), "FR954 'Id' comes more than once in t.csv"),
    ],
)
def test_a_table_that_cannot_be_read(ledger: Ledger, write: Put, rows: bytes, told: str) -> None:
    """Nothing of it is kept."""
    with pytest.raises(InvalidInput) as raised:
        read_in(ledger, of(write, rows))
    assert told in str(raised.value)
    assert stored(ledger) == []


@settings(deadline=None, max_examples=30)
@given(
    rows=st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["open", "no", "?"]), st.integers(1, 28)), max_size=20),
    stops=st.lists(st.integers(0, 4), max_size=3), whole=st.booleans(),
)  # fmt: skip
def test_any_interruption_gives_the_same_store(
    rows: list[tuple[int, str, int]], stops: list[int], whole: bool, tmp_path_factory: Any
) -> None:
    """Killed after any page and imported again, as often as it likes: the same as imported at once."""
    folder = tmp_path_factory.mktemp("tables")

    def put(name: str, text: str | bytes) -> str:
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    mapping = MAPPING.replace("name: sheet", f"name: sheet\nwhole: {str(whole).lower()}")
    body = "".join(f"{number},{status},c1,,,{day:02}.11.2026 09:00,,,\n" for number, status, day in rows)
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "_PAGE", 2)
        for name, stopped in (("once", []), ("often", stops)):
            ledger = opened(folder / f"{name}.sqlite")
            read_in(ledger, of(put, "1,open,c9,,,01.01.2026 09:00,,,\n8,open,,,,,,,\n", mapping))
            for pages in stopped:
                _read_some(ledger, of(put, body, mapping), pages)
            read_in(ledger, of(put, body, mapping))
            found.append(stored(ledger))
            ledger.close()
    assert found[0] == found[1]


class Killed(Exception):
    """The process ends here."""


def _read_some(ledger: Ledger, source: FromTable, pages: int) -> None:
    def watch(counts: Counts) -> None:
        nonlocal pages
        pages -= 1
        if pages <= 0:
            raise Killed

    try:
        sync(ledger, source, lambda: START, watch=watch)
    except Killed:
        assert state_of(ledger, "sheet").turn


def test_the_example_of_opencats(run: Run, write: Put, tmp_path: Path) -> None:
    """Its mapping reads its table, and the rows that can be used are decided."""
    shutil.copytree(ROOT / "examples" / "opencats", tmp_path / "opencats")
    write("x", "")
    words = ("--csv", "opencats/pipelines.csv", "--mapping", "opencats/mapping.yaml", "--store", "s.sqlite")
    ran = run("sync", *words, "--format", "json")
    assert ran.status == 1
    assert json.loads(ran.out) == {
        "source": "opencats", "new": 3, "changed": 0, "same": 0, "gone": 0, "refused": 1, "complete": True,
    }  # fmt: skip
    assert ran.err.startswith("opencats/pipelines.csv:4: FR955 the row cannot be used: 'yesterday'")
    planned = run("plan", "--store", "s.sqlite", "--at", "2026-11-10T10:00:00-05:00", "--format", "jsonl")
    assert planned.status == 1, "one is refused"
    assert {json.loads(line)["application"] for line in planned.lines} == {"801", "802"}
