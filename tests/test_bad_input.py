"""Whatever is wrong with the input, a person is told what and where, and what is right is still decided."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# What stands in a case is what a user would write; what it comes to is a pattern of the message.
AT = ("--at", "2026-11-10T15:00:00Z")
GOOD = {
    "id": "good",
    "status": "active",
    "candidate": {"id": "c-1", "name": "Ada Park"},
    "job": {"id": "j-1", "title": "Engineer", "company": "Northwind", "timezone": "America/New_York", "country": "US"},
    "events": [{"id": "e1", "type": "interview_completed", "at": "2026-11-09T15:00:00-05:00"}],
}
HEAD = "schema: followup-rules/1\npack: mine\nextends: [default]\n"
RULE = """\
schema: followup-rules/1
pack: mine
rules:
  - {id: core, kind: stop, title: Ends, on: [reply, rejected, withdrawn, hired, opted_out]}
  - id: thank-you
    kind: follow_up
    title: Thanks
    follow_up: thank_you
    direction: candidate_to_employer
    after: interview_completed
    expires: 3 days
    do: [draft_message]
    template: mine.txt.j2
"""

Write = Callable[[str, str | bytes], str]


def line(**changes: Any) -> str:
    return json.dumps(GOOD | changes)


# --- Rule files ----------------------------------------------------------------------------------------------------

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)

UNREADABLE: dict[str, tuple[str | bytes, str]] = {
    "not YAML": (HEAD + "rules: [\n", r"r\.yaml:\d+:\d+: FR003 is not YAML: "),
    "two colons": (HEAD + "rules: a: b\n", r"r\.yaml:4:\d+: FR003 is not YAML: "),
    "not UTF-8": (b"schema: followup-rules/1\npack: caf\xe9\n", r"r\.yaml:2:10: FR002 is not UTF-8 text \(byte 0xe9\)"),
    "UTF-16": ("schema: x".encode("utf-16"), r"r\.yaml:1:1: FR002 is not UTF-8 text"),
    "empty": ("", r"r\.yaml: FR004 is empty"),
    "blank": ("  \n\n", r"r\.yaml: FR004 is empty"),
    "only comments": ("# nothing\n# at all\n", r"r\.yaml: FR004 is empty"),
    "a byte order mark alone": ("\ufeff", r"r\.yaml: FR004 is empty"),
    "a bomb of aliases": (BOMB, r"r\.yaml:\d+:\d+: FR005 stands for more than 500000 values"),
    "brackets": ("[" * 100_000, r"r\.yaml:1:\d+: FR005 is nested more than 60 deep"),
    "braces": ("a: {" * 50_000, r"r\.yaml:1:\d+: FR00[35] "),
    "indents": ("".join(f"{' ' * n}a:\n" for n in range(1500)), r"r\.yaml:\d+:\d+: FR005 is nested more than 60 deep"),
    "an alias inside its anchor": ("a: &x [*x]\n", r"r\.yaml:1:8: FR003 the alias '\*x' stands before its anchor"),
    "an alias of nothing": ("a: *x\n", r"r\.yaml:1:4: FR003 the alias '\*x' stands before its anchor"),
    "tabs": (HEAD + "rules:\n\t- id: x\n", r"r\.yaml:5:1: FR003 is not YAML: .*tab|r\.yaml:5:1: FR003 is not YAML"),
    "a control character": (HEAD + "rules: [\x01]\n", r"r\.yaml:4.*: FR003 is not YAML: .*remove the control"),
    "a tag": ("a: !!python/object:os.system x\n", r"r\.yaml:1:4: FR007 the tag '[^']*os.system' means nothing"),
    "a merge key": (HEAD + "rules:\n- <<: {a: 1}\n", r"r\.yaml:5:3: FR007 merge keys \(<<\) are not part of YAML 1.2"),
    "two documents": (HEAD + "---\n" + HEAD, r"r\.yaml:4:1: FR007 a second document"),
    "a key twice": (HEAD + "pack: other\n", r"r\.yaml:4:1: FR006 the key 'pack' is given twice, first in line 2"),
    "a key that is a list": ("[a, b]: c\n", r"r\.yaml:1:1: FR007 a key must be a plain text"),
    "infinity": ("a: .inf\n", r"r\.yaml:1:4: FR007 '\.inf' is no number"),
    "a number of 400 digits": ("a: " + "9" * 400 + "\n", r"r\.yaml:1:4: FR007 a number of more than 300 digits"),
    "a list": ("- a\n", r"r\.yaml:1:1: FR102 a rule file is a mapping"),
    "a text": ("hello\n", r"r\.yaml:1:1: FR102 a rule file is a mapping"),
    "5 MB": (b"# " + b"x" * 5_000_000, r"r\.yaml: FR005 is larger than 4 MB"),
    "rules that are a text": (HEAD + "rules: none\n", r"r\.yaml:4:8: FR102 'rules' is a list"),
    "a rule that is a text": (HEAD + "rules: [x]\n", r"r\.yaml:4:9: FR102 a rule is a mapping"),
    "a lone surrogate": (HEAD + 'rules: ["\\ud800"]\n', r"r\.yaml:4:\d+: FR\d+ "),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_rule_file_that_cannot_be_used_is_named_with_its_place(name: str, run: Any, write: Write) -> None:
    """`check` and `plan` say what is wrong with a rule file, where, within a second or two, and leave with 2."""
    text, wanted = UNREADABLE[name]
    write("r.yaml", text)
    write("a.jsonl", line())
    began = time.process_time()
    checked = run("check", "r.yaml")
    assert checked.status == 2
    assert re.search(wanted, checked.out), checked
    planned = run("plan", "a.jsonl", "--rules", "r.yaml", *AT)
    assert (planned.status, planned.out) == (2, "")
    assert re.search(wanted, planned.err)
    assert time.process_time() - began < 5


def test_an_unknown_key_is_told_with_what_was_meant(run: Any, write: Write) -> None:
    """The line that an error has, word for word: file, line, column, code, what, where and the mend."""
    write(
        "rules/limits.yaml", HEAD + "rules:\n- id: few\n  kind: limit\n  title: Few\n  at_mots: 2\n  per: candidate\n"
    )
    ran = run("check", "rules/limits.yaml")
    assert ran.status == 2
    assert ran.out == "rules/limits.yaml:8:3: FR104 unknown key 'at_mots' in kind limit; did you mean 'at_most'?\n"
    assert ran.err == "1 error, 0 warnings\n"


def test_carriage_returns_and_a_byte_order_mark_are_read(run: Any, write: Write) -> None:
    """A file saved on Windows is the same file, and its places are the same."""
    text = HEAD + "rules:\n- id: few\n  kind: limit\n  title: Few\n  at_most: 2\n  per: application\n"
    write("r.yaml", "\ufeff" + text.replace("\n", "\r\n"))
    assert run("check", "r.yaml").status == 0
    write("r.yaml", "\ufeff" + text.replace("at_most", "at_mots").replace("\n", "\r\n"))
    assert "r.yaml:8:3: FR104 unknown key 'at_mots'" in run("check", "r.yaml").out


def test_a_pack_that_extends_itself_is_refused(run: Any, write: Write) -> None:
    """Directly by name, by file, or through another pack: FR115 at the name, and no endless loop."""
    write("a.yaml", "schema: followup-rules/1\npack: a\nextends: [a]\n")
    assert "a.yaml:3:11: FR115 the pack 'a' extends itself" in run("check", "a.yaml").out
    write("a.yaml", "schema: followup-rules/1\npack: a\nextends: [./a.yaml]\n")
    assert "a.yaml:3:11: FR115 './a.yaml' extends itself" in run("check", "a.yaml").out
    write("a.yaml", "schema: followup-rules/1\npack: a\nextends: [./b.yaml]\n")
    write("b.yaml", "schema: followup-rules/1\npack: b\nextends: [./c.yaml]\n")
    write("c.yaml", "schema: followup-rules/1\npack: c\nextends: [a.yaml]\n")
    ran = run("check", "a.yaml")
    assert ran.status == 2
    assert "c.yaml:3:11: FR115 'a.yaml' extends itself, directly or through what it extends" in ran.out
    assert run("check", ".").status == 2


def test_a_file_that_replaces_a_bundled_pack_of_its_name_extends_itself(run: Any, write: Write) -> None:
    """A file that is called like the pack that it extends is told so."""
    write("mine.yaml", "schema: followup-rules/1\npack: default\nextends: [default]\n")
    ran = run("check", "mine.yaml")
    assert ran.status == 2
    assert "mine.yaml:3:11: FR115 the pack 'default' extends itself" in ran.out


TEMPLATES = {
    "{% for a in notes %}{% for b in notes %}x{% endfor %}{% endfor %}": "has a loop inside a loop",
    "{% for a in range(100000000) %}x{% endfor %}": "calls something",
    "{{ ''.join(notes) }}": "calls something",
    "{{ 'x' * 1000000000 }}": "multiplies",
    "{{ 9 ** 9 ** 9 }}": "raises to a power",
    "{% include 'other.j2' %}": "includes another template",
    "{% import 'other.j2' as o %}": "imports another template",
    "{% extends 'other.j2' %}": "extends another template",
    "{% macro m() %}x{% endmacro %}": "defines a macro",
    "\n\n{{ job.title": "the template cannot be used",
    "{{ notes | attr('append') }}": "no filter named 'attr'",
    "{{ notes | map('upper') }}": "no filter named 'map'",
    "{{ 1 is callable }}": "no test named 'callable'",
    "{{ '%9999999d' % 1 }}": "the template cannot be used",
    "{% set a = 'xx' %}{% set a = a ~ a %}{% set a = a ~ a %}": "the template cannot be used",
    "{{ self }}": "the template cannot be used",
}


@pytest.mark.parametrize("text", TEMPLATES)
def test_a_template_that_could_do_more_than_write_is_refused(text: str, run: Any, write: Write) -> None:
    """Calls, nested loops, powers, other templates and unknown filters are found when the pack is checked, FR120."""
    write("r.yaml", RULE)
    write("templates/mine.txt.j2", text)
    ran = run("check", "r.yaml")
    assert ran.status == 2
    where = 3 if text.startswith("\n") else 1
    assert re.search(rf"templates/mine\.txt\.j2:{where}: FR120 the template cannot be used: ", ran.out), ran
    assert TEMPLATES[text] in ran.out


FAILING = {
    "{{ ''.__class__ }}": "FR301",
    "{{ ''.__class__.__mro__[1].__subclasses__ }}": "FR301",
    "{{ job['__class__'] }}": "FR301",
    "{{ job.items }}": "FR301",
    "{{ notes.append }}": "FR301",
    "{{ anchor.at.year }}": "FR301",
    "{{ loop }}": "FR301",
    "{{ range }}": "FR301",
    "{{ cycler.__init__.__globals__.os }}": "FR30[12]",
    "{{ job.title / 0 }}": "FR302",
    "{{ attributes.a.b.c }}": "FR301",
    "{{ notes[7] }}": "FR301",
    "{% for x in notes %}{{ loop.__class__ }}{% else %}{{ nothing }}{% endfor %}": "FR301",
}


@pytest.mark.parametrize("text", FAILING)
def test_a_template_reaches_nothing_but_values(text: str, run: Any, write: Write) -> None:
    """Attributes of Python objects are not there: the decision is `revise` with a finding, never a leak or a crash."""
    write("r.yaml", RULE)
    write("templates/mine.txt.j2", f"Subject: x\n\n{text}\n")
    write("a.jsonl", line())
    if "FR120" in run("check", "r.yaml").out:
        return
    ran = run("plan", "a.jsonl", "--rules", "r.yaml", "--format", "jsonl", *AT)
    decision = json.loads(ran.out)
    assert ran.status == 0
    assert (decision["decision"], decision["reason"]) == ("revise", "draft_has_errors")
    assert re.fullmatch(FAILING[text], decision["findings"][0]["code"])
    assert decision["findings"][0]["severity"] == "error"


def test_a_template_that_writes_without_end_is_stopped(run: Any, write: Write) -> None:
    """A loop over a long list ends at 20,000 characters, and says so."""
    write("r.yaml", RULE)
    write("templates/mine.txt.j2", "Subject: x\n\n{% for n in notes %}{{ n }}{% endfor %}\n")
    write("a.jsonl", line(notes=["x" * 1000] * 30_000))
    began = time.process_time()
    ran = run("plan", "a.jsonl", "--rules", "r.yaml", "--format", "jsonl", *AT)
    finding = json.loads(ran.out)["findings"][0]
    assert finding["code"] == "FR302"
    assert "longer than 20000 characters" in finding["message"]
    assert time.process_time() - began < 5


# --- Applications --------------------------------------------------------------------------------------------------


def event(**changes: Any) -> list[dict[str, Any]]:
    return [GOOD["events"][0] | changes]  # type: ignore[index]


DEEP = '{"a": ' * 100_000 + "1" + "}" * 100_000

REFUSED: dict[str, tuple[str, str]] = {
    "year 9999": (line(id="bad", events=event(at="9999-12-31T23:59:59Z")), "FR205 .*out of range"),
    "year 0000": (line(id="bad", events=event(at="0000-01-01T00:00:00Z")), "FR205 "),
    "second 60": (line(id="bad", events=event(at="2016-12-31T23:59:60Z")), "FR205 .*leap second"),
    "no offset": (line(id="bad", events=event(at="2026-11-09T15:00:00")), "FR205 .*has no offset"),
    "a date": (line(id="bad", events=event(at="2026-11-09")), "FR205 .*no RFC 3339 time"),
    "a number as time": (line(id="bad", events=event(at=1762700000)), "FR205 .*is no time"),
    "a control character in the id": (line(id="bad\u0007"), "FR211 .*control characters"),
    "a line break in the id": (line(id="bad\nid"), "FR211 "),
    "an empty id": (line(id=""), "FR211 .*empty"),
    "a blank id": (line(id="  "), "FR211 .*empty"),
    "a lone surrogate in the id": (line(id="bad\ud800"), "FR2(03|11) "),
    "an id of 201 characters": (line(id="x" * 201), "FR211 .*longer than 200"),
    "an id that is a number": (line(id=7), "FR203 'id'"),
    "no id": (json.dumps({key: value for key, value in GOOD.items() if key != "id"}), "FR202 'id' is missing"),
    "no status": (json.dumps({"id": "bad", "events": []}), "FR202 'status' is missing"),
    "an unknown status": (line(id="bad", status="Active"), "FR203 'Active' is not allowed for 'status'.*'active'"),
    "an unknown key": (line(id="bad", stge="onsite"), "FR204 unknown key 'stge' in an application; did you mean"),
    "an unknown event": (line(id="bad", events=event(type="interviewed")), "FR203 'interviewed' is not allowed"),
    "a contact not listed": (line(id="bad", events=event(contact="u-9")), "FR207 .*'u-9', who is not listed"),
    "an interview not there": (line(id="bad", events=event(interview="e9")), "FR208 .*'e9', which is not there"),
    "two contact keys": (line(id="bad", contacts=[{"id": "u"}], events=event(contact="u", contacts=["u"])), "FR203"),
    "two events with one id": (line(id="bad", events=[*event(), *event(at="2026-11-09T16:00:00Z")]), "FR209 "),
    "a broken line": ('{"id": "bad", "status": ', r"FR201 the line is not JSON: "),
    "a text": ('"bad"', "FR203 an application is an object"),
    "a list in a line": ("[1, 2]", "FR203 an application is an object"),
    "null": ("null", "FR203 an application is an object"),
    "NaN": ('{"id": "bad", "status": "active", "attributes": {"a": NaN}}', "FR201 .*NaN is no number"),
    "minus infinity": ('{"id": "bad", "status": "active", "attributes": {"a": -Infinity}}', "FR201 .*Infinity is no"),
    "1e400": ('{"id": "bad", "status": "active", "attributes": {"a": 1e400}}', "FR203 .*no number that can be"),
    "5000 digits": (f'{{"id": "bad", "status": "active", "attributes": {{"a": {"9" * 5000}}}}}', "FR20[13] "),
    "a key twice": ('{"id": "bad", "status": "active", "status": "hired"}', "FR006 the key 'status' is given twice"),
    "a key twice inside": ('{"id": "bad", "status": "active", "job": {"id": "a", "id": "b"}}', "FR006 the key 'id'"),
    "nested 100,000 deep": (DEEP, "FR201 .*nested too deep"),
    "nested 40 deep": (
        '{"id": "bad", "status": "active", "attributes": {"a": ' + "[" * 40 + "]" * 40 + "}}", "FR203 .*more than 30",
    ),
    "an auto-reply that is a text": (
        line(id="bad", events=event(type="message", **{"from": "employer", "auto_reply": "yes"})), "FR203 'auto_reply'",
    ),
    "a message from nobody": (line(id="bad", events=event(type="message")), "FR202 a message event needs 'from'"),
    "an interview with a body": (line(id="bad", events=event(body="x")), "FR204 .*has no 'body'"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_application_that_cannot_be_used_is_refused_alone(name: str, run: Any, write: Write) -> None:
    """Its line is named on stderr with a code, the others are decided as if it were not there, the status is 1."""
    bad, wanted = REFUSED[name]
    others = [line(id=f"good-{n}", candidate={"id": f"c-good-{n}", "name": "Ada"}) for n in range(2)]
    write("a.jsonl", "\n".join([others[0], bad, others[1]]) + "\n")
    write("good.jsonl", "\n".join(others) + "\n")
    ran = run("plan", "a.jsonl", "--format", "jsonl", *AT)
    assert ran.status == 1
    assert re.search(rf"^a\.jsonl:2:\d+: {wanted}", ran.err, re.MULTILINE), ran.err[:500]
    assert {found.split(":")[1] for found in ran.err.splitlines()} == {"2"}
    decisions = {one["application"]: one for one in map(json.loads, ran.lines)}
    assert {one["reason"] for one in decisions.values()} != {"refused_sibling"}
    assert set(decisions) == {"good-0", "good-1"}
    alone = run("plan", "good.jsonl", "--format", "jsonl", *AT)
    assert alone.status == 0
    assert alone.out == ran.out


def test_ids_that_can_be_printed_are_ids(run: Any, write: Write) -> None:
    """Slashes, quotes, braces and other alphabets are allowed; the machine form gives them back as they were."""
    ids = ["gh/104", "../../etc", "{{ x }}", 'a"b', "応募-1", "=1+1", "-rf"]
    write("a.jsonl", "\n".join(line(id=one, candidate={"id": f"c{n}", "name": "A"}) for n, one in enumerate(ids)))
    ran = run("plan", "a.jsonl", "--format", "jsonl", *AT)
    assert ran.status == 0
    assert list(dict.fromkeys(json.loads(one)["application"] for one in ran.lines)) == ids


@pytest.mark.parametrize("engine", ["native", "auto"])
def test_lone_surrogates_outside_ids_break_nothing(engine: str, run: Any, write: Write, tmp_path: Path) -> None:
    """Half a character in a name, a note or a stage is printed as an escape, in every format and in drafts."""
    half = "\ud800"
    write("a.jsonl", line(stage=half, candidate={"id": "c-1", "name": f"A{half}"}, notes=[half], skills=[half],
                          attributes={half: half}, job=GOOD["job"] | {"title": half}) + "\n"
          + line(id="b", candidate={"id": half, "name": "X"}) + "\n")  # fmt: skip
    for form in ("text", "json", "jsonl"):
        ran = run("plan", "a.jsonl", "--format", form, "--engine", engine, "--drafts", tmp_path / "out", *AT)
        assert ran.status == 1
        assert "good" in ran.out
    assert run("why", "good", "--from", "a.jsonl", *AT).status == 0


def test_an_application_that_comes_twice_is_refused_both_times(run: Any, write: Write) -> None:
    """Nobody knows which of the two is right, so neither is decided; both lines are named."""
    write("a.jsonl", "\n".join([line(), line(id="other", candidate={"id": "c-9", "name": "X"}), line(stage="offer")]))
    ran = run("plan", "a.jsonl", "--format", "jsonl", *AT)
    assert ran.status == 1
    assert [one.split(" ")[0:2] for one in ran.err.splitlines()] == [
        ["a.jsonl:1:1:", "FR206"],
        ["a.jsonl:3:1:", "FR206"],
    ]
    assert {json.loads(one)["application"] for one in ran.lines} == {"other"}


def test_an_application_in_two_files_is_refused_in_both(run: Any, write: Write) -> None:
    """Two files given together are one input."""
    write("a.jsonl", line())
    write("b.jsonl", line())
    ran = run("plan", "a.jsonl", "b.jsonl", "--format", "jsonl", *AT)
    assert (ran.status, ran.out) == (1, "")
    assert [one.split(":")[0] for one in ran.err.splitlines()] == ["a.jsonl", "b.jsonl"]


def test_an_unknown_zone_holds_and_says_so(run: Any, write: Write) -> None:
    """A zone that does not exist is no guess: where no fallback is named, the follow-up is held."""
    write("r.yaml", RULE.replace("    template: mine.txt.j2\n", ""))
    write("a.jsonl", line(job={"timezone": "Mars/Olympus", "country": "US"}))
    ran = run("plan", "a.jsonl", "--rules", "r.yaml", "--format", "jsonl", *AT)
    decision = json.loads(ran.out)
    assert ran.status == 0
    assert (decision["decision"], decision["reason"], decision["at"]) == ("hold", "unknown_timezone", None)
    why = run("why", "good", "--from", "a.jsonl", "--rules", "r.yaml", *AT)
    assert "time zone is not known" in why.out


def test_an_unknown_country_is_noted(run: Any, write: Write) -> None:
    """Business days without a known country are Monday to Friday, and the decision says that this was assumed."""
    write("a.jsonl", line(job={"timezone": "America/New_York", "country": "XX", "title": "E", "company": "N"}))
    ran = run("plan", "a.jsonl", "--format", "jsonl", *AT)
    notes = [note for one in ran.lines for verdict in json.loads(one)["verdicts"] for note in verdict.get("notes", [])]
    assert any("the country 'XX' is not known" in note for note in notes)


def test_a_timeline_of_100000_events_is_decided_within_seconds(run: Any, write: Write) -> None:
    """A very long timeline takes time in proportion to its length and no more."""
    events = [
        {"id": f"m{n}", "type": "message", "from": "candidate", "at": f"2026-09-{1 + n % 28:02}T{n % 24:02}:00:00Z"}
        for n in range(100_000)
    ]  # fmt: skip
    write("a.jsonl", line(events=[*events, *event()]))
    began = time.process_time()
    ran = run("plan", "a.jsonl", "--format", "jsonl", "--engine", "native", *AT)
    assert ran.status == 0
    assert json.loads(ran.lines[0])["application"] == "good"
    assert time.process_time() - began < 25


# --- Whole files ---------------------------------------------------------------------------------------------------

FILES: dict[str, tuple[str, str | bytes | None, str]] = {
    "missing": ("a.jsonl", None, r"a\.jsonl: FR001 cannot be read: No such file"),
    "a missing YAML file": ("a.yaml", None, r"a\.yaml: FR001 cannot be read: No such file"),
    "a missing JSON file": ("a.json", None, r"a\.json: FR001 cannot be read: No such file"),
    "a missing file without a suffix": ("a", None, r"a: FR001 cannot be read: No such file"),
    "empty JSON lines": ("a.jsonl", "", r"a\.jsonl: FR004 is empty"),
    "blank JSON lines": ("a.jsonl", "\n \n", r"a\.jsonl: FR004 is empty"),
    "empty JSON": ("a.json", "", r"a\.json: FR004 is empty"),
    "empty YAML": ("a.yaml", "# x\n", r"a\.yaml: FR004 is empty"),
    "broken JSON": ("a.json", '[\n{"id": 1,]\n', r"a\.json:2:\d+: FR201 is not JSON: "),
    "broken YAML": ("a.yaml", "- {id: 1\n", r"a\.yaml:\d+:\d+: FR003 is not YAML"),
    "JSON with NaN": ("a.json", "[NaN]", r"a\.json: FR201 is not JSON that can be used: NaN"),
    "deep JSON": ("a.json", "[" * 100_000, r"a\.json: FR201 .*nested too deep"),
    "not UTF-8": ("a.json", b'["\xff"]', r"a\.json:1:3: FR002 is not UTF-8"),
    "YAML keys twice": ("a.yaml", "id: a\nid: b\n", r"a\.yaml:2:1: FR006 the key 'id' is given twice, first in line 1"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_applications_that_cannot_be_read_is_named(name: str, run: Any, write: Write) -> None:
    """Nothing is decided, the message has the place as far as there is one, and the status is 2."""
    file, text, wanted = FILES[name]
    write("other", "")
    if text is not None:
        write(file, text)
    ran = run("plan", file, *AT)
    assert (ran.status, ran.out) == (2, "")
    assert re.search(wanted, ran.err), ran.err[:300]


@pytest.mark.parametrize("command", [("plan",), ("why", "x", "--from")])
def test_a_folder_given_as_a_file_is_told(command: tuple[str, ...], run: Any, tmp_path: Path) -> None:
    """A folder is no file of applications."""
    ran = run(*command, tmp_path, *AT)
    assert ran.status == 2
    assert "FR001 cannot be read: Is a directory" in ran.err


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(run: Any, write: Write, tmp_path: Path) -> None:
    """Missing permission is said in one line."""
    write("a.jsonl", line())
    (tmp_path / "a.jsonl").chmod(0)
    ran = run("plan", "a.jsonl", *AT)
    assert ran.status == 2
    assert "FR001 cannot be read: Permission denied" in ran.err


def test_a_folder_without_rules_is_told(run: Any, tmp_path: Path) -> None:
    """An empty folder checks nothing, and that is no success."""
    ran = run("check", tmp_path)
    assert ran.status == 2
    assert "FR008 there is no rule file (*.yaml) in this folder" in ran.out


@pytest.mark.parametrize("name", ["defalt", "nowhere.yaml", "./no/such"])
def test_rules_that_are_not_there_are_told(name: str, run: Any, write: Write) -> None:
    """A pack, file or folder that does not exist is named, with a near name where there is one."""
    write("a.jsonl", line())
    ran = run("plan", "a.jsonl", "--rules", name, *AT)
    assert (ran.status, ran.out) == (2, "")
    assert name in ran.err
    assert "FR114" in ran.err or "FR001" in ran.err
    if name == "defalt":
        assert "did you mean 'default'?" in ran.err


@pytest.mark.parametrize("at", ["now", "2026-11-10", "2026-11-10T10:00:00", "", "tomorrow 9am", "9999-01-01T00:00:00Z"])
def test_a_moment_that_is_not_exact_is_refused(at: str, run: Any, write: Write) -> None:
    """`--at` takes an RFC 3339 time with an offset and nothing else."""
    write("a.jsonl", line())
    ran = run("plan", "a.jsonl", "--at", at)
    assert (ran.status, ran.out) == (2, "")
    assert "--at" in ran.err


@pytest.mark.parametrize(
    "arguments", [("plan",), ("plan", "a.jsonl", "--format", "xml"), ("nonsense",), ("plan", "a.jsonl", "--nonsense"),
                  ("why",), ("schema", "nothing"), ("plan", "a.jsonl", "--engine", "fast")],
)  # fmt: skip
def test_wrong_usage_is_status_2(arguments: tuple[str, ...], run: Any, write: Write) -> None:
    """A wrong option or command is told on stderr."""
    write("a.jsonl", line())
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err


def test_the_installed_program_shows_no_traceback(write: Write, tmp_path: Path) -> None:
    """The same through a real process: a bad file, its status and one line on stderr."""
    write("a.jsonl", '{"id": \n')
    done = subprocess.run(
        [sys.executable, "-m", "followup_rules", "plan", "a.jsonl", *AT],
        cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("a.jsonl:1:")
    assert "Traceback" not in done.stderr
