"""Recall against the Fandom pages' family, couple and employer facts, and what was missed, sorted by cause.

Counted are mapped facts (`evaluation.kinship`) both of whose names are spoken; `near` those whose two names fall within
three utterances of each other somewhere. Evaluation only: no rule is made from what is missed, only counts are kept.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from evaluation.kinship import COUPLE, COUPLES, EMPLOYER, FAMILY, GoldFact, known_as, spoken_form
from evaluation.statistics import Share
from kg.extract.lexicon import kin_nouns
from kg.graph import Graph

WITHIN = 3  # utterances
_EMPLOYED = ("works_at", "works_for", "owns")
_WORK_WORDS = frozenset({"work", "works", "worked", "working", "job", "boss", "hired", "fired", "office"})


@dataclass(frozen=True)
class Spoken:
    """Where each name is spoken: positions in the show's order."""

    texts: Sequence[str]
    places: Mapping[str, tuple[int, ...]]

    def near(self, fact: GoldFact) -> tuple[int, int] | None:
        """Positions of the two names, where they fall within three utterances somewhere."""
        first, second = (self.places[spoken_form(n)] for n in (fact.subject, fact.object))
        late = 0
        for i in first:
            while late < len(second) and second[late] < i - WITHIN:
                late += 1
            if late < len(second) and second[late] <= i + WITHIN:
                return i, second[late]
        return None


def spoken(table: pd.DataFrame, gold: Sequence[GoldFact]) -> Spoken:
    """Where the names of the gold facts are spoken in the utterances that count."""
    texts = [t.replace("’", "'") for t in table[table["reality"] == "canon"]["text"]]
    forms = {spoken_form(n) for f in gold for n in (f.subject, f.object)} - {""}
    found: dict[str, list[int]] = {form: [] for form in forms}
    pattern = re.compile("|".join(rf"\b{re.escape(f)}(?!\w)" for f in sorted(forms, key=lambda f: (-len(f), f))))
    for i, text in enumerate(texts):
        for form in {m[0] for m in pattern.finditer(text)}:
            found[form].append(i)
    return Spoken(texts, {form: tuple(places) for form, places in found.items()})


def recall(graph: Graph, gold: Sequence[GoldFact], where: Spoken) -> dict[str, Any]:
    """Shares found: of the near facts by group and in all, of all spoken ones, and the causes of near misses."""
    heard = uttered(gold, where)
    near = [f for f in heard if where.near(f)]
    missed = [f for f in near if not found_in(graph, f)]
    return {
        "mapped": len(gold),
        "spoken": share(graph, heard),
        "near": share(graph, near),
        **{group: share(graph, [f for f in near if f.group == group]) for group in (FAMILY, COUPLE, EMPLOYER)},
        "by_relation": {
            r: share(graph, [f for f in near if f.relation == r]) for r in sorted({f.relation for f in near})
        },
        "missed": dict(sorted(Counter(_cause(graph, f, where) for f in missed).items())),
    }


def uttered(gold: Sequence[GoldFact], where: Spoken) -> list[GoldFact]:
    """The facts both of whose names are spoken somewhere."""
    return [f for f in gold if all(where.places.get(spoken_form(n)) for n in (f.subject, f.object))]


def share(graph: Graph, facts: Sequence[GoldFact]) -> dict[str, Any]:
    """How many of the facts the graph has."""
    return Share(sum(found_in(graph, f) for f in facts), len(facts)).to_json()


def found_in(graph: Graph, fact: GoldFact) -> bool:
    """Does the graph hold (or imply) the fact? A couple may have moved on from dating to marriage: any of it counts."""
    named = COUPLES if fact.relation in COUPLES else _EMPLOYED if fact.relation == "works_at" else {fact.relation}
    ends = known_as(graph, fact.object)
    return any(
        f.object in ends and f.polarity
        for one in known_as(graph, fact.subject)
        for relation in named
        for f in graph.facts_from(one, relation)
    )


def _cause(graph: Graph, fact: GoldFact, where: Spoken) -> str:
    """Why a near fact was missed, as far as counting words tells."""
    first, second = known_as(graph, fact.subject), known_as(graph, fact.object)
    if not first or not second:
        return "a name the graph doesn't have"
    if any(f.object in second or f.subject in second for one in first for f in graph.facts_about(one)):
        return "another relation between the two"
    one, other = (where.places[spoken_form(n)] for n in (fact.subject, fact.object))
    pairs = [(i, j) for i in one for j in other if abs(i - j) <= WITHIN]
    words = (
        _WORK_WORDS if fact.group == EMPLOYER else {w for w, k in kin_nouns().items() if k.relation == fact.relation}
    )
    told = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})\b", re.IGNORECASE)
    if any(told.search(where.texts[i]) for i, j in pairs if i == j):
        return "names and relation word in one utterance"
    if any(told.search(t) for i, j in pairs for t in where.texts[min(i, j) : max(i, j) + 1]):
        return "names and relation word across utterances"
    return "no word for the relation near the names"
