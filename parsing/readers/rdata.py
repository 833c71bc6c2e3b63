"""Utterance tables saved by R (`.rda`): one row an utterance, columns named by the manifest."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from parsing.episodes import code
from parsing.errors import BadFile, BadManifest
from parsing.manifest import nearest
from parsing.readers import Block
from parsing.readers.script import plain, take_directions


@dataclass(frozen=True)
class TableOptions:
    """Which object and columns to read."""

    table: str  # the R object's name
    text: str = "text"
    speaker: str = "speaker"
    season: str = "season"
    episode: str = "episode"
    scene: str = ""  # column of the scene's number; "" where there is none
    directions: str = ""  # speaker value of rows that are stage directions
    everybody: str = ""  # speaker value of rows that all speak
    encoding: str = "utf-8"  # of strings that don't say theirs


def read(data: bytes, options: Mapping[str, Any], name: str) -> list[Block]:
    """Blocks of a table, `line` being the row from 1. Raises `BadFile` for a broken file or a missing column."""
    known = {f.name for f in fields(TableOptions)}
    for key in options:
        if key not in known:
            raise BadManifest(f"{name}: unknown reader option '{key}'{nearest(key, known)}")
    if "table" not in options:
        raise BadManifest(f"{name}: the reader rdata needs the option 'table', the R object's name")
    wanted = TableOptions(**options)
    table = _table(data, wanted, name)
    blocks = []
    columns = [wanted.text, wanted.speaker, wanted.season, wanted.episode]
    scenes = table[wanted.scene] if wanted.scene else [0] * len(table)
    rows = zip(*(table[c] for c in columns), scenes, strict=True)
    for row, (text, speaker, season, episode, scene) in enumerate(rows, 1):
        where = {"line": row, "scene": int(scene), "episode": code(int(season), int(episode))}
        blocks.append(_block(_string(text), _string(speaker), wanted, where))
    return blocks


def _block(text: str, speaker: str, wanted: TableOptions, where: Mapping[str, Any]) -> Block:
    if not speaker:
        return Block("note", text, **where, why="row without a speaker")
    speech, directions = take_directions(plain(text))
    if speaker == wanted.directions:
        return Block("direction", "; ".join(directions) or speech, **where)
    label = "All" if speaker == wanted.everybody else speaker
    return Block("speech", speech, **where, label=label, directions=directions)


def _table(data: bytes, wanted: TableOptions, name: str) -> Any:
    import rdata

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # rdata warns that a tibble is read as a plain data frame
            objects = rdata.conversion.convert(rdata.parser.parse_data(data), default_encoding=wanted.encoding)
    except (ValueError, NotImplementedError, EOFError, OSError, IndexError, KeyError) as error:
        raise BadFile(f"{name}: no R data that can be read ({type(error).__name__}: {error})") from None
    if wanted.table not in objects:
        raise BadFile(f"{name}: no object '{wanted.table}'; it holds {', '.join(objects)}")
    table = objects[wanted.table]
    for column in (wanted.text, wanted.speaker, wanted.season, wanted.episode, wanted.scene):
        if column and column not in table:
            raise BadFile(f"{name}: no column '{column}'; it has {', '.join(map(str, table.columns))}")
    return table


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""
