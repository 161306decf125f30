"""Whether what stands in square or in round brackets is a slot: an editor writes '[sic]', anybody '(from May on)'."""

from __future__ import annotations

import re
from typing import Final

from followup_rules.quality.phrases import word_sets
from followup_rules.quality.slots.contents import (
    ADVERBS,
    BLANKS,
    CHOICE,
    EITHER,
    FILLERS,
    NUMERAL,
    OFFERED,
    TICKS,
    TO_DO,
)  # fmt: skip
from followup_rules.quality.slots.fields import IDENTIFIER, is_field, is_order, tokens
from followup_rules.quality.slots.site import Site

_OR: Final = re.compile(r"[A-Za-z]{3,20}(?:/[A-Za-z]{3,20}){1,5}")
_PREDICATES: Final = frozenset(
    ("was", "is", "will", "has", "had", "would", "said", "asked", "told", "and", "mentioned")
)
_ORDERED: Final = frozenset(("mention", "describe", "name", "add", "insert", "state", "specify", "include", "give"))
_ASK: Final = re.compile(r"[,;–—-] ?(?:ask|check with|confirm with|see) [A-Z]")
_REACHED: Final = frozenset(("cell", "mobile", "phone", "number", "name", "email", "address", "title", "signature"))
_ERRORS: Final = frozenset(("bug", "bugs", "error", "errors", "problem", "log", "logs", "printed", "console"))


def square(site: Site, inner: str) -> bool:
    """True for a slot in square brackets."""
    raw, words, sets = site.raw, tokens(inner), word_sets("slots")
    starts = not raw[raw.rfind("\n", 0, site.start) + 1 : site.start].strip(" \t-*•")
    if raw[site.end : site.end + 1] in ("(", "[") or raw[max(0, site.start - 1) : site.start].isalnum():
        return False
    if inner.lower() in ("", "x", "v") and (
        site.before in TICKS or starts or "[ ]" in site.line.replace(raw[site.start : site.end], "", 1)
    ):
        return site.in_greeting
    if site.mentioned or site.before in sets["label"] or site.exposed or (site.discussed and _encloses_quote(site)):
        return False
    if words and all(len(word) == 1 and word not in "xn" for word in words):
        return False
    if NUMERAL.fullmatch(inner) or (len(words) == 1 and words[0] in ADVERBS):
        return False  # 'chapter [IV]', 'I am [very] keen'
    if inner == "object Object":
        return not site.coded and _ERRORS.isdisjoint(tokens(site.line))
    if TO_DO.match(inner) and not site.page.is_subject:
        return True
    if not words:
        if inner and set(inner) <= BLANKS:
            return True
        zeros = "00" in inner and not any(letter in "123456789" for letter in inner)
        return zeros or (site.wanted and not any(letter.isdigit() for letter in inner))
    if EITHER.search(inner) or (raw[site.end - 2] == "?" and not site.discussed and words[0] not in sets["aside"]):
        return True
    if not site.before and site.behind in _PREDICATES and not site.mentioned:
        return True  # '[panel member] was taken with it'
    if all(word in sets["aside"] for word in words) and not site.in_greeting:
        return False
    if words[-1] in ("tbc", "tbd", "tba") and not site.wanted and not site.in_greeting:
        return False
    if sets["field"].isdisjoint(words) and sets["part"].issuperset(words) and not is_order(inner):
        return site.in_greeting  # 'he wanted [the] best' is an editor's insertion
    if (is_field(inner) and not re.search(r"\d\d", inner)) or is_order(inner) or site.in_greeting:
        return not (site.page.is_subject and starts and words[0] in sets["aside"])
    if _OR.fullmatch(inner) and inner != "and/or" and not (site.coded or site.alone):
        return bool(site.before)  # 'a good [weekend/evening]'
    if OFFERED.search(inner) or not any("a" <= letter <= "ɏ" for letter in inner.lower()):
        return True  # 'on [10am/2pm]', '[имя]'
    if words[0] in sets["aside"] or any(letter.isdigit() for letter in inner) or (site.page.is_subject and starts):
        return False
    if site.alone:
        return site.in_closing or len(words) > 2
    if len(words) == 2 and inner.split()[0].endswith(("'s", "’s")) and words[1] in _REACHED:
        return True  # 'call or text [foreman's cell] if'
    if len(words) == 1 and inner.islower() and site.before in sets["article"] and site.behind not in sets["noun"]:
        return not site.behind  # 'the [beta] build'
    return site.wanted or (IDENTIFIER.fullmatch(inner) is not None and not site.coded)


def _encloses_quote(site: Site) -> bool:
    return site.raw[max(0, site.start - 1) : site.start] in tuple("\"'“‘")


def round_(site: Site, inner: str) -> bool:
    """True for a slot in round brackets, which most writers use for asides."""
    words = tokens(inner)
    sets = word_sets("slots")
    if site.raw[max(0, site.start - 1) : site.start].isalnum():
        return False
    if not words:
        return not any(letter.isdigit() for letter in inner) and (site.wanted and not inner)
    if inner in ("n", "N", "x", "X", "y", "Y", "xx", "XX", "nn", "NN", "##"):
        return bool(site.behind) and not site.mentioned and site.before not in ("a", "an")  # 'for (n) harvests'
    if CHOICE.fullmatch(inner) and site.before in sets["article"] and site.behind and not site.mentioned:
        return True  # 'the (great/helpful/inspiring) talk'
    if words[0] in sets["strict"] or (words[0] in sets["instruct"] and not FILLERS.isdisjoint(words[1:])):
        return not site.mentioned
    if sets["field"].intersection(words[:1]) and _ASK.search(inner) and site.before in sets["before"]:
        return not site.mentioned  # 'at (time to follow - ask Jan)'
    if words[0] in _ORDERED and len(words) > 1 and sets["field"].issuperset(words[1:]):
        return not site.mentioned  # '(mention project)': whoever tells somebody writes 'mention the project'
    if not is_field(inner) or sets["strong"].isdisjoint(words) or site.mentioned or "," in inner:
        return False
    if words[-1] in ("tbc", "tbd", "tba"):
        return False
    if words[0] in ("and", "plus", "with", "or", "cc") or (
        words[0] in ("one", "some", "any", "every") and len(words) == 2
    ):
        return False  # 'Dear Ana (and team),', 'To whom it may (one day) concern'
    if site.in_greeting or site.alone or site.before in ("mr", "mrs", "ms", "mx", "dr", "prof"):
        return True
    if not site.wanted or site.before in ("this", "that", "it", "some"):
        return False
    # '(project) management' is a word that may be left out.
    if words == ["number"] or (inner[0].isupper() and site.raw[site.end : site.end + 2].lstrip()[:1].islower()):
        return True
    return len(words) > 1 or not site.behind or site.behind in sets["before"] | sets["noun"] | sets["goes_on"]
