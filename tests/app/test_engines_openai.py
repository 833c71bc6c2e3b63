"""The engine that asks an OpenAI-compatible server: its form, its retries, its errors."""

import json
from collections.abc import Callable

import httpx
import pytest

from app.engines import EngineRequest, Settings
from app.engines.openai import OpenAIEngine
from parsing.errors import Unavailable

ASK = EngineRequest("friends/joey", ({"role": "user", "content": "Hi"},), 2, Settings(max_tokens=9), 7)


def answer(*texts: str, reason: str = "stop") -> dict[str, object]:
    choices = [{"index": i, "message": {"content": t}, "finish_reason": reason} for i, t in enumerate(texts)]
    return {"choices": choices, "usage": {"prompt_tokens": 11, "completion_tokens": 8}}


def engine(handler: Callable[[httpx.Request], httpx.Response], **more: object) -> OpenAIEngine:
    transport = httpx.MockTransport(handler)
    return OpenAIEngine("http://there/v1/", transport=transport, wait=0.0, **more)  # type: ignore[arg-type]


async def test_it_asks_in_openais_form_and_reads_every_choice() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=answer(" Hey! ", "Yo."))

    found = await engine(handler, api_key="secret").generate(ASK)
    assert [c.text for c in found] == ["Hey!", "Yo."]
    assert [c.tokens for c in found] == [4, 4] and found[0].prompt_tokens == 11
    body = json.loads(seen[0].content)
    assert str(seen[0].url) == "http://there/v1/chat/completions"
    assert seen[0].headers["authorization"] == "Bearer secret"
    assert (body["model"], body["n"], body["seed"], body["max_tokens"]) == ("friends/joey", 2, 7, 9)


async def test_a_server_that_ignores_n_is_asked_again_with_other_seeds() -> None:
    seeds: list[int] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seeds.append(json.loads(request.content)["seed"])
        return httpx.Response(200, json=answer(f"reply {len(seeds)}"))

    found = await engine(handler).generate(ASK)
    assert [c.text for c in found] == ["reply 1", "reply 2"]
    assert seeds == [7, 8]


async def test_a_busy_server_is_asked_again() -> None:
    codes = iter([503, 429])

    def handler(request: httpx.Request) -> httpx.Response:
        code = next(codes, 200)
        return httpx.Response(code, json=answer("a", "b") if code == 200 else {})

    assert [c.text for c in await engine(handler).generate(ASK)] == ["a", "b"]


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (httpx.Response(503), "answered 503"),
        (httpx.Response(401, text="who are you"), "answered 401: who are you"),
        (httpx.Response(200, text="<html>"), "did not answer JSON"),
        (httpx.Response(200, json={"hello": 1}), "something else than a chat completion"),
        (httpx.Response(200, json=[1]), "something else than a chat completion"),
    ],
)
async def test_what_is_no_answer_is_one_clear_error(response: httpx.Response, said: str) -> None:
    with pytest.raises(Unavailable, match=said):
        await engine(lambda _: response).generate(ASK)


async def test_a_server_that_is_down_or_slow_is_unavailable_after_three_attempts() -> None:
    attempts: list[int] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        attempts.append(1)
        raise httpx.ConnectError("connection refused")

    def late(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("too slow")

    with pytest.raises(Unavailable, match="connection refused"):
        await engine(refuse).generate(ASK)
    assert len(attempts) == 3
    with pytest.raises(Unavailable, match="in time"):
        await engine(late).generate(ASK)


async def test_a_reply_cut_off_says_so() -> None:
    found = await engine(lambda _: httpx.Response(200, json=answer("Well I", "So", reason="length"))).generate(ASK)
    assert [c.finished for c in found] == [False, False]
