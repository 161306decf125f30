"""Whom a message greets, and whether that is somebody in particular."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from followup_rules.quality.naming.matching import Matcher
from followup_rules.quality.naming.names import Known, fold
from followup_rules.quality.phrases import word_sets
from followup_rules.quality.text import Text, Word, lowers_of, words_of

_SLOT: Final = re.compile(r"[\[\]{}<>«»‹›%$#@|*_【】⟨⟩]|\b(?:insert|placeholder)\b", re.IGNORECASE)
_CUT: Final = re.compile(r"[,;:!?/&()\n\"“”…]|\s[-–—]+\s|[–—]|(?<=\w)-(?=\s|$)|\b(?:and|und|et)\b", re.IGNORECASE)
_LEADS: Final = frozenset(("Dear", "Hi", "Hello", "Hey"))
_CIVIL: Final = frozenset(("Mr", "Mrs", "Ms", "Miss", "Dr", "Prof"))
_LONGEST: Final = 60
_FIRST_WORDS: Final = 14
_HEAD: Final = 600
_LATER: Final = re.compile(
    r"^[ \t*_>#~]{0,8}(?:my dear|dear|hi|hello|hey|good (?:morning|afternoon|evening|day))\b[^\n]{0,79}",
    re.IGNORECASE | re.MULTILINE,
)
"""A salutation behind stars or below a letterhead."""

_AFTER_HAN: Final = re.compile(r"先生|女士|小姐|经理|經理|老师|老師|教授|博士|主任|总|さん|様|さま|氏|殿|님|씨")
_AFTER_NAME: Final = frozenset(",-–—:!.\n")


class Reading(NamedTuple):
    """A salutation: whether it names whom it should, where it stands, the words that may be a name."""

    named: bool
    start: int
    end: int
    words: tuple[str, ...] = ()
    slot: bool = False


def opening(text: Text, people: Sequence[Known], strangers: Callable[[], frozenset[str]], nicknames: bool) -> Reading:
    """How a message begins; where nobody is known, every name will do."""
    if people and _is_plain(text, people):
        return Reading(True, text.greeting.start, text.greeting.end)
    start, end = _where(text)
    matcher = Matcher(people, strangers(), nicknames)
    if _in_other_script(text.body[:_HEAD], people):
        return Reading(True, start, end)
    if start < end:
        reading = _salutation(text, matcher, start, end)
        if reading.named or reading.words or reading.slot:
            return reading
        return reading._replace(named=True) if _opens_with_name(text, matcher, end) else reading
    return Reading(_opens_with_name(text, matcher, start), start, start)


def _is_plain(text: Text, people: Sequence[Known]) -> bool:
    """True for 'Dear Ms Reyes,' and 'Hi Ana!', which most messages begin with; the rest is looked at closely."""
    start, end = text.greeting
    lead, *words = text.body[start:end].rstrip(" ,:!").split() or [""]
    if lead not in _LEADS or not 0 < len(words) <= 3:
        return False
    if len(words) > 1 and words[0].rstrip(".") in _CIVIL:
        words = words[1:]
    said = fold("".join(words))
    return said.isalpha() and words[0][0].isupper() and any(said in one.given or said in one.family for one in people)


def _where(text: Text) -> tuple[int, int]:
    """The salutation, also below a letterhead and behind marks of emphasis."""
    start, end = text.greeting
    if start < end and word_sets("names")["greeting"].intersection(text.body[start:end].lower().split(None, 1)[:1]):
        return start, end
    line = text.body[start:].split("\n", 1)[0].rstrip()
    first = line[:_LONGEST].lower().split(None, 1)[:1]
    if (
        len(line) <= _LONGEST
        and line.endswith((",", ":", "!", "."))
        and word_sets("names")["salute"].intersection(first)
    ):
        return start, start + len(line)
    match = _LATER.search(text.body, 0, _HEAD)
    if match is None or any(
        line.endswith((".", "!", "?")) or len(line) > 60 for line in text.body[: match.start()].split("\n")
    ):
        return start, end
    return match.start(), match.end()


def _in_other_script(head: str, people: Sequence[Known]) -> bool:
    """Names that are written without spaces: '王小明先生', '王先生'."""
    line = head.strip().split("\n", 1)[0]
    for person in people:
        for word in person.words:
            if "\u2e80" <= word[0] <= "\ud7ff":
                for size in range(len(word), 0, -1):
                    at = line.find(word[:size])
                    if at >= 0 and (size > 1 or _AFTER_HAN.match(line, at + size)):
                        return True
    return False


def _salutation(text: Text, matcher: Matcher, start: int, end: int) -> Reading:
    said = text.body[start:end]
    groups = [matcher.group(words) for words in _groups(said)]
    match = next((group.match for group in groups if group.match and not group.company), "")
    if match == "family" and any(group.company for group in groups):
        match = ""  # 'Dear Rafferty & Daughters' is a firm
    strange = next((group.strange for group in groups if group.strange), ())
    slot = bool(_SLOT.search(said)) or not word_sets("names")["field"].isdisjoint(lowers_of(said))
    named = bool(match) and (matcher.knows_people or not slot)
    return Reading(True, start, end) if named else Reading(False, start, end, strange, slot)


def _groups(said: str) -> Iterator[tuple[Word, ...]]:
    begin = 0
    for cut in [*_CUT.finditer(said), None]:
        words = words_of(said[begin : cut.start() if cut else len(said)])
        if words:
            yield words
        begin = cut.end() if cut else begin


def _opens_with_name(text: Text, matcher: Matcher, after: int) -> bool:
    """True for 'Tony, thanks for ...', 'Thanks, Tony, for ...' and 'Thanks Tony!' at the beginning of the message."""
    first = text.between(after, len(text.body))[0]
    words = text.words[first : first + _FIRST_WORDS]
    line = text.body.find("\n", words[0].start) if words else 0
    leads = word_sets("names")["greeting"]
    for at in range(len(words)):
        if line >= 0 and words[at].start > line:
            break
        begin = at + matcher.titles(words[at:])
        size = matcher.size(words, begin)
        if not size or begin + size > len(words):
            continue
        last = words[begin + size - 1]
        after_name = text.body[last.end : last.end + 2].lstrip(" ")[:1]
        before = text.body[: words[at].start].rstrip(" ")[-1:]
        thanked = at > 0 and all(word.lower in leads for word in words[:at])
        if (at == 0 or before == "," or thanked) and (not after_name or after_name in _AFTER_NAME):
            return True
        follows = words[begin + size].lower if begin + size < len(words) else ""
        if (at == 0 and follows in ("thanks", "thank", "good", "great")) or (
            thanked and follows in ("for", "again", "so")
        ):
            return True
    return False
