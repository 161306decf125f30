"""The virtual clock: a case is decided moment by moment, and what is carried out is known at the next."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Final, NamedTuple

from followup_rules.judge.decide import decide
from followup_rules.matching.truth import Matcher
from followup_rules.model.application import Application, Event
from followup_rules.model.decision import Decision, Plan
from followup_rules.model.words import WRITER
from followup_rules.policy import Policy
from followup_rules.rules.cases import Case, Scene

_ORDER: Final = attrgetter("at", "id")


class Played(NamedTuple):
    """One moment, the applications as they were, and what was decided."""

    scene: Scene
    applications: tuple[Application, ...]
    plan: Plan


def play(case: Case, policy: Policy, matcher: Matcher | None = None) -> Iterator[Played]:
    """Every moment of a case, decided; no other clock is asked."""
    sent: dict[str, tuple[Event, ...]] = {}
    for number, scene in enumerate(case.scenes, 1):
        given = tuple(_with(one, sent[one.id]) if one.id in sent else one for one in scene.applications)
        plan = decide(given, policy, scene.now, matcher=matcher)
        yield Played(scene, given, plan)
        if scene.carry_out:
            due = (one for one in plan.decisions if one.decision == "send")
            for index, decision in enumerate(due, 1):
                message = _message(decision, scene, f"sent-{number}-{index}")
                sent[decision.application] = (*sent.get(decision.application, ()), message)


def _with(application: Application, sent: tuple[Event, ...]) -> Application:
    events = tuple(sorted((*application.events, *sent), key=_ORDER))
    return application.model_copy(update={"events": events})


def _message(decision: Decision, scene: Scene, name: str) -> Event:
    """The touch that a decision to send becomes. Its text is left open: a person may have changed the draft."""
    data = {"id": name, "type": "message", "at": scene.now, "from": WRITER[decision.direction]}
    named = {"contact": decision.contact} if decision.contact is not None else {}
    return Event.model_validate({**data, "follow_up": decision.follow_up, **named})
