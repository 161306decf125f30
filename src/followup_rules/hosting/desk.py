"""A policy and a form, compiled once, that are asked about one record at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from followup_rules.embedding import load_rules
from followup_rules.errors import Place, Problem
from followup_rules.facts import Timeline
from followup_rules.hosting.form import Form
from followup_rules.hosting.prints import fingerprint_of
from followup_rules.hosting.reaching import Reach, reach
from followup_rules.hosting.records import application_of, with_touches
from followup_rules.hosting.rows import FollowUp, row_of
from followup_rules.hosting.waking import look_again, reads_the_clock
from followup_rules.judge.admit import Register, read_application
from followup_rules.judge.decide import Decider
from followup_rules.judge.portfolio import Portfolio
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.model.faults import anywhere
from followup_rules.model.times import FIRST_YEAR, UTC, parse_time
from followup_rules.model.words import Direction
from followup_rules.policy import Policy

_LONG_AGO: Final = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)


class Look(NamedTuple):
    """What is decided about one record now; nothing, and the problems, where it is refused.

    `again` is when a timer must look once more: until then time alone changes nothing. None: only something that
    happens does. `fingerprint` is that of the rules; with another one the record is to be decided anew.
    """

    application: str | None
    at: datetime
    fingerprint: str
    rows: tuple[FollowUp, ...] = ()
    again: datetime | None = None
    problems: tuple[Problem, ...] = ()


class Desk:
    """Decides the records of one host. Holds no state but the compiled rules; many threads may ask it.

    Args:
        policy: the rules.
        form: what the host's fields mean; without one it is given applications, or plain data in their form.
        direction: only follow-ups that travel this way are told.
        step: how a field of a host's record is reached.
    """

    def __init__(
        self, policy: Policy, form: Form | None = None, *, direction: Direction | None = None, step: Reach = reach
    ) -> None:
        self.policy: Final = policy
        self.form: Final = form
        self.direction: Final = direction
        self.fingerprint: Final = fingerprint_of(policy)
        self.needs_all: Final = policy.counts_across or policy.asks_for_names
        """True where `beside` must hold every other record, and not only those of the same candidate."""
        self._step, self._clocked = step, reads_the_clock(policy)
        self._decider = Decider(policy, _LONG_AGO, Portfolio())

    @classmethod
    def open(
        cls, rules: Sequence[str] = (), form: Form | None = None, *,
        direction: Direction | None = None, step: Reach = reach,
    ) -> Desk:  # fmt: skip
        """A desk for rule files, folders or packs by name; without any, for the pack `default`.

        Raises:
            InvalidInput: every fault of the rules that was found, each with its place and its mend.
        """
        return cls(load_rules(*rules), form, direction=direction, step=step)

    def read(self, record: Any, touches: Iterable[Mapping[str, Any]] = ()) -> Application | Refusal:
        """The application that a record is, with what people have marked as done."""
        if isinstance(record, Application | Refusal):
            return record
        if self.form is None:
            return read_application(with_touches(record, touches), anywhere)
        return application_of(self.form, record, touches, self._step)

    def decide(self, item: Application | Refusal, now: datetime, beside: Iterable[Application | Refusal] = ()) -> Look:
        """What is to be done about one application now.

        Args:
            item: what `read` gave.
            now: the moment of deciding, with a time zone.
            beside: the other applications of the same candidate, whose opt-outs count here; every other one where
                `needs_all` says so. A refused one of the same candidate holds this one.

        Raises:
            PydanticCustomError: FR205, when `now` has no time zone or is out of range.
        """
        now = parse_time(now)
        register = Register(now, self.policy.counts_across, self.policy.asks_for_names)
        others = list(beside)
        for one in (item, *others):
            register.enter(one)
        if isinstance(item, Refusal):
            return Look(item.application, now, self.fingerprint, problems=item.problems)
        refusal = register.refusal(item, lambda: Place(f"record {item.id}"))
        if refusal is not None:
            return Look(item.id, now, self.fingerprint, problems=refusal.problems)
        decider = self._decider.at(now, register.siblings(), {})
        if self.policy.counts_across:
            # What is sent for those before it counts; by id, so that all are asked about in one order.
            before = [one for one in others if isinstance(one, Application) and one.id < item.id]
            for one in sorted(before, key=lambda other: other.id):
                if register.refusal(one, lambda: Place("")) is None:
                    list(decider.decide(Timeline(one, now)))
        decisions = [one for one in decider.decide(Timeline(item, now)) if self.direction in (None, one.direction)]
        again = look_again(item, decisions, now, clocked=self._clocked)
        return Look(item.id, now, self.fingerprint, tuple(row_of(one, item) for one in decisions), again)
