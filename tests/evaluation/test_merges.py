"""Merges are drawn by seed, and labels scored."""

import json

import pandas as pd
import pytest

from evaluation import merges
from parsing.errors import BadFile, NotFound
from parsing.manifest import build_dir, load_show


@pytest.fixture
def parsed(tmp_path, monkeypatch):
    monkeypatch.setenv("CANON_BUILD", str(tmp_path))
    show = load_show("harbor_lights")
    row = {"lines": 1, "of": 9, "forms": [], "episodes": [], "example": "S01E01.01.001"}
    found = [{"label": f"ada {i}", "name": "Ada", "reason": "near", **row} for i in range(9)]
    found += [{"label": f"ADA{i}", "name": "Ada", "reason": "folded", **row} for i in range(9)]
    shares = {
        "mode": "statistics",
        "lines": {},
        "canonical": 1.0,
        "canonical_of_named": 1.0,
        "attributed": 1.0,
        "named": 1.0,
    }
    build_dir(show).mkdir(parents=True)
    (build_dir(show) / "quality.json").write_text(json.dumps({"speakers": {**shares, "labels": {}, "merges": found}}))
    return show


def test_a_draw_is_the_seeds_and_takes_case_and_points_last(parsed):
    assert merges.draw([parsed], 5, 4).equals(merges.draw([parsed], 5, 4))
    assert set(merges.draw([parsed], 9, 4)["reason"]) == {"near"}
    assert merges.draw([parsed], 12, 4)["reason"].value_counts().to_dict() == {"near": 9, "folded": 3}


def test_labels_are_scored_with_an_interval(parsed, tmp_path):
    table = merges.draw([parsed], 10, 4)
    table["drawn"], table["verdict"] = "first", ["right"] * 9 + ["wrong"]
    table.to_csv(tmp_path / "m.csv", index=False)
    scores = merges.score([parsed], tmp_path / "m.csv")
    assert (scores["first"]["all"]["hits"], scores["first"]["all"]["of"], scores["first"]["by_rule"]["share"]) == (
        9,
        10,
        1.0,
    )
    table["verdict"] = "maybe"
    table.to_csv(tmp_path / "m.csv", index=False)
    with pytest.raises(BadFile, match="line 2: verdict is 'maybe'"):
        merges.score([parsed], tmp_path / "m.csv")
    with pytest.raises(NotFound, match="no labels"):
        merges.score([parsed], tmp_path / "none.csv")


def test_the_committed_labels_have_no_gap():
    table = pd.read_csv(merges.LABELS, dtype=str, keep_default_na=False)
    assert list(table.columns) == list(merges.COLUMNS)
    assert len(table) >= 190
    assert set(table["verdict"]) == {"right", "wrong"}
