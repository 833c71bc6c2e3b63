"""Are merged cue labels the same person? Merges drawn for labelling, labelled merges scored, shares of each show.

`python -m evaluation merges SHOW… --sample 200 --seed 4` draws from quality.json; somebody reads the lines around each
and writes `right` or `wrong` (`again` is a second reading, in another order and without looking at the first);
`python -m evaluation merges SHOW…` scores.

A merge is right where every line of the label is said by the person, and by nobody else besides. The draws, in order:
`first` (rules were mended by it), `fresh` (shows that these rules had not seen; mended by it again), `third` and
`fourth` (manifests and one rule were mended by them), `fifth` (manifests were), `final` (no rule, list or manifest was
changed after it). The first two had no `recurring` merges: the same label in episodes apart. There are fewer than 600
merges in all, so that a later draw holds many of an earlier one: `drawn_before` tells their share, `not_before` is the
measure without them.
"""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from evaluation.statistics import Share, kappa
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show, build_dir

LABELS = Path(__file__).with_name("labels") / "merges.csv"
COLUMNS = ("drawn", "show", "label", "name", "reason", "lines", "example", "verdict", "again")
DRAWS = {"first": 4, "fresh": 4, "third": 20, "fourth": 21, "fifth": 22, "final": 23}  # the draw -> its seed


def speakers_of(show: Show) -> dict[str, Any]:
    """The part `speakers` of a show's quality.json. Raises `NotFound` where the show wasn't parsed."""
    path = build_dir(show) / "quality.json"
    if not path.is_file():
        raise NotFound(f"no {path}: run `python -m parsing {show.id}`")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["speakers"]
    return found


def draw(shows: Sequence[Show], count: int, seed: int) -> pd.DataFrame:
    """`count` merges of all shows together; those by case and points alone only where the others don't suffice.

    Two shows on one cast (Friends' two sources) count each.
    """
    rows = [
        {"drawn": "", "show": show.id, **m, "verdict": "", "again": ""}
        for show in shows
        for m in speakers_of(show)["merges"]
    ]
    rows.sort(key=lambda m: (m["show"], m["label"], m["name"], m["reason"]))
    rng = random.Random(seed)
    by_rule = [m for m in rows if m["reason"] != "folded"]
    folded = [m for m in rows if m["reason"] == "folded"]
    chosen = rng.sample(by_rule, min(count, len(by_rule)))
    chosen += rng.sample(folded, min(count - len(chosen), len(folded)))
    return pd.DataFrame(chosen, columns=list(COLUMNS))


def score(shows: Sequence[Show], path: Path) -> dict[str, Any]:
    """Shares of right merges of each draw, by reason and by show, and whose the lines of each show are.

    `still_made` are the merges of an earlier draw that the mended rules still make. Raises `NotFound`, `BadFile`.
    """
    table = read_labels(path)
    table["drawn_before"] = table.duplicated(["show", "label", "name"])
    made = {(show.id, m["label"], m["name"]) for show in shows for m in speakers_of(show)["merges"]}
    draws: dict[str, Any] = {}
    for drawn, seed in DRAWS.items():
        rows = table[table["drawn"] == drawn]
        still = rows[rows[["show", "label", "name"]].apply(tuple, axis=1).isin(made)]
        new = rows[~rows["drawn_before"]]
        draws[drawn] = _shares_right(rows) | {
            "seed": seed,
            "drawn_before": len(rows) - len(new),
            "not_before": _right(new),
            "still_made": _right(still),
            "agreement": _agreement(rows),
        }
    return {**draws, "shows": {show.id: _shares(speakers_of(show)) for show in shows}}


def read_labels(path: Path) -> pd.DataFrame:
    """The labels; every verdict is right or wrong, and so is every second one that is given."""
    if not path.is_file():
        raise NotFound(f"no labels at {path}: draw merges with `python -m evaluation merges SHOW… --sample 200`")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if missing := set(COLUMNS) - set(table.columns):
        raise BadFile(f"{path}: no column {', '.join(sorted(missing))}")
    for column, expected in (
        ("drawn", tuple(DRAWS)),
        ("verdict", ("right", "wrong")),
        ("again", ("", "right", "wrong")),
    ):
        bad = table[~table[column].isin(expected)]
        if len(bad):
            told = f"{column} is '{bad[column].iloc[0]}', expected {', '.join(filter(None, expected))}"
            raise BadFile(f"{path}, line {bad.index[0] + 2}: {told}")
    return table


def _agreement(table: pd.DataFrame) -> dict[str, Any]:
    """How often the second reading says what the first one said."""
    twice = table[table["again"] != ""]
    if not len(twice):
        return {"of": 0}
    first, second = twice["verdict"].tolist(), twice["again"].tolist()
    same = Share(int((twice["verdict"] == twice["again"]).sum()), len(twice)).to_json()
    return {**same, "kappa": round(kappa(first, second), 4)}


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
    kept = ("mode", "lines", "canonical", "canonical_of_named", "named", "attributed", "labels")
    return {key: speakers[key] for key in kept} | {"merges": len(speakers["merges"])}
