"""Russian names and words in all their cases: Нина, Нины, Нине, Нину, Ниной.

Names are declined by the rules of the grammar (Зализняк, Грамматический словарь, 1977, for the types), because a
dictionary lacks most surnames; common nouns that name a person (Городничий) by pymorphy3, where it knows them. Text in
the spelling of before 1918 is read as it is spelt today. Letters are folded: lower case, ё as е, no stress marks.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

NOMINATIVE, GENITIVE, DATIVE, ACCUSATIVE, INSTRUMENTAL, PREPOSITIONAL = "nomn", "gent", "datv", "accs", "ablt", "loct"
VOCATIVE, POSSESSIVE, PLURAL = "voct", "poss", "plur"  # "Вань!"; "Инсларова дочь"; "дочь Лебедевых"
CASES = (NOMINATIVE, GENITIVE, DATIVE, ACCUSATIVE, INSTRUMENTAL, PREPOSITIONAL)
_LETTER = "[А-Яа-яЁёѢѣІіѲѳѴѵ\u0301]"
WORD = re.compile(rf"(?:\d+-)?{_LETTER}+(?:-{_LETTER}+)*|\d+")
_HUSHED = "гкхжшчщ"
_OLD = str.maketrans("ѣѢіІѳѲѵѴ", "еЕиИфФиИ")
_HARD = re.compile(r"ъ(?![а-яё])")
_OLD_FORMS = {"ея": "ее", "онъ": "он", "нея": "нее", "однеми": "одними"}
_SURNAME = re.compile(r"(?:ов|ев|ин|ын)$")
_ADJECTIVE = re.compile(r"(?:ский|цкий|ской|цкой|ый|ной|той)$")


def modern(text: str) -> str:
    """The spelling of today: `modern("Сергѣй Петровичъ, ея мужъ") == "Сергей Петрович, ее муж"`."""
    plain = _HARD.sub("", text.translate(_OLD)) if re.search("[ѣѢіІѳѲъ]", text) else text
    return re.sub(r"\b[Ее]я\b", "ее", plain)


def fold(word: str) -> str:
    """Lower case without ё and stress: `fold("Лёня") == "леня"`."""
    return modern(word).casefold().replace("ё", "е").replace("\u0301", "")


def words(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return [fold(m[0]) for m in WORD.finditer(modern(text))]


def declined(word: str, gender: str) -> dict[str, str]:
    """Case -> form of one word of a name, folded. `gender` is "female", "male" or "" (then by the ending).

    >>> declined("Треплев", "male")["ablt"], declined("Нина", "female")["datv"]
    ('треплевым', 'нине')

    """
    name = fold(word)
    if "-" in name:  # Сквозник-Дмухановский: the last part, Ляпкин-Тяпкин: both
        return _double(name, gender)
    sex = gender or ("female" if name.endswith(("а", "я")) else "male")
    if not re.search(r"[а-я]$", name) or len(name) < 2:
        return dict.fromkeys(CASES, name)
    return _female(name) if sex == "female" else _male(name)


def _double(name: str, gender: str) -> dict[str, str]:
    parts = [declined(part, gender) for part in name.split("-") if part]
    return {case: "-".join(p[case] for p in parts) for case in CASES}


def _forms(stem: str, *endings: str) -> dict[str, str]:
    """Genitive, dative, accusative, instrumental, prepositional of a stem."""
    return dict(zip(CASES[1:], (stem + e for e in endings), strict=True))


def _male(name: str) -> dict[str, str]:  # noqa: PLR0911  one return a type of declension
    stem, last = name[:-1], name[-1]
    nominative = {NOMINATIVE: name}
    if _ADJECTIVE.search(name) and len(name) > 4:
        soft = "им" if name[-3] in _HUSHED else "ым"
        return nominative | _forms(name[:-2], "ого", "ому", "ого", soft, "ом")
    if name.endswith("ий") and len(name) > 4:  # Дмитрий; Городничий is of the dictionary
        return nominative | _forms(stem, "я", "ю", "я", "ем", "и")
    if last in {"й", "ь"}:
        return nominative | _forms(stem, "я", "ю", "я", "ем", "е")
    if last in "ая":
        return nominative | _in_a(name)
    if last in "оеиуыэю":
        return dict.fromkeys(CASES, name)
    if re.search(r"(?:[^аеиоуыэюя]ел|авел)$", name):  # Павел, Павла
        return nominative | _forms(name[:-2] + last, "а", "у", "а", "ом", "е")
    if name.endswith(("ец", "ок")) and len(name) > 4:  # Яковлевец, Пьянок: the vowel falls out
        return nominative | _forms(name[:-2] + last, "а", "у", "а", "ом", "е")
    by = "ым" if _SURNAME.search(name) else "ем" if last in "жшчщц" else "ом"
    return nominative | _forms(name, "а", "у", "а", by, "е")


def _in_a(name: str) -> dict[str, str]:
    stem, soft = name[:-1], name[-1] == "я"
    if name.endswith("ия"):
        return _forms(stem, "и", "и", "ю", "ей", "и")
    genitive = "и" if soft or stem[-1] in _HUSHED else "ы"
    by = "ей" if soft or stem[-1] in "жшчщц" else "ой"
    return _forms(stem, genitive, "е", "ю" if soft else "у", by, "е")


def _female(name: str) -> dict[str, str]:
    nominative = {NOMINATIVE: name}
    if name.endswith("ая"):
        return nominative | _forms(name[:-2], "ой", "ой", "ую", "ой", "ой")
    if name.endswith("яя"):
        return nominative | _forms(name[:-2], "ей", "ей", "юю", "ей", "ей")
    if re.search(r"(?:[ое]ва|[иы]на)$", name) and len(name) > 5 and not name.endswith(("овна", "евна")):
        return nominative | _forms(name[:-1], "ой", "ой", "у", "ой", "ой")
    if name[-1] in "ая":
        return nominative | _in_a(name)
    if name[-1] == "ь":
        return nominative | _forms(name[:-1], "и", "и", "ь", "ью", "и")
    return dict.fromkeys(CASES, name)


def variants(word: str, gender: str) -> Iterator[tuple[str, str]]:
    """(form, case) of every way to write a word of a name in a sentence, the rarer ones included."""
    name = fold(word)
    table = declined(word, gender)
    for case, form in table.items():
        yield form, case
        if case == INSTRUMENTAL and form.endswith(("ой", "ей")):
            yield form[:-1] + "ю", case  # Ниною
    if name.endswith(("ова", "ева", "ина", "ына")):  # a first name like Нина beside a surname like Ильина
        yield from _in_a(name).items()
    for case, form in _in_dictionary(name, gender):
        yield form, case
    stem = name[:-1]
    surname = name.endswith(("ова", "ева")) or (name.endswith(("ина", "ына")) and len(name) > 5)
    if name[-1:] in ("а", "я") and len(name) > 3 and not surname:
        yield stem + ("ь" if name[-1] == "я" else ""), VOCATIVE
        for end in _POSSESSIVE:
            yield f"{stem}ин{end}", POSSESSIVE
    elif re.search(r"[бвгджзклмнпрстфхцчшщйь]$", name) and gender != "female":
        base = stem if name[-1] in "йь" else name
        for suffix in ("ев",) if name[-1] in "йьцч" else ("ов",):
            for end in _POSSESSIVE:
                yield f"{base}{suffix}{end}", POSSESSIVE
    if name.endswith("ник"):  # "дочь советничья"
        for end in ("ий", "ья", "ье", "ьи", "ьей", "ью"):
            yield f"{name[:-1]}ч{end}", POSSESSIVE
    for form in _plural_surname(name):
        yield form, PLURAL


_POSSESSIVE = ("", "а", "о", "ы", "у", "ой", "ым", "ых")


def _plural_surname(name: str) -> tuple[str, ...]:
    """Of both of a couple: "дочь Лебедевых", "у Тугоуховских"."""
    if re.search(r"(?:[ое]в|[иы]н)а?$", name) and len(name) > 4:
        return (f"{name.removesuffix('а')}ых",)
    if found := re.match(r"(.*[сц]к)(?:ий|ая)$", name):
        return (f"{found[1]}их",)
    return (f"{name}ов",) if re.search(r"[бвгджзклмнпрстфхц]$", name) and len(name) > 3 else ()


@cache
def morphology() -> Any:
    """pymorphy3's analyser, loaded once."""
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


@cache
def _in_dictionary(name: str, gender: str) -> tuple[tuple[str, str], ...]:
    """(case, form) in the singular, of a noun or adjective that the dictionary has."""
    analyser = morphology()
    if not analyser.word_is_known(name):
        return ()
    sexes = {"female": {"femn"}, "male": {"masc"}}.get(gender, {"femn", "masc", "neut"})
    found = []
    for parse in analyser.parse(name):
        fits = parse.tag.case == NOMINATIVE and parse.tag.number == "sing" and parse.tag.POS in {"NOUN", "ADJF"}
        if fits and (parse.tag.gender in sexes or "ms-f" in parse.tag):
            for case in CASES[1:]:
                form = parse.inflect({case, "sing"})
                if form is not None:
                    found.append((case, fold(form.word)))
    return tuple(dict.fromkeys(found))


@cache
def gender_of(word: str) -> str:
    """What a word's grammar says of a person's sex; "" where it says nothing."""
    for parse in morphology().parse(fold(word)):
        if parse.tag.POS in {"NOUN", "ADJF"} and parse.tag.case == NOMINATIVE and parse.tag.gender:
            return {"masc": "male", "femn": "female"}.get(parse.tag.gender, "")
    return ""
