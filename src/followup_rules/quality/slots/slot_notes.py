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
    r" (?:the|an?|one|some|what|his|her|their|your)\b[^()\n]{2,80}\)",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"(?:(?<=\bwith )|(?<=\bfrom )|(?<=\bby )|(?<=\bmeet )|(?<=\bsee )|(?<=\band ))"
    r"\w{3,20}['’]s (?:name|title|number) here(?=[.,;!?]|$| (?:at|on|in|and|who|from)\b)",
    re.IGNORECASE,
)
_CHECKED: Final = re.compile(
    r"\((?:(?:look up|verify|fill in|double[- ]check)|(?:check|confirm|look up|verify|fill in|double[- ]check|fix)"
    r"(?: (?:my|notes?|names?|spelling|dates?|times?|details?|calendar|title|later)){1,3}"
    r")[?!]?\)"
    r"|\((?:the )?\w{3,20}(?: \w{2,20})? (?:is |are )?(?:still )?to be "
    r"(?:inserted|filled in|supplied|completed|entered|added)[^()\n]{0,40}\)",
    re.IGNORECASE,
)
"""'(look up)', '(check notes)'."""
_MARGIN: Final = re.compile(
    rf"^[ \t]*(?://+|>>+|<!--|/\*)[ \t]*(?:{_VERB}|todo)\b[^\n]{{2,100}}|(?<!\w)NOTE TO SELF\b[^\n.!?]{{0,100}}"
    rf"|(?<!\w)[Nn]ote to self ?[:–-] ?{_VERB}\b[^\n.!?]{{0,100}}",
    re.MULTILINE,
)
"""'// add skills here', 'NOTE TO SELF: ask Jo'."""
_ORDER: Final = re.compile(
    r"(?<![^\n.!?*>] )(?<![\w,’'])(?:(?:Add|Insert|Put|Mention|Include|Write|Describe|Say|Paste|Explain)"
    r"|(?<=\*)(?:add|insert|put|mention|include|write|describe)|(?<=> )(?:add|insert|put|mention|include|write))"
    r"(?! (?:me|us|to|them|him|her)\b)(?: [\w’',/-]{1,20}){1,8} here(?=[.!*)\n]|$)"
)
"""A sentence that ends in 'here': 'Add two skills here.'"""
_INSERT: Final = re.compile(
    r"(?:^|(?<=[.!?] )|(?<=\n))Insert(?: [a-z’'-]{1,20}){0,5} "
    r"(?:line|sentence|paragraph|name|date|time|example|detail|details|reference|skill|skills|topic|project|anecdote"
    r"|story|compliment|fact|figure|quote|link|reason|achievement|something|text)(?=[.!:\n]|$)"
)
_TO_COME: Final = re.compile(r"(?<![\w\"“'‘-])TK(?:TK)+(?![\w\"”'’-])")
"""What journalists write where something is to come."""
_SOUGHT: Final = (
    (("TKTK",), _TO_COME),
    (("name here", "title here", "number here"), _NAMED),
    ((" here.", " here!", " here*", " here)", " here\n"), _ORDER),
    (("Insert ",), _INSERT),
    (("//", ">>", "ote to self", "NOTE TO SELF", "<!--", "/*"), _MARGIN),
)
"""What a text must hold for a search to be worth its time, and the search."""


def note_slots(page: Page) -> Iterator[tuple[int, int]]:
    """Every note to the writer."""
    for match in _matches(page.raw):
        if not Site(page, *match.span()).mentioned:
            yield match.span()


def _matches(raw: str) -> Iterator[re.Match[str]]:
    for hints, pattern in _SOUGHT:
        if any(map(raw.__contains__, hints)):
            yield from pattern.finditer(raw)
    at = raw.find("(")
    while at >= 0:
        for pattern in (_BEFORE, _TOLD, _CHECKED):
            match = pattern.match(raw, at)
            if match:
                yield match
                break
        at = raw.find("(", at + 1)
    if any(map(raw.__contains__, (" here", " HERE", " ABOUT "))):
        yield from (match for match in _NOTE.finditer(raw) if _is_meant(match[0]))


def is_note(sentence: str) -> bool:
    """True for a sentence that orders its writer, and no reader, to put something in."""
    match = _NOTE.match(sentence)
    return match is not None and _is_meant(match[0])


def _is_meant(said: str) -> bool:
    return said.isupper() or _HERE.search(said) is not None
