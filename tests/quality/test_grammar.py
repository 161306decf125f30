"""The check `grammar`: what it finds, what it leaves alone, and where it points."""

from __future__ import annotations

import itertools
import time

import pytest

from followup_rules.check import Context
from quality.helping import excerpts, faults
from quality.helping_proofread import ALONE, letter

# The text, and what the finding points at.
WRONG = [
    ("It was one of the clearest explanation that we heard.", "explanation"),
    ("It effected me more than I can say.", "effected"),
    ("The cooks adore you to.", "to"),
    ("I drew it from there files.", "there"),
    ("All of my pupils past the spelling test.", "past"),
    ("I accept the boards decision.", "boards"),
    ("The results of the check was excellent.", "was"),
    ("Nobody ever gives them to us strait.", "strait"),
    ("The frost effected the results.", "effected"),
    ("The queue was to long, or so it seemed.", "to"),
    ("If the mill looses you, it looses its cook.", "looses"),
    ("Between my brother and I, the boat leaks.", "I"),
    ("A dozen of divers came.", "of"),
    ("You can answer to this mail at any time.", "to"),
    ("Before the panel writes up it's notes, I have a question.", "it's"),
    ("I measured it, and it's length is nine feet.", "it's"),
    ("I have slept badly in the last time.", "in the last time"),
    ("I have been working their since March.", "their"),
    ("The new roll would suit a patient singer.", "roll"),
    ("She works very good with children.", "good"),
    ("I did very good in the test.", "good"),
    ("Myself and Anna will call you.", "Myself"),
    ("Please contact myself with questions.", "myself"),
    ("Whom is responsible for the lock?", "Whom"),
    ("This are the tide tables.", "This"),
    ("I will send it until Friday at the latest.", "until"),
    ("We are three, all of who are divers.", "who"),
    ("The number of applicants are high.", "are"),
    ("A list of documents are attached.", "are"),
    ("I was wondering if could you call me.", "could you"),
    ("I am used to work alone at sea.", "used to"),
    ("On the same time I studied.", "On the same time"),
    ("I made a training in first aid.", "made"),
    ("I have made my homework.", "homework"),
    ("Can you advice me on the tide?", "advice"),
    ("It was an honour too meet you.", "too"),
    ("Then I moved too Leeds.", "too"),
    ("The door was lose.", "lose"),
    ("Where you able to open the lock?", "Where"),
    ("I want to no more.", "no"),
    ("I do not no the answer.", "no"),
    ("I here that you are full.", "here"),
    ("The principle of the school rang.", "principle"),
    ("I bought stationary for the office.", "stationary"),
    ("I ensure you that the lock holds.", "you"),
    ("I formerly accept the terms.", "formerly"),
    ("The office was quite today.", "quite"),
    ("The staff moral was high.", "moral"),
    ("Since than I have crossed the firth twice.", "than"),
    ("I sent the certificate threw the post.", "threw"),
    ("We are sure that she would compliment the crew.", "compliment"),
    ("Safety is something that we take serious.", "serious"),
    ("I know how short your are on nights.", "your"),
    ("At the rehearsal, were I had the wrong hat, we laughed.", "were"),
    ("It cost more than we planed.", "planed"),
    ("Let me know weather you've met the vet.", "weather"),
    ("Everybody will do there part.", "there"),
    ("The rain, which effects everyone, is over.", "effects"),
    ("The new rope is tauter and the knots are tighter then before.", "tighter then"),
    ("Nobody here is taller then me.", "taller then"),
    ("I speak on behalf of there crew.", "there"),
    ("The baker lost there keys.", "there"),
    ("The parish has published it's plans for the quay.", "it's"),
    ("The choir came, who's number is on the poster.", "who's"),
    ("You will have to tell that to you're board.", "you're"),
    ("I am confidant that it will hold.", "confidant"),
    ("We shall discus it on Monday.", "discus"),
    ("Patience is my principle strength.", "principle"),
    ("Can you sent me the tide table?", "sent"),
    ("My currently job is in a bakery.", "currently"),
    ("The new hand got a tour off the yard.", "off"),
    ("He pointed too the mast.", "too"),
    ("There was eleven applicants for the choir.", "There was"),
    ("One of the two referees you gave me are away.", "are"),
    ("From May me and my partner will live in Denton.", "me and my"),
    ("I am off on Mondays and on Tuesday's.", "Tuesday's"),
    ("At the tip its 8 metres per second.", "its"),
    ("The bid is all ready on the desk.", "all ready"),
    ("Our choir celebrates it's tenth year.", "it's"),
    ("We admired there tools and the forge.", "there"),
    ("I came form the ferry by bicycle.", "form"),
    ("Please sign the from and keep a copy.", "from"),
    ("Thank you for the tour of out bakery's rival and of out factory.", "out"),
    ("The middle off the net was torn.", "off"),
    ("We must not loose sight of the tide.", "loose"),
    ("My former manger keeps bees.", "manger"),
    ("We talked about you machines and the dust.", "you"),
    ("Each of the boats have a bell.", "have"),
    ("Several of the boats has a bell.", "has"),
    ("One of my colleague will ring you.", "colleague"),
    ("I am looking for new job in Cork.", "new job"),
    ("I would be glad come on Friday.", "come"),
    ("We promised tell you about the tide.", "tell"),
    ("You took the time show us the kiln.", "show"),
    ("They have been live here for a year.", "live"),
    ("Please say whether your any further with the lease.", "your"),
    ("The quota of 40 is to low for us.", "to"),
    ("We been hoping for rain since May.", "been"),
    ("Its already been signed by the mayor.", "Its"),
    ("They booked there rooms in January.", "there"),
    ("I am glad that every one knows the drill.", "every one"),
    ("The mill losses almost an hour a day.", "losses"),
    ("You would lead to a team of five divers.", "to"),
    ("I hope that this was not to much trouble.", "to"),
    ("We will meet us again in spring.", "us"),
    ("Thank you for host our choir.", "host"),
    ("We meet at the pool in next Friday.", "in"),
    ("Each volunteers gets a badge.", "Each volunteers"),
    ("When the lift technician have time, he calls.", "technician have"),
    ("The ladders was checked in May.", "ladders was"),
    ("You know the shop where my aunt bakery stands.", "my aunt"),
    ("Please contact with me on Friday.", "with"),
    ("I sold bread, specially in the summer.", "specially"),
    ("Please send us the form until Monday.", "until"),
    ("We cut the waste with twenty percent.", "with"),
    ("I have very enjoyed the rehearsal.", "have very"),
    ("The form has too be signed.", "has too"),
    ("Go to the place were they would meet you.", "were"),
    ("You may have herd about the fire drill.", "have herd"),
    ("I never saw its' lid.", "its'"),
    ("Call me when ever it suits you.", "when ever"),
    ("I could of started sooner.", "could of"),
    ("Our kiln have a crack in the door.", "kiln have"),
    ("The frost could influence on the price.", "on"),
    ("My supervisor have signed it.", "supervisor have"),
    ("Dr Okello have read your plan.", "Okello have"),
    ("One of the lathes have a new guard.", "lathes have"),
    ("The photographs of the hull was a surprise.", "was"),
    ("The margins is thin this year.", "margins is"),
    ("Both wants an early start.", "Both wants"),
    ("There is four trainees in the yard.", "is"),
    ("This will allowed us to open in May.", "will allowed"),
    ("You will found the key below the mat.", "will found"),
    ("The crate cannot be send before Monday.", "be send"),
    ("I am sorry for been late.", "been"),
    ("I have build three sheds since then.", "have build"),
    ("I was suppose to call at noon.", "was suppose"),
    ("I am use to early shifts.", "am use"),
    ("We use to live by the canal, and the next bridge was ours.", "use"),
    ("The audit has been postpone until May.", "been postpone"),
    ("I have lived their since 2019.", "their"),
    ("You repaired there own pump.", "there own"),
    ("I know your busy with the harvest.", "your"),
    ("I hope you're weekend was dry.", "you're weekend"),
    ("Ask me where its up to.", "its"),
    ("I chose oak because its cheap and it lasts.", "its"),
    ("Tell me by Friday weather you want the room.", "weather"),
    ("I would not want to loose sight of it.", "loose"),
    ("When it freezes, we loose hives.", "loose"),
    ("I am better with engines then with people.", "then"),
    ("The lamp is to heavy for one person.", "to"),
    ("I have waited for to weeks.", "to"),
    ("It gave me a chance too speak up.", "too"),
    ("Let me now by Friday which day suits.", "now"),
    ("Please conform by Monday.", "conform"),
    ("He cured it by using of warm sand.", "using of"),
    ("You may contact to the office.", "to"),
    ("I would like to thanks you for the tour.", "thanks"),
    ("We had less visitors in March.", "less"),
    ("Their principle concern is rust.", "principle"),
    ("Thank you for the tour, it can't have been easy in that rain.", ","),
    ("She might not of seen it.", "might not of"),
    ("We can offered you the post.", "can offered"),
    ("I can helping at weekends.", "can helping"),
    ("I must to give notice.", "to"),
    ("I did not received the form.", "did not received"),
    ("It doesn't works on my phone.", "doesn't works"),
    ("I have wrote to the clinic.", "have wrote"),
    ("They have already began the trial.", "have already began"),
    ("I should have bring my papers.", "should have bring"),
    ("You have been invite to the open day.", "been invite"),
    ("We are please to offer you the room.", "please"),
    ("I am agree with the plan.", "am agree"),
    ("I look forward to meet the crew.", "meet"),
    ("We are looking forward hearing from you.", "hearing"),
    ("Thank you for invite me.", "invite"),
    ("I am interested in join the crew.", "join"),
    ("I would like know the pay.", "know"),
    ("Let me to explain the gap.", "to explain"),
    ("I live here since 2019.", "live here since 2019"),
    ("I wait since three weeks.", "wait since three"),
    ("I have met him two days ago.", "met him two days ago"),
    ("I will call as soon as I will land.", "will"),
    ("Send me the informations by post.", "informations"),
    ("I gave him some advices.", "advices"),
    ("I have many question.", "question"),
    ("It took six month.", "month"),
    ("It is one of the best team in town.", "team"),
    ("Every employees gets a locker.", "employees"),
    ("She have two degrees.", ""),
    ("We was glad to come.", "was"),
    ("He don't drive.", "don't"),
    ("Our customers is kind.", "customers is"),
    ("The manager know the way.", ""),
    ("There is many ways in.", "is"),
    ("I worked as night nurse in Cork.", "night nurse"),
    ("I am qualified electrician.", "qualified electrician"),
    ("I need copy of the rota.", "copy"),
    ("Thanks for the your help.", "your"),
    ("I sent a email on the 3rd.", "a email"),
    ("It took a hour.", "a hour"),
    ("I joined an university.", "an university"),
    ("Their is a bus at six.", "Their"),
    ("The cooks like there work.", "there"),
    ("Thank you for you're reply.", "you're"),
    ("I hear your looking for a cook.", "your"),
    ("The firm moved to it's new site.", "it's"),
    ("I think its a good idea.", "its"),
    ("I met a nurse who's name I forget.", ""),
    ("It is to late for that.", "to"),
    ("It was better then expected.", "then"),
    ("I do not want to loose the day.", "loose"),
    ("It will effect my pay.", "effect"),
    ("I need some advise on that.", "advise"),
    ("I would except the offer.", "except"),
    ("I hope to here soon.", "here"),
    ("I wonder weather it is open.", "weather"),
    ("My skills would compliment your team.", "compliment"),
    ("I discussed about the rota.", "about"),
    ("She explained me the forms.", "me"),
    ("It depends of the day.", "of"),
    ("I am responsible of the till.", "of"),
    ("It is more better now.", "better"),
    ("I am very interesting in the post.", "interesting"),
    ("I liked very much the tour.", "very much"),
    ("Tell me when can I start.", "when can I"),
    ("I have ten years experience.", "years"),
    ("I took two photo's of it.", "photo's"),
    ("The firm has a person which helps.", "which"),
    ("I will come in any moment.", ""),
    ("i can start soon.", "i"),
    ("We met. it was good.", "it"),
    ("I am free on tuesday.", "tuesday"),
    ("I came ,then left.", " "),
    ("It was good , thanks.", " "),
    ("I saw it,and left.", ","),
    ("It was good,, thanks.", ",,"),
    ("It was  good.", "  "),
    ("Is there any news.", "."),
    ("Would Friday be better for you.", "."),
    ("Although it rained, but we came.", "but"),
    ("I sent the form on Monday, I hope it arrived safely.", ","),
]
RIGHT = [
    "Two candid lines would do me more good than any review.",
    "It was the one with [object Object] in its logs.",
    "Was this the reason?",
    "It was the only one of the day that held.",
    "I walked past the exam hall, and he ran past his own test.",
    "They asked me to.",
    "We come from there.",
    "Send the clients feedback and the students answer.",
    "It was a 1180-page log, an 1180-page log, an 18-foot mast and a 118-foot rope.",
    "I dived two thousand feet of rope, every one on a Sunday, in an 1870s mill with a 118-page log.",
    "One small point for next time: a dozen of the divers came, and an answer to your letter is here.",
    "In the last time slot we sailed the Menai Strait to Bangor.",
    "I am used to working alone, and the nets are used to catch eels.",
    "I will wait until Friday, and I will call it a day until the next tide.",
    "A number of applicants are here, and the tale has a moral.",
    "The rolls are warm, and a stationary engine drives the mill.",
    "With whom is she in touch? I ask myself that, and so do we here.",
    "All of those who are divers know no more than I do.",
    "I moved, too, and Leeds was too dear.",
    "Real talk though: the tide was in, and I went though, as you know.",
    "We planed the boards and would compliment the crew on their caulking.",
    "I would stay, were I asked, in any weather you choose.",
    "Have there been any visitors? The effects me and my brother saw were small.",
    "We were younger then, and the boats were slower then than now.",
    "I could take the list off your hands.",
    "She is my confidant and a discus thrower.",
    "Who's number one on the list?",
    "He said it's plans that fail, and not people.",
    "Those from there, and the men in there, know the way.",
    "I know that the maths is sound.",
    "I did detached youth work for six years, and I did not regret it.",
    "She told that story about the combine, and you told that joke.",
    "We have now waited the three weeks that you asked for.",
    "The people are kind, the tea is strong and the snacks are dangerous.",
    "Would one of them do for a trial sail?",
    "We liked very much that you asked for the oldest map, and we need more patience.",
    "One of our two vans has been sold, and it sounds as though someone were singing.",
    "Ring us with any question; it has no influence on the outcome.",
    "I stopped because the gas was off and the atlas is old.",
    "The lens is clean, and the crossroads is near.",
    "This morning have a look at the draft.",
    "Both works hang in the hall, and both needs are met.",
    "I know that your building is new, and once your planning is done we meet.",
    "When your very first day comes, and until your opening hours change, ask Ann.",
    "I chose it because its quiet and shaded yard, its one and only bus, suits me.",
    "Well done, and thanks everyone for the soup.",
    "The crate I asked for been sent or not, I come.",
    "I would ask that Mr Ade have a look.",
    "I waited an hour, and I can explain them all.",
    "Our herd have calved, and the crew have earned a rest.",
    "My thesis is on bats, and our campus is close.",
    "Our clinics have long days, and the logistics is hard.",
    "Each of the people who have written was answered.",
    "Mr Ade and Mr Obi have read it.",
    "The notes for the trainee were on the table.",
    "There is two hours between the trains.",
    "You can find the key, and I will have found it by then.",
    "The spare saw I use to cut slate is yours.",
    "We met there once, and over there our own path begins.",
    "I know your team, and I hope your weekend was dry.",
    "Ask me where its handle is.",
    "I chose oak because its cheap cousin warps.",
    "In such weather you need a coat.",
    "The bolt came loose, and you can loosen the other.",
    "It went better at night, then at noon it stopped.",
    "It is to long journeys that I owe my patience.",
    "Let me now turn to the bill.",
    "The valves conform to your rules.",
    "My contact to the mill is Ann.",
    "No less people came, and the less staff talk the better.",
    "The founding principle is simple.",
    "Write with any query you have.",
    "If we lose, it's all the same to the bees.",
    "We liked it there, and there we stayed.",
    "The form my aunt sent was blank.",
    "Please fill in the form from the town hall.",
    "We took the lid off the kiln.",
    "The rope came loose.",
    "I am looking for new job ideas for my pupils.",
    "One of the shift managers keeps bees.",
    "There has been work on the roof.",
    "Each of the boats has a bell.",
    "I told you plans may change.",
    "What I need most is patience.",
    "I wrote down every call myself.",
    "I think of our meeting of Tuesday, and of the soup.",
    "So does the whole of the night shift, as you know.",
    "So is the roof, which leaks.",
    "Every one of the bells was cast here.",
    "This will lead to a team that trusts itself.",
    "Its now famous roof leaks.",
    "The losses nearly doubled.",
    "We fished the other week, and again the other day.",
    "I did not fret, since 90 weeks at sea have taught me patience.",
    "The pie is gone. Thank your brother for it.",
    "Thank you for driving over to see us on Tuesday.",
    "I did what I can to help with the move.",
    "Everyone who asked was told to wait.",
    "As it were, they would rather stay.",
    "I was informed that you had left.",
    "We cannot answer until Monday.",
    "Two weeks was enough for the trial.",
    "You mentioned on the phone that the mill is shut.",
    "I am free on any day of next week.",
    "I told you I'd be there at nine.",
    "We built our own kiln.",
    "Nobody as kind as you has worked here.",
    "The post was written for somebody like you.",
    "The crew are glad, and the firm have agreed to the date.",
    "I could, of course, come earlier.",
    "What he did for us was help the new ones.",
    "She suggested that he have a word with them.",
    "It is vital that she know by noon.",
    "If I were you, I would wait.",
    "You and I have met, and so have they.",
    "She let me see the plans and had me sign them.",
    "I look forward to work on Monday.",
    "I'm used to working nights and I used to work days.",
    "Thank you for meeting me and for the frank advice.",
    "I was shortlisted for interview and came at once.",
    "As head of stores I report to the chief engineer.",
    "I have been here since 2019, and nothing has changed since last week.",
    "I have thought about our call yesterday.",
    "An MBA, an hour, an honest man, a European, a one-off and a university.",
    "An 8-week trial, an 11th hour, a 10-day wait and a UK visa.",
    "A few things, a lot of people and one of the role plays.",
    "The five-year plan and the ten-minute walk suit me.",
    "In two weeks' time I shall have nine years' experience.",
    "The number of hours is fixed.",
    "The news is good, and the series was long.",
    "Each of the nurses has a key, and neither of them is late.",
    "The analysis that we ran shows it.",
    "One of the people who work there rang.",
    "The way we do it is simple.",
    "I know that it's cold, but its coat is thick.",
    "They're over there with their dogs.",
    "You're right: your right hand is enough.",
    "The sooner we hear, the better; more than that we cannot ask.",
    "The new rule will effect a change and affect us all.",
    "I accept everything except the date.",
    "The lead engineer led us; lead pipes were gone.",
    "I would rather go then than now.",
    "Whose turn it is and who's paying is up to you.",
    "Could you send me the form.",
    "May I thank you for that.",
    "Should you need more, ring me.",
    "Had I known, I would have come.",
    "What the job is like is no secret.",
    "How you did it, I cannot say.",
    "Is that so? I'd no idea!",
    "As I said, I can start on Monday.",
    "I called, I wrote, and I came by.",
    "Thanks to the trains, I was late.",
    "I wish you a good weekend.",
    "I can help, e.g. on Fridays, from 9 a.m. until noon.",
    "It rose by approx. ten per cent... and then it fell.",
    "You said, “there is many ways”, and we laughed.",
    "The mug says 'your welcome'.",
    "Go to example.com/their/is,or write to a.b@example.com.",
    "I met Their Is in Ho Chi Minh City.",
    "1. One\n2. Two\n- three, four\n* five",
    "I should like to see how works orders are raised.",
    "I do hope so, and I did enjoy it.",
    "It is my pleasure, and it was our pleasure too.",
    "Can not only see but hear it.",
    "I have change, and we have work.",
    "A must to see, they said.",
    "You will be missed.",
    "All that remains is to sign.",
    "She and I are cousins, so I should say so.",
    "I am well, thank you, and hope you are too.",
]
JUNK = ["", " ", "\n\n\n", "....", "?!?!?!", "🙂🙃 👍🏽", "שלום, מה נשמע? תודה", "a" * 100_000, "i " * 30_000]


@pytest.mark.parametrize(("text", "excerpt"), WRONG, ids=[case[0] for case in WRONG])
@pytest.mark.parametrize("alone", ALONE)
def test_slips_are_found(text: str, excerpt: str, alone: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if alone:
        monkeypatch.setattr("followup_rules.quality.proofread.passes.engine", lambda: None)
    body = letter(text)
    found = faults("grammar", body)
    assert found, "nothing was found"
    if excerpt:
        assert any(excerpt in one for one in excerpts(found, body))
    assert all(one.message and one.hint and "''" not in one.hint for one in found), found


@pytest.mark.parametrize("text", RIGHT)
@pytest.mark.parametrize("alone", ALONE)
def test_what_is_right_is_left_alone(text: str, alone: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if alone:
        monkeypatch.setattr("followup_rules.quality.proofread.passes.engine", lambda: None)
    assert faults("grammar", letter(text)) == []


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("We met and i left.", "We met and I left."),
        ("It was  good.", "It was good."),
        ("It was good , thanks.", "It was good, thanks."),
        ("I saw it,and left.", "I saw it, and left."),
        ("I am free on tuesday.", "I am free on Tuesday."),
        ("It took a hour.", "It took an hour."),
        ("We met. it was good.", "We met. It was good."),
        ("Is there any news.", "Is there any news?"),
    ],
)
def test_a_safe_fix_mends(text: str, mended: str) -> None:
    body = letter(text)
    found = [one for one in faults("grammar", body) if one.fix is not None]
    assert len(found) == 1
    assert body[: found[0].start] + str(found[0].fix) + body[found[0].end :] == letter(mended)


def test_the_salutation_may_end_with_a_comma_and_the_text_begins_with_a_capital() -> None:
    body = "Dear Ms Okoro,\n\nthank you for the tour of the mill.\n\nKind regards,\nTom"
    assert excerpts(faults("grammar", body), body) == ["thank"]
    assert faults("grammar", "Hi Ada, thank you for the tour.\n\nKind regards,\nTom") == []


def test_the_subject_may_be_a_headline_but_not_wrong() -> None:
    assert faults("grammar", letter("All is well."), "Application for position as night nurse") == []
    found = faults("grammar", letter("All is well."), "We was glad")
    assert [(one.part, one.start, one.end) for one in found] == [("subject", 0, 6)]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Their is a slot on Monday.", "write 'there is'"),
        ("I liked you're team a lot.", "write 'your team'"),
        ("The firm and it's own fleet of vans.", "write 'its own'"),
        ("Its been a good week.", "write 'it's been'"),
        ("Who's experience counts most?", "write 'whose experience'"),
        ("She left too weeks ago.", "write 'two weeks'"),
    ],
)
def test_the_hint_gives_what_to_write_and_not_both_words(text: str, hint: str) -> None:
    assert [fault.hint for fault in faults("grammar", letter(text))] == [hint]


@pytest.mark.parametrize(
    ("farewell", "right"), [("Best regard,", "Best regards"), ("Your sincerely,", "Yours sincerely")]
)
def test_the_farewell_has_a_set_form(farewell: str, right: str) -> None:
    """What was meant stands in the hint."""
    found = faults("grammar", f"Dear Ms Okoro,\n\nI saw the mill.\n\n{farewell}\nTom Weir")
    assert [fault.hint for fault in found] == [f"write '{right}'"]


@pytest.mark.parametrize(
    "farewell", ["Best regards,", "Yours faithfully,", "With best greetings,", "Thank you,", "Ta,"]
)
def test_usual_farewells_are_right(farewell: str) -> None:
    """No style is preached."""
    assert not faults("grammar", f"Dear Ms Okoro,\n\nI saw the mill.\n\n{farewell}\nTom Weir")


def test_salutation_and_closing_are_not_read() -> None:
    assert faults("grammar", "Hi a honest friend,\n\nAll is well.\n\nKind regards,\nEve Honest, a User") == []


def test_ignored_words_are_right() -> None:
    body = letter("We was glad of the informations.")
    assert excerpts(faults("grammar", body, ignore=["informations"]), body) == ["We was"]


def test_each_place_is_named_once_and_in_order() -> None:
    body = letter("We was glad. i could of come. She have a informations.")
    found = faults("grammar", body)
    places = [(one.start, one.end) for one in found]
    assert places == sorted(places)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(places))


def test_it_needs_no_context_and_does_not_change_with_it() -> None:
    body = letter("We was glad.")
    assert faults("grammar", body) == faults("grammar", body, context=Context(company="Mill", notes=("the loom",)))


@pytest.mark.parametrize("text", JUNK, ids=range(len(JUNK)))
def test_odd_texts_do_no_harm(text: str) -> None:
    begun = time.process_time()
    faults("grammar", text, text[:200])
    faults("spelling", text, text[:200])
    assert time.process_time() - begun < 15  # bounded, on a slow machine too


def test_every_pattern_says_what_is_wrong_and_what_to_write() -> None:
    from followup_rules.quality.proofread.patterns import _FILES, read_lines
    from followup_rules.quality.proofread.tokens import source_of

    lines = [line for file in _FILES for line in read_lines(source_of(file))]
    assert len(lines) > 500
    for line in lines:
        assert line.section.message and line.hint, line
        assert line.first < line.last <= len(line.parts), line


def test_the_rules_that_are_asked_of_harper_exist() -> None:
    harper = pytest.importorskip("harper")
    from followup_rules.quality.phrases import word_sets

    known = {name.lower() for name in harper.get_default_lint_config()}
    assert word_sets("harper_rules")["rules"] <= known


def test_what_is_lacking_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from followup_rules.quality.checks.grammar import Grammar

    monkeypatch.setattr("followup_rules.quality.proofread.judging.is_installed", lambda: False)
    assert Grammar().lacks(Context()) == "the extra followup-rules[proofread], which finds more"
