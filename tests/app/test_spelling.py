"""Slips in the words that a question is understood by."""

import pytest

from app.spelling import respelt


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("who is your siter?", "who is your sister?"),
        ("are you alergic to kiwi", "are you allergic to kiwi"),
        ("are you maried?", "are you married?"),
        ("do you have a girlfreind", "do you have a girlfriend"),
        ("don't bother your brothers further", "don't bother your brothers further"),
        ("living loved worked fathers", "living loved worked fathers"),
        ("Siter is a name here", "Siter is a name here"),
        ("siter's", "siter's"),
    ],
)
def test_only_what_is_no_word_becomes_the_nearest_word_of_a_relation(typed: str, meant: str) -> None:
    assert respelt(typed) == meant
