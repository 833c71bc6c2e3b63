"""The prompt format: one renderer for training, inference, service and evaluation.

A prompt is a list of chat messages (any causal model with a chat template can read them). What is stable stands first,
so that a prefix cache holds: persona, history, then the facts, then the message. Facts are lines such as
`my sister | Monica Geller` (`kg.wording.prompt_line`), each behind `FACT`, in the same turn as the message. The last of
them may be a whole sentence, `say | My sister is Monica.`: then the reply carries it, in the persona's manner.

Our own tokenizer's `CHAT_TEMPLATE` renders the messages with one special token a role:
`<|begin|><|system|>…<|user|>…<|assistant|>…<|end|>`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

FACT = "* "  # marks a line of the facts
SAY = "say"  # head of the line that the reply has to carry, word for word
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


RULES = (
    'Stay in character and answer in one to three short sentences. Lines that begin with "* " are all you know of what '
    "is asked: say nothing else about people, places or events, and where no line answers, say that you don't know. "
    'A line "* say | …" holds what you have to say: put it into your reply word for word.'
)  # for models that were not trained on this format


def system_line(persona: str, show: str, instructed: bool = False) -> str:
    """Who speaks. Stable for all replies of a persona. `instructed`: with the rules of the format."""
    line = f"You are {persona} from {show}."
    return f"{line} {RULES}" if instructed else line


def user_turn(message: str, facts: Sequence[str] = (), say: str = "") -> str:
    """The last turn of the user: the facts, one a line, then what is to be said, then the message."""
    lines = [*facts, f"{SAY} | {say}"] if say else facts
    return "\n".join([*(FACT + line for line in lines), message])


def messages(
    persona: str,
    show: str,
    message: str,
    facts: Sequence[str] = (),
    history: Sequence[Mapping[str, str]] = (),
    say: str = "",
    instructed: bool = False,
) -> list[Message]:
    """The chat messages of one reply. `history` are earlier turns {"role", "content"}, oldest first, without facts.

    `say` is a sentence that the reply has to carry; `instructed` explains the format to a model that doesn't know it.
    """
    turns = [{"role": turn["role"], "content": turn["content"]} for turn in history]
    return [
        {"role": "system", "content": system_line(persona, show, instructed)},
        *turns,
        {"role": "user", "content": user_turn(message, facts, say)},
    ]


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
