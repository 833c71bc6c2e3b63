"""Dialogue pairs: what was said before inside the scene -> what a persona replied."""

import re
from collections import Counter
from string import capwords
from typing import Any

import pandas as pd

from parsing.manifest import Show

CONTEXT_TURNS = 6
_WORD = re.compile(r"\w")


def turns_of(scene: pd.DataFrame) -> list[dict[str, Any]]:
    """The turns of one scene: consecutive lines of one speaker merged."""
    turns: list[dict[str, Any]] = []
    columns = [scene[c] for c in ("id", "speaker", "speaker_raw", "text", "reality")]
    for utterance, name, label, text, reality in zip(*columns, strict=True):
        speaker = name if isinstance(name, str) else _role(label)
        if turns and turns[-1]["speaker"] == speaker:
            turns[-1]["text"] += " " + text
        else:
            turns.append({"id": utterance, "speaker": speaker, "text": text, "reality": reality})
    return turns


def _role(label: str) -> str:
    """A label that names nobody of the cast, as a prompt should show it: `WAITER` is `Waiter`."""
    return capwords(label) if label.isupper() else label


def make_pairs(show: Show, table: pd.DataFrame) -> tuple[list[dict[str, Any]], Counter[str]]:
    """The pairs of all personas in the order of the show, and how many replies were left out, by reason."""
    personas = {m.name for m in show.personas}
    pairs: list[dict[str, Any]] = []
    dropped: Counter[str] = Counter()
    seen: set[tuple[str, str, str]] = set()
    for _, scene in table.groupby(["episode", "scene"], sort=False):
        turns = turns_of(scene)
        for i, turn in enumerate(turns):
            if turn["speaker"] not in personas:
                continue
            why = _unfit(turns, i, seen)
            if why:
                dropped[why] += 1
                continue
            context = [{"speaker": t["speaker"], "text": t["text"]} for t in turns[max(0, i - CONTEXT_TURNS) : i]]
            pairs.append({"persona": turn["speaker"], "id": turn["id"], "context": context, "reply": turn["text"]})
    return pairs, dropped


def _unfit(turns: list[dict[str, Any]], i: int, seen: set[tuple[str, str, str]]) -> str:
    reply = turns[i]["text"]
    if turns[i]["reality"] == "performance":
        return "a part played on stage or screen"
    if i == 0:
        return "nothing said before"
    if not _WORD.search(reply):
        return "no words"
    if len(reply.split()) < 2:
        return "shorter than two words"
    key = (turns[i]["speaker"], turns[i - 1]["text"], reply)
    if key in seen:
        return "said before"
    seen.add(key)
    return ""
