"""Made-up talk in which the reply has to carry a given sentence, such as `say | I gave Grauford my boat`.

The sentences are the graph's own notes of training episodes, everybody in them renamed, so that words have to be
copied and not remembered; questions are made of their parts (subject, verb, rest, noun chunks). At serving, the line
holds what the graph words (`kg.wording`), and the model says it in the persona's manner.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg.english import decapitalised
from kg.telling import as_said
from parsing.episodes import split_of
from training.grounded import Example, Person, World, coloured, sentence_of_relation

if TYPE_CHECKING:
    from kg.graph import Graph
    from training.colour import Colour

OWN = 0.7  # share of the talk that is about the persona itself
_SLOT = re.compile(r"\{(\d)\}")
_TOPICS = (
    "What about {chunk}?", "Tell me about {chunk}.", "Do you remember {chunk}?", "What happened with {chunk}?",
    "What's the story with {chunk}?", "{Chunk}?", "what was that about {chunk}", "I heard about {chunk}.",
)  # fmt: skip
_CLAUSES = (
    "Did {subject} {lemma}{rest}?", "Why did {subject} {lemma}{rest}?", "When did {subject} {lemma}{rest}?",
    "How did {subject} {lemma}{rest}?", "Who {verb}{rest}?", "What did {subject} do?", "so {subject} {verb}{rest}?",
    "Is it true that {subject} {verb}{rest}?", "Do you know why {subject} {verb}{rest}?",
)  # fmt: skip


@dataclass(frozen=True)
class Pattern:
    """A note with numbered slots for people, and what questions are made of."""

    text: str
    genders: tuple[str, ...]  # by slot
    subject: str = ""  # empty where the verb is not a plain past form
    verb: str = ""
    lemma: str = ""
    rest: str = ""
    chunks: tuple[str, ...] = ()


class Teller:
    """Makes examples out of the notes of a graph."""

    def __init__(self, patterns: Sequence[Pattern], colour: "Colour | None" = None) -> None:
        self.patterns = patterns
        self.colour = colour

    def make(self, rng: random.Random, persona: Person | None = None) -> Example:
        """One conversation. Two thirds tell a note, the rest a sentence of the relations table, also a denial."""
        if not self.patterns or rng.random() < 0.35:
            return self._of_relation(rng, persona)
        pattern = rng.choice(self.patterns)
        world = World(rng, persona, colour=self.colour)
        people = [world.person(gender) for gender in pattern.genders]
        alike = [i for i, p in enumerate(people) if p.gender == world.persona.gender]
        if alike and rng.random() < OWN:
            people[rng.choice(alike)] = world.persona
        said = as_said(_filled(pattern.text, people), world.persona.first, {p.first: p.gender for p in people})
        if rng.random() < 0.15:
            said = f"Yes, {decapitalised(said)}"
        return self._example(world, self._question(rng, pattern, people, world.persona), said)

    def _of_relation(self, rng: random.Random, persona: Person | None) -> Example:
        world = World(rng, persona, colour=self.colour)
        question, said = sentence_of_relation(world)
        return self._example(world, question, said)

    def _example(self, world: World, question: str, said: str) -> Example:
        lines = world.distractors(world.rng.choice((0, 0, 1, 2, 4)))
        reply = coloured(world.rng, said, self.colour)
        return Example("say", world.persona, lines, question, reply, said, len(lines), say=said)

    def _question(self, rng: random.Random, pattern: Pattern, people: Sequence[Person], persona: Person) -> str:
        chunks = pattern.chunks
        if pattern.subject and (not chunks or rng.random() < 0.6):
            template = rng.choice(_CLAUSES)
            parts = {
                "subject": pattern.subject, "verb": pattern.verb, "lemma": pattern.lemma, "rest": pattern.rest
            }  # fmt: skip
        else:
            chunk = rng.choice(chunks) if chunks else pattern.text.rstrip(".")
            template, parts = rng.choice(_TOPICS), {"chunk": chunk, "Chunk": chunk[:1].upper() + chunk[1:]}
        return asked(template.format(**parts), people, persona)


def asked(text: str, people: Sequence[Person], persona: Person) -> str:
    """A question with its slots filled; the persona is "you", its own things are "your"."""

    def fill(match: re.Match[str]) -> str:
        person = people[int(match[1])]
        if person is not persona:
            return person.first + (match[2] or "")
        return "your" if match[2] else "you"

    filled = re.sub(r"\{(\d)\}('s\b)?", fill, text)
    filled = filled.replace("you was ", "you were ").replace("you is ", "you are ").replace("you has ", "you have ")
    return filled[:1].upper() + filled[1:] if text[:1].isupper() or text.startswith("{") else filled


def _filled(text: str, people: Sequence[Person]) -> str:
    return _SLOT.sub(lambda match: people[int(match[1])].first, text)


class Notes:
    """The notes of a graph, from training episodes only, as patterns."""

    def __init__(self, graph: "Graph", nlp: Any) -> None:
        self.graph, self.nlp = graph, nlp

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """One pattern a note that names one to four people."""
        notes = sorted(
            {f.object for f in self.graph.stored if f.relation == "note" and split_of(f.revealed) == "train"}
        )
        found = (self._pattern(doc) for doc in self.nlp.pipe(notes))
        return tuple(pattern for pattern in found if pattern is not None)

    def _pattern(self, doc: Any) -> Pattern | None:
        text, genders, names = self._slotted(doc.text)
        if not 1 <= len(genders) <= 4:
            return None

        def slots(part: str) -> str:
            return self._slotted(part, names)[0]

        chunks = tuple(slots(chunk.text) for chunk in doc.noun_chunks if chunk.root.pos_ == "NOUN")
        root = next((t for t in doc if t.dep_ == "ROOT" and t.tag_ == "VBD"), None)
        subject = next((t for t in root.children if t.dep_ == "nsubj"), None) if root is not None else None
        if root is None or subject is None or root.i != subject.right_edge.i + 1 or subject.left_edge.i != 0:
            return Pattern(text, genders, chunks=chunks)
        rest = doc[root.i + 1 :].text.rstrip(" .")
        return Pattern(
            text, genders, slots(doc[: root.i].text), root.text, root.lemma_, slots(f" {rest}") if rest else "", chunks
        )

    def _slotted(self, text: str, names: dict[str, int] | None = None) -> tuple[str, tuple[str, ...], dict[str, int]]:
        """The text with {0}, {1} … in place of first names, the genders by slot, and the names' slots."""
        known: dict[str, int] = {} if names is None else names
        genders: list[str] = []

        def slot(match: re.Match[str]) -> str:
            name = match[0]
            if name not in known:
                gender = self._gender(name)
                if names is not None or not gender:
                    return name
                known[name] = len(known)
                genders.append(gender)
            return f"{{{known[name]}}}"

        return re.sub(r"\b[A-Z]\w+", slot, text.replace("{", "(").replace("}", ")")), tuple(genders), known

    def _gender(self, name: str) -> str:
        ids = self.graph.called.get(name, frozenset())
        ids = (ids & self.graph.main) or ids
        genders = {self.graph.gender(i) for i in ids if self.graph.nodes[i].type == "person"}
        return genders.pop() if len(genders) == 1 else ""
