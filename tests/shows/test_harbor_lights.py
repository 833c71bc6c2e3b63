"""The mini-series from its transcripts to the bot's answers: built here, anew, into a folder of its own."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import parsing.build
from app.bot import Bot
from app.engines.scripted import ScriptedEngine
from app.questions import KINDS, Question, read_questions
from evaluation.extraction import against_gold
from evaluation.factcheck import score
from kg.build import build_graph
from kg.corrections import apply
from kg.graph import Graph
from kg.store import save_graph
from parsing.manifest import Show, build_dir, load_show
from parsing.tables import load_utterances

OFF_STAGE = ("castle", "Spain", "pirate", "dentist", "lobster", "count", "widow", "submarine", "France")


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Show]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANON_BUILD", str(tmp_path_factory.mktemp("build")))
        show = load_show("harbor_lights")
        parsing.build.build(show)
        yield show


@pytest.fixture(scope="module")
def lines(show: Show) -> pd.DataFrame:
    return load_utterances("harbor_lights")


@pytest.fixture(scope="module")
def extracted(show: Show) -> Graph:
    graph = build_graph(show)
    save_graph(apply(graph, show), build_dir(show) / "graph.json.gz")
    return graph


@pytest.fixture(scope="module")
def graph(show: Show, extracted: Graph) -> Graph:
    return apply(extracted, show)


def holding(graph: Graph, subject: str, relation: str) -> set[str]:
    return {graph.name(f.object) if not f.literal else f.object for f in graph.holding(subject, relation)}


# --- parsing


def test_twelve_episodes_in_two_seasons(lines: pd.DataFrame) -> None:
    assert len(lines) == 281
    assert lines["episode"].nunique() == 12 and set(lines["season"]) == {1, 2}


def test_a_misspelt_cue_is_nora_s(lines: pd.DataFrame) -> None:
    (row,) = lines[lines["speaker_raw"] == "NORRA"].to_dict("records")
    assert (row["speaker"], row["cue"]) == ("Nora Vale", "misspelt")


def test_a_joint_line_belongs_to_both(lines: pd.DataFrame) -> None:
    (row,) = lines[lines["speaker_raw"] == "NORA AND BEN"].to_dict("records")
    assert sorted(row["speakers"]) == ["Ben Vale", "Nora Vale"]


def test_the_dream_and_the_play_are_no_part_of_the_story(lines: pd.DataFrame) -> None:
    assert Counter(lines["reality"]) == {"canon": 271, "performance": 6, "imagined": 4}


def test_who_comes_in_is_there_from_then_on(lines: pd.DataFrame) -> None:
    present = {row["id"]: set(row["present"]) for row in lines.to_dict("records")}
    assert "June Okafor" not in present["S01E03.01.009"]
    assert "June Okafor" in present["S01E03.01.010"]


# --- the graph


def test_the_dream_and_the_play_yield_no_facts(extracted: Graph) -> None:
    scenes = {e.rsplit(".", 1)[0] for f in extracted.stored for e in f.evidence}
    assert not scenes & {"S01E04.02", "S02E02.02"}
    said = " ".join(f"{f.subject} {f.object}" for f in extracted.stored)
    assert not [word for word in OFF_STAGE if word.lower() in said.lower()]


def test_extraction_against_the_gold_facts(show: Show, extracted: Graph) -> None:
    found = against_gold(show)
    assert found["gold"] == 55
    assert found["precision"]["share"] >= 0.95
    assert found["recall"]["hits"] >= 24


def test_the_secret_is_known_to_those_who_heard_it(graph: Graph) -> None:
    def knows(who: str, as_of: str) -> bool:
        return bool(graph.at(as_of, who).facts_from("clara_vale", "dating"))

    assert not knows("june_okafor", "S01E02") and knows("june_okafor", "S01E03")
    assert not knows("ben_vale", "S01E03") and knows("ben_vale", "S01E04")
    assert not knows("nora_vale", "S01E04") and knows("nora_vale", "S01E05")
    assert graph.at("S01E03").facts_from("clara_vale", "dating")  # the viewer


def test_a_fatherhood_as_old_as_the_story_is_not_there_before_it_is_told(graph: Graph) -> None:
    (fact,) = [f for f in graph.facts_from("walt_pike", "parent_of") if f.object == "iris_lund"]
    assert (fact.since, fact.revealed) == ("before", "S02E04")
    assert not holding(graph.at("S02E03"), "walt_pike", "parent_of")
    assert holding(graph.at("S02E04", "june_okafor"), "walt_pike", "parent_of") == {"Iris Lund"}
    assert not holding(graph.at("S02E04", "nora_vale"), "walt_pike", "parent_of")
    assert "edie_vale" not in graph.at("S02E05").nodes


def test_jobs_and_couples_change(graph: Graph) -> None:
    assert holding(graph.at("S01E06"), "nora_vale", "job") == {"lighthouse keeper"}
    assert holding(graph.at("S02E01"), "nora_vale", "job") == {"harbor master"}
    assert holding(graph.at("S01E06"), "ben_vale", "engaged_to") == {"Iris Lund"}
    assert not holding(graph.at("S02E03"), "ben_vale", "engaged_to")
    assert holding(graph.at("S02E03"), "ben_vale", "spouse") == {"Iris Lund"}


def test_the_family_follows(graph: Graph) -> None:
    last = graph.at("S02E06")
    assert "Edie Vale" in holding(last, "nora_vale", "uncle_aunt_of")
    assert "Edie Vale" in holding(last, "walt_pike", "grandparent_of")
    assert "Walt Pike" in holding(last, "ben_vale", "child_in_law_of")


def test_the_shipped_graph_is_what_the_code_builds(graph: Graph) -> None:
    from kg.store import read_graph

    shipped = read_graph(Path(load_show("harbor_lights").folder) / "graph.json.gz")
    assert {f.id for f in shipped.stored} == {f.id for f in graph.stored}


# --- the bot

SHOW = load_show("harbor_lights")
QUESTIONS = read_questions(SHOW.folder / "questions.jsonl", SHOW)


def test_there_are_questions_of_every_kind_for_everybody() -> None:
    kinds = Counter(q.kind for q in QUESTIONS)
    assert len(QUESTIONS) >= 60 and set(kinds) == set(KINDS) and min(kinds.values()) >= 13
    assert {q.persona for q in QUESTIONS} == {m.name for m in SHOW.personas}


@pytest.fixture(scope="module")
def bot(show: Show, graph: Graph) -> Bot:
    """Its engine says nothing that could be sent: what is answered is what the graph decides."""
    return Bot([show], ScriptedEngine(["…"]), graphs={"harbor_lights": graph})


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
async def test_the_bot_answers_as_the_question_wants(bot: Bot, show: Show, question: Question) -> None:
    reply = await bot.reply(question.request(show))
    right, why = score(question, reply.text)
    assert right, f"{question.question} -> {reply.text}: {why}"
