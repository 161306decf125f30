"""What a table says of an application, added to what is known of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_INNER: Final = ("candidate", "job", "attributes")
_LISTS: Final = ("contacts", "events")


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Both together: the new word counts, what it does not speak of stays; contacts and events go by their ids."""
    made = {key: one for key, one in old.items() if key not in (*_INNER, *_LISTS)}
    made |= {key: one for key, one in new.items() if key not in (*_INNER, *_LISTS)}
    for key in _INNER:
        inner = {**old.get(key, {}), **new.get(key, {})}
        if inner:
            made[key] = inner
    contacts = {one["id"]: one for one in old.get("contacts", ())}
    for one in new.get("contacts", ()):
        contacts[one["id"]] = {**contacts.get(one["id"], {}), **one}
    events = {one["id"]: one for one in [*old.get("events", ()), *new.get("events", ())]}
    lists = {"contacts": list(contacts.values()), "events": list(events.values())}
    return {**made, **{key: one for key, one in lists.items() if one}}
