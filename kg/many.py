"""Graphs of many shows: `python -m kg build --all --workers 2`, on one machine's processes or by Ray Data.

The show is the unit of work: within one, who is meant and what is believed hang on all of it. A show that fails is
told at the end and takes no other with it; the graphs are byte for byte those of a single process.
"""

import contextlib
import importlib
import io
import json
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Literal

from tqdm import tqdm

from parsing.errors import BadInput, CanonError, NotFound
from parsing.manifest import Show, build_dir, load_show
from parsing.pool import every_show, in_processes

By = Literal["processes", "ray"]


@dataclass(frozen=True)
class Built:
    """What came of one show."""

    show: str
    seconds: float = 0.0
    nodes: int = 0
    facts: int = 0
    curated: int = 0
    retired: int = 0
    relations: Mapping[str, int] = field(default_factory=dict)
    error: str = ""  # why there is no graph


def build_one(show: Show, ship: bool = False, pipeline: str = "", processes: int = 2) -> Built:
    """Extract a show's graph, lay its corrections over it, write `build/<show>/graph.json.gz`.

    `ship` writes it beside `show.toml` too; `pipeline` is an installed spaCy pipeline, `processes` are spaCy's.
    Raises what `build_graph` and `apply` raise.
    """
    from kg.build import build_graph
    from kg.corrections import apply

    started = time.perf_counter()
    graph = apply(build_graph(show, model=pipeline, processes=processes), show)
    for folder in (build_dir(show), show.folder) if ship else (build_dir(show),):
        graph.save(folder / "graph.json.gz")
    return Built(
        show.id,
        time.perf_counter() - started,
        len(graph.nodes),
        len(graph.stored),
        sum(fact.extractor == "curated" for fact in graph.stored),
        len(graph.retired),
        dict(sorted(Counter(fact.relation for fact in graph.stored).items())),
    )


def parsed_shows() -> list[str]:
    """The ids of all shows whose transcripts were parsed, the long ones before the plays of a collection."""
    return [name for name in every_show() if (build_dir(load_show(name)) / "utterances.parquet").is_file()]


def build_many(names: Sequence[str], workers: int = 1, by: By = "processes") -> Iterator[Built]:
    """Build the graphs of these shows, in the order given. Raises `BadInput` for less than one worker, or no Ray."""
    if workers < 1:
        raise BadInput(f"--workers {workers}: expected 1 or more")
    how = {
        "ray": _by_ray,
        "processes": partial(in_processes, _one) if workers > 1 else lambda names, _: map(_one, names),
    }[by]
    bar = tqdm(total=len(names), desc="graphs", unit="show", leave=False, disable=not sys.stderr.isatty())
    with bar:
        for built in how(names, workers):
            bar.update()
            yield built


def _one(name: str) -> Built:
    """One show in this process; its counts aren't told line by line."""
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            return build_one(load_show(name), processes=1)
    except CanonError as error:
        return Built(name, error=str(error))


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """One show as a row of a Ray dataset: texts, since a column of mappings would mix the relations of all shows."""
    return {"item": row["item"], "built": json.dumps(asdict(_one(str(row["item"]))))}


def _by_ray(names: Sequence[str], workers: int) -> Iterator[Built]:
    """The same map over Ray Data: on this machine, or on the cluster that RAY_ADDRESS names (docs/scale.md)."""
    try:
        ray: Any = importlib.import_module("ray")
        importlib.import_module("ray.data")
    except ImportError:
        raise NotFound("Ray isn't installed: pip install 'ray[data]', or leave --ray out") from None
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    ray.init(num_cpus=None if os.environ.get("RAY_ADDRESS") else workers, include_dashboard=False, **quiet)
    try:
        ray.data.DataContext.get_current().enable_progress_bars = False
        rows = ray.data.from_items(list(names), override_num_blocks=len(names)).map(
            _row, compute=ray.data.TaskPoolStrategy(size=workers)
        )
        found = {row["item"]: Built(**json.loads(row["built"])) for row in rows.iter_rows()}
    finally:
        ray.shutdown()
    yield from (found[name] for name in names)
