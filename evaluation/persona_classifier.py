"""Who of the personas says this? Learnt from real training lines with all names masked; scored by macro-F1."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

BUNDLE = 10  # lines of one persona that are judged together: one line alone is often anybody's
DRAWS = 500


class Classifier:
    """Tf-idf of words and of letters, and a linear support vector machine (scikit-learn)."""

    def __init__(self, lines: Mapping[str, Sequence[str]]) -> None:
        """`lines` of each persona, masked. All weigh alike, however much they say."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline, make_union
        from sklearn.svm import LinearSVC

        texts = [line for said in lines.values() for line in said]
        names = [name for name, said in lines.items() for _ in said]
        features = make_union(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"[\w']+|[!?.,]+"),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=5, sublinear_tf=True),
        )
        self._model = make_pipeline(features, LinearSVC(C=0.1, class_weight="balanced", random_state=0))
        self._model.fit(texts, names)

    def score(self, lines: Mapping[str, Sequence[str]], seed: int) -> dict[str, Any]:
        """Macro-F1 of single lines and of bundles of ten, with 95 % bootstrap intervals, and recall by persona."""
        names = [str(name) for name in self._model.classes_]
        gold = np.array([names.index(name) for name, said in lines.items() for _ in said])
        margins = self._model.decision_function([line for said in lines.values() for line in said])
        margins = np.stack([-margins, margins], 1) if margins.ndim == 1 else margins  # of two personas there is one
        parts = [np.flatnonzero(gold == k) for k in range(len(names))]
        groups = [p[i : i + BUNDLE] for p in parts for i in range(0, len(p) - BUNDLE + 1, BUNDLE)]
        together = np.array([margins[g].sum(0).argmax() for g in groups])
        whose = np.array([gold[g[0]] for g in groups])
        return {
            "lines": macro_f1(gold, margins.argmax(1), len(names), seed),
            "bundles": macro_f1(whose, together, len(names), seed),
            "recall": {n: round(float((margins.argmax(1)[gold == k] == k).mean()), 4) for k, n in enumerate(names)},
        }


def macro_f1(gold: Any, said: Any, classes: int, seed: int) -> dict[str, float | int]:
    """The mean F1 of all classes, and its 95 % percentile interval over resampled items."""
    rng = np.random.default_rng(seed)
    draws = [rng.integers(len(gold), size=len(gold)) for _ in range(DRAWS)] if len(gold) else []
    values = sorted(_f1(gold[d], said[d], classes) for d in draws)
    low, high = (values[int(0.025 * DRAWS)], values[int(0.975 * DRAWS) - 1]) if values else (0.0, 1.0)
    return {"share": round(_f1(gold, said, classes), 4), "low": round(low, 4), "high": round(high, 4), "of": len(gold)}


def _f1(gold: Any, said: Any, classes: int) -> float:
    counts = np.bincount(gold * classes + said, minlength=classes * classes).reshape(classes, classes)
    hits, both = counts.diagonal(), counts.sum(0) + counts.sum(1)
    return float(np.mean(np.where(both > 0, 2 * hits / np.maximum(both, 1), 0.0)))
