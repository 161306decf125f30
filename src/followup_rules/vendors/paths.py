"""Paths into JSON: names and numbers with dots between them; an empty path is the whole."""

from __future__ import annotations

from typing import Any


def at(data: Any, path: str) -> Any:
    """What stands at a path; None where nothing does."""
    for part in path.split(".") if path else ():
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and part.lstrip("-").isdigit():
            number = int(part)
            data = data[number] if -len(data) <= number < len(data) else None
        else:
            return None
    return data


def text_at(data: Any, path: str) -> str | None:
    """A text or number at a path, as a text; None for anything else, the empty text included."""
    found = at(data, path)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    return str(found).strip() or None


def list_at(data: Any, path: str) -> list[Any] | None:
    """The list at a path; None where there is none."""
    found = at(data, path)
    return found if isinstance(found, list) else None
