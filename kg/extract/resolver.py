"""Who the words of a scene mean: I, you, we, he, she, they, names, kin, "the guy".

`resolve(scene, mentions, …)` reads the turns of a scene in order and keeps who was spoken of (`kg.extract.salience`).
Weights were fitted on the training episodes by silver truth alone: a name spoken there, of somebody named before in the
scene, was masked as a pronoun, and the person called by name was asked for (`kg.extract.addressed`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg.extract.addressed import addressed, called
from kg.extract.lexicon import kin_nouns
from kg.extract.mentions import Names
from kg.extract.people import FEMALE, FIRST, MALE, SECOND
from kg.extract.salience import Salience
from kg.graph import Graph, node_id
from kg.naming import gender_of_name

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

GENERAL, OTHER = "#general", "#other"  # nobody in particular; somebody in particular who has no name
US = frozenset({"we", "us", "our", "ours", "ourselves", "'s"})
THEM = frozenset({"they", "them", "their", "theirs", "themselves"})
SUBJECT = 1.5  # weight of a subject; of anything else 1
PRESENT = 1e-6  # of somebody who is there and wasn't spoken of: comes after all who were
SPOKE = 0.03  # of somebody who has just spoken
NAMELESS = 0.3  # of "some guy"
TO_ADDRESSEE = 0.3  # factor for the one who is spoken to
_MANY = frozenset({"guys", "two", "all", "both", "girls", "boys", "three", "ladies", "people", "kids", "folks"})
_PARENTS = {
    "mom": "female", "mommy": "female", "mother": "female", "ma": "female", "mama": "female",
    "dad": "male", "daddy": "male", "father": "male", "pop": "male",
}  # fmt: skip
_VAGUE = frozenset({"a", "an", "some", "any", "no", "every", "each", "another"})


@dataclass(frozen=True)
class Turn:
    """One utterance: node ids of who says it, the parsed words, and whom it is said to, where that is known."""

    speakers: tuple[str, ...]
    doc: "Doc"
    addressees: tuple[str, ...] = ()


@dataclass(frozen=True)
class Span:
    """Words to be resolved: turn, first token, one past the last."""

    turn: int
    start: int
    end: int


@dataclass
class Scene:
    """What is known of a scene while it is read."""

    turns: Sequence[Turn]
    names: Names
    episode: str
    graph: Graph | None = None
    present: frozenset[str] = frozenset()
    salience: Salience = field(default_factory=Salience)
    group: tuple[str, ...] = ()  # the last several who were spoken of together
    masks: Mapping[Span, str] = field(default_factory=dict)  # spans read as "he" or "she" of this person's sex

    def __post_init__(self) -> None:
        self.people = frozenset(s for t in self.turns for s in t.speakers) | self.present

    def gender(self, who: str) -> str:
        """`female`, `male` or ""."""
        return self.names.genders.get(who) or (who.partition("|")[2] if who[:1] == "#" else gender_of_name(who))


def resolve(scene: Scene, spans: Sequence[Span]) -> dict[Span, tuple[str, ...]]:
    """Node ids (or `GENERAL`, `OTHER`) of each span, in the order of the scene; several for a plural."""
    found: dict[Span, tuple[str, ...]] = {}
    for n, turn in enumerate(scene.turns):
        line = _Line(scene, n, turn)
        for span in sorted((s for s in spans if s.turn == n), key=lambda s: (s.start, s.end)):
            who = line.meant(span)
            found[span] = who
            line.note(span, (scene.masks[span],) if span in scene.masks else who)
        scene.salience.fade()
        for speaker in turn.speakers:
            scene.salience.spoken_of(speaker, SPOKE)
    return found


class _Line:
    """One turn of a scene, with the person it is addressed to."""

    def __init__(self, scene: Scene, n: int, turn: Turn) -> None:
        self.scene, self.n, self.turn, self.doc = scene, n, turn, turn.doc
        self.speaker = turn.speakers[0] if turn.speakers else ""
        self.said = {
            (start, end): who for who, start, end in scene.names.find(turn.doc.text.replace("’", "'"), scene.episode)
        }
        self.addressees = turn.addressees or tuple(filter(None, [self._addressee()]))
        self.addressee = self.addressees[0] if len(self.addressees) == 1 else ""

    def _addressee(self) -> str:
        for (start, end), who in self.said.items():
            if who != self.speaker and called(self.doc, start, end):
                return who
        return addressed([t.speakers for t in self.scene.turns], self.n, self.scene.people)

    def meant(self, span: Span) -> tuple[str, ...]:
        """Whom a span of this line means."""
        if span in self.scene.masks:
            return self._third(self.scene.gender(self.scene.masks[span]))
        words = self.doc[span.start : span.end]
        return self._pronoun(words) or self._called(words) or self._name(words) or self._noun(_head(words))

    def _called(self, words: Any) -> tuple[str, ...]:
        """Whom a noun means that is called out ("Sure, honey.", "Mom!"); () for other words."""
        head, start, end = _head(words), words[0].idx, words[-1].idx + len(words[-1])
        if (head.pos_ == "PROPN" and head.lower_ not in _PARENTS) or self._named(start, end):
            return ()
        vague = any(t.lower_ in _VAGUE | {"the"} for t in words) or any(c.lower_ in _VAGUE for c in head.children)
        return () if vague or not called(self.doc, start, end) else self.addressees or (OTHER,)

    def _pronoun(self, words: Any) -> tuple[str, ...]:
        """Whom a pronoun means; () for other words."""
        low = words.text.lower().replace("’", "'")
        readers: tuple[tuple[frozenset[str], Callable[[], tuple[str, ...]]], ...] = (
            (FIRST, lambda: self.turn.speakers or (OTHER,)),
            (SECOND, lambda: self._you(words[-1])),
            (US, self._us),
            (THEM, self._them),
            (FEMALE | {"herself"}, lambda: self._third("female")),
            (MALE | {"himself"}, lambda: self._third("male")),
        )
        return next((read() for forms, read in readers if low in forms), ())

    def _name(self, words: Any) -> tuple[str, ...]:
        """Whom a name means; () for other words."""
        named = self._named(words[0].idx, words[-1].idx + len(words[-1]))
        proper = words.root.pos_ == "PROPN" and len(words) > 1 and words[0].lower_ not in {"the", "my", "your"}
        if named:
            return (named,)
        here = self._bearer(words) if words.root.pos_ == "PROPN" else ""
        return (here,) if here else (node_id(words.text),) if proper else ()

    def _bearer(self, words: Any) -> str:
        """The one person of the scene with a name that the cast's list doesn't tell ("Mr. Geller"); "" for several."""
        parts = node_id(words.text).split("_")
        sex = gender_of_name(parts[0]) if len(parts) > 1 else ""
        known = sorted(
            {who for who in {*self.scene.people, *self.scene.salience.weights} if parts[-1] in who.split("_")}
        )
        fitting = [who for who in known if self.scene.gender(who) in {sex, ""}] if sex else known
        return fitting[0] if len(fitting) == 1 else ""

    def _named(self, start: int, end: int) -> str:
        for (a, b), who in self.said.items():
            if a < end and b > start:
                return who
        return ""

    def _you(self, token: "Token") -> tuple[str, ...]:
        after = self.doc[token.i + 1].lower_ if token.i + 1 < len(self.doc) else ""
        if after in _MANY:
            others = self._recent()
            return tuple(sorted(others)) if len(others) > 1 else self.addressees or (GENERAL,)
        return self.addressees or (GENERAL,)

    def _recent(self) -> set[str]:
        """Who else has spoken in the scene up to the next few lines."""
        near = self.scene.turns[max(0, self.n - 8) : self.n + 4]
        return {s for t in near for s in t.speakers} - set(self.turn.speakers)

    def _us(self) -> tuple[str, ...]:
        return tuple(sorted({*self.turn.speakers, *self.addressees})) or (GENERAL,)

    def _them(self) -> tuple[str, ...]:
        if self.scene.group:
            return self.scene.group
        return (GENERAL,)

    def _third(self, gender: str) -> tuple[str, ...]:
        """The weightiest person of the sex who is neither speaker nor addressed."""
        ranked = dict.fromkeys(self.scene.people, PRESENT) | self.scene.salience.weights
        fitting = {
            who: w
            for who, w in ranked.items()
            if who not in self.turn.speakers and self.scene.gender(who) in {gender, ""} and who
        }
        sure = {who: w * (1.0 if self.scene.gender(who) else 0.7) for who, w in fitting.items()}
        sure = {who: w * (TO_ADDRESSEE if who == self.addressee else 1.0) for who, w in sure.items()}
        best = max(sure, key=lambda who: (sure[who], who)) if sure else OTHER
        return (best.partition("|")[0],)

    def _noun(self, token: "Token") -> tuple[str, ...]:
        """Whom a noun means: who is called so, whose name stands beside it, who "is" it, whose kin it is."""
        who = self._beside(token) or self._subject_of(token) or self._kin(token)
        if not who and (token.pos_ == "PROPN" or token.text.istitle()):
            who = node_id(token.text)
        return (who or (GENERAL if any(c.lower_ in _VAGUE for c in token.children) else OTHER),)

    def _beside(self, token: "Token") -> str:
        """The name in apposition ("my friend Mark")."""
        near = (*token.subtree, *([token.head] if token.dep_ in {"compound", "appos"} else []))
        names = (self._named(w.idx, w.idx + len(w)) for w in near if w.dep_ in {"appos", "compound"})
        return next((name for name in names if name), "")

    def _subject_of(self, token: "Token") -> str:
        """Who "is" what the noun says ("he's the guy who …")."""
        if token.dep_ != "attr" or token.head.lemma_ != "be":
            return ""
        for subject in (c for c in token.head.children if c.dep_ == "nsubj"):
            if subject.pos_ in {"PRON", "PROPN"} and subject.lower_ not in {"it", "this", "that", "there", "who"}:
                who = self.meant(Span(self.n, subject.i, subject.i + 1))
                return who[0] if len(who) == 1 and not who[0].startswith("#") else ""
        return ""

    def _kin(self, token: "Token") -> str:
        """Whose kin a noun means, by the graph as of the episode: "your sister", "Dad"."""
        if self.scene.graph is None:
            return ""
        owner = next((c for c in token.children if c.dep_ == "poss"), None)
        if owner is not None:
            whose = self.meant(Span(self.n, owner.i, owner.i + 1))[0]
        else:
            whose = self.speaker if token.lower_ in _PARENTS else ""
        return kin_of(self.scene.graph, whose, token.lower_) if whose else ""

    def note(self, span: Span, who: Sequence[str]) -> None:
        """Keep whom a span meant for the pronouns that follow."""
        token = self.doc[span.end - 1]
        if not who or who[0].startswith("#"):
            sex = gender_of_name(token.lower_)
            if who and sex:  # somebody without a name: "some guy … he"
                self.scene.salience.spoken_of(f"{who[0]}|{sex}", NAMELESS)
            return
        if len(who) > 1:
            self.scene.group = tuple(who) if self.speaker not in who else self.scene.group
            return
        person = who[0]
        if person not in (self.speaker, self.addressee):
            self._pair_up(token, person)
        own = person == self.speaker or token.lower_ in SECOND
        if not own:
            self.scene.salience.spoken_of(person, SUBJECT if token.dep_ in {"nsubj", "nsubjpass"} else 1.0)

    def _pair_up(self, token: "Token", person: str) -> None:
        """Keep two names that are joined, as in "Monica and Chandler": they."""
        if token.dep_ == "conj" and token.head.i < token.i:
            first = self._named(token.head.idx, token.head.idx + len(token.head))
            if first and first != person:
                self.scene.group = tuple(sorted({first, person}))


def _head(words: Any) -> "Token":
    """The word that the others of a span belong to."""
    return words.root if len(words) > 1 else words[0]


def kin_of(graph: Graph, whose: str, noun: str) -> str:
    """The one relative of somebody that a noun means; "" where the graph knows none or several."""
    singular = noun.removesuffix("s") if noun.removesuffix("s") in kin_nouns() else noun
    kin = kin_nouns().get(singular)
    gender = _PARENTS.get(noun, kin.gender if kin else "")
    if noun in _PARENTS:
        relation, flipped = "parent_of", True
    elif kin is not None:
        relation, flipped = kin.relation, kin.flipped
    else:
        return ""
    facts = (f for f in graph.facts_about(whose) if f.relation == relation and f.polarity and not f.literal)
    found = {
        f.subject if flipped else f.object
        for f in facts
        if (f.object if flipped else f.subject) == whose and graph.now(f)
    }
    fitting = sorted(who for who in found if not gender or graph.gender(who) in {gender, ""})
    return fitting[0] if len(fitting) == 1 else ""
