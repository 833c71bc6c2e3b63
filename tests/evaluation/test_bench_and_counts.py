"""Seconds a reply takes, and the counts that the report shows of what the graph holds."""

from pier import question

from app.bot import Bot
from app.engines.scripted import ScriptedEngine
from evaluation.bench import bench
from evaluation.sources import graph_counts
from kg.graph import Graph
from parsing.manifest import Show


async def test_replies_are_timed_with_and_without_the_model(show: Show, graph: Graph) -> None:
    bot = Bot([show], ScriptedEngine(["Lovely weather out here today."], 0.02), graphs={show.id: graph})
    asked = [question("q1", "fact", gold=("Nora",)), question("q2", "fact", "Hello! Nice weather, isn't it?")]
    found = await bench(bot, show, asked)
    assert found["show"] == "pier"
    assert found["replies"]["n"] == 2
    assert found["replies_by_model"]["n"] + found["replies_by_graph_alone"]["n"] == 2
    assert found["replies_by_model"]["n"] >= 1
    assert found["replies_by_model"]["median"] >= 0.02
    assert found["steps"]["generate"]["p95"] >= found["steps"]["generate"]["median"] >= 0.02
    assert found["tokens_per_second"] > 0


def test_facts_are_counted_by_relation_and_origin(show: Show, graph: Graph) -> None:
    found = graph_counts(show)
    assert found["relations"] == {
        "job": {"extracted": 1, "curated": 1},
        "sibling": {"extracted": 1, "curated": 0},
        "spouse": {"extracted": 1, "curated": 0},
    }
    assert (found["extracted"], found["curated"]) == (3, 1)
    assert found["nodes"] == {"person": 3}
    assert found["implied"] > 0
