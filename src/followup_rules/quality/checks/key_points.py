"""`key_points`: a message must say why the candidate fits the job, or an update what happens next."""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from typing import Literal

from pydantic import Field

from followup_rules.check import Check, CheckOptions, Context, Fault
from followup_rules.model.words import Direction
from followup_rules.quality.fit.fit import fit_model
from followup_rules.quality.fit.next_steps import next_step_faults
from followup_rules.quality.fit.verdicts import says_so
from followup_rules.quality.text import Text


class KeyPoints(Check):
    """The text must claim fit: a skill, experience, result or contribution that is tied to the job.

    From a candidate that is something done, held or offered in the first person; interest, motivation and the promise
    of effort are none. From an employer it is the candidate's work tied to a need of the job; praise alone is none.
    With `about: next_steps` it must say what happens next, and by when.
    """

    name = "key_points"
    code = "FR603"
    title = "no reason why the candidate fits the job"

    class Options(CheckOptions):
        """What is asked for, and how much of it is enough."""

        about: Literal["fit", "next_steps"] = Field(
            default="fit",
            description="What the message must tell: why the candidate fits, or what happens next and by when.",
        )
        certainty: float = Field(
            default=0.55,
            gt=0,
            lt=1,
            description="How sure it must be that a sentence claims fit; the higher, the more is asked for.",
        )

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """One fault where nothing claims fit, at the place before the last sentence, where such a claim belongs."""
        if self.options.about == "next_steps":
            yield from next_step_faults(text)
            return
        if not text.lowers or self._claims_fit(text, context):
            return
        place = text.core[-1].start if text.core else text.greeting.end
        if context.direction == "employer_to_candidate":
            yield Fault(
                "nothing ties what the candidate can do to the job; praise or a mention alone does not say why the "
                "process goes on",
                place,
                place,
                "name one skill or result of the candidate and what it would do for the team",
            )
            return
        yield Fault(
            "nothing says why the candidate fits the job; interest and thanks give the reader no reason to choose",
            place,
            place,
            _hint(context),
        )

    def _claims_fit(self, text: Text, context: Context) -> bool:
        enough = log(self.options.certainty / (1 - self.options.certainty))
        directions: tuple[Direction, ...] = (
            ("candidate_to_employer", "employer_to_candidate") if context.direction is None else (context.direction,)
        )
        return any(
            fit_model(one).score(text, context, enough) >= enough or says_so(text, context, one) for one in directions
        )

    def lacks(self, context: Context) -> str:
        """Who writes to whom decides what counts as a claim; the skills make some claims plain."""
        if self.options.about == "next_steps":
            return ""
        wanted = [] if context.direction else ["who writes to whom"]
        if not context.skills:
            wanted.append("the candidate's skills")
        return " and ".join(wanted)


def _hint(context: Context) -> str:
    skill = f", for example with {context.skills[0]}," if context.skills else ""
    return f"add one thing you have done{skill} and what it would bring to this job"


CHECK = KeyPoints
