"""The tools as an assistant calls them, by the protocol's own client over standard input and output."""

import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from app.mcp import Tools
from parsing.errors import BadInput
from parsing.manifest import load_show

ROOT = Path(__file__).resolve().parent.parent.parent
Call = Callable[..., Awaitable[Any]]


@asynccontextmanager
async def assistant(build: Path) -> AsyncIterator[tuple[Client, Call]]:
    """A client with the server in a process of its own, and a short way to call its tools."""
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "app.mcp", "harbor_lights"],
        cwd=str(ROOT),
        env=os.environ | {"CANON_BUILD": str(build)},
    )
    async with Client(command) as client:

        async def call(name: str, **arguments: Any) -> Any:
            result = await client.call_tool(name, arguments)
            text = result.content[0].text
            assert result.is_error or json.loads(text) == result.structured_content
            return text if result.is_error else result.structured_content

        yield client, call


async def test_an_assistant_is_told_what_the_tools_are_for(tmp_path: Path) -> None:
    async with assistant(tmp_path) as (client, _):
        tools = (await client.list_tools()).tools
        instructions = client.instructions
    assert [tool.name for tool in tools] == ["shows", "ask", "check", "facts_about", "who_knows"]
    assert all(len(tool.description) > 50 for tool in tools)
    ask = next(tool for tool in tools if tool.name == "ask")
    assert ask.input_schema["required"] == ["message", "persona"]
    assert "as_of" in str(instructions)


async def test_questions_claims_facts_and_knowers_over_the_wire(tmp_path: Path) -> None:
    async with assistant(tmp_path) as (_, call):
        shows = await call("shows")
        known = await call("ask", message="Who is your brother?", persona="nora")
        claims = await call("check", reply="My brother is Theo.", persona="Nora Vale")
        about = await call("facts_about", entity="Nora", relation="sibling")
        who = await call("who_knows", subject="Nora", relation="sibling")
    assert shows["shows"][0]["personas"][0] == "Nora Vale"
    assert [(a["answer"], a["sentence"]) for a in known["asks"]] == [("known", "My brother is Ben.")]
    assert [c["verdict"] for c in claims["claims"]] == ["contradicted"]
    assert [{f["subject"], f["object"]} for f in about["facts"]] == [{"Nora Vale", "Ben Vale"}]
    assert {"Nora Vale", "Ben Vale"} <= set(who["facts"][0]["known_by"])


async def test_what_is_wrong_with_a_call_can_be_read_and_mended(tmp_path: Path) -> None:
    async with assistant(tmp_path) as (_, call):
        assert "did you mean 'nora'" in await call("ask", message="Hi", persona="Norra")
        assert "did you mean 'sibling'" in await call("facts_about", entity="Nora", relation="siblings")
        assert "no season 9" in await call("ask", message="Hi", persona="nora", as_of="S09E01")
        assert "message is empty" in await call("ask", message=" ", persona="nora")


@pytest.fixture(scope="module")
def tools() -> Tools:
    return Tools([load_show("friends"), load_show("harbor_lights")])


def test_no_tool_tells_anything_later_than_the_episode(tools: Tools) -> None:
    early = {"as_of": "S03E25", "show": "friends"}
    answers = [
        tools.ask("Who is your husband?", "monica", **early),
        tools.check("I'm married to Chandler.", "monica", **early),
        tools.facts_about("Monica", limit=10_000, **early),
        tools.who_knows("Monica", **early),
    ]
    text = json.dumps(answers)
    assert not any(f'"S{season:02}' in text for season in range(4, 11))
    assert answers[0]["asks"][0]["answer"] in {"denied", "false_premise"}
    assert answers[1]["claims"][0]["verdict"] == "contradicted"


def test_who_knows_of_a_secret_grows_with_the_episodes(tools: Tools) -> None:
    def knowers(as_of: str) -> set[str]:
        found = tools.who_knows("Monica", "dating", "Chandler", as_of=as_of, show="friends")
        return {name.split()[0] for name in found["facts"][0]["known_by"]}

    assert knowers("S05E01") == {"Monica", "Chandler"}
    assert knowers("S05E05") == {"Monica", "Chandler", "Joey"}
    assert knowers("S05E14") >= {"Monica", "Chandler", "Joey", "Rachel", "Phoebe", "Ross"}


def test_facts_come_up_to_a_limit_and_the_rest_is_counted(tools: Tools) -> None:
    few = tools.facts_about("Rachel", show="friends", limit=3)
    assert len(few["facts"]) == 3 and few["more"] > 100
    assert tools.facts_about("Rachel", persona="joey", as_of="S01E10", show="friends")["facts"] != few["facts"]


def test_with_several_shows_one_has_to_be_named(tools: Tools) -> None:
    with pytest.raises(BadInput, match=r"name one with 'show' \(friends, harbor_lights\)"):
        tools.ask("Hi", "nora")
