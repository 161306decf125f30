"""The addon in a real Odoo: what a recruiter does by its API, and what must not happen."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    Host = Any

pytestmark = pytest.mark.real


def _stamp(hours: float) -> str:
    return f"{datetime.now(timezone.utc) + timedelta(hours=hours):%Y-%m-%d %H:%M:%S}"


def _interview(host: Host, number: int, start: float, stop: float) -> int:
    words = {"name": "Interview", "start": _stamp(start), "stop": _stamp(stop), "applicant_id": number}
    return int(host.call("calendar.event", "create", vals_list=[words])[0])


def test_a_new_stage_is_decided_at_once(host: Host) -> None:
    """The applicant moves: at once there is an activity with the draft, and the reason names rule, file and line."""
    number = host.applicant("Ada Park")
    assert host.rows(number) == []
    host.stage(number)
    (row,) = host.rows(number)
    assert row["sentence"].startswith("news to Ada Park, step 1: send now, best by "), row
    assert (row["rule"], row["place"]) == ("news", f"{host.rules}/rules.yaml:4")
    assert row["because"].startswith("Step 1 is open, and stays so until "), row
    (activity,) = host.activities(number)
    assert activity["summary"] == "news, step 1"
    assert "Dear Ada Park, your application has come to a new stage" in activity["note"]
    assert f"{host.rules}/rules.yaml:4" in activity["note"]


def test_done_is_a_touch_and_never_asked_again(host: Host) -> None:
    """Marking the activity as done counts as the message; neither the timer nor a change brings the step back."""
    number = host.applicant("Dora Done")
    host.stage(number)
    (activity,) = host.activities(number)
    host.call("mail.activity", "action_feedback", ids=[activity["id"]])
    assert host.said(number) == [(1, "send", "done"), (2, "wait", "open")]
    assert host.activities(number) == []
    host.tick()
    host.call("hr.applicant", "write", ids=[number], vals={"priority": "2"})
    assert host.said(number) == [(1, "send", "done"), (2, "wait", "open")]
    assert host.activities(number) == []
    assert host.rows(number)[0]["because"] == f"Marked as done by {host.rows(number)[0]['said_by'][1]}."


def test_a_cancelled_activity_is_dismissed(host: Host) -> None:
    """Who takes the activity away does not want it, and it stays away."""
    number = host.applicant("Dina Dismiss")
    host.stage(number)
    host.call("mail.activity", "unlink", ids=[host.activities(number)[0]["id"]])
    host.tick()
    assert host.said(number) == [(1, "send", "dismissed")]
    assert host.rows(number)[0]["because"].startswith("Dismissed by ")
    assert host.activities(number) == []


def test_the_button_says_it_too(host: Host) -> None:
    """Done in the tab marks the activity as done; a second press is refused."""
    number = host.applicant("Bela Button")
    host.stage(number)
    (row,) = host.rows(number)
    host.call("followup_rules.follow_up", "action_done", ids=[row["id"]])
    assert (host.said(number)[0], host.activities(number)) == ((1, "send", "done"), [])
    with pytest.raises(AssertionError, match="already done"):
        host.call("followup_rules.follow_up", "action_done", ids=[row["id"]])


def test_who_is_refused_has_no_activity(host: Host) -> None:
    """Refused: what was open is stopped, and its activity is gone in the same moment."""
    number = host.applicant("Rena Refused")
    host.stage(number)
    assert host.activities(number)
    (reason, *_) = host.call("hr.applicant.refuse.reason", "search", domain=[])
    vals = {"refuse_reason_id": reason, "refuse_date": _stamp(0), "active": False}
    host.call("hr.applicant", "write", ids=[number], vals=vals)
    assert [(decision, state) for _, decision, state in host.said(number)] == [("stop", "ended")]
    assert host.activities(number) == []


def test_an_interview_that_is_over_and_an_answer(host: Host) -> None:
    """After the interview the status check is due; the other side's message stops it."""
    number = host.applicant("Ines Interview")
    _interview(host, number, -2, -1)
    assert host.said(number, "status_check") == [(1, "send", "open")], host.rows(number)
    assert "may I ask how things stand" in host.activities(number)[0]["note"]
    host.call(
        "hr.applicant", "message_post", ids=[number], body="We still discuss.", message_type="comment",
        subtype_xmlid="mail.mt_comment",
    )  # fmt: skip
    assert host.said(number, "status_check") == [(1, "stop", "ended")]
    assert host.activities(number) == []


def test_an_interview_to_come_is_no_reason_yet(host: Host) -> None:
    """Only when its end has passed is it done; the timer knows when."""
    number = host.applicant("Tom Tomorrow")
    event = _interview(host, number, 20, 21)
    assert host.said(number, "status_check") == []
    host.call("calendar.event", "write", ids=[event], vals={"start": _stamp(-3), "stop": _stamp(-2)})
    assert host.said(number, "status_check") == [(1, "send", "open")]


def test_a_candidates_message_is_a_reply(host: Host) -> None:
    """The candidate writes: what would have been written to them is stopped."""
    number = host.applicant("Rita Reply")
    host.stage(number)
    partner = host.call("hr.applicant", "read", ids=[number], fields=["partner_id"])[0]["partner_id"][0]
    host.call(
        "hr.applicant", "message_post", ids=[number], body="Thank you!", message_type="email", author_id=partner,
        subtype_xmlid="mail.mt_comment",
    )  # fmt: skip
    assert [(decision, state) for _, decision, state in host.said(number)] == [("stop", "ended")]
    assert host.activities(number) == []


def test_who_has_no_time_zone_is_held(host: Host) -> None:
    """A fact is missing: held, without an activity, and it says what is missing. The setting answers for all."""
    number = host.applicant("Zoe Zone")
    partner = host.call("hr.applicant", "read", ids=[number], fields=["partner_id"])[0]["partner_id"][0]
    host.call("res.partner", "write", ids=[partner], vals={"tz": False})
    host.stage(number)
    (row,) = host.rows(number)
    assert (row["decision"], row["reason"], host.activities(number)) == ("hold", "unknown_timezone", [])
    assert "time zone" in row["why"]
    assert row["because"] == "The recipient's time zone is not known, so no hour of the day is safe."
    host.settings(rules=str(host.rules), direction="both", candidate_timezone="Europe/Berlin")
    host.tick()
    assert host.said(number) == [(1, "send", "open")]
    assert len(host.activities(number)) == 1
    host.settings(rules=str(host.rules), direction="both", candidate_timezone=False)


def test_faulty_rules_keep_nobody_from_working(host: Host) -> None:
    """The rules cannot be read: the stage moves all the same, the tab says so, and nothing stands as if it were due.
    When they are mended the timer decides."""
    number = host.applicant("Fay Fault")
    host.stage(number)
    file = host.rules / "rules.yaml"
    good = file.read_text()
    file.write_text(good.replace("kind: stop", "kind: stopp"))
    try:
        host.stage(number, 2)
        assert "stopp" in host.problems(number)
        assert host.said(number) == [(1, "hold", "open")]
        assert host.rows(number)[0]["because"].startswith("Nobody could decide whether it may still be sent")
        assert host.activities(number) == []
    finally:
        file.write_text(good + "\n# mended\n")
    host.tick()
    assert not host.problems(number)
    assert ("send", "open") in [(decision, state) for _, decision, state in host.said(number)]
    assert len(host.activities(number)) == 1


def test_drafts_are_only_suggested(host: Host) -> None:
    """With that setting they stand in the tab, and nobody has an activity."""
    number = host.applicant("Sue Suggest")
    host.stage(number)
    assert host.activities(number)
    host.settings(rules=str(host.rules), direction="both", suggest_only=True)
    host.tick()
    assert (host.said(number), host.activities(number)) == ([(1, "send", "open")], [])
    host.settings(rules=str(host.rules), direction="both", suggest_only=False)
    host.tick()
    assert len(host.activities(number)) == 1


def test_an_opt_out_is_heard(host: Host) -> None:
    """Who is on Odoo's blacklist is written to no more."""
    number = host.applicant("Olga Out")
    host.stage(number)
    (one,) = host.call("hr.applicant", "read", ids=[number], fields=["email_normalized"])
    host.call("mail.blacklist", "create", vals_list=[{"email": one["email_normalized"]}])
    assert [(decision, state) for _, decision, state in host.said(number)] == [("stop", "ended")]
    assert host.activities(number) == []


def test_a_lead_is_followed_up_too(host: Host) -> None:
    """The same on CRM's side."""
    host.made += 1
    words = {"name": "Data Engineer", "type": "opportunity", "contact_name": "Leo Lead",
             "email_from": f"leo{host.made}@example.com"}  # fmt: skip
    (number,) = host.call("crm.lead", "create", vals_list=[words])
    stages = host.call("crm.stage", "search", domain=[], order="sequence")
    host.call("crm.lead", "write", ids=[number], vals={"stage_id": stages[1]})
    (row,) = host.rows(number, "lead")
    assert (row["follow_up"], row["decision"], row["reason"]) == ("news", "hold", "unknown_timezone")


def test_nobody_can_make_a_second_row(host: Host) -> None:
    """The key is unique in the database."""
    number = host.applicant("Uma Unique")
    host.stage(number)
    (row,) = host.rows(number)
    twin = {"key": row["key"], "state": "open", "decision": "send", "applicant_id": number}
    with pytest.raises(AssertionError):
        host.call("followup_rules.follow_up", "create", vals_list=[twin])
    assert len(host.rows(number)) == 1
