"""The weights of whom a line is said to: labels to shares, shares to weights."""

import math

import pytest

from parsing.addressee_clues import EVERYBODY, NOBODY, Option
from parsing.addressees import load_weights
from parsing.episodes import split_of
from parsing.errors import BadFile, NotFound
from training.addressees import LABELS, Example, fit, read_labels, shares_of, write_weights

ADA, TOM = "Adela Brook", "Tom Finch"
OPTIONS = [
    Option((ADA,), ADA, ("before_1",)),
    Option((TOM,), TOM, ("after_1",)),
    Option((), "waiter", ()),
    Option((ADA, TOM), EVERYBODY, (EVERYBODY,)),
    Option((), NOBODY, (NOBODY,)),
]


@pytest.mark.parametrize(
    ("label", "shares"),
    [
        (("Adela Brook",), [1, 0, 0, 0, 0]),
        (("everybody",), [0, 0, 0, 1, 0]),
        (("nobody",), [0, 0, 0, 0, 1]),
        (("role",), [0, 0, 1, 0, 0]),
        (("Tom Finch", "role"), [0, 0.5, 0.5, 0, 0]),
        (("Adela Brook", "Tom Finch"), [1 / 3, 1 / 3, 0, 1 / 3, 0]),
    ],
)
def test_labels_become_shares(label, shares):
    assert shares_of(OPTIONS, label) == pytest.approx(shares)


def test_somebody_who_cant_be_meant_teaches_nothing():
    assert shares_of(OPTIONS, ("Mr. Hale",)) is None


def test_the_fit_gives_back_the_odds_it_was_shown():
    pair = [Option((ADA,), ADA, ("before_1",)), Option((TOM,), TOM, ())]
    weights = fit([Example(pair, (1, 0), 300.0), Example(pair, (0, 1), 100.0)], penalty=1e-6)
    assert weights["before_1"] == pytest.approx(math.log(3), abs=1e-3)


def test_a_penalty_draws_the_weights_to_nothing():
    pair = [Option((ADA,), ADA, ("before_1",)), Option((TOM,), TOM, ())]
    examples = [Example(pair, (1, 0))] * 10
    assert 0 < fit(examples, penalty=10.0)["before_1"] < fit(examples, penalty=0.1)["before_1"]


def test_weights_are_read_as_they_were_written(tmp_path):
    path = tmp_path / "weights.toml"
    write_weights({"before_1": 1.254, "after_1": -0.5}, [Example(OPTIONS, (1, 0, 0, 0, 0))], path)
    assert load_weights(path) == {"before_1": 1.25, "after_1": -0.5}
    assert "labelled = 1" in path.read_text()


def test_the_committed_labels_are_of_train_episodes_alone():
    labels = read_labels(LABELS)
    assert len(labels) > 600
    assert {split_of(i[:6]) for i in labels} == {"train"}


def test_bad_labels_are_told(tmp_path):
    with pytest.raises(NotFound, match="no labels"):
        read_labels(tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_text("id,whom\nx,y\n")
    with pytest.raises(BadFile, match="expected the columns id and addressees"):
        read_labels(tmp_path / "bad.csv")
