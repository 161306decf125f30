"""How much of a message comes from the conversation that it follows: words of the notes, reports of what was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from followup_rules.check import Context
from followup_rules.quality.chains import chains
from followup_rules.quality.phrases import word_sets
from followup_rules.quality.recall import oneself
from followup_rules.quality.recall.reference import SMALL_NUMBER, WIDE, known, stems_of, telling_nothing, weighed
from followup_rules.quality.terms import is_date_word, terms_of
from followup_rules.quality.text import Text, lowers_of

_SKILL: Final = 0.5
_TO_VENUE: Final = 5
_WINDOW: Final = 14
_BEFORE: Final = 6
_HAVING: Final = frozenset(("have", "give", "send", "share", "know"))
_RETOLD: Final = 1.5
_EMPTY: Final = 0.5
_IDLE: Final = ("say", "process", "request", "feel")
_ONESELF: Final = ("i", "i've", "i'm", "my")
_FILED: Final = frozenset(("knowledge", "experience", "background", "grasp", "command", "mastery", "skills", "skill"))
_FEW: Final = ("one", "two", "three", "four", "five", "six")
_GOING_ON: Final = ("and", "because", "since", "but", "so", "as", "where", "while", "for")


def shared(text: Text, context: Context, enough: float = 99.0) -> float:
    """The most that one sentence has of one note; the reading stops where it is enough.

    A word of the candidate's skills counts half, and what a candidate says of oneself counts less: both may owe
    nothing to the conversation.
    """
    notes = _told(context.notes, context.skills, known(context))
    everything = frozenset().union(*notes)
    words = text.lowers
    best = 0.0
    for sentence in text.core:
        own = unplaced(words[sentence.first : sentence.last])
        # 'signed' says less than the 'signs' of a note, which has its stem: the lesser weight counts
        here: dict[str, float] = {}
        for word in own:
            for one, weight in weighed(word):
                if one in everything and weight > here.get(one, 0.0):
                    here[one] = weight
        if not here:
            continue
        found = max([sum([min(note[one], here[one]) for one in here if one in note]) for note in notes])
        if found > best and found != SMALL_NUMBER:  # 'two firms' alone do not come back to 'two shutdowns'
            best = max(best, found * (share := _share(own, context)), _owned(own, notes) if share < 1.0 else 0.0)
            if best >= enough:
                break
    return best


def unplaced(words: Sequence[str]) -> Sequence[str]:
    """Words without those that only say where the two met: 'at your Leeds office', 'on the third floor'."""
    sets = word_sets("oneself")
    if sets["venue"].isdisjoint(words):
        return words
    left = list(words)
    for at, word in enumerate(words):
        if word in ("floor", "storey") and at and words[at - 1] in sets["ordinal"]:
            left[at - 1 : at + 1] = ["", ""]
        elif word in sets["venue"]:
            for first in range(max(0, at - _TO_VENUE), at):
                if words[first] in sets["at"] and words[first + 1] in sets["whose"]:
                    left[first : at + 1] = [""] * (at + 1 - first)
    return [word for word in left if word]


def _owned(words: Sequence[str], notes: Sequence[Mapping[str, float]]) -> float:
    """What a claim says of things of the other side, 'your night desk': that much still refers to the conversation."""
    here: dict[str, float] = {}
    for word, counts in oneself.owned(words).items():
        here.update([(one, weight * counts) for one, weight in weighed(word)])
    return max([sum([min(note[one], here[one]) for one in here if one in note]) for note in notes])


def _share(words: Sequence[str], context: Context) -> float:
    return 1.0 if context.direction == "employer_to_candidate" else oneself.share(words)


@lru_cache(maxsize=256)
def _told(notes: tuple[str, ...], skills: tuple[str, ...], taken: frozenset[str]) -> tuple[dict[str, float], ...]:
    """What each note tells that is not known anyway."""
    able = stems_of(" ".join(skills))
    return tuple([_of_note(lowers_of(note), able, taken) for note in notes])


def _of_note(words: Sequence[str], able: frozenset[str], taken: frozenset[str]) -> dict[str, float]:
    units, titles = word_sets("oneself")["units"], word_sets("oneself")["titles"]
    told: dict[str, float] = {}
    for at, word in enumerate(words, 1):
        titled = at > 1 and words[at - 2] in titles
        for one, weight in weighed(word):
            if one in taken:
                continue
            told[one] = weight * _SKILL if one in able else min(weight, WIDE) if titled else weight
            if one.isdigit() and at < len(words) and words[at] in units:
                told[one] = min(weight, SMALL_NUMBER)
    return told


def reported(text: Text, context: Context) -> float:
    """The most that stands near words of report ('you mentioned ...', 'hearing how ...') in one sentence."""
    taken = telling_nothing(context)
    best = 0.0
    for sentence in text.core:
        for match in chains("conversation").find(text.lowers, sentence.first, sentence.last):
            first, last = max(sentence.first, match.first - _BEFORE), min(sentence.last, match.last + _WINDOW)
            if not word_sets("oneself")["public"].isdisjoint(text.lowers[first:last]):
                continue
            if _is_asked(text, match.first, match.last) or _is_on_file(text, match.first, match.last, context):
                continue
            found = _concrete(text, first, last, taken)
            if found > best:
                # in a claim 'that your families ...' reports nothing
                part = _share(text.lowers[sentence.first : sentence.last], context)
                best = max(best, found * part if part == oneself.CLAIM else found)
    return best


def _is_asked(text: Text, first: int, last: int) -> bool:
    """True in 'let me have your comments regarding my lesson', which reports nothing."""
    if text.lowers[first] == "let" and text.lowers[last - 1] in _HAVING:
        return True
    before = text.lowers[max(0, first - _BEFORE) : first]
    return "my" in text.lowers[last : last + 1] and not _HAVING.isdisjoint(before)


def _is_on_file(text: Text, first: int, last: int, context: Context) -> bool:
    """True in 'your knowledge of hydraulics', where that is one of the skills: the application says as much."""
    if _FILED.isdisjoint(text.lowers[first:last]):
        return False
    able = stems_of(" ".join(context.skills))
    return any(one in able for word in text.lowers[last : last + 2] for one in terms_of(word))


def retold(text: Text, context: Context) -> bool:
    """True where a report brings half of a note, and two of its words at least, be they as common as they will.

    'Your plan for the reception area' has no rare word, and yet it is what was talked about.
    """
    told, taken = [words for words in map(_worded, context.notes) if len(words) > 1], known(context)
    for sentence in text.core if told else ():
        for match in chains("conversation").find(text.lowers, sentence.first, sentence.last):
            last = min(sentence.last, match.last + _WINDOW)
            here = _stems(unplaced(text.lowers[match.first : last]))
            if any(_has_half(words, words & here) and words & here - taken for words in told):
                return True
    return False


def _has_half(words: frozenset[str], here: frozenset[str]) -> bool:
    """True for half of a note, or for all of it where its words are such as every message has."""
    if len(here) < 2 or len(here) * 2 < len(words):
        return False
    return here == words or sum([1.0 if any(weighed(one)) else _EMPTY for one in here]) >= _RETOLD


@lru_cache(maxsize=1024)
def _worded(note: str) -> frozenset[str]:
    return _stems(lowers_of(note))


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*map(_telling, words))


@lru_cache(maxsize=16384)
def _telling(word: str) -> frozenset[str]:
    """The stems of a word that says anything at all: not those of the application, and of saying and feeling."""
    kinds = word_sets("fit_words")
    if word in word_sets("generic")["grammar"] or is_date_word(word) or any(word in kinds[tag] for tag in _IDLE):
        return frozenset()
    return frozenset(terms_of(word))


def concrete(text: Text, context: Context) -> float:
    """The most that stands in a sentence which is not about the writer alone, nor about what an application tells."""
    taken, filed = telling_nothing(context), word_sets("oneself")["filed"]
    best = 0.0
    for sentence in text.core:
        if not filed.isdisjoint(text.lowers[sentence.first : sentence.last]):
            continue
        found = _concrete(text, sentence.first, sentence.last, taken)
        if found > best and _share(text.lowers[sentence.first : sentence.last], context) == 1.0:
            best = found
    return best


def _concrete(text: Text, first: int, last: int, taken: frozenset[str]) -> float:
    """What some words weigh, each once, up to where the writer goes on to speak of oneself."""
    found: dict[str, float] = {}
    titles = word_sets("oneself")["titles"]
    before = ""
    for word in text.lowers[first:last]:
        if word in _ONESELF and before in _GOING_ON:
            break
        if before in titles or (before[:1].isdigit() and word.isdigit()):  # who was there; a telephone number
            before = word if word.isdigit() else ""
            continue
        if word == "or" and before in _FEW:  # 'two or three lines'
            found.pop(terms_of(before)[0], None)
        elif not (before == "or" and word in _FEW):
            found.update([(one, weight) for one, weight in weighed(word) if one not in taken])
        before = word
    return sum(found.values())
