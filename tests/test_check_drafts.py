"""`check` for drafts: what a person sees, what a machine reads, what is mended, and what is known about a draft."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup_rules.errors import Place
from followup_rules.mending import mend
from followup_rules.model.decision import Finding
from followup_rules.quality.review import Lines

Write = Callable[[str, str | bytes], str]

RULES = """\
schema: followup-rules/1
pack: ours
rules:
  - {id: words, kind: message, title: Words, check: forbids, severity: error, with: {words: [synergy], instead: use}}
  - {id: greet, kind: message, title: Greet, check: personal_greeting, direction: candidate_to_employer}
  - {id: thank, kind: message, title: Thank, check: appreciation, follow_up: thank_you, severity: suggestion}
  - {id: leak, kind: message, title: Leak, check: other_names, severity: error}
  - {id: proof, kind: message, title: Proof, check: spelling}
  - {id: rules, kind: message, title: Grammar, check: grammar, severity: suggestion}
"""
APPLICATIONS = """\
- id: a-1
  status: active
  candidate: {id: c-7, name: Ada Park, email: ada@example.org}
  job: {id: j-9, title: Data Engineer, company: Northwind}
  contacts: [{id: u-3, name: Sam Reyes, email: sam@example.com}, {id: u-4, name: Lena Ost, email: lena@example.com}]
- id: a-2
  status: active
  candidate: {id: c-7, name: Ada Park}
  job: {id: j-4, title: Data Engineer, company: Larkfield Bank}
  contacts: [{id: u-8, name: Graham Peel}]
- {id: a-3, status: wild}
"""
DRAFT = "Subject: Thank you\n\nDear Sam,\n\nThank you for the synergy. Shall I call you?\n\nAda Park\n"


@pytest.fixture(autouse=True)
def files(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLLOWUP_RULES_PLUGINS", "off")
    write("rules.yaml", RULES)
    write("applications.yaml", APPLICATIONS)


def check(run: Any, *arguments: str) -> Any:
    return run("check", *arguments, "--rules", "rules.yaml")


def data(run: Any, *arguments: str) -> dict[str, Any]:
    """The machine form of one draft."""
    return json.loads(check(run, *arguments, "--format", "jsonl").out)  # type: ignore[no-any-return]


KNOWN = ("--application", "a-1", "--from", "applications.yaml")


def test_a_text_beyond_all_measure_is_not_judged(run: Any, write: Write) -> None:
    """FR305 alone: nobody reads 100,000 characters, and no check is let loose on them."""
    write("long.txt", "Dear Sam,\n\n" + "We spoke about the plan again. " * 3_400 + "\n\nKind regards,\nAda\n")
    found = data(run, "long.txt", "--follow-up", "thank_you", "--direction", "candidate_to_employer")["findings"]
    assert [one["code"] for one in found] == ["FR305"]


def test_a_person_sees_place_reason_excerpt_and_mend(run: Any, write: Write) -> None:
    """File, line and column; the line with the words underlined; what to do; which rule asked."""
    write("draft.txt", DRAFT)
    ran = check(run, "draft.txt", "--follow-up", "thank_you", "--direction", "candidate_to_employer")
    assert ran.status == 1
    assert ran.lines == [
        "draft.txt:5:19: FR616 error: 'synergy' is not to be written [words]",
        "    Thank you for the synergy. Shall I call you?",
        "                      ^^^^^^^",
        "    mend: use",
    ]
    assert ran.err.splitlines()[-1] == "1 draft checked: 1 error"


def test_a_machine_reads_the_same(run: Any, write: Write) -> None:
    """The same severities, words and places."""
    write("draft.txt", DRAFT)
    told = data(run, "draft.txt")
    assert told["draft"] == "draft.txt"
    assert told["findings"] == [
        {
            "code": "FR616", "severity": "error", "message": "'synergy' is not to be written", "part": "body",
            "line": 5, "column": 19, "excerpt": "synergy", "start": 29, "end": 36, "hint": "use",
            "asked_by": {"rule": "words", "file": "rules.yaml", "line": 4},
        }
    ]  # fmt: skip
    whole = json.loads(check(run, "draft.txt", "--format", "json").out)
    assert whole == [told]


def test_a_clean_draft_says_so(run: Any, write: Write) -> None:
    """Exit status 0, on stdout."""
    write("draft.md", "Dear Sam,\n\nThank you for Monday. Shall I call you?\n\nAda Park\n")
    ran = check(run, "draft.md")
    assert (ran.status, ran.lines) == (0, ["1 draft checked, nothing found"])


@pytest.mark.parametrize(("fail_on", "status"), [("error", 0), ("warning", 1), ("suggestion", 1), (None, 1)], ids=str)
def test_what_is_grave_enough_fails(run: Any, write: Write, fail_on: str | None, status: int) -> None:
    """A warning fails in continuous integration, unless the team says that only errors do."""
    write("draft.txt", "Dear Sam,\n\nThank you for the the tour. Shall I call you?\n\nAda Park\n")
    options = () if fail_on is None else ("--fail-on", fail_on)
    assert check(run, "draft.txt", *options).status == status


def test_rules_for_some_messages_are_named_where_they_are_not_asked(run: Any, write: Write) -> None:
    """Whoever reads a clean report knows what was not looked at."""
    write("draft.txt", "Hello,\n\nShall I call you?\n\nAda Park\n")
    assert data(run, "draft.txt")["rules_not_asked"] == ["greet", "thank"]
    told = data(run, "draft.txt", "--direction", "candidate_to_employer", "--follow-up", "thank_you")
    assert told["rules_not_asked"] == []
    assert [one["code"] for one in told["findings"]] == ["FR601", "FR604"]
    told = data(run, "draft.txt", "--direction", "employer_to_candidate", "--follow-up", "update")
    assert [one["code"] for one in told["findings"]] == []


def test_what_is_not_known_is_told(run: Any, write: Write) -> None:
    """Without an application names are judged by the text alone, and a line says so."""
    write("draft.txt", DRAFT)
    assert "other_names" in data(run, "draft.txt")["lacking"]["the names of other applications"]
    assert "the names of other applications" not in data(run, "draft.txt", *KNOWN)["lacking"]
    assert "judged by the text alone: other_names" in check(run, "draft.txt").err


def test_names_of_other_applications_are_found(run: Any, write: Write) -> None:
    """Graham belongs to the bank, where Ada also applied."""
    write("draft.txt", "Dear Sam,\n\nThank you. As I told Graham, I know Kafka well. Shall I call?\n\nAda Park\n")
    (finding,) = [one for one in data(run, "draft.txt", *KNOWN)["findings"] if one["code"] == "FR614"]
    assert (finding["excerpt"], finding["line"], finding["severity"]) == ("Graham", 3, "error")


MAIL = "From: {sender}\nTo: {to}\nSubject: Monday\n\nDear {name},\n\nThank you for Monday. Shall I call?\n\n{by}\n"


@pytest.mark.parametrize(
    ("file", "text", "direction"),
    [
        (
            "d.eml",
            MAIL.format(sender="Ada <ada@example.org>", to="x@example.com", name="X", by="Y"),
            "candidate_to_employer",
        ),
        ("d.eml", MAIL.format(sender="x@example.com", to="ADA@example.org", name="X", by="Y"), "employer_to_candidate"),
        ("d.eml", MAIL.format(sender="x@example.com", to="sam@example.com", name="X", by="Y"), "candidate_to_employer"),
        (
            "d.eml",
            MAIL.format(sender="lena@example.com", to="x@example.com", name="X", by="Y"),
            "employer_to_candidate",
        ),
        ("d.txt", "Dear Ms Park,\n\nThank you for Monday. Shall I call?\n\nLena Ost\n", "employer_to_candidate"),
        ("d.txt", "Dear Lena,\n\nThank you for Monday. Shall I call?\n\nAda\n", "candidate_to_employer"),
        ("d.txt", "Hello,\n\nThank you for Monday. Shall I call?\n", None),
    ],
)
def test_who_writes_to_whom_is_found_out(run: Any, write: Write, file: str, text: str, direction: str | None) -> None:
    """By the addresses in the head, else by whose name stands in salutation and closing; else it is not known."""
    write(file, text)
    assert data(run, file, *KNOWN)["direction"] == direction


@pytest.mark.parametrize(
    ("name", "options", "wrong"),
    [
        ("Lena", (), False),
        ("Sam", (), False),
        ("Lena", ("--contact", "u-3"), True),
        ("Lena", ("--contact", "u-4"), False),
        ("Sandra", (), True),
    ],
)
def test_which_contact_is_written_to_is_found_out(
    run: Any, write: Write, name: str, options: tuple[str, ...], wrong: bool
) -> None:
    """By the name in the salutation; `--contact` says it outright."""
    write("d.txt", f"Dear {name},\n\nThank you for Monday. Shall I call?\n\nAda Park\n")
    told = data(run, "d.txt", *KNOWN, "--contact", "u-4") if name == "Sandra" else data(run, "d.txt", *KNOWN, *options)
    assert ("FR601" in [one["code"] for one in told["findings"]]) is wrong


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("draft.txt", "--application", "a-1"), "--application needs --from"),
        (("draft.txt", "--contact", "u-3"), "--contact needs --application"),
        (("default", "--fix"), "--fix and --diff change files"),
        (("rules.yaml", "--contact", "u-1"), "--contact is about drafts"),
        (
            ("draft.txt", "--application", "a-9", "--from", "applications.yaml"),
            "FR309 the application 'a-9' is not there",
        ),
        (
            ("draft.txt", "--application", "a-3", "--from", "applications.yaml"),
            "FR309 the application 'a-3' is refused",
        ),
        (
            ("draft.txt", *KNOWN, "--contact", "u-33"),
            "FR207 the application 'a-1' lists no contact 'u-33'; did you mean",
        ),
        (("nothing.txt",), "nothing.txt: FR001"),
        (("-", "--fix"), "--fix and --diff need a file"),
    ],
)
def test_wrong_usage_is_one_clear_error(run: Any, write: Write, arguments: tuple[str, ...], told: str) -> None:
    """Exit status 2, the reason, no traceback."""
    write("draft.txt", DRAFT.replace("the synergy", "the the synergy"))
    ran = run("check", *arguments, "--rules", "rules.yaml", given=b"Dear Sam,\n\nThank you for the the tour.\n\nAda")
    assert ran.status == 2, ran.out
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_one_draft_that_cannot_be_read_leaves_the_others(run: Any, write: Write) -> None:
    """The others are judged; the exit status is 2."""
    write("bad.txt", b"Dear Sam, \xff\xfe\xfa thank you.")
    write("draft.txt", DRAFT)
    ran = check(run, "bad.txt", "draft.txt")
    assert ran.status == 2
    assert "bad.txt" in ran.err and "FR002" in ran.err
    assert "draft.txt:5:19: FR616" in ran.out


def test_rules_and_drafts_can_be_checked_together(run: Any, write: Write) -> None:
    """The graver exit status counts."""
    write("draft.txt", DRAFT)
    write("wrong.yaml", RULES.replace("with:", "wiht:"))
    assert run("check", "rules.yaml", "draft.txt", "--rules", "rules.yaml").status == 1
    assert run("check", "wrong.yaml", "draft.txt", "--rules", "rules.yaml").status == 2


def test_standard_input_is_a_draft(run: Any) -> None:
    """So that a mail program can ask before it sends."""
    ran = run("check", "-", "--rules", "rules.yaml", given=DRAFT.encode())
    assert ran.lines[0].startswith("<stdin>:5:19: FR616")


def test_diff_shows_and_fix_mends_what_is_safe(run: Any, write: Write) -> None:
    """The diff changes nothing; the fix changes the finding's place alone, and the file keeps its mode."""
    body = "Thank you for  the tour of the the hub. Shall I call?"
    text = f"Subject: Thanks\r\n\r\nDear Sam,\r\n\r\n{body}\r\n\r\nAda Park\r\n"
    write("draft.txt", text.encode())
    path = Path("draft.txt")
    path.chmod(0o640)
    shown = check(run, "draft.txt", "--diff")
    assert path.read_bytes() == text.encode()
    assert "-Thank you for  the tour of the the hub." in shown.out
    assert "+Thank you for the tour of the hub." in shown.out
    ran = check(run, "draft.txt", "--fix")
    assert path.read_bytes() == text.replace("the the", "the").replace("  ", " ").encode()
    assert ran.status == 0, ran.out
    assert "mended" in ran.err
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_fix_leaves_what_a_person_must_decide(run: Any, write: Write) -> None:
    """Forbidden words stay: what to say instead is no mechanical matter."""
    write("draft.txt", DRAFT)
    assert check(run, "draft.txt", "--fix").status == 1
    assert Path("draft.txt").read_text() == DRAFT


WORDS = st.text(alphabet="ab \n\r\té漢", max_size=60)


@given(WORDS, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 5), st.sampled_from(["", "x", "yy"])), max_size=5))
def test_a_fix_changes_its_own_place_and_nothing_else(source: str, edits: list[tuple[int, int, str]]) -> None:
    """Every text, every set of fixes: what is made is exactly the edits that do not overlap, from the left."""
    lines = Lines(source)
    fixes = []
    for start, length, fix in edits:
        start = min(start, len(source))
        end = min(len(source), start + length)
        line, column = lines.place(start)
        finding = Finding("X", "warning", "", line, column, excerpt=source[start:end], fix=fix, start=start, end=end)
        fixes.append((finding, Place("f", line, column)))
    mended = mend(source, fixes)
    expected, position, made = "", 0, 0
    for start, end, fix in sorted((one.start, one.end, one.fix or "") for one, _ in fixes):
        if start >= position:
            expected += source[position:start] + fix
            position, made = end, made + 1
    assert mended.after == expected + source[position:]
    assert (mended.made, mended.left) == (made, len(fixes) - made)


def test_a_place_that_is_not_the_files_is_left_alone() -> None:
    """What was decoded on its way is not mended by guess."""
    finding = Finding("X", "warning", "", 1, 1, excerpt="the the", fix="the", start=0, end=7)
    mended = mend("something else", [(finding, Place("f", 1, 1))])
    assert (mended.after, mended.made, mended.left) == ("something else", 0, 1)
