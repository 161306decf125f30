"""Which lines of a message are quoted earlier mail.

The forms of it in fourteen languages come from `mail-parser-reply`. Its patterns are asked about short pieces and a few
times only, because they are slow on long texts, and its answers are checked: it takes 'From: 10:00', 'To: 11:30' for a
header, and one line 'Data: ...' as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

_LONGEST_LINE: Final = 300
_MOST_TRIES: Final = 50
_HEADER_LINES: Final = 3
_BLOCK_LINES: Final = 8

_RULE: Final = re.compile(r"[_-]{5,}")
_FORWARDED: Final = re.compile(
    r"[-_ ]{2,}(?:original|forwarded) (?:message|mail)[-_ ]{2,}|begin forwarded message ?:", re.IGNORECASE
)
_SENDER: Final = re.compile(
    r"[* ]{0,4}(?:from|von|od|fra|de|da|van|från|보낸\s?사람|发件人)[* ]{0,3}:|-{5,} ?oprindelig ", re.IGNORECASE
)
_SUBJECT: Final = re.compile(
    r"^[* ]{0,4}(?:subject|betreff|předmět|emne|asunto|objet|oggetto|제목|onderwerp|temat|ämne|主题)[* ]{0,3}:",
    re.IGNORECASE | re.MULTILINE,
)
_LABEL: Final = re.compile(r"^[* ]{0,4}[^\W\d_][\w ]{0,20}[* ]{0,3}:", re.MULTILINE)
_BY_ADDRESS: Final = re.compile(r"[^\n]{0,200}\d[^\n]{0,200}<[^<>\s]{1,100}@[^<>\s]{1,100}>[^.!?\n]{0,30}[:：]")
# Four languages whose patterns in the library exclude themselves by their own lookahead, and one that it has not got.
_WROTE: Final = re.compile(
    r"(?:el\s[^\n]{1,250}\sescribió|em\s[^\n]{1,250}\sescreveu|\d{4}[年년][^\n]{1,250}(?:写道|寫道|작성(?:하였습니다)?))\s?[:：]",
    re.IGNORECASE,
)
_DATED: Final = re.compile(r"[\d@]")
_EXACTLY_DATED: Final = re.compile(r"@|\b\d{4}\b|\b\d{1,2}[:.]\d\d")
_NO_MARK: Final = re.compile(r">(?:[\d=]|From )")


def quoted_lines(lines: Sequence[str]) -> set[int]:
    """The numbers of the lines that are quoted mail."""
    return _Reader(lines).quoted()


class _Reader:
    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = [line[:_LONGEST_LINE].strip() for line in lines]
        self._tries = _MOST_TRIES

    def quoted(self) -> set[int]:
        """Below a header all is quoted, unless the lines that it announces are marked by '>'."""
        found: set[int] = set()
        for number, line in enumerate(self._lines):
            if not line:
                continue
            if self._marked(number):
                found.add(number)
            elif line[-1] in ":：" and (begin := self._attribution(number)) is not None:
                found.update(range(self._above(begin), number + 1))
                if not self._marked(self._next(number)):
                    return found | set(range(number, len(self._lines)))
            elif _FORWARDED.fullmatch(line) or (_SENDER.match(line) and self._is_block(number)):
                return found | set(range(self._above(number), len(self._lines)))
        return found

    def _marked(self, number: int) -> bool:
        """True for a line behind '>', but not for one that says 'more than 50' or hides a 'From' from old programs."""
        if not 0 <= number < len(self._lines) or not self._lines[number].startswith(">"):
            return False
        if not _NO_MARK.match(self._lines[number]):
            return True
        return any(line.startswith(">") for line in (*self._lines[max(0, number - 1) : number], *self._after(number)))

    def _after(self, number: int) -> Sequence[str]:
        return self._lines[number + 1 : number + 2]

    def _next(self, number: int) -> int:
        """The next line that is not empty; the number of lines where there is none."""
        after = range(number + 1, len(self._lines))
        return next((one for one in after if self._lines[one]), len(self._lines))

    def _above(self, begin: int) -> int:
        """Where the rules and announcements above a header begin."""
        above = begin
        for number in range(begin - 1, max(-1, begin - 5), -1):
            line = self._lines[number]
            if _RULE.fullmatch(line) or _FORWARDED.fullmatch(line):
                above = number
            elif line:
                break
        return above

    def _attribution(self, number: int) -> int | None:
        """Where 'On Monday 9 November 2026, Ada Park wrote:' begins; the shortest reading, for it may be broken."""
        for begin in range(number, max(-1, number - _HEADER_LINES), -1):
            text = "\n".join(self._lines[begin : number + 1])
            if not _DATED.search(text):
                continue
            flat = text.replace("\n", " ")
            if _BY_ADDRESS.fullmatch(flat) or _WROTE.fullmatch(flat) or self._matches(text) == len(text):
                return begin
        return number if self._marked(number + 1) and _EXACTLY_DATED.search(self._lines[number]) else None

    def _is_block(self, number: int) -> bool:
        """True for lines as 'From:', 'Sent:', 'To:', 'Subject:'."""
        text = "\n".join(self._lines[number : number + _BLOCK_LINES])
        block = text[: self._matches(text)]
        if block.startswith("-"):
            return True
        announced = self._above(number) < number or bool(_SUBJECT.search(block)) or "@" in block
        return announced and len(_LABEL.findall(block)) > 1

    def _matches(self, text: str) -> int:
        """How much of the text is a header that the library knows."""
        if self._tries == 0:
            return 0
        self._tries -= 1
        match = _headers().match(text)
        return match.end() if match else 0


@cache
def _headers() -> re.Pattern[str]:
    from mailparser_reply import EmailMessage  # type: ignore[import-untyped]
    from mailparser_reply.constants import MAIL_LANGUAGES  # type: ignore[import-untyped]

    pattern: re.Pattern[str] = EmailMessage(text="", languages=list(MAIL_LANGUAGES)).HEADER_REGEX
    return pattern
