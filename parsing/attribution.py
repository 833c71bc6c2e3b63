"""Whose the lines of a show are, and every merge that made it so: the part `speakers` of quality.json."""

from collections import Counter
from typing import Any

import pandas as pd

from parsing.manifest import Show
from parsing.merging import Plan
from parsing.speakers import LOCAL
from parsing.voices import fold

MERGED = ("manifest", "spelling", "title", "first name", "last name", "near", "aside", "voice")  # reasons to look at
_EXAMPLES = 5


def attribution(show: Show, table: pd.DataFrame, merging: Plan | None) -> dict[str, Any]:
    """Shares of lines by who speaks, labels before and after merging, and every merge with reason and counts."""
    named = table["speakers"].map(len) > 0
    local = named & table["cue"].isin(LOCAL)
    cast = {m.name for m in show.cast}
    in_cast = named & ~local & table["speakers"].map(lambda names: set(names) <= cast)
    lines = {
        "cast": int(in_cast.sum()),
        "statistics": int((named & ~local & ~in_cast).sum()),
        "role": int((local & (table["cue"] == "role")).sum()),
        "local": int((local & (table["cue"] == "local")).sum()),
        "nobody": int((~named).sum()),
    }
    total, canonical = max(1, len(table)), lines["cast"] + lines["statistics"]
    return {
        "mode": "cast" if merging is None else "statistics",
        "lines": lines,
        "canonical": canonical / total,
        "canonical_of_named": canonical / max(1, total - lines["role"]),  # a role is nobody whom one could name
        "attributed": (total - lines["nobody"]) / total,
        "labels": labels_before_and_after(table),
        "people": [m.name for m in merging.people] if merging else [],
        "merges": merges(table),
        "left_apart": [list(pair) for pair in merging.doubtful] if merging else [],
    }


def labels_before_and_after(table: pd.DataFrame) -> dict[str, int]:
    """Different labels as they stand, with case and points folded, and different speakers in the end."""
    speakers = {name for names in table["speakers"] for name in names}
    local = set(table["speaker"][table["cue"].isin(LOCAL)].dropna())
    nameless = {fold(label) for label in table["speaker_raw"][table["speakers"].map(len) == 0]}
    return {
        "as written": int(table["speaker_raw"].nunique()),
        "folded": len({fold(label) for label in table["speaker_raw"].unique()}),
        "canonical": len(speakers - local),
        "local": len(local),
        "nameless": len(nameless),
    }


def merges(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Every label that was read as somebody by a rule: {label, name, reason, lines, of, forms, episodes, example}.

    `of` are the lines of that person in all, `example` an utterance's id. Most lines first.
    """
    of = Counter(table["speaker"].dropna())
    rows = table[table["cue"].isin(MERGED) & table["speaker"].notna()]
    found: list[dict[str, Any]] = []
    for (key, name, reason), group in rows.groupby([rows["speaker_raw"].map(fold), "speaker", "cue"]):
        episodes = Counter(group["episode"])
        found.append(
            {
                "label": key,
                "name": name,
                "reason": reason,
                "lines": len(group),
                "of": of[str(name)],
                "forms": [form for form, _ in Counter(group["speaker_raw"]).most_common(_EXAMPLES)],
                "episodes": [episode for episode, _ in episodes.most_common(_EXAMPLES)],
                "example": str(group["id"].iloc[0]),
            }
        )
    return sorted(found, key=lambda m: (-m["lines"], m["label"], m["name"]))
