"""`sign_off`: a message without a farewell and the name of the one who writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from pydantic import Field

from followup_rules.check import Check, CheckOptions, Context, Fault
from followup_rules.quality.naming.names import is_short_for, letters, people_of, short_forms
from followup_rules.quality.parts import is_farewell
from followup_rules.quality.text import Text, owns_of

_SLOT_MARKS: Final = frozenset("[]{}<>_%$")
_LONGEST_SIGNATURE: Final = 8


class Line(NamedTuple):
    """A line of the closing and its characters."""

    text: str
    start: int
    end: int


class SignOff(Check):
    """A farewell with the sender's name below it, or the name alone."""

    name = "sign_off"
    code = "FR606"
    title = "no farewell with the sender's name"

    class Options(CheckOptions):
        """What is enough."""

        name_alone: bool = Field(default=True, description="A name on a line of its own is enough, without a farewell.")

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """One fault: what is missing, or the name that is not the sender's."""
        lines = _lines(text) or _last_line(text)
        farewells = [line for line in lines if is_farewell(line.text)]
        end = len(text.body.rstrip())
        if not lines:
            if not _signs(" ".join(text.body[-80:].split()[-4:]), context.sender):
                message = "the message ends without a farewell and a name, so the reader has to guess who writes"
                yield Fault(message, end, end, _hint(context))
            return
        if not any(_signs(line.text, context.sender) for line in lines):
            named = next((line for line in lines if line not in farewells and _may_name(line.text)), None)
            if named is None:
                message = f"'{lines[-1].text.rstrip(',')}' has no name below it, so the reader has to guess who writes"
                yield Fault(message, lines[-1].end, lines[-1].end, _hint(context))
                return
            if context.sender and _SLOT_MARKS.isdisjoint(named.text):
                message = f"the message is signed '{named.text}', but {context.sender} is the one who writes"
                yield Fault(message, named.start, named.end, f"sign it '{context.sender}'")
                return
        if not self.options.name_alone and not farewells and not _begins_with_farewell(lines[0].text):
            message = "a name without a farewell above it reads as curt"
            yield Fault(message, lines[0].start, lines[0].start, "write 'Kind regards,' above the name")

    def lacks(self, context: Context) -> str:
        """Whose name belongs there."""
        return "" if context.sender else "the sender's name"


def _lines(text: Text) -> list[Line]:
    """The lines of the closing that are not empty."""
    lines: list[Line] = []
    position = text.closing
    for line in text.body[text.closing :].splitlines(keepends=True):
        bare = line.strip()
        if bare:
            start = position + line.index(bare)
            lines.append(Line(bare, start, start + len(bare)))
        position += len(line)
    return lines


def _last_line(text: Text) -> list[Line]:
    """The last line where it stands alone and is no sentence, as in 'The people at Orbit Care'."""
    body = text.body.rstrip()
    start = body.rfind("\n") + 1
    line = body[start:]
    if start <= text.greeting.end or not line[:1].isupper() or line[-1:] in ".?!,;:":
        return []
    return [Line(line, start, len(body))] if len(line.split()) <= _LONGEST_SIGNATURE else []


def _signs(line: str, sender: str | None) -> bool:
    """True where a line has some part of the sender's name: a first name, short for it, a surname, the initials."""
    if not sender:
        return False
    words = [letters(word) for word in owns_of(line)]
    people = people_of(sender)
    if not people:
        return not {letters(word) for word in owns_of(sender)}.isdisjoint(words)
    for one in people:
        names = one.given | one.short | one.family
        if any(word in names for word in words):
            return True
        if any(len(word) > 1 and _is_familiar(word, name) for word in words for name in one.given):
            return True
        initials = "".join(letters(word)[:1] for word in one.words)
        if "".join(words) in (initials, initials[:1]) and initials:
            return True
    return False


def _is_familiar(word: str, name: str) -> bool:
    return word in short_forms(name) or is_short_for(word, name)


def _may_name(line: str) -> bool:
    """True for a line that could be a name, or a slot for one, which another check reports."""
    if not _SLOT_MARKS.isdisjoint(line):
        return True
    return any(letter.isalpha() and not letter.islower() for letter in line) or len(line.split()) <= 2


def _begins_with_farewell(line: str) -> bool:
    """True for 'Best, Tom', a farewell and a name on one line."""
    head, comma, _ = line.partition(",")
    return bool(comma) and is_farewell(head + ",")


def _hint(context: Context) -> str:
    if context.sender:
        return f"end with 'Kind regards,' and below it '{context.sender}'"
    return "end with 'Kind regards,' and your name below it"


CHECK = SignOff
