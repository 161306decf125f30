"""Drafts in files, judged with what their application knows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from followup_rules.errors import InvalidInput, Place, Problem, did_you_mean
from followup_rules.facts import Timeline
from followup_rules.judge.names import Names
from followup_rules.judge.texts import Checked, Known, judge_text
from followup_rules.load.applications import Read
from followup_rules.load.messages import MessageFile
from followup_rules.model.application import Application
from followup_rules.model.words import Direction
from followup_rules.policy import Policy


class Wanted(NamedTuple):
    """What the user says about a draft; None where it is to be found out."""

    application: str | None = None
    direction: Direction | None = None
    follow_up: str | None = None
    contact: str | None = None


class Applications:
    """All applications that were given: the one that a draft belongs to, and whose names are foreign to it."""

    def __init__(self, read: Iterable[Read], wanted: str | None) -> None:
        self._names = Names(sqlite3.connect(":memory:"))
        self.problems: list[Problem] = []
        self.found: Application | None = None
        known: list[str] = []
        refused = False
        for one in read:
            if not isinstance(one.item, Application):
                self.problems += one.item.problems
                refused = refused or one.item.application == wanted
                continue
            known.append(one.item.id)
            self._names.enter(one.item)
            if one.item.id == wanted:
                self.found = one.item
        if wanted is not None and (refused or known.count(wanted) != 1):
            hint = did_you_mean(wanted, known) if wanted not in known else ""
            why = "is refused" if refused else "comes more than once" if wanted in known else "is not there"
            told = f"the application '{wanted}' {why}"
            raise InvalidInput([*self.problems, Problem("FR309", told, Place("--application"), hint)])

    def foreign(self, application: Application, text: str) -> tuple[str, ...]:
        """Names of other applications that a text has something of."""
        return self._names.foreign(application, text)


def check_file(
    draft: MessageFile, policy: Policy, wanted: Wanted, now: datetime, applications: Applications | None
) -> tuple[Checked, Known]:
    """Judge the draft in a file, and tell what was known about it.

    Raises:
        InvalidInput: the contact that was named is not listed in the application.
    """
    application = applications.found if applications is not None else None
    if applications is None or application is None:
        known = Known(None, wanted.direction, wanted.follow_up)
        return judge_text(draft.text, policy, known), known
    direction = wanted.direction or _direction(draft, application)
    contact = _contact(draft, application, wanted.contact, direction)
    known = Known(Timeline(application, now), direction, wanted.follow_up, contact, applications.foreign)
    return judge_text(draft.text, policy, known), known


def _direction(draft: MessageFile, application: Application) -> Direction | None:
    """Who writes to whom, by the addresses in the head, else by whose name stands in salutation and closing."""
    candidate = application.candidate
    if candidate.email:
        if any(_same(address.email, candidate.email) for address in draft.senders):
            return "candidate_to_employer"
        if any(_same(address.email, candidate.email) for address in draft.recipients):
            return "employer_to_candidate"
    for contact in application.contacts:
        if contact.email and any(_same(address.email, contact.email) for address in draft.recipients):
            return "candidate_to_employer"
        if contact.email and any(_same(address.email, contact.email) for address in draft.senders):
            return "employer_to_candidate"
    names = {word.casefold() for word in (candidate.name or "").split() if len(word) > 1}
    text = draft.text
    greeted, signed = text.body[text.greeting.start : text.greeting.end], text.body[text.closing :]
    in_greeting, in_closing = (bool(names & _words(part)) for part in (greeted, signed))
    if in_greeting is in_closing:
        return None
    return "employer_to_candidate" if in_greeting else "candidate_to_employer"


def _contact(
    draft: MessageFile, application: Application, wanted: str | None, direction: Direction | None
) -> str | None:
    """Who of the employer's side takes part: the one named, by address, by name, or the only one there is."""
    listed = application.contacts
    if wanted is not None:
        if application.contact(wanted) is None:
            hint = did_you_mean(wanted, [one.id for one in listed])
            told = f"the application '{application.id}' lists no contact '{wanted}'"
            raise InvalidInput([Problem("FR207", told, Place(draft.shown), hint)])
        return wanted
    addresses = [one.email for one in (draft.recipients if direction == "candidate_to_employer" else draft.senders)]
    for contact in listed:
        if contact.email and any(_same(address, contact.email) for address in addresses):
            return contact.id
    text = draft.text
    to_employer = direction == "candidate_to_employer"
    part = text.body[text.greeting.start : text.greeting.end] if to_employer else text.body[text.closing :]
    words = _words(part)
    for contact in listed:
        if words & {word.casefold() for word in (contact.name or "").split() if len(word) > 1}:
            return contact.id
    return listed[0].id if len(listed) == 1 else None


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _words(text: str) -> set[str]:
    return {word.strip(".,:;!").casefold() for word in text.split()}
