"""Scripts as text inside R data: a character vector, its elements and their lines read like those of a text file."""

from collections.abc import Mapping
from typing import Any

from parsing.errors import BadFile
from parsing.readers import Block
from parsing.readers.encoding import Text
from parsing.readers.rdata import r_object
from parsing.readers.text_script import read_text


def read(data: bytes, options: Mapping[str, Any], name: str) -> list[Block]:
    """Blocks of a script; `options` are those of `ScriptOptions` plus `table` (the R object) and `encoding`."""
    values = dict(options)
    vector = r_object(data, values.pop("table", ""), values.pop("encoding", "utf-8"), name)
    if hasattr(vector, "columns") or not hasattr(vector, "tolist"):
        raise BadFile(f"{name}: the R object is a {type(vector).__name__}, expected text (rdata reads data frames)")
    text = "\n".join(part for part in vector.ravel().tolist() if isinstance(part, str))
    return read_text(Text(text, "", False), values, name)
