"""The command of the blind judging: serves the page on this machine, or prints what came of it."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parsing.commands import say
from parsing.errors import NotFound
from parsing.manifest import build_root

if TYPE_CHECKING:
    import socket

    from evaluation.pairwise import Judging


def pairwise(
    first: Annotated[Path, typer.Argument(help="a result of factcheck")],
    second: Annotated[Path, typer.Argument(help="another one, of the same questions")],
    database: Annotated[
        Path | None,
        typer.Option(help="SQLite file of the choices; by default named by both, in the build folder"),
    ] = None,
    summary: Annotated[bool, typer.Option("--summary", help="print wins, ties and the sign test, and end")] = False,
    port: Annotated[int, typer.Option(help="port; 0 takes a free one", min=0, max=65535)] = 8010,
    seed: Annotated[int | None, typer.Option(help="order of pairs and sides in a new file; drawn by default")] = None,
) -> None:
    """Blind judging: two runs' replies side by side; a person picks, by click or key. Goes on where it was."""
    from evaluation.pairwise import Judging

    file = database or build_root() / "pairwise" / f"{first.stem}--{second.stem}.sqlite3"
    if summary and not file.is_file():
        raise NotFound(f"no choices at {file}: judge first, by the same command without --summary")
    judging = Judging(file, first, second, seed)
    if not summary:
        from app.__main__ import listen

        listening = listen("127.0.0.1", port)
        say(f"{len(judging.pairs)} pairs, {len(judging.made())} judged; choices go to {file}")
        say(f"http://127.0.0.1:{listening.getsockname()[1]}  (Ctrl-C ends)")
        asyncio.run(_serve(judging, listening))
        return
    found = judging.summary()
    for name, counts in (*found["kinds"].items(), ("all", found["all"])):
        say(
            f"{name:8} {first.stem} {counts['first']}, {second.stem} {counts['second']}, both {counts['both']}, "
            f"neither {counts['neither']} of {counts['of']}; sign test p = {counts['p_value']:.3g}"
        )
    print(json.dumps({"first": first.name, "second": second.name} | found, indent=1))


async def _serve(judging: "Judging", listening: "socket.socket") -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    from evaluation.pairwise_server import create_app

    config = Config()
    config.bind = [f"fd://{listening.detach()}"]  # Hypercorn owns and closes it from here on
    config.loglevel = "WARNING"
    config.include_server_header = False
    await serve(create_app(judging), config)
