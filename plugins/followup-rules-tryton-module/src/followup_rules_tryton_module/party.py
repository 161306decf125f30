"""Parties: the zone of a candidate, without which nothing is sent in anybody's night."""

from __future__ import annotations

from trytond.model import fields
from trytond.pool import PoolMeta
from trytond.tools.timezone import available_timezones


class Party(metaclass=PoolMeta):
    __name__ = "party.party"

    follow_up_timezone = fields.Selection("get_follow_up_timezones", "Time Zone", sort=False)

    @classmethod
    def get_follow_up_timezones(cls) -> list[tuple[str | None, str]]:
        return [(None, ""), *((name, name) for name in sorted(available_timezones()))]
