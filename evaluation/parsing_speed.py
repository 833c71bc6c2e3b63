"""How long parsing takes, as a ratio to merely reading the same files with the same libraries.

Three things are timed in turn, show by show, so that a busy machine slows all alike: the libraries alone, the readers
(files to blocks), and the whole stage (speakers, scenes, addressees, pairs, tables written). Processor seconds, the
median of the rounds. Then the whole mirror is parsed by one and by two processes, in wall-clock seconds.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from statistics import median
from typing import Any

from tqdm import tqdm

from evaluation.parsing_counts import folders
from parsing.build import build, read_sources
from parsing.collection import members
from parsing.fetch import fetch
from parsing.manifest import ROOT, SHOWS, Show, load_show
from parsing.readers.encoding import decode
from parsing.sources import listed

KINDS = ("read", "blocks", "whole")
# A process's peak counts that of the one it was forked from, until it has executed: a small one stands between.
_WATCHED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def measure(names: Sequence[str], rounds: int) -> dict[str, Any]:
    """Seconds and ratios of each show and of all; without `names` for every show, and then the whole run too."""
    with tempfile.TemporaryDirectory(prefix="canon-speed-") as folder, _building_in(folder):
        return _measured(names, rounds)


@contextmanager
def _building_in(folder: str) -> Iterator[None]:
    """A timing leaves the builds that are there alone."""
    before = os.environ.get("CANON_BUILD")
    os.environ["CANON_BUILD"] = folder
    try:
        yield
    finally:
        os.environ.pop("CANON_BUILD")
        os.environ.update({"CANON_BUILD": before} if before is not None else {})


def _measured(names: Sequence[str], rounds: int) -> dict[str, Any]:
    seconds: dict[str, list[dict[str, float]]] = {}
    wanted = list(names) or folders()
    _warm_up()
    for _ in range(rounds):
        for name in tqdm(wanted, desc="timing", disable=None, leave=False):
            seconds.setdefault(name, []).append(_one(name))
    rows = {name: _row(found) for name, found in seconds.items()}
    sums = [{k: sum(found[i][k] for found in seconds.values()) for k in KINDS} for i in range(rounds)]
    result: dict[str, Any] = {"rounds": rounds, "shows": rows, "all": _row(sums)}
    return result if names else result | {"run": _whole_run(rounds)}


def _warm_up() -> None:
    """Import what is imported late, before anything is timed."""
    import datasketch  # noqa: F401
    import lxml.html
    import pandas as pd
    import pysubs2  # noqa: F401
    import rdata  # noqa: F401

    lxml.html.document_fromstring("<p>a</p>")
    pd.DataFrame({"a": ["b"]}).to_parquet(BytesIO())


def _one(name: str) -> dict[str, float]:
    shows = [load_show(f"{name}/{m}") for m in members(SHOWS / name)] or [load_show(name)]
    steps: tuple[Callable[[Show], Any], ...] = (read_alone, read_sources, build)
    found = {}
    for kind, step in zip(KINDS, steps, strict=True):
        begun = time.process_time()
        for show in shows:
            step(show)
        found[kind] = time.process_time() - begun
    return found


def _row(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    row = {kind: round(median(found[kind] for found in rounds), 3) for kind in KINDS}
    ratios = {f"{k}_ratio": round(median(f[k] / max(f["read"], 1e-6) for f in rounds), 2) for k in KINDS[1:]}
    return row | ratios


def read_alone(show: Show) -> int:
    """Read all files of a show with the libraries alone, to text; returns its length in characters."""
    length = 0
    for source in show.sources:
        for entry in listed(show, source):
            data = fetch(show, source, entry)
            length += _LIBRARIES[source.reader](data, str(source.options.get("encoding", "")), entry["path"])
    return length


def _text(data: bytes, encoding: str, name: str) -> int:
    return sum(map(len, decode(data, name, encoding).text.splitlines()))


def _html(data: bytes, encoding: str, name: str) -> int:
    import lxml.html

    return len(lxml.html.document_fromstring(decode(data, name, encoding).text).text_content())


def _csv(data: bytes, encoding: str, name: str) -> int:
    import pandas as pd

    table = pd.read_csv(BytesIO(data), dtype=str, keep_default_na=False, encoding=encoding or "utf-8-sig")
    return sum(len(text) for column in table.columns for text in table[column])


def _json(data: bytes, encoding: str, name: str) -> int:
    import pandas as pd

    return len(pd.read_json(BytesIO(data), lines=name.endswith("l")))


def _rdata(data: bytes, encoding: str, name: str) -> int:
    import warnings

    import rdata

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a tibble is read as a plain data frame
        return len(rdata.conversion.convert(rdata.parser.parse_data(data), default_encoding=encoding or "utf-8"))


def _xml(data: bytes, encoding: str, name: str) -> int:
    from lxml import etree

    return sum(len(text) for text in etree.fromstring(data).itertext())


def _subtitles(data: bytes, encoding: str, name: str) -> int:
    import pysubs2

    return sum(len(caption.text) for caption in pysubs2.SSAFile.from_string(decode(data, name, encoding).text))


_LIBRARIES: dict[str, Callable[[bytes, str, str], int]] = {
    "html_script": _html,
    "text_script": _text,
    "table": _csv,
    "rdata": _rdata,
    "rdata_script": _rdata,
    "jsonl": _json,
    "tei": _xml,
    "subtitles": _subtitles,
}


def _whole_run(rounds: int) -> dict[str, float]:
    """`python -m parsing --all` by one and by two processes, in turn; wall-clock seconds and the peak of memory."""
    seconds: dict[int, list[float]] = {1: [], 2: []}
    peak = 0
    for _ in range(rounds):
        for workers, taken in seconds.items():
            begun = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", _WATCHED, sys.executable, "-m", "parsing", "--all", "--workers", str(workers)],
                cwd=ROOT,
                check=True,
                capture_output=True,
                text=True,
            )
            taken.append(time.perf_counter() - begun)
            peak = max(peak, int(done.stdout.split()[-1]) // 1024)  # of the largest process
    faster = median(one / two for one, two in zip(seconds[1], seconds[2], strict=True))
    return {
        "one_process_s": round(median(seconds[1]), 1),
        "two_processes_s": round(median(seconds[2]), 1),
        "times_faster": round(faster, 2),
        "cores": float(len(os.sched_getaffinity(0))),
        "peak_mib": peak,
    }
