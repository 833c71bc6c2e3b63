"""`python -m parsing plays`: all shows of a collection in one run, each under `build/<collection>/<show>/`."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from parsing.files import write_json
from parsing.manifest import build_dir, load_show
from parsing.pool import build_shows


def build_collection(folder: str, shows: tuple[str, ...], workers: int = 1) -> dict[str, Any]:
    """Parse every show and write `quality.json` of the whole: counts, reasons, and a line a show."""
    names = [f"{folder}/{member}" for member in shows]
    return write_whole(folder, shows, build_shows(names, workers, folder))


def write_whole(folder: str, shows: tuple[str, ...], reports: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Write `quality.json` of a collection from the reports of its shows, in their order."""
    lines: dict[str, dict[str, Any]] = {}
    dropped: Counter[str] = Counter()
    for member, report in zip(shows, reports, strict=True):
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
