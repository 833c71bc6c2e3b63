"""How alike two sets of lines are: words, topics, acts, variety, catch-phrases, and what is copied word for word."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import log, sqrt
from typing import Any

from evaluation.checker import read_reply
from evaluation.statistics import Share

WORDS = re.compile(r"[\w']+")
SHORT = 5  # words; shorter replies may be anybody's
LONGEST = 40  # words of a shared stretch that are looked for
PHRASES = 30  # catch-phrases of a persona
HEARD = 8  # times that a catch-phrase is heard
MASK = "Someone"
ACTS = ("asks", "exclaims", "agrees", "abstains", "denies", "short", "states")
_AGREES = re.compile(
    r"^(?:(?:oh|well|um|uh|hey),? )?(?:yes|yeah|yep|yup|sure|okay|ok|of course|absolutely|right)\b", re.I
)


def words(text: str) -> list[str]:
    """Words in lower case."""
    return WORDS.findall(text.lower().replace("’", "'"))


class Mask:
    """Puts one word in the place of every name of a show."""

    def __init__(self, names: Iterable[str]) -> None:
        """`names` are full names and aliases; each of their capitalised words is a name."""
        found = {w for name in names for w in re.findall(r"[\w'’]+", name) if w[:1].isupper() and len(w) > 2}
        listed = "|".join(sorted(map(re.escape, found), key=len, reverse=True))
        self._pattern = re.compile(rf"\b(?:{listed})\b") if found else None

    def __call__(self, text: str) -> str:
        """The text with its names masked; case counts, so that "joy" stays where Joy is somebody."""
        return self._pattern.sub(MASK, text) if self._pattern else text


def act(line: str) -> str:
    """What a line does, one of `ACTS`."""
    reading = read_reply(line)
    if line.rstrip().endswith("?"):
        return "asks"
    if reading.act != "answers":
        return reading.act
    if _AGREES.match(line):
        return "agrees"
    if line.rstrip().endswith("!"):
        return "exclaims"
    return "short" if len(words(line)) < SHORT else "states"


def distance(one: Mapping[Any, float], other: Mapping[Any, float], smooth: float = 0.5) -> float:
    """Jensen–Shannon distance (base 2, 0 to 1; Endres & Schindelin, 2003) of two counts, `smooth` added to each."""
    from scipy.spatial.distance import jensenshannon

    keys = sorted({*one, *other}, key=str)
    pair = [[counts.get(key, 0) + smooth for key in keys] for counts in (one, other)]
    return float(jensenshannon(*pair, base=2)) if keys else 0.0


def content(lines: Iterable[str]) -> Counter[str]:
    """Counts of words that carry a matter."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return Counter(w for line in lines for w in words(line) if len(w) > 2 and w not in ENGLISH_STOP_WORDS)


def acts_after(turns: Sequence[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """Counts of (what the turn before does, what the reply does): reactions to the same kinds of turn."""
    counted = Counter((kind_of(before), act(reply)) for before, reply in turns)
    totals = Counter(kind for kind, _ in counted.elements())
    return Counter({key: round(1000 * n / totals[key[0]]) for key, n in counted.items()})


def kind_of(turn: str) -> str:
    """A turn as one reacts to it: a question, an exclamation or a statement."""
    return {"?": "question", "!": "exclamation"}.get(turn.rstrip()[-1:], "statement")


def variety(lines: Sequence[str], size: int) -> dict[str, float]:
    """Distinct-1 and -2 (Li et al., 2016) over the first `size` words, and the lengths in words."""
    said = [words(line) for line in lines]
    flat, kept = [], 0
    for line in said:
        flat.append(line[: size - kept])
        kept += len(flat[-1])
    single = [w for line in flat for w in line]
    double = [pair for line in flat for pair in pairwise(line)]
    lengths = sorted(len(line) for line in said)
    quartiles = {f"p{q}": float(lengths[len(lengths) * q // 100]) for q in (25, 50, 75)} if lengths else {}
    return {
        "distinct_1": round(len(set(single)) / max(1, len(single)), 4),
        "distinct_2": round(len(set(double)) / max(1, len(double)), 4),
        "mean_words": round(sum(lengths) / max(1, len(lengths)), 2),
        **quartiles,
    }


def phrases(own: Sequence[str], others: Sequence[str]) -> list[str]:
    """A persona's catch-phrases: two to four words that it says far more than others do.

    Ranked by the log-odds ratio over its standard error (Monroe, Colaresi & Quinn, 2008, with a flat prior).
    """
    mine, theirs = (Counter(g for line in lines for g in _grams(line)) for lines in (own, others))
    a, b = mine.total(), theirs.total()
    scored = []
    for gram, n in mine.items():
        if n >= HEARD:
            m = theirs[gram] + 0.5
            ratio = log((n + 0.5) / (a - n)) - log(m / (b - m))
            scored.append((ratio / sqrt(1 / (n + 0.5) + 1 / m), gram))
    return [" ".join(gram) for _, gram in sorted(scored, reverse=True)[:PHRASES]]


def _grams(line: str) -> Iterable[tuple[str, ...]]:
    said = words(line)
    return (tuple(said[i : i + n]) for n in (2, 3, 4) for i in range(len(said) - n + 1))


def with_phrase(lines: Sequence[str], wanted: Sequence[str]) -> dict[str, float | int]:
    """How many lines hold one of the phrases."""
    chosen = {tuple(phrase.split()) for phrase in wanted}
    return Share(sum(not chosen.isdisjoint(_grams(line)) for line in lines), len(lines)).to_json()


def copied(replies: Sequence[str], lines: Sequence[str]) -> dict[str, Any]:
    """The longest stretch of words shared with `lines`, and replies of `SHORT` words and more that are whole lines."""
    said, known = [words(r) for r in replies], [words(line) for line in lines]
    whole = {tuple(line) for line in known}
    long = [tuple(s) for s in said if len(s) >= SHORT]
    longest = 0
    for size in range(1, LONGEST + 1):
        wanted = {tuple(s[i : i + size]) for s in said for i in range(len(s) - size + 1)}
        if not any(tuple(k[i : i + size]) in wanted for k in known for i in range(len(k) - size + 1)):
            break
        longest = size
    return {"longest": longest, "whole": Share(sum(s in whole for s in long), len(long)).to_json()}
