"""Learns the weights by which `key_points` recognises a claim of fit, from labelled messages and sentences.

    python benchmarks/train_fit.py messages.jsonl bank.jsonl ... [--cross] [--write]

A line of a file is a message as `benchmarks/quality.py` reads it, or a passage of its own: `text`, `label`,
`direction`, `role`, `company`, `skills`. `--cross` trains on all files but one, tests on that one, for each file in
turn, and prints precision, recall and F1 of finding messages without a claim. `--write` writes
`words/fit_weights.txt`, learned from all files. Needs numpy and scipy, which followup-rules itself does not.

A message claims fit if one of its sentences does; which one, nobody has labelled. So the likelihood of a message is
that of the soft maximum over its sentences, less the logarithm of their number (`fit.CHANCE`), and the weights of both
directions are found by L-BFGS under a quadratic penalty. The signs that tell least are left out, and the rest weighed
again.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.resources import files
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from followup_rules.check import Context
from followup_rules.model.words import Direction
from followup_rules.quality.fit.fit import BIAS, CHANCE, DEMANDS, NEXT, Signs, flags_of, kinds
from followup_rules.quality.text import Text
from quality import own_text, read

DIRECTIONS: tuple[Direction, ...] = ("candidate_to_employer", "employer_to_candidate")
PENALTY = 3.0
KEPT = 1500
RARE = 2
BODY = "Dear Sam,\n\n{}\n\nKind regards,\nAda"

Bag = list[frozenset[str]]


class Example(NamedTuple):
    """The signs of every sentence of one text, and whether it claims fit."""

    file: str
    direction: str
    bag: Bag
    label: bool


class Weights(NamedTuple):
    """What was learned."""

    by_sign: dict[str, float]
    chance: float = CHANCE

    def score(self, bag: Bag) -> float:
        """As `fit.FitModel.score` does it, which leaves out sentences about dreams as well."""
        best = max((sum(self.by_sign.get(sign, 0.0) for sign in signs) for signs in bag), default=-99.0)
        return best - self.chance * float(np.log(max(1, len(bag))))


def examples(paths: Iterable[Path]) -> list[Example]:
    """Every text of some files."""
    signs, found = Signs(), []
    for path in paths:
        for text, context, label in _texts(path):
            flags = flags_of(context)
            bag = [signs.of(text, sentence, flags) for sentence in text.core]
            if bag:
                found.append(Example(path.stem, str(context.direction), _with_next(bag), label))
    return found


def _with_next(bag: Bag) -> Bag:
    """Each sentence with the kinds of words of the next one."""
    return [
        one.union([NEXT + kind for kind in kinds(then)])
        for one, then in zip_longest(bag, bag[1:], fillvalue=frozenset())
    ]


def _texts(path: Path) -> Iterable[tuple[Text, Context, bool]]:
    first = json.loads(path.read_text("utf-8").partition("\n")[0])
    if "labels" in first:
        for one in read([path]):
            yield own_text(one), one.context, bool(one.labels["key_points"])
        return
    for line in path.read_text("utf-8").splitlines():
        data: dict[str, Any] = json.loads(line)
        context = Context(
            direction=data["direction"], role=data["role"], company=data["company"], skills=tuple(data["skills"])
        )
        yield Text(BODY.format(data["text"])), context, bool(data["label"])


def learn(known_texts: Sequence[Example]) -> Weights:
    """The weights of one direction."""
    counted = Counter(sign for one in known_texts for sign in set().union(*one.bag))
    weights = _fitted(known_texts, sorted(sign for sign, count in counted.items() if count >= RARE))
    told = sorted(weights, key=lambda sign: -abs(weights[sign]) * counted[sign] ** 0.5)
    return Weights(_fitted(known_texts, sorted({*told[:KEPT], BIAS})))


def _fitted(known_texts: Sequence[Example], signs: Sequence[str]) -> dict[str, float]:
    place = {sign: number for number, sign in enumerate(signs)}
    rows = [[place[sign] for sign in sorted(one) if sign in place] for text in known_texts for one in text.bag]
    ends = np.cumsum([0] + [len(row) for row in rows])
    matrix = csr_matrix((np.ones(ends[-1]), np.concatenate(rows).astype(int), ends), shape=(len(rows), len(signs)))
    sizes = np.array([len(one.bag) for one in known_texts])
    owner = np.repeat(np.arange(len(sizes)), sizes)
    label = np.array([one.label for one in known_texts], float)
    free = np.array([sign == BIAS for sign in signs])  # the bias goes without a penalty

    def loss(weights: Any) -> tuple[float, Any]:
        points = matrix @ weights
        top = np.full(len(sizes), -1e9)
        np.maximum.at(top, owner, points)
        shares = np.exp((points - top[owner]) / CHANCE)
        total = np.bincount(owner, shares, len(sizes))
        score = top + CHANCE * (np.log(total) - np.log(sizes))
        slope = (1 / (1 + np.exp(-score)) - label)[owner] * shares / total[owner]
        held = np.where(free, 0.0, weights)
        likely = np.logaddexp(0, -np.where(label > 0, score, -score)).sum()
        return likely + PENALTY / 2 * (held**2).sum(), matrix.T @ slope + PENALTY * held

    found = minimize(loss, np.zeros(len(signs)), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return dict(zip(signs, found.tolist(), strict=True))


def cross(texts: Sequence[Example], at: float) -> None:
    """Print how well each file is judged by what was learned from the others."""
    print(f"{'file':<24}{'defects':>8}{'P':>8}{'R':>8}{'F1':>8}")
    everything: list[tuple[bool, bool]] = []
    for file in dict.fromkeys(one.file for one in texts):
        judged: list[tuple[bool, bool]] = []
        for direction in DIRECTIONS:
            weights = learn([one for one in texts if one.file != file and one.direction == direction])
            weights = weights._replace(chance=DEMANDS[direction])
            chosen = [one for one in texts if one.file == file and one.direction == direction]
            judged += [(one.label, weights.score(one.bag) >= at) for one in chosen]
        _print(file, judged)
        everything += judged
    _print("all", everything)


def _print(name: str, judged: Sequence[tuple[bool, bool]]) -> None:
    counted = Counter(judged)
    hits, misses, false = counted[False, False], counted[False, True], counted[True, False]
    precision, recall = hits / max(1, hits + false), hits / max(1, hits + misses)
    f1 = 2 * hits / max(1, 2 * hits + misses + false)
    print(f"{name:<24}{hits + misses:>8}{precision:>8.3f}{recall:>8.3f}{f1:>8.3f}")


def written(texts: Sequence[Example]) -> str:
    """The file of weights."""
    names = ", ".join(dict.fromkeys(one.file for one in texts))
    lines = [
        "# What each sign of a claim of fit weighs, for each direction. Made by benchmarks/train_fit.py; do not edit.",
        f"# Learned from {len(texts)} labelled texts: {names}.",
    ]
    for direction in DIRECTIONS:
        weights = learn([one for one in texts if one.direction == direction]).by_sign
        lines += ["", f"[{direction}]"]
        lines += [f"{sign} => {weight:+.2f}" for sign, weight in sorted(weights.items()) if abs(weight) >= 0.005]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--cross", action="store_true", help="test on each file what was learned from the others")
    parser.add_argument("--at", type=float, default=0.2, help="from which score on a text claims fit, for --cross")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    arguments = parser.parse_args()
    texts = examples(arguments.files)
    if arguments.cross:
        cross(texts, arguments.at)
    if arguments.write:
        target = Path(str(files("followup_rules.quality").joinpath("words").joinpath("fit_weights.txt")))
        target.write_text(written(texts), "utf-8")
        print(f"{target}: {len(target.read_text('utf-8').splitlines())} lines, from {len(texts)} texts")


if __name__ == "__main__":
    main()
