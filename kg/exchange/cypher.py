"""Cypher: the graph as statements, one a line, for Neo4j, Memgraph, FalkorDB; with tables declared, for Ladybug (Kùzu).

One label a node type, one relationship type a relation (`(:Person)-[:SIBLING]->(:Person)`); literals are nodes of the
label Literal. A fact's columns are the relationship's properties.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kg.exchange.flat import known_list
from kg.graph import Graph
from kg.relations import NODE_TYPES
from kg.types import Fact, Node

_NODE_TABLE = {
    "name": "STRING",
    "gender": "STRING",
    "revealed": "STRING",
    "aliases": "STRING[]",
    "revealed_as": "STRING[]",
}
_FACT_TABLE = {
    "fact": "STRING", "polarity": "BOOL", "since": "STRING", "until": "STRING", "revealed": "STRING",
    "known_by": "STRING[]", "confidence": "DOUBLE", "evidence": "STRING[]", "extractor": "STRING",
}  # fmt: skip
LITERAL = "Literal"


def write(graph: Graph) -> bytes:
    """Statements for an empty Neo4j database: `cypher-shell < friends.cypher`."""
    constraints = [f"CREATE CONSTRAINT FOR (n:{label}) REQUIRE n.id IS UNIQUE;" for label in _labels(graph)]
    return _text(graph, constraints)


def write_ladybug(graph: Graph) -> bytes:
    """The same statements with the tables that Ladybug (the continuation of Kùzu) wants declared first."""
    columns = ", ".join(f"{name} {kind}" for name, kind in _NODE_TABLE.items())
    tables = [f"CREATE NODE TABLE {label}(id STRING PRIMARY KEY, {columns});" for label in _labels(graph)]
    columns = ", ".join(f"{name} {kind}" for name, kind in _FACT_TABLE.items())
    ends: dict[str, set[tuple[str, str]]] = {}
    for fact in graph.facts:
        ends.setdefault(_type(fact.relation), set()).add((_label(graph, fact.subject), _object_label(graph, fact)))
    for relation, pairs in sorted(ends.items()):
        between = ", ".join(f"FROM {start} TO {end}" for start, end in sorted(pairs))
        tables.append(f"CREATE REL TABLE {relation}({between}, {columns});")
    return _text(graph, tables)


def _text(graph: Graph, first: list[str]) -> bytes:
    about = f"// {graph.show}, as of {graph.as_of or 'the end'}, known by {graph.knower or 'the viewer'}"
    lines = [about, *first, *_nodes(graph), *(_fact(graph, fact) for fact in graph.facts)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _nodes(graph: Graph) -> Iterator[str]:
    for node in graph.nodes.values():
        yield f"CREATE (:{_label(graph, node.id)} {_map(_node_columns(node))});"
    first: dict[str, str] = {}
    for fact in graph.facts:
        if fact.literal:
            first[fact.object] = min(fact.revealed, first.get(fact.object, fact.revealed))
    for text, revealed in sorted(first.items()):
        yield f"CREATE (:{LITERAL} {_map({'id': '=' + text, 'name': text, 'revealed': revealed})});"


def _node_columns(node: Node) -> dict[str, Any]:
    """Aliases stand beside the episodes from which they can be said, in the same order."""
    return {
        "id": node.id,
        "name": node.name,
        "gender": node.gender,
        "revealed": node.revealed,
        "aliases": [a.text for a in node.aliases],
        "revealed_as": [a.revealed for a in node.aliases],
    }


def _fact(graph: Graph, fact: Fact) -> str:
    columns = {
        "fact": fact.id,
        "polarity": fact.polarity,
        "since": fact.since,
        "until": fact.until or "",
        "revealed": fact.revealed,
        "known_by": known_list(fact),
        "confidence": float(fact.confidence),
        "evidence": list(fact.evidence),
        "extractor": fact.extractor,
    }
    start = f"(a:{_label(graph, fact.subject)} {{id: {_value(fact.subject)}}})"
    target = f"={fact.object}" if fact.literal else fact.object
    end = f"(b:{_object_label(graph, fact)} {{id: {_value(target)}}})"
    return f"MATCH {start}, {end} CREATE (a)-[:{_type(fact.relation)} {_map(columns)}]->(b);"


def _labels(graph: Graph) -> list[str]:
    literals = [LITERAL] if any(f.literal for f in graph.facts) else []
    return sorted({_label(graph, node) for node in graph.nodes}) + literals


def _label(graph: Graph, node: str) -> str:
    return graph.nodes[node].type.capitalize()


def _object_label(graph: Graph, fact: Fact) -> str:
    return LITERAL if fact.literal else _label(graph, fact.object)


def _type(relation: str) -> str:
    """A label's own name can't be a type's too, since Ladybug's tables are all of one kind: `place` is HAS_PLACE."""
    return f"HAS_{relation}".upper() if relation in NODE_TYPES else relation.upper()


def _map(columns: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {_value(value)}" for name, value in columns.items()) + "}"


def _value(value: Any) -> str:
    """A Cypher literal."""
    if isinstance(value, list):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    if isinstance(value, str):
        inner = re.sub(r"([\\'])", r"\\\1", value)
        return "'" + inner.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + "'"
    return json.dumps(value)
