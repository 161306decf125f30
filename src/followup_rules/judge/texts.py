"""A draft and what its application knows about it: the bridge from occasions to the checks of texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from followup_rules.check import Context
from followup_rules.facts import Case, Timeline
from followup_rules.judge.occasions import Occasion, place_of
from followup_rules.judge.restrain import applies
from followup_rules.matching.native import NativeMatcher
from followup_rules.matching.truth import Truth
from followup_rules.model.application import Application, Event, Person
from followup_rules.model.decision import Draft, Finding
from followup_rules.model.words import Direction
from followup_rules.policy import Policy
from followup_rules.quality.review import Asked, lacking, review
from followup_rules.quality.text import Text
from followup_rules.rules.restrictions import Message

Foreign = Callable[[Application, str], tuple[str, ...]]
"""Names of other applications that a text has something of."""


class Parties(NamedTuple):
    """Who writes to whom, as far as the application knows."""

    recipient: Person | None
    sender: Person | None


def parties(application: Application, direction: Direction, contact: str | None) -> Parties:
    """The two sides of a message; where the employer's side names nobody, the first contact listed writes."""
    candidate, listed = application.candidate, application.contacts
    if direction == "candidate_to_employer":
        return Parties(application.contact(contact), candidate)
    return Parties(candidate, application.contact(contact) or (listed[0] if listed else None))


def context_of(
    timeline: Timeline, direction: Direction | None, follow_up: str | None, who: Parties, others: tuple[str, ...] | None
) -> Context:
    """All that an application knows about a message in it."""
    application = timeline.application
    noted = [event.body for event in timeline.events if event.type == "note" and event.body]
    earlier = timeline.touches(direction) if direction is not None else []
    recipient, sender = who
    named = [application.candidate.name, *(contact.name for contact in application.contacts)]
    return Context(
        direction=direction,
        follow_up=follow_up,
        recipient=recipient.name if recipient is not None else None,
        sender=sender.name if sender is not None else None,
        company=application.job.company,
        role=application.job.title,
        notes=(*application.notes, *noted),
        skills=application.skills,
        people=tuple(name for name in named if name),
        other_names=others,
        thread=_thread(earlier) if direction is not None else None,
    )


def _thread(earlier: Sequence[Event]) -> tuple[str, ...] | None:
    """Earlier messages; not known where there are some and nobody kept their texts."""
    bodies = tuple(event.body for event in earlier if event.body)
    return None if earlier and not bodies else bodies


class Review:
    """The findings on the draft of an occasion: those that keep it from being sent, and all of them, when asked for."""

    def __init__(self, draft: Draft, occasion: Occasion, policy: Policy, foreign: Foreign) -> None:
        self._text = Text(draft.body, draft.subject)
        self._asked = [
            Asked(one.rule, policy.checks[one.rule.id])
            for one in occasion.lane.scope.messages
            if one.rule.id in policy.checks and applies(one, occasion)
        ]
        application, direction = occasion.timeline.application, occasion.direction
        contact = occasion.contact
        if contact is None and direction == "employer_to_candidate":
            contact = next(iter(occasion.anchor.named), None)
        who = parties(application, direction, contact)
        others = _others(self._text, application, self._asked, foreign)
        self._context = context_of(occasion.timeline, direction, occasion.lane.rule.follow_up, who, others)

    def errors(self) -> tuple[Finding, ...]:
        """What keeps it from being sent."""
        grave = review(self._text, self._context, [one for one in self._asked if one.severity == "error"])
        return tuple(finding for finding in grave if finding.severity == "error")

    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong with it."""
        return review(self._text, self._context, self._asked)


class Known(NamedTuple):
    """What is known of a message that no decision stands behind; what is not known is None.

    `timeline` is that of its application, `contact` who of the employer's side writes or is written to.
    """

    timeline: Timeline | None = None
    direction: Direction | None = None
    follow_up: str | None = None
    contact: str | None = None
    foreign: Foreign | None = None


NOTHING: Final = Known()
"""Nothing is known of a message but its text."""


class Checked(NamedTuple):
    """What is wrong with a message; what checks would need to know, and which; and the rules that were not asked."""

    findings: tuple[Finding, ...]
    lacking: Mapping[str, tuple[str, ...]]
    left_out: tuple[str, ...]


def judge_text(text: Text, policy: Policy, known: Known = NOTHING) -> Checked:
    """Judge a message by the `message` rules of a policy.

    A rule for one direction or some follow-ups is left out where direction or follow-up are not known. A rule whose
    condition is unknown is asked, as all rules that hold back.
    """
    timeline, direction, follow_up, contact, foreign = known
    truths = _truths(known)
    asked: list[Asked] = []
    left_out: list[str] = []
    for rule in policy.messages:
        unsure = (rule.direction is not None and direction is None) or (bool(rule.follow_ups) and follow_up is None)
        if unsure:
            left_out.append(rule.id)
        elif _covers(rule, direction, follow_up) and truths(rule) is not Truth.FALSE:
            asked.append(Asked(rule, policy.checks[rule.id]))
    context = Context(direction=direction, follow_up=follow_up)
    if timeline is not None:
        who = parties(timeline.application, direction, contact) if direction is not None else Parties(None, None)
        others = _others(text, timeline.application, asked, foreign) if foreign is not None else None
        context = context_of(timeline, direction, follow_up, who, others)
    return Checked(review(text, context, asked), lacking(context, asked), tuple(left_out))


def _covers(rule: Message, direction: Direction | None, follow_up: str | None) -> bool:
    """True where a rule speaks about a message; what it is not narrowed to need not be known."""
    return rule.direction in (None, direction) and (not rule.follow_ups or follow_up in rule.follow_ups)


def _truths(known: Known) -> Callable[[Message], Truth]:
    timeline, direction = known.timeline, known.direction
    if timeline is None or direction is None:
        return lambda rule: Truth.TRUE if rule.condition is None else Truth.UNKNOWN
    case = Case(timeline, direction, place_of(timeline, direction, known.contact))
    return lambda rule: Truth.TRUE if rule.condition is None else NativeMatcher([rule.condition]).match(case).truths[0]


def _others(text: Text, application: Application, asked: Sequence[Asked], foreign: Foreign) -> tuple[str, ...] | None:
    """Names of other applications, looked for only where a rule asks about them."""
    if not any(one.check.name == "other_names" for one in asked):
        return None
    return foreign(application, f"{text.subject}\n{text.body}")
