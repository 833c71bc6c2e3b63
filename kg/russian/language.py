"""`wording.toml`: how Russian asks for the relations and says them, read once and checked."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

from kg.relations import relations
from kg.russian.declension import CASES, declined, fold, morphology
from parsing.errors import BadFile
from parsing.manifest import nearest

TABLE = Path(__file__).with_name("wording.toml")


@dataclass(frozen=True)
class Words:
    """The Russian words of one relation, as `wording.toml` explains its keys."""

    relation: str
    label: Mapping[str, str]
    plural: Mapping[str, str] = field(default_factory=dict)
    nouns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ask: tuple[str, ...] = ()
    first: str = ""
    third: str = ""
    none: Mapping[str, str] = field(default_factory=dict)
    none_third: Mapping[str, str] = field(default_factory=dict)
    not_: str = ""
    not_third: str = ""

    def word(self, gender: str, plural: bool = False) -> str:
        """What the object is called."""
        table = self.plural if plural and self.plural else self.label
        return table.get(gender) or table["any"]


@dataclass(frozen=True)
class Noun:
    """A word of a relation in some case: "брату" asks for a sibling, a man."""

    relation: str
    gender: str
    plural: bool = False


@dataclass(frozen=True)
class Language:
    """The whole table."""

    words: Mapping[str, Words]
    nouns: Mapping[str, Noun]  # form in any case, folded
    nominative: frozenset[str]
    asks: Mapping[str, re.Pattern[str]]  # relation -> cues without a noun
    cues: Mapping[str, re.Pattern[str]]


@cache
def russian() -> Language:
    """The table of the project."""
    return load(TABLE)


def load(path: Path) -> Language:
    """Read a table. Raises `BadFile` naming the relation or key that doesn't fit."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    words = {name: _words(name, row, path) for name, row in data["relation"].items()}
    nouns: dict[str, Noun] = {}
    nominative = set()
    for entry in words.values():
        for gender, listed in entry.nouns.items():
            for noun in listed:
                nominative.add(noun)
                for form, plural in noun_forms(noun):
                    nouns.setdefault(form, Noun(entry.relation, "" if gender == "any" else gender, plural))
    asks = {name: _pattern(entry.ask) for name, entry in words.items() if entry.ask}
    cues = {name: _pattern(tuple(listed)) for name, listed in data["cues"].items()}
    return Language(words, nouns, frozenset(nominative), asks, cues)


def _words(name: str, row: Mapping[str, object], path: Path) -> Words:
    if name not in relations():
        raise BadFile(f"{path}: no relation '{name}'{nearest(name, relations())} in kg/relations.toml")
    known = {f.name.rstrip("_") for f in fields(Words)} - {"relation"}
    for key in row:
        if key not in known:
            raise BadFile(f"{path}: '{name}' has an unknown key '{key}'{nearest(key, known)}")
    if "label" not in row:
        raise BadFile(f"{path}: '{name}' needs a label")
    values: dict[str, object] = {
        ("not_" if k == "not" else k): tuple(v) if isinstance(v, list) else v for k, v in row.items()
    }
    return Words(name, **values)  # type: ignore[arg-type]


def _pattern(listed: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{cue})" for cue in listed), re.IGNORECASE)


@cache
def noun_forms(noun: str) -> tuple[tuple[str, bool], ...]:
    """(form, plural) of a common noun in all cases, folded."""
    parses = [p for p in morphology().parse(noun) if p.tag.POS in {"NOUN", "ADJF"} and p.tag.case == "nomn"]
    if not parses:
        return ((noun, False),)
    best = next((p for p in parses if "anim" in p.tag), parses[0])
    return tuple(dict.fromkeys((fold(f.word), "plur" in f.tag) for f in best.lexeme))


def in_case(word: str, case: str) -> str:
    """A common noun or a phrase of adjective and noun in a case; as it is, where the dictionary has no such form."""
    if " " in word:
        return " ".join(in_case(part, case) for part in word.split())
    best = next((p for p in morphology().parse(word) if p.tag.case == "nomn"), None)
    form = best.inflect({case}) if best else None
    return form.word if form is not None else word


def name_in(name: str, gender: str, case: str) -> str:
    """A person's name in a case, every word of it declined: `name_in("Нина Заречная", "female", "datv")`.

    >>> name_in("Константин Гаврилович Треплев", "male", "gent")
    'Константина Гавриловича Треплева'

    """
    return " ".join(_word_in(word, gender, case) for word in name.split())


def _word_in(word: str, gender: str, case: str) -> str:
    known = _in_dictionary(word, gender, case)
    form = known or declined(word, gender).get(case, fold(word))
    shared = 0
    folded = fold(word)
    while shared < min(len(folded), len(form), len(word)) and folded[shared] == form[shared]:
        shared += 1
    return word[:shared] + form[shared:]


def _in_dictionary(word: str, gender: str, case: str) -> str:
    """The form of a first name, patronymic or common noun that the dictionary knows; "" else (surnames: by rule)."""
    analyser = morphology()
    if not analyser.word_is_known(word.casefold()) or case not in CASES:
        return ""
    sex = {"female": "femn", "male": "masc"}.get(gender, "")
    for parse in analyser.parse(word.casefold()):
        named = "Name" in parse.tag or "Patr" in parse.tag or ("anim" in parse.tag and "Surn" not in parse.tag)
        if named and parse.tag.case == "nomn" and parse.tag.number == "sing" and sex in {"", parse.tag.gender}:
            form = parse.inflect({case})
            return fold(form.word) if form is not None else ""
    return ""
