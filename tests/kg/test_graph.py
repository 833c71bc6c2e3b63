"""The view of a moment and a knower, what follows from the facts, and the file."""

import gzip
import json
from pathlib import Path

import pytest

from kg.graph import Graph, fact_id, node_id
from kg.linking import Linker
from kg.questions import understand
from kg.retrieval import retrieve
from kg.store import load_graph, read_graph, save_graph, without_curated
from kg.types import Fact, Node
from parsing.errors import BadFile, BadInput, NotFound
from parsing.manifest import Show

MESSAGES = [
    ("ross_geller", "Who is your sister?"),
    ("ross_geller", "Do you have any kids?"),
    ("monica_geller", "Who is your husband?"),
    ("monica_geller", "When did you marry Chandler?"),
    ("joey_tribbiani", "Who are Emma's parents?"),
    ("joey_tribbiani", "Did Ross kiss Rachel?"),
    ("rachel_green", "Where do you work?"),
    ("phoebe_buffay", "Are you dating Mike?"),
    ("chandler_bing", "What is your full name?"),
    ("joey_tribbiani", "Tell me about Ross and Rachel and Monica and Chandler"),
]


def objects(graph: Graph, subject: str, relation: str) -> set[str]:
    return {f.object for f in graph.holding(subject, relation)}


def test_a_fact_can_be_read_from_both_ends(graph: Graph):
    assert objects(graph, "monica_geller", "sibling") == {"ross_geller"}
    assert objects(graph, "ross_geller", "child_of") == {"jack_geller", "judy_geller"}
    assert {f.extractor for f in graph.facts_from("ross_geller", "child_of")} == {"derived:inverse"}


def test_relations_are_derived_along_the_family(graph: Graph):
    assert objects(graph, "jack_geller", "grandparent_of") == {"ben_geller", "emma"}
    assert objects(graph, "monica_geller", "uncle_aunt_of") == {"ben_geller", "emma"}
    assert objects(graph, "ross_geller", "sibling_in_law") == {"chandler_bing"}
    assert objects(graph, "chandler_bing", "child_in_law_of") == {"jack_geller", "judy_geller"}


def test_a_derived_fact_is_as_late_as_its_latest_premise(graph: Graph):
    (uncle,) = [f for f in graph.facts_from("chandler_bing", "uncle_aunt_of") if f.object == "ben_geller"]
    assert (uncle.since, uncle.revealed, uncle.until) == ("S07E24", "S07E24", None)  # sibling, child S01E23, wedding
    (former,) = graph.facts_from("carol_willick", "sibling_in_law")
    assert (former.since, former.until) == ("before", "S01E01")  # ends with the marriage


def test_every_stored_fact_has_exactly_one_reading_from_the_other_end(graph: Graph):
    keys = [(f.subject, f.relation, f.object, f.since, f.polarity) for f in graph.facts]
    assert len(keys) == len(set(keys))


def test_a_view_knows_nothing_later(graph: Graph):
    for moment in ("S01E01", "S01E16", "S04E24", "S07E23"):
        view = graph.at(moment)
        for node in view.nodes.values():
            assert node.revealed <= moment and all(a.revealed <= moment for a in node.aliases)
        for fact in view.facts:
            assert fact.revealed <= moment
            assert fact.since == "before" or fact.since <= moment
            assert fact.until is None or fact.until <= moment
            assert all(e[:6] <= moment for e in fact.evidence)
            assert all(when <= moment for when in fact.known_by.values())


def test_an_end_that_lies_ahead_is_open(graph: Graph):
    assert [f.until for f in graph.at("S06E01").facts_from("joey_tribbiani", "roommate")] == [None]
    assert [f.until for f in graph.at("S06E02").facts_from("joey_tribbiani", "roommate")] == ["S06E02"]


@pytest.mark.parametrize(
    ("knower", "moment", "knows"),
    [
        ("phoebe_buffay", "S06E01", False),  # never told
        ("joey_tribbiani", "S05E04", False),
        ("joey_tribbiani", "S05E05", True),
        ("rachel_green", "S05E10", False),
        ("rachel_green", "S05E11", True),
        ("ross_geller", "S05E13", False),
        ("chandler_bing", "S04E24", True),  # its own life
    ],
)
def test_a_character_knows_a_secret_from_the_moment_it_learns_it(graph: Graph, knower: str, moment: str, knows: bool):
    assert bool(graph.at(moment, knower).facts_from("monica_geller", "dating")) == knows


def test_who_takes_part_in_an_event_knows_all_of_it(graph: Graph):
    assert len(graph.at("S02E07", "ross_geller").facts_about("e1")) == 5
    assert "e1" not in graph.at("S02E07", "joey_tribbiani").nodes


def test_a_knower_who_is_nobody_is_an_error(graph: Graph):
    with pytest.raises(BadInput, match="nobody"):
        graph.at("S01E01", "zelda")


def test_a_view_from_the_full_graph_equals_one_from_a_stripped_file(graph: Graph, show: Show, tmp_path: Path):
    for moment in ("S01E01", "S01E23", "S02E07", "S05E12", "S07E24", "S09E10"):
        path = tmp_path / f"{moment}.json.gz"
        save_graph(graph.at(moment), path)
        stripped = read_graph(path)
        again = Graph(stripped.show, stripped.nodes.values(), stripped.stored, main=graph.main).at(moment)
        for persona, message in MESSAGES:
            found = [_everything(view, show, persona, message) for view in (graph.at(moment), again)]
            assert found[0] == found[1]


def _everything(view: Graph, show: Show, persona: str, message: str) -> tuple:
    mentions = Linker(view, show).link(message, persona)
    asks = understand(message, mentions, persona, view)
    return mentions, asks, retrieve(view, mentions, asks, persona)


def test_ids_are_slugs_and_content_hashes():
    assert node_id("Monica Geller") == "monica_geller"
    assert node_id("Élodie O'Hara") == "elodie_ohara"
    assert node_id("Иван Петрович") == "иван_петрович"
    assert fact_id("a", "sibling", "b") == fact_id("a", "sibling", "b") != fact_id("b", "sibling", "a")


def test_a_fact_about_nobody_is_refused():
    with pytest.raises(BadInput, match="no node 'b'"):
        Graph("x", [Node("a", "person", "A")], [Fact("1", "a", "sibling", "b")])


def test_a_cycle_in_the_family_ends_the_closure():
    people = [Node(i, "person", i.upper()) for i in "abc"]
    ring = [Fact(i, i, "parent_of", j) for i, j in ("ab", "bc", "ca")]
    graph = Graph("x", people, ring)
    assert all(f.subject != f.object for f in graph.facts)


def test_the_network_holds_every_fact(graph: Graph):
    assert graph.network.number_of_edges() == len(graph.facts)
    assert graph.network.nodes["=chef"]["type"] == "literal"


# --- the file


def test_a_graph_survives_its_file_and_is_written_the_same_twice(graph: Graph, tmp_path: Path):
    first, second = tmp_path / "a.json.gz", tmp_path / "b.json.gz"
    save_graph(graph, first)
    loaded = read_graph(first)
    assert loaded.nodes == graph.nodes and loaded.stored == graph.stored
    save_graph(loaded, second)
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes()[4:8] == b"\0\0\0\0"  # no time stamp


def _document(path: Path, change: dict) -> Path:
    document = {"format": "canon-graph", "version": 1, "show": "x", "nodes": [], "facts": [], "retired": []} | change
    path.write_bytes(gzip.compress(json.dumps(document).encode()))
    return path


NODE = {"id": "a", "type": "person", "name": "A"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 99}, "newer"),
        ({"version": "1"}, "newer"),
        ({"format": "other"}, "not a graph file"),
        ({"nodes": {}}, "'nodes' must be a list"),
        ({"nodes": [{"id": "a"}]}, "lacks 'type'"),
        ({"nodes": [NODE | {"typ": "person"}]}, "unknown field 'typ'"),
        ({"nodes": [NODE | {"type": "persona"}]}, "must be one of"),
        ({"nodes": [NODE | {"aliases": ["A"]}]}, "aliases"),
        ({"nodes": [NODE | {"gender": 1}]}, "wrong type"),
        ({"facts": [{"id": "1", "subject": "a", "relation": "sibling", "object": "b"}]}, "no node 'a'"),
        ({"facts": [{"id": "1", "subject": "a", "relation": "sibing", "object": "b"}]}, "did you mean 'sibling'"),
    ],
)
def test_a_broken_file_is_one_clear_error(tmp_path: Path, change: dict, message: str):
    path = _document(tmp_path / "graph.json.gz", change)
    with pytest.raises(BadFile, match=r"graph\.json\.gz") as error:
        read_graph(path)
    assert message in str(error.value)


def test_a_truncated_file_is_one_clear_error(graph: Graph, tmp_path: Path):
    path = tmp_path / "graph.json.gz"
    save_graph(graph, path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(BadFile, match="truncated"):
        read_graph(path)
    path.write_bytes(b"hello")
    with pytest.raises(BadFile, match="truncated"):
        read_graph(path)


def test_the_built_graph_goes_before_the_shipped_one(
    graph: Graph, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("CANON_BUILD", str(tmp_path))
    with pytest.raises(NotFound, match="python -m kg build sitcom"):
        load_graph(show)
    shipped, built = show.folder / "graph.json.gz", tmp_path / "sitcom" / "graph.json.gz"
    save_graph(graph.at("S01E01"), shipped)
    try:
        assert len(load_graph(show).stored) == len(graph.at("S01E01").stored)
        save_graph(graph, built)
        assert load_graph(show).stored == graph.stored
        assert load_graph(show).main == graph.main
        assert str(built) in capsys.readouterr().err
    finally:
        shipped.unlink()


def test_curated_facts_can_be_left_out():
    people = [Node(i, "person", i.upper()) for i in "abc"]
    right = Fact("1", "a", "spouse", "b", extractor="curated")
    wrong = Fact("2", "a", "spouse", "c", extractor="pattern")
    assert without_curated(Graph("x", people, [right], [wrong])).stored == (wrong,)


def test_who_doesnt_know_yet_what_concerns_him_doesnt_know_it_in_a_stripped_graph_either(graph):
    """A secret about somebody: stripping away that he learns of it later must not make him know."""
    secret = Fact("s", "rachel_green", "likes", "ross_geller", revealed="S01E24", known_by={"ross_geller": "S02E07"})
    whole = Graph(graph.show, graph.nodes.values(), [*graph.stored, secret], main=graph.main)
    for moment, knows in (("S02E05", False), ("S02E07", True)):
        direct, twice = whole.at(moment, "ross_geller"), whole.at(moment).at(moment, "ross_geller")
        assert [f.id for f in direct.stored] == [f.id for f in twice.stored]
        assert ("s" in {f.id for f in direct.stored}) is knows
