"""The adapter `odoo` against a real Odoo 19: the contract by both APIs, also behind a server that goes wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from followup_rules_odoo.adapter import OdooAdapter

from followup_rules.adapter import Order
from followup_rules.errors import Misconfigured, Refused, Retriable
from followup_rules.model.application import Candidate
from followup_rules.model.decision import Draft
from followup_rules.model.words import Do
from followup_rules.plugins import SWITCH, load_plugins
from followup_rules.testing.adapters import AdapterContract, Hostile
from followup_rules.testing.hostile import Call, Reply
from followup_rules.testing.installing import write_distribution
from followup_rules.testing.samples import an_order
from real.breaking import breaking

HERE = Path(__file__).parents[1]
pytestmark = pytest.mark.real


class _Contract(AdapterContract):
    adapter = OdooAdapter
    api: ClassVar[str]

    @pytest.fixture(autouse=True)
    def _served(self, server: Any) -> None:
        self.server = server
        # Something to read, with things that happened to it.
        for name in ("Ada", "Ben"):
            one = server.applicant(partner_name=name, email_from=f"{name}@example.com")
            words = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment", "body": f"Hello {name}"}
            server.odoo.call("hr.applicant", "message_post", ids=[int(one.partition(":")[2])], **words)

    def settings(self, folder: Path) -> dict[str, Any]:
        return self.server.settings(api=self.api)

    def secret(self) -> str:
        return self.server.odoo.key

    def records(self, folder: Path) -> Sequence[str]:
        return [json.dumps(one) for one in self.server.written()]

    def order(self, do: Do, **words: Any) -> Order:
        name = f"{self.api} {words.pop('application', 'gh-104')}"
        return an_order(do, application=self.server.record(name), **words)

    def bad_settings(self, folder: Path) -> Sequence[Mapping[str, Any]]:
        good = self.server.settings(api=self.api)
        bad: list[dict[str, Any]] = [
            {"url": "http://example.com"}, {"url": "ftp://localhost"}, {"url": "https://a b"},
            {"url": "https://ada:word@localhost"}, {"url": "https://localhost/odoo"}, {"url": "https://localhost?a=b"},
            {"database": "no_such_database"}, {"database": ""}, {"database": "a\r\nX: y"}, {"api": "soap"},
            {"activity_type": "mail.no_such_type"}, {"activity_type": "none"}, {"activity_type": "mail.mt_note"},
            {"read": []}, {"read": ["res.partner"]}, {"stages": {"New": "no_such_word"}}, {"timezone": "Mars/Olympus"},
            {"country": "Germany"}, {"page": 0},
        ]  # fmt: skip
        if self.api == "xml-rpc":
            bad += [{"user": None}, {"user": "nobody-here"}]
        return [{}, *({**good, **one} for one in bad)]

    def hostile_settings(self, folder: Path, faults: Hostile) -> dict[str, Any]:
        """The hostile server stands before the real Odoo, and passes on what it does not spoil."""
        open_ = faults.open(self._pass_on, self.server.count)
        return {**self.server.settings(api=self.api), "url": open_.url, "timeout": 20}

    def _pass_on(self, call: Call) -> Reply:
        kept = {name: one for name, one in call.headers.items() if name in ("authorization", "content-type")}
        kept |= {name: one for name, one in call.headers.items() if name == "x-odoo-database"}
        url = f"{self.server.odoo.url}{call.path}"
        answer = self.server.odoo.client.request(call.method, url, content=call.body, headers=kept)
        return Reply(answer.status_code, answer.content, {"Content-Type": answer.headers.get("content-type", "")})


class TestJson2(_Contract):
    api = "json-2"


class TestXmlRpc(_Contract):
    api = "xml-rpc"


def order(server: Any, do: Do = "create_task", **words: Any) -> Order:
    return an_order(do, application=server.applicant(), **words)


@pytest.mark.usefixtures("key")
def test_a_task_is_an_activity_and_a_note_is_seen_inside(server: Any) -> None:
    """The activity is due on its day and the recruiter's; the note is an internal one. Done stays done."""
    application = server.applicant(user_id=2)
    adapter = OdooAdapter.configured(server.settings())
    task, said = (an_order(do, application=application) for do in ("create_task", "add_note"))
    receipts = [adapter.deliver(one) for one in (task, said)]
    activity, note = server.written(application)
    assert receipts[0].reference == f"mail.activity:{activity['id']}"
    assert receipts[1].reference == f"mail.message:{note['id']}"
    assert (activity["date_deadline"], activity["user_id"][0]) == ("2026-09-15", 2)
    assert activity["summary"] == "Thank the interviewer within a day"
    assert "Draft to sam@example.com: Thank you<br>Dear Sam," in activity["note"]
    assert (note["message_type"], note["subtype_id"][1]) == ("comment", "Note")
    server.odoo.call("mail.activity", "action_feedback", ids=[activity["id"]], feedback="I have called.")
    assert adapter.find(task) == receipts[0]._replace(state="already_done")
    assert adapter.deliver(task).state == "already_done"
    assert len(server.written(application)) == 2


@pytest.mark.usefixtures("key")
def test_an_activity_that_is_gone_is_known_by_what_it_left(server: Any) -> None:
    """Older Odoos delete an activity that is done; its message has the marker."""
    application = server.applicant()
    adapter = OdooAdapter.configured(server.settings())
    task = an_order("create_task", application=application)
    adapter.deliver(task)
    (activity,) = server.written(application)
    message = server.odoo.call("mail.activity", "action_feedback", ids=[activity["id"]])
    server.odoo.call("mail.activity", "unlink", ids=[activity["id"]])
    assert adapter.find(task) == adapter.deliver(task)
    assert adapter.deliver(task).reference == f"mail.message:{message}"
    note = an_order("add_note", application=application)
    assert adapter.find(note) is None


HOSTILE = [
    "<b>Sam</b>",
    "<script>alert(1)</script>",
    "Sam</p><img src=x onerror=y>",
    "&lt;i&gt;",
    "é☂",
    "a\r\nb\x00\x1b",
]


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("api", ["json-2", "xml-rpc"])
def test_names_cannot_become_tags(server: Any, api: str, name: str) -> None:
    """Whatever stands in a title, a name or a draft is text in Odoo."""
    adapter = OdooAdapter.configured(server.settings(api=api))
    application = server.applicant()
    for do in ("create_task", "add_note"):
        one = an_order(do, application=application)
        one = one._replace(
            title=f"Write to {name}", candidate=Candidate.model_construct(name=name), draft=Draft(name, name, name)
        )
        assert adapter.deliver(one).state == "done"
        assert adapter.find(one) is not None
    for written in server.written(application):
        text = written.get("note") or written["body"]
        assert not [tag for tag in ("<b>", "<script", "<img", "<i>") if tag in text]


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("api", ["json-2", "xml-rpc"])
def test_a_rejection_just_before_wins(server: Any, api: str) -> None:
    """Nothing is written about who is refused, archived, hired or lost by now, unless the settings want it."""
    reason = server.odoo.call("hr.applicant.refuse.reason", "search", domain=[], limit=1)[0]
    hired = server.odoo.call("hr.recruitment.stage", "search", domain=[["hired_stage", "=", True]])[0]
    adapter = OdooAdapter.configured(server.settings(api=api))
    for vals, why in (
        ({"refuse_reason_id": reason, "active": False}, "refused"),
        ({"active": False}, "archived"),
        ({"stage_id": hired}, "hired"),
    ):
        one = order(server)
        number = int(one.application.partition(":")[2])
        server.odoo.call("hr.applicant", "write", ids=[number], vals=vals)
        with pytest.raises(Refused, match=f"{one.application} is {why} by now"):
            adapter.deliver(one)
        assert adapter.find(one) is None
    lead = server.lead("Lost")
    server.odoo.call("crm.lead", "action_set_lost", ids=[int(lead.partition(":")[2])])
    with pytest.raises(Refused, match="is lost by now"):
        adapter.deliver(an_order("add_note", application=lead))
    wanted = OdooAdapter.configured(server.settings(api=api, ended="write"))
    assert wanted.deliver(an_order("add_note", application=lead)).state == "done"


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("api", ["json-2", "xml-rpc"])
@pytest.mark.parametrize("how", ["request lost", "answer lost"])
def test_a_wire_that_breaks_in_the_middle(server: Any, api: str, how: Any) -> None:
    """Nobody knows whether it was done; `find` does, and the next try leaves exactly one."""
    one = order(server, "add_note")
    with breaking(server.odoo.port, b"[followup-rules:", how) as wire:
        url = f"http://127.0.0.1:{wire.port}"
        adapter = OdooAdapter.configured(server.settings(api=api, url=url))
        with pytest.raises(Retriable) as raised:
            adapter.deliver(one)
        assert raised.value.maybe_done is True
    adapter = OdooAdapter.configured(server.settings(api=api))
    found = adapter.find(one)
    assert found is None or how == "answer lost"
    assert adapter.deliver(one).state == ("done" if found is None else "already_done")
    assert len(server.written(one.application)) == 1


def test_what_cannot_be_used_is_said_so(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong key, a database and a record that are not there; the key is not shown."""
    monkeypatch.setenv("ODOO_KEY", server.odoo.key)
    good = {api: server.settings(api=api) for api in ("json-2", "xml-rpc")}
    for settings in good.values():
        adapter = OdooAdapter.configured(settings)
        for missing in ("hr.applicant:99999999", "crm.lead:99999999"):
            with pytest.raises(Refused, match=f"there is no {missing}"):
                adapter.deliver(an_order("add_note", application=missing))
        for foreign in ("gh-104", "hr.applicant:0", "hr.applicant:1 ", "res.partner:3", "hr.applicant:1:2"):
            with pytest.raises(Refused, match="none of Odoo's"):
                adapter.deliver(an_order("add_note", application=foreign))
        with pytest.raises(Misconfigured):
            OdooAdapter.configured({**settings, "database": "no_such_database"}).test_connection()
    monkeypatch.setenv("ODOO_KEY", "wrong-5e1f")
    for settings in good.values():
        with pytest.raises(Misconfigured) as raised:
            OdooAdapter.configured(settings).test_connection()
        assert "wrong-5e1f" not in str(raised.value)


@pytest.mark.usefixtures("key")
def test_it_finds_out_which_api_there_is(server: Any) -> None:
    """Odoo 19 has both; the newer one is taken unless the settings say something else."""
    for api, title in (("auto", "JSON-2"), ("json-2", "JSON-2"), ("xml-rpc", "XML-RPC")):
        told = OdooAdapter.configured(server.settings(api=api)).test_connection()
        assert told == f"{server.odoo.url} is Odoo, by {title}; it has hr.applicant"


def test_the_host_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the entry point that pyproject.toml names; the example in the README can be used."""
    text = (HERE / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.followup_rules]\nodoo = "followup_rules_odoo"\n' in text
    write_distribution(tmp_path, "followup-rules-odoo", {"odoo": "followup_rules_odoo"})
    monkeypatch.syspath_prepend(tmp_path)
    plugins = load_plugins({SWITCH: "odoo"})
    assert plugins.problems == () and plugins.adapter("odoo") is OdooAdapter
    example = (HERE / "examples" / "followup.yaml").read_text("utf-8")
    assert f"```yaml\n{example}```" in (HERE / "README.md").read_text("utf-8")
    monkeypatch.setenv("ODOO_KEY", "k")
    adapter = OdooAdapter.configured(yaml.safe_load(example)["adapters"]["ats"]["settings"])
    assert adapter.settings.stages["Contract Proposal"].event == "offer_made"
