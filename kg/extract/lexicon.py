"""What words state which relation: nouns from `kg/relations.toml`, turned to one direction of each relation."""

from dataclasses import dataclass
from functools import cache

from kg.relations import relations

# Of two inverse relations the graph stores one.
STORED = {
    "child_of": "parent_of",
    "grandchild_of": "grandparent_of",
    "niece_nephew_of": "uncle_aunt_of",
    "child_in_law_of": "parent_in_law_of",
    "works_for": "boss_of",
}
KIN = (
    *("parent_of", "child_of", "sibling", "spouse", "engaged_to", "dating", "grandparent_of", "grandchild_of"),
    *("uncle_aunt_of", "niece_nephew_of", "cousin", "child_in_law_of", "parent_in_law_of", "sibling_in_law"),
    *("friend", "roommate", "neighbour", "works_for", "boss_of", "colleague"),
)
# Nouns that questions use for a relation and lines use for much else ("my date", "the staff").
_LOOSE = frozenset(
    {"partner", "date", "lover", "baby", "babies", "kid", "kids", "pop", "ma", "manager", "supervisor", "employer"}
    | {"staff", "buddy", "buddies", "pal", "pals", "offspring", "folks", "twins", "little girl", "little boy", "bro"}
    | {"baby girl", "baby boy", "in-laws", "missus", "better half", "significant other", "children", "child"}
)


@dataclass(frozen=True)
class Kin:
    """What a noun makes of its holder: `sister` of X is Y: (X, sibling, Y), Y female."""

    relation: str
    gender: str = ""
    flipped: bool = False  # stored as (holder, relation, possessor): "mother" of X is Y: (Y, parent_of, X)


@cache
def kin_nouns() -> dict[str, Kin]:
    """Noun in lower case (singular) -> its relation."""
    found: dict[str, Kin] = {}
    for name in KIN:
        if name not in relations():
            continue
        for gender, words in relations()[name].nouns.items():
            for word in words:
                if word not in _LOOSE:
                    kin = Kin(STORED.get(name, name), "" if gender == "any" else gender, name in STORED)
                    found.setdefault(word, kin)
    for word, gender in (("fiance", "male"), ("fiancé", "male"), ("fiancee", "female"), ("fiancée", "female")):
        found[word] = Kin("engaged_to", gender if word.endswith("ee") or word.endswith("ée") else "")
    return found


@cache
def occupations() -> frozenset[str]:
    """The literals a job may have, of one word or several."""
    return frozenset(relations()["job"].words)


@cache
def favourites() -> dict[str, str]:
    """Noun after "favorite" -> the relation, as far as the table has one of its own ("movie": favourite_film)."""
    named = [r for r in relations().values() if r.name.startswith("favourite_")]
    return {w.split(" ", 1)[1]: r.name for r in named for words in r.nouns.values() for w in words if " " in w}


_NO_PET = frozenset({"pet", "animal", "fish", "chick", "bird", "horse"})  # nobody in particular, food, a girl, a race


@cache
def pet_nouns() -> frozenset[str]:
    """Animals that people keep, singular."""
    nouns = relations()["has_pet"].nouns["any"]
    return frozenset(n for n in nouns if n not in _NO_PET and f"{n}s" not in _NO_PET and n.removesuffix("s") == n)
