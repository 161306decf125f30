"""The adapters that may deliver: a file with settings and limits for each, by name. None is asked that is not in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from followup_rules.delivering.ports import Configured, Limits
from followup_rules.errors import InvalidInput, Misconfigured, Place, Problem
from followup_rules.load.yaml import LARGEST, Document, parse, read_text

if TYPE_CHECKING:
    from followup_rules.plugins import Plugins


class _Given(BaseModel):
    """One adapter as the file gives it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    settings: dict[str, Any] = Field(default_factory=dict)
    per_minute: float | None = Field(default=None, gt=0)
    burst: int = Field(default=1, ge=1)
    lease: float = Field(default=300, gt=0)
    settle: float = Field(default=10, ge=0)


def read_fleet(file: Path, shown: str, plugins: Plugins) -> tuple[dict[str, Configured], list[Problem]]:
    """The adapters of a file that can be used, and a problem for each that cannot.

    Raises:
        InvalidInput: the file cannot be read at all.
    """
    document = parse(read_text(file, shown, LARGEST), shown)
    data = document.data
    if not isinstance(data, Mapping) or not data:
        text = "names no adapter; nothing leaves without one"
        raise InvalidInput([Problem("FR908", text, Place(shown), "write NAME: {settings: {...}}")])
    fleet: dict[str, Configured] = {}
    problems: list[Problem] = []
    for name, given in data.items():
        try:
            fleet[str(name)] = _configured(str(name), given, plugins)
        except Misconfigured as error:
            problems.append(Problem("FR908", f"{error}", _place(document, name), "its actions stay in the outbox"))
    return fleet, problems


def _configured(name: str, given: object, plugins: Plugins) -> Configured:
    kind = plugins.adapter(name)
    try:
        read = _Given.model_validate(given)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        told = "; ".join(f"'{'.'.join(map(str, one['loc']))}': {one['msg']}" for one in faults)
    else:
        rate = None if read.per_minute is None else read.per_minute / 60
        return Configured(kind.configured(read.settings), Limits(rate, read.burst, read.lease, read.settle))
    raise Misconfigured(f"the entry of adapter '{name}' cannot be used: {told}")


def _place(document: Document, name: object) -> Place:
    return document.place((str(name),), True)
