"""Who speaks most: labels of cues to a draft of the cast."""

import re
from collections import Counter
from collections.abc import Mapping
from string import capwords
from typing import Any

from parsing.given_names import gender_of
from parsing.readers.brackets import split_brackets
from parsing.voices import Voices, fold

_SEVERAL = re.compile(r"[&+/,]|\s(?:and|und|et|y|и)\s", re.IGNORECASE)
_NOBODY = re.compile(
    r"(?:they )?(?:all|everyone|everybody|both|together|others|crowd|narrator|note|notes|scene|setting|cut to|все|оба|"
    r"обе|вместе|хор)\b.*",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(?:(?P<male>mr|sir|uncle|господин)|(?P<female>mrs|ms|miss|aunt|lady|госпожа))\b", re.IGNORECASE)
PERSONAS, CAST = 8, 60  # at most
_SHARE, _LINES = 0.05, 3  # of the lines for a persona; lines for a member of the cast


def cast_of(labels: Mapping[str, int], language: str = "en") -> list[dict[str, Any]]:
    """`[[cast]]` entries, most lines first: {name, lines, gender?, labels?, persona?, slug?}.

    In English a first name that the census knows of one sex tells the gender.
    """
    people = _merged(_spellings(labels))
    total = sum(people.values())
    least = _LINES if total > 50 else 1
    entries: list[dict[str, Any]] = []
    slugs: set[str] = set()
    for place, (name, lines) in enumerate(people.most_common(CAST)):
        if lines < least:
            break
        entry: dict[str, Any] = {"name": name, "lines": lines}
        if title := _TITLE.match(name):
            entry["gender"] = title.lastgroup
        elif language == "en" and (gender := gender_of(name.split()[0])):
            entry["gender"] = gender
        slug = re.sub(r"[\W_]+", "-", name.lower()).strip("-")
        if place < 2 or (place < PERSONAS and lines >= _SHARE * total):
            first = fold(name).split()[0] if fold(name) else slug
            entry |= {"persona": True} | ({"slug": slug} if first in slugs or title else {})
            slugs |= {first, slug}
        entries.append(entry)
    return entries


def _spellings(labels: Mapping[str, int]) -> Counter[str]:
    """Name -> lines; case and signs folded, joint labels, voices and brackets left out."""
    voices = Voices()
    best: dict[str, Counter[str]] = {}
    for label, n in labels.items():
        plain = split_brackets(label).speech.strip(" :-*.")
        if not fold(plain) or _SEVERAL.search(plain) or _NOBODY.fullmatch(plain) or voices.split(plain):
            continue
        best.setdefault(fold(plain), Counter())[plain] += n
    return Counter({_name(max(seen, key=lambda s: (not s.isupper(), seen[s]))): seen.total() for seen in best.values()})


def _name(label: str) -> str:
    """`JON O'BRIEN` is `Jon O'Brien`."""
    if not (label.isupper() or label.islower()):
        return label
    return re.sub(r"(?<=\b[OoDd]')\w", lambda m: m[0].upper(), capwords(label))


def _merged(people: Counter[str]) -> Counter[str]:
    """A first name that only one full name has is that person."""
    firsts: dict[str, list[str]] = {}
    for name, lines in people.items():
        words = name.split()
        full = len(words) == 2 and all(re.fullmatch(r"[^\W\d_][\w'-]+", w) and w[0].isupper() for w in words)
        if full and not _TITLE.match(name) and lines >= _SHARE * people.get(words[0], 0):
            firsts.setdefault(fold(words[0]), []).append(name)
    result: Counter[str] = Counter()
    for name, lines in people.items():
        found = firsts.get(fold(name), [])
        result[found[0] if len(found) == 1 else name] += lines
    return result
