"""The base model's corpus: conversations as chat, packed into token files.

General conversation comes from `$CANON_DATA/dialogue/<source>.jsonl.xz`, the show from the training split of its
utterances (`build/<show>/utterances.parquet`). Each conversation is told from one speaker's side: that speaker is the
assistant, all others are the user; so the chat format is learned from the first token on. Whole conversations are
packed one behind the other into one array of 16-bit ids.

`python -m training corpus friends` writes `build/corpus/{train,dev}.bin` and `corpus.json` (counts per source).
"""

import json
import lzma
import os
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parsing.episodes import split_of
from parsing.errors import NotFound
from parsing.files import write_json
from parsing.manifest import load_show
from parsing.tables import load_utterances
from training.prompt import system_line

# Share of the tokens of one pass; the rest of each source is left out. Task-oriented talk is stiff: little of it.
TOKENS = {
    "self_dialogue": 3_500_000,
    "topical_chat": 1_200_000,
    "podcasts": 1_500_000,
    "sgd_sample": 300_000,
    "movies": 6_000_000,  # the last: in an ordered corpus, films come between general conversation and the show
}
SHOW_PASSES = 3  # how often the show's own training split is in the mix
LONGEST = 24  # turns of one conversation piece
DEV_EVERY = 100  # of the general conversations, one in so many is held out


@dataclass(frozen=True)
class Talk:
    """One conversation: (speaker, text) turns, and the persona and show where it comes from a show."""

    source: str
    turns: tuple[tuple[str, str], ...]
    persona: str = ""
    show: str = ""


def general(source: str, folder: Path | None = None) -> Iterator[Talk]:
    """The conversations of one source of the data folder. Raises `NotFound` where CANON_DATA isn't set."""
    root = folder or Path(os.environ.get("CANON_DATA", "")) / "dialogue"
    path = root / f"{source}.jsonl.xz"
    if not path.is_file():
        raise NotFound(f"no conversations at {path}: set CANON_DATA to the folder that holds dialogue/ (docs/data.md)")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            turns = [(t["speaker"], " ".join(t["text"].split())) for t in json.loads(line)["turns"]]
            for start in range(0, len(turns), LONGEST):
                piece = tuple(turns[start : start + LONGEST])
                if len(piece) > 1:
                    yield Talk(source, piece)


def of_show(name: str, split: str = "train") -> Iterator[Talk]:
    """The scenes of one split, once for each of its personas who speak there."""
    show = load_show(name)
    table = load_utterances(show)
    table = table[(table.episode.map(split_of) == split) & table.speaker.notna()]
    personas = {member.name for member in show.personas}
    for _, scene in table.groupby(["episode", "scene"], sort=True):
        turns = [(str(s), str(t)) for s, t in zip(scene.speaker, scene.text, strict=True) if t]
        for start in range(0, len(turns), LONGEST):
            piece = tuple(turns[start : start + LONGEST])
            speakers = [s for s in dict.fromkeys(s for s, _ in piece) if s in personas]
            if len(piece) > 1:
                yield from (Talk(name, piece, persona=s, show=show.title) for s in speakers[:1] or [""])


def as_chat(talk: Talk, rng: random.Random) -> list[dict[str, str]]:
    """The conversation from one speaker's side; lines of the same side in a row become one turn."""
    voice = talk.persona or rng.choice([s for s, _ in talk.turns[:2]])
    chat: list[dict[str, str]] = []
    if talk.persona:
        chat.append({"role": "system", "content": system_line(talk.persona, talk.show)})
    for speaker, text in talk.turns:
        role = "assistant" if speaker == voice else "user"
        if chat and chat[-1]["role"] == role:
            chat[-1]["content"] += "\n" + text
        else:
            chat.append({"role": role, "content": text})
    return chat


def encode(tokenizer: Any, chats: Sequence[list[dict[str, str]]]) -> list[list[int]]:
    """Token ids of many chats."""
    texts = [tokenizer.apply_chat_template(chat, tokenize=False) for chat in chats]
    return list(tokenizer(texts, add_special_tokens=False)["input_ids"]) if texts else []


def texts(shows: Iterable[str], limit: int = 40_000, seed: int = 1) -> Iterator[str]:
    """A sample of raw turns for training the tokenizer."""
    rng = random.Random(seed)
    for source in TOKENS:
        talks = list(general(source))
        rng.shuffle(talks)
        yield from (text for talk in talks[: limit // 8] for _, text in talk.turns)
    for name in shows:
        yield from (text for talk in of_show(name) for _, text in talk.turns)


def build_corpus(
    shows: Sequence[str],
    tokenizer: Any,
    folder: Path,
    seed: int = 1,
    *,
    series: Sequence[str] = (),
    ordered: bool = False,
) -> dict[str, Any]:
    """Write `train.bin`, `dev_general.bin`, `dev_show.bin` (uint16) and `corpus.json`; returns its counts.

    `series` are further shows, read once, in the manner of films. Everything is shuffled; `ordered` puts general
    conversation first, then films and series, then the shows.
    """
    rng = random.Random(seed)
    train: list[list[int]] = []
    held: list[list[int]] = []
    counts: dict[str, Any] = {"vocabulary": len(tokenizer), "seed": seed, "ordered": ordered, "sources": {}}
    starts: list[int] = []  # where a part of an ordered corpus begins
    for source, budget in TOKENS.items():
        starts += [len(train)] if source == "movies" else []
        talks = list(general(source))
        rng.shuffle(talks)
        used = total = 0
        for start in range(0, len(talks), 512):
            batch = talks[start : start + 512]
            for number, ids in enumerate(encode(tokenizer, [as_chat(t, rng) for t in batch]), start):
                (held if number % DEV_EVERY == 0 else train).append(ids)
                total += len(ids)
                used += 1
            if total >= budget:
                break
        counts["sources"][source] = {"conversations": used, "tokens": total, "available": len(talks)}
    for name in series:
        chats = encode(tokenizer, [as_chat(t, rng) for t in of_show(name)])
        counts["sources"][name] = {"conversations": len(chats), "tokens": sum(map(len, chats)), "passes": 1}
        train.extend(chats)
    for name in shows:
        chats = encode(tokenizer, [as_chat(t, rng) for t in of_show(name)])
        counts["sources"][name] = {"conversations": len(chats), "tokens": sum(map(len, chats)), "passes": SHOW_PASSES}
        starts += [len(train)] if name == shows[0] else []
        train.extend(chats * SHOW_PASSES)
    train = _shuffled(train, starts if ordered else [], rng)
    dev_show = [ids for name in shows for ids in encode(tokenizer, [as_chat(t, rng) for t in of_show(name, "dev")])]
    for part, chats in (("train", train), ("dev_general", held), ("dev_show", dev_show)):
        counts[part] = pack(chats, folder / f"{part}.bin")
    counts["bytes_per_token"] = {
        part: _bytes_per_token(tokenizer, chats) for part, chats in (("dev_general", held), ("dev_show", dev_show))
    }
    write_json(folder / "corpus.json", counts)
    return counts


def _shuffled(chats: list[list[int]], starts: Sequence[int], rng: random.Random) -> list[list[int]]:
    """Shuffled as a whole, or inside each of the parts that begin at `starts`."""
    made: list[list[int]] = []
    for begin, end in zip((0, *starts), (*starts, len(chats)), strict=True):
        part = chats[begin:end]
        rng.shuffle(part)
        made += part
    return made


def pack(chats: Sequence[Sequence[int]], path: Path) -> int:
    """Write all ids one behind the other as uint16; returns how many."""
    import numpy as np

    from parsing.files import replacing

    flat = np.fromiter((i for ids in chats for i in ids), dtype=np.uint16)
    with replacing(path) as temporary:
        flat.tofile(temporary)
    return int(flat.size)


def _bytes_per_token(tokenizer: Any, chats: Sequence[Sequence[int]]) -> float:
    """UTF-8 bytes of text a token, role marks counted as no bytes: for bits per byte."""
    sample = chats[:2000]
    size = sum(len(text.encode()) for text in tokenizer.batch_decode(sample, skip_special_tokens=True))
    return size / max(1, sum(map(len, sample)))
