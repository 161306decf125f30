"""From a template to an answer: who is logged in, the address of the style sheet, and no cache for what is personal."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from followup_rules.report.paper import TEMPLATES
from followup_rules.web.access import Who, csrf_token
from followup_rules.web.pages.assets import mark
from followup_rules.web.service import Service

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE: Final = Path(__file__).parent / "templates"
_PRIVATE: Final = {"Cache-Control": "no-store"}


def service_of(request: Request) -> Service:
    """The service that answers."""
    service: Service = request.app.state.service
    return service


def page(request: Request, template: str, who: Who | None, status: int = 200, **values: Any) -> HTMLResponse:
    """A whole page, or a part of one, for somebody."""
    token = csrf_token(request) if who is not None else ""
    text = environment().get_template(template).render(
        who=who, csrf=token, mark=mark(), path=request.url.path, editor=who is not None and who.may("editor"), **values
    )  # fmt: skip
    return HTMLResponse(text, status, _PRIVATE)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of pages, and those that they share with a plan as a file."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader([_HERE, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
