"""What follows from the stored facts: inverses, symmetry, and relations derived along paths (`derived` in the table).

A derived fact takes the latest `since`, `revealed` and learning of its premises, their earliest end, the product of
their confidences and all their evidence. Where the premises never hold together, nothing follows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from math import prod

from kg.relations import Relations
from kg.types import Fact, Node
from parsing.episodes import order_key

_OPEN = "~"  # after every episode code


def close(stored: Iterable[Fact], nodes: Mapping[str, Node], table: Relations) -> list[Fact]:
    """The facts that follow from `stored` and aren't among them, in a stable order."""
    base = list(stored)
    spans = {(f.subject, f.relation, f.object, f.polarity, f.since) for f in base}
    turned = [f for f in _inverses(base, table) if (f.subject, f.relation, f.object, f.polarity, f.since) not in spans]
    known = {(f.subject, f.relation, f.object, f.polarity) for f in chain(base, turned)}
    facts = [f for f in chain(base, turned) if f.polarity and not f.literal]
    index: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        index.setdefault((fact.subject, fact.relation), []).append(fact)
    derived: list[Fact] = []
    for relation in _by_depth(table):
        new = list(_new(_derive(relation, index, nodes, table), known))
        new += list(_new(_inverses(new, table), known))
        for fact in new:
            index.setdefault((fact.subject, fact.relation), []).append(fact)
        derived += new
    return turned + derived


def _by_depth(table: Relations) -> list[str]:
    """Derived relations, those that others are derived from first (sibling before uncle)."""
    names = [name for name in table if table[name].derived]
    needs = {n: {s for rule in table[n].derived for s in rule if s != n and s in names} for n in names}
    ordered: list[str] = []
    while len(ordered) < len(names):
        ready = [n for n in names if n not in ordered and needs[n] <= set(ordered)]
        ordered += ready or [n for n in names if n not in ordered]  # a ring: in the table's order
    return ordered


def _inverses(facts: Iterable[Fact], table: Relations) -> Iterable[Fact]:
    for fact in facts:
        inverse = table[fact.relation].inverse if fact.relation in table else ""
        if inverse and not fact.literal and fact.subject != fact.object:
            rule = fact.extractor if fact.extractor.startswith("derived:") else "derived:inverse"
            yield replace(
                fact, id=f"{fact.id}~", subject=fact.object, object=fact.subject, relation=inverse, extractor=rule
            )


def _new(facts: Iterable[Fact], known: set[tuple[str, str, str, bool]]) -> Iterable[Fact]:
    """The facts not known yet; of several derivations of one, the one revealed first."""
    best: dict[tuple[str, str, str, bool], Fact] = {}
    for fact in facts:
        key = (fact.subject, fact.relation, fact.object, fact.polarity)
        if key in known:
            continue
        if key not in best or _rank(fact) < _rank(best[key]):
            best[key] = fact
    known.update(best)
    yield from best.values()


def _rank(fact: Fact) -> tuple[bool, str, float, str]:
    return fact.until is not None, fact.revealed, -fact.confidence, fact.id


def _derive(
    relation: str, index: Mapping[tuple[str, str], list[Fact]], nodes: Mapping[str, Node], table: Relations
) -> Iterable[Fact]:
    people = [n.id for n in nodes.values() if n.type in table[relation].domain]
    for rule in table[relation].derived:
        for person in people:
            for path in _paths(person, rule, index):
                fact = _conclude(relation, rule, path)
                if fact is not None:
                    yield fact


def _paths(
    start: str, rule: tuple[str, ...], index: Mapping[tuple[str, str], list[Fact]]
) -> Iterable[tuple[Fact, ...]]:
    """Chains of facts along the rule's relations that never come back to somebody."""
    partial: list[tuple[Fact, ...]] = [()]
    for step in rule:
        longer = []
        for path in partial:
            here = path[-1].object if path else start
            seen = {start, *(f.object for f in path)}
            longer += [(*path, f) for f in index.get((here, step), ()) if f.object not in seen]
        partial = longer
    return partial


def _conclude(relation: str, rule: tuple[str, ...], path: tuple[Fact, ...]) -> Fact | None:
    since = max((f.since for f in path), key=order_key)
    until = min(f.until or _OPEN for f in path)
    if order_key(since) >= until:
        return None
    people = sorted({who for f in path for who in (*f.known_by, f.subject, f.object)})
    learnt = {who: when for who in people if (when := _learnt(who, path)) is not None}
    subject, target = path[0].subject, path[-1].object
    return Fact(
        id="+".join(f.id for f in path),
        subject=subject,
        relation=relation,
        object=target,
        since=since,
        until=None if until == _OPEN else until,
        revealed=max(f.revealed for f in path),
        known_by=learnt,
        confidence=round(prod(f.confidence for f in path), 4),
        evidence=tuple(dict.fromkeys(e for f in path for e in f.evidence)),
        extractor=f"derived:{' '.join(rule)}",
    )


def _learnt(who: str, path: tuple[Fact, ...]) -> str | None:
    """From when somebody knows every premise; None where one is never learnt."""
    moments = []
    for fact in path:
        if who in fact.known_by:
            moments.append(fact.known_by[who])
        elif who in (fact.subject, fact.object):
            moments.append(fact.revealed)
        else:
            return None
    return max(moments)
