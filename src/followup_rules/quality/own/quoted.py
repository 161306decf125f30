"""Which part of a message its writer wrote: quoted earlier mail, signatures and legal notices are set aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from followup_rules.quality.own.replies import quoted_lines
from followup_rules.quality.own.signatures import legal_lines, sent_from_lines, signature_lines

# Without one of these, in small letters, nothing of the kind can be there. They spare most messages a closer look.
_OF_QUOTES: Final = (
    *(
        ">",
        "wrote:",
        "schrieb",
        "napsal",
        "skrev",
        "escribió:",
        "escreveu:",
        "a écrit",
        "ha scritto:",
        "schreef:",
        "nadesłał",
    ),
    *("写道", "寫道", "작성", "original message", "oprindelig", "forwarded message", "original mail", "forwarded mail"),
    *("from:", "von:", "od:", "fra:", "de:", "de :", "da:", "van:", "från:", "보낸", "发件人", "from*:", "from :"),
)
_OF_SIGNATURES: Final = ("\n--", "\n__")
_OF_PROGRAMS: Final = (
    *(
        "sent from",
        "sent via",
        "sent with",
        "get outlook",
        "gesendet von",
        "odesláno z",
        "sendt fra",
        "hent outlook",
        "enviado desde",
    ),
    *("envoyé depuis", "inviato da", "에서 보냄", "verzonden vanaf", "wysłano z", "skickat från", "从我的"),
)
_OF_NOTICES: Final = ("confidential", "privileged")


class Own(NamedTuple):
    """What the writer wrote; `quoted` is true where mail of somebody else was set aside."""

    text: str
    quoted: bool = False


def own_part(body: str) -> str:
    """The writer's own text, every character of it where it stands in the body.

    What stands below it is cut off. What stands above or between becomes spaces.
    """
    return set_aside(body).text


def set_aside(body: str) -> Own:
    """The writer's own text, and whether somebody else's mail was quoted."""
    lower = body.lower()
    quotes, delimiters, programs, notices = (
        _any_of(hints, lower) for hints in (_OF_QUOTES, _OF_SIGNATURES, _OF_PROGRAMS, _OF_NOTICES)
    )
    if not (quotes or delimiters or programs or notices):
        return Own(body)
    lines = body.split("\n")
    aside = quoted_lines(lines) if quotes else set()
    quoted = bool(aside)
    if delimiters:
        aside |= signature_lines(lines, aside)
    if programs:
        aside |= sent_from_lines(lines)
    if notices:
        aside |= legal_lines(lines)
    return Own(_kept(lines, aside), quoted) if aside else Own(body)


def _any_of(hints: Sequence[str], text: str) -> bool:
    return any(map(text.__contains__, hints))


def _kept(lines: Sequence[str], aside: set[int]) -> str:
    """The lines that are the writer's own, with spaces for the others, up to what is below the last of them."""
    last = next((one for one in range(len(lines) - 1, -1, -1) if one not in aside and lines[one].strip()), None)
    if last is None:
        return ""
    end = next((one for one in range(last, len(lines)) if one in aside), len(lines))
    kept = [" " * len(line) if number in aside else line for number, line in enumerate(lines[:end])]
    return "\n".join(kept if end == len(lines) else [*kept, ""])
