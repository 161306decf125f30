"""Deciding records of the project, and taking a person's word. `now` is always an argument."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any, Final, Literal

from django.db import transaction
from django.db.models import CharField, Q
from django.db.models.functions import Cast

from followup_rules.errors import InvalidInput
from followup_rules.hosting import Desk, Look, settle, touch
from followup_rules.hosting import FollowUp as Row
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules_django.conf import Host
from followup_rules_django.models import FollowUp, Record, Touch

AT_ONCE: Final = datetime(1900, 1, 1, tzinfo=timezone.utc)
_LOG: Final = logging.getLogger("followup_rules_django")
_GONE: Final = "It is not asked for any more."


def mark(ids: Iterable[str]) -> None:
    """Write down that records must be looked at, so that a timer does it should this process end now."""
    for one in ids:
        Record.objects.bulk_create([Record(application=one, again=AT_ONCE)], ignore_conflicts=True)
        Record.objects.filter(application=one).update(again=AT_ONCE)


def decide(host: Host, identity: str, now: datetime) -> Look | None:
    """Decide one record, and write what came out. None where the record is gone.

    Any number of processes may do it at once: they wait for each other, and each sees the newest record.
    """
    with transaction.atomic():
        _lock(identity)
        look = look_at(host, identity, now)
        if look is None:
            forget(identity)
        else:
            _write(identity, look)
        return look


def look_at(host: Host, identity: str, now: datetime) -> Look | None:
    """What is decided about one record at a moment; nothing is written. None where the record is gone."""
    desk = host.desk()
    found = host.model._default_manager.filter(pk=identity).first()
    if found is None:
        return None
    others = host.model._default_manager.exclude(pk=identity)
    if not desk.needs_all:
        others = others.filter(**{host.candidate: _candidate_of(host, identity)})
    return desk.decide(_read(desk, found), now, [_read(desk, one) for one in others.iterator(chunk_size=500)])


def decide_all(host: Host, now: datetime) -> list[Look]:
    """Decide every record, each beside all the others. For rules that count across applications."""
    desk = host.desk()
    with transaction.atomic():
        # Nobody decides meanwhile, so what is written is not older than what somebody else has read.
        Record.objects.filter(application="").update(problems="")
        list(Record.objects.order_by("application").select_for_update())
        records = [_read(desk, one) for one in host.model._default_manager.iterator(chunk_size=500)]
        looks = list(desk.decide_all(records, now))
        for look in looks:
            if look.application is not None:
                _lock(look.application)
                _write(look.application, look)
        return looks


def decide_changed(host: Host, ids: Iterable[str], now: datetime) -> bool:
    """Decide records that have changed. What goes wrong is logged, and must not keep the project from working: the
    records stay marked, and a timer decides them later. True where all went well."""
    try:
        for one in ids:
            decide_with_siblings(host, one, now)
    except InvalidInput as error:
        _LOG.error("nothing is decided until the rules are mended: %s", error)
    except Exception:
        _LOG.exception("an application could not be decided now; followups_due tries it again")
    else:
        return True
    return False


def decide_with_siblings(host: Host, identity: str, now: datetime) -> None:
    """Decide a record that has changed, and everything that it has a say in."""
    if host.desk().needs_all:
        decide_all(host, now)
    else:
        for one in (identity, *siblings(host, identity)):
            decide(host, one, now)


def siblings(host: Host, identity: str) -> list[str]:
    """The other records of the same candidate."""
    others = host.model._default_manager.filter(**{host.candidate: _candidate_of(host, identity)})
    return [str(one) for one in others.exclude(pk=identity).order_by("pk").values_list("pk", flat=True)]


def waiting(host: Host, now: datetime) -> list[str]:
    """The records that a timer must look at: it is time, the rules have changed, or nobody ever has."""
    asked = Record.objects.filter(Q(again__lte=now) | ~Q(fingerprint=host.desk().fingerprint))
    known = Record.objects.values("application")
    new = host.model._default_manager.annotate(_id=Cast("pk", CharField())).exclude(_id__in=known)
    found = {*asked.values_list("application", flat=True), *new.values_list("_id", flat=True)}
    return sorted(found)


def say(key: str, word: Literal["done", "dismissed"], who: str, now: datetime) -> bool:
    """A person's word on a follow-up; False where it had one already. `done` counts as a touch from then on."""
    with transaction.atomic():
        free = FollowUp.objects.filter(key=key, state__in=("open", "ended"))
        if not free.update(state=word, said_by=who[:200], said_at=now):
            return False
        if word == "done":
            row = FollowUp.objects.get(key=key)
            direction: Any = row.direction
            made = touch(key, row.application, row.follow_up, direction, row.contact or None, now)
            Touch.objects.create(follow_up=row, application=row.application, event=dict(made.event))
        mark([FollowUp.objects.values_list("application", flat=True).get(key=key)])
    return True


def forget(identity: str) -> None:
    """Delete everything that is kept about a record."""
    Touch.objects.filter(application=identity).delete()
    FollowUp.objects.filter(application=identity).delete()
    Record.objects.filter(application=identity).delete()


def _read(desk: Desk, record: Any) -> Application | Refusal:
    events = Touch.objects.filter(application=str(record.pk)).values_list("event", flat=True)
    return desk.read(record, events)


def _candidate_of(host: Host, identity: str) -> Any:
    return host.model._default_manager.filter(pk=identity).values_list(host.candidate, flat=True).first()


def _lock(identity: str) -> None:
    # A write comes first: SQLite lets one writer in, and whoever only read before is turned away instead of waiting.
    Record.objects.bulk_create([Record(application=identity)], ignore_conflicts=True)
    Record.objects.filter(application=identity).update(problems="")
    Record.objects.select_for_update().get(application=identity)


def _write(identity: str, look: Look) -> None:
    rows: Any = FollowUp.objects.filter(application=identity).values_list("key", "state")
    changes = settle(dict(rows), look.rows)
    FollowUp.objects.bulk_create([FollowUp(**_columns(row, look)) for row in changes.add], ignore_conflicts=True)
    for row in changes.refresh:
        FollowUp.objects.filter(key=row.key, state__in=("open", "ended")).update(**_columns(row, look))
    FollowUp.objects.filter(key__in=changes.end, state="open").update(
        state="ended", decision="stop", reason="refused" if look.problems else "gone", decided_at=look.at,
        at=None, overdue=False, why="\n".join(map(str, look.problems)) or _GONE,
    )  # fmt: skip
    Record.objects.filter(application=identity).update(
        again=look.again,
        fingerprint=look.fingerprint,
        decided_at=look.at,
        problems="\n".join(map(str, look.problems)),
    )


def _columns(row: Row, look: Look) -> dict[str, Any]:
    """A row as the table has it."""
    told = {**row._asdict(), "state": row.state, "decided_at": look.at, "contact": row.contact or ""}
    return {**told, "actions": [{"id": one.id, "do": one.do} for one in row.actions]}
