"""`sign_off`: a farewell with the sender's name."""

from __future__ import annotations

import pytest

from followup_rules.check import Context
from followup_rules.quality.catalogue import Catalogue
from quality.helping import excerpts, faults

TOM = Context(sender="Thomas Reed")
TEXT = "Dear Ms Okoro,\n\nThank you for the tour. Shall I bring the samples?\n\n"

GOOD = [
    ("Thomas Reed", "Kind regards,\nThomas Reed"),
    ("Thomas Reed", "Kind regards,\nTom"),
    ("Thomas Reed", "Best,\nThomas"),
    ("Thomas Reed", "Yours sincerely,\nMr T. Reed"),
    ("Thomas Reed", "Cheers,\nTR"),
    ("Thomas Reed", "Thomas"),
    ("Thomas Reed", "With best regards\n\nThomas Reed\nSite Engineer\n07700 900123"),
    ("Thomas Reed", "All the best, Tom"),
    ("Thomas Reed", "Thanks again,\nTom Reed, MSc"),
    ("Zoë Müller", "Kind regards,\nZoe Mueller"),
    ("Łukasz Żak", "Regards,\nLukasz"),
    ("Siddharth Grover", "Regards,\nSid"),
    ("Dr. Ana Reyes", "Warmly,\nAna"),
    ("Recruitment Team", "Recruitment Team\nOrbit Services"),
    ("Recruitment Team", "The Recruitment People at Orbit Care"),
    ("Ngozi Eze-Okafor", "Yours faithfully,\nMrs Okafor"),
    ("Sinéad O'Connell", "Slán,\nSinead"),
]


@pytest.mark.parametrize(("sender", "closing"), GOOD)
def test_a_farewell_with_the_name_is_good(sender: str, closing: str) -> None:
    assert faults("sign_off", f"{TEXT}{closing}\n", context=Context(sender=sender)) == []


def test_nothing_at_the_end_is_a_fault_at_the_end() -> None:
    found = faults("sign_off", TEXT, context=TOM)
    end = len(TEXT.rstrip())
    assert [(one.start, one.end) for one in found] == [(end, end)]
    assert "'Thomas Reed'" in found[0].hint


def test_a_farewell_without_a_name() -> None:
    body = f"{TEXT}Kind regards,\n"
    found = faults("sign_off", body, context=TOM)
    assert "no name below it" in found[0].message
    assert found[0].start == found[0].end == len(body) - 1


def test_the_name_of_somebody_else() -> None:
    body = f"{TEXT}Kind regards,\nPeter Lang\n"
    found = faults("sign_off", body, context=TOM)
    assert excerpts(found, body) == ["Peter Lang"]
    assert "Thomas Reed is the one who writes" in found[0].message


def test_the_recipient_is_not_the_sender() -> None:
    body = f"{TEXT}Kind regards,\nMs Okoro\n"
    assert len(faults("sign_off", body, context=TOM)) == 1


def test_a_slot_for_the_name_is_left_to_another_check() -> None:
    assert faults("sign_off", f"{TEXT}Kind regards,\n[Your Name]\n", context=TOM) == []


def test_a_name_alone_can_be_refused() -> None:
    body = f"{TEXT}Thomas\n"
    found = faults("sign_off", body, context=TOM, name_alone=False)
    assert [(one.start, one.end) for one in found] == [(len(TEXT), len(TEXT))]
    assert faults("sign_off", f"{TEXT}Best, Tom\n", context=TOM, name_alone=False) == []
    assert faults("sign_off", f"{TEXT}Best,\nTom\n", context=TOM, name_alone=False) == []


def test_without_context_any_name_is_good() -> None:
    assert faults("sign_off", f"{TEXT}Kind regards,\nPeter Lang\n") == []
    assert len(faults("sign_off", f"{TEXT}Kind regards,\n")) == 1
    assert len(faults("sign_off", TEXT)) == 1
    assert Catalogue()["sign_off"]().lacks(Context()) == "the sender's name"
    assert Catalogue()["sign_off"]().lacks(TOM) == ""


@pytest.mark.parametrize(
    "body", ["", "\n\n", "...", "🙂🙂", "مرحبا\n\nشكرا", "x" * 100_000, "Regards,\n" * 500, "\n--\n"]
)
def test_odd_input_is_no_error(body: str) -> None:
    for context in (Context(), TOM, Context(sender="?"), Context(sender="")):
        for one in faults("sign_off", body, context=context):
            assert 0 <= one.start <= one.end <= len(body)
