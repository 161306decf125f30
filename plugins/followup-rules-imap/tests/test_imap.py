"""What the adapter `imap` promises, against a real Dovecot; read back with the standard library's own client."""

from __future__ import annotations

import imaplib
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import yaml

pytest.importorskip("imapclient", reason="comes with the plugin: pip install -e plugins/followup-rules-imap")
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from followup_rules_imap.adapter import ImapAdapter

from followup_rules.adapter import Incoming, Order, Receipt, orders
from followup_rules.errors import Misconfigured, Retriable
from followup_rules.model.application import Candidate
from followup_rules.model.decision import Draft
from followup_rules.plugins import SWITCH, load_plugins
from followup_rules.testing.adapters import AdapterContract
from followup_rules.testing.installing import write_distribution
from followup_rules.testing.samples import a_decision, an_order
from real.breaking import breaking
from real.imap import PASSWORD, QUOTA, Imap, serving
from real.processes import wait_until
from real.readme import printed_by_the_readme

HERE = Path(__file__).parents[1]
pytestmark = pytest.mark.real
BOX = "Entw&APw-rfe"


@pytest.fixture(scope="module")
def server() -> Iterator[Imap]:
    with serving() as one:
        yield one


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    """A mailbox of its own for each test."""
    return f"u{abs(hash(request.node.nodeid))}"


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAP_PASSWORD", PASSWORD)


def settings(server: Imap, user: str, **more: Any) -> dict[str, Any]:
    return {
        "host": "localhost", "port": server.tls_port, "ca_file": str(server.certificate), "user": user,
        "password": "env:IMAP_PASSWORD", "from": "Ada Novák <ada@example.com>", "timeout": 10, **more,
    }  # fmt: skip


def mail(server: Imap, user: str, box: str = BOX) -> list[bytes]:
    """Every message in a mailbox, and its flags, by plain imaplib."""
    with imaplib.IMAP4("127.0.0.1", server.port, 10) as client:
        client.login(user, PASSWORD)
        client.select(f'"{box}"', readonly=True)
        _, data = client.fetch("1:*", "(FLAGS BODY.PEEK[])") if client.response("EXISTS")[1] != [b"0"] else (0, [])
        return [one[0] + b"\n" + one[1] for one in data if isinstance(one, tuple)]


def read(stored: bytes) -> EmailMessage:
    message = message_from_bytes(stored.partition(b"\n")[2], policy=default)
    assert isinstance(message, EmailMessage)
    return message


class TestImap(AdapterContract):
    adapter = ImapAdapter

    @pytest.fixture(autouse=True)
    def _served(self, server: Imap, user: str) -> None:
        self.server, self.user = server, user

    def settings(self, folder: Path) -> dict[str, Any]:
        return settings(self.server, self.user)

    def records(self, folder: Path) -> Sequence[str]:
        return [one.decode("latin-1") for one in mail(self.server, self.user)]

    def echoes(self, order: Order, receipt: Receipt) -> Sequence[Incoming]:
        """A person sends the draft, and a copy of it comes in."""
        (draft,) = [one for one in mail(self.server, self.user) if order.id.encode() in one]
        for box in ("Sent", "INBOX"):
            with imaplib.IMAP4("127.0.0.1", self.server.port, 10) as client:
                client.login(self.user, PASSWORD)
                client.append(box, "", None, draft.partition(b"\n")[2])  # type: ignore[arg-type]
        return ()

    def bad_settings(self, folder: Path) -> Sequence[Mapping[str, Any]]:
        good = settings(self.server, self.user)
        return [
            {},
            {**good, "from": "nobody"},
            {**good, "from": "Ada <ada@example.com>\r\nBcc: x@example.com"},
            {**good, "host": "mail.example.com", "insecure": True},
            {**good, "host": "a host"},
            {**good, "port": 0},
            {**good, "ca_file": str(folder / "none.pem")},
            {**good, "user": "ada\r\nx LOGOUT"},
            {**good, "timeout": 0},
            {**good, "read": []},
            {**good, "read": ["INBOX\r\n"]},
            {**good, "also": ["nobody"]},
            {**good, "read_days": 0},
        ]


def test_a_draft_lies_where_people_look(server: Imap, user: str) -> None:
    """In the mailbox that the server marks, with the flag of a draft, once; and `find` knows it."""
    adapter = ImapAdapter.configured(settings(server, user))
    (order,) = orders(a_decision())
    assert adapter.find(order) is None
    receipt = adapter.deliver(order)
    assert receipt.state == "done"
    assert adapter.deliver(order).state == "already_done"
    assert adapter.find(order) == receipt._replace(state="already_done")
    (stored,) = mail(server, user)
    assert rb"\Draft" in stored.partition(b"\n")[0]
    message = read(stored)
    assert message["Message-ID"] == receipt.reference == f"<{order.id}@followup-rules.example.com>"
    assert message["From"] == "Ada Novák <ada@example.com>"
    assert (message["To"], message["Subject"]) == ("sam@example.com", "Thank you")
    assert message["Date"].datetime == order.at
    assert message.get_content().splitlines() == ["Dear Sam,", "", "thank you for the conversation.", "", "Ada"]
    assert message["Auto-Submitted"] is None, "a person sends it"


def test_a_later_step_names_the_earlier_ones(server: Imap, user: str) -> None:
    """Mail programs show them as one conversation."""
    adapter = ImapAdapter.configured(settings(server, user))
    first, second, third = (adapter.deliver(an_order(step=step)).reference for step in (1, 2, 3))
    messages = {read(one)["Message-ID"]: read(one) for one in mail(server, user)}
    assert messages[first]["In-Reply-To"] is None
    assert messages[third]["In-Reply-To"] == second
    assert messages[third]["References"].split() == [first, second]


HOSTILE = [
    "Sam\r\nBcc: thief@example.com", "Sam\nX-Evil: 1", "Sam\x00\x1b[31m", 'Sam "the" O\\Neil, <x@example.com>',
    "x" * 998, "é" * 998, "☂, " * 60, "=?utf-8?q?=0D=0ABcc:_x?=", "Müller, Sam", "\ud800", "a@b", "応募者",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_names_cannot_begin_a_header(server: Imap, user: str, name: str) -> None:
    """Whatever a candidate is called: one recipient, no other headers, no line too long for mail."""
    draft = Draft(f"About {name}", f"Dear {name},\n\nthanks.\n", "sam@example.com")
    order = an_order(draft=draft)._replace(candidate=Candidate.model_construct(name=name, email="sam@example.com"))
    ImapAdapter.configured(settings(server, user)).deliver(order)
    (stored,) = mail(server, user)
    assert max(map(len, stored.split(b"\r\n"))) <= 998
    message = read(stored)
    assert sorted(message.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
    )
    assert [one.addr_spec for one in message["To"].addresses] == ["sam@example.com"]


@pytest.mark.parametrize("to", ["sam", "sam@", "sam@exa mple.com", "a@b.c\r\nBcc: x@y.z", "sam@a..b", "s@x.y, t@x.y"])
def test_what_is_no_address_is_refused(server: Imap, user: str, to: str) -> None:
    """Nothing is written for it."""
    from followup_rules.errors import Refused

    with pytest.raises(Refused, match="cannot be written to"):
        ImapAdapter.configured(settings(server, user)).deliver(an_order(draft=Draft("s", "b", to)))
    assert mail(server, user) == []


def test_a_draft_without_an_address_is_left_for_a_person(server: Imap, user: str) -> None:
    """Who writes it fills the address in."""
    ImapAdapter.configured(settings(server, user)).deliver(an_order(draft=Draft("s", "b")))
    assert read(mail(server, user)[0])["To"] is None


def test_what_was_sent_meanwhile_is_not_drafted_again(server: Imap, user: str) -> None:
    """A mail program moves the draft into the mailbox for sent mail."""
    adapter = ImapAdapter.configured(settings(server, user))
    adapter.deliver(an_order())
    with imaplib.IMAP4("127.0.0.1", server.port, 10) as client:
        client.login(user, PASSWORD)
        client.select(f'"{BOX}"')
        assert client.uid("MOVE", "1:*", "Sent")[0] == "OK"
    assert adapter.deliver(an_order()).state == "already_done"
    assert (len(mail(server, user)), len(mail(server, user, "Sent"))) == (0, 1)


def test_two_at_once_leave_one(server: Imap, user: str) -> None:
    """IMAP cannot ask and append in one; who came second takes its own away."""
    given = settings(server, user)

    def deliver(_: int) -> str:
        return ImapAdapter.configured(given).deliver(an_order()).state

    for _ in range(3):
        with ThreadPoolExecutor(4) as pool:
            states = list(pool.map(deliver, range(4)))
        assert len(mail(server, user)) == 1, states


@pytest.mark.parametrize(("how", "maybe"), [("request lost", True), ("answer lost", True), ("silence", True)])
def test_a_wire_that_breaks_at_the_append(server: Imap, user: str, how: Any, maybe: bool) -> None:
    """Nobody knows whether it was done; `find` does, and the next try leaves exactly one."""
    with breaking(server.port, b"thank you for the conversation", how) as wire:
        given = settings(server, user, host="127.0.0.1", port=wire.port, insecure=True, timeout=1)
        adapter = ImapAdapter.configured(given)
        with pytest.raises(Retriable) as raised:
            adapter.deliver(an_order())
        assert raised.value.maybe_done is maybe
        assert wire.broken
        if how != "request lost":
            wait_until(lambda: len(mail(server, user)) == 1, "the draft")
        found = adapter.find(an_order())
        assert (found is not None) is (how != "request lost")
        assert adapter.deliver(an_order()).state == ("done" if found is None else "already_done")
    assert len(mail(server, user)) == 1


def test_a_wire_that_breaks_before_the_append(server: Imap, user: str) -> None:
    """Then certainly nothing was done."""
    with breaking(server.port, b"LOGIN", "answer lost") as wire:
        given = settings(server, user, host="127.0.0.1", port=wire.port, insecure=True)
        with pytest.raises(Retriable) as raised:
            ImapAdapter.configured(given).deliver(an_order())
    assert raised.value.maybe_done is False
    assert mail(server, user) == []


def test_a_server_that_is_down_and_comes_back(server: Imap, user: str) -> None:
    """The error is to try again, nothing was done, and after that there is one."""
    adapter = ImapAdapter.configured(settings(server, user))
    server.stop()
    try:
        with pytest.raises(Retriable) as raised:
            adapter.deliver(an_order())
        assert raised.value.maybe_done is False
    finally:
        server.start()
    assert adapter.deliver(an_order()).state == "done"
    assert adapter.deliver(an_order()).state == "already_done"


def test_a_wrong_password_is_said_so(server: Imap, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the server's own words, and without the password."""
    monkeypatch.setenv("IMAP_PASSWORD", "wrong-5e1f")
    with pytest.raises(Misconfigured, match=f"does not let '{user}' in: .*AUTHENTICATIONFAILED") as raised:
        ImapAdapter.configured(settings(server, user)).deliver(an_order())
    assert "wrong-5e1f" not in str(raised.value)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_certificates_are_checked(server: Imap, user: str, security: str) -> None:
    """A self-signed one, and one of another name, are settings to mend; a known one is good."""
    port = server.tls_port if security == "tls" else server.port
    good = settings(server, user, security=security, port=port)
    assert ImapAdapter.configured(good).test_connection() == f"{user} on localhost: drafts go into 'Entwürfe'"
    with pytest.raises(Misconfigured, match=r"not trusted: self.signed certificate; name who signed it in 'ca_file'"):
        ImapAdapter.configured({**good, "ca_file": None}).deliver(an_order())
    with pytest.raises(Misconfigured, match=r"not trusted: .*127\.0\.0\.1"):
        ImapAdapter.configured({**good, "host": "127.0.0.1"}).deliver(an_order())
    assert mail(server, user) == []


def test_a_port_that_speaks_no_tls_is_said_so(server: Imap, user: str) -> None:
    """The usual mistake: TLS from the start, on the port where it must be asked for."""
    with pytest.raises(Misconfigured, match="does not speak TLS as 'security' and 'port' say"):
        ImapAdapter.configured(settings(server, user, port=server.port)).deliver(an_order())


def test_without_encryption_only_on_this_machine(server: Imap, user: str) -> None:
    """And only where the settings say so in a word."""
    plain = settings(server, user, port=server.port, insecure=True, ca_file=None)
    assert ImapAdapter.configured(plain).deliver(an_order()).state == "done"
    with pytest.raises(Misconfigured, match="'insecure' is only for a server on this machine"):
        ImapAdapter.configured({**plain, "host": "mail.example.com"})


def test_a_mailbox_of_a_name_in_the_settings(user: str) -> None:
    """Where the server marks none: the set one is used, and one that is not there is a setting to mend."""
    with serving(drafts="mailbox Concepts {\n    auto = create\n  }") as server:
        adapter = ImapAdapter.configured(settings(server, user, drafts="Concepts"))
        adapter.deliver(an_order())
        assert len(mail(server, user, "Concepts")) == 1
        with pytest.raises(Misconfigured, match="no such mailbox"):
            ImapAdapter.configured(settings(server, user)).deliver(an_order())


def test_a_full_mailbox_is_tried_again_later(user: str) -> None:
    """The server has said that it did nothing."""
    with serving(plugins=QUOTA) as server:
        with pytest.raises(Retriable, match="OVERQUOTA") as raised:
            ImapAdapter.configured(settings(server, user)).deliver(
                an_order(draft=Draft("s", "long " * 2000, "a@b.org"))
            )
        assert raised.value.maybe_done is False


def test_a_preview_shows_the_message_and_touches_nothing() -> None:
    """No server is asked."""
    given = {"host": "none.invalid", "user": "ada", "password": "env:IMAP_PASSWORD", "from": "ada@example.com"}
    shown = ImapAdapter.configured(given).preview(an_order())
    assert "To: sam@example.com" in shown and "Subject: Thank you" in shown and PASSWORD not in shown


def test_hosts_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was done."""
    given = {"host": "127.0.0.1", "port": 1, "user": "a", "password": "env:IMAP_PASSWORD", "from": "a@example.com"}
    with pytest.raises(Retriable) as raised:
        ImapAdapter.configured(given).deliver(an_order())
    assert raised.value.maybe_done is False


def test_the_host_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the entry point that pyproject.toml names."""
    text = (HERE / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.followup_rules]\nimap = "followup_rules_imap"\n' in text
    write_distribution(tmp_path, "followup-rules-imap", {"imap": "followup_rules_imap"})
    monkeypatch.syspath_prepend(tmp_path)
    plugins = load_plugins({SWITCH: "imap"})
    assert plugins.problems == ()
    assert plugins.adapter("imap") is ImapAdapter


def test_the_readme_says_what_really_happens(server: Imap, tmp_path: Path) -> None:
    """Its configuration can be used, and its program prints what stands below it."""
    example = (HERE / "examples" / "imap.yml").read_text("utf-8")
    assert ImapAdapter.configured(yaml.safe_load(example)).settings.host == "imap.example.com"
    ours = example.replace("imap.example.com", "localhost").replace("user: ada@example.com", "user: readme")
    more = f"port: {server.tls_port}\nca_file: {server.certificate}\n"
    said, printed = printed_by_the_readme(HERE, tmp_path, "imap", ours + more)
    assert said == printed
    assert len(mail(server, "readme")) == 2
