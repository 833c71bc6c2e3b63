"""Relations out of a play's list of persons: «Сорин, её брат», «жена его», «сын Аркадиной», a bracket «её дети».

Each entry has a holder (whom it names) and words of kinship in the nominative; the anchor of each is a name in the
genitive ("сын Аркадиной"), an adjective made of one ("дочь Инсларова"), or a pronoun: "его" and "её" mean the last
person of that sex before it in the list, "их" the last couple or the last two of one family. An anchor outside of the
cast makes no relation, and "мать первой жены профессора" says nothing of the professor.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.russian.declension import GENITIVE, PLURAL, POSSESSIVE, modern
from kg.russian.entries import Word, fitting, owners_of, tokens_of
from kg.russian.grammar import HIS, THEIR, describes, genitive_kin, pronoun_of, sex_of
from kg.russian.kin import Kin, kin
from kg.russian.people import CastNames
from parsing.cast_list import CastEntry

_OF = frozenset({GENITIVE, POSSESSIVE, PLURAL})
_NEAREST = frozenset({"spouse", "engaged", "lover"})  # "её дочь" and then "её жених" are said of two
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

    def _together(self, number: int, words: Sequence[Word], item: str) -> Iterator[Listed]:
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

    def _persons(self, words: Sequence[Word]) -> list[_Holder]:
        """Everybody whom an entry names, each at the beginning of a part of it."""
        found: dict[str, _Holder] = {}
        starts = [i for i, w in enumerate(words) if w.capital and (not i or w.breaks or words[i - 1].text == "и")]
        for start in starts:
            end = next((i for i in range(start + 1, len(words)) if words[i].breaks or words[i].text == "и"), len(words))
            person = fitting(words[start:end], self.names)
            if person:
                found.setdefault(person, _Holder(person, self.names.genders.get(person, ""), 0))
        return list(found.values())

    def _holders(self, number: int, words: Sequence[Word], kin_at: int) -> list[_Holder]:
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
            person = self.owners.get(number, "") if len(parts) == 1 else fitting(part, self.names)
            gender = self.names.genders.get(person, "") or (sex_of(part) if part else "")
            found.append(_Holder(person, gender, number))
        return found

    def _kin(self, words: Sequence[Word], i: int) -> Kin | None:
        """What a word says of kinship; nothing where an adjective makes it none."""
        entry = kin().nouns.get(words[i].text)
        if entry is None or (words[i].capital and i and not words[i].breaks):
            return None
        marks = {w.text for w in words[max(0, i - 2) : i]} & kin().no_kin
        return None if marks else entry

    def _roles(self, holder: _Holder, words: Sequence[Word], number: int, item: str) -> Iterator[Listed]:
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
        self, holder: _Holder, said: Kin, anchors: Sequence[str], words: Sequence[Word], i: int, number: int, item: str
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
        self, words: Sequence[Word], i: int, holder: _Holder, before: Sequence[_Holder], said: Kin
    ) -> list[str] | None:
        """Whose; None where nobody is named, [""] where it is somebody outside of the cast."""
        pronoun = pronoun_of(words, i)
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

    def _named(self, words: Sequence[Word], start: int, holder: _Holder) -> list[str] | None:
        """The names in the genitive that follow a noun: one, or several joined by commas and "и"."""
        found: list[str] = []
        i = start
        while i < len(words):
            if words[i].text == "и" and found:
                i += 1
                continue
            if words[i].breaks and i > start and not found:
                break
            if words[i].text in kin().nouns or genitive_kin(words[i].text):
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
            if found or words[i].capital or not describes(words[i].text):
                return found or ([""] if words[i].capital else None)
            i += 1
        return found or None

    def _earlier(self, people: Sequence[str]) -> list[str]:
        """Of several who bear a name: the one whom the list has first, the head of the family."""
        return [h.person for h in self.before if h.person in people][:1]

    def _meant(self, pronoun: str, before: Sequence[_Holder], said: Kin) -> list[str]:
        if pronoun == THEIR:
            return self._couple(before)
        last = before[-1] if before else None
        if last and last.pronoun == pronoun and last.anchors and said.name not in _NEAREST:
            return list(last.anchors)
        gender = "male" if pronoun == HIS else "female"
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
