"""The many ways to ask, wish, offer and leave the choice, and their doubles that ask for nothing."""

from __future__ import annotations

import pytest

from quality.helping import faults

ASKING = """
Do you want me to bring the plaster samples along.
Successful applicants should confirm acceptance in writing by 1 June.
Will there be a practical test?
Unless you'd rather I didn't, I'll drop the drawings in on Thursday.
My question is simply whether the field work starts in May.
I earnestly crave your indulgence to be informed of the result.
What notice do you have to give?
Hope you can fit in a quick call before then.
Should I hang on to the loan laptop, or post it back?
Humbly requesting your office to communicate the outcome to me.
If someone in your office could spare a sentence on the outcome, I'd be most thankful.
Your early response will oblige.
If I have misread your notes on tariffs, put me right.
Just touching base about the timetable for the second round.
Might you have a moment to go through the marks with me?
Ask for Winnie at the gate and she'll walk you over.
We invite you to propose a topic.
Do apply again next year.
I've kept Thursday clear in case you want a second look at the prototype.
Just so we can book the room: will you be coming with slides?
Cast an eye over it and come back to me with changes.
I'd gladly sit a second test if that settles it.
We would be honoured to have you present to the partners on Tuesday.
You've got my mobile; use it.
Let me have your verdict whenever it's ready.
Trusting to hear from you at your convenience.
We should very much like to see you again.
Write back with a date that suits and I'll sort the train fare.
Have your references email us directly.
Let's pick up the thread on Thursday.
Has my referee from Kano been in contact?
We would be grateful for your decision by Friday.
Please update.
Ring Tolu at the workshop for a word about my welding.
Would it be any use if I sent the raw figures?
Which of the samples should I bring?
Two words will do.
I am writing to solicit an update on the aforementioned vacancy.
The portal is open for you to upload your diploma until noon.
You may appeal against this decision in writing.
Tick the slot that suits on the sheet below.
I would be glad of the opportunity to show you the finished map.
How are you fixed for Wednesday?
Send on your bank details as soon as may be.
I wonder how the vote went.
We'd be sorry to lose you, so speak up if the pay is the snag.
Is the salary band open to discussion?
Might a decision be near?
Might I ring on Tuesday?
Your thoughts on the attached rota would be useful to us.
I could drive up on any weekday, if you'd like a second look.
Those attending should let Mrs Pillay know about any dietary needs.
When do you need me to say yes?
Please, sir, may I know my fate?
I am waiting your reply.
I'm reaching out to learn whether the panel has reached agreement.
In case of doubt, my supervisor can vouch for me on 555 0123.
What did the others do better?
I hope we can carry on the discussion about moulds over a coffee one day.
Is there anything we can do to sweeten the deal?
Which entrance ought I to use?
Correct me if I've misunderstood the shift pattern.
I'm around all of next week should a further talk be of use.
I will be glad if you can get back to me before the week runs out.
Over the next few days you may contact our doctor for the medical.
Either way, a heads-up would let me plan my leave.
Tell me, is the post still vacant?
We'd be interested in reading your thesis.
Do come and see us if you are ever in Bergen.
I'd be so glad of a date to aim for.
Whatever the outcome, do tell me.
I'd really like your take on the second exercise.
The form can be returned to the address overleaf.
Log in with the code below and choose a slot.
Put me down for the second round on either date.
Should you wish to decline, a one-line email is all that's needed.
If a different day is easier on your side, I can move things around.
Bring Polish certificates too, if you have any.
Two days are on offer, the 4th and the 6th; which do you prefer?
My evenings are free if a video call is simpler.
Were there anything missing, I could bring it on Friday.
I wonder whether I might ask one favour.
Could somebody in personnel point out the gaps in my file?
I'd be obliged for two lines on the written test.
So, where do we go from here?
Should any of this come as a surprise, I'm at my desk until six.
If there's a form to fill in, fire it over.
Anything you can tell me about the shortlist would settle my nerves.
Care to join us for the team lunch on the 8th?
Were you to have doubts about my Dutch, I could come in for a language test.
I will be waiting to hear from your end.
Point me to the right person if it isn't you.
Email or ring, whichever is less bother.
Whatever you decide, I'd value hearing why.
Is it all right if I bring my own torque wrench?
Would that be of interest?
Please feel free to write.
If you need another day, there is room on Thursday.
If anything is missing, the office is open until five.
How long does the next round take?
Is it any use sending the reels now?
What more do you need from me?
I hope you will not mind my asking whether the list is final.
What else did the panel need from me?
How long does it take to get the badge?
What else am I to bring?
It is up to you which of the two days we take.
If you can't make the 4th, I am free on the 6th.
Was there something missing, a certificate or a reference?
"""

NOT_ASKING = """
I would ring each family myself and ask how the night had been.
I hope this finds you well.
Congratulations, and welcome aboard!
Please find below the names of the successful applicants.
I will call your office on Wednesday to learn more.
I would welcome a fresh start in your team.
If you take me on, you'll never regret it.
May your harvest be plentiful.
Call it fate.
Please extend my warmest thanks to your deputy.
Give my best to the night crew.
I was asked about the gap in my CV and explained it.
My suggestion about the rota came from a nurse.
Let us say it went better than my driving test.
It was a treat to hear how the bells are tuned.
Thank you for offering to call me.
I look forward to good news.
I'd appreciate a role with more travel.
Let me add that the soup was superb.
It would be wonderful if the choice fell on me.
A decision is expected in June.
We'll let you know.
I look forward to the new challenge.
Give Bruno a pat from me.
I'm willing to learn anything.
Whenever a guest complains, I listen first.
I hope we meet again.
I will wait for the letter.
You wanted to know whether I could weld overhead.
I hope that my test lesson spoke for me.
Say what you like about Hull, the light is superb.
Stay warm up there.
Do I want the job? With all my heart.
We do not answer questions about individual marks.
Thanks for getting back to me so fast.
We hope you'll apply again one day.
As you can check in the register, my licence is current.
Attached you will find the permit.
I look forward to being part of the crew.
You start on the 1st; the gate opens at six.
I am glad that you asked about the rota.
Long may the orchard flourish.
As a clerk I took calls, answered letters, and sent out reminders.
Say hi to the parrot.
Ask my mother how long I talked about it.
Here's to a positive outcome.
You told me to let you know if the test was too hard; it was not.
They ask for three years of experience, and I have five.
If it were up to me, I would start tomorrow.
You kindly let me try the crane.
I'd love to run that line for you.
Who could forget the smell of that bakery?
Interviews finish on Friday, and the governors meet the Monday after.
No need to answer.
I shall keep my fingers crossed until the letter comes.
I trust your panel to choose wisely.
Where else would you find a turbine from 1911 still turning?
I look forward to seeing the new wing one day.
Isn't it strange what a spreadsheet can hide?
Why would anyone leave such a place?
As promised, here are the figures.
Looking forward to my first day.
I look forward to the next chapter, wherever it is written.
I hope I answered your question about glazing.
Please note our new address.
Candidates are told by letter.
I would think hard before accepting another call from you.
My routine is plain: taste at six, note it down, tell nobody until noon.
Warmest wishes to the whole crew.
It was a close call.
We look forward to having you with us.
Please God, it will work out.
Kindly accept the assurance of my highest esteem.
Bring nothing but yourself.
The results can be seen on the board from Tuesday.
How do I feel about nights? I like them.
Unless the weather turns, the harvest ends on Friday.
You'll get a letter within ten days.
Consider it done.
At Brody's I set up meetings, answered the phone and took the minutes.
Please allow two weeks for the refund of your fare.
I leave the decision in your capable hands.
Let it snow.
I'd be honoured to wear that uniform.
Have a good one.
Late forms are not accepted.
My answer to your riddle is a candle.
Call me lucky.
I believe my record speaks for itself.
What an afternoon!
All documents must be in by the 4th.
Love to all at the depot.
Enjoy the regatta!
Please be assured of my continued interest.
Please keep warm in this weather.
Good luck with the thesis.
If a pump fails, I hear it before the gauge does.
Welcome to the team!
Nobody is going to beg you to take the post.
I was about to ask what went wrong, but I doubt that anyone knows.
I had meant to ask for the marks, and thought better of it.
If you can't fill in one line, I don't see how you are to write reports.
If anything changes, you will be told.
Should the roof fall in, you will be the first to hear of it.
You must decide if you need this job or are only wasting our time.
We will see if you are still interested next year.
I stopped waiting for your reply in May.
I no longer await your answer.
I would appreciate your silence.
What did you expect, a brass band?
What more did the panel need, a drum roll?
Did nobody think of the fish?
Since when is four weeks a short while?
Whatever happened to good manners?
How many times must a man explain his own trade?
Feel free to frame this letter.
"""


def body_of(last: str) -> str:
    opening = "Dear Sam,\n\nThank you for the long talk on Monday. The plan for the yard made sense to me."
    return f"{opening}\n\n{last}\n\nKind regards,\nAda Park\n"


@pytest.mark.parametrize("last", ASKING.strip().splitlines())
def test_it_asks(last: str) -> None:
    assert faults("call_to_action", body_of(last)) == []


@pytest.mark.parametrize("last", NOT_ASKING.strip().splitlines())
def test_it_asks_for_nothing(last: str) -> None:
    assert len(faults("call_to_action", body_of(last))) == 1
