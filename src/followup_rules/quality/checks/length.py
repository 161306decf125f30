"""`length`: a message that is too short to say anything, or too long to be read."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, model_validator

from followup_rules.check import Check, CheckOptions, Context, Fault
from followup_rules.quality.text import Text


class Length(Check):
    """The number of words between the salutation and the closing."""

    name = "length"
    code = "FR608"
    title = "too few or too many words"

    class Options(CheckOptions):
        """From how many words to how many."""

        at_least: int = Field(default=20, ge=0, description="The fewest words between salutation and closing.")
        at_most: int = Field(default=350, ge=1, description="The most words between salutation and closing.")

        @model_validator(mode="after")
        def _in_order(self) -> Length.Options:
            """No message has both."""
            if self.at_least > self.at_most:
                raise ValueError(f"at_least is {self.at_least}, which is more than at_most, {self.at_most}")
            return self

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """One fault where the number is out of the range; what is too much is pointed at."""
        core = text.core
        words = sum(one.last - one.first for one in core)
        if words < self.options.at_least:
            say = "says" if words == 1 else "say"
            message = f"{_counted(words)} between salutation and closing {say} too little to be of use to the reader"
            hint = f"write at least {self.options.at_least}: the occasion, one concrete point, and what comes next"
            start, end = (core[0].start, core[-1].end) if core else (text.closing, text.closing)
            yield Fault(message, start, end, hint)
        elif words > self.options.at_most:
            message = f"{words} words are more than a busy reader takes in at once"
            hint = f"leave out {words - self.options.at_most} or more, so that at most {self.options.at_most} remain"
            yield Fault(message, self._limit(text), core[-1].end, hint)

    def _limit(self, text: Text) -> int:
        """Where the first word stands that is one too many."""
        left = self.options.at_most
        for one in text.core:
            if one.last - one.first > left:
                return text.starts[one.first + left]
            left -= one.last - one.first
        return text.closing


def _counted(words: int) -> str:
    return "no words" if not words else "one word" if words == 1 else f"{words} words"


CHECK = Length
