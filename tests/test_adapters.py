"""What adapters promise: the contract itself, the bundled adapter `folder`, and secrets that never show."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, ClassVar, get_args

import pytest

from followup_rules.adapter import (
    CAPABILITIES,
    Adapter,
    AdapterSettings,
    Incoming,
    Notice,
    Order,
    Receipt,
    Secret,
    fault_of,
    orders,
)
from followup_rules.bundled import FolderAdapter, file_name
from followup_rules.errors import Misconfigured, Refused, Unsupported
from followup_rules.model.decision import Draft
from followup_rules.model.words import Do, Outcome
from followup_rules.testing.adapters import AdapterContract
from followup_rules.testing.samples import HOSTILE_IDS, a_decision, an_order


class TestFolder(AdapterContract):
    """The bundled adapter keeps the promises that it asks of others."""

    adapter = FolderAdapter

    def settings(self, folder: Path) -> dict[str, Any]:
        return {"path": str(folder / "drafts")}

    def records(self, folder: Path) -> Sequence[str]:
        drafts = folder / "drafts"
        return [file.read_text("utf-8") for file in drafts.iterdir()] if drafts.exists() else []

    def bad_settings(self, folder: Path) -> Sequence[Mapping[str, Any]]:
        (folder / "a-file").touch()
        return [{}, {"path": 3}, {"path": str(folder / "a-file")}, {"path": str(folder / "a-file" / "below")}]


class Remembering(Adapter):
    """A well-behaved adapter to a fake system: a folder with a file for each record."""

    name = "remembering"
    capabilities = frozenset(CAPABILITIES)

    class Settings(AdapterSettings):
        token: Secret
        path: Path

    settings: Settings
    writes_twice: ClassVar[bool] = False
    tells_its_secret: ClassVar[bool] = False

    def carry_out(self, order: Order) -> Receipt:
        if self.tells_its_secret:
            raise Refused(f"401 for {self.settings.token.get_secret_value()}")
        target = self.settings.path / order.id
        known = target.exists() and not self.writes_twice
        if not known:
            number = len(list(self.settings.path.iterdir()))
            (target if not target.exists() else target.with_suffix(f".{number}")).write_text(order.title)
        return Receipt(order.id, self.name, "already_done" if known else "done", order.id)

    def read_applications(self) -> Any:
        return iter(())

    def parse_webhook(self, incoming: Incoming) -> tuple[Notice, ...]:
        return (Notice(incoming.body.decode(), "gh-1", "moved"),)


class TestRemembering(AdapterContract):
    """The contract can be kept by an adapter with every capability and a secret."""

    adapter = Remembering

    def settings(self, folder: Path) -> dict[str, Any]:
        (folder / "system").mkdir()
        return {"token": "env:REMEMBERING_TOKEN", "path": str(folder / "system")}

    def records(self, folder: Path) -> Sequence[str]:
        system = folder / "system"
        return [file.read_text() for file in system.iterdir()] if system.exists() else []

    def deliveries(self, folder: Path) -> Sequence[Incoming]:
        at = datetime(2026, 9, 15, tzinfo=timezone.utc)
        return [Incoming("POST", "https://x.example/hook", {}, one, at) for one in (b"one", b"two")]


class Forgetful(Remembering):
    writes_twice = True


class Talkative(Remembering):
    tells_its_secret = True


def test_the_contract_catches_an_adapter_that_repeats_an_action(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second record for the same action fails the contract."""
    contract = TestRemembering()
    contract.adapter = Forgetful  # type: ignore[misc]
    monkeypatch.setenv("REMEMBERING_TOKEN", "x")
    with pytest.raises(pytest.fail.Exception, match="second receipt"):
        contract.test_the_same_action_twice_makes_one_record(tmp_path, contract.settings(tmp_path))


def test_the_contract_catches_an_adapter_that_tells_its_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any, capsys: Any
) -> None:
    """A token in the text of an error fails the contract."""
    contract = TestRemembering()
    contract.adapter = Talkative  # type: ignore[misc]
    monkeypatch.setenv("REMEMBERING_TOKEN", contract.secret())
    with pytest.raises(pytest.fail.Exception, match="token shows"):
        contract.test_no_secret_shows(tmp_path, contract.settings(tmp_path), caplog, capsys)


# --- Orders -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", get_args(Outcome))
def test_only_a_decision_to_send_asks_for_anything(outcome: Outcome) -> None:
    """Wait, revise and hold keep their actions for later; none of them is carried out now."""
    decision = a_decision(outcome, do=("draft_message", "create_task"))
    assert [order.do for order in orders(decision)] == (["draft_message", "create_task"] if outcome == "send" else [])


def test_an_order_says_everything_that_its_decision_says() -> None:
    """An adapter needs nothing but the order: same words, same moments, same draft, same identity."""
    decision = a_decision()
    (order,) = orders(decision)
    assert order.id == decision.actions[0].id
    assert order.title == decision.decided_by.title
    for word in (
        "application",
        "follow_up",
        "rule",
        "direction",
        "step",
        "occasion",
        "contact",
        "at",
        "due_at",
    ):
        assert getattr(order, word) == getattr(decision, word)
    assert (order.draft, order.expires_at) == (decision.draft, decision.expires_at)


# --- The adapter class --------------------------------------------------------------------------------------


def test_an_action_that_is_not_declared_is_unsupported(tmp_path: Path) -> None:
    """The check stands before the adapter's own code, so no adapter can forget it."""
    adapter = FolderAdapter.configured({"path": tmp_path})
    for do in get_args(Do):
        if do != "draft_message":
            with pytest.raises(Unsupported, match=f"'folder' cannot {do}"):
                adapter.deliver(an_order(do))
    with pytest.raises(Unsupported, match="read_applications"):
        adapter.read_applications()


def test_a_capability_that_is_declared_but_not_written_is_unsupported() -> None:
    """Not an AttributeError in the middle of a run."""

    class Empty(Adapter):
        name = "empty"
        capabilities = frozenset({"draft"})

    with pytest.raises(Unsupported, match="declares"):
        Empty.configured({}).deliver(an_order())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": "My CRM"}, "name 'My CRM'"),
        ({"name": ""}, "name ''"),
        ({"capabilities": frozenset()}, "has no frozenset of capabilities"),
        ({"capabilities": {"draft"}}, "has no frozenset of capabilities"),
        ({"capabilities": frozenset({"drafts"})}, "did you mean 'draft'"),
        ({"Settings": dict}, "do not inherit from AdapterSettings"),
    ],
)
def test_what_is_no_adapter_is_told(changes: dict[str, Any], told: str) -> None:
    """The host asks this of every class before anybody can configure it."""
    assert fault_of(FolderAdapter) is None
    assert told in (fault_of(type("Wrong", (FolderAdapter,), changes)) or "")
    assert "no class" in (fault_of("folder") or "")


# --- Secrets ------------------------------------------------------------------------------------------------


class WithToken(Adapter):
    name = "with-token"
    capabilities = frozenset({"note"})

    class Settings(AdapterSettings):
        token: Secret

    settings: Settings


def test_a_secret_comes_from_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line break that editors put at the end of a file is no part of it."""
    monkeypatch.setenv("CRM_TOKEN", "from env")
    (tmp_path / "token").write_text("from file\n")
    for given, found in (("env:CRM_TOKEN", "from env"), (f"file:{tmp_path / 'token'}", "from file")):
        adapter = WithToken.configured({"token": given})
        assert adapter.settings.token.get_secret_value() == found
        assert found not in f"{adapter!r}{adapter.settings!r}{adapter.settings}{adapter.settings.model_dump_json()}"


@pytest.fixture
def keyring(tmp_path: Path) -> Iterator[Any]:
    """A real keyring of this test alone: a file of the library's own, in place of the machine's."""
    keyring = pytest.importorskip("keyring", reason="comes with the extra keyring")
    backends = pytest.importorskip("keyrings.alt.file", reason="comes with the extra dev")
    before, mine = keyring.get_keyring(), backends.PlaintextKeyring()
    mine.file_path = str(tmp_path / "keyring.cfg")
    keyring.set_keyring(mine)
    yield keyring
    keyring.set_keyring(before)


def test_a_secret_comes_from_the_keyring(keyring: Any) -> None:
    """Where the machine keeps passwords; the last slash parts the service from the user."""
    keyring.set_password("followup-rules", "crm", "from keyring")
    keyring.set_password("https://crm.example.com", "ada", "another")
    for given, found in (("followup-rules/crm", "from keyring"), ("https://crm.example.com/ada", "another")):
        adapter = WithToken.configured({"token": f"keyring:{given}"})
        assert adapter.settings.token.get_secret_value() == found
        assert found not in f"{adapter!r}{adapter.settings!r}{adapter.settings.model_dump_json()}"


@pytest.mark.parametrize("given", ["keyring:followup-rules/nobody", "keyring:none", "keyring:/ada", "keyring:x/"])
def test_what_the_keyring_does_not_have_is_told(keyring: Any, given: str) -> None:
    """A setting to mend; how a reference is written is said."""
    with pytest.raises(Misconfigured, match="'token'"):
        WithToken.configured({"token": given})


def test_a_keyring_that_cannot_be_opened_is_told(keyring: Any) -> None:
    """Without its own words, which may hold anything."""
    keyring.set_keyring(pytest.importorskip("keyring.backends.fail").Keyring())
    with pytest.raises(Misconfigured, match=r"the keyring cannot be read: NoKeyringError") as raised:
        WithToken.configured({"token": "keyring:followup-rules/crm"})
    assert raised.value.__context__ is None


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything else goes on without it."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(Misconfigured, match=r"pip install 'followup-rules\[keyring\]'"):
        WithToken.configured({"token": "keyring:followup-rules/crm"})


@pytest.mark.parametrize(
    "given",
    ["hunter2-literal", "", "env:", "file:", "env:NOT_SET_ANYWHERE", "file:/no/such/file", "file:/", 7, None],
)
def test_a_secret_that_cannot_be_found_is_told_without_its_value(given: object) -> None:
    """Who writes the secret itself into the settings must not find it in the log."""
    with pytest.raises(Misconfigured, match="'token'") as raised:
        WithToken.configured({"token": given})
    assert raised.value.__context__ is None
    if given not in ("", "env:", "file:"):
        assert str(given) not in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\xfd", b"x" * 70_000])
def test_a_file_that_holds_no_secret_is_misconfigured(tmp_path: Path, content: bytes) -> None:
    """Empty, binary or huge: the wrong file was named."""
    (tmp_path / "token").write_bytes(content)
    with pytest.raises(Misconfigured, match="'token'"):
        WithToken.configured({"token": f"file:{tmp_path / 'token'}"})


# --- The folder ---------------------------------------------------------------------------------------------


def test_a_draft_is_a_text_that_a_person_can_read(tmp_path: Path) -> None:
    """Recipient, subject, an empty line, the text."""
    order = an_order()
    receipt = FolderAdapter.configured({"path": tmp_path / "drafts"}).deliver(order)
    assert receipt.reference.startswith("gh-104-thank-you-e2-u-3-1-")
    text = (tmp_path / "drafts" / receipt.reference).read_text("utf-8")
    assert text.startswith("To: sam@example.com\nSubject: Thank you\n\nDear Sam,")


def test_what_a_person_changed_is_not_overwritten(tmp_path: Path) -> None:
    """A second run finds the file and leaves it."""
    adapter = FolderAdapter.configured({"path": tmp_path})
    file = tmp_path / adapter.deliver(an_order()).reference
    file.write_text("mine now")
    assert adapter.deliver(an_order(draft=Draft("other", "other"))).state == "already_done"
    assert file.read_text() == "mine now"


@pytest.mark.parametrize("identity", HOSTILE_IDS)
def test_no_id_leads_out_of_the_folder(tmp_path: Path, identity: str) -> None:
    """Any printable text is an id; the file still lies in the folder, with a plain name."""
    drafts = tmp_path / "deep" / "drafts"
    order = an_order(application=identity, occasion=identity)
    FolderAdapter.configured({"path": drafts}).deliver(order)
    (file,) = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert file.parent == drafts
    assert file.name == file_name(order)
    assert len(file.name) < 200 and file.name.isascii() and not file.name.startswith(("-", "."))


def test_a_line_break_in_a_header_makes_no_other_header(tmp_path: Path) -> None:
    """An address is data; it must not add a recipient."""
    order = an_order(draft=Draft("a\r\nBcc: x@example.com", "text\n", "a@example.com\nBcc: y@example.com"))
    receipt = FolderAdapter.configured({"path": tmp_path}).deliver(order)
    head, _, body = (tmp_path / receipt.reference).read_text("utf-8").partition("\n\n")
    assert len(head.splitlines()) == 2
    assert body == "text\n"


def test_an_action_without_a_text_is_refused(tmp_path: Path) -> None:
    """A rule without a template has nothing to write; an empty draft would look finished."""
    with pytest.raises(Refused, match="no template"):
        FolderAdapter.configured({"path": tmp_path}).deliver(an_order(draft=None))
    assert not list(tmp_path.iterdir())


def test_a_link_that_lies_in_wait_is_not_followed(tmp_path: Path) -> None:
    """A name that is taken is taken, whatever has it."""
    order = an_order()
    (tmp_path / file_name(order)).symlink_to(tmp_path / "elsewhere")
    assert FolderAdapter.configured({"path": tmp_path}).deliver(order).state == "already_done"
    assert not (tmp_path / "elsewhere").exists()


def test_where_links_are_not_known_the_file_is_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems have no hard links; the draft is written there too, and nothing is left over."""

    def no_link(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", no_link)
    receipt = FolderAdapter.configured({"path": tmp_path}).deliver(an_order())
    assert [file.name for file in tmp_path.iterdir()] == [receipt.reference]


def test_many_at_once_make_one_file(tmp_path: Path) -> None:
    """Two runs that overlap write one draft, and exactly one of them says that it did."""
    adapter, order = FolderAdapter.configured({"path": tmp_path}), an_order()
    states: list[str] = []
    start = threading.Barrier(8)

    def run() -> None:
        start.wait()
        states.append(adapter.deliver(order).state)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states) == ["already_done"] * 7 + ["done"]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_disk_that_fails_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk can be tried again; what was written so far is gone."""
    from followup_rules.errors import Retriable

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Retriable, match="No space"):
        FolderAdapter.configured({"path": tmp_path}).deliver(an_order())
    assert not list(tmp_path.iterdir())
