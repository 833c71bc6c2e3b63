"""A collection: one manifest that is many shows, one a file (the plays of a corpus). `plays/chekhov-chaika` names one.

Beside its show.toml stand `collection.csv` (a row a show) and `cast.csv` (a row a person), both written by `--pin`.
In show.toml the table [collection] says where a show's file is; all the rest holds for every show of it.
"""

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from parsing.cast_file import entry_of
from parsing.errors import BadManifest

INDEX = "collection.csv"
CAST = "cast.csv"
INDEX_COLUMNS = ("id", "title", "author", "year", "seasons", "sha256")
CAST_COLUMNS = ("show", "name", "gender", "aliases", "labels", "persona")
KEYS = {"path", "personas", "colours", "diminutives"}  # of [collection]


def members(folder: Path) -> tuple[str, ...]:
    """The ids of the shows of a collection, without its own; () where the folder holds a single show."""
    return tuple(_index(folder / INDEX)) if (folder / INDEX).is_file() else ()


def is_collection(folder: Path) -> bool:
    """Is the manifest in this folder that of a collection (pinned or not yet)?"""
    path = folder / "show.toml"
    return path.is_file() and "\n[collection]" in path.read_text(encoding="utf-8", errors="replace")


def member_manifest(data: Mapping[str, Any], folder: Path, member: str) -> dict[str, Any]:
    """The manifest of one show of a collection, as if it stood in a show.toml of its own. Raises `BadManifest`."""
    where = folder / "show.toml"
    table = settings(data, folder)
    plain = {key: value for key, value in data.items() if key != "collection"}
    row = _index(folder / INDEX)[member]
    colours = table.get("colours", [])
    cast = [dict(entry) for entry in _cast(folder / CAST).get(member, ())]
    for entry, colour in zip((e for e in cast if e["persona"]), colours, strict=False):
        entry["colour"] = colour
    sources = plain.get("source", [])
    if len(sources) != 1:
        raise BadManifest(f"{where}: a collection has one [[source]], found {len(sources)}")
    file = {"path": table["path"].format(id=member), "sha256": row["sha256"]}
    personas = [e["name"] for e in cast if e["persona"]]
    about = ", ".join(part for part in (row["author"], row["year"]) if part)
    return plain | {
        "id": f"{plain.get('id')}/{member}",
        "title": row["title"],
        "description": about,
        "seasons": [int(row["seasons"])],
        "default_persona": personas[0] if personas else "",
        "cast": cast,
        "source": [{**sources[0], "files": [file]}],
    }


def settings(data: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    """The table [collection], checked."""
    table: Mapping[str, Any] = data["collection"]
    if unknown := set(table) - KEYS:
        raise BadManifest(f"{folder / 'show.toml'}: unknown key [collection] '{min(unknown)}'")
    if "{id}" not in table.get("path", ""):
        raise BadManifest(f"{folder / 'show.toml'}: [collection] needs 'path', where {{id}} stands for a show's id")
    return table


@lru_cache(maxsize=8)
def _index(path: Path) -> dict[str, dict[str, str]]:
    rows = _rows(path, INDEX_COLUMNS)
    for number, row in enumerate(rows, 2):
        if not row["seasons"].isdecimal() or len(row["sha256"]) != 64:
            raise BadManifest(f"{path}, row {number}: expected a number of episodes and a sha256")
    return {row["id"]: row for row in rows}


@lru_cache(maxsize=8)
def _cast(path: Path) -> dict[str, list[dict[str, Any]]]:
    people: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(path, CAST_COLUMNS):
        entry = entry_of(row)
        ids = [label[1:] for label in entry["labels"] if label.startswith("#")]
        people.setdefault(row["show"], []).append(entry | ({"slug": ids[0]} if ids else {}))
    return people


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    if not path.is_file():
        raise BadManifest(f"no file {path}; write it with --pin")
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, restkey="", strict=True)
        if tuple(reader.fieldnames or ()) != columns:
            raise BadManifest(f"{path}, line 1: expected the columns {', '.join(columns)}")
        rows = list(reader)
    for number, row in enumerate(rows, 2):
        if "" in row or None in row.values():
            raise BadManifest(f"{path}, row {number}: expected {len(columns)} cells")
    return rows
