"""Generation hyperparameters, searched: `python -m training search friends`.

Optuna's tree-structured Parzen estimator (Bergstra et al., 2011) tries temperature, top-p, min-p and repetition
penalty. What a trial is worth is the weighted sum `WEIGHTS` of shares between 0 and 1, on prompts of which training saw
none:

  said       samples that carry the sentence they were given and turn nothing about it
  answered   samples that answer from the triples (made-up people, five distractors)
  fitting    samples to real development turns that the turn makes likelier than "Hey." does
  varied     distinct bigrams of those samples, as a share of the real replies' (at most 1)
  long       one less the relative difference of their mean length from the real replies'
  smooth     samples without a loop

How many candidates are worth their time is read off the best settings: how often at least one of k can be used.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

from kg.english import loops
from parsing.errors import NotFound
from parsing.files import write_json
from training.grounded import Example, make
from training.measure import reply_to, right, told
from training.mixture import Pair, pairs_of
from training.prompt import Message, example, messages

WEIGHTS = {"said": 0.3, "answered": 0.25, "fitting": 0.15, "varied": 0.15, "long": 0.05, "smooth": 0.1}
SAMPLES = 4  # of each prompt, in a trial
MOST = 8  # candidates of each prompt, for the table by k
PROMPTS = 24  # of each kind
TOKENS = 40
_WORDS = re.compile(r"[\w']+")


@dataclass(frozen=True)
class Prompts:
    """What every trial is tried on."""

    said: tuple[Example, ...]
    answered: tuple[Example, ...]
    real: tuple[Pair, ...]
    replies: tuple[str, ...]  # as many real replies as a trial samples: what length and variety are held against


def prompts(pairs: Sequence[Pair], seed: int = 5, count: int = PROMPTS) -> Prompts:
    """The prompts of a search: made up anew, and real development pairs of some length."""
    rng = random.Random(seed)
    spoken = [p for p in pairs if 4 <= len(_WORDS.findall(p.reply)) <= 25]
    if not spoken:
        raise NotFound("no development pairs to search on: run `python -m parsing SHOW` first")
    return Prompts(
        tuple(told(rng, 3) for _ in range(count)),
        tuple(make(rng, "fact", distractors=5, unseen=True) for _ in range(count)),
        tuple(rng.sample(spoken, min(count, len(spoken)))),
        tuple(pair.reply for pair in rng.sample(spoken, min(count * SAMPLES, len(spoken)))),
    )


class Sampler:
    """A model that samples and weighs batches of prompts."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self.model, self.tokenizer = model.eval(), tokenizer

    def sample(
        self, asked: Sequence[Sequence[Message]], settings: dict[str, float], n: int, seed: int
    ) -> list[list[str]]:
        """`n` replies to each prompt."""
        import torch

        torch.manual_seed(seed)
        texts = reply_to(
            self.model, self.tokenizer, asked, TOKENS, do_sample=True, top_k=0, num_return_sequences=n, **settings
        )
        return [texts[i * n : (i + 1) * n] for i in range(len(asked))]

    def likelihoods(self, asked: Sequence[Sequence[Message]], replies: Sequence[str]) -> list[float]:
        """Mean log-probability a token, in nats, of each reply to its prompt."""
        import torch

        from training.mixture import collate
        from training.prompt import IGNORED

        made = (example(self.tokenizer, prompt, reply) for prompt, reply in zip(asked, replies, strict=True))
        rows = [{"input_ids": ids, "labels": labels} for ids, labels in made]
        batch = collate(rows, self.tokenizer.pad_token_id)
        with torch.inference_mode():
            logits = self.model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits[:, :-1]
        labels = batch["labels"][:, 1:]
        kept = labels != IGNORED
        scores = torch.log_softmax(logits.float(), -1).gather(-1, labels.clamp(min=0)[..., None]).squeeze(-1)
        return list(((scores * kept).sum(1) / kept.sum(1).clamp(min=1)).tolist())


def scores(sampler: Sampler, on: Prompts, settings: dict[str, float], seed: int) -> dict[str, float]:
    """The parts of what a trial is worth."""
    said = sampler.sample([_prompt(t) for t in on.said], settings, SAMPLES, seed)
    answered = sampler.sample([_prompt(t) for t in on.answered], settings, SAMPLES, seed)
    asked = [messages(p.persona, p.show, p.message, (), p.history[-2:]) for p in on.real]
    chat = sampler.sample(asked, settings, SAMPLES, seed)
    replies = [reply for found in chat for reply in found]
    many = [prompt for prompt in asked for _ in range(SAMPLES)]
    bare = [messages(p.persona, p.show, "Hey.") for p in on.real for _ in range(SAMPLES)]
    gains = zip(sampler.likelihoods(many, replies), sampler.likelihoods(bare, replies), strict=True)
    return {
        "said": _hits(on.said, said),
        "answered": _hits(on.answered, answered),
        "fitting": mean(with_turn > without for with_turn, without in gains),
        "varied": min(1.0, distinct(replies) / distinct(on.replies)),
        "long": max(0.0, 1.0 - abs(_length(replies) - _length(on.replies)) / _length(on.replies)),
        "smooth": mean(not loops(reply) for reply in replies),
    }


def worth(found: dict[str, float]) -> float:
    """The weighted sum."""
    return sum(WEIGHTS[key] * value for key, value in found.items())


def search(
    model: Any, tokenizer: Any, pairs: Sequence[Pair], trials: int, out: Path, seed: int = 5, count: int = PROMPTS
) -> dict[str, Any]:
    """Try `trials` settings, the first of them today's; writes and returns every trial and the best."""
    import optuna

    sampler, on = Sampler(model, tokenizer), prompts(pairs, seed, count)
    rows: list[dict[str, Any]] = []

    def objective(trial: optuna.Trial) -> float:
        settings = {
            "temperature": trial.suggest_float("temperature", 0.2, 1.2),
            "top_p": trial.suggest_float("top_p", 0.5, 1.0),
            "min_p": trial.suggest_float("min_p", 0.0, 0.2),
            "repetition_penalty": trial.suggest_float("repetition_penalty", 1.0, 1.25),
        }
        found = scores(sampler, on, settings, seed)
        rows.append({"settings": _rounded(settings), "scores": _rounded(found), "worth": round(worth(found), 4)})
        return worth(found)

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed))
    study.enqueue_trial({"temperature": 0.7, "top_p": 0.9, "min_p": 0.0, "repetition_penalty": 1.1})
    study.optimize(objective, n_trials=trials)
    best = max(rows, key=lambda row: row["worth"])
    result = {
        "seed": seed, "weights": WEIGHTS, "prompts": count, "samples": SAMPLES, "trials": rows, "before": rows[0],
        "best": best, "candidates": by_candidates(sampler, on, best["settings"], seed + 1),
    }  # fmt: skip
    write_json(out, result)
    return result


def by_candidates(sampler: Sampler, on: Prompts, settings: dict[str, float], seed: int) -> dict[str, dict[str, float]]:
    """How often at least one of k candidates can be used, for k of 1 to `MOST`, without bias (Chen et al., 2021)."""
    table: dict[str, dict[str, float]] = {}
    for kind, talks in (("said", on.said), ("answered", on.answered)):
        found = sampler.sample([_prompt(t) for t in talks], settings, MOST, seed)
        hits = [sum(right(talk, reply) for reply in replies) for talk, replies in zip(talks, found, strict=True)]
        table[kind] = {str(k): round(mean(_at_least_one(h, k) for h in hits), 4) for k in (1, 2, 4, 8)}
    return table


def _at_least_one(hits: int, k: int, of: int = MOST) -> float:
    """The chance that k drawn of `of` samples hold one of the hits."""
    from math import comb

    return 1.0 - comb(of - hits, k) / comb(of, k)


def distinct(replies: Sequence[str]) -> float:
    """Different bigrams as a share of all (distinct-2; Li et al., 2016)."""
    words = [_WORDS.findall(reply.lower()) for reply in replies]
    pairs = [pair for said in words for pair in pairwise(said)]
    return len(set(pairs)) / max(1, len(pairs))


def development_pairs(show: Any) -> list[Pair]:
    """The real pairs that the search is tried on."""
    from parsing.tables import load_pairs

    return pairs_of(load_pairs(show), show.title, "dev")


def _prompt(talk: Example) -> list[Message]:
    return messages(talk.persona.name, "Friends", talk.question, talk.facts, say=talk.say)


def _hits(talks: Sequence[Example], found: Sequence[Sequence[str]]) -> float:
    return mean(right(talk, reply) for talk, replies in zip(talks, found, strict=True) for reply in replies)


def _length(replies: Sequence[str]) -> float:
    return mean(len(_WORDS.findall(reply)) for reply in replies)


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {key: round(value, 4) for key, value in values.items()}
