"""Applications and refusals as the store keeps them, and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from followup_rules.errors import Place, Problem
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.outbox.timelines import Kept


def kept_of(item: Application | Refusal) -> Kept:
    """What the store keeps of something read."""
    if isinstance(item, Application):
        return Kept(item.id, item.id, item.candidate.id, text_of(data_of(item)))
    return kept_refusal(item, None)


def kept_refusal(refusal: Refusal, data: str | None) -> Kept:
    """What the store keeps of a refusal; `data` is what is known from before."""
    application, candidate = _storable(refusal.application), _storable(refusal.candidate)
    return Kept(key_of(refusal), application, candidate, data, problems_text(refusal.problems))


def key_of(item: Application | Refusal) -> str:
    """The key of something read: the id, or what stands in for one that cannot be read."""
    if isinstance(item, Application):
        return item.id
    known = _storable(item.application)
    if known is not None:
        return known
    told = json.dumps([item.application, item.candidate, [list(map(str, one)) for one in item.problems]])
    return f"\u001f{hashlib.sha256(told.encode()).hexdigest()[:24]}"


def data_of(application: Application) -> dict[str, Any]:
    """An application as plain data, with nothing that was not given."""
    return application.model_dump(by_alias=True, exclude_unset=True)


def text_of(data: Mapping[str, Any]) -> str:
    """One line of ASCII in which keys stand in order: the same data is the same text."""
    return json.dumps(data, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=_moment)


def problems_text(problems: Sequence[Problem]) -> str:
    """Problems as one line."""
    told = [[one.code, one.message, list(one.place), one.hint] for one in problems]
    return json.dumps(told, ensure_ascii=True, separators=(",", ":"))


def problems_in(text: str) -> tuple[Problem, ...]:
    """The problems in such a line."""
    return tuple(Problem(code, message, Place(*place), hint) for code, message, place, hint in json.loads(text))


def _moment(value: object) -> str:
    assert isinstance(value, datetime | date)  # noqa: S101
    return value.isoformat()


def _storable(text: str | None) -> str | None:
    """None for what no application that is admitted can have as an id."""
    return text if text and text.isprintable() and len(text) <= 200 else None
