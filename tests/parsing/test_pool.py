"""Several shows in one run: the same bytes whatever the number of processes, one clear error."""

import subprocess
import sys
from pathlib import Path

import pytest

from parsing import manifest, pool
from parsing.errors import BadFile, BadInput
from parsing.pool import build_shows, collections, every_show

FILES = ("utterances.parquet", "pairs.jsonl", "quality.json")


def test_long_shows_come_before_the_plays_of_a_collection():
    names = every_show()
    assert set(names) == set(manifest.list_shows())
    assert ["/" in name for name in names] == sorted("/" in name for name in names)
    assert {f"plays/{play}" for play in collections()["plays"]} == {n for n in names if n.startswith("plays/")}


def test_two_processes_write_the_same_bytes_as_one(mill, tmp_path, monkeypatch):
    other = tmp_path / "shows" / "weir"
    other.mkdir()
    for path in mill.folder.iterdir():
        (other / path.name).write_text(path.read_text(encoding="utf-8").replace('id = "mill"', 'id = "weir"'))
    names = [str(mill.folder / "show.toml"), str(other / "show.toml")]
    reports = {}
    for workers in (1, 2):
        monkeypatch.setenv("CANON_BUILD", str(tmp_path / f"build{workers}"))
        reports[workers] = list(build_shows(names, workers))
    assert [r["show"] for r in reports[1]] == ["mill", "weir"]
    assert reports[1] == reports[2]
    for show in ("mill", "weir"):
        for name in FILES:
            assert (tmp_path / "build1" / show / name).read_bytes() == (tmp_path / "build2" / show / name).read_bytes()


def test_an_error_in_a_process_is_the_same_one_clear_error(mill, monkeypatch):
    (mill.folder / "two.txt").write_bytes(b"PK\x03\x04")
    with pytest.raises(BadFile, match=r"two\.txt, line 1: a zip archive"):
        list(build_shows([str(mill.folder / "show.toml")] * 2, 2))


@pytest.mark.parametrize("workers", [0, -1])
def test_less_than_one_process_is_refused(workers):
    with pytest.raises(BadInput, match=f"--workers {workers}: expected 1 or more"):
        list(build_shows(["friends"], workers))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--workers", "2"], "no SHOW named"),
        (["--all", "friends"], "--all takes no SHOW, found friends"),
        (["--guess"], "--guess looks at files and folders"),
    ],
)
def test_what_makes_no_sense_together_is_one_line(arguments, message):
    root = Path(pool.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "parsing", *arguments], capture_output=True, text=True, cwd=root, check=False
    )
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
