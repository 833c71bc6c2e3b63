"""The shows as the page and other clients see them: personas, episodes, suggested questions, a node's neighbourhood.

Graphs come from `Bot.graph`, so they are stripped to the moment before anything is read off them.
"""

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.types import ChatRequest, Reply, fact_json
from app.web.schema import MOST_MESSAGES, Call, model_id
from kg.types import Fact
from parsing.episodes import code
from parsing.errors import BadManifest
from parsing.manifest import Show, build_dir, nearest

if TYPE_CHECKING:
    from kg.graph import Graph

_DEFAULTS = Path(__file__).resolve().parent.parent / "page.toml"


def show_json(show: Show) -> dict[str, Any]:
    """One show for `/api/shows`."""
    chosen = show.persona(show.default_persona) if show.default_persona else show.personas[0]
    return {
        "id": show.id,
        "title": show.title,
        "description": show.description,
        "language": show.language,
        "seasons": [
            {"season": season, "episodes": [code(season, n) for n in range(1, count + 1)]}
            for season, count in enumerate(show.seasons, 1)
        ],
        "last_episode": show.last_episode,
        "default_persona": chosen.slug,
        "transcripts": transcripts(show).is_file(),
        "personas": [
            {
                "slug": member.slug,
                "model": model_id(show, member),
                "name": member.name,
                "first_name": member.first_name,
                "colour": member.colour,
                "notes": member.notes,
                "questions": questions(show, member.slug),
            }
            for member in show.personas
        ],
        "limits": {"messages": MOST_MESSAGES},
    }


def transcripts(show: Show) -> Path:
    """Where the show's utterances are, if the reader has them."""
    return build_dir(show) / "utterances.parquet"


def questions(show: Show, slug: str) -> list[str]:
    """What the page offers to ask this persona: its own, the show's, or those of the show's language."""
    path = show.folder / "page.toml"
    table = _read(path) if path.is_file() else {}
    personas = table.get("persona", {})
    for named in personas:
        if named not in {member.slug for member in show.personas}:
            raise BadManifest(
                f"{path}: [persona.{named}] is no persona{nearest(named, (m.slug for m in show.personas))}"
            )
    neutral = _read(_DEFAULTS).get(show.language, {}).get("questions", [])
    listed = personas.get(slug, {}).get("questions") or table.get("questions") or neutral
    return [str(question) for question in listed]


@cache
def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadManifest(f"{path}: not a readable TOML file: {error}") from None


def fact_details(fact: Fact, graph: "Graph") -> dict[str, Any]:
    """DESIGN's form of a fact, and what the page opens: id, wording, who else knows it and since when."""
    from kg.graph import NOT_YET
    from kg.wording import sentence

    return fact_json(fact, graph) | {
        "id": fact.id,
        "polarity": fact.polarity,
        "literal": fact.literal,
        "subject_id": fact.subject,
        "object_id": None if fact.literal else fact.object,
        "sentence": sentence(graph, fact, ""),
        "known_by": {
            graph.name(who): when
            for who, when in sorted(fact.known_by.items())
            if who in graph.nodes and when != NOT_YET
        },
    }


def canon_json(call: Call, reply: Reply, graph: "Graph") -> dict[str, Any]:
    """The `canon` object that goes with an answer: verdict, facts, claims, and under which conditions it was made."""
    made = reply.to_json(graph)
    return {
        "show": call.show.id,
        "persona": call.member.name,
        "as_of": call.request.as_of,
        "knows": call.request.knows,
        "verdict": reply.verdict,
        "way": reply.way,
        "facts": [fact_details(fact, graph) for fact in reply.facts],
        "claims": made["claims"],
        "seconds": made["seconds"],
        "unused": list(call.unused),
    } | ({"trace": reply.trace_json()} if call.trace else {})


def viewer(show: Show, as_of: str) -> ChatRequest:
    """A request that stands for the viewer at a moment: what everybody who has watched so far can know."""
    return ChatRequest(show=show.id, persona=show.personas[0].name, message="", as_of=as_of, knows="viewer")


def knower(show: Show, as_of: str, persona: str) -> ChatRequest:
    """A request that stands for what one persona knows at a moment."""
    return replace(viewer(show, as_of), persona=show.persona(persona).name, knows="character")


def neighbourhood(graph: "Graph", node_text: str) -> dict[str, Any]:
    """One node, the facts it takes part in and the nodes at their other ends. Raises `NotFound`."""
    node = graph.find(node_text)
    facts = graph.facts_about(node.id)
    ends = {end for f in facts for end in (f.subject, None if f.literal else f.object) if end}
    return {
        "show": graph.show,
        "as_of": graph.as_of,
        "node": node_json(graph, node.id),
        "nodes": [node_json(graph, end) for end in sorted(ends | {node.id})],
        "facts": [fact_details(fact, graph) | {"holds": graph.now(fact)} for fact in facts],
    }


def node_json(graph: "Graph", node_id: str) -> dict[str, Any]:
    """One node as JSON."""
    node = graph.nodes[node_id]
    return {
        "id": node.id,
        "type": node.type,
        "name": node.name,
        "aliases": [alias.text for alias in node.aliases],
        "revealed": node.revealed,
    }
