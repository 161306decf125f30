"""`other_names`: names of other applications, whole and in part, and words that only look like them."""

from __future__ import annotations

import time

import pytest

from followup_rules.check import Context
from quality.helping import excerpts, faults

NAME = "other_names"
HERE = Context(recipient="Lena Vogel", sender="Tom Ashby", company="Brightwater Foods", role="Buyer")


def told(name: str, sentence: str, context: Context = HERE, subject: str = "") -> list[str]:
    body = f"Dear Ms Vogel,\n\nThank you for today. {sentence} It was a good hour.\n\nKind regards,\nTom Ashby"
    return excerpts(faults(NAME, body, subject, context._replace(other_names=(name,))), body, subject)


# A name of another application, a sentence, and what gives it away.
LEAKS = [
    ("FairWind", "I would love to join Fair Wind.", "Fair Wind"),
    ("Ida Mueller", "Müller came first.", "Müller"),
    ("Holly Gant", "Holly from Eastport came first.", "Holly"),
    ("Annika Sorel", "As I told Annika, I am free.", "Annika"),
    ("Annika Sorel", "Annika's drawing was neater.", "Annika's"),
    ("Annika Sorel", "We saw ANNIKA SOREL before you.", "ANNIKA SOREL"),
    ("Annika Sorel", "We saw Sorel, Annika before you.", "Sorel, Annika"),
    ("Annika Sorel", "Ms. Sorel came first.", "Sorel"),
    ("Annika Sorel", "A. Sorel came first.", "Sorel"),
    ("Annika Sorel", "annika sorel came first.", "annika sorel"),
    ("Dr Rehák", "As agreed with Dr Rehak, we wait.", "Rehak"),
    ("Jörg Häberle", "I told Joerg Haeberle so.", "Joerg Haeberle"),
    ("Annelies van den Berg", "Ms Van Den Berg came first.", "Van Den Berg"),
    ("Hamad bin Rashid", "Mr bin Rashid came first.", "bin Rashid"),
    ("Noura Al-Sabah", "Dr Al Sabah came first.", "Al Sabah"),
    ("Li-Hua Sung", "We liked Li-Hua more.", "Li-Hua"),
    ("Cillian O'Dowd", "Mr O’Dowd came first.", "O’Dowd"),
    ("Luz Ortega Prieto", "Ms Ortega came first.", "Ortega"),
    ("Sister Mary Quill", "Sister Mary liked it.", "Mary"),
    ("Chef Benoit", "Chef Benoit liked it.", "Benoit"),
    ("Mark Wood", "I told Mark that I am free.", "Mark"),
    ("Mark Wood", "Mark said that it was fine.", "Mark"),
    ("Grace Lin", "Grace and I talked about it.", "Grace"),
    ("Will Penn", "Will has accepted already.", "Will"),
    ("Bill Crane", "Bill's folder was thicker.", "Bill's"),
    ("May Tran", "I asked May to wait.", "May"),
    ("May Tran", "May told us so.", "May"),
    ("Austin Reyes", "I spoke with Austin on Monday.", "Austin"),
    ("Voltrix Motors", "I hope to join Voltrix soon.", "Voltrix"),
    ("Voltrix Motors GmbH", "I hope to join Voltrix Motors soon.", "Voltrix Motors"),
    ("Voltrix Motors", "My ex-Voltrix friends agree.", "Voltrix"),
    ("Target", "I would love to work at Target.", "Target"),
    ("Target", "I am a Target applicant as well.", "Target"),
    ("Peel & Co.", "I look forward to working with Peel & Co.", "Peel & Co"),
    ("Grain & Share", "I also wrote to Grain and Share.", "Grain and Share"),
    ("St Bede's Infants", "My term at St Bede's was long.", "St Bede's"),
    ("王小明", "我们也见了王小明先生。", "王小明"),
    # a word that needs an article is a name where it opens a sentence and acts
    ("Bill Crane", "Bill sent his folder early.", "Bill"),
    ("Rose Hill", "Rose finished first.", "Rose"),
    ("Penny Lark", "Penny was quicker.", "Penny"),
    ("Hope Baker", "Hope and her colleague came.", "Hope"),
    ("Faith Moon", "Faith has accepted.", "Faith"),
    ("June Castor", "June has already signed.", "June"),
    ("Joy Akin", "Joy brought her own tools.", "Joy"),
    ("Dara Wirth", "As Bu Dara said, it is late.", "Dara"),
    ("Nil Kaya", "I told Nil Hanım so.", "Nil"),
    ("Luis Prado", "Señor Prado came.", "Prado"),
    ("Odile Roux", "I told Frau Doktor Roux so.", "Roux"),
    ("Emma Stone", "Ms Stone came first.", "Stone"),
    ("Aoife O'Shea", "The O'Shea file is here.", "O'Shea"),
    ("Kestrel Aviation", "I hope to join Kestrel in July.", "Kestrel"),
    ("Kestrel Aviation", "I could see myself at Kestrel.", "Kestrel"),
    ("Pine Ridge School", "I left Pine Ridge last week.", "Pine Ridge"),
    ("Monzo Bank", "Monzo offered more.", "Monzo"),
    ("3M", "I wrote to 3M too.", "3M"),
    ("Иван Петров", "I told Иван about it.", "Иван"),
]
CLEAN = [
    ("Cardrona Peaks Patrol", "Patrol is my trade, and the patrol roster is due."),
    ("Annika Sorel", "My sister Annika laughed."),
    ("Annika Sorel", "Annika Dahl showed me the loft, and Annika made tea."),
    ("Annika Kelvin", "Kelvin's scale begins there."),
    ("Agro Tarma", "I mapped fields around Tarma."),
    ("Quay Deli", "I sold fish at Quay for three years."),
    ("Tom Jenkins", "Our Jenkins server broke."),
    ("Henderson Aquatics", "I looked after eighty pools in Henderson, salt and chlorine."),
    ("Greencastle Smokehouse", "I was on the boats out of Greencastle. The trawlers at Greencastle and the market."),
    ("Fresno Irrigation", "Thank you for a talk with our Fresno branch."),
    ("Northland Pathology", "Most came from rural Northland."),
    ("Solebox Lagos", "It would be 7 a.m. Lagos time."),
    ("Mark Jones", "I had prepared for Smith v Jones [2021] EWCA Civ 88, and for Jones v. Kaye."),
    ("Mark Wood", "You may mark it, and the wood is dry. Mark my words."),
    ("Grace Lin", "There was a grace period. Grace is rare. Grace Kelly was in it."),
    ("Will Penn", "I will come. Will you? At will."),
    ("Bill Crane", "The bill for the crane came. Bill payments are due."),
    ("May Tran", "May I come in May, by May 6, or last May?"),
    ("June Castor", "June is full. In June 2024 and early June we met."),
    ("Friday Eze", "On Friday we met. Friday's talk was fine."),
    ("Target", "The target, our Target and other targets were met. Target dates slip."),
    ("Gap", "There is a gap."),
    ("Summer Hayes", "In Summer we travel. Summer plans are set."),
    ("Austin Reyes", "I lived in Austin. Austin, Texas, is hot."),
    ("Orange Line", "We sit in Orange. Orange juice is free."),
    ("Board & Bell", "The Board met. A board is flat."),
    ("Thorne Bakery", "Ms Thorne was there."),
    ("Corrigan Wealth", "Mr Corrie talks of wealth."),
    ("Sam Whitty", "Sam Okoye was there."),
    ("Peter Barasa", "John Barasa was there."),
    ("Grant Oleson", "The grant came. Mr Grant was there."),
    ("Frank Ormsby", "A frank talk. Frank answers help."),
    ("Rose Hill", "A rose on the hill. I live in Rose Hill Road."),
    ("Victoria Park", "We walked in Victoria Park."),
    ("Hope Baker", "Hope all is well. I hope the baker is."),
    ("Page Turner", "See Page 3 and page 4."),
    ("Vale Chemists", "Down in the vale lived two chemists."),
    ("Noor Abdel", "Mr Abdelnour was there."),
    ("Canal Trust", "Trust me, the canal is deep."),
    ("Glacier Analytics", "Glacier melt is fast. The glacier too."),
    ("Bean There", "Have you been there? There it is."),
    ("Rose Hill", "Rose bushes and rose water. Sales rose."),
    ("Joy Akin", "Joy is rare. Joy matters."),
    ("June Castor", "June passed quickly. June was wet."),
    ("Monday Eze", "I wrote on Monday and I wait."),
    ("Art Levi", "Art moves people. Art gave me peace."),
    ("Mwanza Assay", "At Mwanza we dug. In Mwanza it rained. Back from Mwanza I rested."),
    ("Baltic Mobility", "The Baltic coast and the Baltic states."),
    ("Indeed", "Indeed, I saw it."),
    ("Christian Wells", "We run Christian schools, Christian homes."),
    ("Georgia Lamb", "We drove through Georgia. Lamb stew was served."),
]


@pytest.mark.parametrize(("name", "sentence", "excerpt"), LEAKS)
def test_finds_the_name(name: str, sentence: str, excerpt: str) -> None:
    assert told(name, sentence) == [excerpt]


@pytest.mark.parametrize(("name", "sentence"), CLEAN)
def test_leaves_other_words(name: str, sentence: str) -> None:
    assert told(name, sentence) == []


@pytest.mark.parametrize(
    ("change", "name", "sentence"),
    [
        ({"recipient": "Sam Okoye"}, "Sam Whitty", "I told Sam so."),
        ({"recipient": "Wesley Trinh"}, "Wes Harmon", "I told Wes so."),
        ({"recipient": "Olu Adey-Weber"}, "Anton Weber", "Mr Weber said so."),
        ({"people": ("Arvind Rao",)}, "Arvind Fashions", "Arvind says so."),
        ({"notes": ("Arvind (stores) sat in",)}, "Arvind Fashions", "Arvind says so."),
        ({"company": "Northgate Rail"}, "Northgate Capital", "I saw it at Northgate."),
        ({"role": "Summer Analyst"}, "Summer Hayes", "We told Summer people."),
        ({"skills": ("Swift",)}, "Swift Buses", "I write Swift at home."),
    ],
)
def test_a_name_of_this_application_is_no_leak(change: dict[str, object], name: str, sentence: str) -> None:
    assert told(name, sentence, HERE._replace(**change)) == []


def test_the_whole_name_is_a_leak_although_a_part_is_shared() -> None:
    here = HERE._replace(recipient="Sam Okoye", company="Northgate Rail")
    assert told("Sam Whitty", "We saw Sam Whitty.", here) == ["Sam Whitty"]
    assert told("Sam Whitty", "We saw Mr Whitty.", here) == ["Whitty"]
    assert told("Northgate Capital", "I hope to join Northgate Capital.", here) == ["Northgate Capital"]


def test_salutation_and_signature() -> None:
    here = HERE._replace(other_names=("Grace Lin",))
    body = "Dear Grace,\n\nThank you.\n\nBest,\nTom"
    (one,) = faults(NAME, body, context=here)
    assert body[one.start : one.end] == "Grace"
    assert "somebody else" in one.message
    assert "Lena Vogel" in one.hint
    body = "Dear Ms Vogel,\n\nThank you.\n\nBest,\nGrace"
    assert excerpts(faults(NAME, body, context=here), body) == ["Grace"]


@pytest.mark.parametrize(
    ("name", "subject", "found"),
    [
        ("Annika Sorel", "Update on Annika", ["Annika"]),
        ("Voltrix Motors", "My talk at Voltrix", ["Voltrix"]),
        ("Mark Wood", "Mark Wood: next steps", ["Mark Wood"]),
        ("Summer Hayes", "Summer Internship Follow-Up", []),
        ("Target", "Target Operating Model Lead", []),
        ("May Tran", "Can you start in May?", []),
        ("Bill Crane", "Crane Operator Talk", []),
    ],
)
def test_subjects(name: str, subject: str, found: list[str]) -> None:
    assert told(name, "Nothing here.", subject=subject) == found


def test_the_message_says_whose_name_it_is_and_the_hint_fits_the_direction() -> None:
    body = "Dear Ms Vogel,\n\nWe also saw Annika."
    (one,) = faults(NAME, body, context=HERE._replace(direction="employer_to_candidate", other_names=("Annika Sorel",)))
    assert one.message.startswith("'Annika' (Annika Sorel) belongs to another application")
    assert "another candidate" in one.hint
    body = "Dear Ms Vogel,\n\nI hope to join Voltrix."
    (one,) = faults(NAME, body, context=HERE._replace(other_names=("Voltrix",)))
    assert "Brightwater Foods" in one.hint


def test_options() -> None:
    body = "Dear Ms Vogel,\n\nI worked at Voltrix with Annika, that is Annika Sorel."
    here = HERE._replace(other_names=("Voltrix Motors", "Annika Sorel"))
    assert excerpts(faults(NAME, body, context=here), body) == ["Voltrix", "Annika", "Annika Sorel"]
    assert excerpts(faults(NAME, body, context=here, parts=False), body) == ["Annika Sorel"]
    assert excerpts(faults(NAME, body, context=here, allow=["Annika Sorel"]), body) == ["Voltrix"]


def test_without_the_names_it_says_what_is_lacking() -> None:
    from followup_rules.quality.catalogue import Catalogue

    check = Catalogue()[NAME]()
    assert "other applications" in check.lacks(Context())
    assert not check.lacks(Context(other_names=()))
    assert not faults(NAME, "Dear Ms Vogel,\n\nAnnika said so.")


@pytest.mark.parametrize("body", ["", " ", "🙂", "مرحبا", "Mark " * 5000, "Mark-" * 5000, "a" * 100_000])
@pytest.mark.parametrize("names", [("",), ("&", "-", "'s"), ("Mark Wood", "محمد علي"), ("de la", "Dr", "Ms"), ("🙂",)])
def test_odd_texts(body: str, names: tuple[str, ...]) -> None:
    for one in faults(NAME, body, body[:80], Context(other_names=names)):
        assert 0 <= one.start <= one.end


def test_a_name_said_thousands_of_times_takes_no_time() -> None:
    """Whom a text has introduced is looked for in its first words only."""
    body = "Dear Ms Vogel,\n\n" + "Annika went. " * 4000
    begun = time.process_time()
    assert faults(NAME, body, context=HERE._replace(other_names=("Annika Sorel",)))
    assert time.process_time() - begun < 10
