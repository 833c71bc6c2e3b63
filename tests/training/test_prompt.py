"""The one prompt format."""

from typing import Any

from training.prompt import IGNORED, example, messages, prompt_ids

FACTS = ("my sister | Nora", "my job | baker")
HISTORY = ({"role": "user", "content": "Hey!"}, {"role": "assistant", "content": "Hello."})


def test_stable_parts_come_first_and_the_facts_stand_before_the_message() -> None:
    prompt = messages("Ben", "Harbor Lights", "Who is your sister?", FACTS, HISTORY)
    assert [m["role"] for m in prompt] == ["system", "user", "assistant", "user"]
    assert prompt[0]["content"] == "You are Ben from Harbor Lights."
    assert prompt[-1]["content"] == "* my sister | Nora\n* my job | baker\nWho is your sister?"


def test_a_model_that_does_not_know_the_format_is_told_it() -> None:
    plain, told = (messages("Ben", "Harbor Lights", "Hey!", instructed=i)[0]["content"] for i in (False, True))
    assert told.startswith(plain) and "* say |" in told


def test_template_renders_one_token_a_role(tokenizer: Any) -> None:
    prompt = messages("Ben", "Harbor Lights", "Hey!", (), HISTORY)
    text = tokenizer.apply_chat_template(prompt, tokenize=False, add_generation_prompt=True)
    assert text == (
        "<|begin|><|system|>You are Ben from Harbor Lights."
        "<|user|>Hey!<|assistant|>Hello.<|end|><|user|>Hey!<|assistant|>"
    )
    assert tokenizer.decode(prompt_ids(tokenizer, prompt)) == text


def test_loss_is_on_the_reply_and_its_end_alone(tokenizer: Any) -> None:
    prompt = messages("Ben", "Harbor Lights", "Hey!", FACTS)
    ids, labels = example(tokenizer, prompt, "Hello.")
    head = len(prompt_ids(tokenizer, prompt))
    reply = [*tokenizer("Hello.", add_special_tokens=False)["input_ids"], tokenizer.eos_token_id]
    assert ids[:head] == prompt_ids(tokenizer, prompt)
    assert ids[head:] == reply
    assert labels == [IGNORED] * head + reply


def test_what_is_to_be_said_stands_behind_the_facts() -> None:
    prompt = messages("Ben", "Harbor Lights", "Who is your sister?", FACTS[:1], say="My sister is Nora.")
    assert prompt[-1]["content"] == "* my sister | Nora\n* say | My sister is Nora.\nWho is your sister?"


def test_tokenizer_gives_any_text_back(tokenizer: Any) -> None:
    for text in ("Hey! Naïve café — ‘quotes’", "Привет, 你好 🙂", "two\nlines\tand a tab"):
        assert tokenizer.decode(tokenizer(text, add_special_tokens=False)["input_ids"]) == text
