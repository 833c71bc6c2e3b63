"""`python -m parsing SHOW --pin`: write the lists that a manifest names, from the files in the mirror.

`files.csv` gets each file's path, sha256 and episode; `cast.csv` the people that a TEI play lists. Both are committed.
"""

import csv
import hashlib
import re
from collections.abc import Sequence, Set
from pathlib import Path
from typing import Any

from parsing.cast_file import write_cast
from parsing.cast_lists import people_in_lists
from parsing.episodes import season_of
from parsing.errors import BadFile, BadManifest, NotFound
from parsing.fetch import mirror_folder
from parsing.files import replacing
from parsing.manifest import Show, Source
from parsing.readers import reader_named
from parsing.readers.encoding import decode
from parsing.readers.options import pattern
from parsing.sources import FilesFrom, episode_in, files_from, natural

_HEAD = 4000  # characters of a file in which its date is looked for


def pin(show: Show) -> list[Path]:
    """Write the lists of every source with `files_from.pins`, and `cast_file`; returns what was written.

    Rows of an older list keep their further columns (begins, drop, …). Raises `BadManifest` where nothing can be
    pinned, `NotFound` where the mirror hasn't got the files.
    """
    written = []
    plays: list[bytes] = []
    people: list[dict[str, Any]] = []
    for source in show.sources:
        wanted = files_from(show, source)
        if not wanted.pins or not wanted.glob:
            continue
        folder = _folder(show, source)
        paths = sorted((p.relative_to(folder).as_posix() for p in folder.glob(wanted.glob)), key=natural)
        if not paths:
            raise NotFound(f"no file {folder / wanted.glob}")
        data = {path: (folder / path).read_bytes() for path in paths}
        plays += data.values() if source.reader == "tei" else []
        rows = _rows(data, wanted, show, {e["path"] for e in source.files if e.get("drop")})
        if wanted.segment:
            rows = [row | _cuts(data[row["path"]], row["path"], source, wanted, show) for row in rows]
        _write(show.folder / wanted.pins, rows)
        written.append(show.folder / wanted.pins)
        if wanted.cast_list:
            people += people_in_lists(
                {r["episode"]: data[r["path"]] for r in rows if r["episode"]}, source, wanted, show
            )
    if plays:
        people += people_of(plays, show.cast_file)
    if show.cast_file and people:
        write_cast(show.folder / show.cast_file, people)
        written.append(show.folder / show.cast_file)
    if not written:
        raise BadManifest(
            f"{show.folder / 'show.toml'}: no files_from with 'pins' and 'glob', and no plays: nothing to pin"
        )
    return written


def people_of(plays: Sequence[bytes], name: str) -> list[dict[str, Any]]:
    """The people of TEI files as `[[cast]]` entries; those who share a name are told apart by a number."""
    from parsing.readers.tei import read_people

    entries: list[dict[str, Any]] = []
    names: dict[str, int] = {}
    for person in (person for data in plays for person in read_people(data, name)):
        names[person.name] = names.get(person.name, 0) + 1
        unique = person.name if names[person.name] == 1 else f"{person.name} ({names[person.name]})"
        labels = [f"#{person.id}", *person.labels]
        entries.append({"name": unique, "gender": person.gender, "aliases": person.variants, "labels": labels})
    return entries


def _folder(show: Show, source: Source) -> Path:
    if not source.base_url:
        return show.folder / source.folder
    mirror = mirror_folder()
    if mirror is None or not (mirror / source.mirror).is_dir():
        raise NotFound(f"no folder {source.mirror} in the mirror: set CANON_MIRROR to pin {show.id}")
    return mirror / source.mirror


def _rows(data: dict[str, bytes], wanted: FilesFrom, show: Show, left_out: Set[str]) -> list[dict[str, str]]:
    """A row a file; a file that the manifest leaves out has no episode."""
    where = str(show.folder / "show.toml")
    kept = {path: content for path, content in data.items() if path not in left_out}
    episodes = _in_order(kept, wanted, show) if wanted.order else {p: episode_in(p, wanted, where) for p in kept}
    rows = [
        {"path": path, "sha256": hashlib.sha256(content).hexdigest(), "episode": episodes.get(path, "")}
        for path, content in data.items()
    ]
    return sorted(rows, key=lambda row: (row["episode"], natural(row["path"])))


def _cuts(data: bytes, path: str, source: Source, wanted: FilesFrom, show: Show) -> dict[str, str]:
    """The episodes of a season that stands in one file, and the lines at which the later ones begin."""
    from parsing.segment import find_begins

    match = pattern(wanted.segment, path, "files_from.segment").search(path)
    if match is None:
        raise BadManifest(f"{show.folder / 'show.toml'}: files_from.segment doesn't fit the path {path}")
    episodes = [e for e in show.episodes if season_of(e) == int(match["season"]) and e not in wanted.skip]
    blocks = [b for b in reader_named(source.reader)(data, source.options, path) if b.kind == "speech"]
    cuts = find_begins([b.label for b in blocks], [b.text for b in blocks], len(episodes))
    return {"episodes": " ".join(episodes), "begins": " ".join(str(blocks[i].line) for i in cuts)}


def _in_order(data: dict[str, bytes], wanted: FilesFrom, show: Show) -> dict[str, str]:
    """Number the files one by one through the seasons, by path or by the date in their text."""
    paths = list(data)
    if wanted.order != "path":
        dates = {path: _date(data[path], wanted, path) for path in paths}
        paths.sort(key=lambda path: (dates[path], natural(path)))
    codes = [e for e in show.episodes if e not in wanted.skip]
    if len(codes) != len(paths):
        raise BadManifest(f"{show.folder / 'show.toml'}: {len(paths)} files for {len(codes)} episodes (seasons, skip)")
    return dict(zip(paths, codes, strict=True))


def _date(data: bytes, wanted: FilesFrom, path: str) -> Any:
    import pandas as pd

    told = wanted.dates.get(path, "")
    if not told:
        match = pattern(wanted.order, path, "files_from.order").search(decode(data, path).text[:_HEAD])
        if match is None:
            raise BadFile(f"{path}: nothing in its first {_HEAD} characters is a date by the pattern '{wanted.order}'")
        told = match["date"]
    date = pd.to_datetime(re.sub(r"\s+", " ", told).strip(), errors="coerce")
    if pd.isna(date):
        raise BadFile(f"{path}: '{told[:40]}' is no date; tell it in files_from.dates")
    return date


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    """Write the list; rows that stood there before keep their further columns."""
    old: dict[str, dict[str, str]] = {}
    columns = list(rows[0])
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            columns = list(dict.fromkeys([*columns, *(reader.fieldnames or [])]))
            old = {row["path"]: row for row in reader}
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n", restval="")
        writer.writeheader()
        for row in rows:
            before = old.get(row["path"], {})
            kept = {key: before[key] for key in ("episodes", "begins") if before.get(key)}  # mended by hand, perhaps
            writer.writerow({**before, **{k: v for k, v in row.items() if v}, **kept})
