"""What one plugin answers to the hooks, checked: outsiders' code may do and return anything."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from followup_rules.hookspecs import GROUP

if TYPE_CHECKING:
    from followup_rules.adapter import Adapter
    from followup_rules.check import Check

PACKS: Final = "followup_rules_packs"
ADAPTERS: Final = "followup_rules_adapters"
CHECKS: Final = "followup_rules_checks"


class FaultyPluginError(Exception):
    """Why nothing of a plugin can be used."""


@dataclass
class Answers:
    """What one plugin brings."""

    hooks: tuple[str, ...] = ()
    packs: dict[str, Path] = field(default_factory=dict)
    adapters: dict[str, type[Adapter]] = field(default_factory=dict)
    checks: dict[str, type[Check]] = field(default_factory=dict)


def ask(entry: EntryPoint) -> Answers:
    """Import a plugin and ask it what it brings. What it prints must not get between the results on stdout.

    Raises:
        FaultyPluginError: whatever went wrong, `sys.exit` included.
    """
    if not entry.pattern.match(entry.value):
        raise FaultyPluginError(f"its entry point names no module: '{printable(entry.value)}'")
    doing = "importing it"
    try:
        with redirect_stdout(sys.stderr):
            plugin = entry.load()
            doing = "asking it what it brings"
            return _asked(plugin)
    except (FaultyPluginError, KeyboardInterrupt):
        raise
    except BaseException as error:  # sys.exit, and what extension modules throw, end no more than this plugin
        raise FaultyPluginError(f"{doing} failed: {told(error)}") from error


def _asked(plugin: Any) -> Answers:
    """Call the hooks of one plugin. It has a manager to itself: a faulty one leaves nothing behind."""
    import pluggy

    from followup_rules import hookspecs

    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise FaultyPluginError(printable(str(error))) from error
    callers = {caller.name for caller in manager.get_hookcallers(plugin) or ()}
    hooks = tuple(sorted(callers & {PACKS, ADAPTERS, CHECKS}))
    if not hooks:
        raise FaultyPluginError("it has no hook; mark its functions with followup_rules.hookspecs.hookimpl")
    packs = _packs(manager.hook.followup_rules_packs()) if PACKS in hooks else {}
    adapters = _adapters(manager.hook.followup_rules_adapters()) if ADAPTERS in hooks else {}
    checks = _checks(manager.hook.followup_rules_checks()) if CHECKS in hooks else {}
    return Answers(hooks, packs, adapters, checks)


def _packs(answers: Sequence[object]) -> dict[str, Path]:
    from followup_rules.adapter import is_name

    packs: dict[str, Path] = {}
    # Pluggy leaves out the answer None.
    for answer in answers or [None]:
        if not isinstance(answer, Mapping):
            raise FaultyPluginError(f"{PACKS} returned {_kind(answer)} and no mapping of pack names to paths")
        for name, path in answer.items():
            if not is_name(name):
                text = f"{PACKS}: {ascii(name)[:80]} is no name; use small letters, digits and hyphens"
                raise FaultyPluginError(text)
            if not isinstance(path, Path):
                text = f"{PACKS}: the rule file of '{name}' is {_kind(path)} and no pathlib.Path"
                raise FaultyPluginError(text)
            if not path.is_file():
                raise FaultyPluginError(f"{PACKS}: the rule file of '{name}' is not there: {path}")
            packs[name] = path
    return packs


def _adapters(answers: Sequence[object]) -> dict[str, type[Adapter]]:
    from followup_rules.adapter import fault_of

    adapters: dict[str, type[Adapter]] = {}
    for answer in answers or [None]:
        if not isinstance(answer, list | tuple):
            raise FaultyPluginError(f"{ADAPTERS} returned {_kind(answer)} and no list of adapter classes")
        for one in answer:
            fault = fault_of(one)
            if fault is not None:
                raise FaultyPluginError(f"{ADAPTERS}: {printable(fault)}")
            if adapters.setdefault(one.name, one) is not one:
                raise FaultyPluginError(f"{ADAPTERS}: two adapters are called '{one.name}'")
    return adapters


def _checks(answers: Sequence[object]) -> dict[str, type[Check]]:
    from followup_rules.check import fault_of

    checks: dict[str, type[Check]] = {}
    for answer in answers or [None]:
        if not isinstance(answer, list | tuple):
            raise FaultyPluginError(f"{CHECKS} returned {_kind(answer)} and no list of check classes")
        for one in answer:
            fault = fault_of(one)
            if fault is not None:
                raise FaultyPluginError(f"{CHECKS}: {printable(fault)}")
            if checks.setdefault(one.name, one) is not one:
                raise FaultyPluginError(f"{CHECKS}: two checks are called '{one.name}'")
    return checks


def _kind(thing: object) -> str:
    return "nothing" if thing is None else f"a thing of type {type(thing).__name__}"


def told(error: BaseException) -> str:
    """One short line about an error that somebody else's code raised; even asking for its text may fail."""
    try:
        text = str(error)
    except Exception:
        text = ""
    return printable(f"{type(error).__name__}: {text}" if text else type(error).__name__)


def printable(text: str) -> str:
    """One line without control characters: it came from outside and goes to a terminal."""
    line = " ".join(text.split())[:300]
    return "".join(mark if mark.isprintable() else "?" for mark in line)
