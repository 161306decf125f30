"""What the adapter `tryton` promises: against a real Tryton 8.2, read back by an administrator's own calls."""

from __future__ import annotations

import itertools
import json
import logging
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("httpx", reason="comes with the plugin: pip install -e plugins/followup-rules-tryton")
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import httpx
from followup_rules_tryton import reading
from followup_rules_tryton.adapter import TrytonAdapter
from followup_rules_tryton.session import moment_of
from followup_rules_tryton.timeline import Known, application_of

from followup_rules.adapter import Order
from followup_rules.errors import Misconfigured, Refused, Retriable
from followup_rules.load.configuration import read_configuration
from followup_rules.model.application import Application, Candidate
from followup_rules.model.decision import Draft, Refusal
from followup_rules.model.words import Do
from followup_rules.plugins import SWITCH, load_plugins
from followup_rules.testing.adapters import AdapterContract, Hostile
from followup_rules.testing.hostile import Call, HostileServer, Reply
from followup_rules.testing.installing import write_distribution
from followup_rules.testing.samples import an_order
from followup_rules.vendors.orders import marker
from real.breaking import breaking
from real.tryton import DATABASE, PASSWORD, USER, Tryton, serving

HERE = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    with serving(tmp_path_factory.mktemp("tryton")) as one:
        yield one


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRYTON_PASSWORD", PASSWORD)


def settings_for(url: str, **more: Any) -> dict[str, Any]:
    given = {"url": url, "database": DATABASE, "user": USER, "password": "env:TRYTON_PASSWORD", "timeout": 20}
    return {**given, **more}


def adapter_to(server: Tryton, **more: Any) -> TrytonAdapter:
    return TrytonAdapter.configured(settings_for(server.url, **more))


def order_for(opportunity: str, **words: Any) -> Order:
    return an_order("add_note", application=opportunity, **words)


def behind(server: Tryton) -> Callable[[Call], Reply]:
    """Passes calls on to the real server."""

    def serve(call: Call) -> Reply:
        given = {name: one for name, one in call.headers.items() if name in ("authorization", "content-type")}
        answer = httpx.request(call.method, server.url + call.path, content=call.body, headers=given, timeout=20)
        return Reply(answer.status_code, answer.content, {"Content-Type": answer.headers.get("content-type", "")})

    return serve


@pytest.mark.real
class TestTryton(AdapterContract):
    """The contract, the hostile server included, with the real server behind it."""

    adapter = TrytonAdapter
    opportunities: dict[str, str]

    @pytest.fixture(autouse=True)
    def _served(self, server: Tryton) -> None:
        self.server, self.opportunities = server, {}

    def settings(self, folder: Path) -> dict[str, Any]:
        return settings_for(self.server.url)

    def records(self, folder: Path) -> Sequence[str]:
        return self.server.notes()

    def secret(self) -> str:
        return PASSWORD

    def order(self, do: Do, **words: Any) -> Order:
        name = words.pop("application", "gh-104")
        if name not in self.opportunities:
            self.opportunities[name] = self.server.opportunity()
        return an_order(do, application=self.opportunities[name], **words)

    def hostile_settings(self, folder: Path, faults: Hostile) -> dict[str, Any]:
        opened = faults.open(behind(self.server), lambda: len(self.server.notes()))
        return settings_for(opened.url, timeout=20)

    def bad_settings(self, folder: Path) -> Sequence[Mapping[str, Any]]:
        good = settings_for(self.server.url)
        bad = [{**good, "url": one} for one in ("http://example.com", "https://u:p@a", "none", "https://a\r\nb")]
        bad += [{**good, "database": one} for one in ("", "a/b", "..\r\n", "no-such-database")]
        return [{}, *bad, {**good, "user": "a:b"}, {**good, "user": "nobody"}, {**good, "user": "a\nb"}]


@pytest.mark.real
def test_a_note_is_written_once(server: Tryton) -> None:
    """Preview, deliver, read back as the administrator, deliver again: still one, with the draft and the marker."""
    opportunity, adapter = server.opportunity(), adapter_to(server)
    one = order_for(opportunity)
    assert adapter.find(one) is None
    shown = adapter.preview(one)
    assert server.notes(opportunity) == []
    receipt = adapter.deliver(one)
    assert receipt.state == "done" and receipt.reference.isdecimal()
    again = [adapter.deliver(one), adapter_to(server).deliver(one), adapter.find(one)]
    assert again == [receipt._replace(state="already_done")] * 3
    (note,) = server.notes(opportunity)
    assert note.startswith("Thank the interviewer within a day\n") and note.endswith(marker(one))
    assert "thank you for the conversation." in note
    write = json.loads("{" + shown.rpartition("\n\n{")[2])
    assert write["params"][0] == [{"resource": f"sale.opportunity,{opportunity}", "message": note}]
    assert "authorization: Session ***" in shown and PASSWORD not in shown


@pytest.mark.real
@pytest.mark.parametrize("how", ["request lost", "answer lost", "silence"])
def test_a_wire_that_breaks_in_the_middle(server: Tryton, how: Any) -> None:
    """Nobody knows whether it was done; `find` does, and the next try leaves exactly one."""
    opportunity = server.opportunity()
    with breaking(server.port, b"model.ir.note.create", how) as wire:
        # Long enough for a busy machine; only silence is waited for.
        adapter = TrytonAdapter.configured(settings_for(f"http://127.0.0.1:{wire.port}", timeout=8))
        assert adapter.find(order_for(opportunity)) is None
        with pytest.raises(Retriable) as raised:
            adapter.deliver(order_for(opportunity))
        assert raised.value.maybe_done is True
        found = adapter.find(order_for(opportunity))
        assert (found is not None) is (how != "request lost")
        assert adapter.deliver(order_for(opportunity)).state == ("done" if found is None else "already_done")
    assert len(server.notes(opportunity)) == 1


@pytest.mark.real
def test_only_a_look_has_done_nothing(server: Tryton) -> None:
    """Where the connection breaks before the note was asked for, it can be tried again at once."""
    opportunity = server.opportunity()
    for at in (b"common.db.login", b"get_preferences", b"model.ir.note.search_read", b"model.sale.opportunity.search"):
        with breaking(server.port, at, "answer lost") as wire:
            adapter = TrytonAdapter.configured(settings_for(f"http://127.0.0.1:{wire.port}"))
            with pytest.raises(Retriable) as raised:
                adapter.deliver(order_for(opportunity))
            assert raised.value.maybe_done is False
    assert server.notes(opportunity) == []


@pytest.mark.real
def test_a_session_that_has_ended_is_renewed(server: Tryton) -> None:
    """Once and without a word; the note is written once."""
    opportunity, adapter = server.opportunity(), adapter_to(server)
    assert adapter.find(order_for(opportunity)) is None
    # No client may delete sessions; a changed password ends those of its user.
    (user,) = server.admin("res.user", "search", [["login", "=", USER]], 0, 1, None)
    server.admin("res.user", "write", [user], {"password": PASSWORD})
    assert [adapter.deliver(order_for(opportunity)).state for _ in range(2)] == ["done", "already_done"]
    adapter.close()
    assert adapter.deliver(order_for(opportunity)).state == "already_done"
    assert len(server.notes(opportunity)) == 1


@pytest.mark.real
def test_faults_are_told_by_what_to_do(server: Tryton, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong password, a database or an opportunity that is not there, an id that is none; nothing is written."""
    before = len(server.notes())
    for more, told in (
        ({"database": "none"}, "there is no database 'none' of Tryton 8"),
        ({"user": "nobody"}, "'nobody' is not let into the database 'ready'"),
    ):
        with pytest.raises(Misconfigured, match=told):
            adapter_to(server, **more).test_connection()
    for application, told in (
        ("999999", "there is no opportunity 999999"),
        ("gh-1", "'gh-1' is no number"),
        ("0", "no number"),
    ):
        with pytest.raises(Refused, match=told):
            adapter_to(server).deliver(order_for(application))
    monkeypatch.setenv("TRYTON_PASSWORD", "wrong-5e1f")
    with pytest.raises(Misconfigured, match="status 401") as raised:
        adapter_to(server).deliver(order_for(server.opportunity()))
    assert "wrong-5e1f" not in str(raised.value) and len(server.notes()) == before


@pytest.mark.real
def test_a_user_without_the_right_is_told_so(server: Tryton) -> None:
    """Tryton's own words come through."""
    words = {"name": "Other", "login": f"other-{server.opportunity()}", "password": PASSWORD}
    server.admin("res.user", "create", [words])
    with pytest.raises(Refused, match="not allowed to"):
        adapter_to(server, user=words["login"]).deliver(order_for(server.opportunity()))


@pytest.mark.real
def test_the_connection_can_be_tested(server: Tryton) -> None:
    """One line says whom the settings lead to."""
    server.opportunity()
    said = adapter_to(server).test_connection()
    assert said.startswith(f"Tryton 8.2 at {server.url}: 'followup' sees ") and said.endswith(
        " opportunities in 'ready'"
    )


@pytest.mark.real
def test_no_secret_is_in_any_log(server: Tryton, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the password nor the session, in ours at its most talkative."""
    adapter = adapter_to(server)
    with caplog.at_level(logging.DEBUG):
        adapter.deliver(order_for(server.opportunity()))
    proof = str(adapter._session._proof)
    assert len(proof) > 40 and proof not in caplog.text and PASSWORD not in caplog.text


HOSTILE = ["Sam\r\nX: y", "Sam\x00\x1b", '"}]}', "x" * 5000, "é☂" * 499, "\ud800", "%_\\", "{{ x }}"]


@pytest.mark.real
@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_names_stay_inside_the_note(server: Tryton, name: str) -> None:
    """One note with its marker at the end, found again, whatever stands in title and draft."""
    opportunity, adapter = server.opportunity(), adapter_to(server)
    one = order_for(opportunity)._replace(
        candidate=Candidate.model_construct(name=name),
        title=f"Write to {name}",
        draft=Draft(name, f"Dear {name}", None),
    )
    assert [adapter.deliver(one).state for _ in range(2)] == ["done", "already_done"]
    (note,) = server.notes(opportunity)
    assert note.endswith(marker(one)) and "\x00" not in note


def changed(adapter: TrytonAdapter, cursor: str | None) -> tuple[dict[str, Application], str]:
    """What comes of a reading, and the cursor for the next one without the minutes of overlap."""
    pages = list(adapter.read_changes(cursor))
    items = [item for page in pages for item in page.items]
    assert not [item for item in items if isinstance(item, Refusal)]
    return {item.id: item for item in items if isinstance(item, Application)}, pages[-1].cursor


@pytest.mark.real
def test_an_opportunity_is_read_as_an_application(server: Tryton) -> None:
    """Its states are events at the moments at which they came about, by the history that Tryton keeps."""
    opportunity, adapter = server.opportunity("Sam Reyes", "Data Engineer"), adapter_to(server)
    for button in ("opportunity", "lost"):
        server.admin("sale.opportunity", button, [int(opportunity)])
    server.admin("ir.chat.channel", "post", f"sale.opportunity,{opportunity}", "We like you.", "public")
    server.admin("ir.chat.channel", "post", f"sale.opportunity,{opportunity}", "Do we?", "internal")
    reference = adapter.deliver(order_for(opportunity)).reference
    found = changed(adapter, None)[0][opportunity]
    assert (found.status, found.stage) == ("rejected", "lost")
    assert (found.candidate.name, found.candidate.email) == ("Sam Reyes", "sam@example.com")
    assert (found.job.title, found.job.company) == ("Data Engineer", "Northwind")
    assert found.job.timezone == "America/New_York"
    assert [contact.name for contact in found.contacts] == ["Ada Park"]
    told = [(event.type, event.to or event.from_) for event in found.events]
    assert told == [
        ("applied", None), ("stage_changed", "opportunity"), ("rejected", None), ("stage_changed", "lost"),
        ("message", "employer"), ("note", None),
    ]  # fmt: skip
    assert found.events[-1].id == f"note:{reference}" and marker(order_for(opportunity)) in str(found.events[-1].body)
    (record,) = server.admin("sale.opportunity", "read", [int(opportunity)], ["create_date", "write_date"])
    assert [found.events[0].at, found.events[3].at] == [moment_of(record[key]) for key in ("create_date", "write_date")]


@pytest.mark.real
def test_reading_goes_on_from_where_it_was(server: Tryton, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what has changed since comes again: a state, a note, a chat; in pages that can be taken up singly."""
    monkeypatch.setattr(reading, "_OVERLAP", reading._OVERLAP * 0)
    stay, moved, noted, talked = (server.opportunity() for _ in range(4))
    adapter = adapter_to(server)
    everything, cursor = changed(adapter, None)
    assert {stay, moved, noted, talked} <= set(everything)
    # The server's answers tell its time in whole seconds.
    time.sleep(1.1)
    cursor = changed(adapter, cursor)[1]
    monkeypatch.setattr(reading, "_PAGE", 2)
    server.admin("sale.opportunity", "opportunity", [int(moved)])
    adapter.deliver(order_for(noted))
    server.admin("ir.chat.channel", "post", f"sale.opportunity,{talked}", "hello", "public")
    pages = list(adapter.read_changes(cursor))
    assert [[item.id for item in page.items] for page in pages] == [[moved, noted], [talked]]
    (rest,) = adapter_to(server).read_changes(pages[0].cursor)
    assert [item.id for item in rest.items] == [talked]


RULES = """
schema: followup-rules/1
pack: asking
rules:
  - id: ask
    kind: follow_up
    title: Ask what comes next
    follow_up: status_check
    direction: candidate_to_employer
    after: applied
    expires: 20 days
    do: [create_task]
  - {id: ends, kind: stop, title: What ends it, on: [reply, rejected, withdrawn, hired, opted_out]}
"""


class Desk:
    """A folder with the README's configuration, and the commands, each as a program of its own."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self.configure(url)
        (folder / "rules.yaml").write_text(RULES, "utf-8")
        write_distribution(folder / "site", "followup-rules-tryton", {"tryton": "followup_rules_tryton"})
        setup = f"import sys; sys.path[:0] = {[str(folder / 'site'), str(HERE / 'src')]!r}; "
        self._program = f"{setup}from followup_rules.cli.main import main; main()"

    def configure(self, url: str) -> None:
        """Let the configuration lead there, and a lost answer be looked for at once."""
        text = (HERE / "examples" / "followup.yaml").read_text("utf-8").replace("https://tryton.example.com", url)
        text = text.replace("acme", DATABASE).replace("    kind: tryton\n", "    kind: tryton\n    settle: 0\n")
        (self._folder / "followup.yaml").write_text(text, "utf-8")

    def run(self, *words: str) -> tuple[int, str]:
        """The exit status of a command, and what it has printed."""
        command = [sys.executable, "-c", self._program, *words]
        done = subprocess.run(command, cwd=self._folder, capture_output=True, text=True, check=False)
        assert PASSWORD not in done.stdout + done.stderr
        return done.returncode, done.stdout + done.stderr

    def plan(self) -> None:
        """Read Tryton, and save what is due."""
        for words in (
            ("sync", "--adapter", "crm"),
            ("plan", "--store", "followup.sqlite", "--rules", "rules.yaml", "--save"),
        ):
            status, said = self.run(*words)
            assert status == 0, said


@pytest.mark.real
def test_from_tryton_to_a_plan_and_back(server: Tryton, tmp_path: Path) -> None:
    """`sync`, `plan --save`, `deliver`; planned and delivered again, there is one note."""
    opportunity, desk = server.opportunity(), Desk(tmp_path, server.url)
    assert "'followup' sees" in desk.run("plugins", "test", "crm")[1]
    for again in range(2):
        desk.plan()
        status, said = desk.run("deliver", "--rules", "rules.yaml")
        assert status == 0 and "0 left, 0 unknown" in said and ("nothing was due" in said) is bool(again), said
        (note,) = server.notes(opportunity)
        assert note.startswith("Ask what comes next\n")


@pytest.mark.real
def test_deliver_looks_for_what_was_never_answered(server: Tryton, tmp_path: Path) -> None:
    """The answer to one note is lost: the worker finds the note, and there is no second one anywhere."""
    opportunity = server.opportunity()
    with breaking(server.port, b"model.ir.note.create", "answer lost") as wire:
        desk = Desk(tmp_path, f"http://127.0.0.1:{wire.port}")
        desk.plan()
        said = [desk.run("deliver", "--rules", "rules.yaml") for _ in range(2)]
        assert wire.broken
    assert said[-1][0] == 0 and "0 left, 0 unknown" in said[-1][1], said
    assert len(server.notes(opportunity)) == 1
    assert max(Counter(server.notes()).values()) == 1


@pytest.mark.parametrize("cursor", ["nonsense", "[]", '{"since": 1}', '{"since": "yesterday"}', '{"after": "x"}'])
def test_a_cursor_of_somebody_else_is_refused(cursor: str) -> None:
    """Before anything is asked."""
    adapter = TrytonAdapter.configured(settings_for("http://127.0.0.1:9"))
    with pytest.raises(Misconfigured, match="cannot go on from this cursor"):
        list(adapter.read_changes(cursor))


def test_a_state_that_nobody_knows_is_refused() -> None:
    """Not guessed: a module of another hand may have added it."""
    known = Known({"id": 7, "state": "frozen"}, (), None, (), (), ())
    refusal = application_of(known)
    assert isinstance(refusal, Refusal) and refusal.application == "7"


ERRORS = [
    ([["UserError", ["You may not.", "", None]]], Refused, "You may not.", None),
    ([["UserWarning", ["name", "Are you sure?", ""]]], Refused, "name Are you sure\\?", None),
    ([["LoginException", ["code", "Code", "char"]]], Misconfigured, "more than a password", None),
    ([["ConcurrencyException", "changed"]], Retriable, "somebody else", False),
    ([["'ir.note'", ""]], Misconfigured, "there is no ir.note there", None),
    ([["database is locked", f"Traceback {PASSWORD}"]], Retriable, "the server failed", True),
    ([[]], Retriable, "the server failed", True),
]


@pytest.mark.parametrize(("errors", "error", "told", "maybe"), ERRORS, ids=range(len(ERRORS)))
def test_what_an_error_of_tryton_means(errors: list[Any], error: Any, told: str, maybe: bool | None) -> None:
    """By its kind, not by its words; what the server was working on does not show."""
    methods = {"common.db.login": [1, "session-canary"], "model.res.user.get_preferences": {}}
    calls = itertools.count()

    def serve(call: Call) -> Reply:
        method = json.loads(call.body)["method"]
        if method == "model.ir.note.create":
            next(calls)
            return Reply(200, json.dumps({"id": 1, "error": errors[0]}).encode())
        found = [] if method.endswith("search_read") else [5] if method.endswith("search") else methods[method]
        return Reply(200, json.dumps({"id": 1, "result": found}).encode())

    with HostileServer(serve, lambda: 0) as fake, pytest.raises(error, match=told) as raised:
        TrytonAdapter.configured(settings_for(fake.url)).deliver(order_for("5"))
    assert PASSWORD not in str(raised.value) and next(calls) == 1
    if maybe is not None:
        assert raised.value.maybe_done is maybe


def test_the_host_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the entry point that pyproject.toml names."""
    text = (HERE / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.followup_rules]\ntryton = "followup_rules_tryton"\n' in text
    write_distribution(tmp_path, "followup-rules-tryton", {"tryton": "followup_rules_tryton"})
    monkeypatch.syspath_prepend(tmp_path)
    plugins = load_plugins({SWITCH: "tryton"})
    assert plugins.problems == ()
    assert plugins.adapter("tryton") is TrytonAdapter


def test_the_configuration_of_the_readme_can_be_used() -> None:
    """It is the one of `examples/`, and its settings make an adapter."""
    example = HERE / "examples" / "followup.yaml"
    assert f"```yaml\n{example.read_text('utf-8')}```" in (HERE / "README.md").read_text("utf-8")
    read = read_configuration(example, example.name)
    settings = read.configuration.adapters["crm"].settings
    assert TrytonAdapter.configured(settings).settings.database == "acme"
