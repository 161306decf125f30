"""What Frappe calls: document events, the scheduler, buttons."""

from __future__ import annotations

import json
from typing import Any

import frappe

from followup_rules.errors import InvalidInput
from followup_rules_frappe_app import deciding
from followup_rules_frappe_app.site import FrappeSite, desk, look, utc_now

_EARLY = "1900-01-01 00:00:00"


def applicant_changed(doc: Any, _method: str | None = None) -> None:
    """An applicant was saved. Frappe keeps no moment of a change of the status, so it is written down here."""
    before = doc.get_doc_before_save()
    if before is not None and before.status != doc.status:
        one = look(doc.name)
        stages = [*json.loads(one.stages or "[]"), {"id": str(doc.modified), "at": str(doc.modified), "to": doc.status}]
        one.db_set("stages", json.dumps(stages))
    _decide_later(doc.name)


def applicant_deleted(doc: Any, _method: str | None = None) -> None:
    """Nothing stays behind."""
    frappe.db.delete("Follow Up", {"job_applicant": doc.name})
    frappe.db.delete("Follow Up Look", {"job_applicant": doc.name})


def interview_changed(doc: Any, _method: str | None = None) -> None:
    """An interview was saved, submitted, cancelled or deleted."""
    if doc.job_applicant:
        _decide_later(doc.job_applicant)


def reference_changed(doc: Any, _method: str | None = None) -> None:
    """A mail or a comment was saved."""
    if doc.reference_doctype == "Job Applicant" and doc.reference_name:
        _decide_later(doc.reference_name)


def _decide_later(applicant: str) -> None:
    """Once it is committed; the mark stays where no worker comes, and the scheduler finds it."""
    look(applicant).db_set("again", _EARLY)
    frappe.enqueue("followup_rules_frappe_app.events.decide_now", enqueue_after_commit=True, applicant=applicant)


def decide_now(applicant: str) -> None:
    """Decide an applicant and its siblings."""
    try:
        rules = desk()
    except InvalidInput as error:
        # The mark stays, and the scheduler decides it when they are mended.
        frappe.log_error("Nothing is decided until the follow-up rules are mended", str(error))
        return
    deciding.decide_with_siblings(FrappeSite(), rules, applicant, utc_now())


def decide_due() -> None:
    """What the scheduler calls each minute: what time alone, changed rules or a lost worker have left over."""
    site, now = FrappeSite(), utc_now()
    try:
        rules = desk()
    except InvalidInput as error:
        frappe.log_error("Nothing is decided until the follow-up rules are mended", str(error))
        return
    asked = frappe.get_all(
        "Follow Up Look",
        or_filters=[["again", "<=", now.astimezone(site.zone).replace(tzinfo=None)],
                    ["fingerprint", "!=", rules.fingerprint], ["fingerprint", "is", "not set"]],
        pluck="name",
    )  # fmt: skip
    known = set(frappe.get_all("Follow Up Look", pluck="name"))
    new = [one for one in frappe.get_all("Job Applicant", pluck="name") if one not in known]
    for one in sorted({*asked, *new}):
        # One by one, so that what is done stays done, and one that fails does not keep the others.
        try:
            deciding.decide(site, rules, one, now)
            frappe.db.commit()
        except Exception:
            frappe.db.rollback()
            frappe.log_error(f"The follow-ups of {one} cannot be decided")


@frappe.whitelist(methods=["POST"])
def done(name: str) -> bool:
    """It was sent: from now on it counts as a message."""
    return _say(name, "done")


@frappe.whitelist(methods=["POST"])
def dismiss(name: str) -> bool:
    """It will not be sent."""
    return _say(name, "dismissed")


def _say(name: str, word: Any) -> bool:
    applicant = frappe.db.get_value("Follow Up", name, "job_applicant")
    if not applicant or not frappe.has_permission("Job Applicant", "write", applicant):
        raise frappe.PermissionError
    taken = deciding.say(FrappeSite(), name, word, frappe.session.user, utc_now())
    decide_now(applicant)
    return taken


def dashboard(data: Any) -> Any:
    """Follow-ups among the connections of an applicant."""
    data["transactions"].append({"label": "Follow-ups", "items": ["Follow Up"]})
    return data
