"""Look-ups in a graph: each takes time in the size of its answer, not of the graph."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Self

from kg.types import Fact, Node

_LONG = frozenset({"note"})  # relations whose literals are sentences
_EMPTY = frozenset({"a", "an", "the", "years", "old", "of"})


class Indexed:
    """The look-ups. Each index is built when first asked for, or all of them by `indexed`."""

    nodes: Mapping[str, Node]
    _near: dict[str, dict[str, list[Fact]]]  # neighbours of the nodes that were asked for

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact, stored and derived."""
        raise NotImplementedError

    def facts_about(self, node_id: str) -> tuple[Fact, ...]:
        """Every fact that has this node as subject or object, stored ones first."""
        return self._touching.get(node_id, ())

    def facts_from(self, subject: str, relation: str) -> tuple[Fact, ...]:
        """Every fact (stored, inverse or derived) with this subject and relation."""
        return self._from.get((subject, relation), ())

    def between(self, a: str, b: str) -> tuple[Fact, ...]:
        """Every fact that has one of two nodes as subject and the other as object."""
        near = self._near.get(a)
        if near is None:
            near = {}
            for fact in self.facts_about(a):
                near.setdefault(fact.object if fact.subject == a else fact.subject, []).append(fact)
            self._near[a] = near
        return tuple(near.get(b, ()))

    def degree(self, node_id: str) -> int:
        """How many facts have this node as subject or object."""
        return len(self.facts_about(node_id))

    def with_object(self, relation: str, object_: str) -> tuple[Fact, ...]:
        """The facts of a relation that have this object: a node id, or words that the literal shares with it."""
        if object_ in self.nodes:
            return tuple(f for f in self.facts_about(object_) if f.relation == relation and f.object == object_)
        found = (f for word in sorted(words_of(object_)) for f in self._stating.get((relation, word), ()))
        return tuple({f.id: f for f in found}.values())

    def events(self, kind: str, participant: str = "") -> tuple[str, ...]:
        """Ids of the events of a kind in which somebody took part ("": anybody), by id."""
        return tuple(sorted(self._events.get((kind, participant), ())))

    def entity_named(self, name: str) -> Node | None:
        """The first entity with exactly this name or alias."""
        found = self._named.get(name)
        return self.nodes[found] if found is not None else None

    def entities(self) -> tuple[Node, ...]:
        """The nodes that are no events."""
        return tuple(n for n in self.nodes.values() if n.type != "event")

    def participants(self, event: str) -> frozenset[str]:
        """Node ids of those who took part in an event."""
        return frozenset(f.object for r in ("agent", "patient") for f in self.facts_from(event, r) if not f.literal)

    @cached_property
    def called(self) -> Mapping[str, frozenset[str]]:
        """The living that go by a name: name or alias -> node ids."""
        found: dict[str, set[str]] = {}
        for node in self.nodes.values():
            if node.type in {"person", "animal"}:
                for name in (node.name, node.name.split(" ", 1)[0], *(alias.text for alias in node.aliases)):
                    found.setdefault(name, set()).add(node.id)
        return {name: frozenset(ids) for name, ids in found.items()}

    @cached_property
    def _touching(self) -> Mapping[str, tuple[Fact, ...]]:
        index: dict[str, list[Fact]] = {}
        for fact in self.facts:
            index.setdefault(fact.subject, []).append(fact)
            if not fact.literal and fact.object != fact.subject:
                index.setdefault(fact.object, []).append(fact)
        return {node: tuple(found) for node, found in index.items()}

    @cached_property
    def _from(self) -> Mapping[tuple[str, str], tuple[Fact, ...]]:
        index: dict[tuple[str, str], list[Fact]] = {}
        for fact in self.facts:
            index.setdefault((fact.subject, fact.relation), []).append(fact)
        return {key: tuple(found) for key, found in index.items()}

    @cached_property
    def _events(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """Events by their kind and one who took part; "" for anybody."""
        index: dict[tuple[str, str], set[str]] = {}
        for event in (n.id for n in self.nodes.values() if n.type == "event"):
            for kind in self.facts_from(event, "event_kind"):
                for who in ("", *self.participants(event)):
                    index.setdefault((kind.object, who), set()).add(event)
        return {key: frozenset(found) for key, found in index.items()}

    @cached_property
    def _stating(self) -> Mapping[tuple[str, str], tuple[Fact, ...]]:
        """Facts by their relation and a word of their literal; notes have an index of their own (`kg.recall`)."""
        index: dict[tuple[str, str], list[Fact]] = {}
        for fact in self.facts:
            if fact.literal and fact.relation not in _LONG:
                for word in words_of(fact.object):
                    index.setdefault((fact.relation, word), []).append(fact)
        return {key: tuple(found) for key, found in index.items()}

    @cached_property
    def _named(self) -> Mapping[str, str]:
        """The first entity that goes by a name, by name as it is written."""
        index: dict[str, str] = {}
        for node in self.entities():
            for name in (node.name, *(a.text for a in node.aliases)):
                index.setdefault(name, node.id)
        return index

    def indexed(self) -> Self:
        """The graph itself, with every index built, so that no message has to wait for one."""
        for index in ("_touching", "_from", "_events", "_stating", "_named"):
            getattr(self, index)
        return self


def words_of(text: str) -> frozenset[str]:
    """The words of a literal that count when two are compared."""
    return frozenset(w for w in re.findall(r"\w+", text.casefold()) if w not in _EMPTY)
