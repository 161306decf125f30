"""What a contract is about: an adapter, its settings, and the other system behind it, as its author describes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar, Final, get_args

import pytest

from followup_rules.adapter import CAPABILITY_OF, Adapter, Incoming, Order, Receipt
from followup_rules.model.words import Do
from followup_rules.testing.hostile import Call, HostileServer, Reply
from followup_rules.testing.samples import an_order

_CANARY: Final = "canary-7f3a"


class Hostile:
    """Opens hostile servers for the length of a test."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.server: HostileServer | None = None

    def open(
        self, serve: Callable[[Call], Reply], written: Callable[[], int],
        signs_in: Callable[[Call], bool] = lambda call: False,
    ) -> HostileServer:  # fmt: skip
        """A server that answers as `serve` does, and goes wrong where the kit says so.

        Args:
            signs_in: which calls fetch a token.
        """
        self.server = self._stack.enter_context(HostileServer(serve, written, signs_in=signs_in))
        return self.server


class Subject:
    """The parts that an author writes, with what is usual where there is any."""

    adapter: ClassVar[type[Adapter]]

    shown: ClassVar[dict[str, str | None]]
    """What the tests of this class have shown, for the one that weighs them all: a real server is not asked twice."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.shown = {}

    recognises: ClassVar[frozenset[Do]] = frozenset(get_args(Do))
    """The kinds of actions whose repetition the other system shows; for the others `find` must be unsupported."""

    def settings(self, folder: Path) -> dict[str, Any]:
        """Settings that work, as a configuration file gives them; called once a test."""
        raise NotImplementedError

    def records(self, folder: Path) -> Sequence[str]:
        """What the other system holds now: one text for each record, with all that was written to it."""
        raise NotImplementedError

    def bad_settings(self, folder: Path) -> Sequence[Mapping[str, Any]]:
        """Settings that must not be taken; an unknown key is tried in any case."""
        return ()

    def secret(self) -> str:
        """What the environment variables that the settings name are set to."""
        return _CANARY

    def hostile_settings(self, folder: Path, faults: Hostile) -> dict[str, Any] | None:
        """Settings that lead to a hostile server, opened with `faults.open(serve, written)`; None without HTTP."""
        return None

    def deliveries(self, folder: Path) -> Sequence[Incoming]:
        """Webhooks that are proved right, at least two, each about something else; needed for `webhook`."""
        return ()

    def echoes(self, order: Order, receipt: Receipt) -> Sequence[Incoming]:
        """The webhooks with which the other system tells of our own writing."""
        return ()

    def order(self, do: Do, **words: Any) -> Order:
        """One action, with ids that the other system can have; `words` are those of `a_decision`."""
        return an_order(do, **words)

    @pytest.fixture
    def raw(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
        """The settings, with the environment that they name."""
        settings = self.settings(tmp_path)
        self._set(settings, monkeypatch)
        return settings

    @pytest.fixture
    def hostile(self) -> Iterator[Hostile]:
        """Where hostile servers are opened; they are closed after the test."""
        with ExitStack() as stack:
            yield Hostile(stack)

    def _set(self, settings: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
        for value in settings.values():
            if isinstance(value, str) and value.startswith("env:"):
                monkeypatch.setenv(value.removeprefix("env:"), self.secret())

    def _able(self) -> list[Do]:
        return [do for do, needed in CAPABILITY_OF.items() if needed in self.adapter.capabilities]


def promise(kept: bool, told: str) -> None:
    """Plain asserts of a module outside the tests would fail without a word."""
    if not kept:
        pytest.fail(told, pytrace=False)
