"""Expected answer types: does a note or triple hold what the question word wants, beyond what the question says?

As question answering has it since its first evaluations (Voorhees, 1999): a "who" wants somebody, a "how many" a
number.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from kg.terms import NAME, WORD, listed, terms, wants

if TYPE_CHECKING:
    from kg.graph import Graph

# Questions that one note answers: those for a yes or no, and for a place or a time.
SHORT = re.compile(
    r"(?:^|[.!?,…]\s+)(?:(?:so|and|but|hey|oh|ok|okay|well|wait|um|uh)[\s,]+)*"
    r"(?:where|when|did|does|do|was|were|is|are|have|has|had)\b",
    re.IGNORECASE,
)
_YOU = re.compile(r"\b(?:you|your|u|ur)\b")
_AT = re.compile(r"\b(?:in|at|to|from|on|into|near|through|outside|behind|under) (?:the |a |an |\w+'s )?\w{3}")
_PLACES = frozenset({"place", "organisation"})


class AnswerTypes:
    """Who is called what in one (stripped) graph, and what a question asks for."""

    def __init__(self, graph: "Graph") -> None:
        self.graph = graph

    def answered(self, message: str, text: str, held: frozenset[str]) -> bool:
        """Does `text` (its terms `held`) have what the question word wants?"""
        low = message.casefold()
        said = frozenset(terms(message)) | self._meant(low)
        new = held - said
        if wants("many").search(low):
            counted = re.search(r"\bhow many (\w+)", low)
            return _counts(text, counted[1]) if counted else _has_number(text, new)
        if wants("why").search(low) and not wants("because").search(text.casefold()):
            return False
        names = {w.rstrip(".'’-").casefold() for w in NAME.findall(text[:1].lower() + text[1:])} | (self.names & new)
        if wants("surname").search(low):
            return any(re.search(rf"\b{re.escape(n.capitalize())} [A-Z]", text) for n in said & self.names)
        if wants("name").search(low):
            return any(self._may_be_named(name, low, text) for name in names & new - self.main_names)
        if wants("who").search(low):
            return bool(names & new)
        return bool(new) or SHORT.search(message) is not None  # what says the same again says yes

    def somebody(self, message: str) -> bool:
        """Is anybody asked for ("who …?", "is he in love with somebody?")?"""
        low = message.casefold()
        return any(wants(kind).search(low) is not None for kind in ("who", "anybody"))

    def placed(self, message: str, text: str, held: frozenset[str]) -> bool:
        """Is a place asked for, and does `text` have one?"""
        if not wants("where").search(message.casefold()):
            return False
        return bool(self._place_names & (held - frozenset(terms(message)))) or _AT.search(text) is not None

    def _meant(self, asked: str) -> frozenset[str]:
        """Whom "you" is: no news to the one who is asked."""
        me = self.graph.nodes.get(self.graph.knower or "")
        return frozenset({me.name.split()[0].casefold()}) if me and _YOU.search(asked) else frozenset()

    def _may_be_named(self, name: str, asked: str, text: str) -> bool:
        """Can this be the name asked for? "His" is no woman's and no dog's; one unheard of where "named" stands."""
        wanted = next((g for g in ("female", "male") if wants(g).search(asked)), "")
        if not wanted:
            return True
        return wanted in self._genders[name] if name in self._genders else wants("name").search(text) is not None

    @cached_property
    def _genders(self) -> Mapping[str, frozenset[str]]:
        """First name -> the genders of the people who have it; none for what is no person."""
        found: dict[str, set[str]] = defaultdict(set)
        for node in self.graph.entities():
            for name in (node.name, *(alias.text for alias in node.aliases)):
                found[name.split()[0].casefold()] |= {node.gender} if node.type == "person" else set()
        return {name: frozenset(genders) for name, genders in found.items()}

    @cached_property
    def main(self) -> frozenset[str]:
        """First names of the main characters."""
        return frozenset(self.graph.name(m).split()[0].casefold() for m in self.graph.main)

    @cached_property
    def main_names(self) -> frozenset[str]:
        """All parts of their names."""
        return frozenset(word.casefold() for m in self.graph.main for word in self.graph.name(m).split())

    @cached_property
    def names(self) -> frozenset[str]:
        """First names of everybody."""
        return _first_names(self.graph, {"person"})

    @cached_property
    def _place_names(self) -> frozenset[str]:
        return _first_names(self.graph, _PLACES)


def _first_names(graph: "Graph", types: Iterable[str]) -> frozenset[str]:
    return frozenset(n.name.split()[0].casefold() for n in graph.nodes.values() if n.type in types)


def _has_number(text: str, new: frozenset[str]) -> bool:
    return bool(re.search(r"\d", text)) or bool(new & listed("numbers"))


def _counts(text: str, noun: str) -> bool:
    """Has the text a number right before what is counted: of "babies", "three healthy babies", not "three days"?"""
    wanted, words = set(terms(f"the {noun}")), WORD.findall(text)
    for place, word in enumerate(words):
        if wanted & set(terms(f"the {word}")):
            before = words[max(0, place - 3) : place]
            if any(w.isdigit() or w.casefold() in listed("numbers") for w in before):
                return True
    return False
