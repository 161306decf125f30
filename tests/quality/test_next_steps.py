"""The check `key_points` with `about: next_steps`: what happens next, and by when."""

from __future__ import annotations

import pytest

from followup_rules.check import Context
from followup_rules.quality.catalogue import Catalogue
from quality.helping import excerpts, faults

NAME = "key_points"
EMPLOYER = Context(direction="employer_to_candidate")


def message(sentences: str) -> str:
    """A whole update around some sentences."""
    return f"Dear Ms Oduya,\n\nThank you for your patience. {sentences}\n\nKind regards,\nBo Lindgren"


TOLD = [
    "Would Thursday at two suit you?",
    "The apprenticeship can begin on the first Monday of September.",
    "The board meets on Thursday, and I will ring you the same evening.",
    "You will hear from us by 14 March.",
    "We expect to decide within two weeks.",
    "The second interview is planned for the first week of June.",
    "I'll write again next Wednesday, whether or not there is news.",
    "Our director is back on the 9th; she makes the final decision then.",
    "We would like to invite you to a trial shift on Saturday at six.",
    "The next step is a short test. The link reaches you tomorrow.",
    "Please send us your certificate by Friday so that we can draw up the contract.",
    "Expect a call from Dr Amin before the end of the month.",
    "The position is on hold until April, when the council votes on the budget.",
    "Your contract goes out on Monday.",
    "References are being taken up this week, and we hope to make you an offer straight after that.",
    "A decision should reach you in about ten days.",
    "Can you come in on Tuesday or Wednesday for a second conversation?",
    "The panel reconvenes on 3/11 and the result will be posted the same day.",
    "We aim to let everybody know no later than noon on the 30th.",
    "Two more candidates are coming in this week. After that we'll need three working days.",
    "We shall be in touch on or before 2025-05-02.",
    "The works council has the file and must answer within 7 days.",
    "Give us until Easter, please, and then you'll have a yes or a no.",
]

CLOSED = [
    "We are closing the search without an appointment.",
    "Another applicant had more experience, and the post went to her. We will keep your details on file.",
    "The budget was cut, so the role no longer exists.",
    "I regret to inform you that you have not been shortlisted.",
    "I am sorry to tell you that we have chosen another candidate.",
    "The post has been filled.",
    "Unfortunately, your application was not successful on this occasion.",
    "We have decided not to fill the position after all.",
    "It's a no this time, I'm afraid.",
    "We won't be taking your application any further.",
    "On this occasion we will not be offering you the role.",
    "The job went to someone who lives on the island.",
    "After long thought we have gone with an internal candidate.",
    "Your application has been rejected.",
    "The vacancy has been withdrawn.",
]

NO_DATE = [
    "The board still has to meet, and I will ring you afterwards.",
    "The next step is a second interview with our director.",
    "We'll invite three people to a trial shift.",
    "You will receive a contract from our payroll office.",
    "We are still talking to other candidates and will then make a decision.",
    "Our director will want to meet you too.",
    "The final round consists of a presentation, and we plan to have you there.",
    "A decision will be made once the references are in.",
    "Your message of Tuesday was passed to the board.",
    "Thank you for coming in on Thursday. Your references are next, and then we'll make an offer.",
    "Following our talk of 3 June, we would like to invite you to a second round.",
    "You asked on Monday where things stand. We'll put your name before the board.",
]

PUT_OFF = [
    "We will be in touch soon.",
    "You will hear from us in due course.",
    "I'll let you know as soon as I can.",
    "We hope to come back to you shortly.",
    "You will be informed as soon as possible.",
    "A decision will be made in the near future.",
    "We shall contact you when the time comes.",
    "Someone will get back to you at some point.",
    "I hope to have news before too long.",
]

NOTHING = [
    "It was a pleasure to meet you.",
    "Your application is with us.",
    "We received many applications, and the standard was high.",
    "Your application remains under review.",
    "The team enjoyed your visit very much.",
    "There is no news at the moment.",
    "On Monday we talked about your boat, and my son wants one now.",
    "We met eleven people last week.",
    "We interviewed you on 4 May, and I have not forgotten it.",
]


@pytest.mark.parametrize("sentences", TOLD + CLOSED)
def test_a_step_with_its_date_or_an_end_is_enough(sentences: str) -> None:
    assert faults(NAME, message(sentences), context=EMPLOYER, about="next_steps") == []


@pytest.mark.parametrize("sentences", NO_DATE)
def test_a_step_without_a_date(sentences: str) -> None:
    (fault,) = faults(NAME, message(sentences), context=EMPLOYER, about="next_steps")
    assert "not by when" in fault.message
    assert "name a day" in fault.hint


@pytest.mark.parametrize("sentences", PUT_OFF)
def test_a_promise_without_a_date(sentences: str) -> None:
    body = message(sentences)
    found = faults(NAME, body, context=EMPLOYER, about="next_steps")
    assert excerpts(found, body) == [sentences]
    assert "without a date" in found[0].message


@pytest.mark.parametrize("sentences", NOTHING)
def test_neither_step_nor_date(sentences: str) -> None:
    body = message(sentences)
    (fault,) = faults(NAME, body, context=EMPLOYER, about="next_steps")
    assert "does not say what happens next" in fault.message
    assert fault.start == fault.end == body.index(sentences) + len(sentences)


def test_a_date_two_sentences_away_belongs_to_something_else() -> None:
    body = message("We will call you. The office is being painted. The colour is the one that you liked on Monday.")
    assert faults(NAME, body, context=EMPLOYER, about="next_steps")


def test_fit_is_another_matter() -> None:
    update = message("You will hear from us by 14 March.")
    assert faults(NAME, update, context=EMPLOYER)
    claim = message("Your years on a returns desk are just what our depot needs.")
    assert faults(NAME, claim, context=EMPLOYER) == []
    assert faults(NAME, claim, context=EMPLOYER, about="next_steps")


def test_it_needs_no_context() -> None:
    kind = Catalogue()[NAME]
    assert kind(kind.Options(about="next_steps")).lacks(Context()) == ""
    assert faults(NAME, message("You will hear from us by 14 March."), about="next_steps") == []


@pytest.mark.parametrize(
    "body", ["", "   \n", "!!!", "🙂", "a" * 100_000, "مرحبا", "will " * 9000, "next week " * 9000]
)
def test_odd_input(body: str) -> None:
    for fault in faults(NAME, body, context=EMPLOYER, about="next_steps"):
        assert 0 <= fault.start <= fault.end <= len(body)
