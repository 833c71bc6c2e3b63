"""A live service for tests: Hypercorn in a thread of its own, on a free port, as `python -m app` runs it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from hypercorn.asyncio import serve
from hypercorn.config import Config
from quart import Quart

from app.__main__ import listen


@contextmanager
def served(app: Quart) -> Iterator[str]:
    """The address of the running application, once it is ready."""
    listening = listen("127.0.0.1", 0)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    loop = asyncio.new_event_loop()
    over = asyncio.Event()
    config = Config()
    config.bind = [f"fd://{listening.detach()}"]
    config.loglevel = "CRITICAL"
    config.graceful_timeout = 0.5

    def work() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve(app, config, shutdown_trigger=over.wait))  # type: ignore[arg-type]

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=5)) as client:
            while client.get(f"{address}/readyz").status_code != 200:
                pass
        yield address
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()
