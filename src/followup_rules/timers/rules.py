"""The rules in force: a policy with its fingerprint, read anew where the store says that others count now."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import Final, NamedTuple

from followup_rules.errors import InvalidInput, Problem
from followup_rules.load.rulefiles import Loaded
from followup_rules.outbox.in_force import put_in_force, rules_in_force
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.timers import set_for_rules
from followup_rules.policy import Pack, Policy

_TELLS_NOTHING: Final = {"examples", "ignore", "title", "why", "source"}
"""What of a rule decides nothing."""


class InForce(NamedTuple):
    """A policy with what it was made of. The fingerprint is the same for the same rules, wherever their files are."""

    policy: Policy
    packs: tuple[Pack, ...]
    fingerprint: str


@dataclass
class Rules:
    """The rules of a process, and how they are read anew. `refused` is why those of the files do not count."""

    load: Callable[[], Loaded]
    now: InForce
    refused: tuple[Problem, ...] = ()
    _one_by_one: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @classmethod
    def read(cls, load: Callable[[], Loaded]) -> Rules:
        """The rules as they are now.

        Raises:
            InvalidInput: they cannot be used.
        """
        return cls(load, in_force(load()))

    def reload(self) -> bool:
        """Read them anew; True where they have changed.

        Raises:
            InvalidInput: they cannot be used; those before stay.
        """
        fresh = in_force(self.load())
        changed = fresh.fingerprint != self.now.fingerprint
        if changed:
            self.now, self.refused = fresh, ()
        return changed

    def take_up(self, ledger: Ledger, now: datetime) -> bool:
        """Read them anew and put them in force, whole or not at all; True where they have changed.

        Raises:
            InvalidInput: they cannot be used; those before stay, here and in the store.
            OutboxFault: the store is away; those before stay.
        """
        with self._one_by_one:
            try:
                fresh = in_force(self.load())
            except InvalidInput as error:
                self.refused = error.problems
                raise
            # First in the store: what does not count there is not decided by here.
            put_in_force(ledger, fresh.fingerprint, now)
            changed = fresh.fingerprint != self.now.fingerprint
            self.now, self.refused = (fresh if changed else self.now), ()
            set_for_rules(ledger, fresh.fingerprint, now)
            return changed

    def enter(self, ledger: Ledger, now: datetime) -> int:
        """Put these rules in force; how many applications are to be decided anew for it."""
        put_in_force(ledger, self.now.fingerprint, now)
        return set_for_rules(ledger, self.now.fingerprint, now)

    def count(self, ledger: Ledger) -> bool:
        """True where these are the rules that count. Where others do, the files are read anew: they may be those."""
        wanted = rules_in_force(ledger)
        if wanted in (None, self.now.fingerprint):
            return True
        try:
            self.reload()
        except InvalidInput:
            return False
        return wanted == self.now.fingerprint


def in_force(loaded: Loaded) -> InForce:
    """A policy that was read, with its fingerprint."""
    return InForce(loaded.policy, loaded.packs, fingerprint_of(loaded.policy))


def fingerprint_of(policy: Policy) -> str:
    """A short hash of all that decides: rules in their order, texts, checks and the program; not where files are."""
    told = [
        rule.model_dump(mode="json", exclude=_TELLS_NOTHING, by_alias=True, warnings=False) for rule in policy.rules
    ]
    checks = {name: check.name for name, check in sorted(policy.checks.items())}
    parts = [version("followup-rules"), told, dict(sorted(policy.templates.items())), checks]
    text = json.dumps(parts, ensure_ascii=True, sort_keys=True, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
