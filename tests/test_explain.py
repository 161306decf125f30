"""`explain`: every code, kind and check has a page that can be read in the terminal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.text import Text

from followup_rules.cli import explain
from followup_rules.codes import CODES
from followup_rules.quality.catalogue import CHECKS
from followup_rules.report.pages import CHECK_CODES, page, plain, words
from followup_rules.rules.kinds import KINDS


def test_everything_has_a_page() -> None:
    """No code, kind or check is without one, and the page is its own."""
    assert set(words()) == {*CODES, *KINDS, *CHECKS}
    for word in words():
        text = page(word)
        assert text is not None, word
        assert text.startswith((f"# {word}", f"# {CHECK_CODES.get(word)}\n"))


def test_the_codes_of_checks_lead_to_the_pages_of_checks() -> None:
    """FR613 is what the check `placeholders` says."""
    assert {check.code: name for name, check in CHECKS.items()} == CHECK_CODES


@pytest.mark.parametrize(
    ("word", "title"),
    [
        ("FR122", "# FR122: a rule for a follow-up that nobody sends"), ("fr122", "# FR122: "), ("limit", "# limit"),
        ("send-window", "# send_window"), ("placeholders", "# placeholders"), ("FR613", "# placeholders"),
    ],
)  # fmt: skip
def test_a_page_is_printed(run: Any, word: str, title: str) -> None:
    """Any way to write a word leads to its page; where it is piped, it is the page as text."""
    ran = run("explain", word)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(title)
    assert "](" not in ran.out


def test_all_are_listed(run: Any) -> None:
    """Without a word, everything that has a page is listed with one line about it."""
    ran = run("explain")
    assert ran.status == 0
    assert len(ran.lines) == len(words())
    assert any(line.split(maxsplit=1) == ["FR122", CODES["FR122"]] for line in ran.lines)


@pytest.mark.parametrize(
    ("word", "mend"),
    [
        ("limti", "did you mean 'limit'?"),
        ("FR1222", "did you mean 'FR122'?"),
        ("zzz", "`followup-rules explain` lists"),
    ],
)
def test_an_unknown_word_is_told(run: Any, word: str, mend: str) -> None:
    """The nearest word is named."""
    ran = run("explain", word)
    assert ran.status == 2
    assert f"there is no page for '{word}'; {mend}" in ran.err


def test_a_terminal_gets_a_rendered_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal headings are headings, and no mark of Markdown is left."""
    out = io.StringIO()
    monkeypatch.setattr(out, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout", out)
    explain._show("# limit\n\n**Bold** and [linked](x.md).\n")
    assert "**" not in out.getvalue()
    assert "# limit" not in out.getvalue()
    assert "Bold and linked." in Text.from_ansi(out.getvalue()).plain


def test_links_are_their_words() -> None:
    """A link that leads nowhere in a terminal is its text."""
    assert plain("a [condition](../language.md#conditions); [b]") == "a condition; [b]"
