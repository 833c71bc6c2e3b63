"""Curated facts laid over an extracted graph."""

from pathlib import Path

import pandas as pd
import pytest

from kg.corrections import apply
from kg.graph import Graph
from kg.store import without_curated
from parsing.errors import BadFile
from parsing.manifest import Show

HEADER = (
    "action,subject,subject_type,relation,object,object_type,polarity,since,until,revealed,known_by,evidence,comment\n"
)


@pytest.fixture
def corrected(graph: Graph, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))

    def run(*rows: str) -> Graph:
        path = tmp_path / "corrections.csv"
        path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
        return apply(graph, show, path)

    return run


def test_a_fact_is_added_and_marked(corrected):
    graph = corrected("add,Joey Tribbiani,person,sibling,Gina Tribbiani,person,,,,S03E11,main,S03E11.05.012,")
    (fact,) = graph.holding("joey_tribbiani", "sibling")
    assert (fact.object, fact.extractor, fact.confidence) == ("gina_tribbiani", "curated", 1.0)
    assert fact.known_by["ross_geller"] == "S03E11" and len(fact.known_by) == 6
    node = graph.nodes["gina_tribbiani"]
    assert (node.revealed, [a.text for a in node.aliases]) == ("S03E11", ["Gina"])


def test_the_episode_of_the_evidence_is_when_it_is_revealed(corrected):
    graph = corrected("add,Joey Tribbiani,person,lives_in,New York,place,,,,,,S02E03.01.004,")
    assert [f.revealed for f in graph.holding("joey_tribbiani", "lives_in")] == ["S02E03"]


def test_who_learns_it_later_is_named_with_the_episode(corrected):
    graph = corrected("add,Ross Geller,person,likes,Rachel Green,person,,,,S01E01,Chandler@S01E03; Joey@s1e4,,")
    (fact,) = graph.holding("ross_geller", "likes")
    assert fact.known_by == {"chandler_bing": "S01E03", "joey_tribbiani": "S01E04"}


def test_a_curated_spouse_takes_the_place_of_an_extracted_one(corrected):
    graph = corrected("add,Chandler Bing,person,spouse,Janice,person,,S07E24,,S07E24,,,")
    assert [f.object for f in graph.holding("chandler_bing", "spouse")] == ["janice"]
    assert graph.holding("monica_geller", "spouse") == ()
    assert [(f.subject, f.object) for f in graph.retired] == [("monica_geller", "chandler_bing")]
    assert [f.object for f in without_curated(graph).holding("monica_geller", "spouse")] == ["chandler_bing"]


def test_spouses_one_after_the_other_are_no_conflict(corrected):
    graph = corrected("add,Ross Geller,person,spouse,Rachel Green,person,,S05E24,S06E05,S05E24,main,,")
    assert graph.retired == ()
    assert {f.object for f in graph.facts_from("ross_geller", "spouse")} == {"carol_willick", "rachel_green"}


def test_a_wrong_fact_is_retired_whichever_end_is_named(corrected):
    graph = corrected("remove,Ross Geller,person,child_of,Jack Geller,person,,,,,,,")
    assert {f.object for f in graph.holding("ross_geller", "child_of")} == {"judy_geller"}
    assert [f.subject for f in graph.retired] == ["jack_geller"]


def test_replacing_retires_all_of_a_subject_and_relation(corrected):
    graph = corrected("replace,Monica Geller,person,job,head chef,text,,,,S01E01,main,,")
    assert [f.object for f in graph.holding("monica_geller", "job")] == ["head chef"]
    assert [f.object for f in graph.retired] == ["chef"]


def test_a_nickname_becomes_an_alias_from_its_episode_on(corrected):
    graph = corrected("add,Chandler Bing,person,nickname,Toby,text,,,,S03E05,,,")
    assert "Toby" in {a.text for a in graph.nodes["chandler_bing"].aliases}
    assert "Toby" not in {a.text for a in graph.at("S03E04").nodes["chandler_bing"].aliases}


def test_a_negative_fact_and_a_gender(corrected):
    graph = corrected(
        "add,Chandler Bing,person,sibling,,person,false,,,S01E01,,,",
        "add,Gina,person,gender,female,text,,,,S03E11,,,",
    )
    (fact,) = graph.facts_from("chandler_bing", "sibling")
    assert not fact.polarity and fact.object == ""
    assert graph.nodes["gina"].gender == "female"


def test_all_who_are_present_know_it(corrected, tmp_path: Path):
    folder = tmp_path / "build" / "sitcom"
    folder.mkdir(parents=True)
    rows = pd.DataFrame({"id": ["S02E03.01.004"], "present": [["Ross Geller", "Phoebe Buffay"]]})
    rows.to_parquet(folder / "utterances.parquet")
    graph = corrected("add,Joey Tribbiani,person,likes,pizza,text,,,,,present,S02E03.01.004,")
    (fact,) = [f for f in graph.holding("joey_tribbiani", "likes") if f.object == "pizza"]
    assert fact.known_by == {"phoebe_buffay": "S02E03", "ross_geller": "S02E03"}
    with pytest.raises(BadFile, match="is no utterance of the transcripts"):
        corrected("add,Joey Tribbiani,person,likes,pizza,text,,,,,present,S02E03.01.005,")


def test_applying_twice_changes_nothing(corrected, show: Show, tmp_path: Path):
    once = corrected("add,Chandler Bing,person,spouse,Janice,person,,S07E24,,S07E24,,,")
    again = apply(once, show, tmp_path / "corrections.csv")
    assert again.stored == once.stored and again.retired == once.retired


def test_a_show_without_corrections_keeps_its_graph(graph: Graph, show: Show):
    assert apply(graph, show) is graph


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("add,Ross,person,siblings,Monica,person,,,,S01E01,,,", "did you mean 'sibling'"),
        ("add,Ross Geller,person,sibling,Joey,person,,,,S11E01,,,", "no season 11"),
        ("add,Ross Geller,person,sibling,Joey,person,,,,banana,,,", "'banana' is no episode"),
        ("add,Ross Geller,person,sibling,Joey,person,,,,,,S1.2.3,", "no utterance id"),
        ("add,Ross Geller,person,sibling,Joey,person,,,,,,,", "needs 'revealed'"),
        ("add,Ross Geller,person,sibling,Joey,place,,,,S01E01,,,", "object_type 'place'"),
        ("add,Ross Geller,person,sibling,Joey,person,perhaps,,,S01E01,,,", "polarity"),
        ("add,Ross Geller,person,sibling,Joey,person,,S02E01,S01E01,S01E01,,,", "must come after"),
        ("add,Ross Geller,person,sibling,Joey,person,,,,S01E01,Zelda@S01E01,,", "Zelda"),
        ("add,Ross Geller,person,likes,pizza,text,,,,S01E01,present,S01E01.01.001,", "needs the transcripts"),
        ("delete,Ross Geller,person,sibling,Joey,person,,,,S01E01,,,", "action 'delete'"),
        ("remove,Ross Geller,person,sibling,Joey Tribbiani,person,,,,,,,", "to remove"),
        ("add,Ross Geller,person,sibling", "too few or too many columns"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(corrected, row: str, message: str):
    with pytest.raises(BadFile, match=r"corrections\.csv, line 2") as error:
        corrected(row)
    assert message in str(error.value)


def test_wrong_columns_are_named(graph: Graph, show: Show, tmp_path: Path):
    path = tmp_path / "corrections.csv"
    path.write_text("subject,relation\n", encoding="utf-8")
    with pytest.raises(BadFile, match="line 1: missing or unknown columns action"):
        apply(graph, show, path)


def test_two_spellings_of_a_firm_are_one_node_named_as_the_later_row_has_it(corrected):
    row = "add,{},person,works_at,{},organisation,,,,{},main,{}.05.012,"
    graph = corrected(
        row.format("Joey Tribbiani", "Bloomingdale", "S04E02", "S04E02"),
        row.format("Monica Geller", "Bloomingdale's", "S03E12", "S03E12"),
    )
    firms = [n for n in graph.nodes.values() if "loomingdale" in n.name]
    assert [(n.name, n.revealed) for n in firms] == [("Bloomingdale's", "S03E12")]


def test_a_kind_of_event_makes_an_event_with_its_roles(corrected):
    graph = corrected("add,Ross Geller,person,kiss,Joey Tribbiani,person,,S02E24,,S02E24,main,,")
    (event,) = (n for n in graph.nodes.values() if n.id == "kiss_s02e24_ross_geller_joey_tribbiani")
    roles = {f.relation: f.object for f in graph.facts_about(event.id)}
    assert roles == {
        "event_kind": "kiss", "in_episode": "S02E24", "agent": "ross_geller", "patient": "joey_tribbiani"
    }  # fmt: skip
    assert {f.extractor for f in graph.facts_about(event.id)} == {"curated"}
    assert event.id not in graph.at("S02E23").nodes


def test_what_happened_before_the_series_has_no_episode(corrected):
    graph = corrected("add,Joey Tribbiani,person,graduation,,,,before,,S03E01,main,,")
    roles = {f.relation for f in graph.facts_about("graduation_joey_tribbiani")}
    assert roles == {"event_kind", "agent"}


def test_a_curated_event_takes_the_place_of_the_extracted_one(corrected):
    graph = corrected("add,Rachel Green,person,breakup,Ross Geller,person,,S03E15,,S03E15,main,,")
    assert {f.subject for f in graph.retired} == {"e2"}
    assert {f.extractor for f in graph.facts_about("breakup_s03e15_rachel_green_ross_geller")} == {"curated"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("add,,person,kiss,Joey Tribbiani,person,,S02E24,,S02E24,,,", "an event needs a subject"),
        ("add,Ross Geller,place,kiss,,,,S02E24,,S02E24,,,", "subject_type 'place' of kiss must be one of person"),
        ("add,Ross Geller,person,kiss,2,number,,S02E24,,S02E24,,,", "object_type 'number' of kiss must be one of"),
        ("add,Ross Geller,person,kiss,,,,S11E01,,,,,", "no season 11"),
    ],
)
def test_a_wrong_event_is_named_with_its_line(corrected, row, message):
    with pytest.raises(BadFile, match=f"line 2: .*{message}"):
        corrected(row)
