"""Fields of a vendor's records as words of ours. What is not known is left out; nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from followup_rules.model.times import parse_date, parse_time
from followup_rules.vendors.model_reads import EventRule, Field_, Person, StatusRule, Value, When
from followup_rules.vendors.paths import at, text_at


def text_of(field: Field_ | None, record: Any) -> str | None:
    """The text of a field, one line without control characters."""
    if field is None:
        return None
    if isinstance(field, str):
        return _clean(text_at(record, field))
    if field.join:
        words = [word for path in field.join if (word := text_at(record, path))]
        return _clean(" ".join(words)) if words else None
    paths = (field.path,) if isinstance(field.path, str) else field.path
    found = next((word for path in paths if (word := text_at(record, path))), None)
    if field.map is not None:
        return field.map.get(found or "")
    return _clean(found)


def moment_of(field: Field_, record: Any) -> datetime | None:
    """The moment of a field; a date without a time is its beginning in UTC."""
    value = field if isinstance(field, Value) else Value(path=field)
    text = text_of(value.model_copy(update={"map": None}), record)
    if text is None:
        return None
    try:
        found = _moment(text, value.unit)
    except (ValueError, OverflowError, OSError):
        return None
    minutes = text_at(record, value.plus_minutes) if value.plus_minutes else None
    if minutes is not None and minutes.isdecimal():
        found += timedelta(minutes=int(minutes))
    return found


def _moment(text: str, unit: str) -> datetime:
    if unit == "milliseconds":
        return datetime.fromtimestamp(int(text) / 1000, timezone.utc)
    if len(text) == 10:
        day = parse_date(text)
        return datetime(day.year, day.month, day.day, tzinfo=timezone.utc)
    if len(text) > 5 and text[-5] in "+-" and text[-4:].isdecimal():
        # ISO 8601 without the colon, which is not RFC 3339.
        text = f"{text[:-2]}:{text[-2:]}"
    return parse_time(text)


def holds(test: When, record: Any, settings: Mapping[str, Any]) -> bool:
    """True where a record passes a test. Texts are compared without regard to capitals."""
    found = at(record, test.path)
    if test.present is not None and (found not in (None, "", False)) is not test.present:
        return False
    words = [*test.among, *(settings.get(test.setting, ()) if test.setting else ())]
    if not test.among and not test.setting:
        return True
    text = str(found).lower() if isinstance(found, bool) else str(found)
    return text.casefold() in [word.casefold() for word in words]


def status_of(rules: Iterable[StatusRule], record: Any, settings: Mapping[str, Any]) -> str | None:
    """The status that the first rule that holds says; None where none does."""
    return next((one.status for one in rules if all(holds(test, record, settings) for test in one.when)), None)


def person_of(person: Person, record: Any) -> dict[str, str]:
    """What is known of a candidate or a job."""
    found = ((name, text_of(getattr(person, name), record)) for name in type(person).model_fields)
    return {name: text for name, text in found if text is not None}


def events_of(
    rules: Iterable[EventRule], record: Any, settings: Mapping[str, Any], now: datetime
) -> Iterator[dict[str, Any]]:
    """The events that a record tells of; what has not happened yet is none."""
    for rule in rules:
        entries = at(record, rule.each) if rule.each else [record]
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            moment = moment_of(rule.at, entry)
            if moment is None or moment > now or not all(holds(test, entry, settings) for test in rule.when):
                continue
            own = text_at(entry, rule.id) if rule.id else None
            suffix = own or (str(number) if rule.each else "")
            event: dict[str, Any] = {"type": rule.type, "at": moment.isoformat(), "id": _id(rule.type, suffix)}
            to = text_of(rule.to, entry)
            if rule.type == "stage_changed" and to is None:
                continue
            if to is not None:
                event["to"] = to
            if rule.interview and own:
                event["interview"] = _id("interview_scheduled", own)
            yield event


def _id(kind: str, suffix: str) -> str:
    return f"{kind}:{suffix}"[:200] if suffix else kind


def _clean(text: str | None) -> str | None:
    if text is None:
        return None
    line = "".join(mark for mark in " ".join(text.split()) if mark.isprintable())
    return line or None
