"""Whether a text can be judged at all: empty, too long, or in another language than English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from followup_rules.model.decision import Finding
from followup_rules.quality.text import INVISIBLE, Text

LONGEST: Final = 100_000
"""Characters; the longest message anybody writes to one person is a tenth of it."""

STOPPERS: Final = frozenset({"FR303", "FR304", "FR305"})
"""The codes after which nothing else is judged."""

_FEWEST: Final = 8
_ENGLISH_SHARE: Final = 0.15
_ENGLISH: Final = frozenset(
    "the and you to of for with is that this have my your i we it are be would from at our as not but if by can could "
    "please about thank thanks when which has had been their there any they he she his her who what how i'm i've it's "
    "or so do did us was will".split()
)
_INVISIBLE: Final = re.compile(f"[{INVISIBLE}]+")
# The commonest function words of languages in which such messages are written too, as far as English has not got them.
_OTHERS: Final = {
    "French": "le les des une est vous je nous pour dans avec votre vos mon que qui sur au merci pas été",
    "German": "der die das und ich sie ist für mit ihr ihre ihnen nicht ein eine zu auf den dem wir haben vielen dank",
    "Spanish": "el los las una por para con su mi que muy gracias usted y del le nos más",
    "Portuguese": "os uma para com seu sua minha que muito obrigado obrigada você não pela em do da ao",
    "Italian": "il gli della di per con suo mia che molto grazie lei sono nel una questo anche",
    "Dutch": "het een voor met uw ik wij niet dank van deze naar ook graag bij zijn u mijn",
    "Polish": "się nie za dziękuję oraz jest na pan pani że z w i moje do mnie",
    "Turkish": "bir için ve ile bu çok teşekkür ederim olarak sizin daha",
    "Swedish": "och att det för med på är jag tack inte som ett av vi",
    "Danish": "og at det for med på er jeg tak ikke som et af vi til",
    "Romanian": "și pentru cu vă mulțumesc este nu în pe la care mai",
    "Czech": "se na že děkuji jsem za pro a v s je vám",
}
_LETTER: Final = re.compile(r"[^\W\d_]")
_LATIN: Final = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ]")


def judgeable(text: Text) -> Iterator[Finding]:
    """What stands in the way of judging a text; nothing where it can be judged."""
    if len(text.body) > LONGEST or len(text.subject) > LONGEST:
        message = f"the message has more than {LONGEST:,} characters and was not judged"
        yield Finding("FR305", "error", message, hint="send a message that a person can read")
        return
    if not text.lowers:
        hint = "write the message above what is quoted" if text.quoted else "write the message"
        yield Finding("FR303", "error", "the message has no text of its own", hint=hint)
        return
    language = _language(text)
    if language:
        message = f"the message seems to be written in {language} and was not judged"
        yield Finding("FR304", "warning", message, hint="only English is judged; have somebody read it who knows it")
        return
    yield from _invisible(text)


def _invisible(text: Text) -> Iterator[Finding]:
    if text.body.isascii():
        return
    spots = [match for match in _INVISIBLE.finditer(text.body) if not _joins(text.body, match)]
    if spots:
        first = spots[0]
        letters = sorted({f"U+{ord(letter):04X}" for match in spots for letter in match.group()})
        many = f" at {len(spots)} places" if len(spots) > 1 else ""
        message = f"there are characters that nobody sees ({', '.join(letters)}){many}"
        line = text.body.count("\n", 0, first.start()) + 1
        column = first.start() - (text.body.rfind("\n", 0, first.start()) + 1) + 1
        hint = "delete them: they come from copied text, and some programs show them as signs"
        yield Finding(
            "FR306", "warning", message, line, column, hint=hint, fix="", start=first.start(), end=first.end()
        )


def _joins(body: str, match: re.Match[str]) -> bool:
    """True for joiners between signs that need them: parts of one emoji, letters of Arabic and Indian scripts."""
    before, after = body[match.start() - 1 : match.start()], body[match.end() : match.end() + 1]
    return set(match.group()) <= {"\u200c", "\u200d"} and bool(before and after) and min(before, after) > "\u0590"


def _language(text: Text) -> str:
    """The language of a text that is not English; empty for English, and for what is too short to tell."""
    words = text.lowers[:2000]
    if len(words) >= _FEWEST and sum(word in _ENGLISH for word in words) >= _ENGLISH_SHARE * len(words):
        return ""
    letters = _LETTER.findall(text.body[:4000])
    if len(letters) > 1 and sum(bool(_LATIN.match(letter)) for letter in letters) * 2 < len(letters):
        return "another script"
    if len(words) < _FEWEST:
        return ""
    hits = {name: sum(word in known for word in words) for name, known in _OTHER_SETS.items()}
    best = max(hits, key=lambda name: hits[name])
    return best if hits[best] >= 0.1 * len(words) else "another language"


_OTHER_SETS: Final = {name: frozenset(listed.split()) for name, listed in _OTHERS.items()}
