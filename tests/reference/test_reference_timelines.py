"""Hand-computed decisions about timelines: occasions, touches, scopes, conditions, refusals."""

from __future__ import annotations

import pytest

from .clock import moment_of
from .samples import (
    EASTERN,
    INTERVIEW,
    STOPS,
    TWO_STEPS,
    Json,
    application,
    at,
    follow_up,
    message,
    only,
    rule,
    said,
)

PANEL: Json = {**INTERVIEW, "contact": None, "contacts": ["u-4", "u-3"]}
NOON = "2026-11-10T12:00:00-05:00"


def test_several_contacts_make_one_occasion_each_in_their_order() -> None:
    """`e2/u-4`, `e2/u-3` to the employer; `e2` to the candidate."""
    rules = [follow_up(), follow_up("other-way", direction="employer_to_candidate")]
    found = at(NOON, application(PANEL), *rules)
    assert [(d["rule"], d["occasion"]) for d in found] == [
        ("status-check", "e2/u-4"),
        ("status-check", "e2/u-3"),
        ("other-way", "e2"),
    ]


def test_a_touch_to_one_contact_counts_for_that_contact_only() -> None:
    """A touch to u-3 leaves u-4 open; one to nobody named counts for both; one marked `none` for neither."""
    touch = message("t", "2026-11-10T09:00:00-05:00", contact="u-3")
    reasons = [d["reason"] for d in at(NOON, application(PANEL, touch), follow_up())]
    assert reasons == ["in_window", "done"]
    touch = message("t", "2026-11-10T09:00:00-05:00", follow_up="status_check")
    assert {d["reason"] for d in at(NOON, application(PANEL, touch), follow_up())} == {"done"}
    touch["follow_up"] = "none"
    assert {d["reason"] for d in at(NOON, application(PANEL, touch), follow_up())} == {"in_window"}


def test_a_reply_stops_every_occasion_whoever_it_came_from() -> None:
    """The reply of u-3 stops u-4 too; a reply at the very instant of the anchor is not after it."""
    reply = message("r", "2026-11-10T09:00:00-05:00", "employer", contact="u-3")
    assert {d["reason"] for d in at(NOON, application(PANEL, reply), follow_up(), STOPS)} == {"stopped"}
    reply["at"] = INTERVIEW["at"]
    assert {d["reason"] for d in at(NOON, application(PANEL, reply), follow_up(), STOPS)} == {"in_window"}


def test_a_later_step_counts_from_the_touch_before_it() -> None:
    """After a touch on Tuesday the 17th, the seventh business day is Friday the 27th (not the 26th)."""
    touch = message("t", "2026-11-17T12:00:00-05:00", follow_up="status_check", contact="u-3")
    found = only("2026-11-18T12:00:00-05:00", application(INTERVIEW, touch), follow_up(steps=TWO_STEPS))
    assert (found["step"], found["at"]) == (2, moment_of("2026-11-27T12:00:00-05:00"))


def test_all_steps_sent_is_done_without_dates() -> None:
    """`done` names the number of steps."""
    touches = [message(f"t{n}", f"2026-11-1{n}T12:00:00-05:00") for n in (7, 8)]
    found = only("2026-11-19T12:00:00-05:00", application(INTERVIEW, *touches), follow_up(steps=TWO_STEPS))
    assert (found["reason"], found["step"], found["due_at"], found["expires_at"]) == ("done", 2, None, None)


def test_a_missed_step_does_not_open_the_next() -> None:
    """Past the first step's `expires` it is expired, step 1."""
    found = only("2026-11-25T12:00:00-05:00", application(INTERVIEW), follow_up(steps=TWO_STEPS))
    assert (found["decision"], found["reason"], found["step"]) == ("stop", "expired", 1)


def test_a_canceled_interview_opens_nothing_and_takes_its_completion_along() -> None:
    """The completed interview falls with the scheduled one, once the cancellation is seen."""
    scheduled = {"id": "e1", "type": "interview_scheduled", "at": "2026-11-02T09:00:00-05:00"}
    completed = {**INTERVIEW, "interview": "e1"}
    canceled = {"id": "e9", "type": "interview_canceled", "at": NOON, "interview": "e1"}
    app = application(scheduled, completed, canceled)
    assert len(at("2026-11-10T11:59:00-05:00", app, follow_up())) == 1
    assert at(NOON, app, follow_up()) == []


def test_the_latest_anchor_counts_and_ties_go_by_id() -> None:
    """Of two interviews at one instant the greater id is the anchor; one in the future is not seen."""
    events = [{**INTERVIEW, "id": name} for name in ("e7", "e10")]
    future = {**INTERVIEW, "id": "e99", "at": "2026-12-01T00:00:00Z"}
    assert only(NOON, application(*events, future), follow_up())["occasion"] == "e7"


def test_a_promise_counts_from_the_end_of_its_day_in_the_recipients_zone() -> None:
    """`by: 2026-11-18` is 23:59:59 in New York; a time is itself."""
    promise = {"id": "e5", "type": "decision_promised", "at": "2026-11-09T09:00:00-05:00", "by": "2026-11-18"}
    check = follow_up(after="decision_promised", opens="1 hour")
    assert only(NOON, application(promise), check)["at"] == moment_of("2026-11-19T00:59:59-05:00")
    promise["by"] = "2026-11-18T12:00:00Z"
    assert only(NOON, application(promise), check)["at"] == moment_of("2026-11-18T13:00:00Z")


def test_a_send_planned_earlier_counts_as_a_touch_at_now() -> None:
    """A second follow-up to the same candidate waits for the first one's cooldown."""
    rest = rule("cooldown", "rest", at_least="2 days", per="candidate")
    twin = application(INTERVIEW, id="gh-105")
    first, second = at(NOON, [application(INTERVIEW), twin], follow_up(), rest)
    assert (first["decision"], second["reason"]) == ("send", "cooldown")
    assert second["at"] == moment_of("2026-11-12T12:00:00-05:00")


def test_a_limit_per_recipient_counts_the_contact_in_any_application() -> None:
    """A touch to u-3 elsewhere counts, one to nobody named where u-3 is listed too, one to u-4 not."""
    limit = rule("limit", "cap", at_most=1, per="recipient")
    for names, expected in (({"contact": "u-3"}, "limit_reached"), ({}, "limit_reached"),
                            ({"contact": "u-4"}, "in_window")):  # fmt: skip
        touch = message("t", "2026-11-01T09:00:00-05:00", **names)
        other = application(touch, id="x", candidate={"id": "c-8"})
        assert only(NOON, [application(INTERVIEW), other], follow_up(), limit)["reason"] == expected


def test_a_rolling_limit_waits_until_fewer_remain() -> None:
    """Two of two within 3 days: wait until the older one leaves the window."""
    touches = [message(f"t{n}", f"2026-11-0{n}T10:00:00-05:00", follow_up="none") for n in (8, 9)]
    limit = rule("limit", "cap", at_most=2, per="application", within="3 days")
    found = only(NOON, application(INTERVIEW, *touches), follow_up(), limit)
    assert said(found) == ("wait", "limit_reached", "cap")
    assert found["at"] == moment_of("2026-11-11T10:00:00-05:00")


def test_a_narrowed_limit_counts_labelled_and_unlabelled_touches() -> None:
    """With `follow_up: status_check` a `thank_you` does not count; without a label it does."""
    limit = rule("limit", at_most=1, per="application", follow_up=["status_check"])
    touch = message("t", "2026-11-08T10:00:00-05:00", follow_up="thank_you")
    assert only(NOON, application(INTERVIEW, touch), follow_up(), limit)["decision"] == "send"
    del touch["follow_up"]
    assert only(NOON, application(INTERVIEW, touch), follow_up(), limit)["reason"] == "limit_reached"


def test_an_opt_out_counts_for_all_applications_until_a_strictly_later_opt_in() -> None:
    """Both directions and before the anchor; an opt-in at the same instant does not lift it."""
    out = {"id": "o", "type": "opted_out", "at": "2026-10-01T00:00:00Z"}
    back = {"id": "p", "type": "opted_in", "at": "2026-10-01T00:00:00Z"}
    apps = [application(INTERVIEW), application(out, back, id="x")]
    assert only(NOON, apps, follow_up(), STOPS)["stopped_by"] == "opted_out"
    back["at"] = "2026-10-01T00:00:01Z"
    assert only(NOON, apps, follow_up(), STOPS)["decision"] == "send"


def test_refusals_and_their_siblings() -> None:
    """An id that comes twice refuses both and holds the candidate's others; `per: candidate` needs an id."""
    apps = [application(INTERVIEW), application(INTERVIEW), application(INTERVIEW, id="x")]
    found = only(NOON, apps, follow_up())
    assert (found["application"], found["reason"]) == ("x", "refused_sibling")
    nobody = application(INTERVIEW, candidate={})
    assert at(NOON, nobody, follow_up(), rule("limit", at_most=9, per="candidate")) == []


def test_the_first_competitor_whose_when_holds_takes_the_occasion() -> None:
    """Even if its time is over; an unknown `when` does not."""
    over = follow_up("over", expires="1 hour", when={"stage": "onsite"})
    app = application(INTERVIEW)
    assert said(only(NOON, app, over, follow_up())) == ("stop", "expired", "over")
    unknown = {**over, "when": {"attributes.x": 1}}
    assert said(only(NOON, app, unknown, follow_up()))[2] == "status-check"


CONDITIONS = [
    ({"attributes.flag": 1}, False),  # `true` is not 1
    ({"attributes.flag": True}, True),
    ({"not": {"attributes.none": 1}}, False),  # a null is missing: unknown
    ({"not": {"attributes.text": 1}}, True),  # equality across types is false
    ({"not": {"attributes.text": {"at_least": 1}}}, False),  # an ordering across types is unknown
    ({"any": [{"attributes.none": 1}, {"stage": "onsite"}]}, True),
    ({"all": [{"attributes.none": 1}, {"stage": "onsite"}]}, False),
    ({"attributes.none": {"present": False}}, True),
    ({"attributes.list": {"contains": "b"}}, True),
    ({"hours_since.interview_completed": {"at_least": 21, "less_than": 21.5}}, True),
    ({"business_days_since.interview_completed": 1}, True),
    ({"promised_by_passed": False}, False),  # missing without a promise
    ({"touches": 1, "replies": 0, "unanswered_touches": 1}, True),
    ({"happened": {"event": "message", "from": "employer"}}, False),  # it is an auto-reply
    ({"happened": {"event": "message", "from": "employer", "auto_reply": True}}, True),
    ({"not_happened": {"event": "note", "after": "meeting_booked"}}, False),  # unknown
    ({"happened": {"event": "interview_completed", "within": "21 hours"}}, False),  # later than now, strictly
    ({"happened": {"event": "interview_completed", "within": "1 day"}}, True),
    ({"not_happened": [{"event": "reply"}, {"event": "note"}]}, True),
]


@pytest.mark.parametrize(("when", "holds"), CONDITIONS)
def test_conditions(when: Json, holds: bool) -> None:
    """A follow-up applies only where its `when` is true; unknown is not true."""
    attributes = {"flag": True, "none": None, "text": "1", "list": ["a", "b"]}
    touch = message("t", "2026-11-01T10:00:00-05:00", follow_up="none")
    auto = message("u", "2026-11-02T10:00:00-05:00", "employer", auto_reply=True)
    app = application(INTERVIEW, touch, auto, attributes=attributes, job={"id": "j", **EASTERN})
    assert bool(at(NOON, app, follow_up(when=when))) is holds


def test_an_unknown_when_keeps_a_restriction_and_a_false_one_lifts_it() -> None:
    """Unknown means that a restricting rule does apply."""
    stop = rule("stop", on=["applied"], since="ever", when={"attributes.x": 1})
    app = application({"id": "e1", "type": "applied", "at": "2026-11-01T00:00:00Z"}, INTERVIEW)
    assert only(NOON, app, follow_up(), stop)["reason"] == "stopped"
    assert only(NOON, {**app, "attributes": {"x": 2}}, follow_up(), stop)["decision"] == "send"


def test_a_when_that_lacks_only_the_zone_holds() -> None:
    """`business_days_since` without a zone gives unknown_timezone; false beside it means no decision."""
    app = application(INTERVIEW, job={"id": "j"}, contacts=[{"id": "u-3"}])
    when: Json = {"business_days_since.interview_completed": {"at_least": 9}}
    assert only(NOON, app, follow_up(when=when))["reason"] == "unknown_timezone"
    assert at(NOON, app, follow_up(when={**when, "stage": "offer"})) == []
