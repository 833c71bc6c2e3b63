"""The evaluation notices what is broken on purpose: each sabotage moves the score it should, beyond its interval."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.bot import Bot
from app.engines.scripted import ScriptedEngine
from app.questions import Question, read_questions
from evaluation.claims import ClaimReader
from evaluation.factcheck import Scored, ask_all, score
from evaluation.scores import summary
from kg.graph import Graph, load_graph
from kg.types import Fact
from parsing.manifest import Show, load_show

OPTIONS = {"use_graph": True, "curated": True, "seed": 1}


@pytest.fixture(scope="module")
def harbor(tmp_path_factory: pytest.TempPathFactory) -> tuple[Show, Graph, list[Question]]:
    """The mini-series as it is shipped, whatever is built on this machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANON_BUILD", str(tmp_path_factory.mktemp("build")))
        show = load_show("harbor_lights")
        return show, load_graph(show), read_questions(show.folder / "questions.jsonl", show)


def answered(show: Show, graph: Graph, asked: Sequence[Question], folder: Path) -> list[Scored]:
    """The questions through the bot; where the model is asked, it has nothing to say."""
    truth = ClaimReader(show, load_graph(show))
    bot = Bot([show], ScriptedEngine(["Hm."]), graphs={show.id: graph})
    return asyncio.run(ask_all(bot, show, asked, folder / "rows.jsonl", OPTIONS, truth))


@pytest.fixture(scope="module")
def rows(harbor: tuple[Show, Graph, list[Question]], tmp_path_factory: pytest.TempPathFactory) -> list[Scored]:
    show, graph, asked = harbor
    return answered(show, graph, asked, tmp_path_factory.mktemp("intact"))


def falls(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Do the two intervals lie apart, the later one lower?"""
    return bool(after["high"] < before["low"])


def test_nothing_broken_moves_nothing(
    harbor: tuple[Show, Graph, list[Question]], rows: list[Scored], tmp_path: Path
) -> None:
    show, graph, asked = harbor
    again = answered(show, graph, asked[::4], tmp_path)
    assert [(r.id, r.reply, r.right) for r in again] == [(r.id, r.reply, r.right) for r in rows[::4]]


def test_swapped_answers_fail(harbor: tuple[Show, Graph, list[Question]], rows: list[Scored]) -> None:
    _, _, asked = harbor
    swapped = []
    for q, mine, other in zip(asked, rows, [*rows[len(rows) // 2 :], *rows[: len(rows) // 2]], strict=True):
        right, why = score(q, other.reply)
        swapped.append(replace(mine, reply=other.reply, right=right, why=why))
    before, after = summary(rows), summary(swapped)
    assert all(falls(before["kinds"][kind], after["kinds"][kind]) for kind in ("fact", "future", "unknown", "false"))
    assert falls(before["macro"], after["macro"])


def with_facts(graph: Graph, change: Callable[[Sequence[Fact]], Sequence[Fact]]) -> Graph:
    return Graph(graph.show, graph.nodes.values(), change(graph.stored), main=graph.main)


def test_a_graph_with_shuffled_objects_answers_wrong_and_its_claims_are_contradicted(
    harbor: tuple[Show, Graph, list[Question]], rows: list[Scored], tmp_path: Path
) -> None:
    show, graph, asked = harbor

    def shuffled(facts: Sequence[Fact]) -> list[Fact]:
        rng, found = random.Random(3), []
        for literal in (False, True):
            those = [f for f in facts if f.literal is literal]
            objects = [f.object for f in those]
            rng.shuffle(objects)
            found += [replace(f, object=o) for f, o in zip(those, objects, strict=True)]
        return found

    facts = [q for q in asked if q.kind == "fact"]
    before = summary([r for r in rows if r.kind == "fact"])
    after = summary(answered(show, with_facts(graph, shuffled), facts, tmp_path))
    assert falls(before["kinds"]["fact"], after["kinds"]["fact"])
    assert falls(before["claims"]["precision"], after["claims"]["precision"])
    assert after["claims"]["contradicted"] > 0


def later(show: Show, episode: str) -> str:
    """The same episode a season on; past the end, the last one."""
    moved = f"S{int(episode[1:3]) + 1:02}{episode[3:]}"
    return min(moved, show.last_episode)


def test_facts_that_begin_a_season_late_are_missing_from_the_answers(
    harbor: tuple[Show, Graph, list[Question]], rows: list[Scored], tmp_path: Path
) -> None:
    show, graph, asked = harbor

    def shifted(facts: Sequence[Fact]) -> list[Fact]:
        return [f if f.since == "before" else replace(f, since=later(show, f.since)) for f in facts]

    dated = {frozenset((graph.name(f.subject), graph.name(f.object))) for f in graph.stored if f.since != "before"}
    facts = [q for q in asked if q.kind == "fact" and any(frozenset((s, o)) in dated for s, _, o in q.needs)]
    ids = {q.id for q in facts}
    before = summary([r for r in rows if r.id in ids])
    after = summary(answered(show, with_facts(graph, shifted), facts, tmp_path))
    assert falls(before["kinds"]["fact"], after["kinds"]["fact"])


def test_facts_revealed_a_season_early_are_told_too_soon(
    harbor: tuple[Show, Graph, list[Question]], rows: list[Scored], tmp_path: Path
) -> None:
    show, graph, asked = harbor

    def early(episode: str) -> str:
        return "S01E01" if episode[1:3] == "01" else f"S{int(episode[1:3]) - 1:02}{episode[3:]}"

    def told(facts: Sequence[Fact]) -> list[Fact]:
        return [
            replace(
                f,
                revealed=early(f.revealed),
                since=f.since if f.since == "before" else early(f.since),
                until=f.until and early(f.until),
                known_by={who: early(when) for who, when in f.known_by.items()},
            )
            for f in facts
        ]

    future = [q for q in asked if q.kind == "future"]
    nodes = [replace(n, revealed="S01E01") for n in graph.nodes.values()]
    spoilt = Graph(graph.show, nodes, told(graph.stored), main=graph.main)
    before = summary([r for r in rows if r.kind == "future"])
    after = summary(answered(show, spoilt, future, tmp_path))
    assert falls(before["kinds"]["future"], after["kinds"]["future"])
    assert after["leaks"]["hits"] > before["leaks"]["hits"]
