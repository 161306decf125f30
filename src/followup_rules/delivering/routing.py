"""Which adapter does what, as a configuration says it; and the adapters themselves, made with their settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from followup_rules.adapter import CAPABILITY_OF, Adapter, Order
from followup_rules.delivering.ports import Configured, Limits, Routed
from followup_rules.errors import Misconfigured, Problem
from followup_rules.load.configuration import Configuration, GivenAdapter, Read, Route
from followup_rules.model.words import Do

if TYPE_CHECKING:
    from followup_rules.plugins import Plugins

_STAY = "its actions stay in the outbox"

Kinds = Mapping[str, type[Adapter]]
"""The classes of the adapters of a configuration, by the name that the configuration gives them."""


class Routes:
    """The routing of a configuration. An adapter without a class is not installed: what goes to it goes nowhere."""

    def __init__(self, configuration: Configuration, kinds: Kinds) -> None:
        self._given, self._kinds = configuration, kinds

    def route(self, order: Order) -> Routed | str:
        """The first route that takes the action; where its adapter is not able to, what `degrade` says."""
        route = self._first(order, order.do)
        instead = self._given.degrade.instead_of(order.do)
        if route is not None and route.to not in self._kinds:
            return f"the adapter '{route.to}' cannot be used"
        if route is not None and self._able(route.to, order.do):
            return Routed(route.to, _asking(route, order))
        if instead is not None:
            other = route if route is not None and self._able(route.to, instead) else self._first(order, instead)
            if other is not None and self._able(other.to, instead):
                return Routed(other.to, _asking(other, order._replace(do=instead)))
        if route is None:
            return "no route of the configuration takes it"
        return f"the adapter '{route.to}' has no capability '{CAPABILITY_OF[order.do]}'"

    def _first(self, order: Order, do: Do) -> Route | None:
        return next((route for route in self._given.routes if _takes(route, order, do)), None)

    def _able(self, name: str, do: Do) -> bool:
        return name in self._kinds and CAPABILITY_OF[do] in self._kinds[name].capabilities


def _asking(route: Route, order: Order) -> Order:
    return order._replace(approval="wanted") if route.approve else order


def _takes(route: Route, order: Order, do: Do) -> bool:
    return (
        do in route.do
        and route.direction in (None, order.direction)
        and (route.follow_up is None or order.follow_up in route.follow_up)
    )


def kinds_of(read: Read, plugins: Plugins) -> tuple[dict[str, type[Adapter]], list[Problem]]:
    """The class of each adapter, a problem for each that is not installed, and one for each route it cannot serve."""
    kinds: dict[str, type[Adapter]] = {}
    problems: list[Problem] = []
    for name, given in read.configuration.adapters.items():
        try:
            kinds[name] = plugins.adapter(given.kind)
        except Misconfigured as error:
            problems.append(Problem("FR908", f"{error}", read.place("adapters", name, "kind"), _STAY))
    return kinds, [*problems, *_unable(read, kinds)]


def _unable(read: Read, kinds: Kinds) -> Iterator[Problem]:
    """Routes that lead to an adapter that can do neither what they take nor what that may become."""
    given = read.configuration
    for number, route in enumerate(given.routes):
        able = kinds[route.to].capabilities if route.to in kinds else None
        for do in route.do:
            instead = given.degrade.instead_of(do)
            if able is None or CAPABILITY_OF[do] in able or instead is not None:
                continue
            text = f"the adapter '{route.to}' cannot {do}: it has no capability '{CAPABILITY_OF[do]}'"
            ways = [one for one in ("add_note", "create_task", "draft_message") if CAPABILITY_OF[one] in able]
            hint = f"write degrade: {{{do}: {ways[0]}}}, or name another adapter" if ways else "name another adapter"
            yield Problem("FR944", text, read.place("routes", number, "do"), hint)


def fleet_of(read: Read, kinds: Kinds) -> tuple[dict[str, Configured], list[Problem]]:
    """The adapters of a configuration that can be used, and a problem for each that cannot."""
    fleet: dict[str, Configured] = {}
    problems: list[Problem] = []
    for name, kind in kinds.items():
        given = read.configuration.adapters[name]
        try:
            fleet[name] = Configured(kind.configured(given.settings), _limits(given))
        except Misconfigured as error:
            problems.append(Problem("FR908", f"{error}", read.place("adapters", name, "settings", key=True), _STAY))
    return fleet, problems


def _limits(given: GivenAdapter) -> Limits:
    rate = None if given.per_minute is None else given.per_minute / 60
    return Limits(rate, given.burst, given.lease, given.settle)
