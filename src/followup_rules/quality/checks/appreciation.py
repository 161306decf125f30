"""`appreciation`: a follow-up thanks the person who reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import Field

from followup_rules.check import Check, CheckOptions, Context, Fault
from followup_rules.quality.text import Span, Text
from followup_rules.quality.thanks import thanks_in

_REASONS: Final = {
    "thank_you": "a thank-you message without thanks misses its purpose",
    "status_check": "a question without thanks reads like a reminder of a bill",
    "feedback_request": "who is asked for a favour wants to see that the last one was noticed",
    "update": "news without thanks reads like an official notice",
}
_HINTS_CANDIDATE: Final = {
    "thank_you": "open with 'Thank you for the interview' and name what {whom} did for you: a tour, an answer",
    "status_check": "add 'Thank you again for the interview' before the question",
    "feedback_request": "add 'Thank you for letting me know and for considering me' before the request",
    "update": "add 'Thank you for your time' or thank {whom} for the last message",
}
_HINTS_EMPLOYER: Final = {
    "thank_you": "open with 'Thank you for coming to the interview' and name what you valued in it",
    "status_check": "add 'Thank you for the time that you have given us' before the question",
    "feedback_request": "add 'Thank you for taking part' before the request",
    "update": "open with 'Thank you for your patience' or 'Thank you for the interview'",
}


class Appreciation(Check):
    """Thanks in any wording: 'thank you', 'much obliged', 'it was kind of you', 'I valued the hour'."""

    name = "appreciation"
    code = "FR604"
    title = "no thanks to the reader"

    class Options(CheckOptions):
        """Where thanks count."""

        closing_counts: bool = Field(default=True, description="Whether thanks in the farewell are enough ('Thanks,').")
        subject_counts: bool = Field(default=False, description="Whether thanks in the subject alone are enough.")

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """One fault at the first sentence where nothing thanks the reader."""
        if any(True for _ in thanks_in(text, closing=self.options.closing_counts)):
            return
        if self.options.subject_counts and any(True for _ in thanks_in(Text(text.subject))):
            return
        place = _place(text)
        reason = _REASONS.get(context.follow_up or "", "without thanks it reads as if the reader's time went unnoticed")
        yield Fault(f"the message does not thank its reader; {reason}", place.start, place.end, _hint(context))

    def lacks(self, context: Context) -> str:
        """The direction and the kind of the follow-up only word the hint."""
        return ""


def _place(text: Text) -> Span:
    """Thanks belong into the first sentence below the salutation."""
    sentences = text.core or text.sentences
    return Span(sentences[0].start, sentences[0].end) if sentences else Span(0, 0)


def _hint(context: Context) -> str:
    hints = _HINTS_EMPLOYER if context.direction == "employer_to_candidate" else _HINTS_CANDIDATE
    default = "say in one sentence what you thank the reader for: 'Thank you for your time on Tuesday.'"
    return hints.get(context.follow_up or "", default).format(whom=context.recipient or "the reader")


CHECK = Appreciation
