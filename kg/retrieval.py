"""Retrieval: the facts that belong in the prompt for one message, ranked, each with the reason why.

First what answers the question, then what joins the people it names, then what is known of them. A message that names
nobody and asks nothing gets nothing.
"""

from collections.abc import Iterator, Sequence
from math import log1p

from kg.answers import resolve
from kg.contradiction import between
from kg.graph import Graph
from kg.recall import NOTE, Recalled
from kg.relations import relations
from kg.types import Ask, Fact, Mention, Retrieved

_ANSWER, _SAME_RELATION, _JOINS, _ABOUT = 8.0, 5.0, 3.0, 1.0  # what a fact is worth by the way it came in
_NOTE, _SHARED = 7.5, 3.0  # a note that answers; one that shares words with the question, for a score of 1
_SALIENT = ("spouse", "engaged_to", "dating", "job", "sibling", "parent_of", "child_of", "friend", "roommate")


def retrieve(
    graph: Graph,
    mentions: Sequence[Mention],
    asks: Sequence[Ask],
    persona_id: str,
    as_of: str | None = None,
    *,
    limit: int = 8,
    recalled: Sequence[Recalled] = (),
) -> tuple[Retrieved, ...]:
    """At most `limit` facts of `graph` (stripped to the moment of the talk), best first.

    `recalled` are the notes and triples that share words with the message (`kg.recall`).

    Ties are broken by confidence and then by id, so that the result depends on nothing but the graph and the message.
    """
    view = graph if graph.as_of is not None or as_of is None else graph.at(as_of)
    best: dict[tuple[str, ...], Retrieved] = {}
    for found in (*_asked(view, asks), *_named(view, mentions, asks, persona_id), *_noted(recalled)):
        if _outdated(view, found.fact):
            continue
        key = _key(found.fact)
        if key not in best or (found.score, _near(found.fact, persona_id)) > (
            best[key].score,
            _near(best[key].fact, persona_id),
        ):
            best[key] = found
    ranked = sorted(best.values(), key=lambda r: (-r.score, -r.fact.confidence, r.fact.id))
    return tuple(ranked[:limit])


def _asked(graph: Graph, asks: Sequence[Ask]) -> Iterator[Retrieved]:
    """What answers, denies or corrects what is asked; then the same relation at other times."""
    for position, ask in enumerate(asks):
        answer = resolve(graph, ask)
        worth = _ANSWER - 0.5 * position
        for place, fact in enumerate(answer.facts):
            yield _scored(graph, fact, worth - 0.1 * place, f"{answer.status}: {answer.why or 'stated'}")
        if ask.relation in relations() and ask.subject:
            for fact in graph.facts_from(ask.subject, ask.relation):
                yield _scored(
                    graph, fact, _SAME_RELATION - 0.5 * position, f"{ask.relation} of {graph.name(ask.subject)}"
                )


def _named(graph: Graph, mentions: Sequence[Mention], asks: Sequence[Ask], persona_id: str) -> Iterator[Retrieved]:
    """What joins the persona and the entities named, and what is known of these."""
    named = list(dict.fromkeys(m.node for m in mentions if m.node != persona_id))
    subjects = [a.subject for a in asks if a.subject and a.subject != persona_id]
    for node in dict.fromkeys([*named, *subjects]):
        if node not in graph.nodes:
            continue
        for other in sorted({persona_id, *named} - {node}):
            why = f"joins {graph.name(other)} and {graph.name(node)}"
            joining = (f for f in graph.between(node, other) if not relations()[f.relation].event)
            yield from (_scored(graph, fact, _JOINS, why) for fact in joining)
        for fact in (f for relation in _SALIENT for f in graph.facts_from(node, relation)):
            yield _scored(graph, fact, _ABOUT, f"about {graph.name(node)}")


def _noted(recalled: Sequence[Recalled]) -> Iterator[Retrieved]:
    """Notes by the words they share with the message."""
    for place, found in enumerate(recalled):
        why = f"shares {found.share:.0%} of what is asked"
        score = _NOTE - 0.1 * place if found.fits and found.fact.relation == NOTE else _SHARED * found.score
        yield Retrieved(found.fact, round(score, 4), why)


def _scored(graph: Graph, fact: Fact, worth: float, why: str) -> Retrieved:
    """Worth, plus whether it holds now, how sure it is, and how much is known of its object."""
    salience = log1p(len(graph.facts_about(fact.object))) / 10 if not fact.literal else 0.0
    score = worth + (0.5 if graph.now(fact) else 0.0) + 0.3 * fact.confidence + min(salience, 0.5)
    return Retrieved(fact, round(score, 4), why)


def _key(fact: Fact) -> tuple[str, ...]:
    """One key for a fact and its inverse, and for all roles of one event."""
    if fact.relation in relations() and relations()[fact.relation].event:
        return ("event", fact.subject)
    inverse = relations()[fact.relation].inverse if fact.relation in relations() else ""
    straight = (fact.relation, fact.subject, fact.object, fact.since, str(fact.polarity))
    if not inverse or fact.literal:
        return straight
    return min(straight, (inverse, fact.object, fact.subject, fact.since, str(fact.polarity)))


def _outdated(graph: Graph, fact: Fact) -> bool:
    """A former state that has grown into another ("ex-boyfriend" of one's husband)."""
    if graph.now(fact) or fact.relation not in _COUPLE:
        return False
    return bool(between(graph, fact.subject, fact.object, _COUPLE))


_COUPLE = ("spouse", "engaged_to", "dating")


def _near(fact: Fact, persona_id: str) -> int:
    return 2 if fact.subject == persona_id else 1 if fact.object == persona_id else 0
