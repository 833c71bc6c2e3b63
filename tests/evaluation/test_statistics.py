"""Intervals, agreement and tests against numbers worked out by hand or taken from their papers."""

import pytest

from evaluation.statistics import Share, balanced_accuracy, bootstrap, kappa, mcnemar, mean_of_means


def test_wilson_interval_of_eight_in_ten() -> None:
    # z = 1.96, z² = 3.8416: middle (0.8 + 0.19208) / 1.38416 = 0.716737;
    # half 1.96 * sqrt(0.016 + 0.009604) / 1.38416 = 0.226577
    assert Share(8, 10).to_json() == {"hits": 8, "of": 10, "share": 0.8, "low": 0.4902, "high": 0.9433}


def test_wilson_interval_stays_within_zero_and_one_and_knows_little_of_nothing() -> None:
    # none of 10: high 3.8416 / (10 + 3.8416) = 0.27754
    assert Share(0, 10).to_json() == {"hits": 0, "of": 10, "share": 0.0, "low": 0.0, "high": 0.2775}
    assert Share(10, 10).to_json() == {"hits": 10, "of": 10, "share": 1.0, "low": 0.7225, "high": 1.0}
    assert Share(0, 0).to_json() == {"hits": 0, "of": 0, "share": 0.0, "low": 0.0, "high": 1.0}


def test_macro_average_weighs_groups_alike_and_leaves_empty_ones_out() -> None:
    assert mean_of_means([[1.0, 1.0, 1.0, 0.0], [0.0], []]) == pytest.approx((0.75 + 0.0) / 2)
    assert mean_of_means([[], []]) == 0.0


def test_bootstrap_is_the_same_for_a_seed_and_has_no_width_without_variance() -> None:
    groups = [[1.0, 0.0, 1.0, 1.0], [0.0, 1.0]]
    assert bootstrap(groups, mean_of_means, seed=3) == bootstrap(groups, mean_of_means, seed=3)
    assert bootstrap([[1.0] * 5, [0.0] * 3], mean_of_means) == (0.5, 0.5)


def test_bootstrap_of_one_coin_is_as_wide_as_the_coin() -> None:
    # a group of one 0 and one 1 has the means 0, 0.5, 1 with the chances 1/4, 1/2, 1/4: both ends lie in the tails
    assert bootstrap([[0.0, 1.0]], mean_of_means, seed=1) == (0.0, 1.0)


def test_bootstrap_resamples_each_group_by_itself() -> None:
    # 100 questions, half right, beside one group that is always right: 0.5 * (0.5 ± 1.96 * 0.05) + 0.5
    low, high = bootstrap([[0.0, 1.0] * 50, [1.0]], mean_of_means, seed=1)
    assert low == pytest.approx(0.70, abs=0.012)
    assert high == pytest.approx(0.80, abs=0.012)


@pytest.mark.parametrize(
    ("only_first", "only_second", "p"),
    [
        (0, 0, 1.0),
        (5, 5, 1.0),  # twice the lower half, capped at one
        (0, 5, 2 / 32),
        (1, 7, 2 * (1 + 8) / 256),
        (7, 1, 2 * (1 + 8) / 256),
    ],
)
def test_mcnemar_is_the_exact_binomial_test_of_the_discordant_pairs(
    only_first: int, only_second: int, p: float
) -> None:
    assert mcnemar(only_first, only_second) == pytest.approx(p)


def test_kappa_of_a_two_by_two_table() -> None:
    # both yes 20, both no 15, yes/no 5, no/yes 10: agreed 0.7, by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5
    first = ["y"] * 25 + ["n"] * 25
    second = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15
    assert kappa(first, second) == pytest.approx(0.4)


def test_kappa_is_one_for_the_same_labels_and_minus_one_for_opposite_halves() -> None:
    assert kappa(["a", "b", "a"], ["a", "b", "a"]) == 1.0
    assert kappa(["a", "a"], ["a", "a"]) == 1.0
    assert kappa(["a", "b"], ["b", "a"]) == pytest.approx(-1.0)


@pytest.mark.parametrize(("first", "second"), [([], []), (["a"], ["a", "b"])])
def test_kappa_needs_two_passes_of_one_length(first: list[str], second: list[str]) -> None:
    with pytest.raises(ValueError, match="two passes of one length"):
        kappa(first, second)


def test_balanced_accuracy_is_the_mean_of_the_recalls() -> None:
    gold = ["a", "a", "a", "a", "b"]
    assert balanced_accuracy(gold, ["a", "a", "a", "b", "b"]) == pytest.approx((0.75 + 1.0) / 2)
    assert balanced_accuracy(gold, ["a"] * 5) == 0.5
