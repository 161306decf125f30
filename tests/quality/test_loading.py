"""Tables are made without the collector, which works again afterwards whatever happens."""

from __future__ import annotations

import gc

import pytest

from followup_rules.quality.loading import all_kept


@all_kept
def _table(fails: bool) -> bool:
    if fails:
        raise ValueError("a line that cannot be read")
    return gc.isenabled()


def test_the_collector_rests_while_a_table_is_made() -> None:
    """It is off inside and on afterwards."""
    assert not _table(False)
    assert gc.isenabled()


def test_a_table_that_fails_leaves_the_collector_on() -> None:
    """An error does not leave the process without its collector."""
    with pytest.raises(ValueError, match="cannot be read"):
        _table(True)
    assert gc.isenabled()


def test_who_runs_without_the_collector_still_does() -> None:
    """Where it was off before, it stays off."""
    gc.disable()
    try:
        _table(False)
        assert not gc.isenabled()
    finally:
        gc.enable()
