"""What is to be done with a message (`Plan`), and what a candidate must hold to count as an answer.

`app.steps.read` makes the plan, `app.remembering` adds what no relation covers, `app.bot` carries it out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from app.judging import NOTHING, Expectation
from kg.types import Answer, Ask, Fact, Mention, Retrieved

if TYPE_CHECKING:
    from kg.graph import Graph

Route = Literal["puzzled", "real_world", "correct", "fact", "deny", "recall", "abstain", "chat"]


@dataclass(frozen=True)
class Part:
    """One thing the message asks, and what the graph says to it."""

    ask: Ask
    answer: Answer

    @property
    def known(self) -> bool:
        """Does the graph have what is asked for?"""
        return self.answer.status == "known"


@dataclass(frozen=True)
class Plan:
    """How the message is to be answered."""

    route: Route
    mentions: tuple[Mention, ...] = ()
    parts: tuple[Part, ...] = ()
    retrieved: tuple[Retrieved, ...] = ()
    expected: Expectation = NOTHING
    text: str = ""  # the reply itself, where there is nothing to choose
    beside: Fact | None = None  # a note on the same matter that does not answer
    close: bool = False  # … but well may
    corrects: bool = False  # … but shows wrong what the message takes for granted
    lead: tuple[Fact, ...] = ()  # what joins the persona with one of whom an opinion is asked
    fond: bool = False  # is that one a friend, or family?

    @property
    def taste(self) -> bool:
        """Is an opinion asked for that the show doesn't tell?"""
        return any(matter_of_taste(part) for part in self.parts)

    @property
    def told(self) -> tuple[Part, ...]:
        """The parts that the reply states: what is so, or what is not."""
        wanted = {
            "correct": {"false_premise"}, "deny": {"denied"}, "fact": {"known", "denied"}, "recall": {"known"}
        }.get(self.route, set())  # fmt: skip
        return tuple(p for p in self.parts if p.answer.status in wanted and asks_something(p))

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts the reply rests on, each once."""
        return tuple({fact.id: fact for part in self.told for fact in part.answer.facts}.values())


def asks_something(part: Part) -> bool:
    """False for what the message merely takes for granted, rightly ("how is your sister Monica?")."""
    taken = part.ask.form == "presupposed" and part.ask.asked == "object"
    return not (taken and part.answer.status == "known")


def matter_of_taste(part: Part) -> bool:
    """As in "do you like pizza?" and "what do you do for fun?": where the show doesn't say, the persona may chat."""
    object_ = part.ask.object or ""
    named = object_ != object_.lower() or "_" in object_  # a name, or a node id
    free = part.ask.kind == "opinion" or not named
    return part.ask.relation in {"likes", "dislikes"} and part.answer.status == "silent" and free


def expectation(told: Sequence[Part], graph: "Graph") -> Expectation:
    """What a candidate must hold to count as an answer to these parts."""
    groups: list[tuple[str, ...]] = []
    yes: bool | None = None
    supported = named = False
    matter: frozenset[str] = frozenset()
    pairs: set[frozenset[str]] = set()
    for part in told:
        ask, answer = part.ask, part.answer
        if ask.relation == "about":
            pairs |= {frozenset({f.subject, f.object}) for f in answer.facts[:2]}
        odd = (
            ask.relation in {"about", "event", "knows", "fate"}
            or ask.asked in {"time", "place", "reason"}
            or ask.kind == "denies"
        )
        if answer.status != "known" or odd:
            supported = True
        elif ask.asked == "count":
            groups.append(_how_many(ask, answer))
        elif ask.form == "polar" and len(told) == 1:
            yes, named = True, ask.object is None
            matter |= _words_of(ask.relation)
            groups.append(_objects(ask, answer.facts if named else answer.facts[:1], graph))
        else:
            groups += _wanted(ask, answer, graph)
            matter |= _words_of(ask.relation)
            supported = supported or not answer.facts[0].literal  # "my sister is married to Monica" names her, too
    return Expectation(tuple(groups), yes, supported, named, matter, frozenset(pairs))


@cache
def _words_of(relation: str) -> frozenset[str]:
    """The words by which a relation is spoken of."""
    from kg.relations import relations

    entry = relations()[relation]
    told = [*entry.label.values(), *entry.former.values(), *entry.verbs, *entry.first, *entry.third]
    told += [noun for nouns in (*entry.nouns.values(), *entry.agent_nouns.values()) for noun in nouns]
    return frozenset(w for text in told for w in re.findall(r"(?<![{\w])[a-z]{3,}(?![\w}])", text.lower()))


def _wanted(ask: Ask, answer: Answer, graph: "Graph") -> list[tuple[str, ...]]:
    """One group a fact where few are asked for, any of them where they are many."""
    if len(answer.facts) > 3:
        return [_objects(ask, answer.facts, graph)]
    return [_objects(ask, (fact,), graph) for fact in answer.facts]


def _objects(ask: Ask, facts: Sequence[Fact], graph: "Graph") -> tuple[str, ...]:
    from kg.wording import own

    names: list[str] = []
    for fact in facts:
        other = fact.object if fact.subject == ask.subject or fact.literal else fact.subject
        node = graph.nodes.get(other)
        names += [node.name, *(alias.text for alias in node.aliases)] if node and other == fact.object else []
        if node and other != fact.object:
            names += [node.name, *(alias.text for alias in node.aliases)]
        if node is None:
            names.append(fact.object)
    return tuple(dict.fromkeys(form for name in names for form in (name, own(name))))


def _how_many(ask: Ask, answer: Answer) -> tuple[str, ...]:
    """The ways to say the number that is asked for."""
    from kg.wording import number_word

    n = len({fact.object for fact in answer.facts})
    times = {1: ("once",), 2: ("twice",)}.get(n, ())
    return (number_word(n), str(n), *times)
