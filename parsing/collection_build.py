"""`python -m parsing plays`: all shows of a collection in one run, each under `build/<collection>/<show>/`."""

import sys
from collections import Counter
from typing import Any

from tqdm import tqdm

from parsing.build import build
from parsing.files import write_json
from parsing.manifest import build_dir, load_show


def build_collection(folder: str, shows: tuple[str, ...]) -> dict[str, Any]:
    """Parse every show and write `quality.json` of the whole: counts, reasons, and a line a show."""
    lines: dict[str, dict[str, Any]] = {}
    dropped: Counter[str] = Counter()
    for member in tqdm(shows, desc=f"parsing {folder}", unit="show", leave=False, disable=not sys.stderr.isatty()):
        report = build(load_show(f"{folder}/{member}"))
        dropped.update(report["dropped"])
        wanted = ("episodes", "scenes", "utterances", "with_canonical_speaker", "with_addressee")
        lines[member] = {key: report[key] for key in wanted}
    spoken = sum(line["utterances"] for line in lines.values())
    named = sum(line["utterances"] * line["with_canonical_speaker"] for line in lines.values())
    total = {key: sum(line[key] for line in lines.values()) for key in ("episodes", "scenes", "utterances")}
    whole = {"collection": folder, "shows": len(lines), **total, "with_canonical_speaker": named / max(spoken, 1)}
    whole |= {"dropped": dict(dropped.most_common()), "per_show": lines}
    target = build_dir(load_show(f"{folder}/{shows[0]}")).parent
    write_json(target / "quality.json", whole)
    return whole


def collection_summary(whole: dict[str, Any]) -> str:
    """The page for the terminal."""
    dropped = ", ".join(f"{why} {count:,}" for why, count in whole["dropped"].items()) or "nothing"
    return (
        f"{whole['collection']}: {whole['shows']} shows, {whole['episodes']:,} episodes, {whole['scenes']:,} scenes, "
        f"{whole['utterances']:,} utterances, {whole['with_canonical_speaker']:.1%} with a canonical speaker\n"
        f"left out: {dropped}"
    )
