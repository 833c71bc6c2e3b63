"""Readers: one function a file format, bytes in, blocks out. `show.toml` names the reader of each source.

A reader knows nothing of casts, scenes' numbers or episodes' splits; it only says, in order, what stands in the
file. To add a format, write `read(data, options, name) -> list[Block]` in a module of this folder and enter it in
`READERS`; a new show in a known format is a `show.toml`, not code.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from parsing.errors import BadManifest
from parsing.manifest import nearest

READERS = {  # name in show.toml -> module of this folder; imported only when used
    "html_script": "parsing.readers.html_script",
    "text_script": "parsing.readers.text_script",
    "table": "parsing.readers.table",
    "rdata": "parsing.readers.rdata",
    "rdata_script": "parsing.readers.rdata_script",
    "jsonl": "parsing.readers.jsonl",
    "tei": "parsing.readers.tei",
    "subtitles": "parsing.readers.subtitles",
}


@dataclass(frozen=True)
class Block:
    """One thing that stands in a transcript."""

    kind: str  # "scene" (a heading), "direction", "speech", "episode" (a new one begins), "note" (dropped, `why`) or
    # "remark" (nothing was dropped, but the report should count `why`)
    text: str  # a heading or direction without its brackets; speech with its directions taken out
    line: int = 0  # line (or row) in the file, from 1
    label: str = ""  # speech: the cue as it stands there
    directions: tuple[str, ...] = ()  # speech: what stood in brackets in it
    why: str = ""  # note, remark: the reason under which it is counted
    scene: int = 0  # the source's own number of the scene; 0 where it has none
    episode: str = ""  # the source's own episode code; "" where a file is one episode
    marks: tuple[str, ...] = ()  # speech: what stood in brackets in the cue; they may say how the voice is heard
    who: tuple[str, ...] = ()  # speech: the source's own ids of the speakers (TEI's @who, without "#")


Reader = Callable[[bytes, Mapping[str, Any], str], list[Block]]


def reader_named(name: str) -> Reader:
    """The reader called `name` in a manifest. Raises `BadManifest` naming the nearest."""
    if name not in READERS:
        raise BadManifest(f"no reader '{name}'{nearest(name, READERS)}; readers: {', '.join(READERS)}")
    reader: Reader = import_module(READERS[name]).read
    return reader


def guessed(was_guessed: bool, encoding: str) -> list[Block]:
    """A remark where an encoding had to be guessed, else nothing."""
    return [Block("remark", "", why=f"read as {encoding} (guessed)")] if was_guessed else []
