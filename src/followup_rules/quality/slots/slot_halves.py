"""Slots of which half is left: 'Dear [Ms Obi,', 'your work at Lanewood}', 'what you said about ... was'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from followup_rules.quality.slots.site import Page, Site

_OTHER: Final = {"]": "[", "}": "{", ">": "<"}
_OPENERS: Final = frozenset(_OTHER.values())
_HALF: Final = re.compile(r"[\[\]{}<>]")
_NAMES: Final = re.compile(r"[^\W\d_]{2}")
_LEFT: Final = re.compile(r"(?<= about )(?:\.{3}|…)(?= (?:is|was|are|were|has|and)\b)")


def half_slots(page: Page) -> Iterator[tuple[int, int]]:
    """Every bracket without its other half that touches a name, and dots in the place of a name."""
    if not page.is_subject and ("..." in page.raw or "…" in page.raw):
        yield from (match.span() for match in _LEFT.finditer(page.raw))
    for at in _alone(page.raw):
        site = Site(page, at, at + 1)
        if site.in_greeting or (page.raw[at] not in "<>" and _touches_a_name(site) and not site.coded):
            yield at, at + 1


def _alone(raw: str) -> Iterator[int]:
    """The places of brackets whose other half is not there."""
    open_: dict[str, list[int]] = {mark: [] for mark in _OPENERS}
    for match in _HALF.finditer(raw):
        mark = match[0]
        if mark in _OPENERS:
            open_[mark].append(match.start())
        elif open_[_OTHER[mark]]:
            open_[_OTHER[mark]].pop()
        else:
            yield match.start()
    for places in open_.values():
        yield from places


def _touches_a_name(site: Site) -> bool:
    """True for 'at [Lanewood' and 'Lanewood}', not for ':]', '[0, 1)' and 'x]'."""
    raw, start, end = site.raw, site.start, site.end
    if raw[start] in _OPENERS:
        return raw[start - 1 : start] in ("", " ", "\n") and _NAMES.match(raw, end) is not None
    closed = raw[end : end + 1] in ("", " ", "\n", ".", ",", ";", "!", "?", "]", "}")
    return closed and _NAMES.match(raw, max(0, start - 2)) is not None
