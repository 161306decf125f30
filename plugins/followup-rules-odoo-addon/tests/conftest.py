"""A real Odoo with the addon installed, and rules that need no patience."""

from __future__ import annotations

import secrets
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import pytest

from real.odoo import Odoo, serving
from real.processes import cache, missing
from real.unpacked_odoo import Unpacked, add_web_client, alone, unpacked_odoo

HERE = Path(__file__).parents[1]
ROOT = HERE.parents[1]
FOLLOW_UP = "followup_rules.follow_up"

RULES = """\
schema: followup-rules/1
pack: odoo
rules:
  - id: news
    kind: follow_up
    title: Tell the candidate of a new stage, and ask again after a week
    follow_up: news
    direction: employer_to_candidate
    after: stage_changed
    steps:
      - {opens: 0 minutes, due: 1 day, expires: 5 days}
      - {opens: 7 days, due: 8 days, expires: 14 days}
    do: [draft_message]
    template: news.txt.j2
  - id: check
    kind: follow_up
    title: Ask how things stand after the interview
    follow_up: status_check
    direction: candidate_to_employer
    after: interview_completed
    opens: 0 minutes
    due: 1 day
    expires: 5 days
    do: [draft_message]
    template: check.txt.j2
  - {id: ends, kind: stop, title: What ends it, on: [reply, rejected, withdrawn, hired, opted_out]}
"""
NEWS = "Subject: News\n\nDear {{ candidate.name }}, your application has come to a new stage: {{ stage }}.\n"
CHECK = "Subject: How things stand\n\nHello, may I ask how things stand with my application?\n"


def libraries() -> Path:
    """What the engine needs, as Odoo's own Python has it; without durable-rules, which wants a compiler."""
    odoo = unpacked_odoo(cache())
    folder = odoo.folder / "libraries-of-rules"
    with alone(odoo.folder):
        if not folder.exists():
            _fetch(odoo, folder)
    return folder


def _fetch(odoo: Unpacked, folder: Path) -> None:
    every = [one.split(";")[0].strip() for one in requires("followup-rules") or () if "extra ==" not in one]
    wanted = [one for one in every if not one.startswith("durable")]
    part = odoo.folder / f"libraries.{secrets.token_hex(3)}.part"
    command = [str(odoo.python), "-m", "pip", "install", "-q", "--target", str(part), *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        shutil.rmtree(part, ignore_errors=True)
        missing("Odoo", done.stderr[-400:])
    part.rename(folder)


class Host:
    """An Odoo with the addon, asked by its own API."""

    def __init__(self, odoo: Odoo, rules: Path) -> None:
        self.odoo, self.rules, self.call = odoo, rules, odoo.call
        self.made = 0

    def settings(self, **values: Any) -> None:
        """What an administrator saves in Odoo's settings."""
        made = self.call(
            "res.config.settings", "create", vals_list=[{f"followup_rules_{k}": v for k, v in values.items()}]
        )
        self.call("res.config.settings", "execute", ids=made)

    def applicant(self, name: str, **vals: Any) -> int:
        """A new applicant, whose contact is in New York."""
        self.made += 1
        email = f"{name.split()[0].lower()}{self.made}@example.com"
        partner = self.call(
            "res.partner", "create", vals_list=[{"name": name, "email": email, "tz": "America/New_York"}]
        )
        words = {"partner_name": name, "email_from": email, "partner_id": partner[0], **vals}
        return int(self.call("hr.applicant", "create", vals_list=[words])[0])

    def stage(self, number: int, place: int = 1) -> None:
        """Move an applicant."""
        stages = self.call("hr.recruitment.stage", "search", domain=[], order="sequence")
        self.call("hr.applicant", "write", ids=[number], vals={"stage_id": stages[place]})

    def rows(self, number: int, model: str = "applicant") -> list[dict[str, Any]]:
        """The follow-ups of a record."""
        names = ["follow_up", "step", "decision", "state", "reason", "because", "sentence", "why", "body", "rule",
                 "place", "said_by", "key", "activity_id"]  # fmt: skip
        where = [[f"{model}_id", "=", number]]
        found: list[dict[str, Any]] = self.call(FOLLOW_UP, "search_read", domain=where, fields=names, order="id")
        return found

    def said(self, number: int, follow_up: str = "news") -> list[tuple[int, str, str]]:
        """Step, decision and state of each row of one follow-up."""
        return [(r["step"], r["decision"], r["state"]) for r in self.rows(number) if r["follow_up"] == follow_up]

    def activities(self, number: int, model: str = "hr.applicant") -> list[dict[str, Any]]:
        """What the recruiter sees as to be done."""
        where = [["res_model", "=", model], ["res_id", "=", number]]
        found: list[dict[str, Any]] = self.call(
            "mail.activity", "search_read", domain=where, fields=["summary", "note", "date_deadline", "user_id"]
        )
        return found

    def tick(self) -> None:
        """The scheduled action, run now."""
        (one,) = self.call("ir.cron", "search", domain=[["cron_name", "=", "Follow-ups: decide what is due"]])
        self.call("ir.cron", "method_direct_trigger", ids=[one])

    def problems(self, number: int) -> Any:
        """What the tab says cannot be decided."""
        return self.call("hr.applicant", "read", ids=[number], fields=["follow_up_problems"])[0]["follow_up_problems"]


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """One server for all tests."""
    folder = tmp_path_factory.mktemp("odoo-addon")
    rules = folder / "rules"
    (rules / "templates").mkdir(parents=True)
    (rules / "rules.yaml").write_text(RULES)
    (rules / "templates" / "news.txt.j2").write_text(NEWS)
    (rules / "templates" / "check.txt.j2").write_text(CHECK)
    try:
        beside = (libraries(), ROOT / "src")
        add_web_client(unpacked_odoo(cache()))
    except (RuntimeError, OSError) as error:
        missing("Odoo", error)
    with serving(folder, install="followup_rules_odoo_addon", addons=HERE, libraries=beside) as odoo:
        one = Host(odoo, rules)
        one.settings(rules=str(rules), direction="both")
        (company,) = odoo.call("res.company", "search_read", domain=[], fields=["partner_id"])
        (admin,) = odoo.call("res.users", "search_read", domain=[["login", "=", "admin"]], fields=["partner_id"])
        for each in (company, admin):
            odoo.call("res.partner", "write", ids=[each["partner_id"][0]], vals={"tz": "Europe/Berlin"})
        yield one
