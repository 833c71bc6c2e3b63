"""Episode codes (`S03E07`), their order and the split by episode.

A code is a plain string with two digits each, so that comparing strings compares story order:
`"S03E07" < "S03E10" < "S10E01"`. `BEFORE` sorts before every code and stands for a fact that held
when the series began.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from parsing.errors import BadInput

BEFORE = "before"  # value of `since`; never a value of `revealed`
_CODE = re.compile(r"\s*s?(\d{1,2})\s*[ex.]\s*(\d{1,2})\s*", re.IGNORECASE)


@lru_cache(maxsize=1024)
def code(season: int, number: int) -> str:
    """`code(3, 7)` is `"S03E07"`."""
    return f"S{season:02d}E{number:02d}"


def season_of(episode: str) -> int:
    """The season of a normalised code: `season_of("S03E07") == 3`."""
    return int(episode[1:3])


def order_key(moment: str) -> str:
    """Sort key for a `since`: `BEFORE` comes before every episode."""
    return "" if moment == BEFORE else moment


def parse_episode(text: str, seasons: Sequence[int]) -> str:
    """Normalise what a person typed (`s3e7`, `3x07`, `S03E07`) and check that the show has it.

    `seasons[i]` is the number of episodes of season i + 1. Raises `BadInput` naming the range.
    """
    last = code(len(seasons), seasons[-1])
    match = _CODE.fullmatch(text)
    if match is None:
        raise BadInput(f"'{text[:40]}' is no episode: expected a code such as S01E04, up to {last}")
    season, number = int(match[1]), int(match[2])
    if not 1 <= season <= len(seasons):
        raise BadInput(f"there is no season {season}: the show has seasons 1 to {len(seasons)} (last {last})")
    if not 1 <= number <= seasons[season - 1]:
        raise BadInput(f"season {season} has episodes 1 to {seasons[season - 1]}, not {number}")
    return code(season, number)


def split_of(episode: str) -> str:
    """`train`, `dev` or `test`: the episode's number mod 8 (0 = test, 4 = dev, else train)."""
    return {0: "test", 4: "dev"}.get(int(episode[4:6]) % 8, "train")
