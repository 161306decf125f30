"""The Frappe app as far as it can be tried without Frappe: what documents mean, what is decided and kept, and that its
parts fit together. Nothing here shows that Frappe itself takes it."""

from __future__ import annotations

import ast
import copy
import json
import random
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from followup_rules_frappe_app import deciding, hooks
from followup_rules_frappe_app.deciding import decide, decide_with_siblings, say
from followup_rules_frappe_app.records import form_of, record_of

from followup_rules.hosting import Desk, State
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal

HERE = Path(__file__).parents[1] / "followup_rules_frappe_app"
DOCTYPES = HERE / "followup_rules" / "doctype"
NOW = datetime(2026, 11, 10, 15, 0, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)

RULES = """\
schema: followup-rules/1
pack: frappe
rules:
  - id: news
    kind: follow_up
    title: Tell the candidate of an interview that was held
    follow_up: news
    direction: employer_to_candidate
    after: interview_completed
    steps:
      - {opens: 1 hour, due: 1 day, expires: 5 days}
      - {opens: 7 days, due: 8 days, expires: 14 days}
    do: [draft_message]
  - {id: ends, kind: stop, title: What ends it, on: [reply, rejected, withdrawn, hired, opted_out]}
"""

APPLICANT: dict[str, Any] = {
    "name": "HR-APP-2026-00001", "status": "Open", "email_id": "Ada@Example.org", "applicant_name": "Ada Park",
    "job_title": "data-engineer", "designation": None, "country": "Germany",
    "creation": datetime(2026, 11, 2, 9, 0), "modified": datetime(2026, 11, 2, 9, 0),
}  # fmt: skip
INTERVIEW: dict[str, Any] = {
    "name": "HR-INT-2026-0001", "status": "Cleared", "docstatus": 1, "creation": datetime(2026, 11, 5, 9, 0),
    "modified": datetime(2026, 11, 10, 12, 0), "scheduled_on": datetime(2026, 11, 10).date(),
    "to_time": timedelta(hours=11),
}  # fmt: skip


class Shelf:
    """What a site keeps, in dictionaries: documents, follow-ups under their keys, and when to look again."""

    def __init__(self) -> None:
        self.documents: dict[str, dict[str, Any]] = {}
        self.follow_ups: dict[str, dict[str, Any]] = {}
        self.looks: dict[str, tuple[Any, str, str]] = {}

    def put(self, name: str = "HR-APP-2026-00001", **more: Any) -> None:
        interviews, mails = more.pop("interviews", [INTERVIEW]), more.pop("mails", [])
        one = {**APPLICANT, "name": name, **more}
        job = {"job_title": "Data Engineer", "company": "Northwind"}
        self.documents[name] = record_of(one, interviews, mails, [], [], country_code="de", job=job)

    def lock(self, applicant: str) -> None:
        """Nobody else is here."""

    def record(self, applicant: str) -> dict[str, Any] | None:
        return copy.deepcopy(self.documents.get(applicant))

    def others(self, applicant: str, email: str | None) -> Iterable[str]:
        return [
            name
            for name, one in sorted(self.documents.items())
            if name != applicant and (email is None or one["email_id"] == email)
        ]

    def rows(self, applicant: str) -> Mapping[str, State]:
        return {key: row["state"] for key, row in self.follow_ups.items() if row["job_applicant"] == applicant}

    def row(self, key: str) -> Mapping[str, Any]:
        return self.follow_ups[key]

    def touches(self, applicant: str) -> Iterable[Mapping[str, Any]]:
        mine = [row for row in self.follow_ups.values() if row["job_applicant"] == applicant]
        return [row["event"] for row in mine if row["state"] == "done"]

    def add(self, values: Mapping[str, Any]) -> None:
        self.follow_ups.setdefault(values["action_key"], dict(values))

    def change(self, key: str, values: Mapping[str, Any]) -> None:
        self.follow_ups[key].update(values)

    def note(self, applicant: str, again: datetime | None, fingerprint: str, problems: str) -> None:
        self.looks[applicant] = (again, fingerprint, problems)

    def said(self) -> list[tuple[int, str, str]]:
        return sorted((row["step"], row["decision"], row["state"]) for row in self.follow_ups.values())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    file = tmp_path_factory.mktemp("rules") / "rules.yaml"
    file.write_text(RULES)
    return Desk.open([str(file)], form_of("Europe/Berlin", "Europe/Berlin"), direction="employer_to_candidate")


@pytest.fixture
def shelf() -> Shelf:
    one = Shelf()
    one.put()
    return one


def test_documents_become_an_application(desk: Desk) -> None:
    """Moments are those of the site's zone, times of day those of the database, HTML becomes text."""
    shelf = Shelf()
    mail = {"name": "m1", "sent_or_received": "Received", "communication_date": "2026-11-10 14:00:00",
            "communication_medium": "Email", "subject": "Re: News", "content": "<p>Thank&nbsp;you</p>"}  # fmt: skip
    shelf.put(mails=[mail, {**mail, "name": "m2", "sent_or_received": None}])
    read = desk.read(shelf.record("HR-APP-2026-00001"))
    assert isinstance(read, Application), read
    assert (read.candidate.id, read.candidate.country, read.job.title) == ("ada@example.org", "DE", "Data Engineer")
    assert [(one.type, one.id, one.at.isoformat()) for one in read.events] == [
        ("applied", "applied", "2026-11-02T08:00:00+00:00"),
        ("interview_scheduled", "interview_scheduled-HR-INT-2026-0001", "2026-11-05T08:00:00+00:00"),
        ("interview_completed", "interview_completed-HR-INT-2026-0001", "2026-11-10T10:00:00+00:00"),
        ("message", "message-m1", "2026-11-10T13:00:00+00:00"),
    ]
    assert (read.events[-1].from_, read.events[-1].body) == ("candidate", "Thank\N{NO-BREAK SPACE}you")


@pytest.mark.parametrize(
    ("more", "types"),
    [
        ({"status": "Pending"}, ["interview_scheduled"]),
        ({"docstatus": 2}, ["interview_scheduled", "interview_canceled"]),
        ({"to_time": None}, ["interview_scheduled"]),
        ({"to_time": "9:30:00"}, ["interview_scheduled", "interview_completed"]),
        ({"to_time": "09:30:00.000000"}, ["interview_scheduled", "interview_completed"]),
    ],
)
def test_only_an_interview_that_was_held_is_completed(desk: Desk, more: dict[str, Any], types: list[str]) -> None:
    """What nobody has said, has no end or was cancelled is no interview to follow up."""
    shelf = Shelf()
    shelf.put(interviews=[{**INTERVIEW, **more}])
    read = desk.read(shelf.record("HR-APP-2026-00001"))
    assert isinstance(read, Application), read
    assert [one.type for one in read.events if one.type != "applied"] == types


def test_a_follow_up_is_made_done_and_never_made_again(shelf: Shelf, desk: Desk) -> None:
    """Due, done, then only the next step, from the touch on; a second word is not taken."""
    decide(shelf, desk, "HR-APP-2026-00001", NOW)
    assert shelf.said() == [(1, "send", "open")]
    (key,) = shelf.follow_ups
    assert "rules.yaml:4" in shelf.follow_ups[key]["decided_by"]
    assert "-> news: Step 1 is open" in shelf.follow_ups[key]["why"]
    assert say(shelf, key, "done", "ruth@example.com", NOW)
    assert not say(shelf, key, "dismissed", "rita@example.com", NOW)
    for _ in range(2):
        decide(shelf, desk, "HR-APP-2026-00001", NOW + HOUR)
        assert shelf.said() == [(1, "send", "done"), (2, "wait", "open")]
    assert shelf.looks["HR-APP-2026-00001"][0] == NOW + timedelta(days=7)
    decide(shelf, desk, "HR-APP-2026-00001", NOW + timedelta(days=7))
    assert shelf.said() == [(1, "send", "done"), (2, "send", "open")]


def test_a_sibling_is_decided_too(shelf: Shelf, desk: Desk) -> None:
    """The same address is the same candidate: one that cannot be read holds the other, until it is mended."""
    shelf.put("HR-APP-2026-00002", status="Parked", interviews=[])
    shelf.put("HR-APP-2026-00003", email_id="else@example.org", interviews=[])
    decide_with_siblings(shelf, desk, "HR-APP-2026-00002", NOW)
    assert [row["reason"] for row in shelf.follow_ups.values()] == ["refused_sibling"]
    assert "FR994 'Parked' at 'status'" in shelf.looks["HR-APP-2026-00002"][2]
    assert "HR-APP-2026-00003" not in shelf.looks
    shelf.put("HR-APP-2026-00002", interviews=[])
    decide_with_siblings(shelf, desk, "HR-APP-2026-00002", NOW)
    assert shelf.said() == [(1, "send", "open")]


def test_an_applicant_that_cannot_be_read_has_nothing_open(shelf: Shelf, desk: Desk) -> None:
    """And one that is gone is left alone."""
    decide(shelf, desk, "HR-APP-2026-00001", NOW)
    shelf.put(status="Parked")
    decide(shelf, desk, "HR-APP-2026-00001", NOW)
    assert [(row["state"], row["reason"]) for row in shelf.follow_ups.values()] == [("ended", "refused")]
    assert decide(shelf, desk, "nobody", NOW) is None


def test_without_a_zone_candidates_are_held(shelf: Shelf, desk: Desk) -> None:
    """Frappe knows no zone of an applicant; unless the site says one, nobody's night is guessed."""
    unsure = Desk(desk.policy, form_of("Europe/Berlin", None), direction="employer_to_candidate")
    decide(shelf, unsure, "HR-APP-2026-00001", NOW)
    assert [row["reason"] for row in shelf.follow_ups.values()] == ["unknown_timezone"]


@pytest.mark.parametrize("seed", range(40))
def test_nobody_is_asked_twice(desk: Desk, seed: int) -> None:
    """Whatever people do: what has their word is never open again, and each step has one touch."""
    chance = random.Random(seed)
    words = ("done", "dismissed", "Rejected", "Open")
    days = [(chance.randrange(20 * 24), chance.choice(words)) for _ in range(chance.randrange(9))]
    shelf, worded = Shelf(), {}
    shelf.put()
    for hour, word in sorted(days):
        now = NOW + hour * HOUR
        decide(shelf, desk, "HR-APP-2026-00001", now)
        for key, row in shelf.follow_ups.items():
            assert key not in worded or row["state"] == worded[key]
            if word in ("done", "dismissed") and row["state"] == "open":
                assert say(shelf, key, word, "ruth", now)  # type: ignore[arg-type]
                worded[key] = word
        if word in ("Rejected", "Open"):
            shelf.put(status=word)
    events = [one["id"] for one in shelf.touches("HR-APP-2026-00001")]
    assert sorted(events) == sorted(f"done-{key}" for key, word in worded.items() if word == "done")


def functions(file: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse((HERE / file).read_text())
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_hooks_name_what_is_there() -> None:
    """Each hook leads to a function; what Frappe calls for documents takes a document and a method."""
    there = functions("events.py")
    named = [path for events in hooks.doc_events.values() for path in events.values()]
    for path in named:
        assert [one.arg for one in there[path.rpartition(".")[2]].args.args] == ["doc", "_method"]
    others = [*hooks.scheduler_events["cron"]["* * * * *"], *hooks.override_doctype_dashboards.values()]
    for path in (*named, *others):
        module, _, name = path.rpartition(".")
        assert module == "followup_rules_frappe_app.events"
        assert name in there


def test_buttons_call_what_may_be_called() -> None:
    """The form's buttons call functions that are whitelisted, for POST alone, because they change something."""
    script = (DOCTYPES / "follow_up" / "follow_up.js").read_text()
    called = re.findall(r'say\("(\w+)"\)', script)
    allowed = {name: [ast.unparse(one) for one in node.decorator_list] for name, node in functions("events.py").items()}
    assert [allowed[name] for name in called] == [["frappe.whitelist(methods=['POST'])"]] * 2


@pytest.mark.parametrize("folder", sorted(path.name for path in DOCTYPES.iterdir() if (path / "__init__.py").is_file()))
def test_doctypes_are_whole(folder: str) -> None:
    """The folder, the name and the controller belong together; every field is listed once, in order."""
    data = json.loads((DOCTYPES / folder / f"{folder}.json").read_text())
    assert data["name"].lower().replace(" ", "_") == folder
    assert data["module"] == (HERE / "modules.txt").read_text().strip()
    assert f"class {data['name'].replace(' ', '')}(Document)" in (DOCTYPES / folder / f"{folder}.py").read_text()
    names = [one["fieldname"] for one in data["fields"]]
    assert names == data["field_order"]
    assert len(set(names)) == len(names)
    key = next(one for one in data["fields"] if data["autoname"] == f"field:{one['fieldname']}")
    assert (key["unique"], key["reqd"]) == (1, 1)
    assert all("write" not in one and "create" not in one for one in data["permissions"])


def test_what_is_written_has_a_field(shelf: Shelf, desk: Desk) -> None:
    """Each value of a follow-up has a field of a type that takes it, and each choice its word."""
    decide(shelf, desk, "HR-APP-2026-00001", NOW)
    (key,) = shelf.follow_ups
    say(shelf, key, "done", "ruth@example.com", NOW)
    fields = {
        one["fieldname"]: one for one in json.loads((DOCTYPES / "follow_up" / "follow_up.json").read_text())["fields"]
    }
    for name, value in shelf.follow_ups[key].items():
        kind = fields[name]["fieldtype"]
        assert isinstance(value, datetime) == (kind == "Datetime") or value is None, name
        assert isinstance(value, int) == (kind in ("Int", "Check")), name
        assert kind != "Data" or len(str(value)) <= 140, name
    assert set(fields["decision"]["options"].split()) == {"send", "revise", "wait", "hold", "stop"}
    assert set(fields["state"]["options"].split()) == {"open", "ended", "done", "dismissed"}


def test_the_site_does_what_is_asked_of_it() -> None:
    """Every call that deciding makes is there, with the same arguments."""
    there = functions("site.py")
    for name, asked in vars(deciding.Site).items():
        if not name.startswith("_"):
            wanted = asked.__code__.co_varnames[: asked.__code__.co_argcount]
            assert [one.arg for one in there[name].args.args] == list(wanted)


def test_a_refusal_names_the_applicant(desk: Desk) -> None:
    """So that HR finds it."""
    shelf = Shelf()
    shelf.put(status="Parked")
    read = desk.read(shelf.record("HR-APP-2026-00001"))
    assert isinstance(read, Refusal)
    assert str(read.problems[0]).startswith("record HR-APP-2026-00001: FR994 'Parked' at 'status'")
