"""JSON-LD and Turtle: the graph in RDF, with a small vocabulary mapped to schema.org and RELATIONSHIP terms.

What holds at the edition's moment stands as plain triples, in our terms and in theirs (`canon:sibling`,
`schema:sibling`, `rel:siblingOf`). Beside them each fact is a resource of its own with everything that is known of it:
subject, relation, object, since, until, revealed, knownBy, evidence, … No blank nodes, so that equal graphs give equal
bytes. The terms are described in docs/exchange.md; each export carries the description of those it uses.
"""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from kg.exchange.flat import graph_of
from kg.graph import Graph
from kg.relations import Relation, relations
from kg.types import Alias, Fact, Node
from parsing.errors import BadFile

CANON = "urn:canon:vocab:"
PREFIXES = {
    "canon": CANON,
    "schema": "https://schema.org/",
    "rel": "http://purl.org/vocab/relationship/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_TYPES = {  # schema.org has no animals of its own
    "person": "schema:Person",
    "place": "schema:Place",
    "organisation": "schema:Organization",
    "thing": "schema:Thing",
    "event": "schema:Event",
}


def write_jsonld(graph: Graph) -> bytes:
    """JSON-LD 1.1, one object a node and one a fact."""
    document = {"@context": _context(graph.show), "@graph": [_edition(graph), *_vocabulary(graph), *_resources(graph)]}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def write_turtle(graph: Graph) -> bytes:
    """The triples of the JSON-LD document as Turtle."""
    from pyoxigraph import RdfFormat, parse, serialize

    quads = parse(write_jsonld(graph), format=RdfFormat.JSON_LD)
    prefixes = PREFIXES | {"show": _base(graph.show)}
    text = serialize((quad.triple for quad in quads), format=RdfFormat.TURTLE, prefixes=dict(sorted(prefixes.items())))
    return text or b""


def read_jsonld(data: bytes) -> Graph:
    """The graph of a JSON-LD document that `write_jsonld` made. Raises `BadFile`."""
    from pyoxigraph import RdfFormat

    return _read(data, RdfFormat.JSON_LD)


def read_turtle(data: bytes) -> Graph:
    """The graph of a Turtle document that `write_turtle` made. Raises `BadFile`."""
    from pyoxigraph import RdfFormat

    return _read(data, RdfFormat.TURTLE)


def _base(show: str) -> str:
    return f"urn:canon:{show}:"


def _context(show: str) -> dict[str, Any]:
    link = {"@type": "@id"}
    ours = {
        name: {"@id": f"canon:{name}", **link}
        for name in ("subject", "relation", "object", "alias", "knownBy", "who", "knower")
    }
    return {
        "@vocab": CANON,
        **PREFIXES,
        "show": _base(show),
        **ours,
        "confidence": {"@id": "canon:confidence", "@type": "xsd:decimal"},
    }


def _edition(graph: Graph) -> dict[str, Any]:
    about: dict[str, Any] = {"@id": f"urn:canon:{graph.show}", "@type": "Edition", "showId": graph.show}
    if graph.as_of:
        about["asOf"] = graph.as_of
    if graph.knower:
        about["knower"] = f"show:{graph.knower}"
    return about


def _vocabulary(graph: Graph) -> Iterable[dict[str, Any]]:
    """The relations that the graph uses: label, inverse, what they are narrower than elsewhere."""
    for name in sorted({f.relation for f in graph.facts}):
        yield relation_term(relations()[name])


def relation_term(entry: Relation) -> dict[str, Any]:
    """One relation as a property of the vocabulary."""
    kinds = ["rdf:Property", *(["owl:SymmetricProperty"] if entry.symmetric else [])]
    term: dict[str, Any] = {"@id": f"canon:{entry.name}", "@type": kinds, "rdfs:label": entry.word()}
    if entry.terms:
        term["rdfs:subPropertyOf"] = [{"@id": other} for other in entry.terms]
    if entry.inverse and not entry.symmetric:
        term["owl:inverseOf"] = {"@id": f"canon:{entry.inverse}"}
    return term


def _resources(graph: Graph) -> Iterable[dict[str, Any]]:
    holding: dict[str, list[Fact]] = {}
    for fact in graph.facts:
        if fact.polarity and fact.object and graph.now(fact):
            holding.setdefault(fact.subject, []).append(fact)
    for node in graph.nodes.values():
        yield _node(node, holding.get(node.id, ()))
        yield from (_alias(node, n) for n in range(len(node.aliases)))
    for fact in graph.facts:
        yield _fact(fact)
        yield from (
            {"@id": _knowing(fact, who), "@type": "Knowing", "who": f"show:{who}", "from": when}
            for who, when in sorted(fact.known_by.items())
        )


def _node(node: Node, facts: Iterable[Fact]) -> dict[str, Any]:
    also = _TYPES.get(node.type)
    row: dict[str, Any] = {
        "@id": f"show:{node.id}",
        "@type": [node.type.capitalize(), *([also] if also else [])],
        "schema:name": node.name,
        "revealed": node.revealed,
    }
    if node.gender:
        row["schema:gender"] = node.gender
    if node.aliases:
        row["schema:alternateName"] = [a.text for a in node.aliases]
        row["alias"] = [f"show:{node.id}-alias-{n}" for n in range(len(node.aliases))]
    for fact in facts:
        for term in (f"canon:{fact.relation}", *relations()[fact.relation].terms):
            row.setdefault(term, []).append(_object(fact))
    return row


def _alias(node: Node, n: int) -> dict[str, Any]:
    """`n` keeps the aliases in their order."""
    alias = node.aliases[n]
    return {"@id": f"show:{node.id}-alias-{n}", "@type": "Alias", "text": alias.text, "revealed": alias.revealed}


def _fact(fact: Fact) -> dict[str, Any]:
    row: dict[str, Any] = {
        "@id": f"show:fact-{fact.id}",
        "@type": "Fact",
        "subject": f"show:{fact.subject}",
        "relation": f"canon:{fact.relation}",
        "object": _object(fact),
        "polarity": fact.polarity,
        "since": fact.since,
        "revealed": fact.revealed,
        "confidence": format(Decimal(repr(float(fact.confidence))), "f"),
        "extractor": fact.extractor,
    }
    if fact.until:
        row["until"] = fact.until
    if fact.evidence:
        row["evidence"] = " ".join(fact.evidence)
    if fact.known_by:
        row["knownBy"] = [_knowing(fact, who) for who in sorted(fact.known_by)]
    return row


def _knowing(fact: Fact, who: str) -> str:
    return f"show:fact-{fact.id}-{who}"


def _object(fact: Fact) -> dict[str, str]:
    return {"@value": fact.object} if fact.literal else {"@id": f"show:{fact.object}"}


# --- and back


def _read(data: bytes, form: Any) -> Graph:
    from pyoxigraph import NamedNode, parse

    rows: dict[str, dict[str, list[tuple[str, bool]]]] = {}
    try:
        for quad in parse(data, format=form):
            values = rows.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, [])
            values.append((quad.object.value, not isinstance(quad.object, NamedNode)))
    except (SyntaxError, ValueError) as error:
        raise BadFile(f"not readable as {form}: {error}") from None
    edition = next((row for row in rows.values() if _one(row, "showId")), None)
    if edition is None:
        raise BadFile("this RDF document has no canon:Edition, so it's no export of a graph")
    show = _one(edition, "showId")
    reader = _Reader(rows, _base(show))
    return graph_of(show, reader.nodes(), reader.facts(), as_of=_one(edition, "asOf"), knower=reader.id(edition))


def _one(row: Mapping[str, list[tuple[str, bool]]], term: str, default: str = "") -> str:
    """The one value of a term; `term` is ours unless it has a prefix."""
    prefix, _, name = term.rpartition(":")
    found = row.get(PREFIXES[prefix or "canon"] + name)
    return found[0][0] if found else default


class _Reader:
    """Nodes and facts of the triples, gathered by subject."""

    def __init__(self, rows: Mapping[str, Mapping[str, list[tuple[str, bool]]]], base: str) -> None:
        self.rows, self.base = rows, base

    def id(self, row: Mapping[str, list[tuple[str, bool]]], term: str = "knower") -> str:
        return _one(row, term).removeprefix(self.base)

    def _of(self, kind: str) -> Iterable[tuple[str, Mapping[str, list[tuple[str, bool]]]]]:
        for subject, row in self.rows.items():
            if (CANON + kind, False) in row.get(PREFIXES["rdf"] + "type", ()):
                yield subject.removeprefix(self.base), row

    def nodes(self) -> Iterable[Node]:
        from kg.relations import NODE_TYPES

        for kind in sorted(NODE_TYPES):
            for node, row in self._of(kind.capitalize()):
                name, gender = _one(row, "schema:name"), _one(row, "schema:gender")
                yield Node(node, kind, name, self._aliases(row), gender, _one(row, "revealed"))

    def _aliases(self, row: Mapping[str, list[tuple[str, bool]]]) -> tuple[Alias, ...]:
        links = sorted((iri for iri, _ in row.get(CANON + "alias", ())), key=lambda iri: int(iri.rpartition("-")[2]))
        return tuple(Alias(_one(self.rows[link], "text"), _one(self.rows[link], "revealed")) for link in links)

    def facts(self) -> Iterable[Fact | None]:
        from kg.exchange.flat import DERIVED

        for name, row in self._of("Fact"):
            if not _one(row, "extractor").startswith(DERIVED):
                yield self._fact(name.removeprefix("fact-"), row)

    def _fact(self, identity: str, row: Mapping[str, list[tuple[str, bool]]]) -> Fact:
        try:
            object_, literal = row[CANON + "object"][0]
            confidence = float(_one(row, "confidence"))
        except (KeyError, ValueError) as error:
            raise BadFile(f"fact {identity}: its object or confidence is missing or no such thing ({error})") from None
        relation = _one(row, "relation").removeprefix(CANON)
        relations().named(relation)
        return Fact(
            identity,
            self.id(row, "subject"),
            relation,
            object_ if literal else object_.removeprefix(self.base),
            literal=literal,
            polarity=_one(row, "polarity") == "true",
            since=_one(row, "since"),
            until=_one(row, "until") or None,
            revealed=_one(row, "revealed"),
            known_by={
                self.id(self.rows[iri], "who"): _one(self.rows[iri], "from")
                for iri, _ in row.get(CANON + "knownBy", ())
            },
            confidence=confidence,
            evidence=tuple(_one(row, "evidence").split()),
            extractor=_one(row, "extractor"),
        )
