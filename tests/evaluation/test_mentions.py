"""The character identification set read, answers compared, and silver truth counted, on scenes of a few lines."""

import json
from pathlib import Path

import pytest

from evaluation.mentions import measure, read_gold, same
from evaluation.silver import addressed, scenes
from kg.extract.mentions import Line, Names
from kg.extract.resolver import GENERAL, OTHER, Span
from parsing.errors import NotFound
from parsing.manifest import Show

SCENE = {
    "scene_id": "s01_e02_c03",
    "utterances": [
        {
            "speakers": ["Ann Lee"],
            "transcript": "Bob called. He is late.",
            "tokens": [["Bob", "called", "."], ["He", "is", "late", "."]],
            "character_entities": [[[0, 1, "Bob Ray"]], [[0, 1, "Bob Ray"]]],
        },
        {
            "speakers": ["Nora Lee"],
            "transcript": "We know.",
            "tokens": [["We", "know", "."]],
            "character_entities": [[[0, 1, "Ann Lee", "Nora Lee"]]],
        },
    ],
}


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.json"
    path.write_text(json.dumps({"episodes": [{"scenes": [SCENE]}]}), encoding="utf-8")
    return path


def test_a_scene_is_read_with_node_ids_and_words_counted_through_the_turn(show: Show, gold: Path) -> None:
    (scene,) = read_gold(gold, show)
    assert (scene.id, scene.speakers) == ("S01E02.03", (("ann_lee",), ("nora_lee",)))
    assert scene.gold == {
        Span(0, 0, 1): ("bob_ray",),
        Span(0, 3, 4): ("bob_ray",),
        Span(1, 0, 1): ("ann_lee", "nora_lee"),
    }
    with pytest.raises(NotFound, match="CANON_DATA"):
        read_gold(gold.with_name("none.json"), show)


@pytest.mark.parametrize(
    ("said", "meant", "right"),
    [
        (("ann_lee",), ("ann_lee",), True),
        (("ann_lee", "bob_ray"), ("bob_ray", "ann_lee"), True),
        (("ann_lee",), ("ann_lee", "bob_ray"), False),
        (("sidney",), ("sidney_marks",), True),
        (("sid",), ("sidney_marks",), False),
        ((GENERAL,), (OTHER,), False),
    ],
)
def test_answers_are_the_same_where_they_name_the_same_people(said, meant, right: bool) -> None:
    assert same(said, meant) is right


def test_the_resolver_stands_beside_its_baselines(show: Show, gold: Path) -> None:
    found = measure(show, read_gold(gold, show), None, {})
    assert found["mentions"] == 3
    assert found["all"]["resolver"]["hits"] == 3
    assert found["singular"]["the speaker before"]["hits"] == 0
    assert found["all"]["most frequent"]["hits"] == 2
    assert found["plural"]["resolver"]["of"] == 1


def line(n: int, speaker: str, text: str, episode: str = "S01E01") -> Line:
    return Line(f"{episode}.01.{n:03d}", episode, 1, speaker, (), (), text, (), "")


def test_who_is_called_by_name_is_counted_in_training_scenes_alone(show: Show) -> None:
    talk = [line(1, "ann_lee", "Bob, where is it?"), line(2, "bob_ray", "Here."), line(3, "nora_lee", "Ah.")]
    assert list(scenes([*talk, line(1, "ann_lee", "Bob, no.", "S01E04")])) == [talk]
    counted = addressed([talk], Names(show))
    assert counted["(False, True, False)"] == {"share": 1.0, "of": 1}
    assert counted["(False, False, False)"] == {"share": 0.0, "of": 1}
