"""What the persona remembers of a matter that no relation covers: the notes, and when they may be told.

A note that answers is the reply (`answering`). One on the same matter that doesn't is told after "I don't know", or to
a user who believes something of the persona's life (`beside`); what users tell of themselves stays small talk.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from app.plan import Part, Route
from app.smalltalk import act_of
from app.topics import wants_a_fact
from app.types import Turn
from kg.types import Mention

if TYPE_CHECKING:
    from app.stage import Scene
    from kg.graph import Graph
    from kg.recall import Recalled

_SUPPOSED = re.compile(r"\b(?:would|could|should|might|will|can|won['’]t|wouldn['’]t)(?: (?:you|we|i)\b|n['’]t)", re.I)
_NO_RELATIONS = frozenset({"about", "event", "fate", "knows", "note"})  # asks that no relation of the table covers
_TO_DO = frozenset(
    {"invitation", "advice", "joke", "sing", "greeting", "farewell", "thanks", "love", "insult", "how_are_you"}
)  # acts that ask for something else than memories
_OF_ONESELF = re.compile(r"\W*(?:(?:so|and|but|oh|well|hey|yeah)\W+)*(?:i|i'm|i've|i'd|my|we|our|me)\b", re.I)
_TOLD = re.compile(
    r"\b(?:i|we) (?:just )?(?:heard|hear|read|saw|see|remember|thought|know|was so sorry to hear)\b", re.I
)
_YOU = re.compile(r"\b(?:you|your|yours|yourself|u|ur|ya)\b", re.I)
_SHORT = 5  # words of a question for nothing but who somebody is
_WHO_IS = re.compile(r"\bwho(?:['’]?s| is| was)\b", re.I)


@dataclass(frozen=True)
class Matter:
    """A message with what was made of it so far; notes and triples are ranked for it once, when first needed."""

    message: str
    history: Sequence[Turn]
    scene: "Scene"
    speaker: str
    route: Route
    parts: Sequence[Part]
    mentions: Sequence[Mention]
    said: str = ""  # the message as it was typed, where `message` was made plainer

    @cached_property
    def context(self) -> list[str]:
        """The turns right before, the persona's last."""
        from kg.relevance import TURNS

        return [turn.content for turn in self.history[-TURNS:]]

    @cached_property
    def ranked(self) -> "list[Recalled]":
        """What may answer, best first."""
        from kg.recall import meant

        return self.scene.notes.rank(
            self.message, self.speaker, self.context, about=meant(self.mentions), said=self.said
        )


def answering(matter: Matter) -> "Recalled | None":
    """The note that answers, where no relation says enough of the matter."""
    message, route, parts = matter.message, matter.route, matter.parts
    acquainted = any(p.ask.relation == "knows" or (p.ask.relation == "about" and p.ask.object) for p in parts)
    if route in {"real_world", "puzzled"} or acquainted or _of_nobody(message, parts):
        return None
    if _to_do(matter):
        return None  # "what would you cook for me?" is no question of what was
    if route == "chat" and "?" not in message and not _of_the_persona(message, matter.mentions):
        return None
    found = matter.scene.notes.best(message, matter.speaker, matter.ranked, matter.context)
    sure = found is not None and found.sure and (found.fact.relation == "note" or not any(p.known for p in parts))
    return found if found is None or sure or _wanted(found, matter) else None


def _to_do(matter: Matter) -> bool:
    """Does small talk ask for something else than memories: what one would do, a joke, advice?"""
    supposed = _SUPPOSED.search(matter.message) is not None
    return matter.route == "chat" and (supposed or act_of(matter.message) in _TO_DO)


def _wanted(found: "Recalled", matter: Matter) -> bool:
    """May a note that is not beyond doubt be told?"""
    message, route, parts = matter.message, matter.route, matter.parts
    if any(part.ask.form == "polar" and part.ask.relation for part in parts):
        return False  # "is Monica dating Chandler?" has its answer, or none
    if route == "chat":  # a question that nothing was made of; small talk shares no rare words with a note
        return "?" in message or wants_a_fact(message)
    if route == "fact" and narrowed(parts, found, matter.scene.graph):
        return True
    beside = route == "fact" and any(part.ask.asked in {"time", "place", "reason", "manner"} for part in parts)
    return route == "abstain" or beside or {part.answer.status for part in parts} == {"silent"}


def _of_nobody(message: str, parts: Sequence[Part]) -> bool:
    """As in "who is Emily?", before anybody has met one: a note with that name is of something else."""
    short = len(message.split()) <= _SHORT and _WHO_IS.search(message) is not None
    return short and not any(part.known for part in parts)


def narrowed(parts: Sequence[Part], note: "Recalled", graph: "Graph") -> tuple[Part, ...]:
    """Of several known answers the one that the note names: "who did you marry in Vegas?"; none where that is open."""
    if len(parts) != 1 or not parts[0].known or len(parts[0].answer.facts) < 2 or note.share < 1.0 or note.words < 3:
        return ()
    if parts[0].ask.relation in _NO_RELATIONS or parts[0].ask.asked != "object":
        return ()
    part, words = parts[0], set(re.findall(r"[\w'-]+", note.fact.object.replace("'s", "")))
    names = {f.id: graph.name(f.subject if f.object == part.ask.subject else f.object) for f in part.answer.facts}
    named = tuple(f for f in part.answer.facts if set(names[f.id].split()[:1]) & words)
    if len({names[f.id] for f in named}) != 1:
        return ()
    return (replace(part, answer=replace(part.answer, facts=named, why=f"{part.answer.why}; a note names it")),)


def beside(matter: Matter) -> "Recalled | None":
    """A note on the same matter, for want of an answer."""
    message, route, parts = matter.message, matter.route, matter.parts
    asked = "?" in message or route == "abstain"
    if route not in {"abstain", "chat"} or _of_nobody(message, parts) or _to_do(matter):
        return None
    if not asked and not _of_the_persona(message, matter.mentions):
        return None
    if any(part.ask.form == "polar" and part.ask.relation for part in parts):
        return None  # "is Monica dating Chandler?": whom she asked out is beside the point
    return matter.scene.notes.related(message, matter.speaker, matter.ranked, statement=not asked)


def correcting(matter: Matter, answer: "Recalled | None") -> "Recalled | None":
    """A note that shows wrong what the message takes for granted, where no relation has said so, nor an `answer` fits
    better.
    """
    if matter.route not in {"abstain", "chat", "fact"} or any(p.answer.status == "known" for p in matter.parts):
        return None
    if _to_do(matter):
        return None
    if "?" not in matter.message and not _of_the_persona(matter.message, matter.mentions):
        return None
    likely = max(matter.ranked, key=lambda r: r.reading.correcting if r.reading else 0.0, default=None)
    if likely is None or likely.reading is None or not likely.corrects:
        return None
    better = answer is not None and answer.reading and answer.reading.answering > likely.reading.correcting
    return None if better else likely


def _of_the_persona(message: str, mentions: Sequence[Mention]) -> bool:
    """Does a statement speak of the persona or its people, and not of the user's own day?"""
    if _OF_ONESELF.match(message) and not _TOLD.search(message):
        return False
    return _YOU.search(message) is not None or any(m.how in {"alias", "fuzzy", "relation"} for m in mentions)
