"""Many shows in one run, over several processes if wished: `python -m parsing --all --workers 2`.

The show is the unit of work: within one, whom a label means and what was said before hang on all of it. Every show
writes its own folder, so that the files are the same bytes whatever the number of processes.
"""

import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

from tqdm import tqdm

from parsing.collection import members
from parsing.errors import BadInput
from parsing.manifest import SHOWS, list_shows, load_show

Made = TypeVar("Made")


def build_shows(names: Sequence[str], workers: int = 1, what: str = "shows") -> Iterator[dict[str, Any]]:
    """Parse the shows; their quality reports, in the order given. The first error ends the run and is raised.

    Raises `BadInput` for less than one worker, else what `build` raises.
    """
    if workers < 1:
        raise BadInput(f"--workers {workers}: expected 1 or more processes")
    bar = tqdm(total=len(names), desc=f"parsing {what}", unit="show", leave=False, disable=not sys.stderr.isatty())
    with bar:
        for report in map(_built, names) if workers == 1 else in_processes(_built, names, workers):
            bar.update()
            yield report


def every_show() -> list[str]:
    """The ids of all shows, the long ones before the short plays of a collection: so no process waits long."""
    return sorted(list_shows(), key=lambda name: ("/" in name, name))


def collections() -> dict[str, tuple[str, ...]]:
    """The ids of the collections' shows, by the collection's folder."""
    found = {path.parent.name: members(path.parent) for path in sorted(SHOWS.glob("*/show.toml"))}
    return {folder: shows for folder, shows in found.items() if shows}


def _built(name: str) -> dict[str, Any]:
    from parsing.build import build

    return build(load_show(name))


def in_processes(make: Callable[[str], Made], names: Sequence[str], workers: int) -> Iterator[Made]:
    """What `make`, a function of a module, makes of each show, in their order; left early, the rest isn't begun."""
    context = multiprocessing.get_context("spawn")  # a fork would copy the threads' locks of pandas and pyarrow
    with ProcessPoolExecutor(min(workers, max(1, len(names))), mp_context=context) as pool:
        try:
            yield from pool.map(make, names)
        finally:
            pool.shutdown(cancel_futures=True)
