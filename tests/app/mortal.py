"""A service in a process of its own that a test may kill, forked from a server that has loaded everything already."""

import asyncio
import multiprocessing
import os
import sys
from multiprocessing.connection import Connection
from typing import Any


def start(database: str) -> tuple[Any, str]:
    """The running process and its address."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["mortal_bot"])
    # Python 3.11's server of forks is told our path and doesn't use it; what it can't import, it leaves out unsaid.
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(database, theirs), daemon=True)
    process.start()
    theirs.close()
    address: str = ours.recv()
    ours.close()
    return process, address


def _work(database: str, told: Connection) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from mortal_bot import BOT

    from app.__main__ import listen
    from app.service import create_app
    from app.storage.store import Store

    listening = listen("127.0.0.1", 0)
    told.send(f"http://127.0.0.1:{listening.getsockname()[1]}")
    config = Config()
    config.bind = [f"fd://{listening.detach()}"]
    config.loglevel = "CRITICAL"
    asyncio.run(serve(create_app(BOT, Store(database), running=8), config))  # type: ignore[arg-type]
