"""Whether a word such as 'thank', 'grateful' or 'appreciate' thanks the reader: a small grammar for each.

What is not thanks: a request ("I would appreciate an answer", "grateful if you could"), a cause ("thanks to the new
tool"), thanks of others ("the families thanked me"), irony ("thanks for nothing"), understanding ("I appreciate how
busy you are").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from followup_rules.quality.phrases import word_sets

Words = Sequence[str]
_PRESENT: Final = ("i", "we", "i'm", "we're", "i've", "we've")
"""Who speaks of now: what was wished for before them is another clause."""
Judge = Callable[[Words, Words], bool]


@lru_cache(maxsize=1)
def _sets() -> dict[str, frozenset[str]]:
    return word_sets("thanking")


@lru_cache(maxsize=1)
def judges() -> dict[str, Judge]:
    grammars = {
        "verb": _verb, "noun": _noun, "adjective": _adjective, "obliged": _obliged, "appreciate": _appreciate,
        "gratitude": _gratitude, "adverb": _adverb, "thanked": _thanked, "token": _token,
        "joined": lambda before, after: _verb(before, ("you", *after)),
    }  # fmt: skip
    return {word: judge for tag, judge in grammars.items() for word in _sets()[f"thank {tag}"]}


def has(words: Words, tag: str) -> bool:
    return not _sets()[tag].isdisjoint(words)


def ironic(after: Words) -> bool:
    """True for 'for nothing', 'for finally ignoring', 'for keeping me waiting'."""
    if "for" not in after[:6]:
        return False
    what = [word for word in after[after.index("for") + 1 :][:6] if word not in _sets()["adverb"]]
    if not what:
        return False
    if what[0] in ("not", "never"):
        return len(what) > 1 and what[1] in _sets()["duty"]
    if what[0] in ("keeping", "leaving", "making", "letting"):
        return has(what[1:4], "plight") and not has(after, "comfort")
    return what[0] in _sets()["offence"]


def _said(before: Words) -> bool:
    """True where others say the thanks: 'the customers said thank you', not 'the whole team says thank you'."""
    return has(before[-2:], "say") and not has(before, "self") and "time" not in before


def _verb(before: Words, after: Words) -> bool:
    """'thank': its object is the reader, and nobody is told or expected to thank."""
    if after and (after[0] in _sets()["heaven"] or (after[0] in ("me", "us", "him", "her", "them") and not before)):
        return False
    near = before[-3:]
    if "would" in near and "if" in after:
        return False
    if after[:1] and after[0] in ("you", "u"):
        if ironic(after) or _said(before):
            return False
        if after[1:2] and after[1] in _sets()["letter"]:
            return has(before, "gesture")
        if before[-1:] == ("a",) and has(before[-5:], "unthanked"):
            return False  # 'never to wait for a thank you'
        if len(after) > 2 and after[1] in ("to", "not") and has(near, "shall"):
            return False  # 'I will thank you to ...'
        return not has(near, "refusal") or has(after[1:4], "enough") or has(before[-5:], "double")
    if has(near, "refusal") or (near and near[-1] in _sets()["other subject"]):
        return False
    if after and after[0] in ("me", "us"):
        return False
    if after and after[0] in _sets()["addressee"]:
        return "who" not in near
    return has(before, "self") and (_subject(before) in _sets()["thanker"] or has(after[:5], "reader"))


def _thanked(before: Words, after: Words) -> bool:
    """'You are thanked', 'I thanked you'; not 'every volunteer was thanked'."""
    if has(before[-3:], "be"):
        return "you" in before[-4:-1] and not has(before[-3:], "negation")
    return _verb(before, after)


def _token(before: Words, after: Words) -> bool:
    """'a thank-you': for the reader, not a thank-you note that somebody wrote."""
    if has(after[:1], "letter"):
        return has(before, "gesture") and before[-1] not in ("the", "your", "our", "sent")
    return not (has(before[-1:], "their") or before[-1:] == ("your",) or has(after[:3], "refusal") or ironic(after))


def _noun(before: Words, after: Words) -> bool:
    """'thanks': not those of others, not refused, not a cause."""
    last = before[-1] if before else ""
    if last in _sets()["no"] and before[-2:] != ("no", "small"):
        return False
    if last == "your" or list(after[:2]) == ["but", "no"] or ironic(after) or _said(before):
        return False
    if last in _sets()["their"] or last in _sets()["other subject"] or last.endswith("'s"):
        return has(before, "convey")
    if after and after[0] == "to":
        return last in _sets()["kind of thanks"] or _thanks_to_reader(after[1:9])
    if has(before[-4:], "receive") and "for" not in before[:1] and last != "with":
        return False
    if last == "of":
        return has(before, "self") or has(before, "gesture")
    return True


def _thanks_to_reader(after: Words) -> bool:
    """'thanks to you both for', not 'thanks to your tool'."""
    if after[:1] == ("you",) and "for" not in after:
        return True
    if not after or "for" not in after:
        return False
    whom = after[: after.index("for")]
    return whom[0] in _sets()["addressee"] or (whom[0] in ("your", "the") and has(whom[1:3], "people"))


def _adjective(before: Words, after: Words) -> bool:
    """'grateful': of the writer and now, or of others towards the reader; not as a request."""
    if "if" in after[:3] or _wishes(before[-6:]):
        return False
    if before[-1:] == ("and",) and before[0] in _sets()["first person"] and after[:1] in (("for",), ("to",)):
        return _toward_reader(after)  # 'I'm sorry to ask for patience and grateful for yours'
    subject = _subject(before)
    if subject in _sets()["you subject"] or (subject and subject in ("not", "n't")):
        return False
    if has(before[-2:], "i am") or ("feeling" in before[-3:] and has(before, "first person")):
        return _toward_reader(after)
    if not subject or subject in _sets()["first person"] or subject in ("me", "us"):
        return _toward_reader(after)
    if after and after[0] in _sets()["first person"]:  # 'how grateful we are'
        return True
    if "say" in before and has(before, "convey"):  # 'they asked me to say how grateful they were'
        return True
    return any(word in ("you", "your") for word in after[:4]) and not has(before, "other subject")


def _toward_reader(after: Words) -> bool:
    """False where somebody else is thanked: 'grateful to my former manager', 'thankful to the teacher who'."""
    if len(after) < 3 or after[0] != "to" or has(after[1:9], "reader"):
        return True
    if after[1] == "the":
        return has(after[2:4], "people")
    return after[1] not in ("my", "our", "him", "her", "them", "god", "this", "that", "those", "a", "an")


def _obliged(before: Words, after: Words) -> bool:
    """'obliged', 'indebted', 'beholden'."""
    if _wishes(before[-6:]) or "if" in after[:3]:
        return False
    if after[:1] and after[0] == "to":
        return bool(after[1:]) and after[1] in _sets()["addressee"]
    return (bool(before) and before[-1] in ("much", "most", "very", "greatly", "deeply")) or (
        bool(after) and after[0] == "for" and has(before, "self")
    )


def _adverb(before: Words, after: Words) -> bool:
    """'gratefully', 'appreciatively' in a sentence."""
    return not _wishes(before[-6:]) and (has(before, "self") or has(after, "reader") or after[:1] == ("yours",))


def _wishes(near: Words) -> bool:
    """True for 'would be', 'should be', "I'd be": what is wished for, not thanked for."""
    for at in range(len(near) - 1, -1, -1):
        word = near[at]
        if word in _PRESENT or (word in _sets()["always"] and "would" not in near):
            return False
        if word in _sets()["wish"]:
            return True
    return False


def _subject(before: Words) -> str:
    """The word that a predicate is said of, behind adverbs, auxiliaries and 'honoured and'; empty at the beginning."""
    skip = _sets()["between"]
    at = len(before)
    while at:
        at -= 1
        if before[at] in ("and", "but", "yet") and at > 1 and has(before[at - 1 : at], "feeling"):
            at -= 1
        elif before[at] not in skip:
            return before[at]
    return ""


def _appreciate(before: Words, after: Words) -> bool:
    """'appreciate': in the indicative, of the writer or of what the reader gave; not in the sense of 'understand'."""
    if "but" in before:
        before = before[len(before) - tuple(reversed(before)).index("but") :]  # 'It was a no, but I appreciate that'
    near = before[-5:]
    if has(near[-2:], "felt"):
        return False
    if has(near[-3:], "negation"):
        return has(after[-4:], "enough")
    if "if" in after[:3] or _wishes(near):
        return False
    subject = _subject(before)
    if subject == "to":
        said = has(before[-4:], "want") and _appreciates_object(after)
        return said or (after[:1] == ("you",) and has(before, "self"))
    if subject in _sets()["you subject"]:
        return False
    passive = any(word in _sets()["be"] for word in before[-4:])
    mine = not subject or subject in _sets()["first person"]
    if passive or (before and before[-1] in _sets()["degree"] and subject not in _sets()["first person"]):
        return _appreciated(before, after)
    if mine:
        return (bool(before) and before[-1] in ("did", "have", "i've", "we've")) or _appreciates_object(after)
    return has(after[:5], "reader") and not has(before, "other subject")


def _appreciated(before: Words, after: Words) -> bool:
    """'Your time is appreciated', not 'an early reply is appreciated' or 'my work was appreciated by'."""
    if has(before[:2], "indefinite") or (has(before, "mine") and not has(before, "reader")):
        return False
    if has(before[-4:], "now") and (has(before, "answer") or not has(before, "pointer") or "where" in before):
        return False
    by = after[0] if after else ""
    return by != "by" or has(after[1:3], "by whom")


def _appreciates_object(after: Words) -> bool:
    """What is appreciated is a favour, not a difficulty that one understands or an answer that one wants."""
    if not after:
        return True
    if after[0] in _sets()["indefinite"] or has(after[:4], "difficulty"):
        return False
    if after[0] == "that" and len(after) > 1:
        return has(after[1:6], "deed") or after[1] not in _sets()["clause"]
    if after[0] == "how" and len(after) > 1:
        if "you" in after[2:5] and not has(after[after.index("you") + 1 :][:1], "plain state"):
            return True  # 'how much time you left for my questions', not 'how much you have to do'
        return has(after, "deed") or after[1] not in _sets()["hard"]
    return after[0] not in ("why", "what", "where")


def _gratitude(before: Words, after: Words) -> bool:
    """'appreciation' and 'gratitude': the writer's, or handed on; not a 'deeper appreciation of the problem'."""
    near = before[-6:]
    if near and (near[-1] in _sets()["insight"] or near[-1] == "your"):
        return False
    if after[:1] == ("of",) and has(near[-3:], "article") and not has(after[1:4], "reader"):
        return False
    if after[:1] == ("from",) and not has(after[1:2], "by whom"):
        return False
    if before in (("in",), ("with",)) or ("would" in near and "if" in after):
        return len(before) == 1
    if has(near, "their"):
        return has(before, "convey")
    if _wishes(near) and not has(before, "self"):
        return False
    return has(near, "own") or (not before and bool(after) and after[0] in ("for", "to"))
