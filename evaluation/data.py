"""Where the gold sets and open sets lie that no show brings."""

import os
from pathlib import Path

from parsing.errors import NotFound


def data_folder() -> Path:
    """The folder that CANON_DATA names. Raises `NotFound` where it isn't set or isn't there."""
    folder = os.environ.get("CANON_DATA", "")
    if not folder or not Path(folder).is_dir():
        raise NotFound(
            f"CANON_DATA is '{folder}': it has to name the folder that holds spacy/ and gold/ (docs/data.md)"
        )
    return Path(folder)
