"""Conditions: three values and a fourth, every operator, every type; unknown never sends."""

from __future__ import annotations

import itertools
from datetime import datetime, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from followup_rules.facts import Case, Timeline
from followup_rules.judge.decide import decide
from followup_rules.matching.native import NativeMatcher
from followup_rules.matching.truth import Truth
from followup_rules.model.application import Application
from followup_rules.rules.read_condition import read_condition
from followup_rules.timing.place import Place, find_place

NOW = datetime(2026, 11, 20, 15, tzinfo=timezone.utc)
NEW_YORK = find_place("America/New_York", "US", "NY")
T, F, U, Z = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN, Truth.NO_ZONE

APPLICATION = Application.model_validate(
    {
        "id": "a-1",
        "status": "active",
        "stage": "onsite",
        "candidate": {"id": "c-1", "name": "Ada", "country": "DE"},
        "job": {"id": "j-1", "company": "Northwind", "sector": "technology"},
        "contacts": [{"id": "u-1"}, {"id": "u-2"}],
        "attributes": {
            "referral": True, "score": 7, "ratio": 2.5, "tier": "gold", "tags": ["a", 1, True],
            "empty": [], "none": None,
            "deep": {"inner": 3}, "a.b": "whole", "zero": 0, "one": 1, "text": "1",
        },
        "events": [
            {"id": "e1", "type": "applied", "at": "2026-11-02T09:00:00-05:00"},
            {"id": "e2", "type": "interview_completed", "at": "2026-11-09T15:00:00-05:00", "contact": "u-1"},
            {"id": "e3", "type": "message", "from": "candidate", "at": "2026-11-10T10:00:00-05:00",
             "follow_up": "thank_you", "contact": "u-1", "channel": "email"},
            {"id": "e4", "type": "message", "from": "employer", "at": "2026-11-11T10:00:00-05:00", "auto_reply": True},
            {"id": "e5", "type": "message", "from": "employer", "at": "2026-11-12T10:00:00-05:00"},
            {"id": "e6", "type": "message", "from": "candidate", "at": "2026-11-13T10:00:00-05:00"},
            {"id": "e7", "type": "stage_changed", "to": "onsite", "at": "2026-11-13T11:00:00-05:00"},
            {"id": "e8", "type": "interview_completed", "at": "2026-11-14T11:00:00-05:00"},
            {"id": "e9", "type": "interview_canceled", "interview": "e8", "at": "2026-11-14T12:00:00-05:00"},
            {"id": "f0", "type": "decision_promised", "by": "2026-11-18", "at": "2026-11-14T13:00:00-05:00"},
            {"id": "f1", "type": "offer_made", "at": "2026-12-01T13:00:00-05:00"},
        ],
    }
)  # fmt: skip


def truth(when: Any, place: Place | None = NEW_YORK, direction: Any = "candidate_to_employer") -> Truth:
    case = Case(Timeline(APPLICATION, NOW), direction, place)
    return NativeMatcher((read_condition(when),)).match(case).truths[0]


VALUES: dict[Truth, Any] = {
    T: {"stage": "onsite"},
    F: {"stage": "offer"},
    U: {"attributes.gone": 1},
    Z: {"business_days_since.applied": {"at_least": 1}},
}


@pytest.mark.parametrize(("left", "right"), list(itertools.product(VALUES, VALUES)))
def test_all_is_the_least_certain_conjunction(left: Truth, right: Truth) -> None:
    """False beats unknown beats zone-unknown beats true, in either order, and as keys of one mapping."""
    wanted = next(value for value in (F, U, Z, T) if value in (left, right))
    assert truth({"all": [VALUES[left], VALUES[right]]}, None) is wanted
    if left is not right and {left, right} != {T, F}:
        assert truth({**VALUES[left], **VALUES[right]}, None) is wanted


@pytest.mark.parametrize(("left", "right"), list(itertools.product(VALUES, VALUES)))
def test_any_is_the_least_certain_disjunction(left: Truth, right: Truth) -> None:
    """True beats unknown beats zone-unknown beats false, in either order."""
    wanted = next(value for value in (T, U, Z, F) if value in (left, right))
    assert truth({"any": [VALUES[left], VALUES[right]]}, None) is wanted


@pytest.mark.parametrize("value", VALUES)
def test_not_turns_what_is_known_and_nothing_else(value: Truth) -> None:
    """Unknown stays unknown, twice turned is the same."""
    wanted = {T: F, F: T}.get(value, value)
    assert truth({"not": VALUES[value]}, None) is wanted
    assert truth({"not": {"not": VALUES[value]}}, None) is value


TESTS: list[tuple[Any, Truth]] = [
    # equality
    ({"stage": "onsite"}, T),
    ({"stage": "Onsite"}, F),
    ({"stage": {"is": "onsite"}}, T),
    ({"stage": {"is_not": "onsite"}}, F),
    ({"stage": ["offer", "onsite"]}, T),
    ({"stage": ["offer"]}, F),
    ({"stage": {"one_of": ["onsite"]}}, T),
    ({"stage": {"none_of": ["onsite"]}}, F),
    ({"stage": {"none_of": ["offer"]}}, T),
    ({"status": "active"}, T),
    ({"status": ["hired", "rejected"]}, F),
    ({"candidate.country": "DE"}, T),
    ({"job.company": "Northwind"}, T),
    # what is missing is unknown, however it is asked
    ({"job.region": "NY"}, U),
    ({"job.region": {"is_not": "NY"}}, U),
    ({"job.region": {"none_of": ["NY"]}}, U),
    ({"attributes.none": 1}, U),
    ({"attributes.gone": {"contains": "x"}}, U),
    ({"attributes.deep.gone": 1}, U),
    ({"hours_since.hired": {"at_least": 1}}, U),
    ({"hours_since.offer_made": {"at_least": 1}}, U),
    # but presence is always known
    ({"job.region": {"present": False}}, T),
    ({"job.region": {"present": True}}, F),
    ({"stage": {"present": True}}, T),
    ({"attributes.none": {"present": False}}, T),
    ({"attributes.zero": {"present": True}}, T),
    ({"attributes.empty": {"present": True}}, T),
    ({"promised_by_passed": {"present": True}}, T),
    # numbers
    ({"touches": 2}, T),
    ({"replies": 1}, T),
    ({"unanswered_touches": 1}, T),
    ({"interviews": 1}, T),
    ({"touches": {"at_least": 2}}, T),
    ({"touches": {"more_than": 2}}, F),
    ({"touches": {"at_most": 2}}, T),
    ({"touches": {"less_than": 2}}, F),
    ({"touches": {"at_least": 1, "at_most": 1}}, F),
    ({"touches": 2.0}, T),
    ({"hours_since.applied": {"at_least": 433}}, T),
    ({"hours_since.applied": {"more_than": 433}}, F),
    ({"business_days_since.applied": {"is": 12}}, T),
    ({"promised_by_passed": True}, T),
    # attributes: equality across types is false, an ordering or `contains` across types is unknown
    ({"attributes.referral": True}, T),
    ({"attributes.referral": 1}, F),
    ({"attributes.one": True}, F),
    ({"attributes.one": 1}, T),
    ({"attributes.one": 1.0}, T),
    ({"attributes.one": "1"}, F),
    ({"attributes.text": 1}, F),
    ({"attributes.text": "1"}, T),
    ({"attributes.referral": {"is_not": 1}}, T),
    ({"attributes.zero": False}, F),
    ({"attributes.tier": {"at_least": 1}}, U),
    ({"attributes.referral": {"at_least": 1}}, U),
    ({"attributes.tags": {"more_than": 1}}, U),
    ({"attributes.ratio": {"less_than": 3}}, T),
    ({"attributes.score": {"at_least": 7}}, T),
    ({"attributes.score": {"contains": "7"}}, U),
    ({"attributes.deep": {"contains": "inner"}}, U),
    ({"attributes.tags": {"contains": "a"}}, T),
    ({"attributes.tags": {"contains": "A"}}, F),
    ({"attributes.tags": {"contains": 1}}, T),
    ({"attributes.tags": {"contains": "1"}}, F),
    ({"attributes.empty": {"contains": 1}}, F),
    ({"attributes.tier": {"contains": "ol"}}, T),
    ({"attributes.tier": {"contains": "OL"}}, F),
    ({"attributes.tier": {"contains": 1}}, U),
    ({"attributes.deep.inner": 3}, T),
    ({"attributes.a.b": "whole"}, T),
    ({"attributes.tags": "a"}, F),
    ({"job.company": {"contains": "wind"}}, T),
    # patterns
    ({"happened": {"event": "applied"}}, T),
    ({"happened": {"event": "hired"}}, F),
    ({"not_happened": {"event": "hired"}}, T),
    ({"happened": {"event": "offer_made"}}, F),
    ({"happened": {"event": "reply"}}, T),
    ({"happened": {"event": "message", "from": "employer", "after": "interview_completed"}}, T),
    ({"happened": {"event": "reply", "after": "stage_changed"}}, F),
    ({"not_happened": {"event": "reply", "after": "stage_changed"}}, T),
    ({"happened": {"event": "reply", "after": "hired"}}, U),
    ({"not_happened": {"event": "reply", "after": "hired"}}, U),
    ({"happened": {"event": "message", "auto_reply": True}}, T),
    ({"happened": {"event": "message", "auto_reply": True, "from": "candidate"}}, F),
    ({"happened": {"event": "message", "contact": "u-1"}}, T),
    ({"happened": {"event": "message", "contact": "u-2"}}, F),
    ({"happened": {"event": "message", "channel": "email"}}, T),
    ({"happened": {"event": "message", "channel": "phone"}}, F),
    ({"happened": {"event": "message", "follow_up": "thank_you"}}, T),
    ({"happened": {"event": "stage_changed", "to": "onsite"}}, T),
    ({"happened": {"event": "stage_changed", "to": "offer"}}, F),
    ({"happened": [{"event": "applied"}, {"event": "hired"}]}, F),
    ({"not_happened": [{"event": "hired"}, {"event": "bounced"}]}, T),
    ({"not_happened": [{"event": "hired"}, {"event": "applied"}]}, F),
    ({"happened": {"event": "reply", "within": "192 hours"}}, F),
    ({"happened": {"event": "reply", "within": "193 hours"}}, T),
    ({"happened": {"event": "reply", "within": "5 business days"}}, F),
    ({"happened": {"event": "reply", "within": "7 business days"}}, T),
    ({"happened": {"event": "interview_completed", "after": "stage_changed"}}, F),
]


@pytest.mark.parametrize(("when", "wanted"), TESTS, ids=lambda value: str(value)[:80])
def test_every_operator_on_every_type(when: Any, wanted: Truth) -> None:
    """Text compares case-sensitively, `true` is not 1, and what is missing is unknown; what is canceled is not seen."""
    assert truth(when) is wanted
    assert truth({"not": when}) is {T: F, F: T}.get(wanted, wanted)


@pytest.mark.parametrize(
    ("when", "wanted"),
    [
        ({"business_days_since.applied": 1}, Z),
        ({"business_days_since.hired": 1}, U),
        ({"business_days_since.applied": {"present": True}}, T),
        ({"promised_by_passed": True}, Z),
        ({"promised_by_passed": {"present": True}}, T),
        ({"happened": {"event": "reply", "within": "3 days"}}, Z),
        ({"happened": {"event": "reply", "within": "3 business hours"}}, Z),
        ({"happened": {"event": "reply", "within": "72 hours"}}, F),
        ({"happened": {"event": "reply", "within": "0 days"}}, F),
        ({"happened": {"event": "reply", "within": "3 days", "after": "hired"}}, U),
        ({"hours_since.applied": {"at_least": 1}}, T),
    ],
    ids=str,
)
def test_without_a_zone_only_local_time_is_unknown(when: Any, wanted: Truth) -> None:
    """What needs the recipient's clock is zone-unknown; elapsed time, presence and missing events do not need it."""
    assert truth(when, None) is wanted


def test_directions_are_those_of_the_follow_up() -> None:
    """Touches of one direction are the messages of its writing side; replies are the other side's."""
    assert truth({"touches": 2, "replies": 1}, direction="candidate_to_employer") is T
    assert truth({"touches": 1, "replies": 2, "unanswered_touches": 0}, direction="employer_to_candidate") is T


UNKNOWN = {"attributes.gone": 1}
RESTRICTIONS: dict[str, dict[str, Any]] = {
    "stop": {"kind": "stop", "on": ["applied"], "since": "ever"},
    "limit": {"kind": "limit", "at_most": 1, "per": "application"},
    "cooldown": {"kind": "cooldown", "at_least": "20 days", "per": "application"},
    "window": {"kind": "send_window", "open": "Sun 01:00-02:00"},
}


@pytest.mark.parametrize("name", RESTRICTIONS)
@pytest.mark.parametrize(("when", "restricts"), [(UNKNOWN, True), ({"not": UNKNOWN}, True), ({"stage": "x"}, False)])
def test_unknown_keeps_a_restriction_in_force(
    name: str, when: Any, restricts: bool, policy_of: Any, follow_up: Any, stops: Any
) -> None:
    """A restricting rule whose condition is unknown restricts; only one that is false does not."""
    rule = {"id": "mine", "title": "Mine", "when": when} | RESTRICTIONS[name]
    (decision,) = decide([with_place()], policy_of([follow_up(), stops, rule]), SOON).decisions
    assert (decision.decision == "send") == (not restricts)
    assert (decision.decided_by.id == "mine") == restricts


@pytest.mark.parametrize(
    ("when", "count"), [(UNKNOWN, 0), ({"not": UNKNOWN}, 0), ({"stage": "onsite"}, 1), ({"stage": "x"}, 0)]
)
def test_unknown_does_not_let_a_follow_up_apply(
    when: Any, count: int, policy_of: Any, follow_up: Any, stops: Any
) -> None:
    """A follow-up applies where its condition is true, and nowhere else."""
    assert len(decide([with_place()], policy_of([follow_up(when=when), stops]), SOON).decisions) == count


@pytest.mark.parametrize("kind", ["follow-up", *RESTRICTIONS])
def test_a_condition_that_lacks_only_the_zone_holds(kind: str, policy_of: Any, follow_up: Any, stops: Any) -> None:
    """Whichever rule cannot be judged without the zone: the follow-up is held, and told why."""
    when = VALUES[Z]
    rules = [follow_up(when=when) if kind == "follow-up" else follow_up(), stops]
    if kind != "follow-up":
        rules.append({"id": "mine", "title": "Mine", "when": when} | RESTRICTIONS[kind])
    placeless = with_place() | {"job": {"id": "j-1"}}
    (decision,) = decide([placeless], policy_of(rules), SOON).decisions
    assert (decision.decision, decision.reason) == ("hold", "unknown_timezone")


SOON = datetime(2026, 11, 10, 16, tzinfo=timezone.utc)


def with_place() -> dict[str, Any]:
    return {
        "id": "a-1", "status": "active", "stage": "onsite",
        "job": {"id": "j-1", "timezone": "America/New_York", "country": "US"},
        "events": [
            {"id": "e1", "type": "applied", "at": "2026-11-02T09:00:00-05:00"},
            {"id": "e2", "type": "message", "from": "candidate", "at": "2026-11-08T09:00:00-05:00"},
            {"id": "e3", "type": "interview_completed", "at": "2026-11-09T09:00:00-05:00"},
        ],
    }  # fmt: skip


def test_a_condition_nests_twenty_deep_and_no_deeper() -> None:
    """Deeper nesting is refused with a message, not with a recursion error."""
    when: Any = {"stage": "onsite"}
    for _ in range(15):
        when = {"not": when}
    assert truth(when) is F
    for _ in range(200):
        when = {"not": when}
    with pytest.raises(ValidationError, match="nested more than 20 deep"):
        read_condition(when)
