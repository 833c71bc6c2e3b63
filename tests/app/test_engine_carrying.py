"""Constrained decoding: a sentence begun is a sentence carried."""

import pytest

from app.engines.carrying import Way

WORDS = ["", "Oh", ",", " my", "My", " sister", " is", " Monica", ".", " Hm", "!", " My", " bag", " dear"]


class Tokenizer:
    """Words and marks as tokens, each with the space before it."""

    def __call__(self, text: str, add_special_tokens: bool = True) -> dict[str, list[int]]:
        ids: list[int] = []
        while text:
            word = max((w for w in WORDS[1:] if text.startswith(w)), key=len)
            ids.append(WORDS.index(word))
            text = text[len(word) :]
        return {"input_ids": ids}

    def decode(self, ids: list[int]) -> str:
        return "".join(WORDS[i] for i in ids)


TOKENIZER = Tokenizer()


def allowed(made: str) -> list[str] | None:
    found = Way(TOKENIZER, "My sister is Monica.").allowed(TOKENIZER(made)["input_ids"])
    return None if found is None else [WORDS[i] for i in found]


@pytest.mark.parametrize(
    ("made", "next_"),
    [
        ("", None),  # an opener, or the sentence
        ("My", [" sister"]),
        ("My sister is", [" Monica"]),
        ("My sister is Monica.", None),  # free again
        ("My sister is Monica. Hm", None),
        ("Oh", None),
        ("Oh,", [" my"]),  # after an opener it begins, without its capital behind a comma
        ("Oh!", [" My"]),
        ("Oh, my", [" sister"]),
        ("Oh, my sister is Monica.", None),
    ],
)
def test_what_may_come_next(made: str, next_: list[str] | None) -> None:
    assert allowed(made) == next_


def test_the_sentence_begins_only_where_a_clause_does() -> None:
    assert allowed("Oh my") is None
