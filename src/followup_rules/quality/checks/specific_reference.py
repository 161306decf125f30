"""`specific_reference`: a message must come back to something that this conversation alone had."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from followup_rules.check import Check, CheckOptions, Context, Fault
from followup_rules.quality.recall.recalled import concrete, reported, retold, shared
from followup_rules.quality.text import Text

# What counts beside the words of a note; found by logistic regression over labelled messages and rounded.
_REPORT_SHARE = 0.175
_REPORT_MOST = 3.0
_CONCRETE_SHARE = 0.08
_CONCRETE_MOST = 5.0
_RETOLD = 0.5
_CONCRETE_MORE = 0.75


class SpecificReference(Check):
    """The text must name one concrete thing of the interview: a topic, a fact, a place seen, a remark.

    Two kinds of evidence are weighed: the words that a sentence shares with one of the notes, rare words more than
    common ones, and the rare words near a report such as 'you mentioned' or 'hearing how'. Nearly every good message
    shares a word with a note, so one is enough, unless the writer only speaks of oneself. A report counts for a
    sixth where notes are known, since it may report nothing in particular, and the rare words of a sentence that is
    not about the writer for a twelfth: notes do not hold everything that was said. Without notes a report has to do
    alone. One that brings half of a note is enough by its common words too: 'your plan for the reception area'.
    """

    name = "specific_reference"
    code = "FR602"
    title = "nothing in the text comes from this conversation"

    class Options(CheckOptions):
        """How much is enough."""

        enough: float = Field(
            default=0.5,
            gt=0,
            le=10,
            description="Weight that a sentence must reach with known notes: a rare word of a note weighs 1, a common "
            "one 0.5, one of the trade 0.25; less in what a candidate says of oneself.",
        )
        enough_alone: float = Field(
            default=1.25,
            gt=0,
            le=10,
            description="The same where no notes are known, for the words near a report such as 'you mentioned'.",
        )

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """One fault, at the first sentence of the message, where nothing specific is found."""
        if not text.lowers or self._is_specific(text, context):
            return
        start, end = text.core[0][:2] if text.core else (text.greeting.end, text.greeting.end)
        message = "nothing here comes from this conversation; a text that fits every interview is read as a form letter"
        yield Fault(message, start, end, _hint(context))

    def _is_specific(self, text: Text, context: Context) -> bool:
        if not context.notes:
            alone = self.options.enough_alone
            return reported(text, context) >= alone or concrete(text, context) >= alone + _CONCRETE_MORE
        found = shared(text, context, self.options.enough)
        if found >= self.options.enough:
            return True
        # A report is read only where the notes do not decide: it costs more.
        found += _REPORT_SHARE * min(reported(text, context), _REPORT_MOST)
        found += _CONCRETE_SHARE * min(concrete(text, context), _CONCRETE_MOST)
        return found >= self.options.enough or (found + _RETOLD >= self.options.enough and retold(text, context))

    def lacks(self, context: Context) -> str:
        """Notes tell what was said; without them only the way of reporting can be judged."""
        return "" if context.notes else "the notes of the interview"


def _hint(context: Context) -> str:
    if context.notes:
        return f"name one thing that was said or seen there, for example: {context.notes[0]}"
    return "name one thing that was said or seen there: a topic, a fact, a remark, a question"


CHECK = SpecificReference
