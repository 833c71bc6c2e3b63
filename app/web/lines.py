"""The line of the script behind a piece of evidence, where the reader has the transcripts (`build/<show>/`)."""

import threading
from typing import Any

from app.web.catalogue import transcripts
from app.web.errors import ApiError
from parsing.errors import NotFound
from parsing.manifest import Show

_COLUMNS = ["id", "episode", "speaker", "text", "scene_setting", "reality"]


class Lines:
    """Utterance tables, each read when first asked for."""

    def __init__(self) -> None:
        self._tables: dict[str, Any] = {}  # show id -> data frame indexed by utterance id
        self._lock = threading.Lock()

    def line(self, show: Show, utterance: str, as_of: str) -> dict[str, Any]:
        """One utterance. Blocks on the first call. Raises `NotFound`; `ApiError` (403) for one that comes later."""
        table = self._table(show)
        if utterance not in table.index:
            raise NotFound(f"{show.title} has no line '{utterance[:40]}'")
        if utterance[:6] > as_of:
            raise ApiError(f"{utterance[:6]} comes after {as_of}", status=403, param="as_of", code="not_yet_watched")
        row = table.loc[utterance]
        values = {
            name: None if row[name] is None or row[name] != row[name] else str(row[name]) for name in _COLUMNS[1:]
        }
        return {"id": utterance, **values}

    def _table(self, show: Show) -> Any:
        import pandas as pd

        path = transcripts(show)
        with self._lock:
            if show.id not in self._tables:
                if not path.is_file():
                    raise NotFound(f"no transcripts of {show.title} here: `python -m parsing {show.id}` fetches them")
                self._tables[show.id] = pd.read_parquet(path, columns=_COLUMNS).set_index("id", drop=False)
            return self._tables[show.id]
