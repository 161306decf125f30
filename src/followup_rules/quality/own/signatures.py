"""Which lines are a signature in the sense of mail programs: not the farewell and the name, which are the writer's.

What `mail-parser-reply` takes for a signature is not asked for: it lets 'Thank you,' at the beginning of any line end
the message. Of it come the phrases by which programs praise themselves, as 'Sent from my iPhone'.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import cache
from typing import Final

from followup_rules.quality.parts import is_farewell

_LONGEST_LINE: Final = 300
_SIGNATURE_LINES: Final = 10
_SENT_BY: Final = (
    r"Sent (?:from|via|with) (?:Outlook|Mail|Gmail|Yahoo|Proton ?Mail|Samsung|BlackBerry|Spark|a mobile)\b"
)
_NOTICE_WORDS: Final = 15
_NOTICE_TERMS: Final = 3
_TERMS: Final = re.compile(
    r"confidential|privileged|unauthori[sz]ed|intended (?:only|solely|recipient)|addressee|disclos|in error|delete|"
    r"notify",
    re.IGNORECASE,
)


def signature_lines(lines: Sequence[str], quoted: Container[int]) -> set[int]:
    """The lines from '-- ' on to the quoted mail or the end, in the part that is not quoted."""
    for number in range(len(lines)):
        if number not in quoted and _delimits(lines, number):
            end = next((one for one in range(number, len(lines)) if one in quoted), len(lines))
            return set(range(number, end))
    return set()


def sent_from_lines(lines: Sequence[str]) -> set[int]:
    """The lines in which a program names itself; each goes alone, for the name may stand below it."""
    phrase = _sent_from()
    return {
        number for number, line in enumerate(lines) if 0 < len(line) <= _LONGEST_LINE and phrase.fullmatch(line.strip())
    }


def legal_lines(lines: Sequence[str]) -> set[int]:
    """Paragraphs in the words of lawyers: 'This e-mail is confidential and intended only for the addressee ...'."""
    found: set[int] = set()
    begin = 0
    for number in range(len(lines) + 1):
        if number < len(lines) and lines[number].strip():
            continue
        text = "\n".join(lines[begin:number])
        if len({term.lower() for term in _TERMS.findall(text)}) >= _NOTICE_TERMS and len(text.split()) >= _NOTICE_WORDS:
            found.update(range(begin, number))
        begin = number + 1
    return found


def _delimits(lines: Sequence[str], number: int) -> bool:
    """True for '-- ', and for '--' near the end; not where a farewell stands below it."""
    line = lines[number].rstrip("\r")
    if line not in ("-- ", "--", "__"):
        return False
    below = [one.strip() for one in lines[number + 1 : number + 2 + 2 * _SIGNATURE_LINES] if one.strip()]
    return bool(below) and not is_farewell(below[0]) and (line == "-- " or len(below) <= _SIGNATURE_LINES)


@cache
def _sent_from() -> re.Pattern[str]:
    from mailparser_reply.constants import MAIL_LANGUAGES  # type: ignore[import-untyped]

    phrases = [str(words["sent_from"]) for words in MAIL_LANGUAGES.values() if words.get("sent_from")]
    return re.compile(rf"(?:{_SENT_BY}|{'|'.join(phrases)})[\w.<>:/ ?=&%-]{{0,200}}", re.IGNORECASE)
