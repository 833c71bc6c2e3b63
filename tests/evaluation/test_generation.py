"""Questions made from a graph: their kinds and keys hold in it, they repeat by seed, and the bot's road is measured."""

from collections import Counter
from pathlib import Path

import pytest

from app.questions import Question, read_questions
from evaluation import generated
from evaluation.factcheck import scorable
from evaluation.generation import KIND_OF, generate
from evaluation.phrasing import names_of
from kg.graph import Graph, load_graph
from kg.relations import relations
from parsing.errors import BadFile, BadInput
from parsing.files import write_jsonl
from parsing.manifest import ROOT, Show, load_show

COUNT = 150


@pytest.fixture(scope="module")
def harbor(tmp_path_factory: pytest.TempPathFactory) -> tuple[Show, Graph]:
    """The mini-series as it is shipped."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANON_BUILD", str(tmp_path_factory.mktemp("build")))
        show = load_show("harbor_lights")
        return show, load_graph(show)


@pytest.fixture(scope="module")
def made(harbor: tuple[Show, Graph], tmp_path_factory: pytest.TempPathFactory) -> list[Question]:
    path = tmp_path_factory.mktemp("made") / "questions.jsonl"
    write_jsonl(path, generate(*harbor, COUNT, 3))
    return list(scorable(read_questions(path, harbor[0]), path))


def test_a_question_file_of_all_kinds_and_categories_comes_out(made: list[Question]) -> None:
    assert len(made) == len({q.id for q in made}) == COUNT
    assert {q.kind for q in made} == {"fact", "future", "unknown", "false"}
    assert set(Counter(q.category for q in made)) == set(KIND_OF)
    assert all(KIND_OF[q.category] == q.kind for q in made)
    assert sum(bool(q.history) for q in made) > 10


def test_the_same_seed_makes_the_same_questions_and_another_others(harbor: tuple[Show, Graph]) -> None:
    assert generate(*harbor, 40, 3) == generate(*harbor, 40, 3)
    assert generate(*harbor, 40, 3) != generate(*harbor, 40, 4)


def test_what_is_asked_as_a_fact_is_known_to_the_persona_then(harbor: tuple[Show, Graph], made: list[Question]) -> None:
    _, graph = harbor
    for q in (q for q in made if q.kind == "fact"):
        view = graph.at(q.as_of, graph.find(q.persona).id)
        (subject, relation, object_) = q.needs[0]
        facts = view.facts_from(view.find(subject).id, relation)
        assert object_ in {view.name(f.object) for f in facts if view.now(f)}, q.id


def test_what_must_not_be_said_is_hidden_from_the_persona_then(
    harbor: tuple[Show, Graph], made: list[Question]
) -> None:
    _, graph = harbor
    for q in (q for q in made if q.kind == "future"):
        view = graph.at(q.as_of, graph.find(q.persona).id)
        known = {n for r in relations() for f in view.facts_from(view.find(q.persona).id, r) for n in names_of(view, f)}
        if q.category == "future" and " your " in q.question:
            assert known.isdisjoint(q.must_not) or q.gold, q.id
        assert q.must_not and not set(q.must_not) & set(q.gold), q.id
        assert not any(f" {name} " in q.question for name in q.must_not), q.id


def test_no_slot_is_left_open_and_pronouns_lean_on_a_first_turn(made: list[Question]) -> None:
    assert not [q.question for q in made if "{" in q.question or q.question[0].islower()]
    pronouns = [q for q in made if set(q.question.lower().strip("?.").split()) & {"he", "she", "his", "her"}]
    assert pronouns and all(q.history for q in pronouns)


def test_a_graph_with_too_little_says_what_it_has(show: Show, graph: Graph) -> None:
    with pytest.raises(BadInput, match=r"the graph of pier gives \d+ questions, not 5000 \(past presence \d+, "):
        generate(show, graph, 5000, 1)


def test_the_files_that_are_shipped_can_be_asked() -> None:
    for name, least in (("friends", 200), ("the_office", 150)):
        show = load_show(name)
        path = ROOT / "evaluation" / "questions" / f"{name}_generated.jsonl"
        assert len(scorable(read_questions(path, show), path)) >= least


def test_labels_are_of_the_drawn_sample_and_their_share_is_counted(tmp_path: Path) -> None:
    found = generated.measure()
    assert found["right"]["of"] == 60
    assert found["right"]["hits"] + sum(found["errors"].values()) == 60
    (tmp_path / "l.csv").write_text("id,label,note\na-g1,right,\na-g2,wrng,\n", encoding="utf-8")
    with pytest.raises(BadFile, match=r"l\.csv, line 3: label 'wrng', expected right, key, wording"):
        generated.measure(tmp_path / "l.csv")
