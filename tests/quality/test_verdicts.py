"""Wordings that tie ability to the job whatever else the sentence says, and those that take it back."""

from __future__ import annotations

import pytest

from followup_rules.check import Context
from followup_rules.quality.fit.fit import fit_model
from followup_rules.quality.fit.verdicts import says_so
from followup_rules.quality.text import Text

EMPLOYER = Context(direction="employer_to_candidate", skills=("lace making", "Dutch"))
CANDIDATE = Context(direction="candidate_to_employer", skills=("flying", "mapping"))


def letter(sentence: str) -> Text:
    """A message with one sentence."""
    return Text(f"Dear Ms Oduya,\n\n{sentence}\n\nKind regards,\nBo Lindgren")


@pytest.mark.parametrize(
    "sentence",
    [
        "Your lace and your temper are all that we want behind that counter.",
        "The skipper has no qualms about your Dutch, and neither have I.",
        "The lace you made in Bruges would slot straight in.",
        "Your Dutch makes you the natural choice for the ferry desk.",
        "Your Dutch is exactly what the Ostend office has been missing.",
        "Your lace making ticks every box on our list.",
        "You have clearly got the eye for this.",
        "You came across as a calm hand with the sort of lace making habits we want at the pier.",
        "Who listens to a loom with a stethoscope is somebody I want in my mill.",
        "Your drill at the lido settled any doubt in the committee.",
        "No other applicant holds the ticket for the big boat.",
        "You bring exactly the experience we're missing in Ghent.",
        "What swung it was the bobbin you mended on our stairs.",
        "Those nine winters are the reason why we want you at the lock.",
        "Your experience with tides is very suitable for our ferry.",
        "Anna is satisfied that your lace is up to her mother's standard.",
        "The skipper would trust you with the Dutch customs tomorrow.",
        "You calm a frightened goat, and that matters more to this farm than any diploma.",
        "You showed a steady hand and an ear for the sheave, and that will count on our bridge.",
        "By then you knew our winch better than anyone here.",
    ],
)
def test_an_employer_passes_a_verdict(sentence: str) -> None:
    """On a skill that the application names, or on the fitness for the work itself."""
    assert says_so(letter(sentence), EMPLOYER, "employer_to_candidate")


@pytest.mark.parametrize(
    "sentence",
    [
        "Your Dutch makes you a strong candidate, but another will join us.",
        "Your Dutch is not quite what we need.",
        "Is your Dutch all that we need?",
        "Your signature is all we need now.",
        "Your lace hangs in the hall.",
        "What settled it was your lack of a licence.",
        "What settled it was your smile.",
        "The strike is the reason why we write to you so late.",
        "A scan of your Dutch diploma is what the office wants.",
        "Your Dutch diploma is what we need next.",
        "Your lace convinced us that the lamp is too weak.",
        "We have no doubt that the parcel will come.",
        "Our lace would fit right in there.",
        "We have chosen somebody else, whose background is just what the school needs.",
        "This is not the kind of weather we want at the pier.",
    ],
)
def test_praise_forms_and_refusals_are_none(sentence: str) -> None:
    """Without a skill, as a question, or taken back."""
    assert not says_so(letter(sentence), EMPLOYER, "employer_to_candidate")


def test_a_candidate_tells_of_trust_and_passes_no_verdict() -> None:
    """To be asked to train others is a result; 'my Dutch is all you need' is what the weights have to judge."""
    told = letter("By autumn I was asked to train the other crews.")
    offered = letter("I can hear a loose rivet from the quay. That is what I'd bring to the yard.")
    assert says_so(offered, CANDIDATE, "candidate_to_employer")
    assert says_so(told, CANDIDATE, "candidate_to_employer")
    assert not says_so(letter("Your flying is all I need."), CANDIDATE, "candidate_to_employer")
    assert not says_so(told, EMPLOYER, "employer_to_candidate")


def test_a_dream_claims_nothing() -> None:
    """Though it has years and a skill in it, as what was done has."""
    model = fit_model("candidate_to_employer")
    dreamt = letter("Flying has always been my dream since I was four, and yours is the best school for it.")
    done = letter("Flying has been my work since I was twenty, and I taught it at the best school.")
    assert model.score(dreamt, CANDIDATE, 9.0) < 0 < model.score(done, CANDIDATE, 9.0)


def test_odd_texts_do_no_harm() -> None:
    """Nothing is found where nothing is said."""
    for body in ("", "???", "is all " * 20_000):
        assert not says_so(Text(body), EMPLOYER, "employer_to_candidate")
