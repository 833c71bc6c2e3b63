"""Recall: the note that a question is about, found by the words they share.

Notes (relation `note`) hold what no relation covers: what happened, in a sentence of our own. A question is matched
with the notes of a stripped graph by lemmas weighted by their rarity (as in BM25, Robertson and Zaragoza, 2009); a note
answers when it covers most of the question's weight and holds something the question doesn't (a name for a "who", a
number for a "how many").
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from math import log
from pathlib import Path
from typing import TYPE_CHECKING

from kg.english import english, lemma

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.types import Fact

NOTE = "note"
COVERAGE = 0.5  # least share of the question's weight that a note must cover
WEIGHT = 0.9  # least product of that share and the weight covered, in terms as rare as can be
SURE = 0.7  # share from which on a note is believed against what relations say
_MANY_WORDS = 4  # that such a note and the question must share
_FEW = 3  # content words below which a message leans on what was said before
_WORDS = Path(__file__).with_name("recall.toml")
RECENT = 0.5  # what a note of the episode at hand is worth, as a share
_LONG_AGO = 3  # episodes after which a note is as old as any
_NEARLY = 0.7  # of what the best note shares, for a second one to be told with it
_TRIED = 8  # notes looked at
_NAME = re.compile(r"(?<![.!?] )\b[A-Z][\w'’.-]+")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(tomllib.loads(_WORDS.read_text(encoding="utf-8"))[name].split())


@cache
def _wants(name: str) -> re.Pattern[str]:
    return re.compile(tomllib.loads(_WORDS.read_text(encoding="utf-8"))[name])


@dataclass(frozen=True)
class Recalled:
    """A note with how well it fits."""

    fact: "Fact"
    share: float  # of the question's weight that it covers, 0 to 1
    weight: float  # what it covers
    words: int  # of the question's, that it holds
    also: "Fact | None" = None  # a second note on the same matter

    @property
    def sure(self) -> bool:
        """Is it beyond doubt that the note is what is asked about?"""
        return self.share >= SURE and self.words >= _MANY_WORDS


class Notes:
    """The notes of one (stripped) graph, indexed."""

    def __init__(self, graph: "Graph") -> None:
        self.graph = graph
        self.notes: tuple[Fact, ...] = tuple(f for f in graph.stored if f.relation == NOTE and f.polarity)
        self._terms = [frozenset(terms(f.object)) for f in self.notes]
        self._where: dict[str, list[int]] = defaultdict(list)
        for place, found in enumerate(self._terms):
            for term in found:
                self._where[term].append(place)

    def weight(self, term: str) -> float:
        """How telling a term is: its inverse document frequency; half the most for one that no note has."""
        count, size = len(self._where.get(term, ())), len(self.notes) or 1
        if not count:
            return self.rarest / 2  # perhaps another word for what a note says
        return log(1.0 + (size - count + 0.5) / (count + 0.5))

    @cached_property
    def rarest(self) -> float:
        """The weight of a term that a single note has."""
        return log(1.0 + (len(self.notes) - 0.5) / 1.5) if self.notes else 1.0

    def recall(self, message: str, speaker: str, context: Iterable[str] = ()) -> Recalled | None:
        """The note that answers `message`, asked of `speaker` (a node id); None where none surely does.

        `context` are the turns before: their words count half, and only where the message itself has few.
        """
        if not self.notes:
            return None
        asked = self._asked(message, speaker, context)
        me = self.graph.name(speaker).split()[0].casefold()
        total = sum(asked.values()) or 1.0
        shared: dict[int, float] = defaultdict(float)
        for term, weight in asked.items():
            for place in self._where.get(term, ()):
                shared[place] += weight
        fresh = {place: RECENT * self._fresh(self.notes[place]) for place in shared}
        ranked = sorted(shared, key=lambda p: (-shared[p] / total - fresh[p], len(self._terms[p]), self.notes[p].id))
        for place in ranked[:_TRIED]:
            words = sum(term in self._terms[place] for term in asked)
            found = Recalled(self.notes[place], shared[place] / total, shared[place], words)
            least = 1.0 - fresh[place]  # of what was just seen, fewer words tell
            fits = found.share >= COVERAGE * least and found.share * found.weight >= WEIGHT * least * self.rarest
            if fits and self._on_the_matter(asked, me, place) and self._answers(message, place):
                return replace(found, also=self._beside(place, ranked, shared, asked))
        return None

    def _beside(
        self, place: int, ranked: Sequence[int], shared: Mapping[int, float], asked: Mapping[str, float]
    ) -> "Fact | None":
        """Another note that shares nearly as much with the question, and the word that tells most of its matter."""
        held = self._terms[place]
        matter = max((t for t in asked if t in held and t not in self._names), key=lambda t: asked[t], default="")
        near = (p for p in ranked[:_TRIED] if p != place and shared[p] >= _NEARLY * shared[place])
        return next((self.notes[p] for p in near if matter in self._terms[p]), None)

    def _fresh(self, note: "Fact") -> float:
        """1 for the episode at hand, falling to 0 over the ones before: one asks about what one has just seen."""
        if self.graph.as_of is None:
            return 0.0
        return max(0.0, 1.0 - self._order.get(note.revealed, _LONG_AGO) / _LONG_AGO)

    @cached_property
    def _order(self) -> dict[str, int]:
        """How many episodes ago, counting those that have notes; the one at hand is 0 whether or not it has any."""
        seen = sorted({f.revealed for f in self.notes} | {self.graph.as_of or ""}, reverse=True)
        return {episode: ago for ago, episode in enumerate(seen)}

    def _asked(self, message: str, speaker: str, context: Iterable[str]) -> dict[str, float]:
        me = self.graph.name(speaker).split()[0]
        plain = re.sub(r"\b(?:you|your|yours|yourself|u|ur)\b", me, message, flags=re.IGNORECASE)
        asked = {term: self.weight(term) for term in terms(plain)}
        if len([t for t in asked if t not in self._names]) < _FEW:
            for line in context:
                for term in terms(re.sub(r"\b(?:I|me|my|mine)\b", me, line)):
                    asked.setdefault(term, self.weight(term) / 2)
        return asked

    def _on_the_matter(self, asked: Mapping[str, float], me: str, place: int) -> bool:
        """Has the note the people spoken of, and one of the two words that tell most of the matter?"""
        held = self._terms[place]
        if me in asked and me not in held:
            return False  # of others, where "you" is asked for
        people = [term for term in asked if term in self._names and term != me]
        missing = [term for term in people if term not in held]
        if any(term not in self._main for term in missing) or len(missing) * 2 > len(people):
            return False
        matter = sorted((t for t in asked if t not in self._names and t in self._where), key=lambda t: -asked[t])
        return bool(held & set(matter[:2])) and (not people or not held.isdisjoint({*people, me}))

    def _answers(self, message: str, place: int) -> bool:
        """Does the note hold what the question word wants, beyond what the question itself says?"""
        note, low = self.notes[place].object, message.casefold()
        said = frozenset(terms(message))
        new = self._terms[place] - said
        if _wants("many").search(low):
            return bool(re.search(r"\d", note)) or bool(new & _listed("numbers"))
        names = {w.casefold() for w in _NAME.findall(note[:1].lower() + note[1:])} | (self._names & new)
        if _wants("surname").search(low):
            return any(re.search(rf"\b{re.escape(n.capitalize())} [A-Z]", note) for n in said & self._names)
        if _wants("name").search(low):
            return bool(names & new - self._main_names)
        if _wants("who").search(low):
            return bool(names & new)
        return bool(new)

    @cached_property
    def _main(self) -> frozenset[str]:
        """First names of the main characters."""
        return frozenset(self.graph.name(m).split()[0].casefold() for m in self.graph.main)

    @cached_property
    def _main_names(self) -> frozenset[str]:
        """All parts of their names."""
        return frozenset(word.casefold() for m in self.graph.main for word in self.graph.name(m).split())

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(n.name.split()[0].casefold() for n in self.graph.nodes.values() if n.type == "person")


def terms(text: str) -> list[str]:
    """The lemmas of a text's content words, names in lower case without a possessive's ending."""
    found = []
    for match in _WORD.finditer(text.replace("’", "'")):
        word = re.sub(r"'(?:s|m|re|ve|ll|d)?$", "", match[0])
        low = word.casefold()
        if low in english()["stop"] and low not in _listed("numbers"):
            continue
        base = low if word[0].isupper() and match.start() else lemma(low)
        if len(low) > 1 and not {low, base} & _listed("empty"):
            found.append(base)
    return found


# --- said by the persona

_AGREES = re.compile(r"\bI (?P<verb>is|has|does|[a-z]{2,}s)(?P<not>n['’]t)?\b")
_GOES_ON = re.compile(r"\s+(?!(?:and|or|of|in|at|to|for|with|on|about|from|by|as)\b)[a-z]")


def as_said(text: str, speaker: str, genders: "dict[str, str] | None" = None) -> str:
    """A note as its persona tells it: `as_said("Ross told Phoebe about Phoebe's cat.", "Phoebe") == "Ross told me about
    my cat."`.
    """
    name = re.escape(speaker)
    own = re.sub(rf"\b{name}['’]s?(?=\s)", "my", text)
    own = re.sub(rf"\b{name} and (?P<o>[A-Z][\w.'-]*(?:,? and [A-Z][\w.'-]*)?)", rf"\g<o> and {speaker}", own)
    parts = re.split(rf"\b{name}\b", own)
    out = parts[0]
    for part in parts[1:]:
        out += ("I" if _is_subject(out, part) else "me") + part
    told = _once(_AGREES.sub(_agreed, out), genders or {})
    return told[:1].upper() + told[1:]


def _agreed(said: re.Match[str]) -> str:
    """The verb behind "I" in its form: "I is", "I keeps" → "I am", "I keep"."""
    verb, rest = said["verb"], said["not"] or ""
    if verb == "is":
        return "I'm not" if rest else "I am"
    known = {"has": "have", "does": "do"}.get(verb) or (lemma(verb) if verb != "was" else verb)
    return f"I {known}{rest}" if known in {"have", "do"} or known in english()["verb"] else said[0]


def _is_subject(before: str, after: str) -> bool:
    """Does a name after `before` begin a clause? Of "X and NAME" the group counts."""
    if before.endswith(", and ") and _GOES_ON.match(after):
        return True  # "… was called Hugsy, and Joey did not want …"
    group = re.sub(r"(?:[A-Z][\w.'-]*(?:, | and |, and ))+$", "", before)
    words = group.split()
    if not words:
        return True
    last = words[-1]
    if last.endswith((",", ";", ":", ".")):
        return re.match(r"\s+[a-z]", after) is not None
    return last.casefold() in _listed("clause") and re.match(r"\s+[a-z']", after) is not None


def _once(text: str, genders: "dict[str, str]") -> str:
    """A second "Ross's" of one who is named before, with nobody of the same gender between, is "his"."""
    pronoun = {"female": "her", "male": "his"}
    for name, gender in genders.items():
        if gender not in pronoun or text.count(name) < 2:
            continue
        first = text.index(name)
        rest = text[first + len(name) :]
        others = [n for n, g in genders.items() if g == gender and n != name and n in rest]
        if not others:
            rest = re.sub(rf"\b{re.escape(name)}['’]s?(?=\s)", pronoun[gender], rest)
            text = text[: first + len(name)] + rest
    return text


def genders_of(graph: "Graph", text: str) -> dict[str, str]:
    """First name -> gender of the people that a note names."""
    words: Sequence[str] = [w for w in _WORD.findall(text) if w[0].isupper()]
    found = {}
    for word in (re.sub(r"'s?$", "", w) for w in words):
        ids = graph.called.get(word, frozenset())
        genders = {graph.gender(i) for i in ids}
        if len(genders) == 1:
            found[word] = genders.pop()
    return found
