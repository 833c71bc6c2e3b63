"""One file from its pinned address to its place in the cache: retried, continued where it broke off, checked, renamed.

What has come so far stands in `<name>.part`. A connection that breaks off is taken up again from there by a Range
request, and so is a run that was interrupted. An error removes the part: nothing half-written stays.
"""

import fcntl
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_random_exponential

from parsing.errors import BadFile, CanonError, Unavailable

IDLE_ATTEMPTS = 4  # requests that bring nothing new before we give up …
ATTEMPTS = 40  # … and all requests for one file
WAIT = 0.5  # seconds before the second request, doubled (with a random share) up to LONGEST_WAIT
LONGEST_WAIT = 8.0
MAX_BYTES = 512 * 2**20  # of one file: a server that never ends is left
_BUSY = {408, 425, 429, 500, 502, 503, 504}  # worth another request
_IDENTITY = {"Accept-Encoding": "identity"}  # so that a Range counts the bytes of the file itself


class _Again(Exception):  # noqa: N818
    """A request that failed in a way that may pass."""


class Stopped(Exception):  # noqa: N818
    """Another file failed, or the person at the keyboard stopped."""


class Downloader:
    """Downloads with one pool of connections; may be used by several threads. `stop` ends all of them."""

    def __init__(self, client: httpx.Client, stop: threading.Event) -> None:
        self._client = client
        self._stop = stop
        self.interrupted = False  # then what was begun is kept, to go on with

    def get(self, url: str, target: Path, sha256: str | None) -> None:
        """Bring `url` to `target`.

        Raises `Unavailable` where the server can't be reached, hasn't got the file or keeps breaking off, `BadFile`
        where it serves other bytes than those pinned by `sha256`.
        """
        try:
            with _part_of(target) as part:
                if part is not None:
                    self._fill(url, part, sha256)
                    Path(part.name).replace(target)
        except (CanonError, Stopped):
            if not self.interrupted:
                part_path(target).unlink(missing_ok=True)
            raise
        except OSError as error:
            raise Unavailable(f"can't write {target} ({error.strerror}); CANON_CACHE may name another folder") from None

    def _fill(self, url: str, part: BufferedRandom, sha256: str | None) -> None:
        """Fill the part and check it. One put together from several answers may be of two files: then once afresh."""
        for afresh in (False, True):
            continued = self._retried(url, part, sha256)
            found = _digest(part)
            if sha256 in {None, found}:
                return
            if afresh or not continued:
                raise BadFile(f"{url}: sha256 {found}, expected {sha256}: the server has another file, or cut it short")
            _empty(part)

    def _retried(self, url: str, part: BufferedRandom, sha256: str | None) -> bool:
        """Ask until the file is whole; returns whether it was put together from several answers."""
        left_over = _size(part) > 0
        retrying = Retrying(
            stop=_Patience(part),
            wait=wait_random_exponential(multiplier=WAIT, max=LONGEST_WAIT),
            retry=retry_if_exception_type(_Again),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            retrying(self._request, url, part, sha256)
        except _Again as error:
            attempts = retrying.statistics["attempt_number"]
            raise Unavailable(
                f"can't fetch {url} ({error}, {attempts} attempts); put the file under CANON_MIRROR, or try again later"
            ) from None
        return left_over or retrying.statistics["attempt_number"] > 1

    def _sleep(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Stopped

    def _request(self, url: str, part: BufferedRandom, sha256: str | None) -> None:
        if sha256 is None:
            _empty(part)  # nothing would tell that two halves don't fit
        have = _size(part)
        headers = _IDENTITY | ({"Range": f"bytes={have}-"} if have else {})
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                if _goes_on(response, url, part, have):
                    self._take(response, url, part)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.TooManyRedirects) as error:
            raise Unavailable(f"can't fetch {url}: {error}") from None
        except httpx.HTTPError as error:
            got = _size(part)
            if got and _digest(part) == sha256:
                return  # whole, whatever length the server announced
            what = f"it broke off after {got:,} bytes" if got else "no answer"
            raise _Again(f"{what} ({type(error).__name__})") from None

    def _take(self, response: httpx.Response, url: str, part: BufferedRandom) -> None:
        for chunk in response.iter_bytes():
            part.write(chunk)
            if part.tell() > MAX_BYTES:
                raise BadFile(f"{url}: more than {MAX_BYTES:,} bytes, expected a transcript")
            if self._stop.is_set():
                raise Stopped


class _Patience:
    """Stops after some attempts that brought nothing new, or very many in all."""

    def __init__(self, part: BufferedRandom) -> None:
        self._part, self._most, self._idle = part, _size(part), 0

    def __call__(self, state: RetryCallState) -> bool:
        size = _size(self._part)
        self._idle = 0 if size > self._most else self._idle + 1
        self._most = max(size, self._most)
        return self._idle >= IDLE_ATTEMPTS or state.attempt_number >= ATTEMPTS


def _goes_on(response: httpx.Response, url: str, part: BufferedRandom, have: int) -> bool:
    """Make the part ready for what this answer brings; False where nothing is missing.

    Raises `_Again` or `Unavailable` for an answer that brings nothing.
    """
    status, served = response.status_code, response.headers.get("Content-Range", "none")
    if status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE and have:
        return False  # the part is the whole file, or of another one: the checksum tells
    if status in _BUSY:
        raise _Again(f"HTTP {status}")
    if status not in {httpx.codes.OK, httpx.codes.PARTIAL_CONTENT}:
        raise Unavailable(f"can't fetch {url}: HTTP {status}; put the file under CANON_MIRROR")
    if status == httpx.codes.PARTIAL_CONTENT and not served.startswith(f"bytes {have}-"):
        _empty(part)
        raise _Again(f"it served the range '{served[:40]}', asked for what comes after {have:,} bytes")
    if status == httpx.codes.OK:
        _empty(part)  # the server doesn't know Range: the file from its beginning
    return True


def part_path(target: Path) -> Path:
    """Where what has come of a file stands."""
    return target.with_name(target.name + ".part")


@contextmanager
def _part_of(target: Path) -> Iterator[BufferedRandom | None]:
    """The part of `target`, locked against other processes; None where one of them finished the file meanwhile."""
    path = part_path(target)
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as part:
            fcntl.flock(part, fcntl.LOCK_EX)
            if target.is_file():
                path.unlink(missing_ok=True)
                yield None
                return
            if path.is_file() and path.stat().st_ino == os.fstat(part.fileno()).st_ino:  # nobody took it away meanwhile
                yield part
                return


def _size(part: BufferedRandom) -> int:
    return part.seek(0, os.SEEK_END)


def _empty(part: BufferedRandom) -> None:
    part.seek(0)
    part.truncate()


def _digest(part: BufferedRandom) -> str:
    part.flush()
    part.seek(0)
    return hashlib.file_digest(part, "sha256").hexdigest()
