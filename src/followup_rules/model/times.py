"""Exact times: RFC 3339 with an offset, kept as UTC."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Annotated, Final, TypeVar

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

UTC: Final = timezone.utc

# Times beyond these years are typing errors or an exporter's way to say "never"; both must not be counted with.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999

_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):(\d\d))?", re.ASCII
)
_Moment = TypeVar("_Moment", date, datetime)
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)


def parse_time(text: object) -> datetime:
    """Read an RFC 3339 time and give it in UTC, to the microsecond.

    Raises:
        PydanticCustomError: FR205, when the text is no time, has no offset or is out of range.
    """
    if isinstance(text, datetime):
        return _from_datetime(text)
    if not isinstance(text, str):
        raise _fault("{value} is no time; write it as 2026-11-09T15:00:00-05:00", text)
    match = _TIME.fullmatch(text)
    if match is None:
        raise _fault("'{value}' is no RFC 3339 time; write it as 2026-11-09T15:00:00-05:00", text)
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction, utc, sign, offset_hours, offset_minutes = match.groups()[6:]
    if not (utc or sign):
        raise _fault("'{value}' has no offset, so nobody knows when it was; add Z or an offset such as -05:00", text)
    if second == 60:
        raise _fault("'{value}' has a leap second, which cannot be counted with; write second 59", text)
    try:
        local = datetime(year, month, day, hour, minute, second, int((fraction or "0")[:6].ljust(6, "0")), UTC)
    except ValueError as error:
        raise _fault("'{value}' is no time: {why}", text, str(error)) from None
    if sign:
        if int(offset_hours) > 23 or int(offset_minutes) > 59:
            raise _fault("'{value}' has an impossible offset", text)
        offset = timedelta(hours=int(offset_hours), minutes=int(offset_minutes))
        local = _in_range(local, text) + (offset if sign == "-" else -offset)
    return _in_range(local, text)


def parse_date(text: object) -> date:
    """Read a date such as 2026-11-18.

    Raises:
        PydanticCustomError: FR205, when the text is no date or out of range.
    """
    if isinstance(text, date) and not isinstance(text, datetime):
        return _in_range(text, text)
    if not isinstance(text, str) or not (match := _DATE.fullmatch(text)):
        raise _fault("'{value}' is no date; write it as 2026-11-18", text)
    try:
        return _in_range(date(*(int(part) for part in match.groups())), text)
    except ValueError as error:
        raise _fault("'{value}' is no date: {why}", text, str(error)) from None


def parse_date_or_time(text: object) -> date | datetime:
    """Read a date or an exact time; a text of ten characters is a date."""
    if isinstance(text, datetime) or (isinstance(text, str) and len(text) != 10):
        return parse_time(text)
    return parse_date(text)


def _from_datetime(value: datetime) -> datetime:
    if value.utcoffset() is None:
        raise _fault("'{value}' has no time zone, so nobody knows when it was", value)
    return _in_range(_in_range(value, value).astimezone(UTC), value)


def _in_range(value: _Moment, text: object) -> _Moment:
    if FIRST_YEAR <= value.year <= LAST_YEAR:
        return value
    raise _fault("'{value}' is out of range; years 1900 to 2999 can be counted with", text)


def _fault(message: str, value: object, why: str = "") -> PydanticCustomError:
    return PydanticCustomError("FR205", message, {"value": str(value)[:80], "why": why})


Instant = Annotated[datetime, BeforeValidator(parse_time), WithJsonSchema({"type": "string", "format": "date-time"})]
DateOrInstant = Annotated[
    datetime | date,
    BeforeValidator(parse_date_or_time),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}"}),
]
