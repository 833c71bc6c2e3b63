"""Graphs of many shows in one run: the same bytes whoever does the work, and a failure takes no other show with it."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.many import build_many, build_one, parsed_shows
from parsing.build import build as parse
from parsing.errors import BadInput
from parsing.manifest import ROOT, load_show

RAY = importlib.util.find_spec("ray") is not None


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `shows/` (two shows of one episode and one of two), parsed below `build/`, with their graphs."""
    folder = tmp_path_factory.mktemp("library")
    patch = pytest.MonkeyPatch()
    patch.setenv("CANON_BUILD", str(folder / "build"))
    source = ROOT / "shows" / "harbor_lights"
    manifest = (source / "show.toml").read_text(encoding="utf-8")
    for name, episodes in (("quay", 1), ("reef", 2), ("spit", 1)):
        home = folder / "shows" / name
        (home / "transcripts").mkdir(parents=True)
        text = manifest.replace('id = "harbor_lights"', f'id = "{name}"')
        for file in sorted((source / "transcripts").glob("*.txt"))[:episodes]:
            shutil.copy(file, home / "transcripts" / file.name)
        there = [
            line for line in text.splitlines() if ".txt" not in line or f"S01E0{episodes}" >= line.split(".txt")[0][-6:]
        ]
        text = "\n".join(there)
        (home / "show.toml").write_text(text + "\n", encoding="utf-8")
        show = load_show(str(home / "show.toml"))
        parse(show)
        build_one(show, processes=1)
    patch.undo()
    return folder


def run(library: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`python -m kg build --all …` on the library's parsed shows, into a fresh build folder, with a fresh home."""
    for show in ("quay", "reef", "spit"):
        (folder / show).mkdir(parents=True)
        shutil.copy(library / "build" / show / "utterances.parquet", folder / show)
    environment = os.environ | {
        "CANON_BUILD": str(folder), "CANON_SHOWS": str(library / "shows"), "HOME": str(folder.parent),
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [sys.executable, "-m", "kg", "build", "--all", "--json", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def graphs(folder: Path) -> dict[str, bytes]:
    return {path.parent.name: path.read_bytes() for path in sorted(folder.glob("*/graph.json.gz"))}


@pytest.mark.parametrize(
    "words",
    [
        ("--workers", "2"),
        pytest.param(
            ("--workers", "2", "--ray"),
            marks=[
                pytest.mark.slow,
                pytest.mark.skipif(not RAY, reason="Ray isn't installed: pip install 'ray[data]'"),
            ],
        ),
    ],
    ids=["two processes", "Ray Data"],
)
def test_many_at_work_write_the_bytes_of_a_single_process(
    library: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = run(library, tmp_path / "build", *words)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["show"] for row in rows] == ["quay", "reef", "spit"]
    assert all(row["facts"] == sum(row["relations"].values()) > 0 for row in rows)
    assert graphs(tmp_path / "build") == graphs(library / "build")
    assert len(graphs(tmp_path / "build")) == 3


def test_a_show_that_fails_is_told_and_takes_no_other_with_it(library: Path, tmp_path: Path) -> None:
    broken = library / "shows" / "reef" / "corrections.csv"
    broken.write_text("action,subject\n")
    try:
        done = run(library, tmp_path / "build")
    finally:
        broken.unlink()
    rows = {row["show"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 1
    assert "corrections.csv, line 1" in rows["reef"]["error"]
    assert not rows["quay"]["error"] and not rows["spit"]["error"]
    assert set(graphs(tmp_path / "build")) == {"quay", "spit"}
    assert "2 graphs" in done.stderr and "1 failed" in done.stderr


def test_all_are_the_shows_that_were_parsed(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANON_BUILD", str(library / "build"))
    assert parsed_shows() == []
    monkeypatch.setenv("CANON_SHOWS", str(library / "shows"))
    assert parsed_shows() == ["quay", "reef", "spit"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--all", "friends"), "leave SHOW"),
        (("--all", "--ship"), "--ship"),
        ((), "no SHOW named"),
        (("friends", "--workers", "2"), "go with --all"),
        (("friends", "--ray"), "go with --all"),
    ],
)
def test_what_makes_no_sense_together_is_one_line(words: tuple[str, ...], said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "build", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and len(done.stderr.splitlines()) == 1


def test_less_than_one_worker_is_refused() -> None:
    with pytest.raises(BadInput, match="--workers 0: expected 1 or more"):
        list(build_many(["friends"], 0))
