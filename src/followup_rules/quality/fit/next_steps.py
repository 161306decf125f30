"""Whether an update says what happens next, and by when."""

from __future__ import annotations

import re
from typing import Final

from followup_rules.check import Fault
from followup_rules.quality.chains import Match, chains
from followup_rules.quality.text import Sentence, Text

_NAME_A_DAY: Final = "name a day, even a late one: 'by Friday 20 November'"
_IN_FIGURES: Final = re.compile(
    r"(?<![\d/.-])(?:\d{4}-\d\d?-\d\d?|(?!24/7)\d\d?/\d\d?(?:/\d{2,4})?|\d\d?\.\d\d?\.\d{2,4})(?!\d)"
)
_REACH: Final = {"past": 12, "just past": 4}
"""How many words before a date what puts it into the past may stand."""


def next_step_faults(text: Text) -> list[Fault]:
    """What an update lacks: the next step, or its date. One that closes the process needs neither.

    The date may stand in the sentence of the step or in the one before or behind it.
    """
    known = chains("next_steps")
    steps: list[tuple[int, int]] = []
    vague: tuple[int, int] | None = None
    dated = [False] * (len(text.core) + 1)
    for number, sentence in enumerate(text.core):
        found = known.find(text.lowers, sentence.first, sentence.last)
        tags = {match.tag for match in found}
        if "closed" in tags:
            return []
        dated[number] = _is_dated(text, sentence, found)
        if "step" in tags or (
            dated[number] and text.body[sentence.end - 1] == "?"
        ):  # 'Would Thursday at two suit you?'
            steps.append((number, sentence.start))
        if "vague" in tags and vague is None:
            vague = sentence.start, sentence.end
    if any(dated[number] or dated[number - 1] or dated[number + 1] for number, _ in steps):
        return []
    if vague is not None:
        return [Fault("it puts the reader off without a date, so they wait, ask again or give up", *vague, _NAME_A_DAY)]
    end = text.core[-1].end if text.core else text.greeting.end
    if steps:
        return [Fault("it says what happens next but not by when", steps[-1][1], end, _NAME_A_DAY)]
    hint = "say what happens next and by when, even if it is only when you will write again"
    return [Fault("it does not say what happens next, nor by when", end, end, hint)]


def _is_dated(text: Text, sentence: Sentence, found: list[Match]) -> bool:
    """True where a date stands that nothing before it puts into the past: not 'thank you for coming on Monday'."""
    times = [match.first for match in found if match.tag == "time"]
    times += [
        text.between(match.start(), match.end())[0]
        for match in _IN_FIGURES.finditer(text.body, sentence.start, sentence.end)
    ]
    past = [(match.last, _REACH[match.tag]) for match in found if match.tag in _REACH]
    return any(not any(0 <= at - last < reach for last, reach in past) for at in times)
