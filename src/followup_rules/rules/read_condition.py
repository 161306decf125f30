"""From what stands under `when` to a condition, with every fault at its place."""

from __future__ import annotations

import math
from typing import Annotated, Final, NamedTuple, get_args

from pydantic import PlainSerializer, PlainValidator, ValidationError, WithJsonSchema
from pydantic_core import InitErrorDetails, PydanticCustomError

from followup_rules.errors import did_you_mean
from followup_rules.model.words import EVENT_TYPES, STATUSES, Side
from followup_rules.rules import conditions as c
from followup_rules.rules.condition_schema import HERE
from followup_rules.rules.facts_known import FACTS, FactType, type_of
from followup_rules.rules.lengths import Length, parse_length

_WORDS: Final = ("all", "any", "not", "happened", "not_happened")
_OPERATORS: Final = (
    "is", "is_not", "one_of", "none_of", *c.ORDERINGS, "present", "contains",
)  # fmt: skip
_PATTERN_KEYS: Final = (
    "event",
    "from",
    "to",
    "contact",
    "channel",
    "follow_up",
    "auto_reply",
    "after",
    "within",
)
KEYS_OF_CONDITIONS: Final = (*_WORDS, *_OPERATORS, *_PATTERN_KEYS)
_OF_MESSAGES: Final = ("from", "channel", "follow_up", "auto_reply")
_DEEPEST: Final = 20

Loc = tuple[str | int, ...]


class _Fault(NamedTuple):
    code: str
    message: str
    loc: Loc


class _Reader:
    """Collects every fault of one condition instead of stopping at the first."""

    def __init__(self) -> None:
        self.faults: list[_Fault] = []

    def fault(self, code: str, message: str, loc: Loc) -> None:
        self.faults.append(_Fault(code, message, loc))

    def condition(self, raw: object, loc: Loc = ()) -> c.Condition | None:
        if len(loc) > 2 * _DEEPEST:
            self.fault("FR112", f"is nested more than {_DEEPEST} deep", loc)
            return None
        if not isinstance(raw, dict):
            self.fault("FR112", "a condition is a mapping of facts to tests, as in {stage: onsite}", loc)
            return None
        if not raw:
            self.fault("FR112", "a condition that says nothing; leave it out", loc)
            return None
        return _all(tuple(self._entry(key, value, (*loc, key)) for key, value in raw.items()))

    def _entry(self, key: str, value: object, loc: Loc) -> c.Condition | None:
        if key in ("all", "any"):
            items = self._items(value, loc)
            return None if items is None else (_all(items) if key == "all" else _any(items))
        if key == "not":
            return _not(self.condition(value, loc))
        if key in ("happened", "not_happened"):
            return self._patterns(value, loc, negated=key == "not_happened")
        fact_type = type_of(key)
        if fact_type is None:
            mend = did_you_mean(key, [*_WORDS, *FACTS])
            self.fault(
                "FR110",
                f"unknown fact '{key}'" + (f"; {mend}" if mend else "; see `followup-rules rules --facts`"),
                loc,
            )
            return None
        return self._tests(key, fact_type, value, loc)

    def _items(self, raw: object, loc: Loc) -> tuple[c.Condition | None, ...] | None:
        if not isinstance(raw, list) or not raw:
            self.fault("FR112", f"'{loc[-1]}' needs a list with at least one condition", loc)
            return None
        return tuple(self.condition(item, (*loc, index)) for index, item in enumerate(raw))

    def _tests(self, fact: str, fact_type: FactType, raw: object, loc: Loc) -> c.Condition | None:
        if isinstance(raw, list):
            return self._test(fact, fact_type, "one_of", raw, loc)
        if not isinstance(raw, dict):
            return self._test(fact, fact_type, "is", raw, loc)
        if not raw:
            self.fault("FR112", f"the test of '{fact}' says nothing; leave it out", loc)
            return None
        tests: list[c.Condition | None] = []
        for operator, value in raw.items():
            if operator not in _OPERATORS:
                mend = did_you_mean(operator, _OPERATORS) or f"known are {', '.join(_OPERATORS)}"
                self.fault("FR104", f"unknown operator '{operator}'; {mend}", (*loc, operator))
                tests.append(None)
            else:
                tests.append(self._test(fact, fact_type, operator, value, (*loc, operator)))
        return _all(tuple(tests))

    def _test(self, fact: str, fact_type: FactType, operator: str, raw: object, loc: Loc) -> c.Condition | None:
        if operator == "present":
            if not isinstance(raw, bool):
                self.fault("FR111", "'present' takes true or false", loc)
                return None
            return c.Test(fact, "present", (raw,))
        if operator in ("one_of", "none_of"):
            if not isinstance(raw, list) or not raw:
                self.fault("FR112", f"'{operator}' needs a list with at least one value", loc)
                return None
            values = [self._constant(value, fact, fact_type, (*loc, index)) for index, value in enumerate(raw)]
        else:
            allowed: FactType = "number" if operator in c.ORDERINGS and fact_type == "anything" else fact_type
            if operator in c.ORDERINGS and allowed != "number":
                self.fault("FR111", f"'{operator}' compares numbers, and '{fact}' is no number", loc)
                return None
            if operator == "contains" and fact_type not in ("text", "anything"):
                self.fault("FR111", f"'contains' looks into texts and lists, and '{fact}' is neither", loc)
                return None
            values = [self._constant(raw, fact, allowed, loc)]
        known = tuple(value for value in values if value is not None)
        if len(known) != len(values):
            return None
        return _as_test(fact, operator, known)

    def _constant(self, value: object, fact: str, fact_type: FactType, loc: Loc) -> c.Scalar | None:
        if value is None:
            self.fault(
                "FR111",
                f"nothing to compare '{fact}' with; use present: false to ask whether it is missing",
                loc,
            )
        elif not isinstance(value, str | bool | int | float) or (isinstance(value, float) and not math.isfinite(value)):
            self.fault("FR111", f"'{fact}' can be compared with a text, a number, true or false", loc)
        elif fact_type in ("text", "status") and not isinstance(value, str):
            self.fault("FR111", f"'{fact}' is a text, and {_shown(value)} is not; write '\"{_shown(value)}\"'", loc)
        elif fact_type == "number" and (isinstance(value, bool) or not isinstance(value, int | float)):
            self.fault("FR111", f"'{fact}' is a number, and '{_shown(value)}' is not", loc)
        elif fact_type == "truth" and not isinstance(value, bool):
            self.fault("FR111", f"'{fact}' is true or false, and '{_shown(value)}' is neither", loc)
        elif fact_type == "status" and value not in STATUSES:
            mend = did_you_mean(str(value), STATUSES) or f"known are {', '.join(STATUSES)}"
            self.fault("FR111", f"no application has the status '{value}'; {mend}", loc)
        else:
            return value
        return None

    def _patterns(self, raw: object, loc: Loc, negated: bool) -> c.Condition | None:
        if isinstance(raw, list):
            if not raw:
                self.fault("FR112", f"'{loc[-1]}' needs at least one pattern", loc)
                return None
            patterns = tuple(self._pattern(item, (*loc, index)) for index, item in enumerate(raw))
        else:
            patterns = (self._pattern(raw, loc),)
        return _all(tuple(_not(pattern) if negated else pattern for pattern in patterns))

    def _pattern(self, raw: object, loc: Loc) -> c.Pattern | None:
        if not isinstance(raw, dict):
            self.fault("FR112", "a pattern is a mapping, as in {event: message, from: employer}", loc)
            return None
        before = len(self.faults)
        for key in raw:
            if key not in _PATTERN_KEYS:
                mend = did_you_mean(key, _PATTERN_KEYS) or f"known are {', '.join(_PATTERN_KEYS)}"
                self.fault("FR104", f"unknown key '{key}' in a pattern; {mend}", (*loc, key))
        event = self._event(raw, "event", loc)
        if event is None and "event" not in raw:
            self.fault("FR101", "a pattern needs 'event'", loc)
        elif event is not None:
            self._only_where_it_belongs(raw, event, loc)
        pattern = c.Pattern(
            event=event or "",
            from_=self._text(raw, "from", loc, get_args(Side)),
            to=self._text(raw, "to", loc),
            contact=self._text(raw, "contact", loc),
            channel=self._text(raw, "channel", loc),
            follow_up=self._text(raw, "follow_up", loc),
            auto_reply=self._truth(raw, "auto_reply", loc),
            after=self._event(raw, "after", loc),
            within=self._length(raw, "within", loc),
        )
        return pattern if len(self.faults) == before else None

    def _only_where_it_belongs(self, raw: dict[str, object], event: str, loc: Loc) -> None:
        for key in _OF_MESSAGES:
            if key in raw and event not in ("message", "reply"):
                self.fault("FR104", f"a pattern of {event} has no '{key}'; only messages have", (*loc, key))
        if event == "reply" and raw.get("auto_reply") is True:
            self.fault(
                "FR103",
                "a reply is never an auto-reply; write event: message with from and auto_reply: true",
                (*loc, "auto_reply"),
            )
        if "to" in raw and event != "stage_changed":
            self.fault("FR104", f"a pattern of {event} has no 'to'; only stage_changed has", (*loc, "to"))

    def _event(self, raw: dict[str, object], key: str, loc: Loc) -> str | None:
        return self._text(raw, key, loc, (*EVENT_TYPES, "reply"))

    def _text(self, raw: dict[str, object], key: str, loc: Loc, known: tuple[str, ...] = ()) -> str | None:
        value = raw.get(key)
        if key not in raw:
            return None
        if not isinstance(value, str):
            self.fault("FR102", f"'{key}' must be a text", (*loc, key))
            return None
        if known and value not in known:
            mend = did_you_mean(value, known) or f"known are {', '.join(known)}"
            self.fault("FR103", f"'{value}' is not allowed for '{key}'; {mend}", (*loc, key))
            return None
        return value

    def _truth(self, raw: dict[str, object], key: str, loc: Loc) -> bool:
        value = raw.get(key, False)
        if not isinstance(value, bool):
            self.fault("FR102", f"'{key}' must be true or false", (*loc, key))
            return False
        return value

    def _length(self, raw: dict[str, object], key: str, loc: Loc) -> Length | None:
        if key not in raw:
            return None
        try:
            return parse_length(raw[key])
        except PydanticCustomError as error:
            self.fault(error.type, error.message(), (*loc, key))
            return None


def _as_test(fact: str, operator: str, values: tuple[c.Scalar, ...]) -> c.Condition:
    if operator in ("is_not", "none_of"):
        return c.Not(c.Test(fact, "one_of", values))
    return c.Test(fact, "one_of" if operator == "is" else operator, values)  # type: ignore[arg-type]


def _all(items: tuple[c.Condition | None, ...]) -> c.Condition | None:
    known = tuple(item for item in items if item is not None)
    if len(known) != len(items):
        return None
    return known[0] if len(known) == 1 else c.All(known)


def _any(items: tuple[c.Condition | None, ...]) -> c.Condition | None:
    known = tuple(item for item in items if item is not None)
    if len(known) != len(items):
        return None
    return known[0] if len(known) == 1 else c.Any(known)


def _not(item: c.Condition | None) -> c.Condition | None:
    return None if item is None else c.Not(item)


def _shown(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def read_condition(raw: object) -> c.Condition:
    """The condition that stands under `when`.

    Raises:
        ValidationError: every fault of it, each with its place inside the condition.
    """
    reader = _Reader()
    condition = reader.condition(raw)
    if reader.faults or condition is None:
        raise ValidationError.from_exception_data(
            "when",
            [
                InitErrorDetails(type=PydanticCustomError(code, "{m}", {"m": message}), loc=loc, input=None)
                for code, message, loc in reader.faults
            ],
        )
    return condition


ConditionField = Annotated[
    c.Condition,
    PlainValidator(read_condition),
    PlainSerializer(repr),
    WithJsonSchema(HERE),
]
