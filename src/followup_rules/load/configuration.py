"""`followup.yaml`: where the outbox is, which adapters there are, and which actions go to which of them.

Reading it asks no plugin and resolves no secret of an adapter. A file with a fault is not used at all: half of a
routing would send actions where nobody meant them to go.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from followup_rules.errors import InvalidInput, Place, Problem, did_you_mean
from followup_rules.load.yaml import LARGEST, Document, parse, read_text
from followup_rules.model.faults import problems_of
from followup_rules.model.words import Direction, Do

DEFAULT: Final = "followup.yaml"
SCHEMA: Final = "followup-configuration/1"
Role = Literal["viewer", "editor", "admin"]
"""What somebody may: look; decide about drafts and actions; also run syncs and forget people."""

_WHAT: Final = "a configuration"
_CODES: Final = {"missing": "FR940", "unknown": "FR941", "value": "FR942", "type": "FR942"}


def _listed(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


def _where(given: Any) -> Any:
    """A URL with a password is not written into a file that many may read; the message does not repeat it."""
    if not isinstance(given, str) or not given.strip():
        raise PydanticCustomError("FR942", "'store' is a file, a URL, env:NAME or file:PATH", {})
    _, mark, rest = given.partition("://")
    secret = ":" in rest.partition("/")[0].rpartition("@")[0] or "pass" in rest.partition("?")[2].lower()
    if mark and secret:
        raise PydanticCustomError("FR942", "'store' holds a password; write env:NAME or file:PATH instead", {})
    return given


def _reference(given: Any) -> Any:
    """Where a secret is. It is looked for by whoever needs it, and not by whoever reads the file."""
    kind, _, where = given.partition(":") if isinstance(given, str) else ("", "", "")
    if kind not in ("env", "file") or not where:
        raise PydanticCustomError("FR942", "a secret is given as env:NAME or file:PATH, never as itself", {})
    return given


def _some(item: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


_DO: Final = {"type": "string", "enum": list(get_args(Do))}
_TEXT: Final = {"type": "string", "minLength": 1}
Dos = Annotated[tuple[Do, ...], BeforeValidator(_listed), Field(min_length=1), WithJsonSchema(_some(_DO))]
Words = Annotated[tuple[str, ...], BeforeValidator(_listed), WithJsonSchema(_some(_TEXT))]

Reference = Annotated[str, BeforeValidator(_reference), WithJsonSchema({"type": "string", "pattern": "^(env|file):."})]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, populate_by_name=True)


class GivenAdapter(_Form):
    """One adapter: its kind, what it must be told, and how hard it may be driven."""

    kind: str = Field(min_length=1, description="The adapter, as `followup-rules plugins` lists it.")
    settings: dict[str, Any] = Field(default_factory=dict, description="Secrets as references.")
    per_minute: float | None = Field(default=None, gt=0, description="So many requests a minute at most.")
    burst: int = Field(default=1, ge=1, description="So many at once, after a pause.")
    lease: float = Field(default=300, gt=0, description="So many seconds is an action one worker's alone.")
    settle: float = Field(default=10, ge=0, description="So many seconds after a lost answer somebody looks.")


class Route(_Form):
    """Which actions go to an adapter. The first route that takes an action has it."""

    do: Dos = Field(description="The kinds of actions.")
    to: str = Field(description="The name of an adapter of this file.")
    direction: Direction | None = Field(default=None, description="Follow-ups in this direction alone.")
    follow_up: Words | None = Field(default=None, description="These follow-ups alone.")
    approve: bool = Field(default=False, description="Each waits until a person has approved it on the pages.")


class Degrade(_Form):
    """What an action becomes, by its kind. Nothing ever becomes a message that is sent."""

    draft_message: Literal["create_task", "add_note"] | None = None
    send_message: Literal["draft_message", "create_task", "add_note"] | None = None
    create_task: Literal["draft_message", "add_note"] | None = None
    add_note: Literal["draft_message", "create_task"] | None = None

    def instead_of(self, do: Do) -> Do | None:
        """What an action of this kind becomes; None where it stays what it is."""
        found: Do | None = getattr(self, do)
        return found


class GivenKey(_Form):
    """A key of the API and of the pages; its holder may read, change, or also run things."""

    name: str = Field(min_length=1, max_length=60, description="Who has it; stands in the history of actions.")
    role: Role = "viewer"
    key: Reference = Field(description="The key as env:NAME or file:PATH, of 20 letters or more.")


class GivenProxy(_Form):
    """A proxy that says from where somebody comes, and who he is where it has asked for a password itself."""

    from_: Words = Field(alias="from", description="Addresses or networks from which its word counts.")
    header: str | None = Field(default="x-forwarded-user", description="The header that names the person; null: none.")
    role: Role = Field(default="viewer", description="What everybody may who comes through it.")


class GivenService(_Form):
    """What `serve` needs to know besides adapters and routes."""

    keys: tuple[GivenKey, ...] = ()
    proxy: GivenProxy | None = None
    secret: Reference | None = Field(
        default=None, description="Signs logins, as env:NAME or file:PATH. Without one, logins end with the service."
    )
    url: str | None = Field(
        default=None, pattern=r"^https?://[^/?#\s]+$", description="How others reach it; some sign the address too."
    )
    secure_cookie: bool = Field(default=False, description="Cookies travel over HTTPS alone.")


class Configuration(_Form):
    """What delivers where. Without routes nothing leaves."""

    version: Literal["followup-configuration/1"] = Field(alias="schema")
    store: Annotated[str, BeforeValidator(_where)] | None = Field(
        default=None, description="The outbox: a file, postgresql://USER@HOST/DB, env:NAME or file:PATH."
    )
    adapters: dict[str, GivenAdapter] = Field(default_factory=dict)
    routes: tuple[Route, ...] = ()
    degrade: Degrade = Field(default=Degrade(), description="What an action becomes where its adapter cannot do it.")
    serve: GivenService = Field(default=GivenService(), description="What the service needs to know.")


class Read:
    """A configuration with the places of what it says."""

    def __init__(self, configuration: Configuration, document: Document) -> None:
        self.configuration, self._document = configuration, document

    def place(self, *loc: str | int, key: bool = False) -> Place:
        """Where something stands."""
        return self._document.place(loc, key)


def read_configuration(file: Path, shown: str) -> Read:
    """The configuration of a file.

    Raises:
        InvalidInput: FR940 to FR943, every fault with its place; FR001 to FR005 where it cannot be read.
    """
    document = parse(read_text(file, shown, LARGEST), shown)
    if not isinstance(document.data, Mapping):
        text = "a configuration is a mapping with schema, adapters and routes"
        raise InvalidInput([Problem("FR942", text, document.place())])
    try:
        read = Read(Configuration.model_validate(document.data), document)
    except ValidationError as error:
        raise InvalidInput(problems_of(error, document.place, _CODES, _known, _WHAT)) from None
    problems = list(_loose_ends(read))
    if problems:
        raise InvalidInput(problems)
    return read


def _known(loc: tuple[str | int, ...]) -> Iterable[str]:
    if loc[:1] == ("adapters",) and len(loc) == 2:
        return GivenAdapter.model_fields
    if loc[:1] == ("routes",) and len(loc) == 2:
        return Route.model_fields
    if loc == ("degrade",):
        return Degrade.model_fields
    if loc[:1] == ("serve",):
        return _known_of_service(loc)
    return ("schema", *(one for one in Configuration.model_fields if one != "version")) if not loc else ()


def _known_of_service(loc: tuple[str | int, ...]) -> Iterable[str]:
    if loc[1:2] == ("keys",):
        return GivenKey.model_fields
    return ("from", "header", "role") if loc[1:2] == ("proxy",) else GivenService.model_fields


def _loose_ends(read: Read) -> Iterable[Problem]:
    given = read.configuration
    for number, route in enumerate(given.routes):
        if route.to not in given.adapters:
            hint = did_you_mean(route.to, given.adapters) or f"known are {', '.join(given.adapters) or 'none'}"
            text = f"the route leads to '{route.to}', which is no adapter of this file"
            yield Problem("FR943", text, read.place("routes", number, "to"), hint)


def store_of(given: str | None, environ: Mapping[str, str] | None = None) -> str | None:
    """The store that a configuration means, its secret resolved.

    Raises:
        InvalidInput: FR942, there is nothing where it points to; repeats no value.
    """
    kind, _, where = given.partition(":") if given is not None else ("", "", "")
    if given is None or kind not in ("env", "file") or not where:
        return given
    if kind == "env":
        found = (os.environ if environ is None else environ).get(where, "")
    else:
        found = read_text(Path(where).expanduser(), given).strip()
    if not found:
        raise InvalidInput([Problem("FR942", f"'store' is {given}, and there is nothing there", Place(DEFAULT))])
    return found
