"""What a text says with marks and capitals: emoji, rows of exclamation marks, words in capitals, masked swearing.

Each function gives characters and a weight; ten speaks for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from followup_rules.quality.phrases import word_sets
from followup_rules.quality.text import Apart

Places = Iterator[tuple[int, int, int]]

_EMOTICON: Final = re.compile(
    r"(?<![\w:;=(])(?:[:;=]['’]?-?[)(DPp|*\]\[]{1,3}|[:;]-?[/\\](?!/)|[xX]D|\^_{1,3}\^|[T;]_[T;]|[oO]_[oO]|-_-)(?!\w)"
    r"|<3(?=[ \t]{0,4}(?:\n|$))"
)
_BEGINS: Final = re.compile(r"[:;=]['’)(DPp|*\[\]/\\-]|[xX]D|\^_|[-T;oO]_|<3")
_BEGINNINGS: Final = (":", ";", "=", "_", "xD", "XD", "<3")
"""Without one of these there is none: most messages are spared the search."""
_EMOJI: Final = re.compile(
    "[\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001faff\U0001f1e6-\U0001f1ff\u2600-\u2604\u2614\u2615"
    "\u2618\u261d\u2620\u2639-\u263b\u2648-\u2653\u2660-\u2668\u26a1\u26bd\u26be\u2705\u270a-\u270d\u2728\u2753-\u2755"
    "\u2757\u2763\u2764\u2b50]+"
)
_MASKED: Final = re.compile(
    r"(?<![\w*])(?:f[*#@$]{1,3}(?:ck(?:ing|ed|s)?|k|ing)|f\*{2,3}|s[h*#@$][*#@$]{1,2}t?|b[*#@$]{2,4}h?|a[*#@$]{2}(?:hole)?|"
    r"cr[*#@$]p|d[*#@$]mn|h[*#@$]ll|bl[*#@$]{2,3}dy|[*#@$%!]{2}[*#@$%!&]{2,4})(?!\w)",
    re.IGNORECASE,
)
_MARKS: Final = re.compile(r"(?<=[^\W\d_])\?{2,}(?!\S)|[!?]*![!?]*")


def emoji(body: str) -> Places:
    """Emoji and emoticons."""
    if not body.isascii() and len(body.encode("cp1252", "ignore")) < len(body):  # not only Western marks
        yield from ((*match.span(), 10) for match in _EMOJI.finditer(body))
    if any(map(body.__contains__, _BEGINNINGS)) and _BEGINS.search(body):
        yield from ((*match.span(), 10) for match in _EMOTICON.finditer(body))


def masked(body: str) -> Places:
    """Swear words with stars in them."""
    if "*" in body or "#" in body or "@" in body or "$" in body:
        yield from ((*match.span(), 10) for match in _MASKED.finditer(body) if len(set(match.group())) > 1)


def exclamations(body: str, allowed: int) -> Places:
    """Exclamation marks beyond the allowed number, and two or more marks in a row."""
    if "!" not in body and "??" not in body:
        return
    count = 0
    for match in _MARKS.finditer(body):
        marks = match.group()
        count += marks.count("!")
        weight = 0
        if count > allowed and "!" in marks:
            weight = 10 if count > allowed + 1 else 6
        if len(marks) > 1:  # '!!', '?!', '???'
            weight = max(weight, 6 if len(marks) == 2 else 10)
        if weight:
            yield *match.span(), weight


@lru_cache(maxsize=1)
def _loud() -> frozenset[str]:
    return word_sets("tone_loud")["loud"]


def capitals(body: str, words: Apart) -> Places:
    """Runs of words in capitals that are neither names nor abbreviations."""
    owns, _, starts, ends = words
    if not any(word.lower() in _loud() for word in filter(str.isupper, owns)):
        return
    run: list[int] = []
    for at, own in enumerate(owns):
        if len(own) > 1 and own.isupper() and not _is_slot(body, starts[at], ends[at]):
            run.append(at)
            continue
        yield from _judged(words, run)
        run = []
    yield from _judged(words, run)


def _is_slot(body: str, start: int, end: int) -> bool:
    """True for a part of FIRST_NAME, [COMPANY] or {ROLE}: a slot shouts at nobody."""
    around = body[max(start - 1, 0) : start] + body[end : end + 1]
    return any(mark in "_[]{}<>%$#/" for mark in around)


def _judged(words: Apart, run: Sequence[int]) -> Places:
    loud = sum(words.lowers[at] in _loud() for at in run)
    if loud and len(run) == 1:
        yield words.starts[run[0]], words.ends[run[0]], 6
    elif loud and loud * 2 >= len(run):
        yield words.starts[run[0]], words.ends[run[-1]], 10
