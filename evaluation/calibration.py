"""How likely a recalled note answers: the weights of its features, fitted on development questions.

A note or triple is right where it holds a string of the question's gold; nothing is right for a question that the show
leaves open, that asks of the future, or that takes something untrue for granted. One logistic regression (ridge) over
the two that `Notes.rank` puts first; questions, not rows, are held out to see how it does on unread ones.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.questions import Question
from app.spelling import respelt
from app.stage import Stage
from kg.paraphrases import plain
from kg.recall import FEATURES, WEIGHTS, Recalled, meant
from kg.wording import sentence
from parsing.manifest import Show

RIDGE = 1.0  # strength of the penalty on the weights, in rows
FOLDS = 8
FIRST = 2  # of those ranked, that are learnt from
TOLD, HINTED = 0.3, 0.15  # chances from which on it is told as the answer, and after "I don't know"


def rows(show: Show, questions: Sequence[Question]) -> list[tuple[Question, list[Recalled], list[bool]]]:
    """Each question with what is recalled for it, and which of that is right."""
    stage, found = Stage(show), []
    for question in questions:
        speaker = stage.node(show.persona(question.persona))
        knower = speaker if question.knows == "character" else None
        scene = stage.scene(show.as_of(question.as_of), knower)
        turns = [{"role": turn.role, "content": turn.content} for turn in question.history]
        message = plain(respelt(question.question))
        about = meant(scene.linker.link(message, speaker, turns))
        context = [turn.content for turn in question.history[-2:]]
        ranked = scene.notes.rank(message, speaker, context, about=about)[:FIRST]
        right = [question.kind == "fact" and _says(sentence(scene.graph, r.fact, ""), question) for r in ranked]
        found.append((question, ranked, right))
    return found


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


def held_out(found: Sequence[tuple[Question, list[Recalled], list[bool]]]) -> dict[str, Any]:
    """By cross-validation over questions: is the likeliest right, and what would be told at each threshold?"""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(found))
    best: list[tuple[str, float, bool]] = []
    for k in range(FOLDS):
        weights = _fitted([f for f, here in zip(found, fold, strict=True) if here != k])
        for (question, ranked, right), here in zip(found, fold, strict=True):
            if here != k:
                continue
            chance, so = (_chance(weights, ranked[0]), right[0]) if ranked else (0.0, False)
            best.append((question.kind, chance, so))
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


def _fitted(found: Sequence[tuple[Question, list[Recalled], list[bool]]]) -> np.ndarray:
    features = np.array([r.features for _, ranked, _ in found for r in ranked], dtype=float)
    return fit(features, np.array([so for *_, right in found for so in right], dtype=float))


def calibrate(show: Show, questions: Sequence[Question], path: Path = WEIGHTS) -> dict[str, Any]:
    """Fit the weights, write them to `path`, and say how they do on questions held out."""
    found = rows(show, questions)
    weights = _fitted(found)
    lines = ["# Written by `python -m evaluation calibrate`: the logistic of `kg/recall.py`."]
    lines += [f"{name} = {value:.4f}" for name, value in zip(("bias", *FEATURES), weights, strict=True)]
    lines += [f"told = {TOLD}", f"hinted = {HINTED}", ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    return held_out(found)
