"""From slips to faults: what the options and the context leave over."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated

from pydantic import Field, StringConstraints

from followup_rules.check import CheckOptions, Context, Fault
from followup_rules.quality.proofread.engine import is_installed
from followup_rules.quality.proofread.passes import proofread
from followup_rules.quality.proofread.slips import Kind
from followup_rules.quality.text import Text, lowers_of


class Proofreading(CheckOptions):
    """The options of both proofreading checks."""

    ignore: Annotated[
        tuple[Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)], ...],
        Field(strict=False, description="Words that are right as they are: names, products, terms of the trade."),
    ] = ()


def faults_of(text: Text, context: Context, options: Proofreading, kind: Kind) -> Iterator[Fault]:
    """The faults of one kind, without what is named in the options or in the context."""
    slips = [slip for slip in proofread(text) if slip.kind == kind]
    if not slips:
        return
    ignored = frozenset(word for entry in options.ignore for word in lowers_of(entry))
    terms = _terms(context) if any(slip.word for slip in slips) else frozenset()
    for slip in slips:
        whole = text.subject if slip.part == "subject" else text.body
        if slip.word in terms or (ignored and _is_ignored(whole[slip.start : slip.end], ignored)):
            continue
        yield Fault(slip.message, slip.start, slip.end, slip.hint, slip.fix, slip.part)


def _is_ignored(excerpt: str, ignored: frozenset[str]) -> bool:
    return not ignored.isdisjoint(lowers_of(excerpt))


@lru_cache(maxsize=64)
def _words(entries: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for entry in entries for word in lowers_of(entry))


def _terms(context: Context) -> frozenset[str]:
    """The words of the names, the role, the skills and the notes of an application."""
    single = (context.recipient, context.sender, context.company, context.role)
    return _words((*(one for one in single if one), *context.notes, *context.skills, *context.people))


def lacking() -> str:
    """What would find more slips and is not installed."""
    return "" if is_installed() else "the extra followup-rules[proofread], which finds more"
