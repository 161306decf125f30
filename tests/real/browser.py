"""A real browser: Debian's Chromium without a window, driven by Playwright, with axe for accessibility."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from real.processes import cache, missing
from real.unpacked_chromium import chromium

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
# What a page is held to: WCAG 2.2 to level AA, and what axe knows to be good besides.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def browsing() -> Iterator[Any]:
    """A Playwright browser for as long as the block lasts."""
    for package in ("playwright", "axe_playwright_python"):
        if importlib.util.find_spec(package) is None:
            missing("browser", f"{package} is not installed")
    try:
        found = chromium(cache())
    except (RuntimeError, OSError) as error:
        missing("browser", error)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        # Without the sandbox, which neither root nor a container may use; the pages that tests open are our own.
        environ = {**os.environ, **found.environ}
        browser = play.chromium.launch(executable_path=str(found.program), env=environ, chromium_sandbox=False)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def page_in(
    browser: Any, *, dark: bool = False, phone: bool = False, script: bool = True, **options: Any
) -> Iterator[Any]:
    """A page in a context of its own: no cookies, no cache; closed when the block ends.

    It fails where the page's own scripts fail, or where the browser refuses something by the page's policy.
    """
    context = browser.new_context(
        viewport=PHONE if phone else DESKTOP,
        color_scheme="dark" if dark else "light",
        has_touch=phone,
        java_script_enabled=script,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Berlin",
        **options,
    )
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if _is_fault(said) else None)
    try:
        yield page
    finally:
        context.close()
    assert not faults, "; ".join(faults)


def _is_fault(said: Any) -> bool:
    return said.type == "error" and "Failed to load resource" not in said.text


def violations(page: Any, within: str | None = None) -> list[str]:
    """What axe finds wrong with a page, one line for each thing at each place; nothing where all is well."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": {"type": "tag", "values": _TAGS}, "resultTypes": ["violations"]}
    found = Axe().run(page, context=within, options=options)
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {node['target']} {node['html'][:200]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


def too_wide(page: Any) -> list[str]:
    """What makes a page scroll sideways: nothing may, but what scrolls by itself."""
    script = """() => {
      const wide = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= wide) return [];
      return [...document.body.querySelectorAll('*')].filter(one => one.getBoundingClientRect().right > wide + 1)
        .map(one => one.outerHTML.slice(0, 120));
    }"""
    return [str(one) for one in page.evaluate(script)]


def keep_picture(page: Any, name: str) -> None:
    """Write what the page looks like into the folder FOLLOWUP_RULES_PICTURES, for people to look at."""
    folder = os.environ.get("FOLLOWUP_RULES_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for a file of tests; `page_in` makes its pages.

    Playwright keeps an event loop running in the thread: it must be gone before the tests of another file want theirs.
    """
    with browsing() as one:
        yield one
