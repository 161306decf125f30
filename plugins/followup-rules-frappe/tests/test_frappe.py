"""What the adapter `frappe` promises: against a fake that was built from the published contract, and against Prism."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

pytest.importorskip("httpx", reason="comes with the plugin: pip install -e plugins/followup-rules-frappe")
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
sys.path.insert(0, str(Path(__file__).parent))

from followup_rules_frappe import reading
from followup_rules_frappe.adapter import FrappeAdapter
from frappe_fake import KEY, SECRET, ZONE, Site

from followup_rules.adapter import Incoming, Order, Receipt
from followup_rules.errors import Misconfigured, Refused, Retriable
from followup_rules.load.configuration import read_configuration
from followup_rules.model.application import Application
from followup_rules.model.decision import Draft, Refusal
from followup_rules.model.words import Do
from followup_rules.plugins import SWITCH, load_plugins
from followup_rules.testing.adapters import AdapterContract, Hostile
from followup_rules.testing.hostile import HostileServer, Reply
from followup_rules.testing.installing import write_distribution
from followup_rules.testing.samples import an_order
from followup_rules.vendors.orders import marker
from test_vendor_contracts import SPECS, missing, mocking, prism

__all__ = ["prism"]  # a fixture

HERE = Path(__file__).parents[1]
DOS: tuple[Do, ...] = ("create_task", "add_note")


def settings_for(url: str, **more: Any) -> dict[str, Any]:
    given = {"url": url, "api_key": KEY, "api_secret": "env:FRAPPE_SECRET", "timezone": ZONE.key, "timeout": 10}
    return {**given, **more}


def delivery(secret: str, **body: str) -> Incoming:
    """What a site sends after a document was saved."""
    sent = json.dumps(body).encode()
    proof = base64.b64encode(hmac.new(secret.encode(), sent, hashlib.sha256).digest()).decode()
    headers = {"x-frappe-webhook-signature": proof}
    return Incoming("POST", "https://a/hook", headers, sent, datetime.now(timezone.utc))


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAPPE_SECRET", SECRET)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def server(site: Site) -> Iterator[HostileServer]:
    with HostileServer(site.serve, lambda: len(site.written)) as one:
        yield one


def adapter_to(server: HostileServer, **more: Any) -> FrappeAdapter:
    return FrappeAdapter.configured(settings_for(server.url, **more))


class TestFrappe(AdapterContract):
    """The contract, the hostile server included, with the fake behind it."""

    adapter = FrappeAdapter

    @pytest.fixture(autouse=True)
    def _served(self, server: HostileServer, site: Site) -> None:
        self.site, self.url = site, server.url

    def settings(self, folder: Path) -> dict[str, Any]:
        return settings_for(self.url, webhook_secret="env:FRAPPE_SECRET")

    def deliveries(self, folder: Path) -> Sequence[Incoming]:
        who = self.site.applicant(name="HR-APP-2026-00001")
        interview = {"doctype": "Interview", "name": "HR-INT-1", "job_applicant": who}
        return [delivery(SECRET, **one) for one in ({"doctype": "Job Applicant", "name": who}, interview)]

    def echoes(self, order: Order, receipt: Receipt) -> Sequence[Incoming]:
        doctype = "ToDo" if order.do == "create_task" else "Comment"
        return [delivery(SECRET, doctype=doctype, name=receipt.reference, reference_name=order.application)]

    def records(self, folder: Path) -> Sequence[str]:
        return [json.dumps(one) for one in self.site.written]

    def order(self, do: Do, **words: Any) -> Order:
        one = an_order(do, **words)
        self.site.applicant(name=one.application)
        return one

    def hostile_settings(self, folder: Path, faults: Hostile) -> dict[str, Any]:
        return settings_for(faults.open(self.site.serve, lambda: len(self.site.written)).url)

    def bad_settings(self, folder: Path) -> Sequence[Mapping[str, Any]]:
        good = settings_for(self.url)
        bad = [{**good, "url": one} for one in ("http://example.com", "https://u:p@a", "none", "https://a\r\nb")]
        bad += [{**good, "timezone": one} for one in ("", "Nowhere/None", "../../etc/passwd")]
        return [{}, *bad, {**good, "api_key": "a:b"}, {**good, "api_key": "other"}, {**good, "assign_to": "a\r\nb"}]


@pytest.mark.parametrize("do", DOS)
def test_an_action_is_written_once(do: Do, server: HostileServer, site: Site) -> None:
    """As a task with a date, or as a comment, on the applicant; the preview is what is sent."""
    applicant, adapter = site.applicant(), adapter_to(server, assign_to="ada@example.com")
    one = an_order(do, application=applicant)
    shown = adapter.preview(one)
    assert site.written == [] and server.calls == []
    receipt = adapter.deliver(one)
    again = [adapter.deliver(one), adapter_to(server).deliver(one), adapter.find(one)]
    assert again == [receipt._replace(state="already_done")] * 3 and receipt.state == "done"
    (made,) = site.written
    text = html.unescape(made["description" if do == "create_task" else "content"])
    assert text.startswith("Thank the interviewer within a day<br>") and text.endswith(marker(one))
    assert made["reference_name"] == applicant and receipt.reference == made["name"]
    write = json.loads("{" + shown.rpartition("\n\n{")[2])
    assert write.items() <= made.items() and SECRET not in shown and "authorization: token ***" in shown
    if do == "create_task":
        assert (made["date"], made["status"], made["allocated_to"]) == ("2026-09-15", "Open", "ada@example.com")


ANSWERS = [
    (Reply(429, b"{}", {"Retry-After": "7"}), Retriable, 7.0, False),
    (Reply(503), Retriable, None, True),
    (Reply(417, b'{"exc_type": "ValidationError"}'), Refused, None, None),
    (Reply(403, b'{"exc_type": "PermissionError"}'), Misconfigured, None, None),
    (Reply(200, b'{"message": "none"}'), Retriable, None, True),
    (Reply(200, b'{"data": {}}'), Retriable, None, True),
    (Reply(200, b"<html>"), Retriable, None, True),
    (Reply(302, b"", {"Location": "https://evil.example.com/"}), Misconfigured, None, None),
]


@pytest.mark.parametrize(("answer", "error", "after", "maybe"), ANSWERS, ids=range(len(ANSWERS)))
def test_what_an_answer_means(
    answer: Reply, error: Any, after: float | None, maybe: bool | None, server: HostileServer, site: Site
) -> None:
    """To the write itself; to the look before it, nothing was done."""
    one = an_order("add_note", application=site.applicant())
    for looked in (True, False):
        site.answers = [Reply(200, b'{"data": []}'), answer] if looked else [answer]
        if not looked and answer.body == b'{"data": {}}':
            continue
        with pytest.raises(error) as raised:
            adapter_to(server).deliver(one)
        assert SECRET not in str(raised.value)
        if isinstance(raised.value, Retriable):
            assert (raised.value.after, raised.value.maybe_done) == (after, maybe and looked)
    assert site.written == []


def test_faults_are_told_by_what_to_do(server: HostileServer, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frappe's name of the fault comes through, its traceback does not."""
    with pytest.raises(Refused, match="status 417: LinkValidationError") as refused:
        adapter_to(server).deliver(an_order("add_note", application="HR-APP-2026-9"))
    assert "Traceback" not in str(refused.value)
    del site.documents["Job Applicant"]
    with pytest.raises(Misconfigured, match="the app is not installed"):
        adapter_to(server).test_connection()
    monkeypatch.setenv("FRAPPE_SECRET", "wrong-5e1f")
    with pytest.raises(Misconfigured, match="status 401: AuthenticationError") as raised:
        adapter_to(server).test_connection()
    assert "wrong-5e1f" not in str(raised.value)


def test_the_connection_can_be_tested(server: HostileServer) -> None:
    """One line says whom the settings lead to."""
    said = adapter_to(server).test_connection()
    assert said == f"{server.url} knows the token as 'recruiting@example.com', who may see job applicants"


HOSTILE = ["Sam\r\nX: y", "Sam\x00\x1b", "<script>alert(1)</script>", '"}]}', "é☂" * 499, "\ud800", "%_\\"]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("do", DOS)
def test_names_stay_inside_the_text(do: Do, name: str, server: HostileServer, site: Site) -> None:
    """Escaped, with the marker at the end, found again."""
    one = an_order(do, application=site.applicant())
    one = one._replace(title=f"Write to {name}", draft=Draft(name, f"Dear {name}", None))
    assert [adapter_to(server).deliver(one).state for _ in range(2)] == ["done", "already_done"]
    (made,) = site.written
    text = str(made.get("description") or made.get("content"))
    assert "<script" not in text and text.endswith(marker(one)) and "\x00" not in text


def changed(adapter: FrappeAdapter, cursor: str | None) -> tuple[dict[str, Application], str]:
    """What comes of a reading, and the cursor for the next one."""
    pages = list(adapter.read_changes(cursor))
    items = [item for page in pages for item in page.items]
    assert not [item for item in items if isinstance(item, Refusal)]
    return {item.id: item for item in items if isinstance(item, Application)}, pages[-1].cursor


def test_an_applicant_is_read_as_an_application(server: HostileServer, site: Site) -> None:
    """With moments in the zone of the site, interviews that were and were not held, mail of both sides, and notes."""
    one = site.applicant(ago=timedelta(days=9), job_title="HR-OPN-1", designation="Data Engineer")
    slot = {"job_applicant": one, "from_time": "10:00:00", "to_time": "11:30:00"}
    for days, day, status in (
        (8, "2026-01-05", "Cleared"),
        (7, "2999-01-05", "Pending"),
        (6, "2999-01-06", "Cancelled"),
    ):
        site.add("Interview", timedelta(days=days), scheduled_on=day, status=status, **slot)
    to = {"reference_doctype": "Job Applicant", "reference_name": one, "communication_type": "Communication"}
    for side in ("Received", "Sent"):
        words = {"subject": f"{side} this", "content": "<p>Hi,</p>you &amp; me", "communication_medium": "Email"}
        site.add("Communication", sent_or_received=side, communication_date="2026-01-06 09:00:00", **words, **to)
    receipt = adapter_to(server).deliver(an_order("add_note", application=one))
    found = changed(adapter_to(server), None)[0][one]
    assert (found.status, found.stage, found.candidate.email) == ("active", "Open", "sam@example.com")
    assert (found.job.id, found.job.title, found.job.timezone) == ("HR-OPN-1", "Data Engineer", "Asia/Kolkata")
    told = {event.id: (event.type, event.from_, event.interview) for event in found.events}
    planned = [f"interview_scheduled:INTE-{number:05d}" for number in (1, 2, 3)]
    assert told == {
        "applied": ("applied", None, None),
        **dict.fromkeys(planned, ("interview_scheduled", None, None)),
        "interview_completed:INTE-00001": ("interview_completed", None, planned[0]),
        "interview_canceled:INTE-00003": ("interview_canceled", None, planned[2]),
        "message:COMMU-00001": ("message", "candidate", None),
        "message:COMMU-00002": ("message", "employer", None),
        f"note:{receipt.reference}": ("note", None, None),
    }
    by_id = {event.id: event for event in found.events}
    assert by_id["interview_completed:INTE-00001"].at == datetime(2026, 1, 5, 6, 0, tzinfo=timezone.utc)
    assert by_id["message:COMMU-00001"].at == datetime(2026, 1, 6, 3, 30, tzinfo=timezone.utc)
    assert by_id["message:COMMU-00001"].body == "Hi,\nyou & me"
    assert str(by_id[f"note:{receipt.reference}"].body).endswith(marker(an_order("add_note", application=one)))


@pytest.mark.parametrize(
    ("given", "status"),
    [("Open", "active"), ("Replied", "active"), ("Hold", "on_hold"), ("Rejected", "rejected"), ("Accepted", "hired")],
)
def test_each_status_has_a_meaning(given: str, status: str, server: HostileServer, site: Site) -> None:
    """And one that nobody knows is refused, not guessed."""
    site.applicant(status=given)
    (found,) = adapter_to(server).read_applications()
    assert isinstance(found, Application) and found.status == status
    odd = site.applicant(status="Frozen")
    assert [one.application for one in adapter_to(server).read_applications() if isinstance(one, Refusal)] == [odd]


def test_reading_goes_on_from_where_it_was(server: HostileServer, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what has changed comes again, also where only an interview or a mail has; in pages taken up singly."""
    monkeypatch.setattr(reading, "_PAGE", 2)
    old = timedelta(hours=1)
    stay, moved, met, wrote = (site.applicant(ago=old) for _ in range(4))
    interview = site.add(
        "Interview", old, job_applicant=met, status="Pending", scheduled_on="2026-01-05", to_time="11:00:00"
    )
    everything, cursor = changed(adapter_to(server), None)
    assert set(everything) == {stay, moved, met, wrote}
    assert changed(adapter_to(server), cursor)[0] == {}
    site.change("Job Applicant", moved, status="Rejected")
    site.change("Interview", interview, status="Cleared")
    to = {"reference_doctype": "Job Applicant", "reference_name": wrote, "communication_type": "Communication"}
    site.add("Communication", subject="Yes", sent_or_received="Received", **to)
    pages = list(adapter_to(server).read_changes(cursor))
    assert [[item.id for item in page.items] for page in pages] == [
        [moved, met],
        [wrote],
    ][: len(pages)]
    (rest,) = adapter_to(server).read_changes(pages[0].cursor)
    assert [item.id for item in rest.items] == [wrote]


@pytest.mark.parametrize("cursor", ["nonsense", "[]", '{"since": 1}', '{"since": "yesterday"}'])
def test_a_cursor_of_somebody_else_is_refused(cursor: str) -> None:
    """Before anything is asked."""
    with pytest.raises(Misconfigured, match="cannot go on from this cursor"):
        list(FrappeAdapter.configured(settings_for("http://127.0.0.1:9")).read_changes(cursor))


def test_clocks_that_are_put_back_hide_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past two comes twice in that night: what is changed in the second hour is not before the first."""
    adapter = FrappeAdapter.configured(settings_for("https://hr.example.com", timezone="Europe/Berlin"))
    since = datetime(2026, 10, 25, 0, 40, tzinfo=timezone.utc)
    for hours, written in ((0, "2026-10-25 02:40"), (1, "2026-10-25 01:40")):
        now = since + timedelta(hours=hours)
        monkeypatch.setattr(adapter._site.calls, "_clock", lambda now=now: now)
        assert adapter._site.written(since).startswith(written)
    assert adapter._site.moment("2026-10-26 02:40:00") == datetime(2026, 10, 26, 1, 40, tzinfo=timezone.utc)


def test_a_webhook_says_whom_to_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """After its signature was found right; a changed byte, a wrong key and no key are refused."""
    monkeypatch.setenv("HOOK", "hook-secret")
    adapter = FrappeAdapter.configured(settings_for("https://hr.example.com", webhook_secret="env:HOOK"))
    incoming = delivery("hook-secret", doctype="Interview", name="HR-INT-1", job_applicant="HR-APP-1")
    (notice,) = adapter.parse_webhook(incoming)
    assert (notice.application, notice.kind) == ("HR-APP-1", "Interview")
    for wrong in (incoming._replace(body=incoming.body + b" "), incoming._replace(headers={})):
        with pytest.raises(Refused):
            adapter.parse_webhook(wrong)
    with pytest.raises(Misconfigured, match="webhook_secret"):
        FrappeAdapter.configured(settings_for("https://hr.example.com")).parse_webhook(incoming)


@pytest.mark.real
def test_requests_are_those_of_the_contract(prism: Path) -> None:
    """Prism takes the write of a task and the list before it; it keeps nothing, so it shows no more than their form."""
    if SPECS is None:
        missing("shared/contracts/specs")
    (spec,) = (SPECS / "frappe").glob("*.yaml")  # type: ignore[operator]
    with mocking(prism, spec) as url:
        adapter, asked = FrappeAdapter.configured(settings_for(url)), []
        send = adapter._site.calls._wire.send
        adapter._site.calls._wire.send = lambda one: (asked.append((one, send(one))), asked[-1][1])[1]  # type: ignore
        adapter.deliver(an_order("create_task", application="HR-APP-2026-00001"))
        next(adapter.read_changes(None))
    assert [unquote(one.url.rpartition("/")[2]) for one, _ in asked] == ["ToDo", "ToDo", "Job Applicant"]
    assert [answer.status for _, answer in asked] == [200, 200, 200]


def test_the_host_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the entry point that pyproject.toml names."""
    text = (HERE / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.followup_rules]\nfrappe = "followup_rules_frappe"\n' in text
    write_distribution(tmp_path, "followup-rules-frappe", {"frappe": "followup_rules_frappe"})
    monkeypatch.syspath_prepend(tmp_path)
    plugins = load_plugins({SWITCH: "frappe"})
    assert plugins.problems == ()
    assert plugins.adapter("frappe") is FrappeAdapter


def test_the_configuration_of_the_readme_can_be_used() -> None:
    """It is the one of `examples/`, and its settings make an adapter."""
    example = HERE / "examples" / "followup.yaml"
    assert f"```yaml\n{example.read_text('utf-8')}```" in (HERE / "README.md").read_text("utf-8")
    read = read_configuration(example, example.name)
    settings = read.configuration.adapters["hr"].settings
    assert FrappeAdapter.configured(settings).settings.assign_to == "recruiting@example.com"
