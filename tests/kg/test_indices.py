"""Look-ups in a graph give what a search through all its facts gives."""

import pytest
from sitcom import PEOPLE, THINGS

from kg.answers import resolve
from kg.contradiction import same_object
from kg.graph import Graph
from kg.types import Ask

NODES = (*PEOPLE, *THINGS)


@pytest.mark.parametrize("relation", ["sibling", "parent_of", "lives_in", "job", "works_at", "likes", "spouse"])
@pytest.mark.parametrize("object_", [*NODES, "chef", "actor", "head chef", "nothing of the kind", "a"])
def test_facts_by_their_object(graph: Graph, relation: str, object_: str) -> None:
    found = {f.id for f in graph.with_object(relation, object_) if same_object(f, object_)}
    assert found == {f.id for f in graph.facts if f.relation == relation and same_object(f, object_)}


def test_facts_between_two_nodes(graph: Graph) -> None:
    for a in NODES:
        for b in set(NODES) - {a}:
            searched = [f.id for f in graph.facts if not f.literal and {f.subject, f.object} == {a, b}]
            assert [f.id for f in graph.between(a, b)] == searched
            assert sorted(f.id for f in graph.between(b, a)) == sorted(searched)


def test_events_by_kind_and_participant(graph: Graph) -> None:
    assert graph.events("kiss") == graph.events("kiss", "ross_geller") == ("e1",)
    assert graph.events("kiss", "monica_geller") == graph.events("wedding") == ()


def test_a_name_leads_to_the_first_entity_that_goes_by_it(graph: Graph) -> None:
    assert graph.entity_named("Mon") == graph.nodes["monica_geller"]
    assert graph.entity_named("mon") is None
    assert graph.entity_named("kiss") is None  # an event has a name, and is no entity


def test_who_is_asked_for_by_an_object_that_is_a_literal(graph: Graph) -> None:
    answer = resolve(graph, Ask("job", "", "chef", asked="subject"))
    assert [f.subject for f in answer.facts] == ["monica_geller"]


def test_indexed_builds_every_index_and_gives_the_graph_itself(graph: Graph) -> None:
    view = graph.at("S05E01")
    assert view.indexed() is view
    assert {"_touching", "_from", "_events", "_stating", "_named"} <= set(vars(view))
