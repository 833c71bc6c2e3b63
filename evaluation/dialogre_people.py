"""Who "Speaker 1" is: the names called out in a dialogue, given to those they are most likely said to.

A name called out counts for each other speaker by the chances of `kg.extract.addressed.ADDRESSED`, which are of Friends'
training episodes; who says a name isn't the one who bears it, unless to say "I'm Ross".
"""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kg.extract.addressed import ADDRESSED, called, neighbours
from kg.extract.mentions import Names
from kg.graph import node_id

if TYPE_CHECKING:
    from spacy.tokens import Doc

_INTRODUCING = re.compile(r"\b(?:I'm|I am|[Mm]y name is|[Mm]y name's|[Tt]his is|[Ii]t's|[Mm]e,) $")
_OWN = -4.0  # log odds that one says one's own name, otherwise
_INTRODUCED = 3.0
_LEAST = 0.0
Named = tuple[str, int, int]


def named(doc: "Doc", names: Names) -> list[Named]:
    """(node id, start, end) of the persons that a line names: the cast, then whoever else the pipeline found."""
    found = names.find(doc.text, "")
    taken = {i for _, start, end in found for i in range(start, end)}
    others = (e for e in doc.ents if e.label_ == "PERSON" and not e.ent_id_ and e.start_char not in taken)
    return [*found, *((node_id(e.text), e.start_char, e.end_char) for e in others if node_id(e.text))]


def identify(speakers: Sequence[tuple[str, ...]], docs: Sequence["Doc"], names: Names) -> dict[str, str]:
    """Speaker's label -> node id, for those who are called by a name; one name means one speaker."""
    scores: dict[tuple[str, str], float] = defaultdict(float)
    everybody = sorted({s for turn in speakers for s in turn})
    for n, doc in enumerate(docs):
        for who, start, end in named(doc, names):
            introduced = _INTRODUCING.search(doc.text[:start]) is not None
            for label in speakers[n]:
                scores[label, who] += _INTRODUCED if introduced else _OWN
            if called(doc, start, end) and not introduced:
                for label in everybody:
                    if label not in speakers[n]:
                        chance = ADDRESSED[neighbours(speakers, n, label)]
                        scores[label, who] += math.log(chance / (1 - chance))
    return _matched(scores)


def _matched(scores: Mapping[tuple[str, str], float]) -> dict[str, str]:
    """The pairs of highest score, each label and each name once."""
    found: dict[str, str] = {}
    for (label, who), value in sorted(scores.items(), key=lambda kv: (-kv[1], kv[0])):
        if value > _LEAST and label not in found and who not in found.values():
            found[label] = who
    return found
