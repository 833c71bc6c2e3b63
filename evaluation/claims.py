"""Claims read off replies by their text alone, whoever wrote them, judged by what a viewer knows at that moment.

What the bot says of its own reply is not used: a model without a graph and another's engine are read the same way.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app.questions import Question
from evaluation.statistics import Share
from kg.languages import RUSSIAN
from parsing.manifest import Show

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.linking import Linker
    from kg.verification import Verifier

_KEPT = 64  # episodes kept ready
VERDICTS = ("supported", "contradicted", "unverifiable")


class ClaimReader:
    """Reads what replies claim, with `kg.verification` on the show's graph stripped to the question's episode."""

    def __init__(self, show: Show, graph: "Graph") -> None:
        """`graph` is the whole one, corrections included: what is true, not what the bot was given."""
        self._show = show
        self._graph = graph
        self._speakers = {node.name: node.id for node in graph.nodes.values()}
        self._at = lru_cache(maxsize=_KEPT)(self._reading)

    def _reading(self, as_of: str) -> "tuple[Graph, Linker, Verifier]":
        from kg.linking import Linker
        from kg.verification import Verifier

        view = self._graph.at(as_of)
        return view, Linker(view, self._show), Verifier(view, self._show)

    def read(self, question: Question, reply: str) -> list[dict[str, Any]]:
        """The claims of a reply as rows of `kg.talk.claim_row`; none of a Russian show, whose verifier is its own."""
        from kg.questions import understand
        from kg.talk import claim_row

        if self._show.language == RUSSIAN or not reply.strip():
            return []
        view, linker, verifier = self._at(question.as_of)
        speaker = self._speakers.get(question.persona, "")
        if speaker not in view.nodes:
            return []
        turns = [{"role": turn.role, "content": turn.content} for turn in question.history]
        asks = understand(question.question, linker.link(question.question, speaker, turns), speaker, view, turns)
        claims = verifier.check(reply, speaker, asks)
        return [claim_row(view, claim) for claim in claims if claim.relation != "mentions"]


def counted(claims: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Claims by verdict, and precision: of those that the graph can judge, how many it supports."""
    by_verdict = Counter(claim["verdict"] for claim in claims)
    judged = by_verdict["supported"] + by_verdict["contradicted"]
    return {
        "read": by_verdict.total(),
        **{verdict: by_verdict[verdict] for verdict in VERDICTS},
        "precision": Share(by_verdict["supported"], judged).to_json(),
    }


def contradictions(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Every claim that the graph contradicts, with its question, its reply and the facts that say otherwise."""
    return [
        {"id": row.id, "persona": row.persona, "as_of": row.as_of, "question": row.question, "reply": row.reply}
        | {"claim": {k: claim[k] for k in ("subject", "relation", "object", "polarity")}}
        | {"why": claim["why"], "facts": claim["facts"]}
        for row in rows
        for claim in row.read
        if claim["verdict"] == "contradicted"
    ]
