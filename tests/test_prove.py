"""`prove` finds what a broken engine does wrong, finds nothing in a sound one, and says what it looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import Json, Run
from followup_rules.judge import judgement, openings, steps
from followup_rules.judge.decide import decide
from followup_rules.judge.restrain import Counted
from followup_rules.model.words import EVENT_TYPES
from followup_rules.policy import Policy
from followup_rules.proving.alphabet import alphabet
from followup_rules.proving.bounds import Bounds
from followup_rules.proving.counterexamples import Counterexample
from followup_rules.proving.histories import Happening, Symbol, application_data, application_id
from followup_rules.proving.profiles import START, profiles
from followup_rules.proving.prove import Proof, fields_of, prove
from followup_rules.proving.scenario import scenario_file
from followup_rules.proving.slices import slices

FEW = Bounds(events=6, days=60, histories=1_500)
Patch = pytest.MonkeyPatch


@pytest.fixture
def policy(policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json) -> Policy:
    """A thank-you in two steps with one rule of each kind."""
    steps = [{"opens": "2 hours", "expires": "3 days"}, {"opens": "1 day", "expires": "10 days"}]
    thanks = {key: value for key, value in follow_up(steps=steps).items() if key != "expires"}
    return policy_of(
        [
            thanks,
            stops,
            {"id": "hours", "kind": "send_window", "title": "Hours", "open": "Mon-Fri 09:00-17:00"},
            {"id": "limit", "kind": "limit", "title": "Two", "at_most": 2, "per": "application", "within": "30 days"},
            {"id": "pause", "kind": "cooldown", "title": "Pause", "at_least": "2 days", "per": "application"},
        ]
    )


def codes(proof: Proof) -> set[str]:
    return {one.code for one in proof.counterexamples}


def test_a_sound_engine_keeps_every_rule(policy: Policy) -> None:
    """Nothing is found in rules of every kind, and the longest histories are as long as was asked for."""
    proof = prove(policy, FEW)
    assert (proof.counterexamples, proof.unconfirmed) == ((), ())
    assert proof.covered.histories <= FEW.histories
    assert proof.covered.longest == FEW.events
    assert all(deep >= 1 for deep in proof.profiles.values())


def _blind(name: str) -> Callable[[Patch], None]:
    """A judge that never hears what one sort of rule says."""
    return lambda patch: patch.setattr(judgement, name, lambda *_: None)


def _no_windows(patch: Patch) -> None:
    patch.setattr(openings.Weekly, "_counts", lambda *_: True)
    patch.setattr(openings, "_schedule", lambda window, place: openings.Weekly((((0, 1440),),) * 7, place.zone))


def _no_memory(patch: Patch) -> None:
    """No touch is ever seen by the cadence: the first step is sent again and again."""
    patch.setattr(Counted, "of_occasion", lambda self: [])


def _impatient(patch: Patch) -> None:
    later_by = steps.later_by
    patch.setattr(steps, "later_by", lambda start, *rest: later_by(start - timedelta(hours=3), *rest))


def _endless(patch: Patch) -> None:
    """A cooldown that is not over is told to be over now, so whoever waits asks again and again."""
    told = judgement.cooldown_verdict

    def verdict(rule: Any, occasion: Any, *rest: Any) -> Any:
        found = told(rule, occasion, *rest)
        return found._replace(at=occasion.timeline.now) if found is not None else None

    patch.setattr(judgement, "cooldown_verdict", verdict)


@pytest.mark.parametrize(
    ("plant", "code"),
    [
        (_blind("limit_verdict"), "FR801"),
        (_blind("stop_verdict"), "FR802"),
        (_no_windows, "FR803"),
        (_no_memory, "FR804"),
        (_endless, "FR805"),
        (_blind("cooldown_verdict"), "FR806"),
        (_impatient, "FR807"),
    ],
)
def test_a_broken_engine_is_found_out(
    policy: Policy, monkeypatch: Patch, plant: Callable[[Patch], None], code: str
) -> None:
    """Each fault that is planted into the engine is found by the monitor, which shares no code with it."""
    plant(monkeypatch)
    proof = prove(policy, FEW)
    found = {one.code: one for one in proof.counterexamples}
    assert code in found
    assert found[code].replayed


def test_a_counterexample_is_as_short_as_it_can_be(policy: Policy, monkeypatch: Patch) -> None:
    """With stops that nobody hears, an anchor and one event that should stop are enough."""
    _blind("stop_verdict")(monkeypatch)
    one = next(one for one in prove(policy, FEW).counterexamples if one.code == "FR802")
    assert len(one.history) <= 2


def test_the_monitor_does_not_ask_who_decides() -> None:
    """No module of the monitor imports the judging room, matching, or the reckoning of time."""
    room = Path(__file__).parents[1] / "src" / "followup_rules" / "proving"
    for name in ("monitor", "holding", "seen", "clock"):
        found = re.findall(
            r"^\s*(?:from|import) followup_rules\.(\S+)", (room / f"{name}.py").read_text(), re.MULTILINE
        )
        assert [one for one in found if one.split(".")[0] in ("judge", "matching", "facts")] == []
        assert {one for one in found if one.startswith("timing")} <= {"timing.zones"}


def test_events_that_stand_in_the_same_places_are_one(policy: Policy) -> None:
    """Of rejected, withdrawn and hired one is tried, and nothing that no rule speaks of."""
    symbols = alphabet([policy], [("thank_you", "candidate_to_employer")], contacts=True)
    types = [symbol.type for symbol in symbols]
    assert len({"rejected", "withdrawn", "hired"} & {*types}) == 1
    assert {"offer_made", "bounced", "note"} & {*types} == set()
    assert {*types} <= {*EVENT_TYPES, "status"}


def test_what_shares_a_limit_is_searched_together(
    policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json
) -> None:
    """Two follow-ups are one part where a limit counts both, and two parts else."""
    rules = [follow_up(), follow_up("ask", follow_up="question"), stops]
    limit = {"id": "limit", "kind": "limit", "title": "Two", "at_most": 2, "per": "application"}
    assert len(slices(policy_of(rules))) == 2
    assert len(slices(policy_of([*rules, limit]))) == 1


def test_two_applications_where_rules_count_across(
    policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json, monkeypatch: Patch
) -> None:
    """A limit per candidate that is only counted in one application is found out with two."""
    limit = {"id": "limit", "kind": "limit", "title": "One", "at_most": 1, "per": "candidate"}
    policy = policy_of([follow_up(), stops, limit])
    assert prove(policy, FEW).counterexamples == ()
    monkeypatch.setattr(Counted, "touches", lambda self, rule: self._own)
    found = [one for one in prove(policy, FEW).counterexamples if one.code == "FR801"]
    assert found
    assert found[0].profile.applications == 2
    assert "applications:" in scenario_file(["default"], found)


def test_facts_of_conditions_are_tried(
    policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json
) -> None:
    """An application has each value that a condition names, another one, and none."""
    policy = policy_of([follow_up(when={"job.sector": "health", "attributes.referral": True}), stops])
    sectors = [profile.job.get("sector") for profile in profiles([policy])]
    assert {"health", "something else", None} <= {*sectors}
    referral = [profile.attributes.get("referral") for profile in profiles([policy])]
    assert {True, False, None} <= {*referral}


def test_histories_are_applications_like_any_other(policy: Policy) -> None:
    """What the search makes quickly is decided like the plain data that it stands for."""
    field = fields_of([policy])[0]
    history = (
        Happening(START + timedelta(hours=14), Symbol("interview_completed", contacts=("u-1", "u-2"))),
        Happening(START + timedelta(hours=20), Symbol("message", "candidate", "thank_you", contacts=("u-1",))),
        Happening(START + timedelta(days=1), Symbol("decision_promised", days=4)),
        Happening(START + timedelta(days=2), Symbol("status", text="on_hold")),
    )
    for hours in (15, 21, 60):
        now = START + timedelta(hours=hours)
        past = tuple(one for one in history if one.at <= now)
        quick = [repr(one) for one in field.plans(past, now)[0]]
        assert quick == [repr(one) for one in decide([application_data(field.profile, past, 0)], policy, now).decisions]


RULES = """\
schema: followup-rules/1
pack: acme
extends: [default]
rules:
  - id: stop-after-offer
    kind: stop
    title: Only a bounced message is spoken of
    on: [bounced]
properties:
  - id: no-question-after-an-offer
    title: Nobody asks how things stand once there is an offer
    never: {send: status_check, after: offer_made}
"""


ACROSS = """\
schema: followup-rules/1
pack: acme
rules:
  - id: thanks
    kind: follow_up
    title: Thank the interviewer
    follow_up: thank_you
    direction: candidate_to_employer
    after: interview_completed
    expires: 3 days
    do: [draft_message]
  - {id: one, kind: limit, title: One, at_most: 1, per: candidate}
  - {id: over, kind: stop, title: What ends it, "on": [reply, rejected, withdrawn, hired, opted_out]}
"""


def test_a_property_that_does_not_hold_comes_out_as_a_scenario(run: Run, write: Callable[..., str]) -> None:
    """Without the stop after an offer, a question after one is found with at most four events, as a file."""
    write("acme.yaml", RULES)
    ran = run("prove", "acme.yaml", "--histories", 1500, "--out", "found/acme_test.yaml", "--format", "json")
    assert ran.status == 1
    told = json.loads(ran.out)
    assert [one["code"] for one in told["counterexamples"]] == ["FR808"]
    assert all(one["replayed"] and len(one["events"]) <= 4 for one in told["counterexamples"])
    written = yaml.safe_load(Path("found/acme_test.yaml").read_text("utf-8"))
    assert written["schema"] == "followup-rules-test/1"
    assert written["rules"] == ["../acme.yaml"]
    scenario = written["scenarios"][0]
    assert scenario["moments"][-1]["expect"]["decision"] == {"none_of": ["send", "revise"]}
    events = [event for moment in scenario["moments"] for event in moment.get("events", [])]
    assert "offer_made" in [event["type"] for event in events]
    tested = run("test", "found/acme_test.yaml")
    assert tested.status == 1
    assert tested.lines[-1] == f"0 passed, {len(written['scenarios'])} failed"
    assert "FR402" in tested.out
    assert run("check", "found/acme_test.yaml").status == 0, "the file itself is in order"


def test_a_counterexample_of_two_applications_is_run_and_fails(
    run: Run, write: Callable[..., str], monkeypatch: Patch
) -> None:
    """Where rules count across applications the file has both, and `test` shows it failing."""
    write("acme.yaml", ACROSS)
    with monkeypatch.context() as broken:
        broken.setattr(Counted, "touches", lambda self, rule: self._own)
        assert run("prove", "acme.yaml", "--histories", 400, "--events", 4, "--out", "acme_test.yaml").status == 1
        tested = run("test", "acme_test.yaml")
    written = yaml.safe_load(Path("acme_test.yaml").read_text("utf-8"))
    assert any(len(one.get("applications", ())) == 2 for one in written["scenarios"])
    assert (tested.status, tested.err) == (1, "")
    assert tested.lines[-1] == f"0 passed, {len(written['scenarios'])} failed"
    assert "FR402 FR801" in tested.out
    assert run("test", "acme_test.yaml").status == 0, "an engine that counts keeps the limit"


def test_each_of_two_applications_has_its_status(
    write: Callable[..., str], run: Run, policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json
) -> None:
    """In a file about two applications a status says whose it is, so that the file can be read."""
    write("acme.yaml", ACROSS)
    limit = {"id": "limit", "kind": "limit", "title": "One", "at_most": 1, "per": "candidate"}
    policy = policy_of([follow_up(), stops, limit])
    what = (("interview_completed", 0), ("rejected", 0), ("interview_completed", 1))
    history = tuple(Happening(START, Symbol(kind), number) for kind, number in what)
    two = next(one for one in profiles([policy]) if one.applications == 2)
    one = Counterexample(
        "FR801", policy.rules[0], "one is rejected", two, history, START, application_id(1), "thank_you",
        "candidate_to_employer", "send", None, "sent",
    )  # fmt: skip
    write("acme_test.yaml", scenario_file(["acme.yaml"], [one]))
    assert run("check", "acme_test.yaml").status == 0
    assert "1 passed" in run("test", "acme_test.yaml").out, "the other goes on"


@pytest.mark.slow
@pytest.mark.heavy
def test_the_default_pack_holds(run: Run) -> None:
    """Twelve events in sixty days, with every history of three events from the first beginning."""
    ran = run("prove", "--events", 12, "--days", 60)
    assert ran.status == 0
    assert "every history of up to 3 events, at each change, begun in working hours: Berlin and New York" in ran.out
    assert "up to 12 events" in ran.out


def test_text_names_the_property_and_the_way_to_it(run: Run, write: Callable[..., str]) -> None:
    """People read the place of the property, each event, the decision and the scenario."""
    write("acme.yaml", RULES)
    ran = run("prove", "acme.yaml", "--histories", 1500)
    assert ran.status == 1
    assert ran.lines[0].startswith("acme.yaml:10:5: FR808")
    assert "offer_made" in ran.out
    assert "schema: followup-rules-test/1" in ran.out


def test_it_says_the_same_every_time(run: Run) -> None:
    """Two runs print the same, and say how many histories were looked at."""
    first, second = (run("prove", "--histories", 900, "--events", 4) for _ in range(2))
    assert first == second
    assert first.status == 0
    assert "900 histories" in first.out


def test_rules_that_cannot_be_used(run: Run) -> None:
    """Wrong rules are told like everywhere, with exit status 2."""
    assert run("prove", "nowhere.yaml").status == 2
    assert run("prove", "--events", 0).status == 2


def test_what_was_not_reached_is_said(run: Run, write: Callable[..., str]) -> None:
    """A rule that no history sends, and a deadline after the last day, are named: nothing is known about them."""
    write(
        "acme.yaml",
        """\
schema: followup-rules/1
pack: acme
rules:
  - {id: ask, kind: follow_up, title: Ask, follow_up: ask, direction: candidate_to_employer, after: applied,
     expires: 3 days, do: [draft_message], when: {status: hired}}
  - {id: core, kind: stop, title: Ends, on: [reply, rejected, withdrawn, hired, opted_out]}
properties:
  - {id: soon, title: Soon, always: {send: ask, after: applied, within: 90 days}}
""",
    )
    ran = run("prove", "acme.yaml", "--histories", 300, "--events", 2)
    assert ran.status == 0
    assert "not reached: no history sent ask" in ran.out
    assert "the deadline of 'soon' is later than 60 days" in ran.out


def test_a_search_that_meets_a_long_history_first_tells_a_shorter_one(run: Run, write: Callable[..., str]) -> None:
    """A limit that is filled breaks an `always` with five events; a promise does with two, and that is told."""
    rule = "{send: update, after: interview_completed, within: 5 business days}"
    write(
        "acme.yaml",
        "schema: followup-rules/1\npack: acme\nextends: [default]\nproperties:\n"
        f"  - {{id: news, title: News within a week, always: {rule}}}\n",
    )
    ran = run("prove", "acme.yaml", "--histories", 4000, "--format", "json")
    assert [len(one["events"]) for one in json.loads(ran.out)["counterexamples"]] == [2]
