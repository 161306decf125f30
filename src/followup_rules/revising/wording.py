"""What people write for lengths and words of the rule language, and what they can only have meant."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, get_args

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from followup_rules.load.sources import KEYS
from followup_rules.model.application import Application, Candidate, Contact, Event, Job
from followup_rules.model.words import (
    DIRECTIONS,
    EVENT_TYPES,
    STATUSES,
    Do,
    Outcome,
    Per,
    Reason,
    Severity,
    Side,
)
from followup_rules.quality.catalogue import NAMES
from followup_rules.rules.examples import Example, Expectation
from followup_rules.rules.facts_known import FACTS
from followup_rules.rules.follow_up import Step
from followup_rules.rules.kinds import KINDS
from followup_rules.rules.lengths import Length, parse_length
from followup_rules.rules.read_condition import KEYS_OF_CONDITIONS

_LENGTH: Final = re.compile(r"(?P<amount>\d+|[a-z]+)[\s_-]*(?P<unit>[a-z]+(?:[\s_.-]+[a-z]+)?)\.?")
_NUMBERS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_BUSINESS: Final = ("business", "working", "work", "biz", "b")
_UNITS: Final = {
    "minutes": ("min", "mins", "minute", "minutes"),
    "hours": ("h", "hr", "hrs", "hour", "hours"),
    "days": ("d", "day", "days"),
    "weeks": ("w", "wk", "wks", "week", "weeks"),
}
"""`m` is none of them: it is minutes to some and months to others."""

_MEANT: Final = {
    "replied": "reply",
    "opt_out": "opted_out",
    "opt_in": "opted_in",
    "to_employer": "candidate_to_employer",
    "to_candidate": "employer_to_candidate",
    "warn": "warning",
}
"""Words that many write first, and the only word of the language that they can stand for."""


def canonical_length(text: str) -> str | None:
    """A length as the language writes it, where there is no doubt which one is meant; a bare number never is one."""
    match = _LENGTH.fullmatch(text.strip().lower())
    if match is None:
        return None
    amount, unit = match["amount"], _unit(match["unit"])
    if amount in _NUMBERS:
        amount = str(_NUMBERS.index(amount))
    if unit is None or not amount.isdigit():
        return None
    try:
        length = parse_length(f"{int(amount[:12])} {unit}")
    except PydanticCustomError:
        return None
    return str(Length(length.amount, length.unit))


def _unit(word: str) -> str | None:
    parts = re.split(r"[\s_.-]+", word)
    if len(parts) == 1 and word[0] == "b":
        parts = ["b", word[1:]]
    if len(parts) == 2 and parts[0] not in _BUSINESS:
        return None
    unit = next((name for name, words in _UNITS.items() if parts[-1] in words), None)
    if len(parts) == 1 or unit is None:
        return unit
    return f"business {unit}" if unit in ("hours", "days") else None


def unmistakable(word: str, meant: str) -> bool:
    """True where a misspelt word is one slip or two away from a word, and farther from every other one."""
    plain = word.lower().replace("-", "_")
    if plain == meant:
        return True
    slips = distance(plain, meant)
    others = (distance(plain, other) for other in _words() if other != meant)
    return slips <= (1 if len(plain) < 6 else 2) and all(slips < one for one in others)


def meant(word: str) -> str | None:
    """The word of the language that stands for one that is none."""
    return _MEANT.get(word.lower().replace("-", "_"))


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    """Every word of the rule language."""
    models: list[type[BaseModel]] = [
        *KINDS.values(),
        Step,
        Example,
        Expectation,
        Application,
        Candidate,
        Contact,
        Event,
        Job,
    ]
    fields = [field.alias or name for model in models for name, field in model.model_fields.items()]
    closed = [word for kind in (Do, Outcome, Per, Reason, Severity, Side) for word in get_args(kind)]
    named = [*KEYS, *KEYS_OF_CONDITIONS, *FACTS, *KINDS, *NAMES, *EVENT_TYPES, *STATUSES, *DIRECTIONS]
    return frozenset([*named, *fields, *closed, "reply"])


def distance(first: str, second: str) -> int:
    """How many letters must be put in, left out, replaced, or exchanged with the next one."""
    before, row = [0] * (len(second) + 1), list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(second, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
    return row[-1]
