"""`fmt`: one form, the same meaning, every comment kept, and nothing left to do the second time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Run
from followup_rules.errors import InvalidInput
from followup_rules.load.yaml import parse
from followup_rules.revising.comments import comments_of
from followup_rules.revising.formatting import canonical, formatted
from followup_rules.revising.tree import read_tree
from followup_rules.starter import files

ROOT = Path(__file__).resolve().parents[1]
OURS = sorted(
    file
    for folder in ("rules", "examples/rules", "plugins/*/src/*", "plugins/*/examples")
    for file in ROOT.glob(f"{folder}/*.yaml")
    if file.name != "followup.yaml"  # settings are not rules: fmt leaves them as they are
)
BEFORE = """\
# about this file

pack: 'ours'      # the name
schema: followup-rules/1
rules:
- kind: limit   # which kind
  # why it is called so
  id: not-too-many

  at_most:   2
  title: Not more than
    two
  per: application
  examples:
      - {title: one, # odd
         at: 2026-11-10T10:00:00-05:00,
         application: {events: []},
         expect: {decision: none}}
      # after the examples
- {id: stop, kind: stop, title: 'say "stop"', on: [reply]}   # short
# about the last rule


- id: last
  title: Last
  why: >-  # folded
     One
     two.

     Three.
  kind: stop
  on: [hired]
# the end
"""
AFTER = """\
# about this file

schema: followup-rules/1
pack: "ours"      # the name

rules:
  # why it is called so
  - id: not-too-many
    kind: limit   # which kind
    title: Not more than two

    at_most: 2
    per: application
    examples:
      - title: one  # odd
        at: 2026-11-10T10:00:00-05:00
        application: {events: []}
        expect: {decision: none}
      # after the examples

  # short
  - id: stop
    kind: stop
    title: 'say "stop"'
    on: [reply]

  # about the last rule

  - id: last
    kind: stop
    title: Last
    why: >-  # folded
      One
      two.

      Three.
    on: [hired]
  # the end
"""


def comments(text: str) -> list[str]:
    tree = read_tree(text)
    return sorted(one.text for one in comments_of(tree)) if tree else []


def promise(text: str, name: str = "rules.yaml") -> str:
    after = formatted(text, name)
    assert canonical(parse(after, name).data) == canonical(parse(text, name).data)
    assert comments(after) == comments(text)
    assert formatted(after, name) == after
    assert after.endswith("\n") and not after.endswith("\n\n")
    return after


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.name)
def test_our_own_files_are_in_their_form(file: Path) -> None:
    """The bundled packs, the examples and the packs of the plugins pass `fmt --check`."""
    text = file.read_text("utf-8")
    assert formatted(text, file.name) == text


def test_the_starter_folder_is_in_its_form() -> None:
    """What `init` writes passes `fmt --check`."""
    text = files()["rules/follow-ups.yaml"]
    assert formatted(text, "follow-ups.yaml") == text


def test_everything_at_once() -> None:
    """Order, indentation, quotes, empty lines and comments of a file that somebody wrote in a hurry."""
    assert promise(BEFORE) == AFTER


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_comments_and_empty_lines_in_odd_places(data: st.DataObject) -> None:
    """Whatever comments and empty lines are put into our files, none is lost and the meaning stays."""
    text = data.draw(st.sampled_from([file.read_text("utf-8") for file in OURS] + [BEFORE]))
    lines = text.split("\n")
    start = data.draw(st.integers(0, max(0, len(lines) - 60)))
    if start:
        # A whole file is slow: a head and some of its rules are enough.
        starts = [n for n, line in enumerate(lines) if re.match(r"(  )?- ", line)]
        keep = data.draw(st.sampled_from(starts))
        later = [n for n in starts if n > keep][:2]
        head = lines[: next(n for n, line in enumerate(lines) if line.startswith(("rules:", "scenarios:"))) + 1]
        lines = head + lines[keep : (later or [len(lines)])[-1]]
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(lines)))
        column = data.draw(st.sampled_from([0, 2, 3, 4, 6, 8, 10]))
        how = data.draw(st.sampled_from(["own", "empty", "end", "inside"]))
        if how == "own":
            lines.insert(at, " " * column + f"# note {column}")
        elif how == "empty":
            lines.insert(at, "")
        elif at < len(lines) and how == "end":
            lines[at] += "  # at the end "
        elif at < len(lines):
            lines[at] = lines[at].replace(", ", f",  # inside\n{' ' * (column + 4)}", 1)
    made = "\n".join(lines)
    try:
        parse(made, "rules.yaml")
    except InvalidInput:
        return
    promise(made)


_KEYS = ["id", "kind", "title", "why", "when", "on", "examples", "zzz"]
_PLAIN = st.sampled_from(
    "a;1;1.0;true;no;on;18:30;null;;a: b;a # b;#c;- d;';\";é; x ;\\;0x1f;~;[a;a,b;&a;*a;!t;a\tb".split(";")
    + "x\ny;{0};{0}x;\x07;a\n\nb\n".format("word " * 40).split(";")
)
_VALUES = st.recursive(
    _PLAIN | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_PLAIN, inner, max_size=4),
    max_leaves=12,
)


@given(
    rules=st.lists(st.dictionaries(st.sampled_from(_KEYS), _VALUES, max_size=6), max_size=3),
    flow=st.sampled_from([None, True, False]),
    style=st.sampled_from([None, '"', "'", ">", "|"]),
    width=st.sampled_from([40, 80, 1000]),
)
@settings(max_examples=150, deadline=None)
def test_generated_files(rules: list[object], flow: bool | None, style: str | None, width: int) -> None:
    """Whatever PyYAML writes, in whichever style, keeps its meaning; or the file is left alone with FR137."""
    import yaml

    data = {"rules": rules, "schema": "followup-rules/1"}
    text = yaml.safe_dump(
        data, default_flow_style=flow, default_style=style, width=width, allow_unicode=True, sort_keys=False
    )
    text = text.replace("!!int ", "").replace("!!bool ", "").replace("!!null ", "").replace("!!float ", "")
    try:
        parse(text, "rules.yaml")
    except InvalidInput:
        return
    try:
        promise(text)
    except InvalidInput as error:
        assert {problem.code for problem in error.problems} == {"FR137"}


def test_an_alias_stays_behind_its_anchor() -> None:
    """Keys are not put into their order where an alias would come before its anchor."""
    text = "schema: followup-rules/1\npack: p\nrules:\n  - {examples: &a [1], id: a, when: *a, kind: stop}\n"
    after = promise(text)
    assert after.index("&a") < after.index("*a")


@pytest.mark.parametrize(
    "text",
    [
        "schema: followup-rules/1\nrules:\n  - id: a\n    why: |+\n      text\n\n  - id: b\n",
        "%YAML 1.1\n---\nschema: followup-rules/1\n",
    ],
)
def test_what_cannot_be_put_into_form_is_left_alone(text: str) -> None:
    """FR137: signs and directives that fmt does not keep."""
    with pytest.raises(InvalidInput) as error:
        formatted(text, "rules.yaml")
    assert [problem.code for problem in error.value.problems] == ["FR137"]


def test_a_file_of_another_kind(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """FR136 where it is asked for by name; in a folder it is passed over, and the count says so."""
    (tmp_path / "applications.yaml").write_text("- {id: a,   status: active}\n")
    (tmp_path / "rules.yaml").write_text("schema: followup-rules/1\npack: p\n")
    monkeypatch.chdir(tmp_path)
    named = run("fmt", "applications.yaml")
    assert named.status == 2
    assert "applications.yaml:1: FR136" in named.err
    inside = run("fmt")
    assert inside.status == 0
    assert "0 formatted, 1 unchanged, 1 other YAML file passed over" in inside.err
    assert (tmp_path / "applications.yaml").read_text() == "- {id: a,   status: active}\n"
    role = "kind: Role\nrules: [{verbs:   [get]}]\n"
    (tmp_path / "role.yaml").write_text(role)
    doubtful = run("fmt")
    assert doubtful.status == 2, "it has a key of rule files, so that it may be one that is broken"
    assert "role.yaml:1: FR136" in doubtful.err
    assert (tmp_path / "role.yaml").read_text() == role
    (tmp_path / "role.yaml").unlink()
    (tmp_path / "rules.yaml").unlink()
    assert run("fmt").status == 1
    assert run("fmt", "no-such-folder/").status == 2


def test_check_and_diff_change_nothing(tmp_path: Path, run: Run) -> None:
    """`--check` names the files and leaves with 1, `--diff` shows the change with 0; both write nothing."""
    file = tmp_path / "r.yaml"
    file.write_text(BEFORE)
    checked = run("fmt", file, "--check")
    assert checked.status == 1
    assert "r.yaml: FR138" in checked.out
    shown = run("fmt", file, "--diff")
    assert shown.status == 0
    assert '+pack: "ours"      # the name' in shown.out
    assert file.read_text() == BEFORE
    assert run("fmt", file).status == 0
    assert run("fmt", file, "--check").status == 0


def test_links_and_modes_stay(tmp_path: Path, run: Run) -> None:
    """A link still points to the file, which has its new text and its old mode."""
    real = tmp_path / "real.yaml"
    real.write_bytes(b"\xef\xbb\xbf" + BEFORE.replace("\n", "\r\n").encode())
    real.chmod(0o640)
    (tmp_path / "link.yaml").symlink_to(real)
    assert run("fmt", tmp_path / "link.yaml").status == 0
    assert (tmp_path / "link.yaml").is_symlink()
    assert real.read_bytes() == AFTER.encode()
    assert real.stat().st_mode & 0o777 == 0o640


def test_standard_input(run: Run) -> None:
    """`-` prints the formatted text and nothing else; of what cannot be read nothing is printed."""
    done = run("fmt", "-", given=BEFORE.encode())
    assert (done.status, done.out, done.err) == (0, AFTER, "")
    faulty = run("fmt", "-", given=b"a: [")
    assert (faulty.status, faulty.out) == (2, "")
    assert "<stdin>:" in faulty.err
    assert run("fmt", "-", "--check", given=BEFORE.encode()).status == 1
    assert run("fmt", "-", "--check", given=AFTER.encode()).status == 0


def test_a_faulty_file_does_not_keep_the_others(tmp_path: Path, run: Run) -> None:
    """One file is no YAML: it is named, exit status 2, and the other is formatted all the same."""
    (tmp_path / "a.yaml").write_text("schema: [")
    (tmp_path / "b.yaml").write_text(BEFORE)
    done = run("fmt", tmp_path)
    assert done.status == 2
    assert "a.yaml:2:1: FR003" in done.err
    assert (tmp_path / "a.yaml").read_text() == "schema: ["
    assert (tmp_path / "b.yaml").read_text() == AFTER


def test_a_scenario_file(tmp_path: Path, run: Run) -> None:
    """Scenario files are known by their name or their schema, and their moments stay in order."""
    text = "scenarios:\n- moments: [{at: +0 minutes}]\n  title: one\nschema: followup-rules-test/1\n"
    after = "schema: followup-rules-test/1\n\nscenarios:\n  - title: one\n    moments: [{at: +0 minutes}]\n"
    assert promise(text, "x_test.yaml") == after
