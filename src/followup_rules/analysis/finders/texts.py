"""FR709, FR720, FR728: message rules that no text can satisfy, templates without a rule, messages without a text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import PurePosixPath
from typing import Any

from followup_rules.analysis.asked import Asked, FollowUp, Message, place
from followup_rules.analysis.logic.oracle import Said
from followup_rules.errors import Place, Problem

_LEAST, _MOST = 20, 350
_SENDS = ("draft_message", "send_message")


def find(asked: Asked) -> Iterator[Problem]:
    """Everything about texts that cannot work."""
    for left, right in combinations(asked.policy.messages, 2):
        if asked.own_ids.isdisjoint({left.id, right.id}) or not _meet(asked, left, right):
            continue
        first, second = (left, right) if right.id in asked.own_ids else (right, left)
        yield from _length(first, second)
        yield from _words(first, second)
        yield from _words(second, first, told_at=second)
    yield from _templates(asked)
    for rule in asked.own:
        if isinstance(rule, FollowUp):
            yield from _message(rule)


def _meet(asked: Asked, left: Message, right: Message) -> bool:
    """True where one draft can be judged by both."""
    both = {one.id for one in asked.covered[left.id]} & {one.id for one in asked.covered[right.id]}
    said = [Said(one.condition, "not fails") for one in (left, right) if one.condition is not None]
    ways = {asked.lanes[one].rule.direction for one in both}
    return any(not said or not asked.oracle.impossible(said, way) for way in sorted(ways))


def _grave(left: Message, right: Message) -> str:
    return "error" if left.severity == right.severity == "error" else "warning"


def _length(first: Message, second: Message) -> Iterator[Problem]:
    if first.check != "length" or second.check != "length":
        return
    for one, other in ((first, second), (second, first)):
        least, most = one.with_.get("at_least", _LEAST), other.with_.get("at_most", _MOST)
        if _number(least) and _number(most) and least > most:
            key = "at_least" if one is second else "at_most"
            text = f"no text has at least {least} words ('{one.id}') and at most {most} ('{other.id}')"
            yield Problem("FR709", text, place(second, "with", key), "change one of the two", _grave(first, second))


def _number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _words(needs: Message, forbids: Message, told_at: Message | None = None) -> Iterator[Problem]:
    """`contains` asks for what `forbids` does not allow."""
    if needs.check != "contains" or forbids.check != "forbids":
        return
    wanted = [str(word) for word in needs.with_.get("words", ())]
    refused = [str(word).casefold() for word in forbids.with_.get("words", ())]
    bad = [word for word in wanted if any(_has(word.casefold(), one) for one in refused)]
    least = len(wanted) if needs.with_.get("all") else needs.with_.get("at_least", 1)
    if not bad or not _number(least):
        return
    hopeless = len(wanted) - len(bad) < least
    where = told_at or forbids
    other = needs if where is forbids else forbids
    asks = f"'{needs.id}' asks for '{bad[0]}', which '{forbids.id}' forbids"
    text = f"{asks}: no text satisfies both" if hopeless else asks
    if where is forbids:
        index = next(number for number, one in enumerate(refused) if _has(bad[0].casefold(), one))
    else:
        index = wanted.index(bad[0])
    spot = place(where, "with", "words", index)
    grave = _grave(needs, forbids) if hopeless else "suggestion"
    yield Problem("FR709", text, spot, f"take the word out of one of the two; the other is at {other.place}", grave)


def _has(phrase: str, word: str) -> bool:
    return f" {word} " in f" {phrase} "


def _templates(asked: Asked) -> Iterator[Problem]:
    used = {rule.template for rule in asked.follow_ups}
    used |= {rule.template for pack in asked.packs for rule in pack.rules if isinstance(rule, FollowUp)}
    folders: dict[str, set[str]] = {}
    for pack in asked.packs:
        folder = PurePosixPath(pack.place.file).parent
        for name in pack.templates:
            folders.setdefault(name, set()).add((folder / "templates" / name).as_posix())
    for name in sorted(folders):
        if name not in used:
            for file in sorted(folders[name]):
                text = f"no rule of this pack uses the template '{name}'"
                yield Problem("FR720", text, Place(file, 1, 1), "name it in a rule, or remove it", "suggestion")


def _message(rule: FollowUp) -> Iterator[Problem]:
    sends = [do for do in rule.do if do in _SENDS]
    if "send_message" in rule.do and rule.template is None:
        text = f"'{rule.id}' asks for a message to be sent and has no template, so there is no text to send"
        spot = place(rule, "do", rule.do.index("send_message"))
        yield Problem("FR728", text, spot, "give it a template, or ask for a draft", "warning")
    if rule.template is not None and not sends:
        text = f"the template is never used: '{rule.id}' asks neither for a draft nor for a message"
        yield Problem("FR728", text, place(rule, "template"), "add draft_message to 'do'", "warning")
