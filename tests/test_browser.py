"""The browser of the tests is one: it shows pages, runs scripts, and axe sees what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from real.browser import browser, page_in, too_wide, violations

__all__ = ["browser"]

pytestmark = pytest.mark.real

_GOOD = "<html lang=en><title>A</title><main><h1>A</h1><p>Text</p></main>"


def test_a_page_that_is_well_has_no_violations(browser: Any) -> None:
    """A small page in order passes axe, and is not too wide for a phone."""
    with page_in(browser, phone=True) as page:
        page.set_content(_GOOD)
        assert violations(page) == []
        assert too_wide(page) == []


def test_axe_and_the_ruler_see_faults(browser: Any) -> None:
    """A picture without words and a block wider than a phone are both found: the tests can fail."""
    with page_in(browser, phone=True) as page:
        page.set_content(f"{_GOOD}<img src='data:,'><div style='width:900px'>wide</div>")
        assert any(one.startswith("image-alt") for one in violations(page))
        assert any("900px" in one for one in too_wide(page))


def test_a_failing_script_fails_the_test(browser: Any) -> None:
    """What a page's script throws is not lost."""
    with pytest.raises(AssertionError, match="broken on purpose"), page_in(browser) as page:
        page.set_content(f"{_GOOD}<script>throw new Error('broken on purpose')</script>")


@pytest.mark.parametrize("dark", [False, True])
def test_the_scheme_is_what_was_asked_for(browser: Any, dark: bool) -> None:
    """A page sees light or dark as the test says."""
    with page_in(browser, dark=dark) as page:
        page.set_content(_GOOD)
        assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is dark
