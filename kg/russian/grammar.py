"""Small questions of grammar that the reader of a list of persons asks."""

from collections.abc import Sequence

from kg.russian.declension import GENITIVE, gender_of, morphology
from kg.russian.entries import Word
from kg.russian.kin import kin

HIS, HER, THEIR = "его", "ее", "их"
_NEAR = 3  # words between a pronoun and its noun


def sex_of(part: Sequence[Word]) -> str:
    for word in part:
        if word.text.endswith(("вна", "ична", "ова", "ева", "ина", "ая")):
            return "female"
        if word.text.endswith(("вич", "ьич", "ыч", "ский", "ов", "ев", "ин")):
            return "male"
    return gender_of(part[0].text) if part else ""


def pronoun_of(words: Sequence[Word], i: int) -> str:
    """A pronoun (его, ее, их) that belongs to a noun: behind it, or before it with nothing but adjectives between."""
    after = i + 3 if words[i + 1 : i + 2] and words[i + 1].text == "и" else i + 1  # "брат и наследник его"
    if after < len(words) and words[after].text in (HIS, HER, THEIR):
        return words[after].text
    for j in range(i - 1, max(-1, i - 1 - _NEAR), -1):
        if words[j + 1].breaks or words[j].text == "и" or words[j].text in kin().nouns:
            break
        if words[j].text in (HIS, HER, THEIR):
            return words[j].text
    return ""


def genitive_kin(word: str) -> bool:
    """As "жены" in "сестра жены"."""
    return any(
        p.normal_form.replace("ё", "е") in kin().nouns and p.tag.case == GENITIVE for p in morphology().parse(word)
    )


def describes(word: str) -> bool:
    """May a word stand between noun and name: an adjective or a noun in the genitive ("графа", "покойного")?"""
    return any(p.tag.case == GENITIVE or p.tag.POS == "PREP" for p in morphology().parse(word)) or len(word) < 3
