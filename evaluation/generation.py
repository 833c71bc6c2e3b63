"""Questions made from a graph, any show's: the four kinds, TimeChara's four categories, several wordings and turns.

Categories after TimeChara (Ahn et al., 2024, arXiv 2405.18027): `future` (not revealed yet), `past absence` (revealed,
but not known to the persona), `past presence` (of the persona itself) and `past only` (of others, and known to it);
besides, `never told` and `false premise`. What is gold is what the graph says, so that these questions measure the road
from question to reply, and not whether the graph is right. The same graph, count and seed give the same questions.
"""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.interference import spread
from evaluation.phrasing import Phrasing, names_of, wordings
from kg.graph import Graph
from kg.relations import Relation, relations
from kg.types import Fact
from parsing.errors import BadInput
from parsing.manifest import CastMember, Show

MOMENTS = 12  # episodes at which questions are asked
OPEN_LAST = 6  # rounds of other matters before one of an open relation
SHARES = {
    "past presence": 0.26, "past only": 0.12, "future": 0.2, "past absence": 0.1, "never told": 0.12,
    "false premise": 0.2,
}  # fmt: skip
KIND_OF = {
    "past presence": "fact", "past only": "fact", "future": "future", "past absence": "future",
    "never told": "unknown", "false premise": "false",
}  # fmt: skip
VAGUE = re.compile(r"(?:some|any|every|no)?(?:thing|one|body)|it|th(?:is|at|em|ere)|here|you|me|us", re.IGNORECASE)


@dataclass(frozen=True)
class Matter:
    """One thing to ask: who is asked when, about whom, and what may and may not be said."""

    category: str
    persona: str  # canonical name
    as_of: str
    subject: str  # node id
    relation: str  # "" where no relation of the table is asked for
    gender: str = ""  # of the objects
    gold: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    claimed: str = ""  # the name in a false premise
    topic: int = 0  # which of the questions that no show answers
    needs: tuple[tuple[str, str, str], ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """Two matters of one key differ in the moment alone."""
        return (self.category, self.persona, self.subject, self.relation, self.gender, self.claimed, str(self.topic))


@dataclass(frozen=True)
class View:
    """What a viewer and a persona know at one moment of a whole graph."""

    whole: Graph
    viewer: Graph
    own: Graph
    member: CastMember
    speaker: str
    as_of: str


def generate(show: Show, graph: Graph, count: int, seed: int) -> list[dict[str, Any]]:
    """`count` questions as rows of a question file. Raises `BadInput` where the graph has too little to ask about."""
    phrasing = Phrasing(graph)
    pools = _pools(show, graph, random.Random(f"{seed}-{show.id}"))
    wanted = _quotas(count, {category: len(pool) for category, pool in pools.items()})
    if sum(wanted.values()) < count:
        had = ", ".join(f"{category} {len(pool)}" for category, pool in pools.items())
        raise BadInput(f"the graph of {show.id} gives {sum(wanted.values())} questions, not {count} ({had})")
    rows: list[dict[str, Any]] = []
    for category, pool in pools.items():
        rng = random.Random(f"{seed}-{show.id}-{category}")
        times: dict[tuple[str, ...], int] = {}
        for matter in pool[: wanted[category]]:
            nth = times[matter.key] = times.get(matter.key, -1) + 1
            said = phrasing.question(matter, nth, rng)
            rows.append({"id": f"{show.id}-g{len(rows) + 1:03}", **_row(matter), **said})
    return rows


def _row(matter: Matter) -> dict[str, Any]:
    kind, category = KIND_OF[matter.category], matter.category
    row: dict[str, Any] = {"persona": matter.persona, "as_of": matter.as_of, "kind": kind, "category": category}
    row |= {"gold": list(matter.gold), "must_not": list(matter.must_not)}
    return row | ({"needs": [list(n) for n in matter.needs]} if kind == "fact" else {})


def _quotas(count: int, sizes: dict[str, int]) -> dict[str, int]:
    """How many of each category: its share, and what others lack from those that have more, one after the other."""
    wanted = {c: min(sizes[c], round(count * share)) for c, share in SHARES.items()}
    while sum(wanted.values()) > count:
        wanted[max(wanted, key=lambda c: wanted[c])] -= 1
    while sum(wanted.values()) < count and (open_ := [c for c in wanted if wanted[c] < sizes[c]]):
        wanted[min(open_, key=lambda c: wanted[c] / SHARES[c])] += 1
    return wanted


def _pools(show: Show, graph: Graph, rng: random.Random) -> dict[str, list[Matter]]:
    """All matters of each category, mixed so that personas and relations take turns and repeats come last."""
    found: dict[str, list[Matter]] = {category: [] for category in SHARES}
    for view in _views(show, graph):
        for matter in (*_known(view), *_unknown(view), *_untold(view), *_false(view, rng)):
            found[matter.category].append(matter)
    return {category: _mixed(pool, rng) for category, pool in found.items()}


def _views(show: Show, graph: Graph) -> Iterator[View]:
    ids = {node.name: node.id for node in graph.nodes.values()}
    for moment in spread(show, MOMENTS):
        viewer = graph.at(moment)
        for member in show.personas:
            speaker = ids.get(member.name, "")
            if speaker in viewer.nodes:
                yield View(graph, viewer, graph.at(moment, speaker), member, speaker, moment)


def _mixed(pool: Sequence[Matter], rng: random.Random) -> list[Matter]:
    """A round of one matter of each persona and relation after the other; the same matter at another moment later.

    Matters of open relations ("what do you like?") come late: what they have as gold is not all that is right.
    """
    late = set(wordings()["open"]["relations"])
    ordered = list(pool)
    rng.shuffle(ordered)
    seen: dict[tuple[str, ...], int] = {}
    turns: dict[tuple[int, str, str], int] = {}
    ranked = []
    for place, matter in enumerate(ordered):
        nth = seen[matter.key] = seen.get(matter.key, -1) + 1
        group = (nth, matter.persona, matter.relation)
        turns[group] = turns.get(group, -1) + 1
        ranked.append((nth + OPEN_LAST * (matter.relation in late), turns[group], place, matter))
    return [matter for *_, matter in sorted(ranked, key=lambda r: r[:3])]


def asked_for(relation: Relation) -> bool:
    """Can objects of this relation be asked for?"""
    return not relation.event and relation.name not in {"note", "event_kind", "species", "expecting", "represented_by"}


def _groups(graph: Graph, subject: str) -> Iterator[tuple[Relation, str, list[Fact]]]:
    """What the graph says of somebody now: (relation, gender of the objects, facts)."""
    for relation in relations().values():
        if not asked_for(relation):
            continue
        now = [f for f in graph.facts_from(subject, relation.name) if f.polarity and graph.now(f) and _definite(f)]
        for gender in sorted({_gender(graph, f) for f in now}):
            yield relation, gender, [f for f in now if _gender(graph, f) == gender]


def _definite(fact: Fact) -> bool:
    return bool(fact.object) and not VAGUE.fullmatch(fact.object)


def _gender(graph: Graph, fact: Fact) -> str:
    """The gender that the wording names; of relations that name none ("roommate"), "" for all objects together."""
    table = relations()[fact.relation].label
    gender = "" if fact.literal else graph.gender(fact.object)
    return gender if gender in table else ""


def _people(view: View) -> list[str]:
    """Whom one may ask the persona about: the other people it has heard of who go by a first and a last name."""
    nodes = view.own.entities()
    return [n.id for n in nodes if n.type == "person" and n.id != view.speaker and len(n.name.split()) > 1]


def _known(view: View) -> Iterator[Matter]:
    """Of the persona itself and of others, what it knows."""
    for subject in (view.speaker, *_people(view)):
        category = "past presence" if subject == view.speaker else "past only"
        for relation, gender, facts in _groups(view.own, subject):
            if all(f.object not in {view.speaker, subject} for f in facts):
                asked = view.own.name(subject).split()
                gold = tuple(n for n in _names(view.own, facts) if not set(n.split()) <= set(asked))
                if not gold:
                    continue
                needs = tuple((view.own.name(f.subject), f.relation, view.own.name(f.object)) for f in facts[:1])
                yield Matter(category, view.member.name, view.as_of, subject, relation.name, gender, gold, needs=needs)


def _unknown(view: View) -> Iterator[Matter]:
    """What is revealed later, and what the viewer knows and the persona doesn't."""
    for subject in (view.speaker, *_people(view)):
        for relation, gender, facts in _groups(view.whole, subject):
            hidden = [f for f in facts if f.revealed > view.as_of and f.object not in _told(view.viewer, f)]
            if hidden and subject in (view.speaker, *view.whole.main):
                yield from _kept_back(view, "future", subject, relation, gender, hidden)
        for relation, gender, facts in _groups(view.viewer, subject) if subject != view.speaker else ():
            hidden = [f for f in facts if f.object not in _told(view.own, f)]
            if hidden and not any(view.speaker in {f.subject, f.object} for f in facts):
                yield from _kept_back(view, "past absence", subject, relation, gender, hidden)


def _kept_back(
    view: View, category: str, subject: str, relation: Relation, gender: str, hidden: list[Fact]
) -> Iterator[Matter]:
    now = [f for f in view.own.facts_from(subject, relation.name) if f.polarity and view.own.now(f)]
    gold = _names(view.own, [f for f in now if _gender(view.own, f) == gender])
    said = (view.member.name, view.whole.name(subject), *gold)
    taken = {word.casefold() for name in said for word in name.split()}
    must_not = tuple(n for n in _names(view.whole, hidden) if not taken & {w.casefold() for w in n.split()})
    if must_not and subject in view.own.nodes:
        yield Matter(category, view.member.name, view.as_of, subject, relation.name, gender, gold, must_not)


def _told(graph: Graph, fact: Fact) -> set[str]:
    """The objects that a graph knows at any time for the fact's subject and relation, or for one that implies it."""
    names = (fact.relation, *relations()[fact.relation].implied_by)
    return {f.object for name in names for f in graph.facts_from(fact.subject, name)}


def _untold(view: View) -> Iterator[Matter]:
    for topic in range(len(Phrasing.never())):
        yield Matter("never told", view.member.name, view.as_of, view.speaker, "", topic=topic)


def _false(view: View, rng: random.Random) -> Iterator[Matter]:
    """Somebody else in the place of the one whom the persona has, where nobody else can be it."""
    people = [n for n in _people(view) if n in view.own.main] or _people(view)
    for relation, gender, facts in _groups(view.own, view.speaker):
        person = set(relation.range) <= {"person", "animal"}
        if not person or not (relation.complete or relation.functional) or relation.name == "dating":
            continue
        others = {f.object for f in view.whole.facts_from(view.speaker, relation.name)}
        fitting = [n for n in people if n not in others and view.own.gender(n) == gender]
        if fitting:
            claimed = view.own.name(rng.choice(fitting))
            gold = tuple(n for n in _names(view.own, facts) if n not in claimed.split())
            yield Matter(
                "false premise", view.member.name, view.as_of, view.speaker, relation.name, gender, gold,
                claimed=claimed,
            )  # fmt: skip
    yield from _unmarried(view, people, rng)


def _unmarried(view: View, people: Sequence[str], rng: random.Random) -> Iterator[Matter]:
    """A spouse, a child or a twin for one of whom the show would have told it."""
    for relation in (r for r in relations().values() if r.closed and set(r.range) <= {"person", "animal"}):
        ever = {f.object for f in view.whole.facts_from(view.speaker, relation.name)}
        now = [f for f in view.own.facts_from(view.speaker, relation.name) if view.own.now(f)]
        fitting = [n for n in people if n not in ever and view.own.gender(n)]
        if not now and fitting:
            node = rng.choice(fitting)
            yield Matter(
                "false premise", view.member.name, view.as_of, view.speaker, relation.name, view.own.gender(node),
                claimed=view.own.name(node),
            )  # fmt: skip


def _names(graph: Graph, facts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for f in facts for name in names_of(graph, f)))
