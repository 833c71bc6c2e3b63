"""Source files: beside the manifest, in the mirror, in the cache or from their pinned address; sha256 checked."""

import hashlib
import os
import sys
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from tqdm import tqdm

from parsing.download import Downloader, Stopped
from parsing.errors import BadFile
from parsing.manifest import Show, Source

AT_ONCE = 4  # downloads at a time: quick for us, bearable for a small server
TIMEOUT = 30  # seconds without a byte


def mirror_folder() -> Path | None:
    """`$CANON_MIRROR`, or `$CANON_DATA/mirror`, or None where neither is set."""
    if mirror := os.environ.get("CANON_MIRROR"):
        return Path(mirror)
    if data := os.environ.get("CANON_DATA"):
        return Path(data) / "mirror"
    return None


def cache_folder() -> Path:
    """`$CANON_CACHE`, by default `~/.cache/canon`."""
    return Path(os.environ.get("CANON_CACHE") or Path.home() / ".cache" / "canon")


def fetch(show: Show, source: Source, entry: Mapping[str, Any]) -> bytes:
    """The bytes of one file of a source.

    Searched in this order: beside `show.toml` (a source without an address), mirror, cache, pinned address (then
    kept in the cache). Raises `BadFile` for a wrong checksum or a missing local file, `Unavailable` when the file
    is in neither folder and can't be downloaded.
    """
    path = _at_hand(show, source, entry)
    if path is None:
        fetch_missing(show, [(source, entry)])
        path = _cached(source, entry)
    return checked(path.read_bytes(), entry.get("sha256"), str(path))


def fetch_missing(show: Show, wanted: Iterable[tuple[Source, Mapping[str, Any]]]) -> int:
    """Download what is neither in the mirror nor in the cache, a few files at a time; returns how many there were.

    The first failure stops the rest and is raised (`BadFile`, `Unavailable`); what had come by then stays cached, and
    the next run goes on from there.
    """
    missing = {_cached(s, e): (s, e) for s, e in wanted if s.base_url and _at_hand(show, s, e) is None}
    if not missing:
        return 0
    stop, fresh = threading.Event(), not cache_folder().exists()
    with (
        httpx.Client(timeout=TIMEOUT, follow_redirects=True) as client,
        ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch") as pool,
    ):
        downloader = Downloader(client, stop)
        jobs = [pool.submit(downloader.get, _url(s, e), p, e.get("sha256")) for p, (s, e) in missing.items()]
        try:
            _watch(jobs, show.id)
        except KeyboardInterrupt:
            downloader.interrupted = True
            raise
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)
            _tidy(missing, fresh)
    return len(missing)


def _tidy(files: Iterable[Path], fresh: bool) -> None:
    """Take away the folders made for files that didn't come, the cache itself where it is new and empty."""
    root = cache_folder()
    below = {folder for path in files for folder in path.parents if root in folder.parents}
    for folder in sorted(below, reverse=True) + ([root] if fresh else []):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _watch(jobs: list[Future[None]], show: str) -> None:
    """Wait for all jobs with a progress bar (on a terminal); raises the first failure in the order of the list."""
    bar = tqdm(total=len(jobs), desc=f"fetching {show}", unit="file", leave=False, disable=not sys.stderr.isatty())
    with bar:
        for job in jobs:
            job.add_done_callback(lambda done: bar.update())
        done, _ = wait(jobs, return_when=FIRST_EXCEPTION)
    failed = [error for job in jobs if job in done and (error := job.exception()) is not None]
    for error in failed:
        if not isinstance(error, Stopped):
            raise error


def _at_hand(show: Show, source: Source, entry: Mapping[str, Any]) -> Path | None:
    """Where a file lies already; None where it must be downloaded. Raises `BadFile` for a missing local file."""
    name = str(entry["path"])
    if not source.base_url:
        path = show.folder / source.folder / name
        if not path.is_file():
            raise BadFile(f"no file {path}, which {show.folder / 'show.toml'} lists")
        return path
    mirror = mirror_folder()
    places = [mirror / source.mirror / name] if mirror is not None and source.mirror else []
    return next((path for path in (*places, _cached(source, entry)) if path.is_file()), None)


def _cached(source: Source, entry: Mapping[str, Any]) -> Path:
    """A file's place in the cache; a source without a `mirror` has a folder named by its address."""
    folder = source.mirror or hashlib.sha256(source.base_url.encode()).hexdigest()[:16]
    return cache_folder() / folder / str(entry["path"])


def _url(source: Source, entry: Mapping[str, Any]) -> str:
    return f"{source.base_url.rstrip('/')}/{quote(str(entry['path']))}"


def checked(data: bytes, sha256: str | None, where: str) -> bytes:
    """`data`, if its sha256 is the one named (or none is). Raises `BadFile`."""
    found = hashlib.sha256(data).hexdigest()
    if sha256 is not None and found != sha256:
        raise BadFile(
            f"{where}: sha256 {found}, expected {sha256}: the file was changed or cut short; remove it and run again"
        )
    return data
