"""What a list of persons lets one conclude without saying it: patronymics, the other parent, the titled couple.

- `patronymic`: Панкрат Собрин and Прелеста Панкратьевна Собрина: the name of the father is in hers; the surname, or a
  word of kinship to somebody of the house, has to agree. Two of one patronymic and surname are siblings.
- `other_parent`: "Полина Андреевна, его жена. Маша, его дочь": a child that the list gives to one of a couple is the
  other's too, unless the list speaks of an earlier marriage or the patronymic says otherwise.
- `listed_couple`: "Г. Тоисиоков. Г-жа Тоисиокова", "Князь. Княгиня": a couple by title and name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kg.russian.listed import Listed
from kg.russian.people import CastNames

_TITLES = (("г", "г-жа"), ("князь", "княгиня"), ("граф", "графиня"), ("барон", "баронесса"), ("м-р", "м-сс"),
           ("царь", "царица"), ("король", "королева"), ("мистер", "миссис"), ("господин", "госпожа"))  # fmt: skip


def patronymic_stem(word: str) -> str:
    """What a patronymic has of the father's name, the same for Николаевна and Николаич; "" for another word."""
    for end in ("овна", "евна", "ёвна", "ична", "инична", "ович", "евич", "ич", "ыч"):
        if word.endswith(end) and len(word) > len(end) + 2:
            return word[: -len(end)].rstrip("ьи")
    return ""


def father_stem(first: str) -> str:
    """The same stem, made of the father's name: Илья, Илья's son is Ильич."""
    return first.rstrip("йьаяо").rstrip("ьи") if first else ""


def concluded(listed: Sequence[Listed], names: CastNames, owners: Mapping[int, str]) -> Iterator[Listed]:
    """What follows, each with its rule; `owners` (entry -> person) tell which entry of the list shows it."""
    entry = {person: number for number, person in owners.items()}
    for one in (*_titled(names), *_other_parent(listed, names), *_siblings(names, listed)):
        yield replace(one, entry=entry.get(one.object, entry.get(one.subject, 0)))


def _names_of(names: CastNames, person: str) -> tuple[str, str, str]:
    """(first name, stem of the patronymic, surname) of somebody, as far as they are known."""
    for parts in sorted(names.names.get(person, []), key=len, reverse=True):
        at = next((i for i, w in enumerate(parts) if i and patronymic_stem(w)), 0)
        if at:
            rest = [w for i, w in enumerate(parts) if i not in (at - 1, at)]
            return parts[at - 1], patronymic_stem(parts[at]), rest[0] if rest else ""
    return "", "", ""


def _surname(word: str) -> str:
    for end in ("ская", "цкая", "ский", "цкий"):
        if word.endswith(end):
            return word[:-2]
    return word.removesuffix("а") if word.endswith(("ова", "ева", "ина", "ына")) else word


def _siblings(names: CastNames, listed: Sequence[Listed]) -> Iterator[Listed]:
    """Father and child, brother and sister, by patronymic and surname together."""
    told = {p: _names_of(names, p) for p in names.names}
    for one, (first, own, surname) in told.items():
        for other, (_, stem, surname2) in told.items():
            if one == other or not surname or not surname2 or _surname(surname) != _surname(surname2):
                continue
            mutual = father_stem(told[other][0]) == own  # Прохор Гаврилыч and Гаврила Прохорыч
            if first and stem and names.genders.get(one) != "female" and father_stem(first) == stem and not mutual:
                yield Listed(one, "parent_of", other, -1, first, "patronymic")
            if own and own == stem and one < other:
                couple = any({one, other} == {r.subject, r.object} and r.relation == "spouse" for r in listed)
                if not couple:
                    yield Listed(one, "sibling", other, -1, stem, "patronymic")


def _other_parent(listed: Sequence[Listed], names: CastNames) -> Iterator[Listed]:
    couples = {frozenset((r.subject, r.object)) for r in [*listed, *_titled(names)] if r.relation == "spouse"}
    parents: dict[str, set[str]] = {}
    for r in listed:
        if r.relation == "parent_of":
            parents.setdefault(r.object, set()).add(r.subject)
    barred = {
        r.object
        for r in listed
        if r.relation == "parent_of" and (r.first_marriage or "пасын" in r.words or "падчер" in r.words)
    }
    for child, known in parents.items():
        if len(known) != 1 or child in barred:
            continue
        (parent,) = known
        for couple in couples:
            partner = next(iter(couple - {parent}), "")
            if parent in couple and partner and partner != child and not _other_father(partner, child, names):
                yield Listed(partner, "parent_of", child, -1, "", "other_parent")


def _other_father(partner: str, child: str, names: CastNames) -> bool:
    """Does the child's patronymic speak against him?"""
    first, stem = _names_of(names, partner)[0], _names_of(names, child)[1]
    return names.genders.get(partner) == "male" and bool(first and stem) and father_stem(first) != stem


def against(relation: str, subject: str, object_: str, listed: Sequence[Listed], names: CastNames) -> bool:
    """Does list or patronymic speak against what somebody was called ("маменька" to a mother-in-law)?"""
    if relation != "parent_of":
        return False
    if _other_father(subject, object_, names):
        return True
    couples = [r for r in listed if r.relation in {"spouse", "engaged_to"} and object_ in {r.subject, r.object}]
    partners = {r.subject if r.object == object_ else r.object for r in couples}
    gender = names.genders.get(subject)
    return any(
        r.relation == "parent_of"
        and (
            (r.object in partners and r.subject == subject)
            or (r.object == object_ and r.subject != subject and names.genders.get(r.subject) == gender)
            or (r.subject == object_ and r.object == subject)
        )
        for r in listed
    )


def _titled(names: CastNames) -> Iterator[Listed]:
    for him, her in _TITLES:
        men, women = _bearers(names, him), _bearers(names, her)
        for man, surname in men.items():
            wives = [w for w, name in women.items() if _surname(name) == surname]
            rivals = [m for m, name in men.items() if name == surname]
            if len(wives) == 1 and len(rivals) == 1:
                yield Listed(man, "spouse", wives[0], -1, f"{him} {her}", "listed_couple")


def _bearers(names: CastNames, title: str) -> dict[str, str]:
    """Person -> surname ("" for the bare title) of those who are called by the title and at most a surname."""
    found = {}
    for person, known in names.names.items():
        first = known[0] if known else ()
        if first and first[0] == title and len(first) <= 2:
            found[person] = first[1] if len(first) == 2 else ""
    return found
