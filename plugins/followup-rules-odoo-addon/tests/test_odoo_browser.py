"""The addon's tab in Odoo's own web client, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from real.browser import DESKTOP, keep_picture
from real.browser import browser as browser
from real.odoo import LOGIN, PASSWORD

pytestmark = pytest.mark.real


def _login(page: Any, url: str) -> None:
    page.goto(f"{url}/web/login")
    page.fill("input[name=login]", LOGIN)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]:has-text('Log in')")
    page.wait_for_selector(".o_main_navbar", timeout=90_000)


def _cut_off(field: Any) -> bool:
    """Whether some of what a field says cannot be seen, in its own box or in one that it stands in."""
    script = """one => {
      const said = document.createRange();
      said.selectNodeContents(one);
      const text = said.getBoundingClientRect();
      for (let box = one; box; box = box.parentElement) {
        const seen = box.getBoundingClientRect(), hides = getComputedStyle(box).overflowX !== 'visible';
        if ((hides || box === one) && (text.right > seen.right + 1 || text.left < seen.left - 1)) return true;
      }
      return text.right > document.documentElement.clientWidth + 1;
    }"""
    return bool(field.evaluate(script))


def test_the_tab_shows_what_is_due_and_why(browser: Any, host: Any) -> None:
    """A recruiter opens the applicant: the tab says what to do, how it is decided, by which rule and where; the
    activity has the draft; Done in the tab is taken, and the activity is gone."""
    number = host.applicant("Wanda Web")
    host.stage(number)
    with browser.new_page(viewport=DESKTOP) as page:
        page.set_default_timeout(90_000)
        _login(page, host.odoo.url)
        page.goto(f"{host.odoo.url}/odoo/hr.applicant/{number}")
        page.click("a[role=tab]:has-text('Follow-ups'), .o_notebook_headers a:has-text('Follow-ups')")
        tab = page.locator("[name=follow_up_ids]")
        tab.locator("tr.o_data_row").first.wait_for()
        told = tab.inner_text()
        for words in ("send now", "Due now", "Step 1 is open, and stays so until", "news", "rules.yaml:4"):
            assert words in told, told
        assert "in_window" not in told, told
        page.wait_for_selector(".o-mail-Activity")
        assert "Dear Wanda Web" in page.locator(".o-mail-Activity").inner_text()
        keep_picture(page, "odoo-tab")
        assert _cut_off(tab.locator("td[name=spot]").first) is False
        tab.locator("tr.o_data_row td:has-text('send now')").click()
        page.wait_for_selector(".modal-dialog .o_form_view, .modal-content .o_form_view")
        place = page.locator(".modal-dialog [name=place]")
        place.wait_for()
        assert place.inner_text().strip() == f"{host.rules}/rules.yaml:4"
        assert "in_window" not in page.locator(".modal-dialog").inner_text()
        page.wait_for_timeout(500)
        keep_picture(page, "odoo-row")
        assert _cut_off(place) is False
        page.keyboard.press("Escape")
        page.wait_for_selector(".modal-dialog", state="detached")
        tab.locator("button[name=action_done]").first.click()
        page.wait_for_selector(".o-mail-Activity", state="detached")
        page.wait_for_timeout(800)
        keep_picture(page, "odoo-done")
    assert host.said(number) == [(1, "send", "done"), (2, "wait", "open")]


def test_the_settings_page(browser: Any, host: Any) -> None:
    """The settings are on Odoo's settings page, with what is set."""
    with browser.new_page(viewport=DESKTOP) as page:
        page.set_default_timeout(90_000)
        _login(page, host.odoo.url)
        page.goto(f"{host.odoo.url}/odoo/settings#followup_rules_odoo_addon")
        page.click(".settings_tab .tab[data-key=followup_rules_odoo_addon]")
        field = page.locator("[name=followup_rules_rules] input").first
        field.wait_for()
        assert field.input_value() == str(host.rules)
        keep_picture(page, "odoo-settings")
