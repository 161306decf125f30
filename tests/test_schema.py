"""The JSON Schemas say what the program does: valid files are valid for both, and a typing error for neither."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from conftest import ROOT
from followup_rules.load.yaml import parse
from followup_rules.plugins import load_plugins
from followup_rules.report.schema import schema
from followup_rules.syncing.mapping import Mapping

PACKS = load_plugins().packs


def validator(what: str) -> jsonschema.Draft202012Validator:
    made = schema(what)
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


RULES, APPLICATION, DECISION = map(validator, ("rules", "application", "decision"))


def pack(name: str) -> Any:
    return parse(PACKS[name].path.read_text(encoding="utf-8"), name).data


@pytest.mark.parametrize("name", PACKS)
def test_every_pack_is_valid_for_editors(name: str) -> None:
    """What `check` takes, an editor with the schema takes."""
    assert [error.message for error in RULES.iter_errors(pack(name))] == []


def test_every_example_application_is_valid(example_lines: Any) -> None:
    """What `plan` takes, the schema of applications takes."""
    for line in example_lines:
        assert [error.message for error in APPLICATION.iter_errors(json.loads(line))] == []


@pytest.mark.parametrize("at", ["2026-11-20T10:00:00-05:00", "2026-11-12T03:00:00Z"])
def test_every_decision_is_valid(at: str, run: Any, example_lines: Any) -> None:
    """Every line of the machine form keeps to the schema of decisions."""
    ran = run("plan", "-", "--format", "jsonl", "--at", at, given="\n".join(example_lines).encode())
    assert ran.lines
    for line in ran.lines:
        assert [error.message for error in DECISION.iter_errors(json.loads(line))] == []


RULE_TYPOS: dict[str, dict[str, Any]] = {
    "an unknown key": {"at_mots": 2},
    "an unknown kind": {"kind": "followup"},
    "a bare number": {"expires": 3},
    "another unit": {"expires": "3 months"},
    "an unknown direction": {"direction": "to_employer"},
    "an unknown anchor": {"after": "message"},
    "an unknown fact": {"when": {"stag": "onsite"}},
    "an unknown operator": {"when": {"touches": {"atleast": 2}}},
    "a text to order by": {"when": {"touches": {"at_least": "two"}}},
    "an unknown pattern": {"when": {"happened": {"event": "msg"}}},
    "an empty any": {"when": {"any": []}},
    "nothing to do": {"do": []},
    "something else to do": {"do": ["send_mail"]},
}


@pytest.mark.parametrize("name", RULE_TYPOS)
def test_a_typing_error_in_a_rule_is_underlined(name: str) -> None:
    """An editor shows what `check` would report."""
    data = copy.deepcopy(pack("default"))
    index = next(number for number, rule in enumerate(data["rules"]) if rule["id"] == "thank-you")
    data["rules"][index].update(RULE_TYPOS[name])
    assert not RULES.is_valid(data)


@pytest.mark.parametrize(
    "change", [{"rule": []}, {"schema": "followup-rules/2"}, {"extends": "default"}, {"rules": {}}]
)
def test_a_typing_error_in_the_head_of_a_file_is_underlined(change: dict[str, Any]) -> None:
    """Unknown keys, another version, a text instead of a list."""
    assert not RULES.is_valid(pack("default") | change)


APPLICATION_TYPOS: dict[str, dict[str, Any]] = {
    "an unknown key": {"stge": "x"},
    "an unknown status": {"status": "Active"},
    "no id": {"id": None},
    "an event without a time": {"events": [{"id": "e", "type": "applied"}]},
    "an unknown event": {"events": [{"id": "e", "type": "apply", "at": "2026-11-02T09:00:00Z"}]},
    "a contact without an id": {"contacts": [{"name": "Sam"}]},
    "a note that is a text": {"notes": "x"},
}


@pytest.mark.parametrize("name", APPLICATION_TYPOS)
def test_a_typing_error_in_an_application_is_told(name: str, example_lines: Any) -> None:
    """Programs that write applications can check them before they are sent."""
    assert not APPLICATION.is_valid(json.loads(example_lines[0]) | APPLICATION_TYPOS[name])


MAPPINGS = validator("mappings")
MAPPING: dict[str, Any] = {
    "schema": "followup-mapping/1", "name": "sheet", "timezone": "Europe/Berlin", "times": ["%d.%m.%Y"],
    "application": {"id": "Id", "status": {"column": "State", "values": {"Out": "rejected"}, "otherwise": "active"},
                    "contacts": [{"id": "Who", "country": {"value": "US"}}], "attributes": {"desk": "Desk"}},
    "events": [{"type": "message", "at": "At", "from": "employer", "when": {"Kind": ["Call", "Mail"], "In": "yes"}}],
}  # fmt: skip


def test_a_mapping_is_valid_for_both() -> None:
    """The heading alone, a cell in full, words of columns; and the example for OpenCATS."""
    opencats = (ROOT / "examples" / "opencats" / "mapping.yaml").read_text("utf-8")
    for one in (MAPPING, parse(opencats, "mapping.yaml").data):
        assert [error.message for error in MAPPINGS.iter_errors(one)] == []
        Mapping.model_validate(one)


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "followup-mapping/2"}, {"nam": "x"}, {"name": "My Sheet"}, {"name": None}, {"delimiter": ""},
        {"delimiter": ";;"}, {"delimiter": " "}, {"encoding": "latin-1"}, {"times": "%d"}, {"application": {}},
        {"whole": "maybe"}, {"application": {"id": {}}}, {"application": {"id": {"column": "A", "value": "b"}}},
        {"application": {"id": {"colum": "A"}}}, {"application": {"id": "A", "contacts": [{"name": "B"}]}},
        {"events": [{"type": "message"}]}, {"events": [{"type": "mesage", "at": "At"}]},
        {"events": [{"type": "note", "at": "At", "when": {"Kind": 5}}]},
        {"events": [{"type": "message", "at": "At", "from": "us"}]},
    ],
)  # fmt: skip
def test_a_typing_error_in_a_mapping_is_underlined(change: dict[str, Any]) -> None:
    """An editor shows what `sync` would refuse."""
    assert not MAPPINGS.is_valid(MAPPING | change)
    with pytest.raises(ValidationError):
        Mapping.model_validate(MAPPING | change)
