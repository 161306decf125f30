"""The adapter `caldav`: each task is a to-do in a calendar, created once whatever happens."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from typing_extensions import Self

from followup_rules.adapter import Adapter, AdapterSettings, Capability, Order, Receipt, Secret
from followup_rules.errors import Misconfigured, Refused
from followup_rules.mailing.server import is_loopback
from followup_rules_caldav.collection import Answer, Collection
from followup_rules_caldav.todo import todo, uid

_PRESENT = (200, 203)
_ABSENT = (404, 410)
_WRITTEN = (200, 201, 204)
_FAULTS_OF_THE_TEXT = ("valid-calendar-data", "valid-calendar-object-resource", "max-resource-size", "min-date-time")


class CalDavAdapter(Adapter):
    """Creates to-dos. `PUT` with `If-None-Match: *` makes the server itself see to it that there is one."""

    name = "caldav"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"task"})
    tier = "gold"

    class Settings(AdapterSettings):
        """Which calendar, and who asks."""

        url: str = Field(description="The calendar's own address, as the server shows it to other programs.")
        user: str | None = Field(default=None, description="Who logs in; nobody, if it is left out.")
        password: Secret | None = Field(default=None, description="The password, or the token where 'login' is bearer.")
        login: Literal["basic", "digest", "bearer"] = Field(default="basic", description="How to log in.")
        insecure: bool = Field(default=False, description="Plain http; only on this machine itself.")
        ca_file: Path | None = Field(default=None, description="Who is trusted to sign its certificate, as a PEM file.")
        timeout: float = Field(default=30.0, gt=0, le=600, description="Seconds to wait for each answer.")

        @field_validator("url")
        @classmethod
        def _is_an_address(cls, given: str) -> str:
            parts = urlsplit(given)
            if parts.scheme not in ("https", "http") or not parts.hostname or not given.isascii() or " " in given:
                raise ValueError("is no address that begins with https://")
            if parts.username is not None or parts.password is not None:
                raise ValueError("holds a user or password: they are settings of their own")
            if parts.query or parts.fragment or not given.isprintable():
                raise ValueError("has more in it than a host and a path")
            _ = parts.port  # which raises where it is none
            return given if given.endswith("/") else f"{given}/"

        @model_validator(mode="after")
        def _fit_together(self) -> Self:
            parts = urlsplit(self.url)
            if parts.scheme == "http" and not (self.insecure and is_loopback(parts.hostname or "")):
                raise ValueError("plain http is only for a server on this machine, and with 'insecure: true'")
            if self.login == "bearer":
                if self.password is None:
                    raise ValueError("'login: bearer' needs the token as 'password'")
            elif (self.user is None) != (self.password is None):
                raise ValueError("'user' and 'password' go together")
            if self.user is not None and (not self.user.isprintable() or ":" in self.user):
                raise ValueError("'user' has a colon or control characters in it")
            return self

        def trust(self) -> ssl.SSLContext:
            """What certificates are checked against.

            Raises:
                Misconfigured: the file of authorities cannot be read.
            """
            try:
                return ssl.create_default_context(cafile=self.ca_file)
            except (OSError, ssl.SSLError) as error:
                why = type(error).__name__
            raise Misconfigured(f"'ca_file' {str(self.ca_file)!a} is no readable file of certificates: {why}")

    settings: Settings

    def carry_out(self, order: Order) -> Receipt:
        """Create the to-do. That it is there already is the server's word, and as good."""
        data = todo(order)
        with Collection(self.settings) as collection:
            answer = collection.create(uid(order), data)
            if answer.status in _WRITTEN:
                return self._receipt(order, "done")
            if answer.status == 412 or answer.says("no-uid-conflict"):
                return self._receipt(order, "already_done")
            raise _not_created(answer, collection)

    def find(self, order: Order) -> Receipt | None:
        """The to-do of that name; or, where a program has renamed it, the one of that UID."""
        with Collection(self.settings) as collection:
            answer = collection.get(uid(order))
            if answer.status in _PRESENT:
                return self._receipt(order, "already_done")
            if answer.status not in _ABSENT:
                raise collection.unexpected(answer)
            return self._receipt(order, "already_done") if collection.has(uid(order)) else None

    def preview(self, order: Order) -> str:
        """The request, without its credentials."""
        head = f"PUT {self.settings.url}{uid(order)}.ics\nIf-None-Match: *\nContent-Type: text/calendar; charset=utf-8"
        return f"{head}\n\n{todo(order).decode('utf-8')}".replace("\r\n", "\n")

    def test_connection(self) -> str:
        """Asks the calendar what it is."""
        with Collection(self.settings) as collection:
            return f"{self.settings.url} is a calendar: {collection.described()}"

    def _receipt(self, order: Order, state: Literal["done", "already_done"]) -> Receipt:
        return Receipt(order.id, self.name, state, uid(order))


def _not_created(answer: Answer, collection: Collection) -> Exception:
    if answer.status in (*_ABSENT, 409):
        return Misconfigured(f"there is no calendar at {collection.where}: {answer.told}")
    if answer.says("supported-calendar-component"):
        return Misconfigured(f"the calendar at {collection.where} takes no to-dos: {answer.told}")
    if answer.status in (400, 413, 415, 422) or any(map(answer.says, _FAULTS_OF_THE_TEXT)):
        return Refused(f"{collection.where} will not take it: {answer.told}")
    return collection.unexpected(answer)
