"""All that `evaluation extraction` measures of a show without a gold file: precision, recall, ways, speed."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from evaluation import fandom, reference
from evaluation.extraction import LABELS, score_labels
from evaluation.kinship import FILE, read_gold
from kg.graph import load_graph
from parsing.commands import say
from parsing.errors import NotFound
from parsing.manifest import Show
from parsing.tables import load_utterances


def measure(show: Show, before: Mapping[str, Any], ablation: bool, speed: bool) -> dict[str, Any]:
    """Labels scored, recall against curated facts and Fandom pages, ablation and speed where asked for.

    What can't be measured here (no transcripts, no gold sets) or isn't asked for stays as it was `before`.
    """
    extracted = load_graph(show, curated=False)
    found = score_labels(LABELS / f"facts_{show.id}.csv", extracted)
    found["curated_reference"] = reference.recall_of(load_graph(show), extracted, show.episodes)
    tasks: dict[str, Callable[[], Any]] = {"fandom": lambda: _fandom(show)}
    if ablation:
        tasks["ways"] = lambda: _ways(show)
    if speed:
        tasks["speed"] = lambda: _speed(show)
    for name in ("fandom", "ways", "speed"):
        if name in tasks:
            try:
                found[name] = tasks[name]()
                continue
            except NotFound as error:
                say(f"{name}: as it was, for {error}")
        if name in before:
            found[name] = before[name]
    return found


def gold_file() -> Path:
    """The Fandom triples. Raises `NotFound` where CANON_DATA doesn't name the data folder."""
    data = os.environ.get("CANON_DATA")
    if not data:
        raise NotFound("CANON_DATA names no folder with the gold sets (see docs/data.md)")
    return Path(data) / FILE


def _fandom(show: Show) -> dict[str, Any]:
    gold = read_gold(gold_file())
    where = fandom.spoken(load_utterances(show), gold)
    return {
        name: fandom.recall(load_graph(show, curated=curated), gold, where)
        for name, curated in (("extracted", False), ("with_corrections", True))
    }


def _ways(show: Show) -> dict[str, Any]:
    from evaluation.ablation import ablate

    return ablate(show, gold_file())


def _speed(show: Show) -> dict[str, Any]:
    from evaluation.throughput import throughput

    return throughput(show)
