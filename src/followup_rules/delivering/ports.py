"""What delivering needs of the world: the newest decision, adapters by name, a clock, and a way to wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from followup_rules.adapter import Adapter, Order
from followup_rules.model.application import Application
from followup_rules.model.decision import Decision

Clock = Callable[[], datetime]
"""The moment in UTC."""

Sleep = Callable[[float], None]
"""Waits some seconds, or less where it is woken."""


class Fresh(NamedTuple):
    """What is decided now about the occasion of an order, and on which application."""

    decision: Decision
    application: Application


class Timelines(Protocol):
    """Where the newest applications are: files, or a store beside the outbox."""

    def recheck(self, order: Order, now: datetime) -> Fresh | None:
        """The decision taken once more, on the newest applications; None where there is no such occasion now.

        Raises:
            InvalidInput: the applications cannot be read now; the action waits.
        """
        ...


class Limits(NamedTuple):
    """How hard an adapter may be driven. `rate` is requests a second, none for as fast as it goes.

    `lease` is how long, in seconds, a worker may be at one action before others look for it: longer than any request
    takes. `settle` is how long to wait before something that may have been done is looked for.
    """

    rate: float | None = None
    burst: int = 1
    lease: float = 300.0
    settle: float = 10.0
    failures: int = 5
    pause: float = 30.0


class Configured(NamedTuple):
    """An adapter with its settings, ready to be asked, and its limits."""

    adapter: Adapter
    limits: Limits = Limits()


Fleet = Mapping[str, Configured]
"""The adapters of a configuration, by the name that the configuration gives them."""


class Routed(NamedTuple):
    """Which adapter an order goes to. `order` may be a degraded one: a note where the adapter knows no tasks."""

    adapter: str
    order: Order


class Routing(Protocol):
    """Which adapter does what, as a configuration says it."""

    def route(self, order: Order) -> Routed | str:
        """The adapter for an order, or why there is none."""
        ...
