"""What an adapter written in Python needs to ask over HTTP: what vendor files use, without the vendor file.

    calls = Calls("mine", timeout=30, secrets=[token])
    data = calls.ask(Asked("GET", url, headers={"authorization": f"Bearer {token}"}))

Nothing is sent to another host than the one that was asked, and no error holds a secret.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from followup_rules.errors import Retriable
from followup_rules.vendors.answers import Judge
from followup_rules.vendors.model import Limits, Success
from followup_rules.vendors.settings import address, safe_address
from followup_rules.vendors.wire import Answer, Asked, Wire

_DONE: Final = Success(status=(200, 201, 202))


def _whole(text: str) -> str:
    fault = safe_address(text)
    if fault is not None:
        raise PydanticCustomError("address", "{fault}", {"fault": fault})
    return text


Address = Annotated[str, AfterValidator(address)]
"""A setting: where a system is, without a slash at the end; https, or this very machine."""

ExactAddress = Annotated[str, AfterValidator(_whole)]
"""The same, with a slash at the end where one was written."""


def utc_now() -> datetime:
    """The moment."""
    return datetime.now(timezone.utc)


class Calls:
    """Asks one system and judges what it answers."""

    def __init__(
        self, name: str, *, timeout: float, secrets: Sequence[str] = (), clock: Callable[[], datetime] = utc_now
    ) -> None:
        self.judge = Judge(name, Limits(), secrets)
        self._wire, self._clock = Wire(name, timeout), clock

    @property
    def now(self) -> datetime:
        """The moment, by the clock that was given."""
        return self._clock()

    def send(self, asked: Asked) -> Answer:
        """The answer to a request, whatever its status.

        Raises:
            Retriable, Misconfigured, Refused: there is none; see `Wire.send`.
        """
        return self._wire.send(asked)

    def ask(self, asked: Asked, success: Success = _DONE) -> Any:
        """The data of an answer that says that it is done.

        Raises:
            Retriable, Misconfigured, Refused: it says something else, or there is none.
        """
        return self.judge.check(self.send(asked), success, self.now)

    def fault(self, answer: Answer) -> Exception:
        """What an answer means that is not what was hoped for."""
        try:
            self.judge.check(answer, Success(status=()), self.now)
        except Exception as error:
            found = error
        return found

    def time_of(self, answer: Answer) -> datetime:
        """The moment by the other system's clock, as an answer has it, in whole seconds; ours where it has none."""
        try:
            return parsedate_to_datetime(answer.headers.get("date", "")).astimezone(timezone.utc)
        except (ValueError, TypeError):
            return self.now

    def shown(self, asked: Asked, hidden: Mapping[str, str] | None = None) -> str:
        """A request as a person may see it; `hidden` are the headers whose values nobody may see, as they are shown."""
        headers = {**asked.headers, **(hidden or {})}
        lines = [f"{asked.method} {asked.url}", *(f"{key}: {text}" for key, text in sorted(headers.items()))]
        if asked.body:
            lines += ["", json.dumps(json.loads(asked.body), indent=2, ensure_ascii=False)]
        return self.judge.scrub("\n".join(lines))

    def close(self) -> None:
        """Close connections; the next request opens new ones."""
        self._wire.close()


@contextmanager
def only_a_look() -> Iterator[None]:
    """What goes wrong inside has written nothing, so that it can be tried again without a look."""
    try:
        yield
    except Retriable as error:
        error.maybe_done = False
        raise
