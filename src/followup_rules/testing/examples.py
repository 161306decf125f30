"""The examples inside rules, as cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from followup_rules.load.rulefiles import Loaded
from followup_rules.matching.truth import Matcher
from followup_rules.policy import Pack
from followup_rules.rules.base import Rule
from followup_rules.rules.cases import Case, Expected, Scene
from followup_rules.rules.examples import Example
from followup_rules.testing.scenarios import Result, run


def cases_of(packs: Sequence[Pack]) -> Iterator[Case]:
    """Every example of the rules that stand in some packs; those of extended packs are tested there."""
    for pack in packs:
        for number, rule in enumerate(pack.rules):
            for index, example in enumerate(rule.examples):
                yield _case(rule, example, number, index)


def _case(rule: Rule, example: Example, number: int, index: int) -> Case:
    place = rule.place_of(("examples", index))
    loc = ("rules", number, "examples", index, "expect")
    expected = Expected(example.expect, place, loc)
    scene = Scene(example.at, "", example.given, (expected,), place)
    title = f"{rule.id}: {example.title or f'example {index + 1}'}"
    identity = f"{rule.place.file}::{title}"
    return Case(identity, title, place, (scene,), "FR401", rule.id, rule.kind == "follow_up")


def run_examples(loaded: Loaded, matcher: Matcher | None = None) -> Iterator[Result]:
    """How every example of the packs asked for comes out."""
    return run(loaded.policy, cases_of(loaded.packs), matcher)
