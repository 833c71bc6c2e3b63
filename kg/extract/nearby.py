"""Family by a name close by: "I told you about my daughter." said a line after somebody spoke of Emma.

Only where one person alone fits: of the noun's gender, of a surname that the two share, silent in the scene, and no
main character. What weaker readings (any surname, parents, people present) add was measured and is mostly wrong.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from kg.extract.mentions import Evidence, Line, Names
from kg.extract.modality import doubtful
from kg.extract.types import Statement

_NOUN = re.compile(
    r"\b(?P<who>my|our|your) (?:\w+ )?(?P<kin>son|daughter|sister|brother)(?!-|\w|\?| in law)", re.IGNORECASE
)
_KIN = {
    "son": ("parent_of", "male"),
    "daughter": ("parent_of", "female"),
    "sister": ("sibling", "female"),
    "brother": ("sibling", "male"),
}
_AROUND = 1  # lines


def nearby_evidence(lines: Sequence[Line], names: Names, personas: Collection[str]) -> Iterator[Evidence]:
    """Children, brothers and sisters whom the lines around name."""
    heard: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        heard[line.place].add(line.speaker)
    for position, line in enumerate(lines):
        for match in _NOUN.finditer(line.text):
            owner = _owner(line, match["who"].lower())
            if not owner or doubtful(line.text):
                continue
            relation, gender = _KIN[match["kin"].lower()]
            near = [o for o in lines[max(0, position - _AROUND) : position + _AROUND + 1] if o.place == line.place]
            named = {w for o in near for w, _, _ in names.find(o.text, o.episode)}
            fitting = [
                w
                for w in sorted(named - heard[line.place] - {owner, *line.addressees, *personas})
                if names.genders.get(w) == gender and shared_surname(w, owner)
            ]
            if len(fitting) == 1:
                said = Statement(
                    owner, relation, fitting[0], rule="nearby", text=match[0], gendered=(fitting[0], gender)
                )
                yield Evidence(said, line)


def _owner(line: Line, word: str) -> str:
    if word == "your":
        return line.addressees[0] if len(line.addressees) == 1 else ""
    return line.speaker


def shared_surname(one: str, other: str) -> bool:
    """Do two ids have a surname in common? "emma_geller_green" has two."""
    first, second = (set(re.sub(r"_(?:sr|jr)$", "", who).split("_")[1:]) for who in (one, other))
    return bool(first & second)
