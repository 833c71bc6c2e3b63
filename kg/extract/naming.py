"""Names that come with a relation, though not in one phrase: lists, and a sentence of its own."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.extract.kin import _close, _owners, _statement
from kg.extract.lexicon import Kin, kin_nouns
from kg.extract.people import People
from kg.extract.types import Statement

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_LEAD = frozenset({",", ":", "-", "--"})
_ASKING = frozenset({"who", "whose", "which", "what"})


def naming_statements(doc: "Doc", people: People) -> Iterator[Statement]:
    """As in "these are my parents: Theodore and Bitsy", "my grandmother lives there. Ida Green?"."""
    if not any(e.label_ == "PERSON" for e in doc.ents):
        return
    nouns = kin_nouns()
    for token in doc:
        kin = nouns.get(token.lemma_.lower()) if token.tag_ == "NNS" else nouns.get(token.lower_)
        if kin is None or token.pos_ != "NOUN":
            continue
        names = list(_listed(token, people)) if token.tag_ == "NNS" else list(_next_sentence(token, people))
        for owner, how in _owners(token, people) if names else ():
            rule = f"naming{'+' + how if how else ''}"
            yield from (_made(token, kin, owner, who, rule, people) for who in names if who != owner)


def _made(token: "Token", kin: Kin, owner: str, holder: str, rule: str, people: People) -> Statement:
    subject, object_ = (holder, owner) if kin.flipped else (owner, holder)
    return _statement(token, subject, kin.relation, object_, rule, people, gendered=(holder, kin.gender))


def _listed(noun: "Token", people: People) -> Iterator[str]:
    """Two or more names joined by commas and "and" directly after a plural noun."""
    doc, i = noun.doc, noun.i + 1
    found: list[str] = []
    while i < len(doc) and len(found) < 8:
        token = doc[i]
        if token.text in _LEAD or token.lower_ in {"and", "&"}:
            i += 1
            continue
        who = people.entity(token, ("PERSON",)) or people.stranger(token)
        if not who:
            break
        found.append(who)
        i = _end(token)
    if len(found) > 1 and (i >= len(doc) or doc[i].pos_ != "AUX" or doc[noun.i + 1].text not in _LEAD):
        yield from found


def _end(token: "Token") -> int:
    i = token.i + 1
    while i < len(token.doc) and token.ent_type_ and token.doc[i].ent_iob_ == "I":
        i += 1
    return i


def _next_sentence(noun: "Token", people: People) -> Iterator[str]:
    """The name that is all of the sentence after one whose subject is the noun: "My sister lives there. Ida Green?"."""
    sentence = noun.sent
    asked = any(t.lower_ in _ASKING for t in sentence)
    if noun.dep_ not in {"nsubj", "attr"} or sentence.end >= len(noun.doc) or asked or not _close(noun, sentence[-1]):
        return
    following = noun.doc[sentence.end].sent
    words = [t for t in following if not t.is_punct]
    named = [e for e in noun.doc.ents if e.start >= following.start and e.end <= following.end]
    if len(named) == 1 and len(words) == len(named[0]) and following.text.endswith((".", "?")):
        who = people.entity(words[0], ("PERSON",))
        if who and who not in {people.speaker, people.addressee, *people.present}:
            yield who
