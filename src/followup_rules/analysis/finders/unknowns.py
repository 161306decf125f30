"""FR725, FR726: rules that do the unexpected where a fact is missing."""

from __future__ import annotations

from collections.abc import Iterator

from followup_rules.analysis.asked import Asked, FollowUp, Part, Stop, place, written
from followup_rules.errors import Problem
from followup_rules.rules.base import Restriction, Rule
from followup_rules.rules.conditions import Condition, Not, Pattern, Test, atoms

_MAY_LACK = ("attributes.", "candidate.", "job.", "stage", "hours_since.", "business_days_since.")


def find(asked: Asked) -> Iterator[Problem]:
    """Every condition that is unknown for most applications, in a way that its author may not have meant."""
    for rule in asked.own:
        if isinstance(rule, FollowUp):
            yield from _leaves_out(asked, rule)
        elif isinstance(rule, Restriction) and asked.covered[rule.id]:
            yield from _holds_all(asked, rule)


def _asks_presence(rule: Rule, fact: str) -> bool:
    return rule.condition is not None and any(
        isinstance(atom, Test) and atom.fact == fact and atom.operator == "present" for atom in atoms(rule.condition)
    )


def _holds_all(asked: Asked, rule: Restriction) -> Iterator[Problem]:
    """A restriction for those who have something, that holds for all of whom it is not known."""
    found = asked.parts(rule)
    if not found or not all(_unknown_alone(part.condition) for part in found):
        return
    for part in found:
        test = part.condition
        if not isinstance(test, Test) or _asks_presence(rule, test.fact):
            continue
        if test.fact.startswith("attributes.") or (isinstance(rule, Stop) and test.fact.startswith(_MAY_LACK)):
            does = "stops every follow-up" if isinstance(rule, Stop) else "also applies"
            text = f"where '{test.fact}' is not known this rule {does}, because it holds back in doubt"
            hint = f"ask for it too: {test.fact}: {{present: true, {_rest(rule, part)}}}"
            grave = "warning" if isinstance(rule, Stop) else "suggestion"
            yield Problem("FR725", text, place(rule, *part.loc), hint, grave)
            return


def _unknown_alone(condition: Condition) -> bool:
    """True where a part is unknown for an application that has nothing but what it must have."""
    return isinstance(condition, Test) and condition.operator != "present" and condition.fact.startswith(_MAY_LACK)


def _rest(rule: Rule, part: Part) -> str:
    raw = written(rule, part.loc)
    if part.loc[-1] in ("at_least", "at_most", "more_than", "less_than", "contains", "is", "one_of"):
        return f"{part.loc[-1]}: {_plain(raw)}"
    return f"one_of: [{', '.join(map(_plain, raw))}]" if isinstance(raw, list) else f"is: {_plain(raw)}"


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _leaves_out(asked: Asked, rule: FollowUp) -> Iterator[Problem]:
    """A follow-up for those who are not something, that leaves out all of whom it is not known."""
    for part in asked.parts(rule):
        inner = part.condition.item if isinstance(part.condition, Not) else None
        if isinstance(inner, Test) and inner.operator != "present" and inner.fact.startswith(_MAY_LACK):
            if inner.fact == f"hours_since.{rule.after}" or _asks_presence(rule, inner.fact):
                continue
            text = f"where '{inner.fact}' is not known '{rule.id}' is never sent, because '{part.text}' is then unknown"
            hint = f"say so under 'any', with {inner.fact}: {{present: false}}, or ask for {{present: true}} as well"
            grave = "warning" if inner.fact.startswith("attributes.") else "suggestion"
            yield Problem("FR726", text, place(rule, *part.loc), hint, grave)
        elif isinstance(inner, Pattern) and inner.after not in (None, rule.after):
            text = f"where there was no {inner.after} '{rule.id}' is never sent, because '{part.text}' is then unknown"
            if any(
                isinstance(one.condition, Pattern) and one.condition.event == inner.after for one in asked.parts(rule)
            ):
                continue
            hint = f"leave out 'after', or ask under 'any' for not_happened: {{event: {inner.after}}}"
            yield Problem("FR726", text, place(rule, *part.loc), hint, "warning")
