"""Both engines give the same truths, on random conditions over random timelines and where it is hard.

FOLLOWUP_RULES_SEED moves the random run to other cases, FOLLOWUP_RULES_SETS makes it longer (one is 9 cases).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import textwrap
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followup_rules.errors import EngineFault, FollowupRulesError
from followup_rules.facts import Case, Timeline
from followup_rules.matching import session
from followup_rules.matching.choose import FEW_CONDITIONS, SMALL, engine, why_not_durable
from followup_rules.matching.durable import DurableMatcher
from followup_rules.matching.native import NativeMatcher
from followup_rules.matching.truth import Answer, Truth
from followup_rules.matching.verify import VerifyMatcher
from followup_rules.model.application import Application
from followup_rules.model.words import DIRECTIONS
from followup_rules.rules import conditions as c
from followup_rules.rules.read_condition import read_condition
from followup_rules.timing.place import find_place
from reference.choose import RandomChoose, chance
from reference.strategies import random_case
from reference.when_builder import ATTRIBUTE_VALUES, ATTRIBUTES, ORDERING, build_pattern, build_when

needs_durable = pytest.mark.usefixtures("durable")

SEED = int(os.environ.get("FOLLOWUP_RULES_SEED", "1"))
SETS = int(os.environ.get("FOLLOWUP_RULES_SETS", "1500"))
PLACES = (None, find_place("Europe/Berlin", "DE", "BY"), find_place("America/New_York", "US", "NY"))
NOW = datetime(2026, 11, 20, 15, tzinfo=timezone.utc)


@pytest.fixture
def durable() -> None:
    """Skips in one place, so that the report has one line about it."""
    reason = why_not_durable()
    if reason:
        pytest.skip(f"THE DURABLE ENGINE IS NOT TESTED: {reason}")


def truths(answer: Answer, count: int) -> list[Truth]:
    return [answer.truths[index] for index in range(count)]


def timelines(seed: int) -> Iterator[Case]:
    """Each application of a random case, both ways and from one of the places."""
    choose = RandomChoose(seed)
    applications, _, now = random_case(seed)
    for raw in applications:
        try:
            application = Application.model_validate(raw)
        except ValueError:
            continue
        for direction in DIRECTIONS:
            yield Case(Timeline(application, now), direction, PLACES[choose.integer(0, 2)])


def tree(rng: random.Random, depth: int) -> c.Condition:
    """Deeper, wider and odder than a person would write it: engines see trees, not YAML."""
    kind = rng.randrange(10)
    if depth and kind < 6:
        items = tuple(tree(rng, depth - 1) for _ in range(rng.choice((1, 2, 2, 3, 3, 8))))
        return c.Not(items[0]) if kind == 0 else c.All(items) if kind < 4 else c.Any(items)
    if kind % 2:
        return leaf(rng)
    choose = RandomChoose(rng.randrange(10**9))
    if kind == 2:
        return read_condition({"happened": build_pattern(choose)})
    return read_condition(build_when(choose, 0))


def leaf(rng: random.Random) -> c.Condition:
    """A test of any value with any operator, with up to 40 constants."""
    fact = rng.choice([f"attributes.{name}" for name in ATTRIBUTES] + ["touches", "stage", "hours_since.message"])
    operator = rng.choice(("one_of", "one_of", "present", "contains", *ORDERING))
    if operator == "present":
        return c.Test(fact, operator, (rng.random() < 0.5,))
    if operator in ORDERING:
        return c.Test(fact, operator, (rng.choice((0, 1, 2, 2.5, 7, 24.5, -1e-05, 1e16)),))
    values = [*ATTRIBUTE_VALUES, *range(20), *(f"text {number}" for number in range(20)), "onsite", "offer"]
    many = rng.choice((1, 1, 2, 3, 12, 40)) if operator == "one_of" else 1
    return c.Test(fact, operator, tuple(rng.sample(values, many)))


def conditions_of(seed: int) -> tuple[c.Condition, ...]:
    rng, choose = random.Random(seed), RandomChoose(seed)
    found = []
    for _ in range(rng.randint(1, 6)):
        if chance(choose, 50):
            found.append(read_condition(build_when(choose, choose.integer(0, 4))))
        else:
            found.append(tree(rng, rng.choice((0, 1, 2, 2, 3, 4))))
    return tuple(found)


def assert_equal(conditions: tuple[c.Condition, ...], cases: list[Case]) -> Counter[Truth]:
    native, durable = NativeMatcher(conditions), DurableMatcher(conditions)
    seen: Counter[Truth] = Counter()
    for case in cases:
        expected = truths(native.match(case), len(conditions))
        answer = durable.match(case)
        assert not answer.disputed
        assert truths(answer, len(conditions)) == expected, (conditions, case)
        seen.update(expected)
    assert durable.declined == 0
    return seen


def application(events: list[dict[str, object]], **keys: object) -> Application:
    return Application.model_validate({"id": "a-1", "status": "active", "events": events, **keys})


def case_of(events: list[dict[str, object]], **keys: object) -> Case:
    return Case(Timeline(application(events, **keys), NOW), "candidate_to_employer", PLACES[1])


def message(number: int, **keys: object) -> dict[str, object]:
    at = (NOW - timedelta(hours=number + 1)).isoformat()
    return {"id": f"e{number}", "type": "message", "from": "candidate", "at": at, **keys}


@needs_durable
def test_engines_agree_on_random_conditions_and_timelines() -> None:
    seen: Counter[Truth] = Counter()
    sets: set[str] = set()
    cases = 0
    for seed in range(SEED * 1_000_000, SEED * 1_000_000 + SETS):
        conditions = conditions_of(seed)
        sets.add(repr(conditions))
        asked = [case for part in range(2) for case in timelines(2 * seed + part)]
        cases += len(asked)
        seen += assert_equal(conditions, asked)
    assert cases >= 7 * SETS
    assert len(sets) >= 0.9 * SETS
    assert min(seen[truth] for truth in Truth) > SETS / 10
    print(f"{len(sets)} sets of conditions, {cases} cases, {dict(seen)}")


@needs_durable
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**40), st.integers(0, 5), st.integers(0, 2**40))
def test_engines_agree_on_deep_trees(seed: int, depth: int, other: int) -> None:
    assert_equal((tree(random.Random(seed), depth), tree(random.Random(seed + 1), depth)), list(timelines(other)))


@needs_durable
def test_engines_agree_on_a_thousand_conditions_at_once() -> None:
    rng = random.Random(SEED)
    different = {repr(one): one for one in (tree(rng, number % 4) for number in range(1700))}
    conditions = tuple(different.values())
    assert len(conditions) >= 1000
    assert_equal(conditions, [case for seed in range(3) for case in timelines(seed)])


@needs_durable
@pytest.mark.parametrize("attributes", [{}, {f"a{number}": 5 for number in range(300)}])
def test_engines_agree_where_all_gates_match_at_once(attributes: dict[str, int]) -> None:
    tests = [c.Test(f"attributes.a{number}", "at_least", (5 - number % 2,)) for number in range(300)]
    wide = [kind(tuple(tests[start : start + 60])) for kind in (c.All, c.Any) for start in range(0, 300, 20)]
    assert_equal((*tests, *wide, *(c.Not(one) for one in wide)), [case_of([], attributes=attributes)])


@needs_durable
def test_engines_agree_on_alternating_depth() -> None:
    condition: c.Condition = c.Test("touches", "at_least", (1,))
    for depth in range(40):
        kind = c.All if depth % 2 else c.Any
        condition = kind((condition, c.Not(c.Test("attributes.x", "one_of", (depth, "onsite", True)))))
    for x in (1, 39, "onsite", True, None, 2.5):
        assert_equal((condition, c.Not(condition)), [case_of([message(1)], attributes={"x": x}), case_of([])])


@needs_durable
@pytest.mark.parametrize(
    "value",
    [
        0,
        -0.0,
        1,
        1.0,
        True,
        False,
        "1",
        "",
        "true",
        1e-05,
        1e16,
        10**400,
        -(10**400),
        2**53,
        2**53 + 1,
        float(2**53),
        [1],
        [],
        {"a": 1},
        {},
        "x" * 100_000,
        "\\u0000\"'%d{}",
        "ä\N{GRINNING FACE}",
        None,
    ],
)
def test_engines_agree_on_values_that_durable_rules_misreads(value: object) -> None:
    numbers = (0, 1, 1e-05, 1e16, 2**53, 2**53 + 1, 10**400, -1)
    constants = (
        *numbers,
        True,
        False,
        "1",
        "",
        "true",
        "x" * 100_000,
        "\\u0000\"'%d{}",
        "ä\N{GRINNING FACE}",
    )
    tests = [c.Test("attributes.v", "one_of", (constant,)) for constant in constants]
    tests += [c.Test("attributes.v", "one_of", constants), c.Test("attributes.v", "one_of", (True, "1", 1))]
    tests += [c.Test("attributes.v", operator, (number,)) for operator in ORDERING for number in numbers]
    tests += [c.Test("attributes.v", "contains", (constant,)) for constant in (1, "x", True)]
    assert_equal((*tests, *(c.Not(test) for test in tests)), [case_of([], attributes={"v": value})])


@needs_durable
def test_after_is_later_and_not_at_the_same_time() -> None:
    at = NOW - timedelta(hours=5)
    interview = {"id": "i", "type": "interview_completed", "at": at.isoformat()}
    conditions = tuple(
        read_condition({"happened": {"event": event, "after": after}})
        for event in ("message", "reply", "interview_completed")
        for after in ("message", "reply", "interview_completed", "applied")
    )
    shifts = [timedelta(microseconds=shift) for shift in (-1, 0, 1)]
    for side in ("candidate", "employer"):
        cases = [case_of([interview, message(1, at=(at + shift).isoformat(), **{"from": side})]) for shift in shifts]
        assert_equal(conditions, cases)


@needs_durable
def test_a_canceled_interview_and_the_future_are_not_seen() -> None:
    canceled = [
        {"id": "i", "type": "interview_completed", "at": (NOW - timedelta(hours=5)).isoformat()},
        {
            "id": "x",
            "type": "interview_canceled",
            "interview": "i",
            "at": (NOW - timedelta(hours=4)).isoformat(),
        },
        message(1, at=(NOW + timedelta(hours=1)).isoformat()),
    ]
    (condition,) = conditions = (
        read_condition({"happened": [{"event": "message"}, {"event": "interview_completed"}]}),
    )
    assert DurableMatcher((condition,)).match(case_of(canceled)).truths[0] is Truth.FALSE
    assert_equal(conditions, [case_of(canceled)])


@needs_durable
def test_a_timeline_too_large_for_working_memory_is_answered_natively() -> None:
    contacts = [f"u-{number}" for number in range(9)]
    conditions = tuple(read_condition({"happened": {"event": "message", "contact": contact}}) for contact in contacts)
    events = [
        message(mask, contacts=[contact for bit, contact in enumerate(contacts) if mask & 1 << bit])
        for mask in range(1, 450)
    ]
    case = case_of(events, contacts=[{"id": contact} for contact in contacts])
    matcher = DurableMatcher(conditions)
    answer = matcher.match(case)
    assert matcher.declined == 1
    assert not answer.disputed
    assert truths(answer, 9) == truths(NativeMatcher(conditions).match(case), 9)


@needs_durable
def test_events_that_no_pattern_can_tell_apart_do_not_fill_working_memory() -> None:
    events = [message(number, subject=f"number {number}") for number in range(3000)]
    conditions = (read_condition({"happened": {"event": "message", "after": "applied", "within": "3 days"}}),)
    applied = {"id": "p", "type": "applied", "at": (NOW - timedelta(minutes=61)).isoformat()}
    assert_equal(conditions, [case_of(events), case_of([*events, applied])])


@needs_durable
def test_threads_can_share_a_matcher() -> None:
    conditions = conditions_of(7)
    cases = [case for seed in range(20) for case in timelines(seed)]
    expected = [truths(NativeMatcher(conditions).match(case), len(conditions)) for case in cases]
    matcher = DurableMatcher(conditions)
    wrong: list[object] = []

    def work() -> None:
        for _ in range(5):
            for case, right in zip(cases, expected, strict=True):
                answer = matcher.match(case)
                if answer.disputed or truths(answer, len(conditions)) != right:
                    wrong.append(answer)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


SIMPLE = (
    read_condition({"touches": {"at_least": 1}}),
    read_condition({"happened": {"event": "message"}}),
    read_condition({"stage": "onsite", "attributes.tier": "gold"}),
)


@needs_durable
@pytest.mark.parametrize("fault", ["raises", "silent", "contradicts"])
def test_a_broken_engine_is_disputed_and_replaced(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    matcher, case = DurableMatcher(SIMPLE), case_of([message(1)])
    expected = truths(NativeMatcher(SIMPLE).match(case), 3)
    honest = session.Session.ask

    def ask(self: session.Session, fact: str) -> list[int]:
        if fault == "raises":
            raise MemoryError("out of memory")
        fired = honest(self, fact)
        return [] if fault == "silent" else [*fired, *(name ^ 3 for name in fired)]

    with monkeypatch.context() as patch:
        patch.setattr(session.Session, "ask", ask)
        for _ in range(3):
            answer = matcher.match(case)
            assert "durable-rules failed" in answer.disputed
            assert truths(answer, 3) == expected
    answer = matcher.match(case)
    assert not answer.disputed
    assert truths(answer, 3) == expected


@needs_durable
def test_an_interrupt_is_not_swallowed_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    matcher, case = DurableMatcher(SIMPLE), case_of([message(1)])

    def interrupt(self: session.Session, fact: str) -> list[int]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(session.Session, "ask", interrupt)
        with pytest.raises(KeyboardInterrupt):
            matcher.match(case)
    assert not matcher.match(case).disputed


class Planted:
    """Says the opposite about one condition."""

    name = "planted"

    def match(self, case: Case) -> Answer:
        right = truths(NativeMatcher(SIMPLE).match(case), 3)
        return Answer([right[0], Truth.FALSE, right[2]])


def test_verify_disputes_and_records_a_disagreement() -> None:
    matcher = VerifyMatcher(SIMPLE, Planted(), NativeMatcher(SIMPLE))
    assert not matcher.match(case_of([])).disputed
    assert matcher.disagreements == []
    answer = matcher.match(case_of([message(1)]))
    assert answer.disputed == "condition 2: planted says false, native says true"
    assert answer.truths[1] is Truth.TRUE
    (found,) = matcher.disagreements
    assert found == {"application": "a-1", "condition": 2, "answers": {"planted": "false", "native": "true"}}


@needs_durable
def test_verify_is_quiet_where_engines_agree() -> None:
    matcher = engine("verify", SIMPLE)
    assert isinstance(matcher, VerifyMatcher)
    assert not matcher.match(case_of([message(1)])).disputed
    assert matcher.disagreements == []


@needs_durable
def test_verify_passes_on_that_an_engine_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: session.Session, fact: str) -> list[int]:
        raise EngineFault("planted")

    matcher = VerifyMatcher(SIMPLE)
    monkeypatch.setattr(session.Session, "ask", broken)
    assert "planted" in matcher.match(case_of([])).disputed
    (found,) = matcher.disagreements
    assert found["condition"] == 0
    assert "planted" in found["answers"]["durable"]


@needs_durable
def test_auto_takes_durable_only_for_little() -> None:
    many = tuple(c.Test("touches", "at_least", (number,)) for number in range(FEW_CONDITIONS + 1))
    assert engine("auto", SIMPLE, 1).name == "durable"
    assert engine("auto", SIMPLE, SMALL).name == "durable"
    assert engine("auto", SIMPLE, SMALL + 1).name == "native"
    assert engine("auto", SIMPLE, None).name == "native"
    assert engine("auto", many, 1).name == "native"
    assert engine("auto", (), 1).name == "native"
    assert engine("durable", SIMPLE, 10**6).name == "durable"


@needs_durable
def test_auto_answers_natively_what_durable_rules_cannot_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: session.Session, rules: object) -> None:
        raise EngineFault("planted")

    monkeypatch.setattr(session.Session, "__init__", broken)
    conditions = (c.Test("touches", "at_least", (12345,)),)
    assert engine("auto", conditions, 1).name == "native"
    with pytest.raises(EngineFault):
        engine("durable", conditions, 1)


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(FollowupRulesError, match="use one of auto, durable, native, verify"):
        engine("durabel", SIMPLE, 1)


def test_without_the_library_only_what_needs_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    session._library.cache_clear()
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    try:
        assert "ImportError" in why_not_durable() or "ModuleNotFoundError" in why_not_durable()
        assert engine("auto", SIMPLE, 1).name == "native"
        assert engine("native", SIMPLE, 1).name == "native"
        for name in ("durable", "verify"):
            with pytest.raises(FollowupRulesError, match=r"pip install durable-rules==2\.0\.28"):
                engine(name, SIMPLE, 1)
    finally:
        session._library.cache_clear()


def run(code: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, "-c", textwrap.dedent(code)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_the_library_is_imported_only_when_it_is_used() -> None:
    found = run(
        """
        import sys
        import followup_rules.matching.choose as choose
        from followup_rules.matching.durable import DurableMatcher
        from followup_rules.rules.conditions import Test
        assert DurableMatcher(()).match(None) == ((), "")
        choose.engine("native", [Test("touches", "at_least", (1,))])
        choose.engine("auto", [Test("touches", "at_least", (1,))], None)
        choose.engine("auto", [], 1)
        print([name for name in sys.modules if name.startswith("durable")])
        """
    )
    assert found.stdout == "[]\n", found.stderr


# What both long runs share: one policy, one timeline, and the memory that is in use.
COMMON = """
import threading, resource
from datetime import datetime, timedelta, timezone
from followup_rules.facts import Case, Timeline
from followup_rules.matching.durable import DurableMatcher
from followup_rules.model.application import Application
from followup_rules.rules.read_condition import read_condition
now = datetime(2026, 11, 20, tzinfo=timezone.utc)
events = [
    {"id": f"e{n}", "type": "message", "from": "candidate", "channel": f"c{n % 4}",
     "at": (now - timedelta(hours=n)).isoformat()}
    for n in range(10)
]
case = Case(Timeline(Application.model_validate({"id": "a", "status": "active", "events": events}), now),
            "candidate_to_employer", None)
def policy(n):
    return (read_condition({"happened": {"event": "message", "channel": "c1", "after": "applied"}}),
            read_condition({"not_happened": {"event": "message", "channel": "c3", "within": f"{n} hours"}}),
            read_condition({"touches": {"at_least": n}, "stage": "onsite"}))
def used():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / 2**20
"""


@needs_durable
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_does_not_grow_with_evaluations() -> None:
    found = run(
        COMMON
        + textwrap.dedent(
            """
            matcher = DurableMatcher(policy(5))
            for _ in range(500):
                matcher.match(case)
            before = used()
            for _ in range(20_000):
                assert not matcher.match(case).disputed
            print(round(used() - before))
            """
        )
    )
    assert found.returncode == 0, found.stderr
    assert int(found.stdout) < 30


@needs_durable
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_hardly_grows_with_policies() -> None:
    found = run(
        COMMON
        + textwrap.dedent(
            """
            for n in range(100):
                DurableMatcher(policy(n)).match(case)
            before = used()
            for n in range(100, 1100):
                assert not DurableMatcher(policy(n)).match(case).disputed
            print(round(used() - before))
            """
        )
    )
    assert found.returncode == 0, found.stderr
    assert int(found.stdout) < 30


@needs_durable
def test_no_threads_and_no_warnings() -> None:
    found = run(
        COMMON
        + textwrap.dedent(
            """
            matcher = DurableMatcher(policy(5))
            assert not matcher.match(case).disputed
            assert DurableMatcher(policy(5))._compiled is matcher._compiled
            print(threading.active_count())
            """
        ),
        "-W",
        "error::DeprecationWarning",
    )
    assert (found.stdout, found.returncode) == ("1\n", 0), found.stderr
