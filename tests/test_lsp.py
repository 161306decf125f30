"""The language server: a real client library speaks with the real process, and its functions survive any text."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from followup_rules.lsp.completing import choices
from followup_rules.lsp.diagnosing import remarks
from followup_rules.lsp.fixing import fix_of
from followup_rules.lsp.hovering import hover
from followup_rules.lsp.lines import Lines, Position
from followup_rules.lsp.navigating import definition, symbols
from followup_rules.lsp.snapshot import Snapshot
from followup_rules.plugins import load_plugins
from followup_rules.quality.catalogue import NAMES
from followup_rules.rules.facts_known import FACTS
from followup_rules.rules.kinds import KINDS

pygls = pytest.importorskip("pygls", reason="the extra 'lsp' is not installed")

from lsprotocol import types  # noqa: E402

from lsp_editor import Editor  # noqa: E402

TODAY = date(2026, 11, 20)
HEAD = "schema: followup-rules/1\npack: ours\nextends: [default]\n"
LIMIT = "  - id: three\n    kind: limit\n    title: Three\n    at_most: 3\n    per: application\n"
LIMIT += "    source: 'judgement: three are enough'\n"
GOOD = f"{HEAD}rules:\n{LIMIT}"


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    one = Editor(tmp_path_factory.mktemp("rules"))
    yield one
    assert one.leave() == 0, "an orderly end is exit status 0"
    assert one.shown == [], "nothing opened a window in front of the text"


def at(text: str, mark: str = "|") -> tuple[str, int, int]:
    """A text without its mark, and the line and UTF-16 character where the mark stood."""
    before, _, after = text.partition(mark)
    line = before.rpartition("\n")[2]
    return before + after, before.count("\n"), len(line.encode("utf-16-le")) // 2


def offered(editor: Editor, name: str, text: str) -> list[str]:
    """What is offered at the mark, the first as it would be put in."""
    text, line, character = at(text)
    editor.open(name, text)
    found = [item.label for item in editor.ask("completion", name, line, character).items]
    editor.close(name)
    return found


def test_the_editor_is_told_what_the_server_can(editor: Editor) -> None:
    """Texts are sent as a whole, and every promised answer is announced."""
    can = editor.capabilities
    assert can.text_document_sync.change == types.TextDocumentSyncKind.Full
    assert can.completion_provider and can.hover_provider and can.definition_provider
    assert can.document_symbol_provider and can.code_action_provider


def test_a_fault_is_said_with_code_page_and_mend(editor: Editor) -> None:
    """FR104 stands under the misspelt key, leads to its page, and one key mends it."""
    found = editor.open("key.yaml", GOOD.replace("at_most", "at_mots"))
    assert [(one.code, one.severity, str(one.range)) for one in found] == [
        ("FR104", types.DiagnosticSeverity.Error, "7:4-7:11")
    ]
    assert "did you mean 'at_most'?" in found[0].message
    assert found[0].source == "followup-rules"
    assert found[0].code_description is not None
    assert found[0].code_description.href.endswith("/codes/FR104.md")
    action = editor.actions("key.yaml", found[0].range)[0]
    assert action.title == "Write 'at_most'"
    assert action.kind == types.CodeActionKind.QuickFix
    assert action.edit is not None and action.edit.changes is not None
    edit = action.edit.changes[editor.uri("key.yaml")][0]
    assert (edit.new_text, str(edit.range)) == ("at_most", "7:4-7:11")
    assert editor.change("key.yaml", GOOD, 2) == []
    assert editor.actions("key.yaml", found[0].range) == []


def test_what_is_not_yaml_is_said_where_reading_stopped(editor: Editor) -> None:
    """A syntax error is FR003, and gone with the text that made it."""
    found = editor.open("broken.yaml", f"{HEAD}rules: [\n")
    assert [one.code for one in found] == ["FR003"]
    assert editor.change("broken.yaml", GOOD, 2) == []


def test_the_buffer_counts_and_not_the_file(editor: Editor) -> None:
    """What is on disk is not looked at while a text is open; afterwards it is."""
    (editor.folder / "base.yaml").write_text(GOOD.replace("ours", "base"), "utf-8")
    child = f"{HEAD}rules: []\n".replace("[default]", "[./base.yaml]")
    assert editor.open("child.yaml", child) == []
    editor.open("base.yaml", GOOD.replace("at_most", "at_mots"))
    found = editor.wait("child.yaml", 1)
    assert [one.code for one in found] == ["FR104"]
    assert str(found[0].range) == "2:0-2:22", "it points at the line `extends`"
    assert "base.yaml:8:5: unknown key 'at_mots'" in found[0].message
    related = found[0].related_information
    assert related is not None
    assert related[0].location.uri == editor.uri("base.yaml")
    editor.close("base.yaml")
    assert editor.change("child.yaml", child, 2) == []


def test_files_of_one_pack_are_judged_together(editor: Editor) -> None:
    """A pack in two files is one: what stops a follow-up may stand in the other file, saved or not."""
    follow_up = (
        "schema: followup-rules/1\npack: both\nrules:\n  - id: ask\n    kind: follow_up\n    title: Ask\n"
        "    follow_up: ask\n    direction: candidate_to_employer\n    after: applied\n    expires: 3 days\n"
        "    do: [draft_message]\n"
    )
    stop = (
        "schema: followup-rules/1\npack: both\nrules:\n  - id: end\n    kind: stop\n    title: End\n"
        "    on: [reply, rejected, withdrawn, hired, opted_out]\n"
    )
    assert "FR117" in [one.code for one in editor.open("one.yaml", follow_up)]
    editor.open("two.yaml", stop)
    assert "FR117" not in [one.code for one in editor.change("one.yaml", follow_up + "\n", 2)]
    editor.close("two.yaml")


def test_warnings_are_warnings(editor: Editor) -> None:
    """Severities come through, and the analysis of a saved text does not disturb them."""
    text = GOOD.replace("    per:", "    follow_up: status_chek\n    per:")
    found = editor.open("warn.yaml", text)
    assert ("FR122", types.DiagnosticSeverity.Warning) in [(one.code, one.severity) for one in found]
    assert "FR122" in [one.code for one in editor.save("warn.yaml")]


def test_other_yaml_is_left_alone(editor: Editor) -> None:
    """Editors send every YAML file; only rule files and scenarios are judged."""
    assert editor.open("compose.yaml", "services:\n  web: {image: [}\n") == []
    assert [one.code for one in editor.open("x_test.yaml", "scenarios: [\n")] == ["FR003"]


@pytest.mark.parametrize(("encoding", "character"), [("", 21), ("utf-32", 19), ("utf-8", 25)])
def test_positions_are_those_of_the_client(tmp_path: Path, encoding: str, character: int) -> None:
    """An emoji before a place is two units of UTF-16, one of UTF-32 and four of UTF-8."""
    one = Editor(tmp_path, [encoding] if encoding else [])
    text = f'# \U0001f600\U0001f600\n{HEAD}rules:\n  - {{id: a, title: "\U0001f600\U0001f600", kid: limit}}\n'
    text = text.replace("kid: limit", "kind: limit, at_most: 3, per: everybody")
    found = one.open("emoji.yaml", text)
    start = found[0].range.start
    before = text.split("\n")[5].partition("everybody")[0]
    size = {"": "utf-16-le", "utf-32": "utf-32-le", "utf-8": "utf-8"}[encoding]
    width = {"": 2, "utf-32": 4, "utf-8": 1}[encoding]
    assert (found[0].code, start.line, start.character) == ("FR103", 5, len(before.encode(size)) // width)
    assert start.character > character
    shown = one.ask("hover", "emoji.yaml", 5, len(before.partition("limit")[0].encode(size)) // width + 2)
    assert shown.contents.value.startswith("# limit\n")
    assert one.leave() == 0


def test_kinds_keys_facts_and_the_rest_are_offered(editor: Editor) -> None:
    """At each place that is offered which the language allows there."""
    rule = f"{HEAD}rules:\n  - id: a\n    kind: "
    assert offered(editor, "c1.yaml", f"{rule}|\n") == [*KINDS]
    keys = offered(editor, "c2.yaml", f"{rule}limit\n    |\n")
    assert {"title", "at_most", "per", "within", "since", "when"} <= {*keys}
    assert not {"id", "kind", "backoff"} & {*keys}
    assert {*FACTS, "any", "not_happened", "attributes."} <= {
        *offered(editor, "c3.yaml", f"{rule}limit\n    when:\n      st|\n")
    }
    assert "is_not" in offered(editor, "c4.yaml", f"{rule}limit\n    when: {{stage: {{|}}}}\n")
    assert "rejected" in offered(editor, "c5.yaml", f"{rule}limit\n    when: {{status: |}}\n")
    assert "offer_made" in offered(editor, "c6.yaml", f"{rule}stop\n    on: [reply, |]\n")
    assert [*NAMES] == offered(editor, "c7.yaml", f"{rule}message\n    check: |\n")[: len(NAMES)]
    assert {"at_least", "at_most"} == {
        *offered(editor, "c8.yaml", f"{rule}message\n    check: length\n    with:\n      |\n")
    }
    assert "3 business days" in offered(editor, "c9.yaml", f"{rule}limit\n    within: 3 b|\n")
    (editor.folder / "base.yaml").write_text(GOOD.replace("ours", "base"), "utf-8")
    assert {"default", "technology", "./base.yaml"} <= {
        *offered(editor, "c10.yaml", "schema: followup-rules/1\npack: a\nextends: [|]\n")
    }
    assert "thank-you" in offered(editor, "c11.yaml", f"{HEAD}disable: [th|]\n")
    assert "thank_you.txt.j2" in offered(editor, "c12.yaml", f"{rule}follow_up\n    template: |\n")
    assert "status_check" in offered(editor, "c13.yaml", f"{rule}limit\n    follow_up: |\n")
    assert "interview_completed" in offered(
        editor, "c14.yaml", f"{rule}limit\n    when:\n      happened:\n        - event: |\n"
    )
    assert {"extends", "disable"} <= {*offered(editor, "c15.yaml", "schema: followup-rules/1\npack: a\n|\n")}
    assert "wait" in offered(editor, "c16.yaml", f"{rule}limit\n    examples:\n      - expect: {{decision: |}}\n")


def test_completion_works_in_a_text_that_is_broken(editor: Editor) -> None:
    """An open bracket above, a doubled key and a half word do not matter to the line that is being written."""
    broken = f"{HEAD}rules:\n  - id: b\n    when: {{stage: [\n"
    broken += "  - id: a\n    kind: limit\n    kind: limit\n    at_|\n  - {\n"
    text, line, character = at(broken)
    editor.open("half.yaml", text)
    items = editor.ask("completion", "half.yaml", line, character).items
    one = next(item for item in items if item.label == "at_most")
    assert (one.text_edit.new_text, str(one.text_edit.range)) == ("at_most: ", "9:4-9:7")
    assert one.documentation is None or one.documentation.value
    assert [symbol.name for symbol in editor.ask("document_symbol", "half.yaml")] == ["b", "a"]
    text, line, character = at(f"# \U0001f600 |\n{GOOD}")
    editor.change("half.yaml", text, 2)
    assert editor.ask("completion", "half.yaml", line, character).items == (), "nothing in comments"


def test_scenarios_are_completed_and_judged(editor: Editor) -> None:
    """Their keys are offered and their faults are said."""
    head = "schema: followup-rules-test/1\nrules: [default]\nscenarios:\n  - title: a\n"
    assert {"start", "moments"} <= {*offered(editor, "s1_test.yaml", f"{head}    |\n")}
    assert {"at", "events", "expect"} <= {*offered(editor, "s2_test.yaml", f"{head}    moments:\n      - |\n")}
    assert "FR104" in [one.code for one in editor.open("s3_test.yaml", f"{head}    strat: x\n")]
    editor.close("s3_test.yaml")


def test_a_saved_text_is_analysed(editor: Editor) -> None:
    """What the static analysis says comes with saving and goes with the next change."""
    never = GOOD.replace("    per:", "    when: {interviews: {more_than: 3, less_than: 2}}\n    per:")
    assert next(one.code for one in editor.open("deep.yaml", never)).startswith("FR7")
    assert editor.change("deep.yaml", never + "\n", 2) == []
    assert next(one.code for one in editor.save("deep.yaml")).startswith("FR7")


def test_what_a_file_asks_to_be_silent_about_is_not_said(editor: Editor) -> None:
    """An `ignore` silences its code; one that has expired, or silences nothing in a saved text, is a warning."""
    odd = GOOD.replace("    per:", "    follow_up: thanks\n    per:")
    assert [one.code for one in editor.open("loud.yaml", odd)] == ["FR122"]
    entry = "    ignore: [{{code: {}, reason: it comes soon, until: {}}}]\n"
    assert editor.open("silent.yaml", odd + entry.format("FR122", "2999-12-31")) == []
    late = editor.open("late.yaml", odd + entry.format("FR122", "2020-01-01"))
    assert [one.code for one in late] == ["FR122", "FR124"]
    idle = GOOD + entry.format("FR701", "2999-12-31")
    assert [one.code for one in editor.open("idle.yaml", idle)] == ["FR125"]
    assert editor.change("idle.yaml", idle + "\n", 2) == [], "while typing nobody knows what it would silence"


HOVERS = {
    "kind": ("    kind: lim|it", "# limit\n"),
    "check": ("    check: leng|th", "# length\n"),
    "fact": ("    when: {unans|wered_touches: 3}", "touches since the last reply"),
    "family of facts": ("    when: {hours_since.app|lied: 3}", "hours since the latest such event"),
    "event": ("    on: [interview_can|celed]", "what is voided"),
    "operator": ("    when: {stage: {none_|of: [a]}}", "in the list"),
    "key": ("    per|: application", "Counted over this application"),
    "code": ("    title: x # FR1|04", "# FR104: an unknown key"),
    "replaced": ("    id: thank-|you", "Replaces `thank-you` of the pack `default`"),
    "own": ("    id: my-o|wn", "A rule of its own"),
}


@pytest.mark.parametrize("what", HOVERS)
def test_hover_tells(editor: Editor, what: str) -> None:
    """The page or the line about a word stands beside it."""
    line, expected = HOVERS[what]
    kind = (
        ""
        if "kind" in line
        else f"    kind: {'message' if 'check' in line else 'stop' if ' on' in line else 'limit'}\n"
    )
    text, number, character = at(f"{HEAD}rules:\n  - why: x\n{kind}{line}\n")
    name = f"hover-{what.replace(' ', '-')}.yaml"
    editor.open(name, text)
    shown = editor.ask("hover", name, number, character)
    editor.close(name)
    assert shown is not None and expected in shown.contents.value
    assert "](../" not in shown.contents.value, "links to files that the editor does not have are left out"


def test_hover_tells_what_is_extended_and_taken_out(editor: Editor) -> None:
    """A pack lists its rules, and an id under `disable` says what goes."""
    editor.open("ext.yaml", f"{HEAD}disable: [thank-you]\nrules: []\n")
    assert "`status-check`" in editor.ask("hover", "ext.yaml", 2, 12).contents.value
    assert "Takes out `thank-you`" in editor.ask("hover", "ext.yaml", 3, 12).contents.value
    assert editor.ask("hover", "ext.yaml", 2, 3) is not None
    assert editor.ask("hover", "ext.yaml", 900, 9) is None


def test_definitions_are_found(editor: Editor) -> None:
    """From an id to the rule it replaces, from a name to its pack, from a template to its file."""
    text = (
        f"{HEAD}disable: [status-check]\nrules:\n  - id: thank-you\n    kind: follow_up\n"
        "    template: thank_you.txt.j2\n    examples:\n      - expect: {decided_by: thank-you}\n"
    )
    editor.open("def.yaml", text)
    rules = (ROOT / "rules").resolve()
    default = (rules / "default.yaml").read_text("utf-8").split("\n")
    for line, character, word in ((5, 12, "id: thank-you"), (3, 12, "id: status-check")):
        found = editor.ask("definition", "def.yaml", line, character)
        assert found.uri == (rules / "default.yaml").as_uri()
        assert word in default[found.range.start.line]
    assert editor.ask("definition", "def.yaml", 2, 12).uri == (rules / "default.yaml").as_uri()
    template = editor.ask("definition", "def.yaml", 7, 16)
    assert template.uri == (rules / "templates" / "thank_you.txt.j2").as_uri()
    assert str(editor.ask("definition", "def.yaml", 9, 30).range) == "5:8-5:17"
    assert editor.ask("definition", "def.yaml", 0, 0) is None


def test_unknown_texts_and_quick_hands(editor: Editor) -> None:
    """Texts that were never opened get empty answers; one that is closed at once gets no late word."""
    assert editor.ask("hover", "never.yaml") is None
    assert editor.ask("completion", "never.yaml") is None
    assert editor.ask("definition", "http://x.invalid/a.yaml") is None
    assert editor.ask("document_symbol", "untitled:1") == []
    bad = GOOD.replace("at_most", "at_mots")
    editor.open("quick.yaml", bad, wait=False)
    for version in range(2, 12):
        editor.change("quick.yaml", bad + "\n" * version, version, wait=False)
    editor.close("quick.yaml")
    editor.idle(0.8)
    said = editor.published[editor.uri("quick.yaml")]
    assert list(said[-1].diagnostics) == []
    assert [one.code for one in editor.open("quick.yaml", bad)] == ["FR104"]
    assert [one.code for one in editor.open("untitled:Untitled-1", bad)] == ["FR104"]


def test_typing_is_judged_once(editor: Editor) -> None:
    """Changes that follow each other quickly are judged together: the last one counts, with its version."""
    editor.open("typing.yaml", GOOD)
    before = len(editor.published[editor.uri("typing.yaml")])
    for version in range(2, 22):
        editor.change("typing.yaml", GOOD + "#" * version, version, wait=False)
    editor.wait("typing.yaml", before)
    editor.idle(0.6)
    since = editor.published[editor.uri("typing.yaml")][before:]
    assert len(since) <= 3
    assert since[-1].version == 21


def test_a_huge_text_is_refused_and_the_rest_goes_on(editor: Editor) -> None:
    """More than the loader takes is FR005; while it is judged, other questions are answered."""
    assert [one.code for one in editor.open("huge.yaml", GOOD + "# x\n" * 1_100_000)] == ["FR005"]
    editor.close("huge.yaml")
    assert editor.open("after.yaml", GOOD) == []


def frame(message: Any) -> bytes:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def test_no_traceback_reaches_the_client(tmp_path: Path) -> None:
    """Damaged frames, unknown methods and changes of unknown texts are survived; standard output is protocol only."""
    change = {"textDocument": {"uri": "file:///nope.yaml", "version": 3}, "contentChanges": [{"text": "a"}]}
    lone = {"textDocument": {"uri": "file:///x.yaml", "version": 1, "languageId": "yaml", "text": "pack: \ud800"}}
    place = {"textDocument": {"uri": "file:///x.yaml"}, "position": {"line": 0, "character": 7}}
    sent = [
        {"id": 1, "method": "initialize", "params": {"capabilities": {}, "processId": None, "rootUri": None}},
        {"id": 2, "method": "no/such", "params": {}},
        {"method": "textDocument/didChange", "params": change},
        b"{nope",
        {"id": 3, "method": "textDocument/hover", "params": {}},
        {"method": "textDocument/didOpen", "params": lone},
        {"id": 4, "method": "textDocument/completion", "params": place},
        {"id": 5, "method": "shutdown"},
        {"method": "exit"},
    ]
    data = b"".join(frame(one if isinstance(one, bytes) else {"jsonrpc": "2.0", **one}) for one in sent)
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "followup_rules", "lsp"]
    ran = subprocess.run(command, input=data, capture_output=True, env=env, cwd=tmp_path, timeout=60)
    assert ran.returncode == 0
    assert b"Traceback" not in ran.stdout
    answers = {}
    rest = ran.stdout
    while rest:
        head, _, rest = rest.partition(b"\r\n\r\n")
        length = int(head.split(b"\r\n")[0].removeprefix(b"Content-Length: "))
        answer = json.loads(rest[:length])
        answers[answer.get("id")] = answer
        rest = rest[length:]
    assert answers[2]["error"]["code"] == -32601
    assert "data" not in answers[2]["error"]
    assert "result" in answers[4]
    assert answers[5]["result"] is None


def test_without_the_extra_one_line_says_how(tmp_path: Path) -> None:
    """Without pygls the command says how to install it, and nothing else."""
    code = (
        "import sys; sys.modules['pygls'] = None; sys.argv = ['followup-rules', 'lsp']\n"
        "from followup_rules.cli.main import main; main()"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, timeout=60)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "the language server needs pygls: pip install 'followup-rules[lsp]'\n"


PLUGINS = load_plugins({"FOLLOWUP_RULES_PLUGINS": "off"})
SAMPLE = (ROOT / "rules" / "technology.yaml").read_text("utf-8")
WORDS = "{ } [ ] \" ' # | > , *a !x kind \U0001f600 \x00"
JUNK = st.sampled_from([*WORDS.split(" "), ": ", "- ", "\n", "  ", "&a ", "<<: ", "\t", "\r", "\u2028", "\x85"])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2_500), st.integers(0, 12), JUNK), max_size=6), st.integers(0, 2_600))
def test_no_text_breaks_the_answers(changes: list[tuple[int, int, str]], cursor: int) -> None:
    """Whatever was done to a text, every question about every place of it has an answer."""
    text = SAMPLE[:2_500]
    for start, length, junk in changes:
        text = text[:start] + junk + text[start + length :]
    path = ROOT / "nowhere" / "some.yaml"
    snapshot = Snapshot({path: text}, PLUGINS.packs, PLUGINS.checks)
    lines = Lines(text)
    rows = [lines.line(number) for number in range(len(lines))]
    where = lines.position(cursor)
    column = lines.offset(where) - lines.start(where.line)
    found = choices(path, rows, where.line, column, snapshot)
    assert 0 <= found.start <= found.end <= len(rows[where.line])
    assert isinstance(hover(path, rows, where.line, column, snapshot), str)
    definition(path, rows, where.line, column, snapshot)
    symbols(rows)
    for one in remarks(path, snapshot, False, TODAY):
        assert one.range.start <= one.range.end
        assert one.range.end.line < len(lines)
        fix_of(one.problem, one.range, lines)


@given(st.text("a\U0001f600é\u2028\x85\n\r\t", max_size=40), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_positions_and_characters_are_one(text: str, unit: str) -> None:
    """From a character to its position and back again is the same character, whatever the client counts in."""
    lines = Lines(text, unit)
    for offset in range(len(text) + 1):
        if offset and text[offset - 1 : offset + 1] == "\r\n":
            continue  # no position is between the two
        assert lines.offset(lines.position(offset)) == offset
    assert lines.offset(Position(10**6, 3)) == len(text)


def test_a_fix_that_a_problem_brings_is_offered() -> None:
    """A problem with a `fix` of its own needs no hint."""
    from typing import NamedTuple

    class Mend(NamedTuple):
        line: int = 2
        column: int = 6
        end_line: int = 2
        end_column: int = 8
        replacement: str = "24 hours"

    class Brought(NamedTuple):
        message: str = "x"
        hint: str = ""
        fix: Mend | None = Mend()

    lines = Lines("# \U0001f600\ndue: 24\n")
    found = fix_of(Brought(), lines.range(0, 1), lines)  # type: ignore[arg-type]
    assert found is not None
    assert (found.text, found.title) == ("24 hours", "Write '24 hours'")
    assert lines.text[lines.offset(found.range.start) : lines.offset(found.range.end)] == "24"
    assert fix_of(Brought(fix=None), lines.range(0, 1), lines) is None  # type: ignore[arg-type]
