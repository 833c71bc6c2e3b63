"""What a file is, by its first bytes and its ending, and how its reader must be set up."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from parsing.errors import BadFile, CanonError
from parsing.guess.marks import find_marks
from parsing.guess.rows import SEPARATORS, NoHeader, find_columns, r_table, rows_in
from parsing.readers import encoding as encodings
from parsing.readers import html_script, jsonl, subtitles, table

_ENDINGS = {
    ".htm": "html_script", ".html": "html_script", ".xhtml": "html_script", ".csv": "table", ".tsv": "table",
    ".tab": "table", ".json": "jsonl", ".jsonl": "jsonl", ".ndjson": "jsonl", ".srt": "subtitles", ".vtt": "subtitles",
    ".ass": "subtitles", ".ssa": "subtitles", ".rda": "rdata", ".rdata": "rdata", ".xml": "tei", ".tei": "tei",
    ".txt": "text_script", ".text": "text_script", ".md": "text_script", "": "text_script", ".script": "text_script",
}  # fmt: skip
_STARTS = (  # what the text begins with tells more than an ending such as .txt
    ("html_script", r"\s*(?:<!doctype html|<html|<head|<body)"),
    ("tei", r"\s*(?:<\?xml[^>]*>\s*)?(?:<[!?][^>]*>\s*)*<tei\b"),
    ("subtitles", r"\s*webvtt\b|\s*\d+\s*\n\d{1,2}:\d\d:\d\d[,.]\d+ +-->|\s*\[script info\]"),
    ("jsonl", r"\s*[{\[]\s*[{\"\]}]"),
)
_SAMPLE = 400  # lines of a file that are looked at, when there are many files
_R_MAGIC = (b"RDX", b"RDA", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


@dataclass
class Source:
    """A draft of one [[source]]."""

    reader: str
    files: dict[str, bytes]
    options: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    own: dict[str, dict[str, Any]] = field(default_factory=dict)  # options of single files
    chapters: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    tells_episode: bool = False
    sure: bool = True
    names: Mapping[str, int] = field(default_factory=dict)  # where cues are unsure: words that may be names


def reader_of(name: str, data: bytes) -> str:
    """The reader for a file. Raises `BadFile` for one that no reader reads."""
    if not data.strip():
        raise BadFile(f"{name}: an empty file, expected a transcript")
    ending = PurePosixPath(name.lower()).suffix
    by_ending = _ENDINGS.get(ending)
    if by_ending == "rdata" or (by_ending is None and data.startswith(_R_MAGIC[:2])):
        return "rdata"
    start = encodings.decode(data, name).text[:2000]
    for reader, pattern in _STARTS:
        if re.match(pattern, start, re.IGNORECASE):
            return reader
    if by_ending == "html_script" and re.search(r"<(?:p|br|div|b|body|td)\b", start, re.IGNORECASE):
        return by_ending
    if by_ending is None and re.search(r"[^\w.]", ending):
        raise BadFile(f"{name}: no reader for files that end in '{ending}'")
    return by_ending if by_ending in {"table", "text_script"} else "text_script"


def look(reader: str, files: Mapping[str, bytes]) -> Source:
    """How files of one kind are read. Raises `CanonError` where they can't be."""
    source = Source(reader, dict(files))
    if reader != "rdata":
        _encoding(source)
    _LOOKS[reader](source)
    return source


def _encoding(source: Source) -> None:
    """Encodings that had to be guessed are written down."""
    guessed = {name: t.encoding for name in source.files if (t := _decoded(source, name)).guessed}
    if not guessed:
        source.notes.append("encoding: UTF-8 (or told by a byte order mark)")
    elif len(set(guessed.values())) == 1 and all(n in guessed or d.isascii() for n, d in source.files.items()):
        source.options["encoding"] = next(iter(guessed.values()))
        source.notes.append(f"encoding: {source.options['encoding']} by charset-normalizer's guess")
    else:
        source.own = {name: {"encoding": encoding} for name, encoding in guessed.items()}
        source.notes.append(f"encodings: {len(guessed)} files not UTF-8, guessed by charset-normalizer one by one")


def _decoded(source: Source, name: str) -> encodings.Text:
    given = {**source.options, **source.own.get(name, {})}.get("encoding", "")
    return encodings.decode(source.files[name], name, given)


def _script(source: Source, lines: Callable[[str], Sequence[tuple[int, str]]]) -> None:
    few = len(source.files) <= 20
    found = find_marks({name: lines(name)[: None if few else _SAMPLE] for name in source.files})
    source.options |= found.options
    cues = found.cues
    share = f"{cues.matched:,} of {cues.lines:,} lines, {len(cues.labels):,} labels"
    source.notes += [f"cues: '{cues.form.shown}' ({share})"] if cues.sure else []
    source.notes += found.notes
    source.tells_episode, source.chapters = found.tells_episode, found.chapters
    source.sure, source.names = cues.sure, {} if cues.sure else cues.labels


def _text(source: Source) -> None:
    _script(source, lambda name: list(enumerate(_decoded(source, name).text.splitlines(), 1)))


def _html(source: Source) -> None:
    _script(source, lambda name: [(n.number, n.text) for n in html_script._lines_of(_decoded(source, name).text, name)])
    source.chapters = {}


def _subtitles(source: Source) -> None:
    wanted = subtitles.SubtitleOptions()

    def lines(name: str) -> list[tuple[int, str]]:
        return [(n.number, n.text) for n in subtitles._lines(_decoded(source, name).text, wanted, name)]

    _script(source, lines)
    source.chapters = {}
    for key in ("scene", "scene_brackets", "bare_scene"):
        source.options.pop(key, None)
    every = [text for name in source.files for _, text in lines(name)]
    cued = sum(bool(re.match(r"[-–— ]*[^\W\d_][\w.' -]{0,30}:", text)) for text in every)
    if not source.sure:  # most captions name nobody
        source.options = {k: v for k, v in source.options.items() if k not in {"cue", "colon", "cue_needs_capital"}}
        source.sure = cued > 0
    if cued < 0.2 * len(every):
        source.options["keep_uncued"] = True
        source.notes.append(f"cues: only {cued} of {len(every)} lines of captions name a speaker; all are kept")
    source.options["scene_gap"] = 20
    source.notes.append("scenes: a silence of 20 seconds opens one")


def _table(source: Source) -> None:
    name = next(iter(source.files))
    text = _decoded(source, name).text
    separator, frame = _separated(text, name)
    if separator != ("\t" if name.endswith((".tsv", ".tab")) else ","):
        source.options["separator"] = separator
    try:
        _columns(source, frame, name)
    except NoHeader:
        columns = [f"column {i}" for i in range(1, len(frame.columns) + 1)]
        _columns(source, table.frame(text, separator, name, columns)[0], name)
        source.options["columns"] = columns
        source.notes.append("columns: the first row is speech, so that they are named here by their order")


def _separated(text: str, name: str) -> tuple[str, Any]:
    """The sign between the cells and the table: the first that makes two columns or more. Raises `BadFile`."""
    failed = f"{name}, line 1: one column only, expected speakers and speech beside each other"
    for separator in SEPARATORS:
        try:
            frame, _ = table.frame(text, separator, name)
        except CanonError as error:
            failed = str(error)
            continue
        if len(frame.columns) > 1:
            return separator, frame
    raise BadFile(failed)


def _columns(source: Source, frame: Any, name: str) -> None:
    options, notes = find_columns(frame, name)
    source.options |= options
    source.notes += notes
    source.tells_episode = bool({"episode", "title"} & {*options, *map(str, frame.columns)} - {"text"})


def _json(source: Source) -> None:
    import pandas as pd

    name = next(iter(source.files))
    document = jsonl.documents(_decoded(source, name).text, name)
    found = rows_in(document)
    if not found:
        raise BadFile(f"{name}: no list of objects in it, expected one object an utterance")
    path = max(found)[1]
    records = list(jsonl.walk(document, list(path), {}, name))
    if path:
        source.options["rows"] = ".".join(path)
    _columns(source, pd.DataFrame(records, dtype=object), name)


def _rdata(source: Source) -> None:
    name = next(iter(source.files))
    which, value, encoding = r_table(source.files[name], name)
    if any(r_table(data, file)[2] for file, data in source.files.items()):
        encoding = "cp1252"
    source.options |= {k: v for k, v in (("table", which), ("encoding", encoding)) if v}
    source.notes.append(f"encoding: {encoding or 'UTF-8'} where the strings don't say theirs")
    if hasattr(value, "columns"):
        _columns(source, value, name)
        return
    source.reader = "rdata_script"

    def lines(file: str) -> list[tuple[int, str]]:
        texts = r_table(source.files[file], file)[1].ravel().tolist()
        return list(enumerate("\n".join(t for t in texts if isinstance(t, str)).splitlines(), 1))

    _script(source, lines)
    source.chapters = {}


def _tei(source: Source) -> None:
    source.options.pop("encoding", None)
    source.own = {}
    source.notes = ["encoding: as the file says", "people: the play's own list; ids in `labels`"]
    if len(source.files) > 1:
        source.options["episodes"] = "play"
        source.notes.append("several plays: each is an episode here; better is one show.toml a play, with acts")
    source.tells_episode = len(source.files) == 1


_LOOKS: dict[str, Callable[[Source], None]] = {
    "text_script": _text,
    "html_script": _html,
    "subtitles": _subtitles,
    "table": _table,
    "jsonl": _json,
    "rdata": _rdata,
    "tei": _tei,
}
