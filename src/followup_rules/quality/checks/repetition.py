"""`repetition`: what the reader has read before, in this message or in an earlier one of the same sender."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from pydantic import Field

from followup_rules.check import Check, CheckOptions, Context, Fault
from followup_rules.quality.repeats.meaning import KNOWN
from followup_rules.quality.repeats.repeats import Repeat, repeats_inside
from followup_rules.quality.repeats.threads import repeated_of
from followup_rules.quality.text import Text, lowers_of

_QUOTED = 60
_MUCH = ((0.8, "nearly all of it"), (0.6, "most of it"), (0.0, "a good half of it"))


class Repetition(Check):
    """A sentence or paragraph that comes twice, copied or in other words, or a message that was sent before."""

    name = "repetition"
    code = "FR609"
    title = "something that is said twice"

    class Options(CheckOptions):
        """What counts as said before."""

        similarity: int = Field(
            default=46, ge=20, le=100, description="Per cent that two passages share when one is the other reworded."
        )
        of_thread: int = Field(
            default=50, ge=10, le=100, description="Per cent of the message that earlier messages must hold."
        )
        inside: bool = Field(default=True, description="Whether the message is compared with itself.")
        thread: bool = Field(default=True, description="Whether it is compared with earlier messages.")

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """Every passage that repeats an earlier one."""
        names = partial(names_in, context)
        similar = self.options.similarity / 100
        if self.options.inside:
            for one in _joined(repeats_inside(text, names, similar)):
                yield _inside(one)
        if self.options.thread and context.thread:
            repeated = repeated_of(text, context.thread, names(), similar)
            if repeated.share * 100 >= self.options.of_thread:
                for one in _joined(repeated.repeats):
                    yield _of_thread(one, repeated.share)

    def lacks(self, context: Context) -> str:
        """What was written before cannot be guessed."""
        return "the earlier messages of the sender" if self.options.thread and context.thread is None else ""


def names_in(context: Context) -> frozenset[str]:
    """Stems of those concerned: their names come back in every message."""
    named = (context.recipient, context.sender, context.company, context.role, *context.people)
    return frozenset(sense.key for name in named if name for word in lowers_of(name) for sense in KNOWN[word].senses)


def _joined(repeats: Iterable[Repeat]) -> Iterator[tuple[Repeat, Repeat]]:
    """The first and the last of each row of repeats that follow each other and repeat the same way."""
    first = last = None
    for one in repeats:
        if first and last and one.later.first <= last.later.last and one.copied is last.copied:
            last = one
            continue
        if first and last:
            yield first, last
        first = last = one
    if first and last:
        yield first, last


def _beginning(one: Repeat) -> str:
    """How the earlier passage begins, on one line."""
    words = one.earlier.excerpt.split()
    quoted = ""
    for place, word in enumerate(words):
        if place and len(quoted) + len(word) > _QUOTED:
            return f"'{quoted.rstrip(',;:')} …'"
        quoted = f"{quoted} {word}".lstrip()
    return f"'{quoted[: 2 * _QUOTED]}'"


def _much(share: float) -> str:
    """How much two passages have in common, in plain words."""
    return next(words for least, words in _MUCH if share >= least)


def _inside(row: tuple[Repeat, Repeat]) -> Fault:
    one, last = row
    if one.copied:
        message = f"this stands in the message already: {_beginning(one)}; a reader takes that for a slip"
        return Fault(message, one.later.start, last.later.end, "keep it in one place")
    message = (
        f"this says again what the message has said: {_beginning(one)}; {_much(one.share)} is the same in other words, "
        "and the reader learns nothing new from it"
    )
    return Fault(message, one.later.start, last.later.end, "keep the better of the two, or say something new here")


def _of_thread(row: tuple[Repeat, Repeat], share: float) -> Fault:
    one, last = row
    how = "stands in" if one.copied else "says again what stands in"
    message = (
        f"this {how} an earlier message: {_beginning(one)}; {share:.0%} of the message repeats earlier ones, "
        "and a reader who finds nothing new stops reading"
    )
    return Fault(message, one.later.start, last.later.end, "leave it out and write what is new since then")


CHECK = Repetition
