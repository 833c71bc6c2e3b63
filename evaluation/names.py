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
_TITLE = re.compile(r"^(?:(?:mr|mrs|ms|miss|dr|doctor|professor|aunt|uncle|grandma|grandpa)\b\.?\s+)+", re.IGNORECASE)
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
    spoken = table[table["speaker"].notna() & (table["text"].str.split().str.len() >= _WORDS)]
    spoken = spoken[spoken["episode"].str[4:].astype(int) % _TEST == 0]
    texts = dict(zip(spoken["id"].tolist(), spoken["text"].tolist(), strict=True))
    rng = random.Random(seed)
    every = rng.sample(sorted(texts), n - n // 2)
    rest = sorted(i for i in set(texts) - set(every) if _INNER.search(texts[i]))
    return [(i, "all") for i in every] + [(i, "capital") for i in rng.sample(rest, n // 2)]
