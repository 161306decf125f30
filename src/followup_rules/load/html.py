"""From the HTML of a mail to its text, as a reader sees it. Quoted mail is marked by '>', as in plain text.

`justhtml` reads the HTML, as browsers do: mail programs write tags that are never closed, and what is hidden or quoted
can be told only from a tree. The way from the tree to the text is the mail's own, so it stands here.
"""

from __future__ import annotations

import re
from typing import Any, Final

LONGEST: Final = 400_000
"""Characters of HTML that are read; the text of a message is a quarter of it at the most."""

_DROPPED: Final = frozenset({
    "head", "style", "script", "title", "template", "noscript", "svg", "math", "iframe", "object", "embed",
    "select", "textarea", "button", "#comment", "!doctype", "audio", "video", "canvas", "map", "datalist",
})  # fmt: skip
_BLOCKS: Final = frozenset({
    "address", "article", "aside", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figure", "footer",
    "form", "header", "li", "main", "nav", "ol", "section", "summary", "table", "tbody", "tfoot", "thead", "tr",
    "ul", "caption", "hr", "body",
})  # fmt: skip
_PARAGRAPHS: Final = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"))
_QUOTE_NAMES: Final = frozenset({
    "gmail_attr", "yahoo_quoted", "yahooquoted", "moz-cite-prefix", "moz-forward-container", "protonmail_quote",
    "zmail_extra", "olk_src_body_section", "mail-editor-reference-message-container", "tutanota_quote",
})  # fmt: skip
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(?:font-size|max-height|opacity)\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_LOOKS: Final = 20
_DEEPEST: Final = 5


def html_text(html: str) -> str:
    """The text of some HTML, in lines."""
    from justhtml import JustHTML

    writer = _Writer()
    stack: list[tuple[Any, bool]] = [(JustHTML(html[:LONGEST], sanitize=False).root, True)]
    while stack:
        node, opens = stack.pop()
        if not opens:
            writer.close(node)
        elif node.name == "#text":
            writer.say(node.data or "")
        elif node.name.lower() not in _DROPPED and not _is_hidden(node):
            writer.open(node)
            stack.append((node, False))
            stack.extend((child, True) for child in reversed(node.children or ()))
    return writer.text()


class _Writer:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line = ""
        self._gap = self._quoted = self._pre = 0
        self._bullet = ""
        self._lists: list[int | None] = []
        self._looks = _LOOKS
        self._quotes: list[Any] = []

    def open(self, node: Any) -> None:
        """What begins with an element."""
        name = node.name
        self._break(_gap_around(node))
        if self._is_quote(node):
            self._flush(2)
            self._quoted += 1
            self._quotes.append(node)
        if name == "br":
            self._flush(self._gap)
            self._lines.append(self._prefixed(self._line))
            self._line = ""
        elif name in ("ul", "ol"):
            self._lists.append(1 if name == "ol" else None)
        elif name == "li":
            self._bullet = self._next_bullet()
        elif name in ("td", "th") and self._line:
            self._line += " "
        self._pre += name == "pre"

    def close(self, node: Any) -> None:
        """What ends with it."""
        name = node.name
        self._break(_gap_around(node))
        if self._quotes and self._quotes[-1] is node:
            self._flush(2)
            self._quotes.pop()
            self._quoted -= 1
        if name in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif name == "li":
            self._bullet = ""
        self._pre -= name == "pre"

    def say(self, text: str) -> None:
        """Text between tags."""
        if self._pre:
            self._flush(self._gap)
            for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
                if number:
                    self._lines.append(self._prefixed(self._line))
                    self._line = ""
                self._line += line
            return
        text = _SPACE.sub(" ", text)
        if text[:1] == " " and (self._gap or self._line[-1:] in ("", " ")):
            text = text[1:]
        if not text:
            return
        self._flush(self._gap)
        self._line += self._bullet + text.replace("\xa0", " ")
        self._bullet = ""

    def text(self) -> str:
        """All that was said, with one empty line at the most between two others."""
        self._flush(1)
        kept: list[str] = []
        for line in self._lines:
            line = line.rstrip()
            if line or (kept and kept[-1]):
                kept.append(line)
        return "\n".join(kept).strip("\n")

    def _break(self, gap: int) -> None:
        self._gap = max(self._gap, gap)

    def _flush(self, gap: int) -> None:
        """End the line where something asked for it, with an empty line below it where `gap` is 2."""
        if gap and self._line:
            self._lines.append(self._prefixed(self._line))
            self._line = ""
        if gap == 2 and self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._prefixed(""))
        self._gap = 0

    def _prefixed(self, line: str) -> str:
        return f"{'>' * min(self._quoted, _DEEPEST)} {line}" if self._quoted else line

    def _next_bullet(self) -> str:
        depth = max(0, len(self._lists) - 1)
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "  " * min(depth, 5) + "- "
        self._lists[-1] = number + 1
        return "  " * min(depth, 5) + f"{number}. "

    def _is_quote(self, node: Any) -> bool:
        """Gmail answers between quoted parts stand in its element of quoted mail too, beside the quoted parts."""
        if node.name == "blockquote":
            return True
        names = set(f"{_attribute(node, 'class')} {_attribute(node, 'id')}".lower().split())
        if "gmail_quote" in names or "gmail_quote_container" in names:
            self._looks -= 1
            return self._looks < 0 or node.query_one("blockquote") is None
        return bool(names & _QUOTE_NAMES)


def _attribute(node: Any, name: str) -> str:
    return (node.attrs or {}).get(name) or ""


def _gap_around(node: Any) -> int:
    """0 for what stands in the line, 1 for a line of its own, 2 for an empty line around it.

    Outlook's paragraphs have no space between them; it writes empty ones.
    """
    if node.name in _PARAGRAPHS:
        return 1 if "msonormal" in _attribute(node, "class").lower() else 2
    return int(node.name in _BLOCKS)


def _is_hidden(node: Any) -> bool:
    return "hidden" in (node.attrs or {}) or bool(_HIDDEN.search(_attribute(node, "style")[:2000]))
