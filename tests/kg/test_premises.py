"""What a question takes for granted beyond its noun phrases, and that it is put right."""

import pytest

from kg.answers import resolve
from kg.graph import Graph
from kg.linking import Linker
from kg.questions import understand
from kg.types import Answer, Fact
from kg.wording import answer_sentence
from parsing.manifest import load_show


@pytest.fixture(scope="module")
def family(graph: Graph) -> Graph:
    """The sitcom, with a mother of Ben."""
    mother = Fact(
        "m1",
        "carol_willick",
        "parent_of",
        "ben_geller",
        since="S01E23",
        revealed="S01E23",
        known_by={"ross_geller": "S01E23"},
    )
    return Graph("friends", graph.nodes.values(), [*graph.stored, mother], main=graph.main)


def answered(graph: Graph, message: str, speaker: str, as_of: str) -> list[tuple[Answer, str]]:
    seen = graph.at(as_of, speaker)
    mentions = Linker(seen, load_show("friends")).link(message, speaker)
    answers = [(ask, resolve(seen, ask)) for ask in understand(message, mentions, speaker, seen)]
    return [(answer, answer_sentence(seen, ask, answer, speaker)) for ask, answer in answers]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("How old is the little girl you had with Rachel?", "I don't have any daughters with Rachel."),
        ("Do you ever see the kid you've got with Phoebe?", "I don't have any children with Phoebe."),
        ("How do you like working as a nurse?", "I'm not a nurse."),
        ("Are you glad that you became a lawyer?", "I'm not a lawyer."),
    ],
)
def test_what_is_not_so_is_put_right(family: Graph, message: str, said: str) -> None:
    found = [(a.status, text) for a, text in answered(family, message, "ross_geller", "S03E01")]
    assert any(status == "false_premise" and said in text for status, text in found), found


@pytest.mark.parametrize("message", ["How is the son you had with Carol?", "Do you like working as a paleontologist?"])
def test_what_is_so_is_left_alone(family: Graph, message: str) -> None:
    assert not [a for a, _ in answered(family, message, "ross_geller", "S09E01") if a.status == "false_premise"]


def test_of_the_users_sister_nothing_is_presumed(family: Graph) -> None:
    assert not answered(family, "My sister works as a nurse.", "ross_geller", "S03E01")


@pytest.mark.parametrize("said", ["How's your kid brother?", "Are your three brothers well?"])
def test_adjectives_of_family_change_nothing(family: Graph, said: str) -> None:
    assert any(a.status == "false_premise" for a, _ in answered(family, said, "ross_geller", "S03E01"))
