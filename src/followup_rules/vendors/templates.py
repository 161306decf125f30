"""The templates of vendor files: the sandbox of drafts, with a few filters for the wire.

In a path every value is quoted, so that an id can neither leave its place nor add a query.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timezone
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote

from followup_rules.judge.drafts import environment, nested
from followup_rules.judge.template_check import template_fault

if TYPE_CHECKING:
    from jinja2 import Environment

VALUES: Final = (
    "candidate", "draft", "id", "ids", "job", "marker", "note", "now", "order", "person", "secrets", "settings",
    "since", "subject", "token",
)  # fmt: skip
"""The names that a template of a vendor file can use."""


class TemplateValueError(ValueError):
    """A template that cannot be filled from what is known; says what is missing."""


class _Environments(NamedTuple):
    text: Environment
    path: Environment


@lru_cache(maxsize=1)
def _environments() -> _Environments:
    base = environment()
    filters: dict[str, Callable[..., Any]] = {
        **base.filters, "utc": _utc, "date": _date, "milliseconds": _milliseconds, "soql": _soql, "html": _html,
        "shortened": _shortened,
    }  # fmt: skip
    text, path = base.overlay(), base.overlay(finalize=_quoted)
    text.filters = path.filters = filters
    return _Environments(text, path)


@lru_cache(maxsize=2048)
def _compiled(source: str, path: bool) -> Any:
    made = _environments()
    return (made.path if path else made.text).from_string(source)


def fault_of(source: str) -> str | None:
    """Why a template of a vendor file cannot be used; None where it can."""
    found = template_fault(source, VALUES, _environments().text)
    return None if found is None else found[1]


def values_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as templates see them: mappings that name the path of what is missing."""
    return {key: nested(f"{key}.", value) for key, value in values.items()}


def rendered(source: str, values: Mapping[str, Any], *, path: bool = False) -> str:
    """The text of a template.

    Raises:
        TemplateValueError: a value is missing, or cannot stand there.
    """
    if "{" not in source:
        return source
    from jinja2 import TemplateError

    template = _compiled(source, path)
    try:
        return "".join(template.root_render_func(template.new_context(values)))
    except TemplateError as error:
        raise TemplateValueError(str(error.message)) from None
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise TemplateValueError(str(error)[:200]) from None


def built(tree: Any, values: Mapping[str, Any]) -> Any:
    """A structure with every leaf rendered.

    A mapping of one key that begins with `$` stands for a value of another kind: `$integer`, `$boolean`, or
    `$optional`, which is left out with its key where a value is missing or empty.
    """
    if isinstance(tree, str):
        return rendered(tree, values)
    if isinstance(tree, list):
        return [one for one in (built(inner, values) for inner in tree) if one is not _ABSENT]
    if not isinstance(tree, dict):
        return tree
    if len(tree) == 1 and next(iter(tree)).startswith("$"):
        ((kind, inner),) = tree.items()
        return _special(kind, inner, values)
    made = {key: built(inner, values) for key, inner in tree.items()}
    return {key: inner for key, inner in made.items() if inner is not _ABSENT}


_ABSENT: Final = object()
SPECIAL: Final = ("$integer", "$boolean", "$optional")


def _special(kind: str, inner: Any, values: Mapping[str, Any]) -> Any:
    if kind == "$optional":
        try:
            made = built(inner, values)
        except TemplateValueError:
            return _ABSENT
        return _ABSENT if made in ("", [], {}) else made
    text = rendered(inner, values).strip()
    if kind == "$boolean":
        return text == "true"
    if not text.removeprefix("-").isdecimal() or not text.isascii() or len(text) > 18:
        raise TemplateValueError(f"{text[:60]!a} is no whole number, and this vendor's ids are")
    return int(text)


def leaves(tree: Any) -> list[str]:
    """Every template in a structure."""
    if isinstance(tree, str):
        return [tree]
    inner = tree.values() if isinstance(tree, Mapping) else tree if isinstance(tree, list | tuple) else ()
    return [leaf for one in inner for leaf in leaves(one)]


def _quoted(value: Any) -> str:
    finalize = environment().finalize
    assert finalize is not None  # noqa: S101  (the environment of drafts has one, and it refuses what is no text)
    text = str(finalize(value))
    if text.strip() in ("", ".", ".."):
        raise ValueError(f"{text!a} cannot stand in an address")
    return quote(text, safe="")


def _utc(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _date(moment: date) -> str:
    return moment.strftime("%Y-%m-%d")


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))


def _soql(text: Any) -> str:
    return str(text).replace("\\", "\\\\").replace("'", "\\'")


def _html(text: Any) -> str:
    return escape(str(text)).replace("\n", "<br>")


def _shortened(text: Any, length: int) -> str:
    words = " ".join(str(text).split())
    return words if len(words) <= length else f"{words[: length - 1]}…"
