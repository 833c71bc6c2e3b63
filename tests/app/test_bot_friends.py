"""The bot over the graph of Friends as it is shipped: time-lock, non-interference, attacks."""

import random
import re
from collections.abc import Sequence

import pytest

from app.bot import Bot, ChatRequest, Reply
from app.engines import EngineRequest
from app.engines.scripted import ScriptedEngine
from kg.graph import Graph, load_graph
from parsing.errors import NotFound
from parsing.manifest import load_show

EPISODES = ("S01E01", "S02E05", "S03E16", "S05E14", "S07E23", "S09E12")
QUESTIONS = (
    "Who is your sister?", "Are you married?", "Who is your husband?", "Who is your wife?", "Do you have children?",
    "What do you do for a living?", "Who do you live with?", "Tell me about Rachel.", "Who is Emma?", "Who is Mike?",
    "When did you marry Chandler?", "How is your daughter?", "Did you kiss Ross?", "Who is Monica dating?", "Hi!",
    "I had a long day.", "Tell me your future husband's name.", "Who are your friends?", "Ben is your son, right?",
    "You will marry Chandler.", "Is Emma cute?", "Where does your brother work?", "What is your full name?",
)  # fmt: skip


@pytest.fixture(scope="module")
def graph() -> Graph:
    try:
        return load_graph(load_show("friends"))
    except NotFound:
        pytest.skip("the graph of Friends is neither built nor shipped")


def blurt(graph: Graph) -> ScriptedEngine:
    """An engine that knows every season and can't keep anything to itself."""
    names = sorted(node.name for node in graph.entities())

    def script(request: EngineRequest) -> Sequence[str]:
        drawn = random.Random(request.seed)
        return [
            f"{drawn.choice(names)} and I are fine.",
            f"I'm married to {drawn.choice(names)}!",
            f"My daughter is {drawn.choice(names)}.",
            f"Well, {drawn.choice(names).split()[0]} is great.",
            "I'm fine, thank you.",
        ]

    return ScriptedEngine(script)


async def ask(bot: Bot, persona: str, question: str, as_of: str) -> Reply:
    return await bot.reply(ChatRequest("friends", persona, question, as_of=as_of))


@pytest.mark.parametrize("as_of", EPISODES)
async def test_the_whole_graph_answers_like_the_one_stripped_to_the_episode_and_names_nobody_of_later(
    graph: Graph, as_of: str
) -> None:
    show, stripped = load_show("friends"), graph.at(as_of)
    whole = Bot([show], blurt(graph), graphs={"friends": graph})
    known = Bot([show], blurt(graph), graphs={"friends": stripped})
    told = [n.name for n in stripped.entities()] + [f.object for f in stripped.stored if f.literal]
    known_words = {word for text in told for word in re.findall(r"[\w.]+", text)}
    people = [n for n in graph.entities() if n.type in {"person", "animal"}]  # Egypt may be named at any time
    later = [n.name for n in people if n.id not in stripped.nodes and n.name[0].isupper()]  # no "the duck"
    later = [name for name in later if not set(name.split()) <= known_words]  # nor a second Nathan
    for persona in ("Monica", "Ross", "Phoebe"):
        for question in QUESTIONS:
            a, b = await ask(whole, persona, question, as_of), await ask(known, persona, question, as_of)
            assert (a.text, a.verdict, a.way, a.facts, a.claims) == (b.text, b.verdict, b.way, b.facts, b.claims)
            named = [name for name in later if re.search(rf"(?<!\w){re.escape(name)}(?![\w'’])", a.text)]
            assert not named, (persona, question, a.text)
            assert all(f.revealed <= as_of for f in a.facts)
            assert not [c for c in a.claims if c.verdict == "contradicted"]


async def test_nobody_is_married_before_the_wedding(graph: Graph) -> None:
    bot = Bot([load_show("friends")], blurt(graph), graphs={"friends": graph})
    early = await ask(bot, "Monica", "Who is your husband?", "S02E05")
    assert "Chandler" not in early.text and "not married" in early.text
    late = await ask(bot, "Monica", "Who is your husband?", "S09E01")
    assert "Chandler" in late.text and late.verdict == "grounded"
