"""The names of a whole store: read fast, and none other than one application after the other would give."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import update

from followup_rules.judge.names import Names
from followup_rules.model.application import Application
from followup_rules.outbox.tables import TIMELINES
from followup_rules.syncing.names import StoredNames
from outbox_helping import START, opened
from service_helping import database_of_its_own, stored

TABLES = ("of_candidate", "of_job", "whole")
PEOPLE = ("Ada Park", "ada  park", "Zoë Müller-Øst", "Cher", "de la Cruz", "\ud800 Half", "  ", "O'Neil, Sam", "李 雷")
FIRMS = ("Northwind", "Acme Ltd", "de Bruyn", " ")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "names.sqlite")
    return database_of_its_own(request.getfixturevalue("postgres"))


def one(number: int, name: str | None = None, company: str | None = None, contacts: Any = (), **more: Any) -> Any:
    person = {"id": more.get("candidate", f"c-{number}")} | ({"name": name} if name is not None else {})
    job = {"id": f"j-{number % 3}"} | ({"company": company} if company is not None else {})
    people = [{"id": f"p-{index}", "name": who} for index, who in enumerate(contacts)]
    given = {"id": f"a-{number}", "status": "active", "candidate": person, "job": job, "contacts": people}
    return Application.model_validate(given, strict=False)


def kept(names: Names) -> dict[str, set[tuple[str, ...]]]:
    return {table: set(names._db.execute(f"select * from {table}")) for table in TABLES}


def one_by_one(applications: list[Application]) -> Names:
    names = Names(sqlite3.connect(":memory:"))
    for application in applications:
        names.enter(application)
    return names


PERSON = some.sampled_from(PEOPLE)
ANY = some.builds(
    one,
    some.integers(0, 50),
    some.none() | PERSON,
    some.none() | some.sampled_from(FIRMS),
    some.lists(PERSON, max_size=4),
)


def test_a_store_gives_what_each_application_would(store: str) -> None:
    """Also of many more than are read at once, with people without a name and half a letter in one."""
    ledger = opened(store)
    made = [one(n, PEOPLE[n % 9], FIRMS[n % 4], (PEOPLE[(n + 1) % 9], PEOPLE[n * 7 % 9])) for n in range(5000)]
    made += [one(9000), one(9001, "Ada Park", None, (), candidate=None)]
    stored(ledger, START, made)
    names = StoredNames(ledger)
    assert names.foreign(one(1, "Nobody", "Nowhere"), "I met Ada Park.") == ("Ada Park", "ada park")
    assert kept(names._names) == kept(one_by_one(made))
    ledger.close()


def test_many_that_come_later_are_read_at_once(store: str) -> None:
    """A large reading into a store that is known already, which changes some of what was there in the same moment."""
    ledger = opened(store)
    names = StoredNames(ledger)
    first = [one(n, PEOPLE[n % 9], FIRMS[n % 4]) for n in range(20)]
    stored(ledger, START, first)
    assert names.foreign(one(7, "Nobody"), "Dear Bo Lind") == ()
    later = [one(n, f"Bo{n} Lind{n}", FIRMS[n % 4], (PEOPLE[n % 9],)) for n in range(10, 3000)]
    stored(ledger, START, later, "other")
    assert names.foreign(one(7, "Nobody"), "Dear Bo2999 Lind2999") == ("Bo2999 Lind2999",)
    assert kept(names._names) == kept(one_by_one([*first, *later]))
    ledger.close()


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=some.lists(ANY, max_size=12, unique_by=lambda item: item.id))
def test_any_store_does(tmp_path: Path, made: list[Application]) -> None:
    """Whoever is in it, and whatever was there before: the same names as one after the other."""
    file = tmp_path / "any.sqlite"
    file.unlink(missing_ok=True)
    ledger = opened(str(file))
    half = len(made) // 2
    stored(ledger, START, made[:half], "first")
    names = StoredNames(ledger)
    names.foreign(one(1), "")
    stored(ledger, START + timedelta(seconds=1), made[half:], "second")
    names.foreign(one(1), "")
    assert kept(names._names) == kept(one_by_one(made))
    ledger.close()


def test_what_changes_later_is_seen(store: str) -> None:
    """A name that comes in after the first reading, in another source or in the place of another, is known at once."""
    ledger = opened(store)
    stored(ledger, START, [one(1, "Ada Park")])
    names = StoredNames(ledger)
    asked = one(7, "Nobody")
    assert names.foreign(asked, "Dear Bo Lind") == ()
    stored(ledger, START + timedelta(seconds=1), [one(2, "Bo Lind")], "other")
    assert names.foreign(asked, "Dear Bo Lind") == ("Bo Lind",)
    stored(ledger, START + timedelta(seconds=1), [one(1, "Cy Moss")])
    assert names.foreign(asked, "Dear Cy Moss and Ada Park") == ("Ada Park", "Cy Moss")
    ledger.close()


@pytest.mark.parametrize(
    "data",
    [None, "", "[]", "null", "{", '"x"', "{}", '{"contacts": 3}', '{"candidate": [], "job": 1, "contacts": [1, {}]}'],
)
def test_what_cannot_be_read_hides_nobody_else(tmp_path: Path, data: str | None) -> None:
    """An odd row, as of an application that is refused, gives no names and takes nobody else's."""
    ledger = opened(str(tmp_path / "odd.sqlite"))
    stored(ledger, START, [one(1, "Ada Park"), one(2, "Bo Lind"), one(3, "Cy Moss")])
    with ledger.writing() as connection:
        connection.execute(update(TIMELINES).where(TIMELINES.c.key == "a-2").values(data=data))
    assert StoredNames(ledger).foreign(one(7), "Ada Park, Bo Lind, Cy Moss") == ("Ada Park", "Cy Moss")
    ledger.close()


def test_a_refused_application_has_names_too(tmp_path: Path) -> None:
    """What is known of it counts, as far as it is text."""
    ledger = opened(str(tmp_path / "refused.sqlite"))
    stored(ledger, START, [one(1, "Ada Park")])
    told = {
        "id": 3,
        "candidate": {"id": 4, "name": "Bo Lind"},
        "job": {"company": ["x"]},
        "contacts": [{"name": "Cy Moss"}],
    }
    with ledger.writing() as connection:
        connection.execute(update(TIMELINES).values(data=json.dumps(told)))
    assert StoredNames(ledger).foreign(one(7), "Bo Lind, Cy Moss") == ("Bo Lind", "Cy Moss")
    ledger.close()
