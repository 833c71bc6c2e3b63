"""`build_graph(show)`: utterances in, graph out. What was counted is left in `build/<show>/extraction.json`."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from kg import pipeline
from kg.aggregate import FAMILY, ROMANCE, SHORT_THRESHOLD, THRESHOLD, Candidate, candidates, facts_of, settle
from kg.calendar import Calendar
from kg.extract.happenings import Happening, dates, graph_of, happenings
from kg.extract.mentions import Evidence, Line, Names, mentions, read_lines
from kg.extract.scenes import address_evidence, ceremony_evidence, couple_evidence, home_evidence, kiss_evidence
from kg.graph import Graph, node_id
from kg.languages import extractor
from kg.relations import relations
from kg.types import Alias, Fact, Node
from parsing.commands import say
from parsing.files import write_json
from parsing.manifest import Show, build_dir


def build_graph(
    show: Show,
    table: pd.DataFrame | None = None,
    *,
    model: str = pipeline.DEFAULT,
    threshold: float | None = None,
    processes: int = 2,
    cache: bool = True,
) -> Graph:
    """The fact graph of a show, extracted from its utterances alone (no corrections).

    Args:
        show: the show, parsed.
        table: utterance table as `parsing.tables.load_utterances` gives it; read from the build folder by default.
        model: an installed spaCy pipeline.
        threshold: least confidence of a fact; by default it goes by the length of the series.
        processes: of spaCy's, for the parsing.
        cache: keep the parsed lines under `build/<show>/` and use them again for the same lines and pipeline.

    Raises:
        NotFound: the show wasn't parsed yet, or the model isn't installed.

    """
    started = time.perf_counter()
    lines = read_lines(_table(show) if table is None else table)
    names = Names(show)
    evidence = extractor(show)(show, lines, names, model, processes, cache)
    graph = graph_from(show, lines, names, evidence, threshold)
    _report(show, lines, evidence, graph.stored, time.perf_counter() - started, write=cache)
    return graph


def graph_from(
    show: Show, lines: Sequence[Line], names: Names, evidence: list[Evidence], threshold: float | None = None
) -> Graph:
    """The graph that this evidence makes, in whatever language it was read."""
    personas = frozenset(node_id(m.name) for m in show.personas)
    seen, spoken = named_in(lines, names)
    calendar = Calendar(lines, show.episodes, seen, personas)
    if threshold is None:
        threshold = THRESHOLD if calendar.long else SHORT_THRESHOLD
    chosen, events = _weighed(evidence, names, calendar, personas, threshold)
    evidence += list(couple_evidence(lines, _couples(chosen)))  # a second reading, now that the couples are known
    chosen, events = _weighed(evidence, names, calendar, personas, threshold)
    facts = facts_of(chosen, calendar, *dates(events))
    nodes = nodes_of(show, chosen, seen, spoken)
    event_nodes, event_facts = graph_of(events)
    nodes |= {n.id: n for n in event_nodes}
    facts += event_facts
    kept = _typed(facts, nodes)
    return Graph(show.id, nodes.values(), kept, main=[node_id(m.name) for m in show.personas])


def _table(show: Show) -> pd.DataFrame:
    from parsing.tables import load_utterances

    return load_utterances(show)


def read_evidence(
    show: Show, lines: Sequence[Line], names: Names, model: str, processes: int, cache: bool
) -> list[Evidence]:
    """All that the lines say, before it is weighed."""
    nlp = pipeline.load_pipeline(show, model)
    cue = pipeline.cues()
    chosen = [(line.id, line.text) for line in lines if line.speaker and cue.search(line.text)]
    path = build_dir(show) / f"parsed-{pipeline.cache_key(nlp, show, chosen)}.spacy" if cache else None
    say(f"kg: {len(chosen)} of {len(lines)} lines have a cue; parsing them with {model}")
    docs = dict(zip((i for i, _ in chosen), pipeline.parse_lines(nlp, chosen, path, processes), strict=True))
    pooled = (home_evidence, address_evidence, kiss_evidence, ceremony_evidence)
    return [*mentions(lines, docs, names), *(e for signal in pooled for e in signal(lines, names))]


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


def named_in(lines: Sequence[Line], names: Names) -> tuple[dict[str, list[str]], dict[tuple[str, str], str]]:
    """(node id -> episodes in which it is there or named; (node id, name) -> first episode that uses the name)."""
    seen: dict[str, dict[str, None]] = {}
    spoken: dict[tuple[str, str], str] = {}
    for line in lines:
        for who in (line.speaker, *line.present):
            seen.setdefault(who, {})[line.episode] = None
        for who, _, _ in names.find(line.setting, line.episode):
            seen.setdefault(who, {})[line.episode] = None
        for who, start, end in names.find(line.text, line.episode):
            seen.setdefault(who, {})[line.episode] = None
            spoken.setdefault((who, line.text[start:end]), line.episode)
    return {who: list(episodes) for who, episodes in seen.items()}, spoken


def nodes_of(
    show: Show, chosen: Sequence[Candidate], seen: Mapping[str, Sequence[str]], spoken: Mapping[tuple[str, str], str]
) -> dict[str, Node]:
    """The cast that appears or is spoken of, and everybody and everything else that a fact needs."""
    nodes: dict[str, Node] = {}
    for member in show.cast:
        identity = node_id(member.name)
        if identity in seen:
            aliases = (Alias(a, spoken.get((identity, a), "")) for a in member.aliases if a != member.name)
            known = tuple(a for a in aliases if a.revealed)
            nodes[identity] = Node(identity, "person", member.name, known, member.gender, seen[identity][0])
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
