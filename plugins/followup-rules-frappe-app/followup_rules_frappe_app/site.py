"""The site: Frappe's own calls, and nothing else. It cannot be run without a bench."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import frappe

from followup_rules.hosting import Desk, State, version_of
from followup_rules_frappe_app.records import form_of, record_of

_MOMENTS = ("at", "due_at", "expires_at", "said_at")


class FrappeSite:
    """The documents of the site that is connected."""

    def __init__(self) -> None:
        self.zone = ZoneInfo(frappe.utils.get_system_timezone())

    def lock(self, applicant: str) -> None:
        frappe.db.get_value("Job Applicant", applicant, "name", for_update=True)

    def record(self, applicant: str) -> dict[str, Any] | None:
        found = frappe.db.get_value("Job Applicant", applicant, "*", as_dict=True)
        if not found:
            return None
        about = {"reference_doctype": "Job Applicant", "reference_name": applicant}
        stages = frappe.db.get_value("Follow Up Look", applicant, "stages")
        country = found.country and frappe.db.get_value("Country", found.country, "code")
        job = found.job_title and frappe.db.get_value(
            "Job Opening", found.job_title, ["job_title", "company"], as_dict=True
        )
        return record_of(
            found,
            frappe.get_all("Interview", filters={"job_applicant": applicant}, fields=["*"], order_by="name"),
            frappe.get_all(
                "Communication", filters={**about, "communication_type": "Communication"}, fields=["*"], order_by="name"
            ),
            frappe.get_all("Comment", filters={**about, "comment_type": "Comment"}, fields=["*"], order_by="name"),
            json.loads(stages or "[]"),
            country_code=country or None,
            job=job or {},
        )

    def others(self, applicant: str, email: str | None) -> Iterable[str]:
        same = {} if email is None else {"email_id": email or "-"}
        return frappe.get_all(
            "Job Applicant", filters={"name": ["!=", applicant], **same}, pluck="name", order_by="name"
        )

    def rows(self, applicant: str) -> Mapping[str, State]:
        found = frappe.get_all("Follow Up", filters={"job_applicant": applicant}, fields=["name", "state"])
        return {one.name: one.state for one in found}

    def row(self, key: str) -> Mapping[str, Any]:
        return frappe.db.get_value("Follow Up", key, "*", as_dict=True, for_update=True)

    def touches(self, applicant: str) -> Iterable[Mapping[str, Any]]:
        found = frappe.get_all("Follow Up", filters={"job_applicant": applicant, "state": "done"}, pluck="event")
        return [json.loads(one) for one in found if one]

    def add(self, values: Mapping[str, Any]) -> None:
        try:
            frappe.get_doc({"doctype": "Follow Up", **self._kept(values)}).insert(ignore_permissions=True)
        except frappe.DuplicateEntryError:
            # Somebody else has made it; the key is the primary key.
            frappe.clear_last_message()

    def change(self, key: str, values: Mapping[str, Any]) -> None:
        frappe.db.set_value("Follow Up", key, self._kept(values))

    def note(self, applicant: str, again: datetime | None, fingerprint: str, problems: str) -> None:
        look(applicant).db_set({"again": self._naive(again), "fingerprint": fingerprint, "problems": problems})

    def _kept(self, values: Mapping[str, Any]) -> dict[str, Any]:
        told = {name: self._naive(one) if name in _MOMENTS else one for name, one in values.items()}
        return {**told, "event": json.dumps(told["event"])} if "event" in told else told

    def _naive(self, moment: datetime | None) -> datetime | None:
        """As Frappe keeps moments: in the zone of the site, and without it."""
        return None if moment is None else moment.astimezone(self.zone).replace(tzinfo=None)


def _whole(doctype: str, filters: Mapping[str, Any]) -> list[Any]:
    return frappe.get_all(doctype, filters=filters, fields=["*"], order_by="name")


def look(applicant: str) -> Any:
    """The document that says when an applicant is looked at again; made where it is not there."""
    if not frappe.db.exists("Follow Up Look", applicant):
        made = frappe.get_doc({"doctype": "Follow Up Look", "job_applicant": applicant, "stages": "[]"})
        # Somebody else may have made it in the meantime.
        made.insert(ignore_permissions=True, ignore_if_duplicate=True)
    return frappe.get_doc("Follow Up Look", applicant)


def desk() -> Desk:
    """The rules that `followup_rules` in site_config.json names; read again when their files have changed."""
    given = frappe.conf.get("followup_rules") or {}
    rules = tuple(given.get("rules") or ("default",))
    words = (given.get("direction", "employer_to_candidate"), given.get("candidate_timezone"))
    return _desk(rules, *words, frappe.utils.get_system_timezone(), version_of(rules))


@lru_cache(maxsize=16)
def _desk(rules: tuple[str, ...], direction: Any, candidate: str | None, zone: str, _version: object) -> Desk:
    return Desk.open(rules, form_of(zone, candidate), direction=None if direction == "both" else direction)


def utc_now() -> datetime:
    """The moment."""
    return datetime.now(timezone.utc)
