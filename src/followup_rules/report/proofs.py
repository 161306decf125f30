"""What `prove` found, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from followup_rules.proving.counterexamples import Counterexample
from followup_rules.proving.histories import application_id
from followup_rules.proving.prove import Proof
from followup_rules.proving.scenario import zone_of
from followup_rules.report.words import moment

KEPT: Final = (
    "sends more than the limits say, before a cooldown is over, after a stop, outside a window, before it opens, after "
    "it expires or twice for one step, or waits for nothing"
)

_CLOSELY: Final = "at, just before and just after each change"
_AT_CHANGES: Final = "at each change, begun in working hours"


def proof_lines(proof: Proof, name: str, properties: int) -> Iterator[str]:
    """The proof in lines, without the scenarios."""
    for one in proof.counterexamples:
        yield from told(one)
    for one in proof.unconfirmed:
        yield f"not confirmed: {one.code} {one.text}; the engine does not repeat it, please report this"
    if not proof.counterexamples and not proof.unconfirmed:
        and_more = f", or breaks one of {properties} properties" if properties > 1 else ""
        and_more = ", or breaks its property" if properties == 1 else and_more
        yield f"{name} holds: in no history that was searched it {KEPT}{and_more}"
    yield from _searched(proof)


def told(one: Counterexample) -> Iterator[str]:
    """A counterexample as a story."""
    zone = zone_of(one.profile)
    yield f"{one.rule.place}: {one.code} {one.text}"
    for index, event in enumerate(one.history, 1):
        which = f"{application_id(event.application)}: " if one.profile.applications > 1 else ""
        yield f"    {index}. {moment(event.at.astimezone(zone))}  {which}{event.symbol}"
    by = f", decided by {one.decided_by.id} ({one.decided_by.place})" if one.decided_by is not None else ""
    yield f"    then {moment(one.now.astimezone(zone))}  {one.follow_up}: {one.decision}{by}"


def _searched(proof: Proof) -> Iterator[str]:
    covered, bounds = proof.covered, proof.bounds
    for depths, moments in ((proof.at_changes, _AT_CHANGES), (proof.profiles, _CLOSELY)):
        for count in sorted({*depths.values()} - {0}, reverse=True):
            names = [name for name, deep in depths.items() if deep == count]
            if depths is proof.at_changes:
                names = [name for name in names if proof.profiles[name] < count]
            if names:
                yield f"  exhaustive: every history of up to {_count(count, 'event')}, {moments}: {'; '.join(names)}"
    if not any(proof.profiles.values()) and not any(proof.at_changes.values()):
        yield "  exhaustive: nothing, the bound on histories is too low"
    met = sum(covered.situations.values())
    if covered.longest > max((*proof.profiles.values(), *proof.at_changes.values()), default=0):
        what = f"one history of each situation, {met:,} in all" if met else "some histories"
        yield f"  searched: {what}, up to {_count(covered.longest, 'event')}"
    if proof.silent and not proof.counterexamples:
        yield f"  not reached: no history sent {', '.join(proof.silent)}, so nothing is said about it"
    for name in proof.too_long:
        yield f"  not looked at: the deadline of '{name}' is later than {_count(bounds.days, 'day')}; give more --days"
    yield (
        f"  looked at: {covered.histories:,} histories in {_count(bounds.days, 'day')}, {covered.looks:,} plans, "
        f"{proof.symbols} kinds of events, {_count(proof.slices, 'slice')} of the policy"
    )


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def proof_data(proof: Proof) -> dict[str, Any]:
    """The same for programs."""
    return {
        "holds": not proof.counterexamples and not proof.unconfirmed,
        "bounds": proof.bounds._asdict(),
        "exhaustive_events": proof.profiles,
        "exhaustive_events_at_changes": proof.at_changes,
        "situations": {str(events): count for events, count in sorted(proof.covered.situations.items())},
        "longest_history": proof.covered.longest,
        "histories": proof.covered.histories,
        "plans": proof.covered.looks,
        "kinds_of_events": proof.symbols,
        "parts": proof.slices,
        "not_reached": list(proof.silent),
        "too_long": list(proof.too_long),
        "counterexamples": [_as_data(one) for one in (*proof.counterexamples, *proof.unconfirmed)],
    }


def _as_data(one: Counterexample) -> dict[str, Any]:
    return {
        "code": one.code, "message": one.text, "replayed": one.replayed,
        "rule": one.rule.id, "file": one.rule.place.file, "line": one.rule.place.line,
        "application": one.application, "follow_up": one.follow_up, "direction": one.direction,
        "at": one.now.isoformat(), "decision": one.decision,
        "decided_by": one.decided_by.id if one.decided_by is not None else None,
        "profile": one.profile.name,
        "events": [
            {"at": event.at.isoformat(), "event": str(event.symbol), "application": application_id(event.application)}
            for event in one.history
        ],
    }  # fmt: skip
