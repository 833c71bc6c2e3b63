"""Nodes and facts as flat rows of text, which the formats of tables and of networks share.

Inverse and derived facts are written too, marked `derived:…` in `extractor`; a reader leaves them out: they follow.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from kg.graph import Graph
from kg.relations import relations
from kg.types import Alias, Fact, Node
from parsing.errors import BadFile

FACT_COLUMNS = (
    "id", "subject", "subject_name", "relation", "object", "object_name", "literal", "polarity", "since", "until",
    "revealed", "known_by", "confidence", "evidence", "extractor",
)  # fmt: skip
NODE_COLUMNS = ("id", "type", "name", "gender", "revealed", "aliases")
DERIVED = "derived:"


def known_list(fact: Fact) -> list[str]:
    """Who knows a fact, as `joey_tribbiani@S05E05`; `@~`: one whom it concerns doesn't know of it yet."""
    return [f"{who}@{when}" for who, when in sorted(fact.known_by.items())]


def read_known(entries: Iterable[str]) -> dict[str, str]:
    """The reverse of `known_list`. Raises `BadFile` for an entry without `@`."""
    known = {}
    for entry in entries:
        who, at, when = str(entry).partition("@")
        if not (who and at and when):
            raise BadFile(f"known_by '{str(entry)[:60]}' must be written name@episode")
        known[who] = when
    return known


def fact_cells(graph: Graph, fact: Fact) -> dict[str, str]:
    """A fact as cells of text: lists are joined by `;`, yes and no are `true` and `false`, an open end is empty."""
    return {
        "id": fact.id,
        "subject": fact.subject,
        "subject_name": graph.name(fact.subject),
        "relation": fact.relation,
        "object": fact.object,
        "object_name": fact.object if fact.literal else graph.name(fact.object),
        "literal": str(fact.literal).lower(),
        "polarity": str(fact.polarity).lower(),
        "since": fact.since,
        "until": fact.until or "",
        "revealed": fact.revealed,
        "known_by": ";".join(known_list(fact)),
        "confidence": repr(float(fact.confidence)),
        "evidence": ";".join(fact.evidence),
        "extractor": fact.extractor,
    }


def fact_from(cells: Mapping[str, Any]) -> Fact | None:
    """The stored fact of a row; None for a derived one. Raises `BadFile` naming the cell that doesn't fit."""
    try:
        if str(cells["extractor"]).startswith(DERIVED):
            return None
        relations().named(cells["relation"])
        return Fact(
            id=cells["id"],
            subject=cells["subject"],
            relation=cells["relation"],
            object=cells["object"],
            literal=truth(cells["literal"]),
            polarity=truth(cells["polarity"]),
            since=cells["since"],
            until=cells["until"] or None,
            revealed=cells["revealed"],
            known_by=read_known(split(cells["known_by"])),
            confidence=float(cells["confidence"]),
            evidence=tuple(split(cells["evidence"])),
            extractor=cells["extractor"],
        )
    except (KeyError, ValueError) as error:
        raise BadFile(f"fact {str(cells.get('id', '?'))[:40]}: {error} is missing or of the wrong form") from None


def node_cells(node: Node) -> dict[str, str]:
    """A node as cells of text; aliases are a JSON list of pairs `[text, revealed]`."""
    return {
        "id": node.id,
        "type": node.type,
        "name": node.name,
        "gender": node.gender,
        "revealed": node.revealed,
        "aliases": aliases_text(node),
    }


def node_from(cells: Mapping[str, Any]) -> Node:
    """The node of a row. Raises `BadFile` naming the cell that doesn't fit."""
    try:
        aliases = tuple(Alias(text, revealed) for text, revealed in json.loads(cells["aliases"] or "[]"))
        return Node(cells["id"], cells["type"], cells["name"], aliases, cells["gender"], cells["revealed"])
    except (KeyError, ValueError, TypeError) as error:
        raise BadFile(f"node {str(cells.get('id', '?'))[:40]}: {error} is missing or of the wrong form") from None


def aliases_text(node: Node) -> str:
    """The aliases as a JSON list of pairs `[text, revealed]`."""
    return json.dumps([[a.text, a.revealed] for a in node.aliases], ensure_ascii=False)


def split(text: str) -> list[str]:
    """The parts between `;`, none for the empty text."""
    return text.split(";") if text else []


def truth(text: str) -> bool:
    """`true` or `false` in any case. Raises `ValueError`."""
    if str(text).lower() not in {"true", "false"}:
        raise ValueError(f"'{str(text)[:20]}'")
    return str(text).lower() == "true"


def graph_of(show: str, nodes: Iterable[Node], facts: Iterable[Fact | None], **edition: str) -> Graph:
    """The graph of an export; `as_of` and `knower` are empty for the whole series and for the viewer."""
    return Graph(
        show,
        nodes,
        [f for f in facts if f is not None],
        as_of=edition.get("as_of") or None,
        knower=edition.get("knower") or None,
    )
