"""A draft in Markdown as its reader will see it: without the marks, every word with its place in the file.

Only the marks go that stand in letters: emphasis, code, headings, links, backslashes and rules. Lists, quoted lines
(`>`) and everything else stay as they are. A mark that could be a plain sign, as in `2 * 3` or `snake_case`, stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# Each group is kept, the rest of a match goes. All lengths are bounded, and nothing goes beyond its line.
_MARKS: Final = re.compile(
    r"^ {0,3}\#{1,6}[ \t]+"
    r"|^ {0,3}(?:```|~~~)[^\n`]{0,40}$"
    r"|^ {0,3}(?:\*[ \t]?){3,40}$"
    r"|!?\[([^\[\]\n]{1,300})\]\([^()\s]{0,500}(?:[ ]\"[^\"\n]{0,200}\")?\)"
    r"|<(https?://[^<>\s]{1,500}|[^<>@\s]{1,80}@[^<>@\s]{1,200})>"
    r"|(?<![\w*\\])\*\*\*?(?=[^\s*])|(?<=[^\s*\\])\*\*\*?(?![\w*])"
    r"|(?<![\w_\\])___?(?=[^\s_])|(?<=[^\s_\\])___?(?![\w_])"
    r"|(?<![\w*\\])\*(?=[^\s*][^*\n]{0,300}\*(?![\w*]))|(?<=[^\s*\\])\*(?![\w*])"
    r"|(?<![\w_\\])_(?=[^\s_][^_\n]{0,300}_(?![\w_]))|(?<=[^\s_\\])_(?![\w_])"
    r"|`{1,2}"
    r"|\\(?=[\\`*_{}\[\]()#+.!<>|~-])|\\$",
    re.MULTILINE,
)


def without_marks(text: str, start: int = 0) -> Iterator[tuple[int, str]]:
    """The pieces of the text from a character on: where each begins, and what it says."""
    position = start
    for match in _MARKS.finditer(text, start):
        yield position, text[position : match.start()]
        if match.lastindex:
            yield match.start(match.lastindex), match.group(match.lastindex)
        position = match.end()
    yield position, text[position:]
