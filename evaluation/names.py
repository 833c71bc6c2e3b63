"""Person names in dialogue: which lines are labelled (a seeded draw from test episodes), and how a pipeline scores.

Labels (`evaluation/labels/names.csv`) are ids and character offsets of person names, found by reading: first names,
surnames, nicknames and full names of people, real or made up, as they stand; no title ("Mrs."), no possessive "'s".
"""

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from parsing.errors import BadFile, NotFound
from parsing.manifest import ROOT

if TYPE_CHECKING:
    from spacy.tokens import Doc

LABELS = ROOT / "evaluation" / "labels" / "names.csv"
SEED = 11
_TEST = 8  # episodes whose number is a multiple of it are test episodes
_WORDS = 3  # shorter lines hold little
_INNER = re.compile(r"(?<=[a-z,;] )(?!I\b)[A-Z][a-z]+")  # a capital inside a sentence
_TITLE = re.compile(r"^(?:(?:mr|mrs|ms|miss|dr|doctor|professor|aunt|uncle|grandma|grandpa)\b\.?\s*)+", re.IGNORECASE)
_TAIL = re.compile(r"(?:['’]s?|[\s.,!?;:\"-])+$")
Span = tuple[int, int]


@dataclass(frozen=True)
class Score:
    """Exact spans: found and right, found, and wanted."""

    right: int
    found: int
    wanted: int

    def to_json(self) -> dict[str, float | int]:
        """{precision, recall, f1} of 1 and the counts."""
        precision = self.right / self.found if self.found else 0.0
        recall = self.right / self.wanted if self.wanted else 0.0
        f1 = 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0
        shares = {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}
        return shares | {"right": self.right, "found": self.found, "wanted": self.wanted}


def draw(table: pd.DataFrame, n: int = 300, seed: int = SEED) -> list[tuple[str, str]]:
    """(id, part) of the lines to label: half drawn from all lines, half from those with a capital inside a sentence."""
    spoken = table[table["speaker"].notna() & (table["text"].map(lambda text: len(text.split())) >= _WORDS)]
    spoken = spoken[spoken["episode"].str[4:].astype(int) % _TEST == 0]
    texts = dict(zip(spoken["id"].tolist(), spoken["text"].tolist(), strict=True))
    rng = random.Random(seed)
    every = rng.sample(sorted(texts), n - n // 2)
    rest = sorted(i for i in set(texts) - set(every) if _INNER.search(texts[i]))
    return [(i, "all") for i in every] + [(i, "capital") for i in rng.sample(rest, n // 2)]


def read_labels(path: Path = LABELS) -> dict[str, tuple[str, frozenset[Span]]]:
    """Utterance id -> (part of the draw, character offsets of its names). Raises `NotFound`, or `BadFile` by line."""
    if not path.is_file():
        raise NotFound(f"no labelled names at {path}")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if missing := {"id", "part", "names"} - set(table.columns):
        raise BadFile(f"{path}: no column {', '.join(sorted(missing))}")
    found = {}
    for n, row in enumerate(table.itertuples(index=False), 2):
        if not re.fullmatch(r"(?:\d+-\d+(?: \d+-\d+)*)?", str(row.names)):
            raise BadFile(f"{path}, line {n}: names are '{row.names}', expected offsets such as 0-4 10-16")
        spans = (tuple(map(int, s.split("-"))) for s in str(row.names).split())
        found[str(row.id)] = (str(row.part), frozenset((a, b) for a, b in spans))
    return found


def persons(doc: "Doc") -> frozenset[Span]:
    """Character offsets of a document's persons, without titles before and points and "'s" after."""
    return frozenset(trimmed(doc.text, e.start_char, e.end_char) for e in doc.ents if e.label_ == "PERSON")


def trimmed(text: str, start: int, end: int) -> Span:
    """A name's offsets without a title before it and what isn't part of it behind."""
    words = text[start:end]
    title = _TITLE.match(words)
    start += title.end() if title and title.end() < len(words) else 0
    tail = _TAIL.search(text[start:end])
    return start, end - (len(tail[0]) if tail and tail.start() else 0)


def score(found: Mapping[str, Iterable[Span]], wanted: Mapping[str, Iterable[Span]]) -> Score:
    """Exact spans over the lines of `wanted`."""
    gold = {(i, s) for i, spans in wanted.items() for s in spans}
    said = {(i, s) for i in wanted for s in found.get(i, ())}
    return Score(len(gold & said), len(said), len(gold))


def by_part(
    found: Mapping[str, Iterable[Span]], labels: Mapping[str, tuple[str, frozenset[Span]]]
) -> dict[str, dict[str, float | int]]:
    """Scores of all lines, and of the two halves of the draw."""
    parts = {"lines": labels, **{p: {i: v for i, v in labels.items() if v[0] == p} for p in ("all", "capital")}}
    return {name: score(found, {i: spans for i, (_, spans) in part.items()}).to_json() for name, part in parts.items()}


def texts(table: pd.DataFrame, ids: Iterable[str]) -> list[tuple[str, str]]:
    """(id, text) of the labelled lines. Raises `NotFound` naming an id that the table lacks."""
    known: dict[str, Any] = dict(zip(table["id"].tolist(), table["text"].tolist(), strict=True))
    lines = [(i, known.get(i)) for i in ids]
    if lost := [i for i, text in lines if text is None]:
        raise NotFound(f"the parsed show has no line {lost[0]} ({len(lost)} labelled lines are missing): parse it anew")
    return [(i, str(text)) for i, text in lines]


def conll(path: Path, columns: tuple[int, int]) -> list[tuple[Sequence[str], Sequence[str]]]:
    """Sentences (words, IOB tags) of a column file; `columns` are those of word and tag. Raises `NotFound`."""
    if not path.is_file():
        raise NotFound(f"no {path}: CANON_DATA names the folder that holds spacy/ (docs/data.md)")
    sentences: list[tuple[list[str], list[str]]] = [([], [])]
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if len(cells) > max(columns) and not line.startswith("#"):
            sentences[-1][0].append(cells[columns[0]])
            sentences[-1][1].append(cells[columns[1]])
        elif not line.strip() and sentences[-1][0]:
            sentences.append(([], []))
    return [s for s in sentences if s[0]]


def spans_of(tags: Sequence[str]) -> set[tuple[int, int, str]]:
    """(start, end, type) of an IOB sequence (Ramshaw and Marcus, 1995)."""
    found, start = set(), 0
    for i, tag in enumerate([*tags, "O"]):
        before = tags[i - 1] if i else "O"
        if before != "O" and (tag[:1] in {"O", "B"} or tag[2:] != before[2:]):
            found.add((start, i, before[2:]))
        if tag[:1] == "B" or (tag[:1] == "I" and (before == "O" or before[2:] != tag[2:])):
            start = i
    return found
