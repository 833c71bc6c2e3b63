"""The running service: OpenAI's own client, a client that leaves, a port that is taken, the command line."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import openai
import pytest
from serving import served

from app.__main__ import listen
from app.bot import Bot
from app.engines.scripted import ScriptedEngine
from app.service import create_app
from parsing.errors import BadInput

Talk = Callable[..., Bot]
ASK = [{"role": "user", "content": "Who is your sister?"}]


@pytest.fixture
def client(talk_to: Talk) -> Iterator[openai.OpenAI]:
    with (
        served(create_app(talk_to("Oh, Monica is my sister."))) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client,
    ):
        yield client


def test_openais_client_reads_a_plain_answer(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="friends/ross", messages=ASK, extra_body={"as_of": "S03E07"})  # type: ignore[call-overload]
    assert answer.choices[0].message.content == "Oh, Monica is my sister."
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens > 0
    assert answer.canon["as_of"] == "S03E07" and answer.canon["facts"][0]["object"] == "Monica Geller"


def test_openais_client_reads_a_stream_to_its_end(client: openai.OpenAI) -> None:
    stream = client.chat.completions.create(  # type: ignore[call-overload]
        model="friends/ross", messages=ASK, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == "Oh, Monica is my sister."
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].usage.completion_tokens > 0
    assert [c.canon["verdict"] for c in chunks if hasattr(c, "canon")] == ["grounded"]


def test_openais_client_raises_its_own_errors_from_ours(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="did you mean 'friends/joey'") as unknown:
        client.chat.completions.create(model="friends/jooey", messages=ASK)  # type: ignore[call-overload]
    assert (unknown.value.code, unknown.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.BadRequestError, match="no season 11"):
        client.chat.completions.create(model="friends/joey", messages=ASK, extra_body={"as_of": "S11E01"})  # type: ignore[call-overload]


def test_openais_client_lists_the_personas(client: openai.OpenAI) -> None:
    assert "friends/joey" in [model.id for model in client.models.list()]


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_leaves_stops_its_reply(talk_to: Talk, stream: bool) -> None:
    bot = talk_to("Hey.", seconds=30.0)
    body = {"model": "friends/joey", "messages": [{"role": "user", "content": "Hello!"}], "stream": stream}
    with served(create_app(bot)) as address, httpx.Client(base_url=address) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post("/v1/chat/completions", json=body, timeout=httpx.Timeout(5.0, read=1.5))
        engine = bot.engine
        assert isinstance(engine, ScriptedEngine) and len(engine.requests) == 1
        left = time.perf_counter()
        while engine.stopped == 0 and time.perf_counter() - left < 2.0:
            time.sleep(0.01)
        assert engine.stopped == 1 and time.perf_counter() - left < 0.3
        metrics = client.get("/metrics").text
        assert "canon_cancelled_total 1.0" in metrics and "canon_running 0.0" in metrics


def test_a_client_that_leaves_before_the_reply_leaves_no_conversation(talk_to: Talk) -> None:
    bot = talk_to("Hey.", seconds=30.0)
    body = {"model": "friends/joey", "message": {"content": "Hello!"}}
    with served(create_app(bot)) as address, httpx.Client(base_url=address) as client:
        empty = client.post("/api/conversations", json={"model": "friends/joey"}).json()["conversation"]
        for path, sent in (
            ("/api/conversations", body),
            (f"/api/conversations/{empty['id']}/messages", body["message"]),
        ):
            with pytest.raises(httpx.ReadTimeout):
                client.post(path, json=sent, timeout=httpx.Timeout(5.0, read=1.0))
        engine = bot.engine
        left = time.perf_counter()
        while engine.stopped < 2 and time.perf_counter() - left < 2.0:  # type: ignore[attr-defined]
            time.sleep(0.01)
        assert engine.stopped == 2  # type: ignore[attr-defined]
        assert [c["id"] for c in client.get("/api/conversations").json()["conversations"]] == [empty["id"]]
        assert client.get(f"/api/conversations/{empty['id']}").json()["turns"] == []


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=f"port {port} on 127.0.0.1 is taken .* choose another with --port"):
            listen("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_one_clear_line() -> None:
    with pytest.raises(BadInput, match="no address to listen on"):
        listen("no-such-host.invalid", 8000)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("frends",), "did you mean 'friends'"),
        (("--engine", "magic"), "--engine is 'local' or 'openai'"),
        (("--engine", "openai"), "needs --server"),
    ],
)
def test_a_wrong_option_is_one_line_and_exit_code_2(arguments: tuple[str, ...], said: str) -> None:
    ended = run(*arguments)
    assert ended.returncode == 2 and ended.stdout == ""
    assert said in ended.stderr and ended.stderr.count("\n") == 1


def test_a_database_that_cant_be_used_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Dear diary, " * 100)
    ended = run("--port", "0", "--database", str(tmp_path / "notes.txt"))
    assert ended.returncode == 2 and ended.stdout == ""
    assert "notes.txt: it is no SQLite database" in ended.stderr and ended.stderr.count("\n") == 1


def test_help_answers_without_loading_the_bot() -> None:
    started = time.perf_counter()
    assert "--port" in run("--help").stdout
    assert time.perf_counter() - started < 3.0


def test_the_command_serves_within_seconds_and_says_what_it_lacks(tmp_path: Path) -> None:
    own = {name: str(tmp_path) for name in ("CANON_MODELS", "CANON_BUILD", "XDG_STATE_HOME")}
    environment = {name: value for name, value in os.environ.items() if name != "CANON_DATABASE"} | own
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "friends", "--port", "0"], stderr=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert process.stderr is not None
        started = time.perf_counter()
        line = process.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert address is not None, line
        with httpx.Client(base_url=address[0], transport=httpx.HTTPTransport(retries=3)) as client:
            assert client.get("/healthz").status_code == 200
            assert time.perf_counter() - started < 8.0
            while (found := client.get("/readyz").json())["error"] is None and time.perf_counter() - started < 30:
                time.sleep(0.05)
            assert not found["ready"]  # the graph is shipped, the weights are taken away
            assert f"no model in {tmp_path}/base" in found["error"] and "python -m training all" in found["error"]
    finally:
        process.terminate()
        process.communicate(timeout=15)
    assert process.returncode == 0
    assert (tmp_path / "canon" / "conversations.sqlite3").is_file()
