"""FriendsQA: who is asked what and when, and how spans are scored."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.data import data_folder
from evaluation.friendsqa import FILE, addressed, contained, f1, measure, plain, read_asked, scores, tokens
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show, load_show


@pytest.fixture(scope="module")
def friends() -> Show:
    return load_show("friends")


def written(path: Path, question: str, *gold: str, title: str = "s01_e23_c06") -> Path:
    """A set of one question in FriendsQA's form; its scene is opened by a guest, then by Monica."""
    answers = [{"answer_text": text, "utterance_id": 0} for text in gold]
    said: list[dict[str, Any]] = [
        {"uid": n, "speakers": [name], "utterance": "Hi ."} for n, name in enumerate(("Guest", "Monica Geller"))
    ]
    scene = {"utterances:": said, "qas": [{"id": "q", "question": question, "answers": answers}]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"data": [{"title": title, "paragraphs": [scene]}]}), encoding="utf-8")
    return path


def test_a_question_is_asked_as_of_its_scene_of_the_persona_it_names(tmp_path: Path, friends: Show) -> None:
    (asked,) = read_asked(
        written(tmp_path / "set.json", "Why does n't Joey 's agent call ?", "money", "money"), friends
    )
    assert (asked.persona, asked.as_of, asked.gold) == ("Joey Tribbiani", "S01E23", ("money",))
    assert asked.question == "Why doesn't Joey's agent call?"


def test_else_of_the_persona_who_speaks_first_and_else_of_the_first(friends: Show) -> None:
    assert addressed("Who is late?", ["Guest", "Monica Geller", "Ross Geller"], friends) == "Monica Geller"
    assert addressed("Who is late?", ["Guest"], friends) == friends.personas[0].name
    assert addressed("Did Ross see Rachel?", ["Monica Geller"], friends) == "Ross Geller"


@pytest.mark.parametrize(
    ("reply", "gold", "score", "holds"),
    [
        ("The museum!", ["museum"], 1.0, True),
        ("I work at the museum.", ["a museum"], 0.4, True),  # 1 of 4 words said, 1 of 1 wanted
        ("At the old museum of art", ["museum art", "zoo"], 4 / 7, False),
        ("At museums.", ["museum"], 0.0, False),
        ("", ["museum"], 0.0, False),
        ("The.", ["the"], 0.0, False),
    ],
)
def test_spans_are_scored_by_the_words_they_share(reply: str, gold: list[str], score: float, holds: bool) -> None:
    assert f1(reply, gold) == pytest.approx(score)
    assert contained(reply, gold) is holds


def test_words_are_compared_without_case_marks_and_articles() -> None:
    assert tokens("The Cat’s an  ANIMAL, a pet.") == ["cats", "animal", "pet"]
    assert plain("You 're late , Joey !") == "You're late, Joey!"


def test_shares_count_replies_that_do_not_abstain(tmp_path: Path, friends: Show) -> None:
    asked = read_asked(written(tmp_path / "set.json", "Where ?", "museum"), friends) * 3
    found = scores(asked, ["The museum.", "I don't know.", ""])
    assert found["f1"]["share"] == pytest.approx(1 / 3, abs=1e-4)
    assert [found[key]["hits"] for key in ("contained", "not_abstained", "contained_of_not_abstained")] == [1, 1, 1]


@pytest.mark.parametrize("text", ["", "[]", '{"data": [{"title": "s01_e01_c01"}]}', '{"data": 1}'])
def test_a_broken_set_is_named(tmp_path: Path, friends: Show, text: str) -> None:
    path = tmp_path / "set.json"
    with pytest.raises(NotFound, match="no FriendsQA at"):
        read_asked(path, friends)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match="not FriendsQA's form"):
        read_asked(path, friends)
    with pytest.raises(BadFile, match="title pilot"):
        read_asked(written(path, "Who ?", "Ross", title="pilot"), friends)


async def test_a_show_s_fact_is_said_without_a_model(tmp_path: Path, friends: Show) -> None:
    written(tmp_path / FILE, "Who is Ross 's sister ?", "Monica")
    found = await measure(friends, tmp_path)
    assert found["ways"]["bot"]["contained"]["hits"] == 1
    assert found["ways"]["silent"]["f1"]["share"] == found["ways"]["echo"]["contained"]["share"] == 0.0


@pytest.mark.data
def test_the_development_part_is_read_whole(friends: Show) -> None:
    asked = read_asked(data_folder() / FILE, friends)
    assert len(asked) == 1182
    assert all(a.gold and a.question.strip() for a in asked)
    assert {a.persona for a in asked} == {p.name for p in friends.personas}
