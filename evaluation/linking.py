"""Linking held against messages whose entities were labelled by hand, beside two simple ways.

`labels/linking.csv`: category, persona, as_of (the end where empty), history (`U: … || A: …`), message, entities (names
of nodes, `@` for the persona where the message speaks to or of it, parted by `;`). A message is right when exactly its
entities are linked.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from app.stage import Stage
from evaluation.statistics import Share
from kg.graph import Graph
from kg.linking import Linker
from kg.names import names_of
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show

LABELS = Path(__file__).with_name("labels") / "linking.csv"
COLUMNS = ["category", "persona", "as_of", "history", "message", "entities"]
_ROLES = {"U": "user", "A": "assistant"}
Way = Callable[["Labelled", Graph, str], frozenset[str]]  # the nodes it finds


@dataclass(frozen=True)
class Labelled:
    """One message with the nodes it names."""

    category: str
    persona: str  # a node id
    as_of: str
    history: tuple[Mapping[str, str], ...]
    message: str
    nodes: frozenset[str]


def read_labels(path: Path, show: Show, stage: Stage) -> list[Labelled]:
    """The labelled messages, every name looked up. Raises `NotFound` or `BadFile` naming the line."""
    if not path.is_file():
        raise NotFound(f"no labels at {path}: expected a CSV file with the columns {', '.join(COLUMNS)}")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if list(table.columns) != COLUMNS:
        raise BadFile(f"{path}: columns are {', '.join(table.columns)}; expected {', '.join(COLUMNS)}")
    ids = {node.name: node.id for node in stage.graph().entities()}
    rows = []
    for number, row in enumerate(table.itertuples(), 2):
        persona = stage.node(show.persona(str(row.persona)))
        names = [name for name in str(row.entities).split(";") if name]
        unknown = [name for name in names if name != "@" and name not in ids]
        if unknown:
            raise BadFile(f"{path}, line {number}: the graph has no '{unknown[0]}'")
        nodes = frozenset(persona if name == "@" else ids[name] for name in names)
        as_of = show.as_of(str(row.as_of) or None)
        rows.append(Labelled(str(row.category), persona, as_of, _turns(str(row.history)), str(row.message), nodes))
    return rows


def _turns(history: str) -> tuple[dict[str, str], ...]:
    turns = (turn.split(":", 1) for turn in history.split(" || ") if turn)
    return tuple({"role": _ROLES[who.strip()], "content": content.strip()} for who, content in turns)


def measure(show: Show, path: Path = LABELS) -> dict[str, Any]:
    """Messages right by category, micro precision and recall of entities, and microseconds a message, for each way."""
    stage = Stage(show)
    rows = read_labels(path, show, stage)
    graphs = {as_of: stage.graph().at(as_of) for as_of in sorted({row.as_of for row in rows})}
    linkers = {as_of: Linker(graph, show) for as_of, graph in graphs.items()}
    spacy = _Recognised()

    def ours(row: Labelled, graph: Graph, persona: str) -> frozenset[str]:
        return frozenset(m.node for m in linkers[row.as_of].link(row.message, persona, row.history))

    ways: dict[str, Way] = {"ours": ours, "exact names": exact_names, "spaCy and exact names": spacy}
    return {"messages": len(rows), "ways": {name: _scored(rows, graphs, way) for name, way in ways.items()}}


def _scored(rows: list[Labelled], graphs: Mapping[str, Graph], way: Way) -> dict[str, Any]:
    found: list[frozenset[str]] = []
    seconds = []
    for row in rows:
        way(row, graphs[row.as_of], row.persona)  # tables of the graph are made on the first call
        started = time.perf_counter()
        found.append(way(row, graphs[row.as_of], row.persona))
        seconds.append(time.perf_counter() - started)
    right = [nodes == row.nodes for row, nodes in zip(rows, found, strict=True)]
    hits = sum(len(nodes & row.nodes) for row, nodes in zip(rows, found, strict=True))
    categories = sorted({row.category for row in rows})
    return {
        "right": Share(sum(right), len(right)).to_json(),
        "precision": Share(hits, sum(map(len, found))).to_json(),
        "recall": Share(hits, sum(len(row.nodes) for row in rows)).to_json(),
        "categories": {
            c: Share(
                sum(ok for ok, row in zip(right, rows, strict=True) if row.category == c),
                sum(row.category == c for row in rows),
            ).to_json()
            for c in categories
        },
        "microseconds": {
            "p50": round(1e6 * statistics.median(seconds), 1),
            "p99": round(1e6 * sorted(seconds)[int(0.99 * (len(seconds) - 1))], 1),
        },
        "wrong": [
            {"message": row.message, "missed": sorted(row.nodes - nodes), "invented": sorted(nodes - row.nodes)}
            for row, nodes, ok in zip(rows, found, right, strict=True)
            if not ok
        ],
    }


def exact_names(row: Labelled, graph: Graph, persona: str) -> frozenset[str]:
    """Names and aliases as the graph writes them, anywhere in the message; the first who goes by each."""
    padded = "".join(c if c.isalnum() else " " for c in row.message)
    return frozenset(
        node.id
        for node in graph.entities()
        if any(f" {''.join(c if c.isalnum() else ' ' for c in name)} " in f" {padded} " for name in names_of(node))
    )


class _Recognised:
    """Entities that spaCy's small pipeline recognises, looked up by their exact name."""

    def __init__(self) -> None:
        import spacy

        from kg.pipeline import DEFAULT

        self._nlp = spacy.load(DEFAULT)

    def __call__(self, row: Labelled, graph: Graph, persona: str) -> frozenset[str]:
        found = (graph.entity_named(ent.text.removesuffix("'s")) for ent in self._nlp(row.message).ents)
        return frozenset(node.id for node in found if node is not None)
