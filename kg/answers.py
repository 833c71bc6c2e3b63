"""What the graph says to an `Ask`: known, denied, a false premise, or nothing.

"Nothing known" becomes "no" only where that is safe: another object of a functional or complete relation is known, the
two are known to be something else to each other, or the relation is one the show would have told of a main character
(`closed`). Everything else is silence, and the persona says that it doesn't know.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from kg.acquaintance import ABOUT, KNOWS, between_two, who_knows
from kg.clauses import BEFORE
from kg.contradiction import (
    SINGLE_BY_GENDER,
    contradiction,
    gender_fits,
    ranked,
    same_object,
    told_of,
)
from kg.graph import Graph
from kg.premises import WITH
from kg.recall import NOTE
from kg.relations import Relation, relations
from kg.types import Answer, Ask, Fact
from parsing.episodes import BEFORE as BEFORE_ALL

FATE = "fate"  # `Ask.relation` of "what happened to …?"
_MOST = 8  # facts of an answer


def resolve(graph: Graph, ask: Ask, as_of: str | None = None) -> Answer:
    """What `graph` (stripped to the moment of the talk, else `as_of` does it) says to `ask`.

    Returns an `Answer`; its facts are those that hold first, then by confidence. `denied` and `false_premise` carry the
    facts that show it, if there are any (the real husband, the marriage that ended).
    """
    view = graph if graph.as_of is not None or as_of is None else graph.at(as_of)
    if ask.relation in _OF_ITS_OWN:
        return _OF_ITS_OWN[ask.relation](view, ask)
    if ask.relation not in relations():
        return Answer("silent", why="no relation covers what is asked")
    relation = relations()[ask.relation]
    if not ask.subject:
        return _by_object(view, ask)
    answer = _named(view, ask) if ask.relation == "full_name" else None
    answer = answer or (_with_object(view, ask, relation) if ask.object is not None else _open(view, ask, relation))
    if ask.form == "presupposed" and answer.status == "denied":
        if ask.object is None and view.holding(ask.subject, _ON_THE_WAY.get(ask.relation, "")):
            return Answer("silent", why=f"not yet a {relation.word()}, but on the way")
        return replace(answer, status="false_premise")
    return answer


# What is spoken of before it is so: the wedding of two who are engaged, the baby of one who is pregnant.
_ON_THE_WAY = {"spouse": "engaged_to", "parent_of": "expecting"}


# --- who or what is asked for


def _open(graph: Graph, ask: Ask, relation: Relation) -> Answer:
    every = [f for name in (ask.relation, *relation.implied_by) for f in graph.facts_from(ask.subject, name)]
    facts = [f for f in every if f.polarity and _fits(graph, f, ask.gender)]
    for begins, narrower in ((WITH, _of_both), (BEFORE, _before)):
        if ask.kind.startswith(begins):
            return narrower(graph, ask, relation, facts)
    if relation.narrowed_by and ask.kind:
        facts = _narrowed(graph, relation, ask.kind.removesuffix("s"), facts)
    if ask.order:
        return _in_order(ask, relation, facts)
    now = ranked(graph, (f for f in facts if graph.now(f)))
    former = ranked(graph, (f for f in facts if not graph.now(f) and f.relation == ask.relation))
    if relation.functional and relation.literal and not ask.ever:
        former = tuple(sorted(former, key=lambda f: f.until or "", reverse=True)[:1])  # an age, a full name: the last
    if ask.past:
        return _former(ask, relation, now, former, graph)
    wanted = now + former if ask.ever else now
    if ask.asked == "count":
        wanted = ranked(graph, wanted)
        if wanted:
            return Answer("known", _once(wanted), f"every {relation.name} of {graph.name(ask.subject)} that is known")
    if wanted:
        return Answer("known", wanted[:_MOST], f"{relation.name} of {graph.name(ask.subject)}")
    return _over(graph, ask, relation, former) if former else _nothing(graph, ask, relation)


def _before(graph: Graph, ask: Ask, relation: Relation, facts: Sequence[Fact]) -> Answer:
    """Who or what it was before another: what had ended, or began earlier."""
    other = ask.kind.removeprefix(BEFORE)
    starts = min((f.since for f in facts if f.object == other), default="", key=lambda s: "" if s == BEFORE_ALL else s)
    earlier = [f for f in facts if f.object != other and (f.since == BEFORE_ALL or not starts or f.since < starts)]
    over = ranked(graph, (f for f in earlier if not graph.now(f)))
    if (over and starts != BEFORE_ALL) or (over and len(over) == len(earlier)):
        return Answer("known", over[:_MOST], f"former {relation.name} of {graph.name(ask.subject)}")
    return Answer("silent", why=f"what {relation.word()} there was before isn't told")


def _of_both(graph: Graph, ask: Ask, relation: Relation, facts: Iterable[Fact]) -> Answer:
    """The children that two have together; none where of each the other parent is known and told of."""
    other, facts = ask.kind.removeprefix(WITH), tuple(facts)
    parents = {
        f.object: {p.subject for p in graph.with_object(ask.relation, f.object) if p.polarity} - {ask.subject}
        for f in facts
    }
    both = ranked(graph, (f for f in facts if other in parents[f.object]))
    if both:
        return Answer("known", both[:_MOST], f"every {relation.word()} of both that is known")
    if told_of(graph, ask.subject) and other in graph.nodes and all(parents.values()):
        return Answer("denied", why=f"no {relation.word()} of both: the show would have said so")
    return Answer("silent", why=f"nothing is known of a {relation.word()} of both")


def _once(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """One fact an object: whom one married twice counts once."""
    return tuple({f.object: f for f in reversed(tuple(facts))}.values())[::-1]


def _over(graph: Graph, ask: Ask, relation: Relation, former: tuple[Fact, ...]) -> Answer:
    """It was so, and isn't any more: no, but there was; or, where nothing tells what is so now, nothing."""
    one = relation.closed or relation.functional
    if ask.form != "wh" or (one and not relation.literal and told_of(graph, ask.subject)):
        return Answer("denied", (max(former, key=lambda f: f.until or ""),), "it was so, it is no longer")
    if one and not relation.literal:
        return Answer("silent", why=f"who is {graph.name(ask.subject)}'s {relation.word()} now isn't told")
    return Answer("known", former[:_MOST], "it was so, it is no longer")


def _narrowed(graph: Graph, relation: Relation, kind: str, facts: Sequence[Fact]) -> list[Fact]:
    """The facts whose object is of this kind, by what is known of it or by its name; those of no known kind else."""
    kinds = {f.id: {k.object for k in graph.facts_from(f.object, relation.narrowed_by)} for f in facts}
    fitting = [f for f in facts if kind in kinds[f.id] or kind in graph.name(f.object).lower().split()]
    return fitting or [f for f in facts if not kinds[f.id]]


def _in_order(ask: Ask, relation: Relation, facts: Iterable[Fact]) -> Answer:
    """As in "your first wife": only where the show would have told of each, and tells which came before which."""
    dated = sorted(
        (f for f in facts if f.relation == relation.name), key=lambda f: "" if f.since == BEFORE_ALL else f.since
    )
    starts = [f.since for f in dated]
    place = {"first": 0, "second": 1, "third": 2, "last": len(dated) - 1}[ask.order]
    told = relation.closed and relation.functional
    if not told or not 0 <= place < len(dated) or starts.count(starts[place]) > 1:
        return Answer("silent", why=f"which {relation.word()} was the {ask.order} isn't told")
    return Answer("known", (dated[place],), f"the {ask.order} {relation.word()}")


def _former(ask: Ask, relation: Relation, now: tuple[Fact, ...], former: tuple[Fact, ...], graph: Graph) -> Answer:
    if former:
        return Answer("known", former[:_MOST], f"former {relation.name} of {graph.name(ask.subject)}")
    if now:
        return Answer("denied", now[:_MOST], "it is still so")
    return _nothing(graph, ask, relation)


def _nothing(graph: Graph, ask: Ask, relation: Relation) -> Answer:
    """No fact fits: may that be read as "no"?"""
    every = graph.facts_from(ask.subject, ask.relation)
    negative = [f for f in every if not f.polarity and f.object == "" and graph.now(f)]
    if negative:
        return Answer("denied", tuple(negative), "the show says that there is none")
    others = ranked(graph, (f for f in every if f.polarity and graph.now(f)))
    if others and relation.complete and ask.gender and relation.name not in SINGLE_BY_GENDER and not ask.past:
        return Answer("denied", others[:_MOST], f"every {relation.word()} is known, none is {ask.gender}")
    if relation.closed and told_of(graph, ask.subject):
        return Answer("denied", why=f"no {relation.word()} of {graph.name(ask.subject)}: the show would have said so")
    if relation.closed and ask.subject in graph.main:
        return Answer("denied", why=f"no {relation.word()} of {graph.name(ask.subject)} is known to them", hedged=True)
    return Answer("silent", why=f"nothing is known of a {relation.word()} of {graph.name(ask.subject)}")


# --- is it so?


def _with_object(graph: Graph, ask: Ask, relation: Relation) -> Answer:
    object_ = ask.object or ""
    names = (ask.relation, *relation.implied_by)
    facts = [f for name in names for f in graph.facts_from(ask.subject, name) if same_object(f, object_)]
    affirmed = [f for f in facts if f.polarity]
    now = ranked(graph, (f for f in affirmed if graph.now(f)))
    former = ranked(graph, (f for f in affirmed if not graph.now(f)))
    if affirmed and not gender_fits(graph, object_, ask.gender):
        return Answer("denied", now + former, f"{graph.name(object_)} is not {ask.gender}")
    if ask.past and (former or now):
        return Answer("known", former) if former else Answer("denied", now, "it is still so")
    if now or (former and ask.ever):
        return Answer("known", now or former, "stated")
    if former:
        return Answer("denied", former, "it was so, it is no longer")
    trade = relation.literal and ask.form == "presupposed"  # "when did you become a nurse?": all trades are told
    ever = (ask.ever or ask.past) and not trade
    denial = contradiction(graph, ask.subject, relation, object_, ask.gender, ever=ever)
    return denial or Answer("silent", why="the show doesn't say")


# --- the rest


def _named(graph: Graph, ask: Ask) -> Answer | None:
    """A full name that no fact states is the canonical name itself; a middle name takes one that has three words."""
    node = graph.nodes.get(ask.subject)
    if node is None or ask.object is not None:
        return None
    own = Fact(f"name~{node.id}", node.id, "full_name", node.name, True, revealed=node.revealed, extractor="name")
    stated = [f for f in graph.facts_from(node.id, "full_name") if f.polarity and graph.now(f)]
    words = _WORDS_OF.get(ask.kind, 2)
    if "first" in {ask.order, ask.kind.partition(" ")[0]} and node.name.split()[0] in _TITLES:
        return Answer("silent", why=f"no first name of {node.name} is known")
    found = ranked(graph, (f for f in (*stated, own) if len(f.object.split()) >= words))
    longest = max((len(f.object.split()) for f in found), default=0)
    found = tuple(f for f in found if len(f.object.split()) == longest)
    if found:
        return Answer("known", found[:1], "the name it goes by")
    return Answer("silent", why=f"no {ask.kind or 'full name'} of {node.name} is known")


_TITLES = frozenset({"Mr.", "Mrs.", "Ms.", "Miss", "Dr.", "Professor", "Aunt", "Uncle"})
_WORDS_OF = {
    "middle name": 3,
    "middle initial": 3,
    "maiden name": 99,
    "last name": 2,
    "surname": 2,
    "family name": 2,
}  # words a name must have


def _by_object(graph: Graph, ask: Ask) -> Answer:
    """As in "Who lives in London?": the subject is asked for."""
    object_ = ask.object or ""
    found = [
        f
        for f in graph.with_object(ask.relation, object_)
        if f.polarity and same_object(f, object_) and (ask.ever or graph.now(f))
    ]
    if found:
        return Answer("known", ranked(graph, found)[:_MOST], "stated")
    return Answer("silent", why="nobody is known of whom this is so")


def _about(graph: Graph, ask: Ask) -> Answer:
    """What the knower has to do with somebody, else what is known of them, each fact from one end only."""
    table = relations()
    facts = [
        f for f in graph.facts_about(ask.subject) if f.polarity and not table[f.relation].event and f.relation != NOTE
    ]
    own = [f for f in facts if graph.knower in {f.subject, f.object} and f.relation not in _FEELINGS]
    end = graph.knower if own else ask.subject
    turned = {f.relation for f in facts if table[f.relation].inverse or table[f.relation].symmetric}
    told = [f for f in own or facts if f.subject == end or f.relation not in turned]
    told.sort(key=_telling(graph, ask.subject))
    said = [f for f in told if graph.now(f)][:2] or told[:1]
    if own and len(said) < 2:  # "I used to date Janice. She is married to Sid."
        theirs = [f for f in facts if f not in own and f.subject == ask.subject and graph.now(f)]
        theirs = [f for f in theirs if not f.extractor.startswith("derived:")]
        said += sorted(theirs, key=_telling(graph, ask.subject))[:1]
    return Answer("known", tuple(said), "what is known") if said else Answer("silent", why="nothing is known")


_FEELINGS = frozenset({"likes", "dislikes", "afraid_of", "visited"})  # don't say who somebody is


def _telling(graph: Graph, node: str) -> Callable[[Fact], tuple[bool, int, int, str]]:
    """What says most comes first: what still holds; ties to people better known, work, the rest, what is implied."""
    order = {name: place for place, name in enumerate(relations())}

    def key(f: Fact) -> tuple[bool, int, int, str]:
        other = f.object if f.subject == node else f.subject
        better_known = (
            not f.literal and graph.degree(other) > graph.degree(node) and graph.nodes[other].type == "person"
        )
        ranks = (
            (f.extractor.startswith("derived:") and f.extractor != "derived:inverse", 3),
            (better_known and f.relation != "friend", 0),
            (f.relation in {"job", "works_at"}, 1),
            (f.relation in _FEELINGS, 4),
        )
        return not graph.now(f), next((rank for true, rank in ranks if true), 2), order[f.relation], f.revealed

    return key


def _event(graph: Graph, ask: Ask) -> Answer:
    """Events of a kind with these participants; a break-up or a divorce also by the state that ended."""
    kind = relations().events[ask.kind]
    events = events_of(graph, ask.kind, ask.subject, ask.object)
    events = tuple(sorted(events, key=lambda e: graph.nodes[e].revealed, reverse=True))  # the latest first
    found = tuple(f for event in events for f in graph.facts_about(event))
    if found:
        return Answer("known", found[:_MOST], f"a {ask.kind}")
    if not kind.states or not ask.subject:
        return Answer("silent", why=f"no {ask.kind} is known")
    ended = Ask(kind.states, ask.subject, ask.object, form=ask.form, past=ask.kind in _ENDINGS, ever=True)
    return resolve(graph, ended)


def _fate(graph: Graph, ask: Ask) -> Answer:
    """As in "What happened to your mother?": a death, else the latest event that concerned them."""
    deaths = events_of(graph, "death", ask.subject, None)
    events = {f.subject for r in ("agent", "patient") for f in graph.facts_about(ask.subject) if f.relation == r}
    dated = sorted((graph.nodes[e].revealed, e) for e in events if e in graph.nodes)
    chosen = deaths[:1] or tuple(e for _, e in dated[-1:])
    facts = tuple(f for e in chosen for f in graph.facts_from(e, "event_kind"))
    return Answer("known", facts, "the last that is told of them") if facts else Answer("silent", why="nothing is told")


_ENDINGS = frozenset({"breakup", "divorce"})


def events_of(graph: Graph, kind: str, agent: str, patient: str | None) -> tuple[str, ...]:
    """Ids of the events of a kind; `agent` "" and `patient` None stand for anybody."""
    mutual = relations().events[kind].mutual if kind in relations().events else False
    wanted = {agent, patient or ""} - {""}
    among = [set(graph.events(kind, who)) for who in wanted] or [set(graph.events(kind))]
    found = []
    for event in sorted(set.intersection(*among)):
        agents = {f.object for f in graph.facts_from(event, "agent")}
        patients = {f.object for f in graph.facts_from(event, "patient")}
        straight = (not agent or agent in agents) and (not patient or patient in patients)
        if straight or (mutual and wanted <= agents | patients):
            found.append(event)
    return tuple(found)


def _fits(graph: Graph, fact: Fact, gender: str) -> bool:
    return fact.literal or gender_fits(graph, fact.object, gender)


def _acquainted(graph: Graph, ask: Ask) -> Answer:
    return between_two(graph, ask) if ask.object else _about(graph, ask)


def _known_by(graph: Graph, ask: Ask) -> Answer:
    return who_knows(graph, ask, resolve(graph, ask.of)) if ask.of else Answer("silent", why="of what?")


# What no relation of the table asks for.
_OF_ITS_OWN: Mapping[str, Callable[[Graph, Ask], Answer]] = {
    ABOUT: _acquainted, KNOWS: _known_by, FATE: _fate, "event": _event
}  # fmt: skip
