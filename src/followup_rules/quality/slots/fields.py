"""What names a thing to be filled in: 'first name', 'JOB_TITLE', 'insert a project'."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from followup_rules.quality.phrases import word_sets

_TOKENS: Final = re.compile(r"[^\W\d_]+(?:['’][a-z]{1,2}\b)?")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
IDENTIFIER: Final = re.compile(r"[^\W\d]\w*(?:[_.\-:][^\W_]+)+|[a-z]+[A-Z]\w*|[^\W\d_][A-Z0-9_]+")
"""A name as programs write it: first_name, firstName, FIRST."""


@lru_cache(maxsize=1)
def field_words() -> frozenset[str]:
    """Every word that may stand in the name of a slot."""
    sets = word_sets("slots")
    return sets["field"] | sets["part"] | sets["instruct"]


def tokens(inner: str) -> list[str]:
    """The words of what stands between marks: 'candidateFirst_name' has three."""
    words = _TOKENS.findall(_CAMEL.sub(" ", inner).replace("_", " "))
    return [word.lower().replace("’", "'").removesuffix("'s") for word in words]


def is_field(inner: str) -> bool:
    """True for what names a thing to be filled in: 'first name', 'JOB_TITLE', 'name of your manager'."""
    sets = word_sets("slots")
    words = tokens(inner)
    return bool(words) and field_words().issuperset(words) and not sets["field"].isdisjoint(words)


def is_order(inner: str) -> bool:
    """True for an order to the writer: 'insert date', 'mention a project', 'your company', 'e.g. the warehouse'."""
    words, sets = tokens(inner), word_sets("slots")
    if len(words) == 1:
        return words[0] in sets["strict"]
    return bool(words) and (words[0] in sets["instruct"] or inner.lower().startswith("e.g"))


_MARKS: Final = frozenset(
    "braces brace brackets curlies curly mustache mustaches moustache moustaches stash staches syntax".split()
)
_OF_MARKS: Final = frozenset("double triple single curly square raw escaped unescaped safe unsafe".split())
_TEMPLATING: Final = re.compile(
    r"(?<!\w)(?:braces?|brackets?|handlebars|mustache|jinja2?|liquid|twig|templat(?:e|es|ing))(?!\w)", re.IGNORECASE
)


def names_marks(text: str, inner: str) -> bool:
    """True for '{{double braces}}', and for 'the {{double}} form' where the text speaks of braces or of templates."""
    words = tokens(inner)
    if words and words[-1] in _MARKS:
        return True
    return bool(words) and _OF_MARKS.issuperset(words) and _TEMPLATING.search(text) is not None
