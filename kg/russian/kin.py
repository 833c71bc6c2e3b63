"""Words of kinship: `kin.toml`, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("kin.toml")


@dataclass(frozen=True)
class Kin:
    """What a word says: "сын" of a man: the anchor is parent of the holder."""

    name: str  # of the entry: child, parent, …
    relation: str
    holder_first: bool
    gender: str = ""  # of the holder

    def ends(self, holder: str, anchor: str) -> tuple[str, str]:
        """(subject, object)."""
        return (holder, anchor) if self.holder_first else (anchor, holder)


@dataclass(frozen=True)
class Address:
    """A word by which kin is called: "маменька" to a woman: she is parent of the speaker."""

    relation: str
    gender: str
    weak: bool = False  # said to others as well: "мамаша" to an old woman


@dataclass(frozen=True)
class KinTable:
    """The whole of `kin.toml`."""

    nouns: Mapping[str, Kin]  # nominative singular -> what it says
    plural: Mapping[str, Kin]
    cousins: frozenset[str]
    no_kin: frozenset[str]
    again: frozenset[str]
    address: Mapping[str, Address]


@cache
def kin() -> KinTable:
    """The table."""
    data = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    nouns: dict[str, Kin] = {}
    entries: dict[str, Kin] = {}
    for name, row in data["words"].items():
        entries[name] = Kin(name, row["relation"], row["direction"] == "holder")
        for gender in ("male", "female"):
            for word in row[gender]:
                nouns[word] = Kin(name, row["relation"], row["direction"] == "holder", gender)
    marks = {key: frozenset(words) for key, words in data["marks"].items()}
    plural = {word: entries[name] for word, name in data["plural"].items()}
    address = {
        word: Address(row["relation"], row["gender"], key == "weak")
        for row in data["address"].values()
        for key in ("words", "weak")
        for word in row.get(key, ())
    }
    return KinTable(nouns, plural, marks["cousins"], marks["no_kin"], marks["again"], address)


@cache
def jobs() -> frozenset[str]:
    """Occupations, folded."""
    data = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return frozenset(data["jobs"]["words"].replace("ё", "е").split())
