"""What stands beside the records of a page: stages, meetings, messages, people; each asked for once a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from followup_rules.errors import Misconfigured
from followup_rules_odoo.calling import Call
from followup_rules_odoo.people import Directory
from followup_rules_odoo.records import Record, moment, number_of
from followup_rules_odoo.settings import OdooSettings
from followup_rules_odoo.telling import Told, application_data

_FIELDS: Final = {
    "hr.applicant": (
        "partner_name", "refuse_reason_id", "refuse_date", "job_id", "interviewer_ids",
    ),
    "crm.lead": ("name", "contact_name", "probability", "lost_reason_id"),
}  # fmt: skip
_BOTH: Final = (
    "email_from", "email_normalized", "partner_id", "stage_id", "active", "date_closed", "create_date",
    "date_last_stage_update", "user_id", "company_id", "is_blacklisted",
)  # fmt: skip
_MEETING: Final = {"hr.applicant": "applicant_id", "crm.lead": "opportunity_id"}
_STAGES: Final = {"hr.applicant": "hr.recruitment.stage", "crm.lead": "crm.stage"}
_MEETINGS: Final = ["start", "stop", "active", "create_date", "write_date", "partner_ids", "user_id"]
_MESSAGES: Final = [
    "date", "message_type", "subtype_id", "is_internal", "author_id", "email_from", "partner_ids", "subject", "body",
    "mail_activity_type_id", "res_id",
]  # fmt: skip
_AT_ONCE: Final = 1000
# Of these every Odoo knows what is asked here, so that it need not be asked what it knows.
_SAME_EVERYWHERE: Final = frozenset({
    "res.users", "res.company", "res.country", "res.country.state", "hr.recruitment.stage", "crm.stage",
    "mail.message.subtype",
})  # fmt: skip


class Beside:
    """Asks for it, and remembers what does not change while it reads."""

    def __init__(self, settings: OdooSettings, call: Callable[[Call], Any]) -> None:
        self._settings, self._call = settings, call
        self._fields: dict[str, frozenset[str]] = {}
        self._stages: dict[str, dict[int, str]] = {}
        self._internal: frozenset[int] | None = None
        self._directory = Directory(self.all_of)

    @property
    def _context(self) -> dict[str, Any]:
        return {"active_test": False, "lang": self._settings.language}

    def fields_of(self, model: str) -> frozenset[str]:
        """What this Odoo knows of a model; versions differ."""
        if model not in self._fields:
            asked = {"allfields": [], "attributes": ["type"]}
            self._fields[model] = frozenset(self._call(Call(model, "fields_get", (), asked)))
        return self._fields[model]

    def meeting_key(self, model: str) -> str | None:
        """The field of a meeting that says what it is about."""
        key = _MEETING[model]
        return key if key in self.fields_of("calendar.event") else None

    def all_of(self, model: str, domain: list[Any], fields: Iterable[str]) -> list[dict[str, Any]]:
        """Every record that a domain takes, archived ones too, in the order of their numbers."""
        known = fields if model in _SAME_EVERYWHERE else [one for one in fields if one in self.fields_of(model)]
        asked = {"fields": list(known), "order": "id", "limit": _AT_ONCE}
        found: list[dict[str, Any]] = []
        while True:
            last = found[-1]["id"] if found else 0
            words = {**asked, "domain": [["id", ">", last], *domain], "context": self._context}
            some = self._call(Call(model, "search_read", (), words))
            found += some
            if len(some) < _AT_ONCE:
                return found

    def data_of(self, model: str, numbers: list[int], now: datetime) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Applications as plain data, by number."""
        records = self.all_of(model, [["id", "in", numbers]], [*_BOTH, *_FIELDS[model]])
        meetings, messages = self._meetings(model, numbers), self._messages(model, numbers)
        changes, opted_out = self._changes(model, numbers), self._opted_out(records)
        self._directory.learn(records, meetings, messages)
        for record in records:
            number = record["id"]
            told = Told(
                record, meetings[number], messages[number], changes[number], opted_out.get(number),
                self._names_of_stages(model), self._kinds_of_notes(),
            )  # fmt: skip
            yield number, application_data(model, told, self._directory, self._settings, now)

    def _meetings(self, model: str, numbers: list[int]) -> Mapping[int, list[Record]]:
        key, found = self.meeting_key(model), defaultdict[int, list[Record]](list)
        if key is not None:
            for one in self.all_of("calendar.event", [[key, "in", numbers]], [*_MEETINGS, key]):
                found[number_of(one[key]) or 0].append(one)
        return found

    def _messages(self, model: str, numbers: list[int]) -> Mapping[int, list[Record]]:
        found = defaultdict[int, list[Record]](list)
        for one in self.all_of("mail.message", [["model", "=", model], ["res_id", "in", numbers]], _MESSAGES):
            found[one["res_id"]].append(one)
        return found

    def _changes(self, model: str, numbers: list[int]) -> Mapping[int, list[Record]]:
        """Changes of stages, which only administrators may read; without them the newest stage alone is known."""
        found = defaultdict[int, list[Record]](list)
        try:
            known = self.fields_of("mail.tracking.value")
            field = "field_id" if "field_id" in known else "field"
            about = [["mail_message_id.model", "=", model], ["mail_message_id.res_id", "in", numbers]]
            domain = [*about, [f"{field}.name", "=", "stage_id"]]
            fields = ["old_value_integer", "new_value_integer", "mail_message_id"]
            tracked = self.all_of("mail.tracking.value", domain, fields)
        except Misconfigured:
            return found
        wanted = [number_of(one["mail_message_id"]) for one in tracked]
        told = {one["id"]: one for one in self.all_of("mail.message", [["id", "in", wanted]], ["date", "res_id"])}
        for one in tracked:
            message = told.get(number_of(one["mail_message_id"]) or 0)
            if message is not None:
                change = {"id": one["id"], "at": message["date"], "message": message["id"]}
                change |= {"old": one["old_value_integer"], "new": one["new_value_integer"]}
                found[message["res_id"]].append(change)
        for some in found.values():
            some.sort(key=lambda change: (str(change["at"]), change["id"]))
        return found

    def _opted_out(self, records: Iterable[Record]) -> Mapping[int, str]:
        """Since when those who are on Odoo's blacklist are there; where nobody says, since the beginning."""
        listed = [one for one in records if one.get("is_blacklisted")]
        if not listed:
            return {}
        addresses = [one.get("email_normalized") for one in listed]
        try:
            domain = [["email", "in", addresses], ["active", "=", True]]
            since = {one["email"]: one["create_date"] for one in self.all_of("mail.blacklist", domain, _BLACKLIST)}
        except Misconfigured:
            since = {}
        found = ((one["id"], moment(since.get(one.get("email_normalized")) or one["create_date"])) for one in listed)
        return {number: at for number, at in found if at is not None}

    def _names_of_stages(self, model: str) -> Mapping[int, str]:
        if model not in self._stages:
            found = self.all_of(_STAGES[model], [], ["name"])
            self._stages[model] = {one["id"]: " ".join(str(one["name"]).split()) for one in found}
        return self._stages[model]

    def _kinds_of_notes(self) -> frozenset[int]:
        if self._internal is None:
            found = self.all_of("mail.message.subtype", [["internal", "=", True]], ["internal"])
            self._internal = frozenset(int(one["id"]) for one in found)
        return self._internal


_BLACKLIST: Final = ("email", "create_date")
