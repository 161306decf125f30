"""Cases ready to be run: examples and scenarios alike are applications, and moments at which they are decided."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from followup_rules.errors import Place
from followup_rules.model.application import Application
from followup_rules.model.faults import Loc
from followup_rules.rules.examples import Expectation


class Expected(NamedTuple):
    """One expectation, its place, and its path in the file."""

    expectation: Expectation
    place: Place
    loc: Loc


class Scene(NamedTuple):
    """One moment: the applications as they are then, what must come out, and whether it is carried out.

    `written` is the moment as the file says it. `empty` is the path of an `expect` that is there and says nothing.
    """

    now: datetime
    written: str
    applications: tuple[Application, ...]
    expected: tuple[Expected, ...]
    place: Place
    carry_out: bool = False
    empty: Loc | None = None


class Case(NamedTuple):
    """One example or scenario. `rule` is the rule that it stands in, if any, whose own decisions it then means."""

    id: str
    title: str
    place: Place
    scenes: tuple[Scene, ...]
    code: str
    rule: str = ""
    picks_rule: bool = False
