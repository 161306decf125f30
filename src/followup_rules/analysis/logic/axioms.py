"""What is so in every application, of all that a formula speaks about."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from followup_rules.analysis.logic import formula as f
from followup_rules.analysis.logic.encode import Encoder
from followup_rules.analysis.logic.patterns import REPLY, TOUCH, has, later, since

_COUNTS = {"#interviews": "interview_completed", "#touches": TOUCH, "#replies": REPLY}
_SHORTEST_DAY = 20
"""No local date is shorter than so many hours."""


def axioms(encoder: Encoder, asked: f.Formula) -> f.Formula:
    """Everything that is so of what is asked about."""
    linked = f.both(*encoder.patterns.linked())
    names = f.names_in([asked, linked])
    parts = [linked, *_messages(names)]
    names |= f.names_in(parts)
    parts += _counts(names)
    names |= f.names_in(parts)
    parts += [*_messages_order(names), *_times(names), *_business_days(names), *_texts(encoder)]
    return f.both(*parts)


def _events(names: set[str]) -> set[str]:
    return {name.partition(" ")[2] for name in names if name.startswith(("has ", "since "))}


def _messages(names: set[str]) -> Iterator[f.Formula]:
    """How many touches no reply came after."""
    if "#unanswered_touches" not in names:
        return
    yield f.at_least("#unanswered_touches", 0)
    yield f.gap("#unanswered_touches", "#touches", 0)
    yield f.either(has(REPLY), f.gap("#touches", "#unanswered_touches", 0))
    some = f.at_least("#unanswered_touches", 1)
    after = f.both(has(TOUCH), later(TOUCH, REPLY))
    yield f.either(f.negated(has(REPLY)), f.both(some, after), f.both(f.negated(some), f.negated(after)))


def _counts(names: set[str]) -> Iterator[f.Formula]:
    events = _events(names)
    for count, event in _COUNTS.items():
        if count in names:
            yield f.at_least(count, 0)
            if event in events or count != "#interviews":
                some = f.at_least(count, 1)
                yield f.either(f.both(some, has(event)), f.both(f.negated(some), f.negated(has(event))))


def _messages_order(names: set[str]) -> Iterator[f.Formula]:
    """`message` means any of either side, so the latest is no earlier than the latest touch or reply."""
    events = _events(names)
    if "message" in events:
        for kind in (TOUCH, REPLY):
            if kind in events:
                yield f.follows(has(kind), f.both(has("message"), later("message", kind, strict=False)))


def _times(names: set[str]) -> Iterator[f.Formula]:
    for name in sorted(names):
        if name.startswith("since "):
            yield f.at_least(name, 0)


def _business_days(names: set[str]) -> Iterator[f.Formula]:
    """Business days follow the clock: none before the event, and not many in few hours."""
    counted = sorted(name for name in names if name.startswith("#business_days_since."))
    events = _events(names)
    for name in counted:
        yield f.at_least(name, 0)
        event = name.partition(".")[2]
        if event in events:
            for days in (3, 5, 10, 20):
                few = f.at_most(name, days - 1)
                yield f.either(few, f.at_least(since(event), _SHORTEST_DAY * (days - 2)))
    for left, right in permutations(counted, 2):
        one, other = left.partition(".")[2], right.partition(".")[2]
        yield f.follows(f.both(has(one), has(other), later(one, other, strict=False)), f.gap(left, right, 0))


def _texts(encoder: Encoder) -> Iterator[f.Formula]:
    """A text with a longer piece in it has the shorter pieces of that too."""
    for fact, needles in encoder.needles.items():
        texts = sorted(str(one[1]) for one in needles if one[0] == "text")  # type: ignore[index]
        for inner, outer in permutations(texts, 2):
            if inner in outer:
                yield f.follows(
                    f.Fact(f"in text {fact} {('text', outer)!r}"), f.Fact(f"in text {fact} {('text', inner)!r}")
                )
        if "" in texts:
            yield f.Fact(f"in text {fact} {('text', '')!r}")
