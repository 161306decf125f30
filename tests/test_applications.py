"""Reading applications: any of the three forms gives the same, nothing is guessed, every fault has its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from followup_rules.errors import Place
from followup_rules.judge.admit import read_application
from followup_rules.load.applications import read_applications
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal

Write = Callable[[str, str | bytes], str]


def read(name: str) -> list[Any]:
    return [one.item for one in read_applications(Path(name), name)]


def given(**changes: Any) -> dict[str, Any]:
    return {
        "id": "a-1",
        "status": "active",
        "events": [{"id": "e1", "type": "applied", "at": "2026-11-02T09:00:00Z"}],
    } | changes


def of(data: Any) -> Any:
    return read_application(data, lambda loc, key: Place("x"))


def test_json_lines_json_and_yaml_give_the_same(write: Write, example_lines: Any) -> None:
    """The examples in every form, with any ending, are the same applications in the same order."""
    data = [json.loads(line) for line in example_lines[:12]]
    write("a.jsonl", "\n".join(json.dumps(one) for one in data))
    write("a.json", json.dumps(data, indent=1))
    write("a.yaml", yaml.safe_dump(data, allow_unicode=True))
    write("lines", "\ufeff" + "\r\n\r\n".join(json.dumps(one) for one in data) + "\r\n")
    write("array", json.dumps(data))
    wanted = read("a.jsonl")
    assert all(isinstance(one, Application) for one in wanted)
    for name in ("a.json", "a.yaml", "lines", "array"):
        assert read(name) == wanted, name


def test_one_object_is_one_application(write: Write) -> None:
    """Over several lines or on one, with any ending."""
    for name in ("a.json", "a", "a.jsonl"):
        write(name, json.dumps(given(), indent=None if name == "a.jsonl" else 2))
        assert [one.id for one in read(name)] == ["a-1"]


def test_events_are_put_into_order_and_repetitions_dropped() -> None:
    """Order in the file does not matter; ties go by id; an event that comes twice alike is one event."""
    at = "2026-11-02T09:00:00Z"
    events = [
        {"id": "b", "type": "note", "at": at},
        {"id": "a", "type": "note", "at": "2026-11-02T10:00:00+01:00"},
        {"id": "0", "type": "note", "at": "2026-11-02T10:00:00Z"},
        {"id": "b", "type": "note", "at": at},
    ]
    assert [event.id for event in of(given(events=events)).events] == ["a", "b", "0"]


def test_the_same_event_written_in_another_zone_is_the_same_event() -> None:
    """Two ways to write one instant make no two events."""
    events = [
        {"id": "a", "type": "note", "at": "2026-11-02T10:00:00+01:00"},
        {"id": "a", "type": "note", "at": "2026-11-02T09:00:00Z"},
    ]
    assert len(of(given(events=events)).events) == 1


def test_every_fault_of_an_application_is_told_at_once_with_line_and_column(write: Write) -> None:
    """In YAML the line and column of the value or key, in JSON lines the line and the column in it."""
    write("a.yaml", "- id: a-1\n  status: actve\n  stge: x\n  events:\n  - {id: e1, type: note, at: 2026-11-02}\n")
    (refused,) = read("a.yaml")
    assert isinstance(refused, Refusal)
    assert [(str(one.place), one.code) for one in refused.problems] == [
        ("a.yaml:2:11", "FR203"), ("a.yaml:3:3", "FR204"), ("a.yaml:5:30", "FR205"),
    ]  # fmt: skip
    write("a.jsonl", json.dumps(given()) + "\n" + json.dumps(given(id="a-2", stge="x")) + "\n")
    refused = read("a.jsonl")[1]
    assert [(one.place.line, one.code) for one in refused.problems] == [(2, "FR204")]
    text = json.dumps(given(id="a-2", stge="x"))
    assert refused.problems[0].place.column == text.index('"stge"') + 1


def test_a_refused_application_keeps_what_can_be_read_of_it() -> None:
    """Its id and its candidate's, so that its siblings can be held."""
    refused = of(given(candidate={"id": "c-1"}, stge="x"))
    assert (refused.application, refused.candidate) == ("a-1", "c-1")
    assert of({"candidate": "Ada"}).candidate is None
    assert of([1]).application is None


@pytest.mark.parametrize("contacts", [["u-9"], ["u-1", "u-1"]])
def test_contacts_of_events_are_listed_and_named_once(contacts: list[str]) -> None:
    """Whoever an event names must be listed, once."""
    event = {"id": "e1", "type": "applied", "at": "2026-11-02T09:00:00Z", "contacts": contacts}
    assert isinstance(of(given(contacts=[{"id": "u-1"}], events=[event])), Refusal)


@pytest.mark.parametrize(
    "change", [{"attributes": {"a": [1, {"b": None}], "c": "d"}}, {"notes": ["x"]}, {"stage": None}]
)
def test_ones_own_fields_may_be_anything_json(change: dict[str, Any]) -> None:
    """Attributes hold the user's own fields; null is the same as left out."""
    assert isinstance(of(given(**change)), Application)


def test_applications_cannot_be_changed() -> None:
    """What was read stays what it is while it is decided."""
    with pytest.raises(Exception, match="frozen"):
        of(given()).status = "hired"
