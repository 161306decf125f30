"""Slips that show in a sentence as a whole: its mark at the end, two sentences run together, doubled conjunctions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from followup_rules.quality.proofread.slips import Slip
from followup_rules.quality.text import Sentence, Text

_ASK: Final = frozenset("is are was do does did have has".split())
_WOULD: Final = frozenset("would could will can".split())
_WH: Final = frozenset("what when where why how".split())
_SUBJECT: Final = frozenset("i we you he she it they there the this that these your my our any anyone".split())
_OTHER: Final = frozenset("it this that there the monday tuesday wednesday thursday friday next any we your".split())
_LEAD_IN: Final = frozenset("and but so also or".split())
_MAY_ASK: Final = _ASK | _WOULD | _WH | _LEAD_IN
"""What a question, or a lead-in to one, begins with."""
_PLAIN_SUBJECT: Final = frozenset("i we you he she it they".split())
_STATED: Final = frozenset("can could will should must may might is was am are".split())
_ENDS_SHORT: Final = re.compile(r"(?:\.\.|\b[a-z]\.[a-z]\.|\b(?:am|pm|etc|inc|ltd|no|co|approx)\.)$", re.IGNORECASE)
"""An ellipsis or an abbreviation, behind which the sentence may go on."""

_OPENS: Final = frozenset("i i've i'm we we've we're it it's this the my our your thank thanks he she they you".split())
_SECOND: Final = frozenset("i we he she they it this".split())
_SHORTENED: Final = frozenset(
    "i'm i've i'll i'd we're we've we'll it's it'll he's she's they're they've that's".split()
)
_FINITE: Final = frozenset(
    "am is are was were have has had will would can could do did don't didn't haven't hasn't won't wasn't isn't aren't "
    "should must know knew think thought hope can't cannot couldn't wouldn't shouldn't weren't hadn't".split()
)
_JOINS: Final = frozenset(
    "if when as because while although though since after before once whether what how which who where why "
    "until unless whatever whenever that think thought believe say said says guess suppose mean means imagine "
    "told asked like not neither never only more sooner less better no hardly given even should had were".split()
)
"""Words with which the first half may be no sentence of its own, or the second may hang on it."""
_THINKS: Final = frozenset("hope know knew sure afraid see trust feel".split())
"""Words that end a remark put before a sentence: 'I know, it was late.'"""
_OWNERS: Final = frozenset("your my our the".split())
_STATES: Final = frozenset("is was are were will has".split())
_NOT_SECOND: Final = frozenset(
    "to minute moment day week time year month morning evening night instant first next last second more sooner longer "
    "same only other best better one way".split()
)
"""Words that make no sentence of what begins so: 'Thanks to ...', 'The moment ...', 'The more ...'."""
_TWICE_JOINED: Final = {"although": "but", "though": "but", "because": "so"}


def sentence_slips(text: Text, sentences: Sequence[Sentence]) -> Iterator[Slip]:
    """The slips of whole sentences."""
    for one in sentences:
        lowers = text.lowers[one.first : one.last]
        if 3 <= len(lowers) <= 60:
            head = lowers[0]
            if head in _MAY_ASK:
                yield from _question(text, one, lowers)
            if head in _OPENS:
                yield from _run_together(text, one, lowers)
            if head in _TWICE_JOINED:
                yield from _joined_twice(text, one, lowers)


def _question(text: Text, one: Sentence, lowers: Sequence[str]) -> Iterator[Slip]:
    """A plain question with a full stop, or one in the order of a statement.

    A request ('Could you send me ...') may end with a full stop.
    """
    if lowers[0] == "so" and lowers[1] in _ASK:
        return  # 'So does the other half.'
    lowers = lowers[1:] if lowers[0] in _LEAD_IN else lowers
    if len(lowers) < 3:
        return
    end = text.body[one.end - 1]
    if end == "?":
        if (
            lowers[0] in ("how", "what", "why")
            and lowers[1] in _PLAIN_SUBJECT
            and lowers[2] in _STATED
            and len(lowers) > 3
        ):
            word = text.words[one.last - len(lowers) + 1]
            after = text.words[one.last - len(lowers) + 2]
            message = (
                f"'{word.text} {after.text}': in a question the verb comes first, or the reader takes it for a remark"
            )
            yield Slip("grammar", word.start, after.end, message, f"write '{after.lower} {word.text}'")
    elif end == "." and _asks(lowers) and text.body[one.start].isupper():
        cut_short = _ENDS_SHORT.search(text.body, max(0, one.end - 8), one.end)
        if not cut_short and not any(mark in text.body[one.start : one.end] for mark in ':"“”?…—;()'):
            message = "a question ends with a full stop, so the reader may miss that an answer is asked for"
            yield Slip("grammar", one.end - 1, one.end, message, "put a question mark", "?")


def _asks(lowers: Sequence[str]) -> bool:
    first, second, third = lowers[:3]
    if first in _ASK:
        return second in _SUBJECT and not (first in ("do", "have") and second not in ("you", "we", "they", "i"))
    if first in _WOULD:
        return second in _OTHER and third not in ("i", "we", "you")
    if first in _WH and second in _ASK | _WOULD and third in _SUBJECT:
        # 'What is the most exciting is ...' and 'What was it that' are no questions.
        return not any(word in _ASK | {"were", "am"} for word in lowers[3:])
    return False


def _run_together(text: Text, one: Sentence, lowers: Sequence[str]) -> Iterator[Slip]:
    """Two sentences with a comma between them: 'I sent it, I hope you like it.' Only where both halves are plain."""
    if lowers[0] not in _OPENS or lowers[1] in _NOT_SECOND or text.body.count(",", one.start, one.end) != 1:
        return
    comma = text.body.index(",", one.start, one.end)
    if (
        any(mark in text.body[one.start : one.end - 1] for mark in ':;"“”?!…—–()')
        or " - " in text.body[one.start : one.end]
    ):
        return
    half = text.between(comma, one.end)[0] - one.first
    before, after = lowers[:half], lowers[half:]
    if len(before) < 4 or len(after) < 4 or before[-1] in _THINKS or _JOINS.intersection(before):
        return
    if _is_sentence(after) and not _is_listed(after):
        message = "a comma joins two sentences here; the reader stumbles where one ends and the next begins"
        yield Slip("grammar", comma, comma + 1, message, "put a full stop or a semicolon, or join them with 'and'")


def _is_sentence(words: Sequence[str]) -> bool:
    first, second = words[:2]
    if first in _SECOND:
        return second in _FINITE or second.endswith("ed")
    return first in _SHORTENED or (first in _OWNERS and not _STATES.isdisjoint(words[2:4]))


def _is_listed(words: Sequence[str]) -> bool:
    """True for the last two of three: 'the people are kind, the tea is strong and the snacks are dangerous'."""
    at = next((at for at, word in enumerate(words) if at > 2 and word == "and"), len(words))
    return not _FINITE.isdisjoint(words[at + 2 : at + 4])


def _joined_twice(text: Text, one: Sentence, lowers: Sequence[str]) -> Iterator[Slip]:
    """'Although ..., but ...' and 'Because ..., so ...'."""
    second = _TWICE_JOINED.get(lowers[0])
    if second is None or lowers[1] == "of" or second not in lowers or text.body.count(",", one.start, one.end) != 1:
        return
    word = text.words[one.first + lowers.index(second)]
    if text.body[max(0, word.start - 2) : word.start] == ", ":
        message = (
            f"'{lowers[0]}' and '{second}' join the same two halves; one of them is enough, and both confuse the reader"
        )
        yield Slip("grammar", word.start, word.end, message, f"leave out '{word.text}'")
