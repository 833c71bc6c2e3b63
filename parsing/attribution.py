"""Whose the lines of a show are, and every merge that made it so: the part `speakers` of quality.json."""

from collections import Counter
from typing import Any

import pandas as pd

from parsing.manifest import Show
from parsing.plan import Plan
from parsing.speakers import LOCAL
from parsing.voices import fold

MERGED = (
    "misspelt",
    "manifest",
    "spelling",
    "title",
    "first name",
    "last name",
    "near",
    "aside",
    "voice",
)  # reasons to look at
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

    `of` are the lines of that person in all, `example` an utterance's id. Most lines first. `folded` are the rarer
    ways to write a label in case and points, by the way itself.
    """
    of = Counter(table["speaker"].dropna())
    known = table[table["speaker"].notna() & ~table["cue"].isin(LOCAL)]
    key = known["speaker_raw"].map(fold)
    by_rule = known["cue"].isin(MERGED)
    main = _commonest(key, known["speaker_raw"])
    folded = ~by_rule & (known["speaker_raw"] != key.map(main))
    found = [
        *_groups(known[by_rule], key[by_rule], of),
        *_groups(known[folded], known["speaker_raw"][folded], of, "folded"),
    ]
    return sorted(found, key=lambda m: (-m["lines"], m["label"], m["name"]))


def _commonest(keys: pd.Series, forms: pd.Series) -> dict[str, str]:
    """Folded label -> the way it is mostly written."""
    result: dict[str, str] = {}
    for (key, form), _ in Counter(zip(keys, forms, strict=True)).most_common():
        result.setdefault(key, form)
    return result


def _groups(rows: pd.DataFrame, label: pd.Series, of: Counter[str], reason: str = "") -> list[dict[str, Any]]:
    found = []
    for (key, name, cue), group in rows.groupby([label.rename("label"), "speaker", "cue"]):
        episodes = Counter(group["episode"])
        found.append(
            {
                "label": key,
                "name": name,
                "reason": reason or cue,
                "lines": len(group),
                "of": of[str(name)],
                "forms": [form for form, _ in Counter(group["speaker_raw"]).most_common(_EXAMPLES)],
                "episodes": [episode for episode, _ in episodes.most_common(_EXAMPLES)],
                "example": str(group["id"].iloc[0]),
            }
        )
    return found
