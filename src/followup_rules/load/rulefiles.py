"""From rule files, folders and packs to policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from followup_rules.check import Check
from followup_rules.errors import InvalidInput, Problem
from followup_rules.load.loader import Loader
from followup_rules.load.outlines import Outline
from followup_rules.load.sources import Source
from followup_rules.policy import Pack, Policy, resolve
from followup_rules.quality.catalogue import CHECKS

__all__ = ["Listing", "Loaded", "Source", "load_each", "load_listing", "load_policy"]


class Loaded(NamedTuple):
    """A policy, the packs that were asked for, the warnings about them, and the files that were passed over."""

    policy: Policy
    packs: tuple[Pack, ...]
    warnings: tuple[Problem, ...]
    others: tuple[str, ...] = ()


def load_policy(
    names: Sequence[str], packs: Mapping[str, Source], checks: Mapping[str, type[Check]] = CHECKS
) -> Loaded:
    """The policy of some rule files, folders and packs by name.

    Args:
        names: what the user asked for; each a path or the name of a pack.
        packs: the packs that plugins bring, by name.
        checks: the message checks that exist, by name.

    Raises:
        InvalidInput: every fault that was found, in every file.
    """
    loader = Loader(packs)
    found = loader.load(names)
    loader.fail_if_faulty()
    policy, warnings = resolve(found, checks, loader.common_templates())
    return Loaded(policy, found, warnings, tuple(loader.others))


class Listing(NamedTuple):
    """What was found among some files and folders: a policy for each pack, all problems, and every file's outline."""

    loaded: tuple[Loaded, ...]
    problems: tuple[Problem, ...]
    outlines: Mapping[str, Outline]
    others: tuple[str, ...] = ()
    """Files of other programs that lie in the folders."""


def load_each(
    names: Sequence[str], packs: Mapping[str, Source], checks: Mapping[str, type[Check]] = CHECKS
) -> tuple[tuple[Loaded, ...], tuple[Problem, ...]]:
    """A policy for each pack among some files and folders, and every error and warning about them.

    Files that carry one pack name are one pack. What one pack has wrong does not keep the others from being read.
    """
    found = load_listing(names, packs, checks)
    return found.loaded, found.problems


def load_listing(
    names: Sequence[str], packs: Mapping[str, Source], checks: Mapping[str, type[Check]] = CHECKS
) -> Listing:
    """The same as `load_each`, with the outlines of the files."""
    loader = Loader(packs)
    groups: dict[str, list[Pack]] = {}
    for pack in loader.load(names):
        groups.setdefault(pack.name, []).append(pack)
    common = loader.common_templates()
    problems = list(loader.problems)
    loaded: list[Loaded] = []
    for group in groups.values():
        if any(loader.is_faulty(pack) for pack in group):
            continue
        try:
            policy, warnings = resolve(group, checks, common)
        except InvalidInput as error:
            problems += error.problems
        else:
            problems += warnings
            loaded.append(Loaded(policy, tuple(group), warnings))
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: problem.place)
    return Listing(tuple(loaded), tuple(ordered), loader.outlines(), tuple(loader.others))
