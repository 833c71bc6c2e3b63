"""Statements of what somebody is like: tastes, fears, favourites, languages, instruments, religion, nicknames."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.extract.kin import _statement
from kg.extract.lexicon import favourites
from kg.extract.modality import asserted, negated, past, question
from kg.extract.people import People
from kg.extract.types import Statement
from kg.relations import relations

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_LIKING = {"love": "likes", "like": "likes", "enjoy": "likes", "adore": "likes"}
_HATING = {"hate": "dislikes", "dislike": "dislikes", "despise": "dislikes", "loathe": "dislikes"}
_AFRAID = frozenset({"afraid", "scared", "terrified", "frightened"})
_LANGUAGES = frozenset(
    """french spanish italian german dutch russian japanese chinese mandarin cantonese portuguese greek latin polish
    swedish norwegian danish finnish hungarian turkish hebrew arabic hindi korean vietnamese yiddish""".split()  # noqa: SIM905
)
# what is loved or hated in passing, and says nothing without the words around it
_VAGUE = frozenset(
    """thing things stuff people guy guys way part idea lot lots fun time times man men woman women boy boys girl girls
    kind sort day night work life everything nothing something anything one ones place places work question questions
    surprise love crap myself yourself mine yours news color colors attention money company change other others rest
    drama plan plans bit job name names""".split()  # noqa: SIM905
)
_BARE = frozenset({"be", "have", "do", "get", "go"})
_PHRASE = 5  # words of a phrase that is kept
_NICKNAME = re.compile(
    r"(?<!make )(?<!have )(?<!let )\b(?:(?:people|everybody|everyone|the (?:other )?kids|they|my friends) "
    r"(?:used to |all |always )*call(?:ed)? (?P<who>me|him|her)"
    r"|(?P<whose>my|his|her) (?:old |high school |college )?nickname (?:is|was))"
    r" [\"']?(?P<name>[A-Z][\w-]+(?: [A-Z][\w-]+){0,3})",
)


# lines without any of these words needn't be looked at word by word
_CUE = re.compile(
    r"\b(?:lov|lik|enjoy|ador|hat|dislik|despis|loath|car|afraid|scared|terrified|frightened|speak|play|favo|call"
    r"|nickname|Jewish|Christian|Catholic|Buddhist|Hindu|Muslim|Protestant|atheist)\w*",
    re.IGNORECASE,
)


def taste_statements(doc: "Doc", people: People) -> Iterator[Statement]:
    """Every such statement of the line."""
    if _CUE.search(doc.text) is None:
        return
    for token in doc:
        low = "hate" if token.lower_ == "hates" else token.lemma_.lower()  # which is lemmatized to "hat"
        if token.pos_ in {"VERB", "ADP"} and low in _LIKING | _HATING:
            yield from _liking(token, low, people)
        elif low == "care" and negated(token) and asserted(token):
            yield from _not_caring(token, people)
        elif token.lower_ in _AFRAID and token.head.lemma_ == "be":
            yield from _fearing(token, people)
        elif token.pos_ == "VERB" and low in {"speak", "play"}:
            yield from _knowing(token, low, people)
        elif token.text in relations()["religion"].words and token.head.lemma_ == "be":
            yield from _believing(token, people)
        elif token.lower_ in {"favorite", "favourite", "favorit"}:
            yield from _favourite(token, people)
    yield from _nicknames(doc, people)


def _subjects(verb: "Token", people: People) -> Iterator[tuple[str, str]]:
    for subject in (c for c in verb.children if c.dep_ == "nsubj" and c.i < verb.i):
        if subject.i and subject.nbor(-1).lower_ == "the":
            continue  # "the I Hate Mondays Club"
        who, how = people.person(subject)
        if who and how != "you":  # "you love shrimp" may be a joke or a request
            yield who, f"+{how}" if how else ""


def _liking(verb: "Token", lemma: str, people: People) -> Iterator[Statement]:
    """As in "I love jam", "Monica hates surprises", "I don't like pickles", "I love dancing"."""
    so = not negated(verb)
    does = verb.tag_ == "VB" and any(c.dep_ == "aux" and c.lower_ in {"do", "does"} for c in verb.children)
    if not (does or verb.tag_ in {"VBP", "VBZ", "IN"}) or not asserted(verb) or (not so and lemma != "like"):
        return
    relation = (_LIKING | _HATING)[lemma] if so else "dislikes"
    said = [p for c in verb.children if c.i > verb.i for p in _things(c, verb, people)]
    loved = [c for c in verb.children if c.dep_ == "dobj" and c.i == verb.i + 1 and c.ent_id_ and relation == "likes"]
    for who, how in _subjects(verb, people):
        for person in loved:
            other = people.entity(person, ("PERSON",))
            if other and other not in {who, people.addressee}:
                rule = "taste" if lemma in {"love", "adore"} else "liking"  # "I like Ben" may be about a name
                yield _statement(person, who, relation, other, f"{rule}{how}", people)
        for token, text in said:
            yield _statement(token, who, relation, text, f"taste{how}", people, literal=True)


def _not_caring(verb: "Token", people: People) -> Iterator[Statement]:
    """As in "I don't care for cats"."""
    for thing in (t for c in verb.children if c.lower_ == "for" for t in c.children if c.dep_ == "prep"):
        for who, how in _subjects(verb, people):
            if text := _kind(thing):
                yield _statement(thing, who, "dislikes", text, f"taste{how}", people, literal=True)


def _things(child: "Token", verb: "Token", people: People) -> Iterator[tuple["Token", str]]:
    """(token, wording) of what is liked: kinds of things, names of things, and doings."""
    if child.dep_ in {"dobj", "pobj", "attr"}:
        for one in (child, *child.conjuncts):
            if text := _kind(one) or _title(one, people):
                yield one, text
    elif child.dep_ == "xcomp" and child.tag_ == "VBG" and child.i == verb.i + 1 and child.lemma_ not in _BARE:
        yield from ((child, text) for text in [_doing(child)] if text)


def _kind(noun: "Token") -> str:
    """A kind of thing: a plural or uncountable noun that no article, owner or clause pins down."""
    if noun.tag_ not in {"NNS", "NN"} or noun.lower_ in _VAGUE or noun.lemma_.lower() in _VAGUE or noun.ent_type_:
        return ""
    parts = {c.dep_ for c in noun.children}
    if parts & {"det", "poss", "relcl", "acl", "nummod", "predet", "appos", "advcl"}:
        return ""
    before = [c for c in noun.children if c.dep_ in {"amod", "compound"} and c.i < noun.i]
    if any(c.lower_ in {"such", "other", "same", "more", "own", "many", "much", "most", "few"} for c in before):
        return ""
    if noun.tag_ == "NN" and (noun.i + 1 < len(noun.doc) and noun.doc[noun.i + 1].pos_ in {"NOUN", "PROPN", "VERB"}):
        return ""
    first = min([noun.i, *(c.i for c in before)])
    words = noun.doc[first : noun.i + 1]
    plain = all(t.is_alpha or t.text == "-" for t in words) and len(words) <= _PHRASE and noun.is_lower
    return words.text.lower() if plain and len(noun) > 2 else ""


def _title(noun: "Token", people: People) -> str:
    """A thing with a name of its own: "Die Hard", "the Knicks", "Pottery Barn"; nobody's first name."""
    if noun.pos_ != "PROPN" or noun.tag_ not in {"NNP", "NNPS"} or noun.ent_id_:
        return ""
    first = noun.i
    while first > 0 and noun.doc[first - 1].head == noun and noun.doc[first - 1].dep_ in {"compound", "det", "nummod"}:
        first -= 1
    words = noun.doc[first : noun.i + 1]
    if len(words) == 1 and noun.ent_type_ == "PERSON":
        return ""
    following = noun.doc[noun.i + 1] if noun.i + 1 < len(noun.doc) else None
    ended = following is None or not (following.is_alpha and following.text[:1].isupper())
    named = all(t.text[:1].isupper() for t in words if t.dep_ != "det") and not noun.text.isupper()
    return words.text if ended and named and not any(c.dep_ == "poss" for c in noun.children) else ""


def _doing(verb: "Token") -> str:
    words = list(verb.subtree)
    together = [t.i for t in words] == list(range(verb.i, verb.i + len(words)))
    plain = all(t.is_alpha and t.lower_ not in {"you", "me", "him", "her", "it", "them", "this", "that"} for t in words)
    return verb.doc[verb.i : verb.i + len(words)].text.lower() if together and plain and len(words) <= 3 else ""


def _fearing(adjective: "Token", people: People) -> Iterator[Statement]:
    """As in "I'm afraid of bees", "Joey is afraid of the tarantula"."""
    verb = adjective.head
    if not asserted(verb) or negated(verb):
        return
    for of in (c for c in adjective.children if c.lower_ == "of"):
        for thing in (c for c in of.children if c.dep_ in {"pobj", "pcomp"}):
            text = _doing(thing) if thing.tag_ == "VBG" else _kind(thing) or _definite(thing)
            for who, how in _subjects(verb, people):
                if text:
                    yield _statement(
                        thing, who, "afraid_of", text, f"fear{how}", people, past_=past(verb), literal=True
                    )


def _definite(noun: "Token") -> str:
    words = [c for c in noun.children if c.dep_ == "det"]
    plain = len(list(noun.children)) == len(words) == 1 and words[0].lower_ == "the" and noun.tag_ in {"NN", "NNS"}
    return f"the {noun.lower_}" if plain and noun.lower_ not in _VAGUE else ""


def _knowing(verb: "Token", lemma: str, people: People) -> Iterator[Statement]:
    """As in "I speak Italian", "he plays the drums"."""
    can = any(c.dep_ == "aux" and c.lower_ == "can" for c in verb.children) and not question(verb)
    if verb.tag_ == "VBD" or not (can or asserted(verb)) or negated(verb):
        return
    relation = "speaks" if lemma == "speak" else "instrument"
    known = _LANGUAGES if lemma == "speak" else frozenset(relations()["instrument"].words)
    for thing in (c for c in verb.children if c.dep_ in {"dobj", "acomp", "attr"} and c.lower_ in known):
        for who, how in _subjects(verb, people):
            text = thing.text.capitalize() if lemma == "speak" else thing.lower_
            yield _statement(thing, who, relation, text, f"skill{how}", people, literal=True)


def _believing(adjective: "Token", people: People) -> Iterator[Statement]:
    verb = adjective.head
    if adjective.dep_ in {"acomp", "attr"} and asserted(verb) and not negated(verb):
        for who, how in _subjects(verb, people):
            yield _statement(adjective, who, "religion", adjective.text, f"skill{how}", people, literal=True)


def _favourite(word: "Token", people: People) -> Iterator[Statement]:
    """As in "my favorite movie is Die Hard", "toast is my favorite food"."""
    noun = word.head
    relation = favourites().get(noun.lower_, "likes")
    verb = noun.head
    owners = [people.person(c) for c in noun.children if c.dep_ == "poss"]
    if verb.lemma_ != "be" or not asserted(verb) or negated(verb) or noun.dep_ not in {"nsubj", "attr"}:
        return
    for other in (c for c in verb.children if c.dep_ in {"nsubj", "attr"} and c != noun):
        text = _kind(other) or _title(other, people)
        for who, how in owners:
            if who and text and how != "you":
                rule = f"taste{'+' + how if how else ''}"
                yield _statement(other, who, relation, text, rule, people, literal=True)


def _nicknames(doc: "Doc", people: People) -> Iterator[Statement]:
    for match in _NICKNAME.finditer(doc.text):
        word = "who" if match["who"] else "whose"
        span = doc.char_span(match.start(word), match.end(word), alignment_mode="expand")
        if span is not None:
            who, how = people.person(span[0])
            if who:
                rule = f"nickname{'+' + how if how else ''}"
                yield _statement(span[0], who, "nickname", match["name"], rule, people, literal=True)
