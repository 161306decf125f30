"""What the adapter `smtp` promises, against a real mail server in this process."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from followup_rules_smtp.adapter import SmtpAdapter

from followup_rules.errors import Misconfigured, Refused, Retriable, Unsupported
from followup_rules.model.application import Candidate
from followup_rules.model.decision import Draft
from followup_rules.plugins import SWITCH, load_plugins
from followup_rules.testing.adapters import AdapterContract
from followup_rules.testing.installing import write_distribution
from followup_rules.testing.samples import an_order
from real.breaking import breaking
from real.readme import printed_by_the_readme
from real.smtp import PASSWORD, USER, Smtp, serving

HERE = Path(__file__).parents[1]
pytestmark = pytest.mark.real


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Smtp]:
    (tmp_path / "server").mkdir()
    with serving(tmp_path / "server") as one:
        yield one


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", PASSWORD)


def settings(server: Smtp, folder: Path, **more: Any) -> dict[str, Any]:
    return {
        "host": "localhost", "port": server.port, "ca_file": str(server.certificate), "user": USER, "send": "really",
        "password": "env:SMTP_PASSWORD", "from": "Ada Novák <ada@example.com>", "journal": str(folder / "journal"),
        "timeout": 10, **more,
    }  # fmt: skip


class TestSmtp(AdapterContract):
    adapter = SmtpAdapter

    @pytest.fixture(autouse=True)
    def _served(self, server: Smtp) -> None:
        self.server = server

    def settings(self, folder: Path) -> dict[str, Any]:
        return settings(self.server, folder)

    def records(self, folder: Path) -> Sequence[str]:
        return [one.data.decode("latin-1") for one in self.server.keeper.mails]

    def bad_settings(self, folder: Path) -> Sequence[Mapping[str, Any]]:
        good = settings(self.server, folder)
        (folder / "file").touch()
        return [
            {},
            {key: value for key, value in good.items() if key != "send"},
            {**good, "send": True},
            {**good, "from": "nobody"},
            {**good, "journal": str(folder / "file")},
            {**good, "journal": str(folder / "file" / "below")},
            {**good, "copies": ["x@y.z\r\nRCPT TO:<a@b.c>"]},
            {**good, "user": None},
            {**good, "unsubscribe": ["http://example.com"]},
            {**good, "unsubscribe": ["https://example.com/>\r\nX: y"]},
            {**good, "one_click": True},
            {**good, "host": "mail.example.com", "insecure": True},
        ]


def order(**words: Any) -> Any:
    return an_order("send_message", **words)


def test_a_message_is_sent_once(server: Smtp, tmp_path: Path) -> None:
    """With what a program that sends by itself has to say of itself; `find` knows that it went."""
    adapter = SmtpAdapter.configured(settings(server, tmp_path))
    assert adapter.find(order()) is None
    receipt = adapter.deliver(order())
    assert adapter.deliver(order()).state == "already_done"
    assert adapter.find(order()) == receipt._replace(state="already_done")
    (mail,) = server.keeper.mails
    assert (mail.sender, mail.recipients) == ("ada@example.com", ("sam@example.com",))
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Message-ID"] == receipt.reference == f"<{order().id}@followup-rules.example.com>"
    assert mail.message["From"] == "Ada Novák <ada@example.com>"
    assert mail.message["Date"].datetime == order().at
    assert mail.message["List-Unsubscribe"] is None
    assert mail.message.get_content().splitlines()[0] == "Dear Sam,"


def test_who_may_unsubscribe_is_told_how(server: Smtp, tmp_path: Path) -> None:
    """By a link of the action's own, with one click where the link takes it; links are never folded or encoded."""
    links = [f"https://example.com/{'long/' * 30}?a={{action}}", "mailto:leave@example.com?subject=leave"]
    given = settings(server, tmp_path, unsubscribe=links, one_click=True, reply_to="Ada <jobs@example.com>")
    SmtpAdapter.configured(given).deliver(order())
    message = server.keeper.mails[0].message
    assert f"?a={order().id}>".encode() in server.keeper.mails[0].data
    assert message["List-Unsubscribe"].endswith(", <mailto:leave@example.com?subject=leave>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Reply-To"] == "Ada <jobs@example.com>"


def test_lines_that_begin_with_a_dot_arrive(server: Smtp, tmp_path: Path) -> None:
    """A dot alone would end the message, and the rest would be commands."""
    body = "Dear Sam,\n.\nMAIL FROM:<x@y.z>\n..two\n"
    SmtpAdapter.configured(settings(server, tmp_path)).deliver(order(draft=Draft("s", body, "sam@example.com")))
    (mail,) = server.keeper.mails
    assert mail.message.get_content().splitlines() == body.splitlines()


HOSTILE = ["Sam\r\nBcc: t@example.com", "Sam\r\n.\r\nQUIT", 'a "b" <c@d.e>, f', "x" * 998, "é" * 998, "=?utf-8?q?=0A?="]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_names_cannot_begin_a_header_or_a_command(server: Smtp, tmp_path: Path, name: str) -> None:
    """One recipient and the same headers, whatever a candidate is called."""
    one = order(draft=Draft(f"About {name}", f"Dear {name},\n\nthanks.\n", "sam@example.com"))
    candidate = Candidate.model_construct(name=name, email="sam@example.com")
    SmtpAdapter.configured(settings(server, tmp_path)).deliver(one._replace(candidate=candidate))
    (mail,) = server.keeper.mails
    assert mail.recipients == ("sam@example.com",)
    assert sorted(set(mail.message.keys()) - {"X-Peer", "X-MailFrom", "X-RcptTo"}) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding",
         "MIME-Version"]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("where", "answer", "error", "maybe"),
    [
        ("MAIL", "451 4.3.0 later", Retriable, False),
        ("MAIL", "553 5.7.1 not your address", Misconfigured, None),
        ("MAIL", "552 5.3.4 too large", Refused, None),
        ("sam@example.com", "450 4.2.1 greylisted", Retriable, False),
        ("sam@example.com", "550 5.1.1 nobody of that name", Refused, None),
        ("DATA", "454 throttled", Retriable, False),
        ("DATA", "554 5.7.1 spam", Refused, None),
        ("boss@example.com", "550 5.1.1 nobody of that name", Refused, None),
        ("boss@example.com", "450 4.2.1 later", Retriable, False),
    ],
)
def test_what_an_answer_means(
    server: Smtp, tmp_path: Path, where: str, answer: str, error: Any, maybe: bool | None
) -> None:
    """4xx: later; 5xx: never, or mend the settings. All recipients get it or none, and a later try can be good."""
    adapter = SmtpAdapter.configured(settings(server, tmp_path, copies=["Boss <boss@example.com>"]))
    server.keeper.answers[where] = answer
    with pytest.raises(error, match=answer[:3]) as raised:
        adapter.deliver(order())
    if maybe is not None:
        assert raised.value.maybe_done is maybe
    assert server.keeper.mails == []
    assert adapter.find(order()) is None
    server.keeper.answers.clear()
    assert adapter.deliver(order()).state == "done"
    assert server.keeper.mails[0].recipients == ("sam@example.com", "boss@example.com")


@pytest.mark.parametrize("how", ["request lost", "answer lost", "silence"])
def test_an_answer_that_never_comes(tmp_path: Path, how: Any) -> None:
    """Nobody knows: it is not sent again, not even after a restart, until a person says so."""
    with serving(tmp_path, "plain") as server, breaking(server.port, b"\r\n.\r\n", how) as wire:
        given = settings(server, tmp_path, host="127.0.0.1", port=wire.port, insecure=True, timeout=1)
        with pytest.raises(Retriable) as raised:
            SmtpAdapter.configured(given).deliver(order())
        assert raised.value.maybe_done is True
        adapter = SmtpAdapter.configured(given)
        with pytest.raises(Unsupported, match="not known"):
            adapter.find(order())
        with pytest.raises(Retriable, match="to send it again") as raised:
            adapter.deliver(order())
        assert raised.value.maybe_done is True
        assert len(server.keeper.mails) == (how != "request lost")
        (begun,) = (tmp_path / "journal").glob("*.begun")
        assert str(begun) in str(raised.value)
        begun.unlink()
        assert adapter.deliver(order()).state == "done"


def test_a_wire_that_breaks_before_the_text(tmp_path: Path) -> None:
    """Then certainly nothing was sent."""
    with serving(tmp_path, "plain") as server, breaking(server.port, b"rcpt", "answer lost") as wire:
        given = settings(server, tmp_path, host="127.0.0.1", port=wire.port, insecure=True)
        adapter = SmtpAdapter.configured(given)
        with pytest.raises(Retriable) as raised:
            adapter.deliver(order())
        assert raised.value.maybe_done is False
        assert adapter.deliver(order()).state == "done"
        assert len(server.keeper.mails) == 1


def test_a_wrong_password_is_said_so(server: Smtp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not shown."""
    monkeypatch.setenv("SMTP_PASSWORD", "wrong-5e1f")
    with pytest.raises(Misconfigured, match="does not let 'ada' in") as raised:
        SmtpAdapter.configured(settings(server, tmp_path)).deliver(order())
    assert "wrong-5e1f" not in str(raised.value)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_certificates_are_checked(tmp_path: Path, security: str) -> None:
    """A self-signed one, and one of another name, are settings to mend; a known one is good."""
    with serving(tmp_path, security) as server:
        good = settings(server, tmp_path, security=security)
        assert SmtpAdapter.configured(good).test_connection() == "localhost takes mail from ada@example.com as ada"
        with pytest.raises(Misconfigured, match="not trusted"):
            SmtpAdapter.configured({**good, "ca_file": None}).deliver(order())
        with pytest.raises(Misconfigured, match="not trusted"):
            SmtpAdapter.configured({**good, "host": "127.0.0.1"}).deliver(order())
        assert server.keeper.mails == []
        assert SmtpAdapter.configured(good).deliver(order()).state == "done"


def test_a_server_that_offers_no_encryption_gets_nothing(tmp_path: Path) -> None:
    """No password goes out where STARTTLS is missing."""
    with serving(tmp_path, "plain") as server:
        with pytest.raises(Misconfigured):
            SmtpAdapter.configured(settings(server, tmp_path, security="starttls")).deliver(order())
        with pytest.raises(Misconfigured, match="does not speak TLS"):
            SmtpAdapter.configured(settings(server, tmp_path)).deliver(order())
        assert server.keeper.mails == []


def test_a_server_that_is_down(server: Smtp, tmp_path: Path) -> None:
    """Later, and nothing was done."""
    with pytest.raises(Retriable) as raised:
        SmtpAdapter.configured(settings(server, tmp_path, port=1)).deliver(order())
    assert raised.value.maybe_done is False


def test_a_disk_that_is_full_sends_nothing(server: Smtp, tmp_path: Path) -> None:
    """What cannot be written down does not go out; when there is room again, it does."""
    import resource

    adapter = SmtpAdapter.configured(settings(server, tmp_path))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        with pytest.raises(Retriable, match=r"journal .* cannot be used now"):
            adapter.deliver(order())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert server.keeper.mails == []
    assert adapter.find(order()) is None
    assert adapter.deliver(order()).state == "done"


def test_many_at_once_send_one(server: Smtp, tmp_path: Path) -> None:
    """The journal decides who was first; the others are told that it is done, or that nobody knows yet."""
    given = settings(server, tmp_path)

    def deliver(_: int) -> str:
        try:
            return SmtpAdapter.configured(given).deliver(order()).state
        except Retriable as error:
            assert error.maybe_done
            return "later"

    with ThreadPoolExecutor(8) as pool:
        states = list(pool.map(deliver, range(16)))
    assert states.count("done") == 1
    assert len(server.keeper.mails) == 1
    assert SmtpAdapter.configured(given).deliver(order()).state == "already_done"


def test_a_token_in_the_place_of_a_password(server: Smtp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """XOAUTH2, as two large providers ask for it; a token that has run out is a setting to mend, and is not shown."""
    given = settings(server, tmp_path, login="xoauth2")
    assert SmtpAdapter.configured(given).deliver(order()).state == "done"
    monkeypatch.setenv("SMTP_PASSWORD", "stale-5e1f")
    with pytest.raises(Misconfigured, match="does not let 'ada' in") as raised:
        SmtpAdapter.configured(given).deliver(order(application="gh-2"))
    assert "stale-5e1f" not in str(raised.value)


def test_without_an_address_nobody_gets_it(server: Smtp, tmp_path: Path) -> None:
    """A draft can wait for one, a message cannot."""
    with pytest.raises(Refused, match="nobody to send it to"):
        SmtpAdapter.configured(settings(server, tmp_path)).deliver(order(draft=Draft("s", "b")))


def test_a_preview_shows_the_message(server: Smtp, tmp_path: Path) -> None:
    """And sends nothing."""
    shown = SmtpAdapter.configured(settings(server, tmp_path)).preview(order())
    assert "SEND by localhost to sam@example.com" in shown and "Subject: Thank you" in shown
    assert PASSWORD not in shown and server.keeper.mails == []


def test_the_host_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the entry point that pyproject.toml names."""
    text = (HERE / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.followup_rules]\nsmtp = "followup_rules_smtp"\n' in text
    write_distribution(tmp_path, "followup-rules-smtp", {"smtp": "followup_rules_smtp"})
    monkeypatch.syspath_prepend(tmp_path)
    plugins = load_plugins({SWITCH: "smtp"})
    assert plugins.problems == ()
    assert plugins.adapter("smtp") is SmtpAdapter


def test_the_readme_says_what_really_happens(server: Smtp, tmp_path: Path) -> None:
    """Its configuration can be used, and its program prints what stands below it."""
    example = (HERE / "examples" / "smtp.yml").read_text("utf-8")
    assert SmtpAdapter.configured(yaml.safe_load(example)).settings.host == "smtp.example.com"
    more = f"port: {server.port}\nca_file: {server.certificate}\n"
    ours = example.replace("smtp.example.com", "localhost") + more
    said, printed = printed_by_the_readme(HERE, tmp_path / "readme", "smtp", ours)
    assert said == printed
    assert [one.message["To"] for one in server.keeper.mails] == ["Sam Reyes <sam@example.com>"] * 2
