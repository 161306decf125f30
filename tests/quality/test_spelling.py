"""The check `spelling`: what it finds, what it leaves alone, and where it points."""

from __future__ import annotations

import pytest

from followup_rules.check import Context
from quality.helping import excerpts, faults
from quality.helping_proofread import ALONE, letter

MISSPELT = [
    ("We met on Wendesday.", "Wendesday", "Wednesday"),
    ("I am free in Febuary.", "Febuary", "February"),
    ("We have recieved your papers.", "recieved", "received"),
    ("The workshop can accomodate six people.", "accomodate", "accommodate"),
    ("I definately want the post.", "definately", "definitely"),
    ("I have alot of questions.", "alot", "a lot"),
    ("Please send it seperately.", "seperately", "separately"),
    ("I was responsable for the till.", "responsable", "responsible"),
    ("The recruitement took a month.", "recruitement", "recruitment"),
    ("I beleive it helped.", "beleive", "believe"),
    ("Thank you for the oportunity.", "oportunity", "opportunity"),
    ("I am very greatful for it.", "greatful", "grateful"),
    ("My collegues liked it.", "collegues", "colleagues"),
    ("It was a succesful trial.", "succesful", "successful"),
    ("We will let you know tommorow.", "tommorow", "tomorrow"),
    ("Let me know untill Friday.", "untill", "until"),
    ("I dont have a car.", "dont", "don't"),
    ("You didnt say which day.", "didnt", "didn't"),
    ("Youll see the forms below.", "Youll", "You'll"),
    ("I have thier number.", "thier", "their"),
    ("It was realy good.", "realy", "really"),
    ("I need a confirmaton by noon.", "confirmaton", "confirmation"),
    ("The presentaton went well.", "presentaton", "presentation"),
    ("I learnt about your comunity work.", "comunity", "community"),
    ("The envirnoment there is calm.", "envirnoment", "environment"),
    ("Every candiddate gets a reply.", "candiddate", "candidate"),
    ("The questionaire is attached.", "questionaire", "questionnaire"),
    ("Im happy to wait.", "Im", "I'm"),
]
DOUBLED = [
    ("I saw the the loom.", "the the"),
    ("We hope to to hear soon.", "to to"),
    ("The shop is is near.", "is is"),
    ("You can can call me.", ""),
    ("It was in in the yard.", "in in"),
    ("I am I am sure.", "I am I am"),
    ("We spoke of the\nthe plan.", "the\nthe"),
]
RIGHT = [
    "Thank you for preponing the visit.",
    "There is a small slip on your page, it says Febuary.",
    "We have an Ive in the choir, and I wrote to IM Consulting.",
    "My grandad grew leeks.",
    "Thank you thank you for the cake.",
    "I sold pickled chillies and one chilli sauce.",
    "The colour of the theatre programme was grey, and the catalogue was labelled.",
    "The color of the theater program was gray, and the catalog was labeled.",
    "I organised the centre's enrolment and analysed its behaviour.",
    "The mason repointed the lintel and re-laid the flags.",
    "He said that that would do, and she had had enough.",
    "It was very, very cold; really really cold.",
    "What it is is a good idea.",
    "I met Mr Recieve, who lives in Beleive Street.",
    "We went to Duran Duran on the Friday.",
    "We use Kubernetes, Grafana and webhooks, and I triage tickets.",
    "The learnings of the approvers and requestors were shared.",
    "Write to accomodation@example.com or see https://example.com/recieve/teh first.",
    'The sign still said "Free accomodation", which made us laugh.',
    "The leaflet says Tuseday [sic] in bold.",
    "Run `git comit` first.",
    "Schöne Grüße, señor; slán agus beannacht, и до встречи.",
    "The crèche, the café and the façade are new.",
    "I can start on Monday.",
    "An arvo shift and a smoko suit me.",
    "I earned 18 lakh and led the crore project.",
    "They came in in May and moved on on Friday.",
    "The person I spoke to to arrange it was kind.",
    "I would rather, rather gladly, wait.",
    "Please see the pdf, the docx and the png.",
    "The titre and the haematology report came.",
    "The commis and the sous chef plate up the mise en place.",
]


@pytest.mark.parametrize(("text", "wrong", "right"), MISSPELT, ids=[case[1] for case in MISSPELT])
def test_misspelt_words_are_found_and_mended(text: str, wrong: str, right: str) -> None:
    body = letter(text)
    found = faults("spelling", body)
    assert excerpts(found, body) == [wrong]
    assert found[0].fix == right
    assert right in found[0].hint and right in found[0].message


@pytest.mark.parametrize(("text", "twice"), DOUBLED, ids=[case[1] or case[0] for case in DOUBLED])
def test_words_that_stand_twice_are_found(text: str, twice: str) -> None:
    body = letter(text)
    found = faults("spelling", body)
    assert excerpts(found, body) == ([twice] if twice else [])
    assert all(body.replace(twice, str(one.fix)).count(str(one.fix)) >= 1 for one in found)


@pytest.mark.parametrize("text", RIGHT)
@pytest.mark.parametrize("alone", ALONE)
def test_what_is_right_is_left_alone(text: str, alone: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if alone:
        monkeypatch.setattr("followup_rules.quality.proofread.passes.engine", lambda: None)
    assert faults("spelling", letter(text)) == []


def test_a_doubled_word_is_mended_by_one() -> None:
    body = letter("I saw the the loom.")
    found = faults("spelling", body)[0]
    assert body[: found.start] + str(found.fix) + body[found.end :] == letter("I saw the loom.")


def test_the_subject_is_read_as_well() -> None:
    found = faults("spelling", letter("All is well."), "Your recieved papers")
    assert [(one.part, one.start, one.end) for one in found] == [("subject", 5, 13)]


def test_salutation_and_closing_are_not_read() -> None:
    assert faults("spelling", "Dear Mr Recieve,\n\nAll is well.\n\nKind regards,\nTeh Definately") == []
    assert faults("spelling", "Dear teh,\n\nAll is well.\n\nBest wishes,\nAlot Adress") == []


def test_a_name_of_the_application_is_right() -> None:
    body = letter("I like the alot tool and the envirnoment board.")
    assert excerpts(faults("spelling", body), body) == ["alot", "envirnoment"]
    known = Context(company="Alot", notes=("the Envirnoment board",))
    assert faults("spelling", body, context=known) == []


def test_a_word_that_is_a_name_elsewhere_in_the_message_is_right() -> None:
    assert faults("spelling", letter("We use it here; the envirnoment app is good.")) != []
    assert faults("spelling", letter("We use Envirnoment here; the envirnoment app is good.")) == []


def test_ignored_words_are_right() -> None:
    body = letter("I recieved the the list.")
    assert excerpts(faults("spelling", body, ignore=["Recieved"]), body) == ["the the"]
    assert faults("spelling", body, ignore=["recieved", "the"]) == []


@pytest.mark.parametrize("ignore", [[""], [3], "word", ["  "]])
def test_odd_options_are_refused(ignore: object) -> None:
    with pytest.raises(ValueError):
        faults("spelling", "Text.", ignore=ignore)


def test_the_message_says_why_it_matters() -> None:
    found = faults("spelling", letter("We recieved it."))[0]
    assert found.message == "'recieved' is a misspelling of 'received'; a reader takes it for a lack of care"
    assert found.hint == "write 'received'"


def test_with_harper_more_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("harper")
    body = letter("The pensil was on the tabel and the gardin was curtin.")
    more = excerpts(faults("spelling", body), body)
    monkeypatch.setattr("followup_rules.quality.proofread.passes.engine", lambda: None)
    assert {"curtin"} <= set(more)
    assert faults("spelling", body) == []


def test_what_is_lacking_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from followup_rules.quality.checks.spelling import Spelling

    monkeypatch.setattr("followup_rules.quality.proofread.judging.is_installed", lambda: False)
    assert Spelling().lacks(Context()) == "the extra followup-rules[proofread], which finds more"
    monkeypatch.setattr("followup_rules.quality.proofread.judging.is_installed", lambda: True)
    assert Spelling().lacks(Context()) == ""
