"""Making tables that stay: without looks for garbage in between, of which they have none."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def all_kept(build: Callable[P, R]) -> Callable[P, R]:
    """A function that makes a table, left in peace while it does.

    Python looks for garbage each time some hundred objects were made; all that a table is made of is kept, so a fifth
    of the time of reading one was spent on finding nothing. Two threads may do this at once: who found the collector
    at work starts it again.
    """

    @wraps(build)
    def made(*args: P.args, **kwargs: P.kwargs) -> R:
        if not gc.isenabled():
            return build(*args, **kwargs)
        gc.disable()
        try:
            return build(*args, **kwargs)
        finally:
            gc.enable()

    return made
