"""The Tryton module in a real server: what a recruiter does by its API, and what must not happen."""

from __future__ import annotations

import base64
import os
import shutil
import sqlite3
import subprocess
import sysconfig
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from real.processes import free_port, missing, wait_until
from real.tryton import _CONFIG, DATABASE, PASSWORD, USER, Tryton, _prepared

pytestmark = pytest.mark.real

HERE = Path(__file__).parents[1]
ROOT = HERE.parents[1]
FOLLOW_UP = "sale.opportunity.follow_up"

RULES = """\
schema: followup-rules/1
pack: tryton
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
  - {id: ends, kind: stop, title: What ends it, on: [reply, rejected, withdrawn, hired, opted_out]}
"""
TEMPLATE = """\
Subject: News

Dear {{ candidate.name }}, your application for {{ job.title }} has come to a new stage: {{ stage }}.
"""


class WithModule(Tryton):
    """A server with the module, and rules of its own."""

    def __init__(self, folder: Path) -> None:
        home = _prepared()
        self._home, self._folder, self._python = home, folder, home / "bin" / "python"
        self.port, self._session = free_port(), ""
        self.rules = folder / "rules"
        (self.rules / "templates").mkdir(parents=True)
        (self.rules / "rules.yaml").write_text(RULES)
        (self.rules / "templates" / "news.txt.j2").write_text(TEMPLATE)
        shutil.copy(home / "ready.sqlite", folder / f"{DATABASE}.sqlite")
        config = _CONFIG.format(folder=folder, port=self.port)
        (folder / "trytond.conf").write_text(f"{config}[followup_rules]\nrules = {self.rules}\n")
        self._installed(folder / "site")
        command = [self._python, home / "bin/trytond-admin", "-c", folder / "trytond.conf", "-d", DATABASE]
        made = subprocess.run(
            [*map(str, command), "-u", "followup_rules", "--activate-dependencies"],
            capture_output=True, text=True, check=False, env=self._environ(), stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr[-3000:]
        self.start()

    def _installed(self, site: Path) -> None:
        """The distribution as pip leaves it: its entry point, beside its source."""
        folder = site / "followup_rules_tryton_module-0.1.0.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: followup-rules-tryton-module\nVersion: 0.1.0\n")
        entry = "[trytond.modules]\nfollowup_rules = followup_rules_tryton_module\n"
        (folder / "entry_points.txt").write_text(entry)

    def _environ(self) -> dict[str, str]:
        import pydantic

        ours = [self._folder / "site", HERE / "src", ROOT / "src", Path(pydantic.__file__).parents[1],
                sysconfig.get_path("purelib")]  # fmt: skip
        return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, ours))}

    def start(self) -> None:
        kept = os.environ.copy()
        os.environ.update(self._environ())
        try:
            super().start()
        finally:
            os.environ.clear()
            os.environ.update(kept)

    def applicant(self, name: str, zone: str | None = "America/New_York") -> int:
        """An opportunity that has just become one, from a lead."""
        number = int(self.opportunity(name))
        (record,) = self.admin("sale.opportunity", "read", [number], ["party"])
        self.admin("party.party", "write", [record["party"]], {"follow_up_timezone": zone})
        self.admin("sale.opportunity", "opportunity", [number])
        return number

    def user(self, model: str, method: str, *given: Any) -> Any:
        """A call as somebody who may work with opportunities, and no more."""
        kept, self._session = self._session, ""
        try:
            number, session = self._rpc("common.db.login", USER, {"password": PASSWORD}, "en")[:2]
            self._session = base64.b64encode(f"{USER}:{number}:{session}".encode()).decode()
            return self._rpc(f"model.{model}.{method}", *given, {"company": 1, "companies": [1]})
        finally:
            self._session = kept

    def rows(self, number: int) -> list[dict[str, Any]]:
        names = ["step", "decision", "state", "reason", "sentence", "why", "body", "rule", "said_by", "key"]
        where = [["opportunity", "=", number]]
        found: list[dict[str, Any]] = self.admin(FOLLOW_UP, "search_read", where, 0, None, [["step", "ASC"]], names)
        return found

    def said(self, number: int) -> list[tuple[int, str, str]]:
        return [(row["step"], row["decision"], row["state"]) for row in self.rows(number)]

    def tick(self) -> None:
        """What trytond-cron does each minute."""
        where = [["method", "=", "sale.opportunity|decide_due_follow_ups"]]
        (one,) = self.admin("ir.cron", "search", where, 0, None, None)
        self.admin("ir.cron", "run_once", [one])

    def sql(self, *statements: str) -> None:
        """Change the database behind the server's back."""
        with sqlite3.connect(self._folder / f"{DATABASE}.sqlite", timeout=20) as one:
            for statement in statements:
                one.execute(statement)


@pytest.fixture(scope="module")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WithModule]:
    try:
        server = WithModule(tmp_path_factory.mktemp("tryton"))
    except OSError as error:
        missing("Tryton", error)
    try:
        server.furnish()
        yield server
    finally:
        server.stop()


def test_a_recruiters_day(tryton: WithModule) -> None:
    """A lead becomes an opportunity: draft and reason are there. It is done, and never asked for again; a week later
    (the clock of the touch is put back) the timer finds the next step due."""
    number = tryton.applicant("Ada Park")
    (row,) = tryton.rows(number)
    assert row["sentence"].startswith("news to Ada Park, step 1: send now, best by ")
    assert row["body"].startswith("Dear Ada Park, your application for Data Engineer has come to a new stage: opport")
    assert "-> news: Step 1 is open" in row["why"]
    assert row["rule"] == f"news ({tryton.rules}/rules.yaml:4)"
    tryton.admin(FOLLOW_UP, "done", [row["id"]])
    assert tryton.said(number) == [(1, "send", "done"), (2, "wait", "open")]
    with pytest.raises(AssertionError, match="You can not call"):
        tryton.admin(FOLLOW_UP, "done", [row["id"]])
    tryton.tick()
    assert tryton.said(number) == [(1, "send", "done"), (2, "wait", "open")]
    tryton.sql(
        f"update sale_opportunity_follow_up set said_at = datetime(said_at, '-170 hours') where id = {row['id']}",
        f"update sale_opportunity_follow_up_look set again = '2026-01-01 00:00:00' where opportunity = {number}",
        # The candidate's stage is older than the touch.
        "update sale_opportunity__history set create_date = datetime(create_date, '-180 hours'), "
        f"write_date = datetime(write_date, '-180 hours') where id = {number}",
    )
    tryton.tick()
    assert [(row["decision"], row["state"]) for row in tryton.rows(number)][-1] == ("send", "open"), tryton.rows(number)


def test_what_is_dismissed_stays_so(tryton: WithModule) -> None:
    """A person's word is not overruled."""
    number = tryton.applicant("Dora Diss")
    tryton.admin(FOLLOW_UP, "dismiss", [tryton.rows(number)[0]["id"]])
    tryton.admin("sale.opportunity", "write", [number], {"reference": "again"})
    assert tryton.said(number) == [(1, "send", "dismissed")]


def test_a_user_sees_and_says(tryton: WithModule) -> None:
    """Who may work with opportunities sees their follow-ups and has the word on them, and can change nothing else."""
    number = tryton.applicant("Una User")
    where = [["opportunity", "=", number]]
    (row,) = tryton.user(FOLLOW_UP, "search_read", where, 0, None, None, ["sentence"])
    with pytest.raises(AssertionError, match=r"AccessError|UserError"):
        tryton.user(FOLLOW_UP, "write", [row["id"]], {"state": "done"})
    with pytest.raises(AssertionError, match=r"AccessError|UserError"):
        tryton.user(FOLLOW_UP, "delete", [row["id"]])
    tryton.user(FOLLOW_UP, "done", [row["id"]])
    assert tryton.said(number) == [(1, "send", "done"), (2, "wait", "open")]
    assert tryton.rows(number)[0]["said_by"] not in (None, 1)


def test_what_is_lost_ends(tryton: WithModule) -> None:
    """What was open is gone with its stage, and of the new stage it is said what stopped it."""
    number = tryton.applicant("Lena Lost")
    tryton.admin("sale.opportunity", "lost", [number])
    told = {(row["decision"], row["state"], row["reason"]) for row in tryton.rows(number)}
    assert told == {("stop", "ended", "gone"), ("stop", "ended", "stopped")}


def test_a_chat_is_heard(tryton: WithModule) -> None:
    """What is written to the opportunity's chat is heard at once: our own word is a touch, the candidate's, which comes
    by mail, a reply."""
    number = tryton.applicant("Rita Reply")
    resource = f"sale.opportunity,{number}"
    tryton.admin("ir.chat.channel", "post", resource, "Here is news", "public")
    assert tryton.said(number)[-1] == (2, "wait", "open")
    where = [["resource", "=", resource]]
    (channel,) = tryton.admin("ir.chat.channel", "search", where, 0, None, None)
    mail = {"channel": channel, "email": "rita@example.com", "audience": "public", "content": "Tomorrow?"}
    tryton.admin("ir.chat.message", "create", [mail])
    assert tryton.rows(number)[-1]["reason"] == "stopped"


def test_who_has_no_time_zone_is_held(tryton: WithModule) -> None:
    """Nobody knows their night; when it is known the timer or the next change decides."""
    number = tryton.applicant("Zoe Zone", zone=None)
    (row,) = tryton.rows(number)
    assert (row["decision"], row["reason"]) == ("hold", "unknown_timezone")


def test_many_who_press_at_once_make_one_touch(tryton: WithModule) -> None:
    """Four press done at the same time, four change the opportunity: one row is done, one waits."""
    number = tryton.applicant("Paula Parallel")
    key = tryton.rows(number)[0]["id"]

    def press(turn: int) -> None:
        if turn % 2:
            with suppress(AssertionError):  # who comes second is told that it is done
                tryton.admin(FOLLOW_UP, "done", [key])
        else:
            tryton.admin("sale.opportunity", "write", [number], {"reference": f"turn {turn}"})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, range(8)))
    wait_until(lambda: len(tryton.rows(number)) == 2, "the second step")
    assert tryton.said(number) == [(1, "send", "done"), (2, "wait", "open")]


def test_nobody_can_make_a_second_row_or_touch_one(tryton: WithModule) -> None:
    """The key is unique in the database, and rows cannot be written by users."""
    number = tryton.applicant("Uma Unique")
    row = tryton.rows(number)[0]
    with pytest.raises(sqlite3.IntegrityError):
        tryton.sql(
            "insert into sale_opportunity_follow_up (opportunity, key, state, decision) "
            f"values ({number}, '{row['key']}', 'open', 'send')"
        )
    with pytest.raises(AssertionError, match="UserError"):
        tryton.admin(FOLLOW_UP, "write", [row["id"]], {"state": "done"})


def test_faulty_rules_keep_nobody_from_working(tryton: WithModule) -> None:
    """With a broken rule file opportunities are still saved; the timer decides them when the file is mended."""
    file = tryton.rules / "rules.yaml"
    try:
        file.write_text(RULES.replace("opens: 7 days", "opens: 7 dyas"))
        number = tryton.applicant("Faye Fault")
        assert tryton.rows(number) == []
        (told,) = tryton.admin("sale.opportunity", "read", [number], ["follow_up_problems"])
        assert "rules.yaml:12:" in told["follow_up_problems"]
        file.write_text(RULES)
        tryton.tick()
        assert tryton.said(number) == [(1, "send", "open")]
        (told,) = tryton.admin("sale.opportunity", "read", [number], ["follow_up_problems"])
        assert told["follow_up_problems"] is None
        file.write_text(RULES.replace("opens: 0 minutes", "opens: 2 hours"))
        tryton.tick()
        assert tryton.said(number) == [(1, "wait", "open")]
    finally:
        file.write_text(RULES)


def test_rules_that_count_over_a_candidate(tryton: WithModule) -> None:
    """One message for each candidate: of two opportunities of one party one is due."""
    file = tryton.rules / "rules.yaml"
    try:
        file.write_text(RULES + "  - {id: one, kind: limit, title: One, at_most: 1, per: candidate, follow_up: news}\n")
        first, second = tryton.applicant("Tom Twice"), tryton.applicant("Tom Other")
        (record,) = tryton.admin("sale.opportunity", "read", [first], ["party"])
        tryton.admin("sale.opportunity", "write", [second], {"party": record["party"]})
        assert {tryton.said(one)[0][1] for one in (first, second)} == {"send", "stop"}
    finally:
        file.write_text(RULES)
        tryton.tick()


def test_views_can_be_shown(tryton: WithModule) -> None:
    """The tab stands on the opportunity's form, with the buttons; the menu opens a list."""
    shown = tryton.admin("sale.opportunity", "fields_view_get", None, "form")
    assert 'page name="follow_ups"' in shown["arch"]
    tree = tryton.admin(FOLLOW_UP, "fields_view_get", None, "tree")
    assert 'button name="done"' in tree["arch"]
    assert 'name="why"' in tryton.admin(FOLLOW_UP, "fields_view_get", None, "form")["arch"]
    assert tryton.admin("ir.ui.menu", "search_count", [["name", "=", "Follow-ups"]]) == 1
    # Who may not press a button is told so by Tryton, which writes that down with a traceback of its own.
    assert "/followup_rules_tryton_module/" not in tryton.log()
