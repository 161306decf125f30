"""The static analysis, code by code: the page's own example shows it, and the smallest mend makes it go away."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, Json, Run
from followup_rules.analysis.analyse import analyse
from followup_rules.analysis.logic import bounded, exact
from followup_rules.analysis.logic.formula import at_least, at_most, both, either, equal, gap
from followup_rules.analysis.logic.model import GaveUp, Model, Problem
from followup_rules.codes import CODES
from followup_rules.errors import Place
from followup_rules.policy import Pack, Policy

OWN = [code for code in CODES if code.startswith("FR7")]

# For each code, what to change in the example of its page so that it is no longer found.
MENDS = {
    "FR701": ("interviews: 0", "interviews: 1"),
    "FR702": ("replies: {less_than: 0}", "replies: {less_than: 1}"),
    "FR703": ("touches: {at_least: 0}", "touches: {at_least: 1}"),
    "FR704": ("title: Ask after an onsite interview", "title: Ask\n    when: {stage: screen}"),
    "FR705": ("on: [rejected]", "on: [note]"),
    "FR706": ("title: One thank-you a day", "title: One thank-you a day\n    when: {stage: onsite}"),
    "FR707": ("open: Sat-Sun 10:00-18:00", "open: Mon-Sun 10:00-18:00"),
    "FR708": ("within: 30 days\n  - id: three", "within: 7 days\n  - id: three"),
    "FR709": ("words: [salary]", "words: [bonus]"),
    "FR710": ("expires: 72 hours", "expires: 720 hours"),
    "FR711": ("due: 1 business day", "due: 4 business days"),
    "FR712": ("expires: 48 hours", "expires: 3 business days"),
    "FR713": ("at_least: 90 days", "at_least: 3 days"),
    "FR714": ("at_most: 1", "at_most: 2"),
    "FR715": ("at_least: 14 days", "at_least: 4 days"),
    "FR716": ("    direction: employer_to_candidate\n    open:", "    open:"),
    "FR717": ("    follow_up: status_check\n    on:", "    on:"),
    "FR718": ("at_most: 2", "at_most: 3"),
    "FR719": ("at_most: 3", "source: our handbook\n    at_most: 3"),
    "FR721": ("Germany", "DE"),
    "FR722": ("attributes.vip_level: {present: true, at_least: 3}", "stage: onsite"),
    "FR723": ("touches: 0", "replies: 0"),
    "FR724": ("opens: 24 hours", "opens: 0 hours"),
    "FR725": ("{attributes.quiet: true}", "{attributes.quiet: {present: true, is: true}}"),
    "FR726": ("{is_not: true}", "{present: false}"),
    "FR727": ("event: offer_made", "event: note"),
    "FR728": ("send_message", "draft_message"),
}


def example(code: str) -> str:
    """The rule file on the page of a code."""
    page = (ROOT / "docs" / "codes" / f"{code}.md").read_text("utf-8")
    found = re.search(r"^```yaml rules\.yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def codes_in(out: str) -> set[str]:
    return {*re.findall(r"^\S+: (FR\d+) ", out, re.MULTILINE)}


@pytest.mark.parametrize("code", [code for code in OWN if code != "FR720"])
def test_each_finding_has_its_example_and_its_mend(code: str, run: Run, write: Callable[..., str]) -> None:
    """The example of the page shows the code, and one change takes it away."""
    before, after = MENDS[code]
    text = example(code)
    assert before in text
    file = write("rules.yaml", text)
    assert code in codes_in(run("check", file, "--fail-on", "suggestion").out)
    write("rules.yaml", text.replace(before, after, 1))
    changed = run("check", file, "--fail-on", "suggestion")
    assert changed.status in (0, 1), changed
    assert code not in codes_in(changed.out), changed.out


def test_unused_templates_are_found(run: Run, write: Callable[..., str]) -> None:
    """FR720: a template that a rule names is not reported, one that none names is, at its first line."""
    file = write(
        "rules.yaml", example("FR728").replace("do: [send_message]", "do: [draft_message]\n    template: a.j2")
    )
    write("templates/a.j2", "Hello")
    write("templates/b.j2", "Hello")
    out = run("check", file, "--fail-on", "suggestion").out
    assert "templates/b.j2:1:1: FR720" in out
    assert "a.j2:1:1" not in out


def test_suggestions_are_shown_where_they_are_asked_for(run: Run, write: Callable[..., str]) -> None:
    """By default a suggestion is neither shown nor counted."""
    file = write("rules.yaml", example("FR719"))
    assert run("check", file).status == 0
    assert "no problem found" in run("check", file).out
    assert run("check", file, "--fail-on", "suggestion").status == 1


def test_errors_and_warnings_have_their_statuses(run: Run, write: Callable[..., str]) -> None:
    """What the analysis finds are findings: exit status 1. Only rules that cannot be used are 2."""
    assert run("check", write("rules.yaml", example("FR710"))).status == 1
    assert run("check", write("rules.yaml", example("FR711"))).status == 1


def test_rules_of_extended_packs_are_not_reported(run: Run, write: Callable[..., str]) -> None:
    """Only what was asked about is spoken of."""
    write("base.yaml", example("FR711").replace("pack: ours", "pack: base"))
    file = write("rules.yaml", "schema: followup-rules/1\npack: mine\nextends: [base.yaml]\nrules: []\n")
    assert "no problem found" in run("check", file).out


def test_rules_made_in_memory_are_analysed_too(
    policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json
) -> None:
    """Without a file the place is that of the rule, and the finding is the same."""
    policy = policy_of([stops, follow_up(when={"interviews": 0, "happened": {"event": "interview_completed"}})])
    pack = Pack("test", Place("test"), policy.rules)
    assert "FR701" in {problem.code for problem in analyse(policy, [pack]).problems}


def test_what_is_not_decided_is_said(
    policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A condition with more cases than the bounded search tries is named where z3 is not there, and not guessed at."""
    monkeypatch.setattr(exact, "available", lambda: False)
    policy = policy_of([stops, follow_up(when=tangled(16))])
    pack = Pack("test", Place("test"), policy.rules)
    analysis = analyse(policy, [pack])
    assert analysis.undecided == ("<memory>: whether the condition of 'thank-you' can ever hold",)
    assert "FR701" not in {problem.code for problem in analysis.problems}


@pytest.mark.skipif(not exact.available(), reason="z3 is not installed")
def test_z3_decides_what_the_search_does_not(
    policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json
) -> None:
    """The same condition is known to be impossible where z3 is installed."""
    policy = policy_of([stops, follow_up(when=tangled(16))])
    analysis = analyse(policy, [Pack("test", Place("test"), policy.rules)])
    assert analysis.undecided == ()
    assert "FR701" in {problem.code for problem in analysis.problems}


def tangled(free: int) -> Json:
    """Many choices that do not matter, and four that cannot all be met: hard to see by trying in order."""
    names = [*(f"attributes.a{n}" for n in range(free)), *(f"attributes.z{n}" for n in range(free))]
    choices: list[Any] = [{"any": [{name: 1}, {name: 2}]} for name in names]
    choices[free:free] = [{"any": [{"attributes.x": x}, {"attributes.y": y}]} for x in (1, 2) for y in (1, 2)]
    return {"all": choices}


@pytest.mark.parametrize("solve", [bounded.search, exact.solve], ids=["bounded", "z3"])
def test_both_ways_of_asking(solve: Callable[[Problem], Any]) -> None:
    """Numbers, whole numbers and strict bounds are the same to both."""
    if solve is exact.solve and not exact.available():
        pytest.skip("z3 is not installed")
    none: dict[str, frozenset[object]] = {}
    assert solve(Problem(both(at_least("#n", 1, strict=True), at_most("#n", 2, strict=True)), none)) is None
    found = solve(Problem(both(at_least("x", 1, strict=True), at_most("x", 2, strict=True)), none))
    assert isinstance(found, Model)
    assert 1 < found.numbers["x"] < 2
    assert solve(Problem(both(gap("x", "y", 0, strict=True), gap("y", "x", 0)), none)) is None
    assert isinstance(solve(Problem(either(both(equal("x", 1), equal("x", 2)), equal("x", 3)), none)), Model)


def test_the_search_gives_up_at_its_bound() -> None:
    """The bound is a number of cases, so that the answer does not depend on the machine."""
    hard = both(
        *(either(at_least(f"x{n}", 1), at_most(f"x{n}", 0)) for n in range(9)), either(equal("y", 1), equal("y", 2))
    )
    assert isinstance(bounded.search(Problem(hard, {}), most=3), GaveUp)


def test_z3_is_loaded_when_it_is_needed() -> None:
    """No module of the analysis imports z3 at its top."""
    files = (ROOT / "src" / "followup_rules").rglob("*.py")
    found = [file for file in files if re.search(r"^(import|from) z3", Path(file).read_text("utf-8"), re.MULTILINE)]
    assert found == []
