"""One row by its mapping: what it says of its application, as plain data. What it cannot say refuses the row. Pure."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from datetime import date, datetime
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from followup_rules.model.times import parse_date_or_time, parse_time
from followup_rules.syncing.mapping import Cell, EventMap, Mapping
from followup_rules.timing.zones import to_utc

Row = AnyMapping[str, str]

_ISO: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d")
_HOURS: Final = ("%H", "%I", "%c", "%X")


class Unusable(Exception):
    """A row says something that cannot be used; the text says what."""


def value_of(cell: Cell | None, row: Row) -> str | None:
    """The value of a cell; None where it is empty.

    Raises:
        Unusable: it has a word that the mapping does not know.
    """
    if cell is None or cell.column is None:
        return None if cell is None else cell.value
    text = row[cell.column].strip()
    if cell.values is None:
        return text or cell.otherwise
    found = cell.values.get(text, cell.otherwise)
    if found is None and text:
        raise Unusable(f"'{text[:60]}' in the column '{cell.column}' does not stand in its 'values'")
    return found


def application_in(mapping: Mapping, row: Row) -> dict[str, Any]:
    """What a row says of its application, with its events. A derived event id is marked by `derived`."""
    form = mapping.application
    data: dict[str, Any] = _texts(form, row, ("id", "status", "stage"))
    data |= {"candidate": _texts(form.candidate, row), "job": _texts(form.job, row)}
    people = [_texts(contact, row) for contact in form.contacts]
    data["contacts"] = [person for person in people if "id" in person]
    told = {key: value_of(cell, row) for key, cell in form.attributes.items()}
    data["attributes"] = {key: one for key, one in told.items() if one is not None}
    events = [_event(event, mapping, row) for event in mapping.events]
    data["events"] = [event for event in events if event is not None]
    return data


def _texts(form: BaseModel, row: Row, names: tuple[str, ...] | None = None) -> dict[str, Any]:
    cells = {name: getattr(form, name) for name in names or tuple(type(form).model_fields)}
    return {name: one for name, cell in cells.items() if (one := value_of(cell, row)) is not None}


def _event(form: EventMap, mapping: Mapping, row: Row) -> dict[str, Any] | None:
    if any(row[column].strip() not in words for column, words in form.when.items()):
        return None
    at = value_of(form.at, row)
    if at is None:
        return None
    event: dict[str, Any] = {"type": form.type, "at": moment_of(at, mapping).isoformat()}
    event |= _texts(form, row, ("id", "contact", "subject", "body", "to", "interview"))
    fixed = {"from": form.from_, "follow_up": form.follow_up, "channel": form.channel}
    event |= {key: one for key, one in fixed.items() if one is not None}
    event |= {"auto_reply": True} if form.auto_reply else {}
    by = value_of(form.by, row)
    if by is not None:
        event["by"] = day_or_moment_of(by, mapping).isoformat()
    if "id" not in event:
        event["id"] = ":".join([form.type, event["at"], *([event["contact"]] if "contact" in event else [])])
        event["derived"] = True
    return event


def moment_of(text: str, mapping: Mapping) -> datetime:
    """A time in a cell as a moment.

    Raises:
        Unusable: it is no time in any form that the mapping names, or nobody knows in which zone it is.
    """
    found = day_or_moment_of(text, mapping)
    if isinstance(found, datetime):
        return found
    if mapping.at_time is None or mapping.zone is None:
        raise Unusable(f"'{text[:60]}' is a day without a time; the mapping must name 'timezone' and 'time_of_day'")
    return to_utc(datetime.combine(found, mapping.at_time), mapping.zone)


def day_or_moment_of(text: str, mapping: Mapping) -> date | datetime:
    """A time in a cell as a moment, or as a day where it says no more."""
    for form in (*mapping.times, *_ISO):
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007  (its zone is looked at below)
        except ValueError:
            continue
        return _placed(found, form, text, mapping)
    try:
        return parse_time(text)
    except PydanticCustomError:
        raise Unusable(f"'{text[:60]}' is no time that is known; name its form in 'times'") from None


def _placed(found: datetime, form: str, text: str, mapping: Mapping) -> date | datetime:
    try:
        if not any(hour in form for hour in _HOURS):
            return parse_date_or_time(found.date())
        if found.utcoffset() is not None:
            return parse_time(found)
        if mapping.zone is not None:
            return parse_time(to_utc(found, mapping.zone))
    except (PydanticCustomError, OverflowError):
        raise Unusable(f"'{text[:60]}' is out of range; years 1900 to 2999 can be counted with") from None
    raise Unusable(f"'{text[:60]}' has no offset, so nobody knows when it was; name 'timezone' in the mapping")
