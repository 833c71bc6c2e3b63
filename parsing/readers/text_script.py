"""Scripts as plain text: one cue, heading or direction a line; a line that is none of them goes on with the speech."""

from collections.abc import Mapping
from typing import Any

from parsing.readers import Block, guessed
from parsing.readers.encoding import Text, decode
from parsing.readers.script import Line, ScriptParser, options_from


def read(data: bytes, options: Mapping[str, Any], name: str) -> list[Block]:
    """Blocks of one text file; `options` are those of `ScriptOptions` plus `encoding` (default: told by the bytes)."""
    values = dict(options)
    return read_text(decode(data, name, values.pop("encoding", "")), values, name)


def read_text(text: Text, options: Mapping[str, Any], name: str) -> list[Block]:
    """Blocks of a script that is decoded already."""
    lines = (Line(line, number) for number, line in enumerate(text.text.splitlines(), 1) if line.strip())
    return guessed(text.guessed, text.encoding) + ScriptParser(options_from(options, name), name).read(lines)
