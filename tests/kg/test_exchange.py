"""Graph exchange: whatever is written comes back as the same graph, the same bytes each time; other tools read it."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import exports
from kg.exchange import cypher, graphml, rdf, tables
from kg.exports import FORMATS
from kg.graph import Graph, fact_id
from kg.store import read_graph
from kg.types import Alias, Fact, Node
from parsing.errors import BadFile
from parsing.manifest import SHOWS

ROOT = Path(__file__).resolve().parent.parent.parent
Trip = Callable[[Graph], Graph]


def by_csv(graph: Graph) -> Graph:
    written = tables.write_csv(graph)
    back = tables.read_csv(written[""], written[tables.NODES], graph.show)
    return Graph(back.show, back.nodes.values(), back.stored, as_of=graph.as_of, knower=graph.knower)


def by_parquet(graph: Graph) -> Graph:
    written = tables.write_parquet(graph)
    return tables.read_parquet(written[""], written[tables.NODES])


TRIPS: dict[str, Trip] = {
    "graphml": lambda graph: graphml.read(graphml.write(graph)),
    "jsonld": lambda graph: rdf.read_jsonld(rdf.write_jsonld(graph)),
    "turtle": lambda graph: rdf.read_turtle(rdf.write_turtle(graph)),
    "csv": by_csv,
    "parquet": by_parquet,
}


def lost(graph: Graph, back: Graph) -> list[object]:
    """Nodes and facts that are in one of the two and not in the other, and what the editions differ in."""
    nodes = [n for n in (*graph.nodes.values(), *back.nodes.values()) if graph.nodes.get(n.id) != back.nodes.get(n.id)]
    facts = [f for f in (*graph.stored, *back.stored) if f not in graph.stored or f not in back.stored]
    about = [(graph.show, graph.as_of, graph.knower), (back.show, back.as_of, back.knower)]
    return [*nodes, *facts, *(about if about[0] != about[1] else [])]


@pytest.fixture(scope="module")
def friends() -> Graph:
    return read_graph(SHOWS / "friends" / "graph.json.gz")


@pytest.mark.parametrize("name", TRIPS)
def test_every_node_and_fact_of_a_graph_comes_back(name: str, graph: Graph) -> None:
    for edition in (graph, graph.at("S05E01"), graph.at("S05E01", "phoebe_buffay")):
        back = TRIPS[name](edition)
        assert lost(edition, back) == []
        assert back.facts == edition.facts  # what follows, follows again


@pytest.mark.parametrize("name", TRIPS)
def test_every_node_and_fact_of_the_shipped_graph_comes_back(name: str, friends: Graph) -> None:
    assert len(friends.stored) > 6_000
    back = TRIPS[name](friends)
    assert dict(back.nodes) == dict(friends.nodes)
    assert back.stored == friends.stored


TEXT = st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cn")), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(literal=TEXT, alias=TEXT, confidence=st.floats(0, 1))
@pytest.mark.parametrize("name", TRIPS)
def test_any_text_and_any_confidence_come_back(name: str, literal: str, alias: str, confidence: float) -> None:
    node = Node("a", "person", alias, (Alias(alias, "S01E02"), Alias(literal, "S01E01")))
    fact = Fact(
        "f", "a", "likes", literal, literal=True, known_by={"a": "~"}, confidence=confidence, evidence=("z", "b")
    )
    graph = Graph("show", [node], [fact])
    assert lost(graph, TRIPS[name](graph)) == []


@settings(max_examples=25, deadline=None)
@given(literal=TEXT, alias=TEXT)
def test_a_graph_database_holds_any_text_as_it_was(literal: str, alias: str) -> None:
    fact = Fact("f", "a", "likes", literal, literal=True, evidence=("S01E01.01.001",))
    rows = in_ladybug(
        Graph("show", [Node("a", "person", alias)], [fact]),
        "MATCH (a)-[r:LIKES]->(b) RETURN a.name, b.name, r.evidence",
    )
    assert rows == [[alias, literal, ["S01E01.01.001"]]]


def in_ladybug(graph: Graph, question: str) -> list[list[object]]:
    """What an embedded graph database answers when the graph's statements were run in it."""
    import ladybug

    connection = ladybug.Connection(ladybug.Database())
    for statement in cypher.write_ladybug(graph).decode().split(";\n"):
        if bare := "\n".join(line for line in statement.split("\n") if not line.startswith("//")).strip():
            connection.execute(bare)
    return connection.execute(question).get_all()


def test_a_graph_database_has_every_fact_and_node(graph: Graph) -> None:
    rows = in_ladybug(graph, "MATCH (a)-[r]->(b) RETURN a.id, label(r), b.id, r.fact, r.until, r.known_by")
    known = {f.id: [f"{who}@{when}" for who, when in sorted(f.known_by.items())] for f in graph.facts}
    assert sorted(map(str, rows)) == sorted(
        str(
            [
                f.subject,
                "HAS_PLACE" if f.relation == "place" else f.relation.upper(),
                ("=" if f.literal else "") + f.object,
                f.id,
                f.until or "",
                known[f.id],
            ]
        )
        for f in graph.facts
    )
    people = in_ladybug(graph, "MATCH (p:Person) RETURN p.id, p.name, p.aliases, p.revealed_as")
    assert sorted(map(str, people)) == sorted(
        str([n.id, n.name, [a.text for a in n.aliases], [a.revealed for a in n.aliases]])
        for n in graph.nodes.values()
        if n.type == "person"
    )


def test_statements_for_neo4j_are_the_same_without_tables(graph: Graph) -> None:
    plain, declared = cypher.write(graph).decode(), cypher.write_ladybug(graph).decode()
    data = [line for line in plain.split("\n") if line.startswith(("MATCH", "CREATE (:"))]
    assert data == [line for line in declared.split("\n") if line.startswith(("MATCH", "CREATE (:"))]
    assert len(data) == len(graph.nodes) + len({f.object for f in graph.facts if f.literal}) + len(graph.facts)
    assert "CREATE CONSTRAINT" in plain and "TABLE" not in plain


def test_sparql_finds_who_is_married_and_who_knows_of_it(graph: Graph) -> None:
    from pyoxigraph import RdfFormat, Store

    store = Store()
    store.load(rdf.write_turtle(graph), format=RdfFormat.TURTLE)
    married = store.query(
        "PREFIX o: <https://schema.org/> SELECT ?a ?b { ?x o:spouse ?y . ?x o:name ?a . ?y o:name ?b }"
    )
    pairs = {(row["a"].value, row["b"].value) for row in married}
    assert ("Monica Geller", "Chandler Bing") in pairs and ("Chandler Bing", "Monica Geller") in pairs
    assert ("Ross Geller", "Carol Willick") not in pairs  # over before the series began
    learnt = store.query(
        "PREFIX c: <urn:canon:vocab:> PREFIX s: <urn:canon:sitcom:> SELECT ?who ?when {"
        " ?f c:subject s:monica_geller ; c:relation c:dating ; c:object s:chandler_bing ; c:knownBy ?k ."
        " ?k c:who ?who ; c:from ?when . FILTER(?when <= 'S05E06') }"
    )
    assert [(row["who"].value, row["when"].value) for row in learnt] == [("urn:canon:sitcom:joey_tribbiani", "S05E05")]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own use of it
def test_another_library_reads_the_same_triples_from_both_rdf_formats(graph: Graph) -> None:
    import rdflib

    turtle = rdflib.Graph().parse(data=rdf.write_turtle(graph), format="turtle")
    jsonld = rdflib.Graph().parse(data=rdf.write_jsonld(graph), format="json-ld")
    assert set(turtle) == set(jsonld)
    assert len(turtle) > 10 * len(graph.stored)
    assert not any(isinstance(part, rdflib.BNode) for triple in turtle for part in triple)
    rel = rdflib.Namespace("http://purl.org/vocab/relationship/")
    ross, monica = (rdflib.URIRef(f"urn:canon:sitcom:{who}") for who in ("ross_geller", "monica_geller"))
    assert (monica, rel.siblingOf, ross) in turtle and (ross, rel.siblingOf, monica) in turtle


def test_pandas_reads_both_tables(graph: Graph, tmp_path: Path) -> None:
    import pandas as pd

    for name, data in {
        **tables.write_csv(graph),
        **{f"p{k}": v for k, v in tables.write_parquet(graph).items()},
    }.items():
        (tmp_path / f"x{name}").write_bytes(data)
    facts = pd.read_csv(tmp_path / "x", dtype=str, keep_default_na=False)
    typed = pd.read_parquet(tmp_path / "xp")
    assert list(facts["id"]) == list(typed["id"]) == [f.id for f in graph.facts]
    assert typed["polarity"].dtype == bool and typed["confidence"].dtype == float
    assert set(facts["subject"]) <= set(pd.read_csv(tmp_path / "x.nodes")["id"])


def test_a_later_fact_is_in_no_edition_of_any_format(friends: Graph) -> None:
    edition = exports.edition(friends.at("S04E23"))
    for text in (
        graphml.write(edition),
        rdf.write_turtle(edition),
        cypher.write(edition),
        *tables.write_csv(edition).values(),
    ):
        assert b"S04E23" in text
        assert not any(f"S{s:02}E{n:02}".encode() in text for s in range(5, 11) for n in range(1, 26))
        assert b"Emily" in text and not any(name in text for name in (b"Hannigan", b"Emma", b"Charlie Wheeler"))


DETERMINISTIC = """
import hashlib, sys
from kg.exports import FORMATS, Order, export
from kg.store import read_graph
from parsing.manifest import load_show
show = load_show('harbor_lights')
member = show.persona('nora')
order = Order(read_graph(show.folder / 'graph.json.gz').at('S02E03'), show, member)
for name in sorted(FORMATS):
    print(name, [hashlib.sha256(part).hexdigest() for part in FORMATS[name].write(order).values()])
"""


@pytest.mark.slow
def test_a_second_run_writes_equal_bytes_in_every_format() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", DETERMINISTIC],
            env=os.environ | {"PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(runs[0].splitlines()) == len(FORMATS)


@pytest.mark.parametrize(
    ("read", "data", "message"),
    [
        (graphml.read, b"<graphml", "not a GraphML file"),
        (rdf.read_turtle, b"a b", "not readable as"),
        (rdf.read_turtle, b"<urn:a> <urn:b> <urn:c> .", "no canon:Edition"),
        (rdf.read_jsonld, b"{", "not readable as"),
        (lambda data: tables.read_csv(data, data, "x"), b"a,b\n1,2\n", "lacks the columns"),
        (lambda data: tables.read_csv(data, data, "x"), b"\xff\xfe", "not a UTF-8 CSV file"),
        (lambda data: tables.read_parquet(data, data), b"PAR1", "not a Parquet file"),
    ],
)
def test_a_file_that_is_no_export_is_named(read: Callable[[bytes], Graph], data: bytes, message: str) -> None:
    with pytest.raises(BadFile, match=message):
        read(data)


def test_a_cell_of_the_wrong_form_is_named(graph: Graph) -> None:
    written = tables.write_csv(graph)
    broken = written[""].replace(b",true,before", b",perhaps,before", 1)
    with pytest.raises(BadFile, match="'perhaps'"):
        tables.read_csv(broken, written[tables.NODES], "sitcom")
    known = replace(graph.stored[0], known_by={"": "S01E01"})
    odd = tables.write_csv(Graph("x", graph.nodes.values(), [known]))
    with pytest.raises(BadFile, match="must be written name@episode"):
        tables.read_csv(odd[""], odd[tables.NODES], "x")


def test_ids_of_facts_are_content_so_that_editions_can_be_joined(graph: Graph) -> None:
    early, late = graph.at("S05E01"), graph.at("S07E24")
    assert {f.id for f in early.stored} < {f.id for f in late.stored}
    assert fact_id("ross_geller", "sibling", "monica_geller") in {f.id for f in early.stored}
