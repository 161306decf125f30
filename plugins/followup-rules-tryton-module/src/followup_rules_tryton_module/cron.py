"""The timer."""

from __future__ import annotations

from trytond.pool import PoolMeta


class Cron(metaclass=PoolMeta):
    __name__ = "ir.cron"

    @classmethod
    def __setup__(cls) -> None:
        super().__setup__()
        cls.method.selection.append(("sale.opportunity|decide_due_follow_ups", "Decide Follow-ups"))
