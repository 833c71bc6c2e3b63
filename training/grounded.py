"""Made-up grounded conversations: the answer stands in the triples of the prompt, and nowhere else.

Names are drawn anew for every conversation (half of them made of syllables), relations come from `kg/relations.toml`
with its wordings, so that only reading the facts can give the answer. Kinds: `fact` (the answer stands in the prompt
among distractors), `absent` (it doesn't: the reply abstains), `false` (the question assumes something that the facts
contradict: the reply corrects it), `two_hop`.
"""

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kg.relations import Relation, relations
from kg.wording import FIRST, THIRD, prompt_line_from

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
    people: tuple[Person, ...] = field(default=())


@cache
def wordings() -> dict[str, Any]:
    """The table of wordings."""
    return tomllib.loads(Path(__file__).with_name("wordings.toml").read_text(encoding="utf-8"))


class World:
    """Invents people and facts about them."""

    def __init__(self, rng: random.Random, persona: Person | None = None, unseen: bool = False) -> None:
        """`unseen`: all names are made of syllables, for measuring."""
        self.rng = rng
        self.unseen = unseen
        self.persona = persona or self.person()
        self.people = [self.person() for _ in range(rng.randint(4, 7))]

    def syllables(self) -> str:
        """A name that nobody has: "Grauford"."""
        parts = wordings()["names"]
        pick = self.rng.choice
        middle = pick(parts["onset"]).lower() + pick(parts["middle"]) if self.rng.random() < 0.4 else ""
        return pick(parts["onset"]) + pick(parts["middle"]) + middle + pick(parts["coda"])

    def person(self) -> Person:
        """Somebody new."""
        gender = self.rng.choice(("female", "male"))
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
) -> Example:
    """One conversation. `distractors` is how many further facts stand in the prompt (0 to 8 by default)."""
    kind = kind or rng.choices(list(KINDS), list(KINDS.values()))[0]
    world = World(rng, persona, unseen)
    subject = world.persona if rng.random() < 0.7 else rng.choice(world.people)
    relation = rng.choice(usable())
    told = world.fact(subject, relation)
    if told is None or (told.target is world.persona and kind != "fact"):
        return make(rng, kind, persona, distractors, unseen)
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


def _coloured(world: World, sentence: str) -> str:
    say = wordings()["say"]
    lead, tail = world.rng.choice(say["lead"]), world.rng.choice(say["tail"])
    keeps_capital = sentence.startswith(("I ", "I'")) or sentence.split(" ", 1)[0] not in ("My", "No", "People")
    body = sentence[:1].lower() + sentence[1:] if lead.endswith(", ") and not keeps_capital else sentence
    return f"{lead}{body}{tail}"


def _lines(world: World, facts: Sequence[Told]) -> tuple[str, ...]:
    lines = [told.line(world.persona) for told in facts]
    world.rng.shuffle(lines)
    return tuple(dict.fromkeys(lines))


def _fact(world: World, told: Told, others: list[Told]) -> Example:
    answer = "me" if told.target is world.persona else (told.target.first if told.target else told.object)
    reply = _coloured(world, _said(world, told))
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
        return make(world.rng, "false", world.persona, len(others), world.unseen)
    wrong = world.rng.choice([p for p in world.people if p is not told.target and p is not told.subject])
    claimed = Told(told.subject, told.relation, wrong.name, wrong.gender, wrong)
    owner = "your" if told.subject is world.persona else f"{told.subject.first}'s"
    asked = world.rng.choice([
        f"Is {wrong.first} {owner} {_label(claimed)}?",
        f"So {wrong.first} is {owner} {_label(claimed)}, right?",
        f"How is {owner} {_label(claimed)} {wrong.first}?",
    ])  # fmt: skip
    denial = _said(world, claimed, "not")
    reply = f"No, {denial[:1].lower() + denial[1:] if denial.startswith('My') else denial} {_said(world, told)}"
    return Example("false", world.persona, _lines(world, [told, *others]), asked, reply, told.target.first, len(others))


def _two_hop(world: World, told: Told, others: list[Told]) -> Example:
    """Where does your sister work?"""
    if told.target is None or told.target is world.persona:
        return make(world.rng, "two_hop", world.persona, len(others), world.unseen)
    relation = relations()[world.rng.choice(("job", "works_at", "lives_in", "has_pet", "age"))]
    second = world.fact(told.target, relation)
    assert second is not None
    owner = "your" if told.subject is world.persona else f"{told.subject.first}'s"
    template = world.rng.choice(wordings()["wh"][relation.name])
    bridge = Person(f"{owner} {_label(told)}", told.gender)
    question = _worded(template.replace("{you}", bridge.name), bridge, world.persona)
    question = question.replace(f"{bridge.first}'s", f"{bridge.name}'s")
    reply = _coloured(world, _said(world, second))
    kept = [o for o in others if o.subject is not told.target]
    return Example(
        "two_hop", world.persona, _lines(world, [told, second, *kept]), question, reply, second.object, len(kept)
    )


def examples(seed: int, count: int, **options: Any) -> Iterator[Example]:
    """`count` conversations, the same for the same seed."""
    rng = random.Random(seed)
    for _ in range(count):
        yield make(rng, **options)
