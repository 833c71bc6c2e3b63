"""To whom a line is spoken, with a confidence: the weights of addressees.toml over the clues of addressee_clues.py.

The weights are those of a conditional logit model (McFadden, 1974): every one who may be meant has the sum of the
weights of his clues, and the softmax over all of them is the confidence. `python -m training addressees` fits them on
labelled lines of train episodes; they are turn-taking, names and directions, nothing of one show.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from parsing.addressee_clues import Option, options_of
from parsing.errors import BadFile
from parsing.line_clues import Spoken, line_clues
from parsing.presence import NameFinder

WEIGHTS = Path(__file__).with_name("addressees.toml")


@dataclass(frozen=True)
class Said:
    """Whom a line is said to."""

    names: tuple[str, ...]  # canonical names; empty: nobody, or somebody without a name
    confidence: float | None  # probability that it is just these; None where the names are empty


class Addressees:
    """Tells whom the lines of one show are said to."""

    def __init__(self, names: NameFinder, weights: Mapping[str, float] | None = None) -> None:
        self._names = names
        self._weights = load_weights() if weights is None else weights

    def of(self, lines: Sequence[Spoken], episode: str) -> list[Said]:
        """The addressees of each line of a scene."""
        return [choose(options, self._weights) for options in self.options(lines, episode)]

    def options(self, lines: Sequence[Spoken], episode: str) -> list[list[Option]]:
        """All who may be meant by each line of a scene, with their clues."""
        return list(options_of(lines, [line_clues(line, self._names, episode) for line in lines]))


def choose(options: Sequence[Option], weights: Mapping[str, float]) -> Said:
    """The likeliest answer. Options that come to the same people count together.

    All whom a direction names ("to Ross and Joey"), or else all who are called out, are one answer.
    """
    together = _together(options, "told") or _together(options, "called")
    everyone = tuple(dict.fromkeys(name for option in together for name in option.names))
    shares: dict[tuple[str, ...], float] = {}
    for option, share in zip(options, probabilities(options, weights), strict=True):
        names = everyone if option in together else option.names
        shares[names] = shares.get(names, 0.0) + share
    best = max(shares, key=lambda names: shares[names])
    return Said(best, round(shares[best], 3) if best else None)


def _together(options: Sequence[Option], named: str) -> list[Option]:
    found = [option for option in options if option.named == named]
    return found if len(found) > 1 else []


def probabilities(options: Sequence[Option], weights: Mapping[str, float]) -> list[float]:
    """The softmax over the options of the sums of their clues' weights; an unknown clue weighs nothing."""
    weight = weights.get
    sums = [sum([weight(clue, 0.0) for clue in option.clues]) for option in options]
    top = max(sums)
    powers = [math.exp(s - top) for s in sums]
    total = sum(powers)
    return [power / total for power in powers]


@cache
def load_weights(path: Path = WEIGHTS) -> Mapping[str, float]:
    """Clue -> weight. Raises `BadFile` where the file holds something else."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))["weights"]
        return {str(clue): float(weight) for clue, weight in table.items()}
    except (tomllib.TOMLDecodeError, KeyError, AttributeError, TypeError, ValueError) as error:
        raise BadFile(f"{path}: no table [weights] of numbers ({error}): run `python -m training addressees`") from None
