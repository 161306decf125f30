"""FR704, FR705, FR706, FR708: rules in whose place another rule always speaks."""

from __future__ import annotations

from collections.abc import Iterator

from followup_rules.analysis.asked import Asked, Cooldown, FollowUp, Limit, Message, SendWindow, Stop, place
from followup_rules.analysis.finders.never import dead
from followup_rules.analysis.logic.lengths import never_shorter
from followup_rules.analysis.logic.oracle import Said
from followup_rules.analysis.situations import anchored
from followup_rules.analysis.wording import listed, quoted
from followup_rules.errors import Problem
from followup_rules.policy import Group
from followup_rules.rules.base import Restriction, Rule

_BESIDES = frozenset({"id", "title", "why", "source", "examples", "severity"})
_GRAVE = {"error": 3, "warning": 2, None: 2, "suggestion": 1}


def find(asked: Asked) -> Iterator[Problem]:
    """Every rule that is never the one that matters."""
    for group in asked.policy.groups:
        yield from _competing(asked, group)
    kinds: dict[str, list[Restriction]] = {}
    for rule in asked.restrictions:
        if not dead(asked, rule) and asked.covered[rule.id]:
            kinds.setdefault(rule.kind, []).append(rule)
    for rules in kinds.values():
        for rule in rules:
            if rule.id in asked.own_ids:
                yield from _held(asked, rule, [one for one in rules if one is not rule])


def same(left: Rule, right: Rule) -> bool:
    """True where two rules say the same, their names and reasons aside."""
    return left.kind == right.kind and all(
        getattr(left, name) == getattr(right, name)
        for name in type(left).model_fields
        if name not in _BESIDES and name != "when"
    ) and repr(left.condition) == repr(right.condition)  # fmt: skip


def _competing(asked: Asked, group: Group) -> Iterator[Problem]:
    earlier: list[FollowUp] = []
    for lane in group.lanes:
        rule = lane.rule
        if rule.id in asked.own_ids and earlier and not dead(asked, rule):
            yield from _shadowed(asked, rule, earlier)
        earlier.append(rule)


def _shadowed(asked: Asked, rule: FollowUp, earlier: list[FollowUp]) -> Iterator[Problem]:
    twin = next((one for one in earlier if same(one, rule)), None)
    if twin is not None:
        yield _twice(rule, twin)
        return
    own = [] if rule.condition is None else [Said(rule.condition, "holds")]
    always = [one for one in earlier if one.condition is None]
    others = [Said(one.condition, "not holds") for one in earlier if one.condition is not None]
    lane = asked.lanes[rule.id]
    about = f"{rule.place}: whether another rule always takes the place of '{rule.id}'"
    if always or asked.impossible([*own, *others], rule.direction, anchored(lane), about):
        by = always[:1] or [one for one in earlier if _implied(asked, rule, one)][:1] or earlier
        text = (
            f"'{rule.id}' is never used: whenever it could be, {quoted(one.id for one in by)} comes first "
            f"({by[0].place})"
        )
        hint = "put the narrower rule first, or give the other one a 'when'"
        yield Problem("FR704", text, rule.place, hint, "warning")


def _implied(asked: Asked, rule: FollowUp, by: FollowUp) -> bool:
    own = [] if rule.condition is None else [Said(rule.condition, "holds")]
    other = [] if by.condition is None else [Said(by.condition, "not holds")]
    return asked.impossible([*own, *other], rule.direction, anchored(asked.lanes[rule.id]))


def _twice(rule: Rule, twin: Rule) -> Problem:
    text = f"says the same as '{twin.id}' ({twin.place})"
    return Problem("FR706", text, place(rule, "id"), "keep one of them", "warning")


def _held(asked: Asked, rule: Restriction, others: list[Restriction]) -> Iterator[Problem]:
    mine = asked.order[rule.id]
    for other in others:
        if same(rule, other):
            if asked.order[other.id] < mine or other.id not in asked.own_ids:
                grave = _GRAVE[rule.severity] <= _GRAVE[other.severity] or not isinstance(rule, Message)
                if grave:
                    yield _twice(rule, other)
                    return
            continue
        if _wider(rule, other) and _stricter(rule, other) and _applies_too(asked, rule, other):
            mutual = _stricter(other, rule) and _wider(other, rule) and _applies_too(asked, other, rule)
            if mutual and asked.order[other.id] > mine and other.id in asked.own_ids:
                continue
            yield _covered(rule, other)
            return
    if isinstance(rule, Stop):
        yield from _stop(asked, rule, [one for one in others if isinstance(one, Stop)])


def _stop(asked: Asked, rule: Stop, others: list[Stop]) -> Iterator[Problem]:
    """A stop whose every word is another's too, or some of whose words are."""
    mine = asked.order[rule.id]
    by: dict[str, Stop] = {}
    for other in others:
        if other.since != rule.since and other.since != "ever":
            continue
        mutual = other.since == rule.since and _wider(other, rule) and _applies_too(asked, other, rule)
        if mutual and asked.order[other.id] > mine and other.id in asked.own_ids:
            continue
        if _wider(rule, other) and _applies_too(asked, rule, other):
            by.update((word, other) for word in other.on if word not in by)
    doubled = [word for word in rule.on if word in by]
    if not doubled:
        return
    ids = quoted(dict.fromkeys(by[word].id for word in doubled))
    whole = len(doubled) == len(rule.on)
    what = "changes nothing" if whole else f"says {listed(doubled)} again"
    text = f"{what}: {ids} already stops the same follow-ups on {listed(doubled) if whole else 'that'}"
    where = place(rule, "on", rule.on.index(doubled[0]))
    severity = "warning" if whole else "suggestion"
    yield Problem("FR705", text, rule.place if whole else where, "leave it out", severity)


def _wider(rule: Restriction, other: Restriction) -> bool:
    """True where the other speaks about every follow-up that the rule speaks about."""
    names = not other.follow_ups or (bool(rule.follow_ups) and set(rule.follow_ups) <= set(other.follow_ups))
    return names and other.direction in (None, rule.direction)


def _applies_too(asked: Asked, rule: Restriction, other: Restriction) -> bool:
    """True where the other applies whenever the rule does."""
    if other.condition is None or repr(other.condition) == repr(rule.condition):
        return True
    said = [Said(other.condition, "fails")]
    if rule.condition is not None:
        said.append(Said(rule.condition, "not fails"))
    about = f"{rule.place}: whether '{other.id}' applies wherever '{rule.id}' does"
    return all(asked.impossible(said, way, about=about) for way in asked.directions(rule))


def _stricter(rule: Restriction, other: Restriction) -> bool:
    """True where the other holds back at least as much."""
    if isinstance(rule, Limit) and isinstance(other, Limit):
        since = other.since is None or other.since == rule.since
        within = other.within is None or (rule.within is not None and never_shorter(other.within, rule.within))
        return other.at_most <= rule.at_most and since and within and _counts_more(rule.per, other.per)
    if isinstance(rule, Cooldown) and isinstance(other, Cooldown):
        longer = never_shorter(other.at_least, rule.at_least) and other.backoff >= rule.backoff
        return longer and _counts_more(rule.per, other.per)
    if isinstance(rule, SendWindow) and isinstance(other, SendWindow):
        return (
            rule.in_ == other.in_
            and _inside(other, rule)
            and (other.skip_holidays or not rule.skip_holidays)
            and (rule.fallback_timezone is None or rule.fallback_timezone == other.fallback_timezone)
        )
    if isinstance(rule, Message) and isinstance(other, Message):
        alike = rule.check == other.check and rule.with_ == other.with_
        return alike and _GRAVE[other.severity] >= _GRAVE[rule.severity]
    return False


def _counts_more(per: str, other: str) -> bool:
    return per == other or (per == "application" and other == "candidate")


def _inside(inner: SendWindow, outer: SendWindow) -> bool:
    return all(
        any(start <= first and last <= end for start, end in wide)
        for narrow, wide in zip(inner.open, outer.open, strict=True)
        for first, last in narrow
    )


def _counted_alike(rule: Limit, other: Limit) -> bool:
    return (rule.per, rule.within, rule.since) == (other.per, other.within, other.since)


def _covered(rule: Restriction, other: Restriction) -> Problem:
    alike = _wider(rule, other) and _wider(other, rule) and repr(rule.condition) == repr(other.condition)
    if alike and isinstance(rule, Limit) and isinstance(other, Limit) and _counted_alike(rule, other):
        text = f"allows {rule.at_most}, but '{other.id}' ({other.place}) allows {other.at_most} of the same"
        return Problem("FR708", text, place(rule, "at_most"), "only the smaller counts; keep one", "warning")
    if alike and isinstance(rule, Cooldown) and isinstance(other, Cooldown) and rule.per == other.per:
        text = f"asks for {rule.at_least}, but '{other.id}' ({other.place}) asks for {other.at_least} of the same"
        return Problem("FR708", text, place(rule, "at_least"), "only the longer counts; keep one", "warning")
    text = f"changes nothing: wherever it applies, '{other.id}' ({other.place}) is at least as strict"
    return Problem("FR705", text, rule.place, "leave it out, or make it stricter", "warning")
