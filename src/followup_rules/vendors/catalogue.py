"""The vendors that come with this distribution. A file is read when its adapter is used, and not before."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from followup_rules.adapter import AdapterSettings, Capability
from followup_rules.vendors.engine import VendorAdapter, adapter_of

if TYPE_CHECKING:
    from followup_rules.vendors.model import Vendor

_READS: Final[tuple[Capability, ...]] = ("read_applications",)
_MEETS: Final[tuple[Capability, ...]] = ("read_applications", "read_interviews")
_ABLE: Final[Mapping[str, tuple[Capability, ...]]] = {
    "ashby": ("note", *_MEETS, "webhook"),
    "bamboohr": ("note", *_READS),
    "bullhorn": ("note", "task", *_READS),
    "django-crm": ("task",),
    "greenhouse": ("note", *_MEETS, "webhook"),
    "hubspot": ("note", "task", "webhook"),
    "lever": ("note", *_MEETS, "webhook"),
    "merge": ("note", *_MEETS, "webhook"),
    "merge-crm": ("note", "task"),
    "pipedrive": ("note", "task", *_READS, "webhook"),
    "recruitee": ("note", "webhook"),
    "salesforce": ("note", "task", *_READS),
    "smartrecruiters": ("note", "webhook"),
    "teamtailor": ("note", "webhook"),
    "workable": ("note", *_MEETS, "webhook"),
    "zoho-crm": ("note", "task", "webhook"),
}
"""What the files say, written down so that nobody has to read them to list them; a test compares."""

_BRONZE: Final = ("bamboohr", "bullhorn", "smartrecruiters", "teamtailor")
"""Vendors that let nobody look for some kind of action; the others are gold, which their contract tests show."""

FILES: Final = Path(__file__).parent / "files"


class _OnDemand(type):
    """Looks into the file when somebody asks for the settings."""

    @property
    def Settings(cls) -> type[AdapterSettings]:  # noqa: N802
        return _made(cls.name).Settings  # type: ignore[attr-defined]

    @property
    def vendor(cls) -> Vendor:
        return _made(cls.name).vendor  # type: ignore[attr-defined]


@lru_cache(maxsize=64)
def _made(name: str) -> type[VendorAdapter]:
    from followup_rules.vendors.reading import read_vendor

    return adapter_of(read_vendor(FILES / f"{name}.yaml", f"vendors/{name}.yaml"))


@lru_cache(maxsize=1)
def bundled_vendors() -> tuple[type[VendorAdapter], ...]:
    """An adapter class for each vendor file, in order of names."""
    return tuple(_lazy(name, frozenset(able)) for name, able in _ABLE.items())


def _lazy(name: str, able: frozenset[Capability]) -> type[VendorAdapter]:
    tier = "bronze" if name in _BRONZE else "gold"
    words: dict[str, Any] = {"tier": tier, "__doc__": f"The vendor '{name}'.", "name": name, "capabilities": able}
    made: Any = _OnDemand("".join(part.title() for part in name.split("-")), (VendorAdapter,), words)
    return made  # type: ignore[no-any-return]
