"""What writers told themselves to do and left in: 'ADD A LINE HERE ABOUT THE TOUR', '(check date with Jo first)'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from followup_rules.quality.slots.site import Page, Site

_VERB: Final = (
    r"(?:add|put|insert|write|mention|include|say|fill|describe|name|drop|stick|work|paste|change|delete|check|ask|"
    r"confirm|look up|get|update|finish|rewrite)"
)
_PIECE: Final = (
    r"(?:(?:an?|one|some|another|two|the) (?:\w+ )?(?:line|sentence|word|paragraph|bit|note|detail|example|story"
    r"|anecdote|fact|remark|quote|compliment|joke)s?|something(?: \w+)?|a few (?:words|lines|details))"
)
_NOTE: Final = re.compile(
    rf"(?:^|(?<=[.!?] )|(?<=\n))(?i:{_VERB})(?: in)? (?i:{_PIECE}) (?i:about|on|re|regarding|from|here)\b"
    r"[^.!?\n]{0,120}"
)
"""A sentence that orders to write a line about something. It is a note where it says 'here' or shouts."""
_HERE: Final = re.compile(r"\bhere\b(?![:'’-]| (?:at|in|on|is|are|was)\b)", re.IGNORECASE)
_BEFORE: Final = re.compile(
    rf"\((?:{_VERB}|remember|don['’]t forget|todo)\b[^()\n]{{2,80}}\b"
    r"(?:before (?:sending|posting|you send|i send|we send|(?:this|it) goes(?: out)?)|first)\s?\)",
    re.IGNORECASE,
)
_TOLD: Final = re.compile(
    rf"\({_VERB} [^()\n]{{2,80}}[,;–-] ?(?:check|see|ask|look|use) [^()\n]{{2,40}}\)"
    r"|\((?:mention|insert|fill in|look up) (?:the|an?|one|his|her|their|what)\b[^()\n\d\"“]{2,80}\)"
    r"|(?:(?<=\babout )|(?<=\bof )|(?<=\bwith )|(?<=\bfor )|(?<=\bat )|(?<=\bon ))"
    r"\((?:add|insert|put in|fill in|look up|mention|name)"
    r" (?:the|an?|one|some|what|his|her|their|your)\b[^()\n]{2,80}\)"
    r"|(?:(?<=\bwith )|(?<=\bfrom )|(?<=\bby )|(?<=\bmeet )|(?<=\bsee )|(?<=\band ))"
    r"\w{3,20}['’]s (?:name|title|number) here(?=[.,;!?]|$| (?:at|on|in|and|who|from)\b)",
    re.IGNORECASE,
)
_HINTS: Final = (" here", " HERE", " ABOUT ")
_TO_COME: Final = re.compile(r"(?<![\w\"“'‘-])TK(?:TK)+(?![\w\"”'’-])")
"""What journalists write where something is to come."""


def note_slots(page: Page) -> Iterator[tuple[int, int]]:
    """Every note to the writer."""
    raw = page.raw
    if "TKTK" in raw:
        yield from (match.span() for match in _TO_COME.finditer(raw))
    if "(" in raw or " here" in raw:
        for pattern in (_BEFORE, _TOLD):
            yield from (match.span() for match in pattern.finditer(raw) if not Site(page, *match.span()).mentioned)
    if not any(map(raw.__contains__, _HINTS)):
        return
    for match in _NOTE.finditer(raw):
        if _is_meant(match[0]) and not Site(page, *match.span()).mentioned:
            yield match.span()


def is_note(sentence: str) -> bool:
    """True for a sentence that orders its writer, and no reader, to put something in."""
    match = _NOTE.match(sentence)
    return match is not None and _is_meant(match[0])


def _is_meant(said: str) -> bool:
    return said.isupper() or _HERE.search(said) is not None
