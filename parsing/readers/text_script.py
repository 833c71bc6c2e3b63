"""Scripts as plain text: one cue, heading or direction a line; a line that is none of them goes on with the speech."""

from collections.abc import Mapping
from typing import Any

from parsing.errors import BadFile
from parsing.readers import Block
from parsing.readers.script import Line, ScriptParser, options_from


def read(data: bytes, options: Mapping[str, Any], name: str) -> list[Block]:
    """Blocks of one text file; `options` are those of `ScriptOptions` plus `encoding` (default UTF-8)."""
    values = dict(options)
    encoding = values.pop("encoding", "utf-8-sig")
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise BadFile(f"{name}: can't be read as {encoding}: {error}") from None
    lines = [Line(line, number) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    return ScriptParser(options_from(values, name), name).read(lines)
