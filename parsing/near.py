"""Near-duplicates by MinHash and locality-sensitive hashing (datasketch): texts that share most of their words.

Broder, "On the resemblance and containment of documents" (1997); https://ekzhu.com/datasketch/lsh.html
"""

import re
from typing import Any
from zlib import crc32

_WORD = re.compile(r"\w+")
_PERMUTATIONS = 32  # of a MinHash: it only finds the candidates, which are then measured exactly
_SLACK = 0.15  # below the wished similarity at which candidates are looked for, so that hardly one is missed


def shingles(text: str, part: str = "") -> frozenset[int]:
    """The words of a text and its pairs of neighbouring words, case and signs folded, as hashes.

    Those of different `part`s of a document (a context, a reply) are different.
    """
    words = [word.encode() for word in _WORD.findall(text.casefold())]
    salt = crc32(part.encode())
    single = [crc32(word, salt) for word in words]
    return frozenset((*single, *(crc32(b" " + word, before) for before, word in zip(single, words[1:], strict=False))))


def similarity(one: frozenset[int], other: frozenset[int]) -> float:
    """The Jaccard index of two sets: 0 to 1."""
    return len(one & other) / len(one | other) if one or other else 1.0


class NearDuplicates:
    """Texts taken so far, and whether a further one has at least the `wished` similarity with one of them."""

    def __init__(self, wished: float) -> None:
        from datasketch import MinHash, MinHashLSH

        self._wished = wished
        self._sketch = MinHash(_PERMUTATIONS, seed=7, hashfunc=int)  # one for all texts: the index keeps only its bands
        self._index = MinHashLSH(max(0.1, wished - _SLACK), _PERMUTATIONS)
        self._taken: dict[str, frozenset[int]] = {}

    def take(self, key: str, mine: frozenset[int]) -> str | None:
        """The key of the most similar text that is similar enough; where there is none, this one is taken: None."""
        sketch: Any = self._sketch
        sketch.clear()
        sketch.update_batch(mine)
        scores = {other: similarity(mine, self._taken[other]) for other in self._index.query(sketch)}
        if scores and (best := max(scores.values())) >= self._wished:
            return min(other for other, score in scores.items() if score == best)
        self._taken[key] = mine
        self._index.insert(key, sketch)
        return None
