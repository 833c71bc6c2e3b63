"""Statements about what somebody has: pets with a name, possessions, and homes that are no place on a map."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.extract.kin import _statement
from kg.extract.lexicon import pet_nouns
from kg.extract.modality import asserted, negated, past
from kg.extract.people import People
from kg.extract.types import Statement
from kg.graph import node_id

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_HOMES = frozenset(
    """lighthouse boat houseboat barge trailer tent village suburbs city hotel motel inn dorm farm cabin castle
    cottage mansion basement attic palace monastery convent van car""".split()  # noqa: SIM905
)
_OWNED = frozenset(
    """house boat bakery bar restaurant shop store farm hotel inn gallery cafe coffeehouse club salon firm company
    bookstore garage ship vineyard""".split()  # noqa: SIM905
)
# what somebody who says "my …" owns; a "my room" or "my table" may be anybody's
_POSSESSIONS = frozenset(
    """car boat truck motorcycle bike bicycle guitar cab taxi piano telescope recliner van trailer computer laptop
    porsche keyboard drums violin sailboat yacht dollhouse""".split()  # noqa: SIM905
)


def thing_statements(doc: "Doc", people: People) -> Iterator[Statement]:
    """Every such statement of the line."""
    for token in doc:
        if token.lower_ in pet_nouns():
            yield from _pet(token, people)
        elif token.lower_ in _POSSESSIONS:
            yield from _possession(token, people)
        elif token.lemma_ == "own" and token.pos_ == "VERB" and asserted(token) and not negated(token):
            yield from _owning(token, people)
        elif token.lemma_ == "live" and asserted(token) and not negated(token):
            yield from _home(token, people)


def _pet(noun: "Token", people: People) -> Iterator[Statement]:
    """As in "my cat Admiral", "this is my dog, Biscuit", "Marcel is my monkey"."""
    owners = [people.person(c) for c in noun.children if c.dep_ == "poss"]
    name = _name_after(noun)
    head = noun.head
    if name is None and noun.dep_ == "attr" and head.lemma_ == "be" and asserted(head) and not negated(head):
        name = next((c for c in head.children if c.dep_ == "nsubj" and c.pos_ == "PROPN"), None)
    if name is None or name.ent_id_ or not name.text.istitle():
        return
    for who, how in owners:
        if who:
            identity = node_id(name.text)
            people.strangers[identity] = (identity, name.text, "animal")
            yield _statement(noun, who, "has_pet", identity, f"pet{'+' + how if how else ''}", people)


def _name_after(noun: "Token") -> "Token | None":
    """The proper noun that follows, at once or after a comma, and ends the phrase there."""
    doc, place = noun.doc, noun.i + 1
    comma = place < len(doc) and doc[place].text == ","
    place += comma
    if place >= len(doc) or doc[place].pos_ != "PROPN" or (comma and doc[place].dep_ not in {"appos", "npadvmod"}):
        return None
    following = doc[place + 1] if place + 1 < len(doc) else None
    joined = following is not None and (following.text[:1].isupper() or following.lower_ in {"'s", "’s"})
    return None if joined else doc[place]


def _owning(verb: "Token", people: People) -> Iterator[Statement]:
    """As in "I own the Gull Inn", "she owns a bakery"."""
    for thing in (c for c in verb.children if c.dep_ == "dobj"):
        name = people.proper(thing, "organisation")
        literal = ""
        if not name and thing.lower_ in _OWNED and any(c.lower_ in {"a", "an"} for c in thing.children):
            literal = f"{'an' if thing.lower_[0] in 'aeiou' else 'a'} {thing.lower_}"
        for who, how in _subjects(verb, people) if name or literal else ():
            yield _statement(
                thing, who, "owns", name or literal, f"owning{how}", people, past_=past(verb), literal=bool(literal)
            )


def _possession(noun: "Token", people: People) -> Iterator[Statement]:
    """As in "Ross's car", "I bought a boat"."""
    verb = noun.head
    pair = noun.i + 1 < len(noun.doc) and noun.doc[noun.i + 1].pos_ in {"NOUN", "PROPN"}
    if pair or noun.pos_ not in {"NOUN", "PROPN"} or any(c.dep_ in {"amod", "compound"} for c in noun.children):
        return
    text = f"{'an' if noun.lower_[0] in 'aeiou' else 'a'} {noun.lower_}".replace("a drums", "drums")
    bought = noun.dep_ == "dobj" and verb.lemma_ in {"buy", "have", "own"} and verb.tag_ in {"VBD", "VBP", "VBZ", "VBN"}
    owners = [
        (who, f"+{how}" if how else "") for c in noun.children if c.dep_ == "poss" for who, how in [people.person(c)]
    ]
    if bought and any(c.lower_ in {"a", "an"} for c in noun.children) and asserted(verb) and not negated(verb):
        owners = list(_subjects(verb, people))
    for who, how in owners:
        if who and how != "+pronoun":
            yield _statement(noun, who, "owns", text, f"my_own{how}", people, literal=True)


def _home(verb: "Token", people: People) -> Iterator[Statement]:
    """As in "I live in the lighthouse", "he lives on his boat"."""
    for prep in (c for c in verb.children if c.dep_ == "prep" and c.lower_ in {"in", "on", "at"}):
        for place in (c for c in prep.children if c.dep_ == "pobj" and c.lower_ in _HOMES):
            if not any(c.lower_ in {"the", "a", "his", "her", "my", "your", "their"} for c in place.children):
                continue
            identity = node_id(place.lower_)
            for who, how in _subjects(verb, people):
                own = any(c.dep_ == "poss" for c in place.children)
                name = f"{'a' if own else 'the'} {place.lower_}"
                people.strangers[identity] = (identity, name, "place")
                yield _statement(place, who, "lives_in", identity, f"living{how}", people, past_=past(verb))


def _subjects(verb: "Token", people: People) -> Iterator[tuple[str, str]]:
    for subject in (c for c in verb.children if c.dep_ == "nsubj"):
        who, how = people.person(subject)
        if who:
            yield who, f"+{how}" if how else ""
