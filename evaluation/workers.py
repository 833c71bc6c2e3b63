"""How much faster two processes build the graphs of many shows than one: `python -m evaluation workers`.

Every parsed show's utterances are copied into fresh build folders, so that no parsed line is kept from before; one and
two processes (and Ray Data, where it is installed and wished) take turns, and their graphs must have equal bytes.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from kg.many import parsed_shows
from parsing.errors import BadFile, NotFound
from parsing.manifest import ROOT, build_dir, load_show

WAYS: dict[str, tuple[str, ...]] = {
    "one process": ("--workers", "1"),
    "two processes": ("--workers", "2"),
    "Ray, two workers": ("--workers", "2", "--ray"),
}
Run = Callable[[Sequence[str], Path], float]


def measure(rounds: int = 3, ray: bool = False, run: Run | None = None) -> dict[str, Any]:
    """Wall-clock seconds of each way (medians over rounds), and how many times faster than one process.

    `run` builds all graphs into a folder with the words given and returns the seconds; by default it is
    `python -m kg build --all`. Raises `NotFound` without parsed shows, `BadFile` where two ways differ.
    """
    names = parsed_shows()
    if not names:
        raise NotFound("no show was parsed yet: run python -m parsing --all")
    ways = {way: words for way, words in WAYS.items() if ray or "--ray" not in words}
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        graphs: dict[str, dict[str, bytes]] = {}
        for way, words in ways.items():
            with tempfile.TemporaryDirectory(prefix="canon-workers-") as folder:
                _copy(names, Path(folder))
                seconds[way].append((run or _build)(words, Path(folder)))
                graphs[way] = {p.parent.name: p.read_bytes() for p in Path(folder).rglob("graph.json.gz")}
        if differing := [way for way, found in graphs.items() if found != graphs["one process"]]:
            raise BadFile(f"{', '.join(differing)}: other graphs than those of one process")
    one = seconds["one process"]
    return {
        "shows": len(names),
        "rounds": rounds,
        "cores": len(os.sched_getaffinity(0)),
        "seconds": {way: round(median(taken), 1) for way, taken in seconds.items()},
        "times_faster": {
            way: round(median(a / b for a, b in zip(one, taken, strict=True)), 2) for way, taken in seconds.items()
        },
    }


def _copy(names: Sequence[str], folder: Path) -> None:
    for name in names:
        (folder / name).mkdir(parents=True)
        shutil.copy(build_dir(load_show(name)) / "utterances.parquet", folder / name)


def _build(words: Sequence[str], folder: Path) -> float:
    begun = time.perf_counter()
    command = [sys.executable, "-m", "kg", "build", "--all", *words]
    environment = os.environ | {"CANON_BUILD": str(folder)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return time.perf_counter() - begun
