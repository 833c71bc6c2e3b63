"""Which files a source has: those in the manifest's `files`, and those in a committed list (`files_from`).

A list (`files.csv`) has one row a file: path, sha256, episode; further columns may be episodes and begins (several
episodes in one file, parted by spaces), scenes and drop. It is written by `python -m parsing SHOW --pin`
from the mirror and may be mended by hand; an entry of `files` with the same path is laid over its row.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from parsing.episodes import code, parse_episode
from parsing.errors import BadInput, BadManifest
from parsing.manifest import Show, Source
from parsing.readers.options import optional, options_from

_KEYS = {"path", "sha256", "episode", "episodes", "begins", "scenes", "drop", "options"}
COLUMNS = ("path", "sha256", "episode", "episodes", "begins", "scenes", "drop")


@dataclass(frozen=True)
class FilesFrom:
    """The table `files_from` of a source."""

    pins: str = ""  # the committed list, beside show.toml; without one the files beside show.toml count, unpinned
    glob: str = ""  # which files `--pin` lists ("scripts/NextGen/*.txt")
    episode: str = ""  # regular expression, searched in a path: groups `number` and, for several seasons, `season`
    order: str = ""  # instead: "path", or a pattern with the group `date` in the text; numbers the files one by one
    dates: Mapping[str, str] = field(default_factory=dict)  # path -> its date, where the text tells none or garbles it
    cast_list: str = ""  # a line of a page's list of actors, with the groups `actor` and `role`; fills `cast_file`
    roles: str = ""  # the whole of a role in such a list that is no name ("waitress")
    segment: str = ""  # instead: files of a whole season (group `season` in the path), cut by `--pin` (segment.py)
    skip: tuple[
        str, ...
    ] = ()  # with `order`, `segment`: episodes without a file of their own (a double episode's second)


def files_from(show: Show, source: Source) -> FilesFrom:
    """The source's `files_from`, checked."""
    wanted = options_from(FilesFrom, source.files_from, f"{show.folder / 'show.toml'}: files_from")
    if wanted.episode and wanted.order:
        raise BadManifest(f"{show.folder / 'show.toml'}: files_from: 'episode' and 'order' exclude each other")
    return wanted


def listed(show: Show, source: Source) -> list[Mapping[str, Any]]:
    """All entries of a source, checked, in the order of the list. Raises `BadManifest` naming file and line."""
    entries: dict[str, dict[str, Any]] = {}
    if source.files_from:
        wanted = files_from(show, source)
        rows = _pinned(show.folder / wanted.pins) if wanted.pins else _beside(show, source, wanted)
        entries = {row["path"]: row for row in rows}
    for given in source.files:
        _check_entry(given, show)
        entries.setdefault(given["path"], {}).update(given)
    for entry in entries.values():
        _check_entry(entry, show)
    if not entries:
        raise BadManifest(f"{show.folder / 'show.toml'}: a [[source]] with reader '{source.reader}' lists no files")
    return list(entries.values())


def check_unique(show: Show) -> None:
    """No other manifest beside this show's has its id: both would write `build/<id>`. Raises `BadManifest`."""
    own = show.folder.resolve()
    same = re.compile(rf"""^id\s*=\s*["']{re.escape(show.id)}["']""", re.MULTILINE)
    for other in sorted(own.parent.glob("*/show.toml")):
        if other.parent.resolve() != own and same.search(other.read_text(encoding="utf-8", errors="replace")):
            raise BadManifest(f"{own / 'show.toml'}: two manifests with the id '{show.id}': {other} has it too")


def episode_in(path: str, wanted: FilesFrom, where: str) -> str:
    """The episode that a path tells, "" where the list's pattern is empty. Raises `BadManifest`."""
    pattern = optional(wanted.episode, where, "files_from.episode")
    if pattern is None:
        return ""
    match = pattern.search(path)
    if match is None:
        raise BadManifest(f"{where}: files_from.episode = '{wanted.episode}' doesn't fit the path {path}")
    groups = match.groupdict()
    if not groups.get("number"):
        raise BadManifest(f"{where}: files_from.episode needs the groups number and season (or number alone)")
    return code(int(groups.get("season") or 1), int(groups["number"]))


def _beside(show: Show, source: Source, wanted: FilesFrom) -> list[dict[str, Any]]:
    where = str(show.folder / "show.toml")
    if source.base_url:
        raise BadManifest(f"{where}: files_from needs 'pins' for files with a base_url: their checksums")
    if wanted.order not in {"", "path"}:
        raise BadManifest(f"{where}: files_from: an order by date needs 'pins'; write them with --pin")
    home = show.folder / source.folder
    paths = sorted((p.relative_to(home).as_posix() for p in home.glob(wanted.glob)), key=natural)
    if wanted.order:
        codes = [e for e in show.episodes if e not in wanted.skip]
        return [{"path": path, "episode": episode} for path, episode in zip(paths, codes, strict=False)]
    return [{"path": path} | _told(episode_in(path, wanted, where)) for path in paths]


def _told(episode: str) -> dict[str, str]:
    return {"episode": episode} if episode else {}


def natural(path: str) -> list[tuple[int, str]]:
    """Sort key with numbers by value: `2_9.txt` before `2_10.txt`."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", path)]


def _pinned(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        raise BadManifest(f"no file {path}, which {path.parent / 'show.toml'} names; write it with --pin")
    entries: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines, restkey="", strict=True)
        columns = reader.fieldnames or []
        if unknown := set(columns) - set(COLUMNS) or {"path", "sha256"} - set(columns):
            raise BadManifest(f"{path}, line 1: column '{min(unknown)}'; expected {', '.join(COLUMNS)}")
        for row in reader:
            entries.append(_row(row, f"{path}, line {reader.line_num}"))
            if row["path"] in seen:
                raise BadManifest(
                    f"{path}, line {reader.line_num}: {row['path']} stands in line {seen[row['path']]} too"
                )
            seen[row["path"]] = reader.line_num
    return entries


def _row(row: Mapping[str, Any], where: str) -> dict[str, Any]:
    if "" in row or not re.fullmatch(r"[0-9a-f]{64}", row["sha256"] or ""):
        raise BadManifest(f"{where}: '{(row['sha256'] or '')[:20]}' is no sha256, expected path,sha256,episode")
    entry: dict[str, Any] = {k: row[k] for k in ("path", "sha256", "episode", "drop") if row.get(k)}
    try:
        for key, kind in (("episodes", str), ("begins", int), ("scenes", int)):
            if row.get(key):
                entry[key] = [kind(part) for part in row[key].split()]
    except ValueError as error:
        raise BadManifest(f"{where}: {error}") from None
    return entry


def _check_entry(entry: Mapping[str, Any], show: Show) -> None:
    """An entry has a path, and an episode, several with the lines where they begin, or a reason to drop it."""
    where = f"{show.folder / 'show.toml'}: files entry {entry.get('path', '?')}"
    unknown = set(entry) - _KEYS
    if unknown or "path" not in entry:
        raise BadManifest(f"{where}: unknown key '{min(unknown)}'" if unknown else f"{where}: no 'path'")
    if PurePosixPath(entry["path"]).is_absolute() or ".." in PurePosixPath(entry["path"]).parts:
        raise BadManifest(f"{where}: leads out of the show's folder")
    episodes, begins = entry.get("episodes", []), entry.get("begins", [])
    if episodes and (len(begins) != len(episodes) - 1 or list(begins) != sorted(begins)):
        raise BadManifest(
            f"{where}: {len(episodes)} episodes need {len(episodes) - 1} rising line(s) in 'begins', found {begins}"
        )
    for episode in [*episodes, *([entry["episode"]] if "episode" in entry else [])]:
        try:
            parse_episode(episode, show.seasons)
        except BadInput as error:
            raise BadManifest(f"{where}: {error}") from None
