"""What of a history the rules can still see. Two histories that leave the same behind go on alike.

A residue is exact, and never cleverer than this; whatever is used in another way than named here is kept whole.

- Of an event that is only an anchor, or asked for by plain patterns and lengths of time, the latest counts: "latest
  after", "some after" and "some within" say the same of the latest as of all. So older ones are left out.
- An event that only stops is compared with anchors alone: it is later than one, or not. So its moment is left out, and
  all of it where no anchor lies before it; one that stops `ever` is a mark.
- An opt-out is there or taken back. What lies before the last of them is left out.
- A canceled interview is gone. One that is not may be canceled later, so two of each sort are kept; how many there are
  is counted up to two more than any condition names.
- Messages are kept whole, but for answers in a policy that only stops on them. So is everything where a property says
  `always`, because it looks back from later on.
- A status counts as it is now.

The order of two events at one instant is never seen, because "after" is strict: residues are sorted.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Final

from followup_rules.model.words import WRITER
from followup_rules.policy import Policy
from followup_rules.proving.histories import Happening, History, Symbol, events_of, status_of
from followup_rules.proving.slices import Sent
from followup_rules.rules import conditions as c
from followup_rules.rules.follow_up import FollowUp
from followup_rules.rules.restrictions import Cooldown, Limit, Stop

_INTERVIEWS: Final = ("interview_scheduled", "interview_completed")
_OPTING: Final = ("opted_out", "opted_in")
_REPLY_FACTS: Final = ("replies", "unanswered_touches")


class Eyes:
    """What some policies, each cut to one slice, can see of histories."""

    def __init__(self, policies: Sequence[Policy], sent: frozenset[Sent]) -> None:
        rules = [rule for policy in policies for rule in policy.rules]
        atoms = [atom for policy in policies for one in policy.conditions for atom in c.atoms(one)]
        claims = [item.claim for policy in policies for item in policy.properties]
        self._writers = {WRITER[way] for _, way in sent}
        self._anchors = {rule.after for rule in rules if isinstance(rule, FollowUp)}
        self._ever = {word for rule in rules if isinstance(rule, Stop) and rule.since == "ever" for word in rule.on}
        self._all = any(item.always is not None for policy in policies for item in policy.properties)
        asked = {name for atom in atoms for name in _names(atom)}
        whole = {name for atom in atoms if not _is_plain(atom) for name in _names(atom)}
        whole |= {str(name) for claim in claims for name in (claim.after, getattr(claim, "before", None)) if name}
        whole |= {name for claim in claims if claim.when for atom in c.atoms(claim.when) for name in _names(atom)}
        whole.add("stage_changed")
        if whole & {*_INTERVIEWS, "interview_canceled"} or "interview_canceled" in asked | self._anchors:
            whole |= {*_INTERVIEWS, "interview_canceled"}
        if (asked | whole | self._anchors) & {*_OPTING}:
            whole |= {*_OPTING}
        self._whole = whole
        self._latest = (asked | self._anchors) - whole - {"reply", "message"}
        answers = (
            any(
                (isinstance(rule, Cooldown) and rule.backoff != 1)
                or (isinstance(rule, Limit) and rule.since == "reply")
                for rule in rules
            )
            or "reply" in asked | whole | self._anchors
        )
        self._keeps_answers = answers or "message" in asked | whole
        counts = [value for atom in atoms if isinstance(atom, c.Test) for value in atom.values if _is_count(value)]
        self._count = max((int(value) for value in counts), default=0) + 2
        ends = {word for word in self._ever if all(_always_ends(each, word, sent) for each in policies)}
        self._ends = ends - {*_OPTING, *_INTERVIEWS, "reply"}

    def is_timeless(self, symbol: Symbol) -> bool:
        """True where nothing counts but whether an event comes after an anchor."""
        return not self._all and (self._kind(symbol) in ("stop", "opting") or symbol.type == "status")

    def is_over(self, history: History, applications: int) -> bool:
        """True where each application has an event after which nothing is sent for good."""
        over = {one.application for one in history if one.symbol.type in self._ends}
        return len(over) == applications and not self._all

    def residue(self, history: History, applications: int) -> Hashable:
        """What is left to see; where this is the same, so is all that is decided from now on."""
        if self._all:
            return history
        return tuple(self._of(history, number) for number in range(applications)), self._opted(history)

    def _kind(self, symbol: Symbol) -> str:
        name = symbol.type
        if name == "message":
            is_answer = symbol.from_ not in self._writers and not symbol.auto_reply and symbol.text is None
            return "stop" if is_answer and not self._keeps_answers else "whole"
        if name in self._whole or name == "status":
            return "whole"
        if name in _OPTING:
            return "opting"
        if name == "interview_canceled":
            return "cancels"
        return "latest" if name in self._latest else "stop"

    def _of(self, history: History, number: int) -> Hashable:
        told = events_of(history, number)
        void = {interview for _, _, interview in told if interview is not None}
        last = next((name for one, name, _ in reversed(told) if one.symbol.type in _INTERVIEWS), None)
        seen = [(one, name) for one, name, _ in told if name not in void or one.symbol.type not in _INTERVIEWS]
        kept: list[tuple[Happening, str]] = []
        stops: list[tuple[Happening, str]] = []
        for one, name in seen:
            kind = self._kind(one.symbol)
            if kind == "stop":
                stops.append((one, name))
            elif kind in ("whole", "latest"):
                kept.append((one, name))
        latest: dict[str, list[tuple[Happening, str]]] = {}
        for one, name in kept:
            if self._kind(one.symbol) == "latest":
                latest.setdefault(one.symbol.type, []).append((one, name))
        interviews = min(len(latest.get("interview_completed", ())), self._count)
        left = {type_: known[-2 if type_ in _INTERVIEWS else -1 :] for type_, known in latest.items()}
        kept = [each for each in kept if each[0].symbol.type not in left or each in left[each[0].symbol.type]]
        kept.sort(key=lambda each: (each[0].at, each[0].symbol.type))
        anchors = [one for one, _ in kept if one.symbol.type in self._anchors]
        if "reply" in self._anchors:
            anchors += [one for one, _ in kept if one.symbol.type == "message"]
        entries = tuple((one.at, one.symbol, name == last) for one, name in kept)
        return entries, frozenset(self._stops(stops, anchors, last)), interviews, status_of(history, number)

    def _stops(
        self, stops: Sequence[tuple[Happening, str]], anchors: Sequence[Happening], last: str | None
    ) -> Iterator[Hashable]:
        for one, name in stops:
            word = "reply" if one.symbol.type == "message" else one.symbol.type
            later = tuple(one.at > anchor.at for anchor in anchors)
            if any(later) or word in self._ever:
                yield word, later, name == last

    def _opted(self, history: History) -> Hashable:
        if _OPTING[0] in self._whole:
            return None
        out = max((one.at for one in history if one.symbol.type == "opted_out"), default=None)
        if out is None or any(one.symbol.type == "opted_in" and one.at > out for one in history):
            return None
        return "out", out == history[-1].at


def _names(atom: c.Test | c.Pattern) -> Iterator[str]:
    if isinstance(atom, c.Pattern):
        yield atom.event
        if atom.after is not None:
            yield atom.after
    elif "_since." in atom.fact:
        yield atom.fact.partition(".")[2]
    elif atom.fact == "interviews":
        yield "interview_completed"
    elif atom.fact == "promised_by_passed":
        yield "decision_promised"
    elif atom.fact in _REPLY_FACTS:
        yield "reply"


def _is_plain(atom: c.Test | c.Pattern) -> bool:
    """True where the latest event of its types says as much as all of them."""
    if not isinstance(atom, c.Pattern):
        return True
    return atom == c.Pattern(atom.event, after=atom.after, within=atom.within)


def _is_count(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _always_ends(policy: Policy, word: str, sent: frozenset[Sent]) -> bool:
    return any(
        isinstance(rule, Stop)
        and word in rule.on
        and rule.since == "ever"
        and rule.condition is None
        and all(rule.covers(*one) for one in sent)
        for rule in policy.rules
    )
