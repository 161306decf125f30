"""Which events a policy can tell apart. Two kinds of events that stand in the same rules at the same places are one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from followup_rules.model.words import ENDED, EVENT_TYPES, READER, WRITER, Side
from followup_rules.policy import Policy
from followup_rules.proving.histories import Symbol
from followup_rules.proving.slices import Sent
from followup_rules.rules import conditions as c
from followup_rules.rules.follow_up import FollowUp
from followup_rules.rules.restrictions import Cooldown, Limit, Stop

_BY_THEMSELVES = ("interview_scheduled", "interview_completed", "decision_promised", "opted_out", "stage_changed")
_PROMISES = (4, 15)


def alphabet(policies: Sequence[Policy], sent: Sequence[Sent], *, contacts: bool) -> tuple[Symbol, ...]:
    """One symbol for each kind of event that one of some policies can tell from the others, anchors first."""
    uses = _uses(policies)
    atoms = [atom for policy in policies for atom in _atoms(policy)]
    found: dict[frozenset[object], str] = {}
    for name in EVENT_TYPES:
        if uses.get(name) and name not in ("message", "interview_canceled", "opted_in"):
            found.setdefault(frozenset(uses[name]), name)
    symbols = [symbol for name in found.values() for symbol in _of_type(name, sent, atoms, contacts)]
    if "opted_out" in found.values():
        symbols.append(Symbol("opted_in"))
    if {"interview_scheduled", "interview_completed"} & {*found.values()}:
        symbols.append(Symbol("interview_canceled"))
    symbols += _messages(policies, sent, atoms, contacts)
    symbols += [Symbol("status", text="on_hold"), Symbol("status", text="active")]
    return tuple(dict.fromkeys(symbols))


def _uses(policies: Sequence[Policy]) -> dict[str, set[object]]:
    """For each event type, where it stands."""
    uses: dict[str, set[object]] = {}

    def use(name: str, how: object) -> None:
        uses.setdefault(name, set()).add(how)

    for number, policy in enumerate(policies):
        for rule in policy.rules:
            if isinstance(rule, FollowUp):
                use(rule.after, ("anchor", number, rule.id))
            if isinstance(rule, Stop):
                for name in rule.on:
                    use(name, ("stop", number, rule.id))
        for item in policy.properties:
            for key in ("after", "before"):
                told = getattr(item.claim, key, None)
                if told is not None:
                    use(told, (key, number, item.id))
        for atom in _atoms(policy):
            for name in _names_in(atom):
                use(name, (number, repr(atom), _role(atom, name)))
    for name in (*_BY_THEMSELVES, *(ENDED if _asks_status(policies) else ())):
        if name in uses:
            use(name, name)
    for name in ENDED:
        if name in uses:
            use(name, "closes")
    return uses


def _atoms(policy: Policy) -> Iterator[c.Test | c.Pattern]:
    for condition in policy.conditions:
        yield from c.atoms(condition)
    for item in policy.properties:
        if item.claim.when is not None:
            yield from c.atoms(item.claim.when)


def _asks_status(policies: Sequence[Policy]) -> bool:
    return any(isinstance(atom, c.Test) and atom.fact == "status" for one in policies for atom in _atoms(one))


def _names_in(atom: c.Test | c.Pattern) -> Iterator[str]:
    if isinstance(atom, c.Pattern):
        yield atom.event
        if atom.after is not None:
            yield atom.after
    elif "_since." in atom.fact:
        yield atom.fact.partition(".")[2]
    elif atom.fact in ("interviews", "promised_by_passed"):
        yield "interview_completed" if atom.fact == "interviews" else "decision_promised"


def _role(atom: c.Test | c.Pattern, name: str) -> tuple[bool, bool]:
    return (isinstance(atom, c.Pattern) and atom.event == name, isinstance(atom, c.Pattern) and atom.after == name)


def _of_type(name: str, sent: Sequence[Sent], atoms: Sequence[c.Test | c.Pattern], contacts: bool) -> Iterator[Symbol]:
    if name == "decision_promised":
        yield from (Symbol(name, days=days) for days in _PROMISES)
    elif name == "stage_changed":
        stages = [atom.to for atom in atoms if isinstance(atom, c.Pattern) and atom.to is not None]
        yield from (Symbol(name, text=stage) for stage in dict.fromkeys([*stages, "elsewhere"]))
    else:
        yield Symbol(name)
        if name == "interview_completed" and contacts and any(way == "candidate_to_employer" for _, way in sent):
            yield Symbol(name, contacts=("u-1", "u-2"))


def _messages(
    policies: Sequence[Policy], sent: Sequence[Sent], atoms: Sequence[c.Test | c.Pattern], contacts: bool
) -> Iterator[Symbol]:
    """Messages of both sides: with the labels that are counted, without one, and what answers them."""
    patterns = [atom for atom in atoms if isinstance(atom, c.Pattern)]
    asked = [one.follow_up for one in patterns if one.follow_up is not None]
    counts_all = any(
        isinstance(rule, Limit | Cooldown) and not rule.follow_ups for policy in policies for rule in policy.rules
    ) or any(isinstance(atom, c.Test) and "touches" in atom.fact for atom in atoms)
    ways = list(dict.fromkeys(way for _, way in sent))
    for way in ways:
        writer = WRITER[way]
        names = [name for name, direction in sent if direction == way]
        for label in dict.fromkeys([*names, *asked, *(["none"] if counts_all else []), None]):
            yield Symbol("message", writer, label)
        if contacts and way == "candidate_to_employer":
            yield Symbol("message", writer, names[0], contacts=("u-1",))
        if READER[way] not in [WRITER[one] for one in ways]:
            yield Symbol("message", READER[way])
    sides: tuple[Side, ...] = ("candidate", "employer")
    for pattern in patterns:
        if pattern.channel is not None:
            yield from (Symbol("message", side, text=pattern.channel) for side in sides)
    if any(pattern.auto_reply for pattern in patterns):
        yield from (Symbol("message", side, auto_reply=True) for side in sides)
