"""What is written into Odoo for an action, and how it is found again. The same order makes the same calls. Pure."""

from __future__ import annotations

import html
import re
from datetime import datetime, timezone
from typing import Any, Final

from followup_rules.adapter import Order
from followup_rules.errors import Refused
from followup_rules.vendors.orders import marker, values
from followup_rules_odoo.calling import Call
from followup_rules_odoo.settings import MODELS, OdooSettings

_RECORD: Final = re.compile(rf"({'|'.join(map(re.escape, MODELS))}):([1-9][0-9]{{0,9}})")
_LONGEST_SUMMARY: Final = 200
_ALSO_ARCHIVED: Final = {"active_test": False}


def record_of(application: str) -> tuple[str, int]:
    """The model and number of an application, which is called after them: `hr.applicant:12`.

    Raises:
        Refused: it is none of Odoo's.
    """
    found = _RECORD.fullmatch(application)
    if found is None:
        raise Refused(f"odoo: the application {application[:60]!a} is none of Odoo's; they are called hr.applicant:12")
    return found[1], int(found[2])


def look_at_record(order: Order, fields: list[str]) -> Call:
    """The question whether the record is there, and how it stands with it."""
    model, number = record_of(order.application)
    arguments = {"domain": [["id", "=", number]], "fields": fields, "context": _ALSO_ARCHIVED}
    return Call(model, "search_read", (), arguments)


def look_for_activity(order: Order) -> Call:
    """The activity of an action, also where it is done."""
    model, number = record_of(order.application)
    domain = [["res_model", "=", model], ["res_id", "=", number], ["note", "ilike", order.id]]
    arguments = {"domain": domain, "fields": ["note"], "order": "id", "context": _ALSO_ARCHIVED}
    return Call("mail.activity", "search_read", (), arguments)


def look_for_message(order: Order) -> Call:
    """The note of an action, or what is left of an activity that is done, where Odoo deletes these."""
    model, number = record_of(order.application)
    domain = [["model", "=", model], ["res_id", "=", number], ["body", "ilike", order.id]]
    arguments = {"domain": domain, "fields": ["body", "mail_activity_type_id"], "order": "id"}
    return Call("mail.message", "search_read", (), arguments)


def find_activity_type(settings: OdooSettings) -> Call:
    """The question which number the type of activity has."""
    module, _, name = settings.activity_type.partition(".")
    return Call("ir.model.data", "check_object_reference", (), {"module": module, "xml_id": name})


def create_activity(order: Order, activity_type: object, user: object) -> Call:
    """The activity: due on the follow-up's day, with the draft in its note. For who is responsible, if anybody is."""
    model, number = record_of(order.application)
    due = order.due_at or order.expires_at or order.at
    vals: dict[str, Any] = {
        "res_id": number,
        "activity_type_id": activity_type,
        "summary": _summary(order),
        "note": note(order),
        "automated": True,
        **({"date_deadline": due.date().isoformat()} if due is not None else {}),
        **({"user_id": user} if user else {}),
    }
    # The number of the model is Odoo's business, and not everybody may ask for it.
    return Call("mail.activity", "create", (), {"vals_list": [vals], "context": {"default_res_model": model}})


def post_note(order: Order) -> Call:
    """An internal note: nobody outside is told of it."""
    model, number = record_of(order.application)
    arguments = {
        "body": note(order), "body_is_html": True, "message_type": "comment", "subtype_xmlid": "mail.mt_note",
    }  # fmt: skip
    return Call(model, "message_post", [number], arguments)


def note(order: Order) -> str:
    """The text that people read, as HTML in which nothing but our own tags is a tag; the marker comes last."""
    text = str(values(order, {}, order.at or datetime(1970, 1, 1, tzinfo=timezone.utc))["note"])
    parts = (html.escape(part, quote=False) for part in re.split(r"\n{2,}", text))
    return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in parts if part)


def holds_marker(text: object, order: Order) -> bool:
    """True where a text that Odoo gives has the marker of the action in it, and not only its id."""
    return marker(order) in html.unescape(str(text))


def _summary(order: Order) -> str:
    text = str(values(order, {}, datetime(1970, 1, 1, tzinfo=timezone.utc))["subject"])
    return text[:_LONGEST_SUMMARY].encode("utf-8", "replace").decode("utf-8")
