"""Facts drawn for labelling, labelled facts scored, and a graph held against gold facts."""

from pathlib import Path

import pytest
from pier import fact

from evaluation.extraction import LABEL_COLUMNS, against_gold, draw, score_labels
from kg.graph import Graph
from kg.types import Node
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show


def test_facts_are_drawn_over_relations_in_turn_and_curated_ones_apart(show: Show, graph: Graph) -> None:
    drawn = draw(show, 2, seed=7, curated=False)
    assert tuple(drawn.columns) == LABEL_COLUMNS
    assert len(set(drawn.relation)) == 2
    assert drawn.label.isna().all()
    assert set(draw(show, 10, seed=7, curated=False).relation) == {"sibling", "job", "spouse"}
    curated = draw(show, 10, seed=7, curated=True)
    assert curated[["subject", "relation", "object"]].to_numpy().tolist() == [["Bob Ray", "job", "baker"]]


def test_a_rare_relation_is_drawn_as_soon_as_a_common_one(show: Show, graph: Graph, tmp_path: Path) -> None:
    jobs = [fact("ann_lee", "job", word, literal=True) for word in ("cook", "nurse", "vet", "pilot", "judge")]
    many = Graph(show.id, graph.nodes.values(), [*jobs, fact("ann_lee", "sibling", "nora_lee")])
    many.save(tmp_path / "build" / show.id / "graph.json.gz")
    for seed in range(5):
        assert sorted(draw(show, 2, seed, curated=False).relation) == ["job", "sibling"]


def test_the_same_seed_draws_the_same_and_evidence_and_split_go_with_it(show: Show, graph: Graph) -> None:
    first, second = (draw(show, 3, seed=7, curated=False) for _ in range(2))
    assert first.equals(second)
    marriage = first[first.relation == "spouse"].iloc[0]
    assert (marriage.evidence, marriage.split) == ("S02E01.02.003;S02E02.01.001", "train")


def labels(path: Path, *rows: str) -> Path:
    text = "\n".join([",".join(LABEL_COLUMNS), *rows])
    path.write_text(text + "\n", encoding="utf-8")
    return path


def test_labelled_facts_are_scored_by_origin_split_and_relation_and_by_two_passes(tmp_path: Path) -> None:
    path = labels(
        tmp_path / "facts.csv",
        "a,Ann,sibling,Nora,True,S01E01.01.001,pattern,train,right,right,",
        "b,Ann,job,diver,True,S01E04.01.001,pattern,dev,wrong,right,reads a joke",
        "c,Ann,job,cook,True,S01E01.01.002,pattern,train,right,right,",
        "d,Bob,job,baker,True,S01E01.01.003,curated,train,right,,",
        "e,Bob,job,vet,True,S01E01.01.004,pattern,train,wrong,wrong,",
    )
    found = score_labels(path)
    assert found["labels"] == 5
    assert (found["extracted"]["hits"], found["extracted"]["of"]) == (2, 4)
    assert (found["curated"]["hits"], found["curated"]["of"]) == (1, 1)
    assert {k: (v["hits"], v["of"]) for k, v in found["by_split"].items()} == {"train": (2, 3), "dev": (0, 1)}
    assert {k: (v["hits"], v["of"]) for k, v in found["by_relation"].items()} == {"sibling": (1, 1), "job": (1, 3)}
    # labelled twice: 4, agreed 3; by chance 1/2 * 3/4 + 1/2 * 1/4 = 1/2; kappa (3/4 - 1/2) / (1/2)
    assert found["second_pass"]["labels"] == 4
    assert found["second_pass"]["agreed"]["hits"] == 3
    assert found["second_pass"]["kappa"] == pytest.approx(0.5)


def test_without_a_second_pass_there_is_no_agreement(tmp_path: Path) -> None:
    path = labels(tmp_path / "facts.csv", "a,Ann,sibling,Nora,True,S01E01.01.001,pattern,train,right,,")
    assert score_labels(path)["second_pass"]["kappa"] is None


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "a,Ann,sibling,Nora,True,S01E01.01.001,pattern,train,yes,,",
            "line 2: label is 'yes', expected right or wrong",
        ),
        ("a,Ann,sibling,Nora,True,S01E01.01.001,pattern,train,,,", "line 2: label is '', expected right or wrong"),
        ("a,Ann,sibling,Nora,True,S01E01.01.001,pattern,train,right,rigth,", "line 2: label2 is 'rigth'"),
    ],
)
def test_a_label_that_is_none_is_named_with_its_line(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(BadFile, match=message):
        score_labels(labels(tmp_path / "facts.csv", row))


def test_missing_labels_and_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="draw facts with"):
        score_labels(tmp_path / "none.csv")
    (tmp_path / "facts.csv").write_text("fact,label\na,right\n", encoding="utf-8")
    with pytest.raises(BadFile, match="no column comment, evidence, extractor"):
        score_labels(tmp_path / "facts.csv")


def test_the_extracted_graph_is_held_against_gold_facts(show: Show, graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "gold_facts.csv").write_text(
        "subject,relation,object,polarity,since,until,revealed\n"
        "Nora Lee,sibling,Ann Lee,,before,,S01E01\n"  # stored the other way round: found
        "Ann Lee,job,Diver,,before,S02E02,S01E01\n"  # found in any case; its end is another
        "Ann Lee,spouse,Bob Ray,,S02E01,,S02E01\n"
        "Nora Lee,sibling_in_law,Bob Ray,,S02E01,,S02E01\n"  # not stored, but it follows
        "Bob Ray,job,baker,,before,,S01E01\n"  # curated only: not extracted
        "Ann Lee,has_pet,Rex,,before,,S01E01\n",
        encoding="utf-8",
    )
    found = against_gold(show)
    assert found["gold"] == 6
    assert found["recall"]["hits"] == 3
    assert found["recall_with_implied"]["hits"] == 4
    assert (found["precision"]["hits"], found["precision"]["of"]) == (3, 3)
    assert (found["revealed_right"]["hits"], found["since_right"]["hits"], found["until_right"]["hits"]) == (3, 3, 2)


def test_a_wrong_fact_costs_precision_and_a_denial_is_no_assertion(show: Show, graph: Graph, tmp_path: Path) -> None:
    node = Node("rex", "animal", "Rex")
    facts = [fact("ann_lee", "has_pet", "rex"), fact("ann_lee", "sibling", "nora_lee", polarity=False)]
    Graph(show.id, [*graph.nodes.values(), node], facts).save(tmp_path / "build" / show.id / "graph.json.gz")
    (tmp_path / "gold_facts.csv").write_text(
        "subject,relation,object,polarity,since,until,revealed\nAnn Lee,sibling,Nora Lee,true,before,,S01E01\n"
        "Ann Lee,sibling,Nora Lee,false,before,,S01E01\n",
        encoding="utf-8",
    )
    found = against_gold(show)
    assert (found["precision"]["hits"], found["precision"]["of"]) == (1, 2)
    assert found["recall"]["hits"] == 1
