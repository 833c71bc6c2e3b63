"""Which of the cast a Russian word or phrase names, in whatever case it stands.

names = CastNames(show.cast)
names.find("Скажи Нине Михайловне, что Костя ждёт.")   # nina…, treplev… with offsets and cases
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import OSA

from kg.graph import node_id
from kg.russian.declension import CASES, WORD, fold, modern, morphology, variants, words
from kg.russian.kin import kin
from parsing.manifest import CastMember

# Before a name, and no name.
TITLES = frozenset(
    """г госпожа господин г-н г-жа госпожи господина князь княгиня княжна граф графиня барон баронесса царь царица
    король королева мадам мосье мсье мадемуазель доктор старый старая старик старуха молодой первый вторая второй
    третий дон дона донна донья мисс мистер миссис м-р м-сс сэр лорд леди де фон ван царевич царевна боярин боярыня
    княжич воевода герцог герцогиня маркиз маркиза виконт виконтесса генерал полковник майор капитан поручик купец
    молодая и же она""".split()  # noqa: SIM905
)
_COMMON = frozenset({"NOUN", "VERB", "ADJF", "ADJS", "ADVB", "NPRO", "PREP", "CONJ", "PRCL", "INTJ", "INFN", "NUMR"})
_SLIP = 2  # letters by which a name as it is spoken may differ
_NAMES = ("Name", "Surn", "Patr", "Geox")


@dataclass(frozen=True)
class Named:
    """A stretch of text that names somebody."""

    person: str  # node id
    start: int
    end: int
    cases: frozenset[str]


class CastNames:
    """The names of a cast in all their forms."""

    def __init__(self, cast: Iterable[CastMember]) -> None:
        self.genders: dict[str, str] = {}
        self.names: dict[str, list[tuple[str, ...]]] = {}  # person -> names as folded words
        self.forms: dict[str, dict[str, set[str]]] = {}  # form -> person -> cases
        self._whole: dict[str, set[tuple[str, ...]]] = {}
        for member in cast:
            person = node_id(member.name)
            self.genders[person] = member.gender
            self.add(person, member.name)
            for name in (*member.aliases, *(x for x in member.labels if not x.startswith("#"))):
                if not all(is_title(word) for word in words(name)):  # "Г-жа": the cue of whoever it is
                    self.add(person, name)

    def add(self, person: str, name: str) -> None:
        """One more name of a person (what the list of persons calls it)."""
        parts = tuple(fold(m[0]) for m in WORD.finditer(modern(name)))
        known = self.names.setdefault(person, [])
        if not parts or parts in known:
            return
        known.append(parts)
        for word in parts:
            if len(parts) > 1 and (word in TITLES or word in kin().nouns or _function_word(word)):
                continue  # "на" of "Крики на площади"
            for form, case in _variants(word, self.genders.get(person, "")):
                self.forms.setdefault(form, {}).setdefault(person, set()).add(case)

    def cases_of(self, word: str, wanted: frozenset[str] | None = None) -> dict[str, frozenset[str]]:
        """Who may be meant by one folded word, and in which cases; only the wanted ones."""
        found = {p: frozenset(c) for p, c in self.forms.get(word, {}).items()}
        if wanted is None:
            return found
        return {p: c & wanted for p, c in found.items() if c & wanted}

    def phrase(self, tokens: Sequence[str], wanted: frozenset[str] | None = None) -> tuple[list[str], int]:
        """Who is named by the longest beginning of `tokens`, and how many of them name it.

        More than one where all fit alike (a surname in the plural, or a name that several bear).
        """
        fit: dict[str, frozenset[str]] = {}
        used = 0
        for i, token in enumerate(tokens):
            here = self.cases_of(token, wanted)
            if used == i and is_title(token) and not self._joins(here, tokens[i + 1 : i + 2], wanted):
                used = i + 1
                continue
            both = {p: (fit[p] & here[p]) or here[p] for p in here if p in fit} if fit else here
            if not both:
                break
            fit, used = both, i + 1
        return sorted(fit), used if fit else 0

    def _joins(self, here: dict[str, frozenset[str]], after: Sequence[str], wanted: frozenset[str] | None) -> bool:
        """Does a title name somebody, whom a name behind it doesn't make another ("князь" of "князь Пожарский")?"""
        following = self.cases_of(after[0], wanted) if after else {}
        return bool(here) and (not following or bool(set(here) & set(following)))

    def find(self, text: str) -> list[Named]:
        """The people a text names with a capital letter, left to right; a name that several bear names nobody."""
        tokens = [(fold(m[0]), m.start(), m.end(), m[0][0].isupper()) for m in WORD.finditer(modern(text))]
        found, i = [], 0
        while i < len(tokens):
            word, start, _, capital = tokens[i]
            if not capital or word not in self.forms or _function_word(word) or self._mere_word(word, i, tokens, text):
                i += 1
                continue
            run = self._run(tokens, i)
            people, used = self.phrase([t[0] for t in tokens[i:run]])
            used = max(used, 1)
            if len(people) == 1:
                here = [self.cases_of(t[0]).get(people[0], frozenset(CASES)) for t in tokens[i : i + used]]
                named = Named(people[0], start, tokens[i + used - 1][2], frozenset.intersection(*here))
                if not self._another(tokens, i, i + used, run, named):
                    found.append(named)
            i += used
        return found

    def _run(self, tokens: Sequence[tuple[str, int, int, bool]], i: int) -> int:
        """Where a run of capitalised words that stand side by side ends."""
        end = i + 1
        while end < len(tokens) and tokens[end][3] and tokens[end][1] == tokens[end - 1][2] + 1:
            end += 1
        return end

    def _another(
        self, tokens: Sequence[tuple[str, int, int, bool]], start: int, end: int, run: int, named: Named
    ) -> bool:
        """Do the names beside it make it somebody else: "Иван Кузьмич", where Иван Павлович is of the cast?

        A name of the cast in another case is somebody else's and says nothing: "Дорн Полине не муж".
        """
        beside = [tokens[end][0]] if end < run else []
        before = tokens[start - 1] if start else None
        if before is not None and before[3] and before[2] + 1 == tokens[start][1]:
            beside.append(before[0])
        known = [part for parts in self.names[named.person] for part in parts]
        for word in beside:
            others = self.cases_of(word)
            apart = others and not any(cases & named.cases for cases in others.values())
            if named.person not in others and not apart and _contradicts(word, known):
                return True
        return False

    def _mere_word(self, word: str, i: int, tokens: Sequence[tuple[str, int, int, bool]], text: str) -> bool:
        """Does a word that opens a sentence name nobody ("Вера в людей")? By the dictionary: no name at all."""
        opens = tokens[i][1] == 0 or text[: tokens[i][1]].rstrip(" «\"'(-–—")[-1:] in {"", ".", "!", "?", "…", ":"}
        return opens and _ordinary(word)


@cache
def is_title(word: str) -> bool:
    """Is it, in some case, a word that stands before a name ("царевны")?"""
    return word in TITLES or any(p.normal_form.replace("ё", "е") in TITLES for p in morphology().parse(word))


@cache
def _variants(word: str, gender: str) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(variants(word, gender)))


@cache
def _kind(word: str) -> str:
    """The dictionary's mark of a first name (Name), patronymic (Patr) or surname (Surn) by its first reading."""
    tag = morphology().parse(word)[0].tag
    return next((mark for mark in ("Name", "Patr", "Surn") if mark in tag), "")


def _contradicts(word: str, known: Iterable[str]) -> bool:
    """Is it a first name, patronymic or surname other than those known (and none that one says for them: Липатыч)?"""
    kind = _kind(word)
    alike = [part for part in known if kind and _kind(part) == kind]
    return bool(alike) and all(OSA.distance(word, part) > _SLIP for part in alike)


@cache
def _function_word(word: str) -> bool:
    """A preposition, conjunction, pronoun or particle."""
    return morphology().parse(word)[0].tag.POS in {"PREP", "CONJ", "NPRO", "PRCL"}


@cache
def _ordinary(word: str) -> bool:
    """Is it a word of the language and, by the dictionary, no name in any reading?"""
    if not morphology().word_is_known(word):
        return False
    parses = morphology().parse(word)
    return not any(mark in p.tag for p in parses for mark in _NAMES) and parses[0].tag.POS in _COMMON
