"""How right generated questions are: a sample read by hand (`labels/generated.csv`: id, label, note in our own words).

`right`: the question can be asked, and what counts as right and as wrong is so. `key`: the show says otherwise, or more
than one answer is right and not all are accepted (the graph's fault, mostly). `wording`: nobody would ask so.
"""

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from evaluation.statistics import Share
from parsing.errors import BadFile, NotFound

LABELS = Path(__file__).with_name("labels") / "generated.csv"
COLUMNS = ["id", "label", "note"]
KINDS = ("right", "key", "wording")


def draw(ids: Sequence[str], n: int, seed: int) -> list[str]:
    """`n` ids to be read, in the file's order."""
    chosen = set(random.Random(seed).sample(sorted(ids), min(n, len(ids))))
    return [i for i in ids if i in chosen]


def measure(path: Path = LABELS) -> dict[str, Any]:
    """Share of right questions, in all and by show (the id's part before `-g`), and the errors by kind."""
    if not path.is_file():
        raise NotFound(f"no labels at {path}: expected a CSV file with the columns {', '.join(COLUMNS)}")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if list(table.columns) != COLUMNS:
        raise BadFile(f"{path}: columns are {', '.join(table.columns)}; expected {', '.join(COLUMNS)}")
    odd = table[~table.label.isin(KINDS)]
    if len(odd):
        raise BadFile(f"{path}, line {odd.index[0] + 2}: label '{odd.label.iloc[0]}', expected {', '.join(KINDS)}")
    shows = table.id.str.rpartition("-g")[0]
    return {
        "right": _share(table),
        "shows": {str(show): _share(table[shows == show]) for show in sorted(set(shows))},
        "errors": dict(Counter(table.label[table.label != "right"])),
    }


def _share(table: pd.DataFrame) -> dict[str, float | int]:
    return Share(int((table.label == "right").sum()), len(table)).to_json()
