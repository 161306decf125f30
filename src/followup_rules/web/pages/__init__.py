"""The pages of the service: Today, one application, rules, try it, outbox. Made on the server, with little script."""

from __future__ import annotations

from starlette.routing import BaseRoute

from followup_rules.web.pages import assets, login, one, outbox, rules, today, trying
from followup_rules.web.service import Service


def routes(service: Service) -> list[BaseRoute]:
    """Every page. The service itself is at `request.app.state.service`."""
    return [route for part in (assets, login, today, one, rules, trying, outbox) for route in part.ROUTES]
