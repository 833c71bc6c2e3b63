"""How likely a recalled note answers: the weights of its features, fitted on development questions.

A note or triple is right where it holds a string of the question's gold; nothing is right for a question that the show
leaves open, that asks of the future, or that takes something untrue for granted. One logistic regression (ridge) over
those that `Notes.rank` puts first; questions, not rows, are held out to see how it does on unread ones. There are two
fits: by words alone, over the first two, and with what the encoder of `kg.relevance` says, over all that it read. Both
are held against the messages written for notes that the encoder has not seen, too.
"""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.questions import Question
from app.spelling import respelt
from app.stage import Stage
from kg.graph import load_graph
from kg.paraphrases import plain
from kg.recall import FEATURES, READ, WEIGHTS, Notes, Recalled, meant
from kg.relevance import TURNS, Relevance, installed
from kg.wording import sentence
from parsing.manifest import Show

RIDGE = 1.0  # strength of the penalty on the weights, in rows
FOLDS = 8
FIRST = {"words": 2, "read": 99}  # of those ranked, that are learnt from
LIMITS = {  # chances from which on it is told as the answer, goes before what relations say, is told as what may be it,
    # is told after "I don't know", is told as a correction; 1.1 is never
    "words": {"told": 0.3, "sure": 1.1, "close": 0.24, "hinted": 0.15, "corrected": 1.1},
    "read": {"told": 0.42, "sure": 0.6, "close": 0.2, "hinted": 0.05, "corrected": 0.25},
}

Found = tuple[str, list[Recalled], list[bool]]  # kind of question, what is recalled for it, which of that is right


def rows(show: Show, questions: Sequence[Question], reader: Relevance | None) -> list[Found]:
    """Each question with what is recalled for it, and which of that is right."""
    stage, found = Stage(show), []
    for question in questions:
        speaker = stage.node(show.persona(question.persona))
        knower = speaker if question.knows == "character" else None
        scene = stage.scene(show.as_of(question.as_of), knower)
        turns = [{"role": turn.role, "content": turn.content} for turn in question.history]
        message = plain(respelt(question.question))
        about = meant(scene.linker.link(message, speaker, turns))
        context = [turn.content for turn in question.history[-TURNS:]]
        notes = Notes(scene.graph, lambda: reader)
        ranked = notes.rank(message, speaker, context, FIRST[_way(reader)], about=about, said=question.question)
        right = [question.kind == "fact" and _says(sentence(scene.graph, r.fact, ""), question) for r in ranked]
        found.append((question.kind, ranked, right))
    return found


def written(show: Show, reader: Relevance | None) -> list[Found]:
    """The same of the messages written for notes that the encoder's training has not seen."""
    from training.relevance import kept_aside, moments

    graph = load_graph(show)
    nodes = {node.name: node.id for node in graph.nodes.values()}
    found = []
    for moment, asked in moments(graph, kept_aside(show), seed=7).items():
        notes = Notes(graph.at(moment, None), lambda: reader)
        for item in asked:
            message = plain(respelt(item.question))
            ranked = notes.rank(message, nodes[item.persona], item.history, FIRST[_way(reader)], said=item.question)
            right = [item.kind == "answers" and r.fact.object == item.note for r in ranked]
            kind = {"answers": "fact", "neither": "unknown", "corrects": "false"}[item.kind]
            found.append((kind, ranked, right))
    return found


def _way(reader: Relevance | None) -> str:
    return "words" if reader is None else "read"


def _says(text: str, question: Question) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(gold)}(?!\w)", text, re.IGNORECASE) for gold in question.gold)


def fit(features: np.ndarray, right: np.ndarray, ridge: float = RIDGE) -> np.ndarray:
    """Bias and weights of a logistic regression by Newton's method (shapes (n, d), (n,) -> (d + 1,))."""
    x = np.column_stack([np.ones(len(features)), features])
    penalty = ridge * np.diag([0.0, *[1.0] * features.shape[1]])
    weights = np.zeros(x.shape[1])
    for _ in range(100):
        p = 1.0 / (1.0 + np.exp(-x @ weights))
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + penalty, x.T @ (p - right) + penalty @ weights)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def held_out(found: Sequence[Found]) -> dict[str, Any]:
    """By cross-validation over questions: is the likeliest right, and what would be told at each threshold?"""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(found))
    best: list[tuple[str, float, bool]] = []
    for k in range(FOLDS):
        weights = _fitted([f for f, here in zip(found, fold, strict=True) if here != k])
        for (kind, ranked, right), here in zip(found, fold, strict=True):
            if here != k:
                continue
            chance, so = max(
                ((_chance(weights, r), so) for r, so in zip(ranked, right, strict=True)), default=(0.0, False)
            )
            best.append((kind, chance, so))
    facts = [b for b in best if b[0] == "fact"]
    kinds = sorted({b[0] for b in best} - {"fact"})
    return {
        "questions": len(found),
        "facts": len(facts),
        "right_first": sum(b[2] for b in facts),
        "thresholds": [
            {"chance": t}
            | {"right": sum(b[2] for b in facts if b[1] >= t), "wrong": sum(not b[2] for b in facts if b[1] >= t)}
            | {kind: sum(b[0] == kind and b[1] >= t for b in best) for kind in kinds}
            for t in (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
        ],
    }  # fmt: skip


def _chance(weights: np.ndarray, recalled: Recalled) -> float:
    return float(1.0 / (1.0 + np.exp(-weights[0] - weights[1:] @ np.array(recalled.features, dtype=float))))


def _fitted(found: Sequence[Found]) -> np.ndarray:
    features = np.array([r.features for _, ranked, _ in found for r in ranked], dtype=float)
    return fit(features, np.array([so for *_, right in found for so in right], dtype=float))


def calibrate(show: Show, questions: Sequence[Question], path: Path = WEIGHTS) -> dict[str, Any]:
    """Fit the weights, write them to `path`, and say how they do on questions held out, by words and with the encoder.

    Without the encoder its weights stay as they are.
    """
    reader = installed()
    readers = {"words": None} | ({"read": reader} if reader is not None else {})
    found = {
        name: {"development": rows(show, questions, by), "kept_aside": written(show, by)}
        for name, by in readers.items()
    }
    before = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    lines = ["# Written by `python -m evaluation calibrate`: the logistic of `kg/recall.py`."]
    for name, features in (("words", FEATURES), ("read", READ)):
        fitted = before.get(name, {})
        if name in found:
            learnt = _fitted(found[name]["development"])
            fitted = dict(zip(("bias", *features), map(float, learnt), strict=True)) | LIMITS[name]
        lines += ["", f"[{name}]", *(f"{key} = {round(value, 4)}" for key, value in fitted.items())]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return {name: {part: held_out(those) for part, those in sets.items()} for name, sets in found.items()}
