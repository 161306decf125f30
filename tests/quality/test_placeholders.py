"""`placeholders`: slots in every notation, and what only looks like one."""

from __future__ import annotations

import pytest

from followup_rules.check import Context
from quality.helping import excerpts, faults

NAME = "placeholders"
FRAME = "Dear Ms Vogel,\n\nThank you for today. {} It was a good hour.\n\nKind regards,\nTom Ashby"

# A sentence, and the slot in it.
OPEN = [
    ("I read the article by <author, check spelling> on the bus.", "<author, check spelling>"),
    ("The wage is RM (figure to be inserted) a month.", "(figure to be inserted)"),
    ("I enjoyed xxxx and the tour.", "xxxx"),
    ("I enjoyed (Company) and the tour.", "(Company)"),
    ("I liked COMPANY_NAME at once.", "COMPANY_NAME"),
    ("We received NUMBER applications for it.", "NUMBER"),
    ("We received (number) applications for it.", "(number)"),
    ("See LINK for the map.", "LINK"),
    ("Book a time here: LINK", "LINK"),
    ("I hope to work at Company X soon.", "Company X"),
    ("I heard about blah blah from you.", "blah blah"),
    ("As we said, SKILL is what I bring.", "SKILL"),
    ("Our reference is REF-0000.", "REF-0000"),
    ("My page is www.yoursite.com.", "www.yoursite.com"),
    ("We saw ## candidates for it.", "##"),
    ("We decide by the Xth of May.", "Xth of May"),
    ("We decide by the Xth.", "X"),
    ("I liked what you said on (check notes) a lot.", "(check notes)"),
    ("I liked the hoist (look up).", "(look up)"),
    ("The start is on Monday [confirm].", "[confirm]"),
    ("[Here: why I fit]", "[Here: why I fit]"),
    ("Add two skills here.", "Add two skills here"),
    ("*add skills here*", "add skills here"),
    ("NOTE TO SELF: ask Jo.", "NOTE TO SELF: ask Jo"),
    ("Note to self: add the sum.", "Note to self: add the sum"),
    ("Insert closing line.", "Insert closing line"),
    ("I liked topic]] as well.", "]"),
    ("I liked _topic_ as well.", "_topic_"),
    ("Our talk on January 1, 1970 was good.", "January 1, 1970"),
    ("You inspect each boat in ____ before you sign.", "____"),
    ("I write to you as {{title}}.", "{{title}}"),
    ("It was a joy. ADD A LINE HERE ABOUT THE TOUR.", "ADD A LINE HERE ABOUT THE TOUR"),
    ("I pack well. PUT SOMETHING HERE ABOUT THE COLD STORE.", "PUT SOMETHING HERE ABOUT THE COLD STORE"),
    (
        "Was it clear? Put in a line about the lift here, but spare Todd. Thanks.",
        "Put in a line about the lift here, but spare Todd",
    ),
    ("We begin on (check date with Jo before sending), at nine.", "(check date with Jo before sending)"),
    ("I sat through TKTK days of it.", "TKTK"),
    ("[panel member] was taken with your plan.", "[panel member]"),
    ("The loop for the train app (mention the exact number she gave) was fine.", "(mention the exact number she gave)"),
    ("I hope you had a good [weekend/evening].", "[weekend/evening]"),
    ("We seek a senior [Engineer/Analyst] for it.", "[Engineer/Analyst]"),
    ("Thanks for your time, FIRSTNAME.", "FIRSTNAME"),
    ("The offer stands at €0,000 a year.", "€0,000"),
    ("We hope to see you on DD Month.", "DD Month"),
    ("I can come. Click or tap here to enter text.", "Click or tap here to enter text"),
    ("The post is his. Choose an item.", "Choose an item"),
    ("I hope you had a good evening (delete one).", "delete one"),
    ("I liked your point about (add the thing she said, check notes).", "(add the thing she said, check notes)"),
    ("The next meeting is with supervisor's name here at our office.", "supervisor's name here"),
    ("You will meet the site manager, insert name once confirmed, on Monday.", "insert name"),
    ("I wrote {{recruiter_name}} on Monday.", "{{recruiter_name}}"),
    ("I wrote {name} on Monday.", "{name}"),
    ("We could meet on {Monday, Tuesday}.", "{Monday, Tuesday}"),
    ("I liked {mention one thing, in brief}.", "{mention one thing, in brief}"),
    ("I liked the loom at Brandt & Co}.", "}"),
    ("I liked the loom at [Brandt and the dye.", "["),
    ("We heard about ... and liked it.", "..."),
    ("I hope that your ADD PROJECT goes well.", "ADD PROJECT"),
    ("Come to our company name office in May.", "company name"),
    ("I write for the role name position.", "role name"),
    ("We were told about project name.", "project name"),
    ("We meet on day of the week at nine.", "day of the week"),
    ("My page is linkedin.com/in/your-name.", "linkedin.com/in/your-name"),
    ("We met because of lorem ipsum.", "lorem ipsum"),
    ("Would TBC suit your crew?", "TBC"),
    ("Come to us on weekday, date, and bring boots.", "weekday"),
    ("The barge leaves on Monday at time, from the lock.", "time"),
    ("I have liked the job title role since May.", "job title"),
    ("There is a forge at your company name.", "company name"),
    ("We sat with my colleague name and a cat.", "colleague name"),
    ("The lock opens again in number of weeks.", "number of weeks"),
    ("The launch is on date to be inserted by Jo.", "date to be inserted by Jo"),
    ("We had spoken of insert example at length.", "insert example"),
    ("We saw the {{double}} room.", "{{double}}"),
    ("The fee is GBP TBC per day.", "GBP TBC"),
    ("The fee is £TBC per day.", "TBC"),
    ("I have read of ${employer} before.", "${employer}"),
    ("I have read *insert latest report* with joy.", "*insert latest report*"),
    ("Write to your.name@example.com then.", "your.name@example.com"),
    ("Ring (000) 000-0000 then.", "(000) 000-0000"),
    ("I heard that COMPANY is hiring.", "COMPANY"),
    ("I have trusted COMPANY_NAME since.", "COMPANY_NAME"),
    ("Our steward, Name Surname, will wait.", "Name Surname"),
    ("Ring me on 07xxx xxxxxx then.", "07xxx xxxxxx"),
    ("The wage is 31,XXX gross.", "31,XXX"),
    ("I have sold shoes for # years.", "# years"[:1]),
    ("The bonus is £00,000 gross.", "£00,000"),
    ("We signed on 1X March at last.", "1X March"),
    ("The deed is dated [●] March.", "[●] March"),
    ("The role of at your yard is mine.", "role of at"),
    ("It was good to see the of your yard.", "the of"),
    ("I liked the (grand/quiet/busy) hall.", "(grand/quiet/busy)"),
    ("The desk of [which one?] is mine.", "[which one?]"),
    ("Come on [9am/3pm] to us.", "[9am/3pm]"),
    ("The desk of firstName is mine.", "firstName"),
    ("The desk at ｛会社名｝ is mine.", "｛会社名｝"),
    ("I was at N/A for years.", "N/A"),
    ("My visit to [department] was long.", "[department]"),
    ("I read about [the thing you mentioned] at home.", "[the thing you mentioned]"),
    ("The desk at {firm} is mine.", "{firm}"),
    ("The desk at {{ firm.name }} is mine.", "{{ firm.name }}"),
    ("The desk at {{{firm}}} is mine.", "{{{firm}}}"),
    ("The desk at <company> is mine.", "<company>"),
    ("The desk at <<company>> is mine.", "<<company>>"),
    ("I liked >>> mention the yard here <<< a lot.", ">>> mention the yard here <<<"),
    ("Call or text [foreman's cell] if you are lost.", "[foreman's cell]"),
    ("It is on the 12th at (time to follow – ask Jan), and lunch is on us.", "(time to follow – ask Jan)"),
    ("I came for the TBD position at your yard.", "TBD"),
    ("I enjoyed insert detail about the yard here a lot.", "insert detail"),
    ("I am proud of my past (mention project), and of more.", "(mention project)"),
    ("I have always admired Company Name for its yard.", "Company Name"),
    ("I rang on ***insert date*** at noon.", "***insert date***"),
    ("The desk at ‹firm› is mine.", "‹firm›"),
    ("The desk at «Firma» is mine.", "«Firma»"),
    ("The desk at %EMPLOYER% is mine.", "%EMPLOYER%"),
    ("The desk at $employer$ is mine.", "$employer$"),
    ("The desk at ${employer} is mine.", "${employer}"),
    ("The desk at $employer_name is mine.", "$employer_name"),
    ("The desk at #EMPLOYER# is mine.", "#EMPLOYER#"),
    ("The desk at @@employer@@ is mine.", "@@employer@@"),
    ("The desk at |EMPLOYER| is mine.", "|EMPLOYER|"),
    ("The desk at *|EMPLOYER|* is mine.", "*|EMPLOYER|*"),
    ("The desk at __EMPLOYER__ is mine.", "__EMPLOYER__"),
    ("The desk at _____ is mine.", "_____"),
    ("The desk at ..... is mine.", "....."),
    ("The desk at ??? is mine.", "???"),
    ("The desk at EMPLOYER is mine.", "EMPLOYER"),
    ("The desk at Company Name is mine.", "Company Name"),
    ("The desk at (name of company) is mine.", "(name of company)"),
    ("The desk at XXX is mine.", "XXX"),
    ("I have sold shoes for XX years.", "XX"),
    ("I have sold shoes for X years.", "X"),
    ("The wage is €XX.XXX gross.", "€XX.XXX"),
    ("Sales rose by XX%.", "XX%"),
    ("Come on xx/xx at nine.", "xx/xx"),
    ("Come on dd/mm/yyyy at nine.", "dd/mm/yyyy"),
    ("Come on ##/##/## at nine.", "##/##/##"),
    ("Come on DATE at nine.", "DATE"),
    ("Come on TBC at nine.", "TBC"),
    ("Come in 20XX again.", "20XX"),
    ("I spoke to INSERT NAME there.", "INSERT NAME"),
    ("I spoke to NAME_HERE there.", "NAME_HERE"),
    ("I spoke to Mr/Ms Oduya there.", "Mr/Ms"),
    ("I liked the ROLE TITLE role.", "ROLE TITLE"),
    ("{% if late %}Sorry.{% endif %}", "{% if late %}"),
    ("TODO say something about the roof.", "TODO"),
    ("Lorem ipsum dolor sit amet.", "Lorem ipsum"),
    ("I am glad/sad (delete as appropriate).", "delete as appropriate"),
    ("I saw #REF! in the sheet.", "#REF!"),
    ("Call me on [phone or mail] soon.", "[phone or mail]"),
    ("I like the desk at . A lot.", "at ."),
    ("The desk at ¤EMPLOYER¤ is mine.", "¤EMPLOYER¤"),
    ("The desk at ==EMPLOYER== is mine.", "==EMPLOYER=="),
    ("The desk at ¬employer¬ is mine.", "¬employer¬"),
    ("The desk at 『会社名』 is mine.", "『会社名』"),
    ("The desk at →employer← is mine.", "→employer←"),
    ("The desk at &employer; is mine.", "&employer;"),
    ("The desk at $(employer) is mine.", "$(employer)"),
    ("I liked /* add a project */ most.", "/* add a project */"),
    ("The desk beside undefined is free: I sat with undefined.", "undefined"),
    ("I bring NaN years of roofs.", "NaN"),
    ("Come on Invalid Date at nine.", "Invalid Date"),
    ("Come on 00.00.0000 at nine.", "00.00.0000"),
    ("I spoke to Mr. Surname there.", "Surname"),
    ("I spoke to Mr. [Last Name there.", "[Last Name"),
    ("INSERT ANECDOTE and so on.", "INSERT ANECDOTE"),
    ("The wage is £[00,000] gross.", "[00,000]"),
    ("The fee is $___ an hour.", "___"),
    ("(add a line here on the gutters)", "(add a line here on the gutters)"),
    ("Come at TK sharp.", "TK"),
]
FILLED = [
    "The gate opens with PIN 0000 until May.",
    "I liked the {{#each}} helpers you want out of it.",
    "It is the one with [object Object] in its logs.",
    "The widths come from <stdint.h>, as you said.",
    "X-ray films hang in the hall.",
    "I was born on January 1, 1970.",
    "The class X pupils of Pune liked it.",
    "I fixed the [object Object] bug you saw.",
    "You can reach me here: Link Street 4.",
    "Write to me here.",
    "The note (see my notes) is long.",
    "I moved to X, once Twitter.",
    "The order is REF-0012.",
    "I will double-check it and look it up.",
    "Add a line about your hours, and I will book it.",
    "Put a note on the desk here: it gets read.",
    "Mention a detail about here in Leeds, if you like.",
    'The form went to forty people with "insert name" still printed at the top.',
    "We (check the date with Jo) meet on Monday.",
    "I told you about the stew (add the barley last, as my aunt did).",
    "You will find the manager's name here and there on the site.",
    "The TKT course helped me.",
    "It was [and/or is] hard, and the loss was £0.",
    "Ask guests to choose an item from the menu, and enter text by hand.",
    "The {ski, boot} angle is off by a hair.",
    "The map tiles lie under /{z}/{x}/{y}.png, and clip badly.",
    'You told us of the mail that greeted everybody as "{{first_name}}".',
    "Where you wrote {breath} the actors really took one.",
    "The parser wants a } at the end.",
    "The half-open range [2, 9) was wrong.",
    "I smiled :] all day.",
    "We thought about it... and stayed.",
    "The valve RS-2200-XX is out of stock.",
    "The numeral XX is on the gate.",
    "I pressed <Escape> twice.",
    "A popup with [OK] hides the form.",
    "The company name was painted on the mill.",
    "Which day of the week is market day?",
    "My page is linkedin.com/in/tom-ashby.",
    "The start date is TBC, as you know.",
    "We met on time, at the place you named, on the day you named.",
    "My job title is Steward, and yours is on the door.",
    "Please tell me your company name and its number.",
    "The lock opens in a number of weeks.",
    "The date is to be confirmed by the harbour.",
    "Our linter warns of {{curly braces}} that nobody closes.",
    "In Mustache the {{{triple}}} form leaves the markup as it is, the {{double}} one does not.",
    "That ROLE is taken.",
    "The bolt is XX-77-C.",
    "I left {} as the default, and it broke.",
    'We meet after Lent <as she put it, "God willing">.',
    "The script sets COMPANY_NAME as a variable.",
    "I wrote our mailing with {{first_name}} placeholders.",
    "I am [very] sure of it.",
    "Part [IV] is long.",
    "Tick [x] on the form.",
    "We saw 4xx errors and sawed 2x4 planks.",
    "My mail is on ana_b@example.org at all times.",
    "The man I talk to and the one I work for are one.",
    "The at-risk list is short.",
    "Write it as dd/mm/yyyy there.",
    "The (front/back) door sticks.",
    "It greeted 40,000 readers with a bare {{ first_name }} that day.",
    "It won by five votes to nil, as we heard.",
    'The line that reads "Witness: ________" stays empty.',
    "Mind the locker that says YOUR NAME HERE in red.",
    "The page whose <title> is the same has 300 <input> elements.",
    "We shift x << 3 and y >> 2 there.",
    "I ran cat <<<EOF >>>out, and it worked.",
    "I led ***the whole*** yard.",
    'He wrote "sincerly [sic]" to us.',
    "As shown in [4] and by Okoro [2021], it holds.",
    "My licence [3 pages] is attached.",
    "I rang in (the line was poor).",
    "The start (date TBC) is near.",
    "The venue is TBC.",
    "We return Map<String, List<Integer>> there.",
    "It lies at <https://files.example/roof> now.",
    "Write to Tom <tom@files.example> about it.",
    "The Jinja template prints {{ customer.name }} twice.",
    "Calls to /shops/{shop_id}/orders were slow.",
    "Use `{name}` for it.",
    "You laughed at the mail that began “Dear [first name], we love you”.",
    "Gen X buys it, and the X-ray of my foot was fine.",
    "I wear size XX and he wears XXL.",
    "The mill is from the XX century.",
    "She holds an R.T.(R)(CT) and a B.A. (Hons).",
    "It rose from 3% to 9% and cost $4 or $5.",
    "C# and F# are #1 for me.",
    "We need your NAME and ADDRESS.",
    "Note the DATE and the TIME.",
    "Send your details (name, date of birth).",
    "My TODO list is long.",
    "I have (project) management behind me.",
    "That was good :-) <3 ^__^",
    "Really??? And so on.... Yes!",
    "We banned lorem ipsum from our mock-ups.",
    "The path $HOME and the file __init__ are known.",
    "He/she and/or they may come, Sir/Madam or not.",
    "The call was marked [OPEN] in the grid.",
    "The DD/MM/YYYY format was a trap.",
    "I set A[i] and f(x) to {1, 2}.",
    "5xx errors went down.",
    "Editors found 'TK' and “TODO” in the proofs.",
    "I asked TK, as we call Tim Kerr.",
    "Under § 9 and §§ 11-12 we may sublet, see ¶ 4.",
    "In a == b + c the sum is =A1+B1.",
    "It is ~5 km → ten minutes, 20° at noon.",
    "An INSERT INTO was slow, an UPDATE was not.",
    "The field was null and the rest undefined.",
    "With NN models the error fell.",
    "The tag <kbd> and </kbd> were gone.",
    "An XX-large coat is too big.",
    "Great!! Really??",
]
GREETINGS = [
    "Dear [Ms Vogel,",
    "Dear Ms Vogel},",
    "Hi {,",
    "Dear ,", "Dear Mr ,", "Dear Mrs,", "Dear Mr/Ms,", "Dear [Name],", "Dear (first name),", "Dear First Name,",
    "Dear NAME,", "Dear INSERT NAME,", "Dear «Vorname»,", "Dear #NAME#,", "Dear |FNAME|,", "Dear ...,", "Dear ___,",
    "Dear N/A,", "Dear First Last,", "Dear ¤name¤,", "Dear Mr. Lastname,", "Dear null,", "Dear XX,",
    "Dear Hiring Manager's Name,", "Dear ${first},", "Hi {{contact.first|there}},",
]  # fmt: skip
PLAIN_GREETINGS = [
    "Dear Sir/Madam,", "Dear Hiring Manager,", "Dear Candidate,", "Hello,", "Hi - good day!", "Dear Ms (Dr) Vogel,",
    'Dear William "Bill" Hay,', "*Dear Ms Vogel,*", "Hi @Lena,", "Dear TK,", "Dear Lena (and crew),",
    "Dear Dr,", "Dear all,",
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "slot"), OPEN)
def test_finds_the_slot(sentence: str, slot: str) -> None:
    body = FRAME.replace("{}", sentence)
    assert excerpts(faults(NAME, body), body)[:1] == [slot]


@pytest.mark.parametrize("sentence", FILLED)
def test_leaves_the_rest(sentence: str) -> None:
    body = FRAME.replace("{}", sentence)
    assert excerpts(faults(NAME, body), body) == []


@pytest.mark.parametrize("greeting", GREETINGS)
def test_slots_of_the_salutation(greeting: str) -> None:
    assert faults(NAME, f"{greeting}\n\nThank you for today.\n\nBest,\nTom")


@pytest.mark.parametrize("greeting", PLAIN_GREETINGS)
def test_salutations_without_a_slot(greeting: str) -> None:
    assert not faults(NAME, f"{greeting}\n\nThank you for today.\n\nBest,\nTom")


@pytest.mark.parametrize(
    "subject",
    [
        "Talk on [date]",
        "[Company] thanks you",
        "For {{role}}",
        "Talk on TBC",
        "Ref. ???/24",
        "At ___",
        "XX: your talk",
        "JOB TITLE - my thanks",
        "Talk: DATE",
    ],
)
def test_slots_of_the_subject(subject: str) -> None:
    found = faults(NAME, "Dear Ms Vogel,\n\nThank you.", subject)
    assert [one.part for one in found] == ["subject"] * len(found)
    assert found


@pytest.mark.parametrize(
    "subject",
    ["[EXTERNAL] Your talk", "Re: [Ticket 5] Talk", "Start date TBC", "Baker (m/f/d)", "NEXT STEPS", "Still on??"],
)
def test_subjects_without_a_slot(subject: str) -> None:
    assert not faults(NAME, "Dear Ms Vogel,\n\nThank you.", subject)


@pytest.mark.parametrize(
    "last",
    [
        "[Your Name]",
        "Your Name",
        "(your name)",
        "{{sender}}",
        "Tom\n[Phone number]",
        "Name Surname",
        "______",
        "Tom\nJob Title, Company",
        "Tom\nPhone number",
        "Sender",
        "Tom Ashby\nPhone:",
    ],
)
def test_slots_of_the_closing(last: str) -> None:
    assert faults(NAME, f"Dear Ms Vogel,\n\nThank you.\n\nKind regards,\n{last}")


@pytest.mark.parametrize(
    "last", ["Tom xx", "Tom\n______________\nRoofs Ltd", "Tom (he/him)", "Tom [she/her]", "xxx\nTom"]
)
def test_closings_without_a_slot(last: str) -> None:
    assert not faults(NAME, f"Dear Ms Vogel,\n\nThank you.\n\nKind regards,\n{last}")


def test_a_name_of_this_application_in_brackets_is_filled() -> None:
    body = FRAME.replace("{}", "I want the post of <Roofer> at [Roofs Ltd].")
    assert len(faults(NAME, body)) == 2
    assert not faults(NAME, body, context=Context(role="Roofer", company="Roofs Ltd"))


def test_what_the_notes_speak_of_is_no_slot() -> None:
    """A size or a chromosome that was talked about is written as it is."""
    body = FRAME.replace("{}", "I have often thought of the XX block.")
    assert faults(NAME, body)
    assert not faults(NAME, body, context=Context(notes=("XX size fits badly",)))


def test_the_hint_says_what_belongs_there() -> None:
    context = Context(recipient="Lena Vogel", company="Roofs Ltd", role="Roofer")
    (one,) = faults(NAME, "Dear [Name],\n\nThanks.", context=context)
    assert "Lena Vogel" in one.hint
    assert "unfinished" in one.message
    (one,) = faults(NAME, FRAME.replace("{}", "I like [Company]."), context=context)
    assert "Roofs Ltd" in one.hint


def test_options() -> None:
    body = FRAME.replace("{}", "I like [Company] and came on DATE.")
    assert len(faults(NAME, body)) == 2
    assert excerpts(faults(NAME, body, allow=["[company]"]), body) == ["DATE"]
    assert excerpts(faults(NAME, body, words=False), body) == ["[Company]"]


@pytest.mark.parametrize(
    "body", ["", " ", "\n", "🙂", "مرحبا", "[" * 2000, "{{" * 2000, "x" * 100_000, "A" * 100_000 + "b"]
)
def test_odd_texts(body: str) -> None:
    for one in faults(NAME, body, body[:50]):
        assert 0 <= one.start <= one.end
