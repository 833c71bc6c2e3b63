"""Two sources of one show side by side: lines of the main characters, and a map from scene to scene."""

import csv
import re
from collections import Counter, defaultdict
from typing import Any

import pandas as pd

from parsing.errors import BadInput
from parsing.files import replacing, write_json
from parsing.manifest import Show, build_dir
from parsing.report import main_counts
from parsing.tables import load_utterances

_KEY = 40  # letters and digits of a line by which two sources are matched
_LONG = 10  # letters from which on a line tells its scene
_RARE = 2  # a line that stands more often in an episode tells nothing about scenes


def compare(show: Show, other: Show) -> dict[str, Any]:
    """Write `comparison.json` and `scene_map.csv` under the first show's folder; returns the comparison.

    Raises `BadInput` where the two have not the same main characters, `NotFound` where one wasn't parsed yet.
    """
    ours, theirs = load_utterances(show), load_utterances(other)
    if [m.name for m in show.personas] != [m.name for m in other.personas]:
        raise BadInput(f"{show.id} and {other.id} have different main characters: nothing to compare")
    left, right = main_counts(show, ours), main_counts(other, theirs)
    rows = scene_map(ours, theirs)
    result = {
        "shows": [show.id, other.id],
        "utterances": [len(ours), len(theirs)],
        "episodes": [int(ours["episode"].nunique()), int(theirs["episode"].nunique())],
        "main_characters": {
            name: {show.id: left[name], other.id: right[name], "difference": (left[name] - right[name]) / right[name]}
            for name in left
        },
        "scenes_mapped": sum(row["other_scene"] != "" for row in rows),
        "scenes": len(rows),
    }
    write_json(build_dir(show) / "comparison.json", result)
    with replacing(build_dir(show) / "scene_map.csv") as path, path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, ["episode", "scene", "other_scene", "other_source_scene", "shared_lines", "lines"])
        writer.writeheader()
        writer.writerows(rows)
    return result


def scene_map(ours: pd.DataFrame, theirs: pd.DataFrame) -> list[dict[str, Any]]:
    """For each of our scenes the other source's scenes that share lines with it, most lines first.

    One row a pair of scenes; a scene without a partner has one row with empty fields. Lines are matched by their
    letters within the episode; very short lines and those that stand there often are left out where others match.
    """
    columns = [theirs[c] for c in ("episode", "text", "scene", "source_scene")]
    where: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for episode, text, scene, source in zip(*columns, strict=True):
        where[episode, _key(text)].append((int(scene), int(source)))
    frequent = Counter(zip(ours["episode"], ours["text"].map(_key), strict=True))
    rows: list[dict[str, Any]] = []
    scenes: dict[tuple[str, int], list[str]] = defaultdict(list)
    for episode, scene, text in zip(ours["episode"], ours["scene"], ours["text"], strict=True):
        scenes[episode, int(scene)].append(_key(text))
    for (episode, scene), keys in scenes.items():
        telling = [k for k in keys if len(k) >= _LONG and frequent[episode, k] <= _RARE] or keys
        shared: Counter[tuple[int, int]] = Counter()
        for key in telling:
            shared.update(set(where.get((episode, key), [])))
        base = {"episode": episode, "scene": scene, "lines": len(keys)}
        for (other, source), count in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
            rows.append(base | {"other_scene": other, "other_source_scene": source, "shared_lines": count})
        if not shared:
            rows.append(base | {"other_scene": "", "other_source_scene": "", "shared_lines": 0})
    return rows


def _key(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()[:_KEY]


def comparison_text(result: dict[str, Any]) -> str:
    """The comparison for the terminal."""
    a, b = result["shows"]
    lines = [f"{a} and {b}: {result['utterances'][0]:,} and {result['utterances'][1]:,} utterances"]
    for name, row in result["main_characters"].items():
        lines.append(f"  {name}: {row[a]:,} and {row[b]:,} ({row['difference']:+.2%})")
    lines.append(f"  scene_map.csv: {result['scenes_mapped']:,} of {result['scenes']:,} rows have a partner")
    return "\n".join(lines)
