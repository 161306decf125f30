"""The pages of the documentation, as an editor shows them: they are part of the distribution."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

_LINK: Final = re.compile(r"\[([^\]\n]*)\]\((?!https?://)[^)\s]*\)")
_FENCE: Final = re.compile(r"^```(\w+)[^\n]*$", re.MULTILINE)
_ROW: Final = re.compile(r"^\| (?P<words>`[^|]*`[^|]*) \|(?P<rest>.*)\|$")
_CODE: Final = re.compile(r"[A-Z]{2,8}\d{3}")


def page_path(name: str) -> Path | None:
    """The file of a kind, a check or a code; None where there is no page of that name."""
    if not re.fullmatch(r"\w+", name):
        return None
    rooms = ("codes",) if _CODE.fullmatch(name) else ("kinds", "checks")
    return next((path for room in rooms if (path := _docs() / room / f"{name}.md").is_file()), None)


def page(name: str) -> str:
    """The page of a kind, a check or a code, in Markdown without links to other files; empty where there is none."""
    path = page_path(name)
    return _shown(path.read_text("utf-8")) if path is not None else ""


@lru_cache(maxsize=1)
def words() -> dict[str, str]:
    """What the tables of the language page say of a word: facts, operators, patterns, events, decisions."""
    path = _docs() / "language.md"
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


def _docs() -> Path:
    here = Path(__file__).resolve().parents[1]
    installed = here / "_docs"
    return installed if installed.is_dir() else here.parents[1] / "docs"
