"""The newest applications of some source, and what is decided on them now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from followup_rules.adapter import Order
from followup_rules.delivering.ports import Fresh
from followup_rules.errors import Place
from followup_rules.facts import Timeline
from followup_rules.judge.admit import Register
from followup_rules.judge.decide import Decider
from followup_rules.load.applications import Read
from followup_rules.matching.native import NativeMatcher
from followup_rules.model.application import Application
from followup_rules.model.decision import Decision, Refusal
from followup_rules.policy import Policy

_STALE: Final = timedelta(seconds=5)


class Newest:
    """Decides one application at a time, and reads all of them again when `version` says that they have changed.

    Where rules count across applications all are decided together, at most every five seconds.
    """

    def __init__(self, policy: Policy, read: Callable[[], Iterable[Read]], version: Callable[[], object]) -> None:
        self._policy, self._read, self._version = policy, read, version
        self._matcher = NativeMatcher(policy.conditions)
        self._known: object = None
        self._register: Register | None = None
        self._taken_at: datetime | None = None
        self._applications: dict[str, Application] = {}
        self._together: dict[str, tuple[Decision, ...]] = {}

    def recheck(self, order: Order, now: datetime) -> Fresh | None:
        """The decision for the occasion of an order, taken once more."""
        self._look(now)
        application = self._applications.get(order.application)
        if application is None:
            return None
        for one in self._decide(application, now):
            if (one.rule, one.occasion) == (order.rule, order.occasion):
                return Fresh(one, application)
        return None

    def newest(self, application: str, now: datetime) -> tuple[Application, tuple[Decision, ...]] | Refusal | None:
        """An application with its decisions, or why it is refused; None where it is not there."""
        self._look(now)
        found = self._applications.get(application)
        if found is not None:
            return found, tuple(self._decide(found, now))
        refused = (item for item, _ in self._items if isinstance(item, Refusal) and item.application == application)
        return next(refused, None)

    def _look(self, now: datetime) -> None:
        version = self._version()
        stale = self._taken_at is None or not timedelta() <= now - self._taken_at < _STALE
        if self._register is not None and version == self._known and not stale:
            return
        read = list(self._read()) if version != self._known or self._register is None else None
        if read is not None:
            self._items = [(one.item, one.where.place) for one in read]
        self._known, self._taken_at = version, now
        register = Register(now, self._policy.counts_across, self._policy.asks_for_names)
        for item, _ in self._items:
            register.enter(item)
        self._register = register
        self._applications = {
            item.id: item
            for item, place in self._items
            if isinstance(item, Application) and register.refusal(item, place) is None
        }
        self._together = self._all(now) if self._policy.counts_across else {}

    def _all(self, now: datetime) -> dict[str, tuple[Decision, ...]]:
        assert self._register is not None  # noqa: S101
        decider = Decider(self._policy, now, self._register.siblings(), self._matcher)
        return {one.id: tuple(decider.decide(Timeline(one, now))) for one in self._applications.values()}

    def _decide(self, application: Application, now: datetime) -> Iterable[Decision]:
        if self._policy.counts_across:
            return self._together[application.id]
        assert self._register is not None  # noqa: S101
        decider = Decider(self._policy, now, self._register.siblings(), self._matcher)
        return decider.decide(Timeline(application, now))

    _items: Sequence[tuple[Application | Refusal, Callable[[], Place]]] = ()


def version_of_files(files: Sequence[Path]) -> Callable[[], object]:
    """What changes whenever one of the files does."""

    def version() -> object:
        return tuple(_mark(file) for file in files)

    return version


def _mark(file: Path) -> tuple[int, ...]:
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino
