"""The component `canon_names`: person names that the recogniser of written English misses in speech.

What counts: a given name of the census list (package `names`: the US Census of 1990) that is no English word; a
capitalised word after a title, "my name is", "this is", "named", or as the address of a greeting; and the surnames of
the cast. Interjections ("Ohhh", "Noooo", "Umm"), which the recogniser likes to take for names, are kept out by their
letters. Every span that it adds has the label PERSON and no id: who is meant, the show's entity ruler says.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from kg.english import is_english
from kg.extract.lexicon import kin_nouns, occupations
from parsing.given_names import gender_of, given

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

TITLES = frozenset(
    """mr mrs ms miss dr doctor professor prof aunt uncle mr. mrs. ms. dr. prof.""".split()  # noqa: SIM905
)
_GREETING = frozenset(
    """hi hey hello bye thanks sorry goodbye oh ok okay no yes yeah""".split()  # noqa: SIM905
)
_SOUND = re.compile(
    r"""(?x) .*(.)\1\1.* | o+h+o* | a+h+a* | u+h+ | u+h*m+ | h+m+ | m+h*m* | s+h+ | w+h?o+a*h* | w+o+h+a* | w+h*o+w*
    | a+w+ | e+w+ | o+w+ | n+a+h* | n+o+ | n+u+h+ | y+[eu]+[pah]+s* | y+a+y+ | y+u+c?k+ | e+[wk]+ | i+c+k+ | o+o+p+s?
    | u+g+h+ | a+r*g+h+ | b+r+ | h+[aeu]+h*y* | (?:h[aeo]){2,}h? | p+h+e+w | t+a+h | n+ope | y+o+ | d+o+h | hee+ | ha+w*
    | wha | whad?ja | whatcha | gotcha | damnit | yowsa | okay+ | o+k+ | uh-huh | y2k | fyi""",
)
_NAMING = (("name", "is"), ("name", "'s"), ("this", "is"), ("i", "'m"), ("i", "am"), ("it", "'s"))
_CALLING = frozenset({"named", "called", "meet"})
_TO_MEND = frozenset({"ORG", "FAC", "PRODUCT", "WORK_OF_ART", "NORP"})
_LEADING = frozenset({"but", "so", "and", "well"})
_ENDS = frozenset({".", "!", "?", ",", "...", ";", "-"})
_OF_PEOPLE = frozenset(
    """think say know want tell teach love like hate call kiss leave marry feel believe ask hope wish need hear see
    smile laugh cry talk speak walk sleep eat drink quit meet live die invite cheat lie forget remember""".split()  # noqa: SIM905
)
_SHORT = 3  # letters: shorter words are rarely names by themselves


@cache
def given_names() -> frozenset[str]:
    """Given names in lower case."""
    return frozenset({*given("female"), *given("male")})


_NOUNS = {
    "female": frozenset({"woman", "girl", "lady", "waitress", "mrs", "ms", "miss", "aunt", "mother", "sister"}),
    "male": frozenset({"man", "guy", "boy", "gentleman", "waiter", "mr", "uncle", "father", "brother"}),
}


@cache
def gender_of_name(identity: str) -> str:
    """`female` or `male` by the first word that tells, of a node id: a given name of one sex, or "man"; else ""."""
    for word in identity.split("_"):
        told = next((sex for sex, nouns in _NOUNS.items() if word in nouns), "") or gender_of(word)
        if told:
            return told
    return ""


def sound(word: str) -> bool:
    """Is a word an interjection, drawn out or not ("Ohhh", "Umm", "Noooo")?"""
    return _SOUND.fullmatch(word.lower()) is not None


def plain_word(word: str) -> bool:
    """Is it a word of English, or kin, an occupation, a sound: no name by itself?"""
    low = word.lower()
    return is_english(low) or low in kin_nouns() or low in occupations() or sound(low)


def _hyphened(token: "Token") -> bool:
    """Is a word a part of one with hyphens ("Pac-Man")?"""
    doc, i = token.doc, token.i
    before = i > 0 and doc[i - 1].text == "-" and not doc[i - 1].whitespace_
    return before or (i + 1 < len(doc) and doc[i + 1].text == "-" and not token.whitespace_)


def _given(token: "Token") -> bool:
    """Is a word in the list of given names?"""
    return token.lower_ in given_names()


def _addressed(token: "Token") -> bool:
    """Does a word stand by itself, between commas or after a greeting?"""
    doc, i = token.doc, token.i
    before = doc[i - 1] if i else None
    after = doc[i + 1].text if i + 1 < len(doc) else "."
    alone = before is None or token.is_sent_start or before.text == "," or before.lower_ in _GREETING | _LEADING
    return bool(alone) and after in _ENDS


class PersonNames:
    """Adds the persons that were missed to `doc.ents`; what the ruler found (spans with an id) stays as it is."""

    def __init__(self, surnames: Iterable[str] = ()) -> None:
        self.surnames = frozenset(surnames)

    def __call__(self, doc: "Doc") -> "Doc":
        """The document with more entities; never two over one token."""
        taken = {t.i: e for e in doc.ents for t in e}
        added: list[Span] = []
        for token in doc:
            if self._free(token, taken) and self._name(token):
                span = self._whole(token, taken)
                added.append(span)
                taken |= {t.i: span for t in span}
        if added:
            covered = {t.i for span in added for t in span}
            kept = [e for e in doc.ents if not any(t.i in covered for t in e)]
            doc.ents = (*kept, *added)
        return doc

    @staticmethod
    def _free(token: "Token", taken: "dict[int, Span]") -> bool:
        """Is a word no part of a name yet?

        A single word taken for a firm may be a person after all, and a town, where it is spoken to ("Oh, Olivia!").
        """
        entity = taken.get(token.i)
        if entity is None:
            return True
        if entity.ent_id_ or len(entity) > 1:
            return False
        return entity.label_ in _TO_MEND or (entity.label_ in {"GPE", "LOC"} and _addressed(token))

    def _name(self, token: "Token") -> bool:
        text = token.text
        if not text.isalpha() or not text[0].isupper() or len(text) < _SHORT or sound(text) or _hyphened(token):
            return False
        if text.title() in self.surnames:
            return text.istitle()
        if not text.istitle() or self._of_a_firm(token):
            return False
        if text.lower() in given_names() and not plain_word(text):
            return True
        return not sound(text) and any(self._cue(token, plain_word(text)))

    @staticmethod
    def _of_a_firm(token: "Token") -> bool:
        """A name in the middle of another ("the Julia Roberts Foundation") or after "the"."""
        before = token.nbor(-1) if token.i else None
        return before is not None and before.lower_ in {"the", "a", "an"} and token.tag_ != "NNPS"

    @staticmethod
    def _cue(token: "Token", word: bool) -> Iterator[bool]:
        """Do the words around say that it is somebody's name? Of a word of English, what names has to be plainer."""
        doc, i = token.doc, token.i
        before = [doc[j].lower_ for j in range(max(0, i - 2), i)]
        last = before[-1] if before else ""
        following = doc[i + 1].text if i + 1 < len(doc) else "."
        named = token.pos_ == "PROPN" and (not word or _given(token))
        yield last in TITLES and doc[i - 1].text.istitle()
        yield last in _CALLING and named
        yield tuple(before) in _NAMING and following in _ENDS and named
        yield last in _GREETING and following in _ENDS and named
        yield not word and token.tag_ == "NNP" and (last == "," or last in _LEADING) and _addressed(token)
        yield not word and token.tag_ == "NNP" and token.dep_ == "nsubj" and token.head.lemma_ in _OF_PEOPLE

    @staticmethod
    def _whole(token: "Token", taken: "dict[int, Span]") -> "Span":
        """The name with the surname that follows it."""
        from spacy.tokens import Span

        doc, end = token.doc, token.i + 1
        while end < len(doc) and end not in taken and doc[end].text.istitle() and doc[end].pos_ == "PROPN":
            if not doc[end].is_alpha or sound(doc[end].text) or doc[end - 1].whitespace_ != " ":
                break
            end += 1
        return Span(doc, token.i, end, label="PERSON")
