"""Training rows that carry a loss on the reply only: made-up grounded talk, real pairs, plain dialogue.

Row i of a `Mixture` is always the same for the same seed, so a resumed run sees what an unbroken one would have seen.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch

from parsing.episodes import split_of
from training.grounded import Person, make
from training.prompt import IGNORED, Message, example, messages

if TYPE_CHECKING:
    from training.telling import Teller

LONGEST = 208  # tokens of one row; longer ones lose their oldest turns


@dataclass(frozen=True)
class Pair:
    """A real reply and what came before it, with the lines of the facts that its last turn asks for."""

    persona: str
    show: str
    history: tuple[Message, ...]
    message: str
    reply: str
    facts: tuple[str, ...] = ()


def to_pair(row: Mapping[str, Any], show: str, facts: Sequence[str] = ()) -> Pair | None:
    """A row of pairs.jsonl from the persona's side; None where nobody else spoke last."""
    turns: list[Message] = []
    for line in row["context"]:
        role = "assistant" if line["speaker"] == row["persona"] else "user"
        if turns and turns[-1]["role"] == role:
            turns[-1]["content"] += "\n" + line["text"]
        else:
            turns.append({"role": role, "content": line["text"]})
    if not turns or turns[-1]["role"] != "user":
        return None
    return Pair(row["persona"], show, tuple(turns[:-1]), turns[-1]["content"], row["reply"], tuple(facts))


def pairs_of(rows: Sequence[Mapping[str, Any]], show: str, split: str, persona: str = "") -> list[Pair]:
    """The pairs of one split, of one persona or of all."""
    wanted = (r for r in rows if split_of(r["id"]) == split and (not persona or r["persona"] == persona))
    return [pair for pair in (to_pair(row, show) for row in wanted) if pair]


def encoded(tokenizer: Any, pair: Pair) -> dict[str, Any]:
    """Ids and labels of a pair, without its oldest turns where it is too long."""
    history = list(pair.history)
    while True:
        prompt = messages(pair.persona, pair.show, pair.message, pair.facts, history)
        ids, labels = example(tokenizer, prompt, pair.reply)
        if len(ids) <= LONGEST or not history:
            return {"input_ids": ids[-LONGEST:], "labels": labels[-LONGEST:]}
        history.pop(0)


@dataclass
class Mixture(torch.utils.data.Dataset[dict[str, Any]]):
    """Rows drawn from made-up grounded talk, real pairs and plain dialogue in the given shares."""

    tokenizer: Any
    pairs: Sequence[Pair]
    rows: int
    seed: int = 1
    grounded: float = 0.6
    dialogue: float = 0.0
    show: str = ""  # show of the made-up talk's system line; of the pair drawn, where it is empty
    persona: Person | None = None  # the made-up talk is this persona's
    blocks: Any = field(default=())  # packed rows of plain dialogue (`training.base.Blocks`)
    teller: "Teller | None" = None  # makes the talk in which a given sentence is said
    telling: float = 0.4  # its share of the made-up talk

    def __len__(self) -> int:
        return self.rows

    def __getitem__(self, index: int) -> dict[str, Any]:
        if index >= self.rows:
            raise IndexError(index)
        rng = random.Random(self.seed * 1_000_003 + index)
        draw = rng.random()
        if draw < self.dialogue:
            row = self.blocks[rng.randrange(len(self.blocks))]["input_ids"].tolist()
            return {"input_ids": row, "labels": list(row)}
        if draw < self.dialogue + self.grounded or not self.pairs:
            return self._made_up(rng)
        pair = rng.choice(self.pairs)
        if rng.random() < 0.3 and not pair.facts:  # facts that nobody asked for change nothing
            loose = make(rng, "fact").facts
            pair = Pair(pair.persona, pair.show, pair.history, pair.message, pair.reply, loose)
        return encoded(self.tokenizer, pair)

    def _made_up(self, rng: random.Random) -> dict[str, Any]:
        if self.teller is not None and rng.random() < self.telling:
            talk = self.teller.make(rng, self.persona)
        else:
            talk = make(rng, persona=self.persona, colour=self.teller.colour if self.teller else None)
        history: tuple[Message, ...] = ()
        if self.pairs and rng.random() < 0.2:  # a question may come after other talk
            history = rng.choice(self.pairs).history[-2:]
            history = history if history and history[0]["role"] == "user" else ()
        show = self.show or (rng.choice(self.pairs).show if self.pairs else "a series")
        prompt = messages(talk.persona.name, show, talk.question, talk.facts, history, talk.say)
        ids, labels = example(self.tokenizer, prompt, talk.reply)
        return {"input_ids": ids[-LONGEST:], "labels": labels[-LONGEST:]}


def collate(rows: Sequence[Mapping[str, Any]], pad: int) -> dict[str, Any]:
    """Pad rows to one length: ids, attention mask and labels of shape [rows, longest]."""
    longest = max(len(row["input_ids"]) for row in rows)
    ids = torch.full((len(rows), longest), pad)
    labels = torch.full((len(rows), longest), IGNORED)
    mask = torch.zeros((len(rows), longest), dtype=torch.long)
    for place, row in enumerate(rows):
        size = len(row["input_ids"])
        ids[place, :size] = torch.tensor(row["input_ids"])
        labels[place, :size] = torch.tensor(row["labels"])
        mask[place, :size] = 1
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}
