"""Which replies make no pair: songs, laughter, sounds, repetitions; each with the reason it is counted under."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parsing.errors import BadManifest
from parsing.manifest import Show, nearest
from parsing.near import NearDuplicates, shingles
from parsing.readers.options import options_from

FILTERS = ("lyrics", "laughter", "sounds", "near_duplicates")

_SINGS = re.compile(
    r"[♪♫]|(?:(?:he|she|they|all|everyone|starts?|starting|begins?|still|tries|to|and|then|now|both|start|begin|enters?|"
    r"entering|playing|plays|dancing|\w+ly),? ){0,4}(?:sing(?:s|ing|in')?|по[её]т|напева\w+|запева\w+|поют)\b",
    re.IGNORECASE,
)
_LAUGHTER = r"a?(?:ha)+h?|(?:he){2,}h?|heh(?:heh)*|(?:hi){2,}|hee(?:hee)*|lol|а?(?:ха)+|(?:хе)+|(?:хи)+"
_SOUND = (
    r"a+h+a*|a{2,}|a+w{1,}|a+r+g+h*|b+r{2,}|e+[kp]+|e+r+m*|e+w+|g+r{2,}|h+m+|m+|m+h*m+|o+h{2,}|o{2,}h*|o+w+|"
    r"ph?e+w+|ps+t+|sh{2,}|ssh+|ts?k+|u+[gh]+h*|u+m+|u+r+g+h*|wh?o{2,}|woo+|y+a{2,}[yh]*|z{2,}|а{2,}|ах+|мм+|о{2,}|"
    r"ох+|т?с{2,}|тсс*|у{2,}х*|ух+|ш{2,}|э{2,}|эх+|гм+|хм+"
)
_LAUGHS = re.compile(rf"(?:{_LAUGHTER})", re.IGNORECASE)
_SOUNDS = re.compile(rf"(?:{_LAUGHTER}|{_SOUND})", re.IGNORECASE)
_ANSWER = re.compile(r"\b(?:uh|u?m+)-?h[um]\w*", re.IGNORECASE)  # mm-hmm, uh-huh: a yes
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class PairOptions:
    """The manifest's `[pairs]`."""

    context_turns: int = 6  # how many turns before the reply belong to a pair
    context_tokens: int = 400  # and how many words and signs at most; 0 = as many as there are
    min_words: int = 2  # of a reply
    drop: tuple[str, ...] = FILTERS  # the filters at work
    similarity: int = 80  # percent: from here on a pair is a near-duplicate of an earlier one


def pair_options(show: Show) -> PairOptions:
    """The show's `[pairs]`, checked. Raises `BadManifest`."""
    where = f"{show.folder / 'show.toml'}: [pairs]"
    wanted = options_from(PairOptions, show.pairs, where)
    for name in wanted.drop:
        if name not in FILTERS:
            raise BadManifest(f"{where}: no filter '{name}'{nearest(name, FILTERS)}; filters: {', '.join(FILTERS)}")
    if not 1 <= wanted.similarity <= 100 or wanted.context_turns < 1:
        raise BadManifest(f"{where}: 'similarity' is a percentage (1 to 100), 'context_turns' at least 1")
    return wanted


class PairFilter:
    """Judges the turns of one show in story order; remembers what was said."""

    def __init__(self, wanted: PairOptions) -> None:
        self._wanted = wanted
        self._seen: set[tuple[str, str, str]] = set()
        near = "near_duplicates" in wanted.drop
        self._near = NearDuplicates(wanted.similarity / 100) if near else None

    def why_not(self, turns: Sequence[Mapping[str, Any]], i: int) -> str:
        """Why turn `i` of a scene is no reply to learn from; "" where it is one."""
        turn, reply = turns[i], turns[i]["text"]
        if turn["reality"] == "performance":
            return "a part played on stage or screen"
        if i == 0:
            return "nothing said before"
        words = _WORD.findall(reply)
        if not words:
            return "no words"
        if why := self._no_speech(turn, words):
            return why
        if len(reply.split()) < self._wanted.min_words:
            return "shorter than two words" if self._wanted.min_words == 2 else f"under {self._wanted.min_words} words"
        return self._repeats(turn, turns[i - 1]["text"])

    def _no_speech(self, turn: Mapping[str, Any], words: Sequence[str]) -> str:
        drop = self._wanted.drop
        if "lyrics" in drop and (re.search("[♪♫]", turn["text"]) or any(map(_SINGS.match, turn["directions"]))):
            return "song lyrics"
        if "laughter" in drop and all(map(_LAUGHS.fullmatch, words)):
            return "laughter only"
        if "sounds" in drop and all(map(_SOUNDS.fullmatch, words)) and not _ANSWER.search(turn["text"]):
            return "a sound, no speech"
        return ""

    def _repeats(self, turn: Mapping[str, Any], before: str) -> str:
        key = (turn["speaker"], before, turn["text"])
        if key in self._seen:
            return "said before"
        self._seen.add(key)
        if self._near is None:
            return ""
        speaker = turn["speaker"]
        words = shingles(before, f"before {speaker}") | shingles(turn["text"], speaker)
        earlier = self._near.take(turn["id"], words)
        if earlier is None:
            return ""
        return (
            "nearly said before, same episode" if earlier[:6] == turn["id"][:6] else "nearly said before, other episode"
        )
