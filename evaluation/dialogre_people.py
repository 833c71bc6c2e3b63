"""Who "Speaker 1" is: the names said in a dialogue, given to those they are most likely said to.

A logistic regression weighs, for a speaker and a name, how often the name is called out or said and whether this
speaker speaks just before, next or before that (`kg.extract.addressed.neighbours`), says it himself, or says "I'm
Ross". Its weights (`dialogre_people.json`) are of Friends' training episodes, with the cue labels hidden: nothing of
DialogRE.

    python -m evaluation fit-speakers friends
"""

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.extract.addressed import called, neighbours
from kg.extract.mentions import Names
from kg.graph import node_id

if TYPE_CHECKING:
    from spacy.tokens import Doc

WEIGHTS = Path(__file__).with_name("dialogre_people.json")
_NEIGHBOURS = ("before", "next", "earlier")
_WHERE = tuple(
    "+".join(n for n, on in zip(_NEIGHBOURS, combination, strict=True) if on) or "elsewhere"
    for combination in product((False, True), repeat=3)
)
FEATURES = (*(f"called: {w}" for w in _WHERE), *(f"said: {w}" for w in _WHERE), "own", "introduced")
_INTRODUCING = re.compile(r"\b(?:I'm|I am|[Mm]y name is|[Mm]y name's|[Tt]his is|[Ii]t's|[Mm]e,) $")
Named = tuple[str, int, int]
Key = tuple[str, str]


def named(doc: "Doc", names: Names) -> list[Named]:
    """(node id, start, end) of the persons that a line names: the cast, then whoever else the pipeline found."""
    found = names.find(doc.text, "")
    taken = {i for _, start, end in found for i in range(start, end)}
    others = (e for e in doc.ents if e.label_ == "PERSON" and not e.ent_id_ and e.start_char not in taken)
    return [*found, *((node_id(e.text), e.start_char, e.end_char) for e in others if node_id(e.text))]


def counted(speakers: Sequence[tuple[str, ...]], docs: Sequence["Doc"], names: Names) -> dict[Key, list[float]]:
    """(speaker's label, name's node id) -> the numbers of `FEATURES`: logarithms of counts."""
    counts: dict[Key, list[int]] = defaultdict(lambda: [0] * len(FEATURES))
    everybody = sorted({s for turn in speakers for s in turn})
    for n, doc in enumerate(docs):
        for who, start, end in named(doc, names):
            introduced = _INTRODUCING.search(doc.text[:start]) is not None
            calling = not introduced and called(doc, start, end)
            for label in everybody:
                counts[label, who][_feature(speakers, n, label, calling, introduced)] += 1
    return {key: [math.log1p(c) for c in row] for key, row in counts.items()}


def _feature(speakers: Sequence[tuple[str, ...]], n: int, label: str, calling: bool, introduced: bool) -> int:
    """The number of the feature that one naming is for one speaker."""
    if label in speakers[n]:
        return FEATURES.index("introduced" if introduced else "own")
    before, after, earlier = neighbours(speakers, n, label)
    return (0 if calling else len(_WHERE)) + 4 * before + 2 * after + earlier


@cache
def _model() -> tuple[list[float], float, float]:
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return [data["weights"][name] for name in FEATURES], data["intercept"], data["threshold"]


def identify(speakers: Sequence[tuple[str, ...]], docs: Sequence["Doc"], names: Names) -> dict[str, str]:
    """Speaker's label -> node id, for those whose name is said; one name means one speaker."""
    weights, intercept, threshold = _model()
    return matched(scored(counted(speakers, docs, names), weights, intercept), threshold)


def scored(rows: Mapping[Key, Sequence[float]], weights: Sequence[float], intercept: float) -> dict[Key, float]:
    """The log odds of each speaker for each name."""
    return {key: intercept + sum(w * v for w, v in zip(weights, row, strict=True)) for key, row in rows.items()}


def matched(scores: Mapping[Key, float], threshold: float) -> dict[str, str]:
    """The pairs of highest score, each label and each name once."""
    found: dict[str, str] = {}
    for (label, who), value in sorted(scores.items(), key=lambda kv: (-kv[1], kv[0])):
        if value > threshold and label not in found and who not in found.values():
            found[label] = who
    return found


Scene = tuple[Sequence[tuple[str, ...]], Sequence["Doc"]]


def fit(scenes: Iterable[Scene], held_out: Iterable[Scene], names: Names) -> dict[str, Any]:
    """Weights by the scenes (whose speakers are node ids), and the threshold with the best F1 on those held out."""
    from sklearn.linear_model import LogisticRegression

    rows = [row for speakers, docs in scenes for row in counted(speakers, docs, names).items()]
    model = LogisticRegression(max_iter=2000)
    model.fit([values for _, values in rows], [label == who for (label, who), _ in rows])
    weights = [round(float(w), 3) for w in model.coef_[0]]
    intercept = round(float(model.intercept_[0]), 3)
    tables = [scored(counted(speakers, docs, names), weights, intercept) for speakers, docs in held_out]
    shares = {t / 4: _f1(tables, t / 4) for t in range(-12, 5)}
    best = max(shares, key=lambda t: (shares[t], t))
    return {
        "weights": dict(zip(FEATURES, weights, strict=True)),
        "intercept": intercept,
        "threshold": best,
        "pairs": len(rows),
        "f1_held_out": round(shares[best], 4),
    }


def _f1(tables: Sequence[Mapping[Key, float]], threshold: float) -> float:
    """Of the speakers whose own name is said: F1 of the names given to them."""
    right = found = wanted = 0
    for scores in tables:
        given = matched(scores, threshold)
        right += sum(label == who for label, who in given.items())
        found += len(given)
        wanted += sum(label == who for label, who in scores)
    return 2 * right / (found + wanted) if found + wanted else 0.0
