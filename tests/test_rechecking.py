"""The decision just before: taken on what the newest files say, alone or together with all other applications."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from conftest import Json
from followup_rules.adapter import Order, orders
from followup_rules.delivering.judging import still_wanted
from followup_rules.delivering.rechecking import Newest, version_of_files
from followup_rules.errors import InvalidInput
from followup_rules.judge.decide import decide
from followup_rules.load.applications import read_applications
from followup_rules.policy import Policy

NOW = datetime(2026, 11, 10, 15, tzinfo=timezone.utc)
PolicyOf = Callable[..., Policy]
TEXT = """
- id: {id}
  status: {status}
  candidate: {{id: c-1, name: Ada, timezone: America/New_York, country: US}}
  contacts: [{{id: u-1, name: Sam, timezone: America/New_York, country: US}}]
  events: [{{id: e1, type: interview_completed, at: 2026-11-09T15:00:00-05:00, contact: u-1}}]
"""


def newest(policy: Policy, file: Path) -> Newest:
    return Newest(policy, lambda: read_applications(file, file.name), version_of_files([file]))


def planned(policy: Policy, file: Path) -> list[Order]:
    items: list[Any] = [one.item for one in read_applications(file, file.name)]
    known = {one.id: one for one in items}
    return [one for made in decide(items, policy, NOW).decisions for one in orders(made, known[made.application])]


@pytest.fixture
def policy(policy_of: PolicyOf, follow_up: Callable[..., Json], stops: Json) -> Policy:
    return policy_of([follow_up(do=["create_task"]), stops])


def test_the_newest_file_counts(policy: Policy, tmp_path: Path) -> None:
    """What was wanted is still wanted, until the file says something else."""
    file = tmp_path / "apps.yaml"
    file.write_text(TEXT.format(id="a-1", status="active"))
    (order,) = planned(policy, file)
    source = newest(policy, file)
    assert still_wanted(order, source.recheck(order, NOW), NOW) == order
    file.write_text(TEXT.format(id="a-1", status="rejected"))
    told = still_wanted(order, source.recheck(order, NOW), NOW)
    assert isinstance(told, str)
    assert "stop" in told
    file.write_text(TEXT.format(id="a-2", status="active"))
    assert source.recheck(order, NOW) is None


def test_a_file_that_cannot_be_read_decides_nothing(policy: Policy, tmp_path: Path) -> None:
    """It is told, so that the action waits; with the file back, it goes on."""
    file = tmp_path / "apps.yaml"
    file.write_text(TEXT.format(id="a-1", status="active"))
    (order,) = planned(policy, file)
    source = newest(policy, file)
    text = file.read_text()
    file.unlink()
    for _ in range(2):
        with pytest.raises(InvalidInput):
            source.recheck(order, NOW)
    file.write_text(text)
    assert source.recheck(order, NOW) is not None


def test_rules_that_count_across_applications(
    policy_of: PolicyOf, follow_up: Callable[..., Json], stops: Json, tmp_path: Path
) -> None:
    """Of two applications of one candidate, of which one may be followed up, the second is not sent either."""
    limit = {"id": "one", "kind": "limit", "title": "One a week", "at_most": 1, "within": "7 days", "per": "candidate"}
    alone = policy_of([follow_up(do=["create_task"]), stops])
    across = policy_of([follow_up(do=["create_task"]), stops, limit])
    file = tmp_path / "apps.yaml"
    file.write_text(TEXT.format(id="a-1", status="active") + TEXT.format(id="a-2", status="active"))
    first, second = planned(alone, file)
    source = newest(across, file)
    assert still_wanted(first, source.recheck(first, NOW), NOW) == first
    assert "one" in str(still_wanted(second, source.recheck(second, NOW), NOW))
