"""Family by title: "Aunt Sheryl" is an aunt of who speaks of her, Mr. and Mrs. Waltham are husband and wife."""

import re
from collections.abc import Collection, Iterator, Sequence

from kg.extract.mentions import Evidence, Line, Names
from kg.extract.modality import doubtful
from kg.extract.types import Statement
from kg.graph import node_id

_TITLED = re.compile(r"(?<![\w'])(?P<title>Aunt|Uncle|Cousin) (?P<name>[A-Z][a-z]{2,})\b(?! [A-Z])")
_MARRIED = re.compile(r"\bMr\.? and Mrs\.? (?P<name>[A-Z][a-z]+)")
_YOUR = re.compile(r"\byour\b[^.!?]*\?", re.IGNORECASE)
_ANOTHERS = re.compile(r"\b(?:your|his|her|their|an?|the|little) $|[\w]'s $", re.IGNORECASE)
_NOBODY = frozenset({"Sam", "Tom", "Ben", "Jemima", "Fester", "Bob"})  # of proverbs, rice and films
_TITLES = {"Aunt": ("uncle_aunt_of", "female"), "Uncle": ("uncle_aunt_of", "male"), "Cousin": ("cousin", "")}


def titled_evidence(lines: Sequence[Line], names: Names, elders: Collection[frozenset[str]] = ()) -> Iterator[Evidence]:
    """As in "Let me call Aunt Sheryl": the speaker's, unless it is somebody of the cast, who is an aunt to a child.

    `elders`: pairs of which one may call the other's aunt so (parents, husbands and wives); who does so first counts.
    """
    callers: dict[str, list[str]] = {}
    for line in lines:
        for match in _TITLED.finditer(line.text) if line.speaker and not doubtful(line.text) else ():
            if match["name"] in _NOBODY or names.find(match["name"], line.episode):
                continue
            if _ANOTHERS.search(line.text[: match.start()]) or _YOUR.search(line.text):
                continue
            relation, gender = _TITLES[match["title"]]
            called = match[0] if relation == "uncle_aunt_of" else match["name"]
            who = node_id(called)
            callers.setdefault(who, []).append(line.speaker)
            if any(frozenset((line.speaker, earlier)) in elders for earlier in callers[who]):
                continue
            gendered = (who, gender) if gender else ("", "")
            names_ = ((who, called, "person"),)
            said = Statement(who, relation, line.speaker, rule="titled", text=match[0], gendered=gendered, names=names_)
            yield Evidence(said, line)


def married_evidence(lines: Sequence[Line], names: Names) -> Iterator[Evidence]:
    """Who "Mr. and Mrs. Waltham" are, where the cast has one of each."""
    for line in lines:
        for match in _MARRIED.finditer(" ".join((line.text, *line.directions, line.setting))):
            pair = [[w for w, _, _ in names.find(f"{t}. {match['name']}", line.episode)] for t in ("Mr", "Mrs")]
            if all(len(p) == 1 for p in pair) and pair[0] != pair[1]:
                yield Evidence(Statement(pair[0][0], "spouse", pair[1][0], rule="married", text=match[0]), line)
    yield from _together(lines, names)


def _together(lines: Sequence[Line], names: Names) -> Iterator[Evidence]:
    """Mr. Waltham and Mrs. Waltham in one scene, where the cast has one of each."""
    titled = {t: {n.partition(" ")[2]: n for n in names.all if n.startswith(f"{t}. ")} for t in ("Mr", "Mrs")}
    pairs = [(titled["Mr"][n], titled["Mrs"][n]) for n in sorted(set(titled["Mr"]) & set(titled["Mrs"]))]
    seen = set()
    for line in lines if pairs else ():
        for mr, mrs in pairs if line.place not in seen and len(line.present) > 1 else ():
            one, other = ([w for w, _, _ in names.find(n, line.episode)] for n in (mr, mrs))
            if one and other and {one[0], other[0]} <= set(line.present) and one[0] != other[0]:
                seen.add(line.place)
                yield Evidence(Statement(one[0], "spouse", other[0], rule="married", text=f"{mr}, {mrs}"), line)
