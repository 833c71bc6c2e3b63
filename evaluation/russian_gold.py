"""Relations that the Russian Drama Corpus states in its headers (`listRelation`): the gold of `evaluation russian`.

Only this module opens them; the extraction has the list of persons and the text. Ten plays are held aside by a rule
that knows nothing of them but their id and that the header has three relations or more (`held_aside`).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parsing.fetch import fetch
from parsing.manifest import Show
from parsing.sources import listed

MAIN = ("parent_of", "spouses", "siblings", "lover_of", "friends")
WIDE = ("related_with", "associated_with")
# what of `kg/relations.toml` counts as the header's relation
AS = {
    "parent_of": ("parent_of",),
    "spouses": ("spouse",),
    "siblings": ("sibling",),
    "lover_of": ("dating", "engaged_to"),
    "friends": ("friend",),
    "related_with": ("uncle_aunt_of", "cousin", "grandparent_of", "parent_in_law_of", "sibling_in_law"),
    "associated_with": ("boss_of",),
}
SEED = "canon-russian-held-aside"
HELD = 10
LEAST = 3  # relations of a play that may be held aside
SEEN = frozenset({"chekhov-chaika"})  # its relations were known before: questions are written about it


@dataclass(frozen=True, order=True)
class Pair:
    """One relation of two people, by the ids of the source; where it has no direction the ids are in order."""

    relation: str
    first: str
    second: str


def pair(relation: str, first: str, second: str) -> Pair:
    """The pair, with a direction for parents only."""
    ends = (first, second) if relation == "parent_of" else tuple(sorted((first, second)))
    return Pair(relation, *ends)


def header_relations(show: Show) -> frozenset[Pair]:
    """The relations in the header of a play, `active` and `passive` lists multiplied out."""
    from lxml import etree

    found: set[Pair] = set()
    for source in show.sources:
        for entry in listed(show, source):
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            root = etree.fromstring(fetch(show, source, entry), parser)
            for element in root.iter("{*}relation"):
                if (name := element.get("name") or "") in AS:
                    found |= {pair(name, a, b) for a, b in _ends(element) if a != b}
    return frozenset(found)


def _ends(element: Any) -> list[tuple[str, str]]:
    def ids(key: str) -> list[str]:
        return [part.lstrip("#") for part in (element.get(key) or "").split()]

    mutual = ids("mutual")
    both = [(a, b) for i, a in enumerate(mutual) for b in mutual[i + 1 :]]
    return both or [(a, b) for a in ids("active") for b in ids("passive")]


def held_aside(gold: Mapping[str, frozenset[Pair]]) -> list[str]:
    """The ten plays: the first by sha256 of seed and id, among those with enough of the main relations."""
    able = [p for p, pairs in gold.items() if p not in SEEN and sum(x.relation in MAIN for x in pairs) >= LEAST]
    return sorted(able, key=lambda p: hashlib.sha256(f"{SEED}:{p}".encode()).hexdigest())[:HELD]
