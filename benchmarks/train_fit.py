"""Learns the weights by which `key_points` recognises a claim of fit, from labelled messages and sentences.

    python benchmarks/train_fit.py messages.jsonl bank.jsonl ... [--write]

A line of a file is a message as `benchmarks/quality.py` reads it, or a passage of its own: `text`, `label`,
`direction`, `role`, `company`, `skills`. `--write` writes `words/fit_weights.txt`, learned from all files. Needs numpy
and scipy, which followup-rules itself does not. `cross_fit.py` tells how well authors are judged who were not learned
from; what is set here was chosen by it.

A message claims fit if one of its sentences does; which one, nobody has labelled. So the likelihood of a message is
that of the soft maximum over its sentences, less the logarithm of their number (`fit.CHANCE`), and the weights of both
directions are found by L-BFGS under a quadratic penalty. The penalty of a sign depends on its sort and grows with the
root of how often it occurs: kinds of words and grammar stand in nearly every sentence and would else be made to explain
single messages, while a rare stem is let speak. A passage was written to stand for many, and counts as `PASSAGE` of a
message. The signs that tell least are left out, and the rest weighed again.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from itertools import zip_longest
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from followup_rules.check import Context
from followup_rules.model.words import Direction
from followup_rules.quality.fit.fit import BIAS, CHANCE, NEXT, Signs, flags_of, kinds
from followup_rules.quality.text import Text
from quality import own_text, read

DIRECTIONS: tuple[Direction, ...] = ("candidate_to_employer", "employer_to_candidate")
PENALTIES = {"~": 0.5, ":": 2.0, "grammar": 0.65, "other": 1.0}
"""For stems, kinds of words, words of grammar, and all the rest; times the root of how many sentences have the sign."""
PASSAGE = 0.5
KEPT = 3000
RARE = 2
BODY = "Dear Sam,\n\n{}\n\nKind regards,\nAda"

Bag = list[frozenset[str]]


class Example(NamedTuple):
    """The signs of every sentence of one text, who wrote it, and whether it claims fit."""

    file: str
    hand: str
    direction: str
    bag: Bag
    label: bool

    @property
    def share(self) -> float:
        """How much it counts: a passage, which has no author of its own, less than a message."""
        return 1.0 if self.hand else PASSAGE


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
        for hand, text, context, label in _texts(path):
            flags = flags_of(context)
            bag = [signs.of(text, sentence, flags) for sentence in text.core]
            if bag:
                found.append(Example(path.stem, hand, str(context.direction), _with_next(bag), label))
    return found


def _with_next(bag: Bag) -> Bag:
    """Each sentence with the kinds of words of the next one."""
    return [
        one.union([NEXT + kind for kind in kinds(then)])
        for one, then in zip_longest(bag, bag[1:], fillvalue=frozenset())
    ]


def _texts(path: Path) -> Iterable[tuple[str, Text, Context, bool]]:
    first = json.loads(path.read_text("utf-8").partition("\n")[0])
    if "labels" in first:
        for one in read([path]):
            hand = f"{path.stem.rstrip('0123456789-')} {one.id.rstrip('0123456789')}"
            yield hand, own_text(one), one.context, bool(one.labels["key_points"])
        return
    for line in path.read_text("utf-8").splitlines():
        data: dict[str, Any] = json.loads(line)
        context = Context(
            direction=data["direction"], role=data["role"], company=data["company"], skills=tuple(data["skills"])
        )
        yield "", Text(BODY.format(data["text"])), context, bool(data["label"])


def learn(known_texts: Sequence[Example]) -> Weights:
    """The weights of one direction."""
    counted = Counter(sign for text in known_texts for one in text.bag for sign in one)
    weights = _fitted(known_texts, {sign: count for sign, count in sorted(counted.items()) if count >= RARE})
    told = sorted(weights, key=lambda sign: -abs(weights[sign]) * counted[sign] ** 0.5)
    return Weights(_fitted(known_texts, {sign: counted[sign] for sign in sorted({*told[:KEPT], BIAS})}))


def penalty(sign: str, count: int) -> float:
    """How dear the weight of a sign is; that of the bias is free."""
    if sign == BIAS:
        return 0.0
    single = "other" if sign[0] in (NEXT, "-") else sign[0] if sign[0] in PENALTIES else "grammar"
    return PENALTIES["other" if " " in sign else single] * sqrt(count)


def _fitted(known_texts: Sequence[Example], counted: Mapping[str, int]) -> dict[str, float]:
    place = {sign: number for number, sign in enumerate(counted)}
    rows = [[place[sign] for sign in sorted(one) if sign in place] for text in known_texts for one in text.bag]
    ends = np.cumsum([0] + [len(row) for row in rows])
    matrix = csr_matrix((np.ones(ends[-1]), np.concatenate(rows).astype(int), ends), shape=(len(rows), len(place)))
    turned = matrix.T.tocsr()
    sizes = np.array([len(one.bag) for one in known_texts])
    owner = np.repeat(np.arange(len(sizes)), sizes)
    label = np.array([one.label for one in known_texts], float)
    share = np.array([one.share for one in known_texts])
    dear = np.array([penalty(sign, count) for sign, count in counted.items()])

    def loss(weights: Any) -> tuple[float, Any]:
        points = matrix @ weights
        top = np.full(len(sizes), -1e9)
        np.maximum.at(top, owner, points)
        shares = np.exp((points - top[owner]) / CHANCE)
        total = np.bincount(owner, shares, len(sizes))
        score = top + CHANCE * (np.log(total) - np.log(sizes))
        slope = (share * (1 / (1 + np.exp(-score)) - label) / total)[owner] * shares
        likely = (share * np.logaddexp(0, -np.where(label > 0, score, -score))).sum()
        return likely + (dear * weights**2).sum() / 2, turned @ slope + dear * weights

    found = minimize(loss, np.zeros(len(place)), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return dict(zip(place, found.tolist(), strict=True))


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
        lines += [f"{sign} => {weight:+.2f}" for sign, weight in weights.items() if abs(weight) >= 0.005]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    arguments = parser.parse_args()
    texts = examples(arguments.files)
    if arguments.write:
        target = Path(str(files("followup_rules.quality").joinpath("words").joinpath("fit_weights.txt")))
        target.write_text(written(texts), "utf-8")
        print(f"{target}: {len(target.read_text('utf-8').splitlines())} lines, from {len(texts)} texts")


if __name__ == "__main__":
    main()
