"""What every adapter promises, as tests to inherit.

    class TestMine(AdapterContract):
        adapter = Mine

        def settings(self, folder): return {"url": ..., "token": "env:MINE_TOKEN"}
        def records(self, folder): return [...]        # what the other system holds now
        def bad_settings(self, folder): return [{"url": "no url", "token": "env:MINE_TOKEN"}]

Every test gets a new folder (pytest's `tmp_path`), passed to these methods. Environment variables that the
settings name are set for the length of one test.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from followup_rules.adapter import Adapter, Order, Receipt, fault_of, orders
from followup_rules.errors import AdapterError, Misconfigured, Unsupported
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.model.words import Do, Outcome
from followup_rules.testing.hearing import HearingContract
from followup_rules.testing.hostile import FAULTS, Fault
from followup_rules.testing.samples import HOSTILE_IDS, a_decision
from followup_rules.testing.subject import Hostile, promise
from followup_rules.testing.tiers import TIERS, not_found_again, not_once, tier_of

__all__ = ["AdapterContract", "Hostile"]

_LITERAL: Final = "canary-literal-b91c"
_BAD = (Misconfigured, ValidationError)


class AdapterContract(HearingContract):
    """Inherit, name the adapter, and say what its settings are and what the other system holds."""

    def test_it_says_what_it_is(self) -> None:
        """An adapter has a name, known capabilities and settings, or the host does not take it."""
        fault = fault_of(self.adapter)
        promise(fault is None, f"the host refuses this adapter: {fault}")

    def test_the_same_action_twice_makes_one_record(self, tmp_path: Path, raw: dict[str, Any]) -> None:
        """Delivered again, by the same adapter or after a restart, an action is known and not repeated."""
        before = len(self.records(tmp_path))
        adapter = self.adapter.configured(raw)
        for do in self._able():
            order = self.order(do)
            if do not in self.recognises:
                adapter.deliver(order)
                with pytest.raises(Unsupported):
                    adapter.find(order)
                continue
            first, again = adapter.deliver(order), adapter.deliver(order)
            later = self.adapter.configured(raw).deliver(order)
            expected = Receipt(order.id, self.adapter.name, "done", first.reference)
            known = expected._replace(state="already_done")
            promise(first == expected, f"the first receipt for {do} is {first}, not {expected}")
            promise(again == known, f"the second receipt for {do} is {again}, not {known}")
            promise(later == known, f"the receipt after a restart for {do} is {later}, not {known}")
        added = len(self.records(tmp_path)) - before
        promise(added == len(self._able()), f"{len(self._able())} actions made {added} records")

    def test_different_actions_make_different_records(self, tmp_path: Path, raw: dict[str, Any]) -> None:
        """However alike their ids look, and whatever stands in them."""
        before = len(self.records(tmp_path))
        adapter = self.adapter.configured(raw)
        references = set()
        for do in self._able():
            for application in HOSTILE_IDS:
                receipt = adapter.deliver(self.order(do, application=application))
                promise(receipt.state == "done", f"{do} for {application!r} was taken for one already done")
                references.add((do, receipt.reference) if receipt.reference else (do, application))
        expected = len(self._able()) * len(HOSTILE_IDS)
        added = len(self.records(tmp_path)) - before
        promise(added == expected, f"{expected} actions made {added} records")
        promise(len(references) == expected, "two records have one reference")

    def test_what_it_cannot_do_is_refused(self, tmp_path: Path, raw: dict[str, Any]) -> None:
        """An action without the capability for it is unsupported, and nothing is written."""
        before = list(self.records(tmp_path))
        adapter = self.adapter.configured(raw)
        for do in get_args(Do):
            if do not in self._able():
                with pytest.raises(Unsupported):
                    adapter.deliver(self.order(do))
        promise(list(self.records(tmp_path)) == before, "an unsupported action has written something")

    def test_bad_settings_fail_before_anything_is_written(self, tmp_path: Path, raw: dict[str, Any]) -> None:
        """Settings that cannot work are an error at once or at the first action, and never half a record."""
        before = list(self.records(tmp_path))
        for bad in (*self.bad_settings(tmp_path), {**raw, "no_such_setting": 1}):
            with pytest.raises(_BAD):
                adapter = self.adapter.configured(bad)
                for do in self._able():
                    adapter.deliver(self.order(do))
        promise(list(self.records(tmp_path)) == before, "bad settings have written something")

    def test_no_secret_shows(
        self,
        tmp_path: Path,
        raw: dict[str, Any],
        caplog: pytest.LogCaptureFixture,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """Not in texts about the adapter, settings, errors and receipts, nor in records, logs or output."""
        adapter = self.adapter.configured(raw)
        secrets = dict(_secrets(adapter.settings))
        seen = [*_texts(adapter), *_texts(adapter.settings), *_texts(adapter.settings.model_dump_json())]
        with caplog.at_level(0):
            for do in get_args(Do):
                seen += _texts(_outcome(adapter, self.order(do)))
        for bad in self.bad_settings(tmp_path):
            seen += _texts(_refusal(self.adapter, bad))
        for name in secrets:
            seen += _texts(_refusal(self.adapter, {**raw, name: _LITERAL}))
        printed = capsys.readouterr()
        seen += [caplog.text, printed.out, printed.err, *self.records(tmp_path)]
        for name, secret in {**secrets, "a secret written into the settings": _LITERAL}.items():
            promise(not any(secret in text for text in seen), f"{name} shows")

    def test_it_reads_applications_if_it_says_so(self, raw: dict[str, Any]) -> None:
        """Reading gives applications and refusals; without the capability it is unsupported."""
        adapter = self.adapter.configured(raw)
        if "read_applications" not in self.adapter.capabilities:
            with pytest.raises(Unsupported):
                list(adapter.read_applications())
            return
        for one in adapter.read_applications():
            promise(isinstance(one, Application | Refusal), f"it read {type(one).__name__}")

    def test_nothing_is_asked_unless_the_decision_is_send(self) -> None:
        """A decision to wait, revise, hold or stop gives an adapter nothing to do, whatever it names."""
        for outcome in get_args(Outcome):
            asked = len(orders(a_decision(outcome)))
            promise(asked == (outcome == "send"), f"'{outcome}' asks for {asked} actions")

    def test_it_finds_what_it_has_written(self, raw: dict[str, Any]) -> None:
        """`find` knows what was delivered, by the same reference, and nothing else; or it is unsupported."""
        try:
            fault = self._not_found_again(raw)
        except Unsupported:
            pytest.skip(f"'{self.adapter.name}' cannot look for what it has written: bronze")
        promise(fault is None, str(fault))

    @pytest.mark.parametrize("fault", FAULTS)
    def test_each_action_is_done_once_whatever_goes_wrong(
        self, fault: Fault, tmp_path: Path, hostile: Hostile, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Under a server that commits and fails: what may have been done is found, and the rest is repeated."""
        if self.adapter.tier != "gold":
            pytest.skip(f"'{self.adapter.name}' does not claim to be gold")
        why = self.shown[fault] = self._not_once(fault, tmp_path, hostile, monkeypatch)
        promise(why is None, str(why))

    def test_it_is_of_the_tier_that_it_claims(
        self, tmp_path: Path, raw: dict[str, Any], hostile: Hostile, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """`tier` is what `plugins` shows: the tests must show it, or more."""
        claimed = self.adapter.tier
        if claimed is None:
            pytest.skip(f"'{self.adapter.name}' claims no tier")
        why: list[str] = []
        try:
            why += [fault] if (fault := self._not_found_again(raw)) else []
        except Unsupported as error:
            why.append(str(error))
        finds, once = not why, False
        heard = self._unheard(tmp_path, raw, hostile, monkeypatch)
        why += heard
        if claimed == "gold":
            for fault in FAULTS:
                if fault not in self.shown:
                    self.shown[fault] = self._not_once(fault, tmp_path, hostile, monkeypatch)
            twice = [one for fault in FAULTS if (one := self.shown[fault])]
            why += twice
            once = not twice
        found = tier_of(finds=finds, reads=not heard, once=once)
        promise(TIERS.index(found) >= TIERS.index(claimed), f"it claims {claimed} and shows {found}: {'; '.join(why)}")

    def _not_found_again(self, raw: dict[str, Any]) -> str | None:
        for do in self._able():
            if do not in self.recognises:
                raise Unsupported(f"{do} is not recognised again")
        written = [self.order(do, application="gh-7") for do in self._able()]
        unwritten = [self.order(do, application="gh-8") for do in self._able()]
        return not_found_again(self.adapter.configured(raw), written, unwritten)

    def _not_once(self, fault: Fault, folder: Path, hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> str | None:
        settings = self.hostile_settings(folder, hostile)
        if settings is None or hostile.server is None:
            return "there is no way to have it ask a hostile server: write hostile_settings"
        self._set(settings, monkeypatch)
        asked = [self.order(do, application=f"gh-{fault.replace('_', '-')}") for do in self._able()]
        return not_once(self.adapter, settings, hostile.server, fault, asked)


def _texts(thing: object) -> list[str]:
    return [repr(thing), str(thing)]


def _outcome(adapter: Adapter, order: Order) -> Receipt | AdapterError:
    try:
        return adapter.deliver(order)
    except AdapterError as error:
        return error


def _refusal(adapter: type[Adapter], raw: Mapping[str, Any]) -> object:
    """What is said of settings; those with a literal instead of a secret must not be taken."""
    try:
        return adapter.configured(raw)
    except _BAD as error:
        return error


def _secrets(settings: BaseModel) -> Iterator[tuple[str, str]]:
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            yield name, value.get_secret_value()
