"""What travels out of the graph: nodes, facts, claims, and what linking and retrieval return.

Everything here is immutable. Node ids are slugs of the name (`monica_geller`); moments are episode codes
(`S03E07`), see `parsing.episodes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["supported", "contradicted", "unverifiable"]


@dataclass(frozen=True, slots=True)
class Alias:
    """A name an entity goes by, sayable from `revealed` on (a married name isn't, before the wedding)."""

    text: str
    revealed: str


@dataclass(frozen=True, slots=True)
class Node:
    """An entity of the show, or an event (`type == "event"`)."""

    id: str
    type: str  # person, place, organisation, animal, thing, event
    name: str
    aliases: tuple[Alias, ...] = ()
    gender: str = ""  # "female", "male" or ""
    revealed: str = "S01E01"  # first episode in which a viewer meets or hears of it


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of the show. `object` is a node id, or the literal itself where `literal` is true."""

    id: str
    subject: str
    relation: str
    object: str
    literal: bool = False
    polarity: bool = True  # False: "I don't have a sister"
    since: str = "before"  # first episode in which it holds, or "before" the series
    until: str | None = None  # first episode in which it no longer holds
    revealed: str = "S01E01"  # first episode after which a viewer can know it
    known_by: Mapping[str, str] = field(default_factory=dict)  # node id -> episode from which that character knows
    confidence: float = 1.0
    evidence: tuple[str, ...] = ()  # utterance ids
    extractor: str = ""  # which rule found it; "curated" where it comes from corrections

    def holds(self, episode: str) -> bool:
        """Whether it is so in `episode`; `until` is the first episode in which it no longer is."""
        started = self.since == "before" or self.since <= episode
        return started and (self.until is None or episode < self.until)


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of the message that names an entity. `start`, `end` are character offsets."""

    text: str
    start: int
    end: int
    node: str  # node id
    how: str  # "alias", "fuzzy", "you", "relation" ("your sister"), "history" ("he"); inside kg also "stranger"


@dataclass(frozen=True)
class Ask:
    """What a message asks of the graph: relation and the slots that are filled; None where nothing is asked.

    Three values of `relation` are no relations of the table: "" (something that no relation covers: abstain), "about"
    ("who is Monica?") and "event" (`kind` says which). `subject` is "" where only the object is known.

    "Who is your sister?" to Ross: subject `ross_geller`, relation `sibling`, object None, wanted gender female.
    "Is Monica your sister?": object `monica_geller` too (a yes/no question, `form == "polar"`).
    """

    relation: str
    subject: str
    object: str | None = None
    gender: str = ""
    form: str = "wh"  # "wh", "polar" (a yes/no question) or "presupposed" ("when did you marry Monica?")
    asked: str = "object"  # the slot asked for: "object", "subject", "time", "place", "count", "reason"
    kind: str = ""  # of the event (subject its agent, object its patient); else "denies" ("single"), "middle name", …
    past: bool = False  # a former state is asked for ("your ex-wife", "who were you married to")
    ever: bool = False  # any time will do ("who did you marry?", "have you ever been married?")
    order: str = ""  # "first", "second", "third" or "last": which one of several
    text: str = ""  # the words of the message this was read off
    of: "Ask | None" = None  # the matter, of "who knows that …?"


@dataclass(frozen=True)
class Answer:
    """What the graph says to an `Ask`, and the facts that say it.

    `known`: `facts` answer it (or confirm it). `denied`: it is not so ("are you married?" before the wedding).
    `false_premise`: the question takes for granted what is not so. `silent`: the graph doesn't say: abstain.
    """

    status: Literal["known", "denied", "false_premise", "silent"]
    facts: tuple[Fact, ...] = ()
    why: str = ""
    hedged: bool = False  # of others the knower says "not that I know of"
    people: tuple[str, ...] = ()  # node ids, where people are asked for that no fact has as an end ("who knows …?")


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A fact chosen for the prompt, with its score and, in words, why it came in."""

    fact: Fact
    score: float
    why: str


@dataclass(frozen=True)
class Claim:
    """A triple read off a reply and what the graph says of it. `subject` and `object` are names as said."""

    subject: str
    relation: str
    object: str
    verdict: Verdict
    polarity: bool = True
    facts: tuple[Fact, ...] = ()  # what supports or contradicts it
    why: str = ""
