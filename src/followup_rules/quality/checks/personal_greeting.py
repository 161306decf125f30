"""`personal_greeting`: the salutation names the recipient."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from followup_rules.check import Check, CheckOptions, Context, Fault
from followup_rules.quality.naming.addressing import Reading, opening
from followup_rules.quality.naming.names import Known, fold, letters, people_of
from followup_rules.quality.naming.slips import edits
from followup_rules.quality.phrases import word_sets
from followup_rules.quality.text import Text, lowers_of, owns_of

_WHY = "a message without the recipient's name reads like a circular"


class PersonalGreeting(Check):
    """A salutation with the recipient's first name, familiar name, or title and surname."""

    name = "personal_greeting"
    code = "FR601"
    title = "a salutation that does not name the recipient"

    class Options(CheckOptions):
        """What passes besides the recipient's name."""

        accept: Annotated[
            tuple[Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)], ...],
            Field(strict=False, description="Salutations that are good although they name nobody, in any case."),
        ] = ()
        nicknames: bool = Field(default=True, description="Whether short and familiar forms of the first name pass.")

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """One fault where the recipient is not named."""
        people = people_of(context.recipient) if context.recipient else ()
        reading = opening(text, people, lambda: strangers(context), self.options.nicknames)
        if reading.named or self._is_accepted(text, reading):
            return
        hint = f"write '{suggestion(people)}'" if people else "greet the recipient by name, as in 'Dear Ms Reyes,'"
        yield Fault(self._message(reading, people, context), reading.start, reading.end, hint)

    def lacks(self, context: Context) -> str:
        """Without the recipient's name, any name passes."""
        return "" if context.recipient and people_of(context.recipient) else "the recipient's name"

    def _is_accepted(self, text: Text, reading: Reading) -> bool:
        said = lowers_of(text.body[reading.start : reading.end])
        return bool(said) and any(lowers_of(one) == said for one in self.options.accept)

    def _message(self, reading: Reading, people: tuple[Known, ...], context: Context) -> str:
        if reading.start == reading.end:
            return f"no salutation and no name at the beginning: {_WHY}"
        if reading.slot:
            return "a slot stands where the recipient's name belongs: the reader sees an unfinished form letter"
        if not reading.words:
            return f"the salutation names nobody: {_WHY}"
        said = " ".join(reading.words)
        whose = _owner(reading.words, context)
        if whose:
            return f"'{said}' is {whose}, not the recipient: the message looks sent to the wrong person"
        meant = _misspelt(reading.words, people)
        if meant:
            return f"'{said}' looks like a misspelling of '{meant}': readers mind mistakes in their own name most"
        if people:
            return f"'{said}' is not the recipient's name: the message looks sent to the wrong person"
        return f"the salutation names nobody: {_WHY}"


def strangers(context: Context) -> frozenset[str]:
    """First names of others: a word that is one of them is no short form of the recipient's."""
    names = (*(context.other_names or ()), *context.people, context.sender or "")
    return frozenset([letters(name.split(None, 1)[0]) for name in names if name.strip()])


def _owner(words: tuple[str, ...], context: Context) -> str:
    said = [letters(word) for word in words]
    for names, whose in (
        (context.other_names or (), "the name of somebody in another application"),
        (context.people, "somebody else's name"),
        ((context.sender or "",), "the sender's own name"),
        ((context.company or "",), "the name of the company"),
    ):
        for name in names:
            own = [letters(word) for word in owns_of(name)]
            if said and all(word in own for word in said):
                return whose
    return ""


def _misspelt(words: tuple[str, ...], people: tuple[Known, ...]) -> str:
    for said in words:
        for person in people:
            for word in person.words:
                most = 1 if len(word) < 6 else 2
                if fold(said) != fold(word) and len(word) > 2 and edits(letters(said), letters(word), most) <= most:
                    return word
    return ""


def suggestion(people: tuple[Known, ...]) -> str:
    """A salutation that would be right: with the title where it is known, else with the full name."""
    person = people[0]
    if not person.titles:
        return f"Dear {' '.join(person.words)},"
    familiar = fold(person.titles[-1]) in word_sets("names")["familiar"]
    particles = word_sets("names")["particle"]
    last = len(person.words) - 1
    while last > 1 and fold(person.words[last - 1]) in particles:
        last -= 1
    name = person.words[0] if familiar else " ".join(person.words[last:])
    return f"Dear {' '.join(person.titles)} {name},"


CHECK = PersonalGreeting
