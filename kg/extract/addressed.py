"""Whom a turn is said to: by the names called out in it, and by who speaks around it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

# (spoke just before, speaks next, spoke before that) -> share of those called by name, in training episodes
# (`python -m evaluation silver friends`)
ADDRESSED: Mapping[tuple[bool, bool, bool], float] = {
    (True, True, True): 0.953, (True, True, False): 0.921, (False, True, False): 0.735, (False, True, True): 0.650,
    (True, False, True): 0.354, (True, False, False): 0.275, (False, False, True): 0.065, (False, False, False): 0.038,
}  # fmt: skip


def addressed(speakers: Sequence[tuple[str, ...]], n: int, people: frozenset[str]) -> str:
    """The one most likely spoken to, by who speaks around the turn (`ADDRESSED`); "" where nobody else is there."""
    own = set(speakers[n])
    best, score = "", 0.0
    for who in sorted(people - own):
        chance = ADDRESSED[neighbours(speakers, n, who)]
        if chance > score:
            best, score = who, chance
    return best


def neighbours(speakers: Sequence[tuple[str, ...]], n: int, who: str) -> tuple[bool, bool, bool]:
    """Did somebody speak last before a turn (the turn's own speakers left out), next after it, and before the last?"""
    own = set(speakers[n])
    before = [s for t in speakers[max(0, n - 4) : n][::-1] for s in t if s not in own]
    after = [s for t in speakers[n + 1 : n + 3] for s in t if s not in own]
    return who == (before or [""])[0], who == (after or [""])[0], who in before[1:]


_OPENING = frozenset({"hey", "hi", "oh", "ok", "okay", "and", "so"})


def called(doc: "Doc", start: int, end: int) -> bool:
    """Is the name at these characters set off from its sentence, as of somebody who is spoken to ("So, Ross, …")?"""
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        return False
    before = doc[span.start - 1] if span.start else None
    after = doc[span.end].text if span.end < len(doc) else "."
    if before is None:
        return after[:1] in ",!?-" or len(span) == len(doc)
    return bool(before.is_punct or before.lower_ in _OPENING) and after[:1] in ",.!?-;"
