"""Slots without brackets: 'on DATE', 'INSERT NAME', 'XX years', 'Dear ,', 'lorem ipsum'."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from followup_rules.quality.phrases import word_sets
from followup_rules.quality.slots.fields import tokens
from followup_rules.quality.slots.site import Page, Site
from followup_rules.quality.slots.slot_letters import mask_slots, unnamed_slots
from followup_rules.quality.slots.slot_plain import naked_slots, plain_slots

_PAIR: Final = re.compile(
    r"(?<!\w)(?:"
    r"(?:(?:First|Last|Full|Company|Candidate|Recipient|Applicant|Interviewer|Manager|Employer|Your|My|Hiring Manager"
    r"|Job|Role|Position|Client|School|Team|Organi[sz]ation|Contact|Recruiter|Sender)(?:['’]s)?[ -]?){1,2}"
    r"(?:Names?|Titles?)(?: Here)?"
    r"|(?:Your|Insert) (?:Name|Title|Company|Signature|Position|Role)(?: Here)?"
    r"|(?:[Nn]ame|[Tt]ext|[Dd]ate|[Cc]ompany|[Tt]itle|[Dd]etails) (?:goes )?here)(?!\w)"
)
_HERE: Final = re.compile(r"(?:name|text|date|company|title|details|goes) here")
_BARE: Final = re.compile(
    r"(?<!\w)(?:Company|Organi[sz]ation|Firstname|Lastname|Jobtitle|Companyname|Surname|Forename"
    r"|Vorname|Nachname|Apellidos?|Prénom|Cognome|Naam)(?!['’\w]| [A-Z0-9])"
)
_BOTH: Final = re.compile(r"(?<!\w)First[ -]?name,? Last[ -]?name(?!\w)", re.IGNORECASE)
_FIELDS: Final = (
    "Company", "Organi", "irstname", "Lastname", "Jobtitle", "Surname", "Forename", "orname", "achname", "pellido",
    "rénom", "ognome", "Naam",
)  # fmt: skip
_WHOLE: Final = re.compile(r"(?<!\w)(?:Name,? Surname|Surname,? Name|First Last|Last,? First)(?!\w)")
_NULL: Final = re.compile(r"(?<!\w)(?:undefined|null|NULL|NaN|None|nil|N/A|Invalid Date)(?!\w)")
_INVENTED: Final = re.compile(
    r"(?:(?<=\bat )|(?<=\bwith )|(?<=\bjoining )|(?<=\bjoin ))XYZ"
    r"(?=[.,;!?]|$| (?:and|as|for|in|on|is|would|because|about|to|again|today|on|last)\b)"
    r"|(?<!\w)(?:XYZ|ABC) (?:Company|Corp|Corporation|Ltd|Limited|Inc|Pvt|company|role|position)(?!\w)"
    r"|(?<!\w)(?:[Cc]ompany|role|position) (?:XYZ|ABC)(?!\w)"
    r"|(?:(?<=\bat )|(?<=\bwith )|(?<=\bjoining )|(?<=\bjoin )|(?<=\bfor ))Company [XYZ](?!\w)"
    r"|(?<!\w)blah[ ,-]+blah(?:[ ,-]+blah){0,3}(?!\w)"
)
_TITLE: Final = r"(?:M(?:[rsx]|rs|iss)|Dr|Prof|Herr|Frau|M|Mme|Mlle|Sr|Sra|Srta)"
_EITHER: Final = re.compile(rf"(?<!\w)(?:{_TITLE}\.?[ \t]?[/|][ \t]?){{1,4}}{_TITLE}(?!\w)\.?")
_EMPTY: Final = re.compile(
    r"(?<!\w)(?:at|the|your|our|a|an|my|as|with|for|of|from|to|by|about|regarding) {1,4}[.,;](?=\s|$)"
)
_SPACED: Final = re.compile(r"\w [.,;:!](?=\s|$)")
_DUMMY: Final = re.compile(
    r"\b(?:lorem ipsum|dolor sit amet|consectetur adipiscing|strike (?:out )?as appropriate"
    r"|delete (?:as|where|if) (?:appropriate|applicable|necessary|not applicable)|delete one"
    r"|click or tap (?:here )?to enter text|(?:click here to )?enter (?:your )?text here|choose an item|your text here"
    r"|to be (?:inserted|filled in|completed here)|fill in the blanks?|text goes here"
    r"|insert (?:name|date|company|title|role|text|link|time|details?|amount|number|location|skill|project|reason|topic"
    r"|subject|example|phrase|detail|day|place|reference)"
    r"|replace this (?:text|sentence|line|paragraph)|remove before sending|choose one|select one)\b",
    re.IGNORECASE,
)
_DUMMIES: Final = (
    "ipsum", "dolor sit", "adipiscing", "appropriate", "delete", "to be inserted", "to be filled", "completed here",
    "the blank", "goes here", "insert ", "replace this", "remove before", "choose one", "select one",
    "delete one", "to enter text", "text here", "choose an item",
)  # fmt: skip
_LATER: Final = frozenset(("once", "when", "here", "later", "tbc", "asap"))
"""Behind an order that stands for a name: 'the manager, insert name once confirmed'."""
_ORDERS: Final = ("choose", "select", "fill", "insert", "replace", "remove", "to be")


def word_slots(page: Page, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Every slot that is made of words, and every place where a word is missing. `words` are those of the page."""
    said = _HINTS.intersection(words)
    if said:
        for hints, find in _BY_WORD:
            if not hints.isdisjoint(said):
                yield from find(page)
    if " ." in page.raw or " ," in page.raw or " ;" in page.raw:
        yield from _missing(page)


def _pairs(page: Page) -> Iterator[tuple[int, int]]:
    """'at Company Name', 'the Job Title role', 'Your Name' below a farewell; not 'Job Title: Nurse'."""
    sets = word_sets("slots")
    raw = page.raw
    if not (
        "Name" in raw or "Title" in raw or "Your " in raw or "Insert " in raw or (" here" in raw and _HERE.search(raw))
    ):
        return
    for match in _PAIR.finditer(raw):
        site, said = Site(page, *match.span()), match[0].lower()
        if page.raw[site.end : site.end + 1] in (":", "=") or site.mentioned:
            continue
        if site.in_greeting or (site.in_closing and site.alone):
            yield match.span()
        elif not site.discussed:
            if site.before in sets["label"]:
                continue  # 'the locker that says YOUR NAME HERE'
            names = site.before in (sets["only"] | {"that"}) - {"and", "or", "than", "like"}
            names = names or (site.before.endswith(("ed", "ing")) and said.endswith("name"))
            thing = site.before in sets["article"] and site.behind in sets["thing"]
            here = said.endswith("here") and said.startswith(("your", "insert", "first", "name"))
            ends = not site.behind or site.before in sets["only"]
            if (match[0][0].isupper() and (names or thing)) or (here and ends):
                yield match.span()


def _both(page: Page) -> Iterator[tuple[int, int]]:
    """'First name, last name' anywhere; 'Name Surname' and 'First Last' in the salutation and below a farewell."""
    raw = page.raw
    if "First" in raw or "Last" in raw or "Surname" in raw:
        for match in _WHOLE.finditer(raw):
            site = Site(page, *match.span())
            open_ = match[0].startswith("Name") and not site.discussed and site.before not in ("the", "called")
            if site.in_greeting or (site.in_closing and site.alone) or (open_ and not site.page.is_subject):
                yield match.span()
    lower = raw.lower()
    if "first" in lower and "name" in lower:
        for match in _BOTH.finditer(raw):
            if not Site(page, *match.span()).discussed:
                yield match.span()


def _bare(page: Page) -> Iterator[tuple[int, int]]:
    """'at Company' without an article, 'Firstname Lastname'."""
    raw = page.raw
    if not any(map(raw.__contains__, _FIELDS)):
        return
    names = word_sets("slots")["names"]
    for match in _BARE.finditer(page.raw):
        site = Site(page, *match.span())
        named = site.before in names or site.before in ("from", "for", "to")
        if named and site.behind not in ("of", "house", "number") and not site.discussed:
            yield match.span()


def _nulls(page: Page) -> Iterator[tuple[int, int]]:
    """'with undefined', 'NaN years', 'Invalid Date': a program put in what it did not have."""
    sets = word_sets("slots")
    for match in _NULL.finditer(page.raw):
        site = Site(page, *match.span())
        ends = not site.behind or site.behind in sets["before"] | sets["goes_on"] or not page.raw[site.end].isspace()
        fills = site.before in sets["fills"] - sets["article"] and ends and match[0] != "None"
        if match[0] == "nil" and site.before in ("to", "was", "is"):
            continue  # 'five votes to nil'
        named = site.before in sets["names"] and ends
        dated = " " in match[0] and not site.discussed
        if dated or ((fills or named or site.behind in sets["quantity"]) and not site.coded):
            yield match.span()


def _either(page: Page) -> Iterator[tuple[int, int]]:
    """'Mr/Ms' before a name and in the salutation; a form may ask for 'Mr/Ms'."""
    if "/" not in page.raw and "|" not in page.raw:
        return
    for match in _EITHER.finditer(page.raw):
        site = Site(page, *match.span())
        after = page.raw[match.end() : match.end() + 2].lstrip(" ")[:1]
        said = site.before in ("be", "is", "by", "with", "from", "meet", "met") and after.islower()
        if (said or site.in_greeting or after.isupper() or (after and after in "[{<_")) and not site.mentioned:
            yield match.span()


def _missing(page: Page) -> Iterator[tuple[int, int]]:
    """'at .', 'the ,': a name was to be put in and was empty. Who writes spaces before commas elsewhere is spared."""
    found = [match for match in _EMPTY.finditer(page.raw) if not Site(page, *match.span()).in_greeting]
    if found and len(_SPACED.findall(page.raw)) <= len(found):
        yield from (match.span() for match in found)


def _dummies(page: Page) -> Iterator[tuple[int, int]]:
    """Filler text, and orders to the writer that were left in."""
    lower = page.raw.lower()
    if not any(map(lower.__contains__, _DUMMIES)):
        return
    for match in _DUMMY.finditer(page.raw):
        site, said = Site(page, *match.span()), match[0].lower()
        if site.mentioned or (said == "lorem ipsum" and _is_about_design(site)):
            continue
        if not said.startswith(_ORDERS) or (said == "choose an item" and not site.before) or _is_order(site, said):
            yield match.span()


def _is_about_design(site: Site) -> bool:
    if site.raw[site.end : site.end + 6].lower() == " dolor" or site.raw[site.start].isupper():
        return False
    return not word_sets("slots")["design"].isdisjoint(tokens(site.line))


def _is_order(site: Site, said: str) -> bool:
    """True for an order that belongs in no message: in brackets or in the place of a name, not 'to insert names'."""
    if said.startswith("insert"):
        named = site.before in word_sets("slots")["names"] | {"on", "for", "the", "in", "from", "of", "about"}
        apposed = site.raw[max(0, site.start - 2) : site.start] == ", " and site.behind in _LATER
        return named or apposed or site.before.endswith("ed")  # 'I enjoyed insert detail'
    before, behind = site.raw[max(0, site.start - 1) : site.start], site.raw[site.end : site.end + 1]
    return bool(before and behind) and before in "([/<{*" and behind in ")]>}*:"


def _invented(page: Page) -> Iterator[tuple[int, int]]:
    """'XYZ Company' and 'company ABC'."""
    for match in _INVENTED.finditer(page.raw):
        if not Site(page, *match.span()).mentioned:
            yield match.span()


# The words of which a text must have one for a search to be worth its time, and the search.
_BY_WORD: Final[tuple[tuple[frozenset[str], Callable[[Page], Iterator[tuple[int, int]]]], ...]] = (
    (frozenset(("dd", "mm", "yyyy", "hh")), mask_slots),
    (frozenset(("nn", "nnn", "n")), unnamed_slots),
    (frozenset(("name", "names", "title", "titles", "signature", "company", "role", "position")), _pairs),
    (
        frozenset(
            ("company", "organisation", "organization", "firstname", "lastname", "jobtitle", "surname",
             "forename", "companyname", "vorname", "nachname", "apellido", "apellidos", "prénom", "cognome", "naam")
        ),
        _bare,
    ),
    (frozenset(("last", "lastname", "surname")), _both),
    (frozenset(("n", "undefined", "null", "nan", "none", "nil", "invalid")), _nulls),
    (frozenset(("xyz", "abc", "x", "y", "z", "blah")), _invented),
    (frozenset(("name", "title", "amount", "number", "date", "day", "time", "place", "room")), plain_slots),
    (frozenset(("weekday", "date", "time", "location", "venue", "address", "place")), naked_slots),
    (frozenset(("mr", "ms", "mrs", "miss", "herr", "frau", "mme", "dr", "sr", "m", "prof")), _either),
    (
        frozenset(
            ("ipsum", "dolor", "appropriate", "applicable", "insert", "inserted", "fill", "filled", "completed", "goes",
             "choose", "select", "remove", "replace", "necessary", "delete", "enter", "text")
        ),
        _dummies,
    ),
)  # fmt: skip
_HINTS: Final = frozenset().union(*(hints for hints, _ in _BY_WORD))
