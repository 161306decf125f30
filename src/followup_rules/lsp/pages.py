"""The pages of the documentation, as an editor shows them: they are part of the distribution."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from followup_rules.report import pages

_LINK: Final = re.compile(r"\[([^\]\n]*)\]\((?!https?://)[^)\s]*\)")
_FENCE: Final = re.compile(r"^```(\w+)[^\n]*$", re.MULTILINE)
_ROW: Final = re.compile(r"^\| (?P<words>`[^|]*`[^|]*) \|(?P<rest>.*)\|$")


def page(name: str) -> str:
    """The page of a kind, a check or a code, in Markdown without links to other files; empty where there is none."""
    return _shown(pages.page(name) or "")


@lru_cache(maxsize=1)
def words() -> dict[str, str]:
    """What the tables of the language page say of a word: facts, operators, patterns, events, decisions."""
    path = pages.folder() / "language.md"
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        match = _ROW.match(line)
        for word in re.findall(r"`([^`]+)`", match["words"]) if match else ():
            found.setdefault(
                word, _shown(" - ".join(cell.strip() for cell in match["rest"].split(" | ")) if match else "")
            )
    return found


def word(name: str) -> str:
    """What the language page says of one word; families such as `hours_since.applied` are found by their head."""
    known = words()
    if name in known:
        return known[name]
    head, dot, _ = name.partition(".")
    return next((text for key, text in known.items() if dot and key.startswith(f"{head}.<")), "")


def _shown(text: str) -> str:
    return _FENCE.sub(r"```\1", _LINK.sub(r"\1", text))
