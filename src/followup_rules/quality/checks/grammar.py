"""`grammar`: slips of grammar, punctuation and word choice."""

from __future__ import annotations

from collections.abc import Iterator

from followup_rules.check import Check, Context, Fault
from followup_rules.quality.proofread.judging import Proofreading, faults_of, lacking
from followup_rules.quality.text import Text


class Grammar(Check):
    """Slips of grammar, punctuation, capitals and word choice that a proofreader must mend; never a matter of style."""

    name = "grammar"
    code = "FR612"
    title = "a slip of grammar or punctuation"

    class Options(Proofreading):
        """Which words are right."""

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """Every slip, in order."""
        yield from faults_of(text, context, self.options, "grammar")

    def lacks(self, context: Context) -> str:
        """The extra that finds more, where it is not installed."""
        return lacking()


CHECK = Grammar
