"""The stage as a whole: fetch, read, assemble, write `build/<show>/`."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from tqdm import tqdm

from parsing.assemble import Assembler
from parsing.attribution import attribution
from parsing.cast_list import write_cast_list
from parsing.episodes import parse_episode
from parsing.errors import BadFile, BadInput, BadManifest
from parsing.fetch import fetch, fetch_missing
from parsing.files import replacing, write_json, write_jsonl
from parsing.manifest import Show, build_dir
from parsing.merging import plan_for
from parsing.pair_filters import pair_options
from parsing.pairs import make_pairs
from parsing.plan import Plan
from parsing.readers import Block, reader_named
from parsing.report import FileReport, file_report, quality
from parsing.sources import check_unique, listed


@dataclass
class Transcripts:
    """What the sources of a show held."""

    episodes: dict[str, list[Block]] = field(default_factory=dict)  # in story order
    files: list[FileReport] = field(default_factory=list)


def read_sources(show: Show) -> Transcripts:
    """Fetch and read every file of a show, sorted by episode. Raises `BadFile`, `BadManifest`, `Unavailable`."""
    check_unique(show)
    if not show.sources:
        raise BadManifest(f"{show.folder / 'show.toml'}: no [[source]]: nothing to parse")
    result = Transcripts()
    for source in show.sources:
        reader_named(source.reader)  # an unknown one is told before the fetching
    fetch_missing(show, [(source, entry) for source in show.sources for entry in listed(show, source)])
    for source in show.sources:
        reader = reader_named(source.reader)
        for entry in tqdm(
            listed(show, source), desc=f"reading {show.id}", unit="file", leave=False, disable=not sys.stderr.isatty()
        ):
            data = fetch(show, source, entry)
            if entry.get("drop"):
                result.files.append(FileReport(entry["path"], (), excluded=entry["drop"]))
                continue
            blocks = reader(data, {**source.options, **entry.get("options", {})}, entry["path"])
            if not any(block.kind == "speech" for block in blocks):
                raise BadFile(
                    f"{entry['path']}: nothing in it looks like a cue (`NAME: text`): mend 'cue' in "
                    f"[source.options] of {show.folder / 'show.toml'}, if '{source.reader}' is its reader"
                )
            parts = by_episode(entry, with_scenes(blocks, entry.get("scenes", [])), show)
            for episode, part in parts.items():
                result.episodes.setdefault(episode, []).extend(part)
            result.files.append(file_report(entry["path"], list(parts), blocks))
    result.episodes = dict(sorted(result.episodes.items()))
    return result


def with_scenes(blocks: Sequence[Block], lines: Sequence[int]) -> list[Block]:
    """Put a scene's beginning (without a heading) before the first block at or after each of these lines."""
    waiting = sorted(lines, reverse=True)
    result: list[Block] = []
    for block in blocks:
        while waiting and block.line >= waiting[-1]:
            result.append(Block("scene", "", waiting.pop()))
        result.append(block)
    return result


def by_episode(entry: Mapping[str, Any], blocks: Sequence[Block], show: Show) -> dict[str, list[Block]]:
    """Sort a file's blocks by episode: by the manifest's `begins`, or as the file itself says."""
    episodes = list(entry.get("episodes") or ([entry["episode"]] if "episode" in entry else []))
    begins = list(entry.get("begins", []))
    parts: dict[str, list[Block]] = {e: [] for e in episodes}
    current = ""
    for block in blocks:
        if episodes:
            if block.kind == "episode" and block.episode not in episodes:
                told = ", ".join(episodes)
                raise BadFile(f"{entry['path']}, line {block.line}: says {block.episode}, the manifest says {told}")
            current = episodes[sum(block.line >= line for line in begins)]
        elif block.episode:
            current = _known(block.episode, show, entry, block)
        elif not current and block.kind == "speech":
            where = f"{show.folder / 'show.toml'}: files entry {entry['path']}"
            raise BadManifest(f"{where}: names no episode, and line {block.line} comes before the file names one")
        parts.setdefault(current, []).append(block)
    parts.pop("", None)  # what stands before the file's first episode
    return parts


def _known(episode: str, show: Show, entry: Mapping[str, Any], block: Block) -> str:
    try:
        return parse_episode(episode, show.seasons)
    except BadInput as error:
        raise BadFile(f"{entry['path']}, row {block.line}: {error}") from None


def utterance_table(
    show: Show, transcripts: Transcripts, merging: Plan | None = None
) -> tuple[pd.DataFrame, Counter[str]]:
    """The utterance table and what was left out on the way, by reason; without `merging` as `plan_for` decides."""
    assembler = Assembler(show, merging or plan_for(show, transcripts.episodes))
    rows = [row for episode, blocks in transcripts.episodes.items() for row in assembler.rows(episode, blocks)]
    dropped = Counter(assembler.dropped)
    for report in transcripts.files:
        dropped.update(report.dropped or {})
    return pd.DataFrame(rows), dropped


def build(show: Show) -> dict[str, Any]:
    """Write `utterances.parquet`, `pairs.jsonl` and `quality.json`; returns the quality report."""
    pair_options(show)  # an error in the manifest is told before the work
    transcripts = read_sources(show)
    merging = plan_for(show, transcripts.episodes)
    table, dropped = utterance_table(show, transcripts, merging)
    pairs = make_pairs(show, table)
    report = quality(show, table, transcripts.files, dict(dropped.most_common()), pairs.counts())
    report["pairs_made"] = pairs.details()
    report["speakers"] = attribution(show, table, merging)
    folder = build_dir(show)
    with replacing(folder / "utterances.parquet") as path:
        table.to_parquet(path, index=False)
    write_jsonl(folder / "pairs.jsonl", pairs.rows)
    write_json(folder / "quality.json", report)
    write_cast_list(show)
    return report
