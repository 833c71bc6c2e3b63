"""From mentions to facts: support, constraints, times, and who knows.

Stated rules
- Each rule has a reliability; the confidence of a fact is the noisy-or over the distinct scenes that state it, the most
  reliable reading of each scene counting.
- Of two relations that exclude each other between the same two people the better supported one stays (more scenes, then
  higher confidence); a wording whose gender contradicts the cast is no evidence.
- Family holds `before` the series; a state holds from its first statement on (from before, where one of the two is new
  in that very episode or the series has just begun), and ends with the first line that calls it former, with an event
  that ends it, with the next partner where one has only one at a time, or when the two are never in a scene again.
- A fact is revealed where it is first said. It is known to those who were there, from then on.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.calendar import LATER, Calendar
from kg.extract.mentions import Evidence, same_family
from kg.graph import fact_id
from kg.relations import relations
from kg.types import Fact

RELIABILITY = {
    "possessive": 0.9,
    "apposition": 0.85,
    "name_of": 0.9,
    "having": 0.9,
    "copula": 0.85,
    "couple": 0.85,
    "partner": 0.9,
    "courting": 0.8,
    "going_out": 0.75,
    "together": 0.8,
    "living": 0.75,
    "working": 0.75,
    "job": 0.75,
    "job_asked": 0.5,
    "job_praised": 0.5,
    "origin": 0.75,
    "age": 0.75,
    "birthday": 0.9,
    "allergy": 0.9,
    "schooling": 0.75,
    "none": 0.75,
    "heading": 0.35,
    "address": 0.4,
    "address_surname": 0.7,
    "kissing": 0.3,
    "vow": 0.95,
    "pet": 0.85,
    "owning": 0.8,
    "listed": 0.97,  # from here on Russian (kg/russian): the list of persons, and what follows from it
    "patronymic": 0.85,
    "other_parent": 0.75,
    "titled": 0.75,
    "kin_address": 0.5,
    "kin_address_weak": 0.25,
    "kin_named": 0.85,
    "kin_told": 0.85,
}
_PERSONA_JOB = 0.55  # the main characters joke and pretend: their jobs count by episode
PENALTY = {"": 1.0, "you": 0.8, "pronoun": 0.6}
THRESHOLD = 0.7
SHORT_THRESHOLD = 0.6  # of a short series, in which there is no second mention to wait for
EVIDENCE = 6  # utterance ids kept with a fact
FAMILY = frozenset(
    {"parent_of", "sibling", "grandparent_of", "uncle_aunt_of", "cousin", "parent_in_law_of", "sibling_in_law"}
)
TIMELESS = FAMILY | {"birthday", "allergic_to", "origin", "studied_at", "full_name", "nickname"}
ROMANCE = ("dating", "engaged_to", "spouse")
_CHILD = 13  # years
_SLIP = 12  # episodes between a lone mention of a marriage and the next
_SCENES = 3  # that must show two main characters as a couple


@dataclass
class Candidate:
    """All evidence for one triple."""

    subject: str
    relation: str
    object: str
    literal: bool
    polarity: bool
    evidence: list[Evidence] = field(default_factory=list)
    wary: bool = False  # a persona's job: jokes last an episode, so episodes are counted

    @property
    def confidence(self) -> float:
        """Noisy-or over scenes."""
        best: dict[str, float] = {}
        for e in self.evidence:
            where = e.line.episode if self.wary else e.line.place
            value = reliability(e.statement.rule) * (_PERSONA_JOB / RELIABILITY["job"] if self.wary else 1.0)
            best[where] = max(best.get(where, 0.0), value)
        wrong = 1.0
        for value in best.values():
            wrong *= 1.0 - value
        return round(1.0 - wrong, 4)

    @property
    def scenes(self) -> int:
        """How many scenes state it."""
        return len({e.line.place for e in self.evidence})

    @property
    def pair(self) -> frozenset[str]:
        """Both ends."""
        return frozenset((self.subject, self.object))


def reliability(rule: str) -> float:
    """How often a rule is right: `"copula+you"` is the rule's value times the resolution's."""
    name, _, how = rule.partition("+")
    return RELIABILITY[name] * PENALTY[how]


def candidates(
    evidence: Iterable[Evidence], genders: Mapping[str, str], calendar: Calendar, personas: Collection[str] = ()
) -> list[Candidate]:
    """Evidence by triple, symmetric relations with their ends in order.

    Left out: readings against gender; names of people whom the show brings in much later, or of friends who don't
    appear in the episode (another of the name is meant); children's ages of somebody who isn't one; wives, husbands
    and children that a persona names once and who never appear (a joke).
    """
    found: dict[tuple[str, str, str, bool], Candidate] = {}
    for e in evidence:
        s = e.statement
        who, gender = s.gendered
        if gender and genders.get(who) and genders[who] != gender:
            continue
        late = any(calendar.much_later(end, e.line.episode) for end in (s.subject, s.object) if end in genders)
        if late and not (s.relation in FAMILY and same_family(s.subject, s.object)):
            continue
        if s.relation == "friend" and any(
            end in genders and end not in personas and e.line.episode not in calendar.there[end]
            for end in (s.subject, s.object)
        ):
            continue
        subject, object_ = s.subject, s.object
        if relations()[s.relation].symmetric and not s.literal and object_ < subject:
            subject, object_ = object_, subject
        key = (subject, s.relation, object_, s.polarity)
        if key not in found:
            wary = s.relation == "job" and subject in personas and calendar.long
            found[key] = Candidate(subject, s.relation, object_, s.literal, s.polarity, wary=wary)
        found[key].evidence.append(e)
    return [found[key] for key in sorted(found) if not _joke(found[key], calendar, personas)]


def _joke(c: Candidate, calendar: Calendar, personas: Collection[str]) -> bool:
    """Said once, and against all that is seen."""
    once = len({e.line.episode for e in c.evidence}) < 2
    if c.relation in ROMANCE and not c.literal and c.pair <= set(personas) and calendar.long:
        solemn = any(e.statement.rule.startswith(("vow", "together", "partner")) for e in c.evidence)
        return not solemn and (once or c.scenes < _SCENES)  # friends pretend to be couples
    if c.wary and len({e.line.speaker for e in c.evidence}) < 2:
        return len({e.line.episode for e in c.evidence}) < 3  # one person's joke
    if c.relation == "age":
        return once and int(c.object) < _CHILD and c.subject in personas
    if c.relation not in (*ROMANCE, "parent_of") or c.literal or not once:
        return False
    others = [who for who in c.pair if who not in personas]
    parent = c.relation == "parent_of" and c.subject not in personas  # who had a mother isn't joking
    return len(others) == 1 and not parent and others[0] not in calendar.first


def settle(pool: Sequence[Candidate], threshold: float) -> list[Candidate]:
    """The candidates that are believed: enough confidence, and no better supported one that excludes them."""
    strong = [c for c in pool if c.confidence >= threshold]
    affirmed = [c for c in strong if c.polarity]
    kept = []
    for c in strong:
        rivals = (r for r in affirmed if r is not c and r.pair == c.pair and _exclude(r, c))
        if any(_better(r, c) for r in rivals):
            continue
        if not c.polarity and any(_denied(c, a) for a in affirmed):
            continue
        kept.append(c)
    return _parents(kept)


def _exclude(one: Candidate, other: Candidate) -> bool:
    table = relations()
    first, second = table[one.relation], table[other.relation]
    if one.relation == other.relation:  # both directions of parent_of
        return bool(first.inverse) and not first.symmetric
    return other.relation in first.excludes or one.relation in second.excludes


def _better(one: Candidate, other: Candidate) -> bool:
    mine = (one.scenes, one.confidence, one.relation, one.subject)
    return mine > (other.scenes, other.confidence, other.relation, other.subject)


def _denied(denial: Candidate, affirmed: Candidate) -> bool:
    """As in "I don't have a sister" of somebody who has one, or "Ross isn't my brother"."""
    if denial.relation != affirmed.relation:
        return False
    if denial.object == "":
        return denial.subject in affirmed.pair
    return denial.pair == affirmed.pair


def _parents(pool: list[Candidate]) -> list[Candidate]:
    """Nobody is parent of an ancestor: of a ring of parents the weakest link goes."""
    import networkx as nx

    links = {(c.subject, c.object): c for c in pool if c.relation == "parent_of" and c.polarity and not c.literal}
    family = nx.DiGraph(list(links))
    dropped = set()
    while True:
        try:
            ring = nx.find_cycle(family)
        except nx.NetworkXNoCycle:
            break
        weakest = min(((u, v) for u, v, *_ in ring), key=lambda uv: (links[uv].scenes, links[uv].confidence, uv))
        family.remove_edge(*weakest)
        dropped.add(weakest)
    return [c for c in pool if c.relation != "parent_of" or (c.subject, c.object) not in dropped]


Ends = Mapping[tuple[str, frozenset[str]], Sequence[str]]
Begins = Mapping[tuple[str, frozenset[str]], str]


def facts_of(chosen: Sequence[Candidate], calendar: Calendar, begins: Begins, ends: Ends) -> list[Fact]:
    """Dated facts of the believed candidates. `begins`, `ends`: (relation, pair) -> episodes of events."""
    homes = _last_homes(chosen)
    drafts = [_draft(c, calendar, begins, ends, homes) for c in chosen]
    return sorted(_one_at_a_time(drafts), key=lambda f: f.id)


def _draft(
    c: Candidate, calendar: Calendar, begins: Begins, ends: Ends, homes: Mapping[str, list[tuple[str, frozenset[str]]]]
) -> Fact:
    evidence = _without_slip(c, calendar)
    revealed = evidence[0].line.episode
    since, until = "before", None
    if c.relation not in TIMELESS:
        since, until = _span(c, evidence, calendar)
        since = begins.get((c.relation, c.pair), since)
        over = [e for e in ends.get((c.relation, c.pair), ()) if e > (revealed if since == "before" else since)]
        until = min([*over[:1], *([until] if until else [])], default=None)
    elif c.relation == "parent_of" and c.subject in calendar.personas and c.polarity:
        since = calendar.born(c.object, revealed)
    if c.relation == "roommate" and until is None:
        until = _moved(c, evidence, homes, calendar)
    if until is not None and since != "before" and until <= since:
        until = calendar.after(since)
    first = revealed if since == "before" else max(revealed, since)
    best = max(evidence, key=lambda e: (reliability(e.statement.rule), e.line.id))
    ids = tuple(dict.fromkeys(e.line.id for e in evidence))[:EVIDENCE]
    return Fact(
        fact_id(c.subject, c.relation, c.object, c.polarity, since), c.subject, c.relation, c.object, c.literal,
        c.polarity, since, until, first, known_by(c, evidence), c.confidence, ids, best.statement.rule,
    )  # fmt: skip


def _without_slip(c: Candidate, calendar: Calendar) -> list[Evidence]:
    """The evidence in order; a couple that one scene names long before all others do was named by mistake."""
    evidence = sorted(c.evidence, key=lambda e: e.line.id)
    first = evidence[0].line
    later = [e for e in evidence if e.line.episode != first.episode]
    repeated = len({e.line.place for e in evidence}) > len({e.line.place for e in later}) + 1
    solemn = evidence[0].statement.rule in {"vow", "together"}
    if c.relation != "spouse" or repeated or solemn or not later:
        return evidence
    return later if calendar.apart(first.episode, later[0].line.episode) > _SLIP else evidence


def _last_homes(chosen: Sequence[Candidate]) -> dict[str, list[tuple[str, frozenset[str]]]]:
    """Person -> (episode, pair) of the headings that show with whom it lives."""
    homes: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for c in chosen:
        if c.relation == "roommate":
            for e in c.evidence:
                if e.statement.rule == "heading":
                    for who in c.pair:
                        homes[who].append((e.line.episode, c.pair))
    return homes


def _moved(
    c: Candidate,
    evidence: Sequence[Evidence],
    homes: Mapping[str, list[tuple[str, frozenset[str]]]],
    calendar: Calendar,
) -> str | None:
    """The first later episode in which one of the two is at home with somebody else."""
    last = max((e.line.episode for e in evidence if e.statement.rule == "heading"), default=evidence[-1].line.episode)
    later = [e for who in sorted(c.pair) for e, pair in homes.get(who, ()) if e > last and pair != c.pair]
    if later:
        return calendar.after(last)
    return None


def _span(c: Candidate, evidence: Sequence[Evidence], calendar: Calendar) -> tuple[str, str | None]:
    """When a state holds, by what is said of it alone."""
    revealed = evidence[0].line.episode
    now = [e.line.episode for e in evidence if e.statement.tense == "present"]
    then = [e.line.episode for e in evidence if e.statement.tense == "past"]
    if not now:
        return "before", revealed
    new = any(calendar.first.get(who) == revealed for who in c.pair)
    since = (
        "before" if calendar.early(revealed) or then[:1] == [revealed] or (new and c.relation != "dating") else revealed
    )
    over = _over(now, then, calendar)
    if over is not None and over > revealed:
        return since, over
    if c.relation in {"dating", "engaged_to"}:
        together = calendar.last_together(c.pair)
        return since, calendar.after(max(together, now[-1]))
    return since, None


def _over(now: Sequence[str], then: Sequence[str], calendar: Calendar) -> str | None:
    """The first episode that calls the state former and after which, for a season, nobody says oftener that it is."""
    for episode in (e for e in then if e > now[0]):
        later = [e for e in now if e >= episode and calendar.apart(episode, e) <= LATER]
        agreeing = [e for e in then if e >= episode and calendar.apart(episode, e) <= LATER]
        if len(agreeing) > len(later):
            return episode
    return None


def known_by(c: Candidate, evidence: Sequence[Evidence]) -> dict[str, str]:
    """Character -> episode in which it was there when this was said; the two themselves know it anyway."""
    learnt: dict[str, str] = {}
    for e in evidence:
        for who in sorted({e.line.speaker, *e.line.present, *e.line.addressees}):
            if who and who not in c.pair:
                learnt.setdefault(who, e.line.episode)
    return dict(sorted(learnt.items()))


def _one_at_a_time(drafts: Sequence[Fact]) -> list[Fact]:
    """Where one can have only one at a time, the next one ends the one before; marriages end for marriages only."""
    starts: dict[str, list[Fact]] = defaultdict(list)
    for fact in drafts:
        if fact.relation in ROMANCE and fact.polarity and not fact.literal and fact.since != "before":
            for who in (fact.subject, fact.object):
                starts[who].append(fact)
    changed = _ages(drafts)
    for i, fact in enumerate(drafts):
        if not fact.polarity or fact.literal or fact.relation not in ROMANCE:
            continue
        born = fact.revealed if fact.since == "before" else fact.since
        rivals = {o.id: o for who in (fact.subject, fact.object) for o in starts[who] if o.id != fact.id}.values()
        nexts = sorted(o.since for o in rivals if o.since > born and _ends(o, fact))
        if nexts and (fact.until is None or nexts[0] < fact.until):
            changed[i] = replace(fact, until=nexts[0])
    return changed


def _ages(drafts: Sequence[Fact]) -> list[Fact]:
    """An age holds until the next one is said."""
    changed = list(drafts)
    for i, fact in enumerate(drafts):
        later = [f.since for f in drafts if f.relation == fact.relation == "age" and f.subject == fact.subject]
        nexts = sorted(since for since in later if since not in {fact.since, "before"} and since > fact.revealed)
        if nexts:
            changed[i] = replace(fact, until=nexts[0])
    return changed


def _ends(new: Fact, old: Fact) -> bool:
    if old.relation == "spouse":
        return new.relation == "spouse"
    same = {new.subject, new.object} == {old.subject, old.object}
    return ROMANCE.index(new.relation) > ROMANCE.index(old.relation) if same else True
