"""Every bundled text, over every example application and every step, is a letter that could be sent."""

from __future__ import annotations

import copy
import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from followup_rules.facts import Timeline
from followup_rules.judge.decide import decide
from followup_rules.judge.drafts import Drafts, listed
from followup_rules.judge.occasions import occasions
from followup_rules.judge.template_check import template_fault
from followup_rules.load.rulefiles import load_policy
from followup_rules.matching.native import NativeMatcher
from followup_rules.model.application import Application
from followup_rules.model.decision import Draft
from followup_rules.plugins import load_plugins
from followup_rules.policy import Policy
from followup_rules.rules.follow_up import FollowUp
from followup_rules.rules.kinds import KINDS

PACKS = load_plugins().packs
BUNDLED = [name for name, source in PACKS.items() if "followup_rules_pack" not in str(source.path)]
NOW = datetime(2026, 11, 20, 15, tzinfo=timezone.utc)


def policy(name: str) -> Policy:
    return load_policy([name], PACKS).policy


def drafts(name: str, lines: Any) -> Any:
    """Every draft of a pack: of every occasion of the examples, at every step of its rule."""
    rules = policy(name)
    matcher, made = NativeMatcher(rules.conditions), Drafts(rules.templates)
    for line in lines:
        application = Application.model_validate_json(line)
        for occasion in occasions(rules, Timeline(application, NOW + timedelta(days=60)), matcher):
            if occasion.place is not None:
                for step in range(1, len(occasion.lane.rule.cadence) + 1):
                    draft, findings = made.draft(occasion, step)
                    yield application, occasion, step, draft, findings


@pytest.mark.parametrize("name", BUNDLED)
def test_every_draft_reads_as_a_person_would_write_it(name: str, example_lines: Any) -> None:
    """No braces, no doubled space or blank line, no hole, a subject, a greeting, a close and a name under it."""
    count = 0
    for application, occasion, step, draft, findings in drafts(name, example_lines):
        told = (application.id, occasion.lane.rule.id, step)
        if draft is None:
            # Something is missing, and then it is said.
            assert findings or occasion.lane.rule.template is None, told
            assert all(one.code == "FR301" for one in findings), (told, findings)
            continue
        count += 1
        text = f"{draft.subject}\n{draft.body}"
        assert draft.subject.strip(), told
        assert "\n" not in draft.subject, told
        assert not re.search(r"[{}<>]|None|Undefined|\[\]|\(\)", text), (told, text)
        assert not re.search(r"  | \n|\n{3,}| [,.;:?!]|\.\.|,,|\?\.|,\.", text), (told, text)
        assert draft.body == draft.body.strip() + "\n", told
        assert draft.body.startswith("Dear "), told
        assert re.search(r"\n(Kind regards|With best wishes[^\n]*),\n\S[^\n]*\n", draft.body), (told, text)
        assert all(len(part) > 1 for part in draft.body.split("\n\n")), told
    assert count > 50


def test_every_template_of_the_default_pack_is_used(example_lines: Any) -> None:
    """The examples bring out every bundled template, at every step."""
    seen = {(o.lane.rule.template, step) for _, o, step, draft, _ in drafts("default", example_lines) if draft}
    wanted = {
        (rule.template, step)
        for rule in policy("default").rules
        if isinstance(rule, FollowUp) and rule.template
        for step in range(1, len(rule.cadence) + 1)
    }
    assert seen == wanted


def test_the_steps_of_a_cadence_say_different_things(example_lines: Any) -> None:
    """A second message never repeats the first: another subject or body."""
    texts: dict[Any, set[Draft]] = {}
    steps: dict[Any, int] = {}
    for application, occasion, _, draft, _ in drafts("default", example_lines):
        if draft is not None:
            key = (application.id, occasion.lane.rule.id, occasion.name)
            texts.setdefault(key, set()).add(draft)
            steps[key] = steps.get(key, 0) + 1
    assert all(len(texts[key]) == steps[key] for key in texts)


MISSING = {"candidate.name": "sender.name", "job.title": "job.title", "job.company": "job.company"}


@pytest.mark.parametrize("path", MISSING)
def test_a_value_that_is_missing_is_a_finding_and_no_hole(path: str, example_lines: Any) -> None:
    """Without the name of the writer, the job or the company a thank-you is revised: FR301 says what is missing."""
    data = json.loads(example_lines[0])
    data["events"] = data["events"][:2]
    part, key = path.split(".")
    rules = policy("default")
    at = datetime(2026, 11, 10, 15, tzinfo=timezone.utc)
    whole = [one for one in decide([data], rules, at).decisions if one.rule == "thank-you"]
    assert [(one.decision, bool(one.draft)) for one in whole] == [("send", True)]
    del (data := copy.deepcopy(data))[part][key]
    (one,) = [one for one in decide([data], rules, at).decisions if one.rule == "thank-you"]
    assert (one.decision, one.reason, one.draft) == ("revise", "draft_has_errors", None)
    assert [(finding.code, finding.severity) for finding in one.findings] == [("FR301", "error")]
    assert f"'{MISSING[path]}'" in one.findings[0].message


def test_a_draft_goes_to_the_contact_of_its_occasion(example_lines: Any) -> None:
    """The address and the greeting are of the same person."""
    for application, occasion, _, draft, _ in drafts("default", example_lines):
        if draft is not None and occasion.direction == "candidate_to_employer" and occasion.contact is not None:
            contact = application.contact(occasion.contact)
            assert contact is not None
            assert draft.to == contact.email
            assert contact.name is not None
            assert any(word in draft.body.splitlines()[0] for word in contact.name.split())


@pytest.mark.parametrize(
    ("things", "wanted"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists_are_written_as_they_are_read_aloud(things: list[str], wanted: str) -> None:
    """Commas, and `and` before the last."""
    assert listed(things) == wanted


@pytest.mark.parametrize("source", ["{{ notes | join(notes | join) }}", "{{ notes | join(job.title) }}"])
def test_text_cannot_be_multiplied_by_joining(source: str) -> None:
    """A separator is short and written out, so that a letter cannot explode."""
    fault = template_fault(source)
    assert fault is not None and "joins" in fault[1]


@pytest.mark.parametrize("source", ["{{ job }}", "{{ notes }}", "{% for note in notes %}{{ loop }}{% endfor %}"])
def test_no_python_object_is_printed_into_a_letter(source: str) -> None:
    """A list or a mapping in a text is a fault of the template, and the decision is to revise."""
    folder_rules = {"t.j2": source}
    fields = {"id": "a", "kind": "follow_up", "title": "A", "follow_up": "nudge", "direction": "candidate_to_employer"}
    rule = KINDS["follow_up"].model_validate(
        {**fields, "after": "applied", "expires": "9 days", "do": ["draft_message"], "template": "t.j2"}
    )
    given = {
        "id": "x", "status": "active", "job": {"title": "Engineer", "timezone": "Europe/Berlin"}, "notes": ["one"],
        "events": [{"id": "e", "type": "applied", "at": "2026-11-09T10:00:00Z"}],
    }  # fmt: skip
    (one,) = decide([given], Policy([rule], folder_rules), datetime(2026, 11, 10, 10, tzinfo=timezone.utc)).decisions
    assert (one.decision, one.findings[0].code, one.draft) == ("revise", "FR302", None)
