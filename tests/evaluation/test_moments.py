"""Statements of what holds when and who knows it, held against a graph whose answers can be read off."""

from pathlib import Path

import pytest
from pier import fact

from evaluation.moments import LABELS, Moment, gold_moments, measure, read_labels, run, says
from kg.graph import Graph
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show, load_show

HEAD = "aspect,subject,relation,object,as_of,holds,knower,evidence,says\n"


@pytest.mark.parametrize(
    ("aspect", "relation", "object_", "as_of", "says_so"),
    [
        ("since", "spouse", "Bob Ray", "S02E01", True),
        ("since", "spouse", "Bob Ray", "S01E02", False),
        ("revealed", "spouse", "Bob Ray", "S01E02", False),
        ("since", "job", "diver", "S01E02", True),
        ("until", "job", "diver", "S02E01", False),
        ("revealed", "job", "diver", "S02E01", True),
        ("since", "spouse", "*", "S02E01", True),
        ("since", "spouse", "Nobody Known", "S02E01", False),
    ],
)
def test_a_statement_is_read_off_the_graph_as_of_its_episode(
    graph: Graph, aspect, relation: str, object_: str, as_of: str, says_so: bool
) -> None:
    assert says(graph, Moment(aspect, "Ann Lee", relation, object_, as_of, True)) is says_so


def test_who_it_concerns_knows_and_others_when_they_learn(graph: Graph) -> None:
    learnt = Graph(
        "pier", graph.nodes.values(), [fact("ann_lee", "sibling", "nora_lee", known_by={"bob_ray": "S01E02"})]
    )
    told = [
        says(learnt, Moment("knows", "Ann Lee", "sibling", "Nora Lee", e, True, "Bob Ray"))
        for e in ("S01E01", "S01E02")
    ]
    assert told == [False, True]
    assert says(learnt, Moment("knows", "Ann Lee", "sibling", "Nora Lee", "S01E01", True, "Nora Lee"))


def test_shares_causes_and_what_an_empty_graph_gets(graph: Graph) -> None:
    moments = [
        Moment("since", "Ann Lee", "spouse", "Bob Ray", "S02E01", True),
        Moment("since", "Ann Lee", "spouse", "Bob Ray", "S01E02", True),
        Moment("until", "Ann Lee", "sibling", "Nora Lee", "S02E01", False),
        Moment("since", "Ann Lee", "dating", "Bob Ray", "S01E01", False),
    ]
    found = measure(graph, moments)
    assert (found["all"]["hits"], found["all"]["of"], found["empty_graph"]["hits"]) == (2, 4, 2)
    assert found["causes"] == {"no end, or too late a one": 1, "revealed too late": 1}


def test_bad_labels_name_line_and_column(show: Show, tmp_path: Path) -> None:
    path = tmp_path / "moments.csv"
    with pytest.raises(NotFound, match="no statements at"):
        read_labels(path, show)
    for row, what in (
        ("when,Ann Lee,job,diver,S01E01,yes,,x,", "line 2: aspect is 'when'"),
        ("since,Ann Lee,job,diver,S01E01,maybe,,x,", "line 2: holds is 'maybe'"),
        ("knows,Ann Lee,job,diver,S01E01,yes,,x,", "line 2: a statement has a knower"),
        ("since,Ann Lee,jobb,diver,S01E01,yes,,x,", "line 2: no relation 'jobb'"),
    ):
        path.write_text(HEAD + row + "\n", encoding="utf-8")
        with pytest.raises(BadFile, match=what):
            read_labels(path, show)


def test_the_committed_statements_are_of_development_episodes_and_as_many_as_promised() -> None:
    moments = read_labels(LABELS, load_show("friends"))
    assert sum(m.aspect == "knows" for m in moments) == 30
    assert sum(m.aspect != "knows" for m in moments) == 60
    assert all(int(e[4:6]) % 8 == 4 for m in moments for e in m.evidence.split(";"))


def test_the_mini_series_with_its_corrections_is_exactly_its_gold(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CANON_BUILD", str(tmp_path))
    harbor = load_show("harbor_lights")
    result = run(harbor)
    assert result["statements"] == len(gold_moments(harbor)) > 1000
    assert result["curated"]["failures"] == []
    assert result["curated"]["all"]["share"] == 1.0
