"""What must come out under one key: a value, or tests as in conditions."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any, Final, Literal, NamedTuple, get_args

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError, core_schema

from followup_rules.errors import did_you_mean
from followup_rules.model.faults import Loc
from followup_rules.model.times import parse_time
from followup_rules.model.words import Outcome, Reason

NONE: Final = "none"
"""What `decision` is where no decision comes out at all."""

_ORDERINGS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "at_least": operator.ge, "at_most": operator.le, "more_than": operator.gt, "less_than": operator.lt,
}  # fmt: skip
_LISTS: Final = ("one_of", "none_of")
OPERATORS: Final = ("is", "is_not", *_LISTS, *_ORDERINGS, "present")

Sort = Literal["decision", "reason", "text", "number", "time", "truth"]
_WORDS: Final[dict[Sort, tuple[str, ...]]] = {"decision": (*get_args(Outcome), NONE), "reason": get_args(Reason)}


class Test(NamedTuple):
    """One operator and its values: several for a list, else one."""

    operator: str
    values: tuple[Any, ...]

    def holds(self, value: Any) -> bool:
        """True where a value that came out passes; None stands for nothing."""
        if self.operator == "present":
            return (value is not None) is self.values[0]
        if self.operator in _ORDERINGS:
            return value is not None and _ORDERINGS[self.operator](value, self.values[0])
        return (value in self.values) is (self.operator in ("is", "one_of"))


class Wanted(NamedTuple):
    """Every test that what comes out must pass."""

    tests: tuple[Test, ...]

    def holds(self, value: Any) -> bool:
        """True where a value passes all of them."""
        return all(test.holds(value) for test in self.tests)

    @property
    def exactly(self) -> Any:
        """The one value that passes, where a plain value was written."""
        first = self.tests[0]
        return first.values[0] if len(self.tests) == 1 and first.operator == "is" else None


def _read(sort: Sort, raw: Any) -> Wanted:
    faults: list[InitErrorDetails] = []
    tests = list(_tests(sort, raw, faults))
    if faults:
        raise ValidationError.from_exception_data("expect", faults)
    return Wanted(tuple(tests))


def _tests(sort: Sort, raw: Any, faults: list[InitErrorDetails]) -> Iterator[Test]:
    if isinstance(raw, list):
        yield from _test(sort, "one_of", raw, (), faults)
    elif not isinstance(raw, dict):
        yield from _test(sort, "is", raw, (), faults)
    elif not raw:
        faults.append(_fault("FR103", "a test that says nothing; leave it out", ()))
    else:
        known = [name for name in OPERATORS if name not in _ORDERINGS or sort in ("number", "time")]
        for name, value in raw.items():
            if name not in known:
                mend = did_you_mean(name, known) or f"known are {', '.join(known)}"
                faults.append(_fault("FR104", f"unknown operator '{name}'; {mend}", (name,)))
            else:
                yield from _test(sort, name, value, (name,), faults)


def _test(sort: Sort, name: str, raw: Any, loc: Loc, faults: list[InitErrorDetails]) -> Iterator[Test]:
    if name == "present":
        if not isinstance(raw, bool):
            faults.append(_fault("FR102", "'present' takes true or false", loc))
            return
        yield Test(name, (raw,))
        return
    if name in _LISTS and (not isinstance(raw, list) or not raw):
        faults.append(_fault("FR102", f"'{name}' needs a list with at least one value", loc))
        return
    values = []
    for index, one in enumerate(raw) if name in _LISTS else [(None, raw)]:
        try:
            values.append(_value(sort, one))
        except PydanticCustomError as error:
            faults.append(InitErrorDetails(type=error, loc=loc if index is None else (*loc, index), input=None))
    yield Test(name, tuple(values))


def _value(sort: Sort, raw: Any) -> Any:
    if sort == "time":
        return parse_time(raw)
    if sort == "number" and (isinstance(raw, bool) or not isinstance(raw, int)):
        raise PydanticCustomError("FR102", "{value} is no whole number", {"value": _quoted(raw)})
    if sort == "truth" and not isinstance(raw, bool):
        raise PydanticCustomError("FR102", "{value} is neither true nor false", {"value": _quoted(raw)})
    if sort in ("decision", "reason", "text") and not isinstance(raw, str):
        raise PydanticCustomError("FR102", "{value} is no text", {"value": _quoted(raw)})
    words = _WORDS.get(sort)
    if words is not None and raw not in words:
        mend = did_you_mean(raw, words) or f"known are {', '.join(words)}"
        text = "'{value}' is not allowed for '{sort}'; {mend}"
        raise PydanticCustomError("FR103", text, {"value": raw[:60], "sort": sort, "mend": mend})
    return raw


def _quoted(raw: Any) -> str:
    return f"'{str(raw)[:60]}'"


def _fault(code: str, message: str, loc: Loc) -> InitErrorDetails:
    return InitErrorDetails(type=PydanticCustomError(code, "{m}", {"m": message}), loc=loc, input=None)


def _schema(sort: Sort) -> dict[str, Any]:
    types: dict[Sort, dict[str, Any]] = {
        "text": {"type": "string"}, "number": {"type": "integer"}, "truth": {"type": "boolean"},
        "time": {"type": "string", "format": "date-time"},
    }  # fmt: skip
    one = types.get(sort) or {"enum": list(_WORDS[sort])}
    some = {"type": "array", "items": one, "minItems": 1}
    orderings = _ORDERINGS if sort in ("number", "time") else ()
    properties = {**dict.fromkeys(("is", "is_not", *orderings), one), **dict.fromkeys(_LISTS, some)}
    properties["present"] = {"type": "boolean"}
    tests = {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": properties}
    return {"anyOf": [one, some, tests]}


def _written(wanted: Wanted) -> Any:
    exactly = wanted.exactly
    if exactly is not None:
        return exactly.isoformat() if isinstance(exactly, datetime) else exactly
    return {one.operator: [*one.values] if one.operator in _LISTS else one.values[0] for one in wanted.tests}


class Of(NamedTuple):
    """Makes a field of a model hold what is wanted of values of one sort."""

    sort: Sort

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> core_schema.CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(_written)
        return core_schema.no_info_plain_validator_function(partial(_read, self.sort), serialization=written)

    def __get_pydantic_json_schema__(self, _core: Any, _handler: Any) -> dict[str, Any]:
        return _schema(self.sort)
