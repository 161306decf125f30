"""Learns the weights by which `repetition` recognises what is said again in other words, from labelled messages.

    python benchmarks/train_repeats.py messages.jsonl repeats.jsonl ... [--cross] [--write]

A line of a file is a message as `benchmarks/quality.py` reads it, or a passage of its own: `text`, `label` (false where
it says something twice), `direction`. `--cross` trains on all files but one, tests on that one, for each file in turn,
and prints precision, recall and F1. `--write` writes the weights into `quality/repeats/pairing.py`, learned from all
files. Needs numpy and scipy, which followup-rules itself does not.

A message repeats itself if one of its pairs of passages does; which one, nobody has labelled. So the likelihood of a
message is that of the soft maximum over its pairs, and the weights are found by L-BFGS under a quadratic penalty.
Messages with a thread that repeat are left out: what they repeat may stand in the thread.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from train_fit import BODY

from followup_rules.check import Context
from followup_rules.quality.checks.repetition import names_in
from followup_rules.quality.repeats import pairing
from followup_rules.quality.repeats.pairing import BIAS, signs_of
from followup_rules.quality.repeats.repeats import Message, candidates, repeats_inside
from followup_rules.quality.text import Text
from quality import own_text, read

PENALTY = 5.0
SOFT = 0.5
AT_LEAST = {"recalls": 1.2}
"""What too few messages have to be learned, and is plain: 'To repeat: ...'."""
RECIPIENT, SENDER = "Sam Reyes", "Ada Park"


class Example(NamedTuple):
    """The signs of every pair of passages of one text, whether one is copied, and whether it repeats itself."""

    file: str
    id: str
    bag: list[Mapping[str, float]]
    copied: bool
    label: bool


def examples(paths: Iterable[Path]) -> Iterator[Example]:
    """Every text of some files."""
    for path in paths:
        for name, text, context, label in _texts(path):
            names = partial(names_in, context)
            message = Message(text, names)
            bag = [
                signs
                for whole in candidates(message)
                for pair in message.pairs_of(whole)
                if (signs := signs_of(pair, message.topics, message.names))
            ]
            copied = any(one.copied for one in repeats_inside(text, names, 1.0))
            yield Example(path.stem, name, bag, copied, label)


def _texts(path: Path) -> Iterator[tuple[str, Text, Context, bool]]:
    lines = path.read_text("utf-8").splitlines()
    if "labels" in json.loads(lines[0]):
        for one in read([path]):
            if not (one.labels["repetitive"] and one.context.thread):
                yield one.id, own_text(one), one.context, bool(one.labels["repetitive"])
        return
    for place, line in enumerate(lines):
        data: dict[str, Any] = json.loads(line)
        if not data.get("thread"):
            context = Context(direction=data["direction"], recipient=RECIPIENT, sender=SENDER)
            yield str(place), Text(BODY.format(data["text"])), context, not data["label"]


def learn(known_texts: Sequence[Example]) -> dict[str, float]:
    """The weights of all signs."""
    told = [one for one in known_texts if one.bag and not one.copied]
    names = sorted({sign for text in told for one in text.bag for sign in one})
    rows = np.array([[float(one.get(name, 0)) for name in names] for text in told for one in text.bag])
    spread = rows.std(0) + 1e-6
    matrix = np.c_[(rows - rows.mean(0)) / spread, np.ones(len(rows))]
    owner = np.repeat(np.arange(len(told)), [len(one.bag) for one in told])
    label = np.array([one.label for one in told], float)
    held = np.append(np.ones(len(names)), 0)  # the bias goes without a penalty

    def loss(weights: Any) -> tuple[float, Any]:
        points = matrix @ weights
        top = np.full(len(told), -1e9)
        np.maximum.at(top, owner, points)
        shares = np.exp((points - top[owner]) / SOFT)
        total = np.bincount(owner, shares, len(told))
        score = top + SOFT * np.log(total)
        slope = (1 / (1 + np.exp(-score)) - label)[owner] * shares / total[owner]
        likely = np.logaddexp(0, -np.where(label > 0, score, -score)).sum()
        return likely + PENALTY / 2 * (held * weights**2).sum(), matrix.T @ slope + PENALTY * held * weights

    start = np.array([float(name == "share") for name in names] + [-2.0])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    plain = found[:-1] / spread
    weights = dict(zip(names, plain.tolist(), strict=True))
    bias = float(found[-1] - plain @ rows.mean(0))
    return {BIAS: bias, **weights, **{name: max(least, weights.get(name, 0)) for name, least in AT_LEAST.items()}}


def best(text: Example, weights: Mapping[str, float]) -> float:
    """As `pairing.score` does it, for the pair that speaks most for repeating."""
    if text.copied:
        return 99.0
    return max([weights[BIAS] + sum(weights.get(k, 0) * v for k, v in one.items()) for one in text.bag], default=-99.0)


def cross(texts: Sequence[Example], at: Sequence[float], told: bool) -> None:
    """Print how well each file is judged by what was learned from the others."""
    judged: list[tuple[Example, float]] = []
    for file in dict.fromkeys(one.file for one in texts):
        weights = learn([one for one in texts if one.file != file])
        judged += [(one, best(one, weights)) for one in texts if one.file == file]
    for bar in at:
        print(f"from {bar:+.2f}: {'file':<24}{'defects':>8}{'found':>8}{'false':>8}{'F1':>8}")
        for file in (*dict.fromkeys(one.file for one in texts), "all"):
            some = [(one.label, points >= bar) for one, points in judged if file in ("all", one.file)]
            hits, false = sum(a and b for a, b in some), sum(b and not a for a, b in some)
            defects = sum(a for a, _ in some)
            print(f"{'':12}{file:<24}{defects:>8}{hits:>8}{false:>8}{2 * hits / max(1, defects + hits + false):>8.3f}")
        if told:
            for one, points in sorted(judged, key=lambda each: -each[1]):
                if one.label is not (points >= bar):
                    print(f"    {'missed' if one.label else 'false':<8}{one.file} {one.id} {points:+.2f}")


def write(weights: Mapping[str, float]) -> None:
    """Put the weights into the module."""
    target = Path(str(pairing.__file__))
    lines = [f'    "{name}": {value:+.2f},' for name, value in weights.items() if abs(value) >= 0.005]
    made = "WEIGHTS: Final[Mapping[str, float]] = {\n" + "\n".join(lines).replace(" +", " ") + "\n}\n"
    source = target.read_text("utf-8")
    target.write_text(re.sub(r"WEIGHTS: Final\[Mapping\[str, float\]\] = \{[^}]*\}\n", made, source), "utf-8")
    print(f"{target}: {len(lines)} weights")


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--cross", action="store_true", help="test on each file what was learned from the others")
    parser.add_argument("--at", type=float, action="append", help="from which score on it repeats, for --cross")
    parser.add_argument("--errors", action="store_true", help="name what is judged otherwise than labelled")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    arguments = parser.parse_args()
    texts = list(examples(arguments.files))
    if arguments.cross:
        cross(texts, arguments.at or [0.0], arguments.errors)
    if arguments.write:
        write(learn(texts))


if __name__ == "__main__":
    main()
