"""Notes: found by the words they share with a question, told in the first person, blind to the future."""

import pytest

from kg.graph import Graph
from kg.recall import Notes, terms
from kg.telling import as_said, genders_of
from kg.types import Fact, Node

PEOPLE = {
    "ross_geller": ("Ross Geller", "male"), "phoebe_buffay": ("Phoebe Buffay", "female"),
    "monica_geller": ("Monica Geller", "female"), "joey_tribbiani": ("Joey Tribbiani", "male"),
    "rachel_green": ("Rachel Green", "female"), "bethel": ("Bethel", "male"),
}  # fmt: skip
NOTES = (
    ("S01E02", "ross_geller", "Ross got the monkey from Bethel, who had a laboratory."),
    ("S01E03", "phoebe_buffay", "Phoebe got only a key chain from Sesame Street."),
    ("S01E03", "phoebe_buffay", "Phoebe wrote to Sesame Street after a sad winter."),
    ("S01E04", "joey_tribbiani", "Joey bought a foosball table instead of a kitchen table."),
    ("S01E05", "monica_geller", "Monica could not tell the clock until the age of 13."),
    ("S01E06", "rachel_green", "Rachel dated a dentist who collected spoons."),
    ("S02E01", "phoebe_buffay", "Phoebe's cat ran away with the neighbour's poodle."),
)


@pytest.fixture(scope="module")
def noted() -> Graph:
    nodes = [Node(i, "person", name, (), gender) for i, (name, gender) in PEOPLE.items()]
    everybody = dict.fromkeys(PEOPLE, "S01E01")
    facts = [
        Fact(f"n{k}", who, "note", text, True, since=when, revealed=when, known_by=everybody)
        for k, (when, who, text) in enumerate(NOTES)
    ]
    return Graph("sitcom", nodes, facts, main=[i for i in PEOPLE if i != "bethel"])


def found(graph: Graph, message: str, speaker: str, as_of: str = "S02E05") -> str:
    recalled = Notes(graph.at(as_of, speaker)).recall(message, speaker)
    return recalled.fact.object if recalled else ""


@pytest.mark.parametrize(
    ("speaker", "message", "told"),
    [
        ("ross_geller", "Who did you get your monkey from?", "Bethel"),
        ("joey_tribbiani", "what kinda table did you end up buying for the kitchen", "foosball"),
        ("monica_geller", "How old were you when you could tell the clock?", "13"),
        ("ross_geller", "How old is your monkey?", ""),  # no number in it
        ("ross_geller", "What's the monkey's last name?", ""),  # no surname in it
        (
            "joey_tribbiani",
            "Did your plumber sell the broken mirror behind the table to a pirate in Boston?",
            "",
        ),  # half of the question's weight is something else
        ("rachel_green", "Do you like monkeys?", ""),  # another one's
        ("joey_tribbiani", "How are you?", ""),
    ],
)
def test_a_note_answers_when_it_has_what_is_asked_for(noted: Graph, speaker: str, message: str, told: str):
    note = found(noted, message, speaker)
    assert (told in note) if told else note == ""


def test_a_second_note_on_the_matter_comes_along(noted: Graph):
    recalled = Notes(noted.at("S02E05", "phoebe_buffay")).recall(
        "What did you get from Sesame Street?", "phoebe_buffay"
    )
    assert recalled is not None and recalled.also is not None
    assert {"key chain" in recalled.fact.object, "key chain" in recalled.also.object} == {True, False}


def test_what_comes_later_is_not_remembered(noted: Graph):
    message = "Did your cat run away with the neighbour's poodle?"
    assert found(noted, message, "phoebe_buffay", "S01E24") == ""
    assert "poodle" in found(noted, message, "phoebe_buffay", "S02E01")


def test_a_graph_without_notes_remembers_nothing(graph: Graph):
    assert Notes(graph).recall("Who is your sister?", "ross_geller") is None


@pytest.mark.parametrize(
    ("speaker", "note", "said"),
    [
        ("Phoebe", "Ross told Phoebe about Phoebe's cat.", "Ross told me about my cat."),
        ("Ross", "Ross told Monica that Ross's marriage was over.", "I told Monica that my marriage was over."),
        ("Monica", "Ross told Monica that Ross's marriage was over.", "Ross told me that his marriage was over."),
        ("Ross", "Ross and Rachel kissed at Central Perk.", "Rachel and I kissed at Central Perk."),
        ("Monica", "Phoebe caught Ross and Monica.", "Phoebe caught Ross and me."),
        ("Rachel", "Because Monica sneezed, Rachel sold Rachel's cat.", "Because Monica sneezed, I sold my cat."),
        ("Joey", "Ross bought a couch.", "Ross bought a couch."),
        (
            "Joey",
            "The penguin was called Hugsy, and Joey kept Hugsy.",
            "The penguin was called Hugsy, and I kept Hugsy.",
        ),
    ],
)
def test_a_note_is_told_in_the_first_person(noted: Graph, speaker: str, note: str, said: str):
    assert as_said(note, speaker, genders_of(noted, note)) == said


def test_terms_are_lemmas_of_content_words():
    assert terms("What did Joey buy when he bought tables?") == ["joey", "buy", "buy", "table"]
