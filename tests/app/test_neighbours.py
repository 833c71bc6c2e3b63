"""Who stands next to a node: grouped, the most telling first, and never what comes later."""

import pytest

from app.web.neighbours import FACTS, neighbours
from kg.graph import Graph
from kg.relations import GROUPS, relations
from kg.types import Fact, Node
from parsing.errors import NotFound


def fact(subject: str, relation: str, object_: str, **more: object) -> Fact:
    return Fact(f"{subject}-{relation}-{object_}", subject, relation, object_, **more)  # type: ignore[arg-type]


def names(found: dict[str, object]) -> list[str]:
    return [n["name"] for n in found["neighbours"]]  # type: ignore[attr-defined]


def test_a_tie_is_named_from_the_middle_and_told_once(story: Graph) -> None:
    found = neighbours(story.at("S08E24"), "Ross Geller")
    words = {n["name"]: (n["word"], n["group"], n["holds"]) for n in found["neighbours"]}
    assert words["Monica Geller"] == ("sister", "family", True)
    assert words["Emily Waltham"] == ("ex-wife", "love", False)
    assert neighbours(story.at("S08E24"), "Ben Geller")["neighbours"][0]["word"] == "father"
    assert all(len(n["facts"]) == len({f["sentence"] for f in n["facts"]}) for n in found["neighbours"])


def test_nothing_later_than_the_moment_is_there(story: Graph) -> None:
    early = neighbours(story.at("S04E24"), "Ross")
    assert "Emma Geller" not in names(early)
    emily = next(n for n in early["neighbours"] if n["name"] == "Emily Waltham")
    assert (emily["word"], emily["holds"], emily["facts"][0]["until"]) == ("wife", True, None)
    with pytest.raises(NotFound):
        neighbours(story.at("S04E13"), "Emily Waltham")


def test_a_relation_without_a_name_from_there_comes_in(story: Graph) -> None:
    graph = Graph("friends", story.nodes.values(), [fact("joey_tribbiani", "likes", "rachel_green")], main=story.main)
    (one,) = neighbours(graph, "Rachel Green")["neighbours"]
    assert (one["name"], one["word"], one["incoming"], one["group"]) == ("Joey Tribbiani", "likes", True, "other")


def test_the_most_telling_come_first_and_the_rest_is_counted(story: Graph) -> None:
    cousins = [Node(f"cousin_{n:02}", "person", f"Cousin {n:02}", (), "male", "S01E01") for n in range(50)]
    facts = [*story.stored, *(fact("ross_geller", "cousin", c.id, evidence=("S01E01.01.001",)) for c in cousins)]
    graph = Graph("friends", [*story.nodes.values(), *cousins], facts, main=story.main).at("S10E18")
    found = neighbours(graph, "Ross Geller", 4)
    assert {"Monica Geller", "Ben Geller", "Emma Geller"} <= set(names(found)) and len(names(found)) == 4
    assert found["more"] == len(neighbours(graph, "Ross Geller", 10_000)["neighbours"]) - 4
    groups = [GROUPS.index(n["group"]) for n in found["neighbours"]]
    assert groups == sorted(groups)


def test_literals_are_neighbours_only_where_the_table_groups_them(story: Graph) -> None:
    graph = Graph("friends", story.nodes.values(), [
        fact("ross_geller", "job", "paleontologist", literal=True),
        fact("ross_geller", "nickname", "Red Ross", literal=True),
        fact("ross_geller", "note", "once ate a whole pie", literal=True),
    ])  # fmt: skip
    (one,) = neighbours(graph, "Ross Geller")["neighbours"]
    assert (one["id"], one["key"], one["type"]) == (None, "=paleontologist", "literal")


def test_one_neighbour_brings_few_facts(story: Graph) -> None:
    jobs = ["friend", "roommate", "colleague", "neighbour", "dating", "engaged_to", "likes", "dislikes"]
    facts = [fact("joey_tribbiani", relation, "rachel_green") for relation in jobs]
    (one,) = neighbours(Graph("friends", story.nodes.values(), facts), "Joey Tribbiani")["neighbours"]
    assert len(one["facts"]) == FACTS and one["facts_left_out"] == len(jobs) - FACTS


def test_every_relation_has_a_group() -> None:
    assert {relation.group for relation in relations().values()} == set(GROUPS)
