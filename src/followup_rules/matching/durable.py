"""Conditions answered by durable-rules, inside the guards that keep its known faults away."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Final

from followup_rules.errors import EngineFault
from followup_rules.facts import Case
from followup_rules.matching.native import NativeMatcher
from followup_rules.matching.program import Encoded, Program, TooLarge
from followup_rules.matching.truth import Answer, Truth
from followup_rules.rules import conditions as c

# Policies that stay compiled after their last use: each build costs milliseconds and leaks a little.
_MOST_KEPT: Final = 8
_COMPILED: OrderedDict[str, _Compiled] = OrderedDict()
_LOCK: Final = Lock()


class _Compiled:
    """A program and the lock without which two threads would share its working memory."""

    def __init__(self, conditions: Sequence[c.Condition]) -> None:
        self.program = Program(conditions)
        self.lock = Lock()


def _compiled(conditions: tuple[c.Condition, ...]) -> _Compiled:
    # By its text and not by equality: in Python 1 and true are equal, in a condition they are not.
    key = repr(conditions)
    with _LOCK:
        found = _COMPILED.get(key)
        if found is None:
            found = _COMPILED[key] = _Compiled(conditions)
        _COMPILED.move_to_end(key)
        while len(_COMPILED) > _MOST_KEPT:
            _COMPILED.popitem(last=False)
        return found


def _drop(conditions: tuple[c.Condition, ...], broken: _Compiled) -> None:
    broken.program.abandon()
    with _LOCK:
        if _COMPILED.get(repr(conditions)) is broken:
            del _COMPILED[repr(conditions)]


class DurableMatcher:
    """Asks durable-rules for every condition of a policy at once.

    Timelines too large for working memory are answered in plain Python and counted in `declined`.
    """

    name = "durable"

    def __init__(self, conditions: Sequence[c.Condition]) -> None:
        self._conditions = tuple(conditions)
        self._native = NativeMatcher(self._conditions)
        self._compiled = _compiled(self._conditions) if self._conditions else None
        self.declined = 0

    def match(self, case: Case) -> Answer:
        """The truth of every condition; disputed where the engine failed or contradicted itself."""
        if not self._conditions:
            return Answer(())
        try:
            if self._compiled is None or self._compiled.program.is_broken:
                self._compiled = _compiled(self._conditions)
            encoded = self._compiled.program.encode(case)
        except TooLarge:
            self.declined += 1
            return self._native.match(case)
        try:
            return Answer(self._run(self._compiled, encoded))
        except Exception as error:
            # Whatever it was, the engine is in an unknown state, and its answer is not to be acted upon.
            reason = f"durable-rules failed and confirms nothing: {type(error).__name__}: {error}"
            return self._native.match(case)._replace(disputed=reason)

    def _run(self, compiled: _Compiled, encoded: Encoded) -> Sequence[Truth]:
        with compiled.lock:
            if compiled.program.is_broken:
                raise EngineFault("it failed in another thread just before")
            try:
                return compiled.program.run(encoded)
            except BaseException:
                # Interrupts too: half an evaluation must not be what the next one finds.
                _drop(self._conditions, compiled)
                self._compiled = None
                raise
