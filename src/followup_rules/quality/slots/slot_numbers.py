"""Numbers that were left open, in whole or in part: '08x xxx xxxx', '12,XXX', '# years', '€00,000', '1X March'."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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
    rf"(?<![\w.])(?:\d?[xX]{{1,2}}|\?{{1,2}}|#{{1,2}}|__?|\[?[●•]\]?)(?:st|nd|rd|th)?(?: of)? {_MONTH}(?!\w)"
)
_NAMED: Final = re.compile(
    r"(?<!\w)(?:(?:Weekday|Day),? (?:Month|Date),? (?:Date|Day|Year)|Month (?:Day|Date|DD)(?:,? (?:Year|YYYY))?)(?!\w)"
)
_UNCOUNTED: Final = re.compile(r"(?<= )(?:#{1,3}|\?|_|[nN]|--|[●•○])(?: of)?(?= [a-z])")
_ZEROS: Final = re.compile(
    r"(?<!\w)[£$€₹]0{2,6}(?:[.,]000){0,3}(?![.,]?\w)|(?<!\w)[£$€₹]0,000(?![.,]?\w)|(?<![\w.,+-])0{7,20}(?![.,]?\w)"
    r"|(?<![\w-])(?!PIN)[A-Z]{2,8}[-/ #]{0,2}0{4,10}(?![.,-]?\w)"
)
_CODES: Final = re.compile(r"\b(?:errors?|status|codes?|responses?|HTTP|hex\w{0,7}|regex\w{0,2})\b", re.IGNORECASE)
_CONTACT: Final = re.compile(
    r"(?<![\w.@-])(?:(?:your|my)[._-]?(?:e-?mail|name)|first(?:name)?[._-]last(?:name)?|email|name)@[\w-]{2,30}\.\w{2,6}"
    r"|(?<!\w)\(?0{3}\)?[ .-]000-0000(?!\w)"
    r"|(?<![\w@.-])(?:https?://)?(?:www\.)?your[_-]?(?:web)?(?:site|domain|company|name|portfolio|blog|page|url)\.\w{2,6}(?!\w)"
    r"|(?<![\w-])(?:linkedin\.com/in|(?:github|gitlab|example|behance)\.(?:com|org|net))/"
    r"(?:your[._-]?(?:name|profile|user(?:name)?|handle|portfolio)?|first(?:name)?[._-]?last(?:name)?|username)(?![\w/-])"
)
_EPOCH: Final = re.compile(
    r"(?<!\w)(?:(?:1(?:st)? January|January 1(?:st)?,?|1 Jan|Jan 1,?) (?:1970|1900|0001)"
    r"|0?1[/.]0?1[/.](?:1970|1900|0001)|(?:1970|1900|0001)-01-01)(?!\w)"
)
"""What a program makes of a date that it does not have."""
_OLD: Final = re.compile(
    r"\b(?:born|birth\w*|since|epoch|unix|founded|history|default\w*|timestamps?)\b", re.IGNORECASE
)
_OPEN_COUNTS: Final = ("# ", " ? ", " _ ", " n ", " N ", " -- ", "● ", "• ", "○ ")
_COUNTS: Final = frozenset(
    ("of", "for", "over", "about", "have", "has", "had", "with", "in", "within", "after", "nearly", "almost", "around",
     "than", "roughly", "some", "my", "the", "saw", "seen", "received", "interviewed", "met", "read", "managed", "led")
)  # fmt: skip


def _is_code(site: Site) -> bool:
    return site.mentioned or _CODES.search(site.line) is not None


def _is_old(site: Site) -> bool:
    return site.mentioned or site.coded or _OLD.search(site.line) is not None


_SOUGHT: Final[tuple[tuple[tuple[str, ...], re.Pattern[str], Callable[[Site], bool]], ...]] = (
    (("xx", "XX", "X,0"), _PARTLY, _is_code),
    (("X ", " xx ", "Xth", "xth", "?? ", " ? ", "# ", "_ ", "_th", "●", "•"), _DAY, lambda site: site.mentioned),
    (("1970", "1900", "0001"), _EPOCH, _is_old),
    (("Month",), _NAMED, lambda site: not site.wanted),
    (("£0", "$0", "€0", "₹0", "0000"), _ZEROS, lambda site: site.coded),
    (("@", "000-0000", ".com", ".org", ".net", ".co", ".io", "www."), _CONTACT, lambda site: site.coded),
)
"""What a text must hold for a search to be worth its time, the search, and where what it finds is none."""


def number_slots(page: Page) -> Iterator[tuple[int, int]]:
    """Every number that was left open."""
    raw = page.raw
    for hints, pattern, is_none in _SOUGHT:
        if any(map(raw.__contains__, hints)):
            for match in pattern.finditer(raw):
                if not is_none(Site(page, *match.span())):
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
