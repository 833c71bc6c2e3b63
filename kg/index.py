"""The notes and triples of one (stripped) graph, indexed by the terms that they are found by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from math import log
from typing import TYPE_CHECKING

from kg.relations import relations
from kg.terms import WORD, spoken_of, telling_run, terms

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.types import Fact

NOTE = "note"
UNHEARD = 0.5  # what a word that nothing told has weighs, as a share of the rarest
_LONGEST = 120  # words of a message that are looked at for runs
_ENOUGH = 800  # facts counted, those with the rarest words first


class Index:
    """Notes by their words; triples by the names of their ends, the words of their literal, and those by which
    `relations.toml` has their relation asked for. A message takes time by its words, not by the number of facts.
    """

    def __init__(self, graph: "Graph") -> None:
        self.graph = graph
        covered = (f for f in graph.stored if f.polarity and not relations()[f.relation].event)
        self.facts: tuple[Fact, ...] = tuple(sorted(covered, key=lambda f: f.revealed, reverse=True))  # latest first
        self.terms = [frozenset(self._words(f)) for f in self.facts]
        self.held = {fact.id: found for fact, found in zip(self.facts, self.terms, strict=True)}
        self.where: dict[str, list[int]] = defaultdict(list)
        for place, found in enumerate(self.terms):
            for term in found:
                self.where[term].append(place)

    def _words(self, fact: "Fact") -> Iterable[str]:
        """By which terms a fact is found."""
        if fact.relation == NOTE:
            return terms(fact.object)
        return {*terms(self.text(fact)), *spoken_of(fact.relation), *spoken_of(relations()[fact.relation].inverse)}

    def text(self, fact: "Fact") -> str:
        """What a fact tells, with its names written as names."""
        if fact.relation == NOTE:
            return fact.object
        return f"of {self.graph.name(fact.subject)} {self.graph.name(fact.object)}"

    def weight(self, term: str) -> float:
        """How telling a term is: its inverse document frequency; a share of the most for one that nothing has."""
        count, size = len(self.where.get(term, ())), len(self.facts) or 1
        if not count:
            return self.rarest * UNHEARD  # perhaps another word for what a note says
        return log(1.0 + (size - count + 0.5) / (count + 0.5))

    @cached_property
    def rarest(self) -> float:
        """The weight of a term that a single fact has."""
        return log(1.0 + (len(self.facts) - 0.5) / 1.5) if self.facts else 1.0

    def candidates(self, asked: Mapping[str, float]) -> set[int]:
        """The facts that are counted: those of the rarest terms, until there are enough; of very many the latest."""
        places: set[int] = set()
        for term in sorted(asked, key=lambda t: (len(self.where.get(t, ())), t)):
            there = self.where.get(term, ())
            if places and len(places) + len(there) > _ENOUGH:
                break
            places.update(there[:_ENOUGH])
        return places

    def verbatim(self, message: str, places: Iterable[int]) -> dict[int, int]:
        """How many runs of three words of the message each fact holds: "on a break" is more than a break."""
        words = [w.casefold() for w in WORD.findall(message.replace("’", "'"))][:_LONGEST]
        runs = [" ".join(run) for run in zip(words, words[1:], words[2:], strict=False) if telling_run(run)]
        if not runs:
            return {}
        held = {place: sum(run in self._plain[place] for run in runs) for place in places}
        return {place: times for place, times in held.items() if times}

    @cached_property
    def _plain(self) -> list[str]:
        """Each fact's words, in lower case."""
        return [" ".join(w.casefold() for w in WORD.findall(self.text(f).replace("’", "'"))) for f in self.facts]
