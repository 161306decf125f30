"""What is worked out when it is first asked for, without the lock of `functools.cached_property` before Python 3.12.

A message has some thirty such parts, and the locks cost more than many of them. Two threads that ask at once both work
it out, and both are right.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    once = cached_property
else:

    class once(cached_property):  # noqa: N801  (a decorator)
        """A method without arguments that becomes a value."""

        def __get__(self, instance: Any, owner: type[Any] | None = None) -> Any:
            """The value, which from now on stands in the place of the method."""
            if instance is None:
                return self
            value = instance.__dict__[self.attrname] = self.func(instance)
            return value
