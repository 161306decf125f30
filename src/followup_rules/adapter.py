"""What an adapter is: a small class with settings, declared capabilities and one way to carry out an action.

    class Mine(Adapter):
        name = "mine"
        capabilities = frozenset({"note"})

        class Settings(AdapterSettings):
            token: Secret

        settings: Settings

        def carry_out(self, order: Order) -> Receipt: ...
        def find(self, order: Order) -> Receipt | None: ...

Nothing is sent anywhere before `deliver` is called. What goes wrong is one of the errors in `errors.py`,
chosen by what the caller should do next. `AdapterContract` in `followup_rules.testing` checks these promises.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final, Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from typing_extensions import Self, final

from followup_rules.errors import Misconfigured, Unsupported, did_you_mean
from followup_rules.model.application import Application, Candidate, Contact, Job
from followup_rules.model.decision import Decision, Draft, Refusal
from followup_rules.model.words import Direction, Do
from followup_rules.secret import Secret as Secret

Capability = Literal[
    "task", "note", "message_log", "draft", "send",
    "read_applications", "read_interviews", "read_messages", "webhook",
]  # fmt: skip
CAPABILITIES: Final[tuple[Capability, ...]] = get_args(Capability)
Tier = Literal["bronze", "silver", "gold"]
"""How far an adapter can be trusted: it delivers; it finds and reads; it does each action once whatever goes wrong."""

CAPABILITY_OF: Final[Mapping[Do, Capability]] = {
    "draft_message": "draft",
    "send_message": "send",
    "create_task": "task",
    "add_note": "note",
}
"""What an adapter must be able to do to carry out an action."""

_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Order(NamedTuple):
    """One action with everything that an adapter needs to carry it out. `id` is the identity of the action.

    Moments are in the recipient's zone; `at` is when to act. `draft` is None where the rule has no template.
    `candidate`, `job` and `person` (the contact that `contact` names) are as the application has them.
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
    candidate: Candidate = Candidate()
    job: Job = Job()
    person: Contact | None = None
    approval: Literal["", "wanted", "given"] = ""
    """Whether a person has to approve it, or has: then its draft is the one that was approved."""


class Receipt(NamedTuple):
    """What the other system answered. `reference` is its own name for the record; it holds no secret."""

    action: str
    adapter: str
    state: Literal["done", "already_done"]
    reference: str = ""


class Page(NamedTuple):
    """Some of what has changed in another system, and where to go on from: the `since` of the next reading.

    What comes back is whole timelines, as far as the other system knows them, not differences. An event that the
    adapter's own writing has made carries the `follow_up` of the action, or is left out.
    """

    items: tuple[Application | Refusal, ...]
    cursor: str


class Message(NamedTuple):
    """One message of a mailbox, of which nothing says to which application it belongs. Its text is not told.

    Args:
        id: what tells it from others, as its Message-ID.
        at: when it came, or was sent.
        sender, recipients: addresses, as `sam@example.com`.
        outgoing: whoever owns the mailbox has written it.
        owner: the addresses of who owns the mailbox.
        kind: `auto_reply` is no answer, `bounce` says that something did not arrive, `list` was written to many.
        answers: the ids of messages that it answers, or that it is about.
    """

    id: str
    at: datetime
    sender: str
    recipients: tuple[str, ...]
    outgoing: bool
    owner: tuple[str, ...]
    kind: Literal["message", "auto_reply", "bounce", "list"] = "message"
    answers: tuple[str, ...] = ()


class Mail(NamedTuple):
    """Some messages, and from where to go on: the `since` of the next reading."""

    items: tuple[Message, ...]
    cursor: str


class Incoming(NamedTuple):
    """A webhook as it arrived: the bytes of the body, the headers with names in small letters, and when."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime


class Notice(NamedTuple):
    """What a webhook says: that something happened to an application, which is to be read anew.

    `id` is the same for the same delivery made twice. `events` are in the form of an application's events, where the
    webhook itself tells enough; a webhook whose signature does not cover its body tells nothing but where to look.
    """

    id: str
    application: str | None
    kind: str
    events: tuple[Mapping[str, Any], ...] = ()


def orders(decision: Decision, application: Application | None = None) -> tuple[Order, ...]:
    """What a decision asks adapters to do now: nothing, unless it is `send`.

    With the application that it is about, the orders say who the candidate and the contact are.
    """
    if decision.decision != "send":
        return ()
    return tuple(_order(decision, action.id, action.do, application) for action in decision.actions)


def _order(decision: Decision, identity: str, do: Do, application: Application | None) -> Order:
    return Order(
        candidate=application.candidate if application is not None else Candidate(),
        job=application.job if application is not None else Job(),
        person=application.contact(decision.contact) if application is not None and decision.contact else None,
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


class AdapterSettings(BaseModel):
    """What an adapter must be told: the base of every adapter's `Settings`. Its errors repeat no value."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Adapter:
    """What speaks to one ATS or CRM. Making one checks its settings and touches nothing."""

    name: ClassVar[str]
    """The word that configurations use, in kebab-case."""

    capabilities: ClassVar[frozenset[Capability]] = frozenset()
    """What it can do. It is asked for nothing else."""

    tier: ClassVar[Tier | None] = None
    """What its tests have shown; `AdapterContract` fails where they show less. None where it says nothing."""

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

    def find(self, order: Order) -> Receipt | None:
        """The record that an earlier try of this action has made; None where there certainly is none.

        It is asked before anything is repeated whose answer never came.

        Raises:
            Unsupported: it has no way to look, so that only a person can say whether it was done.
        """
        raise Unsupported(f"the adapter '{self.name}' cannot look for what it has written")

    def preview(self, order: Order) -> str:
        """What `deliver` would ask of the other system, for a person to read; without secrets, touching nothing."""
        return f"{self.name}: {order.do} for {order.application}"

    def test_connection(self) -> str:
        """One line about whom the settings lead to, after a harmless question to the other system.

        Raises:
            Unsupported: it has nothing to ask.
            Retriable, Misconfigured: it is out of reach, or the settings do not work there.
        """
        raise Unsupported(f"the adapter '{self.name}' has nothing to test")

    def read_applications(self) -> Iterator[Application | Refusal]:
        """Every application that the other system knows; what cannot be used is refused alone.

        Raises:
            Unsupported: it does not read applications.
        """
        raise Unsupported(f"the adapter '{self.name}' has no capability 'read_applications'")

    def read_changes(self, since: str | None) -> Iterator[Page]:
        """What has changed since an earlier page's cursor, page by page; everything where `since` is None.

        By default everything is read, in one page without a cursor. After each page it can be interrupted and taken
        up again from that page's cursor; what comes twice is harmless.
        """
        yield Page(tuple(self.read_applications()), "")

    def read_messages(self, since: str | None) -> Iterator[Mail]:
        """The messages of a mailbox since an earlier cursor, page by page; those of late where `since` is None.

        It is for adapters that know messages and no applications: whoever reads them finds out what they belong to.
        One that reads applications puts messages into their events. What comes twice is harmless.

        Raises:
            Unsupported: it does not read messages by themselves.
        """
        raise Unsupported(f"the adapter '{self.name}' does not read messages by themselves")

    def parse_webhook(self, incoming: Incoming) -> tuple[Notice, ...]:
        """What a webhook says, after its signature was found right.

        Raises:
            Unsupported: it takes no webhooks.
            Refused: the signature, its age or the body are wrong; says which, and repeats no secret.
        """
        raise Unsupported(f"the adapter '{self.name}' has no capability 'webhook'")

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
    if adapter.tier not in (None, *get_args(Tier)):
        return f"the adapter '{name}' has an unknown tier; known are {', '.join(get_args(Tier))}"
    # Looked up without asking the class: one that is made from a file reads that file when it is used.
    settings: object = inspect.getattr_static(adapter, "Settings")
    if not isinstance(settings, type) or not issubclass(settings, AdapterSettings):
        return f"the Settings of the adapter '{name}' do not inherit from AdapterSettings"
    return None
