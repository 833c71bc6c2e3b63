"""Fits the weights by which weak signs make a couple (`kg.couples`), on training episodes; threshold on held ones.

Pairs are any two of whom a sign was seen, but for two personas; a pair is positive where the curated or extracted graph
calls it a couple in those episodes or tells of its affair, break-up, engagement, wedding or divorce.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from evaluation.kinship import COUPLES
from evaluation.statistics import Share
from kg.couples import FEATURES, WEIGHTS, by_pair, features, probability
from kg.extract.mentions import Names, read_lines
from kg.extract.signals import Sign, signs
from kg.graph import Graph, load_graph, node_id
from parsing.episodes import split_of
from parsing.files import write_json
from parsing.manifest import Show
from parsing.tables import load_utterances

THRESHOLD = 0.75  # the least at which two of three development pairs, and nearly all training pairs, are couples
_EVENTS = frozenset({"affair", "breakup", "engagement", "wedding", "divorce"})
_FOLDS = 5


def fit_couples(show: Show) -> dict[str, Any]:
    """Fit, write `kg/couples.json`, and score on train (cross-validated by pair) and development episodes."""
    lines, names = read_lines(load_utterances(show)), Names(show)
    personas = frozenset(node_id(m.name) for m in show.personas)
    true = couples(load_graph(show))
    found = list(signs(lines, names))
    parts = {}
    for split in ("train", "dev"):
        own = [s for s in found if split_of(s.line.episode) == split]
        parts[split] = _examples(own, names, personas, true)
    x, y = parts["train"]
    fitted = logistic(x, y)
    write_json(WEIGHTS, {
        "weights": dict(zip(FEATURES, (round(float(w), 4) for w in fitted[:-1]), strict=True)),
        "intercept": round(float(fitted[-1]), 4), "threshold": THRESHOLD,
    })  # fmt: skip
    held = np.concatenate([_scores(x[k::_FOLDS], logistic(_without(x, k), _without(y, k))) for k in range(_FOLDS)])
    gold = np.concatenate([y[k::_FOLDS] for k in range(_FOLDS)])
    dev = parts["dev"]
    return {
        "features": list(FEATURES),
        "threshold": THRESHOLD,
        "train_cross_validated": _measured(held, gold),
        "dev": _measured(_scores(dev[0], fitted), dev[1]),
    }


def couples(graph: Graph) -> set[tuple[str, str]]:
    """Pairs that the graph calls a couple at any time, or tells a couple's event of."""
    sure = [f for f in graph.stored if f.relation in COUPLES and f.polarity and not f.literal]
    stated = {(f.subject, f.object) for f in sure if not f.extractor.startswith("pooled")}  # not what was fitted before
    told = (graph.participants(n.id) for n in graph.nodes.values() if n.type == "event" and n.name in _EVENTS)
    pairs = {tuple(sorted(p)) for p in (*stated, *told) if len(set(p)) == 2}
    return {(one, other) for one, other in pairs}


def logistic(x: "np.ndarray[Any, Any]", y: "np.ndarray[Any, Any]", penalty: float = 1.0) -> "np.ndarray[Any, Any]":
    """Weights and, last, the intercept of a ridge-penalised logistic regression, by Newton's method (shape: d + 1)."""
    design = np.c_[x, np.ones(len(x))]
    ridge = np.eye(design.shape[1]) * penalty
    ridge[-1, -1] = 1e-6
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-design @ weights))
        hessian = (design * (p * (1.0 - p))[:, None]).T @ design + ridge
        weights -= np.linalg.solve(hessian, design.T @ (p - y) + ridge @ weights)
    return weights


def _examples(own: Sequence[Sign], names: Names, personas: frozenset[str], true: set[tuple[str, str]]) -> Any:
    pairs = {p: s for p, s in by_pair(own).items() if not set(p) <= personas}
    x = np.array([features(s, p, names.genders, personas) for p, s in pairs.items()])
    return x, np.array([float(p in true) for p in pairs])


def _without(values: "np.ndarray[Any, Any]", fold: int) -> "np.ndarray[Any, Any]":
    return np.delete(values, np.arange(fold, len(values), _FOLDS), axis=0)


def _scores(x: "np.ndarray[Any, Any]", fitted: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    return np.array([probability(row, fitted[:-1].tolist(), float(fitted[-1])) for row in x.tolist()])


def _measured(scores: "np.ndarray[Any, Any]", gold: "np.ndarray[Any, Any]") -> dict[str, Any]:
    chosen = scores >= THRESHOLD
    hits = int(gold[chosen].sum())
    return {
        "pairs": len(gold),
        "couples": int(gold.sum()),
        "precision": Share(hits, int(chosen.sum())).to_json(),
        "recall": Share(hits, int(gold.sum())).to_json(),
    }
