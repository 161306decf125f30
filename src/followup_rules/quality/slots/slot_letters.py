"""Slots of capitals and of single letters: 'on DATE', 'NAME_HERE', 'XX years', 'dd/mm/yyyy', 'in 20XX'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from followup_rules.quality.phrases import word_sets
from followup_rules.quality.slots.fields import field_words, is_field, tokens
from followup_rules.quality.slots.site import Page, Site

# Every repetition is bounded, and no two of them can share a letter: long runs cost no more than their length.
_CAPITALS: Final = re.compile(r"[A-Z][A-Z]{1,23}(?:'S)?(?:(?:[ _/-]|'S )[A-Z]{2,24}){0,7}(?![^\W_])")
_SPLIT: Final = re.compile(r"'s\b|[ _/-]")
_SNAKE: Final = re.compile(r"(?<![\w.@/-])[A-Za-z]{2,30}(?:_[A-Za-z]{2,30}){1,6}(?![\w@/(=])")
_HUMPS: Final = ("Name", "Title", "Date", "Time", "Company", "Role", "Here", "Skill", "Project", "Position")
_CAMEL: Final = re.compile(r"(?<![\w.@/#$-])[A-Za-z][a-z]{2,15}(?:[A-Z][a-z]{2,15}){1,4}(?![\w@/(=])")
_RUN: Final = re.compile(
    r"(?<!\w)(?<![0-9]-)[£$€₹]?[xX]{1,40}(?:[ ,./:-][xX]{2,12}){0,6}(?:th|st|nd|rd|k|%|am|pm|h)?(?!\w|-\d)"
)
_YEAR: Final = re.compile(r"(?<![\w.])(?:(?:19|20)(?:XX|xx|YY|yy|\dX)|00([/.-])00(?:\1(?:0000|00))?)(?!\w)")
_SINGLE: Final = re.compile(r"(?<![\w-])(?:[£$€₹]X(?!\w)|X(?= ?%)|X(?= ?(?:to|-|–) ?Y\b)|X(?= [a-z])|X(?=th\b))")
_MASK: Final = re.compile(
    r"(?<!\w)(?:dd[/.-]mm(?:[/.-]yy(?:yy)?)?|mm[/.-]dd(?:[/.-]yy(?:yy)?)?|yyyy[/.-]mm[/.-]dd|dd month|hh:mm|yyyy)"
    r"(?!\w)",
    re.IGNORECASE,
)
_FORMATS: Final = re.compile(
    r"\b(?:formats?|formatted|notation|style|column|fields?|convention|mask|parse)\b", re.IGNORECASE
)
_NUMBERLESS: Final = re.compile(r"(?<![\w.])N\.?N\.?N?(?![\w])")
_RUN_ON: Final = frozenset(("firstname", "lastname", "fullname", "jobtitle", "companyname"))
_OPEN: Final = frozenset(("tbc", "tbd", "tba"))
_NOTES: Final = frozenset(("todo", "fixme", "tk", "tktk", "insert", "placeholder"))
_ORDERS: Final = frozenset(("add", "enter", "mention", "describe", "specify"))
_OPENERS: Final = frozenset(
    ("at", "in", "on", "within", "until", "till", "before", "after", "since", "around", "about", "the")
)
_SQL: Final = frozenset(("into", "statement", "statements", "key", "query", "queries", "or", "and", "trigger"))
_REPORTED: Final = frozenset(("is", "am", "are", "was", "be", "as", "and", "or", "called", "about", "contact"))
"""Before TBC: the start date 'is TBC' tells the reader that it is open."""

_ASKING: Final = ("would", "does", "do", "will")
"""Before TBC: 'Would TBD work for you?'"""
_MONEY: Final = frozenset(
    "eur usd gbp chf inr ngn ghs kes zar aud cad nzd sgd hkd myr php aed sek nok dkk pln czk brl rs".split()
)
_BARE: Final = frozenset(("role", "position", "jobtitle", "company", "skill", "number", "amount", "profession"))
_LINKS: Final = frozenset(("link", "url"))
_OPENED: Final = frozenset(
    ("see", "use", "click", "open", "follow", "visit", "under", "here", "calendar", "form", "page")
)
"""Before a link that was never put in: 'see LINK', 'book here: LINK'."""
_SUBJECTS: Final = _BARE | {"topic", "project", "candidate", "recipient"}
_IS: Final = frozenset(("is", "was", "are", "were", "has", "will"))
_ADVERBS: Final = frozenset((("on", "time"), ("in", "time"), ("to", "date"), ("per", "day"), ("by", "name")))
_LETTER: Final = frozenset(
    "gen generation malcolm factor mac os vitamin class grade section group brand product form level plan option room "
    "building block zone route line bus".split()
)


def letter_slots(page: Page) -> Iterator[tuple[int, int]]:
    """Every slot of capitals, of X and of the letters of a date."""
    raw = page.raw
    yield from _capitals(page)
    if "_" in raw:
        yield from _snakes(page)
    if any(map(raw.__contains__, _HUMPS)):
        yield from _camels(page)
    if "xx" in raw or "X" in raw:
        yield from _runs(page)
        yield from _singles(page)
    if "X" in raw or "xx" in raw or "YY" in raw or "yy" in raw or "00/0" in raw or "00.0" in raw or "00-0" in raw:
        yield from _years(page)


def _capitals(page: Page) -> Iterator[tuple[int, int]]:
    known = field_words()
    for match in _CAPITALS.finditer(page.raw):
        words = [word for word in _SPLIT.split(match[0].lower()) if word]
        if len(words) == 2 and words[0] in _MONEY and words[1] in _OPEN:
            yield match.span()  # 'EUR TBC per month'
        orders = words[0] == "insert" and len(words) > 1 and words[1] not in _SQL
        orders = orders or (words[0] in _ORDERS and len(words) > 1 and is_field(" ".join(words[1:])))
        if not (orders or known.issuperset(words)) or page.raw[max(0, match.start() - 1) : match.start()].isalnum():
            continue
        site = Site(page, *match.span())
        shouted = not any(letter.islower() for letter in site.line.replace(match[0], ""))
        if (orders or site.alone or not (shouted or site.mentioned)) and _is_slot(site, words):
            yield match.span()


def _is_slot(site: Site, words: list[str]) -> bool:
    sets = word_sets("slots")
    if site.before in sets["label"] and not site.in_greeting:
        return False  # 'the locker that says YOUR NAME HERE'
    if len(words) == 1 and words[0] in _RUN_ON:
        return not site.coded
    if words == ["tk"]:  # somebody's initials are written so too: 'I asked TK'
        return site.before in _OPENERS or site.behind in sets["quantity"]
    if words[0] in _NOTES and len(words) == 1:
        return site.behind not in sets["task"] and site.before not in sets["article"] and words[0] != "placeholder"
    if words[0] in _ORDERS and len(words) > 1:
        if site.alone and not site.in_greeting:
            return not site.raw[: site.start].rstrip().endswith(":")
        return site.before in sets["before"] and not site.discussed  # 'your ADD DETAIL'
    if words[0] in _NOTES or (words[0] == "your" and len(words) > 1 and is_field(" ".join(words))):
        return site.behind not in sets["task"]
    if words[0] in _OPEN and len(words) == 1:
        if site.raw[max(0, site.start - 1) : site.start] in tuple("£$€₹"):
            return True
        named = site.before in sets["article"] and site.behind in ("role", "position", "post", "vacancy", "team")
        return named or site.before in _ASKING or site.before in sets["only"] - _REPORTED
    if words[-1] == "here" and is_field(" ".join(words)):
        return True
    if not (sets["field"] | sets["part"]).issuperset(words) or sets["strong"].isdisjoint(words):
        return False
    return _is_unfilled(site, words)


def _is_unfilled(site: Site, words: list[str]) -> bool:
    """True for 'on DATE' and 'the JOB TITLE role', not for 'confirm the DATE' and 'NAME: Tom'."""
    sets = word_sets("slots")
    behind = site.raw[site.end : site.end + 2]
    if site.page.is_subject and site.start == 0 and len(words) > 1 and words[-1] in ("name", "title"):
        return behind[:1] != ":" and words[0] in sets["field"]
    if site.page.is_subject and not behind and site.raw[: site.start].rstrip()[-1:] in tuple(":-–—"):
        return not site.before  # 'Interview: DATE'
    if site.page.is_subject and len(words) > 1 and site.before in ("for", "to", "with") and words[-1] == "name":
        return not site.discussed  # 'Reminder for CANDIDATE NAME: papers'
    next_word = site.raw[site.end : site.end + 3]
    if words[0] in _LINKS and len(words) == 1 and behind[:1] != ":" and not site.discussed:
        return site.before in _OPENED | sets["only"] or site.raw[: site.start].endswith(": ")
    if behind[:1] == ":" or (behind[1:].isupper() and next_word[2:] != " ") or site.discussed:
        return False
    if site.in_greeting or (site.in_closing and site.alone and "name" in words):
        return True
    if words[0] in _SUBJECTS and len(words) == 1 and not site.before and site.behind in _IS:
        return True  # 'As we said, SKILL is what I bring'
    if site.before == "that" and site.behind in ("is", "has", "was", "will") and len(words) == 1:
        return words[0] in ("company", "employer")  # 'that COMPANY is opening a shop'
    if site.before in sets["article"]:
        owned = site.before == "my" and site.behind in sets["before"] | {"and", "to"}
        if len(words) == 1 and site.before in ("a", "an"):
            return words[0] in _BARE and not (site.behind and site.behind not in sets["before"] | sets["goes_on"])
        return owned or (len(words) > 1 and site.behind in sets["thing"])
    return site.before in sets["only"] - {"and", "or"} and (site.before, words[0]) not in _ADVERBS


def _camels(page: Page) -> Iterator[tuple[int, int]]:
    """'firstName', 'JobTitle', 'CompanyName'."""
    for match in _CAMEL.finditer(page.raw):
        if is_field(match[0]) and len(tokens(match[0])) > 1 and not Site(page, *match.span()).coded:
            yield match.span()


def _snakes(page: Page) -> Iterator[tuple[int, int]]:
    for match in _SNAKE.finditer(page.raw):
        site, words = Site(page, *match.span()), tokens(match[0])
        if site.discussed or not (is_field(match[0]) or words[0] in _NOTES):
            continue
        orders = words[-1] == "here" or words[0] in ("insert", "your", "enter")
        behind = site.before in word_sets("slots")["only"] - {"and", "or"}
        behind = behind or (match[0].isupper() and not site.coded)
        if orders or site.in_greeting or (behind and ("name" in words or match[0].isupper())):
            yield match.span()


def _runs(page: Page) -> Iterator[tuple[int, int]]:
    sets = word_sets("slots")
    for match in _RUN.finditer(page.raw):
        site, said = Site(page, *match.span()), match[0]
        letters = said.strip("£$€₹")
        plain = letters.strip("xX") == ""
        if letters[:2].lower() != "xx" and len(letters) < 4:
            continue
        if site.mentioned or (plain and (_is_kiss(site) or site.discussed)):
            continue
        if plain and page.raw[site.end : site.end + 3].lower() in ("-la", "-sm", "-ra", "-l ", "-s "):
            continue  # a size or a rating
        if plain and (site.behind in sets["roman"] or site.before in sets["roman"]):
            continue
        small = said.islower() and said.replace("x", "").strip() == ""
        if not small or site.wanted or site.behind in sets["quantity"]:
            yield match.span()


def _is_kiss(site: Site) -> bool:
    """True for 'xx' at the end of a line: behind a name or a sentence, but not behind 'on'."""
    if site.page.is_subject or site.wanted:
        return False
    if site.alone and site.in_closing and site.raw[site.start].isupper():
        rest = [line for line in site.raw[site.page.closing :].split("\n") if line.strip()]
        return len(rest) > 2
    line_end = site.raw[site.end : site.end + 40].partition("\n")[0]
    return not any(letter.isalnum() for letter in line_end)


def _singles(page: Page) -> Iterator[tuple[int, int]]:
    """'X years', 'X%', '£X', 'X to Y'; not 'Gen X people'."""
    for match in _SINGLE.finditer(page.raw):
        site = Site(page, *match.span())
        rest = page.raw[site.end : site.end + 6].lstrip()
        counts = site.behind in word_sets("slots")["quantity"] or rest.startswith(("%", "th"))
        open_ = match[0] != "X" or counts or rest.strip(" -–to").startswith("Y")
        if open_ and site.before not in _LETTER and not site.discussed:
            yield match.span()


def mask_slots(page: Page) -> Iterator[tuple[int, int]]:
    """'dd/mm/yyyy' where a date belongs."""
    for match in _MASK.finditer(page.raw):
        site = Site(page, *match.span())
        if (
            site.before != "as"
            and not _FORMATS.search(site.line)
            and not site.mentioned
            and site.before in word_sets("slots")["before"]
        ):
            yield match.span()


def unnamed_slots(page: Page) -> Iterator[tuple[int, int]]:
    """'NN' and 'N.N.', which stand for an unknown name or number."""
    for match in _NUMBERLESS.finditer(page.raw):
        site = Site(page, *match.span())
        sets = word_sets("slots")
        counts = not site.behind or site.behind in sets["quantity"] | sets["before"] | sets["goes_on"]
        if site.before in sets["only"] and counts and not site.discussed:
            yield match.span()


def _years(page: Page) -> Iterator[tuple[int, int]]:
    """'20XX', '00/00' and '00.00.0000'."""
    for match in _YEAR.finditer(page.raw):
        if not Site(page, *match.span()).mentioned:
            yield match.span()
