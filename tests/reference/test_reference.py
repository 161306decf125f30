"""Hand-computed decisions: each test states what LANGUAGE.md promises for one small case."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from .clock import UTC, moment_of
from .evaluator import decide
from .samples import (
    INTERVIEW,
    STOPS,
    TWO_STEPS,
    WORK,
    Json,
    application,
    follow_up,
    message,
    only,
    rule,
    said,
)


def test_the_worked_example_of_the_contract() -> None:
    """The fifth business day after Monday 9 November is Tuesday the 17th, for the 11th is Veterans Day."""
    events = [
        {"id": "e1", "type": "applied", "at": "2026-11-02T09:12:00-05:00"},
        INTERVIEW,
        message("e3", "2026-11-10T10:00:00-05:00", follow_up="thank_you", contact="u-3"),
        message("e4", "2026-11-11T08:30:00-05:00", "employer", auto_reply=True),
        {"id": "e5", "type": "decision_promised", "at": "2026-11-11T09:00:00-05:00", "by": "2026-11-18"},
    ]
    found = only("2026-11-12T12:00:00Z", application(*events), follow_up(steps=TWO_STEPS), STOPS, WORK)
    assert said(found) == ("wait", "not_open_yet", "status-check")
    assert (found["application"], found["occasion"], found["step"]) == ("gh-104", "e2", 1)
    assert found["at"] == moment_of("2026-11-17T15:00:00-05:00")
    assert found["due_at"] == moment_of("2026-11-18T15:00:00-05:00")
    assert found["expires_at"] == moment_of("2026-11-24T15:00:00-05:00")


def test_opens_and_expires_are_inclusive() -> None:
    """At `opens` and at `expires` exactly it is sent; one second outside it is not."""
    timing = follow_up(opens="1 day", expires="2 days")
    app = application(INTERVIEW)
    assert said(only("2026-11-10T19:59:59Z", app, timing))[:2] == ("wait", "not_open_yet")
    assert said(only("2026-11-10T20:00:00Z", app, timing))[:2] == ("send", "in_window")
    assert said(only("2026-11-11T20:00:00Z", app, timing))[:2] == ("send", "in_window")
    assert said(only("2026-11-11T20:00:01Z", app, timing))[:2] == ("stop", "expired")


def test_window_starts_are_inclusive_and_ends_exclusive() -> None:
    """17:30 is shut and moves to Thursday 09:00, as holidays are skipped; 09:00 is open."""
    window = {**WORK, "skip_holidays": True}
    found = only("2026-11-10T17:30:00-05:00", application(INTERVIEW), follow_up(), window)
    assert said(found) == ("wait", "outside_send_window", "office")
    assert found["at"] == moment_of("2026-11-12T09:00:00-05:00")
    assert only("2026-11-12T09:00:00-05:00", application(INTERVIEW), follow_up(), window)["decision"] == "send"


def test_windows_intersect_and_the_first_shut_one_decides() -> None:
    """Of two windows the one that is shut now is named; the moment is in both."""
    late = rule("send_window", "late", open=["Sat-Mon 20:00-24:00", "Tue-Tue 17:00-24:00"])
    found = only("2026-11-10T16:00:00-05:00", application(INTERVIEW), follow_up(), WORK, late)
    assert said(found) == ("wait", "outside_send_window", "late")
    assert found["at"] == moment_of("2026-11-10T17:00:00-05:00")


def test_a_wait_moved_beyond_expires_is_expired_now() -> None:
    """If the moment so found is after `expires` it is `stop`, expired, by the follow-up rule."""
    timing = follow_up(expires="5 hours")
    found = only("2026-11-09T18:00:00-05:00", application(INTERVIEW), timing, WORK)
    assert said(found) == ("stop", "expired", "status-check")
    assert (found["at"], found["expires_at"]) == (None, moment_of("2026-11-09T20:00:00-05:00"))


def test_a_wait_keeps_its_own_reason_when_it_is_moved() -> None:
    """The reason is that of the latest wait before moving."""
    found = only("2026-11-09T16:00:00-05:00", application(INTERVIEW), follow_up(opens="4 hours"), WORK)
    assert said(found) == ("wait", "not_open_yet", "status-check")
    assert found["at"] == moment_of("2026-11-10T09:00:00-05:00")


def test_business_hours_follow_the_windows_that_apply() -> None:
    """With a window of 08:00-10:00, three business hours from Monday 15:00 end on Thursday 09:00."""
    window = rule("send_window", open="Mon-Sun 08:00-10:00")
    found = only("2026-11-09T16:00:00-05:00", application(INTERVIEW), follow_up(opens="3 business hours"), window)
    assert found["at"] == moment_of("2026-11-12T09:00:00-05:00")


def test_business_time_that_never_comes_is_expired() -> None:
    """A window on Sundays only never opens on a business date."""
    window = rule("send_window", open="Sun 08:00-10:00")
    found = only("2026-11-09T16:00:00-05:00", application(INTERVIEW), follow_up(opens="3 business hours"), window)
    assert said(found) == ("stop", "expired", "status-check")


@pytest.mark.parametrize(("earlier", "hours"), [(0, 25), (1, 38), (2, 57), (3, 85)])
def test_backoff_multiplies_and_rounds_up(earlier: int, hours: int) -> None:
    """25 hours, then 37.5, 56.25 and 84.375, each rounded up to a whole hour."""
    cooldown = rule("cooldown", "rest", at_least="25 hours", per="application", backoff=1.5)
    old = [message(f"m{n}", f"2026-11-0{n + 2}T10:00:00-05:00", follow_up="none") for n in range(earlier)]
    events = [INTERVIEW, *old, message("m9", "2026-11-10T10:00:00-05:00", follow_up="none")]
    found = only("2026-11-10T12:00:00-05:00", application(*events), follow_up(), cooldown)
    assert said(found) == ("wait", "cooldown", "rest")
    assert found["at"] - moment_of("2026-11-10T10:00:00-05:00") == timedelta(hours=hours)


def test_backoff_of_business_days_is_rounded_up_to_a_whole_day() -> None:
    """After the second touch 3 x 1.5 = 4.5, so five business days; a reply between them starts anew at 3."""
    cooldown = rule("cooldown", at_least="3 business days", per="application", backoff=1.5)
    touches = [message("m1", "2026-10-30T10:00:00-04:00"), message("m2", "2026-11-04T10:00:00-05:00")]
    app = application({"id": "e0", "type": "applied", "at": "2026-11-05T10:00:00-05:00"}, *touches)
    found = only("2026-11-06T10:00:00-05:00", app, follow_up(after="applied"), cooldown)
    assert found["at"] == moment_of("2026-11-12T10:00:00-05:00")  # 5, 6, 9, 10, (11 is a holiday), 12
    app["events"].append(message("m3", "2026-11-03T10:00:00-05:00", "employer"))
    found = only("2026-11-06T10:00:00-05:00", app, follow_up(after="applied"), cooldown)
    assert found["at"] == moment_of("2026-11-09T10:00:00-05:00")  # 5, 6, 9


def test_a_cooldown_is_over_at_exactly_its_end() -> None:
    """At exactly its end it is over."""
    cooldown = rule("cooldown", at_least="2 hours", per="application")
    app = application(INTERVIEW, message("m1", "2026-11-10T10:00:00-05:00", follow_up="none"))
    assert only("2026-11-10T11:59:59-05:00", app, follow_up(), cooldown)["reason"] == "cooldown"
    assert only("2026-11-10T12:00:00-05:00", app, follow_up(), cooldown)["decision"] == "send"


def test_the_latest_wait_wins_and_opening_wins_ties() -> None:
    """Opening at noon ties with a cooldown until noon: not_open_yet; a later cooldown wins."""
    app = application(INTERVIEW, message("m1", "2026-11-10T10:00:00-05:00", follow_up="none"))
    rest = rule("cooldown", "rest", at_least="2 hours", per="application")
    tie = only("2026-11-10T11:00:00-05:00", app, rest, follow_up(opens="21 hours"))
    assert said(tie) == ("wait", "not_open_yet", "status-check")
    later = {**rest, "at_least": "3 hours"}
    assert said(only("2026-11-10T11:00:00-05:00", app, later, follow_up(opens="21 hours")))[1] == "cooldown"


@pytest.mark.parametrize(
    ("extra", "status", "now", "expected"),
    [
        ([message("r", "2026-11-10T10:00:00Z", "employer")], "on_hold", "2026-12-24", ("stop", "stopped")),
        ([message("t", "2026-11-10T10:00:00Z")], "on_hold", "2026-12-24", ("stop", "done")),
        ([message("t", "2026-11-09T10:00:00Z")], "on_hold", "2026-12-24", ("stop", "limit_reached")),
        ([], "on_hold", "2026-12-24", ("stop", "expired")),
        ([], "on_hold", "2026-11-11", ("hold", "on_hold")),
        ([], "active", "2026-11-11", ("send", "in_window")),
        ([], "rejected", "2026-11-11", ("stop", "stopped")),
        ([message("r", "2026-11-09T20:00:00Z", "employer")], "active", "2026-11-11", ("send", "in_window")),
        ([message("r", "2026-11-10T20:00:00Z", "employer", auto_reply=True)], "active", "2026-11-11",
         ("send", "in_window")),
    ],
)  # fmt: skip
def test_the_order_of_folding(extra: list[Json], status: str, now: str, expected: tuple[str, str]) -> None:
    """Stops: stopped, done, limit_reached, expired; then holds; a hold lasts until now is past `expires`."""
    limit = rule("limit", at_most=1, per="application")
    app = application(INTERVIEW, *extra, status=status)
    found = only(f"{now}T18:00:00Z", app, follow_up(), limit, STOPS)
    assert said(found)[:2] == expected


def test_an_unknown_zone_holds_but_only_after_three_stops() -> None:
    """Expiry does not come before unknown_timezone; a limit without `within` does; on_hold does."""
    app = application(INTERVIEW, job={"id": "j"}, contacts=[{"id": "u-3", "timezone": "Mars/Olympus"}])
    held = only("2027-01-10T12:00:00Z", app, follow_up(expires="1 hour"))
    assert said(held) == ("hold", "unknown_timezone", "status-check")
    app["events"].append(message("t", "2026-11-09T10:00:00Z"))
    limit = rule("limit", at_most=1, per="application")
    assert only("2026-11-10T12:00:00Z", app, follow_up(), limit)["reason"] == "limit_reached"
    assert only("2026-11-10T12:00:00Z", app, follow_up(), {**limit, "within": "5 days"})["decision"] == "hold"
    assert only("2026-11-10T12:00:00Z", {**app, "status": "on_hold"}, follow_up())["reason"] == "on_hold"


def test_the_fallback_is_that_of_the_first_applicable_window() -> None:
    """12:00 UTC is shut in New York and open in Berlin; a window that does not apply gives nothing."""
    app = application(INTERVIEW, job={"id": "j"}, contacts=[{"id": "u-3"}])
    american = {**WORK, "id": "us", "fallback_timezone": "America/New_York"}
    german = {**WORK, "id": "de", "fallback_timezone": "Europe/Berlin"}
    other = {**WORK, "direction": "employer_to_candidate"}
    assert said(only("2026-11-10T12:00:00Z", app, follow_up(), other, american, german))[2] == "us"
    assert said(only("2026-11-10T12:00:00Z", app, follow_up(), german, american))[0] == "send"
    assert said(only("2026-11-10T12:00:00Z", app, follow_up(), WORK, german))[1] == "unknown_timezone"


def test_now_may_have_any_offset() -> None:
    """The moment to act is now itself."""
    found = decide([application(INTERVIEW)], [follow_up()], datetime.fromisoformat("2026-11-10T12:00:00+05:30"))
    assert found[0]["at"] == datetime(2026, 11, 10, 6, 30, tzinfo=UTC)
