"""One's own show in one sitting: from a folder of transcripts to a persona that one can talk to.

    python -m app.own transcripts/                          # everything, then the page at http://127.0.0.1:8000
    python -m app.own transcripts/ --no-serve               # only build it, and print the report
    python -m app.own transcripts/ --train 5                # an adapter a persona, five minutes each
    python -m app.own transcripts/ --server http://127.0.0.1:8001/v1 --model my-model

Manifest, utterances, graph, report, personas, in this order; a stage runs again only where its input has changed. The
report goes to standard output, everything else to standard error.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parsing.commands import new_app, run, say
from parsing.errors import BadInput

if TYPE_CHECKING:
    from parsing.manifest import Show

app = new_app("One's own show in one sitting: transcripts -> manifest -> graph -> report -> personas, served.")


@app.command()
def own(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="transcripts: files, folders, or a show.toml")],
    *,
    title: Annotated[str, typer.Option(help="the show's title; by default the folder's name")] = "",
    shows: Annotated[
        Path | None,
        typer.Option(envvar="CANON_SHOWS", help="folder for the manifest; by default it stands beside the transcripts"),
    ] = None,
    draft: Annotated[bool, typer.Option("--draft", help="write and show the manifest, and stop")] = False,
    train: Annotated[float, typer.Option(help="minutes of training for each persona; 0: the base as it is", min=0)] = 0,
    again: Annotated[bool, typer.Option("--again", help="run every stage, whatever was done before")] = False,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="build and report, and stop")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="the report as one JSON object")] = False,
    host: Annotated[str, typer.Option(help="address to listen on; the default serves this machine only")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port; 0 takes a free one", min=0, max=65535)] = 8000,
    server: Annotated[str | None, typer.Option(help="an OpenAI-compatible server in place of our weights")] = None,
    model: Annotated[str | None, typer.Option(help="the model's name on that server")] = None,
    base: Annotated[str | None, typer.Option(help="another base model: path or hub id")] = None,
) -> None:
    """Build a show from transcripts and serve it until Ctrl-C; give the same command again to go on."""
    if train and (server or base):
        raise BadInput("--train trains on the bundled base: leave --server and --base out, or --train")
    serving = not (no_serve or draft)
    if serving:
        _listen(host, port).close()  # a taken port is told before the work
    from app.road.build import build
    from app.road.manifest import manifest_for, told
    from app.road.quality import text
    from parsing.manifest import load_show

    say(f"[1] manifest: looking at {', '.join(map(str, paths))}")
    path, fresh = manifest_for(paths, shows, title)
    show = load_show(str(path))
    for line in told(show, path, fresh):
        say(line)
    if draft:
        print(path.read_text(encoding="utf-8"), end="")
        return
    found = build(show, path, paths, train, again)
    print(json.dumps(found, ensure_ascii=False) if as_json else text(found))
    _tell_next(show, path, server)
    if serving:
        from app.__main__ import serve
        from app.engines import open_engine

        serve([show], open_engine(server, model, base), _listen(host, port))


def _tell_next(show: "Show", path: Path, server: str | None) -> None:
    """What can be done now, and what an answer costs."""
    persona = show.default_persona or show.personas[0].name
    hello = {"ru": "Здравствуйте!"}.get(show.language, "Hello!")
    say(f'talk to it: python -m app.inference {path} --persona "{persona}" "{hello}"')
    if server:
        say(f"cost: each answer is up to four replies sampled at {server}, with prompts of a few hundred tokens")
    else:
        say("cost: nothing leaves this machine")


def _listen(host: str, port: int) -> Any:
    from app.__main__ import listen

    return listen(host, port)


if __name__ == "__main__":
    run(app)
