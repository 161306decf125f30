"""What a running service knows: its store, the rules in force, its adapters, a clock. Handlers get it and keep nothing.

Service.ledger        the store of timelines, the outbox, the inbox and the timers: one database
Service.policy        the rules in force now, with Service.fingerprint
Service.clock()       the moment in UTC
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Final, NamedTuple

from followup_rules.delivering.ports import Fleet, Routing
from followup_rules.load.configuration import GivenService, Read
from followup_rules.outbox.faults import OutboxFault
from followup_rules.outbox.ledger import Ledger
from followup_rules.policy import Pack, Policy

if TYPE_CHECKING:
    from followup_rules.load.rulefiles import Loaded
    from followup_rules.web.access import Gatekeeper

LARGEST_BODY: Final = 5_000_000


class Settings(NamedTuple):
    """How the service behaves. Lengths in bytes, times in seconds."""

    largest_body: int = LARGEST_BODY
    time_limit: float = 30.0
    session: float = 12 * 3600.0
    secure_cookie: bool = False
    webhooks: bool = True
    workers: bool = True


class InForce(NamedTuple):
    """A policy with what it was made of. The fingerprint is the same for the same rules, wherever their files are."""

    policy: Policy
    packs: tuple[Pack, ...]
    fingerprint: str


@dataclass
class Rules:
    """The rules in force, and how they are read anew; nothing else in a service changes."""

    load: Callable[[], Loaded]
    now: InForce

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
            InvalidInput: they cannot be used; those before stay in force.
        """
        fresh = in_force(self.load())
        changed = fresh.fingerprint != self.now.fingerprint
        if changed:
            self.now = fresh
        return changed


@dataclass(frozen=True)
class Service:
    """Everything that a handler needs. `read` is the configuration with its places."""

    ledger: Ledger
    rules: Rules
    clock: Callable[[], datetime]
    read: Read
    routing: Routing
    fleet: Fleet
    gatekeeper: Gatekeeper
    settings: Settings = field(default_factory=Settings)
    parts: dict[str, object] = field(default_factory=dict)
    """Running parts by name: `intake`, `works`. Empty where the service only answers questions."""

    @property
    def policy(self) -> Policy:
        """The rules in force."""
        return self.rules.now.policy

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The packs that the policy was made of."""
        return self.rules.now.packs

    @property
    def fingerprint(self) -> str:
        """What changes whenever a rule, a template or a check does."""
        return self.rules.now.fingerprint

    def lacks(self) -> str | None:
        """Why it cannot work now, where it cannot."""
        try:
            self.ledger.counts()
        except OutboxFault as fault:
            return f"{fault.code}: {fault.problems[0].message}"
        return None

    @property
    def given(self) -> GivenService:
        """What the configuration says about serving."""
        return self.read.configuration.serve


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


_TELLS_NOTHING: Final = {"examples", "ignore", "title", "why", "source"}
"""What of a rule decides nothing."""
