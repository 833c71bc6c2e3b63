"""`python -m app friends`: serve shows on this machine; the page is at http://127.0.0.1:8000."""

import errno
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parsing.commands import new_app, run, say
from parsing.errors import BadInput

if TYPE_CHECKING:
    from app.engines import Engine
    from app.storage.store import Store
    from parsing.manifest import Show

app = new_app("Serve shows: the page, OpenAI's chat completions, and a small API of our own.")


@app.command()
def main(
    shows: Annotated[list[str] | None, typer.Argument(help="show ids or paths of show.toml (default: friends)")] = None,
    *,
    host: Annotated[str, typer.Option(help="address to listen on; the default serves this machine only")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port; 0 takes a free one", min=0, max=65535)] = 8000,
    engine: Annotated[str, typer.Option(help="local: our weights in this process; openai: --server")] = "local",
    server: Annotated[str | None, typer.Option(help="address of an OpenAI-compatible server (http://…/v1)")] = None,
    model: Annotated[str | None, typer.Option(help="the model's name on that server")] = None,
    base: Annotated[str | None, typer.Option(help="another base model: path or hub id")] = None,
    candidates: Annotated[int, typer.Option(help="how many replies are sampled", min=1, max=16)] = 4,
    running: Annotated[int, typer.Option(help="replies being made at once", min=1)] = 4,
    waiting: Annotated[int, typer.Option(help="requests in line before others are refused", min=0)] = 32,
    database: Annotated[
        str | None,
        typer.Option(
            envvar="CANON_DATABASE",
            help="where conversations are kept: a file, or postgresql://user@host/name; '' keeps nothing "
            "(default: ~/.local/state/canon/conversations.sqlite3)",
        ),
    ] = None,
    no_history: Annotated[
        bool, typer.Option("--no-history", help="keep no conversation past the service's end")
    ] = False,
) -> None:
    """Serve until Ctrl-C."""
    from parsing.manifest import load_show

    loaded = [load_show(name) for name in shows or ["friends"]]
    _check(engine, server)
    listening = listen(host, port)

    from app.engines import open_engine

    made = open_engine(server, model, base)
    serve(loaded, made, listening, candidates, running, waiting, "" if no_history else database)


def serve(
    shows: "Sequence[Show]",
    engine: "Engine",
    listening: socket.socket,
    candidates: int = 4,
    running: int = 4,
    waiting: int = 32,
    database: str | None = None,
) -> None:
    """Serve shows on a bound socket until Ctrl-C. `database`: as `app.storage.database.address` takes it."""
    import asyncio

    from app.bot import Bot
    from app.service import create_app
    from app.storage.database import address
    from app.storage.store import Store

    store = Store(address(database))
    application = create_app(Bot(shows, engine, candidates), store, running=running, waiting=waiting)
    asyncio.run(_serve(application, store, listening, [show.title for show in shows]))


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Raises `BadInput` where the port is taken or the address isn't ours."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind)
    except OSError as error:
        raise BadInput(f"'{host}' is no address to listen on: {error.strerror}") from None
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(128)
    except PermissionError:
        listening.close()
        raise BadInput(f"port {port} needs more rights: choose one above 1023 with --port") from None
    except OSError as error:
        listening.close()
        reason = (
            "is taken by another program" if error.errno == errno.EADDRINUSE else f"can't be used ({error.strerror})"
        )
        raise BadInput(f"port {port} on {host} {reason}: choose another with --port") from None
    return listening


def _check(engine: str, server: str | None) -> None:
    if engine not in {"local", "openai"}:
        raise BadInput(f"--engine is 'local' or 'openai', not '{engine[:40]}'")
    if engine == "openai" and not server:
        raise BadInput("--engine openai needs --server, such as http://127.0.0.1:8001/v1")
    if engine == "local" and server:
        raise BadInput("--server is used with --engine openai only")


def _tell(address: tuple[Any, ...], titles: list[str]) -> None:
    host, port = address[:2]
    shown = f"[{host}]" if ":" in host else host
    say(f"{', '.join(titles)}: http://{shown}:{port}  (Ctrl-C ends)")
    if host not in {"127.0.0.1", "::1"}:
        say("canon: everybody who reaches this machine can use the service: it asks for no password")


async def _serve(application: object, store: "Store", listening: socket.socket, titles: list[str]) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    told = listening.getsockname()
    config = Config()
    config.bind = [f"fd://{listening.detach()}"]  # Hypercorn owns and closes it from here on
    config.loglevel = "WARNING"
    config.graceful_timeout = 5.0  # seconds for what is being answered when we are asked to stop
    config.include_server_header = False
    async with store:  # a database that can't be used ends us here, with one line
        _tell(told, titles)
        await serve(application, config)  # type: ignore[arg-type]


if __name__ == "__main__":
    run(app)
