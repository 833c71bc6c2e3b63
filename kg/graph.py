"""The fact graph in memory: nodes, stored facts, what follows from them, and the view of one moment and one knower.

`Graph.at(episode, knower)` hands out a stripped graph; whatever gets only such a graph cannot tell what comes later.
Inverse, symmetric and derived facts are never stored: they are computed from what a (stripped) graph holds
(`kg.closure`), so a derived fact can't be older than its premises. Files: see `kg.store`.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import networkx as nx

from kg.closure import close
from kg.indices import Indexed, words_of
from kg.relations import relations
from kg.types import Fact, Node
from parsing.errors import BadInput, NotFound
from parsing.manifest import Show, nearest

__all__ = ["CURATED", "NOT_YET", "Graph", "fact_id", "load_graph", "node_id", "words_of"]
CURATED = "curated"
NOT_YET = "~"  # in `known_by` of a stripped graph: one whom it concerns doesn't know of it


def node_id(name: str) -> str:
    """The id of a name: `node_id("Monica Geller") == "monica_geller"`; letters of other scripts stay."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return "_".join(re.findall(r"\w+", plain.replace("'", "").replace("’", "").casefold()))


def fact_id(subject: str, relation: str, object_: str, polarity: bool = True, since: str = "before") -> str:
    """A short stable id of a fact's content: the same in every build, whatever else the graph holds."""
    text = "\x1f".join((subject, relation, object_, str(polarity), since))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


class Graph(Indexed):
    """Nodes and facts of one show, as of one episode (`as_of` None: the whole series).

    Parameters
    ----------
    show: id of the show.
    nodes: the entities and events.
    facts: the stored facts (what was extracted or curated; nothing derived).
    retired: extracted facts that a correction removed or replaced; kept so that both graphs can be measured.
    main: ids of the characters one can talk to: of these the show tells who is married and who has children.

    """

    def __init__(
        self,
        show: str,
        nodes: Iterable[Node],
        facts: Iterable[Fact],
        retired: Iterable[Fact] = (),
        *,
        main: Iterable[str] = (),
        as_of: str | None = None,
        knower: str | None = None,
    ) -> None:
        self.show = show
        self.nodes: Mapping[str, Node] = MappingProxyType({n.id: n for n in sorted(nodes, key=lambda n: n.id)})
        self.stored: tuple[Fact, ...] = tuple(sorted(facts, key=_order))
        self.retired: tuple[Fact, ...] = tuple(sorted(retired, key=_order))
        self.main = frozenset(main)
        self.as_of = as_of
        self.knower = knower
        self._near = {}
        for fact in self.stored:
            self._require(fact)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact: the stored ones and, after them, what follows (`extractor` `derived:<rule>`)."""
        return (*self.stored, *close(self.stored, self.nodes, relations()))

    @cached_property
    def network(self) -> nx.MultiDiGraph:
        """Nodes and the facts between them as networkx sees them; literals are nodes `"=" + text` of type `literal`."""
        network: nx.MultiDiGraph = nx.MultiDiGraph(show=self.show)
        for node in self.nodes.values():
            network.add_node(node.id, name=node.name, type=node.type, gender=node.gender, revealed=node.revealed)
        for fact in self.facts:
            target = fact.object
            if fact.literal:
                target = f"={fact.object}"
                network.add_node(target, name=fact.object, type="literal", gender="", revealed=fact.revealed)
            network.add_edge(fact.subject, target, key=fact.id, relation=fact.relation, fact=fact)
        return network

    def holding(self, subject: str, relation: str) -> tuple[Fact, ...]:
        """The affirmed facts with this subject and relation that hold at `as_of` (at the end, where that is None)."""
        return tuple(f for f in self.facts_from(subject, relation) if f.polarity and self.now(f))

    def now(self, fact: Fact) -> bool:
        """Does the fact hold at the moment of this graph?"""
        return fact.until is None if self.as_of is None else fact.holds(self.as_of)

    def name(self, node_id: str) -> str:
        """The name of a node; of a literal, the literal itself."""
        node = self.nodes.get(node_id)
        return node.name if node else node_id

    def gender(self, node_id: str) -> str:
        """`"female"`, `"male"` or `""`."""
        node = self.nodes.get(node_id)
        return node.gender if node else ""

    def find(self, text: str) -> Node:
        """The node with this id, name or alias, in any case. Raises `NotFound` naming the nearest."""
        wanted = text.strip().casefold()
        for names in (lambda n: (n.id, n.name), lambda n: tuple(a.text for a in n.aliases)):
            for node in self.nodes.values():
                if wanted in {name.casefold() for name in names(node)}:
                    return node
        raise NotFound(
            f"the graph of {self.show} has no '{text[:60]}'{nearest(text, (n.name for n in self.entities()))}"
        )

    def knows_from(self, knower: str, fact: Fact) -> str | None:
        """The episode from which a character knows a fact; None where it never learns of it."""
        if knower in fact.known_by:
            learnt = fact.known_by[knower]
            return None if learnt == NOT_YET else max(learnt, fact.revealed)
        own = knower in (fact.subject, fact.object) or knower in self._takes_part.get(fact.subject, ())
        return fact.revealed if own else None

    @cached_property
    def _takes_part(self) -> Mapping[str, frozenset[str]]:
        events = (n.id for n in self.nodes.values() if n.type == "event")
        return {event: self.participants(event) for event in events}

    def at(self, as_of: str, knower: str | None = None) -> "Graph":
        """What a viewer who has watched up to `as_of` can know; with `knower`, what this character knows of it.

        Facts, nodes and aliases revealed later are gone, ends that lie later are open, later evidence and later
        learning are taken out.

        Raises:
            BadInput: `knower` is no node of this graph.

        """
        moment = as_of if self.as_of is None else min(as_of, self.as_of)
        if knower is not None and knower not in self.nodes:
            raise BadInput(f"'{knower}' is nobody in the graph of {self.show} as of {moment}")
        visible = [f for f in self.stored if f.revealed <= moment and (f.since == "before" or f.since <= moment)]
        if knower is not None:
            visible = [f for f in visible if (learnt := self.knows_from(knower, f)) is not None and learnt <= moment]
        nodes = {n.id: _node_at(n, moment) for n in self.nodes.values() if n.revealed <= moment}
        own = self._takes_part
        kept = [
            _fact_at(f, moment, own.get(f.subject, frozenset()))
            for f in visible
            if f.subject in nodes and (f.literal or f.object in nodes)
        ]
        busy = {f.subject for f in kept}
        shown = [n for n in nodes.values() if n.type != "event" or n.id in busy]
        return Graph(self.show, shown, kept, main=self.main, as_of=moment, knower=knower)

    def save(self, path: Path) -> None:
        """Write `graph.json.gz` (see `kg.store`)."""
        from kg.store import save_graph

        save_graph(self, path)

    def _require(self, fact: Fact) -> None:
        for end, literal in ((fact.subject, False), (fact.object, fact.literal)):
            if not literal and end not in self.nodes:
                raise BadInput(f"fact {fact.id} ({fact.subject}, {fact.relation}, {fact.object}): no node '{end}'")


def load_graph(show: Show, curated: bool = True) -> Graph:
    """The show's graph; see `kg.store.load_graph`."""
    from kg import store

    return store.load_graph(show, curated)


def _order(fact: Fact) -> tuple[str, ...]:
    until = fact.until or "~"
    return (fact.subject, fact.relation, fact.object, fact.revealed, fact.since, until, fact.extractor, fact.id)


def _node_at(node: Node, moment: str) -> Node:
    return replace(node, aliases=tuple(a for a in node.aliases if a.revealed <= moment))


def _fact_at(fact: Fact, moment: str, part: frozenset[str]) -> Fact:
    """The fact as of a moment. `part`: who took part in the event, if it is one's role.

    What is about somebody is known to them, unless they learn of it later: that they don't know it yet has to stay.
    """
    concerned = {fact.subject, fact.object, *part}
    known = {who: when if when <= moment else NOT_YET for who, when in fact.known_by.items()}
    return replace(
        fact,
        until=fact.until if fact.until is not None and fact.until <= moment else None,
        known_by={who: when for who, when in known.items() if when != NOT_YET or who in concerned},
        evidence=tuple(e for e in fact.evidence if e[:6] <= moment),
    )
