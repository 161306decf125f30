"""What the pack `agency` promises: it comes in through the host, and counts across applications."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from followup_rules.judge.decide import decide
from followup_rules.load.rulefiles import Loaded, load_policy
from followup_rules.plugins import SWITCH, load_plugins
from followup_rules.testing.examples import run_examples
from followup_rules.testing.installing import write_distribution

NOW = datetime(2026, 9, 21, 20, 0, tzinfo=timezone.utc)


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Loads packs by name, this plugin being found by the entry point that pyproject.toml names."""
    here = Path(__file__).parents[1]
    text = (here / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.followup_rules]\npack-agency = "followup_rules_pack_agency"\n' in text
    write_distribution(tmp_path, "followup-rules-pack-agency", {"pack-agency": "followup_rules_pack_agency"})
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "path", [str(here / "src"), *sys.path])
    plugins = load_plugins({SWITCH: "pack-agency"})
    assert plugins.problems == ()

    def load(name: str) -> Loaded:
        return load_policy([name], plugins.packs)

    return load


def one_of_two(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"a-{number}",
        "status": "active",
        "candidate": {
            "id": f"c-{number}",
            "name": "Ada Park",
            "timezone": "America/New_York",
            "country": "US",
        },
        "job": {
            "id": "j-9",
            "title": "Data Engineer",
            "company": "Northwind",
            "timezone": "America/New_York",
        },
        "contacts": [{"id": "u-3", "name": "Sam Reyes", "timezone": "America/New_York", "country": "US"}],
        "events": [{"id": "e1", "type": "interview_completed", "at": "2026-09-14T15:00:00-04:00", "contact": "u-3"}],
        **changes,
    }


def questions(policy: Any, applications: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    plan = decide(applications, policy, NOW)
    asked = [one for one in plan.decisions if one.rule == "status-check"]
    return [(one.decision, one.reason, one.decided_by.id) for one in asked]


def test_one_person_is_asked_about_one_candidate_a_day(loaded: Any) -> None:
    """`default` asks about both at once, because it looks at each application alone."""
    both = [one_of_two(1), one_of_two(2)]
    send = ("send", "in_window", "status-check")
    assert questions(loaded("default").policy, both) == [send, send]
    assert questions(loaded("agency").policy, both) == [send, ("wait", "cooldown", "client-contact-cooldown")]


def test_who_cannot_be_counted_is_refused(loaded: Any) -> None:
    """Without the candidate's id nobody knows how much they have been sent already."""
    plan = decide([one_of_two(1, candidate={"name": "Ada Park"})], loaded("agency").policy, NOW)
    assert plan.decisions == ()
    assert [problem.code for refusal in plan.refused for problem in refusal.problems] == ["FR210"]


def test_every_example_comes_out_as_it_says(loaded: Any) -> None:
    """The examples in the rules are run, and there is one for every rule of the pack."""
    agency = loaded("agency")
    results = list(run_examples(agency))
    assert [result for result in results if result.differences] == []
    (pack,) = agency.packs
    assert {result.rule for result in results} == {rule.id for rule in pack.rules}


def test_every_number_says_where_it_comes_from(loaded: Any) -> None:
    """No figure is known for agencies, so each is a judgement that gives its reason."""
    (pack,) = loaded("agency").packs
    assert all((rule.source or "").startswith("judgement: ") for rule in pack.rules)


def test_it_is_shown_by_its_distribution(loaded: Any) -> None:
    """In a decision one can see which file of which package has decided."""
    (pack,) = loaded("agency").packs
    assert str(pack.place).startswith("followup-rules-pack-agency:agency.yaml")
    assert loaded("agency").warnings == ()


def test_the_readme_says_what_really_happens(tmp_path: Path) -> None:
    """Its program prints what stands below it; lines of `default` may move."""
    here = Path(__file__).parents[1]
    text = (here / "README.md").read_text("utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", text, re.S)
    (printed,) = re.findall(r"```text\n(.*?)```", text, re.S)
    plugin = {"pack-agency": "followup_rules_pack_agency"}
    write_distribution(tmp_path, "followup-rules-pack-agency", plugin)
    setup = f"import sys; sys.path[:0] = {[str(tmp_path), str(here / 'src')]!r}\n"
    command = [sys.executable, "-c", setup + program]
    done = subprocess.run(command, cwd=here / "examples", capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert _without_lines(done.stdout) == _without_lines(printed)


def _without_lines(text: str) -> str:
    return re.sub(r"(default\.yaml):\d+", r"\1", text)
