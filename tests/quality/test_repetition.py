"""What `repetition` takes for said before, and what it leaves alone."""

from __future__ import annotations

import random
import time

import pytest

from followup_rules.check import Context
from followup_rules.quality.catalogue import Catalogue
from followup_rules.quality.numbers import number
from followup_rules.quality.stems import stem
from quality.helping import excerpts, faults

LETTER = """Dear Ms Reyes,

Thank you for seeing me on Monday.

{}

I have enclosed my licence.

{}

Shall I come on the 9th?

Kind regards,
Tom Vale"""

# The earlier passage and the later one, which says the same in other words.
REWORDED = [
    (
        "I led the night-shift team at Brunswick Foods for three years and cut waste by a fifth.",
        "For three years I was in charge of the crew that works nights at Brunswick Foods, and in that time waste went "
        "down by twenty per cent.",
    ),
    (
        "Your story about the flooded archive in Cork stayed with me all evening.",
        "I kept thinking the whole night about the archive in Cork that was under water.",
    ),
    (
        "I built the ticketing system that now handles 40,000 requests a month.",
        "The ticket platform I developed deals with forty thousand enquiries every month.",
    ),
    (
        "Unfortunately the head of finance is on leave until the 14th, so we cannot confirm a date yet.",
        "Since our finance head will be on holiday up to the 14th, it is not yet possible for us to fix the day.",
    ),
    (
        "Could you send me the contract template before Friday so that my lawyer can read it?",
        "My solicitor would like to look at the contract template, so please let me have it by Friday.",
    ),
    (
        "I handled complaints from tenants in four tower blocks and settled nine out of ten without a hearing.",
        "Tenants' grievances in four high-rise buildings were my responsibility, and ninety per cent of them were "
        "resolved with no hearing at all.",
    ),
    (
        "We were very impressed by the way you calmed the angry parent in the role play.",
        "How you soothed the furious mother during the role play left a strong impression on everybody here.",
    ),
    (
        "I speak Portuguese and Spanish fluently and used both every day in Porto.",
        "Fluent in Spanish and Portuguese, I worked with the two languages daily while in Porto.",
    ),
    (
        "The new warehouse in Daventry will open in March with 60 staff.",
        "In March sixty people will start work in the Daventry warehouse, which is brand new.",
    ),
    (
        "I'd love to bring my knowledge of drip irrigation to your vineyard.",
        "It would be a joy to put what I know about drip irrigation to use among your vines.",
    ),
    (
        "You said that the hardest part of the job is keeping volunteers after the first summer.",
        "As you pointed out, retaining volunteers once their first summer is over is the toughest bit of this role.",
    ),
    (
        "Please bring your passport and two proofs of address to the second interview.",
        "For the second interview you will need to have your passport with you, as well as two documents that prove "
        "where you live.",
    ),
    (
        "I raised the share of women in the apprenticeship scheme from 8 to 31 per cent.",
        "Under me, female apprentices went from eight percent of the scheme to thirty-one.",
    ),
    (
        "Our budget for this post was frozen last Thursday by the regional council.",
        "Last Thursday the council of the region put a freeze on the money for this vacancy.",
    ),
    (
        "I rewrote the safety manual for the Tema refinery, and accidents fell by half in one year.",
        "After I revised the Tema refinery's safety handbook, the number of accidents halved within twelve months.",
    ),
    (
        "The panel liked that you admitted what you did not know about tidal turbines.",
        "What pleased the panel was your honesty about the gaps in your knowledge of tidal turbines.",
    ),
    (
        "I can start on the first of October because my current contract ends in September.",
        "As my present contract runs out in September, an October 1 start is possible for me.",
    ),
    (
        "I enjoyed hearing how your team moved forty schools onto one timetable in a single term.",
        "It was a pleasure to learn how you got forty schools to share one timetable within one term.",
    ),
    (
        "I do not want to put pressure on you, but another firm has made me an offer that expires on Monday.",
        "Another company's offer to me runs out on Monday; please don't take this as pressure.",
    ),
    (
        "The orchard lost half its crop to frost, and I organised the replanting of 900 trees.",
        "When frost destroyed fifty percent of the harvest, I arranged for 900 trees to be planted again in the "
        "orchard.",
    ),
    (
        "I was moved by what you said about the last lighthouse keeper on Skerryvore.",
        "Your words on Skerryvore's last lighthouse keeper touched me.",
    ),
    (
        "As a scrum master I helped three teams at Nordbank ship every two weeks.",
        "At Nordbank, three teams delivered each fortnight with me as their scrum master.",
    ),
    (
        "I taught myself Rust during the lockdown and published two crates that are widely used.",
        "During lockdown I learned Rust on my own and brought out two crates which many people use today.",
    ),
    (
        "You will have noticed that I left my last job after four months; the company closed its Leeds office.",
        "My previous employment lasted just four months, since the Leeds office was shut by the firm.",
    ),
    (
        "In my previous role I was responsible for a budget of two million euros and a staff of fifteen.",
        "I looked after fifteen employees and a €2 million budget in the job I had before.",
    ),
    (
        "You will receive a contract from our legal department within ten days.",
        "Our lawyers are going to send the contract to you in the next ten days.",
    ),
    (
        "At the Lidl depot I kept the cold chain intact during a two-day blackout.",
        "During a power cut of forty-eight hours I made sure that the cold chain at the Lidl depot was never broken.",
    ),
    (
        "Everyone on the panel felt that your lesson on fractions was outstanding.",
        "Your fractions lesson was considered excellent by the whole panel.",
    ),
]

# The same, found by one clause of a longer sentence.
CLAUSES = [
    (
        "My boat licence is valid until 2031, and I renew it in Kiel each time my uncle has his birthday.",
        "I sleep badly on land, so give me a cabin with a porthole; my licence for boats does not expire before 2031.",
        "my licence for boats does not expire before 2031.",
    ),
    (
        "The ferry to Barra leaves at six and is never late.",
        "Pack warm clothes, a thick book and something against seasickness from the chemist's, as the Barra ferry "
        "departs at six and is never late.",
        "as the Barra ferry departs at six and is never late.",
    ),
]

# Two passages of one message that share a subject, and say different things about it.
RELATED = [
    ("He has since moved it four.", "If the four percent settles it, say so."),
    (
        "At Hull I supervised twelve welders on the ferry contract.",
        "At Grimsby I trained nine fitters for the wind farm.",
    ),
    (
        "You asked how I would reduce late deliveries.",
        "I would reduce late deliveries by loading the vans in the order of the route.",
    ),
    (
        "The first interview will be with Dr Adeyemi and will take 45 minutes.",
        "The second interview will be with Ms Pohl and will take thirty minutes.",
    ),
    (
        "I noticed that your intake form asks for the address three times.",
        "I redesigned an intake form for the Red Cross and removed eleven questions.",
    ),
    ("Please let me know if you need my certificates.", "Please let me know when I can expect an answer."),
    (
        "We have decided to offer you the position of site manager.",
        "The position of site manager is based in Utrecht, with one day a week in Ghent.",
    ),
    (
        "Your grant application for the reading room will be decided in June.",
        "I wrote four grant applications for reading rooms, and three of them were funded.",
    ),
    ("I led the payments team for two years.", "I would like to lead the payments team in Lisbon."),
    ("- Tuesday 10:00, technical interview with Priya Nair", "- Tuesday 14:00, lunch with the platform team"),
    (
        "The salary is 48,000 euros a year, paid in twelve parts.",
        "The holiday allowance is 27 days a year, of which ten may be carried over.",
    ),
    (
        "You mentioned that the greenhouse loses heat at night.",
        "We lined our greenhouse with bubble foil, and our gas bill fell by a third at night.",
    ),
    (
        "I was sorry to learn that the project in Mombasa has been paused.",
        "If the Mombasa project starts again, I can be there within a week.",
    ),
    ("In my first year I took every call.", "In my second year our unit set up a shared log."),
    ("Has the committee met yet?", "I know the committee had hoped to meet before Easter, so I waited until now."),
    ("My references are attached.", "My former manager, who is one of my references, is away until the 9th."),
    (
        "I have worked with children who stammer for nine years.",
        "The parents of children who stammer often feel guilty, and I talk to them first.",
    ),
    (
        "Your second question was about conflict in the team.",
        "I have thought about your question on conflict and would answer it differently today.",
    ),
    (
        "I enjoyed our conversation about the museum's moth problem.",
        "The moth traps I wrote about in my thesis would suit a museum with few staff.",
    ),
    (
        "You told us that you can start on 1 May.",
        "We would like you to start on 15 May instead, because the lab opens then.",
    ),
    ("I have attached the form for your bank details.", "Please sign the form on page two and return it by Friday."),
    ("Our last candidate withdrew on Wednesday.", "We will see the last candidate on Wednesday."),
    ("I speak Polish at home and German at work.", "I teach Polish to German nurses in the evening."),
    ("We have not made a decision.", "We have made a decision about the budget for the training."),
    ("I planned 22 weddings last year.", "I planned eleven conferences the year before."),
    (
        "In Leeds I supervised eight nurses on a surgical ward.",
        "In Bradford I supervised fourteen nurses on a stroke ward.",
    ),
    (
        "The first round is a phone call with Kim from HR.",
        "The second round is a video call with our engineering manager.",
    ),
    ("The role pays £31,000 a year.", "After the first year the role pays £34,000."),
    ("We will pay your travel costs.", "Please send us your train tickets so that we can pay you back."),
    ("Please let me know if Tuesday suits you.", "If Tuesday does not suit you, Wednesday is possible as well."),
    ("My Spanish is good enough for the telephone.", "My Arabic is good enough for the market, but not for contracts."),
    ("Thank you very much for your time.", "Thank you again for your time and for the tour of the yard."),
    ("In winter we sell coal.", "In summer we sell ice cream from the same window."),
    ("We have found a tenant for the mill.", "We have not found a tenant for the bakery."),
    ("On the first floor there are nine beds.", "On the second floor there are eleven beds and a kitchen."),
    ("The slate sample took me two days.", "The oak sample took me a week, because the blade broke."),
    ("I will post the form tomorrow.", "The form has a page for the embassy, which I left empty."),
    ("At sea I cooked for thirty men with one stove.", "On land I cook for ninety, which is easier."),
]


@pytest.mark.parametrize(("earlier", "later"), REWORDED, ids=[later[:30] for _, later in REWORDED])
def test_reworded(earlier: str, later: str) -> None:
    """The later passage is pointed at, and the earlier one is quoted."""
    body = LETTER.format(earlier, later)
    found = faults("repetition", body)
    assert excerpts(found, body) == [later]
    assert found[0].message.startswith(f"this says again what the message has said: '{earlier[:20]}")


@pytest.mark.parametrize(("one", "other"), RELATED, ids=[other[:30] for _, other in RELATED])
def test_related(one: str, other: str) -> None:
    """The same subject is no repetition."""
    assert faults("repetition", LETTER.format(one, other)) == []
    assert faults("repetition", f"{one} {other}") == []


@pytest.mark.parametrize(("earlier", "later", "clause"), CLAUSES, ids=[clause[:30] for *_, clause in CLAUSES])
def test_a_clause(earlier: str, later: str, clause: str) -> None:
    """Only the part of a sentence that was said before is pointed at."""
    body = LETTER.format(earlier, later)
    assert excerpts(faults("repetition", body), body) == [clause]


@pytest.mark.parametrize(
    ("later", "much"),
    [
        ("I have been repairing brine pumps at Guérande for the last nine years.", "nearly all of it"),
        ("For nine years I mended pumps at Guérande, with a lathe that I had built from scrap.", "most of it"),
    ],
)
def test_how_much_is_the_same(later: str, much: str) -> None:
    """It is told in plain words."""
    body = LETTER.format("I have repaired brine pumps at Guérande for nine years.", later)
    assert f"; {much} is the same in other words, and" in faults("repetition", body)[0].message


def test_who_says_that_it_is_said_again_is_taken_at_his_word() -> None:
    """The bar is lower."""
    earlier, later = (
        "I teach the choir of the deaf school in Cork.",
        "the school for the deaf in Cork has me for its choir.",
    )
    bars = [
        next(bar for bar in range(20, 101) if not faults("repetition", LETTER.format(earlier, said), similarity=bar))
        for said in (later.capitalize(), f"As I said, {later}", f"Once again, {later}", f"To repeat: {later}")
    ]
    assert bars[0] < min(bars[1:])


def test_a_copied_paragraph_is_one_finding() -> None:
    """All of its sentences, and nothing around them."""
    paragraph = "At Corrib Glass I ran two furnaces. We never lost a night to cracked crucibles."
    body = LETTER.format(paragraph, paragraph)
    found = faults("repetition", body)
    assert [(one.start, one.end) for one in found] == [
        (body.rindex(paragraph), body.rindex(paragraph) + len(paragraph))
    ]
    assert found[0].message == (
        "this stands in the message already: 'At Corrib Glass I ran two furnaces.'; a reader takes that for a slip"
    )
    assert found[0].hint == "keep it in one place"


def test_a_copied_sentence_within_a_paragraph() -> None:
    """It is found between other sentences too, and when a word or two were changed."""
    copied = "In Manila I ran the ferry timetable for six islands and never cancelled a school run."
    body = LETTER.format(copied, f"The rest is in my file. {copied} My boat licence is valid.")
    assert excerpts(faults("repetition", body), body) == [copied]
    changed = copied.replace("never cancelled", "hardly ever cancelled")
    body = LETTER.format(copied, changed)
    assert excerpts(faults("repetition", body), body) == [changed]


@pytest.mark.parametrize(
    "twice", ["Thank you.", "Thanks again!", "All good?", "Please do.", "Thank you for your time.", "Yes, gladly."]
)
def test_courtesies_may_come_twice(twice: str) -> None:
    """What is said twice in every talk."""
    assert faults("repetition", LETTER.format(twice, twice)) == []


def test_the_sign_off_is_no_sentence() -> None:
    """Neither is the salutation."""
    assert (
        faults(
            "repetition", "Dear Ms Ann Reyes of the Harbour Office,\n\nHi.\n\nWith kind regards from Cork\nTom Vale\n"
        )
        == []
    )


def test_two_sentences_in_one() -> None:
    """What took two sentences may come back as one."""
    earlier = (
        "The samples that you promised us have not come. Without them the jury, which meets on Wednesday, sees nothing."
    )
    later = "As the jury assembles on Wednesday, and as we do not have the samples you promised, it will see nothing."
    body = LETTER.format(earlier, later)
    assert excerpts(faults("repetition", body), body) == [later]


SPREAD = [
    (
        "The governors have not released the money yet. They sit on the 19th, and nobody can be hired before that.",
        "Until the governors have met on the 19th and freed the funds, I am afraid no appointment is possible.",
    ),
    (
        "What I was told of the harvest in Ceres moved me. The pickers got tickets in place of wages for a season.",
        "It made me furious to hear that pickers in Ceres were given vouchers instead of their pay.",
    ),
    (
        "We were taken by how patiently you talk to skippers who mistrust rules. Nine of them in Brixham came round.",
        "Your calm with skippers who won't be told impressed us all; that nine in Brixham changed their minds says it.",
    ),
]


@pytest.mark.parametrize(("earlier", "later"), SPREAD, ids=[later[:30] for _, later in SPREAD])
def test_a_thought_in_two_sentences(earlier: str, later: str) -> None:
    """It is found where it comes back as one, a paragraph later."""
    body = LETTER.format(earlier, later)
    assert later in excerpts(faults("repetition", body), body)


THREAD = (
    "Dear Ms Reyes,\n\nThank you for the tour of the salt works on Tuesday. I have repaired brine pumps at Guérande "
    "for nine years and would keep yours running through the winter. I would be glad to show you my repair log.\n\n"
    "Kind regards,\nTom Vale"
)


def test_a_message_that_was_sent_before() -> None:
    """Copied by half: the copied part is pointed at."""
    copied = (
        "Thank you for the tour of the salt works on Tuesday. I have repaired brine pumps at Guérande for nine years "
        "and would keep yours running through the winter."
    )
    body = f"Dear Ms Reyes,\n\n{copied}\n\nIs there any news about the post?\n\nKind regards,\nTom Vale"
    found = faults("repetition", body, context=Context(thread=("Hi Ann,\n\nSee you.\n\nTom", THREAD)))
    assert excerpts(found, body) == [copied]
    assert found[0].message.startswith(
        "this stands in an earlier message: 'Thank you for the tour of the salt works on"
    )
    assert " 81% of the message repeats earlier ones, " in found[0].message
    assert faults("repetition", body, context=Context(thread=(THREAD,)), of_thread=90) == []
    assert faults("repetition", body, context=Context(thread=(THREAD,)), thread=False) == []
    assert faults("repetition", body) == []


def test_a_message_that_was_sent_before_in_other_words() -> None:
    """Nothing is copied, and nothing is new."""
    body = (
        "Dear Ms Reyes,\n\nI am still grateful that you walked me round the salt works on Tuesday. Having mended the "
        "brine pumps of Guérande for nine years, I could make sure that yours work all winter. If you like, I can let "
        "you see the log of my repairs.\n\nKind regards,\nTom Vale"
    )
    found = faults("repetition", body, context=Context(thread=(THREAD,)))
    assert found
    assert all("says again what stands in an earlier message: '" in one.message for one in found)


@pytest.mark.parametrize(
    "said",
    [
        "I wanted to ask whether there is any news about the post. Thank you for your patience with my questions.",
        "Thank you again for the tour on Tuesday. Since then I have passed the crane licence, so I can lift the pumps "
        "myself. When will you decide?",
        "Since Tuesday I have been thinking about the cracked outlet you showed me. A bronze sleeve would hold for ten "
        "winters, and I could turn one on my own lathe. Shall I bring it along?",
        "My repair log is attached, as I promised. Page four shows the outlet that is like yours. Please tell me if "
        "you would like to speak to the owner at Guérande.",
        "Has the post been filled?",
    ],
)
def test_a_second_message_with_something_new(said: str) -> None:
    """It may thank again, and speak of the same things."""
    body = f"Dear Ms Reyes,\n\n{said}\n\nKind regards,\nTom Vale"
    assert faults("repetition", body, context=Context(thread=(THREAD,))) == []


def test_quoted_mail_in_the_thread_is_not_the_senders() -> None:
    """What the other side wrote below it was not said before."""
    said = "We store the brine in eleven cedar vats that were built in 1904 by a shipwright."
    thread = f"Dear Ms Reyes,\n\nGladly.\n\nTom Vale\n\nOn Mon, 3 Mar 2025, Ann Reyes wrote:\n> {said}\n"
    assert faults("repetition", said, context=Context(thread=(thread,))) == []


def test_options() -> None:
    """Inside and thread can be switched off, and similarity moves the bar."""
    earlier, later = REWORDED[1]
    body = LETTER.format(earlier, later)
    assert faults("repetition", body, inside=False) == []
    assert faults("repetition", body, similarity=100) == []
    assert len(faults("repetition", LETTER.format(earlier, earlier), similarity=100)) == 1
    for wrong in ({"similarity": 5}, {"of_thread": 101}, {"inside": 1}, {"other": 1}):
        with pytest.raises(ValueError, match="1 validation error"):
            faults("repetition", body, **wrong)


def test_what_it_lacks() -> None:
    """Earlier messages are asked for unless nobody wants them compared."""
    kind = Catalogue()["repetition"]
    assert kind().lacks(Context()) == "the earlier messages of the sender"
    assert kind().lacks(Context(thread=("Hi",))) == ""
    assert kind(kind.Options.model_validate({"thread": False})).lacks(Context()) == ""


def test_names_of_those_concerned_tell_little() -> None:
    """The role and the company come back in every message."""
    one = "Thank you for the interview on Monday about the Senior Tidal Analyst role at Corrib Power."
    other = "I look forward to hearing about the Senior Tidal Analyst role at Corrib Power."
    context = Context(company="Corrib Power", role="Senior Tidal Analyst")
    assert faults("repetition", LETTER.format(one, other), context=context) == []


def _junk() -> dict[str, str]:
    pick = random.Random(4)
    words = ["plan", "organise", "budget", "money", "decide", "22", "twenty-two", "lead", "wedding", "client", "not"]
    sentences = [" ".join(pick.choices(words, k=10)).capitalize() + "." for _ in range(1400)]
    return {
        "empty": "",
        "symbols": "?!... --- *** ⁂",
        "right to left": "שלום עולם טוב מאוד היום. " * 300,
        "emoji": "😀🎉. " * 3000,
        "one word": "a" * 100_000,
        "hyphens": "a-" * 50_000,
        "digits": "1," * 50_000,
        "one sentence": " ".join(pick.choices(words, k=14_000)),
        "like sentences": " ".join(sentences),
        "letters": "".join(pick.choices("ab .,\n'\"-’1İ", k=100_000)),
    }


@pytest.mark.parametrize("name", _junk())
def test_junk_takes_no_time(name: str) -> None:
    """Whatever stands in a body, nothing is raised, places are in it, and it is done soon."""
    body = _junk()[name]
    begun = time.process_time()
    found = faults("repetition", body, context=Context(thread=(body, body[:1000], "")))
    assert time.process_time() - begun < 5
    assert all(0 <= one.start <= one.end <= len(body) for one in found)
    assert all(len(one.message) < 400 for one in found)


@pytest.mark.parametrize(
    "words",
    [
        "organise organised organizing organisation organizer",
        "run ran running runs",
        "decide decided decision",
        "apply applied application applicant",
        "happy happily happier happiness",
        "city cities city's",
        "behaviour behavior behaviours",
        "appreciate appreciated appreciation",
        "travel travelled traveling",
        "teach taught teacher teaching",
        "agree agreed agreement",
    ],
)
def test_one_stem(words: str) -> None:
    """Inflections and near derivations meet."""
    assert len({stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize("words", ["post port", "hope hop", "university universe", "plan plane", "note nothing"])
def test_two_stems(words: str) -> None:
    """Other words keep apart."""
    one, other = words.split()
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("22", "22"), ("22nd", "22"), ("twenty-two", "22"), ("twenty-second", "22"), ("40,000", "40000"),
        ("18,00,000", "1800000"), ("1.2m", "1.2m"), ("seven", "7"), ("fortieth", "40"), ("house", None),
        ("re-do", None), ("3x4", "3x4"), ("one", None),
    ],
)  # fmt: skip
def test_numbers(word: str, value: str | None) -> None:
    """However a number is written."""
    assert number(word) == value
