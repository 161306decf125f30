"""From a host's record to a value: along a path of fields. What is not there is said, what is empty is None."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from pydantic_core import PydanticCustomError

from followup_rules.errors import did_you_mean
from followup_rules.hosting.form import Cell, Form, word
from followup_rules.model.times import parse_date_or_time, parse_time
from followup_rules.timing.zones import to_utc

Reach = Callable[[Any, str], Any]
"""One step of a path: from an object and the name of a field to its value.

Raises LookupError or AttributeError where there is no such field.
"""

_SHOWN: Final = 12


class Unusable(Exception):
    """A record says something that cannot be used; with the code and how to mend it."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.hint = code, hint


def reach(thing: Any, name: str) -> Any:
    """The field of a mapping, or the attribute of an object."""
    return thing[name] if isinstance(thing, Mapping) else getattr(thing, name)


class Looking:
    """Looks values up in the records of one host."""

    def __init__(self, form: Form, step: Reach) -> None:
        self._form, self._step = form, step

    def at(self, thing: Any, path: str) -> Any:
        """What a path leads to; None where it is empty or something on the way is."""
        for name in path.split("."):
            if thing is None or thing is False:
                return None
            try:
                thing = self._step(thing, name)
            except (LookupError, AttributeError):
                # A field that is there says so too, where the other end of a relation is missing.
                if isinstance(thing, Mapping) or not hasattr(type(thing), name):
                    known = _fields(thing)
                    hint = did_you_mean(name, known) or (f"known are {', '.join(known[:_SHOWN])}" if known else "")
                    raise Unusable("FR993", f"there is no '{name}' for the path '{path}'", hint) from None
                return None
        return thing

    def each(self, thing: Any, path: str | None) -> Iterable[Any]:
        """Everything that a path leads to: the thing itself without one."""
        if path is None:
            return (thing,)
        found = self.at(thing, path)
        if found is None or found is False:
            return ()
        if isinstance(found, Mapping | str) or not isinstance(found, Iterable):
            many = getattr(found, "all", None)  # a manager of related records
            if not callable(many):
                raise Unusable("FR994", f"the path '{path}' does not lead to a list")
            return list(many())
        return found

    def text(self, cell: Cell | None, thing: Any) -> str | None:
        """The value of a cell as a text; None where it is empty."""
        if cell is None or cell.path is None:
            return None if cell is None else cell.value
        found = self.at(thing, cell.path)
        if cell.values is not None:
            meant = cell.values.get(word(found), cell.otherwise)
            if meant is None and found not in (None, False, ""):
                known = ", ".join(cell.values)
                raise Unusable("FR994", f"'{word(found)[:60]}' at '{cell.path}' is not in 'values'", f"known: {known}")
            return meant
        return cell.otherwise if found is None or found is False or not word(found).strip() else word(found)

    def moment(self, cell: Cell, thing: Any) -> datetime | None:
        """The value of a cell as a moment in UTC; None where it is empty."""
        found = self.day_or_moment(cell, thing)
        if found is None or isinstance(found, datetime):
            return found
        if self._form.at_time is None or self._form.zone is None:
            hint = "give 'timezone' and 'time_of_day' in the form"
            raise Unusable("FR994", f"'{found}' at '{cell.path}' is a day without a time", hint)
        return to_utc(datetime.combine(found, self._form.at_time), self._form.zone)

    def day_or_moment(self, cell: Cell, thing: Any) -> datetime | date | None:
        """The value of a cell as a moment in UTC, or as a day where it says no more."""
        found = cell.value if cell.path is None else self.at(thing, cell.path)
        if found in (None, False, ""):
            return None
        try:
            if isinstance(found, str) and len(found) > 10:
                found = _with_or_without_zone(found.strip())
            if isinstance(found, datetime) and found.utcoffset() is None:
                if self._form.zone is None:
                    raise Unusable(
                        "FR994", f"'{found}' at '{cell.path}' has no time zone", "give 'timezone' in the form"
                    )
                found = to_utc(found.replace(tzinfo=None), self._form.zone)
            return parse_time(found) if isinstance(found, datetime) else parse_date_or_time(found)
        except (PydanticCustomError, ValueError, OverflowError) as error:
            said = error.message() if isinstance(error, PydanticCustomError) else f"'{str(found)[:60]}' is no time"
            raise Unusable("FR994", f"{said}, at '{cell.path}'") from None


def _with_or_without_zone(text: str) -> datetime | str:
    """A time as databases write it, with or without a zone; what is none stays a text."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def _fields(thing: Any) -> list[str]:
    if isinstance(thing, Mapping):
        return sorted(str(key) for key in thing)
    return sorted(name for name in getattr(thing, "__dict__", {}) if not name.startswith("_"))
