"""What every test may use: the data folder, where there is one, and a count of the tests that needed it."""

import json
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_data = {"data_run": 0, "data_skipped": 0}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `data` skip, saying so, where CANON_DATA names no folder."""
    if os.environ.get("CANON_DATA") and Path(os.environ["CANON_DATA"]).is_dir():
        return
    skip = pytest.mark.skip(reason="needs transcripts: set CANON_DATA to the folder that holds mirror/ (docs/data.md)")
    for item in items:
        if item.get_closest_marker("data"):
            item.add_marker(skip)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count data tests that ran and that were skipped."""
    if "data" in report.keywords and (report.when == "call" or (report.when == "setup" and report.skipped)):
        _data["data_skipped" if report.skipped else "data_run"] += 1


def pytest_sessionfinish() -> None:
    """Leave the counts where the continuous check prints them."""
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "tests.json").write_text(json.dumps(_data))


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder that CANON_DATA names."""
    return Path(os.environ["CANON_DATA"])
