"""Drafts: templates rendered from an application. A missing value is a finding, never a hole in the text.

Templates are data, not programs: they may test, loop once over a list, and use the filters below. They call nothing,
reach no attribute of any Python object, and cannot run long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from followup_rules.judge.occasions import Occasion
from followup_rules.judge.texts import parties
from followup_rules.judge.words_of_notes import first_name, told, topic
from followup_rules.model.application import Person
from followup_rules.model.decision import Draft, Finding

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

LONGEST: Final = 20_000
# Written out, because strftime speaks the language of the machine and templates speak English.
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_FILTERS: Final = (
    "capitalize",
    "default",
    "first",
    "join",
    "last",
    "length",
    "lower",
    "sort",
    "title",
    "trim",
    "unique",
    "upper",
)
_TESTS: Final = (
    "defined",
    "undefined",
    "none",
    "string",
    "number",
    "mapping",
    "sequence",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "in",
)


class Drafts:
    """The templates of a policy; each is compiled when it is first used."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources

    def draft(self, occasion: Occasion, step: int) -> tuple[Draft | None, tuple[Finding, ...]]:
        """The draft of a step, or none and the findings that say why; none and no findings without a template."""
        rule = occasion.lane.rule
        if rule.template is None or not ("draft_message" in rule.do or "send_message" in rule.do):
            return None, ()
        try:
            text = _rendered(compiled(self._sources[rule.template]), _values(occasion, step))
        except _missing_value() as error:
            message = f"the template {rule.template} needs {error.message}, which the application does not give"
            return None, (Finding("FR301", "error", message),)
        except Exception as error:  # whatever a template does wrong is a finding about the template
            message = f"the template {rule.template} failed: {type(error).__name__}: {str(error)[:200]}"
            return None, (Finding("FR302", "error", message),)
        subject, body = _split(text)
        return Draft(subject, body, _address(occasion)), ()


@lru_cache(maxsize=512)
def compiled(source: str) -> Template:
    """A template, compiled once however many policies use it."""
    return environment().from_string(source)


@lru_cache(maxsize=1)
def environment() -> SandboxedEnvironment:
    """The one environment of all templates: sandboxed, strict, with few filters and no functions."""
    from jinja2 import StrictUndefined, Undefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Environment(ImmutableSandboxedEnvironment):
        """Looks into mappings only, and names the whole path of what is missing."""

        def getattr(self, obj: Any, attribute: str) -> Any:
            if isinstance(obj, _Values):
                return (
                    obj[attribute] if attribute in obj else self.undefined(f"'{obj.path}{attribute}'", name=attribute)
                )
            if isinstance(obj, date | str | int | float | list | tuple) or obj is None:
                return self.undefined(f"'{attribute}' of a plain value", name=attribute)
            return super().getattr(obj, attribute)

        def getitem(self, obj: Any, argument: Any) -> Any:
            return self.getattr(obj, argument) if isinstance(argument, str) else super().getitem(obj, argument)

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            return type(obj).__name__ == "LoopContext" and not callable(value)

    made = Environment(
        undefined=StrictUndefined,
        finalize=_finalizer(Undefined),
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in _FILTERS}
    made.tests = {name: made.tests[name] for name in (*_TESTS, "==", "!=", "<", "<=", ">", ">=")}
    own: dict[str, Callable[..., Any]] = {
        "first_name": first_name, "listed": listed, "day": day, "told": told, "topic": topic,
    }  # fmt: skip
    made.filters.update(own)
    return made


def _finalizer(undefined: type) -> Callable[[Any], Any]:
    """Lets texts, numbers and dates into a letter, and what is missing, which then says so itself."""

    def finalize(value: Any) -> Any:
        if isinstance(value, str):
            return value
        if isinstance(value, date | int | float | undefined) and not isinstance(value, bool):
            return value
        kind = "a list" if isinstance(value, list | tuple) else f"a {type(value).__name__.strip('_').lower()}"
        raise ValueError(f"it puts {kind} into the text where a text, a number or a date belongs")

    return finalize


def _missing_value() -> type[Any]:
    from jinja2 import UndefinedError

    return UndefinedError


def _rendered(template: Template, values: dict[str, Any]) -> str:
    # What a template may do is checked before, so that this cannot run long; see template_check.
    text = "".join(template.root_render_func(template.new_context(values)))
    if len(text) > LONGEST:
        raise ValueError(f"the text is longer than {LONGEST} characters")
    return text


class _Values(dict[str, Any]):
    """A mapping that knows where it stands. What is not known is not in it."""

    def __init__(self, path: str, values: Mapping[str, Any]) -> None:
        super().__init__({key: value for key, value in values.items() if value is not None})
        self.path = path


def _values(occasion: Occasion, step: int) -> dict[str, Any]:
    timeline, rule, place = occasion.timeline, occasion.lane.rule, occasion.place
    assert place is not None  # noqa: S101  (only a decision to send is drafted)
    application = timeline.application
    to_employer = rule.direction == "candidate_to_employer"
    named = occasion.contact if to_employer else next(iter(occasion.anchor.named), None)
    contact = application.contact(named)
    who = parties(application, rule.direction, named)
    employer: Person | None = who.recipient if to_employer else who.sender
    candidate = _Values("candidate.", vars(application.candidate))
    anchor = occasion.anchor
    by = anchor.by if not isinstance(anchor.by, datetime) else place.local(anchor.by)
    values: dict[str, Any] = {
        "candidate": candidate,
        "job": _Values("job.", vars(application.job)),
        "recipient": _Values("recipient.", _of(employer) if to_employer else candidate),
        "sender": _Values("sender.", candidate if to_employer else _of(employer)),
        "notes": list(application.notes),
        "skills": list(application.skills),
        "attributes": nested("attributes.", application.attributes),
        "anchor": _Values("anchor.", {"type": anchor.type, "at": place.local(anchor.at), "by": by}),
        "step": step,
        "steps": len(rule.cadence),
        "follow_up": rule.follow_up,
        "direction": rule.direction,
        "now": place.local(timeline.now),
    }
    if contact is not None:
        values["contact"] = _Values("contact.", vars(contact))
    if application.stage is not None:
        values["stage"] = application.stage
    return values


def _of(person: Person | None) -> Mapping[str, Any]:
    return vars(person) if person is not None else {}


def nested(path: str, value: Any) -> Any:
    """Plain data as templates see it: mappings that know their path, without what is not known."""
    if isinstance(value, dict):
        return _Values(path, {key: nested(f"{path}{key}.", inner) for key, inner in value.items()})
    return value


def _address(occasion: Occasion) -> str | None:
    application = occasion.timeline.application
    if occasion.direction == "employer_to_candidate":
        return application.candidate.email
    contact = application.contact(occasion.contact)
    return contact.email if contact is not None else None


def _split(text: str) -> tuple[str, str]:
    """A first line `Subject: ...` is the subject, what follows the body."""
    text = text.strip()
    first, _, rest = text.partition("\n")
    if not first.startswith("Subject:"):
        return "", f"{text}\n"
    return " ".join(first.removeprefix("Subject:").split()), f"{rest.strip()}\n"


def listed(things: list[Any]) -> str:
    """A list as one reads it aloud: 'a, b and c'."""
    words = [str(thing) for thing in things]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def day(moment: date | datetime) -> str:
    """A date as one writes it in a letter: 'Monday 9 November'."""
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}"
