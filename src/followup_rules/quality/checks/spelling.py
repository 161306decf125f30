"""`spelling`: misspelt and doubled words."""

from __future__ import annotations

from collections.abc import Iterator

from followup_rules.check import Check, Context, Fault
from followup_rules.quality.proofread.judging import Proofreading, faults_of, lacking
from followup_rules.quality.text import Text


class Spelling(Check):
    """Misspelt words and words that stand twice. Names, terms of the context and regional spellings are right."""

    name = "spelling"
    code = "FR611"
    title = "a misspelt or doubled word"

    class Options(Proofreading):
        """Which words are right."""

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """Every misspelt or doubled word, in order."""
        yield from faults_of(text, context, self.options, "spelling")

    def lacks(self, context: Context) -> str:
        """The extra that finds more, where it is not installed."""
        return lacking()


CHECK = Spelling
