"""One grounded reply: history → link → understand → retrieve → prompt → candidates → claims → choose or repair.

The service, the script and the evaluation all go through `Bot.reply`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.engines import Engine
from app.types import ChatRequest, Reply, Turn
from parsing.manifest import Show

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["Bot", "ChatRequest", "Reply", "Turn"]


class Bot:
    """Answers as the personas of some shows, through one engine."""

    def __init__(self, shows: Sequence[Show], engine: Engine, candidates: int = 4) -> None:
        self.shows = {show.id: show for show in shows}
        self.engine = engine
        self.candidates = candidates

    def show(self, show_id: str) -> Show:
        """The show called `show_id`. Raises `NotFound`."""
        raise NotImplementedError

    def graph(self, request: ChatRequest) -> "Graph":
        """The graph as the request's persona may see it: for `Reply.to_json` and for drawing."""
        raise NotImplementedError

    def warm(self) -> None:
        """Load graphs and model, so that the first reply is as quick as the others. Blocks: run it off the loop."""
        raise NotImplementedError

    async def reply(self, request: ChatRequest) -> Reply:
        """One reply. Raises `BadInput`, `NotFound` or `Unavailable`; cancelling it stops the engine."""
        raise NotImplementedError
