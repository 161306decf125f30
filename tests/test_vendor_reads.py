"""Applications are read as the vendors know them: every page, only what has changed, and nothing that is guessed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from followup_rules.adapter import Page
from followup_rules.errors import Misconfigured, Retriable
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from test_vendor_wire import answer, made
from vendor_fake import Fake, serving

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)


class Served:
    """A vendor's adapter, with answers for what it is going to ask."""

    def __init__(self, name: str, fake: Fake, monkeypatch: pytest.MonkeyPatch, **more: Any) -> None:
        self.fake = fake
        self.adapter = made(name, fake.url, monkeypatch, **more)
        self.adapter.clock = lambda: NOW  # type: ignore[method-assign]

    def says(self, path: str, data: Any, method: str = "GET", **headers: str) -> None:
        self.fake.once(method, path, answer(200, data, **headers))

    def read(self, since: str | None = None) -> list[Page]:
        return list(self.adapter.read_changes(since))

    def one(self) -> Application:
        ((one,),) = (page.items for page in self.read())
        assert isinstance(one, Application), one
        return one


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Any:
    opened = []

    def open_(name: str, **more: Any) -> Served:
        fake = Fake(name)
        context = serving(fake)
        context.__enter__()
        opened.append(context)
        return Served(name, fake, monkeypatch, **more)

    yield open_
    for context in opened:
        context.__exit__(None, None, None)


def events(application: Application) -> list[tuple[str, str]]:
    return [(event.type, event.at.isoformat()[:16]) for event in application.events]


APPLICATION = {"id": 1, "candidate_id": 2, "job_id": 3, "status": "in_process", "stage_name": "Onsite",
               "created_at": "2026-11-01T10:00:00Z", "rejected_at": None}  # fmt: skip


def test_greenhouse_is_read_with_stages_and_interviews(served: Any) -> None:
    """What lies ahead is no event yet; a completed interview names the one that was scheduled."""
    green = served("greenhouse")
    green.says("/v3/applications", [APPLICATION, {**APPLICATION, "id": 9, "prospect": True}])
    green.says("/v3/application_stages", [{"id": 4, "application_id": 1, "entered_at": "2026-11-02T10:00:00Z",
                                           "job_interview_stage_id": 70}])  # fmt: skip
    green.says("/v3/interviews", [
        {"id": 5, "application_id": 1, "scheduled_at": "2026-11-03T10:00:00Z", "ends_at": "2026-11-05T10:00:00Z",
         "status": "complete"},
        {"id": 6, "application_id": 1, "scheduled_at": "2026-11-20T10:00:00Z", "ends_at": "2026-12-05T10:00:00Z",
         "status": "scheduled"},
    ])  # fmt: skip
    one = green.one()
    assert (one.id, one.status, one.stage, one.candidate.id, one.job.id) == ("1", "active", "Onsite", "2", "3")
    assert events(one) == [
        ("applied", "2026-11-01T10:00"), ("stage_changed", "2026-11-02T10:00"),
        ("interview_scheduled", "2026-11-03T10:00"),
        ("interview_completed", "2026-11-05T10:00"), ("interview_scheduled", "2026-11-20T10:00"),
    ]  # fmt: skip
    assert one.events[3].interview == one.events[2].id
    asked = [call.query for call in green.fake.calls if call.path == "/v3/interviews"]
    assert asked == [{"application_ids": "1", "per_page": "500"}]


@pytest.mark.parametrize(
    ("status", "ours"),
    [("rejected", "rejected"), ("hired", "hired"), ("in_process", "active"), ("strange", None), (None, None)],
)
def test_a_status_that_nobody_knows_is_refused(served: Any, status: Any, ours: str | None) -> None:
    """It is not taken for active: nobody is written to by guess."""
    green = served("greenhouse")
    green.says("/v3/applications", [{**APPLICATION, "status": status}])
    ((one,),) = [page.items for page in list(_quiet(green))]
    assert (one.status if isinstance(one, Application) else None) == ours
    if ours is None:
        assert isinstance(one, Refusal) and "greenhouse:1" in str(one.problems[0])


def _quiet(green: Served) -> list[Page]:
    green.says("/v3/application_stages", [])
    green.says("/v3/interviews", [])
    return green.read()


def test_reading_goes_on_where_it_was_interrupted(served: Any) -> None:
    """A page's cursor is enough; the last one asks for changes since the reading began, a little earlier."""
    green = served("greenhouse")
    link = f'<{green.fake.url}/v3/applications?cursor=two>; rel="next"'
    green.says("/v3/applications", [APPLICATION], Link=link)
    green.says("/v3/application_stages", [])
    green.says("/v3/interviews", [])
    first = next(iter(green.adapter.read_changes(None)))
    green.says("/v3/applications", [{**APPLICATION, "id": 2}])
    later = made_again(green)
    green.says("/v3/application_stages", [])
    green.says("/v3/interviews", [])
    (second,) = list(later.read_changes(first.cursor))
    assert [one.id for one in second.items] == ["2"]  # type: ignore[union-attr]
    assert [call.query for call in green.fake.calls if call.path == "/v3/applications"][-1] == {"cursor": "two"}
    assert json.loads(second.cursor) == {"since": (NOW - timedelta(minutes=5)).isoformat()}
    green.says("/v3/applications", [])
    list(later.read_changes(second.cursor))
    assert green.fake.calls[-1].query == {"per_page": "500", "updated_at": "gte|2026-11-23T11:55:00Z"}


def made_again(one: Served) -> Any:
    again = type(one.adapter)(one.adapter.settings)
    again.clock = lambda: NOW  # type: ignore[method-assign]
    return again


@pytest.mark.parametrize("cursor", ["x", "[]", '{"since": 5}', '{"since": "yesterday"}', "{", "null"])
def test_a_cursor_from_elsewhere_is_told(served: Any, cursor: str) -> None:
    """And nothing is asked."""
    green = served("greenhouse")
    with pytest.raises(Misconfigured, match="cursor"):
        green.read(cursor)
    assert green.fake.calls == []


def test_a_cursor_leads_to_no_other_host(served: Any) -> None:
    """Whoever can write the store cannot take the token."""
    green = served("greenhouse")
    with pytest.raises(Misconfigured, match="another host"):
        green.read('{"next": "https://evil.example/v3/applications"}')


def test_lever_is_read(served: Any) -> None:
    """Milliseconds, minutes, an offset, and interviews of each opportunity."""
    lever = served("lever", hired_reasons=["r-hired"])
    ms = lambda day: int(datetime(2026, 11, day, 10, tzinfo=timezone.utc).timestamp() * 1000)  # noqa: E731
    one = {"id": "o1", "name": "Sam", "contact": "c1", "emails": ["sam@example.com"], "stage": {"text": "Phone"},
           "createdAt": ms(1), "stageChanges": [{"toStageId": "s2", "updatedAt": ms(2)}]}  # fmt: skip
    lever.says("/opportunities", {"data": [one], "hasNext": True, "next": "off-2"})
    lever.says("/opportunities/o1/interviews", {"data": [
        {"id": "i1", "createdAt": ms(3), "date": ms(4), "duration": 90},
        {"id": "i2", "createdAt": ms(3), "date": ms(6), "duration": 30, "canceledAt": ms(5)},
    ]})  # fmt: skip
    lever.says("/opportunities", {"data": [{**one, "id": "o2", "archived": {"reason": "r-hired", "archivedAt": ms(9)}}],
                                  "hasNext": False})  # fmt: skip
    lever.says("/opportunities/o2/interviews", {"data": []})
    (first,), (second,) = (page.items for page in lever.read())
    assert (first.stage, first.candidate.email, first.status, second.status) == (
        "Phone",
        "sam@example.com",
        "active",
        "hired",
    )
    assert events(first) == [
        ("applied", "2026-11-01T10:00"), ("stage_changed", "2026-11-02T10:00"),
        ("interview_scheduled", "2026-11-03T10:00"),
        ("interview_scheduled", "2026-11-03T10:00"), ("interview_completed", "2026-11-04T11:30"),
        ("interview_canceled", "2026-11-05T10:00"),
    ]  # fmt: skip
    assert [call.query.get("offset") for call in lever.fake.calls if call.path == "/opportunities"] == [None, "off-2"]


def test_ashby_is_read_and_goes_on_with_its_own_token(served: Any) -> None:
    """Every question is a POST; the sync token is what the next reading sends."""
    ashby = served("ashby")
    one = {"id": "a1", "status": "Archived", "archiveReason": {"reasonType": "RejectedByCandidate"},
           "candidate": {"id": "c1", "name": "Sam"}, "job": {"id": "j", "title": "Chef"},
           "currentInterviewStage": {"title": "Offer"}, "createdAt": "2026-11-01T10:00:00.123Z"}  # fmt: skip
    answered = {
        "success": True,
        "results": [one, {"id": "lead", "status": "Lead"}],
        "moreDataAvailable": False,
        "syncToken": "sync-1",
    }
    ashby.says("/application.list", answered, "POST")
    schedule = {"id": "s1", "status": "Complete", "createdAt": "2026-11-02T10:00:00Z",
                "interviewEvents": [{"endTime": "2026-11-03T11:00:00Z"},
                                    {"endTime": "2026-11-03T12:00:00Z"}]}  # fmt: skip
    ashby.says("/interviewSchedule.list", {"success": True, "results": [schedule], "moreDataAvailable": False}, "POST")
    (page,) = ashby.read()
    (found,) = page.items
    assert isinstance(found, Application) and found.status == "withdrawn"
    assert events(found)[-1] == ("interview_completed", "2026-11-03T12:00")
    ashby.says("/application.list", {**answered, "results": []}, "POST")
    ashby.read(page.cursor)
    assert ashby.fake.calls[-1].body == {"limit": 100, "syncToken": "sync-1"}


def test_workable_follows_the_next_address(served: Any) -> None:
    """A disqualified candidate is rejected."""
    workable = served("workable")
    url = workable.fake.url
    row = {"id": "w1", "name": "Sam", "stage": "Interview", "created_at": "2026-11-01T10:00:00Z", "disqualified": False}
    workable.says("/candidates", {"candidates": [row], "paging": {"next": f"{url}/candidates?since_id=w1"}})
    workable.says("/candidates", {"candidates": [{**row, "id": "w2", "disqualified": True}], "paging": {}})
    meeting = {"id": "e1", "type": "interview", "starts_at": "2026-11-02T10:00:00Z", "ends_at": "2026-11-02T11:00:00Z"}
    workable.says("/events", {"events": [meeting]})
    workable.says("/events", {"events": [{**meeting, "cancelled": True}]})
    first, second = (one for page in workable.read() for one in page.items)
    assert (first.status, second.status) == ("active", "rejected")
    assert [len(events(one)) for one in (first, second)] == [2, 1]


def test_bamboohr_is_read_to_the_end(served: Any) -> None:
    """Statuses are the company's own words, so the settings say which of them end it."""
    bamboo = served("bamboohr", rejected_statuses=["Not a Fit"])
    path = "/api/v1/applicant_tracking/applications"
    row = {"id": 1, "appliedDate": "2026-11-01T10:00:00+00:00", "status": {"id": 3, "label": "not a fit"},
           "applicant": {"id": 8, "firstName": "Sam", "lastName": "Lee", "email": "s@example.com"},
           "job": {"id": 4, "title": {"label": "Chef"}}}  # fmt: skip
    bamboo.says(
        path, {"applications": [row], "paginationComplete": False, "nextPageUrl": f"{bamboo.fake.url}{path}?page=2"}
    )
    bamboo.says(path, {"applications": [{**row, "id": 2, "status": {"label": "New"}}], "paginationComplete": True,
                       "nextPageUrl": f"{bamboo.fake.url}{path}?page=3"})  # fmt: skip
    first, second = (one for page in bamboo.read() for one in page.items)
    assert (first.status, second.status) == ("rejected", "active")
    assert (first.candidate.name, first.job.title) == ("Sam Lee", "Chef")


def test_bullhorn_counts_records(served: Any) -> None:
    """A full page asks for the next; a short one is the last."""
    bull = served("bullhorn", hired_statuses=["Placed"])
    rows = [{"id": n, "status": "Placed", "dateAdded": 1793527200000, "candidate": {"id": 2}} for n in range(1, 501)]
    bull.says("/query/JobSubmission", {"data": rows})
    bull.says("/query/JobSubmission", {"data": [{**rows[0], "id": 999, "status": "Submitted"}]})
    pages = bull.read()
    assert [len(page.items) for page in pages] == [500, 1]
    assert [call.query.get("start") for call in bull.fake.calls if "query" in call.path] == ["0", "500"]
    assert {one.status for page in pages for one in page.items} == {"hired", "active"}  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["merge", "pipedrive", "salesforce"])
def test_the_others_are_read(served: Any, name: str) -> None:
    """One application each, with what its vendor tells."""
    rows: dict[str, Any] = {
        "merge": ("/ats/v1/applications", {"next": None, "results": [
            {"id": "m1", "candidate": {"id": "c1", "first_name": "Sam", "last_name": "Lee"},
             "job": {"id": "j", "name": "Chef"}, "current_stage": {"name": "Phone"},
             "applied_at": "2026-11-01T10:00:00Z", "rejected_at": "2026-11-09T10:00:00Z"}]}),
        "pipedrive": ("/api/v2/deals", {"success": True, "data": [
            {"id": 4, "status": "lost", "person_id": 5, "stage_id": 6, "title": "Chef",
             "add_time": "2026-11-01T10:00:00Z",
             "lost_time": "2026-11-09T10:00:00Z"}], "additional_data": {"next_cursor": None}}),
        "salesforce": ("/services/data/v60.0/query", {"done": True, "records": [
            {"Id": "006A", "Name": "Chef", "StageName": "Closed Lost", "IsClosed": True, "IsWon": False,
             "CreatedDate": "2026-11-01T10:00:00.000+0000"}]}),
    }  # fmt: skip
    path, data = rows[name]
    one = served(name)
    one.says(path, data)
    if name == "merge":
        one.says("/ats/v1/interviews", {"results": [], "next": None})
    found = one.one()
    assert found.status == "rejected" and found.job.title == "Chef"
    assert events(found)[0] == ("applied", "2026-11-01T10:00")


@pytest.mark.parametrize("data", [{}, {"data": None}, "x", 5, None, {"data": {"a": 1}}])
def test_an_answer_without_records_is_no_empty_page(served: Any, data: Any) -> None:
    """Else the reading would be over, and what was left out would never be missed."""
    lever = served("lever")
    lever.says("/opportunities", data)
    with pytest.raises(Retriable):
        lever.read()


@pytest.mark.parametrize("record", [{}, 5, None, [], {"id": None}, {"id": {"a": 1}}, {"id": "x" * 300}, {"id": True}])
def test_a_record_that_is_none_is_refused_alone(served: Any, record: Any) -> None:
    """The others go on."""
    pipedrive = served("pipedrive")
    good = {"id": 1, "status": "open", "add_time": "2026-11-01T10:00:00Z"}
    pipedrive.says("/api/v2/deals", {"data": [record, good], "additional_data": {}})
    (page,) = pipedrive.read()
    assert isinstance(page.items[0], Refusal) and isinstance(page.items[1], Application)
