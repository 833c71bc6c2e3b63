"""Relations out of what is said: "мама" to somebody, "сын мой Петя", "это мой брат", "я твоя мать".

A word of address is weak by itself (old women are "мамаша" to strangers); it is read once a scene, with whom it is said
to, and `kg.aggregate` pools the scenes. Of several women whom one calls mother only the likeliest is kept.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from kg.extract.mentions import Evidence, Line
from kg.extract.types import Statement
from kg.russian.declension import modern
from kg.russian.kin import Address, kin
from kg.russian.people import CastNames

_MINE = r"(?:мой|моя|мое|моё|моего|мою|моей|моему|моим)"
_YOUR = r"(?:твой|твоя|ваш|ваша|твоего|твою|твоей|вашего|вашу|вашей|твоему|вашему|твоим|вашим)"
_OH = r"(?:ах|ох|о|эх|ну|да|нет|милая|милый|дорогая|дорогой|голубушка|помилуйте|послушайте)"
_BEFORE = rf"(?:^|[,.!?…;:—–«\"(-]\s*{_OH}?,?\s*)"
_AFTER = r"(?=\s*(?:мой|моя|милая|милый|родная|родной|дорогая|дорогой)?\s*(?:[,.!?…;:—–»\")-]|$))"
_SURE = 0.6  # share of the scenes that must agree on whom one calls "mother"


@cache
def _address() -> re.Pattern[str]:
    words = "|".join(sorted(kin().address, key=len, reverse=True))
    return re.compile(rf"{_BEFORE}(?P<word>{words}){_AFTER}", re.IGNORECASE)


@cache
def _possessed() -> re.Pattern[str]:
    """«мой сын», «сын мой», and what the name may be joined by."""
    nouns = "|".join(sorted(_forms(), key=len, reverse=True))
    adjective = r"(?:\w+(?:ый|ий|ой|ая|яя|ого|его|ую|юю|ому|ему|ым|им)\s+)?"
    first = rf"(?:(?P<own1>{_MINE})|(?P<your1>{_YOUR}))\s+{adjective}(?P<noun1>{nouns})"
    after = rf"(?P<noun2>{nouns})\s+(?:(?P<own2>{_MINE})|(?P<your2>{_YOUR}))"
    return re.compile(rf"(?<!\w)(?:{first}|{after})(?!\w)(?P<join>\s*,?\s+)", re.IGNORECASE)


@cache
def _forms() -> dict[str, str]:
    """Every singular form of a word of kinship -> its nominative."""
    from kg.russian.declension import morphology

    found: dict[str, str] = {}
    for noun, entry in kin().nouns.items():
        if entry.name in {"servant", "friend", "lover"}:
            continue
        found[noun] = noun
        for parse in morphology().parse(noun):
            if parse.normal_form == noun and parse.tag.POS == "NOUN":
                found |= {f.word.replace("ё", "е"): noun for f in parse.lexeme if "sing" in f.tag}
                break
    return found


@cache
def _being() -> re.Pattern[str]:
    """«я твоя мать», «ты мой сын», «ты мне отец» is left aside: it is said of benefactors."""
    nouns = "|".join(kin().nouns)
    end = r"(?=\s*(?:[,.!?…;]|$))"
    return re.compile(
        rf"(?<!\w)(?:(?P<i>я)\s*[,—–-]?\s*(?:ведь\s+|же\s+)?{_YOUR}\s+(?P<noun1>{nouns}){end}"
        rf"|(?P<you>ты|вы)\s*[,—–-]?\s*(?:ведь\s+|же\s+)?{_MINE}\s+(?P<noun2>{nouns}){end})",
        re.IGNORECASE,
    )


def speech_evidence(lines: Sequence[Line], names: CastNames) -> list[Evidence]:
    """All that the lines say of kinship."""
    found = list(_called(lines, names))
    for line in lines:
        if line.speaker:
            found += _named(line, names)
            found += _told(line, names)
            found += _age(line)
    return found


_TENS = ("двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят")
_ONES = ("один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять")
_AGE = re.compile(
    rf"(?:^|[.!?…,;]\s*)мне\s+(?:(?P<n>\d{{1,2}})|(?P<tens>{'|'.join(_TENS)})(?:\s+(?P<ones>{'|'.join(_ONES)}))?)"
    r"\s+(?:лет|года|год)(?=\s*[,.!?…;]|$)",
    re.IGNORECASE,
)


def _age(line: Line) -> Iterator[Evidence]:
    """An age of one's own: «Мне 55 лет»."""
    for match in _AGE.finditer(line.text):
        tens = _TENS.index(match["tens"].casefold()) * 10 + 20 if match["tens"] else 0
        number = match["n"] or str(tens + (_ONES.index(match["ones"].casefold()) + 1 if match["ones"] else 0))
        yield Evidence(Statement(line.speaker, "age", number, rule="age", literal=True, text=match[0]), line)


def addressee_of(lines: Sequence[Line], position: int) -> tuple[str, bool]:
    """Whom a line is said to: the other one of a scene of two; else the one it answers; and whether it is sure."""
    line = lines[position]
    others = [p for p in line.present if p != line.speaker]
    if len(set(others)) == 1:
        return others[0], True
    if len(line.addressees) == 1:
        return line.addressees[0], False
    before = lines[position - 1] if position else line
    return (before.speaker if before.place == line.place and before.speaker != line.speaker else ""), False


def _called(lines: Sequence[Line], names: CastNames) -> Iterator[Evidence]:
    """Words of address, each with the one whom it most likely means."""
    said: dict[tuple[str, Address], list[tuple[str, bool, Line, str]]] = defaultdict(list)
    for position, line in enumerate(lines):
        if not line.speaker:
            continue
        for match in _address().finditer(modern(line.text)):
            meant = kin().address[match["word"].casefold().replace("ё", "е")]
            for who, sure in _likely(lines, position, names, meant):
                said[(line.speaker, meant)].append((who, sure, line, match["word"]))
    for (speaker, meant), hits in said.items():
        yield from _pooled(speaker, meant, hits)


def _likely(lines: Sequence[Line], position: int, names: CastNames, meant: Address) -> list[tuple[str, bool]]:
    """The people of the right sex whom the word may mean: the addressee, else the only such person in the scene."""
    line = lines[position]
    fitting = [p for p in dict.fromkeys(line.present) if p != line.speaker and names.genders.get(p) == meant.gender]
    who, sure = addressee_of(lines, position)
    if who in names.genders and names.genders[who] == meant.gender:
        return [(who, sure or len(fitting) == 1)]
    return [(fitting[0], True)] if len(fitting) == 1 else []


def _pooled(speaker: str, meant: Address, hits: Sequence[tuple[str, bool, Line, str]]) -> Iterator[Evidence]:
    places = Counter({who: len({h[2].place for h in hits if h[0] == who}) for who in {h[0] for h in hits}})
    who, most = max(places.items(), key=lambda item: (item[1], item[0]))
    if meant.relation == "parent_of" and most < _SURE * sum(places.values()):
        return
    chosen = {who} if meant.relation == "parent_of" else set(places)
    for person, sure, line, word in hits:
        if person in chosen:
            rule = f"{'kin_address_weak' if meant.weak else 'kin_address'}{'' if sure else '+pronoun'}"
            yield Evidence(
                Statement(person, meant.relation, speaker, rule=rule, text=word, gendered=(person, meant.gender)), line
            )


def _named(line: Line, names: CastNames) -> Iterator[Evidence]:
    """«сын мой Петя», «моя сестра, Варя»: the name stands right behind."""
    text = modern(line.text)
    hits = list(_possessed().finditer(text))
    if not hits:
        return
    people = {n.start: n for n in names.find(text)}
    for match in hits:
        named = people.get(match.end())
        noun = _forms()[(match["noun1"] or match["noun2"]).casefold().replace("ё", "е")]
        said = kin().nouns[noun]
        owner = (
            line.speaker
            if match["own1"] or match["own2"]
            else (line.addressees[0] if len(line.addressees) == 1 else "")
        )
        if named is None or not owner or named.person == owner or "," in match["join"]:
            continue  # behind a comma one may be called: "мой брат, Ваня, …"
        if names.genders.get(named.person, said.gender) != said.gender:
            continue
        rule = "kin_named" if match["own1"] or match["own2"] else "kin_named+you"
        yield _evidence(
            *said.ends(named.person, owner), said.relation, rule, line, match[0], (named.person, said.gender)
        )


def _told(line: Line, names: CastNames) -> Iterator[Evidence]:
    """«я твоя мать»."""
    if len(line.addressees) != 1:
        return
    for match in _being().finditer(modern(line.text)):
        noun = (match["noun1"] or match["noun2"]).casefold()
        said = kin().nouns.get(noun)
        if said is None or said.name in {"servant", "friend", "lover"}:
            continue
        holder, anchor = (line.speaker, line.addressees[0]) if match["i"] else (line.addressees[0], line.speaker)
        if holder != anchor and names.genders.get(holder, said.gender) == said.gender:
            yield _evidence(
                *said.ends(holder, anchor), said.relation, "kin_told+you", line, match[0], (holder, said.gender)
            )


def _evidence(
    subject: str, object_: str, relation: str, rule: str, line: Line, text: str, gendered: tuple[str, str]
) -> Evidence:
    return Evidence(Statement(subject, relation, object_, rule=rule, text=text, gendered=gendered), line)
