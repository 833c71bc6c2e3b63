"""CSV and TSV: one row an utterance, columns named by the manifest (`ColumnMap`).

Read strictly by Python's csv module and not by pandas, which fills up rows that are cut short without a word.
"""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from parsing.errors import BadFile, BadManifest
from parsing.readers import Block, guessed
from parsing.readers.columns import blocks_of
from parsing.readers.encoding import decode


def read(data: bytes, options: Mapping[str, Any], name: str) -> list[Block]:
    """Blocks of a table, `line` being the line in which a row ends.

    `options` are those of `ColumnMap` plus `encoding`, `separator` (comma, in .tsv a tab) and `columns`: the names of
    the columns, by position, of a file that begins without a row of them. Raises `BadFile` naming the line of a
    missing column, of a row with too many or too few cells, or of an open quotation mark.
    """
    values = dict(options)
    encoding = values.pop("encoding", "")
    separator = values.pop("separator", "\t" if name.endswith((".tsv", ".tab")) else ",")
    if not isinstance(separator, str) or len(separator) != 1:
        raise BadManifest(f"{name}: reader option 'separator' is {separator!r}, expected one character")
    columns = _named(values.pop("columns", []), name)
    text = decode(data, name, encoding)
    table, lines = frame(text.text, separator, name, columns)
    where = " ('columns' names them)" if columns else ", line 1"
    return guessed(text.guessed, text.encoding) + blocks_of(table, values, name, where, lines)


def _named(columns: Any, name: str) -> list[str]:
    """The option `columns`, checked."""
    if not isinstance(columns, list | tuple) or not all(isinstance(c, str) and c for c in columns):
        raise BadManifest(f"{name}: reader option 'columns' is {columns!r:.60}, expected a list of names")
    if twice := [c for c in columns if list(columns).count(c) > 1]:
        raise BadManifest(f"{name}: reader option 'columns' has '{twice[0]}' twice")
    return list(columns)


def frame(text: str, separator: str, name: str, columns: Sequence[str] = ()) -> tuple[Any, list[int]]:
    """The table and the line in which each row ends; without `columns` the first row names them."""
    import pandas as pd

    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        header = list(columns) or next(reader, [])
        for row in reader:
            if row and len(row) != len(header):
                raise BadFile(
                    f"{name}, line {reader.line_num}: {len(row)} cells, expected {len(header)}: damaged or cut short?"
                )
            if row:
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise BadFile(f"{name}, line {reader.line_num}: {_what(str(error))}") from None
    if not header:
        raise BadFile(f"{name}, line 1: an empty file, expected a row of column names")
    if twice := [c for c in header if c and header.count(c) > 1]:
        raise BadFile(f"{name}, line 1: two columns are called '{twice[0]}'")
    return pd.DataFrame(rows, columns=header, dtype=object), lines


def _what(message: str) -> str:
    if "end of data" in message:
        return "a quotation mark was opened and never closed: damaged or cut short?"
    if "field limit" in message:
        return "a cell of more than 131,072 characters: a quotation mark never closed?"
    return f"no table that can be read ({message}); is 'separator' right?"
