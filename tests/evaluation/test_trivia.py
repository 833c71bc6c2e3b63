"""Options of a quiz are ranked by what the graph says of the question."""

from pathlib import Path

import pytest

from evaluation.trivia import Ranker, read_quiz
from kg.graph import Graph, load_graph
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show


def test_the_graph_ranks_the_option_that_its_facts_say(show: Show, graph: Graph) -> None:
    ranker = Ranker(load_graph(show).at(show.last_episode), show)
    assert ranker.best("Who is Ann's sister?", ["Walt", "Nora", "June", "Iris"]) == 1
    assert ranker.best("Who is Ann's sister?", ["Walt", "Owen", "June", "Iris"]) is None  # nothing speaks for any
    assert ranker.best("Who is Ann's sister?", ["Nora", "Nora", "June", "Iris"]) is None  # a tie decides nothing


@pytest.mark.parametrize(
    "text", ["", "{}", '[{"question": "?"}]', '[{"question": "?", "options": ["a"], "answer": 1}]']
)
def test_a_broken_quiz_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "quiz.json"
    with pytest.raises(NotFound, match="no quiz at"):
        read_quiz(path)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match="expected a list of questions"):
        read_quiz(path)
