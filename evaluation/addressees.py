"""Whom lines are said to, who is there, what is real: drawn for labelling, and held against the labels.

`python -m evaluation addressees SHOW --draw lines|present|reality` prints ids to be labelled by reading the scene;
`python -m evaluation addressees SHOW` scores evaluation/labels/{addressees,presence,realities}.csv.
"""

import random
import re
from collections.abc import Sequence

import pandas as pd

from parsing.episodes import split_of
from parsing.errors import BadInput

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
    scenes = [part for _, part in held_out(table).groupby(["episode", "scene"]) if len(_voices(part)) >= 3]
    scenes = [part[part["speaker"].notna()]["id"].tolist() for part in scenes]
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
