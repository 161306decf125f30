"""What is read out of a real Odoo 19: stages, meetings, messages, people; in pages, and only what has changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from followup_rules_odoo.adapter import OdooAdapter

from followup_rules.adapter import Page
from followup_rules.model.application import Application

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("key")]


def by_id(pages: Iterable[Page]) -> dict[str, Application]:
    found = [one for page in pages for one in page.items]
    assert all(isinstance(one, Application) for one in found), found
    return {one.id: one for one in found if isinstance(one, Application)}


def number(application: str) -> int:
    return int(application.partition(":")[2])


def kinds(application: Application) -> list[str]:
    return [event.type for event in application.events]


@pytest.mark.parametrize("api", ["json-2", "xml-rpc"])
def test_a_timeline_has_everything(server: Any, api: str) -> None:
    """Stages in their order, the meeting with who was there, both sides' messages, notes, and where people live."""
    call = server.odoo.call
    (berlin,) = call("res.country", "search", domain=[["code", "=", "DE"]])
    call("res.partner", "write", ids=[3], vals={"tz": "Europe/Berlin", "country_id": berlin, "email": "r@example.com"})
    stages = call("hr.recruitment.stage", "search_read", domain=[], fields=["name"], order="sequence")
    (job,) = call("hr.job", "create", vals_list=[{"name": f"Welder {api}"}])
    one = server.applicant(job_id=job, user_id=2, partner_name="Iris", email_from=f"iris-{api}@example.com")
    me = call("hr.applicant", "read", ids=[number(one)], fields=["partner_id"])[0]["partner_id"][0]
    for stage in stages[1:3]:
        call("hr.applicant", "write", ids=[number(one)], vals={"stage_id": stage["id"]})
    meeting = {"name": "Interview", "applicant_id": number(one), "partner_ids": [[6, 0, [3, me]]]}
    times = {"start": "2026-11-02 09:00:00", "stop": "2026-11-02 10:00:00"}
    late = {"start": "2090-11-02 09:00:00", "stop": "2090-11-02 10:00:00"}
    call("calendar.event", "create", vals_list=[meeting | times, meeting | late])
    canceled = call("calendar.event", "create", vals_list=[meeting | times])
    call("calendar.event", "write", ids=canceled, vals={"active": False})
    outside = {"message_type": "email", "subtype_xmlid": "mail.mt_comment", "author_id": me}
    inside = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
    call("hr.applicant", "message_post", ids=[number(one)], body="Hello", subject="From us", **inside)
    call("hr.applicant", "message_post", ids=[number(one)], body="Thanks", **outside)
    call("hr.applicant", "message_post", ids=[number(one)], body="Away", **{**outside, "message_type": "out_of_office"})
    call(
        "hr.applicant",
        "message_post",
        ids=[number(one)],
        body="Good",
        message_type="comment",
        subtype_xmlid="mail.mt_note",
    )
    adapter = OdooAdapter.configured(server.settings(api=api))
    read = by_id(adapter.read_changes(None))[one]
    assert (read.status, read.stage, read.job.title) == ("active", stages[2]["name"], f"Welder {api}")
    assert (read.candidate.name, read.candidate.email) == ("Iris", f"iris-{api}@example.com")
    recruiter = read.contact("res.partner:3")
    assert recruiter is not None and recruiter.role == "recruiter"
    assert (recruiter.timezone, recruiter.country) == ("Europe/Berlin", "DE")
    assert [event.to for event in read.events if event.type == "stage_changed"] == [one["name"] for one in stages[:3]]
    assert [
        kinds(read).count(kind) for kind in ("interview_scheduled", "interview_completed", "interview_canceled")
    ] == [3, 1, 1]
    (done,) = [event for event in read.events if event.type == "interview_completed"]
    assert (done.at.isoformat(), done.named) == ("2026-11-02T10:00:00+00:00", ("res.partner:3",))
    said = [(event.from_, event.body, event.auto_reply) for event in read.events if event.type == "message"]
    assert said == [("employer", "Hello", False), ("candidate", "Thanks", False), ("candidate", "Away", True)]
    assert [event.body for event in read.events if event.type == "note"] == ["Good"]


def test_pages_go_on_where_they_were_left(server: Any) -> None:
    """Whatever page a reading stops after, the next one brings the rest, and nothing is missing."""
    for count in range(5):
        server.applicant(partner_name=f"P{count}", email_from=f"p{count}@example.com")
        server.lead(f"Deal {count}")
    settings = server.settings(page=2, read=["hr.applicant", "crm.lead"])
    whole = list(OdooAdapter.configured(settings).read_changes(None))
    everything = [one.id for page in whole for one in page.items if isinstance(one, Application)]
    assert len(everything) == len(set(everything)) > 10
    for stopped in range(0, len(whole) - 1, 2):
        rest = by_id(OdooAdapter.configured(settings).read_changes(whole[stopped].cursor))
        before = [one.id for page in whole[: stopped + 1] for one in page.items if isinstance(one, Application)]
        assert [*before, *rest] == everything


def test_only_what_has_changed_comes_again(server: Any) -> None:
    """A change of the record, a message, a meeting, and a meeting that has come to its end since then."""
    names = ("moved", "heard", "invited", "met", "still")
    moved, heard, invited, met, still = (server.applicant(email_from=f"{name}@example.com") for name in names)
    times = {"start": "2026-11-02 09:00:00", "stop": "2026-11-02 10:00:00"}
    (event,) = server.odoo.call(
        "calendar.event", "create", vals_list=[{"name": "I", "applicant_id": number(met), **times}]
    )
    adapter = OdooAdapter.configured(server.settings(page=2))
    *_, last = adapter.read_changes(None)
    for model, ids, days in (("hr.applicant", [number(one) for one in (moved, heard, invited, met, still)], 40),):
        age(server, model, ids, days)
    cursor = json.dumps({"since": last_moment(server)})
    assert by_id(adapter.read_changes(cursor)).keys() & {moved, heard, invited, met, still} == {met}
    server.odoo.call("hr.applicant", "write", ids=[number(moved)], vals={"priority": "2"})
    server.odoo.call("hr.applicant", "message_post", ids=[number(heard)], body="x", message_type="comment")
    server.odoo.call("calendar.event", "create", vals_list=[{"name": "I", "applicant_id": number(invited), **times}])
    found = by_id(adapter.read_changes(cursor))
    assert found.keys() & {moved, heard, invited, met, still} == {moved, heard, invited, met}
    assert event
