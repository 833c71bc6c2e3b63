"""The search of generation settings, on a two-layer model and three prompts of each kind."""

import json
from pathlib import Path
from typing import Any

import pytest
from tiny_model import SHAPE

from kg.english import loops
from parsing.errors import NotFound
from training.base import new_model
from training.mixture import Pair
from training.models import searched
from training.search import WEIGHTS, distinct, prompts, search, worth

PAIRS = [Pair("Ben", "Harbor Lights", (), "Hey!", f"I baked the bread number {n} today.") for n in range(9)]


def test_a_search_tries_todays_settings_first_and_keeps_the_best(tokenizer: Any, tmp_path: Path) -> None:
    out = tmp_path / "search.json"
    found = search(new_model(SHAPE, tokenizer), tokenizer, PAIRS, 2, out, count=2)
    assert found["before"]["settings"]["temperature"] == 0.7
    assert len(found["trials"]) == 2
    assert found["best"]["worth"] == max(t["worth"] for t in found["trials"])
    assert set(found["best"]["scores"]) == set(WEIGHTS)
    assert all(0.0 <= share <= 1.0 for table in found["candidates"].values() for share in table.values())
    assert json.loads(out.read_text())["best"] == found["best"]
    assert searched(out) == found["best"]["settings"]
    assert searched(tmp_path / "none.json") is None


def test_variety_loops_and_worth() -> None:
    assert distinct(["a b c", "a b d"]) == pytest.approx(3 / 4)
    assert loops("no no no no no no no no no no")
    assert not loops("I baked the bread today.")
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    assert worth(dict.fromkeys(WEIGHTS, 1.0)) == pytest.approx(1.0)


def test_without_pairs_it_says_what_to_do() -> None:
    with pytest.raises(NotFound, match="python -m parsing"):
        prompts([])
