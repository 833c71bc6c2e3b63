"""Two results of the fact-check question by question: who got what right, and whether that can be chance."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.questions import KINDS
from evaluation.statistics import mcnemar
from parsing.errors import BadFile, NotFound

Rows = Mapping[str, Mapping[str, Any]]
_ASKED = ("kind", "persona", "as_of", "question")  # what makes two questions of one id the same
_NAMED = 3  # ids that an error names


def compare(first: Path, second: Path) -> dict[str, Any]:
    """Compare two result files of the same questions.

    Returns {first, second: what each run was, all, kinds: {kind: counts}, flipped: […]}; counts are `both`,
    `only_first`, `only_second`, `neither`, `of` and McNemar's exact two-sided `p_value`. Raises `NotFound` or `BadFile`
    for a file that is no result, and for two that asked different questions.
    """
    runs = read_runs(first, second)
    rows: list[Rows] = [{row["id"]: row for row in run["questions"]} for run in runs]
    kinds = {kind: [i for i, row in rows[0].items() if row["kind"] == kind] for kind in KINDS}
    return {
        "first": {"file": first.name, "run": runs[0].get("configuration", {}), "commit": runs[0].get("commit", "")},
        "second": {"file": second.name, "run": runs[1].get("configuration", {}), "commit": runs[1].get("commit", "")},
        "all": counts(rows, list(rows[0])),
        "kinds": {kind: counts(rows, ids) for kind, ids in kinds.items() if ids},
        "flipped": [_flipped(rows, i) for i in rows[0] if rows[0][i]["right"] != rows[1][i]["right"]],
    }


def read_runs(first: Path, second: Path) -> list[dict[str, Any]]:
    """Two results of the same questions. Raises `NotFound` or `BadFile` as `compare` does."""
    runs = [_result(path) for path in (first, second)]
    _same_questions([{row["id"]: row for row in run["questions"]} for run in runs], (first, second))
    return runs


def counts(rows: list[Rows], ids: list[str]) -> dict[str, Any]:
    """The fourfold table of some questions, and McNemar's exact p-value."""
    pairs = [(bool(rows[0][i]["right"]), bool(rows[1][i]["right"])) for i in ids]
    only_first, only_second = pairs.count((True, False)), pairs.count((False, True))
    return {
        "both": pairs.count((True, True)),
        "only_first": only_first,
        "only_second": only_second,
        "neither": pairs.count((False, False)),
        "of": len(pairs),
        "p_value": round(mcnemar(only_first, only_second), 6),
    }


def lines(found: Mapping[str, Any]) -> list[str]:
    """The comparison for the terminal: one line a kind, one for all, then each question that flipped."""
    said = [f"first: {found['first']['file']}, second: {found['second']['file']}"]
    for name, c in (*found["kinds"].items(), ("all", found["all"])):
        said.append(
            f"{name:8} both {c['both']}, only first {c['only_first']}, only second {c['only_second']}, "
            f"neither {c['neither']} of {c['of']}; p = {c['p_value']:.3g}"
        )
    for row in found["flipped"]:
        better = "second" if row["second"]["right"] else "first"
        said.append(f"  {row['id']} ({row['kind']}): only the {better} right: {row['question']}")
    return said


def _result(path: Path) -> dict[str, Any]:
    wrong = BadFile(f"{path}: not a result of `python -m evaluation factcheck`")
    if not path.is_file():
        raise NotFound(f"no file {path}: expected a result of `python -m evaluation factcheck`")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        whole = all({"id", "right", *_ASKED} <= set(row) for row in found["questions"])
    except (OSError, ValueError, KeyError, TypeError):
        raise wrong from None
    if not whole:
        raise wrong
    return dict(found)


def _same_questions(rows: list[Rows], paths: tuple[Path, Path]) -> None:
    """Raises `BadFile` naming what only one of them asked, or asked otherwise."""
    for one, other in ((0, 1), (1, 0)):
        alone = [i for i in rows[one] if i not in rows[other]]
        if alone:
            named = ", ".join(f"'{i}'" for i in alone[:_NAMED])
            raise BadFile(
                f"{paths[one]} asks {len(alone)} questions that {paths[other]} doesn't ({named}): "
                "compare two runs of one question file"
            )
    changed = [i for i in rows[0] if any(rows[0][i][key] != rows[1][i][key] for key in _ASKED)]
    if changed:
        raise BadFile(
            f"question '{changed[0]}' is another one in {paths[1]} than in {paths[0]} ({len(changed)} such): "
            "compare two runs of one question file"
        )


def _flipped(rows: list[Rows], i: str) -> dict[str, Any]:
    asked = {"id": i} | {key: rows[0][i][key] for key in _ASKED}
    said = [{key: row[i].get(key, "") for key in ("right", "reply", "why")} for row in rows]
    return asked | {"first": said[0], "second": said[1]}
