"""How well a model copies: exact answers to made-up grounded questions with names that no training row has.

    python -m training measure [--model models/base]

Greedy decoding, the model alone. An answer is right when the object's name stands in the reply; an absent fact is
answered rightly when no name and no literal of the prompt is said and the reply reads as an abstention.
"""

import math
import random
import re
from collections.abc import Sequence
from typing import Any

from kg.carrying import carried, turned
from training.grounded import Example, World, make, sentence_of_relation, wordings
from training.prompt import messages

DISTRACTORS = (1, 5, 10)


def reply_to(
    model: Any, tokenizer: Any, prompts: Sequence[Sequence[dict[str, str]]], tokens: int = 32, **sampling: Any
) -> list[str]:
    """Replies to a batch of prompts: greedy ones, or by the settings of `generate` in `sampling`."""
    import torch

    tokenizer.padding_side = "left"
    batch = tokenizer.apply_chat_template(
        [list(p) for p in prompts], add_generation_prompt=True, return_tensors="pt", return_dict=True, padding=True
    )
    with torch.inference_mode():
        out = model.generate(
            **batch, max_new_tokens=tokens, pad_token_id=tokenizer.pad_token_id, **({"do_sample": False} | sampling)
        )
    return [t.strip() for t in tokenizer.batch_decode(out[:, batch["input_ids"].shape[1] :], skip_special_tokens=True)]


def wilson(hits: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's 95 % score interval of a share (Wilson, 1927)."""
    if not total:
        return (0.0, 1.0)
    share, square = hits / total, z * z
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = z * math.sqrt(share * (1 - share) / total + square / (4 * total * total)) / (1 + square / total)
    return (max(0.0, middle - half), min(1.0, middle + half))


def told(rng: random.Random, distractors: int) -> Example:
    """A sentence that has to be said, about people that no training row has."""
    world = World(rng, unseen=True)
    question, said = sentence_of_relation(world)
    return Example("say", world.persona, world.distractors(distractors), question, said, said, distractors, say=said)


def right(talk: Example, reply: str) -> bool:
    """Is the reply what the prompt's facts ask for?"""
    if talk.kind == "say":
        around = carried(reply, talk.say)
        return around is not None and not turned(around)
    if talk.kind == "absent":
        said = {phrase.rstrip(".?!").casefold() for phrase in wordings()["say"]["abstain"]}
        values = {line.split(" | ")[1] for line in talk.facts} - {"me"}
        named = any(re.search(rf"\b{re.escape(value)}\b", reply) for value in values)
        return any(s in reply.casefold() for s in said) and not named
    return bool(talk.answer) and talk.answer.casefold() in reply.casefold()


def copying(model: Any, tokenizer: Any, count: int = 200, seed: int = 97, batch: int = 40) -> dict[str, Any]:
    """Shares of exact answers by kind and number of distractors, with 95 % intervals, and without any facts."""
    result: dict[str, Any] = {"seed": seed, "questions": count, "decoding": "greedy"}
    for kind in ("fact", "two_hop", "false", "absent"):
        for distractors in DISTRACTORS:
            rng = random.Random(f"{seed}-{kind}-{distractors}")
            talks = [make(rng, kind, distractors=distractors, unseen=True) for _ in range(count)]
            result[f"{kind}_{distractors}"] = _share(model, tokenizer, talks, batch)
    for distractors in DISTRACTORS:
        rng = random.Random(f"{seed}-say-{distractors}")
        talks = [told(rng, distractors) for _ in range(count)]
        result[f"say_{distractors}"] = _share(model, tokenizer, talks, batch)
    rng = random.Random(f"{seed}-fact-1")
    bare = [make(rng, "fact", distractors=1, unseen=True) for _ in range(count)]
    result["fact_without_triples"] = _share(model, tokenizer, bare, batch, facts=False)
    return result


def _share(model: Any, tokenizer: Any, talks: Sequence[Example], batch: int, facts: bool = True) -> dict[str, Any]:
    hits = 0
    for start in range(0, len(talks), batch):
        part = talks[start : start + batch]
        prompts = [messages(t.persona.name, "Friends", t.question, t.facts if facts else (), say=t.say) for t in part]
        hits += sum(right(t, r) for t, r in zip(part, reply_to(model, tokenizer, prompts), strict=True))
    low, high = wilson(hits, len(talks))
    return {
        "hits": hits,
        "of": len(talks),
        "share": round(hits / len(talks), 4),
        "low": round(low, 4),
        "high": round(high, 4),
    }
