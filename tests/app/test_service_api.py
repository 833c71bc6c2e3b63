"""The service through Quart's test client: OpenAI's forms, our own addresses, errors and limits."""

import json
from typing import Any

import pytest
from asking import ASK, Client, Talk, chat, events, ready

from app.service import BODY_LIMIT, create_app

# --- answers


async def test_a_plain_answer_has_openais_form_and_the_facts_beside_the_choices(client: Client) -> None:
    response = await chat(client, as_of="s3e7")
    answer = await response.get_json()
    assert response.status_code == 200
    assert (answer["object"], answer["model"]) == ("chat.completion", "friends/ross")
    assert answer["choices"][0]["message"]["content"] == "Oh, Monica is my sister."
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["usage"]["total_tokens"] == answer["usage"]["prompt_tokens"] + answer["usage"]["completion_tokens"]
    canon = answer["canon"]
    assert (canon["verdict"], canon["as_of"], canon["knows"]) == ("grounded", "S03E07", "character")
    assert [(f["relation"], f["object"], f["revealed"]) for f in canon["facts"]] == [
        ("sibling", "Monica Geller", "S01E01")
    ]
    assert [c["verdict"] for c in canon["claims"]] == ["supported"]


async def test_a_stream_keeps_the_order_of_chunks_and_ends_with_done(client: Client) -> None:
    found = await events(client, stream_options={"include_usage": True})
    assert found[-1] == "[DONE]"
    chunks = [json.loads(event) for event in found[:-1]]
    assert len({(c["id"], c["created"], c["object"]) for c in chunks}) == 1
    first, *pieces, end, usage = chunks
    assert first["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert "".join(c["choices"][0]["delta"]["content"] for c in pieces) == "Oh, Monica is my sister."
    assert len(pieces) == 5  # a piece a word
    assert {c["choices"][0]["finish_reason"] for c in (first, *pieces)} == {None}
    assert (end["choices"][0]["delta"], end["choices"][0]["finish_reason"]) == ({}, "stop")
    assert usage["choices"] == [] and usage["usage"]["completion_tokens"] > 0
    assert [("canon" in c) for c in chunks] == [False] * 6 + [True, False]


async def test_without_include_usage_a_stream_has_no_usage(client: Client) -> None:
    chunks = [json.loads(event) for event in (await events(client))[:-1]]
    assert not any("usage" in c for c in chunks) and all(c["choices"] for c in chunks)


async def test_as_of_locks_what_comes_later(client: Client) -> None:
    ask = [{"role": "user", "content": "Are you married?"}]
    late = await (await chat(client, model="friends/monica", messages=ask, as_of="S08E01")).get_json()
    early = await (await chat(client, model="friends/monica", messages=ask, as_of="S02E05")).get_json()
    assert [f["object"] for f in late["canon"]["facts"]] == ["Chandler Bing"]
    assert "Chandler" not in json.dumps(early)


async def test_what_we_do_not_use_is_said(client: Client) -> None:
    messages = [{"role": "system", "content": "You are a pirate."}, *ASK]
    answer = await (await chat(client, messages=messages, user="u1", presence_penalty=0.5)).get_json()
    assert answer["canon"]["unused"] == ["messages[0] (system)"]


async def test_content_parts_history_and_limits_reach_the_bot(talk_to: Talk) -> None:
    bot = talk_to("Sure thing.")
    app = create_app(bot)
    async with app.test_app():
        client = await ready(app)
        parts = [{"type": "text", "text": "Tell me"}, {"type": "text", "text": "more."}]
        turns = [{"role": "user", "content": "Hi."}, {"role": "assistant", "content": "Hey."}]
        more = {"candidates": 2, "seed": 7, "temperature": 0, "max_tokens": 9_000}
        await chat(client, messages=[*turns, {"role": "user", "content": parts}], **more)
    asked = bot.engine.requests[0]  # type: ignore[attr-defined]
    assert [m["content"] for m in asked.messages[-3:-1]] == ["Hi.", "Hey."]
    assert asked.messages[-1]["content"].split() == ["Tell", "me", "more."]
    assert (asked.n, asked.seed, asked.settings.temperature) == (2, 7, 0.0)
    assert asked.settings.max_tokens == bot.settings.max_tokens  # an upper bound above our own changes nothing


async def test_the_trace_is_sent_when_asked_for(client: Client) -> None:
    plain = await (await chat(client)).get_json()
    traced = await (await chat(client, trace=True)).get_json()
    assert "trace" not in plain["canon"]
    assert [step["step"] for step in traced["canon"]["trace"]][:2] == ["scene", "understand"]


# --- bad input


@pytest.mark.parametrize(
    ("change", "status", "param", "said"),
    [
        ({"model": "friends/joy"}, 404, "model", "did you mean 'friends/joey'"),
        ({"model": "joey"}, 404, "model", "no model 'joey'"),
        ({"model": 7}, 400, "model", "found 7"),
        ({"as_of": "S11E01"}, 400, "as_of", "there is no season 11"),
        ({"as_of": "banana"}, 400, "as_of", "'banana' is no episode"),
        ({"as_of": 3}, 400, "as_of", "found 3"),
        ({"knows": "god"}, 400, "knows", "'character' or 'viewer'"),
        ({"messages": []}, 400, "messages", "at least 1"),
        ({"messages": "hi"}, 400, "messages", "list"),
        ({"messages": [{"role": "user", "content": " "}]}, 400, "messages[0].content", "empty"),
        ({"messages": [{"role": "user", "content": "a" * 100_000}]}, 400, "messages[0].content", "100,000 characters"),
        ({"messages": [{"role": "user", "content": 5}]}, 400, "messages[0].content", "found 5"),
        ({"messages": [{"role": "robot", "content": "x"}]}, 400, "messages[0].role", 'found "robot"'),
        ({"messages": [*ASK, {"role": "assistant", "content": "x"}]}, 400, "messages", "last message"),
        ({"messages": ASK * 201}, 400, "messages", "at most 200"),
        ({"messages": [{"role": "user", "content": "a" * 110_000}, *ASK]}, 400, "messages", "send fewer"),
        ({"n": 2}, 400, "n", "found 2"),
        ({"temperature": 3}, 400, "temperature", "less than or equal to 2"),
        ({"max_tokens": 0}, 400, "max_tokens", "greater than or equal to 1"),
        ({"seed": "x"}, 400, "seed", "integer"),
        ({"candidates": 99}, 400, "candidates", "16"),
        ({"stream": "yes"}, 400, "stream", "boolean"),
    ],
)
async def test_a_wrong_field_is_one_error_in_openais_form(
    client: Client, change: dict[str, Any], status: int, param: str, said: str
) -> None:
    response = await chat(client, **change)
    error = (await response.get_json())["error"]
    assert (response.status_code, error["param"]) == (status, param)
    assert said in error["message"] and len(error["message"]) < 300
    assert error["type"] == "invalid_request_error" and error["code"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"{", "not JSON"),
        (b"[1]", "must be a JSON object"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 90_000, "body"),
        (rb'{"model": "\ud83d"}', "surrogate"),
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(client: Client, raw: bytes, said: str) -> None:
    response = await client.post("/v1/chat/completions", data=raw, headers={"Content-Type": "application/json"})
    error = (await response.get_json())["error"]
    assert response.status_code == 400 and said in error["message"] and error["code"] == "invalid_json"


async def test_a_missing_field_is_named(client: Client) -> None:
    response = await client.post("/v1/chat/completions", json={"messages": ASK})
    assert (await response.get_json())["error"]["message"] == "'model' is missing"


async def test_bodies_over_the_limit_and_of_other_types_are_refused(client: Client) -> None:
    large = await client.post(
        "/v1/chat/completions", data=b" " * (BODY_LIMIT + 1), headers={"Content-Type": "application/json"}
    )
    form = await client.post("/v1/chat/completions", data=b"{}", headers={"Content-Type": "text/plain"})
    assert (large.status_code, form.status_code) == (413, 415)
    assert "256 KiB" in (await large.get_json())["error"]["message"]
    assert "application/json" in (await form.get_json())["error"]["message"]


async def test_unknown_addresses_and_methods_answer_in_the_same_form(client: Client) -> None:
    lost, wrong = await client.get("/v1/nothing"), await client.get("/v1/chat/completions")
    assert (lost.status_code, wrong.status_code) == (404, 405)
    assert "/v1/nothing" in (await lost.get_json())["error"]["message"]
    assert "POST" in wrong.headers["Allow"]
    assert (await client.get("/static/../service.py")).status_code == 404


# --- shows, graph, lines


async def test_models_and_shows_list_every_persona(client: Client) -> None:
    models = await (await client.get("/v1/models")).get_json()
    assert models["object"] == "list"
    assert sorted(m["id"] for m in models["data"]) == [
        f"friends/{slug}" for slug in ("chandler", "joey", "monica", "phoebe", "rachel", "ross")
    ]
    (show,) = (await (await client.get("/api/shows")).get_json())["shows"]
    assert sum(len(season["episodes"]) for season in show["seasons"]) == 236
    assert (show["seasons"][2]["episodes"][-1], show["last_episode"]) == ("S03E25", "S10E18")
    joey = next(p for p in show["personas"] if p["slug"] == "joey")
    assert joey["colour"].startswith("#") and joey["notes"] and len(joey["questions"]) == 3


async def test_a_neighbourhood_holds_nothing_of_later(client: Client) -> None:
    early = await (await client.get("/api/shows/friends/graph?node=Monica&as_of=S02E05")).get_json()
    late = await (await client.get("/api/shows/friends/graph?node=Monica&as_of=S08E01")).get_json()
    assert early["node"]["id"] == "monica_geller"
    assert ("spouse", "Chandler Bing") not in {(f["relation"], f["object"]) for f in early["facts"]}
    assert ("spouse", "Chandler Bing") in {(f["relation"], f["object"]) for f in late["facts"]}
    assert {n["id"] for n in early["nodes"]} >= {"monica_geller", "ross_geller"}


async def test_a_neighbourhood_can_be_one_personas(client: Client) -> None:
    async def told(persona: str) -> set[str]:
        path = f"/api/shows/friends/graph?node=Chandler&as_of=S05E06&persona={persona}"
        return {f["relation"] for f in (await (await client.get(path)).get_json())["facts"]}

    assert "dating" in await told("joey")  # he has known since S05E05
    assert "dating" not in await told("ross")  # who learns of it in S05E14


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/shows/frends/graph?node=x", 404, "did you mean 'friends'"),
        ("/api/shows/friends/graph", 400, "'node' is missing"),
        ("/api/shows/friends/graph?node=Monica&most=41", 400, "most: input should be less than or equal to 40"),
        ("/api/shows/friends/graph?node=Monnica+Geler", 404, "did you mean 'Monica Geller'"),
        ("/api/shows/friends/graph?node=Monica&as_of=S11E01", 400, "no season 11"),
        ("/api/shows/friends/graph?node=Monica&persona=Gunther+X", 404, "has no persona"),
    ],
)
async def test_a_wrong_graph_request_says_what_is_wrong(client: Client, path: str, status: int, said: str) -> None:
    response = await client.get(path)
    assert response.status_code == status and said in (await response.get_json())["error"]["message"]


async def test_lines_are_shown_only_to_who_has_the_transcripts(
    client: Client, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pandas as pd

    monkeypatch.setenv("CANON_BUILD", str(tmp_path))
    without = await client.get("/api/shows/friends/line/S01E02.01.003")
    assert without.status_code == 404 and "no transcripts" in (await without.get_json())["error"]["message"]
    (tmp_path / "friends").mkdir()
    row = {
        "id": "S01E02.01.003", "episode": "S01E02", "speaker": None, "text": "Hello there.", "scene_setting": "A room",
        "reality": "canon",
    }  # fmt: skip
    pd.DataFrame([row]).to_parquet(tmp_path / "friends" / "utterances.parquet")
    found = await (await client.get("/api/shows/friends/line/S01E02.01.003")).get_json()
    assert (found["text"], found["speaker"]) == ("Hello there.", None)
    early = await client.get("/api/shows/friends/line/S01E02.01.003?as_of=S01E01")
    assert (early.status_code, (await client.get("/api/shows/friends/line/S09E99.01.001")).status_code) == (403, 404)
