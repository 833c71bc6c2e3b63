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
WEIGHT = 0.85  # least product of that share and the weight covered, in terms as rare as can be
SURE = 0.7  # share from which on a note is believed against what relations say
SINGLE = 0.7  # least weight, in terms as rare as can be, of the only word of the matter in common
_MANY_WORDS = 4  # that such a note and the question must share
_FEW = 3  # content words below which a message leans on what was said before
_WORDS = Path(__file__).with_name("recall.toml")
RECENT = 0.5  # what a note of the episode at hand is worth, as a share
# Least share, and weight in terms as rare as can be, of a note that is told although it may not answer: of the episode
# at hand, of an earlier one, and where the message is no question.
NEAR_NOW, NEAR, STATED = (0.25, 0.6), (0.6, 1.3), (0.4, 1.2)
_LONG_AGO = 3  # episodes after which a note is as old as any
_NEARLY = 0.7  # of what the best note shares, for a second one to be told with it
# Questions that one note answers: those for a yes or no, and for a place or a time.
_SHORT = re.compile(
    r"(?:^|[.!?,…]\s+)(?:(?:so|and|but|hey|oh|ok|okay|well|wait|um|uh)[\s,]+)*(?:where|when|did|does|do|was|were|is|are|have|has|had)\b",
    re.IGNORECASE,
)
_SPELT = 80  # of 100: a name in another spelling
PHRASE = 0.45  # what a run of three words in common is worth, of the weight of a rarest term
LONGEST = 120  # words of a message that are looked at for runs
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
    answers: bool = True  # does it hold what the question word wants?

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
        asked = self._asked(message, speaker, context)
        me = self.graph.name(speaker).split()[0].casefold()
        shared, ranked = self._ranked(asked, message)
        for place in ranked[:_TRIED]:
            found = self._found(place, shared, asked)
            least = 1.0 - RECENT * self._fresh(found.fact)  # of what was just seen, fewer words tell
            fits = found.share >= COVERAGE * least and found.share * found.weight >= WEIGHT * least * self.rarest
            fits = fits and (self._tells(asked, place, least) or bool(self._verbatim(message, [place])))
            if fits and self._on_the_matter(asked, me, place) and self._answers(message, place):
                also = None if _SHORT.search(message) else self._beside(place, ranked, shared, asked)
                return replace(found, also=also)
        return None

    def _tells(self, asked: Mapping[str, float], place: int, least: float) -> bool:
        """A single word in common says little, unless it is a rare one: "were you on a break?" is no broken leg."""
        matter = [t for t in asked if t not in self._main and t in self._terms[place]]
        return len(matter) > 1 or any(asked[t] >= SINGLE * max(least, 0.8) * self.rarest for t in matter)

    def related(self, message: str, speaker: str, *, statement: bool = False) -> Recalled | None:
        """A note on the same matter that need not answer: told after "I don't know", or to what a user believes.

        People may be others than the message has them, if they are main characters ("it was Joey who kissed him"). A
        `statement` needs more words in common than a question.
        """
        asked = self._asked(message, speaker, ())
        if any(not self._heard_of(name) for name in _named_in(message)):
            return None  # of somebody whom no note knows
        shared, ranked = self._ranked(asked, message)
        for place in ranked[:_TRIED]:
            found = self._found(place, shared, asked)
            share, weight = NEAR_NOW if self._fresh(found.fact) > 0.9 else NEAR
            if statement:
                share, weight = max(share, STATED[0]), max(weight, STATED[1])
            near = found.share >= share and found.weight >= weight * self.rarest
            if near and self._of_the_matter(asked, place):
                return replace(found, answers=self._answers(message, place))
        return None

    def _heard_of(self, name: str) -> bool:
        """Does a note, or the graph, have the name, or one spelt nearly so?"""
        from rapidfuzz import fuzz, process

        if name in self._where or name in self._names:
            return True
        return process.extractOne(name, self._where.keys(), scorer=fuzz.ratio, score_cutoff=_SPELT) is not None

    def _of_the_matter(self, asked: Mapping[str, float], place: int) -> bool:
        """Has the note everybody spoken of who is no main character, and one of the words that tell most?"""
        held = self._terms[place]
        matter = sorted((t for t in asked if t not in self._names and t in self._where), key=lambda t: -asked[t])
        named = [t for t in asked if t in self._names and t not in self._main]
        return all(t in held for t in named) and bool(held & set(matter[:2]))

    def _ranked(self, asked: Mapping[str, float], message: str) -> tuple[Mapping[int, float], list[int]]:
        """What each note shares of the weight asked for, and the notes, best first."""
        total = sum(asked.values()) or 1.0
        shared: dict[int, float] = defaultdict(float)
        for term, weight in asked.items():
            for place in self._where.get(term, ()):
                shared[place] += weight
        for place, times in self._verbatim(message, shared).items():
            shared[place] += min(times, 2) * PHRASE * self.rarest
        fresh = {place: RECENT * self._fresh(self.notes[place]) for place in shared}
        ranked = sorted(shared, key=lambda p: (-shared[p] / total - fresh[p], len(self._terms[p]), self.notes[p].id))
        return shared, ranked

    def _verbatim(self, message: str, places: Iterable[int]) -> dict[int, int]:
        """How many runs of three words of the message each note holds: "on a break" is more than a break."""
        words = [w.casefold() for w in _WORD.findall(message.replace("’", "'"))][:LONGEST]
        runs = [" ".join(run) for run in zip(words, words[1:], words[2:], strict=False) if _telling_run(run)]
        if not runs:
            return {}
        held = {place: sum(run in self._texts[place] for run in runs) for place in places}
        return {place: times for place, times in held.items() if times}

    @cached_property
    def _texts(self) -> list[str]:
        return [" ".join(w.casefold() for w in _WORD.findall(n.object.replace("’", "'"))) for n in self.notes]

    def _found(self, place: int, shared: Mapping[int, float], asked: Mapping[str, float]) -> Recalled:
        words = sum(term in self._terms[place] for term in asked)
        share = min(shared[place] / (sum(asked.values()) or 1.0), 1.0)  # runs of words may add to more
        return Recalled(self.notes[place], share, shared[place], words)

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
        return bool(new) or _SHORT.search(message) is not None  # what says the same again says yes

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

_GOES_ON = re.compile(r"\s+(?!(?:and|or|of|in|at|to|for|with|on|about|from|by|as)\b)[a-z]")


def as_said(text: str, speaker: str, genders: "dict[str, str] | None" = None, namesakes: Iterable[str] = ()) -> str:
    """A note as its persona tells it: `as_said("Ross told Phoebe about Phoebe's cat.", "Phoebe") == "Ross told me about
    my cat."`. `namesakes` are whole names of others who share the speaker's first name; they stay.
    """
    last = [re.escape(whole.removeprefix(f"{speaker} ")) for whole in namesakes if whole.startswith(f"{speaker} ")]
    name = re.escape(speaker) + (rf"(?! (?:{'|'.join(last)})\b)" if last else "")
    other = r"(?:(?:Mr|Mrs|Ms|Dr|Aunt|Uncle)\.? )?[A-Z][\w.-]*"
    own = re.sub(rf"\b{name} and (?P<o>{other})['’]s(?=\s[a-z])", r"\g<o>'s and my", text)  # "Ursula's and my birthday"
    own = re.sub(rf"\b(?P<o>{other}) and {name}['’]s(?=\s)", r"\g<o>'s and my", own)
    own = re.sub(rf"\b{name}['’]s?(?=\s)", "my", own)
    own = re.sub(rf"\b{name} and (?P<o>{other}(?:,? and {other})?)(?!['’])", rf"\g<o> and {speaker}", own)
    parts = re.split(rf"\b{re.escape(speaker)}\b{name.removeprefix(re.escape(speaker))}", own)
    out = parts[0]
    for part in parts[1:]:
        out += ("I" if _is_subject(out, part) else "me") + part
    told = _once(_conjugated(out), genders or {})
    return told[:1].upper() + told[1:]


_PRESENT = re.compile(
    r"\bI (?P<adverb>\w+ly |always |never |still )?(?P<verb>is|has|doesn['’]t|isn['’]t|hasn['’]t|[a-z]+s)\b"
)
_FIRST = {"is": "am", "has": "have", "doesn't": "don't", "isn't": "am not", "hasn't": "haven't", "was": "was"}


def _conjugated(text: str) -> str:
    """What lasts is noted in the present: "I is a vegetarian" becomes "I am a vegetarian", "I hates" "I hate"."""

    def first(match: re.Match[str]) -> str:
        verb = match["verb"].replace("’", "'")
        known = _FIRST.get(verb) or (lemma(verb) if lemma(verb) != verb else verb)
        return f"I {match['adverb'] or ''}{known}"

    return _PRESENT.sub(first, text)


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
