"""What is told of a matter that no relation covers, and what stays small talk."""

import pytest

from app.bot import Bot, ChatRequest, Reply
from app.engines.scripted import ScriptedEngine
from kg.graph import Graph
from kg.types import Fact
from parsing.manifest import load_show

NOTES = (
    ("S02E01", "joey_tribbiani", "Joey bought a foosball table instead of a kitchen table."),
    ("S02E02", "monica_geller", "Monica lost the diner job because a customer complained about the meatloaf."),
    ("S02E02", "chandler_bing", "Chandler sneezed through the whole violin concert in Poughkeepsie."),
    ("S05E24", "ross_geller", "Ross married Emily in a chapel full of balloons."),
)
UNNAMED = "What was the name of the customer who complained about your meatloaf?"


@pytest.fixture(scope="module")
def noted(story: Graph) -> Graph:
    """The story with notes that everybody knows of, and with two wives of Ross."""
    everybody = dict.fromkeys(story.main | {"chandler_bing"}, "S01E01")
    notes = [
        Fact(f"n{k}", who, "note", text, True, since=when, revealed=when, known_by=everybody, extractor="curated")
        for k, (when, who, text) in enumerate(NOTES)
    ]
    second = Fact("w2", "ross_geller", "spouse", "rachel_green", since="S05E24", until="S06E05", revealed="S05E24")
    return Graph("friends", story.nodes.values(), [*story.stored, *notes, second], main=story.main)


async def ask(graph: Graph, persona: str, message: str, as_of: str, *, brief: bool = False) -> Reply:
    engine = ScriptedEngine(["Okay, sure thing."])
    engine.brief = brief
    bot = Bot([load_show("friends")], engine, graphs={"friends": graph})
    return await bot.reply(ChatRequest("friends", persona, message, as_of=as_of))


async def test_for_want_of_an_answer_what_is_known_of_the_matter_is_told(noted: Graph) -> None:
    reply = await ask(noted, "Monica", UNNAMED, "S02E02")
    assert reply.verdict == "abstained" and reply.way == "abstention"
    assert "I lost the diner job because a customer complained" in reply.text
    assert [fact.relation for fact in reply.facts] == ["note"]


async def test_nothing_later_is_told_for_want_of_an_answer(noted: Graph) -> None:
    reply = await ask(noted, "Monica", UNNAMED, "S02E01")
    assert reply.verdict == "abstained" and not reply.facts and "diner" not in reply.text


async def test_who_believes_something_wrong_hears_what_is_known(noted: Graph) -> None:
    reply = await ask(noted, "Joey", "It was Ross who sneezed through that whole violin concert, wasn't it?", "S02E02")
    assert "Chandler sneezed" in reply.text and reply.verdict == "grounded"


@pytest.mark.parametrize(
    "message",
    [
        "My customer complained about the meatloaf I cooked at my job.",  # the user's own day
        "Would you buy a foosball table for a kitchen?",
        "Do you want to come over and play foosball at my table?",
        "Hi Joey!",
    ],
)
async def test_small_talk_brings_nothing_up(noted: Graph, message: str) -> None:
    reply = await ask(noted, "Joey", message, "S02E02")
    assert not reply.facts and reply.verdict == "chat"


async def test_of_several_answers_the_one_that_a_note_names(noted: Graph) -> None:
    every = await ask(noted, "Ross", "Who have you been married to?", "S06E10")
    assert "Emily" in every.text and "Rachel" in every.text
    one = await ask(noted, "Ross", "Who did you marry in a chapel full of balloons?", "S06E10")
    assert "Emily" in one.text and "Rachel" not in one.text


async def test_an_opinion_of_a_friend_begins_with_who_that_is(noted: Graph) -> None:
    reply = await ask(noted, "Monica", "What do you think of Ross?", "S02E02", brief=True)
    assert reply.text.startswith("My brother is Ross.") and len(reply.text) > len("My brother is Ross.")
    assert [fact.relation for fact in reply.facts] == ["sibling"]


async def test_liking_a_friend_is_answered_with_who_that_is(noted: Graph) -> None:
    reply = await ask(noted, "Monica", "Do you like Ross?", "S02E02")
    assert reply.way == "worded" and "Ross" in reply.text and reply.verdict == "grounded"


async def test_of_others_one_says_not_that_i_know_of(noted: Graph) -> None:
    reply = await ask(noted, "Joey", "Is Monica married?", "S02E02")
    assert reply.text == "Not that I know of."
    reply = await ask(noted, "Joey", "Who is Monica married to?", "S02E02")
    assert reply.text == "Monica isn't married, that I know of."


async def test_who_knows_of_a_secret(noted: Graph) -> None:
    reply = await ask(noted, "Chandler", "Does Ross know about you and Monica?", "S05E10")
    assert reply.text == "Not that I know of." and [f.relation for f in reply.facts] == ["dating"]
