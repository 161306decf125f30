"""The in-memory twin: an adapter that can do everything, whose other system is an object of the test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import ClassVar, Final, Literal

from followup_rules.adapter import Adapter, Capability, Incoming, Notice, Order, Receipt
from followup_rules.errors import AdapterError, Refused, Retriable
from followup_rules.model.application import Application, Event
from followup_rules.model.decision import Refusal

_ABLE: Final[frozenset[Capability]] = frozenset(
    {"task", "note", "draft", "send", "read_applications", "read_messages", "webhook"}
)
_ALWAYS: Final = datetime(2026, 9, 15, 14, 0, tzinfo=timezone.utc)


@dataclass
class Memory:
    """What the other system holds, and what goes wrong next: an error before the record is made, or after it.

    Where an application is among `applications`, reading it gives back what orders have written there, as messages of
    the employer that end with the marker: no system knows better.
    """

    records: dict[str, Order] = field(default_factory=dict)
    applications: list[Application | Refusal] = field(default_factory=list)
    faults: list[tuple[Literal["before", "after"], AdapterError]] = field(default_factory=list)

    def lose_the_answer(self) -> None:
        """Let the next record be made, and nobody told."""
        self.faults.append(("after", Retriable("no answer came")))


def twin(memory: Memory) -> type[Adapter]:
    """The class of an adapter to that memory, with the name `twin`."""

    class Twin(Adapter):
        """Keeps each action once."""

        name = "twin"
        capabilities: ClassVar[frozenset[Capability]] = _ABLE

        def carry_out(self, order: Order) -> Receipt:
            """Keep the order, unless it is kept; go wrong where that was asked for."""
            when, error = memory.faults.pop(0) if memory.faults else ("never", None)
            if error is not None and when == "before":
                raise error
            known = order.id in memory.records
            memory.records.setdefault(order.id, order)
            if error is not None:
                raise error
            return Receipt(order.id, self.name, "already_done" if known else "done", order.id)

        def find(self, order: Order) -> Receipt | None:
            """The order, if it is kept."""
            return Receipt(order.id, self.name, "already_done", order.id) if order.id in memory.records else None

        def read_applications(self) -> Iterator[Application | Refusal]:
            """Those of the memory, with what was written there."""
            for one in memory.applications:
                yield _with_records(one, memory) if isinstance(one, Application) else one

        def parse_webhook(self, incoming: Incoming) -> tuple[Notice, ...]:
            """One notice: the body is JSON with its `id`, `application` and `kind`."""
            try:
                data = json.loads(incoming.body)
                return (Notice(str(data["id"]), data.get("application"), str(data["kind"])),)
            except (ValueError, TypeError, LookupError, AttributeError):
                raise Refused("the body of the webhook is no notice") from None

    return Twin


def _with_records(application: Application, memory: Memory) -> Application:
    mine = [one for one in memory.records.values() if one.application == application.id]
    written = [
        Event.model_validate(
            {
                "id": f"echo-{one.id}", "type": "message", "at": _ALWAYS, "from": "employer",
                "body": f"{one.title}\n[followup-rules:{one.id}]",
            }
        )
        for one in mine
    ]  # fmt: skip
    return application.model_copy(update={"events": (*application.events, *written)})
