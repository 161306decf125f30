"""Slots in brackets and other marks: '[name]', '{{company}}', '%DATE%', '___'."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from followup_rules.quality.phrases import word_sets
from followup_rules.quality.slots.contents import EMPHASIS, FAREWELL, PATH, SIGNED
from followup_rules.quality.slots.fields import IDENTIFIER, is_field, is_order, names_marks, tokens
from followup_rules.quality.slots.site import Page, Site
from followup_rules.quality.slots.slot_brackets import round_, square

# One pass over the text. Every alternative begins with a mark of its own and is bounded.
_MARKS: Final = re.compile(
    r"(?P<template>\{{2,3}[^{}]{0,120}\}{2,3}|\{%[^%\n]{0,160}%\}|\{#[^#\n]{0,80}#\}|<%[^%\n]{0,120}%>|<\?[^?\n]{0,80}\?>"
    r"|\[%[^%\n]{0,120}%\]|\{![^{}\n]{0,80}\}|[$#%@]\{[^{}\n]{0,80}\}|\*\|[^|\n]{1,60}\|\*|%\(\w{1,40}\)[sd]"
    r"|\[\[[^\[\]\n]{0,80}\]\]|<{2,4}[^<>\n]{0,80}>{2,4}|««[^«»\n]{0,80}»»|⟦[^⟦⟧\n]{0,80}⟧"
    r"|>{2,4}[ ]?[^\W\d_][^<>\n]{0,80}<{2,4})"
    r"|(?P<curly>\{[^{}]{0,120}\}|｛[^｛｝\n]{0,80}｝)"
    r"|(?P<square>\[[^\[\]{}]{0,160}\]|［[^［］\n]{0,60}］)"
    r"|(?P<angle><[^<>\n\[\]{}]{0,80}>|‹[^‹›\n]{0,80}›|⟨[^⟨⟩\n]{0,80}⟩|〈[^〈〉\n]{0,60}〉|＜[^＜＞\n]{0,60}＞|&lt;[^&\n]{1,60}&gt;)"
    r"|(?P<guillemet>«[^«»\n]{0,80}»|【[^【】\n]{0,60}】|《[^《》\n]{0,60}》)"
    r"|(?P<round>\([^()\n\[\]{}<>«%]{0,100}\)|（[^（）\n]{0,60}）)"
    r"|(?P<twin>%%?[^\W\d_][\w .|-]{0,40}%%?|\$[^\W\d_]\w{0,40}\$|\#{1,3}[^\W\d_][\w .-]{0,40}\#{1,3}"
    r"|@@?[^\W\d_][\w .-]{0,40}@@?|\|\|?[^\W\d_][\w .-]{0,40}\|\|?|~~?[^\W\d_][\w .-]{0,40}~~?"
    r"|\^[^\W\d_][\w .-]{0,40}\^|\*{1,3}[^\W\d_][\w '’-]{1,40}\*{1,3}"
    r"|__[^\W_]+(?:_[^\W_]+){0,6}__|_[^\W\d_]+(?:[_ -][^\W\d_]+){0,4}_)(?!\w)"
    r"|(?P<sign>\$_{0,2}[A-Za-z]\w{2,40}|@{1,2}[A-Za-z_]\w{2,40}|%[sd](?!\w)|%\d\$[sd]|%[A-Za-z]\w{2,30}|:[a-z]{2,20}(?:_[a-z]{2,20}){1,4}"
    r"|\#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!))"
    r"|(?P<mask>\#{1,4}(?:[/.:-]\#{1,4})+|[○〇◯●×✕✖]{2,}|[▀-▟■□▢▯◻◼⬛⬜]{2,}|＿{2,})"
    r"|(?P<torn>[\[{<](?:First|Last|Full|Company|Job|Your|Hiring)[ _]?[A-Z][a-z]{2,12}(?= [a-z])"
    r"|\{\{|\}\}|[\[{<][^\W\d_][\w '’-]{1,40}[\]})>]|[\[{<][^\W\d_][\w '’-]{1,40}(?=[,.;!\n]|$))"
    r"|(?P<blank>_{2,}|\.{4,}|…{2,}|-{3,}|[–—]{2,}|\*{3,}|\#{2,}|~{3,}|\?{2,})"
)
_SET: Final = re.compile(r"[a-z]{2,20}(?:, ?[a-z]{2,20})+")
"""A set: 'the {lidar, camera} offset'."""
_TAGS: Final = re.compile(r"</?([a-z]\w{0,12})>")
_FIRST: Final = re.compile(r"[｛＜×✕✖\[{<>(%$#@|_~^*«‹⟦⟨〈【《［（…&}○〇◯●▀-▟■□▢▯◻◼⬛⬜＿]")
_RARE: Final = re.compile(r"[｛＜×✕✖\[{<>(%$#@|_~^*«‹⟦⟨〈【《［（…&}○〇◯●▀-▟■□▢▯◻◼⬛⬜＿.:?–—-]")
_RARE_MARKS: Final = ("....", "--", "??", "––", "——", " :")


def _matches(raw: str) -> Iterator[re.Match[str]]:
    """What begins with a mark: most texts have few, and one class of letters is found fast."""
    first = _RARE if any(map(raw.__contains__, _RARE_MARKS)) else _FIRST
    end = 0
    for start in first.finditer(raw):
        if start.start() >= end:
            match = _MARKS.match(raw, start.start())
            if match:
                end = match.end()
                yield match


def slots(page: Page, filled: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Every slot between marks. `filled` says of a text whether it is a name or a thing of this application."""
    for match in _matches(page.raw):
        kind = match.lastgroup or ""
        site = Site(page, match.start(), match.end())
        inner = (
            match[0]
            .strip("[]{}｛｝＜＞<>()«»‹›⟨⟩⟦⟧【】《》〈〉［］（）|*%$#@~^_!&;? \t\n")
            .removeprefix("lt;")
            .removesuffix("&gt")
        )
        if _JUDGES[kind](site, inner) and (not inner or kind in ("blank", "sign") or not filled(inner)):
            yield match.start(), match.end()


def _template(site: Site, inner: str) -> bool:
    if site.raw[site.start] in "[<" and not any(letter.isalpha() for letter in inner):
        return False
    if site.raw[site.start] in "<>" and _is_shifted(site, inner):
        return False
    return not (_is_coded(site, inner) or (names_marks(site.raw, inner) and not site.in_greeting))


def _is_coded(site: Site, inner: str) -> bool:
    return site.programmed if is_field(inner) or is_order(inner) else site.coded


def _is_shifted(site: Site, inner: str) -> bool:
    """True for the signs of programs between which no slot stands: 'x << 3 and y >> 2', 'cat <<<EOF >>>out'."""
    spaced = site.raw[site.start : site.end].strip("<>")
    even = spaced.startswith(" ") == spaced.endswith(" ")
    return not even or (spaced != inner and not (is_field(inner) or is_order(inner)))


def _curly(site: Site, inner: str) -> bool:
    before = site.raw[max(0, site.start - 40) : site.start]
    if PATH.search(before) and not before.endswith(("}/", "] /", " /")):
        return False
    if _is_route(site) or ((site.typed or _SET.fullmatch(inner)) and not (is_field(inner) or is_order(inner))):
        return False
    if before[-1:].isalnum() or before[-1:] in ("\\", "^", "=", "_", "(") or ('"' in inner and "|" not in inner):
        return False
    if not inner:
        return bool(site.wanted or site.behind) and not site.coded
    return (inner.isdigit() or any(letter.isalpha() for letter in inner)) and not site.coded


def _is_route(site: Site) -> bool:
    """True for a part of '/tiles/{z}/{x}.png', which is how programs write a path."""
    begun = site.raw[max(0, site.start - 40) : site.start].split()[-1:]
    return bool(begun) and begun[0].lstrip("(\"'“").startswith("/") and not site.raw[site.start - 1].isspace()


def _angle(site: Site, inner: str) -> bool:
    raw, words = site.raw, tokens(inner)
    if (
        raw[max(0, site.start - 1) : site.start].isalnum()
        or any(mark in inner.rstrip("/") for mark in '@/=\\"')
        or "://" in inner
    ):
        return False
    if not words:
        return not inner and (site.in_greeting or site.wanted)
    if raw[site.start] == "<":
        if not raw[site.start + 1].isalpha() and not is_field(inner):
            return False
        markup = word_sets("slots")["markup"]
        if words[0] == "title" and any(one in markup for one in _TAGS.findall(raw)):
            return False  # '<title>' beside '<input>'
        if words[0] in markup or f"</{inner}" in raw or re.search(r"\w\.\w{1,4}$", inner):
            return False
    if ", " in inner and is_order(inner.rpartition(", ")[2]):
        return not site.programmed  # 'the article by <author, check spelling>'
    return (len(inner) > 1 or inner in "xXnN") and not site.coded


def _guillemet(site: Site, inner: str) -> bool:
    return (is_field(inner) or IDENTIFIER.fullmatch(inner) is not None or site.in_greeting) and not site.coded


def _twin(site: Site, inner: str) -> bool:
    raw, mark = site.raw, site.raw[site.start]
    before = raw[max(0, site.start - 1) : site.start]
    if before.isalnum() or raw[site.end - 1] != mark or not inner[-1:].isalnum() or not raw[site.start + 1].strip():
        return False
    if raw[site.end - 2].isspace() or (before and before in "/&=?.:"):
        return False
    if mark == "|" and site.line.count("|") > 2 and site.line.strip().startswith("|"):
        return False
    if mark == "*":
        open_ = is_field(inner) and (inner.isupper() or len(tokens(inner)) > 1)
        if is_order(inner) and len(tokens(inner)) > 1 and tokens(inner)[0] in word_sets("slots")["strict"]:
            return not _is_coded(site, inner)
        free = inner.isupper() and raw[site.end : site.end + 1] != ":" and not site.alone
        return open_ and (free or site.wanted or site.in_greeting) and not site.coded
    if mark in "_~^" or (mark in "#@|" and raw[site.start + 1] != mark):
        shouted = IDENTIFIER.fullmatch(inner) is not None and inner != inner.lower()
        return shouted or (is_field(inner) and not site.coded)
    return not site.coded


def _sign(site: Site, inner: str) -> bool:
    raw, mark = site.raw, site.raw[site.start]
    before = raw[max(0, site.start - 1) : site.start]
    if mark == "#":
        return not site.coded
    if before.isalnum() or (before and before in "._-/@#%{:"):
        return False
    if mark == "%":
        if len(inner) > 1 and inner.isalpha():
            return is_field(inner) and not before.strip() and not site.coded
        return (site.wanted or site.in_greeting) and not site.coded
    if mark == "@" and inner == inner.lower() and not (site.in_greeting or (site.wanted and is_field(inner))):
        return False  # somebody is mentioned
    named = is_field(inner) or (mark == "$" and "_" in inner and IDENTIFIER.fullmatch(inner) is not None)
    return named and raw[site.end : site.end + 1] not in ("@", "/", ":") and not site.coded


def _torn(site: Site, inner: str) -> bool:
    if not inner:
        return not site.coded and not site.raw[max(0, site.start - 1) : site.start].isalnum()
    if site.raw[max(0, site.start - 1) : site.start].isalnum() or site.coded:
        return False
    words = tokens(inner)
    return is_field(inner) or (is_order(inner) and words[0] in word_sets("slots")["strict"])


def _blank(site: Site, _inner: str) -> bool:
    raw, mark = site.raw, site.raw[site.start]
    before, behind = raw[max(0, site.start - 1) : site.start], raw[site.end : site.end + 1]
    if site.alone and mark == "_" and not raw[site.end :].strip() and FAREWELL.search(raw, 0, site.start):
        return True  # nobody has signed
    if site.alone or before.isalnum():
        return False
    if mark == "?":
        opens = not before.strip() or before in "(£$€/#"
        return opens and (site.wanted or behind in (")", "/") or behind.isdigit() or before in ("/", "#"))
    if mark == "_":
        if site.mentioned:
            return False  # 'the line that reads "Witness: ____"'
        if EMPHASIS.match(raw, site.start) or (before and before == behind and before in "^-><=."):
            return False
        return not SIGNED.search(raw, max(0, site.start - 40), site.start) and not SIGNED.search(
            raw, site.end, site.end + 20
        )
    if not before.isspace() or behind.isalnum():
        return False
    return site.before in word_sets("slots")["blank"]


def _mask(site: Site, _inner: str) -> bool:
    return not site.mentioned


_JUDGES: Final[dict[str, Callable[[Site, str], bool]]] = {
    "template": _template,
    "curly": _curly,
    "square": square,
    "angle": _angle,
    "guillemet": _guillemet,
    "mask": _mask,
    "round": round_,
    "twin": _twin,
    "sign": _sign,
    "torn": _torn,
    "blank": _blank,
}
