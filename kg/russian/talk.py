"""One Russian message against the graph: what `kg ask` prints and `app` answers from."""

from collections.abc import Mapping, Sequence
from typing import Literal

from kg.answers import resolve
from kg.graph import Graph
from kg.retrieval import retrieve
from kg.russian.questions import Understander
from kg.talk import Reading
from kg.types import Answer, Ask
from parsing.manifest import Show

_KIN = frozenset({"child_of", "parent_of", "sibling", "grandparent_of", "grandchild_of", "spouse"})


def read_russian(
    message: str, graph: Graph, show: Show, persona: str, history: Sequence[Mapping[str, str]] = ()
) -> Reading:
    """Link, understand, resolve, retrieve: the counterpart of `kg.talk.read_message`."""
    reader = Understander(graph, show)
    mentions = reader.link(message, persona, history)
    asks = reader.understand(message, persona, history)
    answers = tuple(answered(graph, ask) for ask in asks)
    facts = retrieve(graph, mentions, asks, persona)
    return Reading(graph, persona, mentions, asks, answers, facts, show.language)


def answered(graph: Graph, ask: Ask) -> Answer:
    """What the graph says; and where it has a list of persons: two of the cast whom it calls no kin are none."""
    if ask.relation == "full_name" and ask.subject in graph.nodes:
        return Answer("known", why="the name it goes by")
    answer = resolve(graph, ask)
    if answer.status != "silent" or ask.relation not in _KIN or not ask.object or ask.object not in graph.nodes:
        return answer
    if not any(fact.extractor == "listed" for fact in graph.stored):
        return answer
    status: Literal["denied", "false_premise"] = "false_premise" if ask.form == "presupposed" else "denied"
    return Answer(status, why="the list of persons would say so")
