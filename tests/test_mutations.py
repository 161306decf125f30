"""Whatever is wrong with a file, what comes out is problems with codes and never a fault of the program."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from followup_rules.embedding import load_rules
from followup_rules.errors import FollowupRulesError
from followup_rules.load.applications import read_applications
from followup_rules.load.rulefiles import load_each
from followup_rules.model.times import parse_time
from followup_rules.planning import Decided, Planning
from followup_rules.plugins import load_plugins
from followup_rules.report.machine import as_line

ROOT = Path(__file__).parents[1]
RULES = (ROOT / "examples" / "rules" / "acme.yaml").read_bytes()
LINES = (ROOT / "examples" / "applications.jsonl").read_bytes().splitlines()
NOW = parse_time("2026-11-20T15:00:00Z")
PIECES = [
    b"null", b"true", b"[]", b"{}", b"-1", b"1e9", b'""', b"2026-11-20", b"9999-12-31T23:59:59Z", b": ",
    b"- ", b"*a", b"&a ",
    b"\t", b"\x00", b"\xff", b"!!python/name:os", b"none", b"message", b"reply", b"0 days", b"99999999999 weeks",
    b"Mon-Sun 00:00-24:00", b"5 business hours", b'"\\ud800"', b"1" * 400,
]  # fmt: skip


def mutated(original: bytes, chance: random.Random) -> bytes:
    """The same bytes with one to four pieces put in, replaced, taken out or repeated."""
    text = bytearray(original)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        kind = chance.choice(["in", "over", "out", "again"])
        if kind == "in":
            text[at:at] = chance.choice(PIECES)
        elif kind == "over":
            text[at : at + chance.randint(1, 12)] = chance.choice(PIECES)
        elif kind == "out":
            del text[at : at + chance.randint(1, 30)]
        else:
            start = chance.randrange(len(text) + 1)
            text[at:at] = text[start : start + chance.randint(1, 60)]
    return bytes(text)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_rule_file_gives_problems(seed: int, tmp_path: Path) -> None:
    """Each has a code; or the file still makes sense, and then it can be used."""
    file = tmp_path / "rules.yaml"
    file.write_bytes(mutated(RULES, random.Random(seed)))
    loaded, problems = load_each([str(file)], load_plugins({"FOLLOWUP_RULES_PLUGINS": "off"}).packs)
    assert loaded or problems
    assert all(problem.code.startswith("FR") and problem.place.file for problem in problems)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.yaml", "a"])
def test_damaged_applications_are_refused_alone(name: str, seed: int, tmp_path: Path) -> None:
    """A good line beside broken ones is decided; a file that is nothing as a whole says so."""
    chance = random.Random(seed)
    file = tmp_path / name
    good = LINES[seed]
    file.write_bytes(b"\n".join([good, *(mutated(chance.choice(LINES), chance) for _ in range(2))]))
    try:
        planning = Planning(lambda: read_applications(file, name), load_rules(), NOW)
        found = list(planning.decide())
    except FollowupRulesError:
        assert name != "a.jsonl"
        return
    for one in found:
        if isinstance(one, Decided):
            assert all(as_line(decision) for decision in one.decisions)
        else:
            assert all(problem.code.startswith("FR") for problem in one.problems)
    assert found
