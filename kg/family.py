"""What a family's candidates imply together: two parents of a child are a couple, a sister's mother is one's own.

Applied to believed candidates before they become facts, because it needs what a table of paths can't say: the same
surname, no half in "half-brother", no other mother. (Paths without conditions are `derived` in `kg/relations.toml`.)
"""

from collections.abc import Iterable, Mapping, Sequence

from kg.aggregate import Candidate
from kg.extract.mentions import Evidence, same_family
from kg.extract.types import Statement
from kg.reliability import PREMISE

_HALF = ("half", "step", "genetic")


def implied(chosen: Sequence[Candidate], genders: Mapping[str, str]) -> list[Evidence]:
    """Evidence for the facts that follow from the believed candidates, each with its premises' lines."""
    kin = [c for c in chosen if c.polarity and not c.literal]
    siblings = [c for c in kin if c.relation == "sibling" and _full(c)]
    parents = [c for c in kin if c.relation == "parent_of"]
    found = [*_couples(parents, genders), *_shared(siblings, parents, genders)]
    others = [c for c in kin if c.relation in {"uncle_aunt_of", "grandparent_of"}]
    found += _passed_on(siblings, others)
    known = {(c.subject, c.relation, c.object) for c in kin}
    return [e for e in found if (e.statement.subject, e.statement.relation, e.statement.object) not in known]


def _full(sibling: Candidate) -> bool:
    return not any(word in e.line.text.lower() for e in sibling.evidence for word in _HALF)


def _couples(parents: Sequence[Candidate], genders: Mapping[str, str]) -> Iterable[Evidence]:
    """Mother and father of one child who share a surname are, or were, husband and wife."""
    for i, one in enumerate(parents):
        for other in parents[i + 1 :]:
            mixed = {genders.get(one.subject), genders.get(other.subject)} == {"female", "male"}
            if one.object == other.object and mixed and same_family(one.subject, other.subject):
                yield from _rests_on(one.subject, "spouse", other.subject, one, other)


def _shared(
    siblings: Sequence[Candidate], parents: Sequence[Candidate], genders: Mapping[str, str]
) -> Iterable[Evidence]:
    """A parent whose surname the children share is the parent of both, where the other has no such parent."""
    taken = {(c.object, genders.get(c.subject, "")) for c in parents}
    for pair, child, other in _both_ways(siblings):
        for parent in (c for c in parents if c.object == child and same_family(c.subject, child)):
            gender = genders.get(parent.subject, "")
            alike = same_family(child, other) or "_" not in other
            if gender and (other, gender) not in taken and alike and other != parent.subject:
                yield from _rests_on(parent.subject, "parent_of", other, pair, parent)


def _passed_on(siblings: Sequence[Candidate], others: Sequence[Candidate]) -> Iterable[Evidence]:
    """Brothers and sisters of one surname have the same aunts and grandparents."""
    for pair, child, other in _both_ways(siblings):
        for elder in (c for c in others if c.object == child and same_family(child, other)):
            if elder.subject != other:
                yield from _rests_on(elder.subject, elder.relation, other, pair, elder)


def _both_ways(siblings: Sequence[Candidate]) -> Iterable[tuple[Candidate, str, str]]:
    for c in siblings:
        yield c, c.subject, c.object
        yield c, c.object, c.subject


def _rests_on(subject: str, relation: str, object_: str, *premises: Candidate) -> Iterable[Evidence]:
    """The line that completes the premises carries the fact, from then on it can be known; the others are shown too."""
    firsts = sorted((min(p.evidence, key=lambda e: e.line.id) for p in premises), key=lambda e: e.line.id)
    for e in firsts:
        rule = "family" if e is firsts[-1] else PREMISE
        text, names = e.statement.text, e.statement.names
        yield Evidence(Statement(subject, relation, object_, rule=rule, text=text, names=names), e.line)
