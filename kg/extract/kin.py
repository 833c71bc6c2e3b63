"""Statements by a noun that names a relation: "my sister Monica", "Ross is my brother", "a son named Ben"."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.extract.lexicon import Kin, kin_nouns
from kg.extract.modality import asserted, negated, past
from kg.extract.people import People
from kg.extract.types import Statement
from kg.graph import node_id

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_NOT_REALLY = frozenset(
    {"imaginary", "fake", "pretend", "future", "new-found", "possible", "other", "like", "potential"}
)
_SETTLED = frozenset({"dating", "spouse", "engaged_to", "friend", "roommate", "boss_of", "neighbour", "colleague"})


_REACH = 4  # words between possessor and noun
_BETWEEN = frozenset({"ex", "former", "new", "half", "twin", "step"})


def kin_statements(doc: "Doc", people: People) -> Iterator[Statement]:
    """Every statement made by a relation noun of the line."""
    for token in doc:
        kin = _kin(token)
        if kin is None or (token.pos_ not in {"NOUN", "PROPN"} and not _left_owner(token, people)):
            continue
        adjectives = _adjectives(token)
        if adjectives & _NOT_REALLY:
            continue
        former = bool(adjectives & {"ex", "former", "late"}) or token.lower_.startswith("ex-") or _ex(token)
        former = former or ("old" in adjectives and kin.relation in {"dating", "roommate", "boss_of"})
        yield from _noun(token, kin, former, people)


def _kin(token: "Token") -> Kin | None:
    nouns = kin_nouns()
    low = token.lower_.removeprefix("ex-")
    if token.i + 4 < len(token.doc) and token.doc[token.i + 1].text == "-" and token.doc[token.i + 2].lower_ == "in":
        return nouns.get(f"{low}-in-law")
    if (
        token.i >= 2
        and token.doc[token.i - 1].text == "-"
        and token.doc[token.i - 2].lower_ not in {"ex", "half", "twin"}
    ):
        return None
    if token.i >= 1 and token.doc[token.i - 1].lower_ in {"step", "god", "grand", "great"}:
        return None
    return nouns.get(low) or (nouns.get(token.lemma_.lower()) if token.tag_ == "NNS" else None)


def _ex(token: "Token") -> bool:
    before = [t.lower_ for t in token.doc[max(0, token.i - 2) : token.i]]
    return "ex" in before or before[-1:] == ["ex-"]


def _adjectives(token: "Token") -> set[str]:
    return {c.lower_ for c in token.children if c.dep_ in {"amod", "compound"}}


def _noun(token: "Token", kin: Kin, former: bool, people: People) -> Iterator[Statement]:
    owners = _owners(token, people)
    for owner, how in owners:
        for holder, rule, verb in _holders(token, owner, people):
            full = f"{rule.partition('+')[0]}+{how}" if how else rule
            yield from _make(token, kin, owner, holder, full, verb, former, people)
    if not owners:
        yield from _having(token, kin, former, people)
        yield from _couple(token, kin, people)


def _owners(token: "Token", people: People) -> list[tuple[str, str]]:
    """Whose sister: (node id, how it was resolved)."""
    found: list[tuple[str, str]] = []
    for child in token.children:
        if child.dep_ == "poss":
            for one in (child, *(c for c in child.children if c.dep_ == "conj" and len(list(child.conjuncts)) == 1)):
                who, how = people.person(one)
                if one.lower_ == "our" and (kin := _kin(token)) is not None and kin.relation == "parent_of":
                    who = people.speaker
                if who:
                    found.append((who, how))
        elif child.lower_ == "of" and child.dep_ == "prep":
            for pobj in child.children:
                who, how = people.person(pobj)
                if pobj.dep_ == "pobj" and who:
                    found.append((who, how))
    return found or _left_owner(token, people)


def _left_owner(token: "Token", people: People) -> list[tuple[str, str]]:
    """The possessor by position ("my ex-wife", "Monica's new roommate"), where the parser took the words apart."""
    doc, i = token.doc, token.i - 1
    while (
        i >= 0 and token.i - i <= _REACH and (doc[i].text == "-" or doc[i].lower_ in _BETWEEN or doc[i].pos_ == "ADJ")
    ):
        i -= 1
    if i >= 0 and doc[i].tag_ == "PRP$":
        who, how = people.person(doc[i])
        return [(who, how)] if who else []
    if i >= 1 and doc[i].tag_ == "POS" and doc[i - 1].ent_type_ == "PERSON":
        who, how = people.person(doc[i - 1])
        return [(who, how)] if who else []
    return []


def _holders(token: "Token", owner: str, people: People) -> Iterator[tuple[str, str, "Token | None"]]:
    """Who the noun means: (node id, rule, verb that states it; None where it is taken for granted)."""
    yield from _named(token, people)
    head = token.head
    if token.dep_ in {"attr", "acomp", "appos"} and head.lemma_ in {"be", "become"}:
        for subject in (c for c in head.children if c.dep_ == "nsubj" and c.i < token.i and _close(c, token)):
            for one in _all(subject):
                who, how = people.person(one)
                if who and who != owner:
                    yield who, f"copula{'+' + how if how else ''}", head
    if token.dep_ == "nsubj" and head.lemma_ == "be":
        for attribute in (
            c for c in head.children if c.dep_ in {"attr", "nsubj"} and c.i > head.i and _close(token, c)
        ):
            for one in _all(attribute):
                who, how = people.person(one)
                if who and who != owner and how != "you":
                    yield who, f"copula{'+' + how if how else ''}", head
    if token.dep_ == "poss" and head.lower_ in {"name"} and head.head.lemma_ == "be":
        for attribute in (c for c in head.head.children if c.dep_ in {"attr", "acomp"}):
            who = people.entity(attribute, ("PERSON",))
            if who:
                yield who, "name_of", head.head


def _close(one: "Token", other: "Token") -> bool:
    """Does no mark that ends a sentence stand between? The parser joins what shouters run together."""
    first, last = sorted((one.i, other.i))
    return not any(t.text[:1] in ".!?;" or t.text in {"--", "..."} for t in one.doc[first:last])


def _all(token: "Token") -> list["Token"]:
    return [token, *token.conjuncts]


def _named(token: "Token", people: People) -> Iterator[tuple[str, str, None]]:
    """As in "My sister Monica", "my sister, Monica,", "a son named Ben" with a possessor."""
    doc, after = token.doc, token.i + 1
    if after >= len(doc) or token.tag_ == "NNS":
        return
    if doc[after].ent_type_ == "PERSON" and doc[after].ent_iob_ != "I":
        if not _subject_next(doc, after):
            yield _titled(token, people.entity(doc[after], ("PERSON",)), people), "possessive", None
    elif not doc[after].ent_type_ and (who := people.stranger(doc[after])):
        yield _titled(token, who, people), "possessive", None
    elif doc[after].text == "," and after + 1 < len(doc) and doc[after + 1].ent_type_ == "PERSON":
        end = after + 1
        while end + 1 < len(doc) and doc[end + 1].ent_iob_ == "I":
            end += 1
        closing = doc[end + 1] if end + 1 < len(doc) else None
        if doc[after + 1].dep_ == "appos" and closing is not None:
            who = people.entity(doc[after + 1], ("PERSON",))
            if closing.text == "," or (closing.text in {".", "!"} and _introduced(token, who, people)):
                yield who, "apposition", None
    for child in token.children:
        if child.dep_ == "acl" and child.lower_ in {"named", "called"}:
            for name in child.children:
                who = people.entity(name, ("PERSON",))
                if who:
                    yield who, "possessive", None


def _titled(token: "Token", who: str, people: People) -> str:
    """Somebody outside the cast who goes by "Aunt Edna" is called so."""
    if token.text not in {"Aunt", "Uncle"} or who not in people.strangers:
        return who
    name = f"{token.text} {people.strangers[who][1]}"
    people.strangers[node_id(name)] = (node_id(name), name, "person")
    return node_id(name)


_INTRODUCING = re.compile(
    r"(?:(?:and|so|oh|well|hey|hi|everybody|everyone|guys|you guys|okay|now)\b,? )*"
    r"(?:this is|that is|that's|here's|here is|meet|i'd like you to meet|i want you to meet)\b"
)


def _introduced(token: "Token", who: str, people: People) -> bool:
    """A name at the end may be called out to somebody ("I saw my wife, Ross."), but not after "this is my wife, …".

    A name that nobody of the cast has is taken only after an introduction: it may be anything ("my uncle, Bada.").
    """
    sentence = token.sent.text.lower()
    away = bool(people.present) and who not in people.present and who != people.addressee
    away = away and who not in people.strangers
    return away or _INTRODUCING.match(sentence) is not None


def _subject_next(doc: "Doc", position: int) -> bool:
    """In "I told my sister Monica left" the name begins another clause."""
    noun, name = doc[position - 1], doc[position]
    return noun.dep_ in {"dobj", "dative", "pobj"} and name.dep_ == "nsubj" and name.head.i > position


def _having(token: "Token", kin: Kin, former: bool, people: People) -> Iterator[Statement]:
    """As in "I have a son named Ben"; "I don't have a sister"; "I have no brothers"."""
    verb = token.head
    if token.dep_ != "dobj" or verb.lemma_ not in {"have", "get"} or not asserted(verb):
        return
    for subject in (c for c in verb.children if c.dep_ == "nsubj"):
        owner, how = people.person(subject)
        if not owner:
            continue
        suffix = f"+{how}" if how else ""
        if negated(verb) or any(c.lower_ == "no" for c in token.children):
            if (
                how == ""
                and verb.tag_ in {"VB", "VBP", "VBZ"}
                and kin.relation in {"sibling", "parent_of", "spouse", "dating"}
            ):
                yield _statement(token, owner, kin.relation, "", f"none{suffix}", people, polarity=False, literal=True)
            continue
        for holder, _, _ in _named(token, people):
            if holder and holder != owner:
                yield from _make(token, kin, owner, holder, f"having{suffix}", None, former, people)


def _couple(token: "Token", kin: Kin, people: People) -> Iterator[Statement]:
    """As in "Monica and Ross are brother and sister", "Joey and Chandler are roommates"."""
    verb = token.head
    if token.dep_ != "attr" or verb.lemma_ != "be" or not asserted(verb) or kin.flipped:
        return
    pair = token.tag_ == "NNS" or bool(token.conjuncts)
    for subject in (c for c in verb.children if c.dep_ == "nsubj"):
        both = [people.person(t)[0] for t in _all(subject)]
        if pair and len(both) == 2 and all(both) and kin.relation in {*_SETTLED, "sibling", "cousin"}:
            yield _statement(token, both[0], kin.relation, both[1], "couple", people, polarity=not negated(verb))


def _make(
    token: "Token", kin: Kin, owner: str, holder: str, rule: str, verb: "Token | None", former: bool, people: People
) -> Iterator[Statement]:
    if not holder or holder == owner or (verb is not None and not asserted(verb)):
        return
    subject, object_ = (holder, owner) if kin.flipped else (owner, holder)
    polarity = verb is None or not negated(verb)
    ended = former or (verb is not None and kin.relation in _SETTLED and past(verb))
    yield _statement(
        token,
        subject,
        kin.relation,
        object_,
        rule,
        people,
        polarity=polarity,
        past_=ended,
        gendered=(holder, kin.gender),
    )


def _statement(
    token: "Token",
    subject: str,
    relation: str,
    object_: str,
    rule: str,
    people: People,
    *,
    polarity: bool = True,
    past_: bool = False,
    literal: bool = False,
    gendered: tuple[str, str] = ("", ""),
) -> Statement:
    first, last = max(token.i - 3, token.sent.start), min(token.i + 4, token.sent.end)
    span = token.doc[first:last]
    names = tuple(people.strangers[e] for e in (subject, object_) if e in people.strangers)
    return Statement(
        subject, relation, object_, polarity, "past" if past_ else "present", span.start_char, span.end_char, rule,
        literal, span.text, gendered if gendered[1] else ("", ""), names,
    )  # fmt: skip
