"""Scores of the Russian plays: pairs, the plays held aside, precision and recall, Russian acts."""

from pathlib import Path

import pytest

from evaluation.checker import read_reply, says
from evaluation.russian import judged, read_labels, scores
from evaluation.russian_gold import HELD, Pair, held_aside, pair
from parsing.errors import BadFile


def test_only_parents_have_a_direction() -> None:
    assert pair("siblings", "b", "a") == pair("siblings", "a", "b")
    assert pair("parent_of", "b", "a") != pair("parent_of", "a", "b")


def test_the_plays_held_aside_have_three_relations_and_are_drawn_without_a_look() -> None:
    three = frozenset(pair("siblings", "a", x) for x in "bcd")
    gold = {f"p{i}": three for i in range(20)} | {"poor": frozenset(list(three)[:2]), "chekhov-chaika": three}
    held = held_aside(gold)
    assert len(held) == HELD
    assert not {"poor", "chekhov-chaika"} & set(held)
    assert held == held_aside(dict(reversed(gold.items())))


def test_precision_and_recall_by_relation() -> None:
    gold = {"p": frozenset({pair("siblings", "a", "b"), pair("spouses", "c", "d")})}
    found = {"p": frozenset({pair("siblings", "b", "a"), pair("siblings", "a", "c")})}
    result = scores(gold, found, ["p"])
    assert (result["siblings"]["precision"]["share"], result["siblings"]["recall"]["share"]) == (0.5, 1.0)
    assert (result["all five"]["precision"]["hits"], result["all five"]["recall"]["of"]) == (1, 2)


def test_pairs_that_no_header_has_count_as_their_label_says() -> None:
    one, other = pair("siblings", "a", "b"), pair("siblings", "a", "c")
    told = judged({"p": frozenset()}, {"p": frozenset({one, other})}, ["p"], {("p", one): True})
    assert (told["pairs"], told["labelled"], told["right"]) == (2, 1, 1)


def test_a_label_is_yes_or_no(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("play,relation,first,second,right\np,siblings,a,b,yes\n", encoding="utf-8")
    assert read_labels(path) == {("p", Pair("siblings", "a", "b")): True}
    path.write_text("play,relation,first,second,right\np,siblings,a,b,perhaps\n", encoding="utf-8")
    with pytest.raises(BadFile, match="line 2: right is 'perhaps'"):
        read_labels(path)


@pytest.mark.parametrize(
    ("reply", "act"),
    [
        ("Понятия не имею.", "abstains"),
        ("Нет, я не замужем.", "denies"),
        ("Вы ошибаетесь, это мой дядя.", "denies"),
        ("Мой брат — Сорин.", "answers"),
        ("Не правда ли, чудный вечер?", "answers"),
    ],
)
def test_russian_replies_are_read(reply: str, act: str) -> None:
    assert read_reply(reply).act == act


def test_a_russian_name_is_a_word_of_its_own() -> None:
    assert says("Мой сын — Костя.", ["Костя"]) == "Костя"
    assert says("Иринарх дома.", ["Ирина"]) == ""
