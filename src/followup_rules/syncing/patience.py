"""How long a source is waited for that is busy or out of reach: as long as it asks, else a little longer each time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_before_delay, wait_exponential_jitter

from followup_rules.syncing.reading import Unread

_FIRST_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 30.0


def patient(
    seconds: float, tell: Callable[[Unread, float], None], sleep: Callable[[float], None] = time.sleep
) -> Retrying:
    """Tries that end before that many seconds are over, a wait that the source asks for included.

    Args:
        tell: hears before each wait what is wrong, and how many seconds it takes.
    """
    later = wait_exponential_jitter(initial=_FIRST_WAIT, max=_LONGEST_WAIT)

    def wait(state: RetryCallState) -> float:
        asked = _error(state).after
        return later(state) if asked is None else asked

    def before(state: RetryCallState) -> None:
        tell(_error(state), state.upcoming_sleep)

    return Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, Unread) and error.again),
        stop=stop_before_delay(seconds), wait=wait, before_sleep=before, sleep=sleep, reraise=True,
    )  # fmt: skip


def _error(state: RetryCallState) -> Unread:
    error = state.outcome.exception() if state.outcome is not None else None
    assert isinstance(error, Unread)  # noqa: S101
    return error
