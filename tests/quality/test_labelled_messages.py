"""Messages that people labelled: the checks agree with them, and say next to nothing about messages without a defect.

The `learnt` files were looked at while the checks were made. The `unseen` files were not before they were first
measured; the causes of what was missed in them have been mended since, so they flatter by now too.
The floors stand a little below what was measured, so that a change that costs quality is seen.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from followup_rules.quality.catalogue import CHECKS
from followup_rules.quality.proofread.engine import is_installed

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = ROOT / "benchmarks" / "messages"
SHARED = ROOT.parent / "shared" / "quality" / "dev.jsonl"


def _benchmark() -> Any:
    spec = importlib.util.spec_from_file_location("benchmark_of_quality", ROOT / "benchmarks" / "quality.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


QUALITY = _benchmark()
# F1 of finding the defect.
FLOORS = {
    "learnt": {
        "has_placeholder": 0.97, "greeting_personalised": 0.98, "appreciation": 0.95, "call_to_action": 0.96,
        "professional_tone": 0.9, "specific_reference": 0.96, "key_points": 0.96, "repetitive": 0.95,
        "names_leak": 0.95, "errors": 0.95, "clean flagged": 0.02,
    },
    "unseen": {
        "has_placeholder": 0.97, "greeting_personalised": 0.98, "appreciation": 0.93, "call_to_action": 0.97,
        "professional_tone": 0.94, "specific_reference": 0.93, "key_points": 0.85, "repetitive": 0.94,
        "names_leak": 0.98, "errors": 0.97, "clean flagged": 0.03,
    },
    "unseen-2": {
        "has_placeholder": 0.97, "greeting_personalised": 0.98, "appreciation": 0.95, "call_to_action": 0.93,
        "professional_tone": 0.94, "specific_reference": 0.95, "key_points": 0.86, "repetitive": 0.92,
        "names_leak": 0.98, "errors": 0.97, "clean flagged": 0.03,
    },
}  # fmt: skip


FILES = {
    "learnt": sorted(MESSAGES.glob("learnt-*.jsonl")),
    **{name: [MESSAGES / f"{name}.jsonl"] for name in ("unseen", "unseen-2")},
}


def f1(files: list[Path], label: str) -> tuple[float, float]:
    """F1 of a label, and the share of clean messages that its checks speak up about."""
    bad, names = QUALITY.LABELS[label]
    messages = list(QUALITY.read(files))
    spoke, _ = QUALITY.judge(messages, {name: CHECKS[name]() for name in names})
    said = {one.id: any(spoke[one.id, name] for name in names) for one in messages}
    defects = {one.id: bool(one.labels[label]) is bad for one in messages}
    hits = sum(said[key] and defects[key] for key in said)
    wrong = sum(said[key] is not defects[key] for key in said)
    clean = [one.id for one in messages if QUALITY.is_clean(one)]
    return 2 * hits / (2 * hits + wrong), sum(said[key] for key in clean) / len(clean)


@pytest.mark.heavy
@pytest.mark.parametrize("label", QUALITY.LABELS)
@pytest.mark.parametrize("name", ["learnt", "unseen", "unseen-2"])
def test_the_checks_agree_with_the_labels(name: str, label: str) -> None:
    """Per label, on messages by many hands."""
    if label == "errors" and not is_installed():
        pytest.skip("the extra 'proofread' is not installed")
    reached, flagged = f1(FILES[name], label)
    assert reached >= FLOORS[name][label], f"{label}: {reached:.3f}"
    assert flagged <= FLOORS[name]["clean flagged"], f"{label}: {flagged:.3f} of the clean messages"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared messages are not beside this checkout")
@pytest.mark.parametrize("label", QUALITY.LABELS)
def test_the_checks_agree_with_the_shared_labels(label: str) -> None:
    """The messages for development, where they are there."""
    reached, flagged = f1([SHARED], label)
    assert reached >= 0.9, f"{label}: {reached:.3f}"
    assert flagged <= 0.03
