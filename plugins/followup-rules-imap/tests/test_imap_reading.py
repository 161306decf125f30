"""Mailboxes are read, from a real Dovecot: who answered, what answers by itself, what did not arrive, what we wrote."""

from __future__ import annotations

import imaplib
import json
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("imapclient", reason="comes with the plugin: pip install -e plugins/followup-rules-imap")
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from followup_rules_imap.adapter import ImapAdapter
from followup_rules_imap.telling import told_by

from conftest import Run
from conftest import run as run
from followup_rules.adapter import Message
from followup_rules.errors import Misconfigured, Retriable
from followup_rules.testing.installing import write_distribution
from real.breaking import breaking
from real.imap import PASSWORD, Imap, serving

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)
CRLF = "\r\n"
HEADERS = {"From": "Sam <sam@example.com>", "To": "ada@example.com", "Subject": "Hello", "Message-ID": "<m1@x>"}


@pytest.fixture(scope="module")
def server() -> Iterator[Imap]:
    with serving() as one:
        yield one


@pytest.fixture
def box(server: Imap, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Box:
    monkeypatch.setenv("IMAP_PASSWORD", PASSWORD)
    return Box(server, f"u{abs(hash(request.node.nodeid))}")


class Box:
    """The mail of one user: what others and programs put there, and an adapter that reads it."""

    def __init__(self, server: Imap, user: str) -> None:
        self.server, self.user = server, user

    def put(self, where: str = "INBOX", days: float = 1, flags: str = "", body: str = "Hi!", **headers: str) -> None:
        at = imaplib.Time2Internaldate((NOW - timedelta(days=days)).timestamp())
        with imaplib.IMAP4("127.0.0.1", self.server.port, 10) as client:
            client.login(self.user, PASSWORD)
            assert client.append(where, flags, at, mail(body, **headers))[0] == "OK"

    def adapter(self, **more: Any) -> ImapAdapter:
        adapter = ImapAdapter.configured({
            "host": "localhost", "port": self.server.tls_port, "ca_file": str(self.server.certificate), "timeout": 10,
            "user": self.user, "password": "env:IMAP_PASSWORD", "from": "Ada <ada@example.com>", **more,
        })  # fmt: skip
        adapter.clock = lambda: NOW  # type: ignore[method-assign]
        return adapter

    def read(self, since: str | None = None, **more: Any) -> tuple[list[Message], str]:
        pages = list(self.adapter(**more).read_messages(since))
        return [one for page in pages for one in page.items], pages[-1].cursor


def mail(body: str = "Hi!", **headers: str) -> bytes:
    named = HEADERS | {name.replace("_", "-"): text for name, text in headers.items()}
    return f"{CRLF.join(f'{name}: {text}' for name, text in named.items() if text)}{CRLF}{CRLF}{body}{CRLF}".encode()


def told(body: str = "Hi!", *, sent: bool = False, **headers: str) -> Message:
    return told_by(mail(body, **headers), NOW, sent=sent, owner=("ada@example.com",))


def test_what_came_in_and_went_out_is_told(box: Box) -> None:
    """Who wrote to whom and when, what it answers; nothing is marked as read, and drafts are nobody's message yet."""
    box.put(Message_ID="<m1@x>", In_Reply_To="<a@x>", References="<r@x> <a@x>")
    box.put("Sent", 2, From="ada@example.com", To="Sam <SAM@Example.com>, b@x.org", Cc="c@x.org", Message_ID="<m2@x>")
    box.put("Sent", 2, r"(\Draft)", Message_ID="<m3@x>")
    box.put("INBOX", 3, From="Ada <ada@example.com>", To="sam@example.com", Message_ID="<m4@x>")
    found, _ = box.read()
    one, echo, out = sorted(found, key=lambda each: (each.outgoing, each.id))[0], *[m for m in found if m.outgoing]
    assert [(m.id, m.outgoing) for m in found] == [("<m1@x>", False), ("<m4@x>", True), ("<m2@x>", True)]
    assert one == Message(
        "<m1@x>", NOW - timedelta(days=1), "sam@example.com", ("ada@example.com",), False, ("ada@example.com",),
        "message", ("<a@x>", "<r@x>"),
    )  # fmt: skip
    assert echo.outgoing and out.recipients == ("sam@example.com", "b@x.org", "c@x.org")
    with imaplib.IMAP4("127.0.0.1", box.server.port, 10) as client:
        client.login(box.user, PASSWORD)
        client.select("INBOX", readonly=True)
        assert client.search(None, "SEEN")[1] == [b""]


def test_only_what_is_new_is_read(box: Box) -> None:
    """By the numbers of the mailbox; the first reading goes back some days, the others as far as there is something."""
    box.put(days=200, Message_ID="<old@x>")
    box.put(days=2, Message_ID="<m1@x>")
    found, cursor = box.read()
    assert [one.id for one in found] == ["<m1@x>"]
    assert box.read(cursor) == ([], cursor)
    box.put(days=150, Message_ID="<late@x>")
    found, after = box.read(cursor)
    assert [one.id for one in found] == ["<late@x>"], "what is put there later is new, whatever its date"
    assert box.read(after) == ([], after)
    assert len(box.read(read_days=365)[0]) == 3


def test_numbers_that_mean_something_else_are_not_believed(box: Box) -> None:
    """A mailbox that was made anew is read again from its beginning; nothing in it is passed over."""
    box.put()
    _, cursor = box.read()
    stale = cursor.replace('"INBOX": [', '"INBOX": [1')
    assert stale != cursor
    found, again = box.read(stale)
    assert ([one.id for one in found], again) == (["<m1@x>"], cursor)


def test_a_reading_that_breaks_goes_on(box: Box) -> None:
    """After any page; what was read before is not read again."""
    for number in range(120):
        box.put(Message_ID=f"<m{number}@x>")
    pages = list(box.adapter().read_messages(None))
    assert [len(page.items) for page in pages] == [50, 50, 20, 0]
    for done in (1, 2, 3):
        found, cursor = box.read(pages[done - 1].cursor)
        assert [one.id for one in found] == [one.id for page in pages[done:] for one in page.items]
        assert cursor == pages[-1].cursor


def test_a_wire_that_breaks_while_it_reads(box: Box) -> None:
    """It is to be tried again, and what was read stays read."""
    box.put()
    with breaking(box.server.port, b"FETCH", "answer lost") as wire, pytest.raises(Retriable):
        box.read(host="127.0.0.1", port=wire.port, insecure=True)
    assert len(box.read()[0]) == 1


def test_a_mailbox_that_is_not_there_is_said_so(box: Box) -> None:
    """Who passes over the sent mail would write too often."""
    with pytest.raises(Misconfigured, match="no such mailbox"):
        box.read(read=("INBOX", "Answers"))
    with pytest.raises(Misconfigured, match="cannot be read on from this cursor"):
        box.read('{"INBOX": "x"}')


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"}, {"Auto-Submitted": "auto-generated; x=y"}, {"Precedence": "auto_reply"},
        {"X-Autoreply": "yes"}, {"X-Autorespond": "away"}, {"Return-Path": "<>"},
        {"Content-Type": "multipart/report; report-type=disposition-notification; boundary=x"},
    ],
)  # fmt: skip
def test_what_answers_by_itself_is_no_answer(headers: dict[str, str]) -> None:
    """Absences, receipts, and what old programs write."""
    assert told_by(mail(**headers), NOW, sent=False, owner=()).kind == "auto_reply"


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"List-Id": "<news.example.com>"}, "list"), ({"Precedence": "bulk"}, "list"), ({"List-Post": "<x>"}, "list"),
        ({"Auto-Submitted": "no"}, "message"), ({"X-Auto-Response-Suppress": "All"}, "message"),
        ({"Precedence": "first-class"}, "message"), ({"List-Unsubscribe": "<mailto:x@y.z>"}, "message"),
        ({"From": "MAILER-DAEMON@x.org"}, "bounce"),
        ({"From": "Postmaster <postmaster@x.org>", "Auto-Submitted": "auto-replied"}, "bounce"),
        ({"Auto-Submitted": "auto-replied", "List-Id": "<l.x>"}, "auto_reply"),
    ],
)  # fmt: skip
def test_lists_bounces_and_people(headers: dict[str, str], kind: str) -> None:
    """Only what certainly was written by a program, or to many, is no answer."""
    assert told_by(mail(**headers), NOW, sent=False, owner=()).kind == kind


BOUNCE = CRLF.join([
    "--x", "Content-Type: text/plain", "", "No such user.",
    "--x", "Content-Type: message/delivery-status", "", "Action: failed", "",
    "--x", "Content-Type: {how}", "", "Message-ID: <ours@x>", "Subject: Thank you", "", "--x--",
])  # fmt: skip


@pytest.mark.parametrize("how", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_names_what_did_not_arrive(box: Box, how: str) -> None:
    """In its body alone; so it is fetched as a whole, and others are not."""
    kind = "multipart/report; report-type=delivery-status; boundary=x"
    box.put(body=BOUNCE.format(how=how), Content_Type=kind, From="mailer-daemon@x.org")
    ((one,), _) = box.read()
    assert (one.kind, one.answers) == ("bounce", ("<ours@x>",))


@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))))
def test_whatever_lies_there_is_told(data: bytes) -> None:
    """No message keeps the others from being read."""
    one = told_by(data, NOW, sent=False, owner=("ada@example.com",))
    assert one.id and one == told_by(data, NOW, sent=False, owner=("ada@example.com",))


@pytest.mark.parametrize(
    "line",
    [
        "From: =?x?b?!!!?=", "From: <<<", "From: a b c@", "From: " + "(" * 500, "Message-ID: <>", "References: <" * 400,
        "Content-Type: multipart/report; report-type=delivery-status", "Content-Type: ;;;=", "To: \x00\udcff",
    ],
)  # fmt: skip
def test_broken_headers_break_nothing(line: str) -> None:
    """They say less, and that is all."""
    one = told_by(line.encode("utf-8", "surrogateescape") + b"\r\n\r\n", NOW, sent=False, owner=())
    assert one.id.startswith("<")


def test_parts_inside_parts_break_nothing() -> None:
    """However deep they go."""
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}{CRLF}{CRLF}--b{n}{CRLF}" for n in range(3000))
    data = f"From: mailer-daemon@x.org{CRLF}Message-ID: <m1@x>{CRLF}{parts}".encode()
    assert told_by(data, NOW, sent=False, owner=()).id == "<m1@x>"


def test_hundreds_of_messages_are_read_soon(box: Box) -> None:
    """Headers alone, fifty at a time."""
    with imaplib.IMAP4("127.0.0.1", box.server.port, 10) as client:
        client.login(box.user, PASSWORD)
        at = imaplib.Time2Internaldate(NOW.timestamp())
        for number in range(300):
            client.append("INBOX", "", at, mail("long " * 2000, Message_ID=f"<m{number}@x>"))
    start = time.perf_counter()
    assert len(box.read()[0]) == 300
    assert time.perf_counter() - start < 10


# the reply and the follow-up

RULES = """
schema: followup-rules/1
pack: asking
rules:
  - id: ask
    kind: follow_up
    title: Ask what comes next
    follow_up: ask
    direction: employer_to_candidate
    after: interview_completed
    expires: 20 days
    template: ask.j2
    do: [draft_message]
  - {id: ends, kind: stop, title: What ends it, on: [reply, rejected, withdrawn, hired, opted_out]}
"""
TABLE = """Id,Candidate,Email,Interview
a-1,c-1,sam@example.com,2026-11-18 15:00
a-2,c-2,kim@example.com,2026-11-18 15:00
"""
MAPPING = """
schema: followup-mapping/1
name: sheet
timezone: America/New_York
application:
  id: Id
  status: {value: active}
  candidate: {id: Candidate, email: Email, timezone: {value: America/New_York}, country: {value: US}}
events:
  - {type: interview_completed, at: Interview, id: {value: e1}}
"""
PLAN = ("plan", "--store", "followup.sqlite", "--rules", "rules.yaml", "--at", "2026-11-20T10:00:00-05:00")


@pytest.fixture
def office(box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    """Two candidates from a table, a mailbox, and rules."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FOLLOWUP_RULES_STORE", raising=False)
    write_distribution(tmp_path / "site", "followup-rules-imap", {"imap": "followup_rules_imap"})
    monkeypatch.syspath_prepend(tmp_path / "site")
    (tmp_path / "templates").mkdir()
    for name, text in (
        ("rules.yaml", RULES), ("table.csv", TABLE), ("mapping.yaml", MAPPING),
        ("templates/ask.j2", "Subject: What comes next?\n\nDear Sam,\n\nwhat may we tell you about the next step?\n"),
        ("followup.yaml", json.dumps({
            "schema": "followup-configuration/1", "routes": [{"do": "draft_message", "to": "mail"}],
            "adapters": {"mail": {"kind": "imap", "settings": {
                "host": "localhost", "port": box.server.tls_port, "ca_file": str(box.server.certificate),
                "user": box.user, "password": "env:IMAP_PASSWORD", "from": "ada@example.com", "read_days": 3000}}},
        })),
    ):  # fmt: skip
        (tmp_path / name).write_text(text, "utf-8")
    return box


def decided(run: Run) -> dict[str, tuple[str, str]]:
    ran = run(*PLAN, "--format", "jsonl")
    assert ran.status == 0, ran.err
    return {one["application"]: (one["decision"], one["reason"]) for one in map(json.loads, ran.lines)}


SYNC = ("sync", "--adapter", "mail")


def test_a_reply_in_the_mailbox_stops_the_follow_up(office: Box, run: Run) -> None:
    """Table, plan, draft, reply, sync, plan: no file says so, and the other candidate is asked all the same."""
    at = ("--at", "2026-11-20T10:00:00-05:00")
    assert run("sync", "--csv", "table.csv", "--mapping", "mapping.yaml", *at).status == 0
    assert run(*SYNC, *at).out == "mail: 0 new, 0 changed, 0 as before, 0 gone, 0 refused\n"
    assert {one for one, _ in decided(run).values()} == {"send"}
    assert run(*PLAN, "--save").status == 0
    office.put(days=1, In_Reply_To="<something@else>")
    assert run(*SYNC, *at).out == "mail: 1 new, 0 changed, 0 as before, 0 gone, 0 refused\n"
    assert decided(run) == {"a-1": ("stop", "stopped"), "a-2": ("send", "in_window")}
    ran = run("deliver", "--rules", "rules.yaml", *at)
    assert (ran.status, ran.lines[-1]) == (0, "1 done, 1 canceled; 0 left, 0 unknown"), ran.err
    assert run(*SYNC, *at).out == "mail: 0 new, 0 changed, 0 as before, 0 gone, 0 refused\n", (
        "a draft is no message yet"
    )
    assert decided(run)["a-2"] == ("send", "in_window")


def test_what_is_no_answer_stops_nothing(office: Box, run: Run) -> None:
    """An absence, a list, a bounce, somebody else."""
    at = ("--at", "2026-11-20T10:00:00-05:00")
    run("sync", "--csv", "table.csv", "--mapping", "mapping.yaml", *at)
    office.put(Auto_Submitted="auto-replied")
    office.put(List_Id="<news.x>", Message_ID="<m2@x>")
    office.put(From="mailer-daemon@example.com", Message_ID="<m3@x>")
    office.put(From="stranger@example.com", Message_ID="<m4@x>")
    assert run(*SYNC, *at).out.startswith("mail: 4 new")
    assert {one for one, _ in decided(run).values()} == {"send"}


def test_a_draft_that_was_sent_is_a_touch_and_its_answer_a_reply(office: Box, run: Run) -> None:
    """A person sends it; somebody answers from another address, in the thread."""
    at = ("--at", "2026-11-20T10:00:00-05:00")
    run("sync", "--csv", "table.csv", "--mapping", "mapping.yaml", *at)
    run(*PLAN, "--save")
    assert run("deliver", "--rules", "rules.yaml", *at).lines[-1] == "2 done; 0 left, 0 unknown"
    with imaplib.IMAP4("127.0.0.1", office.server.port, 10) as client:
        client.login(office.user, PASSWORD)
        client.select('"Entw&APw-rfe"')
        (numbers,) = client.uid("SEARCH", "TO", "sam@example.com")[1]
        _, data = client.uid("FETCH", numbers.decode(), "(BODY.PEEK[])")
        draft = data[0][1]  # type: ignore[index]
        client.append("Sent", "", imaplib.Time2Internaldate((NOW - timedelta(hours=20)).timestamp()), draft)
        client.append("INBOX", "", imaplib.Time2Internaldate((NOW - timedelta(hours=20)).timestamp()), draft)
        client.uid("STORE", numbers.decode(), "+FLAGS", r"(\Deleted)")
        client.expunge()
    (reference,) = [line.split()[-1] for line in draft.decode().splitlines() if line.startswith("Message-ID: ")]
    assert run(*SYNC, *at).out.startswith("mail: 1 new, 0 changed, 1 as before")
    assert decided(run) == {"a-1": ("stop", "done"), "a-2": ("send", "in_window")}
    office.put(From="sam@home.example", References=reference, days=0.5)
    run(*SYNC, *at)
    assert decided(run)["a-1"] == ("stop", "stopped")
