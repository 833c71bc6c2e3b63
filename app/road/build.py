"""The stages between manifest and serving: parse, graph, report, personas; each only where its input has changed."""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.road.journal import Journal, Stage, checksum, duration
from app.road.manifest import source_files, unlisted
from app.road.personas import trainable, training_stage
from app.road.quality import report
from parsing.commands import say
from parsing.errors import BadInput
from parsing.manifest import CastMember, Show, build_dir, build_root

_BYTES = 60  # of a transcript, a line; before anything is read
_PARSE, _GRAPH = 0.0006, 0.002  # seconds a line on a quiet core; what loading takes besides:
_LOADING = {"parse": 1.0, "graph": 5.0}
_ROOM, _PER_BYTE = 60 * 2**20, 6  # bytes of the disk that the products take, at most


def build(show: Show, manifest: Path, paths: Sequence[Path], minutes: float, again: bool) -> dict[str, Any]:
    """Run the stages that have to run; the report. Raises what they raise, and nothing half-written stays."""
    files = source_files(show)
    if left := unlisted(paths, files):
        say(
            f"      {len(left)} file(s) aren't in the manifest, such as {left[0].name}: add them, or delete "
            f"{manifest} to have it drafted anew"
        )
    size = sum(file.stat().st_size for file in files if file.is_file())
    _check_room(show, size)
    journal = Journal(show, manifest, again=again)
    training = (60 * minutes + 15) * len(show.personas) if minutes else 0.0
    parse, graph = _parse(show, manifest, files, size), _graph(show, manifest, size // _BYTES)
    say(f"      about {duration(parse.seconds + graph.seconds + training)} of work, if all of it has to be done")
    journal.run(parse, graph.seconds, training)
    members = trainable(show, _pairs(show)) if minutes else []  # told before the longer work
    journal.run(_graph(show, manifest, _lines(show)), training=training)
    _train(show, members, journal, minutes)
    return report(show)


def _parse(show: Show, manifest: Path, files: Sequence[Path], size: int) -> Stage:
    def work() -> None:
        from parsing.build import build as build_utterances
        from parsing.report import short_summary

        say("      " + short_summary(build_utterances(show)))

    folder = build_dir(show)
    outputs = tuple(folder / name for name in ("utterances.parquet", "pairs.jsonl", "quality.json"))
    seconds = _LOADING["parse"] + _PARSE * size / _BYTES
    what = f"reading {len(files)} file(s), {size / 2**20:.1f} MiB"
    return Stage("parse", what, checksum([manifest, *map(str, files), *files]), outputs, seconds, work)


def _graph(show: Show, manifest: Path, lines: int) -> Stage:
    from kg.corrections import FILE
    from kg.many import build_one

    folder = build_dir(show)
    inputs = checksum([manifest, folder / "utterances.parquet", show.folder / FILE])
    seconds = _LOADING["graph"] + _GRAPH * lines
    what = f"finding facts in {lines:,} lines"
    return Stage("graph", what, inputs, (folder / "graph.json.gz",), seconds, lambda: build_one(show))


def _lines(show: Show) -> int:
    return int(json.loads((build_dir(show) / "quality.json").read_text(encoding="utf-8"))["utterances"])


def _pairs(show: Show) -> dict[str, int]:
    """Pairs of each persona by its name."""
    made = json.loads((build_dir(show) / "quality.json").read_text(encoding="utf-8"))["pairs_made"]["personas"]
    return {name: int(counts["kept"]) for name, counts in made.items()}


def _train(show: Show, members: Sequence[CastMember], journal: Journal, minutes: float) -> None:
    """Train these personas, one after the other."""
    from app.engines.local import MODELS

    base = Path(os.environ.get("CANON_MODELS") or MODELS) / "base"
    for place, member in enumerate(members, 1):
        journal.run(training_stage(show, member, base, minutes), training=60 * minutes * (len(members) - place))


def _check_room(show: Show, size: int) -> None:
    """Raises `BadInput` where the disk has less room than the products may take."""
    folder = next(p for p in (build_root(), *build_root().absolute().parents) if p.is_dir())
    free, needed = shutil.disk_usage(folder).free, _ROOM + _PER_BYTE * size
    if free < needed:
        raise BadInput(
            f"{folder} has {free / 2**20:.0f} MiB free, {needed / 2**20:.0f} may be needed for {show.title}: "
            "make room, or name another place with CANON_BUILD"
        )
