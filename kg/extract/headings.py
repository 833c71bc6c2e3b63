"""Where somebody has been, as shown: who speaks in a scene headed "London, outside the hotel"."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kg.extract.journeys import NOWHERE, PLACES
from kg.extract.mentions import Evidence, Line, Names
from kg.extract.types import Statement
from kg.graph import node_id

if TYPE_CHECKING:
    from spacy.tokens import Doc

_PHONE = re.compile(r"\b(?:tele)?phone\b", re.IGNORECASE)
_KNOWN = 3  # lines that must name a place before a heading is read by it
_LEAD = r"(?:scene:?|cut to:?|int\.?|ext\.?|back (?:in|at|to))?[:\s]*(?:(?:in|at|outside|inside|later) )?"


def places_of(docs: Iterable["Doc"], description: str) -> dict[str, str]:
    """The places that lines name often: name -> node id, without that of the show's description, where it is set."""
    seen: Counter[str] = Counter()
    for doc in docs:
        seen.update({e.text for e in doc.ents if e.label_ in PLACES and not e.ent_id_ and len(e.text) > 3})
    home = {n for n in seen if n in description or n.removesuffix(" City") in description}
    common = sorted(n for n, count in seen.items() if count >= _KNOWN and n not in home and n[0].isupper())
    return {name: node_id(name) for name in common if node_id(name) not in NOWHERE}


def heading_evidence(lines: Sequence[Line], places: Mapping[str, str], names: Names) -> Iterator[Evidence]:
    """Who speaks in a scene "London, outside the hotel" is there; where the heading names people, they alone."""
    if not places:
        return
    longest = "|".join(re.escape(p) for p in sorted(places, key=lambda p: (-len(p), p)))
    pattern = re.compile(rf"(?:{_LEAD}|.* in )(?P<place>{longest})(?: again)?", re.IGNORECASE)
    named = {name.casefold(): name for name in places}
    calls = {line.place for line in lines if _PHONE.search(" ".join((line.setting, *line.directions)))}
    for line in (one for one in lines if one.place not in calls):  # on the phone, only one of two is there
        match = pattern.fullmatch(re.split(r"[.,;(]", line.setting)[0].strip())
        if match is None or not line.speaker:
            continue
        there = {who for who, _, _ in names.find(line.setting, line.episode)}
        if there and line.speaker not in there:
            continue
        name = named[match["place"].casefold()]
        known = ((places[name], name, "place"),)
        said = Statement(line.speaker, "visited", places[name], rule="heading_place", text=match[0], names=known)
        yield Evidence(said, line)
