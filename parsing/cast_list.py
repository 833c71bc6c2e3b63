"""The list of persons before a play ("Сорин, её брат"), kept as it stands for the reader of relations in `kg`.

`python -m parsing SHOW` writes it to `build/<show>/cast_list.csv` (columns item, group), a row an entry in the order of
the list; `group` is what the list says of several entries together ("её дети"). Only the list that the author wrote is
read: the editors' `listRelation`, which is the gold that the extraction is measured against, is never opened here.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from parsing.errors import BadFile
from parsing.fetch import fetch
from parsing.files import replacing
from parsing.manifest import Show, build_dir
from parsing.readers.tei import read_cast_items
from parsing.sources import listed

FILE = "cast_list.csv"
COLUMNS = ("item", "group")


@dataclass(frozen=True)
class CastEntry:
    """One entry of a list of persons."""

    item: str  # as it stands: "Петр Николаевич Сорин, ее брат."
    group: str = ""  # said of several entries together: "её дети"


def cast_entries(show: Show) -> list[CastEntry]:
    """The entries of the lists of all TEI files of a show, in order; none for a show of another kind."""
    found: list[CastEntry] = []
    for source in show.sources:
        if source.reader == "tei":
            for entry in listed(show, source):
                items = read_cast_items(fetch(show, source, entry), entry["path"])
                found += [CastEntry(*pair) for pair in items]
    return found


def write_cast_list(show: Show) -> Path | None:
    """Write `cast_list.csv`; None where the show has no list of persons."""
    entries = cast_entries(show)
    path = build_dir(show) / FILE
    if not entries:
        path.unlink(missing_ok=True)
        return None
    with replacing(path) as temporary:
        save(temporary, entries)
    return path


def save(path: Path, entries: Iterable[CastEntry]) -> None:
    """The entries as CSV."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((entry.item, entry.group) for entry in entries)


def load_cast_list(show: Show) -> Sequence[CastEntry]:
    """What `write_cast_list` left; empty where there is none. Raises `BadFile` naming the line."""
    path = build_dir(show) / FILE
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        if tuple(next(reader, ())) != COLUMNS:
            raise BadFile(f"{path}, line 1: expected the columns {', '.join(COLUMNS)}; parse the show again")
        rows = list(reader)
    for number, row in enumerate(rows, 2):
        if len(row) != len(COLUMNS):
            raise BadFile(f"{path}, row {number}: {len(row)} cells, expected {len(COLUMNS)}; parse the show again")
    return [CastEntry(*row) for row in rows]
