"""What all readings of a clause share: whom its phrases denote, and how an `Ask` is made of a relation noun."""

import re
from collections.abc import Sequence

from kg.frames import Frame
from kg.graph import Graph
from kg.nouns import Noun
from kg.phrases import Phrase, Step
from kg.relations import relations
from kg.types import Ask

OPINION = "opinion"  # `Ask.kind` of what is asked as "what do you think of …?"
BEFORE = "before "  # `Ask.kind` of what was so before another, whose node id follows
DENIES = "denies"  # `Ask.kind` of a predicate that says no: "are you single?"
PARTS_OF_NAMES = frozenset(
    {"first name", "middle name", "middle initial", "maiden name", "last name", "surname", "family name"}
)  # values of `Ask.kind`
STATES = frozenset({"spouse", "dating", "engaged_to", "roommate"})
SLOTS = {  # question word -> the slot it asks for
    "when": "time", "how long": "time", "where": "place", "why": "reason", "how come": "reason", "how": "manner",
"what city": "place", "what town": "place", "what country": "place", "what restaurant": "place",
        "how many": "count",
}  # fmt: skip


class Clauses:
    """One message, its phrases and the persona it is said to."""

    def __init__(self, message: str, phrases: Sequence[Phrase], persona_id: str, graph: Graph) -> None:
        self.message = message
        self.phrases = (*phrases, Phrase(len(message), len(message), (persona_id,)))  # the last one is implied
        self.persona = persona_id
        self.graph = graph
        self.used: set[int] = set()  # phrases whose steps are what is asked

    def _subjects(self, frame: Frame) -> tuple[str, ...]:
        """Node ids of the subject; empty where it is no phrase or a phrase that leads nowhere."""
        nodes = [n for i in frame.subjects for n in self._denoted(i)]
        return tuple(n for n in dict.fromkeys(nodes) if n in self.graph.nodes)

    def _denoted(self, index: int) -> tuple[str, ...]:
        phrase = self.phrases[index]
        return (phrase.apposed,) if phrase.apposed else phrase.nodes

    def _object(self, mark: str) -> str | None:
        """What stands in an object's place: a node id, a literal; None where the phrase leads nowhere."""
        if not mark.startswith("§"):
            return mark or None
        nodes = self._denoted(int(mark[1:]))
        return nodes[0] if nodes else None

    def _form(self, frame: Frame) -> str:
        if frame.wh:
            return "wh"
        return "polar" if frame.question else "presupposed"

    def _ask(self, step: Step, object_: str | None, form: str, frame: Frame, *, asked: str = "object") -> Ask:
        noun = step.noun
        return Ask(
            noun.relation,
            step.subject,
            object_,
            gender=noun.gender,
            form=form,
            asked=asked,
            past=noun.former
            or bool(self._earlier(frame))
            or (frame.past and not noun.ever and object_ is None and form == "wh" and _state(noun)),
            ever=noun.ever or frame.did or frame.past,
            kind=noun.text if noun.text in PARTS_OF_NAMES or _narrows(noun) else self._earlier(frame),
            order=noun.order,
            text=frame.text,
        )

    def _earlier(self, frame: Frame) -> str:
        """`Ask.kind` of what was before somebody or something: "your roommate before Joey"."""
        named = re.search(r"\bbefore (§\d+)(?=\W*$| (?:move|come|go|be|do|have)\b| \w+ed\b)", frame.text)
        nodes = self._denoted(int(named[1][1:])) if named else ()
        return f"{BEFORE}{nodes[0]}" if nodes and nodes[0] != self.persona else ""


def _narrows(noun: Noun) -> bool:
    """Does the noun say what the object is ("dog" of a pet)?"""
    by = relations()[noun.relation].narrowed_by
    return bool(by) and noun.text.removesuffix("s") in relations()[by].words


def _state(noun: Noun) -> bool:
    return noun.relation in STATES


def slot_asked(frame: Frame) -> str:
    """The slot of a relation that the clause's question word asks for."""
    return SLOTS.get(frame.wh, "object")
