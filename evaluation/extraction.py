"""How right is the graph? Facts drawn for labelling, labelled facts scored, a graph held against gold facts.

`python -m evaluation sample-facts friends --n 100 --seed 7` draws; somebody reads each fact against its evidence and
writes `right` or `wrong`, twice and in another order; `python -m evaluation extraction friends` scores.
"""

import random
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from evaluation.statistics import Share, kappa
from kg.graph import Graph, load_graph
from kg.recall import NOTE
from kg.relations import relations
from kg.types import Fact
from parsing.episodes import split_of
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show

LABELS = Path(__file__).with_name("labels")
BINS = (0.0, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.01)  # of confidence
LABEL_COLUMNS = (
    "fact",
    "subject",
    "relation",
    "object",
    "polarity",
    "evidence",
    "extractor",
    "split",
    "label",
    "label2",
    "comment",
)


def draw(show: Show, count: int, seed: int, curated: bool, relation: str = "") -> pd.DataFrame:
    """`count` stored facts, drawn over relations in turn so that rare ones are seen too; columns for the labels.

    With `relation` facts of this one alone, without it all but notes.
    """
    graph = load_graph(show, curated=curated)  # what corrections retired was extracted too
    pool = [f for f in graph.stored if (f.extractor == "curated") == curated and f.evidence]
    pool = [f for f in pool if (f.relation == relation if relation else f.relation != NOTE)]
    rng = random.Random(seed)
    by_relation: dict[str, list[Fact]] = {}
    for fact in sorted(pool, key=lambda f: f.id):
        by_relation.setdefault(fact.relation, []).append(fact)
    for facts in by_relation.values():
        rng.shuffle(facts)
    chosen: list[Fact] = []
    while len(chosen) < min(count, len(pool)):
        for facts in by_relation.values():
            if facts and len(chosen) < count:
                chosen.append(facts.pop())
    rng.shuffle(chosen)
    return pd.DataFrame([_row(graph, fact) for fact in chosen], columns=list(LABEL_COLUMNS))


def _row(graph: Graph, fact: Fact) -> dict[str, Any]:
    return {
        "fact": fact.id,
        "subject": graph.name(fact.subject),
        "relation": fact.relation,
        "object": fact.object if fact.literal else graph.name(fact.object),
        "polarity": fact.polarity,
        "evidence": ";".join(fact.evidence),
        "extractor": fact.extractor,
        "split": split_of(fact.evidence[0][:6]),
    }


def score_labels(path: Path, graph: Graph | None = None) -> dict[str, Any]:
    """Shares of right facts, extracted and curated apart and by split and relation, and how far two passes agree.

    With the extracted graph, labels of facts that it no longer has are scored apart (`dropped`), and what it is sure of
    is held against what is right (`reliability`).
    """
    if not path.is_file():
        raise NotFound(f"no labels at {path}: draw facts with `python -m evaluation sample-facts` and label them")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    missing = set(LABEL_COLUMNS) - set(table.columns)
    if missing:
        raise BadFile(f"{path}: no column {', '.join(sorted(missing))}")
    for column, allowed in (("label", ("right", "wrong")), ("label2", ("right", "wrong", ""))):
        bad = table[~table[column].isin(allowed)]
        if len(bad):
            found = bad[column].iloc[0]
            raise BadFile(f"{path}, line {bad.index[0] + 2}: {column} is '{found}', expected right or wrong")
    twice = table[table.label2 != ""]
    curated = table.extractor == "curated"
    scored: dict[str, Any] = {"labels": len(table)}
    if graph is not None:
        sure, ids = confidences(graph), {f.id: f.confidence for f in graph.stored}
        confidence = pd.Series(
            [
                ids.get(row["fact"]) if _is_event(row["relation"]) else sure.get(_label_key(row))
                for row in table.to_dict("records")
            ],
            table.index,
            dtype=float,
        )
        gone = confidence.isna() & ~curated
        scored |= {"dropped": _right(table[gone]), "reliability": _reliability(table, confidence)}
        table, curated = table[~gone], curated[~gone]
    return scored | {
        "extracted": _right(table[~curated]),
        "curated": _right(table[curated & (table.relation != NOTE)]),
        "notes": _right(table[curated & (table.relation == NOTE)]),
        "by_split": {s: _right(part) for s, part in table[~curated].groupby("split")},
        "by_relation": {r: _right(part) for r, part in table[~curated].groupby("relation")},
        "second_pass": {
            "labels": len(twice),
            "kappa": round(kappa(twice.label.tolist(), twice.label2.tolist()), 4) if len(twice) else None,
            "agreed": Share(int((twice.label == twice.label2).sum()), len(twice)).to_json(),
        },
    }


Key = tuple[str, str, str, str]


def confidences(graph: Graph) -> dict[Key, float]:
    """Subject, relation, object and polarity of a stored fact, as labels name them -> how sure the graph is of it."""
    return {
        (
            graph.name(f.subject),
            f.relation,
            f.object if f.literal else graph.name(f.object),
            str(f.polarity),
        ): f.confidence
        for f in graph.stored
    }


def _label_key(row: Any) -> Key:
    return row["subject"], row["relation"], row["object"], row["polarity"]


def _reliability(table: pd.DataFrame, confidence: "pd.Series[float]") -> list[dict[str, Any]]:
    """Mean confidence and share right of the labelled facts in each bin (DeGroot and Fienberg, 1983)."""
    rows = []
    for low, high in pairwise(BINS):
        inside = table[(confidence >= low) & (confidence < high)]
        if len(inside):
            rows.append({"from": low, "mean": round(float(confidence[inside.index].mean()), 4)} | _right(inside))
    return rows


def _right(table: pd.DataFrame) -> dict[str, Any]:
    return Share(int((table.label == "right").sum()), len(table)).to_json()


def against_gold(show: Show) -> dict[str, Any]:
    """The extracted graph against `gold_facts.csv` beside the manifest: found, precision, and right dates."""
    path = show.folder / "gold_facts.csv"
    if not path.is_file():
        raise NotFound(f"no gold facts at {path}")
    gold = pd.read_csv(path, dtype=str, keep_default_na=False)
    graph = load_graph(show, curated=False)
    plain = [f for f in graph.stored if not relations()[f.relation].event]
    extracted = {key: f for f in plain for key in _keys(graph, f)}
    rows = [row for row in gold.to_dict("records") if not _is_event(str(row["relation"]))]
    found = [(row, extracted[key]) for row in rows if (key := _gold_key(row)) in extracted]
    wanted = {_gold_key(row) for row in rows}
    implied = {key for f in graph.facts for key in _keys(graph, f)}
    return {
        "gold": len(rows),
        "recall": Share(len(found), len(rows)).to_json(),
        "recall_with_implied": Share(sum(_gold_key(r) in implied for r in rows), len(rows)).to_json(),
        "precision": Share(sum(bool(set(_keys(graph, f)) & wanted) for f in plain), len(plain)).to_json(),
        "revealed_right": _same(found, "revealed"),
        "since_right": _same(found, "since"),
        "until_right": _same(found, "until"),
    }


def _is_event(relation: str) -> bool:
    return relation in relations() and relations()[relation].event


def _same(found: Sequence[tuple[Any, Fact]], column: str) -> dict[str, Any]:
    return Share(sum((getattr(f, column) or "") == row[column] for row, f in found), len(found)).to_json()


def _gold_key(row: Any) -> tuple[str, str, str, bool]:
    positive = str(row.get("polarity", "")).lower() not in {"false", "0", "no", "-"}
    return (row["subject"].casefold(), row["relation"], row["object"].casefold(), positive)


def _keys(graph: Graph, fact: Fact) -> Iterable[tuple[str, str, str, bool]]:
    """A fact as names, and read from its other side where the relation has one."""
    subject = graph.name(fact.subject).casefold()
    object_ = (fact.object if fact.literal else graph.name(fact.object)).casefold()
    yield (subject, fact.relation, object_, fact.polarity)
    inverse = relations()[fact.relation].inverse
    if inverse and not fact.literal:
        yield (object_, inverse, subject, fact.polarity)
