"""Slots in plain words, whose brackets were taken away or never were: 'at your company name', 'on weekday, date'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from followup_rules.quality.slots.site import Page, Site

_NAKED: Final = re.compile(
    r"(?<!\w)(?:on (?:weekday|date)|at (?:time|location|venue|address|place))(?=[.,;](?:\s|$)| (?:on|at|from|in|and) )"
)
_OF_WHAT: Final = r"(?:hours|days|weeks|months|years)"
_WHOSE: Final = r"(?:company|organi[sz]ation|candidate|recipient|applicant|interviewer|colleague|manager|recruiter)"
_PLAIN: Final = re.compile(
    r"(?<!\w)(?:job (?:title|name)(?= (?:position|role|post|vacancy|opening|job)\b)"
    r"|(?:(?<=\bat )|(?<=\bjoin )|(?<=\bjoining )|(?<=\bat your )|(?<=\bat our ))(?:company|organi[sz]ation) name"
    r"(?=[.,;:!?]|$| (?:and|as|for|in|on|is|because|was|to|again|today|last)\b)"
    r"|(?:(?<=\bat )|(?<=\bour )|(?<=\byour )|(?<=, ))(?:company|organi[sz]ation) name"
    r"(?= (?:team|office|interview|site)\b)"
    r"|(?:(?<=\bthe )|(?<=\byour )|(?<=\bour ))(?:position|role) name"
    r"(?= (?:position|role|interview|post|team|vacancy)\b)"
    r"|(?:(?<=\babout )|(?<=\bon )|(?<=\bat )|(?<=\bin ))(?:project|event|product|client) name"
    r"(?=[.,;!?]|$| (?:and|at|in)\b)"
    r"|(?<=\bon )day of the week(?=[.,;]|$| at\b)"
    rf"|(?:(?<=\bmy )|(?<=\bour ))(?:colleague|manager|recruiter) name(?= (?:and|will|has|is|who|can|would|was)\b|,)"
    rf"|(?:(?<=\bwith )|(?<=\bmeet )|(?<=\bmet )|(?<=\b[Dd]ear )){_WHOSE} name(?=[.,;!?]|$| (?:and|on|at|in|to|last)\b)"
    rf"|(?:(?<=\bin )|(?<=\bwithin ))(?:amount|number) of {_OF_WHAT}"
    r"|(?:(?<=\bon )|(?<=\bat )|(?<=\bof )|(?<=\bby )|(?<=\bin ))(?:date|day|time|place|name|amount|room|number)"
    r" to be (?:filled in|inserted|added|supplied|entered)(?: by \w+)?)(?!\w)"
)

_HINTS: Final = ("job title", " name", "day of the week", "amount of", "number of", " to be ")
"""One of these must be in a text for the search to be worth its time."""


def naked_slots(page: Page) -> Iterator[tuple[int, int]]:
    """'on weekday, date, at time': words of a slot whose brackets were taken away, and nothing else."""
    for match in _NAKED.finditer(page.raw):
        if not Site(page, *match.span()).discussed:
            yield match.start() + 3, match.end()


def plain_slots(page: Page) -> Iterator[tuple[int, int]]:
    """'the job title position at company name', 'my colleague name and I', 'in number of weeks'."""
    if not any(map(page.raw.__contains__, _HINTS)):
        return
    for match in _PLAIN.finditer(page.raw):
        if not Site(page, *match.span()).discussed:
            yield match.span()
