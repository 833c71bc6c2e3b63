"""`cast.csv` beside a manifest: people by the dozen, one row a person, written by `--pin` or by hand.

Columns: name, gender, aliases, labels, persona (`yes` or empty), episodes; several aliases, labels or episodes are
parted by `|`. A label
`#Petr` is an id that the transcripts use for the person (TEI's @who). `[[cast]]` entries come first and
are completed by the row with the same name or id.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from parsing.errors import BadManifest
from parsing.files import replacing

COLUMNS = ("name", "gender", "aliases", "labels", "persona", "episodes")
_LISTS = ("aliases", "labels", "episodes")


def with_cast_file(entries: Iterable[Mapping[str, Any]], path: Path, cast_file: str) -> list[Mapping[str, Any]]:
    """The `[[cast]]` entries, completed and followed by the rows of the file. Raises `BadManifest`."""
    people = [dict(entry) for entry in entries]
    if not cast_file:
        return list(people)
    known = {key: person for person in people for key in (person.get("name"), *_ids(person))}
    for row in read_cast(path.parent / cast_file):
        person = next((known[key] for key in (row["name"], *_ids(row)) if key in known), None)
        if person is None:
            people.append(dict(row))
            continue
        for key in ("aliases", "labels"):
            person[key] = list(dict.fromkeys([*person.get(key, []), *row.get(key, [])]))
        if row["name"] != person["name"]:
            person["aliases"] = list(dict.fromkeys([*person["aliases"], row["name"]]))
        person.setdefault("gender", row.get("gender", ""))
    return list(people)


def _ids(entry: Mapping[str, Any]) -> list[str]:
    return [label for label in entry.get("labels", []) if label.startswith("#")]


def read_cast(path: Path) -> list[dict[str, Any]]:
    """The rows of a cast file as `[[cast]]` entries."""
    if not path.is_file():
        raise BadManifest(f"no file {path}, which {path.parent / 'show.toml'} names as 'cast_file'")
    rows = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines, restkey="")
        if unknown := set(reader.fieldnames or ["?"]) - set(COLUMNS):
            raise BadManifest(f"{path}, line 1: unknown column '{min(unknown)}'; expected {', '.join(COLUMNS)}")
        for row in reader:
            if not row.get("name") or "" in row:
                raise BadManifest(f"{path}, line {reader.line_num}: expected a name and at most {len(COLUMNS)} cells")
            rows.append(entry_of(row))
    return rows


def entry_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as a `[[cast]]` entry."""
    entry: dict[str, Any] = {"name": row["name"], "gender": row.get("gender") or ""}
    for key in _LISTS:
        entry[key] = [part for part in (row.get(key) or "").split("|") if part]
    if not entry["episodes"]:
        del entry["episodes"]
    return entry | {"persona": (row.get("persona") or "").lower() in {"yes", "true", "1"}}


def write_cast(path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """Write a cast file."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as out:
        columns = COLUMNS if any(entry.get("episodes") for entry in entries) else COLUMNS[:-1]
        writer = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        for entry in entries:
            lists = {key: "|".join(entry.get(key, ())) for key in _LISTS}
            persona = "yes" if entry.get("persona") else ""
            writer.writerow({"gender": "", **entry, **lists, "persona": persona})
