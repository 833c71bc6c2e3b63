"""Weak signs that two people are a couple, each with its line: none says it, many together do (pooled by `kg.couples`).

Signs are read off text and directions by regular expressions: dates, going out, breaking up, love, boyfriend or
girlfriend near a name, kisses, beds, pet names.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.mentions import Line, Names
from kg.extract.scenes import KISS, kissing

KINDS = ("kiss", "bed", "date", "out", "parting", "sex", "love", "partner", "honey", "feelings", "near", "alone")
_PHRASES = {
    "date": re.compile(r"\b(?P<who>my|your|her|his|a|our|the|first|second|third) (?:\w+ )?date with (?P<o>[A-Z]\w+)"),
    "out": re.compile(
        r"\b(?:go|goes|going|went|gone|been) out (?:again )?with (?P<o>[A-Z]\w+)|\bdat(?:ing|ed) (?P<o2>[A-Z]\w+)"
    ),
    "parting": re.compile(
        r"\b(?:br(?:eak|eaks|eaking|oke|oken) up with|break[- ]?up with|dump(?:ed|ing)?|over) (?P<o>[A-Z]\w+)"
    ),
    "sex": re.compile(
        r"\b(?:sle(?:ep|eps|eping|pt)|sex|ma(?:k|d)e? out|making out|hook(?:ed|ing)? up) with (?P<o>[A-Z]\w+)"
    ),
    "feelings": re.compile(
        r"\b(?:in love with|love|loves|crush on|feelings for|asked? out|like|likes|marry|marries|married|engaged to"
        r"|seeing|together with) (?P<o>[A-Z]\w+)"
    ),
}  # fmt: skip
_MUTUAL = {
    "out": re.compile(r"\b(?P<a>[A-Z]\w+) and (?P<b>[A-Z]\w+|I) (?:are|were|have been|got|broke|'?re) "
                      r"(?:\w+ )?(?:dating|going out|seeing|together|broken|back|up\b|a couple|engaged|married)"),
}  # fmt: skip
_LOVE = re.compile(r"\bI love you\b(?! guys| all| man| too, man)", re.IGNORECASE)
_PARTNER = re.compile(
    r"\b(?P<who>my|your|her|his|'s) (?:new |ex-?|old |little )*(?:boyfriend|girlfriend|fianc[eé]+|lover)\b",
    re.IGNORECASE,
)
_HONEY = re.compile(r"\b(?:honey|sweetie|sweetheart|darling|baby)\b", re.IGNORECASE)
_BED = re.compile(
    r"\b(?:in bed|making out|making love|kissing|cuddl\w+|on (?:a|their|his|her) (?:first )?date|asleep together)\b",
    re.IGNORECASE,
)
_ROMANCE = re.compile(
    r"\b(?:dat(?:e|es|ing|ed)|boyfriend|girlfriend|(?:go|goes|going|went) out|seeing|br(?:eak|eaking|oke|oken) up"
    r"|break-?up|dump(?:ed|ing)?|kiss\w*|sex|sle(?:ep|pt|eping) with|in love|relationship|together"
    r"|asked? (?:her|him) out)\b", re.IGNORECASE
)  # fmt: skip
_DENIED = re.compile(r"\b(?:not|\w+n't|never|if|let's say|suppose)\b|\?", re.IGNORECASE)
_NEAR = 1  # lines around a "my boyfriend" in which he may be named


@dataclass(frozen=True)
class Sign:
    """One sign of one pair."""

    pair: tuple[str, str]
    kind: str
    line: Line


def signs(lines: Sequence[Line], names: Names) -> Iterator[Sign]:
    """Every sign of the series, in its order."""
    talking = {line.speaker for line in lines} - {""}  # nobody dates a baby
    for position, line in enumerate(lines):
        found = {
            *_spoken(line, names),
            *_around(lines, position, names),
            *_shown(line, names),
            *_romance(lines, position, names),
        }
        for one, other, kind in sorted(found):
            if one != other and {one, other} <= talking:
                yield Sign((min(one, other), max(one, other)), kind, line)


def _owner(line: Line, word: str) -> str:
    """Whose date: the speaker's or, of "your", the addressee's."""
    if word.lower() == "your":
        return line.addressees[0] if len(line.addressees) == 1 else ""
    return line.speaker if word.lower() in {"my", "our", "a", "the", "first", "second", "third", ""} else ""


def _spoken(line: Line, names: Names) -> Iterator[tuple[str, str, str]]:
    for kind, pattern in _PHRASES.items():
        for match in () if kind == "sex" and _DENIED.search(line.text) else pattern.finditer(line.text):
            groups = match.groupdict()
            called = groups["o"] or groups.get("o2") or ""
            other = next((w for w, _, _ in names.find(called, line.episode)), "")
            yield _owner(line, groups.get("who") or _subject(line.text, match.start())), other, kind
    for kind, pattern in _MUTUAL.items():
        for match in pattern.finditer(line.text):
            pair = [
                line.speaker if n == "I" else next((w for w, _, _ in names.find(n, line.episode)), "")
                for n in match.groups()
            ]
            yield pair[0], pair[1], kind
    if len(line.addressees) == 1:
        if _LOVE.search(line.text):
            yield line.speaker, line.addressees[0], "love"
        if _HONEY.search(line.text):
            yield line.speaker, line.addressees[0], "honey"


def _subject(text: str, end: int) -> str:
    """The pronoun before a verb: "your" for "you", "" for "I", else a word that owns nothing."""
    before = re.findall(r"\b(I|you|he|she|we|they|[A-Z][a-z]+)\b", text[max(0, end - 40) : end])
    return {"I": "", "you": "your", "we": ""}.get(before[-1], "other") if before else "other"


def _around(lines: Sequence[Line], position: int, names: Names) -> Iterator[tuple[str, str, str]]:
    """A name within a line of "my boyfriend": his, it may be."""
    line = lines[position]
    for match in _PARTNER.finditer(line.text):
        owner = _owner(line, match["who"])
        gender = "male" if re.search(r"boyfriend|fianc[eé]$", match[0], re.IGNORECASE) else "female"
        near = [o for o in lines[max(0, position - _NEAR) : position + _NEAR + 1] if o.place == line.place]
        called = {w for o in near for w, _, _ in names.find(o.text, o.episode)} if owner else set()
        for other in sorted(called - {owner}):
            if names.genders.get(other, gender) == gender:
                yield owner, other, "partner"


def _romance(lines: Sequence[Line], position: int, names: Names) -> Iterator[tuple[str, str, str]]:
    """A name within a line of a word for couples, said by or to the one; and two who are alone in a scene."""
    line = lines[position]
    if (
        len(line.present) == 2
        and line.speaker in line.present
        and (not position or lines[position - 1].place != line.place)
    ):
        yield line.present[0], line.present[1], "alone"
    if not _ROMANCE.search(line.text):
        return
    near = [o for o in lines[max(0, position - _NEAR) : position + _NEAR + 1] if o.place == line.place]
    called = {w for o in near for w, _, _ in names.find(o.text, o.episode)}
    for one in {line.speaker, *line.addressees[:1]}:
        for other in sorted(called):
            yield one, other, "near"


def _shown(line: Line, names: Names) -> Iterator[tuple[str, str, str]]:
    """Kisses in directions; two people in bed or on a date by the heading."""
    for direction in line.directions:
        match = KISS.search(direction)
        pair = kissing(direction, match, line, names) if match else None
        if pair:
            yield pair[0], pair[1], "kiss"
    for text in (line.setting, *line.directions):
        who = list(dict.fromkeys(w for w, _, _ in names.find(text, line.episode))) if _BED.search(text) else []
        if len(who) == 2:
            yield who[0], who[1], "bed"
