"""Notes: found by the words they share with a question, told in the first person, blind to the future."""

from dataclasses import replace

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
# The fitted chance knows a show of thousands of notes; among seven, these fall below what is told.
LOST = pytest.mark.xfail(strict=True, reason="the chance fitted on a whole show is too low here")
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
        pytest.param("ross_geller", "Who did you get your monkey from?", "Bethel", marks=LOST),
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


@LOST
def test_a_name_at_the_end_of_a_note_is_a_name(noted: Graph):
    penguin = Fact("p1", "joey_tribbiani", "note", "Joey slept with a stuffed penguin called Hugsy.", True)
    graph = Graph("sitcom", noted.nodes.values(), [*noted.stored, penguin], main=noted.main)
    found = Notes(graph.at("S10E18")).recall("What is your stuffed penguin called?", "joey_tribbiani")
    assert found is not None and "Hugsy" in found.fact.object


def test_the_one_who_is_asked_is_no_news_to_herself(noted: Graph):
    figured = Fact("f1", "monica_geller", "note", "Monica guessed who stole the cello.", True)
    graph = Graph("sitcom", noted.nodes.values(), [*noted.stored, figured], main=noted.main)
    message = "Do you know who stole the cello?"
    found = Notes(graph.at("S10E18", "monica_geller")).recall(message, "monica_geller")
    assert found is None


def test_a_yes_no_question_gets_one_note(noted: Graph):
    notes = Notes(noted.at("S02E05", "phoebe_buffay"))
    recalled = notes.recall("Did you get anything from Sesame Street?", "phoebe_buffay")
    assert recalled is not None and recalled.also is None


def related(graph: Graph, message: str, speaker: str, as_of: str, *, statement: bool = False) -> str:
    found = Notes(graph.at(as_of, speaker)).related(message, speaker, statement=statement)
    return found.fact.object if found else ""


@pytest.mark.parametrize(
    ("speaker", "as_of", "message", "told"),
    [
        pytest.param(
            "ross_geller", "S01E02", "What's the last name of the guy with the laboratory?", "Bethel", marks=LOST
        ),
        ("monica_geller", "S01E04", "Was it Ross who bought a foosball table, not a kitchen one?", "Joey bought"),
        ("ross_geller", "S01E02", "Did Zelda have a laboratory?", ""),  # nobody has met her
        ("ross_geller", "S01E02", "What's the capital of France?", ""),
        pytest.param("rachel_green", "S02E05", "Where did the dentist live?", "", marks=LOST),  # of long ago
        ("rachel_green", "S01E06", "Where did the dentist live?", "spoons"),
    ],
)
def test_a_note_on_the_same_matter_is_found_where_none_answers(
    noted: Graph, speaker: str, as_of: str, message: str, told: str
):
    note = related(noted, message, speaker, as_of)
    assert (told in note) if told else note == ""


def test_a_statement_needs_more_in_common_than_a_question(noted: Graph):
    message = "I went to the dentist and had lunch in the park with my boss"
    assert related(noted, message, "rachel_green", "S01E06", statement=True) == ""
    message = "So the dentist collected spoons and stamps"
    assert "spoons" in related(noted, message, "rachel_green", "S01E06", statement=True)


@LOST
def test_whether_a_related_note_answers_is_told(noted: Graph):
    notes = Notes(noted.at("S01E02", "ross_geller"))
    found = notes.related("What's the last name of the guy with the laboratory?", "ross_geller")
    assert found is not None and not found.answers


def test_a_run_of_words_counts_for_more_than_its_words(noted: Graph):
    break_ = Fact("b1", "rachel_green", "note", "Rachel said that Rachel and Ross were on a break.", True)
    leg = Fact("b2", "rachel_green", "note", "Rachel saw Ross break a leg.", True)
    graph = Graph("sitcom", noted.nodes.values(), [*noted.stored, break_, leg], main=noted.main)
    found = Notes(graph.at("S10E18")).recall("Were Rachel and Ross on a break?", "rachel_green")
    assert found is not None and "on a break" in found.fact.object


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
        ("Joey", "Joey and Mr. Treeger danced on the roof.", "Mr. Treeger and I danced on the roof."),
        ("Phoebe", "Ross forgot Phoebe and Monica's birthday.", "Ross forgot Monica's and my birthday."),
        ("Joey", "Ross fed Monica and Joey's chick.", "Ross fed Monica's and my chick."),
        (
            "Joey",
            "The penguin was called Hugsy, and Joey kept Hugsy.",
            "The penguin was called Hugsy, and I kept Hugsy.",
        ),
    ],
)
def test_a_note_is_told_in_the_first_person(noted: Graph, speaker: str, note: str, said: str):
    assert as_said(note, speaker, genders_of(noted, note)) == said


def test_a_namesake_is_somebody_else():
    text = "Phoebe Abbott lent Phoebe a puppy that bit Phoebe Abbott and Phoebe."
    said = as_said(text, "Phoebe", {}, ["Phoebe Abbott"])
    assert said == "Phoebe Abbott lent me a puppy that bit Phoebe Abbott and me."


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("Phoebe is a vegetarian.", "I am a vegetarian."),
        ("Phoebe doesn't share food.", "I don't share food."),
        ("Phoebe always cries at weddings because Phoebe has a soft heart.",
         "I always cry at weddings because I have a soft heart."),
        ("Phoebe was late.", "I was late."),
    ],
)  # fmt: skip
def test_what_lasts_is_told_in_the_present(note: str, said: str):
    assert as_said(note, "Phoebe") == said


def test_terms_are_lemmas_of_content_words():
    assert terms("What did Joey buy when he bought tables?") == ["joey", "buy", "buy", "table"]


@pytest.mark.parametrize(
    ("message", "worth"), [("Who has a foosball table?", False), ("Is the foosball table big?", True)]
)
def test_where_somebody_is_asked_for_a_doubtful_note_that_names_one_stays_untold(
    noted: Graph, message: str, worth: bool
):
    notes = Notes(noted.at("S01E04", "monica_geller"))
    near = next(r for r in notes.rank(message, "monica_geller") if "foosball" in r.fact.object)
    doubtful = replace(near, share=0.5, weight=0.5, words=1, answers=False, fresh=0.0)
    assert not doubtful.close and notes.worth_telling(message, "monica_geller", doubtful) is worth
    assert not notes.worth_telling(message, "monica_geller", replace(doubtful, share=0.2))
