"""Addressees, presence and reality against labels, and scenes of two with the truth hidden."""

import random

import pandas as pd
import pytest

from evaluation.addressees import Scene, _splice, _spliced, calibration, neighbour, right, thresholds
from evaluation.scene_labels import (
    LINE_LABELS,
    PRESENCE_LABELS,
    REALITY_LABELS,
    Label,
    _sets,
    draw,
    read_labels,
)
from parsing.addressees import Said
from parsing.episodes import split_of
from parsing.errors import BadFile, BadInput, NotFound
from parsing.line_clues import Spoken


def line(who: str, text: str = "Hm.") -> Spoken:
    return Spoken(text, (who,), who, (), (who,))


@pytest.mark.parametrize(
    ("label", "names", "expected"),
    [
        (("Ada",), ("Ada",), True),
        (("Ada",), ("Ada", "Tom"), False),
        (("Ada", "Tom"), ("Tom", "Ada"), True),
        (("everybody",), ("Ada", "Tom"), True),
        (("everybody",), ("Ada",), False),
        (("nobody",), (), True),
        (("role",), (), True),
        (("role",), ("Ada",), False),
        (("Ada", "role"), ("Ada",), True),
    ],
)
def test_what_counts_as_right(label, names, expected):
    assert right(label, names) is expected


def test_the_baselines_take_the_nearest_other_voice():
    lines = [line("Ada"), line("Tom"), line("Tom"), line("Eve")]
    assert neighbour(lines, 2, -1).names == ("Ada",)
    assert neighbour(lines, 1, 1).names == ("Eve",)
    assert neighbour(lines, 0, -1).names == ()


def test_bins_and_thresholds_are_counted():
    bins = calibration([(0.95, True), (1.0, True), (0.55, False), (None, True)])
    assert [(b["from"], b["right"]["hits"], b["right"]["of"]) for b in bins] == [(0.5, 0, 1), (0.9, 2, 2)]
    rows = [
        (("Ada",), Said(("Ada",), 0.9)),
        (("Ada",), Said(("Tom",), 0.6)),
        (("everybody",), Said(("Ada", "Tom"), 0.9)),
    ]
    shares = {t["least"]: (t["answered"]["hits"], t["right"]["hits"]) for t in thresholds(rows)}
    assert (shares[0.0], shares[0.9]) == ((2, 1), (1, 1))


def test_a_splice_keeps_every_line_and_each_conversations_order():
    one = Scene("S01E08", tuple("abcdef"), tuple(line(w) for w in ("Ada", "Tom") * 3))
    other = Scene("S01E08", tuple("uvwxyz"), tuple(line(w) for w in ("Eve", "Max") * 3))
    merged = _splice(one, other, random.Random(1))
    assert sorted(merged.ids) == sorted((*one.ids, *other.ids))
    assert [i for i in merged.ids if i in one.ids] == list(one.ids)
    assert [i for i in merged.ids if i in other.ids] == list(other.ids)
    assert merged.ids[:6] != one.ids


def test_scenes_with_a_common_speaker_are_not_spliced():
    ada = Scene("S01E08", tuple("abcdef"), tuple(line(w) for w in ("Ada", "Tom") * 3))
    eve = Scene("S01E08", tuple("uvwxyz"), tuple(line(w) for w in ("Eve", "Tom") * 3))
    assert list(_spliced([ada, eve], random.Random(1))) == []


def test_sets_of_people_are_scored_by_hand():
    labels = {"x": Label("s", ("Ada", "Tom"), ()), "y": Label("s", ("Eve",), ())}
    found = _sets({"x": {"Ada", "Max"}, "y": {"Eve"}}, labels)
    assert (found["precision"]["hits"], found["precision"]["of"]) == (2, 3)
    assert (found["recall"]["hits"], found["recall"]["of"]) == (2, 3)
    assert (found["whole"]["hits"], found["whole"]["of"]) == (1, 2)


def table() -> pd.DataFrame:
    rows = []
    for scene in range(1, 121):
        for n, who in enumerate(("Ada", "Tom", "Eve", "Ada"), 1):
            identity = f"S01E08.{scene:03d}.{n:03d}"
            who_says = {"speaker": who, "speakers": [who], "speaker_raw": who, "directions": []}
            scene_of = {"scene": scene, "scene_setting": "a dream", "reality": "canon"}
            rows.append({"id": identity, "episode": "S01E08", **who_says, **scene_of})
    return pd.DataFrame(rows)


def test_a_draw_is_the_seeds_two_lines_a_scene():
    drawn = draw(table(), "lines")
    assert drawn == draw(table(), "lines") != draw(table(), "lines", seed=5)
    assert len(set(drawn)) == 200
    assert draw(table(), "present") == drawn[:120:2]
    assert len(draw(table(), "reality")) == 20
    with pytest.raises(BadInput, match="lines, present or reality, not 'all'"):
        draw(table(), "all")


@pytest.mark.parametrize(("path", "count"), [(LINE_LABELS, 200), (PRESENCE_LABELS, 60), (REALITY_LABELS, 40)])
def test_the_committed_labels_have_no_gap_and_are_of_dev_and_test(path, count):
    labels = read_labels(path)
    assert len(labels) == count
    assert all(label.first[0] and label.again for label in labels.values())
    assert {split_of(i[:6]) for i in labels} == {"dev", "test"}


def test_missing_and_bad_labels_are_told(tmp_path):
    with pytest.raises(NotFound, match="--draw lines"):
        read_labels(tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_text("id,label\nx,y\n")
    with pytest.raises(BadFile, match="expected the columns show, id, again"):
        read_labels(tmp_path / "bad.csv")
