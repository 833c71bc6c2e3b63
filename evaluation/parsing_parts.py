"""The parts of results/parsing.json: counts of each show, two transcriptions compared, hidden episodes, speed.

Each part is measured by a command of its own and laid over the file; the others stay as they were.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tqdm import tqdm

from parsing.errors import NotFound
from parsing.manifest import build_dir, load_show

PARTS = ("shows", "comparison", "transcriptions", "segmentation", "speed")
HIDDEN = ("friends", "big_bang_theory", "star_trek_ds9", "the_office")

PAIR = ("friends", "friends_r")  # two transcriptions of one series


def measured(before: Mapping[str, Any], names: Sequence[str], kind: str, rounds: int) -> dict[str, Any]:
    """The file with one part measured anew; without `names` for all shows. Raises `NotFound` for one not parsed."""
    found: dict[str, Any] = {part: before[part] for part in PARTS if part in before}
    if kind == "speed":
        from evaluation.parsing_speed import measure as timed

        found["speed"] = timed(list(names), rounds)
    elif kind == "hidden":
        from evaluation.segmentation import measure as cut

        shows = [load_show(name) for name in tqdm(names or HIDDEN, desc="episodes hidden", disable=None, leave=False)]
        found["segmentation"] = {**found.get("segmentation", {}), **cut(shows)}
    else:
        found |= _counts(found.get("shows", {}), names)
    return {part: found[part] for part in PARTS if part in found}


def _counts(rows: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    from evaluation.parsing_counts import folders, show_row
    from evaluation.transcriptions import compare

    wanted = list(names) or folders()
    merged = {**rows, **{name: show_row(name) for name in tqdm(wanted, disable=None, leave=False)}}
    found: dict[str, Any] = {"shows": dict(sorted(merged.items()))}
    if PAIR[0] in wanted:
        path = build_dir(load_show(PAIR[0])) / "comparison.json"
        if not path.is_file():
            raise NotFound(f"no {path}: run `python -m parsing {PAIR[0]} --compare {PAIR[1]}`")
        found["comparison"] = json.loads(path.read_text(encoding="utf-8"))
        found["transcriptions"] = compare(load_show(PAIR[0]), load_show(PAIR[1]))
    return found
