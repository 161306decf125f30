"""`personal_greeting`: who is greeted, in every way that a name is written."""

from __future__ import annotations

import pytest

from followup_rules.check import Context, Fault
from quality.helping import faults

NAME = "personal_greeting"


def greet(recipient: str | None, opening: str, **known: object) -> list[Fault]:
    return faults(NAME, f"{opening}\n\nThank you for today.", context=Context(recipient=recipient)._replace(**known))


PERSONAL = [
    ("Inga Torres", "Respected Er. Torres,"),
    ("Inga Torres", "Dear Ms Torres,"),
    ("Inga Torres", "hi inga,"),
    ("Inga Torres", "INGA!"),
    ("Inga Torres", "Hello again, Inga!"),
    ("Inga Torres", "My dear Inga,"),
    ("Inga Torres", "Dear Torres Inga,"),
    ("Inga Torres", "Dear I. Torres,"),
    ("Inga Torres", "Good morning Ms. Torres"),
    ("Inga Torres", "Dear Tom, Inga and Bo,"),
    ("Inga Torres", "Dear Mr Hall and Ms Torres,"),
    ("Inga Torres", "Dear Inga and team,"),
    ("Inga Torres", "Dear Principal Torres,"),
    ("Inga Torres", "Respected Inga Ma'am,"),
    ("Inga Torres", "**Dear Inga,**"),
    ("Inga Torres", "Roofs Ltd\n3 Low Road\n\nDear Ms Torres,"),
    ("Inga Torres", "Inga, thank you for the tour."),
    ("Inga Torres", "Thanks, Inga, for the tour."),
    ("Inga Torres", "Thanks Inga! A good tour."),
    ("Inga Torres", "Good morning,\n\nInga, that was a good tour."),
    ("Robert Hay", "Hi Bob,"),
    ("Robert Hay", "Dear Robbie,"),
    ("Desmond Hay", "Yo Dez,"),
    ("Philippa Hay", "Dear Pip,"),
    ("Sarah-Jane Hay", "Hi SJ,"),
    ("Dr. Noura Al-Sabah", "Dear Dr. Noura,"),
    ("Dr. Noura Al-Sabah", "Dear Dr Alsabah,"),
    ("Jörg Häberle", "Lieber Joerg,"),
    ("Søren Bråten", "Dear Soren,"),
    ("Annelies van den Berg", "Dear Ms Van den Berg,"),
    ("Nora O'Dowd", "Dear Ms ODowd,"),
    ("Luz Ortega Prieto", "Dear Ms Ortega,"),
    ("Ada Bell-Moreau", "Dear Ms Moreau,"),
    ("Trần Thu Hà", "Dear Ms Ha,"),
    ("Lady Brackley", "Dear Lady Brackley,"),
    ("Dean Bishop", "Dear Dean,"),
    ("Sunday Okon", "Dear Sunday,"),
    ("Torres, Inga", "Dear Inga,"),
    ("Inga Torres, Head of People", "Dear Ms Torres,"),
    ("Inga Torres and Bo Lind", "Dear Bo,"),
    ("王小明", "王先生："),
    # titles and greetings of other languages, listed or not, before a first name
    ("Wulan Pratiwi", "Dear Bu Wulan,"),
    ("Wulan Pratiwi", "Yth. Ibu Wulan,"),
    ("Wulan Pratiwi", "Dear Ksatria Wulan,"),
    ("Heike Brunner", "Dear Frau Doktor Brunner,"),
    ("Renzo Galli", "Egr. Ing. Galli,"),
    ("Orhan Kurt", "Dear Orhan Bey,"),
    ("Kenji Mori", "Mori san,"),
    ("Rudo Chirwa", "Dear VaChirwa,"),
    ("Wim de Boer", "Geachte heer De Boer,"),
    ("Jacek Wrona", "Szanowny Panie Jacku,"),
    ("Irina Belova", "Dear Irina Pavlovna,"),
    ("Vũ Thị Mai", "Dear Chị Mai,"),
    ("Justice Owusu", "Dear Justice,"),
    ("de la Vega, Luz", "Dear Luz,"),
]
IMPERSONAL = [
    ("Inga Torres", "Hi there,"),
    ("Inga Torres", "Hello,"),
    ("Inga Torres", "Good morning!"),
    ("Inga Torres", "Dear Hiring Team,"),
    ("Inga Torres", "Dear Sir or Madam,"),
    ("Inga Torres", "Dear Sir/Madam,"),
    ("Inga Torres", "To whom it may concern:"),
    ("Inga Torres", "Dear Candidate,"),
    ("Inga Torres", "Dear Professor,"),
    ("Inga Torres", "Hey lovely,"),
    ("Inga Torres", "Hi all,"),
    ("Inga Torres", "Ladies and Gentlemen,"),
    ("Inga Torres", "Dear [Name],"),
    ("Inga Torres", "Dear {{first_name}},"),
    ("Inga Torres", "Dear %NAME%,"),
    ("Inga Torres", "Dear ,"),
    ("Inga Torres", "Dear Tom,"),
    ("Inga Torres", "Dear Ms Hall,"),
    ("Inga Torres", "Dear Inga Hall,"),
    ("Inga Torres", "Dear Ms Tores,"),
    ("Inga Torres", "Dear Inge,"),
    ("Inga Torres", "Dear Ms Torres-Hall,"),
    ("Inga Torres", "Dear Torres Roofing,"),
    ("Inga Torres", "Dear Torres team,"),
    ("Inga Torres", "Dear Inga's team,"),
    ("Inga Torres", "Dear Torres & Daughters,"),
    ("Inga Torres", "I told Inga, who sat beside you, that"),
    ("Inga Torres", "That was a good tour."),
    ("Mei-Hua Sung", "Dear Mei-Ling,"),
    ("Daniela Hay", "Dear Daniel,"),
    ("Christina Hay", "Dear Christian,"),
    ("Elena Hay", "Dear Elen,"),
    ("Wulan Pratiwi", "Dear Bu,"),
    ("Wulan Pratiwi", "Dear Bu Sari,"),
    ("Heike Brunner", "Dear Frau Doktor,"),
    ("Kenji Mori", "Dear Morita-san,"),
    ("Orhan Kurt", "Dear Osman Bey,"),
    ("Inga Torres", "Dear Helga Torres,"),
    ("Inga Torres", "Dear Panel at Torres,"),
    ("Zhou Min", "Dear Ms Zhong,"),
    ("Paul Friend", "Dear friend,"),
]


@pytest.mark.parametrize(("recipient", "opening"), PERSONAL)
def test_names_the_recipient(recipient: str, opening: str) -> None:
    assert not greet(recipient, opening)


@pytest.mark.parametrize(("recipient", "opening"), IMPERSONAL)
def test_does_not_name_the_recipient(recipient: str, opening: str) -> None:
    assert len(greet(recipient, opening)) == 1


def test_the_message_says_what_is_wrong() -> None:
    known = {"sender": "Tom Hay", "other_names": ("Priya Nair",), "people": ("Margaret Oak",), "company": "Roofs Ltd"}
    for opening, words in (
        ("Dear Priya,", "another application"),
        ("Dear Margaret,", "somebody else's name"),
        ("Dear Tom,", "sender's own name"),
        ("Dear Roofs Ltd,", "the company"),
        ("Dear Ms Tores,", "misspelling of 'Torres'"),
        ("Dear Ms Winter,", "not the recipient's name"),
        ("Dear [Name],", "slot"),
        ("Hi there,", "names nobody"),
    ):
        (one,) = greet("Inga Torres", opening, **known)
        assert words in one.message
        assert one.hint == "write 'Dear Inga Torres,'"


def test_the_hint_uses_the_title() -> None:
    assert greet("Dr. Noura Al-Sabah", "Hello,")[0].hint == "write 'Dear Dr Al-Sabah,'"
    assert greet("Sister Mary Quill", "Hello,")[0].hint == "write 'Dear Sister Mary,'"
    assert greet("Ms Annelies van den Berg", "Hello,")[0].hint == "write 'Dear Ms van den Berg,'"


def test_spans() -> None:
    (one,) = greet("Inga Torres", "Hi there,")
    assert (one.start, one.end) == (0, 9)
    (one,) = greet("Inga Torres", "That was a good tour.")
    assert one.start == one.end == 0


def test_a_name_that_somebody_else_has_is_no_short_form() -> None:
    assert not greet("Priyanka Joshi", "Hi Priya,")
    assert greet("Priyanka Joshi", "Hi Priya,", other_names=("Priya Nair",))


@pytest.mark.parametrize(
    "opening", ["Dear Ms Torres,", "Hi inga,", "Tom, thanks for the tour.", "Yo Gaz,", "Dear Prof. Kim,"]
)
def test_without_a_recipient_every_name_will_do(opening: str) -> None:
    assert not greet(None, opening)
    assert not greet("Recruitment Team", opening)


@pytest.mark.parametrize(
    "opening",
    ["Hi there,", "Hello,", "Dear Hiring Manager,", "Dear Sir,", "Dear [Name],", "Thanks for the tour.", "Dear XX,"],
)
def test_without_a_recipient_somebody_must_be_named(opening: str) -> None:
    assert greet(None, opening)


def test_a_first_name_before_the_name_is_no_title() -> None:
    assert not greet("Inga Torres", "Dear Ksatria Inga,")
    assert greet("Inga Torres", "Dear Margaret Inga,")
    assert greet("Inga Torres", "Dear Ksatria Inga,", other_names=("Ksatria Nel",))


def test_options() -> None:
    here = Context(recipient="Inga Torres")
    assert faults(NAME, "Dear Hiring Team,\n\nThanks.", context=here)
    assert not faults(NAME, "Dear hiring team:\n\nThanks.", context=here, accept=["Dear Hiring Team"])
    here = Context(recipient="Robert Hay")
    assert not faults(NAME, "Hi Bob,\n\nThanks.", context=here)
    assert faults(NAME, "Hi Bob,\n\nThanks.", context=here, nicknames=False)


def test_what_is_lacking() -> None:
    from followup_rules.quality.catalogue import Catalogue

    check = Catalogue()[NAME]()
    assert "recipient" in check.lacks(Context())
    assert "recipient" in check.lacks(Context(recipient="Recruitment Team"))
    assert not check.lacks(Context(recipient="Inga Torres"))


@pytest.mark.parametrize("body", ["", " ", "\n\n", "🙂", "مرحبا", "Dear " * 5000, "a" * 100_000, "," * 1000])
@pytest.mark.parametrize("recipient", [None, "", "🙂", "Dr", "de la", "Inga Torres"])
def test_odd_texts(body: str, recipient: str | None) -> None:
    for one in faults(NAME, body, context=Context(recipient=recipient)):
        assert 0 <= one.start <= one.end <= len(body)
