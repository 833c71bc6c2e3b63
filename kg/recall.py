"""Recall: the note or triple that a question is about, found by the words they share.

Notes (relation `note`) hold what no relation covers: what happened, in a sentence of our own. Triples are found by the
same words where no clause could be read as a relation. A question is matched with those of a stripped graph by lemmas
weighted by their rarity (as in BM25, Robertson and Zaragoza, 2009); an encoder, where one is chosen, reads those with
the question (`kg.relevance`). How likely each answers is a logistic of a few features (`FEATURES`, with the encoder
`READ`), its weights fitted by `python -m evaluation calibrate` into `recall_weights.toml`.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kg.answer_types import SHORT, AnswerTypes
from kg.index import NOTE, Index
from kg.relevance import Relevance, Vectors, as_read, chosen
from kg.terms import listed, named_in, terms, wants

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.types import Fact, Mention

__all__ = ["NOTE", "Notes", "Recalled", "listed", "terms"]

NEAR = 0.4  # share from which on it is near the matter
SURE = 0.7  # share from which on a note is believed against what relations say
RECENT = 0.5  # what a note of the episode at hand is worth, as a share
ANSWERS = 0.2  # what it is worth that it has what the question word wants, as a share
MATTER = 0.1  # the same, that it is about those and about what is asked
STATED = (0.4, 1.2)  # least share, and weight in terms as rare as can be, told to what is no question
PHRASE = 0.45  # what a run of three words in common is worth, in terms as rare as can be
_MANY_WORDS = 4  # that a note beyond doubt and the question must share
_FEW = 3  # content words below which a message leans on what was said before
_LONG_AGO = 3  # episodes after which a note is as old as any
_NEARLY = 0.7  # of what the best note shares, for a second one to be told with it
_TRIED = 24  # notes and triples looked at closely
BY_WORDS, _BY_MEANING = 10, 24  # the same, where an encoder reads them
_RECENTLY = 0.2  # what a note of the episode at hand is worth, as a cosine
_MOST = 40.0  # nats that are told apart
_WORDS_OF = 2  # turns before, whose words count
_SPELT = 80  # of 100: a name in another spelling
WEIGHTS = Path(__file__).with_name("recall_weights.toml")
FEATURES = (
    "share", "telling", "words", "fresh", "answers", "matter", "mine", "named", "stale", "placed", "begins", "note",
    "beyond", "weight", "seen",
)  # fmt: skip


READ = (*FEATURES, "answering", "reads", "first")


@cache
def fitted(read: bool) -> Mapping[str, float]:
    """Weights of the features, `bias`, and the least chances `told`, `sure`, `close`, `hinted` and `corrected`."""
    table = tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))["read" if read else "words"]
    return {name: float(value) for name, value in table.items()}


@dataclass(frozen=True)
class Reading:
    """What the encoder says of a note beside the others, none of which need answer."""

    answering: float  # chance that it, and no other, answers
    correcting: float  # the same, that it shows wrong what the message takes for granted
    score: float  # what speaks for its answering, in nats
    first: bool  # does nothing speak for another more?


def meant(mentions: "Iterable[Mention]") -> list[str]:
    """Ids of those whom a message means without naming them ("she", "your sister"): `about` of a ranking."""
    return [m.node for m in mentions if m.how in {"history", "relation"}]


@dataclass(frozen=True)
class Recalled:
    """A note or triple with how well it fits."""

    fact: "Fact"
    share: float  # of the question's weight that it covers, 0 to 1
    weight: float  # what it covers, in terms as rare as can be
    words: int  # of the question's, that it holds
    fresh: float = 0.0  # 1 for a note of the episode at hand, 0 for an old one
    answers: bool = True  # has it what the question word wants?
    matter: bool = True  # is it about those and about what is asked?
    mine: bool = True  # does it name the one who is asked?
    named: float = 1.0  # share of the others spoken of that it names
    stale: bool = False  # a state that has ended, where the question is about now
    placed: bool = False  # a place, where one is asked for
    begins: bool = False  # is its subject one of those spoken of?
    beyond: int = 0  # terms that it has and the question has not
    reading: Reading | None = None  # None where no encoder has read it
    also: "Fact | None" = None  # a second note on the same matter

    @property
    def features(self) -> tuple[float, ...]:
        """In the order of `FEATURES`, or of `READ`."""
        telling, words = min(self.share * self.weight, 4.0) / 4.0, min(self.words, 6) / 6.0
        words_alone = (
            self.share, telling, words, self.fresh, self.answers, self.matter, self.mine, self.named, self.stale,
            self.placed, self.begins, self.fact.relation == NOTE, min(self.beyond, 12) / 12.0,
            min(self.weight, 4.0) / 4.0, self.share * self.fresh,
        )  # fmt: skip
        if self.reading is None:
            return words_alone
        return (*words_alone, self.reading.answering, max(-1.0, min(self.reading.score / 8.0, 1.0)), self.reading.first)

    @property
    def score(self) -> float:
        """What notes are ranked by, and triples behind them."""
        return self.share + RECENT * self.fresh + ANSWERS * self.answers + MATTER * self.matter

    @cached_property
    def chance(self) -> float:
        """How likely it answers, 0 to 1."""
        weights, names = fitted(self.reading is not None), FEATURES if self.reading is None else READ
        logit = sum(weights[name] * value for name, value in zip(names, self.features, strict=True))
        return 1.0 / (1.0 + exp(-logit - weights["bias"]))

    @property
    def fits(self) -> bool:
        """Is it told as the answer?"""
        return self.chance >= fitted(self.reading is not None)["told"]

    @property
    def close(self) -> bool:
        """May it well be the answer, though it isn't told as one?"""
        return self.chance >= fitted(self.reading is not None)["close"]

    @property
    def hints(self) -> bool:
        """Is it at least of the same matter?"""
        return self.chance >= fitted(self.reading is not None)["hinted"]

    @property
    def corrects(self) -> bool:
        """Does it show wrong what the message takes for granted?"""
        return self.reading is not None and self.reading.correcting >= fitted(True)["corrected"]

    @property
    def sure(self) -> bool:
        """Is it beyond doubt that the note is what is asked about?"""
        if self.reading is not None:
            return self.chance >= fitted(True)["sure"]
        return self.share >= SURE and self.words >= _MANY_WORDS


class Notes(Index):
    """Everything of one (stripped) graph that can be told in a sentence."""

    def __init__(self, graph: "Graph", reader: "Callable[[], Relevance | None]" = chosen) -> None:
        """`reader` gives the encoder when it is first needed; None for words alone."""
        super().__init__(graph)
        self.types = AnswerTypes(graph)
        self._reader = reader
        self._vectors: np.ndarray | None = None  # of the notes, where they are in the encoder's `Vectors`

    def warm(self) -> None:
        """Load the encoder and look up the vectors of all notes, so that the first question waits for neither."""
        reader = self._reader() if self.facts else None
        if reader is not None:
            self._nearest(reader.vectors, "Hey.")

    def recall(self, message: str, speaker: str, context: Sequence[str] = ()) -> Recalled | None:
        """What answers `message`, asked of `speaker` (a node id); None where nothing surely does.

        `context` are the turns before, the persona's last: the words of two count half, and only where the message
        itself has few.
        """
        return self.best(message, speaker, self.rank(message, speaker, context), context)

    def best(
        self, message: str, speaker: str, ranked: Sequence[Recalled], context: Sequence[str] = ()
    ) -> Recalled | None:
        """The same, of those that `rank` gave."""
        to_come = wants("future").search(message.casefold()) is not None
        best = next((r for r in ranked if r.fits and (r.fresh == 1.0 or not to_come)), None)
        if best is None or SHORT.search(message):
            return best
        return replace(best, also=self._beside(best, ranked, self._asked(message, speaker, context)))

    def related(
        self, message: str, speaker: str, ranked: Sequence[Recalled] | None = None, *, statement: bool = False
    ) -> Recalled | None:
        """What is on the same matter and need not answer: told after "I don't know", or to what a user believes.

        People may be others than the message has them, if they are main characters ("it was Joey who kissed him"). A
        `statement` needs more words in common than a question.
        """
        if any(not self._heard_of(name) for name in named_in(message)):
            return None  # of somebody whom no note knows
        sought = self._asked(message, speaker, ())
        for found in self.rank(message, speaker) if ranked is None else ranked:
            if statement:
                near = (
                    found.share >= STATED[0] and found.weight >= STATED[1] and self._of_the_matter(sought, found.fact)
                )
            else:
                near = found.hints and self._names_all(sought, found.fact)
            if near:
                return found
        return None

    def worth_telling(self, message: str, speaker: str, found: Recalled) -> bool:
        """Is what `related` found so near the matter that one would tell it for want of an answer?

        Where somebody is asked for, whoever it names is taken for the answer: then only what well may be one will do.
        """
        if found.close:
            return True
        new = self.held[found.fact.id] - self._asked(message, speaker, ()).keys()
        return found.share >= NEAR and not (self.types.somebody(message) and self.types.names & new)

    def rank(
        self,
        message: str,
        speaker: str,
        context: Sequence[str] = (),
        limit: int = _TRIED,
        about: Iterable[str] = (),
        said: str = "",
    ) -> list[Recalled]:
        """What is likeliest to answer a message, best first, whether or not it does.

        `about`: node ids that the message means without naming them (`meant`); `said`: the message as it was typed,
        where `message` was made plainer.
        """
        reader = self._reader() if self.facts else None
        if reader is None:
            found = self.shortlist(message, speaker, context, about)
            return sorted(found, key=lambda r: (r.fact.relation != NOTE, -r.score))[:limit]
        asked = as_read(said or message, self._name(speaker), context)
        found = self.shortlist(message, speaker, context, about, reader.vectors, asked)
        return sorted(self._read(reader, asked, found), key=lambda r: (r.fact.relation != NOTE, -r.chance))[:limit]

    def shortlist(
        self,
        message: str,
        speaker: str,
        context: Sequence[str] = (),
        about: Iterable[str] = (),
        vectors: Vectors | None = None,
        read: str = "",
    ) -> list[Recalled]:
        """What is looked at closely: what shares most words, and with `vectors` the notes nearest to `read`."""
        if not self.facts:
            return []
        asked = self._asked(message, speaker, context, about)
        total = sum(asked.values()) or 1.0
        shared = {p: self._shared(asked, p) for p in self.candidates(asked)}
        for place, times in self.verbatim(message, shared).items():
            shared[place] += min(times, 2) * PHRASE * self.rarest
        rough = sorted(
            shared,
            key=lambda p: (
                -shared[p] / total - RECENT * self._fresh(self.facts[p]), len(self.terms[p]), self.facts[p].id
            ),
        )[: _TRIED if vectors is None else BY_WORDS]  # fmt: skip
        if vectors is not None:
            rough = [*dict.fromkeys([*rough, *self._nearest(vectors, read)])]
        for place in rough:
            shared.setdefault(place, self._shared(asked, place))
        return [self._described(message, speaker, asked, place, shared[place] / total) for place in rough]

    def _shared(self, asked: Mapping[str, float], place: int) -> float:
        """What the terms that a fact has of a message weigh."""
        return sum(asked[t] for t in asked if t in self.terms[place])

    def _nearest(self, vectors: Vectors, read: str) -> list[int]:
        """The notes nearest in meaning, those of the last episodes a little nearer."""
        places = [p for p, fact in enumerate(self.facts) if fact.relation == NOTE]
        if not places:
            return []
        if self._vectors is None:
            self._vectors = vectors.places([self.facts[p].object for p in places])
        cosines = vectors.near(read, self._vectors)
        near = {p: float(c) + _RECENTLY * self._fresh(self.facts[p]) for p, c in zip(places, cosines, strict=True)}
        return sorted(places, key=lambda p: (-near[p], self.facts[p].id))[:_BY_MEANING]

    def worded(self, fact: "Fact") -> str:
        """A fact in a sentence of the third person: what the encoder reads of it."""
        from kg.wording import sentence

        return fact.object if fact.relation == NOTE else sentence(self.graph, fact, "")

    def _read(self, reader: Relevance, message: str, found: Sequence[Recalled]) -> list[Recalled]:
        """The same with what the encoder says of each: a softmax over all of them and none."""
        scores = reader.scores(message, [self.worded(r.fact) for r in found])
        total = 1.0 + sum(exp(min(a, _MOST)) + exp(min(c, _MOST)) for a, c in scores)
        best = max((a for a, _ in scores), default=0.0)
        return [
            replace(r, reading=Reading(exp(min(a, _MOST)) / total, exp(min(c, _MOST)) / total, a, a == best))
            for r, (a, c) in zip(found, scores, strict=True)
        ]

    def _described(self, message: str, speaker: str, asked: Mapping[str, float], place: int, share: float) -> Recalled:
        """One of them with its features."""
        fact, held, text = self.facts[place], self.terms[place], self.text(self.facts[place])
        me, low = self._first(speaker), message.casefold()
        others = [t for t in asked if t in self.types.names and t != me]
        now = wants("present").search(low) is not None and wants("past").search(low) is None
        return Recalled(
            fact,
            min(share, 1.0),  # runs of words may add to more
            share * sum(asked.values()) / self.rarest,
            sum(term in held for term in asked),
            self._fresh(fact),
            self.types.answered(message, text, held),
            self._on_the_matter(asked, me, held),
            me in held,
            sum(t in held for t in others) / len(others) if others else 1.0,
            now and fact.relation != NOTE and not self.graph.now(fact),
            self.types.placed(message, text, held),
            text.removeprefix("of ").split()[0].removesuffix("'s").casefold() in asked,
            len(held - asked.keys()),
        )

    def _beside(self, best: Recalled, ranked: Sequence[Recalled], asked: Mapping[str, float]) -> "Fact | None":
        """Another note that shares nearly as much with the question, and the word that tells most of its matter."""
        held = self.held[best.fact.id]
        matter = max((t for t in asked if t in held and t not in self.types.names), key=lambda t: asked[t], default="")
        near = (r for r in ranked if r.fact != best.fact and r.fact.relation == NOTE)
        near = (r for r in near if r.weight >= _NEARLY * best.weight)
        return next((r.fact for r in near if matter in self.held[r.fact.id]), None)

    def _fresh(self, note: "Fact") -> float:
        """1 for the episode at hand, falling to 0 over the ones before: one asks about what one has just seen."""
        if self.graph.as_of is None or note.relation != NOTE:
            return 0.0
        return max(0.0, 1.0 - self._order.get(note.revealed, _LONG_AGO) / _LONG_AGO)

    @cached_property
    def _order(self) -> dict[str, int]:
        """How many episodes ago, counting those that have notes; the one at hand is 0 whether or not it has any."""
        noted = {f.revealed for f in self.facts if f.relation == NOTE}
        seen = sorted(noted | {self.graph.as_of or ""}, reverse=True)
        return {episode: ago for ago, episode in enumerate(seen)}

    def _name(self, node: str) -> str:
        return self.graph.name(node).split()[0]

    def _first(self, node: str) -> str:
        return self._name(node).casefold()

    def _asked(self, message: str, speaker: str, context: Iterable[str], about: Iterable[str] = ()) -> dict[str, float]:
        """The terms of a message with their weights."""
        me = self._name(speaker)
        plain = re.sub(r"\b(?:you|your|yours|yourself|u|ur)\b", me, message, flags=re.IGNORECASE)
        asked = {term: self.weight(term) for term in (*terms(plain), *(self._first(node) for node in about))}
        if len([t for t in asked if t not in self.types.names]) < _FEW:
            for line in tuple(context)[-_WORDS_OF:]:
                for term in terms(re.sub(r"\b(?:I|me|my|mine)\b", me, line)):
                    asked.setdefault(term, self.weight(term) / 2)
        return asked

    def _on_the_matter(self, asked: Mapping[str, float], me: str, held: frozenset[str]) -> bool:
        """Has it the people spoken of, and one of the two words that tell most of the matter?"""
        if me in asked and me not in held:
            return False  # of others, where "you" is asked for
        people = [term for term in asked if term in self.types.names and term != me]
        missing = [term for term in people if term not in held]
        if any(term not in self.types.main for term in missing) or len(missing) * 2 > len(people):
            return False
        return bool(held & self._telling(asked)) and (not people or not held.isdisjoint({*people, me}))

    def _telling(self, asked: Mapping[str, float]) -> set[str]:
        """The two words that tell most of the matter, and that something has."""
        matter = sorted((t for t in asked if t not in self.types.names and t in self.where), key=lambda t: -asked[t])
        return set(matter[:2])

    def _heard_of(self, name: str) -> bool:
        """Does a note, or the graph, have the name, or one spelt nearly so?"""
        from rapidfuzz import fuzz, process

        if name in self.where or name in self.types.names:
            return True
        return process.extractOne(name, self.where.keys(), scorer=fuzz.ratio, score_cutoff=_SPELT) is not None

    def _names_all(self, asked: Mapping[str, float], fact: "Fact") -> bool:
        """Has it everybody spoken of who is no main character?"""
        held = self.held[fact.id]
        return all(t in held for t in asked if t in self.types.names and t not in self.types.main)

    def _of_the_matter(self, asked: Mapping[str, float], fact: "Fact") -> bool:
        """The same, and one of the words that tell most?"""
        return self._names_all(asked, fact) and not self.held[fact.id].isdisjoint(self._telling(asked))
