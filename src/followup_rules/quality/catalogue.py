"""The checks of the language, by name. Each is imported when it is first used: most commands judge no text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

from followup_rules.check import Check

NAMES: Final = (
    "personal_greeting", "specific_reference", "key_points", "appreciation", "call_to_action", "sign_off", "subject",
    "length", "repetition", "professional_tone", "spelling", "grammar", "placeholders", "other_names", "contains",
    "forbids",
)  # fmt: skip
"""The message checks of the language, version 1: one module of this name in `checks/`, whose `CHECK` is the class."""


class Catalogue(Mapping[str, type[Check]]):
    """The classes of the language's checks by name."""

    def __getitem__(self, name: str) -> type[Check]:
        if name not in NAMES:
            raise KeyError(name)
        check: type[Check] = import_module(f"followup_rules.quality.checks.{name}").CHECK
        return check

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


CHECKS: Final[Mapping[str, type[Check]]] = Catalogue()
"""The checks of the language."""
