"""Verification held against replies labelled by hand, beside a baseline that looks at names alone.

`labels/replies.csv`: part (`dev`: to improve on; `test`: written first and left alone), persona, as_of, question (what
is answered, often empty), reply, label. A reply is `contradicted` where one of its claims is, `supported` where all of
its claims are, else `unverifiable`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from app.stage import Scene, Stage
from evaluation.checker import confusion
from evaluation.statistics import Share, balanced_accuracy
from kg.types import Ask
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show

LABELS = Path(__file__).with_name("labels") / "replies.csv"
COLUMNS = ["part", "persona", "as_of", "question", "reply", "label"]
PARTS = ("dev", "test")
VERDICTS = ("supported", "contradicted", "unverifiable")
_NO = re.compile(r"\b(?:no|not|never|nobody|none|nope|\w+n't)\b", re.IGNORECASE)
Judge = Callable[["LabelledReply", Scene, str], str]


@dataclass(frozen=True)
class LabelledReply:
    """One reply and what it should be called."""

    part: str
    persona: str
    as_of: str
    question: str
    reply: str
    label: str


def read_labels(path: Path) -> list[LabelledReply]:
    """The labelled replies. Raises `NotFound` or `BadFile` naming the line."""
    if not path.is_file():
        raise NotFound(f"no labels at {path}: expected a CSV file with the columns {', '.join(COLUMNS)}")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if list(table.columns) != COLUMNS:
        raise BadFile(f"{path}: columns are {', '.join(table.columns)}; expected {', '.join(COLUMNS)}")
    for column, allowed in (("part", PARTS), ("label", VERDICTS)):
        bad = table[~table[column].isin(allowed)]
        if len(bad):
            found = bad[column].iloc[0]
            raise BadFile(f"{path}, line {bad.index[0] + 2}: {column} is '{found}', expected {' or '.join(allowed)}")
    return [LabelledReply(*(str(value) for value in row)) for row in table.itertuples(index=False)]


def measure(show: Show, path: Path = LABELS) -> dict[str, Any]:
    """Both parts by the verifier and by the baseline."""
    stage = Stage(show)
    rows = read_labels(path)
    result: dict[str, Any] = {"replies": len(rows)}
    for part in PARTS:
        chosen = [row for row in rows if row.part == part]
        result[part] = {"ours": _scored(show, stage, chosen, verdict), "names": _scored(show, stage, chosen, by_names)}
    return result


def _scored(show: Show, stage: Stage, rows: list[LabelledReply], judge: Judge) -> dict[str, Any]:
    gold, said = [row.label for row in rows], []
    for row in rows:
        speaker = stage.node(show.persona(row.persona))
        said.append(judge(row, stage.scene(show.as_of(row.as_of or None), speaker), speaker))
    wrong = [r for r, s in zip(rows, said, strict=True) if r.label != s]
    called = [s for r, s in zip(rows, said, strict=True) if r.label == "contradicted"]
    return {
        "balanced_accuracy": round(balanced_accuracy(gold, said), 4),
        "accuracy": Share(len(rows) - len(wrong), len(rows)).to_json(),
        "confusion": confusion(gold, said),
        "contradicted_called_supported": Share(called.count("supported"), len(called)).to_json(),
        "wrong": [
            {
                "persona": r.persona,
                "as_of": r.as_of,
                "question": r.question,
                "reply": r.reply,
                "label": r.label,
                "said": s,
            }
            for r, s in zip(rows, said, strict=True)
            if r.label != s and r.part == "dev"  # of the test part only the counts are looked at
        ],
    }


def verdict(row: LabelledReply, scene: Scene, speaker: str) -> str:
    """What the claims of a reply come to."""
    from kg.questions import understand

    asks: tuple[Ask, ...] = ()
    if row.question:
        mentions = scene.linker.link(row.question, speaker)
        asks = understand(row.question, mentions, speaker, scene.graph)
    found = [claim.verdict for claim in scene.verifier.check(row.reply, speaker, asks)]
    if "contradicted" in found:
        return "contradicted"
    return "supported" if found and set(found) == {"supported"} else "unverifiable"


def by_names(row: LabelledReply, scene: Scene, speaker: str) -> str:
    """The baseline: two who are named and have a fact in common are supported; with a "no" beside, contradicted."""
    named = {m.node for m in scene.linker.link(row.reply, speaker)} | {speaker}
    joined = any(scene.graph.between(a, b) for a in named for b in named if a < b)
    if not joined:
        return "unverifiable"
    return "contradicted" if _NO.search(row.reply) else "supported"
