"""Pictures show what was decided: pure, well formed whatever is in the data, and the same each time."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup_rules.facts import Timeline
from followup_rules.judge.decide import Decider
from followup_rules.judge.portfolio import Portfolio
from followup_rules.load.rulefiles import load_policy
from followup_rules.model.application import Application
from followup_rules.plugins import load_plugins
from followup_rules.policy import Policy
from followup_rules.report.pictures.colours import DARK, LIGHT, fixed, sheet
from followup_rules.report.pictures.drawing import NARROW, WIDE, drawing, standalone
from followup_rules.report.pictures.elements import fold, width_of
from followup_rules.report.pictures.raster import png
from followup_rules.report.pictures.scene import Scene, scene_of
from followup_rules.report.views import view_of

NOW = datetime(2026, 11, 12, 15, tzinfo=timezone.utc)
EXAMPLES = Path(__file__).parents[1] / "examples" / "applications.jsonl"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def policy() -> Policy:
    plugins = load_plugins()
    return load_policy(("default",), plugins.packs, plugins.checks).policy


def scene(policy: Policy, line: str | dict[str, Any], now: datetime = NOW) -> Scene:
    made = Application.model_validate_json(line) if isinstance(line, str) else Application.model_validate(line)
    return scene_of(made, list(Decider(policy, now, Portfolio()).decide(Timeline(made, now))), now)


def by_class(picture: str, kind: str) -> list[ET.Element]:
    return [one for one in ET.fromstring(picture).iter() if kind in (one.get("class") or "").split()]


def test_every_example_is_drawn_in_both_widths(policy: Policy, example_lines: list[str]) -> None:
    """Each example gives a picture with a name, a description and one chip a decision; nothing leaves the sheet."""
    for line in example_lines:
        shown = scene(policy, line)
        for width in (WIDE, NARROW):
            picture = ET.fromstring(drawing(shown, width, "k"))
            assert picture.get("role") == "img"
            assert picture.get("aria-labelledby") == "k-title k-desc"
            texts = list(picture.iter(f"{SVG}text"))
            assert len([one for one in picture.iter(f"{SVG}rect") if "chip" in (one.get("class") or "")]) == len(
                shown.rows
            )
            for one in texts:
                assert 0 <= float(one.get("x") or 0) <= width


def test_the_picture_of_an_application(policy: Policy, example_lines: list[str]) -> None:
    """gh-104: two follow-ups wait, one is done; touches, windows, days off and now can be seen, and words say it."""
    shown = scene(policy, example_lines[0])
    assert [row.outcome for row in shown.rows] == ["stop", "wait", "wait"]
    picture = drawing(shown, WIDE)
    for kind, count in (("touch", 2), ("open", 3), ("due", 3), ("act", 3), ("nowline", 2), ("event", 6)):
        assert len(by_class(picture, kind)) == count, kind
    assert by_class(picture, "quiet") and by_class(picture, "weekend") and by_class(picture, "holiday")
    assert "Veterans Day (11 Nov)" in picture
    assert "wait until Fri 20 Nov 2026 09:00 EST" in shown.description
    assert "status-check-after-promise, rules/default.yaml:" in picture


def test_marks_stand_where_the_time_is(policy: Policy, example_lines: list[str]) -> None:
    """What is later is farther right, and what opens is left of what goes stale."""
    shown = scene(policy, example_lines[0])
    for row in shown.rows:
        moments = [one for one in (row.anchor, row.opens, row.due, row.expires) if one is not None]
        assert moments == sorted(moments)
        assert all(0 <= shown.stretch.part(one) <= 1 for one in moments)
    shades = [shade for row in shown.rows for shade in row.shades]
    assert all(shown.stretch.start <= one.start < one.end <= shown.stretch.end for one in shades)
    friday = next(row for row in shown.rows if row.about.startswith("status_check"))
    assert friday.at is not None
    assert not any(one.start <= friday.at < one.end for one in friday.shades), "it acts in a shaded hour"


def test_pictures_do_not_change(policy: Policy, example_lines: list[str]) -> None:
    """The same application at the same moment gives the same bytes."""
    for line in example_lines[:5]:
        assert standalone(scene(policy, line)) == standalone(scene(policy, line))


def test_nothing_later_than_now_is_shown(policy: Policy, example_lines: list[str]) -> None:
    """An event after now has no mark and no word."""
    early = datetime(2026, 11, 10, tzinfo=timezone.utc)
    picture = drawing(scene(policy, example_lines[0], early))
    assert "decision promised" not in picture


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=60), days=st.integers(-400, 400), zone=st.sampled_from(["Europe/Berlin", None, "Nowhere"]))
def test_any_words_give_a_picture(policy: Policy, text: str, days: int, zone: str | None) -> None:
    """Whatever stands in names, and however long ago it was, the picture is well formed and escapes it."""
    anchor = NOW + timedelta(days=days)
    made = {
        "id": "a-1", "status": "active", "candidate": {"id": "c", "name": text, "timezone": zone},
        "job": {"title": text, "company": text, "timezone": zone}, "contacts": [{"id": "u", "name": text}],
        "events": [
            {"id": "e1", "type": "interview_completed", "at": anchor, "contact": "u"},
            {"id": "e2", "type": "stage_changed", "at": anchor, "to": text},
        ],
    }  # fmt: skip
    shown = scene(policy, made)
    for width in (WIDE, NARROW):
        ET.fromstring(standalone(shown, width))


@given(text=st.text(max_size=200), width=st.integers(30, 400))
def test_folded_lines_fit(text: str, width: int) -> None:
    """No line is wider than it may be, and no letter is lost."""
    lines = fold(text, 11, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_of(line, 11) <= width or len(line) == 1 for line in lines)


def test_light_and_dark() -> None:
    """A browser chooses by what the reader likes or by a class; a fixed theme leaves nothing to be chosen."""
    made = sheet()
    assert "prefers-color-scheme:dark" in made
    assert ".picture.dark{" in made
    assert ".picture:not(.light){" in made
    for theme, colours in (("light", LIGHT), ("dark", DARK)):
        text = fixed(theme)  # type: ignore[arg-type]
        assert "var(" not in text
        assert colours["ink"] in text


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_words_can_be_read(colours: dict[str, str]) -> None:
    """Texts reach 4.5 on everything they stand on, chips too (WCAG 2.2 AA)."""
    on_paper = [(word, ground) for word in ("ink", "muted") for ground in ("paper", "quiet", "weekend", "holiday")]
    chips = [("on", chip) for chip in ("send", "wait", "hold", "revise", "stop", "touch", "now")]
    for word, ground in [*on_paper, *chips, ("now", "paper"), ("edge", "paper"), ("due", "paper")]:
        assert contrast(colours[word], colours[ground]) >= 4.5, (word, ground)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_light(one), _light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_png_is_one(policy: Policy, example_lines: list[str]) -> None:
    """The picture as PNG is twice as wide as its width, and dark is not light."""
    pytest.importorskip("resvg_py")
    shown = scene(policy, example_lines[0])
    light, dark = png(shown, 480), png(shown, 480, "dark")
    assert light.startswith(b"\x89PNG")
    assert int.from_bytes(light[16:20], "big") == 960
    assert light != dark


def test_findings_are_underlined_where_they_stand(policy: Policy, example_lines: list[str]) -> None:
    """The pieces of a draft are the draft, and each finding with a place has its number once."""
    seen = 0
    for line in example_lines:
        made = Application.model_validate_json(line)
        decisions = list(Decider(policy, NOW, Portfolio()).decide(Timeline(made, NOW)))
        for decision, judged in zip(decisions, view_of(made, decisions, NOW, "k").judged, strict=True):
            if decision.draft is None or judged.letter is None:
                assert judged.letter is None
                continue
            assert "".join(one.text for one in judged.letter.body) == decision.draft.body
            assert "".join(one.text for one in judged.letter.subject) == decision.draft.subject
            numbers = [n for part in (judged.letter.subject, judged.letter.body) for one in part for n in one.findings]
            placed = [n for n, one in enumerate(decision.findings, 1) if one.start < one.end]
            assert sorted(numbers) == placed
            seen += len(placed)
    assert seen, "no example has a finding with a place: this test proves nothing"


def test_why_draws(run: Any, tmp_path: Path) -> None:
    """`why --svg` and `--png` write pictures beside the text; where there is no folder it says so, exit 2."""
    svg, picture = tmp_path / "a.svg", tmp_path / "a.png"
    told = ("why", "gh-104", "--from", EXAMPLES, "--at", "2026-11-12T15:00:00Z")
    ran = run(*told, "--svg", svg, "--png", picture, "--width", "400", "--theme", "dark")
    assert (ran.status, ran.err) == (0, "")
    assert ET.parse(svg).getroot().get("width") == "400"
    assert DARK["ink"] in svg.read_text("utf-8")
    assert picture.read_bytes().startswith(b"\x89PNG")
    refused = run(*told, "--svg", tmp_path / "none" / "a.svg")
    assert refused.status == 2
    assert "cannot be written" in refused.err


def test_plan_as_a_page(run: Any, tmp_path: Path) -> None:
    """`plan --html` writes one file that asks for nothing else, with every application and every decision in it."""
    page = tmp_path / "plan.html"
    plain = run("plan", EXAMPLES, "--at", "2026-11-12T15:00:00Z", "--format", "jsonl")
    ran = run("plan", EXAMPLES, "--at", "2026-11-12T15:00:00Z", "--format", "jsonl", "--html", page)
    assert ran.out == plain.out
    text = page.read_text("utf-8")
    assert not any(word in text for word in ("<script", "<link", "src=", "@import", "url(http"))
    assert text.count('class="judged"') == len(plain.lines)
    assert text.count("<article") == len(EXAMPLES.read_text("utf-8").splitlines())
