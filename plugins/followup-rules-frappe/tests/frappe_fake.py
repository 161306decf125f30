"""A small fake of a Frappe site: it keeps documents, lists them by filters, and refuses what the real one refuses.

Built from the published page about REST and from the fields of the document types. It is no Frappe: there are no
permissions but the token, no workflows, and HTML is kept as it comes.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from followup_rules.testing.hostile import Call, Reply

KEY, SECRET, ZONE = "a1b2c3d4e5f6a7b", "canary-7f3a", ZoneInfo("Asia/Kolkata")
NEEDED = {
    "ToDo": ("description",),
    "Comment": ("comment_type",),
    "Job Applicant": ("applicant_name", "email_id", "status"),
    "Interview": ("job_applicant", "status", "scheduled_on", "from_time", "to_time"),
    "Communication": ("subject",),
}
PREFIXES = {"ToDo": "TODO", "Comment": "COMME", "Job Applicant": "JO", "Interview": "INTE", "Communication": "COMMU"}
LINKS = {"ToDo": ("reference_type", "reference_name"), "Comment": ("reference_doctype", "reference_name")}


class Site:
    """The documents, by type and name."""

    def __init__(self) -> None:
        self.documents: dict[str, dict[str, dict[str, Any]]] = {doctype: {} for doctype in NEEDED}
        self.answers: list[Reply] = []

    @property
    def written(self) -> list[dict[str, Any]]:
        return [*self.documents["ToDo"].values(), *self.documents["Comment"].values()]

    def add(self, doctype: str, ago: timedelta = timedelta(), **fields: Any) -> str:
        """Make a document, as people do in the desk."""
        name = str(fields.pop("name", f"{PREFIXES[doctype]}-{len(self.documents[doctype]) + 1:05d}"))
        moment = (datetime.now(timezone.utc) - ago).astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S.%f")
        self.documents[doctype][name] = {"name": name, "creation": moment, "modified": moment, **fields}
        return name

    def change(self, doctype: str, name: str, **fields: Any) -> None:
        """Change a document now."""
        moment = datetime.now(ZONE).strftime("%Y-%m-%d %H:%M:%S.%f")
        self.documents[doctype][name] |= {"modified": moment, **fields}

    def applicant(self, **fields: Any) -> str:
        """A new applicant."""
        given = {"applicant_name": "Sam Reyes", "email_id": "sam@example.com", "status": "Open", **fields}
        return self.add("Job Applicant", **given)

    def serve(self, call: Call) -> Reply:
        if call.headers.get("authorization") != f"token {KEY}:{SECRET}":
            return _fault(401, "AuthenticationError")
        if self.answers:
            return self.answers.pop(0)
        if call.path == "/api/method/frappe.auth.get_logged_user":
            return _answer({"message": "recruiting@example.com"})
        doctype = unquote(call.path.removeprefix("/api/resource/"))
        if doctype not in self.documents:
            return _fault(404, "DoesNotExistError")
        return self._make(doctype, json.loads(call.body)) if call.method == "POST" else self._list(doctype, call.query)

    def _make(self, doctype: str, given: dict[str, Any]) -> Reply:
        if any(not given.get(field) for field in NEEDED[doctype]):
            return _fault(417, "MandatoryError")
        kind, name = (given.get(field) for field in LINKS[doctype])
        if name not in self.documents.get(str(kind), {}):
            return _fault(417, "LinkValidationError")
        return _answer({"data": self.documents[doctype][self.add(doctype, **given)]})

    def _list(self, doctype: str, query: Any) -> Reply:
        filters = json.loads(query.get("filters", "[]"))
        fields = json.loads(query.get("fields", '["name"]'))
        found = [one for one in self.documents[doctype].values() if all(_passes(one, *test) for test in filters)]
        assert query["order_by"] == "name asc"
        start = int(query.get("limit_start", 0))
        some = sorted(found, key=lambda one: one["name"])[start : start + int(query.get("limit_page_length", 20))]
        return _answer({"data": [{field: one.get(field) for field in fields} for one in some]})


def _passes(one: dict[str, Any], field: str, operator: str, value: Any) -> bool:
    found = one.get(field)
    if operator == "like":
        assert value[0] == value[-1] == "%"
        return value[1:-1].casefold() in str(found).casefold()
    if operator == "in":
        return found in value
    return {"=": found == value, ">": str(found) > value, ">=": str(found) >= value}[operator]


def _answer(data: Any) -> Reply:
    return Reply(200, json.dumps(data).encode())


def _fault(status: int, kind: str) -> Reply:
    trace = json.dumps([f"Traceback (most recent call last) token {KEY}:{SECRET}"])
    return Reply(
        status, json.dumps({"exc_type": kind, "exception": f"frappe.exceptions.{kind}", "exc": trace}).encode()
    )
