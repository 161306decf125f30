"""How well the message checks judge labelled messages, and how fast.

    python benchmarks/quality.py messages.jsonl [more.jsonl ...] [--errors] [--check NAME]

Each line of a file is one message with its context and labels: `id`, `direction`, `follow_up`, `subject`, `text`,
`context`, `thread` and `labels`. For every label it prints precision, recall and F1 of finding the defect, and how
many clean messages a check speaks up about. `--errors` names the messages that are judged otherwise than labelled.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from followup_rules.check import Check, Context
from followup_rules.quality.catalogue import Catalogue
from followup_rules.quality.own.quoted import set_aside
from followup_rules.quality.text import Text

# The label, what it says of a message with the defect, and the checks that find it.
LABELS: dict[str, tuple[bool, tuple[str, ...]]] = {
    "has_placeholder": (True, ("placeholders",)),
    "greeting_personalised": (False, ("personal_greeting",)),
    "appreciation": (False, ("appreciation",)),
    "call_to_action": (False, ("call_to_action",)),
    "professional_tone": (False, ("professional_tone",)),
    "specific_reference": (False, ("specific_reference",)),
    "key_points": (False, ("key_points",)),
    "repetitive": (True, ("repetition",)),
    "names_leak": (True, ("other_names",)),
    "errors": (True, ("spelling", "grammar")),
}


class Labelled(NamedTuple):
    """One message of a set."""

    id: str
    body: str
    subject: str
    context: Context
    labels: dict[str, Any]


def read(files: list[Path]) -> Iterator[Labelled]:
    """Every message of some files."""
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            if line.strip():
                yield _labelled(json.loads(line))


def _labelled(data: dict[str, Any]) -> Labelled:
    known = data["context"]
    context = Context(
        direction=data["direction"],
        follow_up=data["follow_up"],
        recipient=known["recipient"]["name"],
        sender=known["sender"]["name"],
        company=known["company"],
        role=known["role"],
        notes=tuple(known["interview_notes"]),
        skills=tuple(known["skills"]),
        other_names=tuple(known["other_names"]),
        thread=tuple(data["thread"]),
    )
    return Labelled(data["id"], data["text"], data["subject"], context, data["labels"])


def own_text(one: Labelled) -> Text:
    """What the writer wrote, without quoted mail."""
    own = set_aside(one.body)
    return Text(own.text, one.subject, own.quoted)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--errors", action="store_true", help="name the messages that are judged otherwise")
    parser.add_argument("--check", action="append", default=[], help="only the labels that these checks decide")
    arguments = parser.parse_args()
    messages = list(read(arguments.files))
    catalogue = Catalogue()
    wanted = [label for label, (_, names) in LABELS.items() if not arguments.check or set(names) & set(arguments.check)]
    checks = {name: catalogue[name]() for label in wanted for name in LABELS[label][1]}
    spoke, seconds = judge(messages, checks)
    print(f"{len(messages)} messages")
    print(f"{'label':<24}{'defects':>8}{'found':>7}{'false':>7}{'P':>7}{'R':>7}{'F1':>7}  clean flagged")
    for label in wanted:
        report(label, messages, spoke, arguments.errors)
    print(f"{len(messages) / seconds:,.0f} messages a second of one core (CPU time), {', '.join(checks)}")


def judge(messages: list[Labelled], checks: dict[str, Check]) -> tuple[dict[tuple[str, str], list[str]], float]:
    """What each check said of each message, and the seconds that it took."""
    spoke: dict[tuple[str, str], list[str]] = {}
    for one in messages[:5]:  # lists of words are read when they are first needed
        for check in checks.values():
            list(check.faults(own_text(one), one.context))
    begun = time.process_time()
    for one in messages:
        text = own_text(one)
        for name, check in checks.items():
            parts = {"subject": text.subject, "body": text.body}
            spoke[one.id, name] = [
                f"{fault.message}: {parts[fault.part][fault.start : fault.end]!r}"
                for fault in check.faults(text, one.context)
            ]
    return spoke, time.process_time() - begun


def report(label: str, messages: list[Labelled], spoke: dict[tuple[str, str], list[str]], errors: bool) -> None:
    """One line of the table, and the messages that are judged otherwise."""
    bad, names = LABELS[label]
    hits = misses = false = 0
    clean = flagged = 0
    told: list[str] = []
    for one in messages:
        defect = bool(one.labels[label]) is bad
        said = [text for name in names for text in spoke[one.id, name]]
        hits += defect and bool(said)
        misses += defect and not said
        false += not defect and bool(said)
        if is_clean(one):
            clean += 1
            flagged += bool(said)
        if defect and not said:
            told.append(f"    {one.id} missed")
        elif said and not defect:
            told.append(f"    {one.id} false: {said[0]}")
    precision = hits / (hits + false) if hits + false else 1.0
    recall = hits / (hits + misses) if hits + misses else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    share = f"{flagged}/{clean}"
    print(f"{label:<24}{hits + misses:>8}{hits:>7}{false:>7}{precision:>7.3f}{recall:>7.3f}{f1:>7.3f}  {share}")
    if errors:
        print("\n".join(told))


def is_clean(one: Labelled) -> bool:
    """True for a message without any defect."""
    return all(bool(one.labels[label]) is not bad for label, (bad, _) in LABELS.items())


if __name__ == "__main__":
    main()
