"""Why a statement can't be so in a graph: what excludes it, and who is known in its place."""

from collections.abc import Iterable

from kg.graph import Graph, words_of
from kg.relations import Relation, relations
from kg.terms import terms
from kg.types import Answer, Fact

SINGLE_BY_GENDER = frozenset({"child_of"})  # one mother and one father: knowing the one says nothing of the other
SURE = 0.5  # least confidence of a fact that rules out another


def contradiction(
    graph: Graph, subject: str, relation: Relation, object_: str, gender: str = "", *, ever: bool = False
) -> Answer | None:
    """Why (subject, relation, object) can't be so in this graph; None where it may be.

    Looked at, in this order: a negative fact, the same node twice, a node of the wrong type or gender, another relation
    that excludes this one, another object where only one can be, all objects known on either side, and the closed world
    of main characters.
    """
    checks = (_negated, _mistyped, _excluded, _taken)
    found = (check(graph, subject, relation, object_, gender=gender, ever=ever) for check in checks)
    answer = next((a for a in found if a is not None), None)
    if answer is None and relation.closed and told_of(graph, subject):
        return Answer("denied", why=f"no {relation.word()} of {graph.name(subject)}: the show would have said so")
    return answer


def _negated(graph: Graph, subject: str, relation: Relation, object_: str, **_: object) -> Answer | None:
    facts = [f for f in graph.facts_from(subject, relation.name) if not f.polarity and graph.now(f)]
    found = tuple(f for f in facts if same_object(f, object_))
    return Answer("denied", found, "the show says that it is not so") if found else None


def _mistyped(graph: Graph, subject: str, relation: Relation, object_: str, **_: object) -> Answer | None:
    node = graph.nodes.get(object_)
    if node is None or relation.literal:
        return None
    if object_ == subject:
        return Answer("denied", why=f"{node.name} can't be that to {node.name}")
    if node.type not in relation.range and "text" not in relation.range:
        return Answer("denied", why=f"{node.name} is a {node.type}")
    return None


def _excluded(
    graph: Graph, subject: str, relation: Relation, object_: str, *, ever: bool, **_: object
) -> Answer | None:
    excluding = between(graph, subject, object_, relation.excludes)
    if not excluding or (ever and relation.name in _MAY_CHANGE):
        return None
    return Answer("denied", excluding, f"{graph.name(object_)} is known to be something else")


def _taken(graph: Graph, subject: str, relation: Relation, object_: str, *, gender: str, ever: bool) -> Answer | None:
    """Another object is known and leaves no room, on either side."""
    if ever:
        return None
    if others := _other_objects(graph, subject, relation, object_, gender):
        return Answer("denied", others, f"another {relation.word(gender)} is known")
    if relation.exclusive and object_ in graph.nodes:
        owners = (f for f in graph.facts_about(object_) if f.relation == relation.name and f.polarity and graph.now(f))
        if whose := ranked(graph, owners):
            return Answer("denied", whose, f"{graph.name(object_)} is somebody else's")
    if object_ in graph.nodes and relation.inverse:
        inverse = relations()[relation.inverse]
        if others := _other_objects(graph, object_, inverse, subject, graph.gender(subject)):
            return Answer("denied", others, f"{graph.name(object_)} is that to somebody else")
    return None


_MAY_CHANGE = frozenset({"friend", "roommate", "neighbour", "likes", "dislikes"})


def _other_objects(graph: Graph, subject: str, relation: Relation, object_: str, gender: str) -> tuple[Fact, ...]:
    """Objects that leave no room for another one."""
    if not (relation.functional or relation.complete):
        return ()
    facts = [f for f in graph.holding(subject, relation.name) if not same_object(f, object_) and f.confidence >= SURE]
    if relation.name in SINGLE_BY_GENDER:
        wanted = gender or graph.gender(object_)
        facts = [f for f in facts if wanted and graph.gender(f.object) == wanted]
    return ranked(graph, facts)


def told_of(graph: Graph, subject: str) -> bool:
    """Would the graph hold it if it were so? Of main characters; but what another one doesn't know may still be."""
    return subject in graph.main and graph.knower in {None, subject}


def between(graph: Graph, a: str, b: str, names: Iterable[str]) -> tuple[Fact, ...]:
    """Facts with one of the relations that hold from a to b."""
    return tuple(f for name in sorted(names) for f in graph.holding(a, name) if same_object(f, b))


def same_object(fact: Fact, object_: str) -> bool:
    """Does the fact have this object? Literals are compared by their words ("chef" is in "head chef"; "cook", too)."""
    if not fact.literal:
        return fact.object == object_
    readings = ((words_of(object_), words_of(fact.object)), (frozenset(terms(object_)), frozenset(terms(fact.object))))
    return any(said and stated and (said <= stated or stated <= said) for said, stated in readings)


def gender_fits(graph: Graph, node_id: str, gender: str) -> bool:
    return not gender or graph.gender(node_id) in {gender, ""}


def ranked(graph: Graph, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Those that hold first, then ties of main characters, stored before derived; one for each object."""
    best: dict[tuple[str, str], Fact] = {}

    def rank(f: Fact) -> tuple[bool, bool, bool, float, str, str]:
        friends = relations()[f.relation].symmetric and {f.subject, f.object} <= graph.main  # before "I know Eric"
        return not graph.now(f), not friends, "derived" in f.extractor, -f.confidence, f.revealed, f.id

    for fact in sorted(facts, key=rank):
        best.setdefault((fact.relation, fact.object), fact)
    return tuple(best.values())
