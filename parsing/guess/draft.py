"""The draft: files looked at, read with what was found, and written down as a `show.toml` with comments."""

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import Any

from tqdm import tqdm

from parsing.errors import BadInput, CanonError, NotFound
from parsing.guess.looks import Source, look, reader_of
from parsing.guess.manifest_text import ident_of, manifest_text
from parsing.guess.numbers import episode_pattern, told
from parsing.manifest import show_from
from parsing.pin import people_of
from parsing.readers import Block, reader_named


@dataclass
class Seen:
    """What the files held."""

    sources: list[Source] = field(default_factory=list)
    entries: list[list[dict[str, Any]]] = field(default_factory=list)  # of each source
    skipped: dict[str, str] = field(default_factory=dict)  # file -> why
    labels: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    episodes: set[str] = field(default_factory=set)
    cyrillic: float = 0.0
    people: list[dict[str, Any]] = field(default_factory=list)  # of a play's own list


@dataclass(frozen=True)
class Draft:
    """A drafted manifest."""

    text: str  # of the show.toml, checked by loading it
    ident: str  # the show's id in it
    cues_found: bool  # False: nothing in the files looks like speech, and the draft has a line to mend
    skipped: Mapping[str, str]  # file -> why it can't be read
    files: int  # that were looked at


def draft(paths: Sequence[Path], out: Path | None = None) -> str:
    """The text of a `show.toml` for these files and folders, checked by loading it.

    `out`: where it will stand (the files must lie below its folder); without it, the folder that holds them all.
    Raises `NotFound` for a missing path, `BadInput` where nothing can be read or the files lie elsewhere.
    """
    if out is not None:
        home = out.resolve().parent
        for path in files_in(paths):
            if not path.is_relative_to(home):
                raise BadInput(
                    f"{path} doesn't lie below {home}, where {out} will stand: put the draft beside the files"
                )
        return drafted(paths, home).text
    return drafted(paths).text


def drafted(paths: Sequence[Path], home: Path | None = None, title: str = "", taken: Collection[str] = ()) -> Draft:
    """A draft for these files and folders, to stand in the folder `home` (by default the one that holds them all).

    Where they don't lie below `home`, the sources of the draft name their folder. Without a `title` the name of the
    file or folder is one; an id that is `taken` gets an ending. Raises `NotFound` for a missing path, `BadInput`
    where nothing can be read.
    """
    files = files_in(paths)
    home = (home or common_folder(files)).resolve()
    base = home if all(path.is_relative_to(home) for path in files) else common_folder(files)
    seen = Seen()
    _look({path.relative_to(base).as_posix(): path.read_bytes() for path in files}, seen)
    _read(seen)
    stem = title or (paths[0].resolve().stem if len(paths) == 1 else base.name)
    ident = ident_of(stem)
    while ident in taken:
        ident += "_own"
    text = manifest_text(
        seen, ident, title or re.sub(r"[\W_]+", " ", stem).strip().title() or "Show", "" if base == home else str(base)
    )
    show_from(tomllib.loads(text), home / "show.toml")
    return Draft(text, ident, any(source.sure for source in seen.sources), seen.skipped, len(files))


_OURS = frozenset(  # beside transcripts, these are no transcripts
    """show.toml cast.csv files.csv corrections.csv page.toml voices.toml gold_facts.csv graph.json.gz""".split()  # noqa: SIM905
)


def files_in(paths: Sequence[Path]) -> list[Path]:
    """All files there are, hidden ones and those of a show's folder left out. Raises `NotFound`."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise NotFound(f"no file or folder {path}: expected transcripts to look at")
        inside = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        found += [
            p.resolve()
            for p in inside
            if not any(part.startswith(".") for part in p.relative_to(path).parts)
            and not (p.name in _OURS and path.is_dir())
        ]
    if not found:
        raise NotFound(f"no files in {', '.join(map(str, paths))}")
    return list(dict.fromkeys(found))


def common_folder(files: Sequence[Path]) -> Path:
    """The innermost folder that holds them all."""
    parents = [set(f.parents) for f in files]
    return max(set.intersection(*parents), key=lambda p: len(p.parts))


def _look(names: Mapping[str, bytes], seen: Seen) -> None:
    """Sort the files by reader and find out how each kind is read; what can't be read is noted with its reason."""
    groups: dict[str, dict[str, bytes]] = {}
    for name, data in names.items():
        try:
            groups.setdefault(reader_of(name, data), {})[name] = data
        except CanonError as error:
            seen.skipped[name] = str(error)
    for reader, files in groups.items():
        seen.sources += _looked(reader, files, seen)


def _read(seen: Seen) -> None:
    """Read all files with what was found: labels, scenes, what is dropped. Files that fail are left out.

    Files in which the form of the others finds no speech are looked at once more, by themselves.
    """
    waiting, seen.sources = sorted(seen.sources, key=lambda source: not source.tells_episode), []
    while waiting:
        source = waiting.pop(0)
        blocks = _blocks(source, seen)
        silent = {name: source.files[name] for name, found in blocks.items() if all(b.kind != "speech" for b in found)}
        if silent and (len(blocks) > len(silent) or seen.sources or waiting):
            blocks = {name: found for name, found in blocks.items() if name not in silent}
            if blocks:
                waiting += _looked(source.reader, silent, seen)
            else:
                seen.skipped |= {name: f"{name}: nothing in it looks like a cue" for name in silent}
        source.files = {name: source.files[name] for name in blocks}
        if blocks:
            _count(source, blocks, seen)
            seen.sources.append(source)
    if not seen.sources:
        raise BadInput("; ".join(list(seen.skipped.values())[:3]) or "nothing to read")


def _blocks(source: Source, seen: Seen) -> dict[str, list[Block]]:
    reader = reader_named(source.reader)
    blocks: dict[str, list[Block]] = {}
    bar = tqdm(source.files.items(), desc="looking", unit="file", leave=False, disable=not sys.stderr.isatty())
    for name, data in bar:
        try:
            blocks[name] = reader(data, {**source.options, **source.own.get(name, {})}, name)
        except CanonError as error:
            seen.skipped[name] = str(error)
    return blocks


def _looked(reader: str, files: Mapping[str, bytes], seen: Seen) -> list[Source]:
    try:
        return [look("rdata" if reader == "rdata_script" else reader, files)]
    except CanonError as error:
        seen.skipped |= dict.fromkeys(files, str(error))
        return []


def _count(source: Source, blocks: Mapping[str, Sequence[Block]], seen: Seen) -> None:
    """Count what a source holds and number its files."""
    for found in blocks.values():
        seen.kinds.update(b.kind for b in found)
        seen.labels.update(b.label for b in found if b.kind == "speech" and b.label)
        seen.dropped.update(b.why for b in found if b.kind == "note")
    _number(source, blocks, seen)
    letters = "".join(b.text for found in blocks.values() for b in found[:200])
    seen.cyrillic = max(seen.cyrillic, len(re.findall(r"[а-яё]", letters, re.I)) / max(1, len(letters)))
    if source.reader == "tei":
        seen.people += _people(source, blocks)
    if not source.sure:
        seen.labels.update(source.names)


def _number(source: Source, blocks: Mapping[str, Sequence[Block]], seen: Seen) -> None:
    """An entry for each file; the episodes told by the files, their lines or their paths, else counted."""
    paths = sorted(blocks, key=_natural)
    own = {name: {b.episode for b in found if b.episode} for name, found in blocks.items()}
    entries: list[dict[str, Any]] = [{"path": path} for path in paths]
    if source.tells_episode and all(own.values()) and all(_told_first(blocks[p]) for p in paths):
        seen.episodes |= set().union(*own.values())
    elif source.chapters and set(source.chapters) == set(paths) and len(paths) == 1:
        _chapters(entries[0], source.chapters[paths[0]], seen)
    else:
        _by_path(entries, source, seen)
    for entry in entries:
        if extra := source.own.get(entry["path"]):
            entry["options"] = extra
    seen.entries.append(entries)


def _told_first(blocks: Sequence[Block]) -> bool:
    """Does the file name its episode before anybody speaks?"""
    first = next((b for b in blocks if b.episode or b.kind == "speech"), None)
    return first is not None and bool(first.episode)


def _chapters(entry: dict[str, Any], chapters: Sequence[tuple[int, int]], seen: Seen) -> None:
    codes = [f"S01E{number:02d}" for number, _ in chapters]
    seen.episodes |= set(codes)
    if len(codes) == 1:
        entry["episode"] = codes[0]
    else:
        entry |= {"episodes": codes, "begins": [line for _, line in chapters[1:]]}


def _by_path(entries: list[dict[str, Any]], source: Source, seen: Seen) -> None:
    if source.reader not in {"table", "jsonl", "rdata"}:
        source.options.pop("episode", None)
    paths = [entry["path"] for entry in entries]
    pattern = episode_pattern(paths)
    if pattern and not seen.episodes & {told(p, pattern) for p in paths}:
        source.notes.append("episodes: by the file names")
        codes = [told(p, pattern) for p in paths]
    else:
        source.notes.append("episodes: the file names tell none; numbered in their order")
        every = (f"S{1 + n // 99:02d}E{1 + n % 99:02d}" for n in count())
        codes = list(islice((c for c in every if c not in seen.episodes), len(paths)))
    seen.episodes |= set(codes)
    for entry, episode in zip(entries, codes, strict=True):
        entry["episode"] = episode


def _natural(path: str) -> list[tuple[int, str]]:
    from parsing.sources import natural

    return natural(path)


def _people(source: Source, blocks: Mapping[str, Sequence[Block]]) -> list[dict[str, Any]]:
    """The cast of a play: its own list, those who speak most first."""
    lines = Counter(who for found in blocks.values() for b in found for who in b.who)
    people = people_of(list(source.files.values()), next(iter(source.files)))
    counted = [p | {"lines": lines[p["labels"][0][1:]]} for p in people]
    counted.sort(key=lambda p: -p["lines"])
    firsts = Counter(p["name"].split()[0] for p in counted)
    for person in counted[:4]:
        person["persona"] = True
        if firsts[person["name"].split()[0]] > 1:
            person["slug"] = re.sub(r"\W+", "-", person["name"].lower()).strip("-")
    return counted
