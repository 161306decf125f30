"""The check `key_points`: claims of fit, and what is only interest, praise or logistics."""

from __future__ import annotations

import pytest

from followup_rules.check import Context
from followup_rules.quality.catalogue import Catalogue
from quality.helping import faults

NAME = "key_points"
CANDIDATE = Context(direction="candidate_to_employer", skills=("rostering", "Sage"))
EMPLOYER = Context(direction="employer_to_candidate")


def message(sentence: str) -> str:
    """A whole message around one sentence."""
    return f"Dear Ms Oduya,\n\n{sentence}\n\nKind regards,\nBo Lindgren"


CLAIMS = [
    "I spent four years on the reception desk of a busy dental surgery, so upset people hold no fear for me.",
    "In my current post I look after a caseload of forty families.",
    "Having run a similar migration at Brightwell, I could take that off your hands.",
    "I'm fluent in Portuguese and could take the Lisbon accounts from the first week.",
    "Since 2017 I have been responsible for payroll at a factory of 300.",
    "At Kelso & Sons we cut scrap by a third within a year, and I led that work.",
    "You will find that I hold a full forklift licence and a first-aid certificate.",
    "I believe my ten years in claims would be of use to your team.",
    "I've done this kind of stock check every month for Hartley's.",
    "The team I supervised in Lagos never missed a delivery.",
    "I know Sage and Xero inside out, so I would need no training there.",
    "Sales in my region grew 14% last year.",
    "While at Ferrol I wrote the test plan that caught the leak before launch.",
    "I would bring eight seasons of ski instruction and a licence to drive the minibus.",
    "My thesis dealt with exactly that sort of clay, and I still have the samples.",
    "I have good knowledge of GDPR and wrote our privacy notices.",
    "With a degree in food science and two placements in dairies, I feel at home in a plant such as yours.",
    "I already manage a rota of twelve and deal with agency cover every weekend.",
    "I used to be a lifeguard, so pool safety is second nature to me.",
    "I speak Arabic and French, and half of my patients at St Ann's needed one or the other.",
    "Five years as a barrister's clerk taught me to keep six diaries at once.",
    "I'm a qualified electrician (NVQ 3), and I rewired two listed buildings last year.",
    "Our ward went from nine falls a month to three after I brought in the red socks.",
    "I am having 6 years experience in Java and Spring Boot.",
    "I have worked as a fitter for Siemens since I left school.",
    "I was the one who set up the online shop at Penrose Books.",
    "I handled some 60 calls a day at the utility, so your switchboard would suit me.",
]

NO_CLAIMS = [
    "I have been reading about your company for weeks and I admire everything you stand for.",
    "I would love to learn from such an experienced team and give it my all.",
    "I am a hard worker and I will do my best every single day.",
    "I have attached my CV, my certificates and two references.",
    "I travelled three hours to get there and it was worth every minute.",
    "I told my wife about the office and she said that she had never seen me so happy.",
    "I have wanted to be a nurse since I was six.",
    "I am available from the first of June and can come in at any time.",
    "I've been waiting for two weeks and have called the office three times.",
    "I would be grateful if you could give me some feedback on my interview.",
    "I really enjoyed meeting the team and seeing the workshop.",
    "I am very interested in the role and keen to join such a dynamic company.",
    "I applied for the post on 3 May and was interviewed on the 12th.",
    "I left with a great deal to think about.",
    "I can send you my portfolio or come in for a second interview.",
    "I have had some time to reflect and I am even more excited.",
    "I understand that you have many applicants and that it takes time.",
    "I hope to hear from you soon.",
    "I've used your app for five years and I love it.",
    "I was impressed by the way your team handles complaints.",
    "I believe I would be very happy at Marlow's.",
    "My interest in the position has only grown since we met.",
    "My application was sent on 4 March.",
    "I was sorry to learn that I was not selected.",
    "I read your annual report on the train home and found it fascinating.",
    "I would like to know whether my lack of experience in sales was the reason.",
    "I have no experience with Kafka yet but I am willing to learn.",
    "I have followed your work since I was at school.",
    "I could not stop thinking about the view from the roof.",
    "I promise that I will work hard and never be late.",
    "I've been thinking about what you said about the merger.",
    "I wanted to follow up on our conversation of last Tuesday.",
    "I will keep my fingers crossed.",
    "I live ten minutes from the shop and could walk to work.",
    "I'm sure I could grow with your company and develop my career.",
    "I turned down another offer because I want this one.",
    "I did my best to answer every question.",
    "It would be an honour to work for a firm with fifty years of history.",
    "I have three children and need a decision soon.",
    "I had prepared for two days and was very nervous.",
]

TIES = [
    "You've certainly got the ear for this work.",
    "You ran a kitchen of fourteen in Leeds, and that is what we have been missing since Carla left.",
    "Your experience with listed buildings would be a great help on the town hall job.",
    "With your Welsh you could take the Bangor clinics straight away.",
    "The panel felt that your years in dispatch are just the thing for our night desk.",
    "We chose you because you have already taken two schools through an inspection.",
    "Nobody here has ever set up a warehouse from scratch, and you have done it twice.",
    "We are about to change to the same system that you rolled out in Cork.",
    "Your record with late payers speaks for itself, and our ledger badly needs that touch.",
    "You have the patience that this job asks for.",
    "Your forecasting would fill a gap in our Leeds team.",
    "It was your account of the flood that convinced us: we work on a river too and need people who stay calm.",
    "We'd love you to bring that booking system to our depot.",
    "Someone who can read a P&L and calm a queue is rare, and we could put you to work on both.",
    "You would hit the ground running with our Zendesk set-up, given your time at Loopline.",
    "Your two winters on the night ferry are of great value to us, since our own boat sails at three.",
    "With your record in late payments you'd be a real asset to the ledger team.",
    "What tipped the balance was your four years of beekeeping: our hives need somebody who stays calm.",
    "You have taught adults to read, and that is the kind of patience we lack.",
    "The reason for our choice is simple: you built such a press in Enugu.",
    "Your Hausa would help us on the northern route.",
    "You know Primavera, and nobody on our team has ever used it.",
    "Your training in first aid meets all our requirements for the pool.",
    "You repaired looms for six years, so we would like you to lead the workshop.",
    "Your eye for misprints would save us a reprint every spring.",
    "You have already moved one archive, and we face the same task in June.",
]

NO_TIES = [
    "We were very impressed with your presentation and enjoyed your story about the goat.",
    "Thank you for sharing your experience of the merger; it was fascinating.",
    "Your knowledge of tax law is remarkable.",
    "We need your bank details and a copy of your passport.",
    "If you need anything else, please let us know.",
    "Your portfolio is still being reviewed by our team.",
    "You told us how you rebuilt the pump in a gale, and we have talked of nothing else.",
    "We will be in touch as soon as we have made a decision.",
    "Unfortunately we have decided to go with a candidate whose background is closer to what we need.",
    "Please bring the documents that we need for the contract.",
    "You have been shortlisted, and we would like to invite you to a second interview at our office.",
    "We would like you to meet our director on the 4th.",
    "We are looking for someone to start in May; would that suit you?",
    "The director laughed at your line about the printers.",
    "Would you like us to send you the report that you asked for?",
    "We need to know by Friday whether you can come.",
    "You can use the car park behind our building.",
    "The role requires a medical check, which you can book with our nurse.",
    "I am sorry that we kept you waiting; our team has been short of time.",
    "Your sketch is on the wall of the canteen.",
    "We liked your presentation, and the colleagues send their regards.",
    "Thank you for describing the flood in your last depot.",
    "Everyone enjoyed your story about the parrot and the auditor.",
    "Your application is complete and your file is with the board.",
    "You spoke very well about the school run, and we had a good laugh.",
    "We shall ring your referees this week.",
    "Thank you for the drawing that you left on our whiteboard.",
]


@pytest.mark.parametrize("sentence", CLAIMS)
def test_a_candidate_claims_fit(sentence: str) -> None:
    assert faults(NAME, message(sentence), context=CANDIDATE) == []


@pytest.mark.parametrize("sentence", NO_CLAIMS)
def test_interest_and_logistics_are_no_claim(sentence: str) -> None:
    assert len(faults(NAME, message(sentence), context=CANDIDATE)) == 1


@pytest.mark.parametrize("sentence", TIES)
def test_an_employer_ties_work_to_the_job(sentence: str) -> None:
    assert faults(NAME, message(sentence), context=EMPLOYER) == []


@pytest.mark.parametrize("sentence", NO_TIES)
def test_praise_and_requests_tie_nothing(sentence: str) -> None:
    assert len(faults(NAME, message(sentence), context=EMPLOYER)) == 1


def test_the_fault_stands_before_the_last_sentence() -> None:
    body = message("Thank you for the interview. I am very keen. Please let me know what you decide.")
    (fault,) = faults(NAME, body, context=CANDIDATE)
    assert fault.start == fault.end == body.index("Please let me know")
    assert "interest" in fault.message
    assert "rostering" in fault.hint
    (fault,) = faults(NAME, body, context=EMPLOYER)
    assert "praise" in fault.message


def test_a_list_without_subjects_claims() -> None:
    body = message("Three things I would bring:\n\n- Cut returns by a fifth at Penrose\n- Two languages")
    assert faults(NAME, body, context=CANDIDATE) == []


def test_a_skill_makes_a_wide_verb_concrete() -> None:
    body = message("I have worked with Sage.")
    assert faults(NAME, body, context=CANDIDATE) == []
    assert faults(NAME, message("I have worked with joy."), context=CANDIDATE)


def test_somebody_else_is_tied_to_nothing() -> None:
    body = message("We have chosen another candidate whose experience is exactly what our ward needs.")
    assert faults(NAME, body, context=EMPLOYER)


def test_without_direction_both_readings_count() -> None:
    assert faults(NAME, message(CLAIMS[0])) == []
    assert faults(NAME, message(TIES[0])) == []
    assert faults(NAME, message("Thank you for the interview. I am very keen to join."))


def test_what_is_lacking() -> None:
    check = Catalogue()[NAME]()
    assert check.lacks(Context()) == "who writes to whom and the candidate's skills"
    assert check.lacks(Context(direction="candidate_to_employer")) == "the candidate's skills"
    assert check.lacks(EMPLOYER) == "the candidate's skills"
    assert check.lacks(CANDIDATE) == ""


def test_how_sure_it_must_be_can_be_set() -> None:
    claim = message("I ran the night desk.")
    assert faults(NAME, claim, context=CANDIDATE) == []
    assert faults(NAME, claim, context=CANDIDATE, certainty=0.9999)
    interest = message("I really enjoyed meeting the team and seeing the workshop.")
    assert faults(NAME, interest, context=CANDIDATE)
    assert faults(NAME, interest, context=CANDIDATE, certainty=0.0001) == []


@pytest.mark.parametrize("certainty", [0.0, 1.0, -1.0, 2.0])
def test_certainty_lies_between_0_and_1(certainty: float) -> None:
    with pytest.raises(ValueError, match="certainty"):
        faults(NAME, message("Hello."), certainty=certainty)


ODD = [
    "", "   \n\n", "!!! ???", "🙂🙂🙂", "a" * 100_000, "مرحبا بكم", "I", "I used to", "I managed to",
    "we", "my", "having",
    "I was the one who", "used to " * 9000, "and built " * 9000, "I used to managed to " * 4000, "two years " * 9000,
    "your need " * 9000, "I " * 20_000,
]  # fmt: skip


@pytest.mark.parametrize("body", ODD)
def test_odd_input(body: str) -> None:
    for context in (Context(), CANDIDATE, EMPLOYER):
        for fault in faults(NAME, body, context=context):
            assert 0 <= fault.start <= fault.end <= len(body)
