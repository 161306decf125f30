"""The check `specific_reference`: what comes from the conversation, and what only sounds as if it did."""

from __future__ import annotations

import pytest

from followup_rules.check import Context
from followup_rules.quality.catalogue import Catalogue
from quality.helping import excerpts, faults

NAME = "specific_reference"


def message(sentence: str) -> str:
    """A whole message around one sentence."""
    return f"Dear Ms Oduya,\n\n{sentence}\n\nKind regards,\nBo Lindgren"


def about(*notes: str) -> Context:
    """A context with notes."""
    return Context(
        recipient="Tola Oduya", sender="Bo Lindgren", company="Marlow Ltd", role="Planning Analyst", notes=notes
    )


SPECIFIC = [
    ("Ward has a falls huddle at two o'clock", "I keep thinking about your huddle after lunch."),
    (
        "Ward has a falls huddle",
        "You told us why frail people tumble at dusk, by the bath and the linen cupboard.",
    ),
    ("Returns desk moves upstairs", "You mentioned that refunds will be handled on the first floor, next to menswear."),
    ("Canteen serves its own honey", "Thank you for the jar of honey, which did not survive the weekend."),
    ("Fleet goes electric by 2027", "Your remark that the diesel vans have two winters left made me laugh."),
    ("Depot floods every autumn", "The depot that floods each October is still on my mind."),
    ("Stock count in a cold store", "We still talk about your answer on counting frozen peas with gloves on."),
    ("Brought photographs of a dry-stone wall", "The photographs of your wall have gone round the office twice."),
    ("Choir rehearses in the chapel", "It was lovely to hear the choir through the wall while we talked."),
    ("Board with purple cards for blockers", "I liked the purple cards."),
    ("Ferry timetable clashes with school hours", "Thank you for explaining how the ferries miss the school run."),
    ("Lost a penguin at the zoo", "Everyone here enjoyed hearing how the penguin was found."),
    ("Interns build a kite in week one", "Walking past the kites in the corridor told me more than any brochure."),
    ("Nightly backup takes 31 hours", "A backup that runs for thirty-one hours deserves a medal."),
    ("Saffron is bought from one family", "Hearing why you buy saffron from a single family was a joy."),
    ("Model railway in reception", "I went home and told my son about the railway."),
    ("Asked about invoicing in Zulu", "You asked whether I could write invoices in Zulu, and I should have said yes."),
    ("Roof garden is watered by hand", "The watering rota for your roof garden stayed with me."),
    ("Wants to drop the Lagos agent", "We talked about the agent in Lagos, and I have one more thought on it."),
    ("Vaccine fridge alarm", "Your story about the fridge that cried wolf was retold in our canteen."),
    ("Bilingual signs in Irish", "I was struck by your point that bilingual signs slow people down."),
    ("Sketch of a folding stage", "Your sketch of the folding stage hangs above the kettle."),
    ("Turbine blades pile up", "Seeing the blades in the yard made the backlog real."),
    ("Two mergers in three years", "Thank you for being so open about what two mergers did to the payroll."),
    ("Talked about the cycle scheme", "It was good to speak with you about the cycle scheme."),
    ("Talked about the loan scheme", "Thanks for talking with Ann and me about the loan scheme."),
    ("What would you drop from day one", "Your question what I would drop from day one is still with me."),
    ("Plan for the loading area", "Our director liked your plan for the loading area."),
    ("Pupil who only whispers", "I keep coming back to the girl who only whispers."),
    ("Test with a talking parrot", "Our engineers copied your trick with the parrot."),
]

GENERIC = [
    (
        "Titanium breaks the tools",
        "On paper you have it all: a forklift licence, first aid, five years of cold stores.",
    ),
    ("Boiler on the barge", "Your knowledge of planning and analysis would spare us a great deal of trouble."),
    ("Depot moves to Crewe", "It was interesting to learn more about the depot, the routes and the shifts."),
    ("Two guarantors required", "Kindly send us the names of two guarantors."),
    ("Viva on soil chemistry", "I was a little nervous during the viva."),
    ("Regulars pay on Fridays", "I could feel how much the regulars love the place."),
    ("Viva on tides", "Kindly let me have your frank comments regarding my viva, so that I may improve."),
    ("Team of nine, new budget in April", "I loved hearing about the team and the plans for the new year."),
    ("Pilot in two schools", "It was a pleasure to learn about your mission and the exciting projects ahead."),
    ("Weekly stand-up on Mondays", "Thank you for explaining the role, the benefits package and the next steps."),
    ("Canteen serves its own honey", "Thank you for the warm welcome on Monday and for introducing me to the team."),
    ("Handover is on paper", "I came away with a clear picture of the role and of the challenges ahead."),
    ("Depot in Hull floods", "We were impressed by your background and by your thoughtful questions."),
    ("Speaks Welsh", "We enjoyed learning about your experience and your career goals."),
    ("Wants feedback on the test", "I would be grateful for any feedback, as it would help me to improve."),
    ("Budget cut by a tenth", "Your insights into the culture, the values and the strategy were truly inspiring."),
    ("Moves to Kings Cross", "Thank you for taking the time to meet me at your office last week."),
    ("Ferry timetable", "I wanted to ask whether there is any news about my application."),
    ("Saffron", "We received a large number of applications from qualified people."),
    ("Railway in reception", "I am very interested in the position and believe that I would enjoy it."),
    ("Penguin story", "Thank you for your patience while we complete the process."),
    ("Kite in week one", "After careful consideration we have decided to move forward with others."),
    ("Roof garden", "I look forward to hearing from you about the next round."),
    ("Zulu invoices", "It was great to talk about the opportunity and what you are looking for."),
    ("Nightly backup", "The conversation on 4 May confirmed my interest in joining such an innovative company."),
    ("Blades pile up", "In my last job I led a crew of six and cut sick leave by a third."),
    ("Signs in Irish", "Please send us the signed form and a copy of your passport by Friday."),
    ("Folding stage", "Thank you for sharing your vision for the future and what makes the company special."),
    ("Two mergers", "I am excited about the growth of the business and the dynamic industry."),
    ("Parrot", "Thank you for the opportunity to interview for the Planning Analyst role at Marlow."),
    ("Agent in Lagos", "We hope to share a decision with you soon and thank you for your continued interest."),
    ("Fridge alarm", "I really enjoyed our discussion and learning more about what the team does day to day."),
]


@pytest.mark.parametrize(("note", "sentence"), SPECIFIC)
def test_something_of_the_conversation(note: str, sentence: str) -> None:
    assert faults(NAME, message(sentence), context=about(note)) == []


@pytest.mark.parametrize(("note", "sentence"), GENERIC)
def test_nothing_of_the_conversation(note: str, sentence: str) -> None:
    assert len(faults(NAME, message(sentence), context=about(note))) == 1


def test_the_fault_stands_on_the_first_sentence_and_names_a_note() -> None:
    body = message("Thank you for the interview. I look forward to hearing from you.")
    found = faults(NAME, body, context=about("Depot in Hull floods"))
    assert excerpts(found, body) == ["Thank you for the interview."]
    assert "Depot in Hull floods" in found[0].hint
    assert "form letter" in found[0].message


def test_role_company_and_names_are_no_reference() -> None:
    context = about("Marlow Planning Analyst wanted", "Oduya and Lindgren met")
    assert faults(
        NAME, message("I enjoyed meeting Tola Oduya at Marlow about the Planning Analyst post."), context=context
    )


def test_a_skill_alone_is_no_reference() -> None:
    context = about("Asked about Stata")._replace(skills=("Stata",))
    assert faults(NAME, message("I have used Stata for six years and know it well."), context=context)


@pytest.mark.parametrize(
    "sentence",
    [
        "You mentioned that the grain silo leaks near the chapel.",
        "Your remark about goats in the turbine hall made me laugh.",
        "Thank you for explaining how the ferry timetable breaks the tram connections.",
    ],
)
def test_without_notes_a_report_is_enough(sentence: str) -> None:
    assert faults(NAME, message(sentence)) == []


ABOUT_ONESELF = [
    ("Rent rises", "I was treasurer of our college's rowing club, and I can bear a hard talk about rent."),
    ("Rent rises", "I was treasurer of the club, and I can bear a long talk about rent."),
    ("Caseload of 22 per worker", "I have carried a caseload of 22 in Cork."),
    ("Ovens fail every August", "I repaired ovens for nine years."),
    ("Four ledgers, three currencies", "In my last job I reconciled ledgers in several currencies."),
    ("Parcels are lost at the hub", "I cut the number of lost parcels by half."),
    ("Ferry slots are scarce", "My work with ferry operators taught me patience."),
    ("Rescue dogs in the wards", "I'm fond of dogs and live nearby."),
    ("Roof claims from 2019 still open", "Fourteen years on roof claims gave me an eye for damp."),
    ("Tunnel boring starts at Rugby", "With twelve years in tunnels behind me, I could begin on Monday."),
    ("Two harvests a year", "I have two other offers on the table."),
]
OF_BOTH = [
    ("Caseload of 22 per worker", "A caseload of 22 is too much for anybody, and you carry it."),
    ("Ovens fail every August", "When the ovens fail, do you bake at all?"),
    ("Four ledgers, three currencies", "Since we met I have wondered why there are four ledgers."),
    ("Parcels are lost at the hub", "I suspect that the parcels go astray at night."),
    ("Ferry slots are scarce", "I sketched how your ferry slots could be swapped."),
    ("Rescue dogs in the wards", "I was touched by the dogs."),
    ("Hives were stolen in spring", "The story of the stolen hives taught me what the post is about."),
]


@pytest.mark.parametrize(("note", "sentence"), ABOUT_ONESELF)
def test_a_candidate_who_speaks_of_oneself_refers_to_nothing(note: str, sentence: str) -> None:
    context = about(note)._replace(direction="candidate_to_employer")
    assert len(faults(NAME, message(sentence), context=context)) == 1


@pytest.mark.parametrize(("note", "sentence"), OF_BOTH)
def test_a_candidate_who_speaks_of_both_sides_refers(note: str, sentence: str) -> None:
    context = about(note)._replace(direction="candidate_to_employer")
    assert faults(NAME, message(sentence), context=context) == []


def test_an_employer_never_claims() -> None:
    context = about("Explained stitches with a napkin")._replace(direction="employer_to_candidate")
    assert faults(NAME, message("I have kept the napkin."), context=context) == []


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("Interview lasted ninety minutes", "The ninety minutes flew by."),
        ("Regional office approves", "The file was sent to the regional office."),
        ("Safety", "Safety comes first here, and we hire accordingly."),
        ("Salary expectation not given", "Please state your salary expectation."),
        ("Signs in Welsh", "Please return the signed contract."),
        ("Asked about the 2027 move", "A letter of 2027 words would be too long."),
        ("Herring quotas", "Her answer pleased everyone."),
    ],
)
def test_words_of_every_procedure_are_no_reference(note: str, sentence: str) -> None:
    assert len(faults(NAME, message(sentence), context=about(note))) == 1


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("Office in Derry, ground floor", "On 3 May I was interviewed at your Derry office on the ground floor."),
        ("Dr Achterberg sat in", "Thank you for the meeting with Dr Achterberg and yourself."),
        (
            "Ladders are too short",
            "You can reach me on 0151 496 0220 or through what your website calls a candidate portal.",
        ),
    ],
)
def test_where_and_with_whom(note: str, sentence: str) -> None:
    """The place of meeting, who was there, a telephone number and a website are no subject of the talk."""
    assert len(faults(NAME, message(sentence), context=about(note))) == 1


def test_names_of_other_applications_are_no_reference() -> None:
    """A name that has no place in the message is a mistake, however rare its words; a note counts all the same."""
    context = about("Barge has a new boiler")._replace(other_names=("Hortensia Quell", "Boiler & Sprocket Ltd"))
    assert len(faults(NAME, message("We discussed Hortensia Quell of Sprocket."), context=context)) == 1
    assert faults(NAME, message("The new boiler of the barge sounds a joy."), context=context) == []


def test_a_few_are_no_number() -> None:
    context = about("Season opens on 12 December", "Asked about housing")
    body = message("If you wrote me two or three lines on what you saw of our house, it would help.")
    assert len(faults(NAME, body, context=context)) == 1


def test_another_name_of_the_trade() -> None:
    """It is known from the role."""
    context = Context(
        recipient="Tola Oduya", sender="Bo Lindgren", role="Bicycle Mechanic", notes=("Squeals on bikes",)
    )
    assert len(faults(NAME, message("I would love to mend bikes with you."), context=context)) == 1
    assert faults(NAME, message("Those squeals kept me thinking."), context=context) == []


def test_a_rich_report_does_without_the_notes() -> None:
    body = message("You mentioned goats that graze between the turbines and trip the fences.")
    assert faults(NAME, body, context=about("Salary in May")) == []


def test_without_notes_generic_talk_is_found() -> None:
    assert faults(NAME, message("I enjoyed learning about the role, the team and your exciting projects."))


def test_what_is_lacking() -> None:
    check = Catalogue()[NAME]()
    assert check.lacks(Context()) == "the notes of the interview"
    assert check.lacks(about("Something")) == ""


def test_how_much_is_enough_can_be_set() -> None:
    body, context = message("I liked the purple cards."), about("Board with purple cards")
    assert faults(NAME, body, context=context, enough=1.0) == []
    assert faults(NAME, body, context=context, enough=5.0)
    alone = message("Your remark about goats made me laugh.")
    assert faults(NAME, alone, enough_alone=0.5) == []
    assert faults(NAME, alone, enough_alone=5.0)


@pytest.mark.parametrize(
    "body", ["", "   \n\n", "!!! ??? ***", "🙂🙂🙂", "a" * 100_000, "مرحبا بكم في الشركة", "-" * 5000]
)
def test_odd_input(body: str) -> None:
    for context in (Context(), about("Depot in Hull floods"), about("", "🙂", "x" * 5000)):
        for fault in faults(NAME, body, context=context):
            assert 0 <= fault.start <= fault.end <= len(body)


STRAY = [
    ("Caseload of 22 per worker", "I ran a caseload of 22 in Cork, with the care that your families merit."),
    ("Ovens fail every August", "I repaired ovens for nine years and would bring the same patience to your kitchen."),
    ("Carriers bill for fuel twice", "I recovered 40,000 in fuel and would bring that eye to your carriers."),
]
OWNED = [
    ("Caseload of 22 per worker", "I ran a ward in Cork, and your caseload of 22 would frighten me there too."),
    ("Ovens fail every August", "I repaired boilers for nine years, so your ovens do not scare me."),
    ("Otters steal trout", "I guarded 40 ponds in Cork and would bring the same nets to your otters."),
]


@pytest.mark.parametrize(("note", "sentence"), STRAY)
def test_your_beside_a_claim_does_not_make_it_a_reference(note: str, sentence: str) -> None:
    context = about(note)._replace(direction="candidate_to_employer")
    assert len(faults(NAME, message(sentence), context=context)) == 1


@pytest.mark.parametrize(("note", "sentence"), OWNED)
def test_what_the_other_side_has_still_refers(note: str, sentence: str) -> None:
    context = about(note)._replace(direction="candidate_to_employer")
    assert faults(NAME, message(sentence), context=context) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Wow, you set the whole office weeping: dazzled, besotted, ecstatic and speechless!",
        "We were struck by you, and would invite you at HH:MM on DD.MM.YYYY, unless you write otherwise.",
    ],
)
def test_gushing_and_unfilled_dates_report_nothing(sentence: str) -> None:
    context = about("Otters steal trout")._replace(direction="employer_to_candidate")
    assert len(faults(NAME, message(sentence), context=context)) == 1


def test_the_queen_of_a_hive_and_an_accordion_still_count() -> None:
    assert faults(NAME, message("Your queen is laying again."), context=about("Queen of hive 4 is lost")) == []
    assert faults(NAME, message("Has the accordion been mended?"), context=about("Captain plays accordion")) == []
