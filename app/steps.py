"""What to do with a message, decided from the stripped graph alone, before any model is asked.

`read` links and understands the message, resolves what it asks and retrieves facts; the `Plan` says which road the
reply takes and what a candidate must hold. The same message and graph give the same plan.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app import remembering
from app.plan import Part, Plan, Route, asks_something, expectation, matter_of_taste
from app.spelling import respelt
from app.told import told_back
from app.topics import (
    asks_own_name,
    assertion,
    general_knowledge,
    own_name,
    real_world,
    task,
    unreadable,
    wants_a_fact,
)
from app.types import Turn
from kg.paraphrases import plain
from kg.types import Answer, Ask, Fact, Mention

if TYPE_CHECKING:
    from app.stage import Scene
    from kg.graph import Graph

FACTS = 8  # most facts retrieved for a prompt
_SELF, _FAMILY = ("full_name", "job", "lives_in"), ("sibling", "child_of", "spouse", "parent_of")
_NEAR = frozenset({"friend", "sibling", "spouse", "engaged_to", "dating", "parent_of", "child_of", "roommate"})
_WIDE = (
    (re.compile(r"\b(?:about|introduce|describe) yourself\b", re.I), _SELF),
    (re.compile(r"\b(?:about|have|like|is|are|of) your (?:family|relatives)\b", re.I), _FAMILY),
)


def read(message: str, history: Sequence[Turn], scene: "Scene", speaker: str) -> Plan:
    """Link, understand, resolve and retrieve. `speaker` is the persona's node id."""
    from kg.answers import resolve
    from kg.followups import follow_up, leaning
    from kg.questions import understand
    from kg.retrieval import retrieve

    if unreadable(message, scene.show.language):
        return Plan("puzzled")
    if asks_own_name(message):
        name = own_name([turn.content for turn in history if turn.role == "user"])
        return Plan("chat", text=f"You said you're {name}.") if name else Plan("abstain")
    if quoted := told_back(message, history, scene, speaker):
        return Plan("chat", text=quoted)
    typed, message = message, plain(respelt(message))
    turns = [{"role": turn.role, "content": turn.content} for turn in history]
    mentions = scene.linker.link(message, speaker, turns)
    asks = follow_up(message, mentions, speaker, scene.graph, scene.linker, turns)
    asks = asks or understand(message, mentions, speaker, scene.graph, turns)
    parts = tuple(Part(ask, resolve(scene.graph, ask, scene.as_of)) for ask in asks)
    parts = tuple(_as_tie(part, speaker, scene.graph) for part in parts)
    parts = parts or tuple(p for ask in _wide(message, speaker) if (p := Part(ask, resolve(scene.graph, ask))).known)
    retrieved = retrieve(scene.graph, mentions, [part.ask for part in parts], speaker, scene.as_of, limit=FACTS)
    route = _route(message, parts, mentions)
    if route == "chat" and (task(message) or ("?" in message and scene.names.strangers(message))):
        route = "abstain"  # "is Emma cute?", before anybody has heard of her
    claimed = assertion(message) if route in {"chat", "abstain"} else ""
    if claimed and not assertion(claimed):  # "say: say: say: …" is read no deeper than once
        plan = read(claimed, (), scene, speaker)
        if plan.route in {"correct", "deny"}:
            return plan
    leant = message if asks and any(part.known for part in parts) else leaning(message, turns)
    if leant != message:
        route = "abstain" if route == "chat" else route  # a bare "why?" wants to know
    matter = remembering.Matter(leant, history, scene, speaker, route, parts, mentions, typed)
    note = remembering.answering(matter)
    wrong = remembering.correcting(matter, note)
    note = note if wrong is None else None
    if note is not None and (narrowed := remembering.narrowed(parts, note, scene.graph)):
        parts = narrowed
    elif note is not None:
        ask = Ask("note", speaker, text=message)
        told = tuple(fact for fact in (note.fact, note.also) if fact is not None)
        route, parts = "recall", (Part(ask, Answer("known", told, f"a note shares {note.share:.0%}")),)
    beside = None if route == "recall" else wrong or remembering.beside(matter)
    if wrong is not None:
        route = "chat"
    elif beside is not None and "?" in message:
        route = "abstain"
    lead = _lead(parts, speaker, scene.graph)
    plan = Plan(route, tuple(mentions), parts, tuple(retrieved), lead=lead)
    if beside is not None and (route != "abstain" or scene.notes.worth_telling(message, speaker, beside)):
        plan = replace(plan, beside=beside.fact, close=beside.close, corrects=wrong is not None)
    plan = replace(plan, fond=any(f.relation in _NEAR and scene.graph.now(f) for f in lead))
    return replace(plan, expected=expectation(plan.told, scene.graph))


def _as_tie(part: Part, speaker: str, graph: "Graph") -> Part:
    """As in "do you like Joey?", which no fact says of a friend: who that is to the persona says it."""
    from kg.answers import resolve

    liked = part.ask.relation == "likes" and part.answer.status == "silent" and part.ask.kind != "opinion"
    if not liked or part.ask.subject != speaker or part.ask.object not in graph.nodes:
        return part
    tie = Ask("about", str(part.ask.object), speaker, text=part.ask.text)
    answer = resolve(graph, tie)
    near = any(f.relation in _NEAR and graph.now(f) for f in answer.facts)
    return Part(tie, answer) if near else part


def _lead(parts: Sequence[Part], speaker: str, graph: "Graph") -> tuple[Fact, ...]:
    """As in "what do you think of Ross?": before any opinion, who that is to the persona."""
    from kg.answers import resolve

    for part in parts:
        if matter_of_taste(part) and part.ask.object in graph.nodes and part.ask.object != speaker:
            return resolve(graph, Ask("about", str(part.ask.object), speaker)).facts
    return ()


def _wide(message: str, speaker: str) -> tuple[Ask, ...]:
    """What a wide question comes down to: "tell me about yourself" to a name, a job, a home."""
    found = next((relations for cue, relations in _WIDE if cue.search(message)), ())
    return tuple(Ask(relation, speaker, text=message) for relation in found)


def _route(message: str, parts: Sequence[Part], mentions: Sequence[Mention]) -> Route:
    if real_world(message):
        return "real_world"
    open_ = [part for part in parts if asks_something(part) and not matter_of_taste(part)]
    if any(part.ask.relation in {"knows", "fate"} and part.known for part in open_):
        return "recall"  # a model has no words for it, and the graph's are plain
    found = {part.answer.status for part in open_}
    routes: tuple[tuple[str, Route], ...] = (
        ("false_premise", "correct"), ("known", "fact"), ("denied", "deny"), ("silent", "abstain")
    )  # fmt: skip
    for status, route in routes:
        if status in found:
            return route
    if any(matter_of_taste(part) for part in parts):
        return "chat"
    named = any(mention.how in {"alias", "fuzzy"} for mention in mentions)
    return "abstain" if wants_a_fact(message) or (not named and general_knowledge(message)) else "chat"
