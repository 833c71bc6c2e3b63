"""What is wrong with a graph or a message: one clear error, or an empty reading that says why."""

import gzip
import json
import signal
from pathlib import Path

import pytest
from sitcom import FACTS, MAIN, START, fact, lit, make_nodes

from kg.graph import Graph
from kg.linking import Linker
from kg.questions import understand
from kg.recall import Notes
from kg.retrieval import retrieve
from kg.store import read_graph, save_graph
from kg.types import Alias, Node
from kg.verification import Verifier
from parsing.errors import BadFile, BadInput
from parsing.manifest import Show


@pytest.fixture
def file(graph: Graph, tmp_path: Path) -> Path:
    save_graph(graph, tmp_path / "graph.json.gz")
    return tmp_path / "graph.json.gz"


def test_a_graph_of_a_newer_version_is_refused_by_its_number(file: Path) -> None:
    document = json.loads(gzip.decompress(file.read_bytes()))
    file.write_bytes(gzip.compress(json.dumps(document | {"version": 99}).encode()))
    with pytest.raises(BadFile, match=r"graph version 99 is newer than this program reads \(1\); update Canon"):
        read_graph(file)


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.9])
def test_a_truncated_file_is_named(file: Path, kept: float) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(BadFile, match=r"graph\.json\.gz: truncated or no gzipped JSON"):
        read_graph(file)


def test_an_unknown_relation_in_a_file_is_named_with_the_nearest(file: Path) -> None:
    document = json.loads(gzip.decompress(file.read_bytes()))
    document["facts"][0]["relation"] = "siblng"
    file.write_bytes(gzip.compress(json.dumps(document).encode()))
    with pytest.raises(BadFile, match=r"siblng.*sibling"):
        read_graph(file)


def test_a_fact_about_nobody_is_an_error() -> None:
    with pytest.raises(BadInput, match="no node 'zelda'"):
        Graph("sitcom", make_nodes(), [fact("zelda", "sibling", "ross_geller")])


def test_a_cycle_in_the_family_neither_hangs_nor_makes_anybody_his_own_ancestor(show: Show) -> None:
    ring = [
        fact("ross_geller", "parent_of", "ben_geller", known_by={}),
        fact("ben_geller", "parent_of", "emma", known_by={}),
        fact("emma", "parent_of", "ross_geller", known_by={}),
    ]
    signal.alarm(20)  # seconds after which the test is ended
    graph = Graph("sitcom", make_nodes(), ring, main=MAIN)
    own = [f for f in graph.facts if f.subject == f.object]
    linker = Linker(graph, show)
    mentions = linker.link("Who is your father's father's father?", "ross_geller")
    retrieve(graph, mentions, understand("Who is your father?", mentions, "ross_geller", graph), "ross_geller")
    signal.alarm(0)
    assert own == []


@pytest.mark.parametrize("name", ["(.*)+$", "[Zed", "C++ (?P<x>", "\\d{3}", "a|b|"])
def test_an_entity_named_like_a_regular_expression_is_a_name_like_any_other(name: str, show: Show) -> None:
    odd = Node("odd", "person", name, (Alias(name, START),), "male")
    facts = [
        *FACTS,
        fact("odd", "friend", "ross_geller", known_by={"ross_geller": START}),
        lit("odd", "note", f"{name} met Ross at the zoo.", known_by={"ross_geller": START}),
    ]
    view = Graph("sitcom", [*make_nodes(), odd], facts, main=MAIN).at("S05E01", "ross_geller")
    linker = Linker(view, show)
    message = f"Do you know {name} at all?"
    mentions = linker.link(message, "ross_geller")
    assert [m.node for m in mentions if m.how == "alias"] == ["odd"]
    asks = understand(message, mentions, "ross_geller", view)
    recalled = Notes(view).rank(message, "ross_geller")
    found = retrieve(view, mentions, asks, "ross_geller", recalled=recalled)
    assert "odd" in {end for r in found for end in (r.fact.subject, r.fact.object)}
    Verifier(view, show).check(f"{name} is my friend.", "ross_geller")


@pytest.mark.parametrize("message", ["😀😀😀", "🦖", "…", "❤️!!", "👩‍👩‍👧", "?!"])
def test_emoji_and_signs_alone_name_nobody_and_bring_nothing(graph: Graph, show: Show, message: str) -> None:
    mentions = Linker(graph, show).link(message, "ross_geller")
    asks = understand(message, mentions, "ross_geller", graph)
    recalled = Notes(graph).rank(message, "ross_geller")
    assert (mentions, asks, recalled) == ((), (), [])
    assert retrieve(graph, mentions, asks, "ross_geller", recalled=recalled) == ()
    assert Verifier(graph, show).check(message, "ross_geller") == ()
