"""Whose the lines of a show are, and every merge that made it so: the part `speakers` of quality.json.

A canonical speaker is one name for one somebody, whatever the cue writes. Each line counts as the first that fits:

- `cast`: everybody who speaks is a person of the manifest's cast (a joint line or a group as well).
- `statistics`: a person of the show whom the labels themselves tell (merging.py), beside whom only the cast speaks.
- `local`: a name too rare for that; a named guest, kept local to the episode: `Quill (S01E02)`.
- `role`: a role or a nameless group, kept local to its episode: `Guard (S01E02)` is never the guard of another one.
- `nobody`: nobody can be told: no label, one without a letter or a digit, `ALL` in a scene where nobody else speaks.

`attributed` is the share of all lines but `nobody`: with the roles. `named` are `cast`, `statistics` and `local` of all
lines. `canonical` are `cast` and `statistics` of all lines, and `canonical_of_named` the same without the role lines:
whom one could name, how many are people of the show? A role in an episode may be two men called `Man`: the episode is
all that its name claims.
"""

from collections import Counter
from typing import Any

import pandas as pd

from parsing.guests import runs
from parsing.manifest import Show
from parsing.plan import Plan
from parsing.roles import Roles
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
KINDS = ("cast", "statistics", "local", "role", "nobody")
_EXAMPLES = 5


def attribution(show: Show, table: pd.DataFrame, merging: Plan | None) -> dict[str, Any]:
    """Shares of lines by who speaks, labels before and after merging, and every merge with reason and counts."""
    counts = Counter(_kinds(show, table, merging))
    lines = {kind: counts[kind] for kind in KINDS}
    total, canonical = max(1, len(table)), lines["cast"] + lines["statistics"]
    return {
        "mode": "cast" if merging is None else "statistics",
        "lines": lines,
        "canonical": canonical / total,
        "canonical_of_named": canonical / max(1, len(table) - lines["role"]),
        "named": (canonical + lines["local"]) / total,
        "attributed": (total - lines["nobody"]) / total,
        "labels": labels_before_and_after(table),
        "people": [m.name for m in merging.people] if merging else [],
        "merges": merges(show, table),
        "left_apart": [list(pair) for pair in merging.doubtful] if merging else [],
    }


def _kinds(show: Show, table: pd.DataFrame, merging: Plan | None) -> list[str]:
    """One of `KINDS` for each line. Where no plan tells roles from rare names, the words of the show do."""
    cast = {m.name for m in show.cast}
    people = {m.name for m in merging.people} if merging else set()
    roles = Roles(table["text"]) if merging is None else None
    kinds = []
    for names, local, cue, label in zip(
        table["speakers"], table["local"], table["cue"], table["speaker_raw"], strict=True
    ):
        if local:
            role = cue == "role" if roles is None else roles.is_role(fold(label))
            kinds.append("role" if role else "local")
        elif len(names) == 0:
            kinds.append("nobody")
        else:
            named = set(names)
            kinds.append("cast" if named <= cast else "statistics" if named <= cast | people else "local")
    return kinds


def labels_before_and_after(table: pd.DataFrame) -> dict[str, int]:
    """Different labels as they stand, with case and points folded, and different speakers in the end."""
    speakers = {name for names in table["speakers"] for name in names}
    local = set(table["local"]) - {""}
    nobody = (table["speakers"].map(len) == 0) & (table["local"] == "")
    nameless = {fold(label) for label in table["speaker_raw"][nobody]}
    return {
        "as written": int(table["speaker_raw"].nunique()),
        "folded": len({fold(label) for label in table["speaker_raw"].unique()}),
        "canonical": len(speakers - local),
        "local": len(local),
        "nameless": len(nameless),
    }


def merges(show: Show, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Every label that was read as somebody by a rule: {label, name, reason, lines, of, forms, episodes, example}.

    `of` are the lines of that person in all, `example` an utterance's id. Most lines first. `folded` are the rarer
    ways to write a label in case and points, by the way itself. `recurring` is no other spelling, but the same label
    of a guest in episodes apart: that both are one person is as much a decision.
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
        *_groups(*_recurring(show, known, key), of, "recurring"),
    ]
    return sorted(found, key=lambda m: (-m["lines"], m["label"], m["name"]))


def _recurring(show: Show, known: pd.DataFrame, key: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """The lines of a label that is nobody's in the cast, after its first run of episodes."""
    order = sorted(known["episode"].unique())
    guests = known[(known["cue"] == "statistics") & ~known["speaker"].isin({m.name for m in show.cast})]
    later: list[Any] = []
    for (_, _), rows in guests.groupby([key[guests.index].rename("label"), "speaker"]):
        first, *rest = runs(rows["episode"].unique(), order)
        if rest:
            later.extend(rows.index[~rows["episode"].isin(first)])
    return known.loc[later], key[later]


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
