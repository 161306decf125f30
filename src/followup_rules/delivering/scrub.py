"""Texts of adapters and their errors, made fit for a ledger and a terminal: one line, and no secret."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, SecretStr

from followup_rules.adapter import Adapter
from followup_rules.plugin_answers import printable, told


def scrubbed(text: str, adapter: Adapter) -> str:
    """A text without the secrets of the adapter's settings, should it have repeated one."""
    for secret in secrets_in(adapter.settings):
        text = text.replace(secret, "***")
    return text


def line_of(error: BaseException, adapter: Adapter) -> str:
    """One line about an error. The secrets go first, so that none is cut in two and shown in part."""
    return printable(scrubbed(str(error), adapter)) or type(error).__name__


def kind_of(error: BaseException, adapter: Adapter) -> str:
    """The same with the sort of error, for one that an adapter should not have raised."""
    return printable(scrubbed(f"{type(error).__name__}: {error}", adapter)) if _speaks(error) else told(error)


def secrets_in(settings: BaseModel) -> Iterator[str]:
    """Every secret of some settings, longest first, so that one inside another hides nothing."""
    yield from sorted(_found(settings), key=len, reverse=True)


def _found(value: object) -> Iterator[str]:
    if isinstance(value, SecretStr):
        if value.get_secret_value():
            yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _found(getattr(value, name))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _found(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _found(inner)


def _speaks(error: BaseException) -> bool:
    try:
        str(error)
    except Exception:
        return False
    return True
