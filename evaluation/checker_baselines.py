"""Two simpler readers of replies beside the checker: names alone, and a sentence encoder fitted to the dev labels."""

import contextlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from evaluation.checker import PARTS, read_reply
from evaluation.statistics import balanced_accuracy
from parsing.errors import NotFound

if TYPE_CHECKING:
    import pandas as pd

LABELS = {"rules": "the checker", "names": "names alone", "encoder": "sentence encoder, logistic regression"}
SEED = 1
# A capitalised word within a sentence, or one that opens it and is followed by another or by a possessive.
_NAME = re.compile(
    r"(?<=[a-z,;:] )(?!I\b)[A-Z][a-z]+|\b[A-Z][a-z]+ [A-Z][a-z]+|\b(?!It|That|He|She|What)[A-Z][a-z]+'s\b"
)


def beside(table: "pd.DataFrame") -> dict[str, Any]:
    """Balanced accuracy of each reader on each part of the labels (columns reply, label, part).

    {reader: {part: {"three": of the three classes, "answers": of answers or not}}}; what a reader learns it learns from
    part dev alone. The encoder is left out where its package isn't installed.
    """
    dev = table[table.part == "dev"]
    replies, labels = dev.reply.tolist(), dev.label.tolist()
    readers: dict[str, Any] = {
        "rules": lambda texts: [read_reply(text).act for text in texts],
        "names": by_names(replies, labels),
    }
    with contextlib.suppress(NotFound):
        readers["encoder"] = by_encoder(replies, labels)
    parts = {p: table[table.part == p] for p in PARTS if (table.part == p).any()}
    return {
        name: {p: _scored(rows.label.tolist(), read(rows.reply.tolist())) for p, rows in parts.items()}
        for name, read in readers.items()
    }


def has_name(text: str) -> bool:
    """Whether a text names anybody, as far as capitals tell."""
    return _NAME.search(text.replace("’", "'")) is not None


def by_names(replies: Sequence[str], labels: Sequence[str]) -> Any:
    """A reader for which a reply with a name answers, and any other does what such replies of `labels` mostly do."""
    nameless = Counter(label for reply, label in zip(replies, labels, strict=True) if not has_name(reply))
    otherwise = nameless.most_common(1)[0][0] if nameless else "abstains"
    return lambda texts: ["answers" if has_name(text) else otherwise for text in texts]


def by_encoder(replies: Sequence[str], labels: Sequence[str]) -> Any:
    """A logistic regression over sentence vectors, fitted to these. Raises `NotFound` without the encoder's package."""
    from sklearn.linear_model import LogisticRegression

    from evaluation.dialogre_bench import encoder

    vectors = encoder()
    fitted = LogisticRegression(max_iter=1000, class_weight="balanced", random_state=SEED)
    fitted.fit(vectors(replies), labels)
    return lambda texts: fitted.predict(vectors(texts)).tolist()


def _scored(gold: Sequence[str], said: Sequence[str]) -> dict[str, float]:
    two = [["answers" if label == "answers" else "not" for label in labels] for labels in (gold, said)]
    return {"three": round(balanced_accuracy(gold, said), 4), "answers": round(balanced_accuracy(*two), 4)}


def rendered(found: Mapping[str, Any]) -> str:
    """The table for REPORT.md, of evaluation/results/checker.json."""
    from evaluation.report import table

    parts = [part for part in PARTS if part in found["beside"]["rules"]]
    rows = [
        [LABELS[name], *(f"{100 * s[p]['three']:.1f} % ({100 * s[p]['answers']:.1f} %)" for p in parts)]
        for name, s in found["beside"].items()
    ]
    return table(["balanced accuracy", *parts], rows)
