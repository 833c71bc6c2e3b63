"""The prompt format: one renderer for training, inference, service and evaluation.

A prompt is a list of chat messages (any causal model with a chat template can read them). What is stable stands first,
so that a prefix cache holds: persona, history, then the facts, then the message. Facts are lines such as
`my sister | Monica Geller` (`kg.wording.prompt_line`), each behind `FACT`, in the same turn as the message.

Our own tokenizer's `CHAT_TEMPLATE` renders the messages with one special token a role:
`<|begin|><|system|>…<|user|>…<|assistant|>…<|end|>`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FACT = "* "  # marks a line of the facts
PAD, BEGIN, END = "<|pad|>", "<|begin|>", "<|end|>"
ROLES = {"system": "<|system|>", "user": "<|user|>", "assistant": "<|assistant|>"}
SPECIAL_TOKENS = (PAD, BEGIN, END, *ROLES.values())
IGNORED = -100  # label of a token that carries no loss

CHAT_TEMPLATE = (
    "{{ '<|begin|>' }}{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}"
    "{% if message['role'] == 'assistant' %}{{ '<|end|>' }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)

Message = dict[str, str]


def system_line(persona: str, show: str) -> str:
    """Who speaks. Stable for all replies of a persona."""
    return f"You are {persona} from {show}."


def user_turn(message: str, facts: Sequence[str] = ()) -> str:
    """The last turn of the user: the facts, one a line, then the message."""
    return "\n".join([*(FACT + line for line in facts), message])


def messages(
    persona: str, show: str, message: str, facts: Sequence[str] = (), history: Sequence[Mapping[str, str]] = ()
) -> list[Message]:
    """The chat messages of one reply. `history` are earlier turns {"role", "content"}, oldest first, without facts."""
    turns = [{"role": turn["role"], "content": turn["content"]} for turn in history]
    return [
        {"role": "system", "content": system_line(persona, show)},
        *turns,
        {"role": "user", "content": user_turn(message, facts)},
    ]


@dataclass(frozen=True)
class Fitted:
    """A prompt that fits, and how much had to be left out of it."""

    messages: list[Message]
    turns_dropped: int
    facts_dropped: int


def fit(
    tokenizer: Any,
    persona: str,
    show: str,
    message: str,
    facts: Sequence[str],
    history: Sequence[Mapping[str, str]],
    limit: int,
) -> Fitted:
    """The longest prompt of at most `limit` tokens: the oldest turns go first, then the last facts, no message."""
    kept, turns = list(facts), list(history)
    while True:
        prompt = messages(persona, show, message, kept, turns)
        if len(prompt_ids(tokenizer, prompt)) <= limit or not (turns or kept):
            return Fitted(prompt, len(history) - len(turns), len(facts) - len(kept))
        if turns:
            turns.pop(0)
        else:
            kept.pop()


def prompt_ids(tokenizer: Any, prompt: Sequence[Mapping[str, str]]) -> list[int]:
    """Token ids of the prompt, up to where the reply begins."""
    encoded = tokenizer.apply_chat_template(list(prompt), add_generation_prompt=True, return_dict=True)
    return list(encoded["input_ids"])


def example(tokenizer: Any, prompt: Sequence[Mapping[str, str]], reply: str) -> tuple[list[int], list[int]]:
    """Token ids and labels of one training example: the loss is on the reply and its end mark only."""
    head = prompt_ids(tokenizer, prompt)
    whole = tokenizer.apply_chat_template([*prompt, {"role": "assistant", "content": reply}], return_dict=True)
    ids = list(whole["input_ids"])
    return ids, [IGNORED] * len(head) + ids[len(head) :]
