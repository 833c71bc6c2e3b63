"""Episodes where a source has none: a season's lines are cut where its guests, names and subjects change.

What comes back again and again within a few minutes belongs together: every word and cue label that only some parts of
the season know ties its occurrences to each other. A cut costs the ties that it breaks; it is cheap where a new guest
speaks for the first time; and episodes are about equally long. The best cuts are found by dynamic programming
(after Utiyama and Isahara, "A statistical model for domain-independent text segmentation", ACL 2001, with ties instead
of word probabilities). What is found is pinned in the manifest (`begins`), never computed while parsing.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

_WORD = re.compile(r"[A-Za-z][A-Za-z'-]{2,}")


@dataclass(frozen=True)
class SegmentOptions:
    """What the cuts are weighed by; set on shows whose episodes are known (docs/data.md)."""

    spread: float = 0.14  # standard deviation of an episode's length, as a share of the mean
    reach: float = 0.5  # occurrences further apart than this share of an episode are not tied
    common: float = 0.2  # what stands in more than this share of the season's parts ties nothing
    label: float = 4.0  # how much more a cue label ties than a word
    opening: float = 1.0  # what a guest's first line saves, in standard deviations of the ties' cost
    tie: float = 4.0  # weight of the ties against the lengths


def find_begins(
    labels: Sequence[str], texts: Sequence[str], count: int, options: SegmentOptions | None = None
) -> list[int]:
    """Indices of the lines at which the second and the later of `count` episodes begin."""
    wanted = options or SegmentOptions()
    if count < 2 or len(labels) < 4 * count:
        return []
    mean = len(labels) / count
    cost = _ties(labels, texts, mean, wanted)
    cost = wanted.tie * (cost - cost.mean()) / max(float(cost.std()), 1e-9)
    cost -= wanted.opening * _openings(labels, mean, wanted)
    return _best_cuts(cost, count, mean, wanted.spread * mean)


def _ties(labels: Sequence[str], texts: Sequence[str], mean: float, wanted: SegmentOptions) -> Any:
    """For each line, what a cut before it would break."""
    part = max(1, int(mean / 4))
    parts = math.ceil(len(labels) / part)
    places: dict[str, list[int]] = {}
    for i, (label, text) in enumerate(zip(labels, texts, strict=True)):
        found = {word if word[0].isupper() else word.lower() for word in _WORD.findall(text)}
        for token in (f"={label.casefold()}", *found):
            places.setdefault(token, []).append(i)
    slope = np.zeros(len(labels) + 2)
    for token, lines in places.items():
        seen = len({i // part for i in lines})
        if len(lines) < 2 or seen > wanted.common * parts:
            continue
        weight = math.log(parts / seen) * (wanted.label if token[0] == "=" else 1.0)
        for a, b in pairwise(lines):
            if 0 < b - a <= wanted.reach * mean:
                slope[a + 1] += weight
                slope[b + 1] -= weight
    return np.sqrt(np.maximum(np.cumsum(slope)[: len(labels)], 0.0))


def _openings(labels: Sequence[str], mean: float, wanted: SegmentOptions) -> Any:
    """1 where somebody speaks who was silent for long and comes back soon, else 0."""
    folded = [label.casefold() for label in labels]
    last: dict[str, int] = {}
    seen_in: dict[str, set[int]] = {}
    part = max(1, int(mean / 4))
    for i, label in enumerate(folded):
        seen_in.setdefault(label, set()).add(i // part)
    parts = math.ceil(len(labels) / part)
    result = np.zeros(len(labels))
    for i, label in enumerate(folded):
        guest = len(seen_in[label]) <= wanted.common * parts and label in folded[i + 1 : i + 12]
        if guest and i - last.get(label, -len(labels)) > mean:
            result[i] = 1.0
        last[label] = i
    return result


def _best_cuts(cost: Any, count: int, mean: float, spread: float) -> list[int]:
    """Cuts with the least sum of costs and of the lengths' squared deviations, by dynamic programming."""
    n = len(cost)
    low, high = max(1, int(mean - 3.5 * spread)), int(mean + 3.5 * spread) + 1
    lengths = np.arange(low, high + 1)
    odd = ((lengths - mean) / spread) ** 2 / 2
    best = np.full(n + 1, np.inf)
    best[0] = 0.0
    back: list[Any] = []
    for number in range(count):
        nxt = np.full(n + 1, np.inf)
        came = np.zeros(n + 1, dtype=int)
        for end in range(low, n + 1):
            starts = end - lengths
            fit = starts >= 0
            total = best[starts[fit]] + odd[fit]
            at = int(np.argmin(total))
            nxt[end] = total[at] + (cost[end] if end < n and number < count - 1 else 0.0)
            came[end] = starts[fit][at]
        best = nxt
        back.append(came)
    cuts, end = [], n
    for came in reversed(back):
        end = int(came[end])
        cuts.append(end)
    return cuts[-2::-1]
