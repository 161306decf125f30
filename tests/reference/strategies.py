"""Cases for differential tests: `cases()` for hypothesis, `random_case(seed)` for long quick loops."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st

from .choose import Choose, DrawChoose, RandomChoose
from .policy_builder import RARE_SPANS, build_policy
from .timeline_builder import build_applications, build_now
from .when_builder import Json

Case = tuple[list[Json], list[Json], datetime]


def build_case(choose: Choose) -> Case:
    """Applications, rules and now, all valid under the contract."""
    now = build_now(choose)
    rules = build_policy(choose)
    return build_applications(choose, rules, now), rules, now


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A hypothesis strategy of `(applications, rules, now)`."""
    return build_case(DrawChoose(draw))


def random_case(seed: int) -> Case:
    """The same kind of triple by `random.Random(seed)`."""
    return build_case(RandomChoose(seed))


def may_be_slow(rules: list[Json]) -> bool:
    """Whether business hours may never come here: the evaluator then walks 400 days minute by minute.

    A long loop may leave these cases out, or keep one in ten.
    """
    windows = [rule for rule in rules if rule["kind"] == "send_window"]
    spans = [rule["open"] if isinstance(rule["open"], list) else [rule["open"]] for rule in windows]
    is_rare = any(span in RARE_SPANS for listed in spans for span in listed)
    return (is_rare or len(windows) > 1) and "business hour" in repr(rules)
