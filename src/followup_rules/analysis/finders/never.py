"""FR701, FR723, FR727: rules and steps that no application ever meets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from followup_rules.analysis.asked import Asked, Cooldown, FollowUp, Limit, Part, Stop, place
from followup_rules.analysis.logic import formula as f
from followup_rules.analysis.logic.oracle import Said
from followup_rules.analysis.situations import ACTIVE
from followup_rules.analysis.wording import ordinal, quoted
from followup_rules.errors import Place, Problem
from followup_rules.model.words import WRITER
from followup_rules.policy import Lane
from followup_rules.rules.base import Restriction, Rule
from followup_rules.rules.conditions import All, Condition, Pattern, atoms
from followup_rules.rules.restrictions import MUST_STOP


def find(asked: Asked) -> Iterator[Problem]:
    """Every rule and every step that can never come to anything."""
    for rule in asked.own:
        if isinstance(rule, FollowUp):
            yield from _follow_up(asked, asked.lanes[rule.id])
        elif isinstance(rule, Restriction):
            yield from _restriction(asked, rule)


def dead(asked: Asked, rule: Rule) -> bool:
    """True where the condition of a rule can never be met, whatever the application."""
    known = asked.dead.get(rule.id)
    if known is None:
        known = asked.dead[rule.id] = rule.condition is not None and _is_dead(asked, rule, rule.condition)
    return known


def _is_dead(asked: Asked, rule: Rule, condition: Condition) -> bool:
    said = [Said(condition, "holds" if isinstance(rule, FollowUp) else "not fails")]
    return all(asked.impossible(said, way, f.YES, _about(rule)) for way in asked.directions(rule))


def _about(rule: Rule) -> str:
    return f"{rule.place}: whether the condition of '{rule.id}' can ever hold"


def _follow_up(asked: Asked, lane: Lane) -> Iterator[Problem]:
    rule, way = lane.rule, lane.rule.direction
    said = [] if rule.condition is None else [Said(rule.condition, "holds")]
    if dead(asked, rule):
        yield _contradiction(asked, rule)
    elif asked.impossible([], way, asked.situation(lane)):
        stop = _ended_by(lane)
        text = f"'{rule.id}' is stopped before it begins: '{stop.id}' stops since ever on what it counts from"
        yield Problem("FR727", text, rule.place, f"give '{stop.id}' since: anchor, or a 'when'")
    elif said and asked.impossible(said, way, ACTIVE):
        text = "this holds only for applications whose status stops or holds every follow-up, so it is never sent"
        yield Problem("FR701", text, _guilty(asked, rule, ACTIVE), "write 'status: active', or leave the status out")
    elif said and asked.impossible(said, way, asked.situation(lane)):
        text = f"when this holds, the stop rules have already ended '{rule.id}', so it is never sent"
        yield Problem(
            "FR727", text, _guilty(asked, rule, asked.situation(lane)), "change the condition or the stop rule"
        )
    elif said:
        yield from _steps(asked, lane, rule.condition)


def _ended_by(lane: Lane) -> Stop:
    found = (one.rule for one in lane.scope.stops if one.rule.since == "ever" and lane.rule.after in one.rule.on)
    return next(found)


def _steps(asked: Asked, lane: Lane, condition: Condition | None) -> Iterator[Problem]:
    rule, cadence = lane.rule, lane.rule.cadence
    if condition is None:
        return
    said = [Said(condition, "holds")]
    for step in range(len(cadence)):
        context = f.both(asked.situation(lane, step), *(_own_label(lane, condition) if step else ()))
        if not asked.impossible(said, rule.direction, context):
            continue
        which = "it" if len(cadence) == 1 else f"its {ordinal(step + 1)} step"
        text = f"{which} can never be sent: by then the condition of '{rule.id}' no longer or not yet holds"
        hint = "ask only for what is still so when the step is due"
        if step and not asked.impossible(said, rule.direction, asked.situation(lane, 0)):
            hint = f"after the first message there is one; {hint}"
        yield Problem("FR723", text, _guilty(asked, rule, context), hint, "warning")


def _own_label(lane: Lane, condition: Condition) -> Iterator[f.Formula]:
    """The message that was sent for the step before carries the follow-up's name."""
    writer = WRITER[lane.rule.direction]
    for atom in atoms(condition):
        if isinstance(atom, Pattern) and atom.follow_up == lane.rule.follow_up and atom.event == "message":
            plain = not (atom.contact or atom.channel or atom.auto_reply or atom.within)
            if plain and atom.from_ in (None, writer) and atom.after in (None, lane.rule.after):
                yield f.Fact(f"seen {atom!r}")


def _restriction(asked: Asked, rule: Restriction) -> Iterator[Problem]:
    covered = asked.covered[rule.id]
    sent = {one.follow_up for one in asked.follow_ups}
    if asked.follow_ups and not covered:
        if not rule.follow_ups or sent.intersection(rule.follow_ups):
            text = f"no follow-up travels this way, so '{rule.id}' never applies"
            yield Problem("FR701", text, place(rule, "direction"), "correct the direction, or leave it out")
        return
    if isinstance(rule, Cooldown) and rule.at_least.amount == 0:
        yield Problem("FR701", "a wait of no time holds nothing back", place(rule, "at_least"), "give it a length")
    if isinstance(rule, Limit) and rule.within is not None and rule.within.amount == 0:
        text = "in no time nothing can be counted, so this limit is never reached"
        yield Problem("FR701", text, place(rule, "within"), "write a length such as 30 days")
    if isinstance(rule, Stop) and rule.since == "anchor" and covered:
        yield from _own_anchor(rule, covered)
    if rule.condition is None:
        return
    said = [Said(rule.condition, "not fails")]
    if dead(asked, rule):
        yield _contradiction(asked, rule)
    elif all(asked.impossible(said, way, ACTIVE) for way in asked.directions(rule)):
        text = "this holds only where the status stops or holds every follow-up anyway, so the rule changes nothing"
        yield Problem("FR701", text, _guilty(asked, rule, ACTIVE), "leave the rule or the status out", "warning")
    elif covered and all(
        asked.impossible(said, one.direction, asked.situation(asked.lanes[one.id], None, rule.condition))
        for one in covered
    ):
        text = "when this holds, other stop rules have ended every follow-up already, so the rule changes nothing"
        yield Problem("FR701", text, place(rule, "when"), "leave the rule out, or change the other one", "warning")


def _own_anchor(rule: Stop, covered: Sequence[FollowUp]) -> Iterator[Problem]:
    anchors = {one.after for one in covered}
    for number, word in enumerate(rule.on):
        if anchors == {word} and word not in MUST_STOP:
            text = f"never stops: the follow-ups count from the latest {word}, and no later one can come"
            severity = "error" if len(rule.on) == 1 else "warning"
            hint = "each new one begins anew; leave it out, or say since: ever"
            yield Problem("FR701", text, place(rule, "on", number), hint, severity)


def _contradiction(asked: Asked, rule: Rule) -> Problem:
    guilty = core(asked, rule, f.YES)
    if len(guilty) > 1:
        text = f"{quoted(part.text for part in guilty)} can never hold together, so '{rule.id}' never applies"
        hint = "no application has both; put alternatives under 'any'" if len(guilty) == 2 else "leave one of them out"
    elif guilty:
        text, hint = f"'{guilty[0].text}' can never hold, so '{rule.id}' never applies", "correct it or leave it out"
    else:
        text, hint = f"the condition can never hold, so '{rule.id}' never applies", "correct it or leave it out"
    where = place(rule, *guilty[-1].loc) if guilty else place(rule, "when")
    return Problem("FR701", text, where, hint)


def _guilty(asked: Asked, rule: Rule, context: f.Formula) -> Place:
    found = core(asked, rule, context)
    return place(rule, *found[-1].loc) if found else place(rule, "when")


def core(asked: Asked, rule: Rule, context: f.Formula) -> list[Part]:
    """The few entries of a condition that cannot be together; empty where that cannot be said."""
    truth = "holds" if isinstance(rule, FollowUp) else "not fails"
    ways = asked.directions(rule)

    def never(some: Sequence[Part]) -> bool:
        if not some:
            return False
        whole = some[0].condition if len(some) == 1 else All(tuple(part.condition for part in some))
        return all(asked.impossible([Said(whole, truth)], way, context) for way in ways)

    left = asked.parts(rule)
    if not never(left):
        return []
    for part in left:
        if never([part]):
            return [part]
    for part in tuple(left):
        fewer = [one for one in left if one is not part]
        if never(fewer):
            left = fewer
    return left
