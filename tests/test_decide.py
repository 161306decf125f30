"""Decisions, worked out by hand from the contract: each test is a promise about what is sent, and what is not."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

import pytest

from followup_rules.judge.decide import decide
from followup_rules.report.machine import as_dict

EASTERN = {"timezone": "America/New_York", "country": "US", "region": "NY"}
WORK = {"id": "office", "kind": "send_window", "title": "Office hours", "open": "Mon-Fri 09:00-17:30"}
INTERVIEW = {"id": "e2", "type": "interview_completed", "at": "2026-11-09T15:00:00-05:00", "contact": "u-3"}
TWO_STEPS = [
    {"opens": "5 business days", "due": "6 business days", "expires": "10 business days"},
    {"opens": "7 business days", "due": "8 business days", "expires": "12 business days"},
]


def application(*events: Any, **changes: Any) -> dict[str, Any]:
    """gh-104 of the language page, with these events."""
    return {
        "id": "gh-104", "status": "active", "stage": "onsite", "candidate": {"id": "c-7", "name": "Ada Park"},
        "job": {"id": "j-9", **EASTERN}, "contacts": [{"id": "u-3", **EASTERN}, {"id": "u-4", **EASTERN}],
        "events": list(events),
    } | changes  # fmt: skip


def message(name: str, at: str, side: str = "candidate", **changes: Any) -> dict[str, Any]:
    return {"id": name, "type": "message", "at": at, "from": side} | changes


@pytest.fixture
def ask(policy_of: Any, follow_up: Any, stops: Any, utc: Any) -> Any:
    """Decides some applications by some rules, in short form."""

    def asked(now: str, given: Any, *rules: Any, own: Any = None) -> list[tuple[Any, ...]]:
        several = given if isinstance(given, list) else [given]
        policy = policy_of([own or follow_up(), stops, *rules])
        return [(one.decision, one.reason, one.decided_by.id) for one in decide(several, policy, utc(now)).decisions]

    return asked


@pytest.fixture
def status_check(follow_up: Any) -> Any:
    rule = follow_up("status-check", follow_up="status_check", steps=TWO_STEPS)
    return {key: value for key, value in rule.items() if key != "expires"}


def test_the_worked_example_waits_until_tuesday_the_17th(
    policy_of: Any, status_check: Any, stops: Any, utc: Any
) -> None:
    """gh-104 at 11 November: Veterans Day does not count, so the fifth business day after the 9th is the 17th."""
    given = application(
        {"id": "e1", "type": "applied", "at": "2026-11-02T09:12:00-05:00"},
        INTERVIEW,
        message("e3", "2026-11-10T10:00:00-05:00", follow_up="thank_you", contact="u-3", channel="email"),
        message("e4", "2026-11-11T08:30:00-05:00", "employer", auto_reply=True),
        {"id": "e5", "type": "decision_promised", "at": "2026-11-11T09:00:00-05:00", "by": "2026-11-18"},
    )
    plan = decide([given], policy_of([status_check, stops, WORK]), utc("2026-11-11T12:00:00-05:00"))
    (told,) = map(as_dict, plan.decisions)
    assert {key: told[key] for key in ("decision", "reason", "step", "occasion", "at", "due_at", "expires_at")} == {
        "decision": "wait", "reason": "not_open_yet", "step": 1, "occasion": "e2", "at": "2026-11-17T15:00:00-05:00",
        "due_at": "2026-11-18T15:00:00-05:00", "expires_at": "2026-11-24T15:00:00-05:00",
    }  # fmt: skip
    assert told["decided_by"] == {"rule": "status-check", "file": "<memory>", "line": 0}


def test_nothing_is_sent_a_second_before_it_opens_or_after_it_expires(ask: Any, follow_up: Any) -> None:
    """`opens` and `expires` are inclusive: the instant itself is in time."""
    rule, given = follow_up(opens="2 hours", expires="1 day"), application(INTERVIEW)
    assert ask("2026-11-09T16:59:59-05:00", given, own=rule) == [("wait", "not_open_yet", "thank-you")]
    assert ask("2026-11-09T17:00:00-05:00", given, own=rule) == [("send", "in_window", "thank-you")]
    assert ask("2026-11-10T15:00:00-05:00", given, own=rule) == [("send", "in_window", "thank-you")]
    assert ask("2026-11-10T15:00:01-05:00", given, own=rule) == [("stop", "expired", "thank-you")]


def test_a_reply_stops_and_an_automatic_reply_does_not(ask: Any) -> None:
    """Whoever of the other side answers, the follow-up ends; an absence note answers nothing."""
    away = message("e3", "2026-11-10T08:00:00-05:00", "employer", auto_reply=True)
    answer = message("e4", "2026-11-10T09:00:00-05:00", "employer", contact="u-4")
    assert ask("2026-11-10T10:00:00-05:00", application(INTERVIEW, away))[0][:2] == ("send", "in_window")
    assert ask("2026-11-10T10:00:00-05:00", application(INTERVIEW, answer)) == [("stop", "stopped", "core")]


def test_what_happens_at_the_very_instant_of_the_anchor_does_not_stop(ask: Any) -> None:
    """`after` is strict: a message at the same instant is not after the interview."""
    answer = message("e1", INTERVIEW["at"], "employer")
    assert ask("2026-11-10T10:00:00-05:00", application(answer, INTERVIEW))[0][0] == "send"


@pytest.mark.parametrize("status", ["rejected", "withdrawn", "hired"])
def test_an_ended_application_is_never_written_about(status: str, ask: Any) -> None:
    """The status alone stops, without an event, and whenever it was set."""
    assert ask("2026-11-10T10:00:00-05:00", application(INTERVIEW, status=status)) == [("stop", "stopped", "core")]


def test_on_hold_holds_until_it_is_over(ask: Any, follow_up: Any) -> None:
    """A follow-up on hold waits for a person; when its time is over it stops."""
    rule, given = follow_up(expires="1 day"), application(INTERVIEW, status="on_hold")
    assert ask("2026-11-10T10:00:00-05:00", given, own=rule)[0][:2] == ("hold", "on_hold")
    assert ask("2026-11-10T15:00:01-05:00", given, own=rule)[0][:2] == ("stop", "expired")


def test_an_opt_out_counts_for_all_applications_of_the_candidate(ask: Any) -> None:
    """Opted out in one, nothing is sent in any, in neither direction, until a strictly later opt-in in any of them."""
    out = {"id": "o1", "type": "opted_out", "at": "2026-10-01T10:00:00Z"}
    back = {"id": "o2", "type": "opted_in", "at": "2026-10-01T10:00:00Z"}
    others = [application(out, id="other"), application(INTERVIEW)]
    assert ask("2026-11-10T10:00:00-05:00", others) == [("stop", "stopped", "core")]
    others = [application(out, id="other"), application(INTERVIEW, back)]
    assert ask("2026-11-10T10:00:00-05:00", others) == [("stop", "stopped", "core")]
    others = [application(out, id="other"), application(INTERVIEW, back | {"at": "2026-10-01T10:00:01Z"})]
    assert ask("2026-11-10T10:00:00-05:00", others)[0][0] == "send"
    strangers = [application(out, id="other", candidate={"id": "c-8"}), application(INTERVIEW)]
    assert ask("2026-11-10T10:00:00-05:00", strangers)[0][0] == "send"


def test_events_later_than_now_are_not_seen(ask: Any) -> None:
    """A plan for yesterday does not know today's answer."""
    answer = message("e3", "2026-11-10T10:00:01-05:00", "employer")
    assert ask("2026-11-10T10:00:00-05:00", application(INTERVIEW, answer))[0][0] == "send"


def test_a_canceled_interview_is_no_anchor(ask: Any) -> None:
    """The latest interview that took place counts; a completed one falls with the scheduled one that it names."""
    later = {"id": "e5", "type": "interview_completed", "at": "2026-11-12T15:00:00-05:00", "interview": "e4"}
    planned = {"id": "e4", "type": "interview_scheduled", "at": "2026-11-10T09:00:00-05:00"}
    canceled = {"id": "e6", "type": "interview_canceled", "at": "2026-11-12T16:00:00-05:00", "interview": "e4"}
    assert ask("2026-11-13T10:00:00-05:00", application(planned, later, canceled)) == []
    assert len(ask("2026-11-13T10:00:00-05:00", application(planned, later))) == 1


def test_everybody_who_took_part_gets_an_occasion_and_a_touch_counts_for_whom_it_names(
    policy_of: Any, follow_up: Any, stops: Any, utc: Any
) -> None:
    """Two interviewers are two occasions in their order; a note to one leaves the other open, one to nobody neither."""
    both = INTERVIEW | {"contacts": ["u-4", "u-3"]}
    del both["contact"]
    to_sam = message("e3", "2026-11-10T09:00:00-05:00", follow_up="thank_you", contact="u-3")
    policy, now = policy_of([follow_up(), stops]), utc("2026-11-10T10:00:00-05:00")
    told = decide([application(both, to_sam)], policy, now).decisions
    assert [(one.occasion, one.contact, one.decision, one.reason) for one in told] == [
        ("e2/u-4", "u-4", "send", "in_window"), ("e2/u-3", "u-3", "stop", "done"),
    ]  # fmt: skip
    to_all = message("e3", "2026-11-10T09:00:00-05:00")
    assert {one.reason for one in decide([application(both, to_all)], policy, now).decisions} == {"done"}
    talk = message("e3", "2026-11-10T09:00:00-05:00", follow_up="none")
    assert {one.decision for one in decide([application(both, talk)], policy, now).decisions} == {"send"}


def test_each_step_counts_from_the_touch_before_it(policy_of: Any, status_check: Any, stops: Any, utc: Any) -> None:
    """After the first touch the second opens seven business days later; after the last it is done."""
    first = message("e3", "2026-11-18T10:00:00-05:00", follow_up="status_check", contact="u-3")
    second = message("e4", "2026-11-30T10:00:00-05:00", follow_up="status_check", contact="u-3")
    policy = policy_of([status_check, stops])
    (one,) = decide([application(INTERVIEW, first)], policy, utc("2026-11-19T10:00:00-05:00")).decisions
    # Thanksgiving, the 26th, does not count.
    assert (one.step, one.decision, one.at) == (2, "wait", utc("2026-11-30T10:00:00-05:00"))
    (two,) = decide([application(INTERVIEW, first, second)], policy, utc("2026-12-01T10:00:00-05:00")).decisions
    assert (two.step, two.decision, two.reason) == (2, "stop", "done")


def test_a_missed_step_does_not_open_the_next(ask: Any, status_check: Any) -> None:
    """Nobody is asked a second time who was not asked a first time."""
    assert ask("2026-12-20T10:00:00-05:00", application(INTERVIEW), own=status_check) == [
        ("stop", "expired", "status-check")
    ]


def test_outside_the_window_it_waits_and_shut_until_the_end_it_expires(ask: Any, follow_up: Any) -> None:
    """At night it waits for nine o'clock; where nine o'clock is too late it stops."""
    assert ask("2026-11-10T22:00:00-05:00", application(INTERVIEW), WORK) == [("wait", "outside_send_window", "office")]
    short = follow_up(expires="36 hours")
    assert ask("2026-11-10T22:00:00-05:00", application(INTERVIEW), WORK, own=short) == [
        ("stop", "expired", "thank-you")
    ]


def test_of_several_waits_the_latest_decides(ask: Any, follow_up: Any) -> None:
    """The cooldown lasts longer than the opening, so it is the cooldown that is told."""
    talk = message("e3", "2026-11-10T09:00:00-05:00", follow_up="none")
    cooldown = {"id": "rest", "kind": "cooldown", "title": "Rest", "at_least": "3 days", "per": "application"}
    given, rule = application(INTERVIEW, talk), follow_up(opens="2 days")
    assert ask("2026-11-10T10:00:00-05:00", given, cooldown, own=rule) == [("wait", "cooldown", "rest")]
    assert ask("2026-11-10T10:00:00-05:00", given, cooldown | {"at_least": "1 hour"}, own=rule)[0][1] == "not_open_yet"


def test_a_cooldown_is_over_at_exactly_its_end(ask: Any) -> None:
    """At the instant at which the wait ends it may be sent; backoff doubles the wait after the second touch."""
    talk = message("e3", "2026-11-10T09:00:00-05:00", follow_up="none")
    rest = {
        "id": "rest",
        "kind": "cooldown",
        "title": "Rest",
        "at_least": "24 hours",
        "per": "application",
        "backoff": 2,
    }
    assert ask("2026-11-11T08:59:59-05:00", application(INTERVIEW, talk), rest)[0][1] == "cooldown"
    assert ask("2026-11-11T09:00:00-05:00", application(INTERVIEW, talk), rest)[0][0] == "send"
    again = message("e4", "2026-11-11T09:00:00-05:00", follow_up="none")
    assert ask("2026-11-13T08:59:59-05:00", application(INTERVIEW, talk, again), rest)[0][1] == "cooldown"
    assert ask("2026-11-13T09:00:00-05:00", application(INTERVIEW, talk, again), rest)[0][0] == "send"


def test_a_limit_stops_and_a_rolling_limit_waits(ask: Any) -> None:
    """Two in all is an end; two within a week is a wait until the older of them is a week old."""
    touches = [message("m1", "2026-11-05T09:00:00-05:00"), message("m2", "2026-11-06T09:00:00-05:00")]
    limit = {"id": "few", "kind": "limit", "title": "Few", "at_most": 2, "per": "application"}
    given = application(*touches, INTERVIEW)
    assert ask("2026-11-10T10:00:00-05:00", given, limit) == [("stop", "limit_reached", "few")]
    assert ask("2026-11-10T10:00:00-05:00", given, limit | {"within": "7 days"}) == [("wait", "limit_reached", "few")]
    assert ask("2026-11-12T09:00:00-05:00", given, limit | {"within": "7 days"})[0][0] == "send"


def test_a_rolling_limit_waits_for_the_touch_that_leaves_last(
    policy_of: Any, follow_up: Any, stops: Any, utc: Any
) -> None:
    """In business days a touch of Saturday evening is counted longer than one of Sunday night: both must go."""
    saturday = message("m1", "2026-11-14T23:00:00-05:00", follow_up="none")
    sunday = message("m2", "2026-11-15T01:00:00-05:00", follow_up="none")
    limit = {"id": "few", "kind": "limit", "title": "F", "at_most": 1, "per": "application", "within": "1 business day"}
    policy = policy_of([follow_up(), stops, limit])
    (one,) = decide([application(INTERVIEW, saturday, sunday)], policy, utc("2026-11-15T10:00:00-05:00")).decisions
    assert (one.decision, one.reason, one.at) == ("wait", "limit_reached", utc("2026-11-16T23:00:00-05:00"))


@pytest.mark.parametrize(("per", "second"), [("candidate", "wait"), ("recipient", "wait"), ("application", "send")])
def test_what_is_planned_counts_for_what_is_planned_after_it(per: str, second: str, ask: Any) -> None:
    """Of two applications only the first may write to the same person today."""
    rest = {"id": "rest", "kind": "cooldown", "title": "Rest", "at_least": "2 days", "per": per}
    several = [application(INTERVIEW), application(INTERVIEW, id="gh-105")]
    assert [one[0] for one in ask("2026-11-10T10:00:00-05:00", several, rest)] == ["send", second]


def test_per_recipient_counts_what_other_candidates_wrote(ask: Any) -> None:
    """`recipient` is the person who reads; another candidate's note to somebody else does not count."""
    rest = {"id": "rest", "kind": "cooldown", "title": "Rest", "at_least": "2 days", "per": "recipient"}
    wrote = message("m1", "2026-11-10T09:00:00-05:00", contact="u-3")
    other = {"id": "x", "candidate": {"id": "c-8"}}
    now = "2026-11-10T10:00:00-05:00"
    assert ask(now, [application(wrote, **other), application(INTERVIEW)], rest) == [("wait", "cooldown", "rest")]
    elsewhere = wrote | {"contact": "u-4"}
    assert ask(now, [application(elsewhere, **other), application(INTERVIEW)], rest)[0][0] == "send"


def test_of_competing_rules_the_first_that_holds_is_used_even_if_its_time_is_over(
    policy_of: Any, follow_up: Any, stops: Any, utc: Any
) -> None:
    """The second rule is no second chance; where the first does not hold, the second is used."""
    first, second = follow_up("first", when={"stage": "onsite"}, expires="1 hour"), follow_up("second")
    policy, now = policy_of([first, second, stops]), utc("2026-11-10T10:00:00-05:00")
    (one,) = decide([application(INTERVIEW)], policy, now).decisions
    assert (one.rule, one.reason, one.passed_over) == ("first", "expired", ("second",))
    (two,) = decide([application(INTERVIEW, stage="offer")], policy, now).decisions
    assert (two.rule, two.decision) == ("second", "send")


def test_an_unknown_zone_holds_unless_a_window_names_one(ask: Any) -> None:
    """No hour of the day is safe for somebody whose zone is not known; a fallback says which to take."""
    given = application(INTERVIEW, job={"id": "j-9", "country": "US"}, contacts=[{"id": "u-3"}])
    now = "2026-11-10T10:00:00-05:00"
    assert ask(now, given, WORK) == [("hold", "unknown_timezone", "thank-you")]
    assert ask(now, given, WORK | {"fallback_timezone": "America/New_York"})[0][0] == "send"
    assert ask(now, given | {"status": "rejected"}, WORK) == [("stop", "stopped", "core")]


def test_a_refused_application_holds_its_siblings(ask: Any) -> None:
    """What a refused application knew is not known: the candidate's others are held, those of strangers are not."""
    broken = application(INTERVIEW, id="x", stge="typo")
    now = "2026-11-10T10:00:00-05:00"
    assert ask(now, [broken, application(INTERVIEW)]) == [("hold", "refused_sibling", "thank-you")]
    assert ask(now, [application(INTERVIEW), broken]) == [("hold", "refused_sibling", "thank-you")]
    assert ask(now, [broken, application(INTERVIEW, candidate={"id": "c-8"})])[0][0] == "send"
    doubles = [application(INTERVIEW, id="x"), application(id="x"), application(INTERVIEW)]
    assert ask(now, doubles) == [("hold", "refused_sibling", "thank-you")]


def test_a_stop_beats_a_refused_sibling(ask: Any) -> None:
    """What would stop anyway stops."""
    broken = application(INTERVIEW, id="x", stge="typo")
    given = [broken, application(INTERVIEW, status="hired")]
    assert ask("2026-11-10T10:00:00-05:00", given) == [("stop", "stopped", "core")]


def test_a_candidate_without_an_id_is_refused_where_rules_count_across(
    policy_of: Any, follow_up: Any, stops: Any, utc: Any
) -> None:
    """FR210 where something counts per candidate; decided where nothing does."""
    nobody, now = application(INTERVIEW, candidate={"name": "Ada"}), utc("2026-11-10T10:00:00-05:00")
    limit = {"id": "few", "kind": "limit", "title": "Few", "at_most": 2, "per": "candidate"}
    plan = decide([nobody], policy_of([follow_up(), stops, limit]), now)
    assert (plan.decisions, [one.problems[0].code for one in plan.refused]) == ((), ["FR210"])
    assert len(decide([nobody], policy_of([follow_up(), stops]), now).decisions) == 1


def test_a_promise_is_waited_for_until_the_day_is_over(policy_of: Any, follow_up: Any, stops: Any, utc: Any) -> None:
    """A decision promised by the 18th is late from the last second of that day on the recipient's clock."""
    promise = {"id": "e5", "type": "decision_promised", "at": "2026-11-11T09:00:00-05:00", "by": "2026-11-18"}
    policy = policy_of([follow_up(after="decision_promised"), stops])
    (one,) = decide([application(promise)], policy, utc("2026-11-12T09:00:00-05:00")).decisions
    assert (one.decision, one.at) == ("wait", utc("2026-11-18T23:59:59-05:00"))
    later = policy_of([follow_up(after="decision_promised", opens="1 minute"), stops])
    (one,) = decide([application(promise)], later, utc("2026-11-12T09:00:00-05:00")).decisions
    assert one.at == utc("2026-11-19T00:00:59-05:00")


# --- Actions -------------------------------------------------------------------------------------------------------


def test_actions_are_stable_and_unlike_each_other(policy_of: Any, follow_up: Any, stops: Any, utc: Any) -> None:
    """The same decision a day later asks for the same actions; another contact, rule or thing to do for others."""
    both = INTERVIEW | {"contacts": ["u-3", "u-4"]}
    del both["contact"]
    rules = [follow_up(do=["draft_message", "create_task"]), follow_up("update", follow_up="update"), stops]
    given = [application(both), application(both, id="gh-105")]
    policy = policy_of(rules)
    ids = [
        [action.id for one in decide(given, policy, utc(now)).decisions for action in one.actions]
        for now in ("2026-11-10T10:00:00-05:00", "2026-11-11T10:00:00-05:00")
    ]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0]) == 12
    assert "6" * 32 not in ids[0]
    first = decide([application(both)], policy_of(copy.deepcopy(rules)), utc("2026-11-10T10:00:00-05:00")).decisions[0]
    assert first.actions[0].id == ids[0][0]


@pytest.mark.parametrize("event", ["rejected", "opted_out"])
def test_what_is_stopped_or_held_asks_for_nothing(
    event: str, policy_of: Any, follow_up: Any, stops: Any, utc: Any
) -> None:
    """No action can slip out of a decision that is no send."""
    over = {"id": "x", "type": event, "at": "2026-11-09T16:00:00-05:00"}
    now: datetime = utc("2026-11-10T10:00:00-05:00")
    (one,) = decide([application(INTERVIEW, over)], policy_of([follow_up(), stops]), now).decisions
    assert (one.decision, one.actions, one.at, one.draft) == ("stop", (), None, None)
    (held,) = decide([application(INTERVIEW, status="on_hold")], policy_of([follow_up(), stops]), now).decisions
    assert (held.decision, held.actions) == ("hold", ())
