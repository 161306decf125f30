"""`ignore` in rule files: what it silences, for how long, and what it can never silence."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup_rules.errors import Place, Problem
from followup_rules.rules.suppressions import Ignore, sort_out

Write = Callable[[str, str], str]
AT = ("--at", "2026-11-20T10:00:00Z")
HEAD = "schema: followup-rules/1\npack: ours\nextends: [default]\n"
RULE = """\
  - id: {id}
    kind: limit
    title: Not too many
    at_most: 3
    per: application
    follow_up: thanks
"""
ENTRY = "{code: FR122, reason: renamed in spring, until: %s}"


def file(write: Write, *, top: str = "", rule: str = "", second: bool = False, name: str = "r.yaml") -> str:
    text = HEAD + (f"ignore: [{top}]\n" if top else "") + "rules:\n" + RULE.format(id="one")
    text += f"    ignore: [{rule}]\n" if rule else ""
    return write(name, text + (RULE.format(id="two") if second else ""))


def codes(run: Any, *arguments: str) -> list[tuple[str, str]]:
    """Code and rule of everything that counts."""
    ran = run("check", *arguments, "--format", "jsonl", *AT)
    found = [one for line in ran.lines for one in json.loads(line)["findings"]]
    return [(one["code"], one.get("rule", "")) for one in found if "silenced_by" not in one]


def test_an_entry_of_a_rule_silences_that_rule_alone(run: Any, write: Write) -> None:
    """One rule's entry says nothing about another rule with the same fault."""
    name = file(write, rule=ENTRY % "2027-03-01", second=True)
    assert codes(run, name) == [("FR122", "two")]


def test_an_entry_of_a_file_silences_the_whole_file(run: Any, write: Write) -> None:
    """At the top of a file it is about every rule in it, and about no other file."""
    name = file(write, top=ENTRY % "2027-03-01", second=True)
    ran = run("check", name, *AT)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "1 pack with 2 rules checked, no problem found, 2 silenced: ours\n"
    other = write("s.yaml", HEAD.replace("ours", "theirs") + "rules:\n" + RULE.format(id="three"))
    assert codes(run, name, other) == [("FR122", "three")]


@pytest.mark.parametrize(("until", "found"), [("2026-11-20", []), ("2026-11-19", ["FR122", "FR124"])])
def test_the_last_day_still_counts(run: Any, write: Write, until: str, found: list[str]) -> None:
    """An entry holds through the day that it names; then the finding is back, and the entry is a warning too."""
    assert [code for code, _ in codes(run, file(write, rule=ENTRY % until))] == found


def test_an_entry_that_silences_nothing_is_a_warning(run: Any, write: Write) -> None:
    """What was mended leaves no entry behind."""
    text = HEAD + "rules:\n" + RULE.format(id="one").replace("thanks", "thank_you")
    name = write("r.yaml", text + f"    ignore: [{ENTRY % '2027-03-01'}]\n")
    ran = run("check", name, *AT)
    assert ran.status == 1
    assert ran.out == "r.yaml:11:14: FR125 this silences nothing: FR122 is not found here; remove the entry\n"


def test_an_error_cannot_be_silenced(run: Any, write: Write) -> None:
    """What keeps the rules from being used stays an error, and the entry is told so, also in a rule that is faulty."""
    for where in ("top", "rule"):
        name = file(write, **{where: "{code: FR104, reason: later, until: 2027-03-01}"})
        text = Path(name).read_text("utf-8").replace("at_most: 3", "at_most: 3\n    at_mots: 4")
        ran = run("check", write(name, text), *AT)
        assert ran.status == 2
        assert "FR104 unknown key 'at_mots' in kind limit" in ran.out
        assert "FR123 FR104 cannot be silenced: it keeps the rules from being used" in ran.out


def test_a_rule_that_did_not_load_cannot_be_silenced(run: Any, write: Write) -> None:
    """Also where the code is one of applications: an example that cannot be read takes its rule with it."""
    text = HEAD + "rules:\n" + RULE.format(id="one").replace("thanks", "thank_you")
    text += "    ignore: [{code: FR205, reason: later, until: 2027-03-01}]\n"
    text += "    examples: [{at: noon, application: {}, expect: {decision: none}}]\n"
    ran = run("check", write("r.yaml", text), *AT)
    assert ran.status == 2
    assert "FR205 'noon' is no RFC 3339 time" in ran.out
    assert "FR123 FR205 cannot be silenced" in ran.out


def test_options_cannot_leave_such_an_error_out(run: Any, write: Write) -> None:
    """Neither `--ignore` nor `--select` make a broken file look sound."""
    name = write("r.yaml", HEAD + "rule: []\n")
    for options in (("--ignore", "FR1"), ("--ignore", "FR104"), ("--select", "FR6,FR122")):
        ran = run("check", name, *options)
        assert ran.status == 2
        assert "FR104" in ran.out


WRONG = {
    "no reason": ("{code: FR122, until: 2027-03-01}", "FR101 'reason' is missing"),
    "an empty reason": ("{code: FR122, reason: ' ', until: 2027-03-01}", "FR103 'reason'"),
    "no day": ("{code: FR122, reason: later}", "FR101 'until' is missing"),
    "no date": ("{code: FR122, reason: later, until: spring}", "FR205 'spring' is no date; write it as 2026-11-18"),
    "an unknown code": ("{code: FR999, reason: later, until: 2027-03-01}", "FR103 there is no code 'FR999'"),
    "an unknown key": ("{code: FR122, reson: later, until: 2027-03-01}", "FR104 unknown key 'reson'"),
    "a bare code": ("FR122", "FR102"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("where", ["top", "rule"])
def test_an_entry_needs_a_code_a_reason_and_a_day(run: Any, write: Write, case: str, where: str) -> None:
    """What is left out or misspelt is an error at its place, at the top of a file and in a rule."""
    entry, told = WRONG[case]
    ran = run("check", file(write, **{where: entry}), *AT)
    assert ran.status == 2
    line = 4 if where == "top" else 11
    assert any(one.startswith(f"r.yaml:{line}:") and told in one for one in ran.lines), ran.out


def test_ignore_is_a_list(run: Any, write: Write) -> None:
    """A single mapping is told how to become a list."""
    ran = run("check", write("r.yaml", HEAD + "ignore: {code: FR122}\nrules: []\n"))
    assert ran.status == 2
    assert ran.out.startswith("r.yaml:4:9: FR102 'ignore' is a list; as in `ignore: [{code: FR122, ")


def test_entries_of_what_is_extended_are_not_called_useless(run: Any, write: Write) -> None:
    """A file that is only extended is not what is checked: its entries are judged where it is."""
    write("base.yaml", HEAD.replace("ours", "base") + f"ignore: [{ENTRY % '2027-03-01'}]\n")
    name = write("r.yaml", HEAD.replace("[default]", "[./base.yaml]") + "rules:\n" + RULE.format(id="one"))
    assert codes(run, name) == [("FR122", "one")]


days = st.dates(date(2026, 1, 1), date(2027, 1, 1))
ignores = st.builds(
    Ignore,
    st.sampled_from(["FR104", "FR122", "FR401"]), st.just("why"), days, st.builds(Place, st.sampled_from("ab")),
    st.none() | st.integers(0, 2),
)  # fmt: skip
problems = st.tuples(
    st.builds(
        Problem, st.sampled_from(["FR104", "FR122", "FR401"]), st.just("what"), st.builds(Place, st.sampled_from("ab")),
        severity=st.sampled_from(["error", "warning"]),
    ),
    st.none() | st.integers(0, 2),
)  # fmt: skip


@given(st.lists(problems, max_size=6), st.lists(ignores, max_size=6), days)
def test_nothing_is_lost(found: Any, entries: Any, today: date) -> None:
    """Every problem comes out once, in order; none is silenced by an expired entry or by one about another file or
    rule; no error of a rule file ever is; and a day later no more is silenced than today."""
    told, said = sort_out(found, entries, today)
    assert [one.problem for one in told] == [problem for problem, _ in found]
    for (problem, rule), one in zip(found, told, strict=True):
        if one.by is not None:
            assert one.by.until >= today
            assert (one.by.code, one.by.place.file) == (problem.code, problem.place.file)
            assert one.by.rule in (None, rule)
            assert problem.severity != "error" or problem.code == "FR401"
    assert {one.severity for one in said} <= {"warning"}
    later = sort_out(found, entries, today + timedelta(days=1))[0]
    assert all(now.by is not None for now, then in zip(told, later, strict=True) if then.by is not None)
