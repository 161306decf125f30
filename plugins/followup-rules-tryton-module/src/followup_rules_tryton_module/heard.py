"""What hangs on opportunities and is heard: notes, e-mails and chats."""

from __future__ import annotations

from typing import Any

from trytond.pool import Pool, PoolMeta


class _Heard:
    """A record that hangs on another one; where that is an opportunity, it is decided anew."""

    @classmethod
    def on_modification(cls, mode: str, records: list[Any], field_names: Any = None) -> None:
        super().on_modification(mode, records, field_names)  # type: ignore[misc]
        opportunities = Pool().get("sale.opportunity")
        found = {record.follow_up_resource() for record in records}
        there = [one for one in found if isinstance(one, opportunities) and one.id > 0]
        if there:
            opportunities.__queue__.decide_follow_ups(there)

    def follow_up_resource(self) -> Any:
        """What it hangs on."""
        return self.resource  # type: ignore[attr-defined]


class Note(_Heard, metaclass=PoolMeta):
    __name__ = "ir.note"


class EMail(_Heard, metaclass=PoolMeta):
    __name__ = "ir.email"


class ChatMessage(_Heard, metaclass=PoolMeta):
    __name__ = "ir.chat.message"

    def follow_up_resource(self) -> Any:
        """What its channel is about."""
        return self.channel.resource if self.channel else None
