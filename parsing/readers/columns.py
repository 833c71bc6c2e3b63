"""From the rows of a table (CSV, R data, JSON) to blocks: one row an utterance, the columns named by the manifest."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from parsing.episodes import code
from parsing.errors import BadFile, BadManifest
from parsing.manifest import nearest
from parsing.readers import Block
from parsing.readers import options as checked
from parsing.readers.brackets import plain, split_brackets
from parsing.readers.encoding import check_line
from parsing.readers.mend import Mender
from parsing.readers.script import OPEN_BRACKET
from parsing.voices import fold

_NUMBER = re.compile(r"\d{1,9}")
_IN_CODE = re.compile(r"\bs?\d{1,2}\s*[ex]\s*(\d{1,2})\b", re.IGNORECASE)  # the episode in "S01E02", "1x02"


@dataclass(frozen=True)
class ColumnMap:
    """Which column holds what. Without `season` and `episode` the columns of these names count, where there are any."""

    text: str = "text"
    speaker: str = "speaker"
    season: str | int = ""  # a column ("3", "Season 3", "S03E07") or the number itself
    episode: str | int = ""  # the same
    path: str = ""  # regular expression with groups `season` and/or `number`, searched in the file's path
    title: str = ""  # column of the episode's title; numbers the episodes in their order where no column does
    scene: str = ""  # column of the scene's number or name
    directions: str = ""  # column of further directions, in brackets or plain
    voice: str = ""  # column that says how the voice is heard
    direction_rows: tuple[str, ...] = ()  # speaker values of rows that are directions or descriptions
    scene_rows: str = ""  # beginning of such a row that opens a scene
    everybody: tuple[str, ...] = ()  # speaker values of rows that all speak
    bracketed_speech: tuple[str, ...] = ()  # speakers whose lines stand in brackets (mumbled, foreign) and are speech
    drop: Mapping[str, str] | None = None  # pattern of a whole text -> the reason under which it is counted
    mend: Mapping[str, str] | None = None  # pattern -> replacement in texts and names, before they are read (mend.py)


@dataclass(frozen=True)
class _Row:
    """What the mapped columns of one row hold."""

    number: int
    text: str
    speaker: str
    episode: str
    scene: str
    directions: str
    voice: str


def blocks_of(
    table: Any, options: Mapping[str, Any], name: str, header: str = "", lines: Sequence[int] = ()
) -> list[Block]:
    """Blocks of a pandas data frame, `line` being the row from 1, or what `lines` says of it.

    `header` says where the names of the columns stand (", line 1"). Raises `BadManifest` for an unknown option,
    `BadFile` for a missing column or a row without a number.
    """
    wanted = checked.options_from(ColumnMap, options, name)
    episodes = _Episodes(table, wanted, name, header)
    columns = [
        _column(table, column, name + header)
        for column in (wanted.text, wanted.speaker, wanted.scene, wanted.directions, wanted.voice)
    ]
    reader = _RowReader(wanted, name)
    mend = Mender(wanted.mend, name)
    for i, (text, speaker, scene, directions, voice) in enumerate(zip(*columns, strict=True)):
        number = lines[i] if lines else i + 1
        said, by = (mend(text, number), mend(speaker, number)) if wanted.mend else (text, speaker)
        reader.take(_Row(number, said, by, episodes.of(i, number), scene, directions, voice))
    return reader.blocks + mend.remarks


class _RowReader:
    """Turns rows into blocks."""

    def __init__(self, wanted: ColumnMap, name: str) -> None:
        self.blocks: list[Block] = []
        self._wanted, self._name = wanted, name
        self._directions = {fold(s) or s for s in wanted.direction_rows}
        self._everybody = set(wanted.everybody)
        self._bracketed = {fold(s) for s in wanted.bracketed_speech}
        self._opens = checked.optional(wanted.scene_rows, name, "scene_rows")
        self._drop = [(checked.pattern(p, name, "drop"), why) for p, why in (wanted.drop or {}).items()]
        self._scene: tuple[str, str, int] = ("", "", 0)  # episode, the source's scene, its number
        self._speaker = lru_cache(maxsize=4096)(split_brackets)

    def take(self, row: _Row) -> None:
        """Take one row."""
        for cell in (row.text, row.speaker, row.directions):
            check_line(cell, row.number, self._name)
        place: dict[str, Any] = {"line": row.number, "scene": self._scene_number(row), "episode": row.episode}
        text = plain(row.text)
        why = next((why for pattern, why in self._drop if pattern.fullmatch(text)), "")
        if why or not row.speaker.strip():
            self.blocks.append(Block("note", text, **place, why=why or "row without a speaker"))
        elif (fold(row.speaker) or row.speaker) in self._directions:
            split = split_brackets(text)
            direction = text if split.speech else "; ".join(d for _, d in split.directions)
            opens = self._opens is not None and self._opens.match(direction) is not None
            self.blocks.append(Block("scene" if opens else "direction", direction, **place))
        else:
            self._speech(row, text, place)

    def _speech(self, row: _Row, text: str, place: Mapping[str, Any]) -> None:
        cue = self._speaker(row.speaker)
        label = "All" if row.speaker in self._everybody else cue.speech.strip(" :") or row.speaker
        asides = tuple(d for _, d in cue.directions)
        split = split_brackets(text)
        speech, directions = split.speech, tuple(d for _, d in split.directions)
        if not any(c.isalnum() for c in speech) and fold(label) in self._bracketed:
            speech, directions = " ".join((*directions, speech)).strip(), ()
        further = split_brackets(plain(row.directions))
        directions = (*asides, *directions, *(d for _, d in further.directions), *filter(None, [further.speech]))
        marks = (*asides, row.voice) if row.voice else asides
        self.blocks.append(Block("speech", speech, **place, label=label, directions=directions, marks=marks))
        if split.left_open:
            self.blocks.append(Block("remark", "", **place, why=OPEN_BRACKET))

    def _scene_number(self, row: _Row) -> int:
        """The scene's number in the source; names are numbered in their order and written down as headings."""
        episode, name, number = self._scene
        if not row.scene or (row.episode, row.scene) == (episode, name):
            return number if row.episode == episode else 0
        if row.scene.isdecimal():
            number = int(row.scene)
        else:
            number = number + 1 if row.episode == episode else 1
            self.blocks.append(Block("scene", plain(row.scene), row.number, scene=number, episode=row.episode))
        self._scene = (row.episode, row.scene, number)
        return number


class _Episodes:
    """The episode of each row: by columns, the file's path, constants, or the order of the titles."""

    def __init__(self, table: Any, wanted: ColumnMap, name: str, header: str) -> None:
        path = checked.optional(wanted.path, name, "path")
        match = path.search(name) if path is not None else None
        if path is not None and match is None:
            raise BadManifest(f"{name}: the reader option 'path' = '{wanted.path}' doesn't fit this file's path")
        groups = match.groupdict() if match else {}
        self._name, self._header = name, header
        self._season = self._numbers(table, wanted.season, "season", groups.get("season"))
        self._number = self._numbers(table, wanted.episode, "episode", groups.get("number"))
        self._titles = _column(table, wanted.title, name + header) if wanted.title else []
        self._seen: dict[str, dict[str, int]] = {}

    def of(self, i: int, line: int) -> str:
        """The code of row `i` (in that line), or "" where only the manifest's `files` entry says."""
        season = self._season(i, line) if self._season else 1
        if self._number:
            return code(season, self._number(i, line))
        if not self._titles:
            return ""
        titles = self._seen.setdefault(str(season), {})
        return code(season, titles.setdefault(self._titles[i], len(titles) + 1))

    def _numbers(
        self, table: Any, given: str | int, default: str, in_path: str | None
    ) -> Callable[[int, int], int] | None:
        if isinstance(given, int):
            return lambda i, line: given
        if in_path:
            return lambda i, line: int(in_path)
        if not given and default not in table:
            return None
        column = given or default
        values = _column(table, column, self._name + self._header)

        @lru_cache(maxsize=1024)
        def number(value: str, row: int) -> int:
            in_code = _IN_CODE.search(value) if default == "episode" else None
            if in_code is not None:
                return int(in_code[1])
            match = _NUMBER.search(value)
            if match is None:
                raise BadFile(f"{self._name}, line {row}: no number in column '{column}', found '{value[:40]}'")
            return int(match[0])

        return lambda i, line: number(values[i], line) if not values[i].isdecimal() else int(values[i])


def _column(table: Any, column: str, name: str) -> Sequence[str]:
    """A column as strings; empty ones where none is mapped. Raises `BadFile` where the table hasn't got it."""
    if not column:
        return [""] * len(table)
    if column not in table:
        have = [str(c) for c in table.columns]
        raise BadFile(f"{name}: no column '{column}'{nearest(column, have)}; it has {', '.join(have) or 'none'}")
    return [_string(value) for value in table[column].tolist()]


def _string(value: Any) -> str:
    """A cell as text: lists (several speakers, several directions) joined, numbers written out, nothing as ""."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return " & ".join(filter(None, map(_string, value)))
    if hasattr(value, "tolist"):
        return _string(value.tolist())
    if not isinstance(value, int | float) or math.isnan(value):
        return ""
    return str(int(value)) if float(value).is_integer() else str(value)
