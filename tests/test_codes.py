"""Each code is said where it is true, and nowhere else.

That it is said is shown by its page, which is executed, or by a test that plants what no page can (`NOT_RUN` in
test_docs.py). That it is not said of what is right is shown here: everything that the program can be asked is asked
about clean input, and no code may come up.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from conftest import ROOT, Run
from followup_rules.codes import CODES
from followup_rules.matching.choose import why_not_durable
from test_docs import CHECK_OF, NOT_RUN, blocks, text_of

TESTS = [path for path in (ROOT / "tests").rglob("test_*.py") if path.name != "test_codes.py"]
AT = "2026-11-20T10:00:00-05:00"
LATER = "2026-11-20T10:00:05-05:00"

CONFIGURATION = """\
schema: followup-configuration/1
adapters:
  drafts: {kind: folder, settings: {path: drafts}}
routes:
  - {do: draft_message, to: drafts}
"""
APPLICATION = """\
- id: gh-104
  status: active
  candidate: {name: Ada Park, email: ada@example.org, timezone: Europe/Berlin, country: DE}
  job: {title: Data Engineer, company: Northwind, timezone: America/New_York, country: US}
  contacts: [{id: u-3, name: Sam Reyes, email: sam@example.com, timezone: America/New_York, country: US}]
  notes: [Sam described the move of the billing system to event streams]
  skills: [Python, Kafka]
  events: [{id: e1, type: interview_completed, at: 2026-11-19T15:00:00-05:00, contact: u-3}]
"""
DRAFT = """\
Subject: Thank you for the talk about event streams
From: ada@example.org
To: sam@example.com

Dear Sam,

Thank you for the time you took on Thursday to show me how the billing system moves to event streams.

At my last company I moved two services from nightly batches to Kafka, written in Python, and the reports were ready
in minutes instead of hours. I would be glad to do the same for your billing team.

Please let me know if there is anything else that you need from me before the next step.

Kind regards,
Ada Park
"""


@pytest.fixture
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with nothing wrong in it."""
    for name in ("rules", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "tests" / "faults" / "clean", tmp_path / "clean")
    (tmp_path / "followup.yaml").write_text(CONFIGURATION, "utf-8")
    (tmp_path / "applications.yaml").write_text(APPLICATION, "utf-8")
    (tmp_path / "draft.eml").write_text(DRAFT, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOLLOWUP_RULES_PLUGINS", "off")
    monkeypatch.delenv("FOLLOWUP_RULES_STORE", raising=False)
    return tmp_path


ENGINE = "native" if why_not_durable() else "verify"  # durable-rules cannot be installed under Python 3.13
CALLS = (
    "check",
    "check rules --fail-on suggestion",
    "check draft.eml --application gh-104 --from applications.yaml --follow-up thank_you --contact u-3",
    "test rules --coverage",
    "fmt --check rules examples/rules",
    "migrate --check rules clean",
    "rules", "plugins",
    f"plan examples/applications.jsonl --at {AT} --save --engine {ENGINE}",
    f"deliver --from examples/applications.jsonl --at {LATER}",
    "outbox list",
    f"why gh-104 --from applications.yaml --at {AT}",
    "prove default --histories 300 --events 3",
    "diff default rules/default.yaml --histories 100 --events 2",
)  # fmt: skip


def test_no_code_is_said_of_what_is_right(run: Run, clean: Path) -> None:
    """Every command, about input without a fault: no code comes up, and the exit status is 0."""
    calls = [call.split() for call in CALLS]
    calls += [["check", str(file)] for file in sorted(Path("clean").glob("*.yaml"))]
    for call in calls:
        ran = run(*call)
        said = {*re.findall(r"\bFR\d{3}\b", ran.out + ran.err)} & {*CODES}
        assert (said, ran.status) == (set(), 0), f"{' '.join(call)}\n{ran.out[-2000:]}{ran.err[-2000:]}"


@pytest.mark.parametrize("code", CODES)
def test_each_code_is_said_somewhere(code: str) -> None:
    """By an executed page; where no page can show it, by a test that names it."""
    page = f"docs/checks/{CHECK_OF[code]}.md" if code in CHECK_OF else f"docs/codes/{code}.md"
    if code in NOT_RUN:
        texts = [re.sub(r"(?s)^NOT_RUN = .*?^}", "", path.read_text("utf-8"), flags=re.MULTILINE) for path in TESTS]
        assert any(code in text for text in texts), f"no test names {code}"
    else:
        assert any(one.language == "console" and code in one.body for one in blocks(text_of(page)))
