"""`build_graph(show)`: utterances in, graph out. What was counted is left in `build/<show>/extraction.json`."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from kg.aggregate import FAMILY, ROMANCE, Candidate, candidates, facts_of, settle
from kg.calendar import Calendar
from kg.couples import pooled_evidence
from kg.extract.happenings import Happening, dates, graph_of, happenings
from kg.extract.mentions import Evidence, Line, Names
from kg.extract.nearby import nearby_evidence
from kg.extract.scenes import couple_evidence
from kg.extract.titles import titled_evidence
from kg.family import implied
from kg.graph import Graph, node_id
from kg.reading import Material, read_show
from kg.relations import relations
from kg.reliability import SHORT_THRESHOLD, THRESHOLD
from kg.types import Alias, Fact, Node
from kg.ways import way_of
from parsing.commands import say
from parsing.files import write_json
from parsing.manifest import Show, build_dir


def build_graph(
    show: Show,
    table: pd.DataFrame | None = None,
    *,
    model: str = "",
    threshold: float | None = None,
    processes: int = 2,
    cache: bool = True,
) -> Graph:
    """The fact graph of a show, extracted from its utterances alone (no corrections).

    Args:
        show: the show, parsed.
        table: utterance table as `parsing.tables.load_utterances` gives it; read from the build folder by default.
        model: an installed spaCy pipeline; by default the one that the manifest names, else the small English one.
        threshold: least confidence of a fact; by default it goes by the length of the series.
        processes: of spaCy's, for the parsing.
        cache: keep the parsed lines under `build/<show>/` and use them again for the same lines and pipeline.

    Raises:
        NotFound: the show wasn't parsed yet, or the model isn't installed.

    """
    started = time.perf_counter()
    material = read_show(show, table, model, processes, cache)
    graph, evidence = assemble(material, threshold)
    _report(show, material.lines, evidence, graph.stored, time.perf_counter() - started, write=cache)
    return graph


def assemble(
    material: Material, threshold: float | None = None, without: Collection[str] = ()
) -> tuple[Graph, list[Evidence]]:
    """The graph of what was read, and all its evidence; `without` leaves out ways (`kg.ways.WAYS`) of finding facts."""
    names, calendar, personas = material.names, material.calendar, material.personas
    if threshold is None:
        threshold = THRESHOLD if calendar.long else SHORT_THRESHOLD
    evidence = _without(material.evidence, without)
    chosen, events = _weighed(evidence, names, calendar, personas, threshold)
    for again in _SECOND_READINGS.get(material.show.language, ()):
        evidence += _without(again(material, chosen), without)
        chosen, events = _weighed(evidence, names, calendar, personas, threshold)
    facts = facts_of(chosen, calendar, *dates(events))
    nodes = nodes_of(material.show, chosen, material.seen, material.spoken)
    event_nodes, event_facts = graph_of(events)
    nodes |= {n.id: n for n in event_nodes}
    kept = _typed([*facts, *event_facts], nodes)
    return Graph(material.show.id, nodes.values(), kept, main=sorted(personas)), evidence


def _without(evidence: Iterable[Evidence], ways: Collection[str]) -> list[Evidence]:
    return [e for e in evidence if not ways or way_of(e.statement.rule) not in ways]


def _by_couples(material: Material, chosen: Sequence[Candidate]) -> list[Evidence]:
    """Who "we", "Aunt Sheryl" and "my daughter" are, which goes by who is whose partner or parent."""
    lines, names, couples = material.lines, material.names, _couples(chosen)
    elders = couples | {c.pair for c in chosen if c.relation == "parent_of" and not c.literal}
    return [
        *couple_evidence(lines, couples),
        *titled_evidence(lines, names, elders),
        *nearby_evidence(lines, names, material.personas),
    ]


def _by_family(material: Material, chosen: Sequence[Candidate]) -> list[Evidence]:
    """What families imply; and couples by many weak signs, relatives left out."""
    genders = material.names.genders
    family = {c.pair for c in chosen if c.relation in FAMILY and c.polarity}
    return [*implied(chosen, genders), *pooled_evidence(material.signs, genders, material.personas, family)]


# Readings that need to know couples and families, by language.
_SECOND_READINGS: Mapping[str, Sequence[Callable[[Material, Sequence[Candidate]], list[Evidence]]]] = {
    "en": (_by_couples, _by_family)
}


def _weighed(
    evidence: Sequence[Evidence], names: Names, calendar: Calendar, personas: frozenset[str], threshold: float
) -> tuple[list[Candidate], list[Happening]]:
    """The believed states and events."""
    told = [e for e in evidence if e.statement.relation.startswith("event:")]
    stated = [e for e in evidence if not e.statement.relation.startswith("event:")]
    chosen = settle(candidates([*stated, *_romance(told)], names.genders, calendar, personas), threshold)
    family = {c.pair for c in chosen if c.relation in FAMILY and c.polarity}
    events = happenings(told, calendar.episodes)
    return chosen, [h for h in events if h.confidence >= threshold and not (h.kind == "kiss" and h.pair in family)]


def _couples(chosen: Sequence[Candidate]) -> set[frozenset[str]]:
    return {c.pair for c in chosen if c.relation in ROMANCE and c.polarity and not c.literal}


def _romance(told: Iterable[Evidence]) -> list[Evidence]:
    """What events say of states: vows make spouses; those who kiss in several episodes are dating."""
    states = {"event:wedding": ("spouse", "vow"), "event:kiss": ("dating", "kissing")}
    found = []
    seen = set()
    for e in told:
        s = e.statement
        if s.relation in states:
            relation, rule = states[s.relation]
            key = (relation, frozenset((s.subject, s.object)), e.line.episode)
            if key not in seen:  # once an episode: pooled, not repeated
                seen.add(key)
                found.append(Evidence(replace(s, relation=relation, rule=rule), e.line))
    return found


def nodes_of(
    show: Show, chosen: Sequence[Candidate], seen: Mapping[str, Sequence[str]], spoken: Mapping[tuple[str, str], str]
) -> dict[str, Node]:
    """The cast that appears or is spoken of, and everybody and everything else that a fact needs.

    Who is called by name is revealed then, not before: a mother may be on stage long before anybody says who she is.
    """
    nodes: dict[str, Node] = {}
    for member in show.cast:
        identity = node_id(member.name)
        if identity in seen:
            aliases = (Alias(a, spoken.get((identity, a), "")) for a in member.aliases if a != member.name)
            known = tuple(a for a in aliases if a.revealed)
            named = min(
                (spoken[key] for key in ((identity, n) for n in (member.name, *member.aliases)) if key in spoken),
                default=seen[identity][0],
            )
            nodes[identity] = Node(identity, "person", member.name, known, member.gender, named)
    _strangers(nodes, chosen)
    return nodes


def _strangers(nodes: dict[str, Node], chosen: Sequence[Candidate]) -> None:
    """People, places and organisations outside the cast that a believed fact names."""
    for candidate in chosen:
        for e in sorted(candidate.evidence, key=lambda e: e.line.id):
            gender_of = {e.statement.gendered[0]: e.statement.gendered[1]}
            for identity, name, kind in e.statement.names:
                known = nodes.get(identity)
                if known is None or known.revealed > e.line.episode:
                    gender = gender_of.get(identity, known.gender if known else "")
                    nodes[identity] = Node(identity, kind, name, (), gender, e.line.episode)


def _typed(facts: Iterable[Fact], nodes: Mapping[str, Node]) -> list[Fact]:
    """Facts whose ends exist and are of a type that the relation takes."""
    kept = []
    for fact in facts:
        relation = relations()[fact.relation]
        ends = [(fact.subject, relation.domain)] + ([] if fact.literal else [(fact.object, relation.range)])
        if all(end in nodes and nodes[end].type in types for end, types in ends):
            kept.append(fact)
    return kept


def _report(
    show: Show, lines: Sequence[Line], evidence: Sequence[Evidence], facts: Sequence[Fact], seconds: float, write: bool
) -> None:
    """Counts on standard error and in `extraction.json` (without the seconds: two builds write the same bytes)."""
    by_relation = Counter(f.relation for f in facts)
    for name, count in sorted(by_relation.items()):
        say(f"kg: {count:5d} {name}")
    say(f"kg: {len(facts)} facts from {len(evidence)} statements in {len(lines)} lines, {seconds:.1f} s")
    if write:
        counts: dict[str, Any] = {
            "show": show.id,
            "lines": len(lines),
            "statements": len(evidence),
            "facts": len(facts),
            "by_relation": dict(sorted(by_relation.items())),
            "by_rule": dict(sorted(Counter(f.extractor for f in facts).items())),
            "statements_by_rule": dict(sorted(Counter(e.statement.rule for e in evidence).items())),
        }
        write_json(build_dir(show) / "extraction.json", counts)
