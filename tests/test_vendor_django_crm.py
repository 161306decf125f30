"""The vendor file `django-crm` against the real Django-CRM 0.9.0, whose database is read past its API."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from followup_rules.errors import Misconfigured, Refused, Retriable
from followup_rules.testing.adapters import AdapterContract, Hostile
from followup_rules.testing.hostile import Call, Reply
from followup_rules.testing.samples import an_order
from followup_rules.vendors.orders import marker
from real.breaking import breaking
from real.django_crm import PASSWORD, USER, DjangoCrm, serving
from test_vendors import VENDORS

pytestmark = pytest.mark.real
CRM: Any = VENDORS["django-crm"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DjangoCrm]:
    with serving(tmp_path_factory.mktemp("django-crm")) as one:
        yield one


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PASSWORD", PASSWORD)


def settings_for(url: str, **more: Any) -> dict[str, Any]:
    return {"url": url, "user": USER, "password": "env:CRM_PASSWORD", "timeout": 20, **more}


class TestDjangoCrm(AdapterContract):
    """The contract, the hostile server included, with the real CRM behind it."""

    adapter = CRM

    @pytest.fixture(autouse=True)
    def _served(self, server: DjangoCrm) -> None:
        self.server = server
        # Each test has a board of its own: actions are the same in all of them.
        self.before = set(server.titles())

    def settings(self, folder: Path) -> dict[str, Any]:
        return settings_for(self.server.url)

    def records(self, folder: Path) -> Sequence[str]:
        return self.server.titles()

    def secret(self) -> str:
        return PASSWORD

    def order(self, do: Any, **words: Any) -> Any:
        one = an_order(do, **words)
        return one._replace(id=f"{one.id[:24]}{len(self.before):08x}")

    def hostile_settings(self, folder: Path, faults: Hostile) -> dict[str, Any]:
        return settings_for(faults.open(self._through, lambda: len(self.server.titles())).url)

    def _through(self, call: Call) -> Reply:
        given = {name: one for name, one in call.headers.items() if name in ("authorization", "content-type")}
        answer = httpx.request(
            call.method,
            self.server.url + call.path,
            params=dict(call.query),
            content=call.body,
            headers=given,
            timeout=20,
        )
        return Reply(answer.status_code, answer.content, {"Content-Type": answer.headers.get("content-type", "")})


def test_a_task_is_written_once(server: DjangoCrm) -> None:
    """Deliver, read back, deliver again: still one; the CRM itself would refuse a second of that title."""
    adapter, one = CRM.configured(settings_for(server.url)), an_order("create_task", application="once")
    assert adapter.find(one) is None
    receipt = adapter.deliver(one)
    again = [adapter.deliver(one), CRM.configured(settings_for(server.url)).deliver(one), adapter.find(one)]
    assert again == [receipt._replace(state="already_done")] * 3 and receipt.state == "done"
    (title,) = [title for title in server.titles() if marker(one) in title]
    assert title == f"Thank the interviewer within a day, once {marker(one)}"


@pytest.mark.parametrize("how", ["request lost", "answer lost", "silence"])
def test_a_wire_that_breaks_in_the_middle(server: DjangoCrm, how: Any) -> None:
    """Nobody knows whether it was done; `find` does, and the next try leaves exactly one."""
    one = an_order("create_task", application=how)
    with breaking(server.port, b'"due_date"', how) as wire:
        adapter = CRM.configured(settings_for(f"http://127.0.0.1:{wire.port}", timeout=8))
        with pytest.raises(Retriable) as raised:
            adapter.deliver(one)
        assert raised.value.maybe_done is True
        found = adapter.find(one)
        assert (found is not None) is (how != "request lost")
        assert adapter.deliver(one).state == ("done" if found is None else "already_done")
    assert len([title for title in server.titles() if marker(one) in title]) == 1


def test_a_title_that_is_taken_is_refused(server: DjangoCrm) -> None:
    """By the CRM's own word, where somebody has copied a title without regard to capitals."""
    adapter, one = CRM.configured(settings_for(server.url)), an_order("create_task", application="copied")
    adapter.deliver(one)
    asked = adapter._asked(adapter._action(one), one)
    with pytest.raises(Refused, match="Task already exists with this title"):
        adapter._asking.ask(asked._replace(body=asked.body.replace(b"Thank", b"THANK")))


def test_long_and_hostile_titles_fit(server: DjangoCrm) -> None:
    """200 characters are all that a title has, and the marker is never cut off."""
    for name in ("x" * 500, "Sam\r\nX: y\x00", '"}', "é☂" * 200, "\ud800"):
        one = an_order("create_task", application="y" * 200, occasion=f"e{abs(hash(name))}")._replace(title=name)
        assert CRM.configured(settings_for(server.url)).deliver(one).state == "done"
        (title,) = [title for title in server.titles() if marker(one) in title]
        assert len(title) <= 200 and title.endswith(marker(one))


def test_a_wrong_password_is_said_so(server: DjangoCrm, monkeypatch: pytest.MonkeyPatch) -> None:
    """As settings to mend, and without the password."""
    assert "answers with status 200" in CRM.configured(settings_for(server.url)).test_connection()
    monkeypatch.setenv("CRM_PASSWORD", "wrong-5e1f")
    with pytest.raises(Misconfigured, match=r"the sign-in was refused: .*Email and password") as raised:
        CRM.configured(settings_for(server.url)).deliver(an_order("create_task"))
    assert "wrong-5e1f" not in str(raised.value)
