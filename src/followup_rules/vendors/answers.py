"""What an answer means: done, or one of the errors that say what to do next. Its words are cut and scrubbed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any, Final

from followup_rules.errors import Misconfigured, Refused, Retriable
from followup_rules.plugin_answers import printable
from followup_rules.vendors.model import Limits, Success
from followup_rules.vendors.paths import at
from followup_rules.vendors.wire import Answer

_LONGEST_WAIT: Final = 86_400.0
_SHORTEST_SECRET: Final = 4
_LATER: Final = (408, 425, 429)
_NO_RIGHT: Final = (401, 402, 403, 407, 412)
_REASONS: Final = ("message", "error_description", "detail", "title", "error", "errors", "reason", "code", "name")


class Judge:
    """Says what answers mean. It knows the secrets only to keep them out of what it says."""

    def __init__(self, name: str, limits: Limits, secrets: Sequence[str]) -> None:
        self._name, self._limits = name, limits
        self._secrets = sorted((one for one in secrets if len(one) >= _SHORTEST_SECRET), key=len, reverse=True)

    def scrub(self, text: str) -> str:
        """A text without any of the secrets."""
        for one in self._secrets:
            text = text.replace(one, "***")
        return text

    def learn(self, secret: str) -> None:
        """Keep one more secret out: a token that was fetched."""
        if len(secret) >= _SHORTEST_SECRET and secret not in self._secrets:
            self._secrets = [secret, *self._secrets][:20]

    def check(self, answer: Answer, success: Success, now: datetime) -> Any:
        """The data of an answer that says that it is done.

        Raises:
            Misconfigured, Refused, Retriable: it says something else.
        """
        if answer.status == 204 and 204 in success.status:
            return None
        if answer.status not in success.status:
            raise self._fault(answer, success, now)
        data = answer.data()
        if data is None:
            raise Retriable(f"{self._name}: status {answer.status}, but the answer is no JSON or only half of it")
        told = success.answer
        if told is not None and at(data, told.path) != told.equals:
            raise Refused(f"{self._name}: it was refused: {self._words(data, success)}")
        return data

    def _fault(self, answer: Answer, success: Success, now: datetime) -> Exception:
        status = answer.status
        told = f"{self._name}: status {status}: {self._words(answer.data(), success)}".removesuffix(": ")
        if status in _NO_RIGHT:
            return Misconfigured(told)
        if status in _LATER or status >= 500 or status < 400:
            after = wait_of(answer, self._limits, now)
            if after is None and status == 429:
                after = self._limits.pause
            return Retriable(told, after, maybe_done=status not in (425, 429))
        return Refused(told)

    def _words(self, data: Any, success: Success) -> str:
        """The vendor's own words about what went wrong, if it has any."""
        found = at(data, success.fault) if success.fault else data
        return self.scrub(printable(_reason(found, 0)))[:200]


def _reason(data: Any, depth: int) -> str:
    if depth > 3 or data is None:
        return ""
    if isinstance(data, list):
        return "; ".join(filter(None, (_reason(one, depth + 1) for one in data[:3])))
    if isinstance(data, dict):
        keys = [key for key in _REASONS if key in data] or (sorted(map(str, data))[:3] if depth else [])
        words = (_reason(data.get(key), depth + 1) for key in keys[:2])
        return "; ".join(filter(None, words))
    return str(data)


def wait_of(answer: Answer, limits: Limits, now: datetime) -> float | None:
    """For how many seconds the vendor asks to be left alone; None where it names no time."""
    given = answer.headers.get(limits.retry_after.lower(), "").strip()
    found = _seconds(given, now)
    if found is None and limits.reset is not None:
        reset = _number(answer.headers.get(limits.reset.lower(), ""))
        if reset is not None:
            if limits.reset_in == "timestamp":
                # Some write it in milliseconds.
                found = (reset / 1000 if reset > 1e11 else reset) - now.timestamp()
            else:
                found = reset
    return None if found is None else min(max(found, 0.0), _LONGEST_WAIT)


def used_up(answer: Answer, limits: Limits) -> bool:
    """True where the answer says that no more requests are left for now."""
    left = _number(answer.headers.get(limits.remaining.lower(), "")) if limits.remaining else None
    return left is not None and left <= 0


def _seconds(text: str, now: datetime) -> float | None:
    number = _number(text)
    if number is not None:
        return number
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return ((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)) - now).total_seconds()


def _number(text: str) -> float | None:
    return float(text) if text.strip().replace(".", "", 1).isdecimal() and text.isascii() and len(text) < 20 else None
