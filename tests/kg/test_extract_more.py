"""Tastes, journeys, names in lists, news: what single lines say besides family and work."""

from collections.abc import Callable

import pytest

from kg.extract import Statement, statements
from kg.extract.people import People
from kg.extract.reader import happened

Read = Callable[..., set[tuple[str, str, str]]]
GENDERS = {"ross_geller": "male", "rachel_green": "female", "monica_geller": "female", "chandler_bing": "male"}


@pytest.fixture
def read(nlp) -> Read:
    def reader(text: str, speaker: str = "Ross Geller", addressee: str | None = "Rachel Green"):
        found: list[Statement] = statements(nlp(text), speaker, addressee, genders=GENDERS)
        return {(s.subject, s.relation, s.object) for s in found if s.polarity}

    return reader


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I love museums.", ("ross_geller", "likes", "museums")),
        ("Oh, I hate practical jokes!", ("ross_geller", "dislikes", "practical jokes")),
        ("I don't like pickles.", ("ross_geller", "dislikes", "pickles")),
        ("I do like rolls.", ("ross_geller", "likes", "rolls")),
        ("I love working with designers!", ("ross_geller", "likes", "working with designers")),
        ("Monica hates clowns.", ("monica_geller", "dislikes", "clowns")),
        ("I love Carol.", ("ross_geller", "likes", "carol_willick")),
        ("I'm afraid of spiders.", ("ross_geller", "afraid_of", "spiders")),
        ("I speak Italian.", ("ross_geller", "speaks", "Italian")),
        ("I can speak French.", ("ross_geller", "speaks", "French")),
        ("Mike plays the piano.", ("mike_hannigan", "instrument", "piano")),
        ("I'm Jewish.", ("ross_geller", "religion", "Jewish")),
        ("My favorite food is pizza.", ("ross_geller", "favourite_food", "pizza")),
        ("In high school the other kids called me Wethead.", ("ross_geller", "nickname", "Wethead")),
        ("I went to Egypt with my dad.", ("ross_geller", "visited", "egypt")),
        ("When Monica and I were in London, we were both in London.", ("monica_geller", "visited", "london")),
        ("Rachel, these are my parents: Jack and Judy.", ("judy_geller", "parent_of", "ross_geller")),
        ("My grandmother lives in that building. Carol Willick?", ("carol_willick", "grandparent_of", "ross_geller")),
        ("Hi, I'm the chef at the Gull Inn.", ("ross_geller", "works_at", "gull_inn")),
        ("This is my agent Susan.", ("susan_bunch", "job", "agent")),
        ("My Aunt Edna is ill.", ("aunt_edna", "uncle_aunt_of", "ross_geller")),
    ],
)
def test_a_line_says(read: Read, text: str, expected: tuple[str, str, str]) -> None:
    assert expected in read(text)


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Do you like museums?", "likes"),
        ("I'd love pizza.", "likes"),
        ("I love that museum.", "likes"),
        ("I love people.", "likes"),
        ("I love you.", "likes"),
        ("If I liked jokes, I'd laugh.", "likes"),
        ("The I Hate Rachel Club!", "dislikes"),
        ("I'm not afraid of spiders.", "afraid_of"),
        ("I'm afraid that it rains.", "afraid_of"),
        ("I will make everyone call me Mrs. Geller!", "nickname"),
        ("I want to go to London.", "visited"),
        ("I never went to London.", "visited"),
        ("Did you go to London?", "visited"),
        ("You went to London.", "visited"),
        ("My sisters are late.", "sibling"),
    ],
)
def test_what_is_asked_wished_denied_or_vague_says_nothing(read: Read, text: str, relation: str) -> None:
    assert not [t for t in read(text) if t[1] == relation]


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("Carol and Susan got married!", ("event:wedding", "carol_willick", "susan_bunch")),
        ("I quit my job.", ("event:quit", "ross_geller", "")),
        ("I quit today.", ("event:quit", "ross_geller", "")),
        ("Chandler moved in with Joey.", ("event:move", "chandler_bing", "joey_tribbiani")),
        ("Ross divorced Carol.", ("event:divorce", "ross_geller", "carol_willick")),
    ],
)
def test_news_of_events(nlp, text: str, event: tuple[str, str, str]) -> None:
    people = People(nlp(text), "ross_geller", "rachel_green", genders=GENDERS)
    assert event in {(s.relation, s.subject, s.object) for s in happened(people.doc, people)}


@pytest.mark.parametrize("text", ["I quit smoking.", "Carol married Susan.", "You and I got married.", "I moved on."])
def test_what_is_no_news_of_that_kind(nlp, text: str) -> None:
    people = People(nlp(text), "ross_geller", "rachel_green", genders=GENDERS)
    assert not happened(people.doc, people)
