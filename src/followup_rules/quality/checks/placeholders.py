"""`placeholders`: slots that were never filled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from followup_rules.check import Check, CheckOptions, Context, Fault, Part
from followup_rules.quality.naming.names import fold
from followup_rules.quality.slots.site import Page
from followup_rules.quality.slots.slot_gaps import gap_slots
from followup_rules.quality.slots.slot_greeting import salutation_slots, signature_slots
from followup_rules.quality.slots.slot_halves import half_slots
from followup_rules.quality.slots.slot_letters import letter_slots
from followup_rules.quality.slots.slot_notes import note_slots
from followup_rules.quality.slots.slot_numbers import number_slots
from followup_rules.quality.slots.slot_pairs import pair_slots
from followup_rules.quality.slots.slot_words import word_slots
from followup_rules.quality.slots.slots import slots
from followup_rules.quality.text import Text

_BRACKETED = re.compile(r"[\[{<(#%$]+([^\[\]{}<>()#%$]{1,80})[\]}>)#%$]+")
_WHY = "the reader sees an unfinished form letter"


class Placeholders(Check):
    """A slot of a template, in any notation, that still stands in the subject or in the body."""

    name = "placeholders"
    code = "FR613"
    title = "a slot that was never filled"

    class Options(CheckOptions):
        """What is no slot."""

        allow: Annotated[
            tuple[Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)], ...],
            Field(
                strict=False, description="Texts that look like slots and are meant, such as '[External]', in any case."
            ),
        ] = ()
        words: bool = Field(
            default=True, description="Whether slots without brackets count too: 'on DATE', 'XX years', 'Dear ,'."
        )

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """Every slot, the subject first."""
        allowed = frozenset(fold(one) for one in self.options.allow)
        pages: tuple[tuple[Part, Page], ...] = (
            ("subject", Page(text.subject, (0, 0), len(text.subject) + 1, True)),
            ("body", Page(text.body, (text.greeting.start, text.greeting.end), text.closing, False)),
        )
        for part, page in pages:
            last = -1
            for start, end in self._found(page, text, context):
                said = page.raw[start:end]
                if start >= last and fold(said) not in allowed and not _is_noted(said, context):
                    last = end
                    yield self._fault(said, start, end, part, page, context)

    def _found(self, page: Page, text: Text, context: Context) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        marked, oddly = page.marks()
        if marked:
            found += slots(page, lambda inner: fold(inner) in _own(context))
            found += half_slots(page)
        if oddly:
            found += pair_slots(page)
        if self.options.words:
            words = text.subject_whole.lowers if page.is_subject else text.lowers
            found += letter_slots(page)
            found += note_slots(page)
            found += number_slots(page)
            found += word_slots(page, words)
            found += gap_slots(page, words)
            found += signature_slots(page)
            if not page.is_subject:
                greeted = list(salutation_slots(page))
                if greeted and not _is_named_so(text, context):
                    found += greeted
        return sorted(found, key=lambda span: (span[0], -span[1])) if found else found

    def _fault(self, said: str, start: int, end: int, part: Part, page: Page, context: Context) -> Fault:
        first, last = page.greeting
        greets = part == "body" and first <= start and end <= last
        shown = " ".join(said.split())[:60]
        if greets and context.recipient:
            hint = f"write the name: {context.recipient}"
        elif "company" in said.lower() and context.company:
            hint = f"write '{context.company}'"
        elif any(word in said.lower() for word in ("role", "position", "title")) and context.role:
            hint = f"write '{context.role}'"
        else:
            hint = "fill it in, or take the sentence out"
        return Fault(f"'{shown}' was never filled in: {_WHY}", start, end, hint, part=part)


def _is_named_so(text: Text, context: Context) -> bool:
    """True where the last word of the salutation is a name of the recipient: somebody may be called Blank or Null."""
    words = text.lowers[: text.between(0, text.greeting.end)[1]]
    return bool(words) and words[-1] in fold(context.recipient or "").split()


def _is_noted(said: str, context: Context) -> bool:
    """True for what the notes speak of as well: an 'XX' that was talked about is a size or a chromosome."""
    if not said[0].isalnum() or not said[-1].isalnum():
        return False
    there = re.compile(rf"(?<!\w){re.escape(said)}(?!\w)")
    return any(there.search(known) for known in (*context.notes, *context.skills, context.role or ""))


def _own(context: Context) -> frozenset[str]:
    """What may stand between marks because it is a name of this application: '<Proofreader>' is filled."""
    names = (context.recipient, context.sender, context.company, context.role, *context.people, *context.skills)
    noted = (inner for note in context.notes for inner in _BRACKETED.findall(note))
    return frozenset([*(fold(name) for name in names if name), *(fold(inner) for inner in noted)])


CHECK = Placeholders
