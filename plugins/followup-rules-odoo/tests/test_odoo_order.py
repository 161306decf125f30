"""Odoo tells whole seconds; what happened within one keeps its order all the same."""

from __future__ import annotations

from typing import Any

import pytest
from followup_rules_odoo.messages import People, message_events
from followup_rules_odoo.people import Directory
from followup_rules_odoo.records import spoken
from followup_rules_odoo.settings import OdooSettings
from followup_rules_odoo.telling import Told, application_data

from followup_rules.model.application import Application
from followup_rules.model.times import parse_time

SECOND = "2026-09-15 14:00:00"
NUMBERS = range(97, 104)


def _message(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "date": SECOND, "message_type": "comment", "author_id": [7, "Ada"], "body": "x", **more}


def test_messages_of_one_second_are_in_the_order_of_their_numbers() -> None:
    """Number 100 comes after 99, in whatever order they are told; each has a moment of its own."""
    people = People(7, frozenset(), frozenset(), {})
    told = list(message_events([_message(one) for one in reversed(NUMBERS)], frozenset(), people))
    by_time = [one["id"] for one in sorted(told, key=lambda event: parse_time(event["at"]))]
    assert by_time == [f"mail.message:{one}" for one in NUMBERS]
    assert len({one["at"] for one in told}) == len(NUMBERS)


def test_the_moment_of_a_message_is_its_own_second() -> None:
    """A little later than Odoo says, as what else happened in that second is told without more; no date, no moment."""
    other = _message(2, date="2026-09-15 14:00:01")
    assert spoken([other, _message(1), _message(3, date=False)]) == {
        1: "2026-09-15T14:00:00.000001+00:00",
        2: "2026-09-15T14:00:01.000001+00:00",
    }


def test_an_answer_in_the_second_of_a_new_stage_comes_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stage is reached by message 99 and answered by 100: what stops a follow-up is not hidden by the clock."""
    monkeypatch.setenv("ODOO_KEY", "k")
    record = {"id": 1, "create_date": "2026-09-14 08:00:00", "stage_id": [2, "Second"], "partner_id": [7, "Ada"]}
    messages = [_message(99, message_type="notification"), _message(100, message_type="email")]
    change = {"id": 1000, "at": SECOND, "message": 99, "old": 1, "new": 2}
    settings = OdooSettings.model_validate({"url": "https://odoo.example.com", "database": "d", "key": "env:ODOO_KEY"})
    told = Told(record, [], messages, [change], None, {1: "First", 2: "Second"}, frozenset())
    directory = Directory(lambda model, domain, fields: [])
    data = application_data("hr.applicant", told, directory, settings, parse_time("2026-09-16T00:00:00Z"))
    events = Application.model_validate(data).events
    assert [event.type for event in events][-2:] == ["stage_changed", "message"]
    assert events[-2].at < events[-1].at
