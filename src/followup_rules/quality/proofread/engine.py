"""A second reading by Harper, where the extra `proofread` is installed.

Harper alone finds fault with every second clean message. So only rules are asked that were silent on half a million
words of clean text (`words/harper_rules.txt`), and a word it does not know is a misspelling only where one or two slips
lead to a common word: no name, no term of a trade and no regional spelling passes both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Final

from followup_rules.quality.phrases import word_sets
from followup_rules.quality.proofread.near import common_words, distance, is_common, is_regional, meant_by
from followup_rules.quality.proofread.piece import Piece
from followup_rules.quality.proofread.slips import Slip
from followup_rules.quality.stems import stem

if TYPE_CHECKING:
    from harper import Lint, Linter

LONGEST: Final = 20_000
"""Characters that are handed to Harper at most."""

_SHORTEST: Final = 6
_DENIED: Final = re.compile(r"\bdid(?:n['’]t| not| never| (?:i|we|you|they|he|she|it))\s+$", re.IGNORECASE)
"""'did' as a helping verb, by what stands behind it; elsewhere it may be the verb itself."""
_ABROAD: Final = re.compile(r"\b(?:de|du|des|la|le|les|en|au|aux|et|del|della|di|da|al|el|von|der|zu)\b", re.IGNORECASE)
"""Small words of other languages; what stands beside them is foreign."""
_PLAIN: Final = re.compile(r"[a-z]{5,30}")
_lock, _making = Lock(), Lock()


class Engine:
    """Harper with the rules that are asked."""

    def __init__(self, linter: Linter) -> None:
        allowed = word_sets("harper_rules")["rules"]
        linter.set_lint_config({name: name.lower() in allowed for name in linter.get_default_lint_config()})
        self._linter = linter

    def read(self, text: str, first: int, last: int, piece: Piece, names: frozenset[str]) -> Iterator[Slip]:
        """The slips between two places of a text."""
        read = text[first : min(last, first + LONGEST)]
        if not read.strip():
            return
        with _lock:
            lints = self._linter.lint(read, language="plaintext")
        unknown = Counter(lint.problem_text for lint in lints if lint.lint_kind == "Spelling")
        for lint in lints:
            start, end = first + lint.span.start, first + lint.span.end
            if piece.hides(start) or _is_cause(text, start) or _is_good(text, start, end, lint):
                continue
            if lint.lint_kind == "Spelling":
                word = text[start:end]
                part = "-" in (text[start - 1 : start], text[end : end + 1])
                abroad = _ABROAD.search(text[max(0, start - 5) : start]) or _ABROAD.search(text[end : end + 5])
                right = None if part or abroad or word in names or unknown[word] > 2 else _meant(word, lint)
                if right:
                    message = f"'{word}' is a misspelling of '{right}'; a reader takes it for a lack of care"
                    yield Slip("spelling", start, end, message, f"write '{right}'", word=word)
            else:
                yield _grammar(text, start, end, lint)


def _is_cause(text: str, start: int) -> bool:
    """True for 'since' behind a comma, which gives a reason and no time: ', since 90 weeks at sea have taught me'."""
    return text[start : start + 6] == "since " and text[:start].rstrip().endswith((",", ";"))


def _is_good(text: str, start: int, end: int, lint: Lint) -> bool:
    """True for 'few would dare', 'fascinated to hear' and 'I did detached work', which Harper finds fault with."""
    said, message = text[start:end].lower(), lint.message.lower()
    if 'with "did"' in message:
        return _DENIED.search(text[max(0, start - 40) : start]) is None
    return (said.endswith((" dare", " need")) and "modal" in message) or (said == "to" and "fascinated" in message)


def _grammar(text: str, start: int, end: int, lint: Lint) -> Slip:
    instead = [one.replacement_text for one in lint.suggestions if one.replacement_text]
    hint = f"write '{instead[0]}'" if instead else "write it another way"
    what = lint.message.rstrip(".").replace("`", "'")
    return Slip("grammar", start, end, f"'{text[start:end]}': {what}; the slip draws the reader's eye", hint)


def _meant(word: str, lint: Lint) -> str | None:
    """The common word that an unknown word stands for; None where it may be a word of its own."""
    if not _PLAIN.fullmatch(word) or is_common(word):
        return None
    offered = [one.replacement_text for one in lint.suggestions]
    if any(is_regional(word, other) for other in offered) or _is_built(word):
        return None
    near = meant_by(word, _SHORTEST)
    if near is not None:
        return near
    for other in offered:
        alike = other[:2] == word[:2] and other[-2:] == word[-2:]
        long = len(word) >= 9 or (len(word) == 8 and len(other) == 10)
        if long and alike and is_common(other) and distance(word, other) == 2:
            return other
    return next((other for other in offered[:3] if _is_plain_slip(word, other)), None)


def _is_plain_slip(word: str, other: str) -> bool:
    """True for a slip that leaves no doubt: a letter doubled or not, or one too few in a long word.

    The word meant must be akin to a common one ('scanned' to 'scan'); who writes 'codling' means the fish.
    """
    if len(word) < _SHORTEST or not _PLAIN.fullmatch(other) or other[0] != word[0] or distance(word, other) != 1:
        return False
    if len(word) == len(other) or stem(other) not in _common_stems():
        return False
    short, long = sorted((word, other), key=len)
    at = next((at for at, (one, two) in enumerate(zip(short, long, strict=False)) if one != two), len(short))
    if long[at] in (long[at - 1], long[at + 1 : at + 2]) and at > 1:
        return word[-4:] == "full" or word[-2:] == "tt" or at < len(short)
    return short == word and len(word) >= 9 and at < len(short)


@lru_cache(maxsize=1)
def _common_stems() -> frozenset[str]:
    return frozenset(map(stem, common_words()))


@lru_cache(maxsize=1)
def _prefixes() -> tuple[str, ...]:
    return tuple(sorted(word_sets("harper_rules")["prefixes"]))


def _is_built(word: str) -> bool:
    """True for a word that is made of common ones: 'unpublished', 'workflow', 'timesheet'."""
    if any(word.startswith(prefix) and is_common(word[len(prefix) :]) for prefix in _prefixes()):
        return True
    return any(is_common(word[:at]) and is_common(word[at:]) for at in range(5, len(word) - 4))


def is_installed() -> bool:
    """True where the extra is installed."""
    return find_spec("harper") is not None


def engine() -> Engine | None:
    """The engine of this process, made when it is first needed; None without the extra."""
    with _making:
        return _made()


@lru_cache(maxsize=1)
def _made() -> Engine | None:
    try:
        from harper import Dialect, Linter
    except ImportError:
        return None
    return Engine(Linter(Dialect.AMERICAN))
