"""What to do with a message, decided from the stripped graph alone, before any model is asked.

`read` links and understands the message, resolves what it asks and retrieves facts; the `Plan` says which road the
reply takes and what a candidate must hold. The same message and graph give the same plan.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Literal

from app.judging import NOTHING, Expectation
from app.spelling import respelt
from app.topics import asks_own_name, general_knowledge, own_name, real_world, unreadable, wants_a_fact
from app.types import Turn
from kg.types import Answer, Ask, Fact, Mention, Retrieved

if TYPE_CHECKING:
    from app.stage import Scene
    from kg.graph import Graph
    from kg.recall import Recalled

Route = Literal["puzzled", "real_world", "correct", "fact", "deny", "recall", "abstain", "chat"]
FACTS = 8  # most facts retrieved for a prompt
_SELF, _FAMILY = ("full_name", "job", "lives_in"), ("sibling", "child_of", "spouse", "parent_of")
_WIDE = (
    (re.compile(r"\b(?:about|introduce|describe) yourself\b", re.I), _SELF),
    (re.compile(r"\b(?:about|have|like|is|are|of) your (?:family|relatives)\b", re.I), _FAMILY),
)
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


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

    @property
    def taste(self) -> bool:
        """Is an opinion asked for that the show doesn't tell?"""
        return any(_matter_of_taste(part) for part in self.parts)

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


def read(message: str, history: Sequence[Turn], scene: "Scene", speaker: str) -> Plan:
    """Link, understand, resolve and retrieve. `speaker` is the persona's node id."""
    from kg.answers import resolve
    from kg.followups import follow_up
    from kg.questions import understand
    from kg.retrieval import retrieve

    if unreadable(message, scene.show.language):
        return Plan("puzzled")
    if asks_own_name(message):
        name = own_name([turn.content for turn in history if turn.role == "user"])
        return Plan("chat", text=f"You said you're {name}.") if name else Plan("abstain")
    message = respelt(message)
    turns = [{"role": turn.role, "content": turn.content} for turn in history]
    mentions = scene.linker.link(message, speaker, turns)
    asks = follow_up(message, mentions, speaker, scene.graph, scene.linker, turns)
    asks = asks or understand(message, mentions, speaker, scene.graph, turns)
    parts = tuple(Part(ask, resolve(scene.graph, ask, scene.as_of)) for ask in asks)
    parts = parts or tuple(p for ask in _wide(message, speaker) if (p := Part(ask, resolve(scene.graph, ask))).known)
    retrieved = retrieve(scene.graph, mentions, [part.ask for part in parts], speaker, scene.as_of, limit=FACTS)
    route = _route(message, parts, mentions)
    if route == "chat" and "?" in message and scene.names.strangers(message):
        route = "abstain"  # "is Emma cute?", before anybody has heard of her
    note = _note(message, history, scene, speaker, route, parts)
    if note is not None:
        ask = Ask("note", speaker, text=message)
        told = tuple(fact for fact in (note.fact, note.also) if fact is not None)
        route, parts = "recall", (Part(ask, Answer("known", told, f"a note shares {note.share:.0%}")),)
    plan = Plan(route, tuple(mentions), parts, tuple(retrieved))
    return replace(plan, expected=expectation(plan.told, scene.graph))


def _note(
    message: str, history: Sequence[Turn], scene: "Scene", speaker: str, route: Route, parts: Sequence[Part]
) -> "Recalled | None":
    """What is remembered of the matter, where no relation says enough of it."""
    if route in {"real_world", "puzzled"}:
        return None
    said = [turn.content for turn in history[-2:]]
    found = scene.notes.recall(message, speaker, said)
    yes_or_no = any(part.ask.form == "polar" and part.ask.relation for part in parts)
    if found is None or found.sure or (route == "abstain" and not yes_or_no):
        return found
    if yes_or_no:  # "is Monica dating Chandler?" has its answer, or none
        return None
    told = {part.answer.status for part in parts}
    if route == "chat":  # a question that nothing was made of; small talk shares no rare words with a note
        return found if "?" in message or wants_a_fact(message) else None
    beside = route == "fact" and any(part.ask.asked in {"time", "place", "reason", "manner"} for part in parts)
    return found if beside or told == {"silent"} else None


def asks_something(part: Part) -> bool:
    """False for what the message merely takes for granted, rightly ("how is your sister Monica?")."""
    taken = part.ask.form == "presupposed" and part.ask.asked == "object"
    return not (taken and part.answer.status == "known")


def expectation(told: Sequence[Part], graph: "Graph") -> Expectation:
    """What a candidate must hold to count as an answer to these parts."""
    groups: list[tuple[str, ...]] = []
    yes: bool | None = None
    supported = named = False
    matter: frozenset[str] = frozenset()
    for part in told:
        ask, answer = part.ask, part.answer
        odd = ask.relation in {"about", "event"} or ask.asked in {"time", "place", "reason"} or ask.kind == "denies"
        if answer.status != "known" or odd:
            supported = True
        elif ask.asked == "count":
            groups.append((_number(len(answer.facts)), str(len(answer.facts))))
        elif ask.form == "polar" and len(told) == 1:
            yes, named = True, ask.object is None
            groups.append(_objects(ask, answer.facts if named else answer.facts[:1], graph))
        else:
            groups += _wanted(ask, answer, graph)
            matter |= _words_of(ask.relation)
            supported = supported or not answer.facts[0].literal  # "my sister is married to Monica" names her, too
    return Expectation(tuple(groups), yes, supported, named, matter)


@cache
def _words_of(relation: str) -> frozenset[str]:
    """The words by which a relation is spoken of."""
    from kg.relations import relations

    entry = relations()[relation]
    told = [*entry.label.values(), *entry.former.values(), *entry.verbs, *entry.first, *entry.third]
    told += [noun for nouns in (*entry.nouns.values(), *entry.agent_nouns.values()) for noun in nouns]
    return frozenset(w for text in told for w in re.findall(r"(?<![{\w])[a-z]{3,}(?![\w}])", text.lower()))


def _wide(message: str, speaker: str) -> tuple[Ask, ...]:
    """What a wide question comes down to: "tell me about yourself" to a name, a job, a home."""
    found = next((relations for cue, relations in _WIDE if cue.search(message)), ())
    return tuple(Ask(relation, speaker, text=message) for relation in found)


def _matter_of_taste(part: Part) -> bool:
    """As in "do you like pizza?" and "what do you do for fun?": where the show doesn't say, the persona may chat."""
    object_ = part.ask.object or ""
    named = object_ != object_.lower() or "_" in object_  # a name, or a node id
    free = part.ask.kind == "opinion" or not named
    return part.ask.relation in {"likes", "dislikes"} and part.answer.status == "silent" and free


def _route(message: str, parts: Sequence[Part], mentions: Sequence[Mention]) -> Route:
    if real_world(message):
        return "real_world"
    open_ = [part for part in parts if asks_something(part) and not _matter_of_taste(part)]
    found = {part.answer.status for part in open_}
    routes: tuple[tuple[str, Route], ...] = (
        ("false_premise", "correct"), ("known", "fact"), ("denied", "deny"), ("silent", "abstain")
    )  # fmt: skip
    for status, route in routes:
        if status in found:
            return route
    if any(_matter_of_taste(part) for part in parts):
        return "chat"
    named = any(mention.how in {"alias", "fuzzy"} for mention in mentions)
    return "abstain" if wants_a_fact(message) or (not named and general_knowledge(message)) else "chat"


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


def _number(n: int) -> str:
    return _NUMBERS[n] if n < len(_NUMBERS) else str(n)
