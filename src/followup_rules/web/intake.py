"""Webhooks, kept on the disk before they are answered; all that come in at one moment share one commit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from queue import SimpleQueue
from typing import Final, NamedTuple

from followup_rules.errors import FollowupRulesError
from followup_rules.outbox.inbox import Told, keep_notices
from followup_rules.outbox.ledger import Ledger

_MOST: Final = 500
_TIDY: Final = 0.5


class Kept(NamedTuple):
    """How many notices of a delivery were new."""

    new: int
    known: int


class _Waiting(NamedTuple):
    told: Sequence[Told]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Kept]


class Intake:
    """One thread that writes. While it waits for the disk the next commit gathers, so there is nothing to tune."""

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime], woken: Callable[[], None]) -> None:
        self._ledger, self._clock, self._woken = ledger, clock, woken
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="followup_intake", daemon=True)
        self._ended, self._written = threading.Event(), threading.Event()
        self._tidying = threading.Thread(target=self._tidy, name="followup_tidy", daemon=True)

    def start(self) -> None:
        """Begin to take."""
        # A commit that stopped to tidy up would be a tenth of a second in which nobody is answered.
        self._ledger.checkpoint_apart()
        self._thread.start()
        self._tidying.start()

    def stop(self) -> None:
        """Keep what is waiting, and end."""
        self._queue.put(None)
        self._thread.join(10)
        self._ended.set()
        self._written.set()
        self._tidying.join(10)

    def _tidy(self) -> None:
        while not self._ended.is_set():
            self._written.wait()
            self._written.clear()
            # Whoever holds it up now, it is done after the next commit.
            with suppress(FollowupRulesError):
                self._ledger.checkpoint()
            self._ended.wait(_TIDY)

    async def keep(self, told: Sequence[Told]) -> Kept:
        """Keep what a delivery says; it is on the disk when this returns.

        Raises:
            FollowupRulesError: the store cannot be written now; nothing of it is kept.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Kept] = loop.create_future()
        self._queue.put(_Waiting(told, loop, future))
        return await future

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, ended = [first], False
            while len(batch) < _MOST and not self._queue.empty():
                one = self._queue.get()
                if one is None:
                    ended = True
                    break
                batch.append(one)
            self._keep(batch)
            if ended:
                return

    def _keep(self, batch: Sequence[_Waiting]) -> None:
        try:
            new = keep_notices(self._ledger, [told for one in batch for told in one.told], self._clock())
        except FollowupRulesError as error:
            self._answer([(one, error) for one in batch])
            return
        except Exception as error:
            self._answer([(one, FollowupRulesError(type(error).__name__)) for one in batch])
            return
        answers: list[tuple[_Waiting, Kept | Exception]] = []
        for one in batch:
            mine = {(told.source, told.notice) for told in one.told}
            fresh = mine & new
            # Where two deliveries of one batch tell the same, it is new to the first of them.
            new -= fresh
            answers.append((one, Kept(len(fresh), len(mine) - len(fresh))))
        self._answer(answers)
        self._written.set()
        if any(isinstance(kept, Kept) and kept.new for _, kept in answers):
            self._woken()

    def _answer(self, answers: Sequence[tuple[_Waiting, Kept | Exception]]) -> None:
        loops = {id(one.loop): one.loop for one, _ in answers}
        for key, loop in loops.items():
            mine = [(one.future, answer) for one, answer in answers if id(one.loop) == key]
            try:
                loop.call_soon_threadsafe(_set, mine)
            except RuntimeError:
                # The loop is closed: nobody is there any more to be answered. What was told is kept.
                continue


def _set(answers: Sequence[tuple[asyncio.Future[Kept], Kept | Exception]]) -> None:
    for future, answer in answers:
        if future.done():
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
