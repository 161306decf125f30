"""The pages in a real browser: light, dark, on a phone, by keyboard alone, and with nothing for axe to find."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from followup_rules.outbox.listing import to_approve, tokens_of
from followup_rules.web.service import Service
from pages_helping import decided_service, listening
from real.browser import browser, keep_picture, page_in, too_wide, violations
from service_helping import KEYS

__all__ = ["browser"]

pytestmark = pytest.mark.real

PLACES = {
    "today": "/", "waiting": "/lists/wait", "rules": "/rules", "rule": "/rules/stop-on-reply", "outbox": "/outbox",
    "try": "/try",
}  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    service = decided_service(tmp_path_factory.mktemp("browser"))
    with listening(service) as url:
        yield service, url
    service.ledger.close()


def log_in(page: Any, url: str, role: str = "editor") -> None:
    page.goto(f"{url}/")
    page.get_by_label("Your key").fill(KEYS[role])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")


def waiting(service: Service) -> tuple[str, Any]:
    row = next(row for row in to_approve(service.ledger, 200) if row.order.draft is not None)
    return tokens_of(service.ledger, [row.application])[row.application], row


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_is_in_order(browser: Any, served: tuple[Service, str], dark: bool, phone: bool) -> None:
    """No page has a violation, none scrolls sideways, and no browser refuses anything of it."""
    service, url = served
    token, row = waiting(service)
    places = PLACES | {"application": f"/applications/{token}", "action": f"/outbox/actions/{row.id}"}
    with page_in(browser, dark=dark, phone=phone) as page:
        page.goto(f"{url}/login")
        assert violations(page) == []
        log_in(page, url)
        for name, place in places.items():
            page.goto(f"{url}{place}")
            assert violations(page) == [], name
            assert too_wide(page) == [], name
            keep_picture(page, f"{name}-{'phone' if phone else 'desk'}-{'dark' if dark else 'light'}")
        shown = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert (shown == "rgb(255, 255, 255)") is not dark


def test_one_picture_is_seen_in_each_width(browser: Any, served: tuple[Service, str]) -> None:
    """A desk sees the wide picture and a phone the narrow one, at its full size."""
    service, url = served
    token = tokens_of(service.ledger, ["gh-104"])["gh-104"]
    for phone, width in ((False, 960), (True, 336)):
        with page_in(browser, phone=phone) as page:
            log_in(page, url)
            page.goto(f"{url}/applications/{token}")
            seen = [one for one in page.locator("svg.picture").all() if one.is_visible()]
            assert len(seen) == 1
            assert seen[0].bounding_box()["width"] >= min(width, 330)
            assert page.get_by_role("img", name="gh-104: Ada Park, Data Engineer at Northwind").count() == 1


def test_a_draft_goes_by_keyboard_alone(browser: Any, served: tuple[Service, str]) -> None:
    """From Today to a draft, edit it and approve it, with no mouse; the outbox then has it to be done now."""
    service, url = served
    token, row = waiting(service)
    with page_in(browser) as page:
        log_in(page, url)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "To the content"
        page.keyboard.press("Enter")
        page.locator(f"a[href='/applications/{token}#w{row.seq}']").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(f"/applications/{token}"))
        page.locator("summary", has_text="Edit the draft").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "body"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.value") == "approve"
        with page.expect_navigation(url=re.compile(f"/applications/{token}$")):
            page.keyboard.press("Enter")
    now = service.ledger.row(row.id)
    assert now is not None and now.order.approval == "given"


def test_trying_follows_the_typing(browser: Any, served: tuple[Service, str], tmp_path: Path) -> None:
    """A rule changed in the text changes decisions and picture without a click; saved and opened it is the same."""
    _, url = served
    with page_in(browser) as page:
        log_in(page, url)
        page.goto(f"{url}/try")
        assert page.locator("#tried .chip.send").count() >= 1
        rules = page.get_by_label("Rules")
        rules.fill(rules.input_value().replace("opens: 2 hours", "opens: 2 days"))
        page.locator("#tried .judged", has_text="thank_you to Sam Reyes").locator(".chip.wait").first.wait_for()
        assert "opens Wed 11 Nov 15:00 EST" in page.locator("#tried svg:visible").text_content()
        with page.expect_download() as kept:
            page.get_by_role("button", name="Save as a file").click()
        file = tmp_path / "try.json"
        kept.value.save_as(file)
        rules.fill("rules: [{id: x, kind: limt}]")
        page.locator("#tried .problems").wait_for()
        assert "limt" in page.locator("#tried .problems").text_content()
        assert violations(page) == []
        page.locator("#open").set_input_files(file)
        page.locator("#tried svg").first.wait_for()
        assert "opens: 2 days" in rules.input_value()


def test_pages_work_without_script(browser: Any, served: tuple[Service, str]) -> None:
    """Where scripts are switched off, Try it has a button that does the same."""
    _, url = served
    with page_in(browser, script=False) as page:
        log_in(page, url)
        page.goto(f"{url}/try")
        page.get_by_label("Decide as of").fill("2026-11-09T21:00:00Z")
        with page.expect_navigation():
            page.get_by_role("button", name="Decide").click()
        assert "wait until" in page.locator("#tried").text_content()


def test_a_plan_as_a_file_is_in_order(browser: Any, run: Any, tmp_path: Path) -> None:
    """`plan --html` has no violations either, and asks nothing of any network."""
    examples = Path(__file__).parents[1] / "examples" / "applications.jsonl"
    run("plan", examples, "--at", "2026-11-12T15:00:00Z", "--html", tmp_path / "plan.html")
    for dark, phone in ((False, False), (True, True)):
        with page_in(browser, dark=dark, phone=phone) as page:
            asked: list[str] = []
            page.on("request", lambda one, asked=asked: asked.append(one.url))
            page.goto((tmp_path / "plan.html").as_uri())
            assert violations(page) == []
            assert too_wide(page) == []
            assert [one for one in asked if not one.startswith("file:")] == []
