"""The draft: files looked at, read with what was found, and written down as a `show.toml` with comments."""

import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import Any

from tqdm import tqdm

from parsing.errors import BadInput, CanonError, NotFound
from parsing.guess.looks import Source, look, reader_of
from parsing.guess.numbers import episode_pattern, seasons_of, told
from parsing.guess.people import cast_of
from parsing.manifest import show_from
from parsing.pin import people_of
from parsing.readers import Block, reader_named

_MANY = 40  # files from which on a pattern stands in the draft instead of a list
_FEW = 6  # labels, reasons or skipped files named in a comment


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


def draft(paths: Sequence[Path], out: Path | None = None) -> str:
    """The text of a `show.toml` for these files and folders, checked by loading it.

    `out`: where it will stand (the files must lie below its folder); without it, the folder that holds them all.
    Raises `NotFound` for a missing path, `BadInput` where nothing can be read or the files lie elsewhere.
    """
    files = _files(paths)
    folder = out.resolve().parent if out is not None else _common(files)
    names = {}
    for path in files:
        if not path.is_relative_to(folder):
            raise BadInput(f"{path} doesn't lie below {folder}, where {out} will stand: put the draft beside the files")
        names[path.relative_to(folder).as_posix()] = path.read_bytes()
    seen = Seen()
    _look(names, seen)
    _read(seen)
    text = _toml(folder, paths, seen)
    show_from(tomllib.loads(text), folder / "show.toml")
    return text


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise NotFound(f"no file or folder {path}: expected transcripts to look at")
        inside = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        found += [
            p.resolve()
            for p in inside
            if not any(part.startswith(".") for part in p.relative_to(path).parts)
            and not (p.name in {"show.toml", "cast.csv", "files.csv"} and path.is_dir())
        ]
    if not found:
        raise NotFound(f"no files in {', '.join(map(str, paths))}")
    return list(dict.fromkeys(found))


def _common(files: Sequence[Path]) -> Path:
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


def _toml(folder: Path, paths: Sequence[Path], seen: Seen) -> str:
    stem = paths[0].stem if len(paths) == 1 else folder.name
    ident = re.sub(r"\W+", "_", stem.lower()).strip("_") or "show"
    title = re.sub(r"[\W_]+", " ", stem).strip().title() or "Show"
    cast = seen.people or cast_of(seen.labels)
    personas = [person["name"] for person in cast if person.get("persona")]
    language = "ru" if seen.cyrillic > 0.3 else "en"
    lines = [
        *_comments(seen, cast),
        f"id = {_value(ident)}",
        f"title = {_value(title)}",
        f"language = {_value(language)}  # by its letters" if language == "ru" else f"language = {_value(language)}",
        *([f"default_persona = {_value(personas[0])}"] if personas else []),
        f"seasons = {_value(seasons_of(sorted(seen.episodes)))}  # episodes of each season, as far as was seen",
        "",
        *_cast(cast),
    ]
    for source, entries in zip(seen.sources, seen.entries, strict=True):
        lines += _source(source, entries)
    return "\n".join(lines).rstrip() + "\n"


def _comments(seen: Seen, cast: Sequence[Mapping[str, Any]]) -> list[str]:
    kinds, files = seen.kinds, sum(len(s.files) for s in seen.sources)
    known = sum(person["lines"] for person in cast)
    share = f"The cast below has {min(1.0, known / max(1, kinds['speech'])):.0%} of the speeches."
    share = share if kinds["speech"] else "The cast below are words that may be names."
    drops = ", ".join(f"{why} {n:,}" for why, n in seen.dropped.most_common(_FEW)) or "nothing"
    return [
        "# A draft by `python -m parsing --guess`; save it as show.toml beside the files, mend what is wrong, and run",
        "# `python -m parsing path/to/show.toml`. docs/data.md lists what may stand here.",
        f"# Seen: {files} files, {kinds['speech']:,} speeches by {len(seen.labels):,} labels, "
        f"{kinds['scene']:,} headings of scenes, {len(seen.episodes)} episodes.",
        f"# {share} Not speech: {drops}.",
        *(_line(f"# Skipped: {why}") for why in list(seen.skipped.values())[:_FEW]),
        *([f"# … and {len(seen.skipped) - _FEW} files more were skipped."] if len(seen.skipped) > _FEW else []),
    ]


def _cast(cast: Sequence[Mapping[str, Any]]) -> list[str]:
    lines: list[str] = []
    for person in cast:
        lines += ["[[cast]]", f"name = {_value(person['name'])}  # {person['lines']:,} speeches"]
        for key in ("aliases", "labels", "slug", "gender", "persona"):
            if person.get(key):
                lines.append(f"{key} = {_value(list(person[key]) if isinstance(person[key], tuple) else person[key])}")
        lines.append("")
    return lines


def _source(source: Source, entries: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = [*(_line(f"# {note}") for note in source.notes), "[[source]]", f"reader = {_value(source.reader)}"]
    pattern = episode_pattern([e["path"] for e in entries]) if len(entries) > _MANY else ""
    suffixes = {Path(e["path"]).suffix for e in entries}
    if pattern and len(suffixes) == 1 and all(told(e["path"], pattern) == e.get("episode") for e in entries):
        lines.append(f"files_from = {{ glob = {_value('**/*' + suffixes.pop())}, episode = {_value(pattern)} }}")
    else:
        lines += ["files = [", *(f"  {_value(entry)}," for entry in entries), "]"]
    lines += ["", "[source.options]"]
    for key, value in source.options.items():
        if key == "cue" and not source.sure:
            lines += [
                "# MEND THE NEXT LINE: no form of cue was found. A pattern of what stands before the speech, with",
                "# (?P<label>…) around the name: '(?P<label>[^:]+):' for 'NAME: text'. The cast: words with capitals.",
            ]
        lines.append(f"{key} = {_value(value)}")
    return [*lines, ""]


def _line(text: str) -> str:
    """One line of a comment, whatever the files held."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text)[:300]


def _value(value: Any) -> str:
    """A TOML value; patterns as literal strings, which need no doubled backslashes."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, str) and "\\" in value and value.isprintable():
        quote = "'" if "'" not in value else "'''"
        if quote not in value and not value.endswith("'") and not value.startswith("'"):
            return f"{quote}{value}{quote}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _value(key)
