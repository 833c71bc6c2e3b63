"""What the whole series says: every statement with the line it was read off, and who was there."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from kg.extract.people import People, pick
from kg.extract.reader import happened, read
from kg.extract.salience import Salience
from kg.extract.types import Statement
from kg.graph import node_id
from parsing.manifest import Show

if TYPE_CHECKING:
    from spacy.tokens import Doc

# where people dress up, "I'm a nurse" is what one wears
_COSTUME = re.compile(r"\b(?:costumes?|dressed (?:up )?as|halloween)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\bthinking\b|\bto (?:him|her)self\b", re.IGNORECASE)  # its "you" is nobody in the scene
_NOT_SO = re.compile(r"(?:\w+,? )?you(?:'re| are) not\b", re.IGNORECASE)
_PARTY = 5  # lines of an episode that speak of costumes
SURE = 0.7  # least confidence with which somebody counts as spoken to: "you" is he


@dataclass(frozen=True)
class Line:
    """One utterance with everybody as node ids."""

    id: str
    episode: str
    scene: int
    speaker: str
    addressees: tuple[str, ...]
    present: tuple[str, ...]
    text: str
    directions: tuple[str, ...]
    setting: str

    @property
    def place(self) -> str:
        """The scene it is said in (`S01E01.02`)."""
        return f"{self.episode}.{self.scene:02d}"


@dataclass(frozen=True)
class Evidence:
    """A statement and the line it was read off."""

    statement: Statement
    line: Line


class Names:
    """The cast's names, found in plain text by one regular expression; who they mean depends on the episode."""

    def __init__(self, show: Show) -> None:
        self._ids: dict[str, str] = {}
        self.genders: dict[str, str] = {}
        self.called = {node_id(member.name): member.name for member in show.cast}
        for member in show.cast:
            identity = node_id(member.name)
            self.genders[identity] = member.gender
            where = ",".join(member.episodes)
            for name in (member.name, *member.aliases):
                own = f"{identity}@{where}" if where and (name != member.name or " " not in name) else identity
                known = self._ids.get(name)
                self._ids[name] = f"{known}|{own}" if known and own not in known.split("|") else known or own

    @property
    def all(self) -> list[str]:
        """Every name and alias."""
        return sorted(self._ids)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches any name, longer ones first; the "Mon" of "C'Mon" is none."""
        longest = sorted(self._ids, key=lambda n: (-len(n), n))
        return re.compile(rf"(?<!\w)(?<!\w['’])(?:{'|'.join(map(re.escape, longest))})(?![\w])")

    def find(self, text: str, episode: str) -> list[tuple[str, int, int]]:
        """(node id, start, end) of the names in a text."""
        found = ((pick(self._ids[m[0]], episode), m.start(), m.end()) for m in self.pattern.finditer(text))
        return [hit for hit in found if hit[0]]


def read_lines(table: pd.DataFrame) -> list[Line]:
    """The utterances that count: those of the show's present (`reality` is `canon`); doubtful addressees left out.

    A table without the column `addressee_confidence` is taken at its word.
    """
    canon = table[table["reality"] == "canon"]
    if "addressee_confidence" in canon.columns:
        doubtful = canon["addressee_confidence"].fillna(1.0) < SURE
        canon = canon.assign(
            addressees=canon["addressees"].mask(doubtful, other=pd.Series([()] * len(canon), canon.index))
        )
    columns = ("id", "episode", "scene", "speaker", "addressees", "present", "text", "directions", "scene_setting")
    return [_line(*row) for row in zip(*(canon[c].tolist() for c in columns), strict=True)]


def _line(
    identity: str, episode: str, scene: int, speaker: Any, addressees: Any, present: Any, text: str, directions: Any,
    setting: Any,
) -> Line:  # fmt: skip
    return Line(
        identity, episode, scene, _id(speaker), _ids(addressees), _ids(present), text.replace("’", "'"),
        tuple(directions), setting if isinstance(setting, str) else "",
    )  # fmt: skip


def _id(name: Any) -> str:
    return node_id(name) if isinstance(name, str) else ""


def _ids(names: Any) -> tuple[str, ...]:
    return tuple(node_id(str(n)) for n in names)


def mentions(lines: Sequence[Line], docs: Mapping[str, "Doc"], names: Names) -> Iterator[Evidence]:
    """Every statement of the parsed lines, in the order of the show."""
    worn = Counter(line.episode for line in lines if _COSTUME.search(f"{line.setting} {line.text}"))
    talk = _Talk(names)
    for position, line in enumerate(lines):
        doc = docs.get(line.id)
        if doc is not None and line.speaker:
            for statement in _statements(line, doc, talk, names):
                costume = statement.relation == "job" and worn[line.episode] >= _PARTY
                if not costume and not (statement.relation == "age" and _rejected(lines, position)):
                    yield Evidence(statement, line)
        talk.heard(line)


def _statements(line: Line, doc: "Doc", talk: "_Talk", names: Names) -> Iterator[Statement]:
    """What a line states, with I, you, he and she made out."""
    aside = any(_ASIDE.search(direction) for direction in line.directions)
    addressee = line.addressees[0] if len(line.addressees) == 1 and not aside else ""
    pronouns = talk.pronouns(line, addressee)
    people = People(doc, line.speaker, addressee, line.episode, pronouns, names.genders, frozenset(line.present))
    yield from (*read(doc, people), *happened(doc, people))


def _rejected(lines: Sequence[Line], position: int) -> bool:
    """Does the next line of the scene say that it isn't so ("Joey, you are not!")?"""
    here, following = lines[position], lines[position + 1 : position + 2]
    return any(line.place == here.place and _NOT_SO.match(line.text) is not None for line in following)


class _Talk:
    """Who is spoken of, line by line; every scene begins anew."""

    def __init__(self, names: Names) -> None:
        self._names, self._place, self._salience = names, "", Salience()

    def pronouns(self, line: Line, addressee: str) -> dict[str, str]:
        """Who she and he are at the beginning of a line: whom the lines before speak of, and nobody else could be."""
        self._enter(line)
        barred = {line.speaker, addressee}
        found = {g: self._salience.clear(g, self._gender, barred) for g in ("female", "male")}
        return {gender: who for gender, who in found.items() if who}

    def heard(self, line: Line) -> None:
        """A line was said."""
        self._enter(line)
        for who in {who for who, _, _ in self._names.find(line.text, line.episode)}:
            self._salience.spoken_of(who)
        self._salience.fade()

    def _enter(self, line: Line) -> None:
        if line.place != self._place:
            self._place, self._salience = line.place, Salience()

    def _gender(self, who: str) -> str:
        return self._names.genders.get(who, "")


def same_family(one: str, other: str) -> bool:
    """Do two ids end in the same surname? Sr. and Jr. are left aside."""
    first, second = (re.sub(r"_(?:sr|jr)$", "", who).split("_") for who in (one, other))
    return len(first) > 1 and len(second) > 1 and first[-1] == second[-1]
