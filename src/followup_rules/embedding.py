"""For programs that embed the engine: a policy in one call, and the findings on a message in another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from followup_rules.errors import InvalidInput
from followup_rules.facts import Timeline
from followup_rules.judge.admit import read_application
from followup_rules.judge.texts import Known, judge_text
from followup_rules.load.rulefiles import load_policy
from followup_rules.model.application import Application
from followup_rules.model.decision import Finding, Refusal
from followup_rules.model.faults import anywhere
from followup_rules.model.times import parse_time
from followup_rules.model.words import Direction
from followup_rules.plugins import load_plugins
from followup_rules.policy import Policy
from followup_rules.quality.own.quoted import set_aside
from followup_rules.quality.text import Text


def load_rules(*rules: str) -> Policy:
    """The policy of some rule files, folders or packs by name; without any, of the pack `default`.

    Raises:
        InvalidInput: every fault that was found, each with its place and its mend.
    """
    plugins = load_plugins()
    return load_policy(rules or ("default",), plugins.packs, plugins.checks).policy


def check_message(
    body: str,
    policy: Policy,
    subject: str = "",
    *,
    application: Application | object | None = None,
    now: datetime | None = None,
    direction: Direction | None = None,
    follow_up: str | None = None,
    contact: str | None = None,
    other_names: Sequence[str] | None = None,
) -> tuple[Finding, ...]:
    """What is wrong with a message, by the `message` rules of a policy. Quoted mail below it is not judged.

    Args:
        application: what it belongs to, validated or as plain data; without one the text alone is judged.
        now: the moment as of which the application is looked at; needed with one.
        direction: who writes to whom; rules for one direction are left out where it is not known.
        follow_up: which follow-up it is; rules for single follow-ups are left out where it is not known.
        contact: who of the employer's side writes or is written to, by id.
        other_names: people and companies of other applications, which have no place in it.

    Raises:
        InvalidInput: the application is refused.
        ValueError: there is an application and no `now`.
    """
    own = set_aside(body)
    timeline = None
    if application is not None:
        if now is None:
            raise ValueError("an application is looked at as of some moment: give `now`")
        read = application if isinstance(application, Application) else read_application(application, anywhere)
        if isinstance(read, Refusal):
            raise InvalidInput(read.problems)
        timeline = Timeline(read, parse_time(now))
    foreign = None if other_names is None else (lambda _application, _text: tuple(other_names))
    known = Known(timeline, direction, follow_up, contact, foreign)
    return judge_text(Text(own.text, subject, own.quoted), policy, known).findings
