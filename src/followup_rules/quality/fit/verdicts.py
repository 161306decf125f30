"""Wordings that tie ability to the job by themselves, where the sum of a sentence's signs (`fit.py`) leaves it open."""

from __future__ import annotations

from followup_rules.check import Context
from followup_rules.model.words import Direction
from followup_rules.quality.chains import chains
from followup_rules.quality.fit.fit import flags_of
from followup_rules.quality.fit.fit_words import fit_word
from followup_rules.quality.text import Sentence, Text

_LIST = "fit_verdicts"


def says_so(text: Text, context: Context, direction: Direction) -> bool:
    """True where a sentence passes a verdict: 'your Dutch is all we ask for', 'I was asked to train the others'.

    A candidate passes none on oneself. A question passes none either, nor what is taken back: 'but we chose'.
    """
    wanted = {"told"} if direction == "candidate_to_employer" else {"skilled", "plain"}
    for sentence in text.core:
        if text.body[sentence.start : sentence.end].rstrip().endswith("?"):
            continue
        tags = {match.tag for match in chains(_LIST).find(text.lowers, sentence.first, sentence.last)}
        found = tags & wanted
        if found and "but" not in tags and (found != {"skilled"} or _is_skilled(text, sentence, context)):
            return True
    return False


def _is_skilled(text: Text, sentence: Sentence, context: Context) -> bool:
    """True where one of the candidate's skills is named as theirs."""
    words, flags = text.lowers[sentence.first : sentence.last], flags_of(context)
    theirs = not {"your", "you've", "you"}.isdisjoint(words)
    return theirs and any(":skill" in flags.get(fit_word(word).stem, ()) for word in words)
