"""What goes into the bot and what comes out: `ChatRequest` and `Reply`, with DESIGN's fixed JSON form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from kg.types import Claim, Fact

if TYPE_CHECKING:
    from kg.graph import Graph

ReplyVerdict = Literal["grounded", "corrected", "abstained", "chat"]
# model, resampled: an answer the model wrote; worded: made from the relations table; abstention: a line of the voice;
# chat: small talk the model wrote; phrase: small talk with a line of the voice
# How the text came about: by the model from the triples, by the model from a sentence that it was given to say, from
# the table alone, …
Way = Literal["model", "voiced", "worded", "abstention", "chat", "phrase"]


@dataclass(frozen=True)
class Turn:
    """One message of a conversation. `role` is "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True)
class ChatRequest:
    """One message to one persona, and under which conditions it is to be answered."""

    show: str  # show id
    persona: str  # canonical name, alias or slug
    message: str
    history: tuple[Turn, ...] = ()  # oldest first, without `message`
    as_of: str | None = None  # episode up to which the viewer has watched, included; None: the last one
    knows: str = "character"  # "character": only what the persona knows by then; "viewer" lifts that
    seed: int | None = None
    candidates: int | None = None  # how many replies are sampled; None: the bot's default
    use_graph: bool = True  # False: the model alone, nothing retrieved and nothing checked
    curated: bool = True  # False: without the facts of corrections.csv
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None


@dataclass(frozen=True)
class Step:
    """One step of the pipeline: how long it took and what it found, ready for JSON."""

    name: str
    seconds: float
    found: Mapping[str, Any]


@dataclass(frozen=True)
class Usage:
    """Tokens the engine read and wrote for one reply, over all candidates."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True)
class Reply:
    """What the persona says, what that rests on, and how it came about."""

    text: str
    verdict: ReplyVerdict
    facts: tuple[Fact, ...] = ()  # the facts the reply rests on
    claims: tuple[Claim, ...] = ()  # what was read off the text, each judged
    way: Way = "model"
    trace: tuple[Step, ...] = ()
    seconds: float = 0.0
    usage: Usage = field(default_factory=Usage)

    def to_json(self, graph: "Graph | None") -> dict[str, Any]:
        """DESIGN's fixed form, with names; `graph` is the one the reply was made from (`Bot.graph`)."""
        return {
            "reply": self.text,
            "verdict": self.verdict,
            "facts": [fact_json(fact, graph) for fact in self.facts],
            "claims": [
                {"subject": c.subject, "relation": c.relation, "object": c.object, "verdict": c.verdict}
                for c in self.claims
            ],
            "seconds": round(self.seconds, 3),
        }

    def trace_json(self) -> list[dict[str, Any]]:
        """The steps, for `--trace` and the page's "why this answer"."""
        return [{"step": s.name, "seconds": round(s.seconds, 4), **s.found} for s in self.trace]


def fact_json(fact: Fact, graph: "Graph | None") -> dict[str, Any]:
    """One fact with names in place of node ids."""

    def name(node: str) -> str:
        return graph.name(node) if graph is not None else node

    return {
        "subject": name(fact.subject),
        "relation": fact.relation,
        "object": fact.object if fact.literal else name(fact.object),
        "since": fact.since,
        "until": fact.until,
        "revealed": fact.revealed,
        "evidence": list(fact.evidence),
        "extractor": fact.extractor,
        "confidence": fact.confidence,
    }
