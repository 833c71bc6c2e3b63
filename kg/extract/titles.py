"""Family by title: "Aunt Sheryl" is an aunt of who speaks of her."""

import re
from collections.abc import Iterator, Sequence

from kg.extract.mentions import Evidence, Line, Names
from kg.extract.modality import doubtful
from kg.extract.types import Statement
from kg.graph import node_id

_TITLED = re.compile(r"(?<![\w'])(?P<title>Aunt|Uncle|Cousin) (?P<name>[A-Z][a-z]{2,})\b(?! [A-Z])")
_ANOTHERS = re.compile(r"\b(?:your|his|her|their|an?|the|little) $|[\w]'s $", re.IGNORECASE)
_NOBODY = frozenset({"Sam", "Tom", "Ben", "Jemima", "Fester", "Bob"})  # of proverbs, rice and films
_TITLES = {"Aunt": ("uncle_aunt_of", "female"), "Uncle": ("uncle_aunt_of", "male"), "Cousin": ("cousin", "")}


def titled_evidence(lines: Sequence[Line], names: Names) -> Iterator[Evidence]:
    """As in "Let me call Aunt Sheryl": the speaker's, unless it is somebody of the cast, who is an aunt to a child."""
    for line in lines:
        for match in _TITLED.finditer(line.text) if line.speaker else ():
            name = match["name"]
            if name in _NOBODY or names.find(name, line.episode) or doubtful(line.text):
                continue
            if _ANOTHERS.search(line.text[: match.start()]):
                continue
            relation, gender = _TITLES[match["title"]]
            called = match[0] if relation == "uncle_aunt_of" else name
            who = node_id(called)
            yield Evidence(
                Statement(
                    who, relation, line.speaker, rule="titled", text=match[0], gendered=(who, gender) if gender else
                    ("", ""), names=((who, called, "person"),),
                ),
                line,
            )  # fmt: skip
