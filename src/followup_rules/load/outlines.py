"""Which rule a place in a rule file belongs to, and what the file asks to be silent about."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError

from followup_rules.errors import Place, Problem
from followup_rules.load.yaml import Document
from followup_rules.model.faults import Loc, problems_of
from followup_rules.rules.suppressions import Ignore, Suppression

_CODES = {"missing": "FR101", "unknown": "FR104", "value": "FR103", "type": "FR102"}
_KEYS = tuple(Suppression.model_fields)


class Outline(NamedTuple):
    """Where the parts of a rule file begin, each with the number of its rule, and the ids of the rules."""

    file: str
    starts: tuple[tuple[int, int], ...]
    rules: tuple[int | None, ...]
    ids: tuple[str, ...]
    ignores: tuple[Ignore, ...]

    def rule_at(self, place: Place) -> int | None:
        """The number of the rule that a place stands in."""
        index = bisect_right(self.starts, (place.line, place.column)) - 1
        return self.rules[index] if index >= 0 else None


def outline(document: Document) -> Outline:
    """The outline of a file, also of one with faults."""
    data = document.data if isinstance(document.data, dict) else {}
    entries = data.get("rules")
    entries = entries if isinstance(entries, list) else []
    parts: list[tuple[tuple[int, int], int | None]] = [
        *((document.place((key,), True)[1:], None) for key in data),
        *((document.place(("rules", number))[1:], number) for number in range(len(entries))),
    ]
    parts.sort(key=lambda part: part[0])
    ids = tuple(str(one.get("id") or "") if isinstance(one, dict) else "" for one in entries)
    ignores = [*_ignores(document, data, ())]
    for number, entry in enumerate(entries):
        ignores += _ignores(document, entry, ("rules", number))
    return Outline(
        document.file, tuple(start for start, _ in parts), tuple(rule for _, rule in parts), ids, tuple(ignores)
    )


def _ignores(document: Document, holder: Any, loc: Loc) -> Iterator[Ignore]:
    """The entries that can be used. The faults of the others are told where the rule or the file is read."""
    listed = holder.get("ignore") if isinstance(holder, dict) else None
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        try:
            one = Suppression.model_validate(entry)
        except ValidationError:
            continue
        place = document.place((*loc, "ignore", index))
        yield Ignore(one.code, one.reason, one.until, place, int(loc[1]) if loc else None)


def faults_of_ignore(document: Document) -> Iterator[Problem]:
    """What is wrong with `ignore` at the top of a file."""
    listed = document.data.get("ignore", [])
    if not isinstance(listed, list):
        hint = "as in `ignore: [{code: FR122, reason: ..., until: 2027-03-01}]`"
        yield Problem("FR102", "'ignore' is a list", document.place(("ignore",)), hint)
        return
    for index, entry in enumerate(listed):
        try:
            Suppression.model_validate(entry)
        except ValidationError as error:
            yield from problems_of(
                error,
                lambda inner, key, index=index: document.place(("ignore", index, *inner), key),  # type: ignore[misc]
                _CODES,
                lambda _: _KEYS,
                "an entry of 'ignore'",
            )
