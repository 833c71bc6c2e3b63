"""Events that lines tell: break-ups, firings, quitting, proposals, weddings, deaths: predicate, roles, episode."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.extract.kin import _statement
from kg.extract.modality import asserted, negated
from kg.extract.people import People
from kg.extract.types import Statement

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


def event_statements(doc: "Doc", people: People) -> Iterator[Statement]:
    """(agent, "event:<kind>", patient) of the verbs of a line; the patient may be a literal "" (nobody named)."""
    for verb in doc:
        told = verb.pos_ in {"VERB", "AUX"} and verb.lemma_ in _READERS and verb.tag_ in {"VBD", "VBN"}
        told = told and (verb.lower_ != verb.lemma_ or verb.lemma_ == "quit")  # "I have break up with him" lacks a "to"
        if told and asserted(verb) and not negated(verb):
            yield from _READERS[verb.lemma_](verb, people)


def _person(verb: "Token", deps: tuple[str, ...], people: People) -> tuple[str, str]:
    for child in verb.children:
        if child.dep_ in deps:
            who, how = people.person(child)
            if who:
                return who, how
    return "", ""


def _with(verb: "Token", words: tuple[str, ...], people: People) -> tuple[str, str]:
    for prep in (c for c in verb.children if c.lower_ in words):
        for pobj in (c for c in prep.children if c.dep_ == "pobj"):
            who, how = people.person(pobj)
            if who:
                return who, how
    return "", ""


def _event(verb: "Token", kind: str, agent: tuple[str, str], patient: tuple[str, str], people: People) -> Statement:
    how = agent[1] or patient[1]
    rule = f"told{'+' + how if how else ''}"
    return _statement(verb, agent[0], f"event:{kind}", patient[0], rule, people, literal=not patient[0])


def _breaking(verb: "Token", people: People) -> Iterator[Statement]:
    if not any(c.dep_ == "prt" and c.lower_ == "up" for c in verb.children):
        return
    agent, patient = _person(verb, ("nsubj",), people), _with(verb, ("with",), people)
    if agent[0] and patient[0] and agent[0] != patient[0]:
        yield _event(verb, "breakup", agent, patient, people)
    for subject in (c for c in verb.children if c.dep_ == "nsubj" and not patient[0]):
        pair = [people.person(t) for t in (subject, *subject.conjuncts)] + _joined(subject, people)
        if len(pair) == 2 and all(who for who, _ in pair):
            yield _event(verb, "breakup", pair[0], pair[1], people)


def _joined(subject: "Token", people: People) -> list[tuple[str, str]]:
    """Who stands before "and I", where the parser took the two apart."""
    doc, i = subject.doc, subject.i
    if subject.conjuncts or i < 2 or doc[i - 1].lower_ != "and":
        return []
    who, how = people.person(doc[i - 2])
    return [(who, how)] if who else []


def _dumping(verb: "Token", people: People) -> Iterator[Statement]:
    agent, patient = _person(verb, ("nsubj",), people), _person(verb, ("dobj",), people)
    if agent[0] and patient[0] and agent[0] != patient[0]:
        yield _event(verb, "breakup", agent, patient, people)


def _firing(verb: "Token", people: People) -> Iterator[Statement]:
    auxiliaries = [c for c in verb.children if c.dep_ == "auxpass"]
    passive = bool(auxiliaries)
    if passive and any(c.tag_ in {"VBP", "VBZ"} for c in auxiliaries):
        return  # "you're fired!" is said more often than meant, "then I get fired" tells an old story
    kind = "fired" if verb.lemma_ == "fire" else "hired"
    patient = _person(verb, ("nsubjpass",) if passive else ("dobj",), people)
    agent = ("", "") if passive else _person(verb, ("nsubj",), people)
    if patient[0] and passive and not any(c.dep_ == "prep" and c.lower_ in {"on", "upon"} for c in verb.children):
        how = f"+{patient[1]}" if patient[1] else ""
        yield _statement(verb, "", f"event:{kind}", patient[0], f"told{how}", people)
    elif patient[0] and agent[0] and patient[0] != agent[0]:
        yield _event(verb, kind, agent, patient, people)


def _proposing(verb: "Token", people: People) -> Iterator[Statement]:
    agent, patient = _person(verb, ("nsubj",), people), _with(verb, ("to",), people)
    if agent[0] and patient[0] and agent[0] != patient[0]:
        yield _event(verb, "proposal", agent, patient, people)


def _dying(verb: "Token", people: People) -> Iterator[Statement]:
    for child in verb.children:
        if child.dep_ == "nsubj":
            who = people.entity(child, ("PERSON",))
            if who and child.ent_id_:
                yield _statement(verb, who, "event:death", "", "told", people, literal=True)


def _marrying(verb: "Token", people: People) -> Iterator[Statement]:
    """News, as in "Frank and Alice got married!"; "she married Ross" may be an old story."""
    if any(c.dep_ == "auxpass" and c.lower_ == "got" for c in verb.children):
        for subject in (c for c in verb.children if c.dep_ == "nsubjpass" and c.conjuncts):
            pair = [people.person(t) for t in (subject, *subject.conjuncts)]
            if len(pair) == 2 and all(who and how != "you" for who, how in pair):
                yield _event(verb, "wedding", pair[0], pair[1], people)


def _divorcing(verb: "Token", people: People) -> Iterator[Statement]:
    agent, patient = _person(verb, ("nsubj",), people), _person(verb, ("dobj",), people)
    if agent[0] and patient[0] and agent[0] != patient[0]:
        yield _event(verb, "divorce", agent, patient, people)


def _quitting(verb: "Token", people: People) -> Iterator[Statement]:
    """As in "I quit my job", "I quit!": not of smoking or other things that are given up."""
    things = [c for c in verb.children if c.dep_ in {"dobj", "xcomp", "advcl", "ccomp"}]
    agent = _person(verb, ("nsubj",), people)
    if agent[0] and agent[1] != "you" and all(c.lower_ == "job" for c in things) and (things or _alone(verb)):
        how = f"+{agent[1]}" if agent[1] else ""
        yield _statement(verb, agent[0], "event:quit", "", f"told{how}", people, literal=True)


def _alone(verb: "Token") -> bool:
    return all(c.dep_ in {"nsubj", "punct", "aux", "advmod", "intj", "npadvmod"} for c in verb.children)


def _moving(verb: "Token", people: People) -> Iterator[Statement]:
    """As in "Rachel moved in with Joey", "he moved to Chicago"."""
    agent, patient = _person(verb, ("nsubj",), people), _with(verb, ("with",), people)
    inside = any(c.lower_ == "in" for c in verb.children)
    for to in (c for c in verb.children if c.dep_ == "prep" and c.lower_ == "to" and not patient[0]):
        for place in (c for c in to.children if c.dep_ == "pobj"):
            patient = people.entity(place, ("GPE", "LOC")), ""
            inside = bool(patient[0])
    if agent[0] and patient[0] and inside and agent[0] != patient[0]:
        yield _event(verb, "move", agent, patient, people)


_READERS = {
    "marry": _marrying,
    "divorce": _divorcing,
    "quit": _quitting,
    "move": _moving,
    "break": _breaking,
    "dump": _dumping,
    "fire": _firing,
    "hire": _firing,
    "propose": _proposing,
    "die": _dying,
}
