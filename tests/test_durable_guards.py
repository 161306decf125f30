"""The faults of durable-rules that the package lives with: the first six of the list in ENGINE.md.

Where it is safe the raw engine is shown to have the fault, so that a release without it is noticed; then the
matcher is put into the same situation. What may crash runs in a process of its own, and with freed and fresh
memory filled with rubbish (MALLOC_PERTURB_), so that reading memory that was never set is seen at once.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from followup_rules.facts import Case, Timeline
from followup_rules.matching.choose import why_not_durable
from followup_rules.matching.durable import DurableMatcher
from followup_rules.matching.native import NativeMatcher
from followup_rules.matching.program import Program
from followup_rules.matching.truth import Truth
from followup_rules.model.application import Application
from followup_rules.rules.read_condition import read_condition

if why_not_durable():
    pytest.skip(f"THE GUARDS OF THE DURABLE ENGINE ARE NOT TESTED: {why_not_durable()}", allow_module_level=True)

NOW = datetime(2026, 11, 20, 15, tzinfo=timezone.utc)
NO_REPLY = read_condition({"not_happened": {"event": "reply", "after": "interview_completed"}})
REPLIED = read_condition({"happened": {"event": "reply", "after": "interview_completed"}})

RAW = """
import json
import durable_rules_engine as engine

MARKER = {"marker": {"all": [{"m": {"k": 0}}]}}
# Now (k 2) meets no event (k 1); k 3 is something else that has to be there.
NONE = {"e$not": {"$and": [{"k": 1}, {"$gte": {"o": {"s": "o"}}}]}}
NOW, ELSE = {"s": {"k": 2}}, {"t": {"k": 3}}

def build(name, rules):
    return engine.create_ruleset(name, json.dumps({**MARKER, **rules}))

def fired(handle, offset):
    names, started = [], engine.start_action_for_state(handle, offset)
    text = started and started[1]
    while text:
        names.append(text.split('"', 2)[1])
        text = engine.complete_and_start_action(handle, offset)
    return names

def tell(handle, **fact):
    return fired(handle, engine.assert_fact(handle, json.dumps({"sid": 1, "o": 1, **fact}))[1])
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MALLOC_PERTURB_": "165"}
    command = [sys.executable, "-X", "faulthandler", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)


def raw(code: str) -> subprocess.CompletedProcess[str]:
    return run(RAW + textwrap.dedent(code))


def event(name: str, type_: str, hour: int, **keys: Any) -> dict[str, Any]:
    return {"id": name, "type": type_, "at": (NOW - timedelta(hours=100 - hour)).isoformat(), **keys}


def reply(name: str, hour: int, **keys: Any) -> dict[str, Any]:
    return event(name, "message", hour, **{"from": "employer"}, **keys)


def case_of(*events: dict[str, Any]) -> Case:
    application = Application.model_validate({"id": "a", "status": "active", "events": list(events)})
    return Case(Timeline(application, NOW), "candidate_to_employer", None)


def truths(matcher: DurableMatcher | NativeMatcher, case: Case, count: int) -> list[Truth]:
    answer = matcher.match(case)
    assert not answer.disputed
    return [answer.truths[index] for index in range(count)]


def terms(term: object) -> Iterator[list[Any]]:
    """Every `$and` inside a rule."""
    if isinstance(term, dict):
        for key, inner in term.items():
            if key == "$and":
                yield inner
            yield from terms(inner)
    elif isinstance(term, list):
        for inner in term:
            yield from terms(inner)


def rules_of(*conditions: Any) -> dict[str, dict[str, Any]]:
    program = Program(conditions)
    found: dict[str, dict[str, Any]] = {}
    for one in program.sessions:
        found |= one._ruleset.get_definition()
    return found


def crosses(term: object) -> bool:
    """True for a comparison with a field of another fact."""
    return isinstance(term, dict) and any(
        isinstance(inner, dict) and any(isinstance(value, dict) for value in inner.values()) for inner in term.values()
    )


def test_1_every_comparison_across_facts_is_followed_by_one_that_always_holds() -> None:
    conditions = [
        read_condition({"not_happened": {"event": name, "after": after, "contact": "u-1"}})
        for name in ("message", "reply", "offer_made")
        for after in ("applied", "reply")
    ]
    conditions.append(read_condition({"any": [{"not_happened": {"event": "message"}}, {"stage": "onsite"}]}))
    across = 0
    for conjunction in terms(list(rules_of(*conditions).values())):
        if any(crosses(term) for term in conjunction):
            assert conjunction[-1] == {"$gte": {"o": {"s": "o"}}}
            across += 1
    assert across >= 14


def test_1_comparisons_that_fail_do_not_crash() -> None:
    found = run(
        textwrap.dedent(
            """
            from datetime import datetime, timedelta, timezone
            from followup_rules.facts import Case, Timeline
            from followup_rules.matching.durable import DurableMatcher
            from followup_rules.model.application import Application
            from followup_rules.rules.read_condition import read_condition
            now = datetime(2026, 11, 20, tzinfo=timezone.utc)
            events = [{"id": "i", "type": "interview_completed", "at": now.isoformat()}]
            events += [{"id": f"e{n}", "type": "message", "from": "employer", "follow_up": f"f{n}",
                        "at": (now - timedelta(hours=n + 1)).isoformat()} for n in range(30)]
            application = Application.model_validate({"id": "a", "status": "active", "events": events})
            case = Case(Timeline(application, now), "candidate_to_employer", None)
            asked = [{"not_happened": {"event": "reply", "after": "interview_completed"}}]
            pattern = {"event": "message", "after": "interview_completed"}
            asked += [{"not_happened": {**pattern, "follow_up": f"f{n}"}} for n in range(9)]
            matcher = DurableMatcher([read_condition(one) for one in asked])
            for _ in range(500):
                answer = matcher.match(case)
                assert not answer.disputed
                assert {answer.truths[n].value for n in range(10)} == {"true"}
            print("done")
            """
        )
    )
    assert (found.stdout, found.returncode) == ("done\n", 0), found.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="MALLOC_PERTURB_ is glibc's")
def test_2_deleting_a_session_in_which_nothing_fired() -> None:
    crash = """
        handle = build("x", {})
        MARK
        for number in range(2000):
            tell(handle, id=2, k=7)
            engine.delete_state(handle, "1")
            MARK
        print("done")
    """
    assert raw(crash.replace("MARK", "")).returncode < 0, "the fault is gone: the marker may go too"
    found = raw(crash.replace("MARK", "tell(handle, id=1, k=0)"))
    assert (found.stdout, found.returncode) == ("done\n", 0), found.stderr


@pytest.mark.parametrize("events", [(), (event("n", "note", 1),), (event("m", "message", 1, **{"from": "candidate"}),)])
def test_2_a_timeline_that_matches_nothing(events: tuple[dict[str, Any], ...]) -> None:
    matcher = DurableMatcher((NO_REPLY, REPLIED))
    for _ in range(50):
        assert truths(matcher, case_of(*events), 2) == [Truth.UNKNOWN, Truth.UNKNOWN]


def test_3_the_raw_engine_overlooks_what_blocks_a_negation_before_the_last_pattern() -> None:
    found = raw(
        """
        found = {}
        for name, patterns in (("before", [NOW, NONE, ELSE]), ("last", [NOW, ELSE, NONE])):
            handle = build(name, {"none": {"all": patterns}})
            tell(handle, id=1, k=0)
            # Now, then an event that blocks the rule, then the rest.
            found[name] = [tell(handle, id=10 + n, k=n) for n in (2, 1, 3)][-1]
        print(json.dumps(found))
        """
    )
    assert json.loads(found.stdout) == {"before": ["none"], "last": []}, "the fault is gone, or its guard"


def test_3_negations_are_last_and_blocked_in_every_order_of_events() -> None:
    for rule in rules_of(NO_REPLY, REPLIED).values():
        assert not any(key.endswith("$not") for pattern in rule["all"][:-1] for key in pattern)
    matcher, native = DurableMatcher((NO_REPLY, REPLIED)), NativeMatcher((NO_REPLY, REPLIED))
    found = set()
    for hours in itertools.permutations((10, 20, 20, 30), 3):
        case = case_of(
            event("i", "interview_completed", hours[0]),
            reply("r", hours[1]),
            reply("s", hours[2], auto_reply=True),
        )
        found.add(tuple(truths(matcher, case, 2)))
        assert truths(matcher, case, 2) == truths(native, case, 2)
    assert found == {(Truth.TRUE, Truth.FALSE), (Truth.FALSE, Truth.TRUE)}


def test_4_the_raw_engine_forgets_the_second_of_two_facts_that_block_a_negation() -> None:
    found = raw(
        """
        handle = build("x", {"none": {"all": [NOW, NONE]}})
        tell(handle, id=1, k=0)
        assert [tell(handle, id=n, k=1) for n in (3, 4)] == [[], []] and tell(handle, id=2, k=2) == []
        code, offset = engine.retract_fact(handle, json.dumps({"sid": 1, "id": 3, "k": 1, "o": 1}))
        print(fired(handle, offset))
        """
    )
    assert found.stdout == "['none']\n", "the fault is gone: " + found.stderr


def test_4_and_5_nothing_is_retracted_and_nothing_posted(monkeypatch: pytest.MonkeyPatch) -> None:
    import durable_rules_engine

    used: list[str] = []
    for name in dir(durable_rules_engine):
        if callable(getattr(durable_rules_engine, name)) and not name.startswith("_") and name != "error":
            honest = getattr(durable_rules_engine, name)

            def listed(*arguments: Any, name: str = name, honest: Any = honest) -> Any:
                used.append(name)
                return honest(*arguments)

            monkeypatch.setattr(durable_rules_engine, name, listed)
    matcher = DurableMatcher((NO_REPLY, REPLIED, read_condition({"stage": "test 4 and 5"})))
    for replies in ((), (20, 30), (30,), (), (5, 6)):
        case = case_of(event("i", "interview_completed", 10), *(reply(f"r{hour}", hour) for hour in replies))
        replied = any(hour > 10 for hour in replies)
        assert truths(matcher, case, 2) == ([Truth.FALSE, Truth.TRUE] if replied else [Truth.TRUE, Truth.FALSE])
    assert set(used) == {
        "create_ruleset",
        "assert_fact",
        "start_action_for_state",
        "complete_and_start_action",
        "delete_state",
    }


def test_6_the_raw_engine_fails_on_a_missing_field() -> None:
    found = raw(
        """
        later = {"e": {"$and": [{"k": 1}, {"$gt": {"at": {"s": "a"}}}]}}
        handle = build("x", {"later": {"all": [NOW, later]}})
        tell(handle, id=1, k=0)
        tell(handle, id=3, k=1, at=5)
        try:
            tell(handle, id=2, k=2)
        except engine.error as error:
            print(error)
        """
    )
    assert "311" in found.stdout, "the fault is gone: " + found.stderr


def test_6_facts_have_every_field_whatever_is_missing() -> None:
    keys = {"from": "employer", "channel": "email", "follow_up": "thank_you", "contact": "u-1"}
    pattern = {"event": "message", **keys, "within": "2 business days", "after": "applied"}
    conditions = (
        read_condition({"happened": pattern}),
        read_condition({"attributes.a.b.c": 1, "business_days_since.applied": {"at_least": 1}}),
        read_condition({"not": {"job.sector": ["x", "y"], "promised_by_passed": True}}),
    )
    program, shapes = Program(conditions), set()
    for events in ((), (reply("r", 20),), (event("p", "applied", 1), reply("r", 20, channel="email"))):
        case = case_of(*events)
        assert truths(DurableMatcher(conditions), case, 3) == truths(NativeMatcher(conditions), case, 3)
        for facts, now in program.encode(case).joins:
            for fact in map(json.loads, (*facts, now)):
                assert all(type(value) is int for value in fact.values())
                shapes.add((fact["k"], *sorted(fact)))
    assert len(shapes) == 2


def test_names_of_fields_have_different_hashes() -> None:
    """The engine knows fields by a 32-bit hash of their names (FNV-1a): two with one hash are one to it."""
    names = [f"s{number}" for number in range(20_000)]
    names += [f"{letter}{number}" for letter in "acqw" for number in range(20_000)]
    names += ["sid", "id", "k", "o", "at", "t", "r", "f", "auto", "channel", "follow_up", "to", "$s"]
    hashes: dict[int, str] = {}
    for name in names:
        value = 0x811C9DC5
        for letter in name.encode():
            value = (value ^ letter) * 16777619 & 0xFFFFFFFF
        assert hashes.setdefault(value, name) == name
