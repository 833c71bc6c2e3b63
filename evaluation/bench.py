"""How long a reply takes on this machine, step by step: a show's questions, one after another, through the bot."""

import os
import platform
import statistics
from collections.abc import Sequence
from typing import Any

from app.bot import Bot
from app.questions import Question
from app.types import Reply
from parsing.manifest import Show


async def bench(bot: Bot, show: Show, questions: Sequence[Question]) -> dict[str, Any]:
    """Median and 95th percentile in seconds, of whole replies and of each step; replies with and without the model."""
    await bot.reply(questions[0].request(show))  # loads graph and model
    replies = [await bot.reply(question.request(show, seed=1)) for question in questions]
    steps: dict[str, list[float]] = {}
    for reply in replies:
        for step in reply.trace:
            steps.setdefault(step.name, []).append(step.seconds)
    modelled = [r for r in replies if r.usage.completion_tokens]
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "show": show.id,
        "replies": _spread([r.seconds for r in replies]),
        "replies_by_model": _spread([r.seconds for r in modelled]),
        "replies_by_graph_alone": _spread([r.seconds for r in replies if not r.usage.completion_tokens]),
        "tokens_per_second": round(_tokens_per_second(modelled), 1),
        "steps": {name: _spread(seconds) for name, seconds in steps.items()},
    }


def _spread(seconds: Sequence[float]) -> dict[str, float | int]:
    if not seconds:
        return {"n": 0}
    ordered = sorted(seconds)
    late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return {"n": len(ordered), "median": round(statistics.median(ordered), 4), "p95": round(late, 4)}


def _tokens_per_second(replies: Sequence[Reply]) -> float:
    """Tokens written, over all candidates, by the time that generation took."""
    spent = sum(step.seconds for reply in replies for step in reply.trace if step.name == "generate")
    return sum(reply.usage.completion_tokens for reply in replies) / spent if spent else 0.0
