"""Relations out of a play's list of persons: «Сорин, её брат», «жена его», «сын Аркадиной», a bracket «её дети».

Each entry has a holder (whom it names) and words of kinship in the nominative; the anchor of each is a name in the
genitive ("сын Аркадиной"), an adjective made of one ("дочь Инсларова"), or a pronoun: "его" and "её" mean the last
person of that sex before it in the list, "их" the last couple or the last two of one family. An anchor outside of the
cast makes no relation, and "мать первой жены профессора" says nothing of the professor.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from kg.russian.declension import GENITIVE, PLURAL, POSSESSIVE, WORD, fold, gender_of, modern, morphology
from kg.russian.kin import Kin, kin
from kg.russian.people import TITLES, CastNames
from parsing.cast_list import CastEntry
from parsing.collection_pin import read_diminutives
from parsing.manifest import SHOWS

DIMINUTIVES = SHOWS / "plays" / "diminutives.csv"
_OF = frozenset({GENITIVE, POSSESSIVE, PLURAL})
_HIS, _HER, _THEIR = "его", "ее", "их"
_SHORT = frozenset({"г", "кн", "гр"})
_NEAREST = frozenset({"spouse", "engaged", "lover"})  # "её дочь" and then "её жених" are said of two
_NEAR = 3  # words between a pronoun and its noun
_FIRST_MARRIAGE = ("первого брака", "первого мужа", "первой жены", "прежнего брака")


@dataclass(frozen=True)
class Listed:
    """One relation that an entry states."""

    subject: str
    relation: str
    object: str
    entry: int  # place in the list
    words: str
    rule: str = "listed"
    gendered: tuple[str, str] = ("", "")
    cousin: bool = False
    literal: bool = False
    first_marriage: bool = False  # the child is of another marriage than the one before it in the list


@dataclass
class _Holder:
    """Whom an entry names; `person` is "" for somebody outside of the cast."""

    person: str
    gender: str
    entry: int
    kin: set[str] = field(default_factory=set)  # whom it was said to belong to
    pronoun: str = ""  # by which it was said: the next entry's "её" means the same person
    anchors: tuple[str, ...] = ()


def read_cast_list(entries: Sequence[CastEntry], names: CastNames) -> list[Listed]:
    """The relations of a list, in its order."""
    reader = _Reader(names, entries)
    found: list[Listed] = []
    for number, entry in enumerate(entries):
        found += reader.read(number, entry)
    return [*found, *reader.groups()]


@dataclass(frozen=True)
class _Word:
    text: str  # folded
    capital: bool
    breaks: bool  # a comma, bracket or dash stands before it
    dot: bool = False  # it is a full stop


def tokens_of(text: str) -> list[_Word]:
    """The words of an entry."""
    plain, last, found = modern(text), 0, []
    for match in WORD.finditer(plain):
        between = plain[last : match.start()]
        short = found and found[-1].text in _SHORT and between.strip() == "."  # "друг г. Тоисиокова"
        breaks = not short and (any(c in between for c in ",.;:()[]–—") or " - " in between or "--" in between)
        found.append(_Word(fold(match[0]), match[0][0].isupper(), breaks, between.strip(" ,") == "."))
        last = match.end()
    return found


class _Reader:
    def __init__(self, names: CastNames, entries: Sequence[CastEntry]) -> None:
        self.names = names
        self.entries = entries
        self.before: list[_Holder] = []
        self.grouped: dict[str, list[_Holder]] = {}
        self.at_group: dict[str, list[_Holder]] = {}
        self.taken: set[str] = set()
        self.owners = owners_of(entries, names)

    def read(self, number: int, entry: CastEntry) -> Iterator[Listed]:
        words = tokens_of(entry.item)
        if not words:
            return
        kin_at = next((i for i, w in enumerate(words) if self._kin(words, i) is not None), len(words))
        holders = self._holders(number, words, kin_at)
        if entry.group:
            key = f"{entry.group}"
            if key not in self.grouped:
                self.at_group[key] = list(self.before)
            self.grouped.setdefault(key, []).extend(holders[-1:])
        self.before += holders[:-1]
        holder = holders[-1]
        yield from self._roles(holder, words, number, entry.item)
        self.before.append(holder)
        yield from self._together(number, words, entry.item)

    def _together(self, number: int, words: Sequence[_Word], item: str) -> Iterator[Listed]:
        """«Царевич Федор, Царевна Ксения – их дети»: a word in the plural said of all whom the entry names."""
        at = next((i for i, w in enumerate(words) if i and w.text in kin().plural and not w.capital), 0)
        people = self._persons(words[:at])
        if len(people) < 2:
            return
        said = kin().plural[words[at].text]
        known = {h.person for h in people}
        before = [h for h in self.before if h.person not in known]
        anchors = self._anchor(words, at, _Holder("", "", number), before, said)
        if anchors is None and said.name in {"sibling", "spouse", "friend"}:
            yield from self._mutual(said, people, item)
        for holder in people:
            holder.entry = number
            yield from self._stated(holder, said, anchors or [], words, at, number, item)
        self.before += people

    def _persons(self, words: Sequence[_Word]) -> list[_Holder]:
        """Everybody whom an entry names, each at the beginning of a part of it."""
        found: dict[str, _Holder] = {}
        starts = [i for i, w in enumerate(words) if w.capital and (not i or w.breaks or words[i - 1].text == "и")]
        for start in starts:
            end = next((i for i in range(start + 1, len(words)) if words[i].breaks or words[i].text == "и"), len(words))
            person = _fitting(words[start:end], self.names)
            if person:
                found.setdefault(person, _Holder(person, self.names.genders.get(person, ""), 0))
        return list(found.values())

    def _holders(self, number: int, words: Sequence[_Word], kin_at: int) -> list[_Holder]:
        """Whom the entry names: one person, or two joined by "и"."""
        head = words[: kin_at or len(words)]
        several = self._persons(head) if sum(w.capital and w.breaks for w in head) > 1 else []
        if len(several) > 2:  # "Князь Мстиславский, Захарьин-Юрьев, …, братья царицы": whose brothers, isn't told
            return [_Holder("", "", number)]
        joined = next(
            (i for i, w in enumerate(head) if w.text == "и" and i and not any(x.breaks for x in head[1:i])), 0
        )
        parts = [head[:joined], head[joined + 1 :]] if joined and joined + 1 < len(head) else [head]
        found = []
        for part in parts:
            person = self.owners.get(number, "") if len(parts) == 1 else _fitting(part, self.names)
            gender = self.names.genders.get(person, "") or (_sex(part) if part else "")
            found.append(_Holder(person, gender, number))
        return found

    def _kin(self, words: Sequence[_Word], i: int) -> Kin | None:
        """What a word says of kinship; nothing where an adjective makes it none."""
        entry = kin().nouns.get(words[i].text)
        if entry is None or (words[i].capital and i and not words[i].breaks):
            return None
        marks = {w.text for w in words[max(0, i - 2) : i]} & kin().no_kin
        return None if marks else entry

    def _roles(self, holder: _Holder, words: Sequence[_Word], number: int, item: str) -> Iterator[Listed]:
        anchors: list[str] = []
        for i in range(len(words)):
            said = self._kin(words, i)
            if said is None or (said.gender and holder.gender and said.gender != holder.gender):
                continue
            if i and words[i - 1].text in kin().nouns and not words[i].breaks:
                continue
            found = self._anchor(words, i, holder, self.before, said)
            if found is None and anchors and i and words[i - 1].text in kin().again:
                found = anchors
            anchors = found or []
            holder.anchors = holder.anchors or tuple(anchors)
            yield from self._stated(holder, said, anchors, words, i, number, item)

    def _stated(
        self, holder: _Holder, said: Kin, anchors: Sequence[str], words: Sequence[_Word], i: int, number: int, item: str
    ) -> Iterator[Listed]:
        cousin = said.name == "sibling" and bool({w.text for w in words[max(0, i - 2) : i]} & kin().cousins)
        for anchor in anchors:
            if not holder.person or not anchor or anchor == holder.person:
                continue
            subject, object_ = said.ends(holder.person, anchor)
            relation = "cousin" if cousin else said.relation
            other = any(mark in modern(item).casefold() for mark in _FIRST_MARRIAGE)
            yield Listed(
                subject,
                relation,
                object_,
                number,
                item,
                "listed",
                (holder.person, said.gender),
                cousin,
                first_marriage=other,
            )
            if said.name != "servant":
                holder.kin.add(anchor)

    def _anchor(
        self, words: Sequence[_Word], i: int, holder: _Holder, before: Sequence[_Holder], said: Kin
    ) -> list[str] | None:
        """Whose; None where nobody is named, [""] where it is somebody outside of the cast."""
        pronoun = _pronoun(words, i)
        if pronoun:
            holder.pronoun = pronoun
            return self._meant(pronoun, before, said)
        after = self._named(words, i + 1, holder)
        if after is not None:
            return after
        start = i
        while start > 0 and not words[start].breaks:
            start -= 1
        inverted = [w.text for w in words[start:i]] if start < i and start > 0 else []
        people, _ = self.names.phrase(inverted, frozenset({GENITIVE, POSSESSIVE})) if inverted else ([], 0)
        people = [p for p in people if p != holder.person]
        return people if len(people) == 1 else None

    def _named(self, words: Sequence[_Word], start: int, holder: _Holder) -> list[str] | None:
        """The names in the genitive that follow a noun: one, or several joined by commas and "и"."""
        found: list[str] = []
        i = start
        while i < len(words):
            if words[i].text == "и" and found:
                i += 1
                continue
            if words[i].breaks and i > start and not found:
                break
            if words[i].text in kin().nouns or _genitive_kin(words[i].text):
                return found or [""]
            rest = [w.text for w in words[i:]]
            cut = next((k for k, w in enumerate(words[i + 1 :], 1) if w.breaks), len(rest))
            people, used = self.names.phrase(rest[:cut], _OF)
            people = [p for p in people if p != holder.person]
            if people and used:
                plural = all(PLURAL in self.names.cases_of(rest[used - 1], _OF).get(p, ()) for p in people)
                if len(people) > 1 and not plural:
                    people = self._earlier(people)
                found += people
                i += used
                if i < len(words) and not (words[i].breaks or words[i].text == "и"):
                    break
                continue
            if found or words[i].capital or not _describes(words[i].text):
                return found or ([""] if words[i].capital else None)
            i += 1
        return found or None

    def _earlier(self, people: Sequence[str]) -> list[str]:
        """Of several who bear a name: the one whom the list has first, the head of the family."""
        return [h.person for h in self.before if h.person in people][:1]

    def _meant(self, pronoun: str, before: Sequence[_Holder], said: Kin) -> list[str]:
        if pronoun == _THEIR:
            return self._couple(before)
        last = before[-1] if before else None
        if last and last.pronoun == pronoun and last.anchors and said.name not in _NEAREST:
            return list(last.anchors)
        gender = "male" if pronoun == _HIS else "female"
        for holder in reversed(before):
            if holder.gender == gender or not holder.gender:
                return [holder.person]
        return [""]

    def _couple(self, before: Sequence[_Holder]) -> list[str]:
        """The last couple, or the last two of one family; else the last two."""
        last = next((h for h in reversed(before) if h.person), None)
        if last is None:
            return [""]
        partner = next(
            (
                h.person
                for h in reversed(before)
                if h is not last and h.person and (h.person in last.kin or last.person in h.kin)
            ),
            "",
        )
        if partner:
            both = [h for h in before if h.person == partner]
            parents = sorted(last.kin) if len(last.kin) == 2 else []  # "their daughter, … their son"
            return parents or [both[-1].person, last.person]
        return [h.person for h in before[-2:] if h.person]

    def groups(self) -> Iterator[Listed]:
        """What is said of several entries together."""
        for note, members in self.grouped.items():
            words = tokens_of(note)
            for i, word in enumerate(words):
                said = kin().plural.get(word.text)
                if said is None or {w.text for w in words[:i]} & (kin().no_kin | kin().cousins):
                    continue
                before = self.at_group[note]
                anchors = self._anchor(words, i, _Holder("", "", members[0].entry), before, said)
                if anchors is None and said.name in {"sibling", "spouse", "friend"}:
                    yield from self._mutual(said, members, note)
                    continue
                if anchors is None and said.name == "child" and before:
                    anchors = [before[-1].person]  # "Василий Волин" and then a bracket "дочери"
                for holder in members:
                    yield from self._stated(holder, said, anchors or [], words, i, holder.entry, note)
                if said.name == "sibling" and anchors:
                    yield from self._mutual(said, members, note)
                break

    def _mutual(self, said: Kin, members: Sequence[_Holder], note: str) -> Iterator[Listed]:
        for i, one in enumerate(members):
            for other in members[i + 1 :]:
                if one.person and other.person:
                    yield Listed(one.person, said.relation, other.person, one.entry, note)


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
    """Whom nothing else fits: the one entry left that begins with the first name of the one person left of that name."""
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


def _head(words: Sequence[_Word]) -> list[_Word]:
    """The name at the beginning: up to the first sign; "Верховцев. Валентин Алексеевич" goes on."""
    end = next((i for i, w in enumerate(words) if i and w.breaks and not (w.capital and w.dot and i < 3)), len(words))
    return list(words[:end])


def _fits(parts: tuple[str, ...], head: Sequence[_Word], words: Sequence[_Word]) -> tuple[int, int]:
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


def _fitting(part: Sequence[_Word], names: CastNames) -> str:
    """The one person whom the words of a list name best."""
    fits = {person: max(_fits(p, part, part) for p in known) for person, known in names.names.items() if known}
    best = max(fits.values(), default=(0, 0))
    found = [person for person, fit in fits.items() if fit == best]
    return found[0] if best[0] and len(found) == 1 else ""


def _sex(part: Sequence[_Word]) -> str:
    for word in part:
        if word.text.endswith(("вна", "ична", "ова", "ева", "ина", "ая")):
            return "female"
        if word.text.endswith(("вич", "ьич", "ыч", "ский", "ов", "ев", "ин")):
            return "male"
    return gender_of(part[0].text) if part else ""


def _pronoun(words: Sequence[_Word], i: int) -> str:
    """ "его", "ее" or "их" that belongs to a noun: behind it, or before it with nothing but adjectives between."""
    after = i + 3 if words[i + 1 : i + 2] and words[i + 1].text == "и" else i + 1  # "брат и наследник его"
    if after < len(words) and words[after].text in (_HIS, _HER, _THEIR):
        return words[after].text
    for j in range(i - 1, max(-1, i - 1 - _NEAR), -1):
        if words[j + 1].breaks or words[j].text == "и" or words[j].text in kin().nouns:
            break
        if words[j].text in (_HIS, _HER, _THEIR):
            return words[j].text
    return ""


def _genitive_kin(word: str) -> bool:
    """As "жены" in "сестра жены"."""
    return any(
        p.normal_form.replace("ё", "е") in kin().nouns and p.tag.case == GENITIVE for p in morphology().parse(word)
    )


def _describes(word: str) -> bool:
    """A word that may stand between the noun and the name: an adjective or a noun in the genitive ("графа", "покойного")."""
    return any(p.tag.case == GENITIVE or p.tag.POS == "PREP" for p in morphology().parse(word)) or len(word) < 3
