"""How well `key_points` judges authors that its weights were not learned from.

    python benchmarks/cross_fit.py messages.jsonl bank.jsonl ... [--without unseen.jsonl] [--part 0.5]

Learns (`train_fit.py`) from the messages of all authors but one, judges those of that one, and so on for each; an
author is known by the letters before the number in a message's `id`. `--without` names files whose messages are judged
but never learned from, `--part` learns from so large a part of the other authors.

Passages are learned from as well, but many were written after messages had been judged wrongly, on the same subjects.
So those that lie nearest to an author's messages are left out where that author is judged; else weights would be
praised for knowing the subjects by heart.

Of the messages that are sent perhaps every eighth claims nothing, of these more. So false alarms and misses are counted
apart, as shares, and precision and F1 are worked out for `SENT`. The words of `fit_words.txt`, made by hand after
reading most of these messages, flatter; the verdicts of `fit_verdicts.txt` are left out altogether.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from train_fit import DIRECTIONS, Example, examples, learn

from followup_rules.quality.fit.fit import DEMANDS

SENT = 0.12
NEAREST = 3
COVERED = 0.5


class Judged(NamedTuple):
    """One message: whether it claims fit, and the score that it got."""

    label: bool
    score: float


def origins(texts: Sequence[Example]) -> list[frozenset[str]]:
    """For each passage the authors whose messages have most of its words in them; nothing for a message."""
    stems = [{sign for one in text.bag for sign in one if sign[0] == "~" and " " not in sign} for text in texts]
    counted = Counter(stem for some in stems for stem in some)
    place = {stem: number for number, stem in enumerate(sorted(counted))}
    ends = np.cumsum([0] + [len(some) for some in stems])
    spots = np.array([place[stem] for some in stems for stem in sorted(some)])
    told = np.array([log(len(texts) / counted[stem]) for some in stems for stem in sorted(some)])
    shape = (len(texts), len(place))
    weighed, plain = csr_matrix((told, spots, ends), shape=shape), csr_matrix((np.ones(len(told)), spots, ends), shape)
    messages = [number for number, text in enumerate(texts) if text.hand]
    covered = (weighed @ plain[messages].T).toarray() / np.maximum(1e-9, np.asarray(weighed.sum(axis=1)).reshape(-1, 1))
    found = []
    for text, row in zip(texts, covered, strict=True):
        near = {*np.argsort(-row)[:NEAREST], *np.flatnonzero(row >= COVERED)}
        found.append(frozenset() if text.hand else frozenset(texts[messages[at]].hand for at in near))
    return found


def judge(texts: Sequence[Example], without: Iterable[str], part: float) -> dict[tuple[str, str], list[Judged]]:
    """Every author's messages in each direction, judged by what was learned from the others."""
    near, idle = origins(texts), set(without)
    hands = list(dict.fromkeys(text.hand for text in texts if text.hand))
    found: dict[tuple[str, str], list[Judged]] = {}
    for direction in DIRECTIONS:
        for hand in hands:
            theirs = [text for text in texts if text.hand == hand and text.direction == direction]
            others = [one for one in hands if one != hand]
            kept = {"", *Random(0).sample(others, round(part * len(others)))}
            known = [
                text
                for text, origin in zip(texts, near, strict=True)
                if text.direction == direction and text.hand in kept and hand not in origin and text.file not in idle
            ]
            if theirs:
                weights = learn(known)._replace(chance=DEMANDS[direction])
                found[direction, hand] = [Judged(text.label, weights.score(text.bag)) for text in theirs]
    return found


def line(name: str, judged: Sequence[Judged], at: float) -> float:
    """Prints one line; its F1."""
    claims = [one.score < at for one in judged if one.label]
    idle = [one.score < at for one in judged if not one.label]
    false, recall = sum(claims) / max(1, len(claims)), sum(idle) / max(1, len(idle))
    said = SENT * recall + (1 - SENT) * false
    f1 = 2 * SENT * recall / (said + SENT) if idle else float("nan")
    print(f"{name:<24}{len(claims):>8}{len(idle):>6}{false:>8.3f}{recall:>8.3f}{f1:>8.3f}")
    return f1


def main() -> None:
    """Judge, and print a line for each author and direction."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--without", action="append", default=[], type=Path, help="judge this file, never learn it")
    parser.add_argument("--part", type=float, default=1.0, help="how many of the other authors to learn from")
    parser.add_argument("--at", type=float, default=0.2, help="from which score on a text claims fit")
    arguments = parser.parse_args()
    texts = examples([*arguments.files, *arguments.without])
    found = judge(texts, [path.stem for path in arguments.without], arguments.part)
    print(f"{'author':<24}{'claims':>8}{'none':>6}{'false':>8}{'recall':>8}{'F1':>8}")
    for direction in DIRECTIONS:
        print(direction)
        some = {hand: judged for (one, hand), judged in found.items() if one == direction}
        each = [line(f"  {hand}", judged, arguments.at) for hand, judged in some.items()]
        print(f"  {'mean of authors':<22}{np.nanmean(each):>38.3f}")
        line("  all", [one for judged in some.values() for one in judged], arguments.at)


if __name__ == "__main__":
    main()
