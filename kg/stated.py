"""Triples found by words: where no clause of a message could be read as a relation, its words still point at one.

A triple is matched like a note (`kg.recall`), by the names of its ends, the words of its literal, and the nouns and
verbs by which `relations.toml` has its relation asked for.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from kg.recall import NOTE, Notes, terms
from kg.relations import relations

if TYPE_CHECKING:
    from kg.types import Fact

_SLOT = re.compile(r"\{\w+\}|\(\?:|[()?|\\]")


class Stated(Notes):
    """The triples of one (stripped) graph, indexed by words."""

    def _covers(self, fact: "Fact") -> bool:
        return fact.relation != NOTE and not relations()[fact.relation].event

    def _words(self, fact: "Fact") -> Iterable[str]:
        names = f"of {self.graph.name(fact.subject)} {self._text(fact)}"
        return {*terms(names), *spoken_of(fact.relation), *spoken_of(relations()[fact.relation].inverse)}

    def _text(self, fact: "Fact") -> str:
        return f"of {self.graph.name(fact.object)}"


@cache
def spoken_of(relation: str) -> frozenset[str]:
    """The terms by which a relation is spoken of; none for no relation."""
    if relation not in relations():
        return frozenset()
    entry = relations()[relation]
    words = [*entry.label.values(), *entry.plural.values(), *entry.former.values(), *entry.verbs, *entry.former_verbs]
    words += [noun for table in (entry.nouns, entry.agent_nouns) for group in table.values() for noun in group]
    return frozenset(term for text in words for term in terms(_SLOT.sub(" ", text)))
