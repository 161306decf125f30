"""Learns the weights by which `professional_tone` recognises a sentence that jars, from labelled messages and passages.

    python benchmarks/train_tone.py messages.jsonl passages.jsonl ... [--cross] [--write]

A line of a file is a message as `benchmarks/quality.py` reads it, or a passage of its own: `text`, `direction` and,
in `tone.jsonl`, `label` (true where the tone is right), `kind` and `file`; passages of other files are taken to be
right. `--cross` trains on all files but one, tests on that one, for each file in turn, and prints how many texts with
a slip are found and how many others are. `--write` writes `words/tone_weights.txt`. Needs numpy and scipy, which
followup-rules itself does not.

A text jars if its sentences together do (`reading.together`); of a good text no sentence may. Each sign is penalised
the less, the more it differs between the two sorts (as in Wang and Manning, "Baselines and Bigrams", 2012). The signs
that tell least are left out, and the rest weighed again. `AT` is set at the
lower end of where F1 is best for slips in 12 % of messages: authors whom nobody has read jar in words less known.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from followup_rules.quality.text import Text
from followup_rules.quality.tone.reading import ADDING, TONE, TRIPLES
from followup_rules.quality.tone.signs import ALONE, STRONG, signs_in
from followup_rules.quality.tone.wording import (
    BEGIN,
    BIAS,
    END,
    pair_signs,
    phrase_signs,
    sentence_signs,
    spread_signs,
    tone_word,
    triple_signs,
)  # fmt: skip
from quality import own_text, read

AT = 1.4
PENALTY, KIND_PENALTY = 1.0, 4.0
KEPT, KEPT_OF_KIND = 7000, 250
RARE = 2
BODY = "Dear Sam,\n\n{}\n\nKind regards,\nAda"
READ_BEFORE = ("learnt-a", "learnt-b", "dev", "fifth", "seventh")
"""Texts for which the lists of phrases were made: there the lists are righter than elsewhere."""


class Example(NamedTuple):
    """The signs of every sentence of one text, and whether its tone is right."""

    file: str
    bag: list[list[str]]
    phrases: list[list[str]]
    """The signs of known phrases, beside those above."""
    label: bool
    marked: bool
    """True where marks decide already, so that the words need not."""
    decided: bool
    """True where marks or clear slang do."""
    kind: str
    message: bool

    @property
    def rows(self) -> list[list[str]]:  # with the known phrases
        return [signs + known for signs, known in zip(self.bag, self.phrases, strict=True)]


class Source(NamedTuple):
    """One text, as it stands in a file."""

    text: Text
    file: str
    label: bool
    kind: str
    message: bool


def examples(paths: Iterable[Path]) -> list[Example]:
    """Every text of some files."""
    made = [_example(source) for path in paths for source in _sources(path)]
    return [one for one in made if one.bag]


def hand_of(message: str) -> str:
    """Who wrote a message: 'c2' wrote 'c2-017', 'a' wrote 'a04'."""
    return message.rpartition("-")[0] or message.rstrip("0123456789")


def _sources(path: Path) -> Iterable[Source]:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if "labels" in lines[0]:
        for one in read([path]):
            file = f"learnt-{hand_of(one.id)}" if path.stem.startswith("learnt") else path.stem
            yield Source(own_text(one), file, bool(one.labels["professional_tone"]), "", True)
        return
    for data in lines:
        label = bool(data["label"]) if "kind" in data else True
        file = data.get("file", path.stem)
        yield Source(Text(BODY.format(data["text"])), file, label, data.get("kind", ""), False)


def _example(source: Source) -> Example:
    text = source.text
    found = [sign for sign in signs_in(text, marks_allowed=2) if sign.part == "body"]
    marked = sum(sign.weight for sign in found if sign.kind in ALONE) >= STRONG
    decided = sum(sign.weight for sign in found if sign.decides) >= STRONG
    bag, phrases = [], []
    for sentence in text.core:
        words = [tone_word(word) for word in text.lowers[sentence.first : sentence.last]]
        signs = [sign for word in words for sign in word.alone]
        row = [BEGIN, *words, END]
        signs += [sign for pair in pairwise(row) for sign in pair_signs(*pair)]
        signs += [sign for pair in zip(words, words[2:], strict=False) for sign in spread_signs(*pair)]
        signs += triple_signs(text.lowers[sentence.first : sentence.last])
        bag.append(signs + sentence_signs(text.body, sentence, ()))
        here = [one for one in found if sentence.start <= one.start < sentence.end and one.kind not in ALONE]
        phrases.append(phrase_signs(here))
    return Example(source.file, bag, phrases, source.label, marked, decided, source.kind, source.message)


def learn(texts: Sequence[Example]) -> dict[str, float]:
    """The weights of all signs together."""
    used = [one for one in texts if one.label or not one.marked]
    rows: list[list[str]] = []
    owner: list[int] = []
    label: list[float] = []
    for one in used:
        bag = one.bag if one.file in READ_BEFORE else one.rows
        for signs in bag:
            rows.append(signs)
            owner.append(len(label))
            if one.label:
                label.append(0.0)
        if not one.label:
            label.append(1.0)
    return _chosen(rows, np.array(owner), np.array(label), KEPT, PENALTY)


def learn_kinds(texts: Sequence[Example]) -> dict[str, dict[str, float]]:
    """For each kind of slip, what its words weigh against those of the others."""
    chosen = [one for one in texts if one.kind and not one.label]
    rows = [
        [sign for signs in one.bag for sign in signs if " " not in sign and (sign[0] in ":~" or sign.islower())]
        for one in chosen
    ]
    owner = np.arange(len(rows))
    return {
        kind: _chosen(rows, owner, np.array([float(one.kind == kind) for one in chosen]), KEPT_OF_KIND, KIND_PENALTY)
        for kind in sorted({one.kind for one in chosen})
    }


def _chosen(rows: list[list[str]], owner: Any, label: Any, kept: int, penalty: float) -> dict[str, float]:
    counted = Counter(sign for row in rows for sign in set(row))
    names = sorted(sign for sign, count in counted.items() if count >= RARE)
    weights = _fitted(rows, owner, label, names, penalty)
    told = sorted(weights, key=lambda sign: -abs(weights[sign]) * counted[sign] ** 0.5)
    return _fitted(rows, owner, label, sorted({*told[:kept], BIAS}), penalty)


def _fitted(rows: list[list[str]], owner: Any, label: Any, names: Sequence[str], penalty: float) -> dict[str, float]:
    place = {sign: number for number, sign in enumerate(names)}
    cells = [[place[sign] for sign in row if sign in place] for row in rows]
    ends = np.cumsum([0] + [len(row) for row in cells])
    columns = np.concatenate([np.array(row, int) for row in cells])
    matrix = csr_matrix((np.ones(ends[-1]), columns, ends), shape=(len(cells), len(names)))
    jars = label[owner] > 0
    there, elsewhere = (1.0 + np.asarray(matrix[chosen].sum(0)).ravel() for chosen in (jars, ~jars))
    told = np.abs(np.log(there / there.sum() * elsewhere.sum() / elsewhere))
    held = penalty / np.maximum(told, 0.05)
    held[place[BIAS]] = 0.0  # the bias goes without a penalty
    across, count = matrix.T.tocsr(), len(label)

    def loss(weights: Any) -> tuple[float, Any]:
        points = matrix @ weights
        top = np.full(count, -1e9)
        np.maximum.at(top, owner, points)
        shares = np.exp((points - top[owner]) / ADDING)
        total = np.bincount(owner, shares, count)
        score = top + ADDING * np.log(total)
        slope = (1 / (1 + np.exp(-score)) - label)[owner] * shares / total[owner]
        likely = np.logaddexp(0, -np.where(label > 0, score, -score)).sum()
        return likely + (held * weights**2).sum() / 2, across @ slope + held * weights

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return dict(zip(names, found.tolist(), strict=True))


def score(weights: dict[str, float], one: Example) -> float:
    """As `judging.judge` does it, before `AT` is taken off."""
    points = np.array([sum(weights.get(sign, 0.0) for sign in row) for row in one.rows])
    return float(points.max() + ADDING * np.log(np.exp((points - points.max()) / ADDING).sum()))


def cross(texts: Sequence[Example]) -> None:
    """Print how well each file is judged by what was learned from the others."""
    print(f"{'file':<14}{'slips':>7}{'found':>8}{'good':>7}{'flagged':>9}")
    everything: list[tuple[Example, float]] = []
    for file in sorted({one.file for one in texts if not one.label}):
        weights = learn([one for one in texts if one.file != file])
        judged = [(one, 99.0 if one.decided else score(weights, one)) for one in texts if one.file == file]
        slips = [value >= AT for one, value in judged if not one.label]
        good = [value >= AT for one, value in judged if one.label]
        print(f"{file:<14}{len(slips):>7}{sum(slips):>8}{len(good):>7}{sum(good):>9}")
        everything += judged
    print("\nat      found in messages, flagged; F1 where 12 % slip; found in passages, flagged")
    for at in np.arange(0.6, 2.7, 0.2):
        shares = [
            np.mean([value >= at for one, value in everything if one.message is message and one.label is label])
            for message in (True, False)
            for label in (False, True)
        ]
        f1 = 0.24 * shares[0] / (0.12 * shares[0] + 0.88 * shares[1] + 0.12)
        print(f"{at:<8.1f}{shares[0]:>8.3f}{shares[1]:>8.3f}{f1:>8.3f}{shares[2]:>8.3f}{shares[3]:>8.3f}")


def written(texts: Sequence[Example]) -> str:
    """The file of weights."""
    weights = learn(texts)
    weights[BIAS] -= AT
    triples = {sign: weights.pop(sign) for sign in [*weights] if _is_triple(sign)}
    lines = [
        "# What each sign of a jarring sentence weighs. Made by benchmarks/train_tone.py; do not edit.",
        f"# Learned from {len(texts)} labelled texts. The sections behind the first two tell the kinds of slips apart.",
    ]
    for tag, by_sign in {TONE: weights, TRIPLES: triples, **learn_kinds(texts)}.items():
        lines += ["", f"[{tag}]"]
        lines += [f"{sign} => {weight:+.2f}" for sign, weight in sorted(by_sign.items()) if abs(weight) >= 0.01]
    return "\n".join(lines) + "\n"


def _is_triple(sign: str) -> bool:
    return sign.count(" ") == 2 and sign.split(" ")[1] != "_"


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--cross", action="store_true", help="test on each file what was learned from the others")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    arguments = parser.parse_args()
    texts = examples(arguments.files)
    if arguments.cross:
        cross(texts)
    if arguments.write:
        target = Path(str(files("followup_rules.quality").joinpath("words").joinpath("tone_weights.txt")))
        target.write_text(written(texts), "utf-8")
        print(f"{target}: {len(target.read_text('utf-8').splitlines())} lines, from {len(texts)} texts")


if __name__ == "__main__":
    main()
