"""Webhooks that only say where to look: the source is read anew, by its own adapter, until that has worked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from starlette.testclient import TestClient

from followup_rules.adapter import Capability, Page
from followup_rules.errors import Retriable
from followup_rules.model.application import Application
from followup_rules.outbox.inbox import next_notice, waiting_notices
from followup_rules.outbox.timelines import snapshot, told_of
from followup_rules.timers.works import Works
from followup_rules.web.app import build
from followup_rules.web.service import Service
from outbox_helping import START, Hands
from service_helping import HookAdapter, application, delivery, interview, service_on, until


class Readable(HookAdapter):
    """Also lets itself be read; what it knows is set by the tests."""

    capabilities: ClassVar[frozenset[Capability]] = frozenset({"task", "webhook", "read_applications"})
    known: ClassVar[list[Application]] = []
    readings: ClassVar[list[str | None]] = []
    broken: ClassVar[int] = 0

    def read_changes(self, since: str | None) -> Iterator[Page]:
        self.readings.append(since)
        if Readable.broken:
            Readable.broken -= 1
            raise Retriable("too busy")
        yield Page(tuple(self.known), f"c{len(self.readings)}")


@pytest.fixture
def clock() -> Hands:
    return Hands(START + timedelta(minutes=1))


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Hands) -> Iterator[Service]:
    monkeypatch.chdir(tmp_path)
    for kept in (HookAdapter.records, Readable.known, Readable.readings):
        kept.clear()
    Readable.broken = 0
    made = service_on("followup.sqlite", tmp_path, clock=clock, kinds=(Readable,))
    yield made
    made.ledger.close()


def posted(client: TestClient, number: int, *events: dict[str, Any], identity: str = "") -> int:
    body, headers = delivery(number, START, *events, identity=identity)
    return client.post("/hooks/hook", content=body, headers=headers).status_code


def test_a_hint_is_read_from_the_source(service: Service) -> None:
    """A webhook without events makes the source be read, and what it says is decided and delivered."""
    Readable.known.append(application(1, events=[interview(START)]))
    with TestClient(build(service)) as client:
        assert posted(client, 1) == 200
        until(lambda: len(HookAdapter.records) == 1)
        until(lambda: waiting_notices(service.ledger) == 0)


def test_many_hints_are_one_reading(service: Service) -> None:
    """What has come by the time of a reading is read by it, and the next reading goes on from its cursor."""
    Readable.known.append(application(1))
    still = Service(**{**vars(service), "settings": service.settings._replace(works=False)})
    with TestClient(build(still)) as client:
        assert {posted(client, 1, identity=f"d-{number}") for number in range(30)} == {200}
    with TestClient(build(service)) as client:
        until(lambda: waiting_notices(service.ledger) == 0)
        assert Readable.readings == [None]
        posted(client, 1, identity="later")
        until(lambda: waiting_notices(service.ledger) == 0)
    assert Readable.readings == [None, "c1"]


def test_a_source_that_is_away_is_tried_again(service: Service, clock: Hands) -> None:
    """A hint waits until its source can be read; nothing is lost meanwhile."""
    Readable.known.append(application(1, events=[interview(START)]))
    Readable.broken = 1
    with TestClient(build(service)) as client:
        posted(client, 1)
        until(lambda: (put_off := next_notice(service.ledger)) is not None and put_off > clock())
        assert waiting_notices(service.ledger) == 1 and HookAdapter.records == []
        clock.pass_(10)
        works = client.app.state.helpers  # type: ignore[attr-defined]
        assert isinstance(works, Works)
        works.wake()
        until(lambda: HookAdapter.records)
        until(lambda: waiting_notices(service.ledger) == 0)


def test_the_word_of_the_source_replaces_that_of_the_webhook(service: Service) -> None:
    """Events of a webhook count at once; then the source is read, and an event that it does not know is gone."""
    Readable.known.append(application(1, events=[interview(START)]))
    with TestClient(build(service)) as client:
        posted(client, 1, interview(START, 7))
        until(lambda: Readable.readings and waiting_notices(service.ledger) == 0)
    with snapshot(service.ledger) as connection:
        (told,) = told_of(connection, "app-1")
    assert '"e1"' in (told.kept.data or "") and '"e7"' not in (told.kept.data or "")
