"""Exports: the graph, as of an episode and a knower, in formats that other tools read."""

from collections.abc import Callable, Mapping
from pathlib import Path

import networkx as nx

from kg.graph import NOT_YET, Graph
from parsing.errors import BadInput
from parsing.files import replacing
from parsing.manifest import nearest


def export(graph: Graph, format_name: str, path: Path | None = None) -> str:
    """The graph in a format; written to `path` where one is given. Raises `BadInput` naming the formats there are."""
    writer = FORMATS.get(format_name)
    if writer is None:
        there = ", ".join(sorted(FORMATS))
        raise BadInput(f"no export format '{format_name[:40]}'{nearest(format_name, FORMATS)}; there is: {there}")
    text = writer(graph)
    if path is not None:
        with replacing(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return text


def graphml(graph: Graph) -> str:
    """GraphML (http://graphml.graphdrawing.org), readable by networkx, Gephi and yEd.

    Nodes carry name, type, gender, revealed; literals are nodes `=text` of type `literal`. Edges carry the fact:
    relation, since, until (empty while it holds), revealed, polarity, confidence, extractor, known_by
    (`id@episode;…`), evidence (ids).
    """
    network: nx.MultiDiGraph = nx.MultiDiGraph(show=graph.show, as_of=graph.as_of or "", knower=graph.knower or "")
    for node, data in graph.network.nodes(data=True):
        network.add_node(node, **data)
    for fact in graph.facts:
        network.add_edge(
            fact.subject,
            f"={fact.object}" if fact.literal else fact.object,
            key=fact.id,
            relation=fact.relation,
            since=fact.since,
            until=fact.until or "",
            revealed=fact.revealed,
            polarity=fact.polarity,
            confidence=fact.confidence,
            extractor=fact.extractor,
            known_by=";".join(f"{who}@{when}" for who, when in sorted(fact.known_by.items()) if when != NOT_YET),
            evidence=" ".join(fact.evidence),
        )
    return "\n".join(nx.generate_graphml(network)) + "\n"


FORMATS: Mapping[str, Callable[[Graph], str]] = {"graphml": graphml}
