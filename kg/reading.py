"""`read_show(show)`: everything that the lines say, before it is weighed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from kg import pipeline
from kg.calendar import Calendar
from kg.extract.headings import heading_evidence, places_of
from kg.extract.mentions import Evidence, Line, Names, mentions, read_lines
from kg.extract.scenes import address_evidence, ceremony_evidence, home_evidence, kiss_evidence
from kg.extract.signals import Sign, signs
from kg.extract.titles import married_evidence
from kg.extract.workplaces import workplace_evidence
from kg.graph import node_id
from kg.languages import extractor
from parsing.commands import say
from parsing.manifest import Show, build_dir

POOLED = (home_evidence, address_evidence, kiss_evidence, ceremony_evidence, married_evidence, workplace_evidence)


@dataclass(frozen=True)
class Material:
    """A show as read: its lines, the statements in them, who appears and is named when."""

    show: Show
    lines: Sequence[Line]
    names: Names
    evidence: Sequence[Evidence]
    seen: Mapping[str, Sequence[str]]  # node id -> episodes in which it is there or named
    spoken: Mapping[tuple[str, str], str]  # (node id, name) -> first episode that uses the name

    @property
    def personas(self) -> frozenset[str]:
        """Node ids of those one can talk to."""
        return frozenset(node_id(m.name) for m in self.show.personas)

    @cached_property
    def calendar(self) -> Calendar:
        """Who appears when, and with whom."""
        return Calendar(self.lines, self.show.episodes, self.seen, self.personas)

    @cached_property
    def signs(self) -> list[Sign]:
        """The weak signs of couples."""
        return list(signs(self.lines, self.names))


def read_show(show: Show, table: pd.DataFrame | None, model: str, processes: int, cache: bool) -> Material:
    """Read a show's utterances (of the build folder, unless a table is given); see `kg.build.build_graph`."""
    lines = read_lines(_table(show) if table is None else table)
    names = Names(show)
    return material_of(show, lines, names, extractor(show)(show, lines, names, model, processes, cache))


def material_of(show: Show, lines: Sequence[Line], names: Names, evidence: Sequence[Evidence]) -> Material:
    """Lines with the evidence read off them, in whatever language."""
    return Material(show, lines, names, evidence, *named_in(lines, names))


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
    say(f"kg: {len(chosen)} of {len(lines)} lines have a cue; parsing them with {nlp.meta['name']}")
    docs = dict(zip((i for i, _ in chosen), pipeline.parse_lines(nlp, chosen, path, processes), strict=True))
    shown = heading_evidence(lines, places_of(docs.values(), show.description), names)
    return [*mentions(lines, docs, names), *(e for signal in POOLED for e in signal(lines, names)), *shown]


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
