"""Exports against the graph: what of it each format brings back, and what later episodes' names a card's texts hold.

Recall is the share of nodes and facts that are the same after writing and reading; precision the share of those read
that the graph has. A second writing must give equal bytes.
"""

import time
from collections.abc import Callable
from typing import Any

from kg.graph import Graph
from parsing.manifest import Show

READERS = ("graphml", "jsonld", "turtle", "csv", "parquet")


def exchanged(show: Show, graph: Graph) -> dict[str, Any]:
    """A row a format that is read back, and a row a season of spoilers over all personas."""
    return {
        "show": show.id,
        "nodes": len(graph.nodes),
        "facts": len(graph.stored),
        "formats": [_format(name, show, graph) for name in READERS],
        "editions": [_edition(show, graph, season) for season in range(1, len(show.seasons))],
    }


def _format(name: str, show: Show, graph: Graph) -> dict[str, Any]:
    from kg.exports import FORMATS, Order

    started = time.perf_counter()
    files = FORMATS[name].write(Order(graph, show))
    written = time.perf_counter()
    back = _readers(show)[name](files)
    had = {*graph.nodes.values(), *(_key(f) for f in graph.stored)}
    has = {*back.nodes.values(), *(_key(f) for f in back.stored)}
    return {
        "format": name,
        "bytes": sum(len(part) for part in files.values()),
        "recall": len(had & has) / len(had),
        "precision": len(had & has) / len(has),
        "same_bytes": dict(files) == dict(FORMATS[name].write(Order(graph, show))),
        "write_seconds": round(written - started, 2),
        "read_seconds": round(time.perf_counter() - written, 2),
    }


def _key(fact: Any) -> tuple[Any, ...]:
    """A fact with all its fields, so that it can be in a set."""
    return tuple(tuple(sorted(v.items())) if isinstance(v, dict) else v for v in vars(fact).values())


def _readers(show: Show) -> dict[str, Callable[[Any], Graph]]:
    from kg.exchange import graphml, rdf, tables

    return {
        "graphml": lambda files: graphml.read(files[""]),
        "jsonld": lambda files: rdf.read_jsonld(files[""]),
        "turtle": lambda files: rdf.read_turtle(files[""]),
        "csv": lambda files: tables.read_csv(files[""], files[tables.NODES], show.id),
        "parquet": lambda files: tables.read_parquet(files[""], files[tables.NODES]),
    }


def _edition(show: Show, graph: Graph, season: int) -> dict[str, Any]:
    """The cards of all personas up to the end of a season: texts searched, later names and statements found."""
    from kg.cards.compile import card
    from kg.cards.persona import sheet_of
    from kg.cards.spoilers import later_claims, later_names, texts_of
    from kg.exports import edition

    as_of = f"S{season:02}E{show.seasons[season - 1]:02}"
    texts = names = claims = 0
    for member in show.personas:
        sheet = sheet_of(show, member)
        if sheet.node not in graph.at(as_of).nodes:
            continue
        found = list(texts_of(card(edition(graph.at(as_of, sheet.node)), show.title, sheet)))
        texts += len(found)
        names += len(later_names(graph, as_of, found))
        claims += len(later_claims(graph, show, as_of, sheet.node, found))
    later = sum(fact.revealed > as_of for fact in graph.facts)
    return {"as_of": as_of, "later_facts": later, "texts": texts, "names": names, "claims": claims}
