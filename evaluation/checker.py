"""What a reply does, by its text alone: does it abstain, deny, correct, or say one of these names?

Rules of our own (`acts.toml`) over the sentences of a reply; nothing knows the bot's phrases. Measured against
hand-made labels (`evaluation/labels/checker.csv`) by `python -m evaluation checker`.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from evaluation.statistics import Share, balanced_accuracy
from parsing.errors import BadFile, NotFound

LABELS = Path(__file__).with_name("labels") / "checker.csv"

CLASSES = ("abstains", "denies", "answers")
PARTS = ("dev", "test", "bot")  # bot: what the bot said to Harbor Lights' questions, with the graph and without
ACTS = Path(__file__).with_name("acts.toml")
ACTS_RU = Path(__file__).with_name("acts_ru.toml")


@cache
def _acts(name: str, russian: bool = False) -> re.Pattern[str]:
    """One list of `acts.toml` (`acts_ru.toml`) as a single expression."""
    return re.compile("|".join(tomllib.loads((ACTS_RU if russian else ACTS).read_text(encoding="utf-8"))[name]))


@dataclass(frozen=True)
class Reading:
    """What a reply does. `acts` is the one class that the labels use."""

    abstains: bool
    denies: bool
    corrects: bool

    @property
    def act(self) -> str:
        """`abstains`, `denies` (corrections included) or `answers`."""
        if self.abstains:
            return "abstains"
        return "denies" if self.denies or self.corrects else "answers"


def normal(text: str) -> str:
    """Lower case, straight quotes, single spaces, no marks over letters."""
    plain = text.replace("’", "'").replace("‘", "'").casefold()
    plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(plain.split())


def read_reply(text: str) -> Reading:
    """Read one reply."""
    plain = normal(text)
    russian = re.search("[а-я]", plain) is not None
    bare = _acts("idioms", russian).sub(" ", plain)
    abstains = bool(_acts("abstains", russian).search(bare))
    rest = _acts("abstains", russian).sub(" ", bare)
    denies = bool(_acts("negations", russian).search(rest)) and not _acts("affirms", russian).search(plain)
    return Reading(abstains, denies, bool(_acts("corrects", russian).search(rest)))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9а-я]){re.escape(normal(name))}(?![a-z0-9а-я])")


def says(text: str, names: Iterable[str]) -> str:
    """The first of `names` that stands in the text as a word of its own, or ""."""
    plain = normal(text)
    return next((name for name in names if name and _pattern(name).search(plain)), "")


def read_labels(path: Path) -> pd.DataFrame:
    """The labels: columns reply, label and part. Raises `NotFound` or `BadFile` naming the line."""
    if not path.is_file():
        raise NotFound(f"no labels at {path}: expected a CSV file with the columns reply, label, part")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if list(table.columns) != ["reply", "label", "part"]:
        raise BadFile(f"{path}: columns are {', '.join(table.columns)}; expected reply, label, part")
    for column, allowed in (("label", CLASSES), ("part", PARTS)):
        bad = table[~table[column].isin(allowed)]
        if len(bad):
            found = bad[column].iloc[0]
            raise BadFile(f"{path}, label {bad.index[0] + 1}: {column} is '{found}', expected {' or '.join(allowed)}")
    return table


def measure(path: Path = LABELS) -> dict[str, object]:
    """Agreement of the rules with the hand-made labels; the rules were written with part `dev` in sight only."""
    table = read_labels(path)
    result: dict[str, object] = {
        "labels": len(table),
        "note": "Parts dev and test are by the hand that wrote the rules, so that test flatters them though it was not "
        "looked at; part bot is the bot's own replies (early weights), labelled before the rules read them.",
    }
    for part in (p for p in PARTS if (table.part == p).any()):
        rows = table[table.part == part]
        said = [read_reply(text).act for text in rows.reply]
        gold = rows.label.tolist()
        result[part] = {
            "balanced_accuracy": round(balanced_accuracy(gold, said), 4),
            "accuracy": Share(sum(g == s for g, s in zip(gold, said, strict=True)), len(gold)).to_json(),
            "confusion": confusion(gold, said),
            "baseline_always_answers": round(balanced_accuracy(gold, ["answers"] * len(gold)), 4),
        }
    return result


def confusion(gold: Sequence[str], said: Sequence[str]) -> dict[str, dict[str, int]]:
    """Counts by label and reading."""
    classes = sorted(set(gold) | set(said))
    return {g: {s: sum(a == g and b == s for a, b in zip(gold, said, strict=True)) for s in classes} for g in classes}
