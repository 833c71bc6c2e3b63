"""Asking the service through Quart's test client."""

import asyncio
from collections.abc import Callable
from typing import Any

from quart import Quart
from quart.typing import TestClientProtocol as Client

from app.bot import Bot

Talk = Callable[..., Bot]
ASK = [{"role": "user", "content": "Who is your sister?"}]


async def ready(app: Quart) -> Client:
    client = app.test_client()
    await until(client, lambda found: found["ready"])
    return client


async def until(client: Client, met: Callable[[dict[str, Any]], bool]) -> None:
    """Wait until what /readyz says is as wanted."""
    for _ in range(500):
        if met(await (await client.get("/readyz")).get_json()):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("/readyz never said so")


def body(**more: Any) -> dict[str, Any]:
    return {"model": "friends/ross", "messages": ASK} | more


async def chat(client: Client, **more: Any) -> Any:
    return await client.post("/v1/chat/completions", json=body(**more))


async def events(client: Client, **more: Any) -> list[str]:
    response = await chat(client, stream=True, **more)
    assert response.status_code == 200 and response.mimetype == "text/event-stream"
    text = (await response.get_data()).decode()
    assert text.endswith("\n\n")
    found = text[:-2].split("\n\n")
    assert all(event.startswith("data: ") for event in found)
    return [event.removeprefix("data: ") for event in found]
