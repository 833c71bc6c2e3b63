"""The nouns by which questions name relations ("sister", "ex-husband", "line of work"), read from the relations."""

import re
from dataclasses import dataclass
from functools import cache

from kg.relations import relations

_FORMER = ("ex", "former", "previous", "old", "late")
_ANY_TIME = ("first", "second", "third", "last")
_PLAIN = (
    *("older", "elder", "younger", "little", "big", "baby", "new", "current", "present", "own", "real", "dear", "only"),
    *("poor", "beautiful", "lovely", "best", "oldest", "youngest", "biological", "actual", "long-lost", "adopted"),
    *("kid", "two", "three", "four", "five", "six", "seven", "both", "all"),
    *("adoptive", "day", "other", "dead", "closest", "very", "good"),
)
NAME_NOUNS = frozenset({"name", "first name", "real name", "names"})


@dataclass(frozen=True)
class Noun:
    """One reading of a relation noun: "ex-wives" is `("spouse", "female", former, plural)`."""

    relation: str
    gender: str = ""
    former: bool = False
    ever: bool = False
    text: str = ""  # the noun itself, without adjectives, lower case
    order: str = ""  # "first", "second", "third" or "last"


@cache
def lexicon() -> dict[str, tuple[Noun, ...]]:
    """Noun in lower case -> what it may mean; the table's order decides between several."""
    found: dict[str, list[Noun]] = {}
    for relation in relations().values():
        for gender, words in relation.nouns.items():
            for word in words:
                reading = Noun(relation.name, "" if gender == "any" else gender, text=word)
                found.setdefault(word, []).append(reading)
    found["ex"] = [Noun("spouse", former=True, text="ex"), Noun("dating", former=True, text="ex")]
    return {word: tuple(readings) for word, readings in found.items()}


@cache
def agent_lexicon() -> dict[str, Noun]:
    """Nouns for the subject itself ("are you a mother?") -> the relation this subject has to somebody."""
    return {
        word: Noun(relation.name, text=word)
        for relation in relations().values()
        for words in relation.agent_nouns.values()
        for word in words
    }


def alternatives(words: frozenset[str] | set[str] | list[str]) -> str:
    """A regular expression for any of the words, longer ones first."""
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(words, key=lambda w: (-len(w), w)))


@cache
def noun_phrase() -> re.Pattern[str]:
    """Matches adjectives and a relation noun at the start of a text: groups `adjectives`, `noun`."""
    adjectives = alternatives([*_FORMER, *_ANY_TIME, *_PLAIN])
    return re.compile(
        rf"(?P<adjectives>(?:(?:{adjectives})[\s-]+)*)(?P<noun>{alternatives(list(lexicon()))})(?![\w-]|['’]t)",
        re.IGNORECASE,
    )


def readings(match: re.Match[str]) -> tuple[Noun, ...]:
    """What a match of `noun_phrase` may mean, adjectives taken into account."""
    adjectives = set(re.split(r"[\s-]+", match["adjectives"].lower()))
    former = bool(adjectives & set(_FORMER))
    order = next((word for word in _ANY_TIME if word in adjectives), "")
    noun = re.sub(r"\s+", " ", match["noun"].lower())
    return tuple(
        Noun(
            n.relation, n.gender, n.former or (former and n.relation in _CAN_END), n.ever or bool(order), n.text, order
        )
        for n in lexicon()[noun]
    )


_CAN_END = frozenset(
    {"spouse", "engaged_to", "dating", "roommate", "job", "works_at", "works_for", "boss_of", "lives_in", "has_pet"}
    | {"neighbour", "colleague", "friend"}
)
