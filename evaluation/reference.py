"""Recall of extraction against the curated facts: our own, far larger reference, by relation and split.

Curated facts stand where extraction missed something or got it wrong, so this is recall on the harder part of what the
show says. A curated fact counts as found where the extracted graph holds or implies one with the same relation and ends
(by id, name or alias; literals by their content words); of an event, one of its kind with the same people nearby.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from evaluation.statistics import Share
from kg.graph import Graph
from kg.recall import NOTE
from kg.relations import relations
from kg.types import Fact
from parsing.episodes import BEFORE, split_of

_SMALL = frozenset("a an the his her their my your of to at in on and for with some any s".split())  # noqa: SIM905
_FILLERS = frozenset("apartment place house".split())  # noqa: SIM905
_NEAR = 12  # episodes within which two tellings are of one event


def reference(graph: Graph) -> list[Fact]:
    """The curated facts that are no notes; of an event its kind alone stands for all its roles."""
    table = relations()
    curated = [f for f in graph.stored if f.extractor == "curated" and f.relation != NOTE and f.polarity and f.evidence]
    return [f for f in curated if not table[f.relation].event or f.relation == "event_kind"]


def recall_of(shipped: Graph, extracted: Graph, episodes: Iterable[str]) -> dict[str, Any]:
    """Shares of the reference found: in all, by split (of the first evidence) and by relation, events by their kind."""
    order = {episode: i for i, episode in enumerate(episodes)}
    rows = [(f, _found(f, shipped, extracted, order)) for f in reference(shipped)]
    return {
        "all": _share(found for _, found in rows),
        "by_split": _by(rows, lambda f: split_of(f.evidence[0][:6])),
        "by_relation": _by(rows, label_of),
    }


def label_of(fact: Fact) -> str:
    """The relation, or `event: <kind>`."""
    return f"event: {fact.object}" if fact.relation == "event_kind" else fact.relation


def missed(shipped: Graph, extracted: Graph, episodes: Iterable[str], split: str) -> list[Fact]:
    """The curated facts of one split that the extracted graph lacks."""
    order = {episode: i for i, episode in enumerate(episodes)}
    wanted = [f for f in reference(shipped) if split_of(f.evidence[0][:6]) == split]
    return [f for f in wanted if not _found(f, shipped, extracted, order)]


def _share(found: Iterable[bool]) -> dict[str, Any]:
    hits = list(found)
    return Share(sum(hits), len(hits)).to_json()


def _by(rows: Iterable[tuple[Fact, bool]], key: Callable[[Fact], str]) -> dict[str, Any]:
    groups: dict[str, list[bool]] = {}
    for fact, found in rows:
        groups.setdefault(key(fact), []).append(found)
    return {name: _share(group) for name, group in sorted(groups.items())}


def _found(fact: Fact, shipped: Graph, extracted: Graph, order: Mapping[str, int]) -> bool:
    if fact.relation == "event_kind":
        return _event_found(fact, shipped, extracted, order)
    return any(
        f.polarity and f.relation == fact.relation and _same_object(fact, f, shipped, extracted)
        for f in extracted.facts_about(fact.subject)
        if f.subject == fact.subject
    )


def _same_object(wanted: Fact, fact: Fact, shipped: Graph, extracted: Graph) -> bool:
    if not wanted.literal and wanted.object == fact.object:
        return True
    if not wanted.literal and {shipped.nodes[wanted.object].type, _type(fact, extracted)} & {"person", "animal"}:
        return False
    one, other = content(shipped.name(wanted.object)), content(extracted.name(fact.object))
    return bool(one and other) and (one <= other or other <= one)


def _type(fact: Fact, graph: Graph) -> str:
    return "" if fact.literal else graph.nodes[fact.object].type


def content(text: str) -> frozenset[str]:
    """The words of a literal or a thing's name that tell it from others, without endings of number."""
    words = {re.sub(r"(?<=[a-z]{3})(?:'s|s')$", "", w) for w in re.findall(r"[\w']+", text.casefold())} - _SMALL
    plain = frozenset(re.sub(r"(?<=[a-z]{3})(?<!s)s$", "", w) for w in words)
    return plain - _FILLERS or plain


def _event_found(fact: Fact, shipped: Graph, extracted: Graph, order: Mapping[str, int]) -> bool:
    people, when = shipped.participants(fact.subject), order.get(_when(fact))
    for node in (n for n in extracted.nodes.values() if n.type == "event" and n.name == fact.object):
        roles = extracted.facts_from(node.id, "event_kind")
        near = when is None or any(abs(order[_when(f)] - when) <= _NEAR for f in roles if _when(f) in order)
        same = extracted.participants(node.id)
        if near and same and (same <= people or people <= same):
            return True
    return False


def _when(fact: Fact) -> str:
    return fact.revealed if fact.since == BEFORE else fact.since
