"""Counts for the report: what the parser read, and what the shipped graph holds."""

import json
from collections import Counter
from typing import Any

from kg.graph import load_graph
from parsing.errors import NotFound
from parsing.manifest import Show, build_dir


def parsing_counts(show: Show) -> dict[str, Any]:
    """The totals of quality.json and, for the main characters, of comparison.json."""
    folder = build_dir(show)
    found: dict[str, Any] = {}
    for name in ("quality.json", "comparison.json"):
        path = folder / name
        if not path.is_file():
            raise NotFound(f"no {path}: run `python -m parsing {show.id} --compare friends_r`")
        found |= {k: v for k, v in json.loads(path.read_text(encoding="utf-8")).items() if k not in {"files", "merged"}}
    return found


def graph_counts(show: Show) -> dict[str, Any]:
    """Stored facts of each relation, extracted and curated apart, and nodes of each type."""
    graph = load_graph(show)
    curated = Counter(f.relation for f in graph.stored if f.extractor == "curated")
    extracted = Counter(f.relation for f in graph.stored if f.extractor != "curated")
    names = sorted({*curated, *extracted}, key=lambda r: (-extracted[r] - curated[r], r))
    return {
        "relations": {r: {"extracted": extracted[r], "curated": curated[r]} for r in names},
        "extracted": sum(extracted.values()),
        "curated": sum(curated.values()),
        "nodes": dict(sorted(Counter(n.type for n in graph.nodes.values()).items())),
        "implied": len(graph.facts) - len(graph.stored),
    }
