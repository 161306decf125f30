"""What is read out of a real Odoo 19: stages, meetings, messages, people; in pages, and only what has changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from followup_rules_odoo.adapter import OdooAdapter

from followup_rules.adapter import Page
from followup_rules.errors import Misconfigured, Refused
from followup_rules.model.application import Application
from followup_rules.testing.samples import an_order
from followup_rules.vendors.orders import marker

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
    times = {"start": "2020-11-02 09:00:00", "stop": "2020-11-02 10:00:00"}
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
    assert (done.at.isoformat(), done.named) == ("2020-11-02T10:00:00+00:00", ("res.partner:3",))
    said = [(event.from_, event.body, event.auto_reply) for event in read.events if event.type == "message"]
    assert said == [("employer", "Hello", False), ("candidate", "Thanks", False), ("candidate", "Away", True)]
    assert [event.body for event in read.events if event.type == "note"] == ["Good"]


def test_pages_go_on_where_they_were_left(server: Any) -> None:
    """Whatever page a reading stops after, the next one brings the rest, and nothing is missing; whether the last
    page of a model is full or not."""
    for count in range(5):
        server.applicant(partner_name=f"P{count}", email_from=f"p{count}@example.com")
    for count in range(4):
        server.lead(f"Deal {count}")
    settings = server.settings(page=2, read=["hr.applicant", "crm.lead"])
    whole = list(OdooAdapter.configured(settings).read_changes(None))
    everything = [one.id for page in whole for one in page.items if isinstance(one, Application)]
    assert len(everything) == len(set(everything)) == 9
    for stopped in range(len(whole) - 1):
        rest = by_id(OdooAdapter.configured(settings).read_changes(whole[stopped].cursor))
        before = [one.id for page in whole[: stopped + 1] for one in page.items if isinstance(one, Application)]
        assert [*before, *rest] == everything


def age(server: Any, applications: Iterable[str], days: int) -> None:
    """As if they had lain there for so long, with everything that was said about them and planned for them."""
    numbers = ", ".join(str(number(one)) for one in applications)
    for table, which in (
        ("hr_applicant", f"id in ({numbers})"),
        ("mail_message", f"model = 'hr.applicant' and res_id in ({numbers})"),
        ("calendar_event", f"applicant_id in ({numbers})"),
    ):
        server.odoo.sql(f"update {table} set write_date = write_date - interval '{days} days' where {which}")


def test_only_what_has_changed_comes_again(server: Any) -> None:
    """A change of the record, a message, a meeting, and a meeting that has come to its end since then."""
    names = ("moved", "heard", "invited", "met", "still", "before")
    ours = [server.applicant(email_from=f"{name}@example.com") for name in names]
    moved, heard, invited, met, still, before = ours
    now = datetime.now(timezone.utc)
    since = now - timedelta(days=20)
    for one, end in ((met, since + timedelta(minutes=30)), (before, since - timedelta(minutes=30))):
        meeting = {"name": "Interview", "applicant_id": number(one)}
        times = {"start": f"{end - timedelta(hours=1):%Y-%m-%d %H:%M:%S}", "stop": f"{end:%Y-%m-%d %H:%M:%S}"}
        server.odoo.call("calendar.event", "create", vals_list=[meeting | times])
    age(server, ours, 40)
    adapter = OdooAdapter.configured(server.settings(page=2))
    cursor = json.dumps({"since": since.isoformat()})
    assert by_id(adapter.read_changes(cursor)).keys() & set(ours) == {met}
    server.odoo.call("hr.applicant", "write", ids=[number(moved)], vals={"priority": "2"})
    server.odoo.call("hr.applicant", "message_post", ids=[number(heard)], body="x", message_type="comment")
    times = {"start": "2020-11-02 09:00:00", "stop": "2020-11-02 10:00:00"}
    meeting = {"name": "Interview", "applicant_id": number(invited)}
    server.odoo.call("calendar.event", "create", vals_list=[meeting | times])
    pages = list(adapter.read_changes(cursor))
    found = by_id(pages)
    assert found.keys() & set(ours) == {moved, heard, invited, met}
    assert still not in found and sum(len(page.items) for page in pages) == len(found)


def test_the_next_reading_begins_where_this_one_began(server: Any) -> None:
    """The last cursor asks for a little more than what comes after it; nothing falls between two readings."""
    adapter = OdooAdapter.configured(server.settings())
    began = datetime.now(timezone.utc)
    *_, last = adapter.read_changes(None)
    since = datetime.fromisoformat(json.loads(last.cursor)["since"])
    assert timedelta(minutes=4) < began - since < timedelta(minutes=6)
    late = server.applicant()
    assert late in by_id(OdooAdapter.configured(server.settings()).read_changes(last.cursor))


@pytest.mark.parametrize("cursor", ["nonsense", "[]", '{"since": 1}', '{"since": "yesterday"}', '{"after": "x"}'])
def test_a_cursor_of_somebody_else_is_refused(server: Any, cursor: str) -> None:
    """And not taken for a reading that begins anew."""
    with pytest.raises(Misconfigured, match="cannot go on from this cursor"):
        list(OdooAdapter.configured(server.settings()).read_changes(cursor))


@pytest.mark.parametrize("api", ["json-2", "xml-rpc"])
def test_what_it_wrote_comes_back_as_its_own(server: Any, api: str) -> None:
    """A note by its marker, and a task when it is done; neither is a message of anybody."""
    one = server.applicant()
    adapter = OdooAdapter.configured(server.settings(api=api))
    orders = [an_order(do, application=one) for do in ("create_task", "add_note")]
    receipts = [adapter.deliver(order) for order in orders]
    activity = int(str(receipts[0].reference).partition(":")[2])
    server.odoo.call("mail.activity", "action_feedback", ids=[activity], feedback="I have called.")
    read = by_id(adapter.read_changes(None))[one]
    assert "message" not in kinds(read)
    told = [str(event.body) for event in read.events if event.type == "note"]
    assert sorted(text.rpartition("\n")[2] for text in told) == sorted(marker(order) for order in orders)
    assert any("I have called." in text for text in told)


def test_a_lead_is_an_application_too(server: Any) -> None:
    """Its stage, its people and how it ended."""
    won = server.lead("Ten welders", contact_name="Joan", email_from="joan@example.com", user_id=2)
    lost = server.lead("No welders")
    server.odoo.call("crm.lead", "action_set_won", ids=[number(won)])
    server.odoo.call("crm.lead", "action_set_lost", ids=[number(lost)])
    adapter = OdooAdapter.configured(server.settings(read=["crm.lead"]))
    found = by_id(adapter.read_changes(None))
    assert (found[won].status, found[won].stage, found[won].job.title) == ("hired", "Won", "Ten welders")
    assert (found[won].candidate.name, found[won].candidate.email) == ("Joan", "joan@example.com")
    assert found[lost].status == "rejected" and "rejected" in kinds(found[lost])
    assert all(one.startswith("crm.lead:") for one in found)


@pytest.mark.parametrize("api", ["json-2", "xml-rpc"])
def test_an_account_without_rights_over_everything_is_enough(
    server: Any, monkeypatch: pytest.MonkeyPatch, api: str
) -> None:
    """An officer of recruitment writes, finds and reads; changes of stages are for administrators, and are left out."""
    login, key = server.officer
    monkeypatch.setenv("ODOO_KEY", key)
    one = server.applicant()
    stages = server.odoo.call("hr.recruitment.stage", "search_read", domain=[], fields=["name"], order="sequence")
    server.odoo.call("hr.applicant", "write", ids=[number(one)], vals={"stage_id": stages[1]["id"]})
    adapter = OdooAdapter.configured(server.settings(api=api, user=login))
    assert adapter.test_connection().endswith("it has hr.applicant")
    for do in ("create_task", "add_note"):
        order = an_order(do, application=one)
        assert [adapter.deliver(order).state for _ in range(2)] == ["done", "already_done"]
    read = by_id(adapter.read_changes(None))[one]
    assert [event.to for event in read.events if event.type == "stage_changed"] == [stages[1]["name"]]
    with pytest.raises(Misconfigured):
        OdooAdapter.configured(server.settings(api=api, user=login, read=["crm.lead"])).test_connection()
    with pytest.raises((Refused, Misconfigured)):
        adapter.deliver(an_order("add_note", application=server.lead("Not for them")))
