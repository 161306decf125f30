"""`other_names`: people and companies of other applications."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated

from pydantic import Field, StringConstraints

from followup_rules.check import Check, CheckOptions, Context, Fault, Part
from followup_rules.quality.naming.lines import Line
from followup_rules.quality.naming.names import fold
from followup_rules.quality.naming.naming import Bag, Index, Place, find, index_of, may_hold
from followup_rules.quality.naming.owning import Own
from followup_rules.quality.naming.strangers import Stranger
from followup_rules.quality.text import Text


class OtherNames(Check):
    """A name from another application, whole or in part, where nobody of this application has it."""

    name = "other_names"
    code = "FR614"
    title = "a name that belongs to another application"

    class Options(CheckOptions):
        """Which names may stand there."""

        allow: Annotated[
            tuple[Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)], ...],
            Field(strict=False, description="Names that may be mentioned although other applications have them."),
        ] = ()
        parts: bool = Field(
            default=True,
            description="Whether a first name, a surname or a shortened company counts, or only all of it.",
        )

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """Every place where one of them stands, the subject first."""
        names = context.other_names or ()
        parts: tuple[tuple[Part, Sequence[str], Sequence[str], Callable[[Text], Line]], ...] = (
            ("subject", text.subject_whole.owns, text.subject_whole.lowers, _subject),
            ("body", text.owns, text.lowers, _body),
        )
        for part, owns, lowers, line_of in parts if names else ():
            bag = Bag(lowers)
            met = tuple([name for name in names if may_hold(name, bag, owns, lowers)])
            if met:
                index, line = index_of(met), line_of(text)
                for one, place in _places(line, index, bag.hits(index.begins), Own(context, self.options.allow)):
                    if place.whole or self.options.parts:
                        yield self._fault(line, one, place, part, context)

    def lacks(self, context: Context) -> str:
        """Without these names there is nothing to look for."""
        return "the names of other applications" if context.other_names is None else ""

    def _fault(self, line: Line, one: Stranger, place: Place, part: Part, context: Context) -> Fault:
        start, end, _ = place
        said = line.text[start:end]
        who = f"'{said}'" if fold(said) == fold(one.name) else f"'{said}' ({one.name})"
        if part == "body" and end <= line.greeting:
            why = "the reader sees that the message was meant for somebody else"
            hint = f"greet {context.recipient} instead" if context.recipient else "greet the recipient instead"
        elif context.direction == "employer_to_candidate":
            why = "the reader learns what is none of their business, and wonders who reads about them"
            hint = "leave the name out, or write 'another candidate' where it matters"
        else:
            why = "the reader sees that the text was written for somebody else"
            hint = (
                f"write '{context.company}', or leave the name out"
                if one.company and context.company
                else ("leave the name out, or name the person of this application who is meant")
            )
        return Fault(f"{who} belongs to another application: {why}", start, end, hint, part=part)


def _subject(text: Text) -> Line:
    big = [word.text[0].isupper() for word in text.subject_words if len(word.text) > 3]
    titled = sum(big) * 3 > len(big) * 2
    return Line(text.subject, text.subject_words, text.subject_whole.lowers, 0, len(text.subject) + 1, titled)


def _body(text: Text) -> Line:
    return Line(text.body, text.words, text.lowers, text.greeting.end, text.closing, titled=False)


def _places(line: Line, index: Index, hits: Sequence[int], own: Own) -> Iterator[tuple[Stranger, Place]]:
    """In scripts without capitals only the whole name counts: their words need not be parted by spaces."""
    for one in index.caseless:
        at = line.text.find(one.name)
        while at >= 0:
            yield one, Place(at, at + len(one.name), True)
            at = line.text.find(one.name, at + len(one.name))
    yield from find(line, index, hits, own)


CHECK = OtherNames
