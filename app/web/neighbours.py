"""Who and what stands next to a node: the ends of its facts, the most telling first, as the page draws them.

Notes and events are too many to draw; an event counts for how telling those are who took part in it.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.web.catalogue import node_json
from kg.types import Fact

if TYPE_CHECKING:
    from kg.graph import Graph

MOST = 40  # neighbours in one answer
FACTS = 6  # of one neighbour
_CLOSE = frozenset({"parent_of", "child_of", "sibling", "twin", "spouse", "engaged_to", "job"})
_LINES = 12  # of evidence that count: more tell of no closer tie


@dataclass(frozen=True)
class _Tie:
    """One fact seen from the node in the middle."""

    fact: Fact
    relation: str  # as read from the middle
    incoming: bool  # said of the middle, by a relation that has no name from there ("likes")
    holds: bool


def neighbours(graph: "Graph", node_text: str, most: int = MOST) -> dict[str, Any]:
    """The node, up to `most` neighbours with the facts that tie them, and how many more there are.

    `graph` is stripped to its moment and knower already. Raises `NotFound`.
    """
    from kg.relations import GROUPS

    node = graph.find(node_text)
    lines = _lines(graph, node.id)
    ties = _ties(graph, node.id)
    ranked = sorted(ties, key=lambda end: (-_telling(graph, end, ties[end], lines), end))
    shown = [_neighbour(graph, end, _ordered(ties[end])) for end in ranked[:most]]
    return {
        "show": graph.show,
        "as_of": graph.as_of,
        "node": node_json(graph, node.id),
        "neighbours": sorted(shown, key=lambda n: GROUPS.index(n["group"])),  # stable: the most telling first in each
        "more": max(0, len(ranked) - most),
    }


def _ties(graph: "Graph", node: str) -> dict[str, list[_Tie]]:
    """By the other end: its id, or `=` and the text of a literal."""
    found: dict[str, list[_Tie]] = defaultdict(list)
    seen: set[tuple[str, str, str | None, str | None]] = set()
    for fact in sorted(graph.facts_about(node), key=lambda f: f.subject != node):
        tie = _tie(graph, node, fact)
        if tie is None:
            continue
        other = fact.object if fact.subject == node else fact.subject
        key = f"={other}" if fact.literal else other
        same = (key, tie.relation, fact.since, fact.until)  # a symmetric fact and its derived mirror
        if key != node and same not in seen:
            seen.add(same)
            found[key].append(tie)
    return found


def _tie(graph: "Graph", node: str, fact: Fact) -> _Tie | None:
    from kg.recall import NOTE
    from kg.relations import relations

    entry = relations()[fact.relation]
    if not fact.polarity or entry.event or fact.relation == NOTE or (fact.literal and entry.group == "other"):
        return None
    mine = fact.subject == node
    named = fact.relation if mine else entry.inverse or fact.relation
    return _Tie(fact, named, not mine and not entry.inverse, graph.now(fact))


def _ordered(ties: Sequence[_Tie]) -> list[_Tie]:
    """The tie that names the edge first: by group, what holds before what is over, then as the table has them."""
    from kg.relations import GROUPS, relations

    order = {name: place for place, name in enumerate(relations())}

    def place(tie: _Tie) -> tuple[int, bool, int, str]:
        group = GROUPS.index(relations()[tie.relation].group)
        return group, not tie.holds, order[tie.relation], tie.fact.since or ""

    return sorted(ties, key=place)


def _lines(graph: "Graph", node: str) -> Counter[str]:
    """Lines of evidence that tell of the node and another together, by the other's id; events included."""
    from kg.relations import relations

    found: Counter[str] = Counter()
    for fact in graph.facts_about(node):
        if not relations()[fact.relation].event:
            other = fact.object if fact.subject == node else fact.subject
            found[f"={other}" if fact.literal else other] += len(fact.evidence)
        elif fact.object == node:
            for other in graph.participants(fact.subject):
                found[other] += len(fact.evidence)
    return found


def _telling(graph: "Graph", end: str, ties: Sequence[_Tie], lines: Counter[str]) -> float:
    """Main characters and close ties first, then whom the show tells most of; what is over counts half."""
    told = min(lines[end], _LINES) + (_LINES if any(t.relation in _CLOSE for t in ties) else 0)
    return (3 * _LINES if end in graph.main else 0) + told * (1.0 if any(t.holds for t in ties) else 0.5)


def _neighbour(graph: "Graph", end: str, ties: Sequence[_Tie]) -> dict[str, Any]:
    from kg.relations import relations
    from kg.wording import sentence

    first = ties[0]
    entry = relations()[first.relation]
    literal = end.startswith("=")
    word = entry.word("" if literal else graph.gender(end), former=not first.holds)
    return {
        "id": None if literal else end,
        "key": end,
        "name": end[1:] if literal else graph.name(end),
        "type": "literal" if literal else graph.nodes[end].type,
        "group": entry.group,
        "word": first.relation.replace("_", " ") if first.incoming else word,
        "incoming": first.incoming,
        "holds": first.holds,
        "facts": [
            {
                "id": tie.fact.id,
                "sentence": sentence(graph, tie.fact, ""),
                "relation": tie.fact.relation,
                "since": tie.fact.since,
                "until": tie.fact.until,
                "revealed": tie.fact.revealed,
                "holds": tie.holds,
            }
            for tie in ties[:FACTS]
        ],
        "facts_left_out": max(0, len(ties) - FACTS),
    }
