"""What the adapters `caldav` and `ics` promise: against a real Radicale, read back with the library caldav."""

from __future__ import annotations

import http.client
import socket
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import yaml

pytest.importorskip("httpx", reason="comes with the plugin: pip install -e plugins/followup-rules-caldav")
pytest.importorskip("icalendar", reason="comes with the plugin: pip install -e plugins/followup-rules-caldav")
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import httpx
import icalendar
from followup_rules_caldav.adapter import CalDavAdapter
from followup_rules_caldav.files import IcsAdapter
from followup_rules_caldav.todo import todo

from followup_rules.errors import Misconfigured, Refused, Retriable
from followup_rules.model.application import Candidate, Job
from followup_rules.plugins import SWITCH, load_plugins
from followup_rules.testing.adapters import AdapterContract, Hostile
from followup_rules.testing.hostile import Call, Reply
from followup_rules.testing.installing import write_distribution
from followup_rules.testing.samples import an_order
from real.breaking import breaking
from real.caldav import PASSWORD, USER, CalDav, serving
from real.processes import missing
from real.readme import printed_by_the_readme

HERE = Path(__file__).parents[1]
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalDav]:
    with serving(tmp_path_factory.mktemp("radicale")) as one:
        yield one


@pytest.fixture
def calendar(server: CalDav, request: pytest.FixtureRequest) -> str:
    """The address of a calendar of its own for each test."""
    return made(server, f"c{abs(hash(request.node.nodeid))}")


def principal(server: CalDav) -> Any:
    try:
        from caldav import DAVClient
    except ImportError as error:
        missing("CalDAV client", error)
    trust = str(server.certificate) if server.url.startswith("https") else True
    return DAVClient(server.url, username=USER, password=PASSWORD, ssl_verify_cert=trust).principal()


def made(server: CalDav, name: str, components: Sequence[str] = ("VTODO",)) -> str:
    return str(principal(server).make_calendar(cal_id=name, supported_calendar_component_set=list(components)).url)


def todos(server: CalDav, calendar: str) -> list[icalendar.Todo]:
    """What is in a calendar, by a client that is not ours."""
    found = principal(server).calendar(cal_url=calendar).todos(include_completed=True)
    return [one.icalendar_component for one in found]


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALDAV_PASSWORD", PASSWORD)


def settings(calendar: str, **more: Any) -> dict[str, Any]:
    given = {"url": calendar, "user": USER, "password": "env:CALDAV_PASSWORD", "timeout": 10}
    return {**given, "insecure": calendar.startswith("http:"), **more}


def order(**words: Any) -> Any:
    return an_order("create_task", **words)


@pytest.mark.real
class TestCalDav(AdapterContract):
    adapter = CalDavAdapter

    @pytest.fixture(autouse=True)
    def _served(self, server: CalDav, calendar: str) -> None:
        self.server, self.calendar = server, calendar

    def settings(self, folder: Path) -> dict[str, Any]:
        return settings(self.calendar)

    def records(self, folder: Path) -> Sequence[str]:
        return [one.to_ical().decode() for one in todos(self.server, self.calendar)]

    def hostile_settings(self, folder: Path, faults: Hostile) -> dict[str, Any]:
        """The hostile server stands before Radicale, and passes on what it lets through."""
        path = urlsplit(self.calendar).path
        server = faults.open(self._passed_on, lambda: len(list(self._files())))
        return settings(f"{server.url}{path}")

    def _files(self) -> Iterator[Path]:
        name = urlsplit(self.calendar).path.rstrip("/").rpartition("/")[2]
        (where,) = self.server.folder.rglob(name)
        return where.glob("*.ics")

    def _passed_on(self, call: Call) -> Reply:
        connection = http.client.HTTPConnection("localhost", self.server.port, timeout=10)
        try:
            connection.request(
                call.method, call.path, call.body, {**call.headers, "host": f"localhost:{self.server.port}"}
            )
            answer = connection.getresponse()
            headers = {name: value for name, value in answer.getheaders() if name.lower() in ("content-type", "etag")}
            return Reply(answer.status, answer.read(), headers)
        finally:
            connection.close()

    def bad_settings(self, folder: Path) -> Sequence[Mapping[str, Any]]:
        good = settings(self.calendar)
        return [
            {},
            {**good, "insecure": False},
            {**good, "url": "http://example.com/c/"},
            {**good, "url": "ftp://localhost/c/"},
            {**good, "url": "https://localhost:port/c/"},
            {**good, "url": self.calendar + "no-such-calendar/"},
            {**good, "url": self.server.url + "no-such-calendar/"},
            {**good, "url": self.calendar.replace("://", "://ada:word@")},
            {**good, "url": self.calendar + "?a=b"},
            {**good, "url": self.calendar + "\r\nX: y"},
            {**good, "user": None},
            {**good, "user": "ada:x"},
            {**good, "login": "bearer", "password": None},
            {**good, "ca_file": str(folder / "none.pem")},
        ]


class TestIcs(AdapterContract):
    adapter = IcsAdapter

    def settings(self, folder: Path) -> dict[str, Any]:
        return {"path": str(folder / "tasks")}

    def records(self, folder: Path) -> Sequence[str]:
        return [file.read_text("utf-8") for file in (folder / "tasks").glob("*")]

    def bad_settings(self, folder: Path) -> Sequence[Mapping[str, Any]]:
        (folder / "file").touch()
        return [{}, {"path": str(folder / "file")}, {"path": str(folder / "file" / "below")}]


@pytest.mark.real
def test_a_task_is_a_to_do_once(server: CalDav, calendar: str) -> None:
    """Due in the recipient's zone; `find` knows it."""
    adapter = CalDavAdapter.configured(settings(calendar))
    due = datetime(2026, 11, 20, 9, 0, tzinfo=NEW_YORK)
    one = order()._replace(due_at=due, candidate=Candidate(name="Sam Reyes"), job=Job(title="Welder"))
    assert adapter.find(one) is None
    receipt = adapter.deliver(one)
    assert (receipt.state, receipt.reference) == ("done", f"followup-rules-{one.id}")
    assert adapter.deliver(one).state == "already_done"
    assert adapter.find(one) == receipt._replace(state="already_done")
    (found,) = todos(server, calendar)
    assert found["UID"] == receipt.reference
    assert found["DUE"].dt == due and found["DUE"].params["TZID"] == "America/New_York"
    assert found["SUMMARY"] == "Thank the interviewer within a day: Sam Reyes, Welder"
    assert "Subject: Thank you" in found["DESCRIPTION"]
    assert found["STATUS"] == "NEEDS-ACTION"


@pytest.mark.real
def test_what_a_person_has_done_stays_done(server: CalDav, calendar: str) -> None:
    """A to-do that was completed or changed is not made anew."""
    adapter = CalDavAdapter.configured(settings(calendar))
    adapter.deliver(order())
    (mine,) = principal(server).calendar(cal_url=calendar).todos()
    mine.complete()
    assert adapter.deliver(order()).state == "already_done"
    assert [str(one["STATUS"]) for one in todos(server, calendar)] == ["COMPLETED"]


@pytest.mark.real
def test_a_to_do_under_another_name_is_found(server: CalDav, calendar: str) -> None:
    """Programs that copy calendars rename what is in them; the UID stays."""
    headers = {"Content-Type": "text/calendar"}
    done = httpx.put(f"{calendar}moved.ics", content=todo(order()), auth=(USER, PASSWORD), headers=headers)
    assert done.status_code == 201
    adapter = CalDavAdapter.configured(settings(calendar))
    assert adapter.find(order()) is not None
    assert adapter.find(order(application="gh-2")) is None
    assert adapter.deliver(order()).state == "already_done"
    assert len(todos(server, calendar)) == 1


@pytest.mark.real
def test_many_at_once_make_one(server: CalDav, calendar: str) -> None:
    """The server itself decides who was first."""
    given = settings(calendar)

    def deliver(_: int) -> str:
        return CalDavAdapter.configured(given).deliver(order()).state

    with ThreadPoolExecutor(4) as pool:
        states = sorted(pool.map(deliver, range(8)))
    assert states == ["already_done"] * 7 + ["done"]
    assert len(todos(server, calendar)) == 1


@pytest.mark.real
@pytest.mark.parametrize("how", ["request lost", "answer lost", "silence"])
def test_a_wire_that_breaks_in_the_middle(server: CalDav, calendar: str, how: Any) -> None:
    """Nobody knows whether it was done; `find` does, and the next try leaves exactly one."""
    with breaking(server.port, b"END:VCALENDAR", how) as wire:
        adapter = CalDavAdapter.configured(settings(calendar.replace(str(server.port), str(wire.port)), timeout=1.5))
        with pytest.raises(Retriable) as raised:
            adapter.deliver(order())
        assert raised.value.maybe_done is True
        found = adapter.find(order())
        assert (found is not None) is (how != "request lost")
        assert adapter.deliver(order()).state == ("done" if found is None else "already_done")
    assert len(todos(server, calendar)) == 1


@pytest.mark.real
def test_a_server_that_is_down_and_comes_back(server: CalDav, calendar: str) -> None:
    """Nothing was done, and after that there is one."""
    adapter = CalDavAdapter.configured(settings(calendar))
    server.stop()
    try:
        with pytest.raises(Retriable) as raised:
            adapter.deliver(order())
        assert raised.value.maybe_done is False
    finally:
        server.start()
    assert [adapter.deliver(order()).state for _ in range(2)] == ["done", "already_done"]


@pytest.mark.real
def test_a_wrong_password_is_said_so(server: CalDav, calendar: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not shown."""
    monkeypatch.setenv("CALDAV_PASSWORD", "wrong-5e1f")
    adapter = CalDavAdapter.configured(settings(calendar))
    for ask in (lambda: adapter.deliver(order()), lambda: adapter.find(order()), adapter.test_connection):
        with pytest.raises(Misconfigured, match="does not let 'ada' in: 401") as raised:
            ask()
        assert "wrong-5e1f" not in str(raised.value)


@pytest.mark.real
def test_certificates_are_checked(tmp_path: Path) -> None:
    """A self-signed one, and one of another name, are settings to mend; a known one is good."""
    with serving(tmp_path / "tls", tls=True) as server:
        calendar = made(server, "tasks")
        good = settings(calendar, ca_file=str(server.certificate))
        assert CalDavAdapter.configured(good).test_connection() == f"{calendar} is a calendar: it takes to-dos"
        with pytest.raises(Misconfigured, match=r"not trusted: self.signed certificate"):
            CalDavAdapter.configured({**good, "ca_file": None}).deliver(order())
        with pytest.raises(Misconfigured, match="not trusted"):
            CalDavAdapter.configured({**good, "url": calendar.replace("localhost", "127.0.0.1")}).deliver(order())
        assert todos(server, calendar) == []
        assert CalDavAdapter.configured(good).deliver(order()).state == "done"


@pytest.mark.real
def test_what_is_no_calendar_for_tasks_is_said_so(server: CalDav, calendar: str) -> None:
    """The address of its owner, of nothing, and of a calendar for meetings only."""
    for url, told in (
        (server.url, "is no calendar"),
        (calendar + "none/", "nothing at"),
        (made(server, "meetings", ["VEVENT"]), "takes no to-dos, only VEVENT"),
    ):
        with pytest.raises(Misconfigured, match=told):
            CalDavAdapter.configured(settings(url)).test_connection()


HOSTILE = [
    "Sam\r\nEND:VTODO\r\nBEGIN:VALARM", "Sam\nX:1", "Sam\x00\x1b", 'a;b,c:"d"\\n', "x" * 998, "é☂" * 499, "\ud800",
    "\x85\u2028X",
]  # fmt: skip


@pytest.mark.real
@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_names_cannot_begin_a_property(server: CalDav, calendar: str, name: str) -> None:
    """One to-do with the properties that we write, whatever a candidate is called."""
    one = order()._replace(
        candidate=Candidate.model_construct(name=name), title=f"Write to {name}", follow_up=f"x{name}"
    )
    CalDavAdapter.configured(settings(calendar)).deliver(one)
    (found,) = todos(server, calendar)
    assert found.subcomponents == []
    assert set(found) == {"UID", "DTSTAMP", "SUMMARY", "DESCRIPTION", "CATEGORIES", "STATUS", "DUE"}
    assert found["UID"] == f"followup-rules-{one.id}"


ANSWERS = [
    ("429 Too Many Requests\r\nRetry-After: 7", Retriable, 7.0, False),
    ("503 Busy\r\nRetry-After: Mon, 01 Jan 2001 00:00:00 GMT", Retriable, 0.0, False),
    ("503 Busy\r\nRetry-After: soon", Retriable, None, False),
    ("507 Insufficient Storage", Retriable, None, False),
    ("500 Oops", Retriable, None, True),
    ("302 Found\r\nLocation: https://evil.example.com/", Misconfigured, None, None),
    ("403 Forbidden", Misconfigured, None, None),
    ("422 Unprocessable", Refused, None, None),
    ("404 Not Found", Misconfigured, None, None),
    ("418 Teapot", Misconfigured, None, None),
    ("413 Too Large", Refused, None, None),
    ("what", Retriable, None, True),
]


@pytest.mark.parametrize(("answer", "error", "after", "maybe"), ANSWERS, ids=[one[0][:20] for one in ANSWERS])
def test_what_an_answer_means(answer: str, error: Any, after: float | None, maybe: bool | None) -> None:
    """Redirects are not followed, waits are read, and only what certainly did nothing says so."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(65536)
                client.sendall(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
                client.shutdown(socket.SHUT_WR)
                client.recv(65536)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        adapter = CalDavAdapter.configured(settings(f"http://127.0.0.1:{listener.getsockname()[1]}/c/"))
        with pytest.raises(error) as raised:
            adapter.deliver(order())
        thread.join(5)
    assert PASSWORD not in str(raised.value)
    if isinstance(raised.value, Retriable):
        assert (raised.value.after, raised.value.maybe_done) == (after, maybe)


def test_a_file_can_be_opened_by_calendars(tmp_path: Path) -> None:
    """With the zone described; twice the same is one; what a person changed stays."""
    adapter = IcsAdapter.configured({"path": str(tmp_path / "tasks")})
    one = order()._replace(due_at=datetime(2026, 7, 1, 9, 0, tzinfo=NEW_YORK))
    assert adapter.find(one) is None
    receipt = adapter.deliver(one)
    file = tmp_path / "tasks" / receipt.reference
    parsed = icalendar.Calendar.from_ical(file.read_bytes())
    assert [part.name for part in parsed.subcomponents] == ["VTIMEZONE", "VTODO"]
    assert parsed.todos[0]["DUE"].dt == one.due_at
    file.write_text("mine")
    assert adapter.deliver(one).state == "already_done"
    assert adapter.find(one) == receipt._replace(state="already_done")
    assert file.read_text() == "mine"


def test_the_same_order_makes_the_same_bytes() -> None:
    """And a bare offset, which calendars have no name for, becomes UTC."""
    assert todo(order()) == todo(order())
    assert b"DUE:20260915T190000Z" in todo(order())


def test_a_preview_shows_the_request(calendar_url: str = "https://calendar.example.com/ada/tasks/") -> None:
    """Without credentials, touching nothing."""
    shown = CalDavAdapter.configured(settings(calendar_url)).preview(order())
    assert shown.startswith(f"PUT {calendar_url}followup-rules-{order().id}.ics\nIf-None-Match: *\n")
    assert PASSWORD not in shown and "Authorization" not in shown


def test_the_host_finds_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the entry point that pyproject.toml names."""
    text = (HERE / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.followup_rules]\ncaldav = "followup_rules_caldav"\n' in text
    write_distribution(tmp_path, "followup-rules-caldav", {"caldav": "followup_rules_caldav"})
    monkeypatch.syspath_prepend(tmp_path)
    plugins = load_plugins({SWITCH: "caldav"})
    assert plugins.problems == ()
    assert (plugins.adapter("caldav"), plugins.adapter("ics")) == (CalDavAdapter, IcsAdapter)


@pytest.mark.real
def test_the_readme_says_what_really_happens(server: CalDav, calendar: str, tmp_path: Path) -> None:
    """Its configuration can be used, and its program prints what stands below it."""
    example = (HERE / "examples" / "caldav.yml").read_text("utf-8")
    address = "https://calendar.example.com/ada/tasks/"
    assert CalDavAdapter.configured(yaml.safe_load(example)).settings.url == address
    ours = example.replace(address, calendar) + "insecure: true\n"
    said, printed = printed_by_the_readme(HERE, tmp_path, "caldav", ours)
    assert said == printed
    due = sorted(one["DUE"].dt for one in todos(server, calendar))
    assert due == [datetime(2026, 9, 22, 15, 0, tzinfo=NEW_YORK), datetime(2026, 9, 22, 15, 30, tzinfo=NEW_YORK)]
