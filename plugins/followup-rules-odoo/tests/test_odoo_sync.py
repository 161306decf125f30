"""From Odoo into a store, from there decided, and back into Odoo: the whole way, with the programs that people call."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from followup_rules.testing.installing import write_distribution

HERE = Path(__file__).parents[1]
pytestmark = [pytest.mark.real, pytest.mark.usefixtures("key")]


class Company:
    """A folder as somebody who uses the adapter has it: the README's example, for the Odoo of the tests."""

    def __init__(self, server: Any, folder: Path) -> None:
        self.server, self.folder = server, folder
        shutil.copytree(HERE / "examples", folder / "work")
        write_distribution(folder / "site", "followup-rules-odoo", {"odoo": "followup_rules_odoo"})
        rules = folder / "work" / "rules.yaml"
        rules.write_text(rules.read_text("utf-8").replace("Mon-Fri 08:00-18:00", "Mon-Sun 00:00-24:00"), "utf-8")
        file = folder / "work" / "followup.yaml"
        given = yaml.safe_load(file.read_text("utf-8"))
        settings = given["adapters"]["ats"]["settings"]
        file.write_text(yaml.safe_dump({**given, "adapters": {"ats": {
            "kind": "odoo", "settings": {**settings, **server.settings(), "page": 2},
        }}}), "utf-8")  # fmt: skip

    def run(self, *arguments: str, status: int = 0) -> str:
        """What a command prints, its complaints too."""
        paths = [str(self.folder / "site"), str(HERE / "src")]
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "FOLLOWUP_RULES_PLUGINS": "odoo"}
        command = [sys.executable, "-m", "followup_rules", *arguments]
        done = subprocess.run(
            command, cwd=self.folder / "work", env=environ, capture_output=True, text=True, check=False, timeout=180
        )
        assert done.returncode == status, done.stdout + done.stderr
        assert self.server.odoo.key not in done.stdout + done.stderr
        return done.stdout + done.stderr

    def sync(self) -> str:
        return self.run("sync", "--adapter", "ats")

    def plan(self) -> str:
        return self.run("plan", "--store", "followup.sqlite", "--rules", "rules.yaml", "--save")

    def deliver(self) -> str:
        return self.run("deliver", "--rules", "rules.yaml")


@pytest.fixture
def company(server: Any, tmp_path: Path) -> Company:
    return Company(server, tmp_path)


def interviewed(server: Any, days: int, **vals: Any) -> str:
    """An applicant whose interview was so many days ago."""
    application = server.applicant(**vals)
    end = datetime.now(timezone.utc) - timedelta(days=days)
    meeting = {
        "name": "Interview", "applicant_id": int(application.partition(":")[2]), "partner_ids": [[6, 0, [3]]],
        "start": f"{end - timedelta(hours=1):%Y-%m-%d %H:%M:%S}", "stop": f"{end:%Y-%m-%d %H:%M:%S}",
    }  # fmt: skip
    server.odoo.call("calendar.event", "create", vals_list=[meeting])
    return application


def write(server: Any, application: str, **vals: Any) -> None:
    model, _, number = application.partition(":")
    server.odoo.call(model, "write", ids=[int(number)], vals=vals)


def person(name: str) -> dict[str, str]:
    return {"partner_name": name, "email_from": f"{name.casefold()}@example.com"}


def test_the_whole_way(server: Any, company: Company) -> None:
    """Interviews of three days ago become one activity and one note each, whatever is called again."""
    ada = interviewed(server, 3, **person("Ada"))
    new = interviewed(server, 0, **person("Ben"))
    company.sync()
    company.plan()
    lines = [line for line in company.deliver().splitlines() if ada in line.split()]
    assert len(lines) == 2 and all("done" in line for line in lines)
    activity, note = server.written(ada)
    assert "thank you for the conversation" in activity["note"] and "Dear Ada," in note["body"]
    assert server.written(new) == []
    for _ in range(2):
        company.sync()
        company.plan()
        company.deliver()
    assert len(server.written(ada)) == 2
    # What was written comes back as a touch and not as an answer.
    assert "all steps are sent" in company.run("why", ada, "--store", "followup.sqlite", "--rules", "rules.yaml")


def test_a_rejection_just_before_delivery_wins(server: Any, company: Company) -> None:
    """Read again it is canceled, and where nobody has read again Odoo itself is asked."""
    heard, unheard = (interviewed(server, 3, **person(name)) for name in ("Cy", "Di"))
    company.sync()
    company.plan()
    reason = server.odoo.call("hr.applicant.refuse.reason", "search", domain=[], limit=1)[0]
    write(server, heard, refuse_reason_id=reason, active=False)
    company.sync()
    write(server, unheard, refuse_reason_id=reason, active=False)
    told = company.run("deliver", "--rules", "rules.yaml", status=1)
    lines = [line for line in told.splitlines() if heard in line]
    assert lines and all("canceled, stop: stopped" in line for line in lines)
    lines = [line for line in told.splitlines() if unheard in line]
    assert len(lines) == 2, told
    assert all("is refused by now" in line for line in lines)
    assert server.written(heard) == server.written(unheard) == []


def test_an_answer_and_a_stage_decide(server: Any, company: Company) -> None:
    """A mail of the candidate, a note from inside, an offer by the stage's name, a blacklist: each has its effect."""
    names = ("Eva", "Fay", "Gus", "Hal")
    eva, fay, gus, hal = (interviewed(server, 3, **person(name)) for name in names)
    company.sync()
    before = company.plan()
    assert all(f"{one} " in before for one in (eva, fay, gus, hal))
    post = {"message_type": "email", "subtype_xmlid": "mail.mt_comment", "email_from": "eva@example.com"}
    server.odoo.call("hr.applicant", "message_post", ids=[int(eva.partition(":")[2])], body="Any news?", **post)
    inside = {"message_type": "comment", "subtype_xmlid": "mail.mt_note"}
    server.odoo.call("hr.applicant", "message_post", ids=[int(fay.partition(":")[2])], body="She is good", **inside)
    (offer,) = server.odoo.call("hr.recruitment.stage", "search", domain=[["name", "=", "Contract Proposal"]])
    write(server, gus, stage_id=offer)
    server.odoo.call("mail.blacklist", "create", vals_list=[{"email": "hal@example.com"}])
    company.sync()
    told = company.deliver()
    for application, state in ((eva, "canceled"), (fay, "done"), (gus, "canceled"), (hal, "canceled")):
        lines = [line for line in told.splitlines() if application in line.split()]
        assert len(lines) == 2 and all(state in line for line in lines), told
    assert [len(server.written(one)) for one in (eva, fay, gus, hal)] == [0, 2, 0, 0]
