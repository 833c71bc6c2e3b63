"""Claims read off any reply, contradictions with their evidence, and the page to read failures."""

import re
from pathlib import Path
from typing import Any

import pytest
from pier import question

from app.bot import Bot
from app.engines.scripted import ScriptedEngine
from evaluation.claims import ClaimReader, counted
from evaluation.factcheck import ask_all
from evaluation.page import page
from evaluation.scores import result
from kg.graph import Graph
from parsing.manifest import Show

SISTER = question("q1", "fact", gold=("Nora",))
HUSBAND = question("q2", "future", "Who is your <b>husband</b>?", must_not=("Bob",))
MARRIED = question("q3", "fact", "Who is your husband?", as_of="S02E02", gold=("Bob",))
ALONE = {"use_graph": False, "curated": True, "seed": 1}


@pytest.mark.parametrize(
    ("asked", "reply", "verdicts"),
    [
        (SISTER, "My sister is Nora.", ["supported"]),
        (SISTER, "My sister is Bob.", ["contradicted"]),
        (SISTER, "Lovely weather.", []),
        (SISTER, "", []),
        (MARRIED, "My husband is Bob.", ["supported"]),
        (MARRIED, "My husband is Nora.", ["contradicted"]),
    ],
)
def test_claims_are_read_off_the_text_whoever_wrote_it(
    show: Show, graph: Graph, asked: Any, reply: str, verdicts: list[str]
) -> None:
    assert [c["verdict"] for c in ClaimReader(show, graph).read(asked, reply)] == verdicts


def test_what_comes_later_supports_no_claim(show: Show, graph: Graph) -> None:
    early = question("q4", "fact", "Who is your husband?", as_of="S01E03", gold=("x",))
    assert [c["verdict"] for c in ClaimReader(show, graph).read(early, "My husband is Bob.")] != ["supported"]


def test_precision_leaves_out_what_nobody_can_judge() -> None:
    found = counted([{"verdict": v} for v in ("supported", "supported", "contradicted", "unverifiable")])
    assert (found["read"], found["unverifiable"]) == (4, 1)
    assert (found["precision"]["hits"], found["precision"]["of"]) == (2, 3)


async def a_run(show: Show, graph: Graph, tmp_path: Path, *lines: str) -> tuple[list[Any], dict[str, Any]]:
    bot = Bot([show], ScriptedEngine(lines), graphs={show.id: graph})
    reader = ClaimReader(show, graph)
    asked = [SISTER, HUSBAND]
    rows = await ask_all(bot, show, asked, tmp_path / "part.jsonl", ALONE, reader)
    return rows, result(rows, {"show": show.id, "run": "no-graph", "seed": 1}, [])


async def test_a_contradiction_is_listed_with_the_facts_that_say_otherwise(
    show: Show, graph: Graph, tmp_path: Path
) -> None:
    _, found = await a_run(show, graph, tmp_path, "My sister is Bob.")
    first = found["contradictions"][0]
    assert (first["id"], first["claim"]["relation"], first["claim"]["object"]) == ("q1", "sibling", "Bob Ray")
    assert first["facts"][0]["evidence"] == ["S01E01.01.001"]
    assert found["scores"]["claims"]["contradicted"] >= 1
    assert "facts" not in found["questions"][0]["read"][0]  # listed once, with the contradictions


async def test_the_page_shows_failures_escaped_and_fetches_nothing(show: Show, graph: Graph, tmp_path: Path) -> None:
    rows, found = await a_run(show, graph, tmp_path, 'My sister is Bob. <script>alert("x")</script>')
    text = page(found, rows, [SISTER, HUSBAND], {"S01E01.01.001": "Ann Lee: Nora & I are <sisters>."})
    assert "&lt;script&gt;alert" in text and '<script>alert("x")' not in text
    assert "Who is your &lt;b&gt;husband&lt;/b&gt;?" in text
    assert "S01E01.01.001 Ann Lee: Nora &amp; I are &lt;sisters&gt;." in text
    assert "must not say: Bob" in text
    assert "how it came about" in text
    assert text.count("<script>") == 1
    assert not re.search(r"(?:src|href)=|https?://|@import|url\(", text)


async def test_a_run_without_failures_says_so(show: Show, graph: Graph, tmp_path: Path) -> None:
    rows, found = await a_run(show, graph, tmp_path, "Nora. I don't know more.")
    text = page(found, rows, [SISTER, HUSBAND], {})
    assert text.count("<p>None.</p>") == 5  # contradictions and the four kinds
