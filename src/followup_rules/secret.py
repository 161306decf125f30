"""A setting that nobody may see: where it is kept stands in the configuration, never the secret itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, SecretStr, WithJsonSchema
from pydantic_core import PydanticCustomError

_LONGEST: Final = 64_000
_NEVER: Final = "a secret is given as env:NAME, file:PATH or keyring:SERVICE/USER, never as itself"


def _resolved(given: Any) -> Any:
    """The secret that a reference stands for. No message repeats what was given or found."""
    if isinstance(given, SecretStr):
        return given
    kind, _, where = given.partition(":") if isinstance(given, str) else ("", "", "")
    if kind not in ("env", "file", "keyring") or not where:
        raise PydanticCustomError("secret", _NEVER)
    if kind == "keyring":
        found = _in_keyring(where)
    else:
        found = os.environ.get(where, "") if kind == "env" else _in_file(Path(where))
    if not found:
        raise PydanticCustomError("secret", "there is nothing there, or too much to be a secret")
    return SecretStr(found)


def _in_keyring(where: str) -> str:
    """What the machine keeps for a user of a service; the last slash parts them."""
    service, _, user = where.rpartition("/")
    if not service or not user:
        raise PydanticCustomError("secret", _NEVER)
    try:
        import keyring
    except ImportError:
        raise PydanticCustomError("secret", "a keyring needs: pip install 'followup-rules[keyring]'") from None
    try:
        found = keyring.get_password(service, user)
    except Exception as error:  # every backend has errors of its own
        why = type(error).__name__
    else:
        return found if found is not None and len(found) <= _LONGEST else ""
    raise PydanticCustomError("secret", "the keyring cannot be read: {why}", {"why": why})


def _in_file(path: Path) -> str:
    try:
        with path.expanduser().open("rb") as file:
            text = file.read(_LONGEST + 1).decode("utf-8-sig").rstrip("\r\n")
    except (OSError, RuntimeError, ValueError) as error:
        why = type(error).__name__
    else:
        return text if len(text) <= _LONGEST else ""
    # Outside the handler, and only what sort of error it was: the error itself may hold a piece of the file.
    raise PydanticCustomError("secret", "the file cannot be read as text: {why}", {"why": why})


_SECRET_SCHEMA: Final = {"type": "string", "pattern": "^(env|file|keyring):."}
Secret = Annotated[SecretStr, BeforeValidator(_resolved), WithJsonSchema(_SECRET_SCHEMA)]
"""The type of a setting that nobody may see: `env:NAME`, `file:PATH` or `keyring:SERVICE/USER`, shown as asterisks."""
