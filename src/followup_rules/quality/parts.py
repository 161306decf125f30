"""Where the salutation of a message ends and where its closing begins."""

from __future__ import annotations

import re
from typing import Final

_SALUTATION: Final = re.compile(
    r"(?:dear|my dear|hi|hello|hey|hiya|hallo|greetings|salutations|good (?:morning|afternoon|evening|day)|to whom|"
    r"respected|attn|attention|esteemed|dearest|howdy|morning|afternoon|evening|g'day|namaste|salaam|salam|ciao|hola|bonjour)\b",
    re.IGNORECASE,
)
_LONGEST_SALUTATION: Final = 80
_FAREWELLS: Final = frozenset(
    """
    regards sincerely cordially respectfully faithfully truly warmly best cheers thanks yours gratefully
    thank kind kindest warm warmest wishes appreciatively cordialement salutations sincere friendly
    """.split()
)
"""Words that a line of farewell begins or ends with."""
_CLOSING_WORDS: Final = frozenset(
    """
    with and many all my our the again so very much for your time you in advance once more a of to kind kindest warm
    warmest best regards wishes sincerely yours faithfully truly respectfully cordially warmly gratefully thanks thank
    cheers good friendly sincere greetings endless gratitude appreciation respect respectful deepest heartfelt
    hearty lots love high esteem take care bye later laters peace out ever soon speak talk onwards mind yourself
    regard slán till then until see ya ta hope rgds br mfg brgds onward heartiest fond fondest always
    be well stay safe happy looking forward hearing from obediently humbly from
    """.split()
)
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

LABEL: Final = re.compile(r"(?:phone|tel|telephone|mobile|cell|e-?mail|linkedin|website|address) ?:", re.IGNORECASE)
"""What a signature may end with where its value was left out."""


def salutation_span(body: str) -> tuple[int, int]:
    """Where the salutation stands, without what follows on the same line; an empty span where there is none."""
    start = len(body) - len(body.lstrip())
    line_end = body.find("\n", start)
    line = body[start : line_end if line_end >= 0 else len(body)].rstrip()
    if _SALUTATION.match(line):
        return start, start + _salutation_end(line)
    comma = re.search(r"[,:–—]|-(?=\s|$)", line)
    if comma and 0 < comma.start() <= 40 and _names_somebody(line[: comma.start()]):
        return start, start + comma.end()
    if len(line) <= 40 and line_end >= 0 and body[line_end : line_end + 2] in ("\n\n", "\n ") and _names_somebody(line):
        return start, start + len(line)
    return start, start


def _salutation_end(line: str) -> int:
    """A short line is all salutation; of a longer one, what stands before the first comma, dash or full stop."""
    if len(line) <= _LONGEST_SALUTATION and (line[-1] in ",:;!-–—" or len(line.split()) <= 6):
        return len(line)
    for mark in re.finditer(r"[,:;!–—]|\.(?=\s)", line[:_LONGEST_SALUTATION]):
        before = line[: mark.start()]
        if len(before.split()) > 1 and not (mark.group() == "." and before.split()[-1].lower() in _TITLES):
            return mark.end()
    return 0


_TITLES: Final = frozenset("mr mrs ms mx dr prof engr er ar adv st rev hon sr jr".split())


def _names_somebody(text: str) -> bool:
    """True for one to four words that are written like names."""
    words = text.strip().rstrip(",:!").split()
    return (
        0 < len(words) <= 4
        and all(word[0].isupper() or word[0] in "{[<%(_" for word in words)
        and (words[0].lower() not in _NOT_NAMES)
    )


_NOT_NAMES: Final = frozenset(
    "thank thanks many following further since after before in on at as it this that i we my our your the a an and but "
    "so when while if for to from with by yes no just please great good well sorry congratulations update re first "
    "last today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday".split()
)


def closing_start(body: str, after: int) -> int:
    """Where the closing begins: the first of the short lines at the end, from a farewell or a name on."""
    lines: list[tuple[int, str]] = []
    position = after
    for line in body[after:].splitlines(keepends=True):
        lines.append((position, line.strip()))
        position += len(line)
    while lines and not lines[-1][1]:
        lines.pop()
    begin = len(body)
    blanks = 0
    for number, (start, line) in enumerate(reversed(lines)):
        if not line:
            blanks += 1
            continue
        if line in ("--", "—", "__"):
            begin = start
            continue
        if number - blanks >= 9 or len(line) > 70:
            break
        if is_farewell(line):
            return start
        if not _looks_like_a_name(line) and not LABEL.fullmatch(line):
            if begin == len(body) or number - blanks > 6 or _is_prose(line):
                break
            begin = start
            continue
        begin = start
    # Without a farewell only what stands below the last blank line can be names.
    return begin if begin == len(body) or _after_blank(body, begin) else _last_block(body, begin)


def is_farewell(line: str) -> bool:
    """True for a short line such as 'With kind regards,' or 'Thanks again,'; not for a sentence."""
    words = [word.lower().replace("’", "'") for word in _LETTERS.findall(line)]
    if not words or len(words) > 9 or line.rstrip()[-1] == "?":
        return False
    strange = [word for word in words if word not in _CLOSING_WORDS]
    ends = line.rstrip()[-1]
    if ends == "." and len(words) > 3:
        return False
    if not strange:
        return len(words) <= 4 or ends in ",-–—" or words[-1] in _FAREWELLS
    known = words[0] in _FAREWELLS or words[-1] in _FAREWELLS or words[0] == "with"
    return known and len(strange) <= 2 and ends == ","


def _looks_like_a_name(line: str) -> bool:
    words = line.rstrip(",.").split()
    if not words or len(words) > 8 or line[-1] in "?!:;":
        return False
    if line[-1] == "." and len(words) > 2:
        return False
    big = sum(not word[0].islower() for word in words)
    return big * 2 >= len(words) and words[0].lower() not in _NOT_NAMES


def _is_prose(line: str) -> bool:
    return line[-1] in ".?!:;" and len(line.split()) > 3


def _after_blank(body: str, begin: int) -> bool:
    before = body[:begin].rstrip(" \t")
    return before.endswith("\n\n") or not before.strip()


def _last_block(body: str, begin: int) -> int:
    position = body.find("\n\n", begin)
    if position >= 0:
        return position + 2
    # A name on a line of its own directly below the last sentence.
    line = body.rstrip().rfind("\n")
    return line + 1 if line >= begin else begin
