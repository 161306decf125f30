"""`subject`: a subject that serves the reader."""

from __future__ import annotations

import pytest

from followup_rules.check import Context
from quality.helping import excerpts, faults

GOOD = [
    "Thank you for Tuesday's interview",
    "Thank you",
    "Thank you!",
    "Re: Interview on Friday",
    "Re: update",
    "Your question about shifts",
    "Site Engineer: next steps",
    "Follow-up: Site Engineer",
    "Update on your application",
    "Trial shift",
    "Offer of employment",
    "Documents for your file",
    "HR query: shift plan",
    "CV",
    "NHS trust: thank you",
    "Wow! Thank you",
    "Question about the start date",
    "Status of my application as fitter",
    "Rescheduling Monday",
    "Feedback on my interview?",
]
VAGUE = [
    "Hi",
    "Hello!",
    "Question",
    "Quick question",
    "Follow up",
    "Following up",
    "Just checking in",
    "Update",
    "Status",
]
VAGUE += ["Any update?", "A quick update", "Important", "Urgent message", "Info", "Hey there"]
MISSING = ["", "   ", "(no subject)", "No Subject", "Re:", "Fwd: Re: ", "???", "[no subject]"]


@pytest.mark.parametrize("subject", GOOD)
def test_a_good_subject_passes(subject: str) -> None:
    assert faults("subject", "x", subject) == []


@pytest.mark.parametrize("subject", VAGUE)
def test_a_vague_subject_is_a_fault_on_all_of_it(subject: str) -> None:
    found = faults("subject", "x", subject, Context(follow_up="thank_you", role="Fitter"))
    assert [(one.part, one.start, one.end) for one in found] == [("subject", 0, len(subject))]
    assert "Thank you: Fitter" in found[0].hint


@pytest.mark.parametrize("subject", MISSING)
def test_a_missing_subject(subject: str) -> None:
    found = faults("subject", "x", subject)
    assert ["missing" in one.message for one in found] == [True]
    assert found[0].part == "subject"


def test_only_a_chain_of_replies() -> None:
    subject = "Re: RE: AW: Interview on Friday"
    found = faults("subject", "x", subject)
    assert excerpts(found, "x", subject) == ["Re: RE: AW:"]
    assert found[0].fix == "Re:"


def test_capital_letters() -> None:
    subject = "Re: DECISION NEEDED NOW"
    assert excerpts(faults("subject", "x", subject), "x", subject) == [" DECISION NEEDED NOW"]
    assert faults("subject", "x", "ABCDEFGHIJ") == []


def test_several_marks_at_the_end() -> None:
    subject = "Thank you for everything!!!"
    found = faults("subject", "x", subject)
    assert excerpts(found, "x", subject) == ["!!!"]
    assert found[0].fix == "!"
    assert faults("subject", "x", "Any word on Friday?!")[0].fix == "?"
    assert faults("subject", "x", "Any word on Friday??") == []


def test_too_long() -> None:
    subject = "Thank you " + "x" * 80
    found = faults("subject", "x", subject)
    assert [(one.start, one.end) for one in found] == [(78, 90)]
    assert faults("subject", "x", subject, at_most=90) == []
    assert len(faults("subject", "x", "Interview on Friday", at_most=10)) == 1


def test_the_hint_of_an_employer_names_the_post() -> None:
    context = Context(direction="employer_to_candidate", role="Fitter")
    assert "Fitter" in faults("subject", "x", "Hello", context)[0].hint


@pytest.mark.parametrize(
    "subject", ["\n", "🙂", "x" * 100_000, "Re: " * 20_000, "!" * 100_000, "شكرا على المقابلة", "İİİ İİİ"]
)
def test_odd_input_is_no_error(subject: str) -> None:
    for one in faults("subject", "", subject):
        assert 0 <= one.start <= one.end <= len(subject)
