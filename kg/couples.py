"""Couples by many weak signs: a logistic regression over how often each kind of sign was seen of a pair.

The weights (`couples.json`) were fitted by `python -m evaluation fit-couples` on pairs and lines of training episodes;
the threshold was chosen on development pairs. Here is only what a build needs: features, score, evidence.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from kg.extract.mentions import Evidence, same_family
from kg.extract.signals import KINDS, Sign
from kg.extract.types import Statement
from kg.reliability import PREMISE

WEIGHTS = Path(__file__).with_name("couples.json")
FEATURES = (*KINDS, "kinds", "episodes", "mixed", "family", "main")
_STRONG = ("date", "out", "parting", "kiss", "bed", "sex", "partner")  # what is shown as evidence, surest first
_KEPT = 3  # lines
_HALF = 0.5  # a score that makes a couple only with a statement besides


def features(
    signs: Sequence[Sign], pair: tuple[str, str], genders: Mapping[str, str], personas: Collection[str]
) -> list[float]:
    """The numbers of one pair, in the order of `FEATURES`: logarithms of counts, then what kind of pair it is.

    A kind of sign counts once a scene, so that a scene in which he says her name ten times weighs like any other.
    """
    scenes = Counter(kind for kind, _ in {(s.kind, s.line.place) for s in signs})
    kinds = [math.log1p(scenes[kind]) for kind in KINDS]
    strong = sum(scenes[kind] > 0 for kind in _STRONG)
    episodes = math.log1p(len({s.line.episode for s in signs if s.kind in _STRONG}))
    one, other = pair
    mixed = float({genders.get(one), genders.get(other)} == {"female", "male"})
    return [*kinds, float(strong), episodes, mixed, float(same_family(one, other)), float(set(pair) <= set(personas))]


def by_pair(signs: Iterable[Sign]) -> dict[tuple[str, str], list[Sign]]:
    """The signs of each pair, in the order of the show."""
    found: dict[tuple[str, str], list[Sign]] = defaultdict(list)
    for sign in signs:
        found[sign.pair].append(sign)
    return dict(sorted(found.items()))


def _lasting(signs: Sequence[Sign]) -> bool:
    """One kiss makes no couple, however often the two are alone."""
    strong = {(s.kind, s.line.place) for s in signs if s.kind in _STRONG}
    return len(strong) > 1 or any(kind != "kiss" for kind, _ in strong)


@cache
def model() -> tuple[list[float], float, float]:
    """Weights, intercept, threshold."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return [data["weights"][name] for name in FEATURES], data["intercept"], data["threshold"]


def probability(values: Sequence[float], weights: Sequence[float], intercept: float) -> float:
    """The logistic of the weighted sum."""
    return 1.0 / (1.0 + math.exp(-intercept - sum(v * w for v, w in zip(values, weights, strict=True))))


def pooled_evidence(
    signs: Iterable[Sign], genders: Mapping[str, str], personas: Collection[str], family: Collection[frozenset[str]]
) -> list[Evidence]:
    """`dating` of pairs that the signs make a couple, with the surest lines; relatives and two personas left out."""
    weights, intercept, threshold = model()
    found: list[Evidence] = []
    for pair, own in by_pair(signs).items():
        if frozenset(pair) in family or set(pair) <= set(personas):
            continue
        score = probability(features(own, pair, genders, personas), weights, intercept)
        if score < _HALF or not _lasting(own):
            continue
        shown = sorted((s for s in own if s.kind in _STRONG), key=lambda s: (_STRONG.index(s.kind), s.line.id))[:_KEPT]
        for i, sign in enumerate(sorted(shown, key=lambda s: s.line.id)):
            rule = ("pooled" if score >= threshold else "pooled_half") if i == 0 else PREMISE
            found.append(Evidence(Statement(pair[0], "dating", pair[1], rule=rule, text=sign.kind), sign.line))
    return found
