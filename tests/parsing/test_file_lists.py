"""Lists of files beside a manifest: pinned by `--pin`, checked on reading."""

import hashlib

import pytest

from parsing.build import read_sources
from parsing.errors import BadFile, BadManifest, NotFound
from parsing.manifest import list_shows, load_show
from parsing.pin import pin
from parsing.sources import listed

SHOW = 'id="m"\ntitle="M"\nlanguage="en"\nseasons=[2, 2]\ncast=[{name="Ada",persona=true}]\n'
HEAD = SHOW + '[[source]]\nreader="text_script"\n'
REMOTE = HEAD + 'base_url="http://127.0.0.1:1"\nmirror="o/r/c"\nfiles_from='
ONE, TWO = b"Aired: 5 May 2001\nADA: One.\n", b"Aired: Apr 4, 2001\nADA: Two.\n"


@pytest.fixture
def mirror(tmp_path, monkeypatch, make_show):
    folder = tmp_path / "mirror" / "o/r/c" / "s2"
    folder.mkdir(parents=True)
    (folder / "e9.txt").write_bytes(ONE)
    (folder / "e10.txt").write_bytes(TWO)
    monkeypatch.setenv("CANON_MIRROR", str(tmp_path / "mirror"))


def test_a_list_is_pinned_from_the_mirror_and_read_back(mirror, make_show):
    show = make_show(REMOTE + "{pins='files.csv', glob='*/*.txt', order='path', skip=['S01E01', 'S02E02']}")
    assert pin(show) == [show.folder / "files.csv"]
    assert (show.folder / "files.csv").read_text().splitlines() == [
        "path,sha256,episode",
        f"s2/e9.txt,{hashlib.sha256(ONE).hexdigest()},S01E02",
        f"s2/e10.txt,{hashlib.sha256(TWO).hexdigest()},S02E01",
    ]
    assert list(read_sources(show).episodes) == ["S01E02", "S02E01"]


def test_dates_in_the_text_give_the_order(mirror, make_show):
    order = r"""{pins='files.csv', glob='*/*.txt', order='Aired: (?P<date>[\w ,]+)', skip=['S01E02', 'S02E02']}"""
    show = make_show(REMOTE + order)
    pin(show)
    assert [(e["path"], e["episode"]) for e in listed(show, show.sources[0])] == [
        ("s2/e10.txt", "S01E01"),
        ("s2/e9.txt", "S02E01"),
    ]


def test_a_changed_file_is_refused_and_pinning_keeps_what_was_written_by_hand(mirror, make_show, tmp_path):
    show = make_show(REMOTE + "{pins='files.csv', glob='*/*.txt'}")
    digests = [hashlib.sha256(d).hexdigest() for d in (ONE, TWO)]
    (show.folder / "files.csv").write_text(
        "path,sha256,episode,episodes,begins,drop\n"
        f"s2/e9.txt,{digests[0]},,S01E01 S01E02,2,\ns2/e10.txt,{digests[1]},,,,an extra\n"
    )
    first, second = listed(show, show.sources[0])
    assert (first["episodes"], first["begins"], second["drop"]) == (["S01E01", "S01E02"], [2], "an extra")
    pin(show)
    assert listed(show, show.sources[0]) == [second, first] or listed(show, show.sources[0]) == [first, second]
    (tmp_path / "mirror/o/r/c/s2/e9.txt").write_bytes(b"ADA: Other.\n")
    with pytest.raises(BadFile, match=r"e9\.txt: sha256 .* changed or cut short"):
        read_sources(show)


def test_files_beside_the_manifest_need_no_list(make_show):
    show = make_show(
        HEAD + "files_from={glob='*.txt', episode='s(?P<season>\\d)e(?P<number>\\d)'}",
        **{"s1e2.txt": "ADA: One.\n", "s2e1.txt": "ADA: Two.\n"},
    )
    for extra in ("one.txt", "two.txt"):
        (show.folder / extra).unlink()
    assert list(read_sources(show).episodes) == ["S01E02", "S02E01"]


SHA = "0" * 64


@pytest.mark.parametrize(
    ("table", "rows", "message"),
    [
        ("{pins='files.csv'}", None, r"no file .*files\.csv.*--pin"),
        ("{pins='files.csv'}", "path,sha256,epsode\n", "line 1: column 'epsode'"),
        ("{pins='files.csv'}", "path,sha256,episode\na.txt,123,S01E01\n", "line 2: '123' is no sha256"),
        ("{pins='files.csv'}", f"path,sha256\na,{SHA}\na,{SHA}\n", "line 3: a stands in line 2 too"),
        ("{pins='files.csv'}", f"path,sha256,episode\n../a,{SHA},S01E01\n", "leads out of the show's folder"),
        ("{pins='files.csv'}", f"path,sha256,episode\na,{SHA},S09E01\n", "there is no season 9"),
        ("{pins='files.csv'}", "path,sha256,episode\n", "lists no files"),
        ("{pin='files.csv'}", None, "unknown reader option 'pin', did you mean 'pins'"),
        ("{glob='*.txt'}", None, "needs 'pins'"),
        ("{pins='files.csv', order='path', episode='x'}", None, "exclude each other"),
    ],
)
def test_a_broken_list_is_one_clear_error(make_show, table, rows, message):
    show = make_show(REMOTE + table)
    if rows is not None:
        (show.folder / "files.csv").write_text(rows)
    with pytest.raises(BadManifest, match=message) as error:
        read_sources(show)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        ("{pins='f.csv', glob='*/*.txt', order='path'}", BadManifest, "2 files for 4 episodes"),
        ("{pins='f.csv', glob='*/*.txt', episode='x(?P<number>y)'}", BadManifest, "doesn't fit the path s2/e9.txt"),
        ("{pins='f.csv', glob='*/*.txt', order='Sent: (?P<date>.*)'}", BadFile, r"e9\.txt: nothing in its first"),
        ("{pins='f.csv', glob='*.html'}", NotFound, "no file"),
        ("{pins='f.csv'}", BadManifest, "nothing to pin"),
    ],
)
def test_what_cannot_be_pinned_is_one_clear_error(mirror, make_show, table, error, message):
    with pytest.raises(error, match=message):
        pin(make_show(REMOTE + table))


def test_two_manifests_with_one_id_are_refused(mill):
    other = mill.folder.parent / "copy"
    other.mkdir()
    (other / "show.toml").write_text((mill.folder / "show.toml").read_text())
    with pytest.raises(BadManifest, match=r"two manifests with the id 'mill': .*copy/show\.toml"):
        read_sources(mill)


@pytest.mark.parametrize("name", list_shows())
def test_every_remote_file_is_pinned_by_address_and_checksum(name):
    show = load_show(name)
    for source in show.sources:
        entries = listed(show, source)
        if source.base_url:
            assert all(len(e["sha256"]) == 64 for e in entries)
            assert source.base_url.endswith(source.mirror)
            assert source.mirror.count("/") == 2
