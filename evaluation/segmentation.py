"""Episodes where a source hides them: measured on shows whose episodes are known, by hiding them.

Each season's lines are cut by every method into as many pieces as it has episodes; a boundary is found where a cut
stands within some lines of it, each cut counting once. Beside the shares stand P_k (Beeferman et al., 1999) and
WindowDiff (Pevzner and Hearst, 2002) by nltk: both the lower the better.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import pandas as pd

from evaluation.statistics import Share
from parsing.errors import NotFound
from parsing.manifest import Show
from parsing.segment import SegmentOptions, find_begins
from parsing.tables import load_utterances

NEAR = (0, 3, 10)  # lines by which a cut may be off
_BLOCK = 80  # words of a TextTiling sequence (Hearst, 1997, has 20 for pages; nltk's time grows with their number)
_BLOCKS = 4  # sequences on either side of a gap: an episode has 10 to 20
_COMMON = 150  # so many of the season's most frequent words are none of TextTiling's (nltk's own list is a download)
_APART = 0.5  # of the mean episode: TextTiling's cuts are no nearer to one another


@dataclass(frozen=True)
class Season:
    """The lines of one season, and the index of the line at which its second and later episodes begin."""

    labels: tuple[str, ...]
    texts: tuple[str, ...]
    begins: tuple[int, ...]


def seasons_of(table: pd.DataFrame) -> list[Season]:
    """The seasons of a show with more than one episode."""
    seasons = []
    for _, lines in table.groupby("season", sort=True):
        episodes = lines["episode"].tolist()
        begins = tuple(i for i in range(1, len(episodes)) if episodes[i] != episodes[i - 1])
        if begins:
            seasons.append(Season(tuple(lines["speaker_raw"]), tuple(lines["text"]), begins))
    return seasons


def equal_lengths(season: Season) -> list[int]:
    """The baseline: episodes of one length."""
    count = len(season.begins) + 1
    return [round(len(season.texts) * i / count) for i in range(1, count)]


def texttiling(season: Season) -> list[int]:
    """TextTiling (Hearst, 1997) by nltk: the deepest valleys of the similarity of neighbouring blocks of words."""
    try:
        from nltk.tokenize.texttiling import TextTilingTokenizer
    except ImportError:
        raise NotFound("no package nltk, which TextTiling needs: pip install -r requirements-dev.txt") from None
    lines = _telling([f"{a} {b}".lower() for a, b in zip(season.labels, season.texts, strict=True)])
    words = list(accumulate(len(line.split()) for line in lines))
    tokenizer = TextTilingTokenizer(w=_BLOCK, k=_BLOCKS, stopwords=frozenset(), demo_mode=True)
    *_, depths, _ = tokenizer.tokenize("\n\n".join(lines))
    apart, chosen = _APART * len(lines) / (len(season.begins) + 1), list[int]()
    for gap in sorted(range(len(depths)), key=lambda gap: -depths[gap]):
        line = _line_at((gap + 1) * _BLOCK, words)
        if len(chosen) < len(season.begins) and all(abs(line - other) >= apart for other in chosen):
            chosen.append(line)
    return sorted(chosen)


def _telling(lines: Sequence[str]) -> list[str]:
    """The lines without the season's commonest words and those that stand once: neither ties anything."""
    split = [re.findall(r"[a-z]+", line) for line in lines]
    seen = Counter(word for line in split for word in line)
    common = {word for word, _ in seen.most_common(_COMMON)}
    return [" ".join(word for word in line if seen[word] > 1 and word not in common) for line in split]


def _line_at(word: int, words: Sequence[int]) -> int:
    """The line that begins nearest to this word; `words` are the sums up to the end of each line."""
    return 1 + min(range(len(words) - 1), key=lambda i: abs(words[i] - word))


METHODS: dict[str, Callable[[Season], list[int]]] = {
    "equal lengths": equal_lengths,
    "TextTiling": texttiling,
    "words and labels, no guests": lambda s: find_begins(
        s.labels, s.texts, len(s.begins) + 1, SegmentOptions(opening=0.0)
    ),
    "lengths and guests, no ties": lambda s: find_begins(s.labels, s.texts, len(s.begins) + 1, SegmentOptions(tie=0.0)),
    "all together (used for House)": lambda s: find_begins(s.labels, s.texts, len(s.begins) + 1),
}


def hits(found: Sequence[int], truth: Sequence[int], near: int) -> int:
    """How many true boundaries have a cut within `near` lines, each cut counting once; both lists rise."""
    count = i = 0
    for cut in found:
        while i < len(truth) and truth[i] < cut - near:
            i += 1
        if i < len(truth) and abs(truth[i] - cut) <= near:
            count += 1
            i += 1
    return count


def score(cuts: Sequence[tuple[Sequence[int], Season]]) -> dict[str, Any]:
    """Precision and recall of the boundaries, share of lines in their episode, P_k and WindowDiff of some seasons."""
    found, true = sum(len(f) for f, _ in cuts), sum(len(s.begins) for _, s in cuts)
    result: dict[str, Any] = {"seasons": len(cuts), "boundaries": true}
    for near in NEAR:
        right = sum(hits(f, s.begins, near) for f, s in cuts)
        result[f"within_{near}"] = {
            "precision": Share(right, found).to_json(),
            "recall": Share(right, true).to_json(),
        }
    lines = sum(len(s.texts) for _, s in cuts)
    right = sum(a == b for f, s in cuts for a, b in zip(_pieces(f, s), _pieces(s.begins, s), strict=True))
    return result | {"lines_in_their_episode": Share(right, lines).to_json()} | _windows(cuts)


def _pieces(begins: Sequence[int], season: Season) -> list[int]:
    """The number of the piece that each line is in."""
    starts = set(begins)
    return list(accumulate(int(i in starts) for i in range(len(season.texts))))


def _windows(cuts: Sequence[tuple[Sequence[int], Season]]) -> dict[str, float]:
    from nltk.metrics.segmentation import pk, windowdiff

    sums, lines = [0.0, 0.0], 0
    for found, season in cuts:
        n = len(season.texts)
        truth, cut = ("".join("1" if i in set(b) else "0" for i in range(n)) for b in (season.begins, found))
        half = max(2, round(n / (len(season.begins) + 1) / 2))
        for i, measure in enumerate((pk(truth, cut, k=half), windowdiff(truth, cut, half))):
            sums[i] += n * float(measure)
        lines += n
    return {"pk": round(sums[0] / lines, 4), "windowdiff": round(sums[1] / lines, 4)}


def measure(shows: Sequence[Show]) -> dict[str, Any]:
    """Show -> method -> scores, from build/. Raises `NotFound` where a show wasn't parsed or nltk is missing."""
    result: dict[str, Any] = {}
    for show in shows:
        seasons = seasons_of(load_utterances(show))
        result[show.id] = {
            name: score([(method(season), season) for season in seasons]) for name, method in METHODS.items()
        }
    return result
