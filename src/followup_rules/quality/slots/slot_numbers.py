"""Numbers that were left open, in whole or in part: '08x xxx xxxx', '12,XXX', '# years', '€00,000', '1X March'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from followup_rules.quality.phrases import word_sets
from followup_rules.quality.slots.site import Page, Site

# Digits beside X; '4xx errors' and '2x4' have no second group of X, and no repetition is without an end.
_PARTLY: Final = re.compile(
    r"(?<![\w.])(?<![A-Z]-)[+(]{0,2}\d{1,5}[xX]{0,6}\)?(?:[ ./-][\dxX]{1,8}){0,4}[ .,/-][xX]{2,8}"
    r"(?:[ ./-][xX\d]{2,8}){0,4}(?!\w)"
    r"|(?<![\w.])\d{1,3}[xX]{4,10}(?!\w)"
    r"|(?<![\w.])[£$€₹]?\d{1,3}[xX]{1,3},(?:000|[xX]{3})(?!\w)"
)
_MONTH: Final = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY: Final = re.compile(
    rf"(?<![\w.])(?:\d?[xX]{{1,2}}|\?{{1,2}}|#{{1,2}}|__?|\[?[●•]\]?)(?:st|nd|rd|th)? {_MONTH}(?!\w)"
)
_NAMED: Final = re.compile(
    r"(?<!\w)(?:(?:Weekday|Day),? (?:Month|Date),? (?:Date|Day|Year)|Month (?:Day|Date|DD)(?:,? (?:Year|YYYY))?)(?!\w)"
)
_UNCOUNTED: Final = re.compile(r"(?<= )(?:#{1,3}|\?|_|[nN]|--|[●•○])(?: of)?(?= [a-z])")
_ZEROS: Final = re.compile(
    r"(?<!\w)[£$€₹]0{2,6}(?:[.,]000){0,3}(?![.,]?\w)|(?<!\w)[£$€₹]0,000(?![.,]?\w)|(?<![\w.,+-])0{7,20}(?![.,]?\w)"
)
_CODES: Final = re.compile(r"\b(?:errors?|status|codes?|responses?|HTTP|hex\w{0,7}|regex\w{0,2})\b", re.IGNORECASE)
_CONTACT: Final = re.compile(
    r"(?<![\w.@-])(?:(?:your|my)[._-]?(?:e-?mail|name)|first(?:name)?[._-]last(?:name)?|email|name)@[\w-]{2,30}\.\w{2,6}"
    r"|(?<!\w)\(?0{3}\)?[ .-]000-0000(?!\w)"
    r"|(?<![\w-])(?:linkedin\.com/in|(?:github|gitlab|example|behance)\.(?:com|org|net))/"
    r"(?:your[._-]?(?:name|profile|user(?:name)?|handle|portfolio)?|first(?:name)?[._-]?last(?:name)?|username)(?![\w/-])"
)
_OPEN_DAYS: Final = ("X ", " xx ", "Xth", "xth", "?? ", " ? ", "# ", "_ ", "_th", "●", "•")
_OPEN_SUMS: Final = ("£0", "$0", "€0", "₹0", "0000000")
_OPEN_COUNTS: Final = ("# ", " ? ", " _ ", " n ", " N ", " -- ", "● ", "• ", "○ ")
_COUNTS: Final = frozenset(
    ("of", "for", "over", "about", "have", "has", "had", "with", "in", "within", "after", "nearly", "almost", "around",
     "than", "roughly", "some", "my", "the")
)  # fmt: skip


def number_slots(page: Page) -> Iterator[tuple[int, int]]:
    """Every number that was left open."""
    raw = page.raw
    if "xx" in raw or "XX" in raw or "X,0" in raw:
        for match in _PARTLY.finditer(raw):
            site = Site(page, *match.span())
            if not site.mentioned and not _CODES.search(site.line):
                yield match.span()
    if any(map(raw.__contains__, _OPEN_DAYS)):
        for match in _DAY.finditer(raw):
            if not Site(page, *match.span()).mentioned:
                yield match.span()
    if "Month" in raw:
        for match in _NAMED.finditer(raw):
            if Site(page, *match.span()).wanted:
                yield match.span()
    if any(map(raw.__contains__, _OPEN_SUMS)):
        for match in _ZEROS.finditer(raw):
            if not Site(page, *match.span()).coded:
                yield match.span()
    if "@" in raw or "000-0000" in raw or ".com/" in raw or ".org/" in raw or ".net/" in raw:
        for match in _CONTACT.finditer(raw):
            if not Site(page, *match.span()).coded:
                yield match.span()
    if any(map(raw.__contains__, _OPEN_COUNTS)):
        yield from _uncounted(page)


def _uncounted(page: Page) -> Iterator[tuple[int, int]]:
    """'for # years', 'over n years'."""
    quantity = word_sets("slots")["quantity"]
    for match in _UNCOUNTED.finditer(page.raw):
        site = Site(page, *match.span())
        if site.before in _COUNTS and site.behind in quantity and not site.coded:
            yield match.span()
