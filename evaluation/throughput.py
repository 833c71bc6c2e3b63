"""How fast is extraction beside the parser that it stands on? Both over the same lines, in turn, one process."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from kg import pipeline
from kg.extract.mentions import Line, Names, mentions, read_lines
from kg.reading import POOLED
from parsing.manifest import Show
from parsing.tables import load_utterances

EPISODES = 4
RUNS = 3


def throughput(show: Show, episodes: int = EPISODES, runs: int = RUNS) -> dict[str, Any]:
    """Ratios of throughput, extraction to `nlp.pipe` alone, over the first episodes: medians of interleaved runs.

    `parsed_lines`: the parser over the lines that have a cue, the ones that extraction parses too, before it reads them
    and pools what headings, directions and addresses say. `all_lines`: the parser over every line; extraction over the
    same, which leaves out what has no cue. Above 1 extraction is the faster.
    """
    chosen = list(show.episodes)[:episodes]
    lines = [line for line in read_lines(load_utterances(show)) if line.episode in chosen]
    nlp, names, cue = pipeline.load_pipeline(show), Names(show), pipeline.cues()
    spoken = [line for line in lines if line.speaker]
    cued = [line for line in spoken if cue.search(line.text)]

    def parse(these: Sequence[Line]) -> None:
        for _ in nlp.pipe((line.text for line in these), batch_size=256):
            pass

    def extract() -> None:
        mine = [line for line in spoken if cue.search(line.text)]
        docs = dict(zip((o.id for o in mine), nlp.pipe((o.text for o in mine), batch_size=256), strict=True))
        list(mentions(lines, docs, names))
        for signal in POOLED:
            list(signal(lines, names))

    parse(cued[:200])  # warm
    taken = _interleaved({"cued": lambda: parse(cued), "all": lambda: parse(spoken), "extract": extract}, runs)
    ratio = {name: [a / b for a, b in zip(taken[name], taken["extract"], strict=True)] for name in ("cued", "all")}
    return {
        "lines": len(spoken),
        "parsed": len(cued),
        "runs": runs,
        "parsed_lines": round(statistics.median(ratio["cued"]), 3),
        "all_lines": round(statistics.median(ratio["all"]), 3),
        "lines_per_second": round(len(spoken) / statistics.median(taken["extract"]), 1),
    }


def _interleaved(tasks: dict[str, Callable[[], None]], runs: int) -> dict[str, list[float]]:
    """Seconds of each task in each run; the tasks take turns, so that a busy machine slows all of them alike."""
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(runs):
        for name, task in tasks.items():
            started = time.perf_counter()
            task()
            taken[name].append(time.perf_counter() - started)
    return taken
