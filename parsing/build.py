"""The stage as a whole: fetch, read, assemble, write `build/<show>/`."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from tqdm import tqdm

from parsing.assemble import rows_of
from parsing.errors import BadManifest
from parsing.fetch import fetch
from parsing.files import replacing, write_json, write_jsonl
from parsing.manifest import Show, Source, build_dir
from parsing.pairs import make_pairs
from parsing.readers import Block, reader_named
from parsing.speakers import Speakers


@dataclass
class Read:
    """What the sources of a show held."""

    episodes: dict[str, list[Block]] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)


def read_sources(show: Show) -> Read:
    """Fetch and read every file of a show, and sort what stands there by episode."""
    result = Read()
    for source in show.sources:
        reader = reader_named(source.reader)
        for entry in tqdm(source.files, desc=f"reading {show.id}", unit="file", leave=False):
            data = fetch(show, source, entry)
            if entry.get("drop"):
                result.files.append({"path": entry["path"], "dropped": entry["drop"]})
                continue
            blocks = reader(data, source.options, entry["path"])
            for episode, part in _by_episode(source, entry, blocks).items():
                result.episodes.setdefault(episode, []).extend(part)
            result.files.append({"path": entry["path"], "blocks": len(blocks)})
    result.episodes = dict(sorted(result.episodes.items()))
    return result


def _by_episode(source: Source, entry: Any, blocks: list[Block]) -> dict[str, list[Block]]:
    episodes = entry.get("episodes") or [entry["episode"]]
    begins = entry.get("begins", [])
    if len(begins) != len(episodes) - 1:
        raise BadManifest(f"{entry['path']}: {len(episodes)} episodes need {len(episodes) - 1} line(s) in 'begins'")
    parts: dict[str, list[Block]] = {e: [] for e in episodes}
    for block in blocks:
        parts[episodes[sum(block.line >= line for line in begins)]].append(block)
    return parts


def build(show: Show) -> None:
    """Write `utterances.parquet` and `pairs.jsonl` of a show."""
    read = read_sources(show)
    speakers = Speakers(show)
    rows = [row for episode, blocks in read.episodes.items() for row in rows_of(show, episode, blocks, speakers)]
    table = pd.DataFrame(rows)
    pairs, dropped = make_pairs(show, table)
    folder = build_dir(show)
    with replacing(folder / "utterances.parquet") as path:
        table.to_parquet(path, index=False)
    write_jsonl(folder / "pairs.jsonl", pairs)
    write_json(folder / "quality.json", {"files": read.files, "pairs_dropped": dict(dropped)})
