"""What a running service knows: its store, the rules in force, its adapters, a clock. Handlers get it and keep nothing.

Service.ledger        the store of timelines, the outbox, the inbox and the timers: one database
Service.policy        the rules in force now, with Service.fingerprint
Service.clock()       the moment in UTC
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from followup_rules.delivering.ports import Fleet, Routing
from followup_rules.errors import FollowupRulesError
from followup_rules.load.configuration import GivenService, Read
from followup_rules.model.application import Application
from followup_rules.outbox.faults import OutboxFault
from followup_rules.outbox.ledger import Ledger
from followup_rules.policy import Pack, Policy
from followup_rules.syncing.names import StoredNames
from followup_rules.timers.rules import InForce, Rules, fingerprint_of
from followup_rules.web.slowing import Tries

if TYPE_CHECKING:
    from followup_rules.web.access import Gatekeeper

__all__ = ["InForce", "Rules", "Service", "Settings", "fingerprint_of"]

LARGEST_BODY: Final = 5_000_000


class Settings(NamedTuple):
    """How the service behaves. Lengths in bytes, times in seconds. Without `works` it only answers.

    `lease` is for how long an application that is being decided is one process's alone."""

    largest_body: int = LARGEST_BODY
    time_limit: float = 30.0
    session: float = 12 * 3600.0
    secure_cookie: bool = False
    works: bool = True
    lease: float = 60.0


@dataclass(frozen=True)
class Service:
    """Everything that a handler needs. `read` is the configuration with its places.

    `arm` makes adapters anew: each thread that speaks to other systems has its own.
    """

    ledger: Ledger
    rules: Rules
    clock: Callable[[], datetime]
    read: Read
    routing: Routing
    arm: Callable[[], Fleet]
    gatekeeper: Gatekeeper
    settings: Settings = field(default_factory=Settings)
    tries: Tries = field(default_factory=Tries)

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

    @cached_property
    def names(self) -> StoredNames:
        """The names of everybody in the store, made when somebody asks for the first time."""
        return StoredNames(self.ledger)

    def warm(self) -> None:
        """Read the names in the store now, so that nobody waits for it when the first draft is shown."""
        with suppress(FollowupRulesError):
            if self.policy.asks_for_names:
                self.names.foreign(Application(id="nobody", status="active"), "")

    def lacks(self) -> str | None:
        """Why it cannot work now, where it cannot."""
        try:
            count = self.rules.count(self.ledger)
        except OutboxFault as fault:
            return f"{fault.code}: {fault.problems[0].message}"
        if not count:
            return "FR973: other rules are in force for this store than this service has"
        return None

    @property
    def given(self) -> GivenService:
        """What the configuration says about serving."""
        return self.read.configuration.serve
