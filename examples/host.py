"""A host that embeds the engine: what it would put before a recruiter this morning.

python examples/host.py examples/applications.jsonl 2026-11-20T10:00:00-05:00
"""

import json
import sys
from datetime import datetime
from pathlib import Path

from followup_rules import decide, load_rules


def main(file: str, at: str) -> None:
    """Decide all applications of a file and print what is due, drafts included."""
    policy = load_rules(str(Path(__file__).parent / "rules" / "acme.yaml"))
    applications = [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]
    plan = decide(applications, policy, datetime.fromisoformat(at))
    for refusal in plan.refused:
        print("cannot decide", refusal.application, *refusal.problems, sep="\n  ")
    due = [decision for decision in plan.decisions if decision.decision == "send"]
    for decision in due[:3]:
        print(f"{decision.application}: {decision.follow_up}, best by {decision.due_at} ({decision.decided_by.place})")
        if decision.draft is not None:
            print(f"  to {decision.draft.to or 'nobody known'}: {decision.draft.subject}")
    print(f"{len(due)} due, {sum(decision.decision == 'wait' for decision in plan.decisions)} waiting")


if __name__ == "__main__":
    main(*sys.argv[1:])
