"""Deciding applicants, over whatever keeps the documents: a site, or in tests a dictionary. `now` is an argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, Protocol

from followup_rules.hosting import Desk, FollowUp, Look, State, settle, takes_a_word, touch


class Site(Protocol):
    """What keeps applicants and follow-ups."""

    def lock(self, applicant: str) -> None:
        """Wait for whoever decides the same applicant, until this transaction ends."""

    def record(self, applicant: str) -> dict[str, Any] | None:
        """What `record_of` makes of an applicant; None where there is none."""

    def others(self, applicant: str, email: str | None) -> Iterable[str]:
        """The other applicants with this e-mail address; every other one where `email` is None."""

    def rows(self, applicant: str) -> Mapping[str, State]:
        """The state of each follow-up, by key."""

    def row(self, key: str) -> Mapping[str, Any]:
        """One follow-up, with `event` where it is done."""

    def touches(self, applicant: str) -> Iterable[Mapping[str, Any]]:
        """The events of the follow-ups that are done."""

    def add(self, values: Mapping[str, Any]) -> None:
        """A new follow-up; nothing where its key is there already."""

    def change(self, key: str, values: Mapping[str, Any]) -> None:
        """New values of a follow-up."""

    def note(self, applicant: str, again: datetime | None, fingerprint: str, problems: str) -> None:
        """When an applicant is looked at again."""


def decide(site: Site, desk: Desk, applicant: str, now: datetime) -> Look | None:
    """Decide one applicant and write what came out; None where there is none."""
    site.lock(applicant)
    record = site.record(applicant)
    if record is None:
        return None
    email = None if desk.needs_all else record["email_id"] or ""
    others = [(name, site.record(name)) for name in site.others(applicant, email)]
    beside = [desk.read(one, site.touches(name)) for name, one in others if one is not None]
    look = desk.decide(desk.read(record, site.touches(applicant)), now, beside)
    changes = settle(site.rows(applicant), look.rows)
    for row in changes.add:
        site.add({"action_key": row.key, "job_applicant": applicant, **values_of(row)})
    for row in changes.refresh:
        site.change(row.key, values_of(row))
    for key in changes.end:
        reason = "refused" if look.problems else "gone"
        site.change(key, {"state": "ended", "decision": "stop", "reason": reason, "overdue": 0})
    site.note(applicant, look.again, look.fingerprint, "\n".join(map(str, look.problems)))
    return look


def decide_with_siblings(site: Site, desk: Desk, applicant: str, now: datetime) -> None:
    """Decide an applicant that has changed, and everything that it has a say in."""
    record = site.record(applicant)
    email = (record["email_id"] or "") if record is not None and not desk.needs_all else None
    for one in sorted({applicant, *(site.others(applicant, email) if record is not None else ())}):
        decide(site, desk, one, now)


def say(site: Site, key: str, word: Literal["done", "dismissed"], who: str, now: datetime) -> bool:
    """A person's word on a follow-up; False where it had one already. `done` counts as a touch from then on."""
    site.lock(site.row(key)["job_applicant"])
    row = site.row(key)
    if not takes_a_word(row["state"]):
        return False
    values: dict[str, Any] = {"state": word, "said_by": who, "said_at": now}
    if word == "done":
        made = touch(key, row["job_applicant"], row["follow_up"], row["direction"], row["contact"] or None, now)
        values["event"] = dict(made.event)
    site.change(key, values)
    return True


def values_of(row: FollowUp) -> dict[str, Any]:
    """A row as the document has it."""
    kept = ("decision", "reason", "follow_up", "direction", "step", "at", "due_at", "expires_at", "sentence", "why",
            "subject", "body", "findings")  # fmt: skip
    told = {name: getattr(row, name) for name in kept}
    more = {"state": row.state, "contact": row.contact or "", "recipient": row.to, "overdue": int(row.overdue)}
    return {**told, **more, "decided_by": f"{row.decided_by} ({row.file}:{row.line})"}
