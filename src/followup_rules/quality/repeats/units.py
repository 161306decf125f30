"""The pieces of a text that are compared with others: sentences, a few sentences together, clauses of one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from followup_rules.quality.once import once
from followup_rules.quality.repeats.passages import Passage
from followup_rules.quality.text import Text

RUN: Final = 5
"""Words in a row that count as copied."""

MOSTLY: Final = 0.7
"""The share of a sentence's words in such runs that makes it a copy."""

_NEAR_COPY: Final = 9
"""The words that a sentence must have to be a copy that is not exact."""

_CLAUSE: Final = 5
"""The words that a clause must have to say something of its own."""

_LONGEST: Final = 80
"""The words of a sentence that is cut into clauses; longer ones are lists."""

_CUT: Final = re.compile(
    r"[;:]\s|\s[–—]\s|,\s(?=(?:and|but|so|because|while|as|since|now that|although|when|if|for)\s)"
    r"|\s(?=(?:because|while|now that|although|so that)\s)"
)


class Unit(Passage):
    """A sentence of a text, a few that follow each other (`text.core[first:last]`), or a clause of one."""

    def __init__(self, text: Text, first: int, last: int, clause: tuple[int, int] | None = None) -> None:
        one, other = text.core[first], text.core[last - 1]
        self.start, self.end = clause or (one.start, other.end)
        begin, stop = text.between(self.start, self.end) if clause else (one.first, other.last)
        super().__init__(text.owns[begin:stop], text.lowers[begin:stop], text.body[other.end - 1] == "?")
        self.text, self.first, self.last = text, first, last

    @once
    def runs(self) -> frozenset[tuple[str, ...]]:
        """All runs of a few words."""
        return frozenset(_runs_of(self.lowers))

    @property
    def excerpt(self) -> str:
        """Its characters."""
        return self.text.body[self.start : self.end]

    @once
    def clauses(self) -> tuple[Unit, ...]:
        """The parts of a sentence that could stand alone; none where there is only one."""
        if not 2 * _CLAUSE <= len(self.lowers) <= _LONGEST:
            return ()
        cuts = [match.span() for match in _CUT.finditer(self.text.body, self.start, self.end)]
        starts, ends = [self.start, *(end for _, end in cuts)], [*(start for start, _ in cuts), self.end]
        made = [Unit(self.text, self.first, self.last, span) for span in zip(starts, ends, strict=True) if cuts]
        return tuple([one for one in made if len(one.lowers) >= _CLAUSE])

    def copied_from(self, runs: frozenset[tuple[str, ...]]) -> int:
        """How many of its words stand in some runs."""
        count = reached = 0
        for place, run in enumerate(_runs_of(self.lowers)):
            if run in runs:
                count += place + RUN - max(place, reached)
                reached = place + RUN
        return count

    def copies(self, earlier: Unit) -> bool:
        """True where most of its words stand in the same order in the earlier one."""
        size = len(self.lowers)
        return size >= _NEAR_COPY and self.copied_from(earlier.runs) >= MOSTLY * size


def _runs_of(lowers: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(lowers[shift:] for shift in range(RUN)), strict=False)


def units_of(text: Text) -> list[Unit]:
    """The sentences between salutation and closing."""
    return [Unit(text, place, place + 1) for place in range(len(text.core))]
