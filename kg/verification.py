"""Verification: each claim of a reply judged against the graph as of the talk's episode.

`supported`: the graph says so. `contradicted`: it says otherwise (another husband, another gender, a state that has
ended, "no" where the show would have told). `unverifiable`: it doesn't say, or nobody of that name is known.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from kg.answers import resolve, same_object
from kg.claims import said_in
from kg.graph import Graph, node_id
from kg.linking import Linker, names_of
from kg.relations import relations
from kg.said import Said
from kg.types import Answer, Ask, Claim, Fact, Verdict
from parsing.manifest import Show

_COUNTABLE = frozenset({"sibling", "parent_of", "spouse"})

_TAG = re.compile(r",\s+(?:you know|y['’]know|you see|okay|ok|all right)\?+", re.IGNORECASE)  # asks nothing

# What stands before and behind a statement and is none: "Look, my sister is Monica, you know."
_FILLER = re.compile(
    r"^(?:(?:look|listen|come on|hey|oh|well|uh|um|all right|okay|yeah)[,!.]\s+)+(?=\w+\s+\w+\s)"
    r"|,\s+(?:you know|y['’]know|you see|okay|right|all right)(?=[.!?]|$)",
    re.IGNORECASE,
)


class Verifier:
    """Checks replies against one graph.

    Parameters
    ----------
    graph: stripped to the moment (and knower) of the talk, or whole, then `check` takes `as_of`.
    show: for linking.
    nlp: a spaCy pipeline whose statement matcher is asked too (`kg.extract.statements`); None: clauses alone.

    """

    def __init__(self, graph: Graph, show: Show, nlp: Any = None) -> None:
        self.graph = graph
        self.show = show
        self.nlp = nlp
        self._linker_at = lru_cache(maxsize=8)(self._make_linker)

    def _make_linker(self, as_of: str | None) -> Linker:
        graph = self.graph if as_of is None or as_of == self.graph.as_of else self.graph.at(as_of)
        return Linker(graph, self.show)

    def check(
        self, reply: str, speaker_id: str, ask: Sequence[Ask] = (), as_of: str | None = None
    ) -> tuple[Claim, ...]:
        """The claims of `reply`, said by `speaker_id` in answer to `ask`, each with verdict, facts and why."""
        linker = self._linker_at(as_of)
        reply = _FILLER.sub("", _TAG.sub(".", reply))
        said = list(said_in(reply, speaker_id, linker, ask))
        if self.nlp is not None:
            said += [s for s in self._matched(reply, speaker_id, linker) if not _has(said, s)]
        return tuple(judge(linker.graph, s) for s in said)

    def _matched(self, reply: str, speaker_id: str, linker: Linker) -> list[Said]:
        """What the extractor's sentence matcher finds, for wordings that the question table doesn't cover."""
        from kg.extract import statements

        return [
            Said(s.subject, s.relation, s.object, s.polarity, past=s.tense == "past", text=s.text)
            for s in statements(self.nlp(reply), speaker_id)
            if s.relation in relations() and s.subject in linker.graph.nodes
        ]


def _has(said: Sequence[Said], other: Said) -> bool:
    """Is the statement among those read already, from either end?"""
    table = relations()
    ends = frozenset((node_id(other.subject), node_id(other.object)))
    names = {other.relation, table[other.relation].inverse}
    return any(s.relation in names and frozenset((node_id(s.subject), node_id(s.object))) == ends for s in said)


def judge(graph: Graph, said: Said) -> Claim:
    """The verdict on one statement."""
    if said.relation == "mentions":
        return _claim(graph, said, "unverifiable", (), f"nobody and nothing called {said.object} is known")
    if said.count is not None:
        return _judge_count(graph, said)
    if said.relation == "full_name" and _goes_by(graph, said):
        return _claim(graph, said, "supported" if said.polarity else "contradicted", (), "the name it goes by")
    answer = _asked(graph, said)
    if answer.status == "silent":
        return _claim(graph, said, "unverifiable", answer.facts, answer.why)
    so = (answer.status == "known") == said.polarity
    return _claim(graph, said, "supported" if so else "contradicted", answer.facts, answer.why)


def _asked(graph: Graph, said: Said) -> Answer:
    """The statement put as a yes/no question to the graph."""
    ask = Ask(
        said.relation,
        said.subject,
        said.object or None,
        gender=said.gender,
        form="polar",
        ever=said.past,
        kind=said.kind,
    )
    answer = resolve(graph, ask)
    if answer.hedged:
        return Answer("silent", why=answer.why)  # "not that I know of" is no proof
    if said.relation == "full_name" and answer.status == "silent":  # another's name
        other = graph.entity_named(said.object)
        return Answer("denied", why=f"{said.object} is somebody else") if other else answer
    return answer


def _goes_by(graph: Graph, said: Said) -> bool:
    node = graph.nodes.get(said.subject)
    names = [] if node is None else [Fact("", node.id, "full_name", n, literal=True) for n in names_of(node)]
    if said.object == said.subject:
        return True
    return bool(said.object) and any(same_object(name, said.object) for name in names)


def _judge_count(graph: Graph, said: Said) -> Claim:
    """Numbers are judged only where all objects are known once one is."""
    relation = relations()[said.relation]
    facts = [f for f in graph.holding(said.subject, said.relation) if _counts(graph, f, said.gender)]
    number = len({f.object for f in facts})
    if not relation.complete or said.relation not in _COUNTABLE or not graph.holding(said.subject, said.relation):
        return _claim(graph, said, "unverifiable", tuple(facts), "how many is not known")
    verdict: Verdict = "supported" if number == said.count else "contradicted"
    return _claim(graph, said, verdict, tuple(facts), f"{number} known")


def _counts(graph: Graph, fact: Fact, gender: str) -> bool:
    return not gender or graph.gender(fact.object) in {gender, ""}


def _claim(graph: Graph, said: Said, verdict: Verdict, facts: tuple[Fact, ...], why: str) -> Claim:
    object_ = str(said.count) if said.count is not None else graph.name(said.object)
    relation = f"event:{said.kind}" if said.relation == "event" else said.relation
    return Claim(graph.name(said.subject), relation, object_, verdict, said.polarity, facts, why)
