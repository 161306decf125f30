"""`--update`: what came out, put into the files in the place of what was expected. Nothing else is touched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from followup_rules.errors import Place
from followup_rules.matching.truth import Matcher
from followup_rules.model.decision import Decision
from followup_rules.model.faults import Loc
from followup_rules.policy import Policy
from followup_rules.rules.cases import Case, Scene
from followup_rules.rules.examples import Expectation
from followup_rules.rules.expected import NONE
from followup_rules.testing.comparing import holds, picked, value_of
from followup_rules.testing.playing import play
from followup_rules.testing.splicing import Edit, Tree

_PLAIN: Final = re.compile(r"[A-Za-z_][\w./-]*", re.ASCII)
_NOT_TEXT: Final = ("true", "false", "null", "yes", "no", "on", "off")

Item = dict[str, Any]
"""One expectation as it is written: keys and values in order."""


class Change(NamedTuple):
    """What an `expect`, or one expectation of it, should say.

    `values` are single values to put in; where there are none, `items` are whole expectations.
    """

    place: Place
    loc: Loc
    values: Item
    items: tuple[Item, ...]


def changes(policy: Policy, cases: Iterable[Case], matcher: Matcher | None = None) -> Iterator[Change]:
    """What would have to be written so that every case comes out as it says."""
    for case in cases:
        own = case.rule if case.picks_rule else ""
        for scene, _, plan in play(case, policy, matcher):
            if plan.refused:
                continue
            if scene.empty is not None:
                items = tuple(_item(one, plan.decisions, scene) for one in plan.decisions)
                yield Change(scene.place, scene.empty, {}, items or ({"decision": NONE},))
            for expectation, place, loc in scene.expected:
                if not holds(plan, expectation, own):
                    found = picked(plan, expectation, own)
                    values, items = _instead(expectation, found, plan.decisions, scene)
                    yield Change(place, loc, values, items)


def _instead(
    expectation: Expectation, found: Sequence[Decision], all_: Sequence[Decision], scene: Scene
) -> tuple[Item, tuple[Item, ...]]:
    """Single values where all decisions agree and every key has one, else whole expectations."""
    if not found and [key for key, _ in expectation.wanted] == ["decision"]:
        return {"decision": NONE}, ()
    if not found:
        return {}, ({**expectation.picks, "decision": NONE},)
    told = [{key: value_of(one, key) for key, _ in expectation.wanted} for one in found]
    if told.count(told[0]) == len(told) and None not in told[0].values():
        wrong = {key: told[0][key] for key, wanted in expectation.wanted if not wanted.holds(told[0][key])}
        was_none = expectation.decision is not None and expectation.decision.exactly == NONE
        if not (was_none and len(wrong) == len(told[0])):
            return wrong, ()
    return {}, tuple({**expectation.picks, **_item(one, all_, scene)} for one in found)


def _item(decision: Decision, all_: Sequence[Decision], scene: Scene) -> Item:
    """An expectation that picks this decision and no other, and says the most important of it."""
    item: Item = {"application": decision.application} if len(scene.applications) > 1 else {}
    item["follow_up"] = decision.follow_up
    alike = [one for one in all_ if (one.application, one.follow_up) == (decision.application, decision.follow_up)]
    if len(alike) > 1:
        item["occasion"] = decision.occasion
        if sum(one.occasion == decision.occasion for one in alike) > 1:
            item["rule"] = decision.rule
    item |= {"decision": decision.decision, "reason": decision.reason}
    if decision.decision == "wait":
        item["until"] = decision.at
    return item


class Rewritten(NamedTuple):
    """A file as it would be, how many expectations were written, and those that must be mended by hand, and why."""

    text: str
    written: int
    left: tuple[tuple[Place, str], ...]


def rewrite(text: str, changes: Iterable[Change]) -> Rewritten:
    """A file with some changes; every character outside the expectations stays as it is."""
    tree = Tree(text)
    edits: list[Edit] = []
    left: list[tuple[Place, str]] = []
    written = 0
    for change in changes:
        why = _refused(change, tree)
        if why:
            left.append((change.place, why))
            continue
        written += 1
        edits += _edits(change, tree)
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return Rewritten(text, written, tuple(left))


def _refused(change: Change, tree: Tree) -> str:
    if tree.is_shared(change.loc):
        return "it is used in several places by an alias"
    if len(change.items) > 1 and "examples" in change.loc:
        return "several decisions come out, and an example speaks about one: name the one that is meant"
    return ""


def _edits(change: Change, tree: Tree) -> Iterator[Edit]:
    for key, value in change.values.items():
        yield Edit(*tree.span((*change.loc, key)), scalar(value))
    if not change.values:
        flow = [flow_item(item) for item in change.items]
        yield tree.listed(change.loc, flow)


def flow_item(item: Item) -> str:
    """One expectation on one line."""
    return "{" + ", ".join(f"{key}: {scalar(value)}" for key, value in item.items()) + "}"


def scalar(value: Any) -> str:
    """A value as YAML writes it; in quotes where it would be read as something else."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and (not _PLAIN.fullmatch(value) or value.lower() in _NOT_TEXT):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)
