"""`test --mutate`: small changes of rules, and whether examples and scenarios notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from followup_rules.load.rulefiles import load_policy
from followup_rules.plugins import load_plugins
from followup_rules.testing.gathering import gather
from followup_rules.testing.mutants import mutants_of
from followup_rules.testing.mutation import Mutation, Outcome, Score

PACKS = load_plugins().packs
STOP = """\
  - id: stop
    kind: stop
    title: Stop when it is over
    on: [reply, rejected, withdrawn, hired, opted_out]
"""
THANKS = """\
  - id: thanks
    kind: follow_up
    title: Thank the interviewer
    follow_up: thank_you
    direction: candidate_to_employer
    after: interview_completed
    opens: 2 hours
    expires: 3 days
    do: [draft_message]
"""
STORY = """\
schema: followup-rules-test/1
scenarios:
  - title: thanks after two hours, and no longer than three days
    start: 2026-09-10T15:00:00-04:00
    application: {job: {timezone: America/New_York, country: US}}
    moments:
      - at: +0 minutes
        events: [{type: interview_completed}]
        expect: {follow_up: thank_you, decision: wait, until: 2026-09-10T17:00:00-04:00}
"""


def rules(*entries: str) -> str:
    """A rule file with these rules, and what every one needs."""
    return "schema: followup-rules/1\npack: acme\nrules:\n" + "".join(entries)


@pytest.fixture
def said(write: Callable[..., str]) -> Callable[[str], list[str]]:
    """The changes that are tried on the last rule of a file, in words."""

    def found(rule: str) -> list[str]:
        write("acme.yaml", rules(THANKS, STOP, rule))
        policy = load_policy(["acme.yaml"], {}).policy
        return [one.said.replace("`", "") for one in mutants_of(policy.rules[-1])]

    return found


@pytest.fixture
def outcomes(write: Callable[..., str]) -> Callable[..., list[Outcome]]:
    """What comes of the changes of a rule file whose cases stand in a scenario file."""

    def found(text: str, story: str = STORY, chooses: Any = None) -> list[Outcome]:
        write("acme.yaml", text)
        write("acme_test.yaml", story)
        gathered = gather(["acme.yaml"], PACKS)
        assert gathered.problems == ()
        return list(Mutation(gathered.suites, chooses).outcomes())

    return found


OF_KIND = {
    "follow_up": (
        """\
  - id: question
    kind: follow_up
    title: Ask
    follow_up: question
    direction: candidate_to_employer
    after: applied
    steps:
      - {opens: 5 business days, expires: 10 days}
      - {opens: 0 minutes, due: 1 week, expires: 1 hour}
    do: [draft_message]
""",
        [
            "taken out",
            "after: applied changed to interview_completed",
            "opens: 5 business days changed to 6 business days",
            "opens: 5 business days changed to 4 business days",
            "opens: 5 business days changed to 5 days",
            "expires: 10 days changed to 11 days",
            "expires: 10 days changed to 9 days",
            "expires: 10 days changed to 10 business days",
            "step 1 taken out",
            "opens: 0 minutes changed to 1 minute",
            "due: 1 week changed to 2 weeks",
            "due: 1 week changed to 0 weeks",
            "due: 1 week changed to 1 day",
            "expires: 1 hour changed to 2 hours",
            "expires: 1 hour changed to 0 hours",
            "expires: 1 hour changed to 1 business hour",
            "step 2 taken out",
        ],
    ),
    "send_window": (
        """\
  - id: hours
    kind: send_window
    title: In the day
    open: Mon-Fri 09:00-23:30
    fallback_timezone: Europe/Berlin
    direction: candidate_to_employer
""",
        [
            "taken out",
            "open: Mon-Fri 09:00-23:30 changed to Mon-Fri 08:30-23:30",
            "open: Mon-Fri 09:00-23:30 changed to Mon-Fri 09:30-23:30",
            "open: Mon-Fri 09:00-23:30 changed to Mon-Fri 09:00-23:00",
            "open: Mon-Fri 09:00-23:30 changed to Mon-Fri 09:00-24:00",
            "open: Mon-Fri 09:00-23:30 changed to Tue-Fri 09:00-23:30",
            "open: Mon-Fri 09:00-23:30 changed to Mon-Thu 09:00-23:30",
            "open: Mon-Fri 09:00-23:30 changed to Mon-Sat 09:00-23:30",
            "open: Mon-Fri 09:00-23:30 changed to Sun-Fri 09:00-23:30",
            "fallback_timezone: Europe/Berlin taken out",
            "direction: candidate_to_employer taken out",
            "skip_holidays: true added",
            "in: Etc/UTC added",
        ],
    ),
    "limit": (
        """\
  - id: two
    kind: limit
    title: Two
    at_most: 1
    per: application
    within: 30 days
    since: anchor
    follow_up: [thank_you, question]
""",
        [
            "taken out",
            "at_most: 1 changed to 2",
            "per: application changed to candidate",
            "per: application changed to recipient",
            "within: 30 days changed to 31 days",
            "within: 30 days changed to 29 days",
            "within: 30 days changed to 30 business days",
            "within: 30 days taken out",
            "since: anchor changed to reply",
            "since: anchor taken out",
            "follow_up: [thank_you, question] taken out",
            "thank_you taken out of follow_up",
            "question taken out of follow_up",
        ],
    ),
    "cooldown": (
        """\
  - id: pause
    kind: cooldown
    title: Three hours
    at_least: 3 hours
    per: recipient
    backoff: 1.5
""",
        [
            "taken out",
            "at_least: 3 hours changed to 4 hours",
            "at_least: 3 hours changed to 2 hours",
            "at_least: 3 hours changed to 3 business hours",
            "per: recipient changed to application",
            "per: recipient changed to candidate",
            "backoff: 1.5 changed to 2.5",
        ],
    ),
    "stop": (
        """\
  - id: busy
    kind: stop
    title: While something else goes on
    on: [meeting_booked, note]
    when: {stage: [phone, onsite], touches: {at_least: 2}}
""",
        [
            "taken out",
            "meeting_booked taken out of on",
            "note taken out of on",
            "when taken out",
            "when turned over",
            "stage taken out of the condition",
            "stage: [phone, onsite] turned over",
            "phone taken out of the values of stage",
            "onsite taken out of the values of stage",
            "touches taken out of the condition",
            "touches: {at_least: 2} turned over",
            "at_least: 2 changed to 3",
            "at_least: 2 changed to 1",
            "since: ever added",
        ],
    ),
    "message": ("  - {id: kind, kind: message, title: Greet, check: personal_greeting, severity: error}\n", []),
}


@pytest.mark.parametrize("kind", OF_KIND)
def test_every_number_is_nudged(kind: str, said: Callable[[str], list[str]]) -> None:
    """All changes of a rule of each kind, in the order in which they are written; rules about texts have none."""
    entry, expected = OF_KIND[kind]
    assert said(entry) == expected


CONDITIONS = {
    "{stage: onsite}": ["when taken out", "stage: onsite turned over"],
    "{interviews: 0}": ["when taken out", "interviews: 0 turned over", "interviews: 0 changed to 1",
                        "interviews: 0 changed to -1"],
    "{stage: {present: true}}": ["when taken out", "stage: {present: true} turned over"],
    "{not: {stage: onsite}}": ["when taken out", "stage: onsite turned over"],
    "{happened: {event: message, from: employer, within: 5 days}}": [
        "when taken out", "happened changed to not_happened", "from: employer taken out", "within: 5 days taken out",
        "within: 5 days changed to 6 days", "within: 5 days changed to 4 days",
    ],
    "{any: [{stage: a}, {stage: b}]}": [
        "when taken out", "when turned over", "any changed to all", "stage: a taken out of any", "stage: a turned over",
        "stage: b taken out of any", "stage: b turned over",
    ],
    "{job.title: {contains: Data}}": ["when taken out", "job.title: {contains: Data} turned over"],
    "{job.title: {is: A, present: true}}": [
        "when taken out", "is: A taken out of job.title", "job.title: {is: A} turned over",
        "present: true taken out of job.title", "job.title: {present: true} turned over",
    ],
}  # fmt: skip


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_part_of_a_condition_is_changed(condition: str, said: Callable[[str], list[str]]) -> None:
    """Taken out, turned over, moved; the same change made in two ways is made once."""
    entry = f"  - {{id: quiet, kind: stop, title: Quiet, on: [opted_out], when: {condition}}}\n"
    assert said(entry)[1:] == CONDITIONS[condition]


def test_what_must_stop_a_follow_up_is_not_taken_out(outcomes: Callable[..., list[Outcome]]) -> None:
    """A policy without it would be refused (FR117), so it is no change that anybody could make."""
    found = outcomes(rules(THANKS, STOP))
    assert {one.mutant.said for one in found if one.mutant.rule.id == "stop"} == {"`since: ever` added"}


def test_a_change_that_a_moment_shows_is_noticed(outcomes: Callable[..., list[Outcome]]) -> None:
    """The story says when the thank-you opens, and never when it expires."""
    found = {one.mutant.said.replace("`", ""): one.noticed for one in outcomes(rules(THANKS, STOP))}
    assert found["opens: 2 hours changed to 3 hours"] is True
    assert found["opens: 2 hours changed to 1 hour"] is True
    assert found["after: interview_completed changed to applied"] is True
    assert found["taken out"] is True
    assert found["expires: 3 days changed to 4 days"] is False
    # From 15:00 two business hours end at 17:00 as well.
    assert found["opens: 2 hours changed to 2 business hours"] is False


SAME = {
    "a direction that the name implies": (
        "  - {id: two, kind: stop, title: Two, on: [note], follow_up: thank_you, direction: candidate_to_employer}\n",
        {"`direction: candidate_to_employer` taken out", "`follow_up: thank_you` taken out"},
    ),
    "an opt-out counts always": (
        "  - {id: out, kind: stop, title: Out, on: [opted_out], since: ever}\n",
        {"`since: ever` changed to `anchor`"},
    ),
    "a part that another part implies": (
        "  - {id: two, kind: stop, title: Two, on: [note], when: {any: [{stage: a}, {stage: a}]}}\n",
        {"`any` changed to `all`", "`stage: a` taken out of `any`"},
    ),
}


@pytest.mark.parametrize("why", SAME)
def test_a_change_that_makes_no_difference_is_not_counted(why: str, outcomes: Callable[..., list[Outcome]]) -> None:
    """No history could tell it from the rule as it is, so no test is asked to."""
    entry, expected = SAME[why]
    found = outcomes(rules(THANKS, STOP, entry))
    assert {one.mutant.said for one in found if one.noticed is None} == expected


def test_a_limit_narrowed_to_a_name_counts_less(outcomes: Callable[..., list[Outcome]]) -> None:
    """Without the name other touches count too, so the change makes a difference even where it covers the same."""
    entry = "  - {id: one, kind: limit, title: One, at_most: 1, per: application, follow_up: thank_you}\n"
    found = {one.mutant.said: one.noticed for one in outcomes(rules(THANKS, STOP, entry))}
    assert found["`follow_up: thank_you` taken out"] is False


PER = "  - {{id: one, kind: limit, title: One, at_most: 1, per: candidate, direction: {}}}\n"


def test_the_recipient_of_an_employer_is_the_candidate(outcomes: Callable[..., list[Outcome]]) -> None:
    """So `per: recipient` and `per: candidate` are one in that direction, and two in the other."""
    said = "`per: candidate` changed to `recipient`"
    news = THANKS.replace("thank", "news").replace("candidate_to_employer", "employer_to_candidate")
    story = STORY.replace("application: {job", "application: {candidate: {id: c-1}, job")
    to_candidate = outcomes(rules(THANKS, news, STOP, PER.format("employer_to_candidate")), story)
    to_employer = outcomes(rules(THANKS, news, STOP, PER.format("candidate_to_employer")), story)
    assert [one.noticed for one in to_candidate if one.mutant.said == said] == [None]
    assert [one.noticed for one in to_employer if one.mutant.said == said] == [False]


def test_a_rule_that_is_taken_out_gives_way_to_the_one_it_replaced(
    write: Callable[..., str], run: Callable[..., Any]
) -> None:
    """The change is that of the file: what stood above is in force again, and here it is the same."""
    write("base.yaml", rules(THANKS, STOP).replace("acme", "base"))
    write("acme.yaml", rules(THANKS).replace("rules:", "extends: [./base.yaml]\nrules:"))
    write("acme_test.yaml", STORY)
    ran = run("test", "acme.yaml", "--mutate")
    assert "acme.yaml:5:5: FR420 thanks: taken out: no test notices" in ran.out
    assert "base.yaml" not in ran.out


def test_only_rules_that_the_chosen_cases_are_about_are_changed(outcomes: Callable[..., list[Outcome]]) -> None:
    """With -k the stop rule, which says nothing in the story, is left alone."""
    found = outcomes(rules(THANKS, STOP), chooses=lambda case: True)
    assert {one.mutant.rule.id for one in found} == {"thanks"}
    assert outcomes(rules(THANKS, STOP), chooses=lambda case: False) == []


def test_a_case_that_fails_anyway_notices_nothing(outcomes: Callable[..., list[Outcome]]) -> None:
    """It would come out otherwise under every change."""
    found = outcomes(rules(THANKS, STOP), STORY.replace("decision: wait", "decision: send"))
    assert {one.noticed for one in found} == {False}


def test_a_draft_with_errors_is_judged_as_in_a_plan(write: Callable[..., str], run: Callable[..., Any]) -> None:
    """Texts are left out of the run but where a case depends on one."""
    write("templates/thanks.txt.j2", "Hello")
    entry = "  - {id: short, kind: message, title: Long enough, check: appreciation, severity: error}\n"
    write("acme.yaml", rules(THANKS + "    template: thanks.txt.j2\n", STOP, entry))
    moment = "      - {at: +2 hours, expect: {decision: revise, expires_at: 2026-09-13T15:00:00-04:00}}\n"
    write("acme_test.yaml", STORY + moment)
    ran = run("test", "acme.yaml", "--mutate")
    assert "expires: 3 days" not in ran.out


@pytest.mark.parametrize(("least", "status"), [("0", 0), ("40", 0), ("99", 1)])
def test_a_least_share_is_held(least: str, status: int, write: Callable[..., str], run: Callable[..., Any]) -> None:
    """`--min-mutation` alone makes the run, and exit status 1 where fewer changes are noticed; FR421 says so."""
    write("acme.yaml", rules(THANKS, STOP))
    write("acme_test.yaml", STORY)
    ran = run("test", "acme.yaml", "--min-mutation", least)
    assert ran.status == status
    assert ("FR421" in ran.err) is bool(status)
    assert "mutation: " in ran.out


def test_nothing_is_changed_while_cases_fail(write: Callable[..., str], run: Callable[..., Any]) -> None:
    """The failures come first."""
    write("acme.yaml", rules(THANKS, STOP))
    write("acme_test.yaml", STORY.replace("decision: wait", "decision: send"))
    ran = run("test", "acme.yaml", "--mutate")
    assert ran.status == 1
    assert "FR420" not in ran.out
    assert "mutation: not tried" in ran.err


def test_the_share_is_rounded_down() -> None:
    """100 means all, and nothing to change is all."""
    assert [Score(*one, 0).percent for one in ((999, 1000), (1, 1), (0, 0), (2, 3), (9999, 10000))] == [
        "99.9", "100", "100", "66.6", "99.9",
    ]  # fmt: skip


def test_the_same_comes_out_twice(outcomes: Callable[..., list[Outcome]]) -> None:
    """Order and outcome depend on the files alone."""
    first, second = (outcomes(rules(THANKS, STOP)) for _ in range(2))
    assert [(one.mutant.place, one.mutant.said, one.noticed) for one in first] == [
        (one.mutant.place, one.mutant.said, one.noticed) for one in second
    ]
