"""`professional_tone`: a message speaks to its reader as one does at work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import Field

from followup_rules.check import Check, CheckOptions, Context, Fault
from followup_rules.quality.text import Text, lowers_of
from followup_rules.quality.tone.judging import judge
from followup_rules.quality.tone.signs import STRONG, Sign

_KINDS: Final = {
    "slang": ("is slang or chat talk", "to a stranger it looks careless", "say it in plain words"),
    "swearing": ("is swearing", "it offends, whatever it is about", "leave it out"),
    "threat": ("reads as a threat", "who is threatened stops listening", "give a date and its reason"),
    "pressure": ("puts pressure on the reader", "it sets them a duty instead of asking", "ask, and give the reason"),
    "guilt": ("makes the reader feel guilty", "it asks for pity instead of a decision", "leave out what it cost you"),
    "begging": ("begs", "it makes the reader uneasy and the writer small", "say what you offer, not what you need"),
    "sarcasm": ("sounds sarcastic", "on paper scorn outlives the joke", "say plainly what you would like instead"),
    "insult": ("insults or scolds", "nobody answers a scolding gladly", "say what happened, without a verdict"),
    "rude": ("reads as rude or too personal", "nobody likes to be judged", "say what happened, without a verdict"),
    "belittling": ("talks down to the reader", "nobody likes to be treated so", "say it as to a colleague"),
    "familiar": ("is too personal", "it oversteps what strangers at work say to each other", "leave it out"),
    "gossip": ("is gossip", "who reads it wonders what is said behind their own back", "leave other people out"),
    "gushing": ("gushes", "praise beyond measure sounds insincere", "name one thing that you liked, and why"),
    "emoji": ("is an emoji or emoticon", "in a business letter it looks like chat", "leave it out"),
    "shouting": ("is written in capitals", "capitals read as shouting", "write it in small letters"),
    "exclamation": ("is too loud", "many exclamation marks read as shouting", "end the sentence with a full stop"),
}  # fmt: skip
"""What is wrong, why it matters, how to mend it."""


class ProfessionalTone(Check):
    """Slang, pressure, guilt, threats, sarcasm, belittling, gossip, gushing and shouting."""

    name = "professional_tone"
    code = "FR610"
    title = "a tone that is not professional"

    class Options(CheckOptions):
        """How much is allowed."""

        exclamation_marks: int = Field(default=2, ge=0, description="How many exclamation marks a message may have.")
        evidence: int = Field(
            default=STRONG,
            ge=1,
            description="How much evidence is needed: 10 is one clear sign or a few weak ones; 15 is more lenient.",
        )
        allow: tuple[str, ...] = Field(
            default=(), strict=False, description="Words or phrases that are all right here, in any case."
        )

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """Every sign of a wrong tone, where together they are evidence enough."""
        enough, marks = self.options.evidence, self.options.exclamation_marks
        judged = judge(text, marks_allowed=marks, enough=enough)
        if judged.evidence < enough:
            return
        allowed = self._allowed(context)
        if allowed:
            judged = judge(text, marks_allowed=marks, enough=enough, allowed=allowed)
        for sign in judged.signs:
            yield _fault(sign)

    def _allowed(self, context: Context) -> frozenset[str]:
        """What the rules allow, and words that were used in the interview or belong to the names of the application."""
        known = " ".join(filter(None, (*context.notes, *context.skills, context.company, context.role)))
        return frozenset([*lowers_of(known), *[phrase.lower() for phrase in self.options.allow]])


def _fault(sign: Sign) -> Fault:
    what, why, hint = _KINDS[sign.kind]
    if sign.instead:
        hint = f"write '{sign.instead}'"
    return Fault(f"'{sign.excerpt}' {what}; {why}", sign.start, sign.end, hint, part=sign.part)


CHECK = ProfessionalTone
