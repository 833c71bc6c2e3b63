"""Made-up grounded conversations: the answer stands in the triples of the prompt, and nowhere else.

Names are drawn anew for every conversation (half of them made of syllables), relations come from `kg/relations.toml`
with its wordings, so that only reading the facts can give the answer. Kinds: `fact` (the answer stands in the prompt
among distractors), `absent` (it doesn't: the reply abstains), `false` (the question assumes something that the facts
contradict: the reply corrects it), `two_hop`.
"""

import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.english import decapitalised
from kg.relations import Relation, relations
from kg.wording import FIRST, THIRD, prompt_line_from

if TYPE_CHECKING:
    from training.colour import Colour

KINDS = {"fact": 0.64, "absent": 0.16, "false": 0.10, "two_hop": 0.10}
PEOPLE = "person"
SINGLE = ("spouse", "engaged_to", "dating", "works_for", "job", "works_at", "lives_in", "age", "birthday", "full_name")


@dataclass(frozen=True)
class Person:
    """Somebody invented."""

    name: str
    gender: str

    @property
    def first(self) -> str:
        """The first name."""
        return self.name.split()[0]


@dataclass(frozen=True)
class Told:
    """One fact of an invented world and its wordings."""

    subject: Person
    relation: Relation
    object: str
    gender: str = ""
    target: Person | None = None  # the object, where it is somebody

    def line(self, persona: Person) -> str:
        """The fact as a line of the prompt, as serving words it."""
        mine = self.subject is persona
        object_ = "me" if self.target is persona else self.object
        return prompt_line_from(
            self.relation.name, self.subject.name, object_, self.gender, perspective=FIRST if mine else THIRD
        )


@dataclass(frozen=True)
class Example:
    """One grounded conversation."""

    kind: str
    persona: Person
    facts: tuple[str, ...]
    question: str
    reply: str
    answer: str  # what an exact answer contains; "" where it abstains
    distractors: int = 0
    say: str = ""  # the sentence that the prompt asks to be said


@cache
def wordings() -> dict[str, Any]:
    """The table of wordings."""
    return tomllib.loads(Path(__file__).with_name("wordings.toml").read_text(encoding="utf-8"))


class World:
    """Invents people and facts about them."""

    def __init__(
        self,
        rng: random.Random,
        persona: Person | None = None,
        unseen: bool = False,
        colour: "Colour | None" = None,
    ) -> None:
        """`unseen`: all names are made of syllables, for measuring. `colour`: how the persona opens and closes."""
        self.rng = rng
        self.colour = colour
        self.unseen = unseen
        self.persona = persona or self.person()
        self.people = [self.person() for _ in range(rng.randint(4, 7))]

    def syllables(self) -> str:
        """A name that nobody has: "Grauford"."""
        parts = wordings()["names"]
        pick = self.rng.choice
        middle = pick(parts["onset"]).lower() + pick(parts["middle"]) if self.rng.random() < 0.4 else ""
        return pick(parts["onset"]) + pick(parts["middle"]) + middle + pick(parts["coda"])

    def person(self, gender: str = "") -> Person:
        """Somebody new."""
        gender = gender or self.rng.choice(("female", "male"))
        made = self.unseen or self.rng.random() < 0.5
        first = self.syllables() if made else self.rng.choice(wordings()["names"][gender])
        return Person(f"{first} {self.syllables()}" if self.rng.random() < 0.75 else first, gender)

    def fact(self, subject: Person, relation: Relation) -> Told | None:
        """Something made up of this relation; None where it can't be made up."""
        if PEOPLE in relation.range and PEOPLE in relation.domain and relation.name not in ("likes", "dislikes"):
            others = [p for p in (*self.people, self.persona) if p is not subject]
            other = self.rng.choice(others)
            return Told(subject, relation, other.name, other.gender, other)
        value = self._literal(relation.name)
        return Told(subject, relation, value) if value else None

    def distractors(self, count: int) -> tuple[str, ...]:
        """Lines of `count` facts about anybody."""
        found = (
            self.fact(self.rng.choice((self.persona, *self.people)), self.rng.choice(usable())) for _ in range(count)
        )
        return tuple(dict.fromkeys(told.line(self.persona) for told in found if told is not None))

    def _literal(self, relation: str) -> str:
        table = wordings()["literal"]
        if relation == "age":
            return str(self.rng.randint(5, 88))
        if relation == "full_name":
            return self.person().name
        if relation == "nickname":
            return self.syllables()
        key = {"lives_in": "place", "origin": "place", "visited": "place", "dislikes": "likes"}.get(relation, relation)
        pattern = self.rng.choice(table[key]) if key in table else ""
        return str(pattern).replace("{Name}", self.syllables())


@cache
def usable() -> tuple[Relation, ...]:
    """The relations that conversations are made up of."""
    return tuple(r for r in relations().values() if not r.event and (PEOPLE in r.domain or not r.domain))


def make(
    rng: random.Random,
    kind: str = "",
    persona: Person | None = None,
    distractors: int | None = None,
    unseen: bool = False,
    colour: "Colour | None" = None,
) -> Example:
    """One conversation. `distractors` is how many further facts stand in the prompt (0 to 8 by default)."""
    kind = kind or rng.choices(list(KINDS), list(KINDS.values()))[0]
    world = World(rng, persona, unseen, colour)
    subject = world.persona if rng.random() < 0.7 else rng.choice(world.people)
    relation = rng.choice(usable())
    told = world.fact(subject, relation)
    if told is None or (told.target is world.persona and kind != "fact"):
        return make(rng, kind, persona, distractors, unseen, colour)
    count = rng.randint(0, 8) if distractors is None else distractors
    others = _others(world, told, count)
    return {"fact": _fact, "absent": _absent, "false": _false, "two_hop": _two_hop}[kind](world, told, others)


def _others(world: World, told: Told, count: int) -> list[Told]:
    """Distractors: never the same subject and label as the answer."""
    taken = {(told.subject.name, _label(told))}
    found: list[Told] = []
    for _ in range(count * 20):
        if len(found) == count:
            break
        subject = world.persona if world.rng.random() < 0.5 else world.rng.choice(world.people)
        other = world.fact(subject, world.rng.choice(usable()))
        if other is None or (subject.name, _label(other)) in taken or other.object == told.object:
            continue
        if other.target is told.subject:
            continue
        taken.add((subject.name, _label(other)))
        found.append(other)
    return found


def _label(told: Told) -> str:
    return told.relation.word(told.gender)


def _question(world: World, told: Told) -> str:
    table = wordings()["wh"]
    pool = table.get(told.relation.name) or (table["kin"] if told.target else ["What is {your} {label}?"])
    return _worded(world.rng.choice(pool), told.subject, world.persona, _label(told))


def _worded(template: str, subject: Person, persona: Person, label: str = "") -> str:
    mine = subject is persona
    name = subject.first
    slots = {
        "you": "you" if mine else name,
        "your": "your" if mine else f"{name}'s",
        "do": "do" if mine else "does",
        "are": "are" if mine else "is",
        "have": "have" if mine else "has",
    }
    slots |= {key.capitalize(): value[:1].upper() + value[1:] for key, value in slots.items()}
    return template.format(label=label, **slots)


def _said(world: World, told: Told, part: str = "") -> str:
    """The fact as a sentence of the persona; `part` is "" or "not" or "none"."""
    mine = told.subject is world.persona
    key = "_".join(p for p in ("first" if mine else "third", part) if p)
    template = world.rng.choice(getattr(told.relation, key))
    short = told.object if told.target is None or world.rng.random() < 0.5 else told.target.first
    object_ = "me" if told.target is world.persona else short
    owner = "my" if mine else f"{told.subject.first}'s"
    article = "" if told.object[:1].isupper() or told.object.startswith(("the ", "a ")) else _article(told.object)
    text = template.format(
        subject=told.subject.first, Subject=told.subject.first,
        object=object_, Object=object_[:1].upper() + object_[1:],
        a_object=article + object_, label=_label(told), a_label=_article(_label(told)) + _label(told),
        labels=told.relation.word(told.gender, plural=True), possessive=owner, Possessive=owner[:1].upper() + owner[1:],
    )  # fmt: skip
    return text[:1].upper() + text[1:]


def _article(word: str) -> str:
    return "an " if word[:1].lower() in "aeiou" else "a "


def coloured(rng: random.Random, sentence: str, colour: "Colour | None" = None) -> str:
    """The sentence with an opener before it and something behind it, now and then: the persona's own, or anybody's."""
    say = wordings()["say"]
    if colour is not None and colour.openers and rng.random() < 0.8:
        openers, weights = zip(*colour.openers, strict=True)
        lead = rng.choices(openers, weights)[0] if rng.random() < 0.6 else ""
        tail = f" {rng.choice(colour.after)}" if colour.after and rng.random() < 0.3 else ""
    else:
        lead, tail = rng.choice(say["lead"]), rng.choice(say["tail"])
    if re.match(r"(?:No|Yes)\b", sentence) and not lead.endswith(", "):
        lead = ""  # "You know what? No, ..."
    lower = lead.endswith(", ")
    return f"{lead}{decapitalised(sentence) if lower else sentence}{tail}"


def sentence_of_relation(world: World) -> tuple[str, str]:
    """A question about a relation and what is to be said to it: a fact, a yes, a no, or what is so instead."""
    relation = world.rng.choice(usable())
    subject = world.persona if world.rng.random() < 0.7 else world.rng.choice(world.people)
    told = world.fact(subject, relation)
    if told is None:
        return sentence_of_relation(world)
    wrong = world.rng.choice(world.people)
    claimed = Told(subject, relation, wrong.name, wrong.gender, wrong) if told.target else None
    kind = world.rng.choice(("fact", "fact", "yes", "none", "false"))
    if kind == "none" and told.target is not None and relation.first_none:
        return _question(world, told), f"No, {decapitalised(_said(world, told, 'none'))}"
    if kind == "false" and claimed is not None and wrong is not told.target and wrong is not subject:
        return _asked_of(world, claimed), _put_right(world, claimed, told)
    if kind == "yes":
        return _question(world, told), f"Yes, {decapitalised(_said(world, told))}"
    return _question(world, told), _said(world, told)


def _lines(world: World, facts: Sequence[Told]) -> tuple[str, ...]:
    lines = [told.line(world.persona) for told in facts]
    world.rng.shuffle(lines)
    return tuple(dict.fromkeys(lines))


def _fact(world: World, told: Told, others: list[Told]) -> Example:
    answer = "me" if told.target is world.persona else (told.target.first if told.target else told.object)
    reply = coloured(world.rng, _said(world, told), world.colour)
    return Example(
        "fact", world.persona, _lines(world, [told, *others]), _question(world, told), reply, answer, len(others)
    )


def _absent(world: World, told: Told, others: list[Told]) -> Example:
    say = wordings()["say"]
    question = _question(world, told)
    if world.rng.random() < 0.3:
        question = _worded(world.rng.choice(say["unasked"]), told.subject, world.persona)
    reply = world.rng.choice(say["lead"][:10]) + world.rng.choice(say["abstain"])
    return Example("absent", world.persona, _lines(world, others), question, reply, "", len(others))


def _false(world: World, told: Told, others: list[Told]) -> Example:
    """The question names somebody else than the facts do."""
    if told.target is None or told.relation.name not in ("spouse", "sibling", "roommate", "works_for", "engaged_to"):
        return make(world.rng, "false", world.persona, len(others), world.unseen, world.colour)
    wrong = world.rng.choice([p for p in world.people if p is not told.target and p is not told.subject])
    claimed = Told(told.subject, told.relation, wrong.name, wrong.gender, wrong)
    asked = _asked_of(world, claimed)
    reply = _put_right(world, claimed, told)
    return Example("false", world.persona, _lines(world, [told, *others]), asked, reply, told.target.first, len(others))


def _put_right(world: World, claimed: Told, told: Told) -> str:
    """What is not so, and what is."""
    return f"No, {decapitalised(_said(world, claimed, 'not'))} {_said(world, told)}"


def _asked_of(world: World, claimed: Told) -> str:
    """Is somebody what the fact says? In words that take it for granted or ask."""
    owner = "your" if claimed.subject is world.persona else f"{claimed.subject.first}'s"
    wrong, label = claimed.object.split()[0], _label(claimed)
    return world.rng.choice([
        f"Is {wrong} {owner} {label}?", f"So {wrong} is {owner} {label}, right?", f"How is {owner} {label} {wrong}?",
    ])  # fmt: skip


def _two_hop(world: World, told: Told, others: list[Told]) -> Example:
    """Where does your sister work?"""
    if told.target is None or told.target is world.persona:
        return make(world.rng, "two_hop", world.persona, len(others), world.unseen, world.colour)
    relation = relations()[world.rng.choice(("job", "works_at", "lives_in", "has_pet", "age"))]
    second = world.fact(told.target, relation)
    assert second is not None
    owner = "your" if told.subject is world.persona else f"{told.subject.first}'s"
    template = world.rng.choice(wordings()["wh"][relation.name])
    bridge = Person(f"{owner} {_label(told)}", told.gender)
    question = _worded(template.replace("{you}", bridge.name), bridge, world.persona)
    question = question.replace(f"{bridge.first}'s", f"{bridge.name}'s")
    reply = coloured(world.rng, _said(world, second), world.colour)
    kept = [o for o in others if o.subject is not told.target]
    return Example(
        "two_hop", world.persona, _lines(world, [told, second, *kept]), question, reply, second.object, len(kept)
    )


def examples(seed: int, count: int, **options: Any) -> Iterator[Example]:
    """`count` conversations, the same for the same seed."""
    rng = random.Random(seed)
    for _ in range(count):
        yield make(rng, **options)
