"""Long ways to ask a short thing."""

import pytest

from kg.paraphrases import plain


@pytest.mark.parametrize(
    ("message", "short"),
    [
        ("who's the younger guy from the office you're seeing", "who are you seeing"),
        ("Who is the woman Ross is married to?", "who is Ross married to?"),
        ("And the lady in your life?", "And your girlfriend?"),
        ("Who's the man in Monica's life?", "Who's Monica's boyfriend?"),
        ("How do you make your money?", "what do you do for a living?"),
        ("how does Phoebe earn a living", "what does Phoebe do for a living"),
        ("What's your mom do?", "what does your mom do?"),
        ("At which university do you lecture?", "what university do you work at?"),
        ("How come you and Chandler know each other?", "how do you know Chandler?"),
        ("How many divorces have you had?", "how many times have you been divorced?"),
    ],
)
def test_a_paraphrase_is_brought_into_the_words_of_the_table(message: str, short: str) -> None:
    assert plain(message) == short


@pytest.mark.parametrize(
    "message",
    [
        "",
        "What's your mom do to you?",
        "How do you make your lasagna?",
        "the man in the moon",
        "Who is your sister?",
        "u",
    ],
)
def test_everything_else_stays_as_it_is(message: str) -> None:
    assert plain(message) == message
