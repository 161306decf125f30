"""The pages of codes, kinds and message checks, as they ship with the package."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from followup_rules.codes import CODES
from followup_rules.quality.catalogue import NAMES
from followup_rules.rules.kinds import KINDS

CHECK_CODES: Final = {f"FR{601 + number}": name for number, name in enumerate(NAMES)}
_LINK: Final = re.compile(r"\[([^\]\n]*)\]\([^)\s]+\)")


def folder() -> Path:
    """Where the pages are: in the package, or in the checkout that it runs from."""
    here = Path(__file__).resolve().parents[1]
    installed = here / "_docs"
    return installed if installed.is_dir() else here.parents[1] / "docs"


def words() -> dict[str, str]:
    """Everything that has a page: the word, and one line about it."""
    return {
        **CODES,
        **dict.fromkeys(KINDS, "a kind of rule"),
        **{name: f"a message check, {code}" for code, name in CHECK_CODES.items()},
    }


def page_path(word: str) -> Path | None:
    """The file of a code, a kind or a message check; None where there is no page of that name."""
    name = CHECK_CODES.get(word, word)
    room = "checks" if name in NAMES else "kinds" if name in KINDS else "codes"
    path = folder() / room / f"{name}.md"
    return path if word in words() and path.is_file() else None


def page(word: str) -> str | None:
    """The page of a code, a kind or a message check; None where there is none."""
    path = page_path(word)
    return path.read_text(encoding="utf-8") if path is not None else None


def plain(text: str) -> str:
    """Markdown without the targets of its links, which lead nowhere in a terminal."""
    return _LINK.sub(r"\1", text)
