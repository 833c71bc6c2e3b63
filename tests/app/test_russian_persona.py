"""A persona of a show in Russian: worded from the graph, no model asked; each language declines the other."""

from pathlib import Path

import pytest

from app.bot import Bot
from app.engines.scripted import ScriptedEngine
from app.types import ChatRequest, Reply
from kg.graph import Graph
from kg.types import Fact, Node
from parsing.errors import BadInput
from parsing.manifest import load_show

MANIFEST = """
id = "dom"
title = "Дом"
language = "ru"
seasons = [2]
[[cast]]
name = "Ася Лугина"
slug = "asya"
gender = "female"
persona = true
[[cast]]
name = "Павел Лугин"
gender = "male"
"""


@pytest.fixture
def dom(tmp_path: Path):
    (tmp_path / "dom").mkdir()
    (tmp_path / "dom" / "show.toml").write_text(MANIFEST, encoding="utf-8")
    show = load_show(str(tmp_path / "dom" / "show.toml"))
    nodes = [Node("ася_лугина", "person", "Ася Лугина", gender="female")]
    nodes += [Node("павел_лугин", "person", "Павел Лугин", gender="male")]
    facts = [
        Fact("1", "павел_лугин", "parent_of", "ася_лугина", extractor="listed"),
        Fact("2", "ася_лугина", "job", "актриса", literal=True, since="S01E02", revealed="S01E02"),
    ]
    engine = ScriptedEngine(["I speak English."])
    return Bot([show], engine, graphs={"dom": Graph("dom", nodes, facts, main=["ася_лугина"])}), engine


async def said(bot: Bot, message: str, **more) -> Reply:
    return await bot.reply(ChatRequest("dom", "asya", message, **more))


@pytest.mark.parametrize(
    ("message", "text", "verdict"),
    [
        ("Кто твой отец?", "Мой отец — Павел Лугин.", "grounded"),
        ("Павел твой брат?", "Павел Лугин мне не брат.", "grounded"),
        ("Кем ты работаешь?", "Я актриса.", "grounded"),
        ("Когда ты вышла замуж за Павла?", "Павел Лугин мне не муж.", "corrected"),
    ],
)
async def test_facts_are_worded_in_the_first_person(dom, message: str, text: str, verdict: str) -> None:
    bot, engine = dom
    reply = await said(bot, message)
    assert text in reply.text
    assert (reply.verdict, engine.requests) == (verdict, [])


@pytest.mark.parametrize(
    "message", ["Где ты родилась?", "Кто такой Гамлет?", "Who is your father?", "Кто написал эту пьесу?"]
)
async def test_what_the_graph_lacks_and_what_is_no_russian_is_declined_in_russian(dom, message: str) -> None:
    bot, engine = dom
    reply = await said(bot, message)
    assert reply.verdict == "abstained"
    assert not any(c.isascii() and c.isalpha() for c in reply.text)
    assert engine.requests == []


async def test_nothing_is_said_before_its_time(dom) -> None:
    bot, _ = dom
    reply = await said(bot, "Кем ты работаешь?", as_of="S01E01")
    assert "актриса" not in reply.text


async def test_the_same_lines_are_not_said_twice_running(dom) -> None:
    bot, _ = dom
    from app.types import Turn

    first = await said(bot, "Где ты родилась?")
    second = await said(
        bot, "Где ты родилась?", history=(Turn("user", "Где ты родилась?"), Turn("assistant", first.text))
    )
    assert first.text != second.text


async def test_a_bundled_model_is_not_asked_for_russian(dom) -> None:
    bot, engine = dom
    engine.name = "local"
    with pytest.raises(BadInput, match="writes no Russian"):
        await said(bot, "Привет!", use_graph=False)
