"""`followup.yaml`: what it says is what happens, and what is wrong with it is told with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Run
from followup_rules.adapter import CAPABILITY_OF, Adapter
from followup_rules.delivering.ports import Routed
from followup_rules.delivering.routing import Routes, fleet_of, kinds_of
from followup_rules.errors import InvalidInput
from followup_rules.load.configuration import Configuration, read_configuration, store_of
from followup_rules.model.words import Do
from followup_rules.plugins import load_plugins
from followup_rules.report.schema import schema
from followup_rules.testing.samples import an_order

GOOD: dict[str, Any] = {
    "schema": "followup-configuration/1",
    "store": "o.sqlite",
    "adapters": {"drafts": {"kind": "folder", "settings": {"path": "drafts"}}, "ats": {"kind": "lever"}},
    "routes": [{"do": "draft_message", "to": "drafts"}, {"do": ["create_task", "add_note"], "to": "ats"}],
    "degrade": {"create_task": "add_note"},
}


def able(*capabilities: Any) -> type[Adapter]:
    return type("Able", (Adapter,), {"name": "able", "capabilities": frozenset(capabilities)})


KINDS = {"drafts": able("draft"), "ats": able("note", "draft"), "crm": able("task", "note")}


def routes(*given: dict[str, Any], **degrade: str) -> Routes:
    adapters = {name: {"kind": name} for name in KINDS}
    data = {"schema": GOOD["schema"], "adapters": adapters, "routes": given, "degrade": degrade}
    return Routes(Configuration.model_validate(data), KINDS)


def where(routed: Routed | str) -> tuple[str, str] | str:
    return (routed.adapter, routed.order.do) if isinstance(routed, Routed) else routed


def test_the_first_route_has_it() -> None:
    """In the order of the file; a narrowed route takes only what it names."""
    made = routes(
        {"do": "add_note", "to": "crm", "follow_up": "update"},
        {"do": "add_note", "to": "crm", "direction": "employer_to_candidate"},
        {"do": "add_note", "to": "ats", "follow_up": ["update", "thank_you"], "direction": "candidate_to_employer"},
        {"do": "add_note", "to": "crm"},
    )
    assert where(made.route(an_order("add_note"))) == ("ats", "add_note")
    assert where(made.route(an_order("create_task"))) == "no route of the configuration takes it"


def test_what_an_adapter_cannot_do_becomes_what_the_file_says() -> None:
    """A task becomes a note of the same adapter, or of the one that takes notes; its id stays; never unasked."""
    task = an_order("create_task")
    notes = routes({"do": "create_task", "to": "ats"}, create_task="add_note").route(task)
    assert isinstance(notes, Routed)
    assert (notes.adapter, notes.order) == ("ats", task._replace(do="add_note"))
    elsewhere = ({"do": "create_task", "to": "drafts"}, {"do": "add_note", "to": "crm"})
    assert where(routes(*elsewhere, create_task="add_note").route(task)) == ("crm", "add_note")
    assert where(routes(elsewhere[1], create_task="add_note").route(task)) == ("crm", "add_note")
    assert where(routes({"do": "create_task", "to": "crm"}, create_task="add_note").route(task)) == (
        "crm", "create_task",
    )  # fmt: skip
    assert "no capability 'task'" in str(where(routes({"do": "create_task", "to": "ats"}).route(task)))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(get_args(Do)), st.sampled_from(sorted(KINDS))), max_size=5),
    st.dictionaries(st.sampled_from(get_args(Do)), st.sampled_from(["draft_message", "create_task", "add_note"])),
    st.sampled_from(get_args(Do)),
)
def test_nothing_goes_where_it_cannot_be_done(pairs: list[tuple[Do, str]], degrade: dict[Do, Do], asked: Do) -> None:
    """Whatever a file says: the adapter is able, the action is the one asked for or what the file makes of it."""
    stated = {do: instead for do, instead in degrade.items() if do != instead}
    routed = routes(*({"do": do, "to": to} for do, to in pairs), **stated).route(an_order(asked))
    if isinstance(routed, Routed):
        assert CAPABILITY_OF[routed.order.do] in KINDS[routed.adapter].capabilities
        assert routed.order.do in (asked, stated.get(asked))
        assert routed.order.id == an_order(asked).id
        assert routed.order.do != "send_message"
    else:
        assert not any(do == asked and CAPABILITY_OF[asked] in KINDS[to].capabilities for do, to in pairs[:1])


def written(folder: Path, data: Any) -> str:
    file = folder / "followup.yaml"
    file.write_text(json.dumps(data, indent=1))
    return str(file)


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no schema": ({"schema": ...}, "FR940 'schema' is missing"),
    "a newer form": ({"schema": "followup-configuration/2"}, "FR942"),
    "an unknown key": ({"adapter": {}}, "FR941 unknown key 'adapter' in a configuration; did you mean 'adapters'?"),
    "a misspelt setting": ({"adapters": {"a": {"kind": "x", "per_minut": 1}}}, "did you mean 'per_minute'?"),
    "no kind": ({"adapters": {"a": {}}, "routes": []}, "FR940 'kind' is missing"),
    "a pace of nothing": ({"adapters": {"a": {"kind": "x", "per_minute": 0}}}, "FR942"),
    "no action": ({"routes": [{"do": [], "to": "ats"}]}, "FR942"),
    "an unknown action": ({"routes": [{"do": "note", "to": "ats"}]}, "FR942 'note' is not allowed for 'do'"),
    "no direction": ({"routes": [{"do": "add_note", "to": "ats", "direction": "up"}]}, "FR942"),
    "nobody": ({"routes": [{"do": "add_note", "to": "at"}]}, "FR943 the route leads to 'at'"),
    "sending unasked": ({"degrade": {"draft_message": "send_message"}}, "FR942"),
    "an unknown action becomes another": ({"degrade": {"add_noet": "create_task"}}, "FR941"),
    "a password": ({"store": "postgresql://a:planted@db/x"}, "FR942 'store' holds a password"),
    "a password in words": ({"store": "postgresql://a@db/x?password=planted"}, "FR942 'store' holds a password"),
    "a list": ({"routes": {"do": "add_note"}}, "FR942"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_told_with_its_place(name: str, tmp_path: Path) -> None:
    """Line, column, code and mend; no value that may be a secret; the schema for editors says the same."""
    changes, told = FAULTS[name]
    data = {key: value for key, value in {**GOOD, **changes}.items() if value is not ...}
    with pytest.raises(InvalidInput) as raised:
        read_configuration(Path(written(tmp_path, data)), "followup.yaml")
    assert told in str(raised.value)
    assert "planted" not in str(raised.value)
    assert all(one.place.line > 0 and one.place.column > 0 for one in raised.value.problems)
    if name not in ("nobody", "a password", "a password in words"):
        assert not jsonschema.Draft202012Validator(schema("configuration")).is_valid(data)


def test_a_good_file_is_good_for_both(tmp_path: Path) -> None:
    """The program and the schema take it."""
    jsonschema.Draft202012Validator.check_schema(schema("configuration"))
    jsonschema.validate(GOOD, schema("configuration"))
    read = read_configuration(Path(written(tmp_path, GOOD)), "followup.yaml")
    assert read.configuration.routes[1].do == ("create_task", "add_note")


def test_a_store_may_be_a_secret(tmp_path: Path) -> None:
    """As env: or file:, and what is not there is told without its value."""
    (tmp_path / "url").write_text("postgresql://a:b@db/x\n")
    assert store_of("env:X", {"X": "o.sqlite"}) == "o.sqlite"
    assert store_of(f"file:{tmp_path / 'url'}") == "postgresql://a:b@db/x"
    assert (store_of("o.sqlite"), store_of(None)) == ("o.sqlite", None)
    with pytest.raises(InvalidInput, match="FR942"):
        store_of("env:X", {})


APPLICATION = {
    "id": "a-1", "status": "active",
    "contacts": [{"id": "u-1", "name": "Sam", "timezone": "America/New_York", "country": "US"}],
    "events": [{"id": "e1", "type": "interview_completed", "at": "2026-11-09T15:00:00-05:00", "contact": "u-1"}],
}  # fmt: skip
RULES = """
schema: followup-rules/1
pack: asking
rules:
  - id: ask
    kind: follow_up
    title: Ask what comes next
    follow_up: ask
    direction: candidate_to_employer
    after: interview_completed
    expires: 20 days
    do: [create_task]
  - {id: ends, kind: stop, title: What ends it, on: [reply, rejected, withdrawn, hired, opted_out]}
"""
PLAN = ("plan", "a.json", "--rules", "r.yaml", "--at", "2026-11-10T10:00:00-05:00", "--save")


@pytest.fixture
def folder(write: Callable[[str, str | bytes], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("FOLLOWUP_RULES_STORE", raising=False)
    write("r.yaml", RULES)
    write("a.json", json.dumps(APPLICATION))
    return tmp_path


def test_a_plan_is_saved_where_the_file_says(run: Run, folder: Path) -> None:
    """Into its store, for its adapter by name, as what it degrades to; planning resolves no secret."""
    written(folder, GOOD)
    assert "outbox o.sqlite: 1 new" in run(*PLAN).err
    rows = json.loads(run("outbox", "list", "--format", "json").out)
    assert [(row["adapter"], row["do"]) for row in rows] == [("ats", "add_note")]
    assert run("outbox", "list", "--store", "none.sqlite").status == 2


def test_without_a_configuration_nothing_leaves(run: Run, folder: Path) -> None:
    """FR945 for whoever would save or deliver, and no file appears."""
    before = sorted(folder.iterdir())
    for arguments in (PLAN, ("deliver", "--from", "a.json"), (*PLAN, "x.sqlite")):
        ran = run(*arguments)
        assert (ran.status, "FR945" in ran.err) == (2, True)
    assert sorted(folder.iterdir()) == before
    written(folder, {"schema": "followup-configuration/1"})
    assert "FR945" in run(*PLAN).err


def test_a_route_that_cannot_be_served(run: Run, folder: Path) -> None:
    """FR944 names the way out, once for the route; with it nothing is told."""
    written(folder, {**GOOD, "degrade": {}})
    ran = run(*PLAN)
    assert (ran.status, ran.err.count("FR944"), ran.err.count("FR909")) == (1, 1, 1)
    assert "write degrade: {create_task: add_note}" in ran.err
    written(folder, GOOD)
    assert run(*PLAN).status == 0


def test_a_connection_is_tested(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line: that it works, that there is nothing to ask, or FR946 with what to do; no secret."""
    monkeypatch.setenv("PLANTED", "planted-5e1")
    lever = {"kind": "lever", "settings": {"api_key": "env:PLANTED", "url": "http://127.0.0.1:9"}}
    bad = {"kind": "folder", "settings": {}}
    written(folder, {**GOOD, "adapters": {**GOOD["adapters"], "ats": lever, "bad": bad}})
    good = run("plugins", "test", "drafts")
    assert (good.status, good.lines, good.err) == (
        0, ["drafts (folder): the settings can be used; there is nothing to ask"], "",
    )  # fmt: skip
    away = run("plugins", "test", "ats")
    assert (away.status, away.out, len(away.err.splitlines())) == (1, "", 1)
    assert "FR946" in away.err and "planted" not in away.err
    assert "followup.yaml" in away.err
    assert "FR908" in run("plugins", "test", "bad").err
    unknown = run("plugins", "test", "draft")
    assert (unknown.status, "did you mean 'drafts'?" in unknown.err) == (2, True)


def test_the_page_shows_a_good_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its example can be used as it stands, once its secrets are there."""
    page = (Path(__file__).parents[1] / "docs/configuration.md").read_text("utf-8")
    (tmp_path / "followup.yaml").write_text(page.split("```yaml followup.yaml\n")[1].split("```")[0])
    read = read_configuration(tmp_path / "followup.yaml", "followup.yaml")
    for name in ("HUBSPOT_TOKEN", "LEVER_KEY"):
        monkeypatch.setenv(name, "x")
    kinds, problems = kinds_of(read, load_plugins({"FOLLOWUP_RULES_PLUGINS": "off"}))
    assert problems == []
    fleet, problems = fleet_of(read, kinds)
    assert (sorted(fleet), problems) == (["ats", "crm", "drafts"], [])


def test_it_is_no_rule_file(run: Run, folder: Path) -> None:
    """Where the rules of its own folder are checked, it is left alone."""
    before = run("check", ".")
    written(folder, GOOD)
    assert run("check", ".") == before
