"""An event as nodes and facts: one node, and a fact for each role (kind, agent, patient, episode)."""

from collections.abc import Sequence
from typing import Any

from kg.graph import fact_id, node_id
from kg.types import Fact, Node
from parsing.episodes import BEFORE


def event_node(kind: str, since: str, agent: str, patient: str, revealed: str) -> Node:
    """The node of an event; its id is made of its kind, its episode and those who took part."""
    when = "" if since == BEFORE else node_id(since)
    identity = "_".join(p for p in (kind, when, agent, node_id(patient)) if p)
    return Node(identity, "event", kind, revealed=revealed)


def role_facts(
    event: Node, since: str, agents: Sequence[str], patient: str, literal: bool = False, **common: Any
) -> list[Fact]:
    """The facts of an event. `common` holds what they share: `known_by`, `confidence`, `evidence`, `extractor`.

    `patient` is a node id, a literal where `literal` is true, or "" where there is none. What happened before the
    series has no episode.
    """
    roles = [("event_kind", event.name, True)]
    roles += [] if since == BEFORE else [("in_episode", since, True)]
    roles += [("agent", agent, False) for agent in agents if agent]
    roles += [("patient", patient, literal)] if patient else []
    return [
        Fact(
            fact_id(event.id, relation, object_, True, since), event.id, relation, object_, is_literal,
            since=since, revealed=event.revealed, **common,
        )
        for relation, object_, is_literal in roles
    ]  # fmt: skip
