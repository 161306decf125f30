"""`call_to_action`: what invites an answer or a step, and what only looks like it."""

from __future__ import annotations

import pytest

from followup_rules.check import Context
from followup_rules.quality.catalogue import Catalogue
from followup_rules.quality.text import Text
from quality.helping import excerpts, faults

ASKING = """
No rush, but whenever there's word, good or bad, I'd be happy to get it.
We should be glad to learn before then which of the two you prefer.
A word from Ms Bae will bring me back across the river.
COULD YOU TELL ME WHEN YOU DECIDE?
CALL ME ON FRIDAY.
Would it be any bother to have me back for a milking before you settle on someone?
Would you like to see the papers, or to speak to my old foreman, who's number is below?
And who's the right person to ask about keys?
Would it be possible to tell me whether the trustees have met?
Request you to share a scan of the licence before Diwali.
Kindly request you all to confirm the room.
It would be a great joy to learn whether the choir may count on me.
It would help me to learn where the lesson lost you.
I am on the 14.10 from Derby and can be reached on my mobile.
I'm in Oban on Friday and could look in.
Until I hear from you I keep the van.
I'd be glad of your thoughts on the plan.
If the bus is a hurdle, we can talk about lifts.
I'd gladly redo the test with a sharper blade.
I'd like to take you up on your offer of a second shift.
It would be good to continue our talk.
You have my number.
I'd sooner know.
I am across the road, should you wish to see the lathe.
Nothing more is missing but your signature.
The next step is with you.
I leave the hour to you.
All that is missing now is your signature.
It only needs your nod.
I'd be interested in your honest view of the sketch.
We would be glad to welcome you to a second talk on the 6th.
My old number works until Easter.
Any evening after six is fine for me.
What if I came on Friday with the tools?
If there is anything unclear, I have the files open.
Take whichever slot suits you.
Would Wednesday at nine suit you?
Shall I post the sketches?
Could I ring you on Friday? No rush at all.
Shall I send it over? It runs to two pages.
Is there any news? It would ease my mind.
May I come by with the sample?
Any news on the trial run?
When might the board decide?
Does the 12th still work?
Is the post still open?
Have you been able to reach my referees?
Do you need my tax number?
Could you confirm the room.
Thoughts?
Kindly revert by Monday.
Please inform me until Friday.
Pls tell me the result.
Please do not hesitate to write.
Feel free to ring the workshop.
Drop me a line whenever suits.
Give us a shout if you get stuck.
Just reply with a number.
Bring your boots on Monday, and ask for Jo.
Tell me which day is best.
If the form is unclear, write to me.
If you would like to see the drawings, I can send them.
Should anything change, our desk is open until six.
Unless I hear otherwise, I will come at ten.
Any questions, just ask.
I'd be glad to come back and meet the night shift.
Happy to answer anything else.
I would welcome the chance to discuss the plan.
I'd love to hear your view of it.
I am available for a call on any morning.
I remain at your disposal.
You can reach me under the number below.
You are welcome to ring me at home.
My mobile is always on.
Queries may be sent to posts@example.org.
I look forward to hearing from you.
I look forward for your reply.
Waiting for your kind response.
I await your answer.
Hoping to hear back soon.
One line is enough.
A simple yes or no will do.
Even a rough date would help.
Any feedback, however short, would be welcome.
I should be grateful for a line.
I'd appreciate it if you could send the form back.
It would help to know your timetable.
If you could spare five minutes, I would be very grateful.
I was wondering whether there is any news.
I would like to ask about the outcome.
We kindly ask you to return the badge.
You are requested to confirm your attendance.
We would like to invite you to a second talk.
Do well to call me when you get this.
Over to you.
Let's fix a date next week.
Once I have your confirmation, the ticket is booked.
Thank you in advance for your reply.
Perhaps you could send the plan to my home address.
"""

NOT_ASKING = """
Others had the kindness to answer our question about pay.
Put in a line about the lift here, but spare Todd.
I know how to tell a regular donor, kindly, that the mattress must stay.
PUT SOMETHING HERE ABOUT THE COLD STORE.
Decent firms pay their fitters on time, don't they?
Professional people answer the phone, do they?
It would be hard to know how deep that kiln goes.
Such tiles can and can be found in every yard.
You could look in the shed.
I hope to see you at the top one day.
Nothing more is needed from your side.
You will get an email on the 5th; no action is required.
I went on thinking of the question about the glaze.
Mr Ames and Ms Roth can be reached at their school.
It would have been grand to talk for longer.
It would be wonderful to work on such kilns.
I'd ask for your reasons, but I suspect there are none.
I would give anything to know how it ends.
How can I ever thank you?
The next step for the craft is glue.
I have a suitcase of samples at home.
I am interested in your firm.
All that remains is to thank you.
The ball went into the net.
It takes one bad seam to lose a coat.
I was delighted to meet your cooks.
I look forward to working with the crew.
We look forward to welcoming you on 3 March.
I hope the job will be mine.
Hoping for good news.
Fingers crossed!
Have a pleasant evening.
Enjoy the holiday.
Please find attached my papers.
Please accept my thanks.
Please forgive the delay.
Please thank Dev for the tour.
Please pass on my regards to the crew.
Please note that the gate closes at six.
Please rest assured that your data is safe.
Please do not reply to this message.
We will contact you.
You will learn of it in due time.
I will call you on Friday.
The file must be complete by Friday.
We need your licence, to be handed in at the desk.
No reply is needed.
Who wouldn't want to work there?
What more could one ask for?
Can you imagine my surprise?
Do you people ever read your mail?
How was your holiday?
I hope the weekend went well?
And you know what?
You asked how I would lead the team.
She asked, "Could you start in May?"
You promised to let me know by the 5th.
I was happy to answer your questions.
I was glad to hear how you work.
I am pleased to inform you that you were chosen.
I'd be happy to join your team.
I would be happy to run the kiln at night.
I would welcome the opportunity to contribute.
Thank you for letting me know.
Thanks for your quick reply.
I am grateful for your honest feedback.
I am available to start on 1 June.
If you hire me, I will give everything.
If you need someone who stays calm, I am your man.
If customers need help, we are there.
Callers could reach me at any time.
I told them to call me first.
My job was to greet callers, ask questions, and send reports.
Text messages went out within the hour.
Call me old-fashioned, but I like paper.
Give me a month and the store will run like a clock.
We ask for your patience.
Your patience is appreciated.
I have been waiting for your reply for six weeks.
May I say how much I enjoyed it?
Would I move? In a heartbeat.
When can I start? Tomorrow.
Will paper die out? I think not.
Even a child would see the point.
I trust you will make the right choice.
I remain keen on the post.
Best of luck with your search.
"""


def body_of(last: str) -> str:
    opening = "Dear Ms Okoro,\n\nThank you for the tour. The new kiln was a highlight."
    return f"{opening}\n\n{last}\n\nKind regards,\nTom Reed\n"


def lines(table: str) -> list[str]:
    return [line for line in table.strip().splitlines() if line]


@pytest.mark.parametrize("last", lines(ASKING))
def test_an_invitation_is_seen(last: str) -> None:
    assert faults("call_to_action", body_of(last)) == []


@pytest.mark.parametrize("last", lines(NOT_ASKING))
def test_what_only_looks_like_one_is_no_invitation(last: str) -> None:
    assert len(faults("call_to_action", body_of(last))) == 1


def test_the_fault_stands_on_the_last_sentence() -> None:
    body = body_of("Have a pleasant evening.")
    found = faults("call_to_action", body)
    assert excerpts(found, body) == ["Have a pleasant evening."]
    assert "question" in found[0].hint


def test_the_hint_fits_the_occasion() -> None:
    body = body_of("Have a pleasant evening.")
    status = faults("call_to_action", body, context=Context(follow_up="status_check"))
    assert "when you expect to decide" in status[0].hint
    employer = Context(direction="employer_to_candidate", follow_up="update")
    assert "any questions" in faults("call_to_action", body, context=employer)[0].hint


def test_a_wish_for_a_reply_above_the_name_counts() -> None:
    body = "Dear Bo,\n\nThank you for the tour.\n\nLooking forward to hearing from you,\nTom Reed\n"
    assert faults("call_to_action", body) == []


def test_a_request_to_call_above_the_name_counts() -> None:
    """The last line of a message is often its request, with a comma as if it were the farewell."""
    body = "Dear Bo,\n\nThank you for the tour.\n\nBuzz me if the kiln cracks again,\nTom\n"
    assert faults("call_to_action", body) == []


def test_a_postscript_counts() -> None:
    body = (
        "Dear Bo,\n\nThank you for the tour.\n\nKind regards,\nTom Reed\n\nPS: Shall I bring the samples on Monday?\n"
    )
    assert faults("call_to_action", body) == []


def test_what_a_mail_program_adds_does_not_count() -> None:
    footer = "Please consider the environment before printing this email."
    body = f"Dear Bo,\n\nThank you for the tour.\n\nKind regards,\nTom Reed\n\n{footer}\n"
    assert len(faults("call_to_action", body)) == 1


def test_only_the_end_counts_where_that_is_asked_for() -> None:
    filler = " ".join(["The second kiln runs at night."] * 6)
    body = f"Dear Bo,\n\nCould you tell me when you decide?\n\n{filler}\n\nKind regards,\nTom\n"
    assert faults("call_to_action", body) == []
    assert len(faults("call_to_action", body, at_the_end=True)) == 1


def test_a_bare_order_counts_at_the_end_only() -> None:
    order, rest = "Return the forms to the desk.", "The second kiln runs at night. " * 5
    assert faults("call_to_action", body_of(rest + order)) == []
    assert len(faults("call_to_action", body_of(f"{order} {rest}"))) == 1
    assert faults("call_to_action", body_of(f"Please r{order[1:]} {rest}")) == []


def test_an_option_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="extra"):
        faults("call_to_action", "x", at_the_start=True)


@pytest.mark.parametrize("body", ["", "\n\n", "...", "?", "🙂🙂", "مرحبا", "x" * 100_000, '"' * 1000, "please"])
def test_odd_input_is_no_error(body: str) -> None:
    for one in faults("call_to_action", body):
        assert 0 <= one.start <= one.end <= len(body)


def test_long_junk_takes_no_time() -> None:
    check = Catalogue()["call_to_action"]()
    for junk in (
        "please " * 5000,
        "if you " * 5000,
        "even a " * 5000,
        "'a " * 5000,
        "could you? " * 3000,
        "grateful if you " * 6000,
    ):
        list(check.faults(Text(junk), Context()))


def test_the_same_text_gives_the_same_faults() -> None:
    body = body_of("Have a pleasant evening.")
    assert faults("call_to_action", body) == faults("call_to_action", body)
