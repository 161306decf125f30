"""The formats of `check` and of tests: what other programs read is what was found, and nothing breaks their form."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import junitparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup_rules.codes import CODES
from followup_rules.errors import Place
from followup_rules.load.rulefiles import load_each
from followup_rules.plugins import load_plugins
from followup_rules.report.cases import Case, print_cases
from followup_rules.report.output import FORMS, print_records
from followup_rules.report.records import SEVERITIES, Checked, Record, Silence
from followup_rules.testing.examples import run_examples

Write = Callable[[str, "str | bytes"], str]
AT = ("--at", "2026-11-20T10:00:00Z")
RULES = """\
schema: followup-rules/1
pack: ours
extends: [default]
rules:
  - id: not-too-many
    kind: limit
    title: Not more than three messages
    at_most: 3
    per: application
    follow_up: thanks
    ignore: [{code: FR122, reason: renamed in spring, until: 2027-03-01}]
  - id: no-such-words
    kind: message
    title: None of them
    check: forbids
    severity: error
    follow_up: thanks
    with: {words: [synergy]}
"""
DRAFT = "Subject: Interview: Data Engineer\n\nDear Sam,\n\nThank you for the teh time.\n\nKind regards\nAda Park\n"
SARIF = Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json"
"""The schema that OASIS publishes as sarif-schema-2.1.0.json; it may not be passed on with this repository."""


@pytest.fixture(autouse=True)
def files(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLLOWUP_RULES_PLUGINS", "off")
    write("r.yaml", RULES)
    write("d.md", DRAFT)


def printed(records: list[Record], form: str, checked: tuple[Checked, ...] = ()) -> str:
    out = io.StringIO()
    print_records(records, form, out, checked)
    return out.getvalue()


# --- What is found, in each format ----------------------------------------------------------------------------------


def test_json_has_one_object_a_file(run: Any) -> None:
    """Every file that was looked at is there, with what was found in it; drafts as they always were."""
    ran = run("check", "r.yaml", "d.md", "--format", "json", *AT)
    rules, draft = json.loads(ran.out)
    assert (rules["file"], rules["pack"], rules["rules"]) == ("r.yaml", "ours", 2)
    silenced, found = rules["findings"]
    assert (silenced["silenced_by"], silenced["reason"]) == ("ignore", "renamed in spring")
    assert found == {
        "code": "FR122", "severity": "warning", "file": "r.yaml", "line": 12, "column": 5, "rule": "no-such-words",
        "message": "no follow-up is called 'thanks', so this rule does not apply to it",
        "hint": "did you mean 'thank_you'?", "title": CODES["FR122"],
    }  # fmt: skip
    assert draft["draft"] == "d.md"
    alone = json.loads(run("check", "d.md", "--format", "json", *AT).out)
    assert alone == [draft]


def test_json_lines_are_the_same_objects(run: Any) -> None:
    """`jsonl` is `json`, one object a line."""
    whole = json.loads(run("check", "r.yaml", "d.md", "--format", "json", *AT).out)
    lines = run("check", "r.yaml", "d.md", "--format", "jsonl", *AT).lines
    assert [json.loads(line) for line in lines] == whole


def test_github_gets_one_command_a_finding(run: Any) -> None:
    """Annotations carry file, line, column and title; what is silenced is not annotated."""
    ran = run("check", "r.yaml", "--format", "github", *AT)
    assert ran.lines == [
        "::warning file=r.yaml,line=12,col=5,title=FR122 a rule for a follow-up that nobody sends::"
        "no follow-up is called 'thanks', so this rule does not apply to it; did you mean 'thank_you'?"
    ]


def test_junit_has_a_suite_a_file(run: Any, write: Write) -> None:
    """Findings are failures, a clean file is a case that passed, and a known reader reads it."""
    write("clean.yaml", "schema: followup-rules/1\npack: clean\nextends: [default]\n")
    ran = run("check", "r.yaml", "d.md", "clean.yaml", "--format", "junit", *AT)
    suites = list(junitparser.JUnitXml.fromstring(ran.out.encode()))
    assert [suite.name for suite in suites] == ["r.yaml", "d.md", "clean.yaml"]
    assert [suite.failures for suite in suites[::2]] == [1, 0]
    assert suites[1].failures >= 1
    (case,) = suites[0]
    assert case.name == "FR122 a rule for a follow-up that nobody sends"
    assert case.result[0].type == "warning"
    assert "r.yaml:12:5: FR122" in case.result[0].text


def sarif_of(run: Any, *arguments: str) -> Any:
    log = json.loads(run("check", *arguments, "--format", "sarif", *AT).out)
    keeps_to_sarif(log)
    return log["runs"][0]


def test_sarif_has_rules_places_and_suppressions(run: Any) -> None:
    """A result names its code, level and region; the code brings its page; what is silenced says why."""
    made = sarif_of(run, "r.yaml", "d.md")
    codes = [rule["id"] for rule in made["tool"]["driver"]["rules"]]
    assert codes == sorted({result["ruleId"] for result in made["results"]})
    assert "## How to mend it" in made["tool"]["driver"]["rules"][0]["help"]["markdown"]
    silenced, found = [one for one in made["results"] if one["ruleId"] == "FR122"]
    assert silenced["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "renamed in spring"}
    ]
    assert (found["suppressions"], found["level"]) == ([], "warning")
    place = found["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "r.yaml"}, "region": {"startLine": 12, "startColumn": 5}}
    typo = next(one for one in made["results"] if one["ruleId"] == "FR611")
    region = typo["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 5, "startColumn": 19, "endLine": 5, "endColumn": 22}
    assert {one["location"]["uri"] for one in made["artifacts"]} == {"r.yaml", "d.md"}


def test_fingerprints_survive_lines_that_are_put_in(run: Any, write: Write) -> None:
    """A finding that only moved is the same finding; two equal ones are told apart."""
    before = [one["partialFingerprints"] for one in sarif_of(run, "r.yaml")["results"]]
    write("r.yaml", "# A comment.\n\n" + RULES)
    assert [one["partialFingerprints"] for one in sarif_of(run, "r.yaml")["results"]] == before
    assert before[0] != before[1]


def test_uris_are_relative_and_escaped(run: Any, write: Write, tmp_path: Path) -> None:
    """A file below the working folder is named from there, however it was asked for."""
    write("new rules/ü#1.yaml", "rules: 1\n")
    made = sarif_of(run, str(tmp_path / "new rules" / "ü#1.yaml"))
    (uri,) = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in made["results"]}
    assert (uri, unquote(uri)) == ("new%20rules/%C3%BC%231.yaml", "new rules/ü#1.yaml")
    assert made["invocations"] == [{"executionSuccessful": False}]


# --- Nothing that is found breaks a form ----------------------------------------------------------------------------

texts = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ["a\r\nb: %0A,c::error::d", "\x00\x1b[31m"]
)
numbers = st.integers(0, 9)
records = st.builds(
    Record, st.sampled_from([*CODES, "MINE001"]), st.sampled_from(SEVERITIES), texts, texts.filter(bool),
    line=numbers, column=numbers, end_line=st.just(0), end_column=st.just(0), hint=texts, rule=texts, title=texts,
    excerpt=texts, silence=st.none() | st.builds(Silence, st.sampled_from(["ignore", "baseline"]), texts),
)  # fmt: skip


def one_place(record: Record) -> Record:
    return record if record.line else record._replace(column=0)


@given(st.lists(records.map(one_place), max_size=4))
def test_whatever_is_found_can_be_read(found: list[Record]) -> None:
    """Every format stays readable with any character in any text, and has each finding once."""
    loud = [one for one in found if one.silence is None]
    keeps_to_sarif(json.loads(printed(found, "sarif")))
    suites = junitparser.JUnitXml.fromstring(printed(found, "junit").encode("utf-8"))
    assert sum(len(list(suite)) for suite in suites) == len(loud)
    commands = printed(found, "github").split("\n")[:-1]
    assert len(commands) == len(loud)
    for command, record in zip(commands, loud, strict=True):
        level, properties, message = re.fullmatch(r"::(\w+) ([^\r\n]*?)::(.*)", command, re.DOTALL).groups()  # type: ignore[union-attr]
        assert level in ("error", "warning", "notice")
        read = dict(one.split("=", 1) for one in properties.split(","))
        assert unescaped(read["file"]) == record.file
        assert unescaped(message).startswith(record.message)
    for form in ("json", "jsonl"):
        lines = printed(found, form)
        files = json.loads(lines) if form == "json" else [json.loads(line) for line in lines.split("\n")[:-1]]
        assert sum(len(file["findings"]) for file in files) == len(found)


def unescaped(text: str) -> str:
    for code, sign in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, sign)
    return text


# --- Where it goes, and what it comes to ----------------------------------------------------------------------------


def test_output_puts_the_format_into_a_file(run: Any, tmp_path: Path) -> None:
    """With `--output` a person reads text, and the file has the format, also where nothing was found."""
    ran = run("check", "r.yaml", "--format", "sarif", "--output", "out.sarif", *AT)
    assert ran.lines[0].startswith("r.yaml:12:5: FR122 ")
    keeps_to_sarif(json.loads((tmp_path / "out.sarif").read_text("utf-8")))
    ran = run("check", "default", "--format", "junit", "--output", "out.xml")
    assert "no problem found" in ran.out
    assert [suite.failures for suite in junitparser.JUnitXml.fromfile(str(tmp_path / "out.xml"))] == [0]


def test_output_that_cannot_be_written_is_told(run: Any) -> None:
    """A folder that is not there is one clear line."""
    ran = run("check", "r.yaml", "--output", "no/such/folder/out", *AT)
    assert (ran.status, ran.err.splitlines()[-1]) == (
        2, "no/such/folder/out: FR001 cannot be written: No such file or directory",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ((), 1), (("--fail-on", "error"), 0), (("--fail-on", "warning"), 1), (("--fail-on", "suggestion"), 1),
        (("--ignore", "FR122"), 0), (("--ignore", "fr1"), 0), (("--select", "FR122"), 1), (("--select", "FR6,FR2"), 0),
        (("--select", "FR6", "--select", "FR1"), 1), (("--select", "FR1", "--ignore", "FR12"), 0),
    ],
)  # fmt: skip
def test_the_exit_status_is_of_what_was_asked_for(run: Any, options: tuple[str, ...], status: int) -> None:
    """Codes or their beginnings, in any case, several by commas; the gravest that is left decides."""
    ran = run("check", "r.yaml", *options, *AT)
    assert ran.status == status
    assert ("FR122" in ran.out) is (status == 1 or "error" in options)


def test_select_and_ignore_are_for_drafts_as_well(run: Any) -> None:
    """One way for everything that is found, in text and in JSON."""
    everything = run("check", "d.md").out
    assert "FR611" in everything
    assert "FR611" not in run("check", "d.md", "--ignore", "FR611").out
    ran = run("check", "d.md", "--select", "FR611", "--format", "json")
    assert {one["code"] for one in json.loads(ran.out)[0]["findings"]} == {"FR611"}
    assert run("check", "d.md", "--select", "FR1,FR613").status == 0


def test_an_empty_draft_is_a_finding(run: Any, write: Write) -> None:
    """A text that cannot be judged is found, not refused: exit status 1, and it can be left out."""
    write("e.md", "Subject: Interview\n\n")
    ran = run("check", "e.md")
    assert (ran.status, "FR303" in ran.out) == (1, True)
    assert run("check", "e.md", "--ignore", "FR303").status in (0, 1)
    assert "FR303" not in run("check", "e.md", "--ignore", "FR303").out


def test_an_unknown_code_is_told(run: Any) -> None:
    """A mistyped code must not make a check green."""
    for option in ("--select", "--ignore"):
        ran = run("check", "r.yaml", option, "FR122,FR1222")
        assert ran.status == 2
        assert f"Invalid value for {option}: no code is or begins with 'FR1222'; did you mean 'FR122'?" in ran.err


EMPTY: dict[str, tuple[str, str]] = {
    "a path that is not there": ("rulez/a.yaml", "rulez/a.yaml: FR001 cannot be read: no such file or folder"),
    "a folder that is not there": ("rulez/", "rulez/: FR001 cannot be read: no such file or folder"),
    "a folder without rule files": ("empty", "empty: FR008 there is no rule file (*.yaml) in this folder"),
    "a pattern that nothing matches": ("rulez/*.yaml", "rulez/*.yaml: FR008 no file matches this pattern"),
    "another suffix": ("notes.toml", "notes.toml: FR008 this is no rule file, so nothing of it is checked; name files"),
    "a file without rules": ("bare.yaml", "bare.yaml:1:1: FR008 the pack 'bare' has no rule; write a rule"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", EMPTY)
def test_a_run_that_checked_nothing_fails_and_says_so(run: Any, write: Write, case: str, form: str) -> None:
    """A mistyped path is never green, in no format."""
    write("empty/notes", "nothing")
    write("notes.toml", "a = 1\n")
    write("bare.yaml", "schema: followup-rules/1\npack: bare\nrules: []\n")
    path, told = EMPTY[case]
    ran = run("check", path, "--format", form)
    assert ran.status == 2
    if form == "text":
        assert ran.out.startswith(told)
    else:
        assert re.search("FR00[18]", ran.out)


# --- Tests ----------------------------------------------------------------------------------------------------------


def cases_of(name: str) -> list[Case]:
    loaded, problems = load_each([name], load_plugins().packs)
    assert not [one for one in problems if one.severity == "error"]
    return [
        Case(one.title, one.title, one.place, one.differences, not one.differences, 0.25)
        for pack in loaded
        for one in run_examples(pack)
    ]


def test_examples_in_every_format(write: Write) -> None:
    """What `run_examples` finds comes out in every format: each test once, each failure with place and difference."""
    text = load_plugins().packs["technology"].path.read_text("utf-8").replace("pack: technology", "pack: mine")
    cases = cases_of(write("t.yaml", text.replace("decision: send, reason: in_window", "decision: stop, reason: done")))
    failed = [one for one in cases if not one.passed]
    assert len(cases) > len(failed) == 1

    def told(form: str) -> str:
        out = io.StringIO()
        print_cases(cases, form, out)
        return out.getvalue()

    assert told("text").splitlines()[0] == f"{failed[0].place}: FR401 {failed[0].title}"
    assert told("text").splitlines()[-1] == f"{len(cases) - 1} passed, 1 failed"
    assert [one["passed"] for one in json.loads(told("json"))] == [one.passed for one in cases]
    assert len(told("jsonl").splitlines()) == len(cases)
    log = json.loads(told("sarif"))
    keeps_to_sarif(log)
    assert [one["ruleId"] for one in log["runs"][0]["results"]] == ["FR401"]
    (suite,) = junitparser.JUnitXml.fromstring(told("junit").encode())
    assert (suite.tests, suite.failures, suite.time) == (len(cases), 1, 0.25 * len(cases))
    assert told("github").startswith(f"::error file=t.yaml,line={failed[0].place.line},col=")
    assert len(told("github").splitlines()) == 1


def test_verbose_text_names_what_passed() -> None:
    """In text, tests that passed are named on request alone."""
    case = Case("a", "a: first", Place("t.yaml", 3, 5))
    for verbose, text in (
        (False, "1 passed, 0 failed\n"),
        (True, "t.yaml:3:5: passed: a: first\n1 passed, 0 failed\n"),
    ):
        out = io.StringIO()
        print_cases([case], "text", out, verbose)
        assert out.getvalue() == text


# --- The form of SARIF ----------------------------------------------------------------------------------------------


def mapping(needed: dict[str, Any], **more: Any) -> dict[str, Any]:
    keys = {**needed, **more}
    return {"type": "object", "required": [*needed], "properties": keys, "additionalProperties": False}


def listed(item: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": item, **more}


_TEXT: dict[str, Any] = {"type": "string"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 1}
_URI = mapping({"uri": {"type": "string", "format": "uri-reference", "pattern": r"^[!-~]*$"}})
_PLACE = mapping(
    {"artifactLocation": _URI},
    region=mapping({"startLine": _COUNT}, startColumn=_COUNT, endLine=_COUNT, endColumn=_COUNT),
)
_RESULT = mapping(
    {
        "ruleId": _TEXT, "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["error", "warning", "note"]},
        "message": mapping({"text": _TEXT}), "locations": listed(mapping({"physicalLocation": _PLACE}), minItems=1),
        "partialFingerprints": {"type": "object", "additionalProperties": _TEXT},
    },
    properties={"type": "object"},
    suppressions=listed(
        mapping(
            {"kind": {"enum": ["inSource", "external"]}, "status": {"enum": ["accepted", "underReview", "rejected"]}},
            justification=_TEXT,
        ),
        uniqueItems=True,
    ),
)  # fmt: skip
_DRIVER = mapping(
    {"name": _TEXT, "semanticVersion": _TEXT},
    rules=listed(
        mapping(
            {"id": _TEXT, "shortDescription": mapping({"text": _TEXT})}, help=mapping({"text": _TEXT}, markdown=_TEXT)
        ),
        uniqueItems=True,
    ),
)
OWN = mapping(
    {
        "$schema": {"type": "string", "format": "uri"}, "version": {"const": "2.1.0"},
        "runs": listed(
            mapping(
                {"tool": mapping({"driver": _DRIVER}), "results": listed(_RESULT)},
                columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                artifacts=listed(mapping({"location": _URI}), uniqueItems=True),
                invocations=listed(mapping({"executionSuccessful": {"type": "boolean"}})),
            )
        ),
    }
)  # fmt: skip
"""The part of SARIF 2.1.0 that is written here, read off the standard: narrower than its schema."""


def _published() -> Any:
    schema = json.loads(SARIF.read_text("utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


def keeps_to_sarif(log: Any) -> None:
    """A log keeps to the part that is used here, and to the published schema."""
    jsonschema.Draft202012Validator(OWN).validate(log)
    _published().validate(log)
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])


def test_the_published_schema_takes_what_is_written(run: Any) -> None:
    """Everything above is validated by the schema that OASIS publishes; and that schema does refuse."""
    made = _published()
    log = json.loads(run("check", "r.yaml", "d.md", "--format", "sarif", *AT).out)
    assert list(made.iter_errors(log)) == []
    log["runs"][0]["results"][0]["level"] = "suggestion"
    assert list(made.iter_errors(log))
