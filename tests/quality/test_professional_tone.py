"""`professional_tone`: what jars, with its kind and place, and what only looks as if it did."""

from __future__ import annotations

from itertools import pairwise

import pytest

from followup_rules.check import Context
from followup_rules.quality.phrases import read_entries, read_source
from followup_rules.quality.text import Text
from followup_rules.quality.tone.reading import TONE, TRIPLES, tone_model
from followup_rules.quality.tone.wording import (
    BEGIN,
    END,
    pair_signs,
    sentence_signs,
    spread_signs,
    tone_word,
    triple_signs,
)
from quality.helping import excerpts, faults
from quality.tone_examples import RIGHT, WRONG


def _letter(text: str) -> str:
    return f"Dear Ms Obi,\n\n{text}\n\nRegards,\nAnn Lee"


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_tone(text: str) -> None:
    assert faults("professional_tone", _letter(text))


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_tone(text: str) -> None:
    assert not faults("professional_tone", _letter(text))


@pytest.mark.parametrize(
    ("text", "excerpt", "says"),
    [
        ("I am gonna call on Monday.", "gonna", "slang"),
        ("This is a crap chair.", "crap", "swearing"),
        ("You have been warned, and you will regret it.", "you will regret it", "threat"),
        ("Serious employers reply within a day.", "Serious employers reply", "pressure"),
        ("After everything we did for you, I expected a call.", "After everything we did", "guilty"),
        ("I am begging you for a chance.", "I am begging", "begs"),
        ("Thanks for nothing, then.", "Thanks for nothing", "sarcastic"),
        ("The whole process is a complete farce.", "process is a complete farce", "insults"),
        ("You'll hear when you hear.", "You'll hear when you hear", "talks down"),
        ("The third finalist is a total nightmare.", "finalist is a total nightmare", "gossip"),
        ("You are my hero.", "You are my hero", "gushes"),
        ("Thanks for the day 😀", "😀", "emoji"),
        ("Thanks for the day :-)", ":-)", "emoji"),
        ("I want to hear it NOW, AGAIN AND AGAIN.", "NOW, AGAIN AND AGAIN", "capitals"),
        ("What a day!!!", "!!!", "too loud"),
    ],
)
def test_kind_and_place(text: str, excerpt: str, says: str) -> None:
    body = _letter(text)
    found = faults("professional_tone", body)
    assert excerpt in excerpts(found, body)
    assert says in found[excerpts(found, body).index(excerpt)].message
    assert all(fault.hint for fault in found)


def test_a_word_to_write_instead() -> None:
    assert faults("professional_tone", _letter("I am gonna call."))[0].hint == "write 'going to'"


def test_one_weak_sign_is_not_enough_and_several_are() -> None:
    assert not faults("professional_tone", _letter("Frankly, the lift was slow."))
    text = "Frankly, I must say it is already Friday and I still have no answer."
    assert excerpts(faults("professional_tone", _letter(text)), _letter(text)) == [text[:-1]]


def test_every_sentence_is_weighed_as_in_training() -> None:
    """The fast sums of the model are the sums of the weights of the named signs."""
    learned = read_entries(read_source("tone_weights"))
    weights = {sign: float(note) for tag, sign, note in learned if tag in (TONE, TRIPLES)}
    text = Text(_letter("You promised me an answer, and I am still waiting for it. Why did nobody write?"))
    for sentence in text.core:
        words = [tone_word(word) for word in text.lowers[sentence.first : sentence.last]]
        row = [BEGIN, *words, END]
        signs = [sign for word in words for sign in word.alone] + sentence_signs(text.body, sentence, ())
        signs += [sign for pair in pairwise(row) for sign in pair_signs(*pair)]
        signs += [sign for pair in zip(words, words[2:], strict=False) for sign in spread_signs(*pair)]
        signs += triple_signs(text.lowers[sentence.first : sentence.last])
        named = sum(weights.get(sign, 0.0) for sign in signs)
        assert tone_model().score(text.body, text.lowers, sentence, ()) == pytest.approx(named)


def test_three_clear_phrases_decide_in_plain_sentences() -> None:
    """Each alone may be harmless in its sentence."""
    text = (
        "The letter reached you on Monday, and people who want to work here normally sign it the same day. If it is "
        "not on my table by five, the offer is gone, and on the next morning I would think hard before taking a call "
        "from you about anything at all."
    )
    found = excerpts(faults("professional_tone", _letter(text)), _letter(text))
    assert len(found) == 3
    assert not faults("professional_tone", _letter("People who join us normally sign the book of the guild."))


def test_the_subject_is_read_too() -> None:
    body = _letter("Is there any news?")
    found = faults("professional_tone", body, "gonna hire me, lol?")
    assert excerpts(found, body, "gonna hire me, lol?") == ["gonna", "lol"]
    assert {fault.part for fault in found} == {"subject"}


def test_exclamation_marks() -> None:
    body = _letter("Good news! The roof holds! The cat is back! The bees too!")
    assert faults("professional_tone", body)
    assert not faults("professional_tone", body, exclamation_marks=4)
    assert not faults("professional_tone", _letter("Good news! The roof holds!"))
    assert faults("professional_tone", _letter("Good news! The roof holds!"), exclamation_marks=0)


def test_evidence_and_allowed_words() -> None:
    body = _letter("The dude from the lab was kind.")
    assert faults("professional_tone", body)
    assert not faults("professional_tone", body, allow=["Dude"])
    assert not faults("professional_tone", body, evidence=15)


def test_words_of_the_interview_are_no_slang() -> None:
    body = _letter("I kept thinking about yolo and its boxes.")
    assert faults("professional_tone", body)
    assert not faults("professional_tone", body, context=Context(notes=("We spoke about YOLO, the object detector",)))


def test_quoted_words_belong_to_others() -> None:
    assert not faults("professional_tone", _letter('A guest wrote "lol, gonna come again", and we framed it.'))
    assert not faults("professional_tone", _letter("The pupils call it ‘totally sick, no cap’ in class."))


@pytest.mark.parametrize("word", ["FIRST_NAME", "[PLEASE NAME]", "{NOW}", "NHS", "CISSP and SQL", "NASA"])
def test_slots_and_abbreviations_do_not_shout(word: str) -> None:
    assert not faults("professional_tone", _letter(f"We spoke about {word} on Monday."))


@pytest.mark.parametrize("word", ["f*ck", "sh*t", "b***h", "#@%&!"])
def test_masked_swearing(word: str) -> None:
    assert faults("professional_tone", _letter(f"What a {word} day."))


@pytest.mark.parametrize(
    "text",
    ["Section 4 (x) and list (8)", "see http://a.example/b", "a*b and c*d", "x<3 y", "10:30 :", "I write F# and C#"],
)
def test_signs_that_are_no_emoticons(text: str) -> None:
    assert not faults("professional_tone", _letter(text))


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "???",
        "!" * 50_000,
        "\u202eمرحبا بكم",
        "🔥" * 999,
        "a" * 100_000,
        "you " * 9_999,
        "'a " * 9_999,
        "*" * 9_999,
    ],
)
def test_odd_input(body: str) -> None:
    for fault in faults("professional_tone", body, body[:99]):
        assert 0 <= fault.start <= fault.end <= len(body)


@pytest.mark.parametrize(
    "text",
    [
        "Then I shall have to go over your head.",
        "I cannot be expected to keep the seat warm for ever.",
        "How lucky our regulars are that somebody has told them at last.",
        "You said that you would write, and you did not, and I find that discourteous of a guild with such a name.",
        "You bound the atlas neatly, considering the sort of workshop you came from, and the glue held.",
        "You are the only hope standing between us and the cold, and the goats are hungry as well this winter.",
        "The last candidate who wanted a week to think it over is still looking for a berth somewhere up the coast.",
        "I must have your answer today, for the barge leaves on the evening tide and the crew is counting heads.",
        "It would be a pity if your silence settled it for both of us.",
        "Please make up your mind.",
        "I will take this straight to your directors.",
        "You know full well what I could do with your rivals.",
        "You cannot afford to lose me.",
        "I shall be starting at your competitor on Monday.",
        "All this waiting has made me ill.",
        "I have no wish to be treated like a beggar.",
        "What a delight it was to be left in the corridor.",
        "Congratulations, you managed to lose both of my references.",
        "It seems that a week has a rather elastic meaning at your place.",
        "I am only a mere applicant, after all.",
        "For someone so inexperienced you ask surprisingly clever questions.",
        "With such a record the post is rightfully mine.",
        "You need me much more than I need you.",
        "It was the pinnacle of my whole existence.",
        "I am mega up for it, let's rock and roll.",
    ],
)
def test_slips_in_further_words(text: str) -> None:
    assert faults("professional_tone", _letter(text))


@pytest.mark.parametrize(
    "text",
    [
        "The path goes over the head of the valley and down to the mill.",
        "I said that I would not pester you, so this is my one reminder.",
        "Considering the sort of clay you work with, the kiln runs cool.",
        "I would never have guessed how quiet the weir is at night.",
        "The tour went a little fast for a man on crutches, and I enjoyed it all.",
        "In ten years you will see the first cones on those trees.",
        "The visa is a formality, and we take care of it.",
        "They talk to each other about how the nets are mended.",
        "You will have your answer today, as promised.",
        "I find that rude guests soften when somebody listens.",
        "Given the part of the country you come from, our winters will feel mild.",
        "In ten years you will look back and smile at this first frost.",
        "The only thing standing between me and the sea was a hedge.",
        "The new fence between my children and the street is green.",
        "There was time to study the empty chairs of the old chapel.",
        "People who want to work here sign the fire rules first.",
        "How lucky our pupils are that somebody has finally mended the kiln.",
        "Three minutes is a long time to hold your breath under the hull.",
        "A call or a carrier pigeon will do.",
        "I hope with all my heart that the lighthouse is saved.",
        "You told us that you can't stand long letters.",
        "Please ask whatever you like before you make up your mind.",
        "Once you've made up your mind, would you let me know?",
        "I took the samples straight to your laboratory.",
        "We cannot afford to lose a single seal of that pump.",
        "I start at the ferry company in May if nothing else comes up.",
        "The new filter has made the night shift much quieter.",
        "My aunt still tells everybody how your driver carried her bags.",
        "Congratulations, you managed to finish the bridge before the frost.",
        "A knot has a different meaning at sea.",
        "I hope that it is no bother to send the form again.",
        "The clever question at the end was the highlight of the visit.",
    ],
)
def test_emphasis_that_is_fine(text: str) -> None:
    assert not faults("professional_tone", _letter(text))
