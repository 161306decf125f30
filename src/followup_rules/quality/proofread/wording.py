"""How a slip is told: the words in question, what should stand there, and why."""

from __future__ import annotations

import re
from typing import Final

from followup_rules.quality.proofread.lexicon import by_form, classes, plural_of
from followup_rules.quality.proofread.patterns import Hit, Pattern
from followup_rules.quality.proofread.slips import Slip
from followup_rules.quality.proofread.tokens import Tokens

_FIELD: Final = re.compile(r" ?\{(\d)(?::(\w+))?\}")
_QUOTED: Final = re.compile(r"'((?:[^']|'(?=\w))+)'(?!\w)")
_WRITE: Final = re.compile(r"write '(?:[^']|'(?=\w))+'(?!\w)(?:(?:, | or )'(?:[^']|'(?=\w))+'(?!\w)){0,2}")
_MARKS: Final = frozenset((".", ",", ";", "?"))
_EFFECT: Final = "it draws the reader's eye from what is said"


def told(hit: Hit, tokens: Tokens, text: str) -> Slip:
    """The slip that a pattern has found: two words at least, where a neighbour belongs to it."""
    pattern = hit.pattern
    first, last = _widened(hit, tokens)
    start, end = tokens.starts[hit.at + first], _end(tokens, text, hit.at + last - 1)
    hint = _hint(hit, tokens, text)
    excerpt = " ".join(text[start:end].split())
    left = text[start : tokens.starts[hit.at + pattern.first]]
    right = text[_end(tokens, text, hit.at + pattern.last - 1) : end]
    should = ""
    marked = text[tokens.starts[hit.at + pattern.first] : _end(tokens, text, hit.at + pattern.last - 1)]
    if hint == f"leave out '{marked}'":
        hint, should = _without(hint, left, right)
    elif _WRITE.fullmatch(hint):
        hint, should = _in_full(hint, left, right)
    what = f"'{excerpt}' should be {should}" if should else f"'{excerpt}'"
    return Slip("grammar", start, end, f"{what}: {pattern.line.section.message}; {_EFFECT}", hint)


def _end(tokens: Tokens, text: str, at: int) -> int:
    end = tokens.ends[at]
    while end > tokens.starts[at] and text[end - 1].isspace():
        end -= 1
    return end


def _widened(hit: Hit, tokens: Tokens) -> tuple[int, int]:
    """The words to point at: a word alone is hard to find, so its neighbour in the pattern is taken as well."""
    pattern, first, last = hit.pattern, hit.pattern.first, hit.pattern.last
    if last - first > 1:
        return first, last
    if first > 0 and _is_word(pattern, first - 1, hit, tokens):
        return first - 1, last
    if last < len(pattern.places) and _is_word(pattern, last, hit, tokens):
        return first, last + 1
    return first, last


def _is_word(pattern: Pattern, at: int, hit: Hit, tokens: Tokens) -> bool:
    return not pattern.places[at].but and tokens.keys[hit.at + at] not in _MARKS


def _without(hint: str, left: str, right: str) -> tuple[str, str]:
    rest = " ".join(f"{left} {right}".split())
    return hint, f"just '{rest}'" if rest else ""


def _in_full(hint: str, left: str, right: str) -> tuple[str, str]:
    """The hint with the neighbours of what is to be written, and the same as part of a sentence."""

    def full(match: re.Match[str]) -> str:
        own = match[1]
        before = "" if left and own.lower().startswith(left.strip().lower()) else left
        after = "" if right and own.lower().endswith(right.strip().lower()) else right
        return f"'{' '.join(f'{before}{own}{after}'.split())}'"

    hint = _QUOTED.sub(full, hint)
    return hint, hint.removeprefix("write ")


def _hint(hit: Hit, tokens: Tokens, text: str) -> str:
    """The hint of a pattern with its words filled in."""
    numbers = hit.pattern.numbers

    def word(match: re.Match[str]) -> str:
        number = int(match[1]) - 1
        places = [hit.at + at for at, own in enumerate(numbers) if own == number]
        found = " ".join(text[tokens.starts[at] : _end(tokens, text, at)] for at in places)
        return match[0][: match[0].index("{")] + _formed(found, match[2]) if found else ""

    return " ".join(_FIELD.sub(word, hit.pattern.line.hint).split())


def _formed(word: str, form: str | None) -> str:
    lower = word.lower()
    if not form or not lower:
        return word
    if form == "plural":
        return plural_of(lower)
    if form == "single":
        singles = [noun for noun in classes()["count"] | classes()["job"] if plural_of(noun) == lower]
        return singles[0] if singles else lower.removesuffix("s")
    if form == "an":
        return ("an " if lower[0] in "aeiou" else "a ") + word
    verb = by_form().get(lower)
    return str(getattr(verb, form)) if verb else lower
