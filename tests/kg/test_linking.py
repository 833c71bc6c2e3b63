"""Which stretch of a message names whom."""

import time

import pytest
from sitcom import fact

from kg.graph import Graph
from kg.linking import Linker
from kg.types import Alias, Node
from parsing.manifest import Show


@pytest.fixture(scope="module")
def linker(graph: Graph, show: Show) -> Linker:
    return Linker(graph.at("S08E24"), show)


def found(linker: Linker, message: str, persona: str = "joey_tribbiani", history: tuple = ()) -> list[tuple[str, str]]:
    return [(m.text, m.node) for m in linker.link(message, persona, history)]


@pytest.mark.parametrize(
    ("message", "mentions"),
    [
        ("Where is Monica?", [("Monica", "monica_geller")]),
        ("where is monica", [("monica", "monica_geller")]),
        ("MONICA!", [("MONICA", "monica_geller")]),
        ("monica geller's job", [("monica geller", "monica_geller")]),
        ("Moncia and Chandlr", [("Moncia", "monica_geller"), ("Chandlr", "chandler_bing")]),
        ("is pheobe there", [("pheobe", "phoebe_buffay")]),
        ("Is Rachael there?", [("Rachael", "rachel_green")]),
        ("a harmonica", []),
        ("Rossini is a composer", []),
        ("a chandelier", []),
        ("Will it rain?", []),
        ("will it rain?", []),
        ("I saw Will there", [("Will", "will_colbert")]),
        ("I WILL GO NOW", []),
        ("Mr. Geller called", [("Mr. Geller", "jack_geller")]),
        ("in New York, at the coffee house", [("New York", "new_york"), ("the coffee house", "central_perk")]),
        ("the C++ (the club) thing", [("C++ (the club)", "c_plus_plus")]),
        ("😂🎉", []),
        ("", []),
    ],
)
def test_names_are_found(linker: Linker, message: str, mentions: list):
    assert found(linker, message) == mentions


def test_offsets_point_at_the_words(linker: Linker):
    message = "İs Monica’s 😀 sister’s boyfriend Chandler?"
    for mention in linker.link(message, "joey_tribbiani"):
        assert message[mention.start : mention.end] == mention.text


def test_you_is_the_persona_and_your_sister_is_hers(linker: Linker):
    mentions = linker.link("Do you like your sister?", "ross_geller")
    assert [(m.text, m.node, m.how) for m in mentions] == [
        ("you", "ross_geller", "you"),
        ("your", "ross_geller", "you"),
        ("your sister", "monica_geller", "relation"),
    ]


def test_relations_can_be_followed_twice(linker: Linker):
    assert ("your sister's husband", "chandler_bing") in found(linker, "And your sister's husband?", "ross_geller")
    assert ("the mother of Ross", "judy_geller") in found(linker, "Who is the mother of Ross?")
    assert ("your parents", "jack_geller") in found(linker, "How are your parents?", "ross_geller")


@pytest.mark.parametrize("message", ["C'mon, tell me!", "C’Mon, tell me!", "OH C'MON"])
def test_a_part_of_a_word_with_an_apostrophe_is_no_name(linker: Linker, message: str):
    assert "monica_geller" not in {node for _, node in found(linker, message)}
    assert found(linker, "'Mon' is short for Monica.")[0] == ("Mon", "monica_geller")


def test_he_and_she_are_who_was_named_before(linker: Linker):
    history = ({"role": "user", "content": "Do you know Monica?"}, {"role": "assistant", "content": "Yes. And Ross."})
    assert found(linker, "What does she do?", history=history) == [("she", "monica_geller")]
    assert found(linker, "What does he do?", history=history) == [("he", "ross_geller")]
    assert found(linker, "Is Rachel married? Does she work?")[-1] == ("she", "rachel_green")
    assert found(linker, "What does she do?") == []


def test_my_sister_in_the_persona_s_turn_is_the_persona_s(linker: Linker):
    history = ({"role": "assistant", "content": "I saw my sister."},)
    assert found(linker, "Is she well?", "ross_geller", history) == [("she", "monica_geller")]


def test_a_name_is_not_linked_before_it_is_revealed(graph: Graph, show: Show):
    assert found(Linker(graph.at("S08E23"), show), "How is Emma?") == []
    assert found(Linker(graph.at("S08E24"), show), "How is Emma?") == [("Emma", "emma")]


def test_of_two_of_one_name_the_one_near_the_persona_is_meant(show: Show):
    nodes = [
        Node("a", "person", "A"),
        Node("ben_1", "person", "Ben One", (Alias("Ben", "S01E01"),)),
        Node("ben_2", "person", "Ben Two", (Alias("Ben", "S01E01"),)),
    ]
    linker = Linker(Graph("x", nodes, [fact("a", "parent_of", "ben_2")]), show)
    assert found(linker, "How is Ben?", "a") == [("Ben", "ben_2")]


def test_a_very_long_message_is_read_in_good_time(linker: Linker):
    message = ("Is your sister Monica married to Chandlr? " * 2500)[:100_000]
    started = time.perf_counter()
    mentions = linker.link(message, "ross_geller")
    assert len(mentions) > 2000
    assert time.perf_counter() - started < 10


def test_an_empty_graph_links_nobody(show: Show):
    assert Linker(Graph("x", [], []), show).link("Who is Monica?", "joey_tribbiani") == ()
