"""What `followup-rules init` writes: enough to change one number and see what it does."""

from __future__ import annotations

import json

_RULES = """\
# yaml-language-server: $schema=../followup-rules.schema.json
schema: followup-rules/1
pack: our-follow-ups
extends: [default]            # everything that the default pack says, unless a rule below has the same id

rules:
  - id: thank-you             # the id of a rule of the default pack: this one replaces it
    kind: follow_up
    title: Thank the interviewer on the same or the next day
    why: Our candidates write soon or not at all.
    source: "judgement: ours; change it and see what `followup-rules test` says"
    follow_up: thank_you
    direction: candidate_to_employer
    after: interview_completed
    opens: 2 hours
    due: 20 hours
    expires: 2 business days
    do: [draft_message]
    template: thank_you.txt.j2
    examples:
      - title: the next morning
        at: 2026-11-10T10:00:00-05:00
        application:
          candidate: {id: c-7, name: Ada Park}
          job: {title: Data Engineer, company: Northwind, timezone: America/New_York, country: US}
          events: [{id: e1, type: interview_completed, at: 2026-11-09T15:00:00-05:00}]
        expect: {decision: send, due_at: 2026-11-10T11:00:00-05:00}
      - title: never after a rejection
        at: 2026-11-10T10:00:00-05:00
        application:
          status: rejected
          candidate: {id: c-7, name: Ada Park}
          job: {title: Data Engineer, company: Northwind, timezone: America/New_York, country: US}
          events: [{id: e1, type: interview_completed, at: 2026-11-09T15:00:00-05:00}]
        expect: {decision: stop, reason: stopped}

  - id: not-more-than-three
    kind: limit
    title: Nobody hears from one candidate more than three times without an answer
    source: "judgement: three unanswered messages are an answer"
    direction: candidate_to_employer
    at_most: 3
    per: application
    since: reply
"""

_SCENARIOS = """\
schema: followup-rules-test/1

rules: [follow-ups.yaml]

scenarios:
  - title: an interview, thanks, and an answer
    start: 2026-11-09T15:00:00-05:00
    application:
      candidate: {id: c-7, name: Ada Park, timezone: Europe/Berlin, country: DE}
      job: {title: Data Engineer, company: Northwind, timezone: America/New_York, country: US}
      contacts: [{id: u-3, name: Sam Reyes, role: interviewer}]
    moments:
      - at: +0 minutes
        events: [{type: interview_completed, contact: u-3}]
        expect: {follow_up: thank_you, decision: wait, until: 2026-11-09T17:00:00-05:00}
      - at: +19 hours
        expect: {follow_up: thank_you, decision: send}
        carry_out: true           # it is sent, as if somebody had clicked
      - at: +2 days
        events: [{type: message, from: employer, contact: u-3}]
        expect: {follow_up: thank_you, decision: stop}
"""

_APPLICATIONS = """\
- id: app-1
  status: active
  candidate: {id: c-7, name: Ada Park, timezone: Europe/Berlin, country: DE}
  job: {id: j-9, title: Data Engineer, company: Northwind, timezone: America/New_York, country: US, region: NY}
  contacts: [{id: u-3, name: Sam Reyes, email: sam@example.com, role: interviewer}]
  notes: [Sam described the move to event streams]
  skills: [Python, Kafka]
  events:
    - {id: e1, type: applied, at: 2026-11-02T09:12:00-05:00}
    - {id: e2, type: interview_completed, at: 2026-11-09T15:00:00-05:00, contact: u-3}
- id: app-2
  status: active
  candidate: {id: c-8, name: Noor Haddad, timezone: Asia/Kolkata, country: IN}
  job: {id: j-9, title: Data Engineer, company: Northwind, timezone: America/New_York, country: US, region: NY}
  events:
    - {id: e1, type: applied, at: 2026-11-02T09:12:00+05:30}
    - {id: e2, type: message, at: 2026-11-06T10:00:00-05:00, from: employer}
"""

_WORKFLOW = """\
# Every change of the rules is checked and tested on GitHub, if this folder is the root of the repository.
name: Follow-up rules
on: [push, pull_request]
permissions: {contents: read}
jobs:
  rules:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "3.11"}
      - run: pip install followup-rules
      - run: followup-rules check rules
      - run: followup-rules test rules
"""

_PRE_COMMIT = """\
# And before every commit, once `pre-commit install` was run here.
repos:
  - repo: local
    hooks:
      - id: followup-rules-check
        name: follow-up rules are valid
        entry: followup-rules check rules
        language: system
        files: ^rules/
        pass_filenames: false
      - id: followup-rules-test
        name: follow-up rules decide what their examples say
        entry: followup-rules test rules
        language: system
        files: ^rules/
        pass_filenames: false
"""

_README = """\
# Our follow-ups

- `rules/follow-ups.yaml`: our rules. Editors that know JSON Schema complete and check it.
- `rules/follow-ups_test.yaml`: a story that the rules must tell, moment by moment.
- `applications.yaml`: two applications to try them on.
- `.github/workflows/follow-ups.yml` and `.pre-commit-config.yaml` check and test every change.
  If this folder is part of a larger repository, move them to its root and add the folder to the paths in them.

```sh
followup-rules check rules
followup-rules test rules
followup-rules plan applications.yaml --rules rules --at 2026-11-10T10:00:00-05:00
followup-rules why app-1 --from applications.yaml --rules rules --at 2026-11-10T10:00:00-05:00
```
"""


def files() -> dict[str, str]:
    """The texts of the starter folder, by path."""
    from followup_rules.report.schema import schema

    return {
        "rules/follow-ups.yaml": _RULES,
        "rules/follow-ups_test.yaml": _SCENARIOS,
        "applications.yaml": _APPLICATIONS,
        "followup-rules.schema.json": json.dumps(schema("rules"), indent=2) + "\n",
        ".github/workflows/follow-ups.yml": _WORKFLOW,
        ".pre-commit-config.yaml": _PRE_COMMIT,
        "README.md": _README,
    }
