"""`forbids`: words that a message must not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from followup_rules.check import Check, CheckOptions, Context, Fault
from followup_rules.quality.text import Text
from followup_rules.quality.whole_words import places


class Forbids(Check):
    """Words or phrases that must not be there, in subject or body, whatever their case."""

    name = "forbids"
    code = "FR616"
    title = "a word that the rules forbid"

    class Options(CheckOptions):
        """What is forbidden."""

        words: Annotated[
            tuple[Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, pattern=r"\w")], ...],
            Field(strict=False, min_length=1, description="Words or phrases, found as whole words in any case."),
        ]
        instead: str = Field(default="", description="What to write instead; handed on to the writer.")

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """Every place where one of them stands."""
        for phrase in self.options.words:
            for place in places(text, phrase):
                yield Fault(
                    f"'{phrase}' is not to be written", place.start, place.end, self.options.instead, part=place.part
                )


CHECK = Forbids
