"""`call_to_action`: a message that neither asks for nor invites an answer or a next step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import Field

from followup_rules.check import Check, CheckOptions, Context, Fault
from followup_rules.quality.asking.bidding import bids
from followup_rules.quality.asking.clauses import Clauses, listed
from followup_rules.quality.asking.inviting import invites
from followup_rules.quality.asking.questions import questions
from followup_rules.quality.chains import chains
from followup_rules.quality.slots.slot_notes import is_note
from followup_rules.quality.text import Sentence, Text

_HINTS: Final = {
    "thank_you": "offer a next step, such as 'Shall I send you the figures?'",
    "status_check": "ask, such as 'Could you tell me when you expect to decide?'",
    "feedback_request": "ask, such as 'Could you tell me in a line or two what was missing?'",
    "update": "invite an answer, such as 'Please let me know if this changes anything for you'",
}
_TO_CANDIDATE: Final = "invite an answer, such as 'Please reply to this mail if you have any questions'"
_IN_THE_CLOSING: Final = frozenset(("hearing", "reply", "response", "answer", "feedback", "news"))
_TO_WRITER: Final = frozenset(("me", "us"))
_NO_HASTE: Final = listed("rush hurry pressure worries problem need obligation haste matter bother")
_PLAIN: Final = ("yes", "no", "absolutely", "certainly", "definitely")
_OPINION: Final = listed("think believe would did do know suspect doubt say was am")
_BESIDE: Final = listed("available free obliged grateful thankful sorry glad pleased delighted honoured touched")
"""'I was much obliged for the tea' answers no question."""
_TO_READER: Final = listed(
    "you your thank thanks please suits suit best free let available any shall would could can may i'm"
)


class CallToAction(Check):
    """A polite sentence that asks the reader for an answer or a step, or leaves the door open for one."""

    name = "call_to_action"
    code = "FR605"
    title = "nothing that invites an answer or a next step"

    class Options(CheckOptions):
        """Where it counts."""

        at_the_end: bool = Field(
            default=False, description="Count only what stands in the second half of the message or its last sentences."
        )

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """One fault where the message lets the conversation end."""
        core = text.core
        if _invited_in_closing(text):
            return
        middle = text.greeting.end + (text.closing - text.greeting.end) // 2
        answered = ""
        for number in range(len(core) - 1, -1, -1):
            one = core[number]
            last = number >= len(core) - 3
            late = last or one.end >= middle
            if self.options.at_the_end and not late:
                break
            if not is_note(text.body[one.start : one.end]) and asks_reader(
                Clauses(text, one), late, answered, last=last
            ):
                return
            answered = _answer(text.lowers[one.first : one.last])
        message = "nothing asks for an answer or offers a next step, so the reader can leave it at that"
        start, end = (core[-1].start, core[-1].end) if core else (text.closing, text.closing)
        yield Fault(message, start, end, _hint(context))


def _answer(words: tuple[str, ...]) -> str:
    """How a sentence may answer the question in front of it; see `questions`."""
    if words[0] == "no" and words[1:2] and words[1] in _NO_HASTE:
        return ""
    if words[0] == "you" and len(words) < 4:
        return "yes"
    if words[0] == "i" and words[1:2] and words[1] in _OPINION:
        return "" if not _BESIDE.isdisjoint(words[:8]) else "yes"
    return "short" if len(words) < 7 and _TO_READER.isdisjoint(words) and words[0] not in _PLAIN else words[0]


def asks_reader(one: Clauses, late: bool, answered: str, *, last: bool = True) -> bool:
    """True where one sentence asks or invites the reader; `last` as in `bids`."""
    if bids(one, last) or questions(one, late, answered) or invites(one, late):
        return True
    hits = chains("call_to_action").find(one.words, 0, one.size)
    tags = {hit.tag.lstrip("^") for hit in hits if not hit.tag.startswith("^") or one.opens(hit.first)}
    return "not" not in tags and ("asks" in tags or (late and "late" in tags))


def _invited_in_closing(text: Text) -> bool:
    """'Looking forward to your reply,' or 'Ring me any time,' above the name, or a postscript that asks."""
    if text.closing >= len(text.body):
        return False
    for one in reversed(text.sentences):
        if one.start < text.closing:
            return False
        words = text.lowers[one.first : one.last]
        marked = words[0] in ("ps", "p.s", "p") or (len(words) < 14 and not _IN_THE_CLOSING.isdisjoint(words))
        marked = marked or not _TO_WRITER.isdisjoint(words[1:4])
        if marked and asks_reader(Clauses(text, _without_mark(one, words)), True, ""):
            return True
    return False


def _without_mark(one: Sentence, words: tuple[str, ...]) -> Sentence:
    """A postscript without its 'PS'."""
    skip = 2 if words[:2] == ("p", "s") else 1 if words[0] in ("ps", "p.s") else 0
    return one._replace(first=min(one.first + skip, one.last - 1))


def _hint(context: Context) -> str:
    if context.direction == "employer_to_candidate" and context.follow_up != "feedback_request":
        return _TO_CANDIDATE
    return _HINTS.get(context.follow_up or "", "end with a question or an offer, such as 'Would a short call help?'")


CHECK = CallToAction
