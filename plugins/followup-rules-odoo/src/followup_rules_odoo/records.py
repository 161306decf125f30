"""Odoo's records as words of ours: how an applicant or lead stands, who it is, what has happened. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, Final, Literal

from followup_rules_odoo.settings import OdooSettings

Record = Mapping[str, Any]
Ended = Literal["refused", "lost", "archived", "hired", "won"]
_STATUS: Final = {"lost": "rejected", "archived": "on_hold", "hired": "hired", "won": "hired"}
_CERTAIN: Final = 100


def ended(model: str, record: Record) -> Ended | None:
    """How a record has ended, in Odoo's words; None where it goes on."""
    active = bool(record.get("active", True))
    if model == "crm.lead":
        if not active:
            return "archived" if record.get("probability") else "lost"
        return "won" if (record.get("probability") or 0) >= _CERTAIN else None
    if record.get("refuse_reason_id"):
        return "refused"
    if not active:
        return "archived"
    return "hired" if record.get("date_closed") else None


def status_of(model: str, record: Record, stage: str | None, settings: OdooSettings) -> str:
    """The status: by how it has ended, else by its stage. Who was put away without a reason is on hold."""
    how = ended(model, record)
    if how == "refused":
        return "withdrawn" if name_of(record.get("refuse_reason_id")) in settings.withdrawn_reasons else "rejected"
    if how is not None:
        return _STATUS[how]
    meaning = settings.stages.get(stage or "")
    return meaning.status if meaning is not None and meaning.status is not None else "active"


def moment(text: object) -> str | None:
    """A moment as Odoo gives it, which is UTC without saying so."""
    if not isinstance(text, str) or not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or timezone.utc).astimezone(timezone.utc).isoformat()


def number_of(reference: object) -> int | None:
    """The id in a reference to another record, which is `[id, name]` or false."""
    if isinstance(reference, list | tuple) and reference and isinstance(reference[0], int):
        return reference[0]
    return reference if isinstance(reference, int) and not isinstance(reference, bool) else None


def name_of(reference: object) -> str | None:
    """The name in a reference to another record."""
    return line(reference[1]) if isinstance(reference, list | tuple) and len(reference) > 1 else None


def line(text: object) -> str | None:
    """One line without control characters; None where nothing is left."""
    found = "".join(mark for mark in " ".join(str(text).split()) if mark.isprintable()) if text else ""
    return found or None


def without_gaps(data: Mapping[str, Any]) -> dict[str, Any]:
    """What is known; what is not is left out."""
    return {key: one for key, one in data.items() if one is not None}


def spoken(messages: Iterable[Record]) -> dict[int, str]:
    """When each message was written, by number. Odoo tells whole seconds: within one, what was written first is first,
    and all of it comes after what else happened then, so that an answer in the same second is an answer."""
    found: dict[int, str] = {}
    said = Counter[str]()
    for one in sorted(messages, key=lambda message: int(message["id"])):
        at = moment(one.get("date"))
        if at is not None:
            said[at] += 1
            found[one["id"]] = (datetime.fromisoformat(at) + timedelta(microseconds=said[at])).isoformat()
    return found


# what has happened


def own_events(model: str, record: Record, status: str, opted_out: str | None) -> Iterator[dict[str, Any]]:
    """What the record itself tells."""
    created = moment(record.get("create_date"))
    if created is not None:
        yield {"id": "applied", "type": "applied", "at": created}
    if status in ("rejected", "withdrawn", "hired"):
        own = "refuse_date" if ended(model, record) == "refused" else "date_closed"
        at = moment(record.get(own)) or moment(record.get("date_last_stage_update")) or created
        if at is not None:
            yield {"id": status, "type": status, "at": at}
    if opted_out is not None:
        yield {"id": "opted_out", "type": "opted_out", "at": opted_out}


def stage_events(
    record: Record, changes: Sequence[Record], names: Mapping[int, str], settings: OdooSettings
) -> Iterator[dict[str, Any]]:
    """Every stage that was reached. The first one has no change that tells of it; nor has any where these are secret.

    `changes` are in the order of time, each with `id`, `at` and the numbers of the stages `old` and `new`.
    """
    now = number_of(record.get("stage_id"))
    first = number_of(changes[0]["old"]) if changes else now
    reached = [(f"first:{first}", record.get("create_date" if changes else "date_last_stage_update"), first)]
    reached += [(f"mail.tracking.value:{one['id']}", one["at"], number_of(one["new"])) for one in changes]
    for identity, when, stage in reached:
        at, name = moment(when or record.get("create_date")), names.get(stage or 0)
        if at is None or name is None:
            continue
        yield {"id": identity, "type": "stage_changed", "at": at, "to": name}
        meaning = settings.stages.get(name)
        if meaning is not None and meaning.event is not None:
            yield {"id": f"{identity}:{meaning.event}", "type": meaning.event, "at": at}


def meeting_events(meetings: Iterable[Record], known: Mapping[int, str], now: datetime) -> Iterator[dict[str, Any]]:
    """Meetings are interviews: planned when they were entered, done when their end has passed.

    `known` are the contacts, by the numbers of their partners.
    """
    for one in meetings:
        identity = f"calendar.event:{one['id']}"
        planned, end = moment(one.get("create_date")), moment(one.get("stop"))
        if planned is None or end is None:
            continue
        met = [known[partner] for partner in one.get("partner_ids") or () if partner in known]
        people = {"contacts": met} if met else {}
        yield {"id": identity, "type": "interview_scheduled", "at": min(planned, end), **people}
        if not one.get("active", True):
            gone = moment(one.get("write_date")) or planned
            yield {"id": f"{identity}:canceled", "type": "interview_canceled", "at": gone, "interview": identity}
        elif datetime.fromisoformat(end) <= now:
            done = {"id": f"{identity}:completed", "type": "interview_completed", "at": end, "interview": identity}
            yield {**done, **people}
