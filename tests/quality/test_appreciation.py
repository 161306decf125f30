"""`appreciation`: thanks to the reader, in any wording, and what only looks like it."""

from __future__ import annotations

import pytest

from followup_rules.check import Context
from quality.helping import excerpts, faults

THANKS = [
    "Cheers heaps for having me in.",
    "I want to say how much we valued your two days here.",
    "Thank you for making us feel so welcome at the pier.",
    "Thank you for letting me down so kindly.",
    "They are people I'd gladly row with, and I'm grateful for the day in the boat.",
    "Thankyou for the hour in the pottery.",
    "Thankyou both, it was a fine walk.",
    "It was large-hearted of you to lend a stranger your waders.",
    "You stayed on after the shift so that I could see the ovens lit, which was more than generous.",
    "I was touched that you had kept my sketch from last year.",
    "I felt honoured that your founder came down to the cellar.",
    "We are thankful for every comment, as we are for the care that you took over the form.",
    "I took your candour as a gift.",
    "We do not take it for granted that you swapped your weekend for us.",
    "You did not have to fetch me from the ferry, yet you did.",
    "Your patience during the power cut has been greatly valued.",
    "Your calm with my stubborn laptop was much appreciated by my nerves.",
    "Everyone on the night desk says thanks for the biscuits.",
    "A word of thanks for the loan of the coat.",
    "I feel pleased and grateful to have been asked back.",
    "Nothing obliged you to hear me twice.",
    "I was so glad that you let me try the loom.",
    "Heaven reward you and yours for the kindness at the gate.",
    "I take my hat off to you for the care over the small print.",
    "It was a treat, that is how it felt, and I appreciate the trouble you took.",
    "Thank you for your time on Monday.",
    "Thanks for seeing me at such short notice.",
    "A quick word of thanks for yesterday's tour.",
    "Many thanks to you and the panel.",
    "I can't thank you enough for the lift to the station.",
    "Please accept my thanks for the hospitality.",
    "Please pass on my thanks to the nurses on ward 4.",
    "Much obliged for the second chance.",
    "I am much obliged to you for the prompt reply.",
    "It was generous of you to give up your lunch break.",
    "How kind of you to send the slides.",
    "That was very decent of you.",
    "You were kind enough to show me the kiln.",
    "You could not have been more patient with my questions.",
    "Your patience while my camera failed did not go unnoticed.",
    "The hour you gave me on Friday meant a great deal to me.",
    "I valued the candid conversation about the budget.",
    "We value the time you put into the case study.",
    "I remain grateful for the frank advice.",
    "We're very grateful that you travelled so far.",
    "Grateful for your time, as ever.",
    "Thankful for the chance to see the lab.",
    "I'm indebted to you for the introduction.",
    "I appreciate you taking the time.",
    "I appreciated that you were so open about the workload.",
    "I appreciate that you took a whole morning for me.",
    "We really appreciate your patience.",
    "Your honesty was much appreciated.",
    "Much appreciated.",
    "I owe you a coffee for that explanation.",
    "Cheers for having me in on Friday.",
    "Ta for the tour.",
    "I wish to appreciate you for the opportunity given to me.",
    "Allow me to express my gratitude for the warm reception.",
    "Thanking you in anticipation.",
    "The board wishes me to convey its thanks for your visit.",
    "My colleagues asked me to pass on their thanks.",
    "I never thanked you properly for the sandwich.",
    "You went out of your way to make me comfortable.",
    "You made me feel very welcome at the depot.",
    "You took such trouble over the directions.",
    "Go raibh maith agat for the welcome.",
    "I shall not forget your kindness.",
    "Let me say thank you for Tuesday.",
    "I just wanted to say thanks.",
    "I will always be grateful for the advice.",
    "I should like to thank Ms Obi and yourself.",
    "The committee is grateful to you for the trial lecture.",
    "I did appreciate the tea.",
    "I was very glad of the hour you spent with me.",
    "Thanks to you all for making time.",
    "Merci for the welcome.",
    "I appreciate the opportunity to interview.",
    "I appreciate how openly you spoke.",
    "My thanks again for the trial shift.",
    "Thank your for the interview.",
    "I am greatful for your time.",
    "I so appreciate it.",
    "Thx for today",
    "I came away grateful for your frankness.",
    "Your time and advice are very much appreciated.",
    "We recognise the effort you put into the presentation.",
    "Everyone was so welcoming to me on Tuesday.",
    "The team and I thank you for the sample lesson.",
    "I would like to thank you for the interview.",
    "May I thank you for the visit.",
    "I'd like to say how much I appreciated the walk round the site.",
    "Thank you, and have a good weekend.",
    "We would like to express our sincere appreciation for your interest.",
    "Thnaks for the lift to the quay.",
    "I really appreciated how much room you left for doubts.",
    "It was a no, but I appreciate that you rang yourself.",
    "The Guild records its appreciation of your visit.",
    "For your patience with the goats I bow deeply.",
    "I'm sorry about the noise and grateful for your good humour.",
    "With a deep appreciation of your patience, I close here.",
    "I can only thank you for the trust.",
    "I would be remiss not to thank you.",
    "I want to thank the panel for its questions.",
    "I wouldn't want to close without thanking you.",
    "Words cannot express how grateful I am for this.",
]
NO_THANKS = [
    "I have twenty years with no lost time, and you told me that you need a welder.",
    "Thank you for making me feel like a nuisance.",
    "Thank you for letting me down again.",
    "Thankyou for nothing.",
    "How good of you to answer after only four months.",
    "Thanks a lot for leaving me to stew.",
    "Every guest at our inn is thanked by name.",
    "You would have my gratitude if the form could wait.",
    "Much obliged if you'd send the key.",
    "We have passed your thanks on to the cooks.",
    "I am thankful to the aunt who taught me to knit.",
    "We want somebody with an appreciation of old clocks.",
    "We were pleased that you passed the dictation.",
    "We did not take the choice lightly.",
    "You showed us two drawings, and the second had a fault.",
    "A short answer would be a kindness.",
    "My uncle was generous with his tools.",
    "I would appreciate an answer by Friday.",
    "I'd really appreciate it if you could write soon.",
    "I would be grateful if you could send the form.",
    "I'd be most grateful for a reply.",
    "We should be obliged if you would return the form.",
    "Thanks for nothing.",
    "Thank you for nothing at all.",
    "Thanks for finally ignoring my emails.",
    "Thanks for keeping me waiting for three weeks.",
    "Thank you for never replying.",
    "No thanks to the courier, the parts arrived.",
    "Thanks to your software, our queues are half as long.",
    "Thanks to the new rota, sick days fell by a third.",
    "It was largely thanks to my team that we won.",
    "The customers thanked me by name.",
    "He thanked me for the repair.",
    "Patients were grateful for the shorter wait.",
    "My manager appreciated my reports.",
    "My work was appreciated by the night shift.",
    "I appreciate that you are busy.",
    "I appreciate how busy this season must be.",
    "I appreciate the pressure you are under.",
    "As you will appreciate, we had many applicants.",
    "I did not appreciate being left in the lobby.",
    "I have come to appreciate the complexity of tax law.",
    "The property appreciated by five per cent.",
    "Any update would be appreciated.",
    "Your prompt reply will be appreciated.",
    "A short answer is much appreciated.",
    "I appreciate any news you can share.",
    "Thank God the trains were running.",
    "Thank goodness the demo worked.",
    'A guest wrote "thank you for the best stay" in our book.',
    'She said "thanks" and hung up.',
    "I am obliged to inform you that the post is filled.",
    "I feel obliged to mention another offer.",
    "It gave me a deeper appreciation of the craft.",
    "I have a real appreciation of good joinery.",
    "I appreciate how much you have to do.",
    "The rule at night is never to wait for a thank you.",
    "I taught a class on wine appreciation.",
    "You should be grateful that we read it at all.",
    "You will thank me later.",
    "I will thank you to answer my emails.",
    "I owe you an answer about the dates.",
    "We owe you a decision.",
    "It was a pleasure to meet you.",
    "I enjoyed our talk about the harbour.",
    "I handled thank you letters to donors.",
    "Customers who said thank you came back.",
    "It was good to see the kitchen.",
    "I value honesty in an employer.",
    "The firm values teamwork.",
    "It would be kind of you to reply.",
    "If you would be so kind as to answer.",
    "What kind of your machines need service?",
    "Thanks, but no thanks.",
    "I cannot thank you for the way this was handled.",
    "I have nothing to thank you for.",
    "We received thanks from forty families.",
    "They sent a letter of thanks to my old ward.",
    "The pupils' thanks meant more to me than the bonus.",
    "We felt appreciated there.",
    "I want to work where effort is appreciated.",
    "Kindly do the needful.",
    "You owe me an explanation.",
    "Thankfully the oven held.",
    "My grandparents were farmers, and I am grateful to my mother for that.",
    "I wrote the Thanksgiving menu.",
    "We hope that you appreciate our position.",
    "I can appreciate the difficulty.",
    "I'm the kind of person who stays late.",
]


def _letter(sentence: str, farewell: str = "Regards,") -> str:
    return f"Dear Ms Obi,\n\n{sentence}\n\nThe kiln tour was long.\n\n{farewell}\nAnn Lee"


@pytest.mark.parametrize("sentence", THANKS)
def test_thanks_in_many_wordings(sentence: str) -> None:
    assert not faults("appreciation", _letter(sentence))


@pytest.mark.parametrize("sentence", NO_THANKS)
def test_what_only_looks_like_thanks(sentence: str) -> None:
    assert faults("appreciation", _letter(sentence))


@pytest.mark.parametrize("farewell", ["Thanks,", "Many thanks,", "With gratitude,", "Gratefully,", "Thanking you,"])
def test_thanks_in_the_farewell(farewell: str) -> None:
    body = _letter("The oven was hot.", farewell)
    assert not faults("appreciation", body)
    assert faults("appreciation", body, closing_counts=False)


@pytest.mark.parametrize("farewell", ["Regards,", "Cheers,", "Yours faithfully,", "Best wishes,"])
def test_farewells_without_thanks(farewell: str) -> None:
    assert faults("appreciation", _letter("The oven was hot.", farewell))


def test_the_fault_points_at_the_first_sentence() -> None:
    body = "Dear Ms Obi,\n\nWe met on Monday. Is there any news?\n\nRegards,\nAnn Lee"
    found = faults("appreciation", body)
    assert excerpts(found, body) == ["We met on Monday."]
    assert found[0].message == "the message does not thank its reader; " + (
        "without thanks it reads as if the reader's time went unnoticed"
    )


def test_the_hint_follows_the_kind_of_the_message() -> None:
    context = Context(direction="candidate_to_employer", follow_up="thank_you", recipient="Ngozi Obi")
    (fault,) = faults("appreciation", _letter("We met on Monday."), context=context)
    assert "a thank-you message without thanks" in fault.message
    assert "Ngozi Obi" in fault.hint
    employer = Context(direction="employer_to_candidate", follow_up="update")
    (fault,) = faults("appreciation", _letter("We met on Monday."), context=employer)
    assert "Thank you for your patience" in fault.hint


def test_thanks_in_the_subject() -> None:
    body = _letter("We met on Monday.")
    assert faults("appreciation", body, "Thank you for Monday")
    assert not faults("appreciation", body, "Thank you for Monday", subject_counts=True)


@pytest.mark.parametrize(
    "body", ["", " ", "???", "\u202eمرحبا بكم", "🔥🔥", "a" * 100_000, "thank " * 5_000, "'" * 9_999]
)
def test_odd_input(body: str) -> None:
    for fault in faults("appreciation", body, body[:99]):
        assert 0 <= fault.start <= fault.end <= len(body)
