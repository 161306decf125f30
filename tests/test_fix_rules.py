"""`check --fix` for rule files: what can only mean one thing is mended at its place, and nothing else is touched."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Run
from followup_rules.load.rulefiles import load_each
from followup_rules.plugins import load_plugins
from followup_rules.revising.mends import applied, with_fixes
from followup_rules.revising.wording import canonical_length, distance, unmistakable
from followup_rules.rules.lengths import LONGEST, parse_length

RULES = """\
schema: followup-rules/1
pack: 'ours'   # stays in its quotes
extends: [default]
rules:
  - id: not-too-many
    kind: limit
    title: Not too many
    at_most: 3     # three
    per: candidate
    within: 30 days
    when: {stage: onsite, not_happened: {event: offer_made, within: 5 days}}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return tmp_path / "rules.yaml"


def changed(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("within: 30d", "within: 30 days"),
        ("within: '24h'", "within: '24 hours'"),
        ("within: 24 hrs", "within: 24 hours"),
        ("within: 3 bdays", "within: 3 business days"),
        ("within: 3 working days", "within: 3 business days"),
        ("within: 1 days", "within: 1 day"),
        ("within: two Weeks", "within: 2 weeks"),
        ("at_mots: 3     # three", "at_most: 3     # three"),
        ("kind: limt", "kind: limit"),
        ("kind: Limit", "kind: limit"),
        ("per: candidat", "per: candidate"),
        ("id: Not_Too Many", "id: not-too-many"),
        ("title: 2026", 'title: "2026"'),
        ("title: true", 'title: "true"'),
        ("title: Note: not too many", 'title: "Note: not too many"'),
        ("when: {stagge: onsite}", "when: {stage: onsite}"),
        ("when: {stage: 3}", 'when: {stage: "3"}'),
        ("when: {status: 'actve'}", "when: {status: 'active'}"),
        ("when: {happened: {event: interview_cancelled}}", "when: {happened: {event: interview_canceled}}"),
        ("when: {happened: {event: reply, within: 5 bd}}", "when: {happened: {event: reply, within: 5 business days}}"),
        ("direction: to_employer", "direction: candidate_to_employer"),
        ("follow_up: status-check", "follow_up: status_check"),
    ],
)
def test_what_can_only_mean_one_thing(rules: Path, run: Run, wrong: str, right: str) -> None:
    """The one line is mended, the rest of the file is as it was, and the check that follows finds nothing."""
    key = right.split(":")[0]
    lines = [line for line in RULES.splitlines(keepends=True) if line.split(":")[0].strip(" -") != key]
    lines.insert(5, f"    {right}\n") if key != "id" else lines.insert(4, f"  - {right}\n")
    good = "".join(lines)
    bad = good.replace(right, wrong, 1)
    rules.write_text(bad)
    shown = run("check", rules, "--diff")
    assert rules.read_text() == bad
    assert any(line[:1] == "+" and line.lstrip("+ -") == right for line in shown.lines)
    done = run("check", rules, "--fix")
    assert rules.read_text() == good, changed(good, rules.read_text())
    assert done.status == 0, done.out
    assert "1 mended" in done.err


@pytest.mark.parametrize(
    "wrong",
    [
        "within: 24",
        "within: 30 m",
        "within: 30 moons",
        "at_last: 3",
        "per: person",
        "kind: stops-it",
        "when: {status: pending}",
        "when: {happened: {event: rejection}}",
        "when: {zzz: 1}",
        "title: [a]",
        "title:",
    ],
)
def test_what_can_mean_two_things_stays(rules: Path, run: Run, wrong: str) -> None:
    """A bare number, a word between two words, a word near none: reported, and not touched."""
    key = wrong.split(":")[0].replace("at_last", "at_most")
    text = "".join(
        f"    {wrong}\n" if line.split(":")[0].strip() == key else line for line in RULES.splitlines(keepends=True)
    )
    rules.write_text(text)
    done = run("check", rules, "--fix")
    assert rules.read_text() == text
    assert done.status == 2


@pytest.mark.parametrize("other", ["disable: [Not_Many]", "rules: []", "examples"])
def test_an_id_that_is_named_elsewhere_stays(tmp_path: Path, run: Run, other: str) -> None:
    """An id is not mended where another file, a list of disabled rules or an example names the old one."""
    text = RULES.replace("id: not-too-many", "id: Not_Many")
    if other == "examples":
        text += "    examples: [{title: Not_Many, at: x, application: {}, expect: {decision: none, rule: Not_Many}}]\n"
    else:
        more = f"schema: followup-rules/1\npack: more\nextends: [ours]\n{other}\n"
        (tmp_path / "b.yaml").write_text(more if "disable" in other else more + "# Not_Many\n")
    (tmp_path / "a.yaml").write_text(text)
    run("check", tmp_path, "--fix")
    assert ("Not_Many" in (tmp_path / "a.yaml").read_text()) == (other != "rules: []")


def test_an_id_does_not_become_another_one(rules: Path, run: Run) -> None:
    """Two ids that would be one are left to the person."""
    second = RULES.split("rules:\n")[1].replace("id: not-too-many", "id: Not_Too_Many")
    rules.write_text(RULES + second)
    run("check", rules, "--fix")
    assert "id: Not_Too_Many" in rules.read_text()


def test_many_at_once_in_rounds(rules: Path, run: Run) -> None:
    """What one mend lets be read is mended too; what is left is reported after it, and line ends stay."""
    text = RULES.replace("kind: limit", "kind: limt").replace("30 days", "30d").replace("5 days", "5")
    text = text.replace("title: Not", "title: Note: not").replace("\n", "\r\n")
    rules.write_bytes(b"\xef\xbb\xbf" + text.encode())
    done = run("check", rules, "--fix")
    assert done.status == 2
    assert "3 mended" in done.err
    assert [line.split(" ")[1] for line in done.lines] == ["FR107"]
    again = rules.read_bytes()
    assert again.startswith(b"\xef\xbb\xbfschema")
    assert again.count(b"\r\n") == text.count("\r\n")


def test_installed_packs_stay(run: Run) -> None:
    """`--fix` without a path, or with the name of a pack, is wrong usage."""
    for words in ((), ("default",)):
        done = run("check", *words, "--fix")
        assert done.status == 2
        assert "installed packs stay" in done.err


def test_problems_carry_their_fix(rules: Path) -> None:
    """What programs get: the exact span and what to put there, for the faults that have a safe mend alone."""
    text = RULES.replace("at_most: 3", "at_mots: 3").replace("30 days", "30")
    rules.write_text(text)
    plugins = load_plugins()
    shown = rules.as_posix()
    problems = with_fixes(load_each([shown], plugins.packs, plugins.checks)[1], {shown: text})
    fixes = {problem.code: problem.fix for problem in problems}
    assert fixes == {"FR104": (8, 5, 8, 12, "at_most"), "FR107": None}
    assert applied(text, [fix for fix in fixes.values() if fix]) == (RULES.replace("30 days", "30"), 1)


@given(st.sampled_from(sorted(LONGEST)), st.integers(0, 500))
def test_a_length_is_its_own_mend(unit: str, amount: int) -> None:
    """What is a length already is given back with the same meaning; a bare number never becomes one."""
    usual = canonical_length(f"{amount} {unit}")
    assert usual is not None
    assert parse_length(usual) == parse_length(f"{amount} {unit}")
    assert canonical_length(usual) == usual
    assert canonical_length(str(amount)) is None


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_distance_is_a_distance(first: str, second: str) -> None:
    """The same in both directions, nothing between equals, and never more than the longer word."""
    assert distance(first, second) == distance(second, first)
    assert (distance(first, second) == 0) == (first == second)
    assert distance(first, second) <= max(len(first), len(second))


def test_near_words() -> None:
    """A slip is mended only where no other word of the language is as near."""
    assert unmistakable("at_mots", "at_most")
    assert unmistakable("Follow-Up", "follow_up")
    assert not unmistakable("at_last", "at_most")
    assert not unmistakable("replied", "applied")
    assert not unmistakable("open", "opens")
