"""The plugin contract on one screen: what a plugin may bring, and how it says so.

A plugin is a module, named in the entry point group `followup_rules` of a distribution, with functions of
these names and the mark `hookimpl`. Each is called once, without arguments, when the host loads the plugin:

    from followup_rules.hookspecs import hookimpl

    @hookimpl
    def followup_rules_packs():
        return {"agency": Path(__file__).parent / "agency.yaml"}

There are as few hooks as real plugins need; a new one comes together with the first plugin that uses it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pluggy import HookimplMarker, HookspecMarker

if TYPE_CHECKING:
    from followup_rules.adapter import Adapter
    from followup_rules.check import Check

GROUP: Final = "followup_rules"
"""The pluggy project and the entry point group."""

hookspec = HookspecMarker(GROUP)
hookimpl = HookimplMarker(GROUP)
"""Marks a function of a plugin as the answer to the hook of its name."""


@hookspec
def followup_rules_packs() -> Mapping[str, Path]:  # type: ignore[empty-body]
    """Rule packs: the name by which rule files extend each, and its rule file.

    The file's own `pack:` must say the same name. Templates lie in a folder `templates` beside it.
    """


@hookspec
def followup_rules_adapters() -> Sequence[type[Adapter]]:  # type: ignore[empty-body]
    """Adapters: classes that speak to one ATS or CRM. They are not made before somebody configures them."""


@hookspec
def followup_rules_checks() -> Sequence[type[Check]]:  # type: ignore[empty-body]
    """Message checks: classes that read one text and say what is wrong with it, and where."""
