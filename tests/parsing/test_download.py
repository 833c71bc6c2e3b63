"""Downloads against a server on this machine that breaks off, lies, serves other bytes or doesn't know what we ask."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from parsing import download, fetch
from parsing.errors import BadFile, Unavailable
from parsing.manifest import Source

BODY = b"".join(b"NORA: line %d of the harbor\n" % n for n in range(4000))  # more than one packet
SHA = hashlib.sha256(BODY).hexdigest()
HALF = len(BODY) // 2
Answer = Callable[["Handler", int], None]


class Handler(BaseHTTPRequestHandler):
    """Answers with the server's list of behaviours, one a request, the last one for ever."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        begin = int(self.headers.get("Range", "bytes=0-")[6:-1])
        self.server.asked.append((self.path, begin))
        answers = self.server.answers
        self.close_connection = True
        (answers.pop(0) if len(answers) > 1 else answers[0])(self, begin)

    def reply(self, status: int, body: bytes, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def whole(handler, begin):
    """A server that knows Range."""
    part = {"Content_Range": f"bytes {begin}-{len(BODY) - 1}/{len(BODY)}"} if begin else {}
    handler.reply(206 if begin else 200, BODY[begin:], **part)


def without_range(handler, begin):
    handler.reply(200, BODY)


def breaks_off(handler, begin):
    part = {"Content_Range": f"bytes {begin}-{len(BODY) - 1}/{len(BODY)}"} if begin else {}
    handler.reply(206 if begin else 200, BODY[begin : begin + HALF // 2], len(BODY) - begin, **part)


def breaks_off_in_the_middle(handler, begin):
    """Always at the same place, and without Range."""
    handler.reply(200, BODY[:HALF], len(BODY))


def announces_too_much(handler, begin):
    handler.reply(200, BODY, len(BODY) + 1000)


def announces_too_little(handler, begin):
    handler.reply(200, BODY, HALF)


def other_bytes(handler, begin):
    handler.reply(200, b"<html>moved</html>")


def other_bytes_to_go_on_with(handler, begin):
    body = b"x" * (len(BODY) - begin)
    handler.reply(206, body, Content_Range=f"bytes {begin}-{len(BODY) - 1}/{len(BODY)}")


def wrong_range(handler, begin):
    handler.reply(206, BODY[7:10], Content_Range="bytes 7-9/10")


def out_of_range(handler, begin):
    handler.reply(416, b"")


def status(number: int) -> Answer:
    return lambda handler, begin: handler.reply(number, b"an error page")


@pytest.fixture
def server(monkeypatch) -> Iterator[ThreadingHTTPServer]:
    monkeypatch.setattr(download, "WAIT", 0.001)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.asked, http.answers = [], [whole]
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        yield http
        http.shutdown()


@pytest.fixture
def get(server, mill):
    """Fetch files through answers given one by one; the cache is new."""
    source = Source("text_script", base_url=f"http://127.0.0.1:{server.server_port}/repo", mirror="owner/repo/c0ffee")

    def run(*answers: Answer, sha256: str = SHA, path: str = "one.txt") -> bytes:
        server.answers[:] = answers
        return fetch.fetch(mill, source, {"path": path, "sha256": sha256})

    run.source = source
    return run


def files_in(folder) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


@pytest.mark.parametrize(
    ("answers", "begins"),
    [
        ([whole], [0]),
        ([breaks_off, whole], [0, HALF // 2]),
        ([breaks_off, breaks_off, breaks_off, whole], [0, HALF // 2, HALF // 2 * 2, HALF // 2 * 3]),
        ([breaks_off, without_range], [0, HALF // 2]),
        ([status(500), status(503), whole], [0, 0, 0]),
        ([breaks_off, status(502), whole], [0, HALF // 2, HALF // 2]),
        ([announces_too_much], [0]),
        ([breaks_off, wrong_range, whole], [0, HALF // 2, 0]),
        ([breaks_off, other_bytes_to_go_on_with, whole], [0, HALF // 2, 0]),
        ([breaks_off, out_of_range, whole], [0, HALF // 2, 0]),
    ],
)
def test_a_file_arrives_whole_in_spite_of(get, server, tmp_path, answers, begins):
    assert get(*answers) == BODY
    assert [begin for _, begin in server.asked] == begins
    assert files_in(tmp_path / "cache")[-1] == "owner/repo/c0ffee/one.txt"
    assert get(status(500)) == BODY, "from the cache"


@pytest.mark.parametrize(
    ("answers", "error", "message"),
    [
        (
            [breaks_off_in_the_middle],
            Unavailable,
            rf"off after {HALF:,} bytes \(RemoteProtocolError\), 5",
        ),
        ([announces_too_little], BadFile, rf"sha256 [0-9a-f]{{64}}, expected {SHA}: the server has another file"),
        ([other_bytes], BadFile, rf"sha256 [0-9a-f]{{64}}, expected {SHA}"),
        ([breaks_off, other_bytes_to_go_on_with, other_bytes], BadFile, "sha256"),
        ([status(404)], Unavailable, r"one\.txt: HTTP 404; put the file under CANON_MIRROR"),
        ([status(500)], Unavailable, r"one\.txt \(HTTP 500, 4 attempts\)"),
        ([status(301)], Unavailable, r"one\.txt: HTTP 301"),
        ([wrong_range], Unavailable, r"served the range 'bytes 7-9/10', asked for what comes after 0 bytes"),
    ],
)
def test_one_clear_error_and_nothing_half_written_for(get, tmp_path, answers, error, message):
    with pytest.raises(error, match=message) as raised:
        get(*answers)
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "cache").exists()


def test_what_an_interrupted_run_left_is_gone_on_with(get, server, tmp_path):
    part = tmp_path / "cache/owner/repo/c0ffee/one.txt.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(BODY[:1000])
    assert get(whole) == BODY
    assert server.asked == [("/repo/one.txt", 1000)]
    assert files_in(part.parent) == ["one.txt"]


@pytest.mark.parametrize("left", [b"of another file", BODY + b"and more"])
def test_what_is_left_of_another_file_is_thrown_away(get, tmp_path, left):
    part = tmp_path / "cache/owner/repo/c0ffee/one.txt.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(left)

    def knows_range(handler, begin):
        (whole if begin < len(BODY) else out_of_range)(handler, begin)

    assert get(knows_range) == BODY
    assert files_in(part.parent) == ["one.txt"]


def test_a_file_without_a_checksum_is_never_put_together(get, server):
    assert get(breaks_off, whole, sha256=None) == BODY
    assert [begin for _, begin in server.asked] == [0, 0]


def test_a_server_that_never_ends_is_left(get, monkeypatch, tmp_path):
    monkeypatch.setattr(download, "MAX_BYTES", 5000)
    with pytest.raises(BadFile, match="more than 5,000 bytes"):
        get(whole)
    assert not (tmp_path / "cache").exists()


def test_a_name_with_odd_signs_is_asked_for_as_it_is(get, server):
    assert get(whole, path="a b/50% #1?.txt") == BODY
    assert server.asked == [("/repo/a%20b/50%25%20%231%3F.txt", 0)]


def test_several_files_come_at_once_and_never_more_than_a_few(get, server, mill):
    together, most, lock, seen = threading.Barrier(2), [0], threading.Lock(), []

    def slow(handler, begin):
        with lock:
            seen.append(1)
            most[0] = max(most[0], len(seen))
        if handler.path.endswith(("0.txt", "1.txt")):
            together.wait(timeout=10)  # broken, were they asked for one after the other
        whole(handler, begin)
        with lock:
            seen.pop()

    server.answers[:] = [slow]
    wanted = [(get.source, {"path": f"{n}.txt", "sha256": SHA}) for n in range(9)]
    assert fetch.fetch_missing(mill, [*wanted, *wanted]) == 9
    assert len(server.asked) == 9
    assert 2 <= most[0] <= fetch.AT_ONCE
    assert fetch.fetch_missing(mill, wanted) == 0


def test_the_first_failure_stops_the_rest_and_what_came_stays(get, server, mill, tmp_path):
    def one_is_missing(handler, begin):
        (status(404) if handler.path.endswith("/3.txt") else whole)(handler, begin)

    server.answers[:] = [one_is_missing]
    wanted = [(get.source, {"path": f"{n}.txt", "sha256": SHA}) for n in range(60)]
    with pytest.raises(Unavailable, match=r"3\.txt: HTTP 404"):
        fetch.fetch_missing(mill, wanted)
    left = [p for p in (tmp_path / "cache").rglob("*") if p.is_file()]
    assert all(p.read_bytes() == BODY and p.suffix == ".txt" for p in left)
    assert len(server.asked) < 60


def test_ctrl_c_keeps_what_has_come(get, server, mill, tmp_path, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()

    def trickles(handler, begin):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(BODY)))
        handler.end_headers()
        handler.wfile.write(BODY[:HALF])
        begun.set()
        go_on.wait(10)
        handler.wfile.write(BODY[HALF:])

    def interrupted(jobs, **how):
        begun.wait(10)
        raise KeyboardInterrupt

    server.answers[:] = [trickles]
    with monkeypatch.context() as patch:
        patch.setattr(fetch, "wait", interrupted)
        patch.setattr(download.Downloader, "_sleep", lambda self, seconds: None)
        threading.Timer(0.3, go_on.set).start()
        with pytest.raises(KeyboardInterrupt):
            fetch.fetch_missing(mill, [(get.source, {"path": "one.txt", "sha256": SHA})])
    part = tmp_path / "cache/owner/repo/c0ffee/one.txt.part"
    kept = part.stat().st_size
    assert kept > 0
    assert get(whole) == BODY
    assert server.asked[-1] == ("/repo/one.txt", kept)


def test_a_cache_that_can_not_be_written_is_named(get, tmp_path):
    (tmp_path / "cache").write_text("a file, not a folder")
    with pytest.raises(Unavailable, match=r"can't write .*one\.txt .*CANON_CACHE"):
        get(whole)


def test_the_progress_bar_is_for_terminals_only(get, capfd):
    assert get(whole) == BODY
    assert capfd.readouterr() == ("", "")
