"""Slots between marks that are unusual for it: '§NAME§', '==DATE==', '「氏名」', '→name←', '/* insert date */'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from followup_rules.quality.slots.fields import IDENTIFIER, is_field, is_order
from followup_rules.quality.slots.site import Page, Site

# What is no letter and no usual mark may stand on both sides of a slot.
_TWINS: Final = re.compile(
    r"(?P<edge>[!?/:;+=&\\¡-©¬-º¼-¿×÷†-‣‰⁂-₟←-⯿]{1,3})(?P<inner>[^\W\d_][\w '’-]{0,40})(?P=edge)(?!\w)"
)
_BRACKETS: Final = re.compile(
    r"[「『〔〖](?P<quoted>[^「」『』〔〕〖〗\n]{1,40})[」』〕〗]"
    r"|[→⇒➔➜►▶][ ]?(?P<arrow>[^\W\d_][\w '’-]{0,40}?)[ ]?[←⇐◄◀]"
    r"|/\*(?P<comment>[^*\n]{1,60})\*/"
    r"|&(?P<entity>[^\W\d_]\w{1,40});"
    r"|[$@#%]\((?P<call>[^\W\d_][\w .'’-]{0,40})\)"
    r"|(?<![\w-])--[ ]?(?P<dashes>[A-Z][A-Z_ ]{1,40}?)[ ]?--(?![\w-])"
)


def pair_slots(page: Page) -> Iterator[tuple[int, int]]:
    """Every slot between two marks that texts do not use otherwise."""
    raw = page.raw
    for match in _TWINS.finditer(raw):
        if not raw[max(0, match.start() - 1) : match.start()].isalnum() and _names_a_field(
            Site(page, *match.span()), match["inner"]
        ):
            yield match.span()
    for match in _BRACKETS.finditer(raw):
        inner = match[match.lastgroup or 0].strip()
        if _names_a_field(Site(page, *match.span()), inner):
            yield match.span()


def _names_a_field(site: Site, inner: str) -> bool:
    """True for the words of a field or an order; a line of its own is a heading, and code is code."""
    if inner[-1:].isspace() or site.coded:
        return False
    if site.alone and not (site.in_greeting or site.in_closing):
        return False
    if is_field(inner) or is_order(inner):
        return True
    return IDENTIFIER.fullmatch(inner) is not None and inner.isupper() and "_" in inner
