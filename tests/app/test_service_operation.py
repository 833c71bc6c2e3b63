"""The service in operation: headers, readiness, a full line, engines that fail, metrics, closing."""

import asyncio
from typing import Any

import pytest
from asking import Client, Talk, chat, ready, until

from app.engines.scripted import ScriptedEngine
from app.service import create_app
from parsing.errors import NotFound, Unavailable


async def test_every_answer_carries_the_security_headers(client: Client) -> None:
    for path in ("/", "/static/main.js", "/api/shows", "/nothing"):
        headers = (await client.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"
        assert "Access-Control-Allow-Origin" not in headers


async def test_files_are_asked_about_each_time_and_answers_are_not_kept(client: Client) -> None:
    file = await client.get("/static/main.js")
    assert file.headers["Cache-Control"] == "no-cache"
    again = await client.get("/static/main.js", headers={"If-None-Match": file.headers["ETag"]})
    assert again.status_code == 304
    assert (await client.get("/api/shows")).headers["Cache-Control"] == "no-store"


async def test_the_page_names_no_other_host_and_has_nothing_inline(client: Client) -> None:
    page = (await (await client.get("/")).get_data()).decode()
    assert "http" not in page and "style=" not in page and "onclick" not in page and "<script>" not in page
    assert (await client.get("/static/main.js")).mimetype == "text/javascript"


async def test_before_it_is_ready_it_says_so_and_when_to_come_back(
    talk_to: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    bot, go = talk_to(), threading.Event()
    monkeypatch.setattr(bot, "warm", lambda: go.wait(5))
    app = create_app(bot)
    async with app.test_app():
        client = app.test_client()
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
        early = await chat(client)
        assert (early.status_code, early.headers["Retry-After"]) == (503, "1")
        go.set()
        await ready(app)
        assert (await chat(client)).status_code == 200


async def test_a_model_that_is_missing_is_told_and_the_rest_is_served(
    talk_to: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = talk_to()

    def fail() -> None:
        raise NotFound("no model in models/base: train one")

    monkeypatch.setattr(bot, "warm", fail)
    app = create_app(bot)
    async with app.test_app():
        client = app.test_client()
        await until(client, lambda found: found["error"] is not None)
        assert "no model" in (await (await chat(client)).get_json())["error"]["message"]
        assert (await client.get("/api/shows")).status_code == 200


async def test_when_the_line_is_full_the_next_gets_429_and_a_time(talk_to: Talk) -> None:
    app = create_app(talk_to("Hey there, pal.", seconds=0.3), running=1, waiting=1)
    async with app.test_app():
        client = await ready(app)
        hello = [{"role": "user", "content": "Hello!"}]
        tasks = []
        for _ in range(3):
            tasks.append(asyncio.create_task(chat(client, messages=hello)))
            await asyncio.sleep(0.05)
        answers = await asyncio.gather(*tasks)
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) >= 1
    assert (await answers[2].get_json())["error"]["type"] == "rate_limit_error"


async def test_an_engine_that_fails_or_takes_too_long_is_a_503(talk_to: Talk) -> None:
    async def broken(request: Any) -> Any:
        raise Unavailable("the engine is away")

    bot = talk_to("Hi.", seconds=5.0)
    app = create_app(bot, deadline=0.2)
    hello = [{"role": "user", "content": "Hello!"}]
    async with app.test_app():
        client = await ready(app)
        late = await chat(client, messages=hello)
        bot.engine.generate = broken  # type: ignore[method-assign]
        away = await chat(client, messages=hello, stream=True)
    assert (late.status_code, away.status_code) == (503, 503)
    assert (await late.get_json())["error"]["code"] == "deadline"
    assert (await away.get_json())["error"]["message"] == "the engine is away"
    assert isinstance(bot.engine, ScriptedEngine) and bot.engine.stopped == 1


async def test_a_defect_is_a_500_without_its_details(talk_to: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    bot = talk_to()
    app = create_app(bot)
    async with app.test_app():
        client = await ready(app)

        async def wrong(request: Any) -> Any:
            raise RuntimeError("secret details")

        monkeypatch.setattr(bot, "reply", wrong)
        response = await chat(client)
    assert response.status_code == 500 and "secret" not in (await response.get_data()).decode()


async def test_metrics_count_replies_and_errors(client: Client) -> None:
    await chat(client)
    await chat(client, as_of="banana")
    text = (await (await client.get("/metrics")).get_data()).decode()
    assert 'canon_replies_total{persona="ross",show="friends",verdict="grounded",way="model"} 1.0' in text
    assert 'canon_errors_total{status="400"} 1.0' in text
    assert "canon_ready 1.0" in text and "canon_running 0.0" in text


async def test_closing_the_service_closes_the_engine(talk_to: Talk) -> None:
    bot = talk_to()
    app = create_app(bot)
    async with app.test_app():
        await ready(app)
    assert isinstance(bot.engine, ScriptedEngine) and bot.engine.closed
