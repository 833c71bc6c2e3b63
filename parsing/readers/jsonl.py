"""JSON and JSON Lines: one object an utterance, keys named by the manifest (`ColumnMap`)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from parsing.errors import BadFile
from parsing.readers import Block, guessed
from parsing.readers.columns import blocks_of
from parsing.readers.encoding import check_line, decode


def read(data: bytes, options: Mapping[str, Any], name: str) -> list[Block]:
    """Blocks of a JSON document (a list, or objects on the way to one) or of JSON Lines.

    `options` are those of `ColumnMap` plus `encoding` and `rows`, the dotted path to the lists of utterances
    (`"episodes.lines"`); what the objects on the way hold (a season, a title) counts for their utterances too.
    Raises `BadFile` naming the line that is no JSON.
    """
    import pandas as pd

    values = dict(options)
    text = decode(data, name, values.pop("encoding", ""))
    rows = values.pop("rows", "")
    try:
        records = list(walk(documents(text.text, name), rows.split(".") if rows else [], {}, name))
    except RecursionError:
        raise BadFile(f"{name}: nested too deeply to be a transcript") from None
    table = pd.DataFrame(records, dtype=object)
    return guessed(text.guessed, text.encoding) + blocks_of(table, values, name)


def documents(text: str, name: str) -> Any:
    """One document, or the list of a file that holds one a line."""
    first = text.lstrip()[:1]
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if first != "{" or not error.msg.startswith("Extra data"):
            raise BadFile(f"{name}, line {error.lineno}: not JSON ({error.msg})") from None
    documents = []
    for number, line in enumerate(text.split("\n"), 1):
        check_line(line, number, name)
        if line.strip():
            try:
                documents.append(json.loads(line))
            except json.JSONDecodeError as error:
                raise BadFile(f"{name}, line {number}: not JSON ({error.msg})") from None
    return documents


def walk(value: Any, path: list[str], inherited: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The utterances below `value`, each with what the objects above it say."""
    if isinstance(value, list):
        for item in value:
            yield from walk(item, path, inherited, name)
    elif not isinstance(value, dict):
        raise BadFile(f"{name}: found {json.dumps(value)[:40]}, expected an object with one utterance")
    elif not path:
        yield {**inherited, **value}
    elif path[0] not in value:
        raise BadFile(f"{name}: no key '{path[0]}' of the option 'rows'; it has {', '.join(map(str, value))[:80]}")
    else:
        above = {**inherited, **{k: v for k, v in value.items() if not isinstance(v, list | dict)}}
        yield from walk(value[path[0]], path[1:], above, name)
