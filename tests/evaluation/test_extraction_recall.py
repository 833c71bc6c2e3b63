"""Recall against facts from elsewhere: names and relations mapped, what counts as found, and what the fit learns."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pier import fact

from evaluation import fandom, reference
from evaluation.ablation import stored_only
from evaluation.extraction import LABEL_COLUMNS, score_labels
from evaluation.kinship import GoldFact, bare, known_as, read_gold, spoken_form
from evaluation.pooling import couples, logistic
from evaluation.throughput import _interleaved
from kg.graph import Graph
from kg.types import Node
from parsing.errors import BadFile, NotFound

LINES = [
    "Ann Lee||Nora Lee||sister",
    "Nora Lee||Ann Lee||sister",
    "Ann Lee||Bob Ray||ex-husband",
    "Ann Lee||† Iris Lee Sr. (born Dale)||paternal_grandmother",
    "Bob Ray||Pier Museum||employer",
    "Ann Lee||Female||gender",
    "Ann Lee||Rita||imaginary_sister",
]


def gold(tmp_path: Path, *lines: str) -> list[GoldFact]:
    path = tmp_path / "triples.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_gold(path)


def test_relation_words_are_turned_to_the_direction_the_graph_stores_and_counted_once(tmp_path: Path) -> None:
    assert gold(tmp_path, *LINES) == [
        GoldFact("Ann Lee", "sibling", "Nora Lee"),
        GoldFact("Ann Lee", "spouse", "Bob Ray"),
        GoldFact("Iris Lee Sr.", "grandparent_of", "Ann Lee"),
        GoldFact("Bob Ray", "works_at", "Pier Museum"),
    ]
    assert [f.group for f in gold(tmp_path, *LINES)] == ["family", "couple", "family", "employer"]


def test_a_gold_file_of_another_form_or_none_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="line 2: expected subject"):
        gold(tmp_path, LINES[0], "Ann Lee|sister|Nora Lee")
    with pytest.raises(NotFound, match="CANON_DATA"):
        read_gold(tmp_path / "none.txt")


@pytest.mark.parametrize(
    ("name", "spoken"), [("Ann Lee", "Ann"), ("Mr. Ray", "Mr. Ray"), ("Dr. Amy Ray", "Dr. Amy"), ("", "")]
)
def test_the_words_by_which_lines_name_somebody(name: str, spoken: str) -> None:
    assert spoken_form(bare(name)) == spoken


def test_a_pages_name_means_who_has_it_as_name_or_alias_and_no_namesake(graph: Graph) -> None:
    assert known_as(graph, "ann lee") == known_as(graph, "Ann") == {"ann_lee"}
    assert known_as(graph, "Ann Lee-Ray") == known_as(graph, "Ann Marie Lee") == {"ann_lee"}
    assert known_as(graph, "Ann Dale") == known_as(graph, "Lee Ann") == set()


def table(*texts: str) -> pd.DataFrame:
    return pd.DataFrame({"text": texts, "reality": ["canon"] * len(texts)})


def test_recall_counts_facts_whose_names_are_near_and_sorts_what_is_missed(graph: Graph, tmp_path: Path) -> None:
    facts = gold(tmp_path, *LINES, "Nora Lee||Bob Ray||boyfriend", "Ann Lee||Zed||cousin")
    where = fandom.spoken(table("Ann!", "Where is Nora?", "With her husband.", "Bob.", *["Well."] * 4, "Nora?"), facts)
    assert where.near(GoldFact("Ann Lee", "sibling", "Nora Lee")) == (0, 1)
    found = fandom.recall(graph, facts, where)
    assert (found["near"]["hits"], found["near"]["of"]) == (2, 3)  # sister, ex-husband; not the boyfriend
    assert (found["family"]["of"], found["couple"]["of"], found["employer"]["of"]) == (1, 2, 0)
    assert found["missed"] == {"another relation between the two": 1}  # her brother-in-law


def test_names_four_utterances_apart_are_not_near(tmp_path: Path) -> None:
    facts = gold(tmp_path, LINES[0])
    assert fandom.spoken(table("Ann.", "", "", "Nora."), facts).near(facts[0]) == (0, 3)
    assert fandom.spoken(table("Ann.", "", "", "", "Nora."), facts).near(facts[0]) is None


def curated(*found: object) -> Graph:
    people = [Node(i, "person", i.replace("_", " ").title()) for i in ("ann_lee", "nora_lee", "bob_ray")]
    return Graph("pier", [*people, Node("the_pier", "place", "the pier")], found)  # type: ignore[arg-type]


def test_curated_facts_are_found_by_ends_and_by_the_words_of_literals() -> None:
    common = {"extractor": "curated"}
    shipped = curated(
        fact("ann_lee", "likes", "the cheesecakes", literal=True, **common),
        fact("ann_lee", "likes", "boats", "S01E04", literal=True, **common),
        fact("nora_lee", "lives_in", "the_pier", **common),
        fact("ann_lee", "sibling", "nora_lee", **common),
    )
    extracted = curated(fact("ann_lee", "likes", "cheesecake", literal=True), fact("nora_lee", "sibling", "ann_lee"))
    found = reference.recall_of(shipped, extracted, ["S01E01", "S01E02", "S01E03", "S01E04"])
    assert (found["all"]["hits"], found["all"]["of"]) == (2, 4)
    assert {s: (v["hits"], v["of"]) for s, v in found["by_split"].items()} == {"train": (2, 3), "dev": (0, 1)}
    assert {r: (v["hits"], v["of"]) for r, v in found["by_relation"].items()} == {
        "likes": (1, 2), "lives_in": (0, 1), "sibling": (1, 1),
    }  # fmt: skip
    assert {f.object for f in reference.missed(shipped, extracted, ["S01E01"], "train")} == {"the_pier"}


def test_labels_are_scored_on_what_the_graph_still_holds_and_by_how_sure_it_is(graph: Graph, tmp_path: Path) -> None:
    rows = [
        "a,Ann Lee,sibling,Nora Lee,True,S01E01.01.001,pattern,train,right,right,",
        "b,Ann Lee,job,diver,True,S01E01.01.001,pattern,train,wrong,wrong,",
        "c,Ann Lee,job,pilot,True,S01E01.01.002,pattern,train,wrong,wrong,",
    ]
    path = tmp_path / "facts.csv"
    path.write_text("\n".join([",".join(LABEL_COLUMNS), *rows]) + "\n", encoding="utf-8")
    found = score_labels(path, graph)
    assert (found["labels"], found["extracted"]["of"], found["extracted"]["hits"]) == (3, 2, 1)
    assert (found["dropped"]["of"], found["dropped"]["hits"]) == (1, 0)
    assert sum(b["of"] for b in found["reliability"]) == 2


def test_a_graph_of_stored_facts_only_implies_nothing(graph: Graph) -> None:
    assert len(graph.facts) > len(graph.stored)
    assert stored_only(graph).facts == graph.stored
    assert not stored_only(graph).facts_from("nora_lee", "sibling")


def test_a_couple_is_one_in_the_graph_unless_an_earlier_fit_made_it(graph: Graph) -> None:
    assert couples(graph) == {("ann_lee", "bob_ray")}
    pooled = Graph("pier", graph.nodes.values(), [fact("ann_lee", "dating", "bob_ray", extractor="pooled")])
    assert couples(pooled) == set()


def test_logistic_regression_finds_the_feature_that_decides() -> None:
    x = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 0.0], [0.0, 1.0]] * 10)
    weights = logistic(x, x[:, 0])
    assert weights[0] > 2.0 and abs(weights[1]) < 1e-6
    assert weights.tolist() == logistic(x, x[:, 0]).tolist()


def test_tasks_take_turns() -> None:
    order: list[str] = []
    taken = _interleaved({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 2)
    assert order == ["a", "b", "a", "b"]
    assert {name: len(seconds) for name, seconds in taken.items()} == {"a": 2, "b": 2}
