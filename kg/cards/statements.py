"""Relations that the sentences of a card state, read by the reader that checks replies (`kg.claims`).

"Alice is a baker and Tom is her brother" then answers "what do you do for a living?" and "who is your brother?". The
sentence stays a note as well: what a reader of clauses doesn't see is still remembered.
"""

from collections.abc import Iterator
from dataclasses import replace

from kg.cards.lore import START, Lore, with_lore
from kg.claims import Said, said_in
from kg.graph import Graph, fact_id, node_id
from kg.linking import Linker
from kg.recall import NOTE
from kg.relations import LITERALS, Relation, relations
from kg.types import Alias, Fact, Node
from parsing.manifest import Show

_NO_FACTS = frozenset({NOTE, "nickname", "full_name", "mentions"})  # of names the aliases tell


def with_statements(lore: Lore, show: Show) -> Lore:
    """The lore with the relations that its notes state in the present; names in them become nodes."""
    persona = lore.nodes[0].id
    graph = with_lore(Graph(show.id, (), (), main=[persona]), lore)
    linker = Linker(graph, show)
    nodes = {node.id: node for node in lore.nodes}
    facts = {fact.id: fact for fact in lore.facts}
    for note in (fact for fact in lore.facts if fact.relation == NOTE):
        for said in said_in(note.object, persona, linker):
            fact = _fact(said, note, nodes) if _usable(said, nodes) else None
            if fact is not None:
                facts.setdefault(fact.id, fact)
    others = (node for node in nodes.values() if node.id != persona)
    return Lore((nodes[persona], *others), tuple(facts.values()), lore.about_user)


def _usable(said: Said, nodes: dict[str, Node]) -> bool:
    known = said.relation in relations() and not relations()[said.relation].event and said.relation not in _NO_FACTS
    return known and bool(said.object) and not said.past and said.count is None and said.subject in nodes


def _fact(said: Said, note: Fact, nodes: dict[str, Node]) -> Fact | None:
    """The statement as a fact; None where its ends are of kinds that the relation doesn't join."""
    entry = relations()[said.relation]
    subject = _typed(nodes[said.subject], entry.domain)
    found = nodes.get(said.object) or next(_new(said, entry), None)
    object_ = _typed(found, entry.range) if found else None
    literal = object_ is None
    if subject is None or (literal and LITERALS.isdisjoint(entry.range)):
        return None
    nodes[subject.id] = subject
    if object_ is not None:  # "her brother is Tom" tells that Tom is a man
        nodes[object_.id] = replace(object_, gender=object_.gender or said.gender)
    end = said.object if object_ is None else object_.id
    return replace(
        note,
        id=fact_id(subject.id, entry.name, end, said.polarity),
        subject=subject.id,
        relation=entry.name,
        object=end,
        literal=literal,
        polarity=said.polarity,
    )


def _typed(node: Node, kinds: tuple[str, ...]) -> Node | None:
    """The node, of a kind that the relation takes: what an entry is about is a thing until something says more."""
    if node.type in kinds:
        return node
    living = [kind for kind in kinds if kind not in LITERALS]
    return replace(node, type=living[0]) if node.type == "thing" and living else None


def _new(said: Said, entry: Relation) -> Iterator[Node]:
    """A node for a name that the lore has no entry of."""
    kinds = [kind for kind in entry.range if kind not in LITERALS]
    if kinds and said.object[:1].isupper() and node_id(said.object):
        first = said.object.split(maxsplit=1)[0]
        aliases = (Alias(first, START),) if first != said.object and kinds[0] == "person" else ()
        yield Node(node_id(said.object), kinds[0], said.object, aliases, said.gender)
