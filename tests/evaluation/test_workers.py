"""The measurement of workers: ratios are of the same round, and graphs that differ are no result."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from evaluation.workers import measure
from parsing.errors import BadFile, NotFound


@pytest.fixture
def parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANON_BUILD", str(tmp_path))
    (tmp_path / "harbor_lights").mkdir()
    (tmp_path / "harbor_lights" / "utterances.parquet").write_bytes(b"rows")


def test_the_ratio_is_the_median_over_rounds(parsed: None) -> None:
    times = iter([10.0, 5.0, 20.0, 8.0, 12.0, 4.0])

    def run(words: Sequence[str], folder: Path) -> float:
        (folder / "harbor_lights" / "graph.json.gz").write_bytes(
            (folder / "harbor_lights/utterances.parquet").read_bytes()
        )
        return next(times)

    found = measure(3, run=run)
    assert found["shows"] == 1
    assert found["seconds"] == {"one process": 12.0, "two processes": 5.0}
    assert found["times_faster"] == {"one process": 1.0, "two processes": 2.5}


def test_other_graphs_than_one_process_makes_are_an_error(parsed: None) -> None:
    def run(words: Sequence[str], folder: Path) -> float:
        (folder / "harbor_lights" / "graph.json.gz").write_bytes(" ".join(words).encode())
        return 1.0

    with pytest.raises(BadFile, match="two processes: other graphs"):
        measure(1, run=run)


def test_without_parsed_shows_there_is_nothing_to_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANON_BUILD", str(tmp_path))
    with pytest.raises(NotFound, match="no show was parsed"):
        measure(1)
