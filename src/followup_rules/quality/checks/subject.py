"""`subject`: a subject line that is missing, says nothing, or cannot be read at a glance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import Field

from followup_rules.check import Check, CheckOptions, Context, Fault
from followup_rules.quality.phrases import word_sets
from followup_rules.quality.text import Text, lowers_of

# Marks of replies and forwarded mail in English, German, Dutch, the Nordic languages, French, Spanish and Italian.
_PREFIX: Final = re.compile(
    r"\s{0,20}(?:re|fwd?|aw|wg|antw|sv|vs|tr|rv|rif|r|i)(?:\[\d{1,3}\])?\s{0,5}:", re.IGNORECASE
)
_MARKS: Final = re.compile(r"[!?]{2,20}(?=[\s)\"'”]{0,5}\Z)")
_NONE: Final = frozenset(("no subject", "none", "subject", "untitled", "no title", "without subject", "n a"))
_LETTERS_OF_A_SHOUT: Final = 8


class Subject(Check):
    """A subject that tells the reader what the mail is about before it is opened."""

    name = "subject"
    code = "FR607"
    title = "a subject that does not serve the reader"

    class Options(CheckOptions):
        """How long it may be."""

        at_most: int = Field(default=78, ge=10, description="The most characters of the subject.")

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """Every fault of the subject, in the order of the text."""
        subject = text.subject
        begin, count = _after_prefixes(subject)
        said = lowers_of(subject[begin:])
        if not said or " ".join(said) in _NONE:
            yield Fault(
                "the subject is missing, and many readers pass over such mail",
                0,
                len(subject),
                _hint(context),
                part="subject",
            )
            return
        if count > 1:
            message = f"{count} marks of replies push the subject itself out of sight"
            yield Fault(message, 0, begin, "keep a single 'Re:'", "Re:", part="subject")
        if not count and _is_vague(said):
            message = f"'{subject.strip()}' does not say what the mail is about, so it is easily lost among others"
            yield Fault(message, 0, len(subject), _hint(context), part="subject")
        if _shouts(subject[begin:]):
            message = "a subject all in capital letters reads as shouting, and filters take it for junk"
            yield Fault(message, begin, len(subject), "use capitals only where a sentence has them", part="subject")
        marks = _MARKS.search(subject)
        if marks and "!" in marks.group():
            message = f"'{marks.group()}' at the end of a subject looks like advertising"
            yield Fault(
                message, marks.start(), marks.end(), "one mark is enough", _one_mark(marks.group()), part="subject"
            )
        if len(subject) > self.options.at_most:
            message = f"the subject has {len(subject)} characters; mail programs cut off the end"
            hint = f"shorten it to {self.options.at_most} characters or fewer, the most telling words first"
            yield Fault(message, self.options.at_most, len(subject), hint, part="subject")


def _after_prefixes(subject: str) -> tuple[int, int]:
    """Where the subject proper begins behind 'Re:' and the like, and how many of them there are."""
    begin = count = 0
    while match := _PREFIX.match(subject, begin):
        begin, count = match.end(), count + 1
    return begin, count


def _is_vague(words: Sequence[str]) -> bool:
    """True where a word says nothing by itself, and no other word says what it is about."""
    known = word_sets("vague_subjects")
    return all(word in known["empty"] or word in known["around"] for word in words) and not known["empty"].isdisjoint(
        words
    )


def _shouts(subject: str) -> bool:
    letters = [letter for letter in subject if letter.isalpha()]
    return len(letters) >= _LETTERS_OF_A_SHOUT and " " in subject.strip() and subject.isupper()


def _one_mark(marks: str) -> str:
    return "?" if "?" in marks else "!"


def _hint(context: Context) -> str:
    role = context.role or "Site Engineer"
    if context.direction == "employer_to_candidate":
        return f"name the matter and the post, such as 'Your interview: {role}'"
    occasion = {"thank_you": "Thank you", "status_check": "Status of my application", "feedback_request": "Feedback"}
    return f"name the matter and the post, such as '{occasion.get(context.follow_up or '', 'Interview')}: {role}'"


CHECK = Subject
