"""Talk to a persona from the command line: one message, a conversation, or a file of questions.

    python -m app.inference friends --persona Joey "How you doin'?"
    python -m app.inference friends --persona Monica --as-of S02E05 "Who is your husband?" --json
    python -m app.inference --card alice.png "Who are you?"
    python -m app.inference friends --batch questions.jsonl > answers.jsonl

What it does, top to bottom: read the options, open the engine, make the bot, ask it, print what it says. The reply
goes to standard output, everything else to standard error.
"""

import asyncio
import atexit
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from app.bot import Bot
from app.engines import open_engine
from app.questions import read_questions
from app.terminal import chat, facts_text, trace_text
from app.types import ChatRequest, Reply
from parsing.commands import new_app, run, say
from parsing.errors import BadInput
from parsing.manifest import Show, load_show

app = new_app("Talk to a persona of a show: one message, a conversation, or a batch of questions.")


@app.command()
def inference(
    show: Annotated[
        str | None, typer.Argument(help="show id (friends) or path to a show.toml; with --card, the message")
    ] = None,
    message: Annotated[str | None, typer.Argument(help="what to say; without it, standard input or a chat")] = None,
    persona: Annotated[
        str | None, typer.Option(help="who answers: name, alias or slug; required unless --batch")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="watched up to this episode (S02E05); default: all of it")] = None,
    knows: Annotated[
        str, typer.Option(help="character: only what the persona knows; viewer: all a viewer knows")
    ] = "character",
    card: Annotated[
        Path | None, typer.Option(help="a character card in place of SHOW and --persona: PNG, JSON or .charx")
    ] = None,
    lorebook: Annotated[list[Path] | None, typer.Option(help="with --card: a lorebook or world info file")] = None,
    batch: Annotated[
        Path | None, typer.Option(help="file of questions (JSON Lines); answers in the same order")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="print one JSON object: reply, verdict, facts, claims")
    ] = False,
    graph: Annotated[
        bool, typer.Option("--graph/--no-graph", help="ground and check by the graph, or the model alone")
    ] = True,
    curated: Annotated[bool, typer.Option("--curated/--no-curated", help="with or without corrections.csv")] = True,
    trace: Annotated[bool, typer.Option("--trace", help="show every step of the answer")] = False,
    candidates: Annotated[int | None, typer.Option(help="how many replies are sampled", min=1, max=32)] = None,
    seed: Annotated[int | None, typer.Option(help="seed of the sampling")] = None,
    server: Annotated[str | None, typer.Option(help="an OpenAI-compatible server in place of our weights")] = None,
    model: Annotated[str | None, typer.Option(help="the model's name on that server")] = None,
    base: Annotated[str | None, typer.Option(help="another base model: path or hub id")] = None,
) -> None:
    """Answer as a persona, grounded in the show's graph and checked against it."""
    if card is not None:
        message = show if message is None else message
        the_show = _show_of_card(card, lorebook or ())
        persona = the_show.default_persona
    else:
        if show is None or lorebook:
            raise BadInput("name a SHOW, such as friends; --lorebook goes with --card")
        the_show = load_show(show)
    settings: dict[str, Any] = {"use_graph": graph, "curated": curated, "seed": seed, "candidates": candidates}
    if batch is not None:
        questions = read_questions(batch, the_show)
        requests = [(q.id, replace(q.request(the_show, **settings))) for q in questions]
        asyncio.run(_batch(_bot(the_show, server, model, base), requests))
        return
    request = ChatRequest(
        show=the_show.id, persona=the_show.persona(persona or "").name, message="", as_of=the_show.as_of(as_of),
        knows=_known(knows), **settings,
    )  # fmt: skip
    bot = _bot(the_show, server, model, base)
    if message is None and sys.stdin.isatty():
        asyncio.run(chat(bot, the_show, request, trace))
        return
    request = replace(request, message=message if message is not None else sys.stdin.read())
    asyncio.run(_once(bot, request, as_json, trace))


async def _once(bot: Bot, request: ChatRequest, as_json: bool, trace: bool) -> None:
    """One message: its reply on standard output, its facts on standard error."""
    try:
        reply = await bot.reply(request)
    finally:
        await bot.engine.close()
    if as_json:
        print(
            json.dumps(_row(bot, request, reply) | ({"trace": reply.trace_json()} if trace else {}), ensure_ascii=False)
        )
        return
    print(reply.text)
    if request.use_graph:
        say(facts_text(reply, bot.graph(request)))
    if trace:
        say(trace_text(reply))


async def _batch(bot: Bot, requests: list[tuple[str, ChatRequest]]) -> None:
    """Every question, in the file's order; one JSON object a line as soon as it is answered."""
    from tqdm import tqdm

    try:
        for id_, request in tqdm(requests, unit="question", file=sys.stderr, disable=None):
            reply = await bot.reply(request)
            print(json.dumps({"id": id_} | _row(bot, request, reply), ensure_ascii=False), flush=True)
    finally:
        await bot.engine.close()


def _row(bot: Bot, request: ChatRequest, reply: Reply) -> dict[str, Any]:
    return reply.to_json(bot.graph(request) if request.use_graph else None)


def _bot(show: Show, server: str | None, model: str | None, base: str | None) -> Bot:
    return Bot([show], open_engine(server, model, base))


def _show_of_card(card: Path, books: Sequence[Path]) -> Show:
    """The card as a show of one persona, in a folder that goes when the program ends."""
    from kg.cards.imports import import_card

    folder = tempfile.TemporaryDirectory(prefix="canon-card-")
    atexit.register(folder.cleanup)
    return import_card(card, Path(folder.name) / "show", books)


def _known(knows: str) -> str:
    if knows not in {"character", "viewer"}:
        raise BadInput(f"--knows is 'character' or 'viewer', not '{knows[:40]}'")
    return knows


def main() -> None:
    """Entry point: errors are one line, exit code 2."""
    run(app)


if __name__ == "__main__":
    main()
