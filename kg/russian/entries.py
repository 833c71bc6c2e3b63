"""The entries of a list of persons as words, and which entry names whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kg.russian.declension import WORD, fold, modern
from kg.russian.kin import kin
from kg.russian.people import TITLES, CastNames
from parsing.cast_list import CastEntry
from parsing.collection_pin import read_diminutives
from parsing.manifest import SHOWS

DIMINUTIVES = SHOWS / "plays" / "diminutives.csv"
_SHORT = frozenset({"г", "кн", "гр"})


@dataclass(frozen=True)
class Word:
    text: str  # folded
    capital: bool
    breaks: bool  # a comma, bracket or dash stands before it
    dot: bool = False  # it is a full stop


def tokens_of(text: str) -> list[Word]:
    """The words of an entry."""
    plain, last = modern(text), 0
    found: list[Word] = []
    for match in WORD.finditer(plain):
        between = plain[last : match.start()]
        short = found and found[-1].text in _SHORT and between.strip() == "."  # "друг г. Тоисиокова"
        breaks = not short and (any(c in between for c in ",.;:()[]–—") or " - " in between or "--" in between)
        found.append(Word(fold(match[0]), match[0][0].isupper(), breaks, between.strip(" ,") == "."))
        last = match.end()
    return found


def owners_of(entries: Sequence[CastEntry], names: CastNames) -> dict[int, str]:
    """Number of the entry -> whom it names: the longest name first, then the first entry (acts repeat their people)."""
    fits: list[tuple[int, int, int, str]] = []
    for number, entry in enumerate(entries):
        words = tokens_of(entry.item)
        head = _head(words)
        for person, known in names.names.items():
            size, more = max((_fits(parts, head, words) for parts in known), default=(0, 0))
            if size:
                fits.append((-size, number, -more, person))
    owners: dict[int, str] = {}
    taken: set[str] = set()
    for size, number, more, person in sorted(fits):
        rivals = {p for s, n, m, p in fits if (s, n, m) == (size, number, more) and p not in taken}
        if number not in owners and person not in taken and len(rivals) == 1:
            owners[number] = person
            taken.add(person)
    owners |= _by_first_name(entries, names, owners)
    for number, person in owners.items():
        names.add(person, " ".join(w.text for w in _head(tokens_of(entries[number].item))))
    return owners


def _by_first_name(entries: Sequence[CastEntry], names: CastNames, owners: dict[int, str]) -> dict[int, str]:
    """Whom nothing else fits: the one entry left that begins with the first name of the one person left of it."""
    taken = set(owners.values())
    left = {p: known[0][0] for p, known in names.names.items() if p not in taken and known and len(known[0]) > 1}
    heads = {n: _canonical(w[0].text) for n, e in enumerate(entries) if n not in owners and (w := tokens_of(e.item))}
    found = {}
    for person, first in left.items():
        fit = [n for n, head in heads.items() if head == _canonical(first)]
        alone = list(left.values()).count(first) == 1 and first not in TITLES and first not in kin().nouns
        if len(fit) == 1 and alone and not first[0].isdigit():
            found[fit[0]] = person
    return found


def _head(words: Sequence[Word]) -> list[Word]:
    """The name at the beginning: up to the first sign; "Верховцев. Валентин Алексеевич" goes on."""
    end = next((i for i, w in enumerate(words) if i and w.breaks and not (w.capital and w.dot and i < 3)), len(words))
    return list(words[:end])


def _fits(parts: tuple[str, ...], head: Sequence[Word], words: Sequence[Word]) -> tuple[int, int]:
    """How well a name fits an entry: (its words in the head of the entry, what speaks for it among equals)."""
    bare = [_canonical(p) for p in parts if p not in TITLES or len(parts) == 1]
    first = [_canonical(w.text) for w in head]
    if first[:1] and first[0] in kin().nouns and len(bare) < 2:
        return 0, 0  # "Жена его." is no more the one called "Жена" than another's
    if bare and all(p in first for p in bare):
        return 3 * len(bare), (bare[0] == first[0]) + (len(parts) == len(first)) + sum(p in first for p in parts)
    small = {d for w in first for d in _diminutives().get(w, ())}
    if len(bare) == 1 and bare[0] in small:
        return 2, 0
    if len(parts) == 1 and parts[0] in kin().nouns and any(w.text == parts[0] for w in words[1:]):
        return 1, 0  # who is called "Сын" is the entry that is somebody's son
    capitals = [_canonical(w.text) for w in words if w.capital]
    behind = bare and all(p in capitals for p in bare) and len(head) and head[0].text not in kin().nouns
    return (len(bare), 0) if behind else (0, 0)


def _canonical(word: str) -> str:
    """София as Софья, Наталия as Наталья, Иоанн as Иван."""
    return "иван" if word == "иоанн" else re.sub(r"(?<=[лнрс])ия$", "ья", word)


@cache
def _diminutives() -> dict[str, frozenset[str]]:
    """First name -> its diminutives, folded."""
    table = read_diminutives(DIMINUTIVES)
    return {name: frozenset(fold(d) for d in small) for name, small in table.items()}


def fitting(part: Sequence[Word], names: CastNames) -> str:
    """The one person whom the words of a list name best."""
    fits = {person: max(_fits(p, part, part) for p in known) for person, known in names.names.items() if known}
    best = max(fits.values(), default=(0, 0))
    found = [person for person, fit in fits.items() if fit == best]
    return found[0] if best[0] and len(found) == 1 else ""
