"""The documentation is true: its examples run, its lists are complete, its links resolve, its floors hold.

`UPDATE_DOCS=1 pytest tests/test_docs.py` writes today's output into the pages, for an author to read and to keep.

A fenced block whose info string names a file, as in `yaml rules.yaml`, is written to that file; an encoding may
follow. A `diff` block changes the file that it names. A `console` block holds commands after `$` and what they print;
a line `...` stands for lines left out.
"""

from __future__ import annotations

import ast
import importlib
import io
import json
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, get_args

import pytest

import followup_rules
from followup_rules.cli.main import COMMANDS, main
from followup_rules.codes import CODES
from followup_rules.judge import drafts
from followup_rules.model.words import EVENT_TYPES, STATUSES, Do, Outcome, Reason
from followup_rules.quality.catalogue import CHECKS, NAMES
from followup_rules.rules.facts_known import FACTS
from followup_rules.rules.follow_up import Step
from followup_rules.rules.kinds import KINDS
from followup_rules.rules.read_condition import _OPERATORS, _PATTERN_KEYS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(
    [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("plugins/*/README.md"), *ROOT.glob("examples/*.md")]
)
RUN = [page for page in PAGES if "```console" in page.read_text("utf-8") and page.parent.name != "examples"]
UPDATE = bool(os.environ.get("UPDATE_DOCS"))

# Codes whose page cannot show them by a command, and why.
NOT_RUN = {
    "FR305": "a page cannot hold a text of more than 100,000 characters",
    **dict.fromkeys(
        ("FR801", "FR802", "FR803", "FR804", "FR806", "FR807"),
        "no rules are known with which the engine does it; tests/test_prove.py plants a fault that does",
    ),
    **dict.fromkeys(
        ("FR902", "FR903", "FR904", "FR911", "FR912"),
        "a page cannot make a newer outbox, a lock, a full disk or a lost answer; the tests of the outbox do",
    ),
    **dict.fromkeys(
        ("FR990", "FR991", "FR992", "FR993", "FR994"), "no command has a host's form; tests/test_hosting.py shows each"
    ),
    **dict.fromkeys(
        ("FR972", "FR973", "FR974", "FR975", "FR985"),
        "a page cannot take a package away, start two services, send a request or stop in the middle of an action",
    ),
    "FR501": "no input is known on which the engines disagree; a test of its own makes two that do",
}

FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\((?P<target>[^)\s]+)\)")


class Block(NamedTuple):
    """A fenced block: what it is, the file that it names, its text and where the text stands in the page."""

    language: str
    arguments: list[str]
    body: str
    start: int


def blocks(text: str) -> Iterator[Block]:
    for match in FENCE.finditer(text):
        language, *arguments = match["info"].split() or [""]
        yield Block(language, arguments, match["body"], match.start("body"))


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


class Shell:
    """Runs `followup-rules` in this process, and `echo $?`; nothing else."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch, self._status = monkeypatch, 0

    def run(self, line: str) -> str:
        words = shlex.split(line)
        if words == ["echo", "$?"]:
            return f"{self._status}\n"
        with self._patch.context() as patch:
            while "=" in words[0]:
                patch.setenv(*words.pop(0).split("=", 1))
            assert words[0] == "followup-rules", f"a console block cannot run: {line}"
            patch.setattr("sys.argv", words)
            out = io.StringIO()
            with redirect_stdout(out), redirect_stderr(out), pytest.raises(SystemExit) as left:
                main()
        self._status = int(left.value.code or 0)
        return "".join(f"{one.rstrip()}\n" for one in out.getvalue().splitlines())

    def dialogue(self, body: str) -> tuple[str, bool]:
        """What a console block would print today, and whether it is what the block says."""
        printed, same = "", True
        for part in re.split(r"^(?=\$ )", body, flags=re.MULTILINE):
            line, _, expected = part.partition("\n")
            if not line.startswith("$ "):
                assert not part.strip(), f"a console block begins with a command, not with {line!r}"
                continue
            found = self.run(line[2:])
            pattern = "".join(
                r"(?:.*\n)*?" if one.strip() == "..." else f"{re.escape(one.rstrip())}\n"
                for one in expected.splitlines()
            )
            fits = re.fullmatch(pattern, found) is not None
            same = same and fits
            printed += f"{line}\n{expected if fits else found}"
        return printed, same


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    """A shell in an empty folder, with the bundled plugin alone and no terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOLLOWUP_RULES_PLUGINS", "off")
    for variable in ("COLUMNS", "FORCE_COLOR", "FOLLOWUP_RULES_DEBUG", "TTY_COMPATIBLE"):
        monkeypatch.delenv(variable, raising=False)
    return Shell(monkeypatch)


def write(block: Block, folder: Path) -> None:
    name, *encoding = block.arguments
    file = folder / name
    assert file.resolve().is_relative_to(folder.resolve())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(block.body, *encoding or ["utf-8"])


def change(block: Block, folder: Path) -> None:
    """Apply a diff of whole lines, each of which stands once in the file."""
    file = folder / block.arguments[0]
    lines = block.body.splitlines()
    old = "\n".join(line[1:] for line in lines if line.startswith("-"))
    new = "\n".join(line[1:] for line in lines if line.startswith("+"))
    text = file.read_text("utf-8")
    assert text.count(f"\n{old}\n") == 1, f"{file.name} does not have once: {old}"
    file.write_text(text.replace(f"\n{old}\n", f"\n{new}\n"), "utf-8")


@pytest.mark.parametrize("page", RUN, ids=name_of)
def test_examples_print_what_pages_say(page: Path, shell: Shell, tmp_path: Path) -> None:
    """Every console block of every page prints today exactly what stands there."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    text = page.read_text("utf-8")
    stale: list[str] = []
    made, end = "", 0
    for block in blocks(text):
        if block.language == "console":
            printed, same = shell.dialogue(block.body)
            stale += [] if same else [printed]
            made += text[end : block.start] + printed
            end = block.start + len(block.body)
        elif block.language == "diff" and block.arguments:
            change(block, tmp_path)
        elif block.arguments:
            write(block, tmp_path)
    if stale and UPDATE:
        page.write_text(made + text[end:], "utf-8")
    assert not stale, f"{name_of(page)} is stale; today it is:\n" + "\n".join(stale)


CHECK_OF = {CHECKS[name].code: name for name in CHECKS}
"""The codes of findings; the page of each is that of its check."""


@pytest.mark.parametrize("name", NAMES)
def test_check_has_a_page(name: str) -> None:
    """Each message check has a page: code, what to avoid and to prefer, why, every option, and output that shows it."""
    text = text_of(f"docs/checks/{name}.md")
    check = CHECKS[name]
    assert text.startswith(f"# {name}\n")
    assert CODES[check.code] == check.title
    for heading in ("## Example", "## Avoid", "## Prefer", "## Why", "## Options", "## What it cannot see"):
        assert f"{heading}\n" in text
    options = [field.alias or key for key, field in check.Options.model_fields.items()]
    assert [option for option in options if f"| `{option}` |" not in text] == []
    assert any(block.language == "console" and check.code in block.body for block in blocks(text))


def test_checks_have_no_other_pages() -> None:
    """A check that is gone has no page."""
    assert {page.stem for page in (DOCS / "checks").glob("*.md")} == {*NAMES}


@pytest.mark.parametrize("code", [code for code in CODES if code not in CHECK_OF])
def test_code_has_a_page_that_shows_it(code: str) -> None:
    """Each code has a page: its meaning as the title, output in which it stands, and how to mend it."""
    text = text_of(f"docs/codes/{code}.md")
    assert text.startswith(f"# {code}: {CODES[code]}\n")
    assert "## How to mend it" in text
    language = "text" if code in NOT_RUN else "console"
    assert any(block.language == language and code in block.body for block in blocks(text))


def test_codes_have_no_other_pages() -> None:
    """A code that is gone has no page, and the list of codes is the one of the program."""
    assert {page.stem for page in (DOCS / "codes").glob("FR*.md")} == {*CODES} - {*CHECK_OF}
    listed = re.findall(r"^- \[(FR\d+)\]\((.+?)\.md\): (.+)$", text_of("docs/codes/README.md"), re.MULTILINE)
    pages = {code: f"../checks/{CHECK_OF[code]}" if code in CHECK_OF else code for code in CODES}
    assert listed == [(code, pages[code], meaning) for code, meaning in CODES.items()]


def test_the_line_of_a_disagreement(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """FR501 is printed as its page shows it."""
    from followup_rules.cli.plan import _write_down

    one = {"application": "gh-104", "condition": 1, "answers": {"durable": "true", "native": "unknown"}}
    matcher: Any = SimpleNamespace(disagreements=[one])
    assert _write_down(matcher, None) is True
    assert capsys.readouterr().err in text_of("docs/codes/FR501.md")


@pytest.mark.parametrize("kind", KINDS)
def test_kind_has_a_page_with_every_key(kind: str) -> None:
    """Each kind has a page: an example that passes `check`, and every key of its model."""
    text = text_of(f"docs/kinds/{kind}.md")
    assert text.startswith(f"# {kind}\n")
    keys = [field.alias or name for name, field in KINDS[kind].model_fields.items()]
    keys += [*Step.model_fields] if kind == "follow_up" else []
    assert [key for key in keys if f"| `{key}` |" not in text] == []
    assert "no problem found" in text
    for heading in ("## What it decides", "## Keys", "## Avoid", "## Prefer", "## Why", "## Options"):
        assert f"{heading}\n" in text


def test_kinds_have_no_other_pages() -> None:
    """A kind that is gone has no page."""
    assert {page.stem for page in (DOCS / "kinds").glob("*.md")} == {*KINDS}


def test_every_word_of_the_language_is_explained() -> None:
    """Facts, operators, pattern keys, events, statuses, decisions, reasons and actions stand in the language page."""
    text = text_of("docs/language.md")
    facts = {re.sub(r"(?<=_since\.).*", "<event type>", fact) for fact in FACTS}
    words = [*facts, *_OPERATORS, *_PATTERN_KEYS, *EVENT_TYPES, *STATUSES]
    words += [*get_args(Outcome), *get_args(Reason), *get_args(Do)]
    assert [word for word in words if f"`{word}`" not in text] == []


def test_every_check_is_listed() -> None:
    """The message checks stand on their kind's page."""
    text = text_of("docs/kinds/message.md")
    assert [check for check in NAMES if f"`{check}`" not in text] == []


def test_every_filter_is_listed() -> None:
    """What templates may use stands on their page."""
    text = text_of("docs/templates.md")
    environment = drafts.environment()
    words = [*environment.filters, *(test for test in environment.tests if test.isalpha())]
    assert [word for word in words if f"`{word}`" not in text] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_command_has_a_section_with_every_option(command: str) -> None:
    """Each command has a section that names its arguments' options, and its page names nothing else."""
    text = text_of("docs/commands.md")
    section = re.split(r"^## ", text, flags=re.MULTILINE)
    found = [one for one in section if one.startswith(f"{command}\n")]
    assert len(found) == 1
    made = importlib.import_module(f"followup_rules.cli.{command}").command
    parts = [made, *getattr(made, "commands", {}).values()]
    options = [name for part in parts for one in part.params for name in one.opts if name.startswith("--")]
    assert [option for option in options if f"`{option}" not in found[0]] == []
    named = {*re.findall(r"^\| `(--[a-z-]+)", found[0], re.MULTILINE)}
    assert named <= {*options}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_resolve(page: Path) -> None:
    """A link between pages leads to a file that is there, and to a heading of it."""
    text = FENCE.sub("", page.read_text("utf-8"))
    broken = []
    for match in LINK.finditer(text):
        path, _, anchor = match["target"].partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(match["target"])
    assert broken == []


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_pages_name_no_place_of_one_machine(page: Path) -> None:
    """What a page shows can be done in any checkout."""
    found = re.search(r"(?<![\w.:/<])/(work|tmp|home|Users|root)/\S*", page.read_text("utf-8"))
    assert found is None, found


# The floors of ARCHITECTURE.md. A module may import from its own floor and from those below.
FLOORS = {
    "ground": ("__init__", "model", "errors", "codes", "hookspecs", "adapter", "secret", "check"),
    "meaning": ("rules", "timing", "quality", "policy", "facts"),
    "matching": ("matching",),
    "judgement": ("judge", "analysis", "proving"),
    "edge": (
        "load", "plugins", "plugin_answers", "bundled", "planning", "checking", "mending", "embedding", "report",
        "starter", "scaffold", "testing", "revising", "outbox", "delivering", "vendors", "mailing", "syncing",
        "timers", "hosting",
    ),
    "door": ("cli", "lsp", "web", "__main__"),
}  # fmt: skip
SOURCE = ROOT / "src" / "followup_rules"
MODULES = sorted(SOURCE.rglob("*.py"))


def _floor(module: str) -> int:
    room = module.split(".")[1] if "." in module else "__init__"
    return next(number for number, rooms in enumerate(FLOORS.values()) if room in rooms)


def _imports(tree: ast.AST) -> Iterator[str]:
    """Modules of this package that a module imports, wherever in it; what only type checkers read is left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from (name for one in node.orelse for name in _imports(one))
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out"
            module = node.module or ""
            if module == "followup_rules":
                yield from (f"followup_rules.{one.name}" for one in node.names)
            elif module.startswith("followup_rules."):
                yield module
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name.startswith("followup_rules"))
        else:
            yield from _imports(node)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.relative_to(SOURCE).as_posix())
def test_imports_go_down_only(file: Path) -> None:
    """No module imports from a floor above its own."""
    parts = file.relative_to(SOURCE.parent).with_suffix("").parts
    module = ".".join(part for part in parts if part != "__init__")
    tree = ast.parse(file.read_text("utf-8"))
    assert [name for name in _imports(tree) if _floor(name) > _floor(module)] == []


def test_floors_stand_in_the_architecture() -> None:
    """ARCHITECTURE.md names every floor and every room."""
    text = text_of("ARCHITECTURE.md")
    rooms = [room for rooms in FLOORS.values() for room in rooms if room != "__init__"]
    assert [word for word in [*FLOORS, *rooms] if f"`{word}`" not in text and f"`{word}/`" not in text] == []


def test_the_public_face_stands_in_the_architecture() -> None:
    """Every name that programs may import from the package itself is written down."""
    text = text_of("ARCHITECTURE.md")
    assert [name for name in followup_rules.__all__ if f"`{name}`" not in text] == []


def test_only_the_matching_room_knows_durable_rules() -> None:
    """The engine can be taken away: nobody else imports it."""
    users = {
        file.relative_to(SOURCE).parts[0]
        for file in MODULES
        if re.search(r"^\s*(import|from) durable", file.read_text("utf-8"), re.MULTILINE)
    }
    assert users == {"matching"}


def test_the_version_is_in_the_changelog() -> None:
    """The version that the project declares has an entry."""
    version = re.search(r'^version = "(.+)"', text_of("pyproject.toml"), re.MULTILINE)
    assert version is not None
    assert f"## [{version[1]}]" in text_of("CHANGELOG.md")


def test_the_two_commands_of_the_readme() -> None:
    """What is run before every change lands are the README's own two set-up commands, found in it word for word."""
    sought = re.findall(r"grep -m1 -F '([^']+)' README\.md", text_of(".ci/run"))
    shell = [block.body for block in blocks(text_of("README.md")) if block.language == "sh"]
    lines = [line for body in shell for line in body.splitlines()]
    found = [next(line for line in lines if words in line) for words in sought]
    assert len(found) == 2
    assert all(line.startswith("python3.11 -m venv .venv && .venv/bin/pip install") for line in found)
    assert "followup-rules plan examples/applications.jsonl" in found[0]
    assert found[1].endswith(".venv/bin/pytest -q -n 2")


def test_json_on_pages_is_json() -> None:
    """What is shown as JSON can be read as JSON."""
    for page in PAGES:
        for block in blocks(page.read_text("utf-8")):
            if block.language == "json" and not block.arguments:
                json.loads(block.body)
