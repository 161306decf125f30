"""The part of the contract that is about what an adapter hears and reads: webhooks, timelines, tokens."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from followup_rules.adapter import Order
from followup_rules.model.words import Do
from followup_rules.testing import listening
from followup_rules.testing.store import READS
from followup_rules.testing.subject import Hostile, Subject, promise


class HearingContract(Subject):
    """Inherited by `AdapterContract`."""

    def test_webhooks_mean_the_same_in_any_order(self, tmp_path: Path, raw: dict[str, Any]) -> None:
        """Twice, backwards, late: they say the same things, and make the same timelines."""
        if "webhook" not in self.adapter.capabilities:
            pytest.skip(f"'{self.adapter.name}' takes no webhooks")
        why = self.shown["webhook"] = self._misheard(tmp_path, raw)
        promise(why is None, str(why))

    def test_reading_comes_to_the_same_whatever_goes_wrong(
        self, tmp_path: Path, raw: dict[str, Any], hostile: Hostile, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Read twice, or broken off at any call and taken up again: the same timelines."""
        if not READS & self.adapter.capabilities:
            pytest.skip(f"'{self.adapter.name}' reads nothing")
        why = self.shown["read"] = self._misread(tmp_path, raw, hostile, monkeypatch)
        promise(why is None, str(why))

    def test_our_own_writing_is_no_reply(self, tmp_path: Path, raw: dict[str, Any]) -> None:
        """What an action has written comes back, and is never taken for the other side's answer."""
        if not {*READS, "webhook"} & self.adapter.capabilities:
            pytest.skip(f"'{self.adapter.name}' tells nothing")
        why = self.shown["echo"] = self._taken_for_a_reply(tmp_path, raw)
        promise(why is None, str(why))

    def test_a_token_is_renewed_once(self, tmp_path: Path, hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
        """Then the settings are wrong; wherever it expires, the action is done once."""
        settings = self.hostile_settings(tmp_path, hostile)
        if settings is None or hostile.server is None:
            pytest.skip(f"'{self.adapter.name}' is not led to a hostile server: write hostile_settings")
        self._set(settings, monkeypatch)
        for do in sorted(self.recognises & {*self._able()}):
            asked = partial(self._numbered, do)
            why = listening.not_renewed(self.adapter, settings, hostile.server, asked)
            promise(why is None, str(why))

    def _numbered(self, do: Do, number: int) -> Order:
        return self.order(do, application=f"gh-{number}")

    def _unheard(
        self, folder: Path, raw: dict[str, Any], hostile: Hostile, monkeypatch: pytest.MonkeyPatch
    ) -> list[str]:
        """Why what it says that it hears and reads cannot be relied on."""
        able = self.adapter.capabilities
        if "webhook" in able and "webhook" not in self.shown:
            self.shown["webhook"] = self._misheard(folder, raw)
        if READS & able and "read" not in self.shown:
            self.shown["read"] = self._misread(folder, raw, hostile, monkeypatch)
        if {"webhook", *READS} & able and "echo" not in self.shown:
            self.shown["echo"] = self._taken_for_a_reply(folder, raw)
        return [one for what in ("webhook", "read", "echo") if (one := self.shown.get(what))]

    def _misheard(self, folder: Path, raw: dict[str, Any]) -> str | None:
        deliveries = self.deliveries(folder)
        if len(deliveries) < 2:
            return "nothing shows what its webhooks say: write deliveries"
        why = listening.heard_otherwise(self.adapter.configured(raw), deliveries)
        if why is not None or not READS & self.adapter.capabilities:
            return why
        return listening.other_timelines(lambda: self.adapter.configured(raw), deliveries, folder / "stores")

    def _misread(
        self, folder: Path, raw: dict[str, Any], hostile: Hostile, monkeypatch: pytest.MonkeyPatch
    ) -> str | None:
        settings = self.hostile_settings(folder, hostile) or raw
        self._set(settings, monkeypatch)
        return listening.read_otherwise(lambda: self.adapter.configured(settings), hostile.server, folder / "stores")

    def _taken_for_a_reply(self, folder: Path, raw: dict[str, Any]) -> str | None:
        asked = [self.order(do, application="gh-echo") for do in self._able()]
        made = lambda: self.adapter.configured(raw)  # noqa: E731
        return listening.taken_for_a_reply(made, asked, self.echoes, folder / "stores")
