"""Which engine answers. The library behind the durable one is imported only when it is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from followup_rules.errors import EngineFault, FollowupRulesError
from followup_rules.matching.native import NativeMatcher
from followup_rules.matching.truth import Matcher
from followup_rules.rules import conditions as c

ENGINES: Final = ("auto", "durable", "native", "verify")

# `auto` asks durable-rules up to so many applications and conditions. It takes 5 to 50 times as long as plain
# Python, more with more conditions, and gives the same answers: beyond these the wait would be felt.
SMALL: Final = 200
FEW_CONDITIONS: Final = 200


def why_not_durable() -> str:
    """The reason why durable-rules cannot be used here; empty where it can."""
    from followup_rules.matching.session import missing_library

    return missing_library()


def engine(name: str, conditions: Sequence[c.Condition], applications: int | None = None) -> Matcher:
    """The engine of that name for the conditions of one policy.

    Args:
        name: `durable`, `native`, `verify` (both, and where they disagree the answer is disputed), or `auto`:
            durable for few applications and conditions where the library is installed, else native.
        applications: how many there are to decide; None where nobody knows yet.

    Raises:
        FollowupRulesError: there is no such engine, or it needs a library that is not installed.
    """
    if name not in ENGINES:
        raise FollowupRulesError(f"there is no engine '{name}'; use one of {', '.join(ENGINES)}")
    if name == "native":
        return NativeMatcher(conditions)
    if name == "auto":
        return _best(conditions, applications)
    reason = why_not_durable()
    if reason:
        raise FollowupRulesError(
            f"the engine '{name}' needs durable-rules: {reason}; install it under Python 3.10 to 3.12 "
            "(pip install durable-rules==2.0.28, needs a C compiler), or use the engine 'native' or 'auto'"
        )
    return _with_library(name, conditions)


def _best(conditions: Sequence[c.Condition], applications: int | None) -> Matcher:
    is_small = applications is not None and applications <= SMALL and len(conditions) <= FEW_CONDITIONS
    if not conditions or not is_small or why_not_durable():
        return NativeMatcher(conditions)
    try:
        return _with_library("durable", conditions)
    except EngineFault:
        # Conditions that it cannot compile; nothing has been asked of it yet.
        return NativeMatcher(conditions)


def _with_library(name: str, conditions: Sequence[c.Condition]) -> Matcher:
    from followup_rules.matching.durable import DurableMatcher
    from followup_rules.matching.verify import VerifyMatcher

    return VerifyMatcher(conditions) if name == "verify" else DurableMatcher(conditions)
