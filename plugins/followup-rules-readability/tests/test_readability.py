"""What the check `readability` promises: it comes in through the host, and names what is hard to read."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyphen", reason="comes with the plugin: pip install -e plugins/followup-rules-readability")
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from followup_rules_readability.check import Readability, grade
from followup_rules_readability.syllables import syllables

from followup_rules.check import Context, Fault
from followup_rules.errors import InvalidInput
from followup_rules.load.rulefiles import load_policy
from followup_rules.plugins import SWITCH, Plugins, load_plugins
from followup_rules.quality.text import Text
from followup_rules.testing.installing import write_distribution

HERE = Path(__file__).parents[1]
EASY = """Dear Ms Park,

Thank you for the talk on Monday. I liked your story about the boat that brings books to the small islands. Our board
meets next week, and I will call you on Friday to tell you what they say. Do you want to see the boat yard before then?
If so, come by at ten, and ask for Sam at the gate.

Kind regards,
Sam Reyes"""
HARD = (
    "The finalisation of the evaluation procedure necessitates considerable additional deliberation by the committee."
)
ENDLESS = (
    "I walked down to the yard and saw the men at work on the hull while it was still dark and the rain came in from "
    "the sea and nobody said a word until the bell rang and we all went in to eat the bread that you had left for us"
)


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plugins:
    """The host with this plugin, found by the entry point that pyproject.toml names."""
    text = (HERE / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.followup_rules]\nreadability = "followup_rules_readability"\n' in text
    write_distribution(tmp_path, "followup-rules-readability", {"readability": "followup_rules_readability"})
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "path", [str(HERE / "src"), *sys.path])
    loaded = load_plugins({SWITCH: "readability"})
    assert loaded.problems == ()
    return loaded


def found(body: str, **options: Any) -> list[Fault]:
    return list(Readability(Readability.Options.model_validate(options)).faults(Text(body), Context()))


def test_the_host_finds_it(plugins: Plugins) -> None:
    """It answers one hook, and brings one check."""
    assert plugins.checks["readability"] is Readability
    assert Readability.code == "READ001"


def test_a_rule_file_uses_it(plugins: Plugins) -> None:
    """The rule of the example is made into the check, with its options."""
    loaded = load_policy([str(HERE / "examples" / "rules.yaml")], plugins.packs, plugins.checks)
    assert loaded.warnings == ()
    check = loaded.policy.checks["easy-to-read"]
    assert isinstance(check, Readability)
    assert check.options == Readability.Options(grade_at_most=10, sentence_at_most=35)


@pytest.mark.parametrize(
    "given", ["grade_at_most: high", "grade_at_most: 0", "sentence_at_most: 4.5", "shown: 0", "grade: 9"]
)
def test_wrong_options_are_refused_with_their_place(plugins: Plugins, tmp_path: Path, given: str) -> None:
    """Line and column of the option, not of the rule."""
    text = (HERE / "examples" / "rules.yaml").read_text("utf-8")
    text = re.sub(r"with: .*", f"with:\n      {given}", text)
    file = tmp_path / "rules.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(InvalidInput) as caught:
        load_policy([str(file)], plugins.packs, plugins.checks)
    (problem,) = caught.value.problems
    line = text.splitlines().index(f"      {given}") + 1
    assert problem.place.line == line
    assert given.partition(":")[0] in problem.message


def test_an_easy_text_is_left_alone() -> None:
    """Also under a stricter rule."""
    assert found(EASY) == []
    assert found(EASY, grade_at_most=8) == []


def test_the_hardest_sentence_is_named() -> None:
    """Exactly its characters, the grades, and what to do."""
    body = EASY.replace("Do you want", f"{HARD} {HARD[:-1]} today. Do you want")
    first, second = found(body, grade_at_most=7)
    assert body[first.start : first.end] == HARD
    assert body[second.start : second.end] == f"{HARD[:-1]} today."
    assert re.match(r"the text reads at grade \d+\.\d, more than 7, and this sentence at \d+\.\d; ", first.message)
    assert first.hint.startswith("say it in shorter words than '")
    assert len(found(body, grade_at_most=7, shown=1)) == 1


def test_a_long_sentence_is_named() -> None:
    """Even where the text as a whole is easy; the hint names a joint near the middle."""
    body = EASY.replace("Do you want", f"{ENDLESS}. Do you want")
    (fault,) = found(body)
    assert body[fault.start : fault.end] == f"{ENDLESS}."
    assert fault.message.startswith("this sentence has 52 words, more than 45; ")
    assert fault.hint == "make two sentences of it, for instance after 'the sea'"
    assert found(body, sentence_at_most=52) == []
    assert found(" ".join(["word"] * 60))[0].hint == "make two sentences of it"


def test_a_short_text_has_no_grade() -> None:
    """One long name would decide it."""
    assert found(HARD) == []
    assert found(HARD, words_at_least=10) != []


@pytest.mark.parametrize(
    "body",
    ["", "?!", "שלום עולם " * 50, "😀 " * 500, "a" * 100_000, "a-" * 50_000, "12 " * 300, "ß½ǅ " * 90, "-- - -- x"],
)
def test_junk(body: str) -> None:
    """Nothing is raised, and places are in the text."""
    assert all(0 <= one.start <= one.end <= len(body) for one in found(body, words_at_least=1))


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("organisation", 5), ("interview", 3), ("again", 2), ("table", 2), ("moved", 1), ("employee", 3), ("people", 2),
        ("well-being", 3), ("2024", 1), ("b", 1), ("", 1), ("don't", 1), ("opportunity", 5), ("committee", 3),
    ],
)  # fmt: skip
def test_syllables(word: str, count: int) -> None:
    """Counted by hyphenation."""
    assert syllables(word) == count


def test_the_formula() -> None:
    """Ten words of fifteen syllables in one sentence."""
    assert grade(10, 1, 15) == pytest.approx(6.01)


def test_the_readme_says_what_really_happens(tmp_path: Path) -> None:
    """Its rule file is the one of the example, and its program prints what stands below it."""
    text = (HERE / "README.md").read_text("utf-8")
    (rules,) = re.findall(r"```yaml\n(.*?)```", text, re.S)
    (program,) = re.findall(r"```python\n(.*?)```", text, re.S)
    (printed,) = re.findall(r"```text\n(.*?)```", text, re.S)
    assert (HERE / "examples" / "rules.yaml").read_text("utf-8") == rules
    write_distribution(tmp_path, "followup-rules-readability", {"readability": "followup_rules_readability"})
    setup = f"import sys; sys.path[:0] = {[str(tmp_path), str(HERE / 'src')]!r}\n"
    command = [sys.executable, "-c", setup + program]
    done = subprocess.run(command, cwd=HERE / "examples", capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == printed


def test_every_option_stands_in_the_readme() -> None:
    """With its default."""
    text = (HERE / "README.md").read_text("utf-8")

    def rows() -> Iterator[str]:
        for name, field in Readability.Options.model_fields.items():
            yield rf"\| `{name}` \| .* \| `{field.default:g}` \|"

    assert [row for row in rows() if not re.search(row, text)] == []
