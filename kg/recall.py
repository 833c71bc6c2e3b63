"""Recall: the note that a question is about, found by the words they share.

Notes (relation `note`) hold what no relation covers: what happened, in a sentence of our own. A question is matched
with the notes of a stripped graph by lemmas weighted by their rarity (as in BM25, Robertson and Zaragoza, 2009), words
of one meaning counting as one; a note answers when it covers most of the question's weight and holds something the
question doesn't (a name for a "who", a number for a "how many").
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
WEIGHT = 1.15  # least product of that share and the weight covered, in terms as rare as can be
OTHERS = (0.9, 1.2)  # the same two for a note that leaves out somebody the question names, or its rarest words
SURE = 0.7  # share from which on a note is believed against what relations say
UNHEARD = 0.5  # what a word that no note has weighs, as a share of the rarest
RECENT = 0.5  # what a note of the episode at hand is worth, as a share
ANSWERS = 0.2  # what it is worth that a note has what the question word wants, as a share
MATTER = 0.1  # the same, that it is about those and about what is asked
# Least share, and weight in terms as rare as can be, of a note that is told although it may not answer: of the episode
# at hand, of an earlier one, and where the message is no question.
NEAR_NOW, NEAR, STATED = (0.25, 0.6), (0.6, 1.1), (0.4, 1.2)
PHRASE = 0.45  # what a run of three words in common is worth, in terms as rare as can be
SINGLE = 0.7  # least weight, in terms as rare as can be, of the only word of the matter in common
_MANY_WORDS = 4  # that a note beyond doubt and the question must share
_FEW = 3  # content words below which a message leans on what was said before
_LONG_AGO = 3  # episodes after which a note is as old as any
_NEARLY = 0.7  # of what the best note shares, for a second one to be told with it
_TRIED = 12  # notes looked at closely
_LONGEST = 120  # words of a message that are looked at for runs
_SPELT = 80  # of 100: a name in another spelling
_ENOUGH = 800  # notes counted, those with the rarest words first
_WORDS = Path(__file__).with_name("recall.toml")
# Questions that one note answers: those for a yes or no, and for a place or a time.
_SHORT = re.compile(
    r"(?:^|[.!?,…]\s+)(?:(?:so|and|but|hey|oh|ok|okay|well|wait|um|uh)[\s,]+)*"
    r"(?:where|when|did|does|do|was|were|is|are|have|has|had)\b",
    re.IGNORECASE,
)
_YOU = re.compile(r"\b(?:you|your|u|ur)\b")
_NAME = re.compile(r"(?<![.!?] )\b[A-Z][\w'’.-]+")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@cache
def listed(name: str) -> frozenset[str]:
    """One list of `recall.toml`."""
    return frozenset(tomllib.loads(_WORDS.read_text(encoding="utf-8"))[name].split())


@cache
def _wants(name: str) -> re.Pattern[str]:
    return re.compile(tomllib.loads(_WORDS.read_text(encoding="utf-8"))[name])


@cache
def _alike() -> Mapping[str, str]:
    """Word -> the first of those that mean the same."""
    groups = tomllib.loads(_WORDS.read_text(encoding="utf-8"))["alike"]
    return {word: group.split()[0] for group in groups for word in group.split()}


@dataclass(frozen=True)
class Recalled:
    """A note with how well it fits."""

    fact: "Fact"
    share: float  # of the question's weight that it covers, 0 to 1
    weight: float  # what it covers, in terms as rare as can be
    words: int  # of the question's, that it holds
    fresh: float = 0.0  # 1 for a note of the episode at hand, 0 for an old one
    answers: bool = True  # has it what the question word wants?
    matter: bool = True  # is it about those and about what is asked?
    tells: bool = True  # is more in common than one word of every day?
    also: "Fact | None" = None  # a second note on the same matter

    @property
    def score(self) -> float:
        """What notes are ranked by."""
        return self.share + RECENT * self.fresh + ANSWERS * self.answers + MATTER * self.matter

    @property
    def fits(self) -> bool:
        """Does the note answer? Of what was just seen, fewer words tell."""
        least = 1.0 - RECENT * self.fresh
        share, weight = (COVERAGE, WEIGHT) if self.matter else OTHERS
        enough = self.share >= share * least and self.share * self.weight >= weight * least
        return enough and self.tells and self.answers and (self.matter or self.words > 1)

    @property
    def sure(self) -> bool:
        """Is it beyond doubt that the note is what is asked about?"""
        return self.share >= SURE and self.words >= _MANY_WORDS


class Notes:
    """The notes of one (stripped) graph, indexed; a message takes time by its words, not by the number of notes."""

    def __init__(self, graph: "Graph") -> None:
        self.graph = graph
        covered = (f for f in graph.stored if f.polarity and self._covers(f))
        self.notes: tuple[Fact, ...] = tuple(
            sorted(covered, key=lambda f: f.revealed, reverse=True)
        )  # the latest first
        self._terms = [frozenset(self._words(f)) for f in self.notes]
        self._where: dict[str, list[int]] = defaultdict(list)
        for place, found in enumerate(self._terms):
            for term in found:
                self._where[term].append(place)

    def _covers(self, fact: "Fact") -> bool:
        return fact.relation == NOTE

    def _words(self, fact: "Fact") -> Iterable[str]:
        """By which terms a fact is found."""
        return terms(fact.object)

    def _text(self, fact: "Fact") -> str:
        """What a fact tells, with its names written as names."""
        return fact.object

    def weight(self, term: str) -> float:
        """How telling a term is: its inverse document frequency; a share of the most for one that no note has."""
        count, size = len(self._where.get(term, ())), len(self.notes) or 1
        if not count:
            return self.rarest * UNHEARD  # perhaps another word for what a note says
        return log(1.0 + (size - count + 0.5) / (count + 0.5))

    @cached_property
    def rarest(self) -> float:
        """The weight of a term that a single note has."""
        return log(1.0 + (len(self.notes) - 0.5) / 1.5) if self.notes else 1.0

    def recall(self, message: str, speaker: str, context: Iterable[str] = ()) -> Recalled | None:
        """The note that answers `message`, asked of `speaker` (a node id); None where none surely does.

        `context` are the turns before: their words count half, and only where the message itself has few.
        """
        lines = tuple(context)
        ranked = self.rank(message, speaker, lines)
        to_come = _wants("future").search(message.casefold()) is not None
        best = next((r for r in ranked if r.fits and (r.fresh == 1.0 or not to_come)), None)
        if best is None:
            return None
        if _SHORT.search(message):
            return best
        return replace(best, also=self._beside(best, ranked, self._asked(message, speaker, lines)))

    def related(self, message: str, speaker: str, *, statement: bool = False) -> Recalled | None:
        """A note on the same matter that need not answer: told after "I don't know", or to what a user believes.

        People may be others than the message has them, if they are main characters ("it was Joey who kissed him"). A
        `statement` needs more words in common than a question.
        """
        if any(not self._heard_of(name) for name in _named_in(message)):
            return None  # of somebody whom no note knows
        asked = self._asked(message, speaker, ())
        for found in self.rank(message, speaker):
            share, weight = NEAR_NOW if found.fresh > 1.0 - 1.0 / _LONG_AGO else NEAR
            if statement:
                share, weight = max(share, STATED[0]), max(weight, STATED[1])
            near = found.share >= share and found.weight >= weight and (found.matter or found.share >= STATED[0])
            if near and self._of_the_matter(asked, found.fact):
                return found
        return None

    def _heard_of(self, name: str) -> bool:
        """Does a note, or the graph, have the name, or one spelt nearly so?"""
        from rapidfuzz import fuzz, process

        if name in self._where or name in self._names:
            return True
        return process.extractOne(name, self._where.keys(), scorer=fuzz.ratio, score_cutoff=_SPELT) is not None

    def _of_the_matter(self, asked: Mapping[str, float], fact: "Fact") -> bool:
        """Has the note everybody spoken of who is no main character, and one of the words that tell most?"""
        held = frozenset(self._words(fact))
        matter = sorted((t for t in asked if t not in self._names and t in self._where), key=lambda t: -asked[t])
        named = [t for t in asked if t in self._names and t not in self._main]
        return all(t in held for t in named) and bool(held & set(matter[:2]))

    def rank(self, message: str, speaker: str, context: Iterable[str] = (), limit: int = _TRIED) -> list[Recalled]:
        """The notes that share most with a message, best first, whether or not they answer it."""
        if not self.notes:
            return []
        asked = self._asked(message, speaker, context)
        me = self.graph.name(speaker).split()[0].casefold()
        total = sum(asked.values()) or 1.0
        shared = {p: sum(asked[t] for t in asked if t in self._terms[p]) for p in self._candidates(asked)}
        runs = self._verbatim(message, shared)
        for place, times in runs.items():
            shared[place] += min(times, 2) * PHRASE * self.rarest
        fresh = {place: self._fresh(self.notes[place]) for place in shared}
        rough = sorted(
            shared, key=lambda p: (-shared[p] / total - RECENT * fresh[p], len(self._terms[p]), self.notes[p].id)
        )
        found = [
            Recalled(
                self.notes[place],
                min(shared[place] / total, 1.0),  # runs of words may add to more
                shared[place] / self.rarest,
                sum(term in self._terms[place] for term in asked),
                fresh[place],
                self._answers(message, place),
                self._on_the_matter(asked, me, place),
                place in runs or self._tells(asked, place, fresh[place]),
            )
            for place in rough[:_TRIED]
        ]
        return sorted(found, key=lambda r: -r.score)[:limit]

    def _tells(self, asked: Mapping[str, float], place: int, fresh: float) -> bool:
        """A single word in common says little, unless it is a rare one: "were you on a break?" is no broken leg."""
        matter = [t for t in asked if t not in self._main and t in self._terms[place]]
        least = SINGLE * max(1.0 - RECENT * fresh, 0.8) * self.rarest
        return len(matter) > 1 or any(asked[t] >= least for t in matter)

    def _verbatim(self, message: str, places: Iterable[int]) -> dict[int, int]:
        """How many runs of three words of the message each note holds: "on a break" is more than a break."""
        words = [w.casefold() for w in _WORD.findall(message.replace("’", "'"))][:_LONGEST]
        runs = [" ".join(run) for run in zip(words, words[1:], words[2:], strict=False) if _telling_run(run)]
        if not runs:
            return {}
        held = {place: sum(run in self._plain[place] for run in runs) for place in places}
        return {place: times for place, times in held.items() if times}

    @cached_property
    def _plain(self) -> list[str]:
        """Each note's words, in lower case."""
        return [" ".join(w.casefold() for w in _WORD.findall(self._text(n).replace("’", "'"))) for n in self.notes]

    def _candidates(self, asked: Mapping[str, float]) -> set[int]:
        """The notes that are counted: those of the rarest terms, until there are enough; of very many the latest."""
        places: set[int] = set()
        for term in sorted(asked, key=lambda t: (len(self._where.get(t, ())), t)):
            there = self._where.get(term, ())
            if places and len(places) + len(there) > _ENOUGH:
                break
            places.update(there[:_ENOUGH])
        return places

    def _beside(self, best: Recalled, ranked: Sequence[Recalled], asked: Mapping[str, float]) -> "Fact | None":
        """Another note that shares nearly as much with the question, and the word that tells most of its matter."""
        held = set(terms(best.fact.object))
        matter = max((t for t in asked if t in held and t not in self._names), key=lambda t: asked[t], default="")
        near = (r for r in ranked if r.fact != best.fact and r.weight >= _NEARLY * best.weight)
        return next((r.fact for r in near if matter in terms(r.fact.object)), None)

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
        note, low = self._text(self.notes[place]), message.casefold()
        said = frozenset(terms(message)) | self._meant(low)
        new = self._terms[place] - said
        if _wants("many").search(low):
            counted = re.search(r"\bhow many (\w+)", low)
            return _counts(note, counted[1]) if counted else _has_number(note, new)
        if _wants("why").search(low) and not _wants("because").search(note.casefold()):
            return False
        names = {w.rstrip(".'’-").casefold() for w in _NAME.findall(note[:1].lower() + note[1:])} | (self._names & new)
        if _wants("surname").search(low):
            return any(re.search(rf"\b{re.escape(n.capitalize())} [A-Z]", note) for n in said & self._names)
        if _wants("name").search(low):
            return any(self._may_be_named(name, low, note) for name in names & new - self._main_names)
        if _wants("who").search(low):
            return bool(names & new)
        return bool(new) or _SHORT.search(message) is not None  # what says the same again says yes

    def _meant(self, asked: str) -> frozenset[str]:
        """Whom "you" is: no news to the one who is asked."""
        me = self.graph.nodes.get(self.graph.knower or "")
        return frozenset({me.name.split()[0].casefold()}) if me and _YOU.search(asked) else frozenset()

    def _may_be_named(self, name: str, asked: str, note: str) -> bool:
        """Can this be the name asked for? "His" is no woman's and no dog's; one unheard of where "named" stands."""
        wanted = next((g for g in ("female", "male") if _wants(g).search(asked)), "")
        if not wanted:
            return True
        return wanted in self._genders[name] if name in self._genders else _wants("name").search(note) is not None

    @cached_property
    def _genders(self) -> Mapping[str, frozenset[str]]:
        """First name -> the genders of the people who have it; none for what is no person."""
        found: dict[str, set[str]] = defaultdict(set)
        for node in self.graph.entities():
            for name in (node.name, *(alias.text for alias in node.aliases)):
                found[name.split()[0].casefold()] |= {node.gender} if node.type == "person" else set()
        return {name: frozenset(genders) for name, genders in found.items()}

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


def _named_in(message: str) -> list[str]:
    """Words that are written like names within a sentence, in lower case."""
    words = (m[0].rstrip(".'-").removesuffix("'s") for m in _NAME.finditer(message.replace("’", "'")) if m.start())
    return [word.casefold() for word in words if not word.startswith("I'") and word.casefold() not in english()["stop"]]


def _telling_run(run: Sequence[str]) -> bool:
    """Has a run of words one that is no stop word, and nothing of the two who talk?"""
    stop = english()["stop"]
    return any(w not in stop for w in run) and not {"i", "you", "my", "your"} & set(run)


def _has_number(note: str, new: frozenset[str]) -> bool:
    return bool(re.search(r"\d", note)) or bool(new & listed("numbers"))


def _counts(note: str, noun: str) -> bool:
    """Has the note a number right before what is counted: of "babies", "three healthy babies", not "three days"?"""
    wanted, words = set(terms(f"the {noun}")), _WORD.findall(note)
    for place, word in enumerate(words):
        if wanted & set(terms(f"the {word}")):
            before = words[max(0, place - 3) : place]
            if any(w.isdigit() or w.casefold() in listed("numbers") for w in before):
                return True
    return False


def terms(text: str) -> list[str]:
    """The lemmas of a text's content words, one for those that mean the same; names in lower case without "'s"."""
    found = []
    for match in _WORD.finditer(text.replace("’", "'")):
        word = re.sub(r"'(?:s|m|re|ve|ll|d)?$", "", match[0])
        low = word.casefold()
        if low in english()["stop"] and low not in listed("numbers"):
            continue
        base = low if word[0].isupper() and match.start() else lemma(low)
        if len(low) > 1 and not {low, base} & listed("empty"):
            found.append(_alike().get(base, base))
    return found
