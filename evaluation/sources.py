"""Counts for the report: what the shipped graph holds."""

from collections import Counter
from typing import Any

from kg.graph import load_graph
from parsing.manifest import Show


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
