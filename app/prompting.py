"""The prompt of one reply: which facts and how much history fit, in the one format that the models were trained on."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.engines import Engine, Settings
from app.judging import Talk
from app.names import NameFilter
from app.types import Turn
from kg.types import Fact
from parsing.manifest import CastMember, Show

_MARKS = re.compile(r"<\|[^|<>]*\|>|</?s>|\[/?INST\]|[\x00-\x08\x0b-\x1f]")
TURNS = 8  # most turns of history in a prompt
HISTORY = 240  # most tokens of history


@dataclass(frozen=True)
class Prompt:
    """Messages for the engine, and what was left out of them."""

    messages: tuple[dict[str, str], ...]
    facts: tuple[str, ...]  # the lines that stand in it
    turns_dropped: int
    facts_dropped: int
    fits: bool = True  # is there room for the reply, with all that may be left out left out?


def sayable(history: Sequence[Turn], names: NameFilter) -> tuple[Turn, ...]:
    """The history without replies that name somebody who mustn't be named now (made under a later episode)."""
    by_user = [turn.content for turn in history if turn.role == "user"]
    return tuple(t for t in history if t.role == "user" or not names.strangers(t.content, by_user))


def window(history: Sequence[Turn], count: Callable[[str], int], budget: int = HISTORY) -> tuple[Turn, ...]:
    """The latest turns that fit into `budget` tokens, at most `TURNS` of them, beginning with the user's."""
    kept: list[Turn] = []
    left = budget
    for turn in reversed(history[-TURNS:]):
        left -= count(turn.content)
        if left < 0:
            break
        kept.insert(0, turn)
    while kept and kept[0].role != "user":
        kept.pop(0)
    return tuple(kept)


def plain(text: str) -> str:
    """One line without control marks: what a user writes can forge neither a role nor a line of facts."""
    return " ".join(_MARKS.sub(" ", text).split()).removeprefix("* ")


@dataclass(frozen=True)
class Prompter:
    """Makes the prompts of one persona for one engine."""

    show: Show
    member: CastMember
    engine: Engine
    settings: Settings

    def build(
        self, talk: Talk, facts: Sequence[Fact], history: Sequence[Turn], say: str = "", room: int | None = None
    ) -> Prompt:
        """The prompt of a grounded reply: as many facts and turns as fit beside the message and the reply.

        `say` is the sentence that the reply has to carry, `room` how many tokens the reply may have (those of the
        settings by default).
        """
        from kg.wording import prompt_line

        lines = dict.fromkeys(prompt_line(talk.scene.graph, fact, talk.speaker) for fact in facts)
        return self.fitted(talk.message, list(lines), history, say, room)

    def fitted(
        self, message: str, lines: list[str], history: Sequence[Turn], say: str = "", room: int | None = None
    ) -> Prompt:
        """Old turns go first, then the facts of the least score; the message is never cut."""
        from training.prompt import messages as chat_messages

        instructed = getattr(self.engine, "instructed", False)
        turns, kept = list(window(history, self.engine.count)), list(lines)
        while True:
            before = [{"role": turn.role, "content": plain(turn.content)} for turn in turns]
            messages = chat_messages(self.member.name, self.show.title, plain(message), kept, before, say, instructed)
            size = sum(self.engine.count(m["content"]) + 8 for m in messages)
            fits = size + (room or self.settings.max_tokens) <= self.engine.context
            if fits or not (turns or kept):
                return Prompt(tuple(messages), tuple(kept), len(history) - len(turns), len(lines) - len(kept), fits)
            if turns:
                turns = turns[2:]
            else:
                kept.pop()
