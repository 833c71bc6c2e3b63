"""What a list of persons says of one person alone: occupation and age («врач», «27 лет»)."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from kg.russian.declension import modern
from kg.russian.entries import owners_of, tokens_of
from kg.russian.kin import jobs
from kg.russian.listed import Listed
from kg.russian.people import CastNames
from parsing.cast_list import CastEntry

_AGE = re.compile(r"(?<!\d)(\d{1,2})(?:-т?и)?\s+(?:лет|года|год)\b|\bлет\s+(\d{1,2})\b")
_ABOUT = re.compile(r"\b(?:около|под|за|свыше|более)\s+\d")


def traits(entries: Sequence[CastEntry], names: CastNames) -> Iterator[Listed]:
    """Jobs and ages, in the order of the list, once for each person."""
    for number, person in sorted(owners_of(entries, names).items()):
        item = modern(entries[number].item)
        if job := _job(item):
            yield Listed(person, "job", job, number, job, literal=True)
        age = _AGE.search(item)
        if age and not _ABOUT.search(item):
            yield Listed(person, "age", age[1] or age[2], number, age[0], literal=True)


def _job(item: str) -> str:
    """The first occupation behind the name that stands at the beginning of a part ("поручик в отставке")."""
    for i, word in enumerate(tokens_of(item)):
        if i and word.text in jobs() and not word.capital:
            return _spelt(item, word.text)
    return ""


@cache
def _marked() -> re.Pattern[str]:
    return re.compile(r"[А-Яа-яЁё-]+")


def _spelt(item: str, word: str) -> str:
    """The word as the list spells it (with its ё)."""
    return next((m[0] for m in _marked().finditer(item) if m[0].casefold().replace("ё", "е") == word), word)
