"""What somebody is to somebody, and who knows what: two kinds of question that ask about other facts.

"Who is Ross to you?" asks for the facts between two people (`Ask` `about` with an object). "Does Ross know about you
and Monica?" asks who knows of a fact (`Ask` `knows`, its `of` the fact). One learns of others what one is told: that
somebody learnt of a matter later is known to the knower of a stripped graph only where a note or an event that he knows
tells of it; of everything else he says "not that I know of".
"""

import re
from collections.abc import Callable, Iterator, Sequence

from kg.frames import Frame
from kg.graph import Graph
from kg.recall import NOTE
from kg.relations import relations
from kg.types import Answer, Ask, Fact

ABOUT, KNOWS = "about", "knows"  # values of `Ask.relation` that are no relations of the table
COUPLE = ("spouse", "engaged_to", "dating", "affair")
_TO = re.compile(r"be (?:to|for) (§\d+)")
_WITH = re.compile(r"(?:be|have) (?:a |the |an )?(?:relationship |connection |relation )?(?:with|to|between) (§\d+)")
_MET = re.compile(r"(?:know|(?:be )?related to|connected to|be (?:in touch|acquainted) with) (§\d+)")
_KNOW = re.compile(
    r"(?:know|knows|knew|hear|heard|aware|be aware|find out|found out)"
    r"(?: (?:about|of|that|if|whether))?(?: (?P<rest>.+))?"
)
_LEARNT = re.compile(
    r"\b(?:know|knew|knows|found out|find|finds|told|tells|learn\w*|heard|saw|caught|confess\w*|admit\w*|reveal\w*"
    r"|discover\w*|realiz\w*|overheard|announc\w*|guess\w*|spott\w*|walked in)\b"
)


def ties(frame: Frame, denoted: Callable[[int], Sequence[str]], persona: str) -> Iterator[Ask]:
    """As in "Who is Ross to you?", "What's your relationship with Ross?", "How do you know Ross?"."""
    kinship = re.search(r"\b(?:relationship|connection|relation)\b", frame.raw)
    if frame.wh in {"who", "what"} and len(frame.subjects) == 1:
        match = _TO.fullmatch(frame.predicate) or (kinship and _WITH.fullmatch(frame.predicate))
    elif frame.wh == "how" and len(frame.subjects) == 1:
        match = _MET.fullmatch(frame.predicate)
    elif frame.wh == "how" and len(frame.subjects) == 2 and re.fullmatch(r"be (?:related|connected)", frame.predicate):
        yield from _tie(denoted(frame.subjects[0]), denoted(frame.subjects[1]), persona, frame.text)
        return
    else:
        match = None
    if match:
        yield from _tie(denoted(frame.subjects[0]), denoted(int(match[1][1:])), persona, frame.text)


def _tie(one: Sequence[str], other: Sequence[str], persona: str, text: str) -> Iterator[Ask]:
    ends = [*one[:1], *other[:1]]
    if len(set(ends)) == 2:
        ends.sort(key=lambda end: end == persona)
        yield Ask(ABOUT, ends[0], ends[1], text=text)


def awareness(
    frame: Frame,
    denoted: Callable[[int], Sequence[str]],
    persona: str,
    clause: Callable[[str], Sequence[Ask]],
) -> Iterator[Ask]:
    """As in "Does Ross know about you and Monica?", "Who knows that you are dating?".

    `denoted` gives the nodes of a phrase, `clause` reads what is known where it is a clause of its own.
    """
    match = _KNOW.fullmatch(frame.predicate)
    if match is None or not match["rest"]:
        return
    if frame.wh in {"who", "whom"} and not frame.subjects:
        knowers: Sequence[str] = ("",)
    elif not frame.wh and frame.question and frame.subjects:
        knowers = [n for i in frame.subjects for n in denoted(i)[:1]]
    else:
        return
    if persona in knowers:  # "do you know that …?" asks for the matter itself
        if frame.subjects and " that " in f" {frame.predicate} ":
            yield from clause(match["rest"])
        return
    for of in _matters(match["rest"], denoted, clause):
        for knower in knowers:
            yield Ask(KNOWS, knower, form="wh" if not knower else "polar", text=frame.text, of=of)


def _matters(rest: str, denoted: Callable[[int], Sequence[str]], clause: Callable[[str], Sequence[Ask]]) -> list[Ask]:
    couple = re.fullmatch(r"(?:the )?(§\d+)(?: and|,|&) (§\d+)", rest)
    if couple:
        ends = [n for mark in couple.groups() for n in denoted(int(mark[1:]))[:1]]
        return [Ask(ABOUT, ends[0], ends[1], text=rest)] if len(set(ends)) == 2 else []
    return [ask for ask in clause(rest) if ask.relation and ask.relation not in {KNOWS, NOTE}][:1]


# --- what the graph says


def between_two(graph: Graph, ask: Ask) -> Answer:
    """What two are to each other, what holds first; a couple of former days after what they are now."""
    joining = [
        f
        for f in graph.facts_about(ask.subject)
        if f.polarity and {f.subject, f.object} == {ask.subject, ask.object} and not relations()[f.relation].event
    ]
    order = {name: place for place, name in enumerate(relations())}
    joining.sort(key=lambda f: (not graph.now(f), f.subject != graph.knower, order[f.relation], f.revealed))
    told: dict[str, Fact] = {}
    for f in joining:
        told.setdefault("couple" if f.relation in COUPLE else f.relation, f)
    if not told:
        return Answer("silent", why="nothing joins the two")
    own = [f for f in told.values() if not f.extractor.startswith("derived:") or f.extractor == "derived:inverse"]
    held = [f for f in told.values() if graph.now(f)] or own or list(told.values())
    more = [f for f in held if f.relation != "friend"] or held  # "my brother" says enough
    once = told.get("couple")
    if once is not None and once not in more:
        more = [*more[:1], once]
    return Answer("known", tuple(more[:2]), "what joins the two")


def who_knows(graph: Graph, ask: Ask, matter: Answer) -> Answer:
    """Who knows of the facts in `matter` (the answer to `ask.of`), as the graph's knower can tell."""
    facts = tuple(f for f in matter.facts if f.polarity)
    if ask.of is not None and ask.of.relation == ABOUT:
        facts = tuple(f for f in facts if f.relation in COUPLE)
    if matter.status != "known" or not facts:
        return Answer("silent", why="nothing is known of the matter")
    fact = max(facts, key=lambda f: len(f.known_by))
    concerned = {fact.subject, fact.object, graph.knower}
    if ask.subject:
        if ask.subject in concerned or _learnt(graph, fact, ask.subject):
            return Answer("known", (fact, *_telling(graph, fact, ask.subject)[:1]), "told or there")
        return Answer("denied", (fact,), "nothing shows it", hedged=True)
    known = sorted(m for m in graph.main - concerned if _learnt(graph, fact, m))
    if not known:
        return Answer("denied", (fact,), "nothing shows that anybody does", hedged=True)
    return Answer("known", (fact,), "told or there", people=tuple(known))


def _learnt(graph: Graph, fact: Fact, who: str) -> bool:
    """Does `who` know of it, as far as the graph's knower can tell?"""
    learnt = graph.knows_from(who, fact)
    if learnt is None:
        return False
    if graph.knower is None:
        return True
    mine = graph.knows_from(graph.knower, fact) or fact.revealed
    return learnt == fact.revealed == mine or learnt == mine or bool(_telling(graph, fact, who))


def _telling(graph: Graph, fact: Fact, who: str) -> list[Fact]:
    """Notes of the episode in which `who` learnt of a fact that tell of the learning."""
    learnt = graph.knows_from(who, fact)
    ends = [graph.name(end).split()[0] for end in (fact.subject, fact.object) if end in graph.nodes]
    name = graph.name(who).split()[0]
    return [
        note
        for note in graph.stored
        if note.relation == NOTE
        and note.revealed == learnt
        and name in note.object
        and all(end in note.object for end in ends)
        and _LEARNT.search(note.object)
    ]
