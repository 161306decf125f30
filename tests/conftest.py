"""What several tests share: the command line run in this process, rules as a policy, and a clean machine form."""

from __future__ import annotations

import io
import os
import sys
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest

from followup_rules.cli.main import main
from followup_rules.errors import Place
from followup_rules.policy import Pack, Policy, resolve
from followup_rules.rules.kinds import KINDS
from postgres_server import postgres_server, programs

ROOT = Path(__file__).parents[1]
Json = dict[str, Any]

# The slow clock asks zoneinfo, which would take the machine's zone files. The engine has those of the tzdata package,
# which may be newer or older; what is compared must come from one and the same.
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that start one and the same real server go to one worker, so that it is started once; and they go first.

    The longest row of tests would otherwise begin when the other workers have nothing left to do.
    """
    for item in items:
        if item.get_closest_marker("real"):
            plugin = item.path.parent.parent
            item.add_marker(pytest.mark.xdist_group(plugin.name if plugin.parent.name == "plugins" else item.path.stem))
    items.sort(key=lambda item: item.get_closest_marker("real") is None)


class Ran(NamedTuple):
    """What a call of the command line left behind."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Run(Protocol):
    """Calls `followup-rules` with some arguments."""

    def __call__(self, *arguments: object, given: bytes = b"") -> Ran: ...


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line by its own `main`, with its exit statuses; no call may ever show a traceback."""

    def call(*arguments: object, given: bytes = b"") -> Ran:
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["followup-rules", *(str(one) for one in arguments)])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
            patch.setattr(sys, "stdout", streams[0])
            patch.setattr(sys, "stderr", streams[1])
            with pytest.raises(SystemExit) as left:
                main()
        out, err = (stream.buffer.getvalue().decode("utf-8") for stream in streams)  # type: ignore[attr-defined]
        assert "Traceback" not in out + err
        assert "internal error" not in err, err
        return Ran(int(left.value.code or 0), out, err)

    return call


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str | bytes], str]:
    """Writes a file into a new working folder, and gives its name back."""
    monkeypatch.chdir(tmp_path)

    def put(name: str, text: str | bytes) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    return put


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL that runs for the tests alone."""
    if programs() is None:
        told = "PostgreSQL is not on this machine: the outbox is not tested on it"
        if os.environ.get("FOLLOWUP_RULES_REQUIRE_REAL") == "1":
            pytest.fail(told)
        pytest.skip(told)
    with postgres_server(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def policy_of() -> Callable[..., Policy]:
    """Rules as plain data, as one pack, resolved."""

    def made(rules: Iterable[Json], templates: dict[str, str] | None = None) -> Policy:
        models = tuple(KINDS[rule["kind"]].model_validate(rule) for rule in rules)
        return resolve([Pack("test", Place("test"), models, templates=templates or {})])[0]

    return made


@pytest.fixture(scope="session")
def utc() -> Callable[[str], datetime]:
    """A written time as a moment in UTC."""

    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)

    return moment


@pytest.fixture(scope="session")
def follow_up() -> Callable[..., Json]:
    """A thank-you that may go out for 30 days, with changes."""

    def made(rule_id: str = "thank-you", **changes: Any) -> Json:
        return {
            "id": rule_id, "kind": "follow_up", "title": "Thank the interviewer", "follow_up": "thank_you",
            "direction": "candidate_to_employer", "after": "interview_completed", "expires": "30 days",
            "do": ["draft_message"],
        } | changes  # fmt: skip

    return made


@pytest.fixture(scope="session")
def stops() -> Json:
    """The stop rule that every policy needs."""
    names = ["reply", "rejected", "withdrawn", "hired", "opted_out"]
    return {"id": "core", "kind": "stop", "title": "What ends it", "on": names}


@pytest.fixture(scope="session")
def example_lines() -> Sequence[str]:
    """The example applications, one a line."""
    return (ROOT / "examples" / "applications.jsonl").read_text(encoding="utf-8").splitlines()
