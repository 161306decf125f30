"""`contains`: words that a message must have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from followup_rules.check import Check, CheckOptions, Context, Fault
from followup_rules.quality.text import Text
from followup_rules.quality.whole_words import places


class Contains(Check):
    """Words or phrases of which some must be there, in subject or body, whatever their case."""

    name = "contains"
    code = "FR615"
    title = "a word is missing that the rules ask for"

    class Options(CheckOptions):
        """What must be there, and how much of it."""

        words: Annotated[
            tuple[Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, pattern=r"\w")], ...],
            Field(strict=False, min_length=1, description="Words or phrases, found as whole words in any case."),
        ]
        at_least: int = Field(default=1, ge=1, description="How many different ones of them must be there.")
        all: bool = Field(default=False, description="Every one of them must be there; `at_least` is then left out.")
        because: str = Field(default="", description="Why they must be there; handed on to the writer.")

        @model_validator(mode="after")
        def _can_be_met(self) -> Contains.Options:
            """More words than are listed can never be there."""
            if self.at_least > len(self.words):
                raise ValueError(f"at_least is {self.at_least}, but only {len(self.words)} words are listed")
            return self

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """One fault that names what is missing."""
        missing = [phrase for phrase in self.options.words if next(places(text, phrase), None) is None]
        present = len(self.options.words) - len(missing)
        wanted = len(self.options.words) if self.options.all else self.options.at_least
        if present >= wanted:
            return
        listed = ", ".join(f"'{phrase}'" for phrase in missing)
        if self.options.all or len(missing) == 1:
            message, hint = f"{listed} {'is' if len(missing) == 1 else 'are'} missing", f"write {listed}"
        elif wanted == 1:
            message, hint = f"none of {listed} is there", f"write one of {listed}"
        else:
            message = f"{present} of the {wanted} words that must be there were found; missing: {listed}"
            hint = f"write {wanted - present} more of {listed}"
        if self.options.because:
            message = f"{message}: {self.options.because}"
        end = text.core[-1].end if text.core else text.closing
        yield Fault(message, end, end, hint)


CHECK = Contains
