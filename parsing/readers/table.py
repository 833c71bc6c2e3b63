"""CSV and TSV: one row an utterance, columns named by the manifest (`ColumnMap`)."""

import csv
import re
from collections.abc import Mapping
from io import StringIO
from typing import Any

from parsing.errors import BadFile, BadManifest
from parsing.readers import Block, guessed
from parsing.readers.columns import blocks_of
from parsing.readers.encoding import decode


def read(data: bytes, options: Mapping[str, Any], name: str) -> list[Block]:
    """Blocks of a table; `options` are those of `ColumnMap` plus `encoding` and `separator` (comma, in .tsv a tab).

    Raises `BadFile` for a broken file, a missing column or a row with too many or too few cells.
    """
    values = dict(options)
    encoding = values.pop("encoding", "")
    separator = values.pop("separator", "\t" if name.endswith((".tsv", ".tab")) else ",")
    if not isinstance(separator, str) or len(separator) != 1:
        raise BadManifest(f"{name}: reader option 'separator' is {separator!r}, expected one character")
    text = decode(data, name, encoding)
    return guessed(text.guessed, text.encoding) + blocks_of(
        _frame(text.text, separator, name), values, name, ", line 1"
    )


def _frame(text: str, separator: str, name: str) -> Any:
    import pandas as pd

    try:
        # read by pandas' C parser; all cells as text, an empty one as "", and only a cell that isn't there as missing
        table = pd.read_csv(
            StringIO(text, newline=""), sep=separator, dtype=object, keep_default_na=False, na_filter=False,
            skip_blank_lines=True, index_col=False, on_bad_lines="error",
        )  # fmt: skip
    except pd.errors.EmptyDataError:
        raise BadFile(f"{name}, line 1: an empty file, expected a row of column names") from None
    except (pd.errors.ParserError, ValueError) as error:
        raise BadFile(f"{name}{_where(str(error))}: {_what(str(error))}: damaged or cut short?") from None
    _check_last_row(text, separator, len(table.columns), name)
    return table


def _check_last_row(text: str, separator: str, columns: int, name: str) -> None:
    """A download that broke off ends in a row with too few cells, or inside quotes (which the parser tells)."""
    tail = text.rstrip("\r\n").rpartition("\n")[2]
    if '"' not in tail and columns > 1 and tail and len(next(csv.reader([tail], delimiter=separator))) < columns:
        lines = text.count("\n", 0, len(text.rstrip("\r\n"))) + 1
        if text.count('"') == 0:
            found = tail.count(separator) + 1
            raise BadFile(f"{name}, line {lines}: {found} cells, expected {columns}: the file is cut short")


def _where(message: str) -> str:
    match = re.search(r"(?:line|row) (\d+)", message)
    return f", line {int(match[1]) + ('row' in match[0])}" if match else ""


def _what(message: str) -> str:
    if match := re.search(r"Expected (\d+) fields.* saw (\d+)", message):
        return f"{match[2]} cells, expected {match[1]}"
    if "EOF inside string" in message:
        return "a quotation mark is opened here and never closed"
    return " ".join(message.split())[:120]
