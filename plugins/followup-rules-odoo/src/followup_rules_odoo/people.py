"""Who is who in Odoo: partners, the users they are, and where they live."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from followup_rules.timing.zones import find_zone
from followup_rules_odoo.records import Record, line, name_of, number_of, without_gaps

_PARTNER: Final = ("name", "email", "tz", "country_id", "state_id", "partner_share")
AllOf = Callable[[str, list[Any], Iterable[str]], list[dict[str, Any]]]


class Directory:
    """Partners, users, companies and countries, each asked for when it is first named."""

    def __init__(self, all_of: AllOf) -> None:
        self._all_of = all_of
        self._users: dict[int, int] = {}
        self._partners: dict[int, Record] = {}
        self._companies: dict[int, Record] = {}
        self._codes: dict[tuple[str, int], str] = {}

    def learn(
        self, records: Sequence[Record], meetings: Mapping[int, list[Record]], messages: Mapping[int, list[Record]]
    ) -> None:
        """Ask for everybody who is named on a page."""
        users = {number_of(one.get("user_id")) for one in records}
        users |= {user for one in records for user in one.get("interviewer_ids") or ()}
        wanted = users - self._users.keys() - {None}
        for one in self._asked("res.users", wanted, ("partner_id",)):
            self._users[one["id"]] = number_of(one["partner_id"]) or 0
        companies = {number_of(one.get("company_id")) for one in records} - self._companies.keys() - {None}
        for one in self._asked("res.company", companies, ("name", "partner_id")):
            self._companies[one["id"]] = one
        partners = {number_of(one.get("partner_id")) for one in records} | set(self._users.values())
        partners |= {number_of(one.get("partner_id")) for one in self._companies.values()}
        partners |= {one for some in meetings.values() for each in some for one in each.get("partner_ids") or ()}
        partners |= {number_of(one.get("author_id")) for some in messages.values() for one in some}
        for one in self._asked("res.partner", partners - self._partners.keys() - {None, 0}, _PARTNER):
            self._partners[one["id"]] = one
        self._learn_codes("res.country", "country_id")
        self._learn_codes("res.country.state", "state_id")

    def partner_of(self, user: int | None) -> int | None:
        """The partner that a user is."""
        return self._users.get(user or 0)

    def is_inner(self, partner: int | None) -> bool:
        """True for who works with this Odoo, and does not only visit it."""
        found = self._partners.get(partner or 0)
        return found is not None and not found.get("partner_share", True)

    def inner(self) -> frozenset[int]:
        """Everybody who works with this Odoo, of those who are known."""
        return frozenset(one for one in self._partners if self.is_inner(one))

    def person(self, partner: int | None) -> dict[str, Any]:
        """Name, address and place of a partner, as far as Odoo knows them."""
        found = self._partners.get(partner or 0)
        if found is None:
            return {}
        zone = found.get("tz") or None
        return without_gaps({
            "name": line(found.get("name")),
            "email": line(found.get("email")),
            "timezone": zone if zone and find_zone(zone) is not None else None,
            "country": self._codes.get(("res.country", number_of(found.get("country_id")) or 0)),
            "region": self._codes.get(("res.country.state", number_of(found.get("state_id")) or 0)),
        })  # fmt: skip

    def place_of_company(self, company: object) -> dict[str, Any]:
        """Where a company is, and what it is called."""
        found = self._companies.get(number_of(company) or 0)
        if found is None:
            return without_gaps({"company": name_of(company)})
        place = self.person(number_of(found.get("partner_id")))
        return without_gaps({"company": line(found.get("name")), **{key: place.get(key) for key in _PLACE}})

    def _learn_codes(self, model: str, key: str) -> None:
        named = {number_of(one.get(key)) for one in self._partners.values()}
        wanted = {one for one in named if one is not None and (model, one) not in self._codes}
        for one in self._asked(model, wanted, ("code",)):
            self._codes[model, one["id"]] = str(one.get("code") or "").strip()

    def _asked(self, model: str, numbers: Iterable[int | None], fields: Iterable[str]) -> list[dict[str, Any]]:
        wanted = sorted(one for one in numbers if one is not None)
        return self._all_of(model, [["id", "in", wanted]], fields) if wanted else []


_PLACE: Final = ("timezone", "country", "region")
