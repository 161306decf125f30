"""A subject or a body as it is searched for names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from followup_rules.quality.naming.strangers import Atom
from followup_rules.quality.text import Word


class Line(NamedTuple):
    """A subject or a body: where its salutation ends and its closing begins."""

    text: str
    words: Sequence[Word]
    lowers: Sequence[str]
    greeting: int
    closing: int
    titled: bool
    """Whether all words are capitalised, as in a heading."""
    atoms: Sequence[Atom] = ()
    """The words around the place that is looked at."""
