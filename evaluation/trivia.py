"""Outside questions: a hobby quiz's four options, ranked by the graph and by the bundled model's likelihood.

The quiz (data folder, `gold/friends_trivia`) is for evaluation alone and its keys are not verified; some questions are
about actors and production, of which the graph holds nothing. Nothing was chosen by these scores.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evaluation.likeness import words
from evaluation.provenance import graph_file, provenance
from evaluation.statistics import Share
from kg.graph import Graph, load_graph, node_id
from kg.recall import Notes
from kg.talk import read_message
from kg.wording import sentence
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show
from training.models import load_model
from training.prompt import messages

FILE = Path("gold") / "friends_trivia" / "friends_trivia_dev.json"
AMONG = 10  # facts and notes that are looked at, each less than the one before


def measure(show: Show, data: Path, models: Path) -> dict[str, Any]:
    """Shares of right first options. Raises `NotFound` or `BadFile` where the quiz isn't there."""
    quiz = read_quiz(data / FILE)
    graph = load_graph(show)
    view = graph.at(show.last_episode)
    ranker = Ranker(view, show)
    by_graph = [ranker.best(q["question"], q["options"]) for q in quiz]
    model = _Likely(models, show)
    by_model = [model.best(q["question"], q["options"]) for q in quiz]
    keys = [q["answer"] for q in quiz]
    told = [(b, k) for b, k in zip(by_graph, keys, strict=True) if b is not None]
    return {
        "show": show.id,
        **provenance([graph_file(show), models / "base" / "model.safetensors"]),
        "chance": 0.25,
        "graph": Share(sum(b == k for b, k in told), len(keys)).to_json(),
        "graph_decides": Share(len(told), len(keys)).to_json(),
        "graph_where_it_decides": Share(sum(b == k for b, k in told), len(told)).to_json(),
        "likelihood": Share(sum(b == k for b, k in zip(by_model, keys, strict=True)), len(keys)).to_json(),
    }


def read_quiz(path: Path) -> list[dict[str, Any]]:
    """The questions {id, question, options, answer: index}."""
    if not path.is_file():
        raise NotFound(f"no quiz at {path}: CANON_DATA has to name the folder that holds gold/ (docs/data.md)")
    try:
        rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        fits = isinstance(rows, list) and all(0 <= r["answer"] < len(r["options"]) and r["question"] for r in rows)
    except (ValueError, KeyError, TypeError):
        fits = False
    if not fits:
        raise BadFile(f"{path}: expected a list of questions with question, options and the answer's index")
    return rows


class Ranker:
    """Which option do the facts say that a question retrieves?"""

    def __init__(self, graph: Graph, show: Show) -> None:
        self._graph, self._show = graph, show
        self._notes = Notes(graph)
        self._speaker = node_id(show.personas[0].name)

    def best(self, question: str, options: Sequence[str]) -> int | None:
        """The place of the option whose words the retrieved facts hold most of; None where none or two tie."""
        reading = read_message(question, self._graph, self._show, "")
        recalled = [r.fact for r in self._notes.rank(question, self._speaker, limit=AMONG)]
        ranked = [[r.fact for r in reading.facts][:AMONG], recalled]
        asked = set(words(question))
        scores = [0.0] * len(options)
        for facts in ranked:
            for place, fact in enumerate(facts):
                said = set(words(sentence(self._graph, fact, "")))
                for k, option in enumerate(options):
                    own = {w for w in words(option) if len(w) > 2} - asked
                    scores[k] += len(own & said) / max(1, len(own)) / (place + 1)
        top = max(scores)
        return scores.index(top) if top > 0 and scores.count(top) == 1 else None


class _Likely:
    """The option that the base finds likeliest as a reply."""

    def __init__(self, models: Path, show: Show) -> None:
        from training.search import Sampler

        self._sampler = Sampler(*load_model(models / "base"))
        self._show = show

    def best(self, question: str, options: Sequence[str]) -> int:
        prompt = messages(self._show.personas[0].name, self._show.title, question)
        scores = self._sampler.likelihoods([prompt] * len(options), list(options))
        return scores.index(max(scores))
