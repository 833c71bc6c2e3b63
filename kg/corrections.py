"""Curated facts: `shows/<id>/corrections.csv`, what extraction misses or gets wrong, each with the line that shows it.

Columns: action (`add`, `remove`, `replace`), subject, subject_type, relation, object, object_type (a node type, or a
literal kind: text, number, date), polarity, since, until, revealed, known_by, evidence, comment. `known_by` is
`Name@S01E03;…`, and may hold `present` (all who are present in the evidence's scene, from its episode on) and `main`
(all personas, from `revealed` on). Relation `gender` sets that of a node. A relation that is a kind of event (`kiss`,
`move`) makes an event in the episode `since`, with the subject as agent and the object, if any, as patient.

Curated facts are marked `curated` and win over extracted ones of a functional relation; removed and replaced facts are
kept apart, so that the graph as extracted can still be measured.
"""

import csv
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from kg.curation import Correction, Curation
from kg.graph import Graph
from parsing.errors import BadFile, CanonError
from parsing.manifest import Show

FILE = "corrections.csv"


def apply(graph: Graph, show: Show, path: Path | None = None) -> Graph:
    """The graph with the show's corrections (none where there is no file).

    Curated facts of a former run are replaced. Raises `BadFile` naming file and line: an unknown relation, an episode
    the show doesn't have, a malformed evidence id, an utterance that the transcripts (where they are there) don't have,
    a `remove` of something the graph doesn't hold.
    """
    path = path or show.folder / FILE
    if not path.is_file():
        return graph
    work = Curation(graph, show)
    for line, row in read_corrections(path):
        try:
            work.apply(row)
        except CanonError as error:
            raise BadFile(f"{path}, line {line}: {error}") from None
    return work.graph()


def read_corrections(path: Path) -> list[tuple[int, Correction]]:
    """The rows with their line numbers. Raises `BadFile` for missing or unknown columns."""
    known = [f.name for f in fields(Correction)]
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            header = reader.fieldnames or []
            if set(header) != set(known):
                odd = sorted(set(header) ^ set(known))
                raise BadFile(
                    f"{path}, line 1: missing or unknown columns {', '.join(odd)}; expected {','.join(known)}"
                )
            return [(reader.line_num, _row(row, path, reader.line_num)) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadFile(f"{path}: not a UTF-8 CSV file: {error}") from None


def _row(row: Mapping[str, str | None], path: Path, line: int) -> Correction:
    if None in row or None in row.values():
        raise BadFile(f"{path}, line {line}: has too few or too many columns")
    return Correction(**{key: (value or "").strip() for key, value in row.items()})
