"""A reply carries the sentence it was given, or it doesn't; and what stands around it may not turn it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.carrying import MOST, Carried, carried, turned

SAY = "My sister is Monica."


@pytest.mark.parametrize(
    ("reply", "around"),
    [
        ("My sister is Monica.", Carried("", "")),
        ("Oh my God, my sister is Monica!", Carried("Oh my God,", "")),
        ("Look, my sister is Monica. It's well documented.", Carried("Look,", "It's well documented.")),
        ("MY SISTER IS MONICA", Carried("", "")),
    ],
)
def test_the_sentence_is_found_whatever_its_capitals_and_marks(reply: str, around: Carried) -> None:
    assert carried(reply, SAY) == around
    assert turned(around) == ""


@pytest.mark.parametrize(
    "reply",
    [
        "My sister isn't Monica.", "My sister is not Monica.", "My sister is really Monica.", "Monica is my sister.",
        "My sister is Monica's.", "My sister is", "", "Monicas",
    ],
)  # fmt: skip
def test_other_words_are_another_sentence(reply: str) -> None:
    assert carried(reply, SAY) is None


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        ("I don't think my sister is Monica.", "don't"),
        ("If my sister is Monica.", "if"),
        ("No, my sister is Monica.", "no"),
        ("My sister is Monica. Not.", "not"),
        ("My sister is Monica. I'm just kidding.", "kidding"),
        ("My sister is Monica and 3 others.", "3"),
        ("Maybe my sister is Monica.", "maybe"),
        ("My sister is Monica " + "and so on " * 6, "18 words more"),
    ],
)
def test_words_that_turn_it_are_named(reply: str, word: str) -> None:
    around = carried(reply, SAY)
    assert around is not None
    assert turned(around) == word


def test_a_no_of_its_own_is_no_turn() -> None:
    around = carried("Well, no, I'm not married. You know?", "No, I'm not married.")
    assert around == Carried("Well,", "You know?")
    assert turned(around) == ""


@given(st.text(max_size=80), st.text(max_size=40), st.lists(st.sampled_from(["oh", "so", "well"]), max_size=MOST))
def test_any_text_is_read_without_an_error(reply: str, sentence: str, before: list[str]) -> None:
    around = carried(reply, sentence)
    if around is not None:
        turned(around)
    words = f"{' '.join(before)} {SAY}"
    found = carried(words, SAY)
    assert found is not None
    assert turned(found) == ""
