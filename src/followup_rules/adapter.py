"""What an adapter is: a small class with settings, declared capabilities and one way to carry out an action.

    class Mine(Adapter):
        name = "mine"
        capabilities = frozenset({"note"})

        class Settings(AdapterSettings):
            token: Secret

        settings: Settings

        def carry_out(self, order: Order) -> Receipt: ...

Nothing is sent anywhere before `deliver` is called. What goes wrong is one of the errors in `errors.py`,
chosen by what the caller should do next. `AdapterContract` in `followup_rules.testing` checks these promises.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal, NamedTuple, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, SecretStr, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError
from typing_extensions import Self, final

from followup_rules.errors import Misconfigured, Unsupported, did_you_mean
from followup_rules.model.application import Application
from followup_rules.model.decision import Decision, Draft, Refusal
from followup_rules.model.words import Direction, Do

Capability = Literal["task", "note", "message_log", "draft", "send", "read_applications", "read_interviews", "webhook"]
CAPABILITIES: Final[tuple[Capability, ...]] = get_args(Capability)
CAPABILITY_OF: Final[Mapping[Do, Capability]] = {
    "draft_message": "draft",
    "send_message": "send",
    "create_task": "task",
    "add_note": "note",
}
"""What an adapter must be able to do to carry out an action."""

_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_SECRET: Final = 64_000


class Order(NamedTuple):
    """One action with everything that an adapter needs to carry it out. `id` is the identity of the action.

    Moments are in the recipient's zone; `at` is when to act. `draft` is None where the rule has no template.
    """

    id: str
    do: Do
    application: str
    follow_up: str
    rule: str
    title: str
    direction: Direction
    step: int
    occasion: str
    contact: str | None
    at: datetime | None
    due_at: datetime | None
    expires_at: datetime | None
    draft: Draft | None


class Receipt(NamedTuple):
    """What the other system answered. `reference` is its own name for the record; it holds no secret."""

    action: str
    adapter: str
    state: Literal["done", "already_done"]
    reference: str = ""


def orders(decision: Decision) -> tuple[Order, ...]:
    """What a decision asks adapters to do now: nothing, unless it is `send`."""
    if decision.decision != "send":
        return ()
    return tuple(_order(decision, action.id, action.do) for action in decision.actions)


def _order(decision: Decision, identity: str, do: Do) -> Order:
    return Order(
        id=identity,
        do=do,
        application=decision.application,
        follow_up=decision.follow_up,
        rule=decision.rule,
        # Where the decision is `send`, the follow-up rule itself has decided.
        title=decision.decided_by.title,
        direction=decision.direction,
        step=decision.step,
        occasion=decision.occasion,
        contact=decision.contact,
        at=decision.at,
        due_at=decision.due_at,
        expires_at=decision.expires_at,
        draft=decision.draft,
    )


def _resolved(given: Any) -> Any:
    """The secret that `env:NAME` or `file:PATH` stands for. No message repeats what was given or found."""
    if isinstance(given, SecretStr):
        return given
    kind, _, where = given.partition(":") if isinstance(given, str) else ("", "", "")
    if kind not in ("env", "file") or not where:
        raise PydanticCustomError("secret", "a secret is given as env:NAME or file:PATH, never as itself")
    found = os.environ.get(where, "") if kind == "env" else _in_file(Path(where))
    if not found:
        raise PydanticCustomError("secret", "there is nothing there, or too much to be a secret")
    return SecretStr(found)


def _in_file(path: Path) -> str:
    try:
        with path.expanduser().open("rb") as file:
            text = file.read(_LONGEST_SECRET + 1).decode("utf-8-sig").rstrip("\r\n")
    except (OSError, RuntimeError, ValueError) as error:
        why = type(error).__name__
    else:
        return text if len(text) <= _LONGEST_SECRET else ""
    # Outside the handler, and only what sort of error it was: the error itself may hold a piece of the file.
    raise PydanticCustomError("secret", "the file cannot be read as text: {why}", {"why": why})


_SECRET_SCHEMA: Final = {"type": "string", "pattern": "^(env|file):."}
Secret = Annotated[SecretStr, BeforeValidator(_resolved), WithJsonSchema(_SECRET_SCHEMA)]
"""The type of a setting that nobody may see: given as `env:NAME` or `file:PATH`, shown as asterisks."""


class AdapterSettings(BaseModel):
    """What an adapter must be told: the base of every adapter's `Settings`. Its errors repeat no value."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Adapter:
    """What speaks to one ATS or CRM. Making one checks its settings and touches nothing."""

    name: ClassVar[str]
    """The word that configurations use, in kebab-case."""

    capabilities: ClassVar[frozenset[Capability]] = frozenset()
    """What it can do. It is asked for nothing else."""

    Settings: ClassVar[type[AdapterSettings]] = AdapterSettings
    """The form of its settings."""

    settings: AdapterSettings

    def __init__(self, settings: AdapterSettings) -> None:
        self.settings = settings

    @classmethod
    def configured(cls, raw: Mapping[str, Any]) -> Self:
        """An adapter from settings as a configuration file gives them.

        Raises:
            Misconfigured: they cannot be used; says which and why, and repeats no value.
        """
        try:
            settings = cls.Settings.model_validate(raw)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False, include_context=False)
            told = "; ".join(f"'{'.'.join(map(str, one['loc']))}': {one['msg']}" for one in faults)
        else:
            return cls(settings)
        # Outside the handler, so that no traceback leads back to an error that holds the values.
        raise Misconfigured(f"the settings of adapter '{cls.name}' cannot be used: {told}")

    @final
    def deliver(self, order: Order) -> Receipt:
        """Carry out an action. Twice the same makes one record, and the second receipt says `already_done`.

        Raises:
            Unsupported: it does not do this kind of action; nothing was touched.
            Retriable: the other system is busy or out of reach.
            Refused: the other system will not take it.
            Misconfigured: the settings do not work there.
        """
        needed = CAPABILITY_OF.get(order.do)
        if needed not in self.capabilities:
            raise Unsupported(f"the adapter '{self.name}' cannot {order.do}: it has no capability '{needed}'")
        return self.carry_out(order)

    def carry_out(self, order: Order) -> Receipt:
        """Carry out an action of a declared kind: an adapter writes this, and `deliver` calls it."""
        raise Unsupported(f"the adapter '{self.name}' declares that it can {order.do} but does not")

    def read_applications(self) -> Iterator[Application | Refusal]:
        """Every application that the other system knows; what cannot be used is refused alone.

        Raises:
            Unsupported: it does not read applications.
        """
        raise Unsupported(f"the adapter '{self.name}' has no capability 'read_applications'")

    def __repr__(self) -> str:
        return f"<adapter {self.name}>"


def is_name(name: object) -> bool:
    """True for a word in kebab-case, as packs and adapters are called."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def fault_of(adapter: object) -> str | None:
    """Why something cannot serve as an adapter; None where it can."""
    if not isinstance(adapter, type) or not issubclass(adapter, Adapter):
        return f"{ascii(adapter)[:80]} is no class that inherits from Adapter"
    name = getattr(adapter, "name", None)
    if not is_name(name):
        hint = "use small letters, digits and hyphens"
        return f"the adapter {adapter.__name__} has the name {ascii(name)[:80]}; {hint}"
    able: object = adapter.capabilities
    if not isinstance(able, frozenset) or not able:
        return f"the adapter '{name}' has no frozenset of capabilities; known are {', '.join(CAPABILITIES)}"
    for one in sorted(map(str, able - set(CAPABILITIES))):
        hint = did_you_mean(one, CAPABILITIES) or f"known are {', '.join(CAPABILITIES)}"
        return f"the adapter '{name}' declares an unknown capability '{one}'; {hint}"
    settings: object = adapter.Settings
    if not isinstance(settings, type) or not issubclass(settings, AdapterSettings):
        return f"the Settings of the adapter '{name}' do not inherit from AdapterSettings"
    return None
