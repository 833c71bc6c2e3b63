"""When a name is revealed: once it is said aloud, not when its bearer first walks on."""

from dataclasses import replace

import pytest

from kg.build import nodes_of
from kg.graph import Graph
from kg.types import Alias, Fact, Node
from parsing.manifest import CastMember, load_show


@pytest.fixture
def nodes() -> dict[str, Node]:
    """Of a mother on stage in the first episode and called by name in the third."""
    show = load_show("harbor_lights")
    mother = CastMember("Nora Bell", aliases=("Nora", "Mrs. Bell"), gender="female")
    seen = {"nora_bell": ["S01E01", "S01E03"]}
    spoken = {("nora_bell", "Mrs. Bell"): "S01E03", ("nora_bell", "Nora"): "S01E04"}
    return nodes_of(replace(show, cast=(mother,)), (), seen, spoken)


def test_a_person_is_revealed_with_the_first_name_that_is_said(nodes: dict[str, Node]) -> None:
    assert nodes["nora_bell"].revealed == "S01E03"
    assert Alias("Nora", "S01E04") in nodes["nora_bell"].aliases


def test_before_that_no_fact_shows_the_name(nodes: dict[str, Node]) -> None:
    son = Node("tom_bell", "person", "Tom Bell")
    fact = Fact("f1", "nora_bell", "parent_of", "tom_bell", revealed="S01E01")
    graph = Graph("harbor_lights", [son, *nodes.values()], [fact])
    assert not graph.at("S01E02").stored
    assert graph.at("S01E03").stored == (fact,)
