"""Errors as RFC 9457 says: `application/problem+json`, with our code, and never a traceback or a secret."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import JSONResponse

from followup_rules.errors import Problem

MEDIA_TYPE: Final = "application/problem+json"


class Json(JSONResponse):
    """JSON in ASCII: any text at all comes through, also half a character."""

    @staticmethod
    def text(content: Any) -> str:
        """The body as text."""
        return json.dumps(content, ensure_ascii=True, allow_nan=False, separators=(",", ":"))

    def render(self, content: Any) -> bytes:
        return self.text(content).encode("ascii")


class Fault(Exception):
    """What a handler raises to answer with a problem."""

    def __init__(self, status: int, detail: str, code: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(detail)
        self.status, self.code, self.problems = status, code, tuple(problems)


def problem(
    status: int, detail: str, code: str = "", problems: Sequence[Problem] = (), headers: dict[str, str] | None = None
) -> Json:
    """One answer. `detail` is for people; `code` and `errors` are for programs."""
    told: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if code:
        told["code"] = code
    if problems:
        told["errors"] = [_told(one) for one in problems]
    return Json(told, status, headers, MEDIA_TYPE)


def _told(one: Problem) -> dict[str, str]:
    told = {"code": one.code, "at": str(one.place), "message": one.message}
    return {**told, "hint": one.hint} if one.hint else told
