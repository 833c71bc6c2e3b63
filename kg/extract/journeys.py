"""Where somebody has been, as told: "we went to London"."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.extract.kin import _statement
from kg.extract.modality import negated, question
from kg.extract.people import People
from kg.extract.types import Statement

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_GOING = {"go": ("to",), "fly": ("to",), "drive": ("to",), "travel": ("to",), "be": ("to", "in"), "stay": ("in",)}
PLACES = ("GPE", "LOC")
NOWHERE = frozenset("earth world east west north south hell heaven america god".split())  # noqa: SIM905


def journey_statements(doc: "Doc", people: People) -> Iterator[Statement]:
    """As in "I went to Paris", "we've been to Rome", "when I was in Montreal": told as over, of who is named."""
    if not any(e.label_ in PLACES for e in doc.ents):
        return
    for verb in doc:
        if verb.lemma_ in _GOING and verb.pos_ in {"VERB", "AUX"} and _over(verb):
            for prep in (c for c in verb.children if c.dep_ == "prep" and c.lower_ in _GOING[verb.lemma_]):
                for place in (c for c in prep.children if c.dep_ == "pobj"):
                    yield from _went(verb, place, people)


def _over(verb: "Token") -> bool:
    """Past or perfect, stated, by nobody's wish: "went", "have been", "was"."""
    perfect = verb.tag_ == "VBN" and any(c.lemma_ == "have" and c.dep_ == "aux" for c in verb.children)
    hedged = any(
        c.dep_ in {"aux", "mark"} and c.lower_ not in {"have", "has", "'ve", "'s", "had"} for c in verb.children
    )
    return (verb.tag_ == "VBD" or perfect) and not hedged and not negated(verb) and not question(verb)


def _went(verb: "Token", place: "Token", people: People) -> Iterator[Statement]:
    where = people.entity(place, PLACES)
    if not where or place.ent_id_ or where in NOWHERE:
        return
    for subject in (c for c in verb.children if c.dep_ == "nsubj"):
        for one in (subject, *subject.conjuncts):
            who, how = people.person(one)
            who = people.speaker if one.lower_ == "we" else who
            if who and how != "you":
                rule = f"journey{'+' + how if how else ''}"
                yield _statement(place, who, "visited", where, rule, people)
