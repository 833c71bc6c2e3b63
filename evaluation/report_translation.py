"""A rendered table in another language: headings and labels by `evaluation/report_ru.toml`, numbers by rule.

The tables are rendered once, in English, out of the results; what stands in each cell is translated after that, so that
a document in another language has the same numbers by construction. A cell is, in this order: a label of the table (its
section `[of.NAME]`, else `[labels]`), code, a name of the project's (relation, show, episode), a number, a pattern of
`[patterns]` with translated parts, or a list of counts ("title 30, no cue 16"). Anything else has no translation.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kg.relations import relations
from parsing.errors import BadFile

FOLDER = Path(__file__).parent
_CELLS = re.compile(r"(?<!\\)\|")
_NUMBER = re.compile(r"(?:[-+−–()\d.,/% ]|\b(?:to|of)\b)+")
_AS_IT_IS = re.compile(r"`[^`]+`|S\d\dE\d\d|-*:?-+:?|")  # code, an episode, a rule between head and rows, nothing
_COUNT = re.compile(r"(?P<label>[^\d]+?) (?P<n>\d[\d,]*)(?:, |$)")
SIGNS = (  # Russian typography: decimal comma, no-break space in thousands and before the percent sign, dash, minus
    (re.compile(r"(?<=\d),(?=\d{3})"), "\N{NO-BREAK SPACE}"),
    (re.compile(r"(?<=\d)\.(?=\d)"), ","),
    (re.compile(r"(?<=\d) %"), "\N{NO-BREAK SPACE}%"),
    (re.compile(r"(?<=\d) to (?=\d)"), "–"),
    (re.compile(r"\bof\b"), "из"),
    (re.compile(r"^-(?=\d)"), "\N{MINUS SIGN}"),
)


@dataclass(frozen=True)
class Translation:
    """The words of one language."""

    path: Path
    labels: Mapping[str, str]
    same: frozenset[str]  # names that stay
    quoted: Mapping[str, list[str]]  # by table: headings of columns that quote replies and facts, never translated
    patterns: Mapping[str, str]  # "{} episodes": each {} is translated by itself, in the same order
    of: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # labels of one table alone

    def rendered(self, text: str, name: str) -> str:
        """A rendered table and the lines under it, translated.

        Raises `BadFile` naming every cell that has no words.
        """
        missing: dict[str, None] = {}
        lines, heads = [], list[str]()
        for line in text.splitlines():
            cells = [cell.strip() for cell in _CELLS.split(line)[1:-1]]
            heads = heads or cells if cells else []
            said = [
                cell if cell != head and head in self.quoted.get(name, ()) else self.cell(cell, name)
                for cell, head in (zip(cells, heads, strict=True) if cells else [(line, "")])
            ]
            missing |= dict.fromkeys(cell for cell, words in zip(cells or [line], said, strict=True) if words is None)
            rule = set(line) <= set("|-:")
            lines.append(line if rule else f"| {' | '.join(map(str, said))} |" if cells else str(said[0]))
        if missing:
            words = "; ".join(f"'{cell}'" for cell in missing)
            raise BadFile(f"{self.path.name}: table '{name}': no translation of {words}; add it under [labels]")
        return "\n".join(lines) + "\n"

    def cell(self, text: str, name: str) -> str | None:
        """One cell of the table `name` in this language; None where there are no words for it."""
        own = self.of.get(name, {})
        if text in own or text in self.labels:
            return own.get(text) or self.labels[text]
        if _AS_IT_IS.fullmatch(text) or text in self.same or text in relations():
            return text
        if _NUMBER.fullmatch(text):
            return number(text)
        return self._by_pattern(text, name) or self._counts(text, name)

    def _by_pattern(self, text: str, name: str) -> str | None:
        for pattern, words in self.patterns.items():
            if found := _shape(pattern).fullmatch(text):
                parts = [self.cell(part, name) for part in found.groups()]
                if None not in parts:
                    return words.format(*parts)
        return None

    def _counts(self, text: str, name: str) -> str | None:
        """A list such as "title 30, no cue 16", with commas within labels ("a sound, no speech 4")."""
        found = list(_COUNT.finditer(text))
        labels = [self.cell(one["label"], name) for one in found]
        if not found or None in labels or "".join(one[0] for one in found) != text:
            return None
        return ", ".join(f"{label} {number(one['n'])}" for label, one in zip(labels, found, strict=True))


@cache
def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, pattern.split("{}"))))


def number(text: str) -> str:
    """Numbers as in Russian: `1,234.5 % (1.0 to 2.0) of 60` is `1 234,5 % (1,0–2,0) из 60`, spaces not broken."""
    for sign, put in SIGNS:
        text = sign.sub(put, text)
    return text


@cache
def translation(language: str) -> Translation:
    """The words of `evaluation/report_LANGUAGE.toml`.

    Raises `BadFile` for a file that can't be read, an unknown key, a pattern whose {} its words don't have.
    """
    return load(FOLDER / f"report_{language}.toml")


def load(path: Path) -> Translation:
    """Read a table of words; see `translation`."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadFile(f"{path.name}: {error}") from None
    known = {"labels", "same", "quoted", "patterns", "of"}
    if unknown := found.keys() - known:
        raise BadFile(f"{path.name}: unknown key '{min(unknown)}', expected {', '.join(sorted(known))}")
    for pattern, words in found.get("patterns", {}).items():
        if pattern.count("{}") != words.count("{}") or "{}" not in pattern:
            raise BadFile(f"{path.name}: pattern '{pattern}' has {pattern.count('{}')} {{}}, its words '{words}' don't")
    return Translation(
        path=path,
        labels=found.get("labels", {}),
        same=frozenset(found.get("same", ())),
        quoted=found.get("quoted", {}),
        patterns=found.get("patterns", {}),
        of=found.get("of", {}),
    )
