"""What is kept about somebody is erased for good, and nothing is done a second time for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from conftest import Run
from followup_rules.outbox.faults import OutboxFault
from followup_rules.outbox.forgetting import erase, of_candidate, older_than
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.tables import METADATA
from followup_rules.web.app import build
from followup_rules.web.service import Service
from outbox_helping import START, Hands
from service_helping import (
    HookAdapter,
    application,
    database_of_its_own,
    delivery,
    interview,
    service_on,
    stored,
    until,
)

PLANTED = ("Zebulon Quirke", "zq@example.org", "cand-4711", "a secret remark")


def of(candidate: str, number: int, name: str, mail: str, day: int = 0) -> object:
    return application(
        number, candidate={"id": candidate, "name": name, "email": mail},
        events=[interview(START + timedelta(days=day)), {"id": "n", "type": "note", "at": START, "body": PLANTED[3]}],
    )  # fmt: skip


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def service(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service with two candidates, of whom one has been written to, and whose webhook waits."""
    monkeypatch.chdir(tmp_path)
    HookAdapter.records.clear()
    clock = Hands()
    store = "followup.sqlite" if request.param == "sqlite" else database_of_its_own(request.getfixturevalue("postgres"))
    made = service_on(store, tmp_path, clock=clock)
    people = [of(PLANTED[2], 801, *PLANTED[:2]), of("cand-1", 802, "Ann Other", "ann@example.org")]
    stored(made.ledger, START, people)  # type: ignore[arg-type]
    with TestClient(build(made)) as client:
        until(lambda: len(HookAdapter.records) == 2)
    still = Service(**{**vars(made), "settings": made.settings._replace(works=False)})
    still.__dict__.pop("names", None)
    with TestClient(build(still)) as client:
        body, headers = delivery(801, START, {**interview(START, 9), "subject": PLANTED[0]})
        assert client.post("/hooks/hook", content=body, headers=headers).status_code == 200
    yield made
    made.ledger.close()


def everything(ledger: Ledger) -> str:
    """All that stands in the tables, raw bodies decoded."""
    import base64

    found = []
    with ledger.reading() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(table.select()):
                found += [str(one) for one in row]
                found += [
                    base64.b64decode(one).decode("utf-8", "replace") for one in row[6:7] if table.name.endswith("inbox")
                ]
    return "\n".join(found)


def test_nothing_of_it_is_left(service: Service, tmp_path: Path) -> None:
    """Name, address, id and remark are in no table and in no byte of the files; the other candidate stays whole."""
    ledger = service.ledger
    before = everything(ledger)
    assert all(word in before for word in PLANTED[1:]) and "app-801" in before
    whom = of_candidate(ledger, PLANTED[2])
    erased = erase(ledger, whom, START + timedelta(hours=1), "test")
    after = everything(ledger)
    assert [word for word in (*PLANTED[:3], "app-801") if word in after] == []
    assert erased.timelines == 1 and erased.actions == 1 and erased.notices >= 1 and erased.timers == 1
    assert "ann@example.org" in after and "app-802" in after
    for file in tmp_path.glob("followup.sqlite*"):
        data = file.read_bytes()
        assert [word for word in (*PLANTED[:3], "app-801") if word.encode() in data] == [], file.name


def test_nothing_is_done_again(service: Service) -> None:
    """Where another system tells of the same person once more, what was done is known to be done."""
    ledger = service.ledger
    erase(ledger, of_candidate(ledger, PLANTED[2]), START, "test")
    done = list(HookAdapter.records)
    stored(ledger, START + timedelta(minutes=1), [of(PLANTED[2], 801, *PLANTED[:2])], "other")  # type: ignore[list-item]
    with TestClient(build(service)):
        until(lambda: "app-801" not in [row.application for row in ledger.rows(("planned",))])
    assert HookAdapter.records == done


def test_what_is_in_hand_is_waited_for(service: Service) -> None:
    """An action that is just being done keeps its data until it has ended, and nothing at all is erased."""
    ledger = service.ledger
    (row,) = ledger.rows(application="app-801")
    with ledger.writing() as connection:
        connection.exec_driver_sql(f"update followup_actions set state = 'emitted' where id = '{row.id}'")
    with pytest.raises(OutboxFault) as refused:
        erase(ledger, of_candidate(ledger, PLANTED[2]), START, "test")
    assert refused.value.code == "FR975" and PLANTED[1] in everything(ledger)
    with ledger.writing() as connection:
        connection.exec_driver_sql(f"update followup_actions set state = 'confirmed' where id = '{row.id}'")


def test_by_age(service: Service) -> None:
    """Only those of whom nothing is new are old; one new application keeps a candidate's others."""
    ledger = service.ledger
    stored(ledger, START, [of("cand-1", 803, "Ann Other", "ann@example.org", day=90)], "second")  # type: ignore[list-item]
    assert older_than(ledger, START + timedelta(days=30)).applications == ("app-801",)
    assert set(older_than(ledger, START + timedelta(days=120)).applications) >= {"app-801", "app-802", "app-803"}


def test_the_history_loses_reasons_alone(service: Service) -> None:
    """The database itself lets nobody change anything else of it."""
    for change in ("set became = 'planned'", "set why = 'another'", "set why = 'erased', at = 'x'"):
        with pytest.raises(OutboxFault), service.ledger.writing() as connection:
            connection.exec_driver_sql(f"update followup_history {change}")


def test_the_command_gives_a_receipt(service: Service, run: Run, tmp_path: Path) -> None:
    """The receipt says how much, when and whose by a hash, and not who; without the candidate the status is 1."""
    if service.ledger.shown.startswith("postgres"):
        pytest.skip("the command is the same on both")
    words = ("--store", "followup.sqlite", "--at", "2026-09-15T15:00:00Z")
    dry = run("forget", PLANTED[2], *words, "--dry-run")
    assert dry.status == 0 and "nothing was changed" in dry.out and PLANTED[1] in everything(service.ledger)
    told = json.loads(run("forget", PLANTED[2], *words, "--format", "json").out)
    assert told["erased"]["timelines"] == 1 and PLANTED[2] not in json.dumps(told)
    assert run("forget", PLANTED[2], *words).status == 1
    assert run("forget").status == 2
