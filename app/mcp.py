"""`python -m app.mcp friends`: the graph as tools for assistants, by the Model Context Protocol.

It talks over standard input and output. An assistant that has the tools can answer as of an episode and check what it
wrote, whatever model it runs on. Each tool sees only the graph stripped to `as_of` (and, with a persona, to what this
character knows), so none can spoil.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parsing.commands import new_app, run
from parsing.errors import BadInput, CanonError, NotFound
from parsing.manifest import Show, load_show, nearest

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from kg.graph import Graph
    from kg.types import Fact

MOST = 50  # facts that a tool returns unless more are asked for
_INSTRUCTIONS = (
    "Facts of TV series, each with its episode. Call `shows` for the ids. Before you speak as a character, or about "
    "the story to somebody who hasn't seen all of it, call `ask` with the episode they have watched (`as_of`, like "
    "S03E07) and use only the facts it returns; afterwards call `check` on what you want to say and drop what is "
    "contradicted. "
    "Where `ask` says silent, the show doesn't tell: say that you don't know."
)

app = new_app("Serve the graph's tools to an assistant over standard input and output (Model Context Protocol).")


@app.command()
def main(
    shows: Annotated[list[str] | None, typer.Argument(help="show ids or paths of show.toml (default: friends)")] = None,
) -> None:
    """Answer an assistant's calls until it closes the connection."""
    server([load_show(name) for name in shows or ["friends"]]).run("stdio")


def server(shows: Sequence[Show]) -> "MCPServer[Any]":
    """The server with its five tools. Graphs are loaded when first asked for."""
    from mcp.server import MCPServer

    tools = Tools(shows)
    made: MCPServer[Any] = MCPServer("canon", instructions=_INSTRUCTIONS, log_level="WARNING")
    for tool in (tools.shows, tools.ask, tools.check, tools.facts_about, tools.who_knows):
        made.add_tool(_told(tool))
    return made


def _told(tool: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The tool with our errors as the protocol's: the assistant reads the message and can mend its call."""
    from mcp.server.mcpserver.exceptions import ToolError

    @wraps(tool)
    def call(*args: Any, **named: Any) -> dict[str, Any]:
        try:
            return tool(*args, **named)
        except CanonError as error:
            raise ToolError(str(error)) from None

    return call


class Tools:
    """What an assistant can call. Names, aliases and slugs are accepted for personas and entities."""

    def __init__(self, shows: Sequence[Show]) -> None:
        self._shows = {show.id: show for show in shows}
        self._whole = lru_cache(maxsize=None)(self._load)
        self._view = lru_cache(maxsize=64)(self._make_view)

    def shows(self) -> dict[str, Any]:
        """The shows that are served: ids, titles, personas, last episode."""
        rows = [
            {
                "id": show.id,
                "title": show.title,
                "personas": [member.name for member in show.personas],
                "last_episode": show.last_episode,
            }
            for show in self._shows.values()
        ]
        return {"shows": rows}

    def ask(
        self, message: str, persona: str, as_of: str = "", knows: str = "character", show: str = ""
    ) -> dict[str, Any]:
        """What the show says to a message put to a persona: entities named, answers, ranked facts.

        `as_of` is the last episode watched (S02E05; empty: all); `knows` is character (only what the persona knows by
        then) or viewer. An answer is known, denied, false_premise or silent; `sentence` words it for the persona.
        """
        from kg.talk import read_message, reading_row

        the_show, graph, speaker = self._seen(show, persona, as_of, knows)
        return reading_row(read_message(message, graph, the_show, speaker))

    def check(
        self,
        reply: str,
        persona: str,
        question: str = "",
        as_of: str = "",
        knows: str = "character",
        show: str = "",
    ) -> dict[str, Any]:
        """The claims in a reply that a persona is to say, each supported, contradicted or unverifiable, with its facts.

        `question` is the message that the reply answers (a short answer needs it).
        """
        from kg.talk import claim_row, read_message
        from kg.verification import Verifier

        the_show, graph, speaker = self._seen(show, persona, as_of, knows)
        asks = read_message(question, graph, the_show, speaker).asks if question else ()
        claims = Verifier(graph, the_show).check(reply, speaker, asks)
        return {"claims": [claim_row(graph, claim) for claim in claims]}

    def facts_about(
        self, entity: str, relation: str = "", as_of: str = "", persona: str = "", show: str = "", limit: int = MOST
    ) -> dict[str, Any]:
        """What is known of an entity as of an episode, what holds first; with `persona`, what that one knows."""
        from kg.relations import relations

        if relation:
            relations().named(relation)
        _, graph, _ = self._seen(show, persona, as_of, "character" if persona else "viewer")
        node = graph.find(entity)
        facts = [f for f in _once(graph.facts_about(node.id)) if not relation or f.relation == relation]
        facts.sort(key=lambda f: (not graph.now(f), f.relation == "note", f.revealed))
        rows = [_row(graph, fact) for fact in facts[: max(limit, 0)]]
        return {"entity": node.name, "type": node.type, "facts": rows, "more": len(facts) - len(rows)}

    def who_knows(
        self, subject: str, relation: str = "", object: str = "", as_of: str = "", show: str = ""
    ) -> dict[str, Any]:
        """Which characters know the facts that match, and from which episode, as of an episode."""
        from kg.relations import relations

        if relation:
            relations().named(relation)
        _, graph, _ = self._seen(show, "", as_of, "viewer")
        node, other = graph.find(subject), graph.find(object).id if object else ""
        facts = [
            f
            for f in _once(graph.facts_about(node.id))
            if (not relation or f.relation == relation) and (not other or other in {f.subject, f.object})
        ]
        return {"facts": [_row(graph, f) | {"known_by": _knowers(graph, f)} for f in facts[:MOST]]}

    # --- views

    def _seen(self, show: str, persona: str, as_of: str, knows: str) -> "tuple[Show, Graph, str]":
        the_show = self._show(show)
        graph, speaker = self._view(the_show.id, persona, the_show.as_of(as_of or None), knows)
        return the_show, graph, speaker

    def _show(self, name: str) -> Show:
        if not name and len(self._shows) == 1:
            return next(iter(self._shows.values()))
        if not name:
            raise BadInput(f"several shows are served: name one with 'show' ({', '.join(self._shows)})")
        if name not in self._shows:
            raise NotFound(
                f"no show '{name[:60]}' here{nearest(name, self._shows)}; there is: {', '.join(self._shows)}"
            )
        return self._shows[name]

    def _load(self, show: str) -> "Graph":
        from kg.store import load_graph

        return load_graph(self._shows[show])

    def _make_view(self, show: str, persona: str, as_of: str, knows: str) -> "tuple[Graph, str]":
        from kg.talk import view

        return view(self._whole(show), self._shows[show], persona or None, as_of, knows)


def _once(facts: "Sequence[Fact]") -> "list[Fact]":
    """Without those that say the same from the other end."""
    return [fact for fact in facts if fact.extractor != "derived:inverse"]


def _row(graph: "Graph", fact: "Fact") -> dict[str, Any]:
    from kg.talk import fact_row
    from kg.wording import sentence

    return fact_row(graph, fact) | {"holds": graph.now(fact), "sentence": sentence(graph, fact, "")}


def _knowers(graph: "Graph", fact: "Fact") -> dict[str, str]:
    """Name -> episode, of those who know it by now."""
    about = {fact.subject, *(() if fact.literal else (fact.object,)), *graph.participants(fact.subject)}
    people = (n for n in {*fact.known_by, *about} if n in graph.nodes and graph.nodes[n].type == "person")
    learnt = {graph.name(n): when for n in people if (when := graph.knows_from(n, fact)) is not None}
    return {name: when for name, when in sorted(learnt.items()) if graph.as_of is None or when <= graph.as_of}


if __name__ == "__main__":
    run(app)
