"""What may be written at a cursor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

from followup_rules.load.sources import SUFFIXES
from followup_rules.lsp.chunks import named_rules
from followup_rules.lsp.forms import Form, form_at
from followup_rules.lsp.pages import word
from followup_rules.lsp.snapshot import Snapshot
from followup_rules.lsp.spot import Spot, spot_at
from followup_rules.quality.catalogue import NAMES
from followup_rules.rules.facts_known import FACTS
from followup_rules.rules.follow_up import FollowUp
from followup_rules.rules.lengths import LONGEST
from followup_rules.timing.zones import zone_names

_AMOUNT: Final = re.compile(r"(?P<amount>\d+)[ \t]*")
_ZONES: Final = ("in", "fallback_timezone", "timezone")


class Choice(NamedTuple):
    """One thing that may be written: what it is called, what is put in the place of the word, what it means."""

    label: str
    text: str
    sort: Literal["key", "value", "pack", "rule", "file", "unit"]
    meaning: str = ""


class Choices(NamedTuple):
    """What may stand in the place of the word from `start` to `end` of the line."""

    start: int
    end: int
    items: tuple[Choice, ...]


def choices(path: Path, lines: Sequence[str], number: int, column: int, snapshot: Snapshot) -> Choices:
    """What may be written at a cursor; nothing in comments and in prose."""
    spot = spot_at(lines, number, column)
    if spot is None:
        return Choices(column, column, ())
    form = form_at(spot, snapshot.checks)
    found: list[Choice] = []
    if spot.role in ("key", "item"):
        found += _keys(spot, form)
    if spot.role in ("value", "item"):
        found += _values(path, lines, spot, form, snapshot)
    return Choices(spot.start, spot.end, tuple(dict.fromkeys(found)))


def _keys(spot: Spot, form: Form) -> Iterator[Choice]:
    after = "" if spot.has_colon else ": "
    for key, meaning in form.keys.items():
        if key not in spot.beside:
            yield Choice(key, f"{key}{after}", "key", meaning or word(key))
    if "stage" in form.keys and "any" in form.keys:
        yield Choice("attributes.", "attributes.", "key", word("attributes.<name>"))


def _values(path: Path, lines: Sequence[str], spot: Spot, form: Form, snapshot: Snapshot) -> Iterator[Choice]:
    last = next((part for part in reversed(spot.path) if isinstance(part, str)), "")
    if form.length:
        yield from _lengths(spot)
    elif spot.list == "" and last == "extends":
        yield from _packs(path, snapshot)
    elif spot.list == "" and last == "disable":
        yield from _ids(path, lines, snapshot, above_only=True)
    elif spot.path == ("check",):
        names = dict.fromkeys((*NAMES, *snapshot.checks))
        yield from (Choice(name, name, "value", _title(snapshot, name)) for name in names)
    elif spot.path == ("template",):
        yield from _templates(path, snapshot)
    elif last in ("rule", "decided_by"):
        yield from _ids(path, lines, snapshot, above_only=False)
    elif spot.path[:1] == ("follow_up",) or (last == "follow_up" and not form.values):
        yield from _follow_ups(path, lines, snapshot)
    elif spot.path[:1] == ("when",) and _fact(spot) == "status":
        yield from _plain(Form({}, _statuses(), False, ""))
    elif last in _ZONES:
        yield Choice("recipient", "recipient", "value", "the recipient's own zone")
        yield from (Choice(zone, zone, "value") for zone in sorted(zone_names()))
    else:
        yield from _plain(form)


def _plain(form: Form) -> Iterator[Choice]:
    for value in form.values:
        yield Choice(value, value, "value", word(value))


def _statuses() -> tuple[str, ...]:
    from followup_rules.model.words import STATUSES

    return STATUSES


def _fact(spot: Spot) -> str:
    return next((part for part in reversed(spot.path) if isinstance(part, str) and part in FACTS), "")


def _lengths(spot: Spot) -> Iterator[Choice]:
    """Units after the number that was typed; without one, lengths to begin with."""
    amount = _AMOUNT.match(spot.word)
    numbers = [amount["amount"]] if amount else ["24", "3"]
    for number in numbers:
        for unit in LONGEST:
            text = f"{number} {unit.removesuffix('s') if number == '1' else unit}"
            yield Choice(text, text, "unit")


def _packs(path: Path, snapshot: Snapshot) -> Iterator[Choice]:
    yield from (Choice(name, name, "pack", source.shown) for name, source in snapshot.packs.items())
    for source in snapshot.beside(path):
        if source.suffix in SUFFIXES:
            yield Choice(f"./{source.name}", f"./{source.name}", "file", "a rule file beside this one")


def _ids(path: Path, lines: Sequence[str], snapshot: Snapshot, above_only: bool) -> Iterator[Choice]:
    if not above_only:
        yield from (Choice(one.id, one.id, "rule", one.title) for one in named_rules(lines))
    _, packs = snapshot.ancestors(path)
    for pack in packs:
        yield from (Choice(rule.id, rule.id, "rule", f"{rule.title} ({pack.name})") for rule in pack.rules)


def _follow_ups(path: Path, lines: Sequence[str], snapshot: Snapshot) -> Iterator[Choice]:
    names = re.findall(r"^[ \t]*(?:- )?follow_up:[ \t]*([A-Za-z_]\w*)[ \t\r]*$", "\n".join(lines), re.MULTILINE)
    _, packs = snapshot.ancestors(path)
    names += [rule.follow_up for pack in packs for rule in pack.rules if isinstance(rule, FollowUp)]
    yield from (Choice(name, name, "value") for name in dict.fromkeys(names))


def _templates(path: Path, snapshot: Snapshot) -> Iterator[Choice]:
    loader, packs = snapshot.ancestors(path)
    names = [one.name for one in sorted(path.parent.glob("templates/*.j2"))]
    names += [name for pack in packs for name in pack.templates] + [*loader.common_templates()]
    yield from (Choice(name, name, "file") for name in dict.fromkeys(names))


def _title(snapshot: Snapshot, name: str) -> str:
    return f"finds {snapshot.checks[name].title}" if name in snapshot.checks else ""
