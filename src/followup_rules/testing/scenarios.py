"""Running cases: examples inside rules and scenarios, with what came out otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from followup_rules.errors import Place
from followup_rules.matching.truth import Matcher
from followup_rules.policy import Policy
from followup_rules.report.words import moment
from followup_rules.rules.cases import Case, Scene
from followup_rules.testing.comparing import differences, holds
from followup_rules.testing.playing import Played, play


class Result(NamedTuple):
    """How one case came out; no differences means that it passed.

    `place` is that of the first expectation that did not hold, else that of the case. `code` says what sort of case it
    is: FR401 for an example, FR402 for a scenario. `seconds` is 0 where nobody gave a clock.
    """

    id: str
    title: str
    place: Place
    differences: tuple[str, ...]
    code: str
    rule: str = ""
    seconds: float = 0.0


def run(
    policy: Policy,
    cases: Iterable[Case],
    matcher: Matcher | None = None,
    *,
    clock: Callable[[], float] | None = None,
    watch: Callable[[Played], None] | None = None,
) -> Iterator[Result]:
    """How every case comes out. The same arguments give the same results; nothing is kept between two calls.

    Args:
        clock: measures how long each case takes.
        watch: is shown every moment that was decided.
    """
    for case in cases:
        begun = clock() if clock is not None else 0.0
        place, lines = _run(case, policy, matcher, watch)
        seconds = clock() - begun if clock is not None else 0.0
        yield Result(case.id, case.title, place or case.place, tuple(lines), case.code, case.rule, seconds)


def passes(policy: Policy, case: Case, matcher: Matcher | None = None) -> bool:
    """True where a case comes out as it says; stops at the first difference and words nothing."""
    own = case.rule if case.picks_rule else ""
    for scene, _, plan in play(case, policy, matcher):
        if plan.refused or scene.empty or not all(holds(plan, one.expectation, own) for one in scene.expected):
            return False
    return True


def _run(
    case: Case, policy: Policy, matcher: Matcher | None, watch: Callable[[Played], None] | None
) -> tuple[Place | None, list[str]]:
    """The place of the first difference, and all of them."""
    first: Place | None = None
    lines: list[str] = []
    for played in play(case, policy, matcher):
        if watch is not None:
            watch(played)
        for place, found in _of_scene(played, case):
            first = first or place
            lines += found
    return first, lines


def _of_scene(played: Played, case: Case) -> Iterator[tuple[Place, list[str]]]:
    scene, _, plan = played
    if plan.refused:
        yield scene.place, _headed(scene, [str(problem) for one in plan.refused for problem in one.problems])
        return
    if scene.empty is not None:
        text = "'expect' is empty: say what must come out, or let `test --update` write what does"
        yield scene.place, _headed(scene, [text])
    for expected in scene.expected:
        found = list(differences(plan, expected.expectation, case.rule if case.picks_rule else ""))
        if found:
            yield expected.place, _headed(scene, found, expected.place)


def _headed(scene: Scene, lines: list[str], place: Place | None = None) -> list[str]:
    """In a scenario, the moment stands above what was different then."""
    if not scene.written:
        return lines
    where = place or scene.place
    return [f"at {scene.written}, {moment(scene.now)} (line {where.line}):", *(f"  {line}" for line in lines)]
