"""Statements by a verb: jobs, work places, homes, couples, ages, birthdays, allergies, schools."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.extract.kin import _statement
from kg.extract.lexicon import occupations
from kg.extract.modality import asserted, negated, past, question
from kg.extract.people import People
from kg.extract.types import Statement

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_PLACES = ("GPE", "LOC", "FAC")
_WORKPLACES = ("ORG", "FAC")
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATE = re.compile(rf"\b{_MONTH}(?: (?:the )?\d{{1,2}}(?:st|nd|rd|th)?)?")
_BIRTHDAY = re.compile(rf"\b(?P<who>my|your|\w+'s) birthday(?:'s| is) (?:(?:in|on) )?(?P<date>{_MONTH}[ \w]*)", re.I)
_NO_ALLERGY = frozenset({"it", "them", "that", "this", "you", "me", "her", "him"})


def state_statements(doc: "Doc", people: People) -> Iterator[Statement]:
    """Every statement made by a verb of the line."""
    for token in doc:
        if token.lemma_ == "be" and token.pos_ in {"AUX", "VERB"}:
            yield from _being(token, people)
        elif token.pos_ in {"VERB", "AUX"}:
            yield from _doing(token, people)
        elif token.lower_ in {"job", "boss", "coworker", "coworkers"}:
            yield from _workplace_of(token, people)
        elif token.lower_ in occupations() and token.pos_ == "NOUN":
            yield from _somebodys(token, people)
    yield from _birthday(doc, people)


def _workplace_of(noun: "Token", people: People) -> Iterator[Statement]:
    """As in "my boss at Ralph Lauren", "her job at the museum"."""
    for owner in (c for c in noun.children if c.dep_ == "poss"):
        who, how = people.person(owner)
        for prep in (c for c in noun.children if c.dep_ == "prep" and c.lower_ in {"at", "with"} and who):
            rule = f"working{'+' + how if how else ''}"
            yield from _placed(prep, noun, who, "works_at", _WORKPLACES, rule, False, people)


def _somebodys(noun: "Token", people: People) -> Iterator[Statement]:
    """As in "my agent Estelle", "Monica's lawyer, Russell,": a job of who is named."""
    after = noun.doc[noun.i + 1] if noun.i + 1 < len(noun.doc) else None
    owned = any(c.dep_ == "poss" for c in noun.children)
    if owned and after is not None and after.ent_type_ == "PERSON" and after.ent_iob_ == "B":
        who = people.entity(after, ("PERSON",))
        if who and who not in {people.speaker, people.addressee}:
            yield _statement(noun, who, "job", noun.lower_, "occupied", people, literal=True)


def _subjects(verb: "Token", people: People) -> Iterator[tuple[str, str]]:
    for subject in (c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}):
        for one in (subject, *subject.conjuncts):
            who, how = people.person(one)
            if who:
                yield who, f"+{how}" if how else ""


def _being(verb: "Token", people: People) -> Iterator[Statement]:
    """As in "I'm a chef", "Ross is thirty", "I'm allergic to nuts", "I'm from Iowa"."""
    if not asserted(verb):
        return
    so, was = not negated(verb), past(verb)
    owner = verb.head if verb.dep_ == "xcomp" and verb.head.lower_ == "used" else verb
    for who, how in _subjects(owner, people):
        for child in verb.children:
            if child.dep_ == "attr" and (job := _job(child)):
                over = not so and any(c.lower_ in {"anymore", "longer"} for c in verb.children)
                rule = f"job{how}"
                yield _statement(
                    child, who, "job", job, rule, people, polarity=so or over, past_=was or over, literal=True
                )
                for prep in (c for c in child.children if c.dep_ == "prep" and c.lower_ in {"at", "for"} and so):
                    yield from _placed(prep, verb, who, "works_at", _WORKPLACES, f"working{how}", was, people)
            elif child.dep_ == "attr" and so and (job := _job(child, praised=True)):
                yield _statement(child, who, "job", job, f"job_praised{how}", people, past_=was, literal=True)
            elif child.dep_ in {"attr", "acomp"} and so and not was and (age := _age(child)):
                yield _statement(child, who, "age", age, f"age{how}", people, literal=True)
            elif child.dep_ == "acomp" and child.lower_ == "allergic" and so:
                yield from _allergies(child, who, how, people)
            elif child.dep_ == "acomp" and child.lower_ in {"married", "engaged"}:
                relation = "spouse" if child.lower_ == "married" else "engaged_to"
                yield from _partners(child, verb, who, relation, how, people)
            elif child.dep_ == "prep" and child.lower_ == "from" and so:
                yield from _placed(child, child, who, "origin", _PLACES, f"origin{how}", False, people)


def _taken_for_granted(verb: "Token", people: People) -> Iterator[Statement]:
    """As in "So you're a chef?", "aren't you a chef?": weak, but somebody thinks so."""
    if not question(verb) or verb.dep_ not in {"ROOT", "ccomp", "conj"}:
        return
    for subject in (c for c in verb.children if c.dep_ == "nsubj"):
        who, how = people.person(subject)
        for noun in (c for c in verb.children if c.dep_ == "attr" and c.i > subject.i):
            if who and (subject.i < verb.i) != negated(verb) and (job := _job(noun)):
                rule = f"job_asked{'+' + how if how else ''}"
                yield _statement(noun, who, "job", job, rule, people, literal=True)


def _job(noun: "Token", praised: bool = False) -> str:
    """The occupation that a noun phrase names ("a chef", "the head chef", "head chef"), else ""."""
    words = {c.lower_ for c in noun.children}
    placed = any(c.dep_ == "prep" and c.lower_ in {"at", "for"} for c in noun.children)  # "the chef at Alessandro's"
    known = "the" in words and (placed or not any(c.dep_ in {"prep", "relcl", "acl"} for c in noun.children))
    if not words & {"a", "an", "head"} and not (known and _of_speaker(noun)):
        return ""
    return _occupation(noun, praised)


def _of_speaker(noun: "Token") -> bool:
    """Is it said by the one who has the job: "I'm the ferry captain"? Of others it may be any waiter of the scene."""
    return any(c.dep_ == "nsubj" and c.lower_ == "i" for c in noun.head.children)


def _occupation(noun: "Token", praised: bool) -> str:
    for length in (3, 2, 1):
        phrase = noun.doc[max(noun.i - length + 1, 0) : noun.i + 1].text.lower()
        if phrase in occupations():
            phrase = _whole(noun, phrase) if length == 1 else phrase
            other = [c for c in noun.children if c.dep_ in {"amod", "compound", "nmod"} and c.lower_ not in phrase]
            return "" if any(c.lower_ in (_SPOILING - _PRAISE if praised else _SPOILING) for c in other) else phrase
    return ""


_BARE = frozenset({"captain", "keeper", "driver", "designer", "teacher", "owner", "officer", "engineer", "operator"})


def _whole(noun: "Token", word: str) -> str:
    """The occupation with the noun before it, where that says which: "ferry captain", "lighthouse keeper"."""
    before = noun.doc[noun.i - 1] if noun.i else None
    kind = before is not None and before.dep_ == "compound" and before.head == noun and before.is_lower
    return f"{before.text} {word}" if kind and word in _BARE else word  # type: ignore[union-attr]


# adjectives after which the noun is praise, play or a metaphor
_SPOILING = frozenset(
    {"good", "great", "bad", "terrible", "lousy", "horrible", "better", "amazing", "excellent", "real", "fake", "big"}
    | {"wonderful", "role", "fabulous", "love", "free", "travel", "control", "double", "secret", "total", "fast"}
)

_PRAISE = frozenset({"good", "great", "amazing", "wonderful", "excellent", "real"})


def _age(token: "Token") -> str:
    """A number from 1 to 110 in digits that isn't counted in something else ("I'm 30", "I'm 30 years old")."""
    number = token
    if token.lower_ == "old":
        years = [c for c in token.children if c.lower_ in {"years", "year"}]
        numbers = [n for y in years for n in y.children if n.like_num]
        if not numbers:
            return ""
        number = numbers[0]
    elif not token.like_num or any(c.dep_ in {"prep", "quantmod", "advmod"} for c in token.children):
        return ""
    after = token.doc[token.i + 1].text if token.i + 1 < len(token.doc) else "."
    value = _number(_hyphened(number))
    if token.lower_ != "old" and (after not in {".", "!", ",", ";", "?"} or value < 13):
        return ""
    return str(value) if 1 <= value <= 110 else ""


_WORDS = {
    w: n
    for n, w in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen twenty""".split()  # noqa: SIM905
    )
}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}


def _hyphened(number: "Token") -> str:
    """The number as text; "thirty-one" is three tokens."""
    doc = number.doc
    if number.i > 1 and doc[number.i - 1].text == "-" and doc[number.i - 2].lower_ in _TENS:
        return f"{doc[number.i - 2].lower_}-{number.lower_}"
    return number.text


def _number(text: str) -> int:
    """As in "30", "thirty" or "thirty-one"; 0 where it is no number."""
    low = text.lower()
    if low.isdigit():
        return int(low)
    tens, _, ones = low.partition("-")
    return _TENS[tens] + _WORDS.get(ones, 0) if tens in _TENS else _WORDS.get(low, 0)


def _allergies(adjective: "Token", who: str, how: str, people: People) -> Iterator[Statement]:
    after = adjective.doc[adjective.i + 1] if adjective.i + 1 < len(adjective.doc) else None
    things = [c for to in adjective.children if to.lower_ == "to" for c in to.children if c.dep_ == "pobj"]
    if after is not None and after.lower_ == "to":  # "shellfish" is taken for a verb
        things += [c for c in adjective.children if c.dep_ == "xcomp" and c.tag_ == "VB" and c.i == after.i + 1]
    for one in (t for thing in things for t in (thing, *thing.conjuncts)):
        if one.pos_ in {"NOUN", "VERB"} and one.lower_ not in _NO_ALLERGY:
            yield _statement(one, who, "allergic_to", one.text.lower(), f"allergy{how}", people, literal=True)


def _partners(word: "Token", verb: "Token", who: str, relation: str, how: str, people: People) -> Iterator[Statement]:
    for to in (c for c in word.children if c.dep_ == "prep" and c.lower_ in {"to", "with"}):
        for pobj in (c for c in to.children if c.dep_ == "pobj"):
            other, how2 = people.person(pobj)
            if other and other != who:
                suffix = how or (f"+{how2}" if how2 else "")
                yield _statement(
                    word, who, relation, other, f"partner{suffix}", people, polarity=not negated(verb), past_=past(verb)
                )


def _placed(
    prep: "Token", verb: "Token", who: str, relation: str, labels: tuple[str, ...], rule: str, was: bool, people: People
) -> Iterator[Statement]:
    for pobj in (c for c in prep.children if c.dep_ == "pobj"):
        place = people.entity(pobj, labels) or (people.common_place(pobj) if relation == "works_at" else "")
        if not place and relation == "works_at" and pobj.ent_id_ == "":
            place = people.firm(pobj) or people.proper(pobj, "organisation")  # "Ralph Lauren" is taken for a person
        if place and pobj.ent_id_ == "":
            yield _statement(pobj, who, relation, place, rule, people, past_=was)


def _doing(verb: "Token", people: People) -> Iterator[Statement]:
    lemma = verb.lemma_.lower()
    if lemma == "turn":
        yield from _turning(verb, people)
    if lemma not in {"work", "live", "date", "see", "marry", "go", "get", "grow"} or not asserted(verb):
        return
    so = not negated(verb)
    used = any(c.lower_ == "used" for c in verb.children) or (verb.dep_ == "xcomp" and verb.head.lower_ == "used")
    owner = verb.head if used and verb.dep_ == "xcomp" else verb
    was = used or verb.tag_ == "VBD" or past(verb)
    for who, how in _subjects(owner, people):
        if lemma in {"work", "live"}:
            if lemma == "live" and verb.tag_ == "VBD" and not used:
                continue  # "I lived in New York since I was fourteen": whether it is over isn't said
            yield from _staying(verb, lemma, who, how, so, was, people)
        elif lemma in {"date", "see", "marry"} and so:
            yield from _courting(verb, lemma, who, how, was, people)
        elif lemma == "go" and so and verb.tag_ == "VBG":
            yield from _going_out(verb, who, how, people)
        elif lemma == "go" and so and verb.tag_ == "VBD":
            yield from _schools(verb, who, how, people)
        elif lemma == "grow" and so and any(c.lower_ == "up" for c in verb.children):
            for prep in (c for c in verb.children if c.dep_ == "prep" and c.lower_ == "in"):
                yield from _placed(prep, verb, who, "origin", _PLACES, f"origin{how}", False, people)
        elif lemma == "get" and so and verb.tag_ in {"VBD", "VBN"}:
            yield from _new_job(verb, who, how, people)


def _turning(verb: "Token", people: People) -> Iterator[Statement]:
    """As in "Rachel turned thirty", "I just turned 26"."""
    if verb.tag_ not in {"VBD", "VBN"} or not asserted(verb) or negated(verb):
        return
    for number in (c for c in verb.children if c.dep_ in {"dobj", "attr", "acomp", "oprd"} and c.like_num):
        if (age := _age(number)) and int(age) > 12:
            for who, how in _subjects(verb, people):
                yield _statement(number, who, "age", age, f"age{how}", people, literal=True)


def _going_out(verb: "Token", who: str, how: str, people: People) -> Iterator[Statement]:
    """As in "I'm going out with Julie" (and not "going out with Julie tonight")."""
    if not any(c.lower_ == "out" for c in verb.children) or any(c.dep_ == "npadvmod" for c in verb.children):
        return
    for prep in (c for c in verb.subtree if c.lower_ == "with" and c.i <= verb.i + 2):
        for pobj in (c for c in prep.children if c.dep_ == "pobj"):
            other, how2 = people.person(pobj)
            if other and other != who:
                suffix = how or (f"+{how2}" if how2 else "")
                yield _statement(pobj, who, "dating", other, f"going_out{suffix}", people)


def _new_job(verb: "Token", who: str, how: str, people: People) -> Iterator[Statement]:
    """As in "I got a job at Ralph Lauren", "she got the job as a chef"."""
    for job in (c for c in verb.children if c.dep_ == "dobj" and c.lower_ == "job"):
        for prep in (c for c in (*job.children, *verb.children) if c.dep_ == "prep"):
            if prep.lower_ in {"at", "with", "for"}:
                yield from _placed(prep, verb, who, "works_at", _WORKPLACES, f"working{how}", False, people)
            for pobj in (c for c in prep.children if c.dep_ == "pobj" and prep.lower_ == "as"):
                if occupation := _job(pobj):
                    yield _statement(pobj, who, "job", occupation, f"job{how}", people, literal=True)


def _staying(verb: "Token", lemma: str, who: str, how: str, so: bool, was: bool, people: People) -> Iterator[Statement]:
    for prep in (c for c in verb.children if c.dep_ == "prep"):
        low = prep.lower_
        for pobj in (c for c in prep.children if c.dep_ == "pobj"):
            if low == "as" and lemma == "work" and (job := _job(pobj)):
                yield _statement(pobj, who, "job", job, f"job{how}", people, polarity=so, past_=was, literal=True)
            other, how2 = people.person(pobj)
            suffix = how or (f"+{how2}" if how2 else "")
            if not so or not other or other == who or (not pobj.ent_type_ and how2 == ""):
                continue
            if low == "with" and lemma == "live":
                yield _statement(pobj, who, "roommate", other, f"living{suffix}", people, past_=was)
            elif low == "for" and lemma == "work":
                yield _statement(pobj, other, "boss_of", who, f"working{suffix}", people, past_=was)
            elif low == "with" and lemma == "work":
                yield _statement(pobj, who, "colleague", other, f"working{suffix}", people, past_=was)
        if lemma == "work" and low in {"at", "for"} and so:
            yield from _placed(prep, verb, who, "works_at", _WORKPLACES, f"working{how}", was, people)
        elif lemma == "live" and low in {"in", "at", "on"} and so:
            yield from _placed(prep, verb, who, "lives_in", _PLACES, f"living{how}", was, people)


def _courting(verb: "Token", lemma: str, who: str, how: str, was: bool, people: People) -> Iterator[Statement]:
    """As in "I'm dating Julie", "Ross is seeing Mona", "I married Chandler"."""
    if lemma == "see" and verb.tag_ != "VBG":
        return
    if lemma == "see" and any(c.dep_ in {"xcomp", "ccomp", "advcl", "prt"} for c in verb.children):
        return
    if lemma == "marry" and verb.tag_ not in {"VBD", "VBN"}:
        return
    for child in (c for c in verb.children if c.dep_ == "dobj"):
        other, how2 = people.person(child)
        if other and other != who:
            suffix = how or (f"+{how2}" if how2 else "")
            relation = "spouse" if lemma == "marry" else "dating"
            yield _statement(child, who, relation, other, f"courting{suffix}", people, past_=was and lemma != "marry")


def _schools(verb: "Token", who: str, how: str, people: People) -> Iterator[Statement]:
    for prep in (c for c in verb.children if c.dep_ == "prep" and c.lower_ == "to"):
        for pobj in (c for c in prep.children if c.dep_ == "pobj"):
            if (
                re.search(r"university|college|school|NYU|institute", pobj.text, re.IGNORECASE)
                and pobj.ent_type_ == "ORG"
            ):
                yield from _placed(prep, verb, who, "studied_at", ("ORG",), f"schooling{how}", False, people)


def _birthday(doc: "Doc", people: People) -> Iterator[Statement]:
    for match in _BIRTHDAY.finditer(doc.text):
        date, span = (
            _DATE.match(match["date"]),
            doc.char_span(match.start("who"), match.end("who"), alignment_mode="expand"),
        )
        if date is None or span is None:
            continue
        who, how = people.person(span[0])
        if who:
            rule = f"birthday{'+' + how if how else ''}"
            yield _statement(span[0], who, "birthday", date[0], rule, people, literal=True)
