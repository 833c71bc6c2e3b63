"""Given names of the US Census of 1990 (package `names`): how common each is, and which sex bears it."""

from functools import cache
from importlib.resources import files

_TIMES = 10  # as often with one sex as with the other: then the name tells


@cache
def given(sex: str) -> dict[str, float]:
    """Name in lower case -> per cent of the population of this sex ("female", "male") that bears it."""
    lines = (files("names") / f"dist.{sex}.first").read_text(encoding="utf-8").splitlines()
    return {cells[0].lower(): float(cells[1]) for line in lines if len(cells := line.split()) > 1}


def gender_of(name: str) -> str:
    """`female` or `male` where nearly all who bear this given name are; else ""."""
    word = name.lower()
    for sex, other in (("female", "male"), ("male", "female")):
        if given(sex).get(word, 0.0) > _TIMES * given(other).get(word, 0.0):
            return sex
    return ""
