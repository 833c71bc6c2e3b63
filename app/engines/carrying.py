"""Constrained decoding of a reply that has to carry a sentence: the model is free around it, and bound within.

A model this small begins a sentence that it was given and slips in the middle ("… for Frank and her baby"). Here its
first word, wherever a clause may begin, binds it to the rest; after an opener of its own it has to begin. What it says
before and behind is its own (and is judged: `app.voicing`).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kg.english import decapitalised

if TYPE_CHECKING:
    import torch

_MARKS = (",", ".", "!", "?", "…", ":", ";", "—")
_OPENER = 2  # tokens of an opener from which on the next clause is the sentence


class Way:
    """Which tokens may come next, of a row of tokens made so far."""

    def __init__(self, tokenizer: Any, sentence: str) -> None:
        def ids(text: str) -> tuple[int, ...]:
            return tuple(tokenizer(text, add_special_tokens=False)["input_ids"])

        self._tokenizer = tokenizer
        self._first = (ids(sentence),)
        self._after = {",": (ids(f" {decapitalised(sentence)}"),)}
        self._else = (ids(f" {sentence}"),)
        self._mark: dict[int, str] = {}

    def allowed(self, made: Sequence[int]) -> list[int] | None:
        """The tokens that may follow; None where every one may."""
        for place in range(len(made)):
            for form in self._forms(made, place):
                run = made[place : place + len(form)]
                if tuple(run) == form[: len(run)]:
                    return [form[len(run)]] if len(run) < len(form) else None
        forms = self._forms(made, len(made)) if len(made) >= _OPENER else ()
        return [form[0] for form in forms] or None

    def _forms(self, made: Sequence[int], place: int) -> tuple[tuple[int, ...], ...]:
        """The forms in which the sentence may begin at a place; none where no clause begins."""
        if place == 0:
            return self._first
        mark = self._ends_with(made[place - 1])
        return self._after.get(mark, self._else) if mark else ()

    def _ends_with(self, token: int) -> str:
        """The mark that a token ends with, or nothing."""
        if token not in self._mark:
            text = self._tokenizer.decode([token]).rstrip("\"'”’ ")
            self._mark[token] = text[-1] if text.endswith(_MARKS) else ""
        return self._mark[token]


def processors(tokenizer: Any, sentence: str, prompt: int) -> Any:
    """The logits processors under which every row carries `sentence`; `prompt` is the prompt's length in tokens."""
    from transformers import LogitsProcessor, LogitsProcessorList

    way = Way(tokenizer, sentence)

    class Carrying(LogitsProcessor):
        def __call__(self, input_ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
            for row, made in enumerate(input_ids[:, prompt:].tolist()):
                allowed = way.allowed(made)
                if allowed is not None:
                    kept = scores[row, allowed].clone()
                    scores[row] = float("-inf")
                    scores[row, allowed] = kept.clamp(min=-1e4)
            return scores

    return LogitsProcessorList([Carrying()])
