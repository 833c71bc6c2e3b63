"""What the other rooms read of this stage's products."""

from typing import Any

import pandas as pd

from parsing.errors import NotFound
from parsing.files import read_jsonl
from parsing.manifest import Show, build_dir, load_show


def load_utterances(show: Show | str) -> pd.DataFrame:
    """The utterance table of a show in story order. Raises `NotFound` when the show wasn't parsed yet."""
    show = load_show(show) if isinstance(show, str) else show
    path = build_dir(show) / "utterances.parquet"
    if not path.is_file():
        raise NotFound(f"no file {path}: run `python -m parsing {show.id}` first")
    return pd.read_parquet(path)


def load_pairs(show: Show | str) -> list[dict[str, Any]]:
    """The dialogue pairs {persona, id, context, reply} of a show. Raises `NotFound` when it wasn't parsed yet."""
    show = load_show(show) if isinstance(show, str) else show
    path = build_dir(show) / "pairs.jsonl"
    if not path.is_file():
        raise NotFound(f"no file {path}: run `python -m parsing {show.id}` first")
    return read_jsonl(path)
