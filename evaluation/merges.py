"""Are merged cue labels the same person? Merges drawn for labelling, labelled merges scored, shares of each show.

`python -m evaluation merges SHOW… --sample 200 --seed 4` draws from quality.json; somebody reads the lines around each
and writes `right` or `wrong`; `python -m evaluation merges SHOW…` scores.
"""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from evaluation.statistics import Share
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show, build_dir

LABELS = Path(__file__).with_name("labels") / "merges.csv"
COLUMNS = ("drawn", "show", "label", "name", "reason", "lines", "example", "verdict")
SEED = 4


def speakers_of(show: Show) -> dict[str, Any]:
    """The part `speakers` of a show's quality.json. Raises `NotFound` where the show wasn't parsed."""
    path = build_dir(show) / "quality.json"
    if not path.is_file():
        raise NotFound(f"no {path}: run `python -m parsing {show.id}`")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["speakers"]
    return found


def draw(shows: Sequence[Show], count: int, seed: int) -> pd.DataFrame:
    """`count` merges of all shows together; those by case and points alone only where the others don't suffice."""
    rows = [{"drawn": "", "show": show.id, **m, "verdict": ""} for show in shows for m in speakers_of(show)["merges"]]
    rows.sort(key=lambda m: (m["show"], m["label"], m["name"], m["reason"]))
    rng = random.Random(seed)
    by_rule = [m for m in rows if m["reason"] != "folded"]
    folded = [m for m in rows if m["reason"] == "folded"]
    chosen = rng.sample(by_rule, min(count, len(by_rule)))
    chosen += rng.sample(folded, min(count - len(chosen), len(folded)))
    return pd.DataFrame(chosen, columns=list(COLUMNS))


def score(shows: Sequence[Show], path: Path) -> dict[str, Any]:
    """Shares of right merges of both draws, by reason and by show, and whose the lines of each show are.

    `drawn` is `first` (the rules were mended afterwards) or `fresh` (drawn from other shows with the mended rules).
    """
    if not path.is_file():
        raise NotFound(f"no labels at {path}: draw merges with `python -m evaluation merges SHOW… --sample 200`")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if missing := set(COLUMNS) - set(table.columns):
        raise BadFile(f"{path}: no column {', '.join(sorted(missing))}")
    bad = table[~table["verdict"].isin(("right", "wrong"))]
    if len(bad):
        found = bad["verdict"].iloc[0]
        raise BadFile(f"{path}, line {bad.index[0] + 2}: verdict is '{found}', expected right or wrong")
    first, fresh = (table[table["drawn"] == drawn] for drawn in ("first", "fresh"))
    made = {(show.id, m["label"], m["name"]) for show in shows for m in speakers_of(show)["merges"]}
    here = first[first["show"].isin([show.id for show in shows])]
    still = here[[key in made for key in zip(here["show"], here["label"], here["name"], strict=True)]]
    return {
        "seed": SEED,
        "first": _shares_right(first),
        "first_still_made": _right(still),  # after the rules were mended by what the labels showed: no fresh measure
        "first_no_longer_made": len(here) - len(still),
        "fresh": _shares_right(fresh),  # shows that the mended rules had not seen
        "shows": {show.id: _shares(speakers_of(show)) for show in shows},
    }


def _shares_right(table: pd.DataFrame) -> dict[str, Any]:
    by_rule = table[~table["reason"].isin(("folded", "manifest"))]
    return {
        "all": _right(table),
        "by_rule": _right(by_rule),  # without those of case and points alone, and those a manifest orders
        "by_reason": {str(r): _right(part) for r, part in table.groupby("reason")},
        "by_show": {str(s): _right(part) for s, part in table.groupby("show")},
    }


def _right(table: pd.DataFrame) -> dict[str, Any]:
    return Share(int((table["verdict"] == "right").sum()), len(table)).to_json()


def _shares(speakers: dict[str, Any]) -> dict[str, Any]:
    kept = ("mode", "lines", "canonical", "canonical_of_named", "attributed", "labels")
    return {key: speakers[key] for key in kept} | {"merges": len(speakers["merges"])}
