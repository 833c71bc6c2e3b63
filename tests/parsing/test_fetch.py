"""Where source files come from, and what happens when they can't be had."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from parsing import download
from parsing.errors import BadFile, Unavailable
from parsing.fetch import fetch
from parsing.manifest import Source

BODY = b"NORA: Hello"
SHA = hashlib.sha256(BODY).hexdigest()
ENTRY = {"path": "season/one.txt", "sha256": SHA}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        known = self.path.endswith("/season/one.txt")
        self.send_response(200 if known else 404)
        self.end_headers()
        self.wfile.write(BODY if known else b"nothing")

    def log_message(self, *args):
        pass


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), _Handler) as http:
        http.asked = []
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        yield http
        http.shutdown()


@pytest.fixture
def source(server, mill) -> Source:
    return Source("text_script", base_url=f"http://127.0.0.1:{server.server_port}/repo", mirror="owner/repo/c0ffee")


def test_a_file_is_downloaded_once_and_then_cached(server, source, mill, tmp_path):
    assert fetch(mill, source, ENTRY) == BODY
    assert fetch(mill, source, ENTRY) == BODY
    assert server.asked == ["/repo/season/one.txt"]
    assert (tmp_path / "cache/owner/repo/c0ffee/season/one.txt").read_bytes() == BODY


@pytest.mark.parametrize(("variable", "below"), [("CANON_MIRROR", ""), ("CANON_DATA", "mirror/")])
def test_the_mirror_is_searched_before_the_net(request, tmp_path, monkeypatch, variable, below):
    server, source, mill = map(request.getfixturevalue, ("server", "source", "mill"))
    copy = tmp_path / "m" / below / "owner/repo/c0ffee/season/one.txt"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(BODY)
    monkeypatch.setenv(variable, str(tmp_path / "m"))
    assert fetch(mill, source, ENTRY) == BODY
    assert server.asked == []


def test_a_wrong_checksum_is_refused_and_nothing_stays(source, mill, tmp_path):
    with pytest.raises(BadFile, match=f"sha256 {SHA}, expected 00"):
        fetch(mill, source, {"path": "season/one.txt", "sha256": "00"})
    assert not (tmp_path / "cache").exists()


def test_a_damaged_mirror_file_is_an_error_and_not_passed_over(source, mill, tmp_path, monkeypatch):
    copy = tmp_path / "owner/repo/c0ffee/season/one.txt"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(BODY[:4])
    monkeypatch.setenv("CANON_MIRROR", str(tmp_path))
    with pytest.raises(BadFile, match=r"one\.txt: sha256 .* changed or cut short"):
        fetch(mill, source, ENTRY)


def test_a_page_the_server_does_not_have_is_named(source, mill, tmp_path):
    with pytest.raises(Unavailable, match=r"season/two\.txt: HTTP 404"):
        fetch(mill, source, {"path": "season/two.txt", "sha256": SHA})
    assert not (tmp_path / "cache").exists()


def test_without_mirror_and_net_one_error_says_what_to_do(server, source, mill, monkeypatch):
    monkeypatch.setattr(download, "WAIT", 0.001)
    server.server_close()
    closed = Source("text_script", base_url="http://127.0.0.1:1", mirror="owner/repo/c0ffee")
    with pytest.raises(Unavailable, match=r"can't fetch http://127\.0\.0\.1:1/season/one\.txt .*CANON_MIRROR"):
        fetch(mill, closed, ENTRY)


def test_a_local_file_that_is_missing_is_named(mill):
    with pytest.raises(BadFile, match=r"no file .*nowhere\.txt"):
        fetch(mill, mill.sources[0], {"path": "nowhere.txt"})
