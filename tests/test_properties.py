"""`properties` in rule files: faults with their places, and what `never` and `always` mean for `prove`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from conftest import Json, Run
from followup_rules.errors import InvalidInput, Place
from followup_rules.policy import Pack, Policy, resolve
from followup_rules.proving.bounds import Bounds
from followup_rules.proving.prove import Counterexample, prove
from followup_rules.report.schema import schema
from followup_rules.rules.kinds import KINDS
from followup_rules.rules.properties import Property

FEW = Bounds(events=4, days=40, histories=900)
HEAD = "schema: followup-rules/1\npack: acme\nextends: [default]\nproperties:\n"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("never: {send: update, after: rejected}, always: {send: update, after: applied, within: 1 day}", "5:5: FR131"),
        ("why: nothing", "5:5: FR131"),
        ("never: {send: updat, after: rejected}", "5:5: FR132"),
        ("never: {send: update, direction: candidate_to_employer, after: rejected}", "5:5: FR132"),
        ("never: {send: update, after: rejectd}", "FR133"),
        ("never: {send: update, before: offr_made}", "FR133"),
        ("never: {send: update}", "FR135"),
        ("never: {send: update, before: applied, within: 3 days}", "FR135"),
        ("never: {send: update, after: rejected, within: 3}", "FR107"),
        ("always: {send: update, after: applied}", "FR101"),
        ("nevr: {send: update, after: rejected}", "FR104"),
        ("never: {sent: update, after: rejected}", "FR104"),
        ("never: {send: update, when: {stag: onsite}}", "FR110"),
    ],
)
def test_faults_have_a_code_and_a_place(run: Run, write: Callable[..., str], entry: str, expected: str) -> None:
    """Each fault of a property is told with file, line and column."""
    write("acme.yaml", f"{HEAD}  - {{id: one, title: One, {entry}}}\n")
    ran = run("check", "acme.yaml")
    assert ran.status == 2
    assert ran.lines[0].startswith("acme.yaml:5:")
    assert expected in ran.lines[0]


@pytest.mark.parametrize("text", ["properties: 3", "properties: [3]"])
def test_properties_are_a_list_of_mappings(run: Run, write: Callable[..., str], text: str) -> None:
    """Anything else is FR102."""
    write("acme.yaml", f"{HEAD.replace('properties:', text)}")
    ran = run("check", "acme.yaml")
    assert (ran.status, "FR102" in ran.out) == (2, True)


def test_good_properties_change_no_decision(run: Run, write: Callable[..., str]) -> None:
    """They pass `check`, and `plan` decides as without them."""
    write("acme.yaml", f"{HEAD}  - {{id: one, title: One, never: {{send: [update, status_check], after: rejected}}}}\n")
    assert run("check", "acme.yaml").status == 0


def _property(**claim: Any) -> Property:
    return Property.model_validate({"id": "one", "title": "One", **claim})


def test_properties_of_extended_packs_hold_too() -> None:
    """A policy has those of every pack; an id that comes twice is FR134, whichever pack extends the other."""
    rules = tuple(KINDS[rule["kind"]].model_validate(rule) for rule in RULES)
    base = Pack("base", Place("base.yaml", 1), rules, properties=(_property(never=NEVER),))
    child = Pack("child", Place("child.yaml", 1), (), (base,))
    assert [one.id for one in resolve([child])[0].properties] == ["one"]
    second = _property(never=NEVER)
    second._place = Place("child.yaml", 9)
    with pytest.raises(InvalidInput, match="FR134"):
        resolve([Pack("child", Place("child.yaml", 1), (), (base,), properties=(second,))])


NEVER: Json = {"send": "thank_you", "after": "offer_made"}
RULES: list[Json] = [
    {
        "id": "thank-you", "kind": "follow_up", "title": "Thanks", "follow_up": "thank_you",
        "direction": "candidate_to_employer", "after": "interview_completed", "opens": "2 hours", "expires": "5 days",
        "do": ["draft_message"],
    },
    {"id": "core", "kind": "stop", "title": "Ends", "on": ["reply", "rejected", "withdrawn", "hired", "opted_out"]},
]  # fmt: skip


def broken(rules: list[Json], **claim: Any) -> list[Counterexample]:
    models = tuple(KINDS[rule["kind"]].model_validate(rule) for rule in rules)
    policy: Policy = resolve([Pack("test", Place("test"), models, properties=(_property(**claim),))])[0]
    proof = prove(policy, FEW)
    assert proof.unconfirmed == ()
    return [one for one in proof.counterexamples if one.code in ("FR808", "FR809")]


def test_never_after() -> None:
    """A thank-you after an offer is found, and is not there once an offer stops it for good."""
    found = broken(RULES, never=NEVER)
    assert [one.code for one in found] == ["FR808"]
    assert sorted(event.symbol.type for event in found[0].history) == ["interview_completed", "offer_made"]
    stop = {"id": "offer", "kind": "stop", "title": "Offer", "on": ["offer_made"], "since": "ever"}
    assert broken([*RULES, stop], never=NEVER) == []


def test_never_after_what_closes_an_application() -> None:
    """A closed application stays closed, so the stops that every policy has keep this."""
    assert broken(RULES, never={"send": "thank_you", "after": "rejected"}) == []


def test_never_within() -> None:
    """`within` forbids for so long after the event, and not at its end."""
    assert broken(RULES, never={"send": "thank_you", "after": "interview_completed", "within": "3 hours"})
    assert not broken(RULES, never={"send": "thank_you", "after": "interview_completed", "within": "2 hours"})


def test_never_before() -> None:
    """`before` forbids until the event has happened."""
    assert broken(RULES, never={"send": "thank_you", "before": "applied"})
    assert not broken(RULES, never={"send": "thank_you", "before": "interview_completed"})


def test_never_when() -> None:
    """`when` forbids while a condition holds; where it is unknown nothing is forbidden."""
    assert broken(RULES, never={"send": "thank_you", "when": {"job.sector": "health"}})
    assert not broken(RULES, never={"send": "thank_you", "when": {"candidate.country": "FR"}})


def test_always_within() -> None:
    """What is due by then is kept; what opens later is not."""
    claim = {"send": "thank_you", "after": "interview_completed"}
    assert broken(RULES, always=claim | {"within": "1 day"}) == []
    found = broken(RULES, always=claim | {"within": "1 hour"})
    assert [(one.code, len(one.history)) for one in found] == [("FR809", 1)]


def test_always_is_not_asked_of_what_is_stopped_or_held() -> None:
    """A reply, a hold and a closed application excuse; a cooldown does not."""
    claim = {"send": "thank_you", "after": "interview_completed", "within": "1 day"}
    pause = {"id": "pause", "kind": "cooldown", "title": "Pause", "at_least": "3 days", "per": "application"}
    found = broken([*RULES, pause], always=claim)
    assert [one.code for one in found] == ["FR809"]
    assert any(event.symbol.type == "message" for event in found[0].history)


def test_editors_know_properties() -> None:
    """The JSON Schema takes what `check` takes, and no property with both claims or with an unknown key."""
    validator = jsonschema.Draft202012Validator(schema("rules"))
    head = {"schema": "followup-rules/1", "pack": "acme"}
    good = {"id": "one", "title": "One", "never": NEVER | {"within": "3 days", "when": {"stage": "onsite"}}}
    always = {"send": ["update"], "after": "applied", "within": "1 day"}
    assert validator.is_valid(head | {"properties": [good, {"id": "two", "title": "Two", "always": always}]})
    for wrong in ({"always": always}, {"nevr": NEVER}, {"never": {"send": "update", "after": "offer"}}):
        assert not validator.is_valid(head | {"properties": [good | wrong]})
