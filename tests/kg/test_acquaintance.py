"""What somebody is to somebody, and who knows what: as far as the one who is asked can tell."""

import pytest
from sitcom import FACTS, MAIN, lit, make_nodes

from kg.answers import resolve
from kg.graph import Graph
from kg.linking import Linker
from kg.questions import understand
from kg.types import Answer, Ask
from kg.wording import answer_sentence
from parsing.manifest import Show

OVERHEARD = "Rachel found out about Chandler and Monica on the phone."
TIES = """
monica_geller  | S08E24 | Who is Ross to you?                  | My brother is Ross.
monica_geller  | S08E24 | What is Chandler to you?             | I'm married to Chandler.
monica_geller  | S08E24 | How do you know Rachel?              | Rachel is a friend of mine.
monica_geller  | S08E24 | How are you and Ross related?        | My brother is Ross.
joey_tribbiani | S08E24 | Who is Carol to Ross?                | Ross was married to Carol.
joey_tribbiani | S08E24 | Who is Barry to you?                 | I don't know.
"""


@pytest.fixture(scope="module")
def secret() -> Graph:
    """The sitcom with a note: Chandler learns in S05E14 that Rachel overheard him in S05E11."""
    learnt = {"rachel_green": "S05E11", "joey_tribbiani": "S05E11", "chandler_bing": "S05E14"}
    note = lit("rachel_green", "note", OVERHEARD, since="S05E11", revealed="S05E11", known_by=learnt)
    return Graph("sitcom", make_nodes(), [*FACTS, note], main=MAIN)


def answered(message: str, persona: str, graph: Graph, show: Show) -> tuple[Ask, Answer]:
    asks = understand(message, Linker(graph, show).link(message, persona), persona, graph)
    return asks[0], resolve(graph, asks[0])


@pytest.mark.parametrize("line", TIES.strip().splitlines())
def test_what_two_are_to_each_other(line: str, graph: Graph, show: Show):
    persona, as_of, message, said = (part.strip() for part in line.split("|"))
    view = graph.at(as_of)
    ask, answer = answered(message, persona, view, show)
    told = answer_sentence(view, Ask("about", ask.subject), answer, persona)
    assert (told if answer.status == "known" else "I don't know.") == said


def test_what_an_ex_is_to_one_is_told_when_nothing_else_joins_the_two(graph: Graph, show: Show):
    _, answer = answered("Who is Ross to you?", "rachel_green", graph.at("S04E01"), show)
    assert [f.relation for f in answer.facts] == ["dating"]


@pytest.mark.parametrize(
    ("as_of", "knower", "message", "status"),
    [
        ("S05E04", None, "Does Joey know about you and Monica?", "denied"),
        ("S05E05", None, "Does Joey know about you and Monica?", "known"),
        ("S05E13", None, "Does Ross know that you are dating Monica?", "denied"),
        ("S05E14", None, "Does Ross know that you are dating Monica?", "known"),
        ("S05E12", None, "Does Rachel know about you and Monica?", "known"),
        ("S05E12", "chandler_bing", "Does Rachel know about you and Monica?", "denied"),  # she hides it from him
        ("S05E14", "chandler_bing", "Does Rachel know about you and Monica?", "known"),
        ("S08E24", "chandler_bing", "Does Monica know that you are dating Rachel?", "silent"),  # there is no such thing
        ("S04E01", "chandler_bing", "Does Joey know about you and Monica?", "silent"),
    ],
)
def test_who_knows_what(secret: Graph, show: Show, as_of: str, knower: str | None, message: str, status: str):
    ask, answer = answered(message, "chandler_bing", secret.at(as_of, knower), show)
    assert (ask.relation, answer.status) == ("knows", status)
    assert answer.hedged == (status == "denied")


def test_everybody_who_knows_is_named_and_nobody_else(secret: Graph, show: Show):
    ask, answer = answered("Who knows about you and Monica?", "chandler_bing", secret.at("S05E11"), show)
    assert answer.people == ("joey_tribbiani", "rachel_green")
    assert answer_sentence(secret, ask, answer, "chandler_bing") == "Joey and Rachel know."


def test_how_somebody_learnt_of_it_is_told(secret: Graph, show: Show):
    view = secret.at("S05E14", "chandler_bing")
    ask, answer = answered("Does Rachel know about you and Monica?", "chandler_bing", view, show)
    said = answer_sentence(view, ask, answer, "chandler_bing")
    assert said == "Rachel knows. Rachel found out about Monica and me on the phone."


def test_do_you_know_asks_for_the_matter_itself(secret: Graph, show: Show):
    ask, _ = answered("Do you know that Monica is married to Chandler?", "joey_tribbiani", secret.at("S08E24"), show)
    assert ask.relation == "spouse"
