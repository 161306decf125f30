"""What a message check is: a small class with options that reads one text and says what is wrong with it, and where.

    class Mine(Check):
        name = "mine"
        code = "MINE001"
        title = "what a text has when this check speaks up"

        class Options(CheckOptions):
            at_most: int = 3

        options: Options

        def faults(self, text: Text, context: Context) -> Iterator[Fault]: ...

A check is pure: the same text, context and options give the same faults. It never needs the context: what is not
known is judged by the text alone, and `lacks` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from followup_rules.model.words import Direction

if TYPE_CHECKING:
    from followup_rules.quality.text import Text

Part = Literal["body", "subject"]
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_CODE: Final = re.compile(r"[A-Z]{2,8}[0-9]{3}")


class Context(NamedTuple):
    """What is known about a message besides its text. What is not known is None or empty.

    `notes` are what was said in the interview, `skills` the candidate's; `people` are the others who belong to this
    application; `other_names` are people and companies of other applications, which have no place in this message;
    `thread` holds earlier messages of the same sender, oldest first; it is empty where there are none.
    """

    direction: Direction | None = None
    follow_up: str | None = None
    recipient: str | None = None
    sender: str | None = None
    company: str | None = None
    role: str | None = None
    notes: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    other_names: tuple[str, ...] | None = None
    thread: tuple[str, ...] | None = None


class Fault(NamedTuple):
    """One fault: what is wrong, where (characters of the subject or of the body, end exclusive), how to mend it.

    `fix` is set only where putting it in the place of the excerpt is right without a person's look at it.
    A thing that is missing points at where it belongs; an empty span points at the text as a whole.
    """

    message: str
    start: int = 0
    end: int = 0
    hint: str = ""
    fix: str | None = None
    part: Part = "body"


class CheckOptions(BaseModel):
    """What stands under `with` in a rule: the base of every check's `Options`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Check:
    """What reads one text and says what is wrong with it."""

    name: ClassVar[str]
    """The word under `check` in a rule, in snake_case."""

    code: ClassVar[str]
    """The code of its findings: capital letters and three digits; `FR` is kept for the language's own checks."""

    title: ClassVar[str]
    """What a text has when the check speaks up, in a few words."""

    Options: ClassVar[type[CheckOptions]] = CheckOptions
    """The form of its options."""

    options: CheckOptions

    def __init__(self, options: CheckOptions | None = None) -> None:
        self.options = self.Options() if options is None else options

    def faults(self, text: Text, context: Context) -> Iterable[Fault]:
        """What is wrong, in the order of the text."""
        raise NotImplementedError

    def lacks(self, context: Context) -> str:
        """What the check would need to know and does not, in a few words; empty where nothing is lacking."""
        return ""


def fault_of(check: object) -> str | None:
    """Why something cannot serve as a check; None where it can."""
    if not isinstance(check, type) or not issubclass(check, Check):
        return f"{ascii(check)[:80]} is no class that inherits from Check"
    name, code, title = (getattr(check, key, None) for key in ("name", "code", "title"))
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        hint = "use small letters, digits and underscores"
        return f"the check {check.__name__} has the name {ascii(name)[:80]}; {hint}"
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        return f"the check '{name}' has the code {ascii(code)[:80]}; use capital letters and three digits"
    if not isinstance(title, str) or not title.strip():
        return f"the check '{name}' has no title"
    options: object = check.Options
    if not isinstance(options, type) or not issubclass(options, CheckOptions):
        return f"the Options of the check '{name}' do not inherit from CheckOptions"
    if check.faults is Check.faults:
        return f"the check '{name}' has no method faults"
    return None
