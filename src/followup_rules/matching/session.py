"""One durable-rules ruleset and its working memory, kept to what the library does reliably.

Facts only; nothing is retracted; one working memory at a time, opened by a marker that fires a rule of its
own (deleting one in which nothing ever fired crashes) and deleted afterwards; no actions, threads or timers.
The library is imported when the first ruleset is built.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from followup_rules.errors import EngineFault
from followup_rules.matching.terms import Term

MARKER: Final = 0
_HANDLED, _MATCHED_NOTHING = 0, 1
_OPENING: Final = '{"sid":1,"id":1,"k":0}'
_NUMBERS = itertools.count()


def missing_library() -> str:
    """Why durable-rules cannot be used here; empty where it can."""
    try:
        _library()
    except Exception as error:
        # Not only ImportError: built for another Python it may fail in any way.
        return f"durable-rules cannot be imported ({type(error).__name__}: {error})"
    return ""


@lru_cache(maxsize=1)
def _library() -> tuple[Any, Any]:
    """The engine, and the library's ruleset without its actions (threads, clocks, swallowed errors)."""
    import durable_rules_engine
    from durable.engine import Ruleset

    class Quiet(Ruleset):  # type: ignore[misc]
        def _flush_actions(self, _state: Any, results: Any, offset: int, _complete: Any) -> None:
            """Collect the names of what fired, in place of running actions."""
            fired = results.setdefault("fired", [])
            fired += [int(name) for name in results.pop("message")]
            while text := durable_rules_engine.complete_and_start_action(self._handle, offset):
                fired.append(_name(text))

        def tell(self, fact: str) -> int:
            """Assert a fact. Gives the offset of the working memory it went to."""
            code, offset = durable_rules_engine.assert_fact(self._handle, fact)
            if code not in (_HANDLED, _MATCHED_NOTHING):
                raise EngineFault(f"durable-rules refused a fact with code {code}")
            return int(offset)

        def fired(self, offset: int) -> list[int]:
            """The names of the rules that fired since the last call; one may have fired several times."""
            started = durable_rules_engine.start_action_for_state(self._handle, offset)
            if not started:
                return []
            results: dict[str, Any] = {"message": (str(_name(started[1])),)}
            self._flush_actions(None, results, offset, None)
            return list(results["fired"])

    # glibc gives the memory of every session back to the system and takes it again, until it has once seen a
    # bigger block come and go: many times slower for policies of 10 to 40 rules.
    bytearray(8 * 1024 * 1024)
    return durable_rules_engine, Quiet


def _name(message: str) -> int:
    """The rule's name out of `{"12": {...}}`, without reading the facts behind it."""
    return int(message.split('"', 2)[1])


class Session:
    """A ruleset, compiled. Between `open` and `close` it has a working memory."""

    def __init__(self, rules: dict[str, dict[str, Any]]) -> None:
        engine, quiet = _library()
        marker: dict[str, Any] = {"all": [{"m": {"k": MARKER}}]}
        definition = {"0": marker, **rules}
        for rule in definition.values():
            rule["run"] = None
        try:
            self._ruleset = quiet(f"followup-rules-{next(_NUMBERS)}", None, definition)
        except Exception as error:
            raise EngineFault(f"durable-rules cannot compile the conditions: {error}") from error
        self._engine = engine
        self._is_open = False
        # Freed when nobody uses it, or each policy that was ever compiled would stay; not after a fault.
        self._free = weakref.finalize(self, engine.delete_ruleset, self._ruleset._handle)
        self._free.atexit = False

    def open(self) -> None:
        """Begin a working memory."""
        if self._is_open:
            raise EngineFault("the working memory before this one was not deleted")
        self._is_open = True
        if self._ruleset.fired(self._ruleset.tell(_OPENING)) != [0]:
            raise EngineFault("durable-rules did not fire the marker's rule")

    def tell(self, facts: Iterable[str]) -> None:
        """Assert facts with which no rule can fire yet."""
        for fact in facts:
            self._ruleset.tell(fact)

    def ask(self, fact: str) -> list[int]:
        """Assert a fact and give the names of the rules that fire."""
        fired: list[int] = self._ruleset.fired(self._ruleset.tell(fact))
        return fired

    def close(self) -> None:
        """Delete the working memory."""
        if self._is_open:
            self._ruleset.delete_state(1)
            self._is_open = False

    def abandon(self) -> None:
        """Never touch it again, not even to free it: after an error the engine's memory cannot be trusted."""
        self._free.detach()


def rule(discriminator: int, terms: list[Term]) -> dict[str, Any]:
    """A rule over one fact of a kind."""
    return {"all": [{"m": {"$and": [{"k": discriminator}, *terms]}}]}
