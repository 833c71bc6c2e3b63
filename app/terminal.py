"""A chat in the terminal: lines that begin with a slash change the conversation, all others are said to the persona."""

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from app.types import ChatRequest, Reply, Turn
from parsing.commands import say
from parsing.errors import BadInput, CanonError
from parsing.manifest import Show, nearest

if TYPE_CHECKING:
    from app.bot import Bot
    from kg.graph import Graph

_HELP = """\
/as-of S02E05     watched up to this episode        /facts   what the last answer rests on
/persona Monica   talk to somebody else             /why     how the last answer came about
/knows viewer     all that a viewer knows           /quit    leave"""
_COMMANDS = ("/as-of", "/persona", "/knows", "/facts", "/why", "/help", "/quit")


async def chat(bot: "Bot", show: Show, request: ChatRequest, trace: bool = False) -> None:
    """Talk until /quit or the end of input."""
    with_history(say)
    say(f"{show.title}, {request.persona}, up to {request.as_of}. /help tells what else one can type.")
    last: Reply | None = None
    try:
        while (line := await asyncio.to_thread(_line)) is not None:
            if not line.strip():
                continue
            try:
                if line.startswith("/"):
                    if line.split()[0] == "/quit":
                        return
                    request = _command(line, bot, show, request, last)
                    continue
                last = await bot.reply(replace(request, message=line))
            except CanonError as error:
                say(f"canon: {error}")
                continue
            print(f"{request.persona.split()[0]}: {last.text}", flush=True)
            if trace:
                say(trace_text(last))
            turns = (Turn("user", line), Turn("assistant", last.text))
            request = replace(request, history=request.history + turns)
    finally:
        await bot.engine.close()


def with_history(tell: object) -> None:
    """Arrow keys and line editing, where the platform has them."""
    try:
        import readline
    except ImportError:  # Windows: plain input
        return
    del tell
    readline.parse_and_bind("set editing-mode emacs")


def facts_text(reply: Reply, graph: "Graph") -> str:
    """The facts a reply rests on, a line each, with their episodes."""
    rows = [
        f"  {f['subject']} · {f['relation']} · {f['object']}  (revealed {f['revealed']}, {f['extractor'] or 'graph'})"
        for f in reply.to_json(graph)["facts"]
    ]
    return "\n".join([f"[{reply.verdict}, by {reply.way}, {reply.seconds:.1f} s]", *rows])


def trace_text(reply: Reply) -> str:
    """Every step of a reply, a line each."""
    return "\n".join(json.dumps(step, ensure_ascii=False) for step in reply.trace_json())


def _line() -> str | None:
    try:
        return input("> ")
    except EOFError:
        return None


def _command(line: str, bot: "Bot", show: Show, request: ChatRequest, last: Reply | None) -> ChatRequest:
    name, _, value = line.strip().partition(" ")
    value = value.strip()
    if name == "/as-of":
        request = replace(request, as_of=show.as_of(value))
        say(f"now as of {request.as_of}")
    elif name == "/persona":
        request = replace(request, persona=show.persona(value).name, history=())
        say(f"now talking to {request.persona}")
    elif name == "/knows":
        if value not in {"character", "viewer"}:
            raise BadInput("/knows takes 'character' or 'viewer'")
        request = replace(request, knows=value)
    elif name == "/help":
        say(_HELP)
    elif name in {"/facts", "/why"}:
        if last is None:
            raise BadInput("nothing has been answered yet")
        say(facts_text(last, bot.graph(request)) if name == "/facts" else trace_text(last))
    else:
        raise BadInput(f"unknown command {name}{nearest(name, _COMMANDS)}")
    return request
