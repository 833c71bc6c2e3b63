"""How a reply came about, for "why this answer": the trace, cut to a size, without what the reader must not learn.

Everything found in the graph is stripped to the moment already. What a refused candidate says is the model's own, and
may tell what comes later: its words, and problems that repeat them, are left out.
"""

from collections.abc import Mapping, Sequence
from typing import Any

LONGEST = 400  # characters of one text
MOST = 16  # entries of one list
_DEEPEST = 6  # lists and objects within one another
_STEPS = frozenset({"scene", "understand", "prompt", "generate", "judge", "reply", "small talk"})
_KINDS = ("contradicts the graph", "nothing shows", "names", "brings up", "does not say", "repeats")


def why(trace: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The steps that can be shown, ready for JSON."""
    shown = [dict(step) for step in trace if step["step"] in _STEPS][: 2 * MOST]
    for step in shown:
        if step["step"] == "judge":
            step["candidates"] = [_candidate(c) for c in step["candidates"][:MOST]]
    return [_cut(step) for step in shown]


def _candidate(judged: Mapping[str, Any]) -> dict[str, Any]:
    """A candidate: its words where nothing was wrong with it, else only of which kind the problems are."""
    problems = [next((kind for kind in _KINDS if p.startswith(kind)), "manner") for p in judged["problems"]]
    sound = not problems
    return {
        "text": judged["text"] if sound else None,
        "score": judged["score"],
        "problems": problems,
        "claims": judged["claims"] if sound else [],
    }


def _cut(value: Any, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        return None
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
    if isinstance(value, Mapping):
        return {key: _cut(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cut(item, depth + 1) for item in value[:MOST]]
    return value
