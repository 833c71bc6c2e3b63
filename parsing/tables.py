"""What the other rooms read of this stage's products."""

from pathlib import Path
from typing import Any

import pandas as pd

from parsing.errors import NotFound
from parsing.files import read_jsonl
from parsing.manifest import Show, build_dir, load_show

_LISTS = ("speakers", "addressees", "present", "directions")


def load_utterances(show: Show | str) -> pd.DataFrame:
    """The utterance table of a show, one row an utterance, in story order (columns: docs/data.md).

    `speaker` is a string or None, never NaN; the list columns hold Python lists. Raises `NotFound`, naming the
    command to run, when the show wasn't parsed yet.
    """
    path = _built(show, "utterances.parquet")
    table = pd.read_parquet(path)
    speaker = table["speaker"].astype(object)
    table["speaker"] = speaker.where(speaker.notna(), None)
    for column in _LISTS:
        table[column] = table[column].map(list)
    return table


def load_pairs(show: Show | str) -> list[dict[str, Any]]:
    """The dialogue pairs {persona, id, context: [{speaker, text}], reply} of a show, in story order.

    The episode is `id[:6]`, the split `split_of(id[:6])`. Raises `NotFound` when the show wasn't parsed yet.
    """
    return read_jsonl(_built(show, "pairs.jsonl"))


def _built(show: Show | str, name: str) -> Path:
    show = load_show(show) if isinstance(show, str) else show
    path = build_dir(show) / name
    if not path.is_file():
        raise NotFound(f"no file {path}: run `python -m parsing {show.id}` first")
    return path
