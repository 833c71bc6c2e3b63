"""Seasons without episodes are cut where guests and subjects change."""

import random

import pytest

from parsing.segment import find_begins

REGULARS = ("HALE", "FINCH", "BROOK", "REED")


def season(episodes: int, seed: int, lines: int = 120) -> tuple[list[str], list[str], list[int]]:
    """Labels, texts and true beginnings of a made-up season: regulars and common words, two guests an episode."""
    draw = random.Random(seed)
    labels: list[str] = []
    texts: list[str] = []
    begins = []
    for number in range(episodes):
        begins.append(len(labels))
        guests = [f"GUEST{number}A", f"GUEST{number}B"]
        for line in range(lines + draw.randrange(-15, 16)):
            guest = line == 0 or draw.random() < 0.3
            labels.append(draw.choice(guests) if guest else draw.choice(REGULARS))
            words = [draw.choice(("mill", "flour", "river", "sack")) for _ in range(4)]
            texts.append(" ".join([*words, f"topic{chr(97 + number)}"] if draw.random() < 0.4 else words))
    return labels, texts, begins[1:]


@pytest.mark.parametrize("seed", range(5))
def test_made_up_seasons_are_cut_at_or_beside_the_truth(seed):
    labels, texts, truth = season(8, seed)
    found = find_begins(labels, texts, 8)
    assert len(found) == 7
    assert max(abs(a - b) for a, b in zip(found, truth, strict=True)) <= 5


def test_cuts_rise_and_fill_the_season_even_where_nothing_tells_them():
    found = find_begins(["HALE"] * 400, ["so"] * 400, 4)
    assert found == [100, 200, 300]


@pytest.mark.parametrize(("lines", "count"), [(100, 1), (3, 2), (0, 5)])
def test_nothing_to_cut(lines, count):
    assert find_begins(["HALE"] * lines, ["so"] * lines, count) == []
