"""Russian names: what a list of persons says of them, and the further names by which people are called.

`Петр Николаевич Сорин, ее брат.` and `Сорин Петр Николаевич` are read alike: first name, patronymic, surname. From
these follow the polite form (`Петр Николаевич`), the spoken patronymic (`Николаич`) and, by a table, diminutives.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_PATRONYMIC = re.compile(r"[А-ЯЁ][а-яё]+(?:[оеё]вич|[оеё]вна|ич|ична|инична|ыч)$")
_WORD = re.compile(r"[А-ЯЁ][А-Яа-яЁё-]+")
_END = re.compile(r"[,.;:(\[]| [–—-] ")
_IN_BRACKETS = re.compile(r"\(([А-ЯЁ][а-яё]+)\)")
_SPOKEN = (("евич", "ич"), ("ович", "ыч"))  # Гаврилович is called Гаврилыч, Николаевич Николаич


@dataclass(frozen=True)
class ListedName:
    """A person's name in a list of persons."""

    first: str
    patronymic: str
    surname: str = ""
    called: str = ""  # in brackets: (Соня)
    role: str = ""  # what the list says next, folded: городничий

    @property
    def full(self) -> str:
        """First name, patronymic, surname."""
        return " ".join(part for part in (self.first, self.patronymic, self.surname) if part)

    @property
    def words(self) -> frozenset[str]:
        """All parts, folded; a double surname's too."""
        parts = [self.first, self.patronymic, self.surname, self.called, *self.surname.split()]
        return frozenset(fold(part) for part in parts if part)


def fold(word: str) -> str:
    """Case and ё folded."""
    return word.casefold().replace("ё", "е").replace("\u0301", "")


def listed_name(item: str) -> ListedName | None:
    """The name at the head of an entry, None where it has no patronymic."""
    head = _END.split(item.replace("\u0301", ""))[0]
    words = [w.capitalize() if w.isupper() else w for w in _WORD.findall(head)]
    at = next((i for i, w in enumerate(words) if i and _PATRONYMIC.match(w)), 0)
    if not at:
        return None
    rest = words[at + 1 :] or words[: at - 1]
    called = _IN_BRACKETS.search(item)
    role = [part.strip() for part in _END.split(item.replace("\u0301", ""))[1:] if part.strip()]
    return ListedName(
        words[at - 1], words[at], " ".join(rest), called[1] if called else "", fold(role[0]) if role else ""
    )


def match_names(names: Sequence[str], items: Sequence[str]) -> dict[str, ListedName]:
    """Which entry of a list means which person: all words of the person's name stand in it, and in no other.

    Who is called by an office (`Городничий`) is found by what the list says after the name.
    """
    entries = [entry for item in items if (entry := listed_name(item)) is not None]
    found: dict[str, ListedName] = {}
    for name in names:
        words = {fold(word) for word in _WORD.findall(name.title() if name.isupper() else name)}
        fit = [entry for entry in entries if words and words <= entry.words]
        fit = fit or [entry for entry in entries if entry.role == fold(name)]
        if len(fit) == 1:
            found[name] = fit[0]
    taken = list(found.values())
    return {name: entry for name, entry in found.items() if taken.count(entry) == 1}


def further_names(name: ListedName, diminutives: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What else a person is called: by first name and patronymic, by surname, by diminutives."""
    polite = f"{name.first} {name.patronymic}"
    spoken = next((name.patronymic[: -len(a)] + b for a, b in _SPOKEN if name.patronymic.endswith(a)), "")
    short = [f"{name.first} {spoken}"] if spoken else []
    small = diminutives.get(fold(name.first), ())
    return tuple(dict.fromkeys(filter(None, (polite, *short, name.surname, name.called, *small))))
