"""What a run of the fact-check comes to: scores with intervals, and the result file."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.questions import KINDS
from evaluation.claims import contradictions, counted
from evaluation.factcheck import Scored
from evaluation.provenance import provenance
from evaluation.statistics import Share, bootstrap, mean_of_means
from parsing.files import write_json

_LONG = ("facts", "trace")  # of a row, for the page alone


def summary(rows: Sequence[Scored], seed: int = 1) -> dict[str, Any]:
    """Scores by kind with Wilson intervals, the macro average with a bootstrap interval, and what else is counted."""
    groups = [[float(r.right) for r in rows if r.kind == kind] for kind in KINDS]
    low, high = bootstrap(groups, mean_of_means, seed)
    claims = sum(r.claims for r in rows)
    facts = [r for r in rows if r.kind == "fact"]
    right = [r for r in facts if r.right]
    return {
        "kinds": {kind: _share(r.right for r in rows if r.kind == kind) for kind in KINDS},
        "macro": {"share": round(mean_of_means(groups), 4), "low": round(low, 4), "high": round(high, 4)},
        "personas": _by(rows, lambda r: r.persona),
        "seasons": _by(rows, lambda r: r.as_of[:3]),
        "categories": _by([r for r in rows if r.category], lambda r: r.category),
        "leaks": _share(r.why.startswith("says '") and not r.right for r in rows if r.kind == "future"),
        "answered": _share(r.act == "answers" for r in facts),
        "abstained_though_asked_for_facts": _share(r.act == "abstains" for r in facts),
        "claims": counted(claim for r in rows for claim in r.read),
        "contradicted_claims": Share(sum(r.contradicted for r in rows), claims).to_json(),
        "agrees_with_verdict": _share((r.verdict == "abstained") == (r.act == "abstains") for r in rows if r.verdict),
        "rests_on_curated": _share(r.curated for r in right),
        "ways": {w: sum(r.way == w for r in rows) for w in sorted({r.way for r in rows if r.way})},
        "errors": sum(bool(r.error) for r in rows),
        "seconds_a_reply": round(sum(r.seconds for r in rows) / max(1, len(rows)), 3),
    }


def _by(rows: Sequence[Scored], key: Callable[[Scored], str]) -> dict[str, dict[str, float | int]]:
    return {name: _share(r.right for r in rows if key(r) == name) for name in sorted({key(r) for r in rows})}


def _share(flags: Any) -> dict[str, float | int]:
    values = [bool(f) for f in flags]
    return Share(sum(values), len(values)).to_json()


def result(rows: Sequence[Scored], configuration: dict[str, Any], files: Sequence[Path]) -> dict[str, Any]:
    """One result: configuration, hashes, versions, machine, scores, contradictions, every question with its reply."""
    return {
        "configuration": configuration,
        **provenance(files),
        "scores": summary(rows, configuration.get("seed") or 1),
        "contradictions": contradictions(rows),
        "questions": [_row(row) for row in rows],
    }


def write_result(path: Path, rows: Sequence[Scored], configuration: dict[str, Any], files: Sequence[Path]) -> None:
    """Write `result`."""
    write_json(path, result(rows, configuration, files))


def _row(row: Scored) -> dict[str, Any]:
    """A question's row without what only the page shows; of claims without their facts."""
    kept = {key: value for key, value in asdict(row).items() if key not in _LONG}
    claims = [{k: c[k] for k in ("subject", "relation", "object", "polarity", "verdict")} for c in row.read]
    return kept | {"read": claims}
