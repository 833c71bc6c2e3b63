"""Conversations over the service: what is said is kept, whose it is, branches, moments, errors in OpenAI's form."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from asking import ready
from quart.typing import TestClientProtocol as Client

from app.bot import Bot
from app.engines.scripted import ScriptedEngine
from app.service import create_app
from app.storage import trees
from app.storage.records import StoredTurn
from app.web.conversations import COOKIE, tellable

Talk = Callable[..., Bot]
ROOT = "/api/conversations"
HELLO = {"content": "Hello!"}


@pytest.fixture
def bot(talk_to: Talk) -> Bot:
    return talk_to("Hey there, pal.")


@pytest_asyncio.fixture
async def client(bot: Bot) -> AsyncIterator[Client]:
    app = create_app(bot)
    async with app.test_app():
        yield await ready(app)


async def got(response: Any, status: int = 200) -> Any:
    found = await response.get_json()
    assert response.status_code == status, found
    return found


async def begun(client: Client, content: str = "Hello!", model: str = "friends/joey", **more: Any) -> Any:
    message = {"content": content} | more
    return await got(await client.post(ROOT, json={"model": model, "message": message}), 201)


async def said(client: Client, id_: str, content: str, **more: Any) -> Any:
    return await got(await client.post(f"{ROOT}/{id_}/messages", json={"content": content} | more), 201)


def texts(opened: Any) -> list[str]:
    return [turn["content"] for turn in opened["turns"]]


# --- keeping


async def test_a_message_and_its_reply_are_kept_with_what_the_reply_rests_on(client: Client) -> None:
    made = await begun(client, "What do you do for a living?", as_of="s2e5", knows="viewer")
    id_ = made["conversation"]["id"]
    opened = await got(await client.get(f"{ROOT}/{id_}"))
    assert opened == made
    mine, reply = opened["turns"]
    assert (mine["role"], reply["role"], reply["parent"]) == ("user", "assistant", mine["id"])
    assert {(t["as_of"], t["knows"]) for t in opened["turns"]} == {("S02E05", "viewer")}
    assert "actor" in reply["content"] and reply["canon"]["facts"][0]["object"] == "actor"
    assert mine["canon"] is None
    assert opened["conversation"]["title"] == "What do you do for a living?"
    assert len(id_) == 22 and opened["conversation"]["model"] == "friends/joey"


async def test_a_conversation_goes_on_with_its_history(client: Client, bot: Bot) -> None:
    id_ = (await begun(client, "Hello!"))["conversation"]["id"]
    added = await said(client, id_, "How are you doing?")
    assert [t["role"] for t in added["turns"]] == ["user", "assistant"]
    assert len(texts(await got(await client.get(f"{ROOT}/{id_}")))) == 4
    engine = bot.engine
    assert isinstance(engine, ScriptedEngine)
    assert [m["content"] for m in engine.requests[-1].messages if m["role"] != "system"] == [
        "Hello!", "Hey there, pal.", "How are you doing?",
    ]  # fmt: skip


async def test_a_reply_that_is_never_made_leaves_nothing(client: Client, bot: Bot) -> None:
    id_ = (await begun(client))["conversation"]["id"]
    refused = await client.post(f"{ROOT}/{id_}/messages", json={"content": "Hm?", "as_of": "S11E01"})
    assert refused.status_code == 400
    late = await client.post(ROOT, json={"model": "friends/joey", "message": {"content": "Hi", "as_of": "S99E01"}})
    assert late.status_code == 400
    assert len(texts(await got(await client.get(f"{ROOT}/{id_}")))) == 2
    assert len((await got(await client.get(ROOT)))["conversations"]) == 1


async def test_conversations_are_listed_by_pages_the_latest_first(client: Client) -> None:
    ids = [(await begun(client, f"Hello {n}!"))["conversation"]["id"] for n in range(3)]
    await said(client, ids[0], "Hello again!")
    first = await got(await client.get(f"{ROOT}?limit=2"))
    second = await got(await client.get(f"{ROOT}?limit=2&before={first['next']}"))
    assert [c["id"] for c in first["conversations"]] == [ids[0], ids[2]]
    assert [c["id"] for c in second["conversations"]] == [ids[1]] and second["next"] is None


async def test_a_conversation_is_renamed_and_deleted(client: Client) -> None:
    id_ = (await begun(client))["conversation"]["id"]
    renamed = await got(await client.patch(f"{ROOT}/{id_}", json={"title": "  Lunch "}))
    assert renamed["conversation"]["title"] == "Lunch"
    assert (await client.delete(f"{ROOT}/{id_}")).status_code == 204
    assert (await client.get(f"{ROOT}/{id_}")).status_code == 404
    assert (await got(await client.get(ROOT)))["conversations"] == []


async def test_an_empty_conversation_takes_its_title_from_the_first_message(client: Client) -> None:
    id_ = (await got(await client.post(ROOT, json={"model": "friends/joey"}), 201))["conversation"]["id"]
    assert (await said(client, id_, "word " * 40))["conversation"]["title"].endswith("word…")
    assert (await said(client, id_, "Another."))["conversation"]["title"].startswith("word word")


# --- whose it is


async def test_a_conversation_belongs_to_the_browser_that_began_it(client: Client, bot: Bot) -> None:
    response = await client.post(ROOT, json={"model": "friends/joey", "message": HELLO})
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=") and "HttpOnly" in cookie and "SameSite=Strict" in cookie
    id_ = (await response.get_json())["conversation"]["id"]
    stranger = client.app.test_client()
    assert (await got(await stranger.get(ROOT)))["conversations"] == []
    tries = [
        stranger.get(f"{ROOT}/{id_}"),
        stranger.get(f"{ROOT}/{id_}/export"),
        stranger.patch(f"{ROOT}/{id_}", json={"title": "mine"}),
        stranger.delete(f"{ROOT}/{id_}"),
        stranger.post(f"{ROOT}/{id_}/messages", json=HELLO),
    ]
    assert [(await attempt).status_code for attempt in tries] == [404] * 5
    assert (await client.get(f"{ROOT}/{id_}")).status_code == 200


async def test_reading_sets_no_cookie_and_a_second_conversation_keeps_the_first_ones_key(client: Client) -> None:
    assert "Set-Cookie" not in (await client.get(ROOT)).headers
    await begun(client)
    await begun(client)
    assert len((await got(await client.get(ROOT)))["conversations"]) == 2


# --- branches


async def test_an_edited_turn_begins_a_branch_and_the_old_one_can_be_gone_back_to(client: Client) -> None:
    made = await begun(client, "Hello!")
    id_, first = made["conversation"]["id"], made["turns"][0]["id"]
    await said(client, id_, "What do you do for a living?")
    edited = await got(await client.post(f"{ROOT}/{id_}/turns/{first}/edit", json={"content": "Good morning!"}), 201)
    assert edited["turns"][0]["siblings"] == [first, edited["turns"][0]["id"]]
    assert texts(await got(await client.get(f"{ROOT}/{id_}"))) == ["Good morning!", "Hey there, pal."]
    back = await got(await client.patch(f"{ROOT}/{id_}", json={"leaf": first}))
    assert texts(back)[:3] == ["Hello!", "Hey there, pal.", "What do you do for a living?"]  # as far as it had come


async def test_a_reply_made_anew_stands_beside_the_old_one_at_the_same_moment(client: Client, bot: Bot) -> None:
    made = await begun(client, "Hello!", as_of="S02E05")
    id_, reply = made["conversation"]["id"], made["turns"][1]["id"]
    await got(await client.post(f"{ROOT}/{id_}/turns/{reply}/regenerate", json={}), 201)
    opened = await got(await client.get(f"{ROOT}/{id_}"))
    assert len(opened["turns"]) == 2 and opened["turns"][1]["siblings"] == [reply, opened["turns"][1]["id"]]
    assert opened["turns"][1]["as_of"] == "S02E05"
    assert isinstance(bot.engine, ScriptedEngine)
    assert len({asked.seed for asked in bot.engine.requests}) == 2  # or it would say the same again


async def test_a_branch_is_a_conversation_of_its_own(client: Client) -> None:
    made = await begun(client, "Hello!")
    id_, reply = made["conversation"]["id"], made["turns"][1]["id"]
    await said(client, id_, "What do you do for a living?")
    branched = await got(await client.post(f"{ROOT}/{id_}/turns/{reply}/branch"), 201)
    other = branched["conversation"]
    assert (texts(branched), other["branched_from"]) == (["Hello!", "Hey there, pal."], id_)
    await said(client, other["id"], "Thank you!")
    await client.delete(f"{ROOT}/{id_}")
    assert len(texts(await got(await client.get(f"{ROOT}/{other['id']}")))) == 4


async def test_an_export_holds_every_branch(client: Client) -> None:
    made = await begun(client, "Hello!")
    id_, first = made["conversation"]["id"], made["turns"][0]["id"]
    await client.post(f"{ROOT}/{id_}/turns/{first}/edit", json={"content": "Good morning!"})
    response = await client.get(f"{ROOT}/{id_}/export")
    export = json.loads(await response.get_data())
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''canon-joey-")
    assert export["format"] == "canon-conversation/1" and len(export["turns"]) == 4
    assert all(turn["canon"]["verdict"] for turn in export["turns"] if turn["role"] == "assistant")


# --- moments


def turn(role: str, content: str, as_of: str, knows: str = "character") -> StoredTurn:
    return StoredTurn(role, content, as_of, knows)


def test_what_was_said_at_a_later_moment_or_with_wider_knowledge_is_no_history() -> None:
    path = (
        turn("user", "Are you married?", "S08E01"),
        turn("assistant", "To Chandler.", "S08E01"),
        turn("user", "And Ross?", "S02E05", "viewer"),
        turn("assistant", "He is not.", "S02E05", "viewer"),
    )
    early = [t.content for t in tellable(path, "S02E05", "character")]
    assert early == ["Are you married?", "And Ross?"]
    assert "He is not." in [t.content for t in tellable(path, "S02E05", "viewer")]
    assert len(tellable(path, "S08E01", "viewer")) == 4


def test_the_history_that_is_sent_is_bounded() -> None:
    path = tuple(turn("user", f"{n}", "S01E01") for n in range(500))
    assert [t.content for t in tellable(path, "S01E01", "character")] == [str(n) for n in range(301, 500)]
    assert len(tellable((turn("user", "x" * 60_000, "S01E01"),) * 3, "S01E01", "character")) == 1


async def test_going_back_in_the_show_leaks_nothing_of_what_was_said(client: Client, bot: Bot) -> None:
    made = await begun(client, "Who is your husband?", model="friends/monica", as_of="S08E01")
    assert "Chandler" in made["turns"][1]["content"]
    early = await said(client, made["conversation"]["id"], "Hello, how are you?", as_of="S02E05")
    assert "Chandler" not in json.dumps(early)
    assert isinstance(bot.engine, ScriptedEngine)
    assert "Chandler" not in json.dumps([list(r.messages) for r in bot.engine.requests[-1:]])


# --- what is refused


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "param", "text"),
    [
        ("POST", "", {"model": "friends/jooey"}, 404, "model", "did you mean 'friends/joey'"),
        ("POST", "", {"model": 7}, 400, "model", "found 7"),
        ("POST", "", {"model": "friends/joey", "title": "x" * 201}, 400, "title", "at most 200"),
        ("POST", "", {"model": "friends/joey", "message": {"content": " "}}, 400, "content", "empty"),
        ("POST", "", {"model": "friends/joey", "message": {"content": 1}}, 400, "message.content", "found 1"),
        ("GET", "?limit=0", None, 400, "limit", "greater than or equal to 1"),
        ("GET", "?limit=ten", None, 400, "limit", "integer"),
        ("GET", "?before=x", None, 400, None, "an earlier page"),
        ("GET", "/nothing", None, 404, None, "no conversation 'nothing'"),
        ("PATCH", "/ID", {}, 400, "title", "nothing to change"),
        ("PATCH", "/ID", {"title": " "}, 400, "title", "empty"),
        ("PATCH", "/ID", {"leaf": "other"}, 404, None, "no turn 'other'"),
        ("POST", "/ID/messages", {"content": "x" * 4_001}, 400, "content", "at most 4,000"),
        ("POST", "/ID/messages", {"content": "Hi", "as_of": "banana"}, 400, "as_of", "'banana' is no episode"),
        ("POST", "/ID/messages", {"content": "Hi", "knows": "god"}, 400, "knows", "'character' or 'viewer'"),
        ("POST", "/ID/messages", {"content": "Hi", "after": "other"}, 404, None, "no turn 'other'"),
        ("POST", "/ID/turns/REPLY/edit", {"content": "Hi"}, 400, "turn", "only yours can be edited"),
        ("POST", "/ID/turns/MINE/regenerate", {}, 400, "turn", "only replies are made anew"),
        ("POST", "/ID/turns/other/branch", None, 404, None, "no turn 'other'"),
    ],
)
async def test_a_wrong_request_is_one_error_in_openais_form(
    client: Client, method: str, path: str, body: Any, status: int, param: str | None, text: str
) -> None:
    made = await begun(client)
    mine, reply = (t["id"] for t in made["turns"])
    path = path.replace("ID", made["conversation"]["id"]).replace("REPLY", reply).replace("MINE", mine)
    response = await client.open(ROOT + path, method=method, json=body)
    error = (await response.get_json())["error"]
    assert (response.status_code, error["param"]) == (status, param), error
    assert text in error["message"] and error["type"] == "invalid_request_error"


async def test_a_form_of_another_site_is_refused(client: Client) -> None:
    response = await client.post(ROOT, data=b'{"model": "friends/joey"}', headers={"Content-Type": "text/plain"})
    assert response.status_code == 415


async def test_a_character_that_not_every_database_keeps_is_left_out(client: Client) -> None:
    made = await begun(client, "Hello\0 there!")
    assert (made["conversation"]["title"], texts(made)[0]) == ("Hello there!", "Hello  there!")
    assert (await client.get(f"{ROOT}/a%00b")).status_code == 404


async def test_what_is_kept_is_bounded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "MOST_CONVERSATIONS", 1)
    monkeypatch.setattr(trees, "MOST_TURNS", 3)
    id_ = (await begun(client))["conversation"]["id"]
    more = await client.post(ROOT, json={"model": "friends/joey"})
    longer = await client.post(f"{ROOT}/{id_}/messages", json=HELLO)
    assert (more.status_code, longer.status_code) == (409, 409)
    assert "delete some" in (await more.get_json())["error"]["message"]
    assert "branch from one" in (await longer.get_json())["error"]["message"]


async def test_a_database_that_fails_is_a_503_and_the_service_lives(client: Client) -> None:
    id_ = (await begun(client))["conversation"]["id"]
    store = client.app.extensions["canon"].store
    async with store._engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA query_only = ON")
    failed = await client.post(f"{ROOT}/{id_}/messages", json=HELLO)
    error = (await failed.get_json())["error"]
    assert (failed.status_code, error["type"]) == (503, "server_error")
    assert "can't be written" in error["message"]
    assert (await client.get("/healthz")).status_code == 200
    async with store._engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA query_only = OFF")
    await said(client, id_, "Hello again!")


# --- the document


async def test_the_openapi_document_describes_every_address(client: Client) -> None:
    document = await got(await client.get("/openapi.json"))
    served = {rule.rule.replace("<", "{").replace(">", "}") for rule in client.app.url_map.iter_rules()}
    hidden = {"/", "/metrics", "/favicon.ico", "/static/{path:name}", "/openapi.json"}
    assert set(document["paths"]) == served - hidden
    say = document["paths"][ROOT + "/{conversation}/messages"]["post"]
    assert {"201", "400", "404", "409", "429", "503"} <= set(say["responses"])
    (body,) = say["requestBody"]["content"].values()
    assert body["schema"]["required"] == ["content"]


async def test_why_this_answer_tells_the_steps_and_no_words_of_a_refused_candidate(talk_to: Talk) -> None:
    app = create_app(talk_to("I'm married to Chandler.", "My brother is Ross."))
    async with app.test_app():
        client = await ready(app)
        made = await begun(client, "Who is your brother?", "friends/monica", as_of="S02E05")
        reply = made["turns"][1]
        assert "trace" not in reply["canon"]
        told = await got(await client.get(f"{ROOT}/{made['conversation']['id']}/turns/{reply['id']}/why"))
        mine = await client.get(f"{ROOT}/{made['conversation']['id']}/turns/{made['turns'][0]['id']}/why")
    steps = {step["step"]: step for step in told["trace"]}
    assert steps["understand"]["asks"][0]["relation"] == "sibling" and steps["reply"]["way"] == reply["canon"]["way"]
    refused = [c for c in steps["judge"]["candidates"] if c["problems"]]
    assert refused and all(c["text"] is None and c["claims"] == [] for c in refused)
    assert "Chandler" not in json.dumps(steps["judge"])
    assert mine.status_code == 400
