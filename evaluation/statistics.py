"""Intervals and tests: small formulas, each with its source."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from training.measure import wilson


@dataclass(frozen=True)
class Share:
    """`hits` of `of`, with Wilson's 95 % interval."""

    hits: int
    of: int

    def to_json(self) -> dict[str, float | int]:
        """{hits, of, share, low, high}; an empty sample has the share 0 and the interval 0 to 1."""
        low, high = wilson(self.hits, self.of)
        share = self.hits / self.of if self.of else 0.0
        return {
            "hits": self.hits,
            "of": self.of,
            "share": round(share, 4),
            "low": round(low, 4),
            "high": round(high, 4),
        }


def bootstrap(
    groups: Sequence[Sequence[float]],
    statistic: Callable[[Sequence[Sequence[float]]], float],
    seed: int = 1,
    draws: int = 2000,
) -> tuple[float, float]:
    """95 % percentile interval of a statistic; every group is resampled by itself (Efron, 1979)."""
    rng = random.Random(seed)
    values = sorted(statistic([rng.choices(g, k=len(g)) if g else [] for g in groups]) for _ in range(draws))
    return values[int(0.025 * draws)], values[int(0.975 * draws) - 1]


def mean_of_means(groups: Sequence[Sequence[float]]) -> float:
    """The macro average: the mean of the groups' means; empty groups are left out."""
    means = [sum(g) / len(g) for g in groups if g]
    return sum(means) / len(means) if means else 0.0


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided exact p-value that two runs differ, from the questions that only one got right (McNemar, 1947)."""
    total = only_first + only_second
    if not total:
        return 1.0
    tail = sum(math.comb(total, k) for k in range(min(only_first, only_second) + 1)) / 2**total
    return min(1.0, 2 * tail)


def kappa(first: Sequence[str], second: Sequence[str]) -> float:
    """Cohen's kappa of two passes over the same items (Cohen, 1960); 1.0 where both always say the same."""
    if len(first) != len(second) or not first:
        raise ValueError(f"two passes of one length are needed, found {len(first)} and {len(second)} labels")
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    labels = set(first) | set(second)
    chance = sum((first.count(label) / len(first)) * (second.count(label) / len(second)) for label in labels)
    return 1.0 if chance == 1.0 else (agreed - chance) / (1 - chance)


def balanced_accuracy(gold: Sequence[str], said: Sequence[str]) -> float:
    """The mean of the recalls of all classes that occur in `gold`."""
    recalls = []
    for label in sorted(set(gold)):
        places = [i for i, g in enumerate(gold) if g == label]
        recalls.append(sum(said[i] == label for i in places) / len(places))
    return sum(recalls) / len(recalls)
