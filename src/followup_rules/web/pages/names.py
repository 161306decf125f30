"""Whom a line is about: names, read from the timelines when they are shown and kept nowhere else."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.tables import TIMELINES


def names_of(ledger: Ledger, applications: Collection[str]) -> dict[str, str]:
    """By application: who applies, for what and where."""
    query = select(TIMELINES.c.application, TIMELINES.c.data).where(TIMELINES.c.application.in_(set(applications)))
    with ledger.reading() as connection:
        rows = connection.execute(query.order_by(TIMELINES.c.source)).all()
    return {application: name for application, data in rows if (name := _name(data))}


def _name(data: str | None) -> str:
    try:
        told: Any = json.loads(data or "null")
    except ValueError:
        return ""
    candidate, job = (_mapping(told, key) for key in ("candidate", "job"))
    about = " at ".join(str(job[key]) for key in ("title", "company") if job.get(key))
    return ", ".join(part for part in (str(candidate.get("name") or ""), about) if part)


def _mapping(told: Any, key: str) -> dict[str, Any]:
    found = told.get(key) if isinstance(told, dict) else None
    return found if isinstance(found, dict) else {}
