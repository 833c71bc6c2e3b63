"""Source files: beside the manifest, in the mirror, in the cache or from their pinned address; sha256 checked."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from parsing.errors import BadFile, Unavailable
from parsing.files import replacing
from parsing.manifest import Show, Source


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
    name, sha256 = str(entry["path"]), entry.get("sha256")
    if not source.base_url:
        path = show.folder / name
        if not path.is_file():
            raise BadFile(f"no file {path}, which {show.folder / 'show.toml'} lists")
        return checked(path.read_bytes(), sha256, str(path))
    mirror = mirror_folder()
    for folder in (mirror, cache_folder()):
        if folder is not None and (path := folder / source.mirror / name).is_file():
            return checked(path.read_bytes(), sha256, str(path))
    url = f"{source.base_url.rstrip('/')}/{name}"
    data = checked(download(url), sha256, url)
    with replacing(cache_folder() / source.mirror / name) as path:
        path.write_bytes(data)
    return data


def checked(data: bytes, sha256: str | None, where: str) -> bytes:
    """`data`, if its sha256 is the one named (or none is). Raises `BadFile`."""
    found = hashlib.sha256(data).hexdigest()
    if sha256 is not None and found != sha256:
        raise BadFile(
            f"{where}: sha256 {found}, expected {sha256}: the file was changed or cut short; remove it and run again"
        )
    return data


def download(url: str) -> bytes:
    """The body at `url`. Raises `Unavailable`."""
    try:
        response = httpx.get(url, timeout=30, follow_redirects=True)
    except httpx.HTTPError as error:
        raise Unavailable(
            f"can't fetch {url} ({type(error).__name__}); put the file under CANON_MIRROR, or go online"
        ) from None
    if response.status_code != httpx.codes.OK:
        raise Unavailable(f"can't fetch {url}: HTTP {response.status_code}; put the file under CANON_MIRROR")
    return response.content
