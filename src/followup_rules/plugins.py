"""The host: finds plugins, loads each one alone, and says of every one what it brings or why it failed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from followup_rules.errors import Misconfigured, Place, Problem, did_you_mean
from followup_rules.hookspecs import GROUP
from followup_rules.plugin_answers import Answers, FaultyPluginError, ask, printable, told

if TYPE_CHECKING:
    from followup_rules.adapter import Adapter
    from followup_rules.check import Check
    from followup_rules.load.rulefiles import Source

SWITCH: Final = "FOLLOWUP_RULES_PLUGINS"
"""The environment variable: unset for all plugins, `off` or empty for the bundled one alone, else names."""

OWN: Final = "followup-rules"
"""The distribution whose plugin always comes first."""


class PluginReport(NamedTuple):
    """What one plugin brings; with an `error`, why nothing of it is used. `capabilities` and
    `tiers` are by adapter."""

    name: str
    distribution: str
    version: str
    hooks: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    capabilities: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    checks: tuple[str, ...] = ()
    error: str | None = None
    tiers: Mapping[str, str] = MappingProxyType({})

    @property
    def origin(self) -> str:
        """Its distribution and version; for one that is not installed, the variable that names it."""
        return f"{self.distribution} {self.version}".strip() or SWITCH


@dataclass(frozen=True)
class Plugins:
    """Everything that plugins bring, by name, and a report of each plugin, the bundled one first."""

    packs: dict[str, Source]
    adapters: dict[str, type[Adapter]]
    checks: dict[str, type[Check]]
    reports: tuple[PluginReport, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """One for each plugin that failed, with its distribution and version as the place."""
        return tuple(
            Problem("FR502", f"the plugin '{one.name}' is not used: {one.error}", Place(one.origin))
            for one in self.reports
            if one.error is not None
        )

    def adapter(self, name: str) -> type[Adapter]:
        """The adapter of that name.

        Raises:
            Misconfigured: no plugin that could be loaded brings it; names those that could not.
        """
        if name in self.adapters:
            return self.adapters[name]
        hint = did_you_mean(name, self.adapters) or f"known are {', '.join(sorted(self.adapters)) or 'none'}"
        lines = [f"there is no adapter '{name}'; {hint}", *(str(problem) for problem in self.problems)]
        raise Misconfigured("\n".join(lines))


class _Found(NamedTuple):
    """A plugin that is installed, nothing of it imported. `error` says why its entry cannot be read."""

    name: str
    distribution: str
    version: str
    entry: metadata.EntryPoint | None
    error: str = ""

    @property
    def own(self) -> bool:
        return _normal(self.distribution) == OWN


def load_plugins(environ: Mapping[str, str] | None = None) -> Plugins:
    """Load every plugin that is installed and allowed. A faulty one is reported, and the others go on.

    Args:
        environ: where the switch is looked up; the environment of the process where none is given.
    """
    from followup_rules.load.rulefiles import Source

    found, missing = _allowed(_installed(), os.environ if environ is None else environ)
    plugins = Plugins({}, {}, {}, ())
    reports: list[PluginReport] = []
    owners: dict[tuple[str, str], str] = {}
    for one in found:
        report = PluginReport(one.name, one.distribution, one.version)
        try:
            answers = _answers(one)
            _claim(answers, report, owners)
        except FaultyPluginError as fault:
            reports.append(report._replace(error=str(fault)))
            continue
        folder = "rules/" if one.own else f"{one.distribution}:"
        plugins.packs.update((name, Source(path, folder + path.name)) for name, path in answers.packs.items())
        plugins.adapters.update(answers.adapters)
        plugins.checks.update(answers.checks)
        reports.append(_complete(report, answers))
    return Plugins(plugins.packs, plugins.adapters, plugins.checks, (*reports, *missing))


def _answers(found: _Found) -> Answers:
    if found.entry is None:
        raise FaultyPluginError(found.error)
    return ask(found.entry)


def _complete(report: PluginReport, answers: Answers) -> PluginReport:
    capabilities = {name: tuple(sorted(adapter.capabilities)) for name, adapter in answers.adapters.items()}
    packs, checks = tuple(answers.packs), tuple(answers.checks)
    tiers = {name: adapter.tier for name, adapter in answers.adapters.items() if adapter.tier is not None}
    return report._replace(hooks=answers.hooks, packs=packs, capabilities=capabilities, checks=checks, tiers=tiers)


def _claim(answers: Answers, report: PluginReport, owners: dict[tuple[str, str], str]) -> None:
    """Take the names of what a plugin brings; the first to bring a name keeps it."""
    brought: dict[str, Mapping[str, object]]
    brought = {"pack": answers.packs, "adapter": answers.adapters, "check": answers.checks}
    names = [(sort, name) for sort, things in brought.items() for name in things]
    names += [("code", check.code) for check in answers.checks.values()]
    for sort, name in names:
        if (sort, name) in owners:
            raise FaultyPluginError(f"the {sort} '{name}' is already brought by {owners[sort, name]}")
    owners.update(dict.fromkeys(names, report.origin))


def _installed() -> list[_Found]:
    """Every plugin on the path, the bundled one first, then in order of distribution and name.

    Distributions are asked one by one: a broken `entry_points.txt` anywhere fails a question to all.
    """
    found = [one for distribution in metadata.distributions() for one in _of_distribution(distribution)]
    if not any(one.own for one in found):
        # Running from a folder that was never installed.
        entry = metadata.EntryPoint("bundled", "followup_rules.bundled", GROUP)
        found.append(_Found("bundled", OWN, "", entry))
    # What stands earlier on the path hides a later copy of the same distribution, as it does for imports.
    unique = {(_normal(one.distribution), one.name): one for one in reversed(found)}
    return sorted(unique.values(), key=lambda one: (not one.own, _normal(one.distribution), one.name))


def _of_distribution(distribution: metadata.Distribution) -> Iterator[_Found]:
    try:
        text = distribution.read_text("entry_points.txt") or ""
    except (OSError, ValueError):
        return
    if f"[{GROUP}]" not in text:
        return
    try:
        name = printable(str(distribution.metadata["Name"] or "unknown"))
        version = printable(str(distribution.version or ""))
    except Exception:  # whatever a damaged dist-info raises
        name, version = "unknown", ""
    try:
        entries = _entries(text)
    except Exception as error:  # whatever a damaged entry_points.txt raises
        yield _Found("unknown", name, version, None, f"its entry_points.txt cannot be read: {told(error)}")
        return
    for entry, value in entries:
        yield _Found(printable(entry), name, version, metadata.EntryPoint(entry, value, GROUP))


def _entries(text: str) -> list[tuple[str, str]]:
    """The names of our group and what they stand for.

    `Distribution.entry_points` may be that of the package importlib-metadata, which puts itself in the place of
    Python's when anybody imports it, and refuses all entries for a single one that names no module.
    """
    import configparser

    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment]
    parser.read_string(text)
    return list(parser[GROUP].items())


def _allowed(found: Sequence[_Found], environ: Mapping[str, str]) -> tuple[list[_Found], list[PluginReport]]:
    """What the environment lets in, and a report for every name in it that is not installed."""
    switch = environ.get(SWITCH)
    if switch is None:
        return list(found), []
    off = switch.strip().lower() == "off"
    names = [] if off else [name for part in switch.split(",") if (name := part.strip())]
    known = {one.name for one in found}
    missing = [_missing(name, known) for name in dict.fromkeys(names) if name not in known]
    return [one for one in found if one.own or one.name in names], missing


def _missing(name: str, known: set[str]) -> PluginReport:
    hint = did_you_mean(name, known)
    error = f"{SWITCH} names it, but no such plugin is installed{f'; {hint}' if hint else ''}"
    return PluginReport(printable(name), "", "", error=error)


def _normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()
