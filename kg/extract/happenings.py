"""Event mentions to event nodes with role facts, and the dates that events give to states.

Mentions of one kind with the same people within a dozen episodes are one event, dated by the first; who was there knows
of it from then on, who hears of it later from that episode.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.events import event_node, role_facts
from kg.extract.mentions import Evidence
from kg.relations import relations
from kg.types import Fact, Node

RELIABILITY = {
    "direction": 0.9,
    "vow": 0.95,
    "told": 0.8,
    "told+you": 0.75,
    "told+pronoun": 0.6,
    "asking": 0.5,
    "accepted": 0.9,
}
ENDS = {"breakup": ("dating", "engaged_to"), "divorce": ("spouse",), "wedding": ("engaged_to", "dating")}
BEGINS = {"wedding": "spouse"}
_NEAR = 12  # episodes within which two tellings are of one event
_ONCE = frozenset({"wedding", "divorce", "birth", "death"})  # of two people, told again and again
_KEPT = 6  # utterance ids kept with an event


@dataclass
class Happening:
    """One event: agent, patient ("" where nobody), the episode it is dated to, and what tells it."""

    kind: str
    agent: str
    patient: str
    episode: str
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def pair(self) -> frozenset[str]:
        """Both ends."""
        return frozenset(p for p in (self.agent, self.patient) if p)

    @property
    def confidence(self) -> float:
        """Noisy-or over the lines; what was asked and never answered isn't enough."""
        wrong = 1.0
        for place in {e.line.place for e in self.evidence}:
            wrong *= 1.0 - max(RELIABILITY[e.statement.rule] for e in self.evidence if e.line.place == place)
        return round(1.0 - wrong, 4)


def happenings(evidence: Iterable[Evidence], episodes: Sequence[str]) -> list[Happening]:
    """The events of all mentions, in the order of the show."""
    position = {e: i for i, e in enumerate(episodes)}
    groups: dict[tuple[str, tuple[str, ...]], list[Evidence]] = defaultdict(list)
    for e in evidence:
        kind = e.statement.relation.removeprefix("event:")
        ends = (e.statement.subject, e.statement.object)
        mutual = relations().events[kind].mutual
        groups[(kind, tuple(sorted(ends)) if mutual else ends)].append(e)
    found: list[Happening] = []
    for (kind, _), group in sorted(groups.items()):
        current: Happening | None = None
        near = 0 if kind == "kiss" else len(episodes) if kind in _ONCE else _NEAR
        for e in sorted(group, key=lambda e: e.line.id):
            if current is None or position[e.line.episode] - position[current.episode] > near:
                current = Happening(kind, e.statement.subject, e.statement.object, e.line.episode)
                found.append(current)
            current.evidence.append(e)
    return sorted(found, key=lambda h: (h.episode, h.kind, h.agent, h.patient))


def graph_of(events: Iterable[Happening]) -> tuple[list[Node], list[Fact]]:
    """Event nodes and their role facts."""
    nodes: list[Node] = []
    facts: list[Fact] = []
    for event in events:
        node = event_node(event.kind, event.episode, event.agent, event.patient, event.episode)
        nodes.append(node)
        known: dict[str, str] = {}
        for e in event.evidence:
            for who in sorted({e.line.speaker, *e.line.present, *e.line.addressees}):
                if who and who not in event.pair:
                    known.setdefault(who, e.line.episode)
        facts += role_facts(
            node,
            event.episode,
            [event.agent],
            event.patient,
            known_by=dict(sorted(known.items())),
            confidence=event.confidence,
            evidence=tuple(dict.fromkeys(e.line.id for e in event.evidence))[:_KEPT],
            extractor=f"event:{event.evidence[0].statement.rule}",
        )
    return nodes, facts


def dates(
    events: Iterable[Happening],
) -> tuple[Mapping[tuple[str, frozenset[str]], str], Mapping[tuple[str, frozenset[str]], list[str]]]:
    """(beginnings, ends): (relation, pair) -> the first such event; all such events."""
    begins: dict[tuple[str, frozenset[str]], str] = {}
    ends: dict[tuple[str, frozenset[str]], list[str]] = defaultdict(list)
    for event in events:
        if event.kind in BEGINS:
            begins.setdefault((BEGINS[event.kind], event.pair), event.episode)
        for relation in ENDS.get(event.kind, ()):
            ends[(relation, event.pair)].append(event.episode)
    return begins, ends
