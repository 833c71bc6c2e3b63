"""What the store takes and gives: a conversation, its turns, and the path through them that is read now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Conversation:
    """One conversation of one owner with one persona; its turns make a tree, read from its root to `leaf`."""

    id: str
    title: str
    show: str  # show id
    persona: str  # slug
    created: float  # unix seconds, as all times here
    updated: float
    leaf: str | None = None  # the turn the conversation stands at; None while nothing was said
    branched_from: str | None = None  # the conversation it was copied from


@dataclass(frozen=True)
class NewTurn:
    """A turn that is to be kept. `canon` is what goes with an answer (verdict, facts, claims); None for the user's."""

    role: str  # "user" or "assistant"
    content: str
    as_of: str  # the episode up to which the viewer had watched when this was said
    knows: str
    canon: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class StoredTurn(NewTurn):
    """A turn as it is kept. `siblings` are the turns that stand in its place in other branches, itself among them."""

    id: str = ""
    parent: str | None = None  # the turn before
    created: float = 0.0
    siblings: tuple[str, ...] = field(default=())  # ids, oldest first


@dataclass(frozen=True)
class Opened:
    """A conversation with the turns from its root to where it stands."""

    conversation: Conversation
    path: tuple[StoredTurn, ...]

    def turn(self, turn_id: str) -> StoredTurn | None:
        """The turn of that id on the path."""
        return next((turn for turn in self.path if turn.id == turn_id), None)


@dataclass(frozen=True)
class Page:
    """Some of an owner's conversations, the latest first, and where the next ones begin (None: no more)."""

    conversations: tuple[Conversation, ...]
    following: str | None
