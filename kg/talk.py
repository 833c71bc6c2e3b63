"""One message against the graph: link, understand, answer, retrieve. What `kg ask` prints, `kg check` verifies."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from kg.answers import resolve
from kg.graph import Graph, node_id
from kg.languages import RUSSIAN, wording
from kg.linking import Linker
from kg.questions import understand
from kg.recall import Notes
from kg.retrieval import retrieve
from kg.types import Answer, Ask, Claim, Fact, Mention, Retrieved
from parsing.errors import BadInput
from parsing.manifest import Show

Knows = Literal["character", "viewer"]
LONGEST = 20_000  # characters of a message


@dataclass(frozen=True)
class Reading:
    """What the graph makes of a message."""

    graph: Graph
    persona: str
    mentions: tuple[Mention, ...]
    asks: tuple[Ask, ...]
    answers: tuple[Answer, ...]
    facts: tuple[Retrieved, ...]
    language: str = "en"


def view(
    graph: Graph, show: Show, speaker: str | None, as_of: str | None, knows: str = "character"
) -> tuple[Graph, str]:
    """The graph stripped to the moment and, unless `knows` is "viewer", to the speaker; and the speaker's node id.

    Raises `NotFound` for a speaker who isn't in the cast, `BadInput` for an episode the show doesn't have.
    """
    if knows not in get_args(Knows):
        raise BadInput(f"--knows '{knows[:40]}' must be character or viewer")
    moment = show.as_of(as_of)
    member = show.member(speaker) if speaker else None
    persona = node_id(member.name) if member else ""
    if member and persona not in graph.at(moment).nodes:
        raise BadInput(f"nobody has met {member.name} as of {moment}")
    return graph.at(moment, persona if persona and knows == "character" else None), persona


def read_message(message: str, graph: Graph, show: Show, persona: str) -> Reading:
    """Link and understand a message and fetch its facts. Raises `BadInput` for an empty or an overlong one."""
    if not message.strip():
        raise BadInput('the message is empty: say something, such as "Who is your sister?"')
    if len(message) > LONGEST:
        raise BadInput(f"the message has {len(message):,} characters; at most {LONGEST:,} are read")
    if show.language == RUSSIAN:
        from kg.russian.talk import read_russian

        return read_russian(message, graph, show, persona)
    mentions = Linker(graph, show).link(message, persona)
    asks = understand(message, mentions, persona, graph)
    answers = tuple(resolve(graph, ask) for ask in asks)
    recalled = Notes(graph).rank(message, persona) if persona else []
    facts = retrieve(graph, mentions, asks, persona, recalled=recalled)
    return Reading(graph, persona, mentions, asks, answers, facts)


def fact_row(graph: Graph, fact: Fact) -> dict[str, Any]:
    """A fact with names in place of ids, as `--json` prints it."""
    return {
        "subject": graph.name(fact.subject),
        "relation": fact.relation,
        "object": graph.name(fact.object),
        "polarity": fact.polarity,
        "since": fact.since,
        "until": fact.until,
        "revealed": fact.revealed,
        "evidence": list(fact.evidence),
        "extractor": fact.extractor,
        "confidence": fact.confidence,
    }


def reading_row(reading: Reading) -> dict[str, Any]:
    """A reading as one JSON object."""
    graph = reading.graph
    return {
        "mentions": [{"text": m.text, "entity": graph.name(m.node), "how": m.how} for m in reading.mentions],
        "asks": [_ask_row(reading, a, b) for a, b in zip(reading.asks, reading.answers, strict=True)],
        "facts": [fact_row(graph, r.fact) | {"score": r.score, "why": r.why} for r in reading.facts],
    }


def _ask_row(reading: Reading, ask: Ask, answer: Answer) -> dict[str, Any]:
    graph = reading.graph
    return {
        "relation": ask.relation,
        "subject": graph.name(ask.subject),
        "object": graph.name(ask.object) if ask.object else None,
        "form": ask.form,
        "asked": ask.asked,
        "answer": answer.status,
        "why": answer.why,
        "sentence": wording(reading.language)(graph, ask, answer, reading.persona),
    }


def claim_row(graph: Graph, claim: Claim) -> dict[str, Any]:
    """A claim as one JSON object."""
    return {
        "subject": claim.subject,
        "relation": claim.relation,
        "object": claim.object,
        "polarity": claim.polarity,
        "verdict": claim.verdict,
        "why": claim.why,
        "facts": [fact_row(graph, f) for f in claim.facts],
    }
