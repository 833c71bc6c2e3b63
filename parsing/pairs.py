"""Dialogue pairs: what was said before inside the scene -> what a persona replied."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from string import capwords
from typing import Any

import pandas as pd

from parsing.manifest import Show
from parsing.pair_filters import PairFilter, PairOptions, pair_options

_TOKEN = re.compile(r"\w+|[^\w\s]")
_COLUMNS = ("id", "speaker", "speaker_raw", "text", "reality", "directions")


@dataclass
class Pairs:
    """The pairs of a show and what was counted on the way."""

    rows: list[dict[str, Any]] = field(default_factory=list)  # {persona, id, context, reply}, in the order of the show
    dropped: Counter[str] = field(default_factory=Counter)  # replies left out, by reason
    replies: Counter[str] = field(default_factory=Counter)  # turns of each persona
    lines: int = 0  # utterances, of which …
    turns: int = 0  # … these many turns were made
    shortened: int = 0  # contexts that had more tokens than wished

    def counts(self) -> dict[str, Any]:
        """What stands under `pairs` in quality.json."""
        return {"kept": len(self.rows), **dict(self.dropped.most_common())}

    def details(self) -> dict[str, Any]:
        """What stands under `pairs_made`: lines merged into turns, contexts cut, the share of each persona kept."""
        kept = Counter(row["persona"] for row in self.rows)
        return {
            "lines": self.lines,
            "turns": self.turns,
            "merged_into_the_line_before": self.lines - self.turns,
            "contexts_shortened": self.shortened,
            "personas": {
                name: {"turns": turns, "kept": kept[name], "share": kept[name] / turns}
                for name, turns in self.replies.most_common()
            },
        }


def scenes_of(table: pd.DataFrame) -> list[list[tuple[Any, ...]]]:
    """The lines of each scene, each its values of `_COLUMNS`; scenes in the order of their first lines.

    Plain lists: cutting a table into thousands of small ones takes pandas longer than all the rest of this module.
    """
    scenes: dict[tuple[str, int], list[tuple[Any, ...]]] = {}
    places = zip(table["episode"].tolist(), table["scene"].tolist(), strict=True)
    lines = zip(*(table[column].tolist() for column in _COLUMNS), strict=True)
    for place, line in zip(places, lines, strict=True):
        scenes.setdefault(place, []).append(line)
    return list(scenes.values())


def turns_of(scene: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """The turns of one scene: consecutive lines of one speaker merged."""
    turns: list[dict[str, Any]] = []
    for utterance, name, label, text, reality, directions in scene:
        speaker = name if isinstance(name, str) else _role(label)
        if turns and speaker and turns[-1]["speaker"] == speaker:
            turns[-1]["text"] += " " + text
            turns[-1]["directions"] += list(directions)
        else:
            turn = {"id": utterance, "speaker": speaker, "text": text, "reality": reality}
            turns.append(turn | {"directions": list(directions)})
    return turns


def _role(label: str) -> str:
    """A label that names nobody of the cast, as a prompt should show it: `WAITER` is `Waiter`."""
    return capwords(label) if label.isupper() else label


def make_pairs(show: Show, table: pd.DataFrame) -> Pairs:
    """The pairs of all personas. Raises `BadManifest` for a `[pairs]` that can't be used."""
    wanted = pair_options(show)
    personas = {m.name for m in show.personas}
    judge = PairFilter(wanted)
    result = Pairs(lines=len(table))
    for scene in scenes_of(table) if len(table) else []:
        turns = turns_of(scene)
        result.turns += len(turns)
        for i, turn in enumerate(turns):
            if turn["speaker"] not in personas:
                continue
            result.replies[turn["speaker"]] += 1
            if why := judge.why_not(turns, i):
                result.dropped[why] += 1
                continue
            context, cut = context_of(turns[:i], wanted)
            result.shortened += cut
            result.rows.append(
                {"persona": turn["speaker"], "id": turn["id"], "context": context, "reply": turn["text"]}
            )
    return result


def context_of(before: Sequence[Mapping[str, Any]], wanted: PairOptions) -> tuple[list[dict[str, str]], bool]:
    """The last turns that the window holds, and whether its tokens cut it.

    Turns are left out whole, farthest first; the one just before the reply always stays, from its front cut if need be.
    A token is a word or a sign: about three quarters of a language model's.
    """
    context = [{"speaker": t["speaker"], "text": t["text"]} for t in before[-wanted.context_turns :]]
    room = wanted.context_tokens
    if not room or sum(len(turn["text"]) for turn in context) <= room:  # a token has a letter at least
        return context, False
    for back, turn in enumerate(reversed(context)):
        count = _tokens(turn["text"])
        if count > room:
            kept = context[len(context) - back :]
            if back == 0:
                last = list(_TOKEN.finditer(turn["text"]))[-room]
                kept = [turn | {"text": turn["text"][last.start() :]}]
            return kept, True
        room -= count
    return context, False


@lru_cache(maxsize=256)  # a turn stands in the contexts of the next few replies
def _tokens(text: str) -> int:
    return len(_TOKEN.findall(text))
