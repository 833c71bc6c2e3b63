"""Labels of scenes: whom lines are said to, who is there, what is real. Drawn, read, held against what parsing says.

`python -m evaluation addressees SHOW --draw lines|present|reality` prints ids to be labelled by reading the scene. The
labels are names, `everybody`, `nobody`, `role` (somebody outside the cast), and for reality the column's words.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from evaluation.statistics import Share
from parsing.episodes import split_of
from parsing.errors import BadFile, BadInput, NotFound

FOLDER = Path(__file__).with_name("labels")
LINE_LABELS, PRESENCE_LABELS, REALITY_LABELS = (
    FOLDER / f"{name}.csv" for name in ("addressees", "presence", "realities")
)

SEED = 4
LINES, PER_SCENE, SCENES = 200, 2, 60  # lines for addressees; lines of one scene; scenes for who is there
REALITIES = 40  # half of them marked as not canon, half not marked though a word of theirs smells of it
SMELL = re.compile(
    r"\b(?:flash ?backs?|dream\w*|day-?dream\w*|imagin\w*|fantas\w*|on (?:the )?tv|television|soap|audition\w*|"
    r"rehears\w*|on stage|on[- ]?screen|movie|film\w*|video|out-?takes?|bloopers?|years? (?:ago|earlier))\b",
    re.IGNORECASE,
)


def held_out(table: pd.DataFrame) -> pd.DataFrame:
    """The utterances of dev and test episodes."""
    return table[table["episode"].map(split_of) != "train"]


def draw(table: pd.DataFrame, what: str, seed: int = SEED) -> list[str]:
    """Utterance ids to be labelled, in the order drawn: no prediction of whom or who has any part in the choice.

    `lines`: 200 lines of one named speaker, two a scene, of scenes where three or more are heard. `present`: the first
    of them in each of the first 60 scenes. `reality`: 20 lines of scenes marked as not canon, 20 of scenes not marked
    whose heading or directions hold such a word as "dream" or "audition".
    """
    rng = random.Random(seed)
    if what == "reality":
        return _realities(held_out(table), rng)
    if what not in {"lines", "present"}:
        raise BadInput(f"--draw is lines, present or reality, not '{what}'")
    parts = [part for _, part in held_out(table).groupby(["episode", "scene"]) if len(_voices(part)) >= 3]
    scenes: list[list[str]] = [part[part["speaker"].notna()]["id"].tolist() for part in parts]
    chosen = rng.sample([ids for ids in scenes if len(ids) >= PER_SCENE], LINES // PER_SCENE)
    drawn = [sorted(rng.sample(ids, PER_SCENE)) for ids in chosen]
    return [ids[0] for ids in drawn[:SCENES]] if what == "present" else [i for ids in drawn for i in ids]


def _voices(scene: pd.DataFrame) -> set[str]:
    """Who is heard alone in a scene, roles by their label."""
    pairs = zip(scene["speakers"], scene["speaker_raw"], strict=True)
    return {"|".join(people) or label for people, label in pairs if len(people) <= 1}


def _realities(table: pd.DataFrame, rng: random.Random) -> list[str]:
    marked: list[str] = []
    unmarked: list[str] = []
    for _, scene in table.groupby(["episode", "scene"]):
        other = scene[scene["reality"] != "canon"]
        if len(other):
            marked.append(rng.choice(other["id"].tolist()))
        elif any(SMELL.search(text) for text in _stage(scene)):
            unmarked.append(rng.choice(scene["id"].tolist()))
    return [
        *rng.sample(marked, min(len(marked), REALITIES // 2)),
        *rng.sample(unmarked, min(len(unmarked), REALITIES // 2)),
    ]


def _stage(scene: pd.DataFrame) -> Sequence[str]:
    """What isn't spoken: heading and directions."""
    return [str(scene["scene_setting"].iloc[0]), *(d for row in scene["directions"] for d in row)]


@dataclass(frozen=True)
class Label:
    """What a line was labelled with, in both passes; `again` is empty where there was no second."""

    show: str
    first: tuple[str, ...]
    again: tuple[str, ...]


def read_labels(path: Path) -> dict[str, Label]:
    """Utterance id -> label. Raises `NotFound`, `BadFile`."""
    if not path.is_file():
        raise NotFound(f"no labels at {path}: draw some with `python -m evaluation addressees SHOW --draw lines`")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    value = next((c for c in ("addressees", "present", "reality") if c in table.columns), "")
    if not value or not {"show", "id", "again"} <= set(table.columns):
        raise BadFile(f"{path}: expected the columns show, id, again and one of addressees, present, reality")
    rows = zip(table["show"], table["id"], table[value], table["again"], strict=True)
    return {
        i: Label(show, tuple(first.split(";")), tuple(a for a in again.split(";") if a))
        for show, i, first, again in rows
    }


def agreement(labels: Mapping[str, Label]) -> dict[str, Any]:
    """The share of twice labelled lines on which both passes agree."""
    twice = [label for label in labels.values() if label.again]
    return Share(sum(set(label.first) == set(label.again) for label in twice), len(twice)).to_json()


def present_scores(table: pd.DataFrame) -> dict[str, Any]:
    """Precision and recall of people present at the labelled lines, beside two baselines; whole sets that are right.

    Only people of the labels' scenes count; baselines: all who speak in the scene, all who have spoken so far.
    """
    labels = read_labels(PRESENCE_LABELS)
    rows = {str(row["id"]): row for row in table[table["id"].isin(labels)].to_dict("records")}
    scenes = {
        i: table[(table["episode"] == row["episode"]) & (table["scene"] == row["scene"])] for i, row in rows.items()
    }
    said: dict[str, Callable[[str], set[str]]] = {
        "ours": lambda i: set(rows[i]["present"]),
        "speakers": lambda i: _speaking(scenes[i]),
        "so_far": lambda i: _speaking(scenes[i][scenes[i]["id"] <= i]),
    }
    scores = {name: _sets({i: method(i) for i in rows}, labels) for name, method in said.items()}
    return scores | {"not_found": len(labels) - len(rows), "agreement": agreement(labels)}


def _speaking(scene: pd.DataFrame) -> set[str]:
    return {name for people in scene["speakers"] for name in people}


def _sets(said: Mapping[str, set[str]], labels: Mapping[str, Label]) -> dict[str, Any]:
    found = [(people, set(labels[i].first)) for i, people in said.items()]
    hits = sum(len(people & truth) for people, truth in found)
    return {
        "precision": Share(hits, sum(len(people) for people, _ in found)).to_json(),
        "recall": Share(hits, sum(len(truth) for _, truth in found)).to_json(),
        "whole": Share(sum(people == truth for people, truth in found), len(found)).to_json(),
    }


def reality_scores(table: pd.DataFrame) -> dict[str, Any]:
    """Lines with the right mark: of those marked as not canon, and of those not marked that smell of it."""
    labels = read_labels(REALITY_LABELS)
    said = {str(i): str(reality) for i, reality in zip(table["id"], table["reality"], strict=True) if i in labels}
    marked = [(reality, labels[i].first[0]) for i, reality in said.items() if reality != "canon"]
    others = [(reality, labels[i].first[0]) for i, reality in said.items() if reality == "canon"]
    return {
        "marked": Share(sum(a == b for a, b in marked), len(marked)).to_json(),
        "not_marked": Share(sum(a == b for a, b in others), len(others)).to_json(),
        "not_found": len(labels) - len(said),
        "agreement": agreement(labels),
    }
