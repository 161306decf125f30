"""How long the pages take with many applications in the store.

    python benchmarks/pages.py [APPLICATIONS] [sqlite|postgresql]

The examples are stored again and again under other ids. The first of each is decided by the timers, and what came of it
is listed for the others too. Then each page is asked for by HTTP as a browser would, twenty times. What is told is the
median and the longest.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import httpx
from sqlalchemy import select

from followup_rules.model.application import Application
from followup_rules.outbox.listing import GROUPS, Listed, count_listed, list_anew, some_listed
from followup_rules.outbox.tables import DECISIONS
from followup_rules.web.service import Service
from outbox_helping import Hands
from pages_helping import ASKING, EXAMPLES, NOW, decide_all, listening
from postgres_server import postgres_server
from service_helping import KEYS, HookAdapter, service_on, stored

TIMES = 20


class Drafting(HookAdapter):
    """Takes drafts too, so that something waits for an approval."""

    capabilities = frozenset({"task", "draft", "webhook"})


def filled(store: str, folder: Path, count: int) -> Service:
    """A service with so many applications, each decided."""
    service = service_on(store, folder, ("default",), Hands(NOW), ASKING, (Drafting,), works=False)
    lines = [Application.model_validate_json(line) for line in EXAMPLES.read_text("utf-8").splitlines()]
    for start in range(0, count, 2000):
        some = range(start, min(count, start + 2000))
        made = [_other(lines[number % len(lines)], number) for number in some]
        stored(service.ledger, NOW - timedelta(days=1) + timedelta(seconds=start / 100), made, f"part-{start}")
        if not start:
            began = time.perf_counter()
            decide_all(service)
            print(f"{len(made)} applications decided and listed in {time.perf_counter() - began:.0f} s")
        else:
            _list_others(service, [one.id for one in made], len(lines))
    return service


def _list_others(service: Service, names: list[str], lines: int) -> None:
    """List of others what was decided about those that they are like."""
    known: dict[str, list[Listed]] = {}
    with service.ledger.reading() as connection:
        columns = [DECISIONS.c[name] for name in Listed._fields]
        for one in connection.execute(
            select(*columns).where(DECISIONS.c.application.in_(_first(names, lines).values()))
        ):
            known.setdefault(one.application, []).append(Listed(*one))
    like = _first(names, lines)
    list_anew(
        service.ledger, {name: [one._replace(application=name) for one in known.get(like[name], [])] for name in names}
    )


def _first(names: list[str], lines: int) -> dict[str, str]:
    parts = {name: name.rpartition("-") for name in names}
    return {name: f"{stem}-{int(number) % lines}" for name, (stem, _, number) in parts.items()}


def _other(one: Application, number: int) -> Application:
    candidate = one.candidate.model_copy(update={"id": f"c-{number}"})
    return one.model_copy(update={"id": f"{one.id}-{number}", "candidate": candidate})


@contextmanager
def store_in(folder: Path, database: str) -> Iterator[str]:
    """The address of an empty store: a file, or a PostgreSQL that is started for it."""
    if database == "sqlite":
        yield f"sqlite:///{folder / 'pages.sqlite'}"
        return
    with postgres_server(folder) as url:
        yield url


def main(count: int, database: str = "sqlite") -> None:
    """Fill a store and ask for every page."""
    with tempfile.TemporaryDirectory() as folder, store_in(Path(folder), database) as store:
        service = filled(store, Path(folder), count)
        token = some_listed(service.ledger, "overdue", NOW, 0, 1)[0][1]
        counts = {group: count_listed(service.ledger, group, NOW) for group in GROUPS}
        print(counts)
        deep = max(1, counts["wait"] // 50)
        places = ["/", "/lists/wait", f"/lists/wait?page={deep}", "/lists/stop", f"/applications/{token}", "/rules"]
        places += ["/rules/thank-you", "/rules/stop-on-reply", "/outbox", "/outbox/planned", "/try"]
        with listening(service) as url, httpx.Client(base_url=url) as client:
            client.post("/login", data={"key": KEYS["editor"]})
            began = time.perf_counter()
            client.get(f"/applications/{token}", timeout=120)
            print(f"the first application, while names are still being read: {time.perf_counter() - began:.1f} s")
            for place in places:
                client.get(place)
                took = [_once(client, place) for _ in range(TIMES)]
                print(f"{place.replace(token, 'ID'):32} {statistics.median(took):6.1f} ms, longest {max(took):6.1f} ms")


def _once(client: httpx.Client, place: str) -> float:
    began = time.perf_counter()
    answer = client.get(place)
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, (place, answer.status_code)
    return took


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, *sys.argv[2:3])
