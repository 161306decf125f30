"""What others put into their repositories: hooks, the action and the examples are valid, and their commands run."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from conftest import ROOT, Run
from followup_rules.cli.main import COMMANDS
from followup_rules.starter import files

CI = ROOT / "examples" / "ci"
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
BROKEN = "schema: followup-rules/1\npack: ours\nextends: [default]\nrules:\n  - {id: a, kind: limit, at_mots: 3}\n"
PROGRAM = shutil.which("bash")


def tool(name: str) -> str:
    """A program beside this Python or on the path; without it the test is skipped."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    return found or pytest.skip(f"{name} is not installed")


class Ran(NamedTuple):
    """What a program left behind."""

    status: int
    out: str


class Repository:
    """A git repository with the starter folder in it, and `followup-rules` of this tree on the path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "repository"
        for name, text in files().items():
            self.write(name, text)
        self.bin = folder / "bin"
        self.bin.mkdir()
        program = self.bin / "followup-rules"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m followup_rules "$@"\n', "utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        self.run("git", "init", "--quiet", "--initial-branch=main")
        self.commit()

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def commit(self) -> None:
        self.run("git", "add", "--all")
        who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
        ran = self.run("git", *who, "commit", "--quiet", "--message", "x", "--no-verify")
        assert ran.status == 0, ran.out

    def run(self, *command: str, **environ: str) -> Ran:
        env = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "GITHUB_", "CI"))}
        env |= {"PYTHONPATH": str(ROOT / "src"), "FOLLOWUP_RULES_PLUGINS": "off", **environ}
        env["PATH"] = os.pathsep.join([str(self.bin), env["PATH"]])
        done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=600)
        return Ran(done.returncode, done.stdout + done.stderr)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


# --- the hooks of pre-commit -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_a_command_that_there_is(hook: Mapping[str, Any], run: Run, write: Callable[..., str]) -> None:
    """The entry of each hook with its arguments passes in the starter folder, and fails where there are no rules."""
    program, command = hook["entry"].split()
    assert (program, hook["language"], hook["pass_filenames"]) == ("followup-rules", "python", False)
    assert command in COMMANDS
    for name in ("a.yaml", "rules/b.yml"):
        assert re.search(hook["files"], name)
    assert not re.search(hook["files"], "README.md")
    assert run(command, *hook["args"]).status == 2, "a folder that is not there is never green"
    write("x", "")
    assert run("init", ".").status == 0
    assert run(command, *hook["args"]).status == 0


def test_pre_commit_takes_the_files(tmp_path: Path, repository: Repository) -> None:
    """pre-commit itself finds the definitions, the example and the starter's configuration in order."""
    program = tool("pre-commit")
    for command, path in (
        ("validate-manifest", ROOT / ".pre-commit-hooks.yaml"),
        ("validate-config", CI / "pre-commit-config.yaml"),
        ("validate-config", repository.folder / ".pre-commit-config.yaml"),
    ):
        assert repository.run(program, command, str(path), PRE_COMMIT_HOME=str(tmp_path / "home")) == (0, "")


def test_the_hooks_of_the_starter_guard_a_commit(tmp_path: Path, repository: Repository) -> None:
    """What `init` writes passes under the real pre-commit, and a broken rule does not."""
    command = (tool("pre-commit"), "run", "--all-files")
    home = str(tmp_path / "home")
    passed = repository.run(*command, PRE_COMMIT_HOME=home)
    assert passed.status == 0, passed.out
    assert passed.out.count("Passed") == 2
    repository.write("rules/broken.yaml", BROKEN)
    repository.run("git", "add", "--all")
    failed = repository.run(*command, PRE_COMMIT_HOME=home)
    assert failed.status == 1
    assert "FR104 unknown key 'at_mots'" in failed.out


@pytest.mark.slow
def test_the_hooks_install_from_a_clone(tmp_path: Path, repository: Repository) -> None:
    """pre-commit clones this repository, installs it and runs the hooks, as it will for others."""
    program, home = tool("pre-commit"), str(tmp_path / "home")
    for hook in ("followup-rules-check", "followup-rules-test"):
        ran = repository.run(program, "try-repo", str(ROOT), hook, "--all-files", PRE_COMMIT_HOME=home, PYTHONPATH="")
        assert ran.status == 0, ran.out
        assert "Passed" in ran.out
    repository.write("rules/broken.yaml", BROKEN)
    repository.run("git", "add", "--all")
    command = (program, "try-repo", str(ROOT), "followup-rules-check", "--all-files")
    ran = repository.run(*command, PRE_COMMIT_HOME=home, PYTHONPATH="")
    assert ran.status == 1
    assert "FR104" in ran.out


# --- the action of GitHub --------------------------------------------------------------------------------------------


FILES = ("PATH", "OUTPUT", "STEP_SUMMARY")


class Action:
    """Runs the shell steps of the action as a runner does: bash, its files, and the inputs in the environment."""

    def __init__(self, repository: Repository, folder: Path) -> None:
        self.repository, self.folder = repository, folder
        for name in ("path", "output", "summary"):
            (folder / name).write_text("", "utf-8")

    def step(self, name: str, **inputs: str) -> Ran:
        step = next(one for one in ACTION["runs"]["steps"] if one["name"] == name)
        values = {key: one["default"] for key, one in ACTION["inputs"].items()}
        values |= {key.replace("_", "-"): value for key, value in inputs.items()}
        known = {**{f"inputs.{key}": value for key, value in values.items()}, "github.action_path": str(ROOT)}
        env = {key: known[text.removeprefix("${{ ").removesuffix(" }}")] for key, text in step["env"].items()}
        env |= {
            f"GITHUB_{key}": str(self.folder / key.lower().split("_")[-1]) for key in ("PATH", "OUTPUT", "STEP_SUMMARY")
        }
        script = self.folder / "step.sh"
        script.write_text(step["run"], "utf-8")
        bash = (PROGRAM or pytest.skip("there is no bash"), "--noprofile", "--norc", "-eo", "pipefail", str(script))
        return self.repository.run(*bash, RUNNER_TEMP=str(self.folder), **env)

    def check(self, **inputs: str) -> Ran:
        return self.step("Check and test", **inputs)


@pytest.fixture
def action(repository: Repository, tmp_path: Path) -> Action:
    folder = tmp_path / "runner"
    folder.mkdir()
    return Action(repository, folder)


def test_the_action_is_valid_and_never_pastes_an_input_into_a_script() -> None:
    """It is an action by the published schema; what a stranger names in a pull request is data, not shell."""
    validate("github-actions", ROOT / "action.yml")
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_the_action_passes_good_rules(action: Action) -> None:
    """Good rules are exit status 0, also in a folder whose name has a space, and several paths are one a line."""
    action.repository.write("more rules/a.yaml", files()["rules/follow-ups.yaml"].replace("our-follow-ups", "more"))
    ran = action.check(paths="rules\n\nmore rules\n")
    assert ran.status == 0, ran.out
    assert "::error" not in ran.out


def test_the_action_shows_a_broken_rule_beside_its_line(action: Action) -> None:
    """A fault is an annotation with file and line, and exit status 2."""
    action.repository.write("rules/broken.yaml", BROKEN)
    ran = action.check()
    assert ran.status == 2
    assert re.search(r"^::error .*file=rules/broken\.yaml.*line=5\b.*FR104", ran.out, re.MULTILINE), ran.out


def test_the_action_shows_an_example_that_fails(action: Action) -> None:
    """A rule that decides something else than its example says fails the run."""
    text = files()["rules/follow-ups.yaml"].replace("due: 20 hours", "due: 26 hours")
    action.repository.write("rules/follow-ups.yaml", text)
    ran = action.check()
    assert ran.status == 1, ran.out
    assert re.search(r"^::error .*file=rules/follow-ups\.yaml.*FR401", ran.out, re.MULTILINE), ran.out


@pytest.mark.parametrize("paths", ["", " \n", "ruels", "rules; echo no > stolen", "$(echo no > stolen)"])
def test_the_action_is_never_green_where_nothing_was_checked(action: Action, paths: str) -> None:
    """No path, a mistyped one and one that tries to be a command are exit status 2, and nothing of it is run."""
    assert action.check(paths=paths).status == 2
    assert not (action.repository.folder / "stolen").exists()


def test_the_action_judges_drafts_by_the_rules_that_are_named(action: Action) -> None:
    """A draft among the paths is checked, and not tested."""
    action.repository.write("draft.txt", "Subject: Hi\n\nDear {name},\n\nthank you.\n")
    ran = action.check(paths="draft.txt", rules="rules")
    assert ran.status == 1, ran.out
    assert "FR613" in ran.out


def test_the_action_writes_what_changes_into_the_summary(action: Action) -> None:
    """The difference to a revision is Markdown in the summary and in a file that a later step can post."""
    text = files()["rules/follow-ups.yaml"]
    action.repository.write("rules/follow-ups.yaml", text.replace("opens: 2 hours", "opens: 4 hours"))
    ran = action.step("What the rules decide otherwise", diff_against="main")
    assert ran.status == 0, ran.out
    file = (action.folder / "output").read_text("utf-8").strip().removeprefix("file=")
    summary = (action.folder / "summary").read_text("utf-8")
    assert summary == Path(file).read_text("utf-8")
    assert "thank-you" in summary
    assert action.step("What the rules decide otherwise", diff_against="no-such-revision").status > 1


@pytest.mark.slow
def test_the_action_installs_what_it_is_part_of(action: Action) -> None:
    """The installation step makes the command available to the steps after it."""
    ran = action.step("Install followup-rules")
    assert ran.status == 0, ran.out
    folder = (action.folder / "path").read_text("utf-8").strip()
    assert action.repository.run(f"{folder}/followup-rules", "--version", PYTHONPATH="").status == 0


# --- the examples ----------------------------------------------------------------------------------------------------


def validate(schema: str, path: Path) -> None:
    """Validate a file by a schema that check-jsonschema brings."""
    command = [tool("check-jsonschema"), "--builtin-schema", f"vendor.{schema}", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_examples_are_valid(tmp_path: Path) -> None:
    """Each is what its service takes, by the published schema; so is what `init` writes."""
    validate("github-workflows", CI / "github-workflow.yml")
    validate("gitlab-ci", CI / "gitlab-ci.yml")
    written = tmp_path / "follow-ups.yml"
    written.write_text(files()[".github/workflows/follow-ups.yml"], "utf-8")
    validate("github-workflows", written)


def test_the_examples_name_what_there_is() -> None:
    """Inputs, outputs and hooks in the examples and on the pages are those that are defined."""
    pages = [*CI.glob("*.yml"), *CI.glob("*.yaml"), *(ROOT / "docs").glob("*.md")]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    assert {*re.findall(r"\bid: (followup-rules-\w+)", text)} == {hook["id"] for hook in HOOKS}
    steps = yaml.safe_load((CI / "github-workflow.yml").read_text("utf-8"))["jobs"]["rules"]["steps"]
    used = next(step for step in steps if "followup-rules@" in step.get("uses", ""))
    assert {*used["with"]} <= {*ACTION["inputs"]}
    assert {*re.findall(r"steps\.rules\.outputs\.(\w+)", text)} == {*ACTION["outputs"]}


@pytest.mark.slow
def test_the_script_for_gitlab_runs(repository: Repository) -> None:
    """Its lines run as a runner runs them, write both reports, and fail where an example fails."""
    bash = (PROGRAM or pytest.skip("there is no bash"), "-eo", "pipefail", "-c")
    script = "\n".join(yaml.safe_load((CI / "gitlab-ci.yml").read_text("utf-8"))["follow-up-rules"]["script"])
    ran = repository.run(*bash, script, CI_MERGE_REQUEST_DIFF_BASE_SHA="main")
    assert ran.status == 0, ran.out
    text = files()["rules/follow-ups.yaml"].replace("due: 20 hours", "due: 26 hours")
    repository.write("rules/follow-ups.yaml", text)
    ran = repository.run(*bash, script, CI_MERGE_REQUEST_DIFF_BASE_SHA="main")
    assert ran.status == 1, ran.out
    for name in ("check.xml", "test.xml", "diff.md"):
        assert (repository.folder / name).stat().st_size > 0


def test_the_distribution_brings_the_pages_that_hover_shows() -> None:
    """Every page that the language server reads is put into the wheel."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for name in ("kinds", "codes", "checks", "language.md"):
        assert f'"docs/{name}" = "followup_rules/_docs/{name}"' in text
