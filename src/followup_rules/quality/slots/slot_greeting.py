"""Salutations without the name that belongs there: 'Dear ,', 'Dear Mr,', 'Dear Name,'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from followup_rules.quality.parts import LABEL
from followup_rules.quality.phrases import word_sets
from followup_rules.quality.slots.fields import field_words, is_field, tokens
from followup_rules.quality.slots.site import Page

_GREETING: Final = r"[ \t\n*_]{0,9}(?P<greeting>dear|hi|hello|hey|good (?:morning|afternoon|evening)|greetings)"
_OPENING: Final = re.compile(
    _GREETING + r"(?:[ \t]+(?P<title>mr|mrs|ms|miss|mx|dr|prof|professor)\b\.?)?(?P<space>[ \t]{0,9})[,:;!–—-]",
    re.IGNORECASE,
)
_DOTS: Final = re.compile(
    r"[ \t\n*_]{0,9}dear(?:[ \t]+(?:mr|mrs|ms|mx|dr|prof)\b\.?)?[ \t]{0,4}(?:\.{2,12}|…{1,6})[ \t,:]{0,5}(?=\n|$)",
    re.IGNORECASE,
)
_PLAIN: Final = frozenset(
    ("dear", "hi", "hello", "hey", "good", "morning", "mr", "mrs", "ms", "mx", "dr", "prof", "professor")
)
_SPACED: Final = re.compile(r"\w [.,;:!](?=\s|$)")


def _may_lack_a_name(page: Page) -> bool:
    """False for a salutation that ends in a word which is nobody's slot: 'Dear Ms Reyes,'."""
    start, end = page.greeting
    words = page.raw[start:end].rstrip(" ,:;!-–—").split()
    return len(words) < 2 or not words[-1].isalpha() or words[-1].lower() in _greeted()


@lru_cache(maxsize=1)
def _greeted() -> frozenset[str]:
    return field_words() | word_sets("slots")["dummy"] | _PLAIN


def salutation_slots(page: Page) -> Iterator[tuple[int, int]]:
    """'Dear ,', 'Dear Mr,', 'Dear ...', 'Dear Name,', 'Dear null,'."""
    if page.is_subject or not _may_lack_a_name(page):
        return
    dummy = word_sets("slots")["dummy"]
    dots = _DOTS.match(page.raw) if ".." in page.raw or "…" in page.raw else None
    match = _OPENING.match(page.raw)
    if dots:
        yield dots.span()
    elif match and _is_empty(page, match):
        yield match.start("greeting"), match.end()
    elif "N/A" in page.raw[slice(*page.greeting)].upper():
        yield page.greeting
    elif page.greeting[0] < page.greeting[1]:
        sets = word_sets("slots")
        said = [word for word in tokens(page.raw[slice(*page.greeting)]) if word not in _PLAIN]
        known = dummy | sets["part"] | sets["field"]
        if said and known.issuperset(said) and not dummy.isdisjoint(said):
            yield page.greeting


_LABELS: Final = frozenset(
    ("job title", "title", "position", "role", "company", "company name", "phone number", "mobile number",
     "email address", "sender", "sender name", "signature", "contact details", "contact number")
)  # fmt: skip
"""What stands below a farewell where the thing itself belongs."""
_UNSIGNED: Final = ("Name", "Your ", "My ", "Full ", "First ", "NAME", "YOUR ")


def signature_slots(page: Page) -> Iterator[tuple[int, int]]:
    """'Name' or 'Your full name' in a line of its own below the farewell."""
    if page.is_subject or page.closing >= len(page.raw):
        return
    at = page.closing
    lines = page.raw[page.closing : page.closing + 400].split("\n")
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        said = line.strip(" \t*_.,")
        if 0 < len(said) < 40 and (
            (said.startswith(_UNSIGNED) and _signs_nobody(said))
            or (at > page.closing and _LABELS.issuperset(part.strip() for part in said.lower().split(",")))
            or (LABEL.fullmatch(said) and not any(letter.isdigit() or letter == "@" for letter in below))
        ):
            start = at + line.index(said)
            yield start, start + len(said)
        at += len(line) + 1


def _signs_nobody(said: str) -> bool:
    words = tokens(said)
    if ":" in said or not words or words[-1] in ("sincerely", "faithfully", "truly"):
        return False
    return words == ["name"] or (words[0] in ("your", "my", "full", "first") and len(words) > 1 and is_field(said))


def _is_empty(page: Page, match: re.Match[str]) -> bool:
    """True where the name is missing. 'Hello ,' is also how some people put their commas, 'Hi -' how some begin."""
    title = (match["title"] or "").lower()
    if title:
        return bool(match["space"]) or title in ("mr", "mrs", "ms", "mx")
    if not match["space"]:
        return False
    if match["greeting"].lower() == "dear":
        return True
    return match[0][-1] not in "-–—!" and len(_SPACED.findall(page.raw)) <= 1
