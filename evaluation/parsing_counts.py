"""What was read of every show: files, people, what was dropped and why; from the quality.json of each.

`python -m evaluation parsing [SHOW …]` writes the rows to results/parsing.json; a collection of plays is one row.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from parsing.collection import members
from parsing.errors import BadFile, NotFound
from parsing.manifest import SHOWS, Show, build_dir, load_show
from parsing.sources import listed


def folders() -> list[str]:
    """Every manifest in shows/, a collection by its own name."""
    return sorted(path.parent.name for path in SHOWS.glob("*/show.toml"))


def show_row(name: str) -> dict[str, Any]:
    """The counts of a show, or of all shows of a collection together. Raises `NotFound` where one wasn't parsed."""
    within = [f"{name}/{member}" for member in members(SHOWS / name)] if "/" not in name else []
    shows = [load_show(one) for one in within or [name]]
    return counted([(show, quality_of(show)) for show in shows])


def quality_of(show: Show) -> dict[str, Any]:
    """A show's quality.json. Raises `NotFound` naming the command, `BadFile` for one of an older version."""
    path = build_dir(show) / "quality.json"
    if not path.is_file():
        raise NotFound(f"no {path}: run `python -m parsing {show.id}`, or `python -m parsing --all`")
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if missing := {"per_file", "speakers", "pairs_made"} - set(report):
        raise BadFile(f"{path}: no '{min(missing)}': run `python -m parsing {show.id}` again")
    return report


def counted(reports: Sequence[tuple[Show, Mapping[str, Any]]]) -> dict[str, Any]:
    """One row from the reports of one or several shows."""
    made = [report["pairs_made"]["personas"] for _, report in reports]
    lines = _total(report["speakers"]["lines"] for _, report in reports)
    spoken = sum(lines.values())
    pairs = _total(report["pairs"] for _, report in reports)
    turns, kept = (sum(p[key] for personas in made for p in personas.values()) for key in ("turns", "kept"))
    canonical = lines["cast"] + lines["statistics"]
    return {
        "shows": len(reports),
        "files": files_of(reports),
        "episodes": sum(report["episodes"] for _, report in reports),
        "episodes_missing": sum(len(report["episodes_missing"]) for _, report in reports),
        "scenes": sum(report["scenes"] for _, report in reports),
        "utterances": sum(report["utterances"] for _, report in reports),
        "canonical": canonical / max(1, spoken),
        "canonical_of_named": canonical / max(1, spoken - lines["role"]),  # lines of roles left out
        "labels": dict(_total(report["speakers"]["labels"] for _, report in reports)),
        "merges": sum(len(report["speakers"]["merges"]) for _, report in reports),
        "dropped": dict(_total(report["dropped"] for _, report in reports).most_common()),
        "remarks": dict(_total(report["remarks"] for _, report in reports).most_common()),
        "pairs": {"kept": pairs.pop("kept", 0), "left_out": dict(pairs.most_common())},
        "personas": {
            "number": sum(map(len, made)),
            "lines": sum(sum(report["main_characters"].values()) for _, report in reports),
            "share_of_lines": sum(sum(r["main_characters"].values()) for _, r in reports) / max(1, spoken),
            "turns": turns,
            "share_of_turns_kept": kept / max(1, turns),
        },
    }


def files_of(reports: Sequence[tuple[Show, Mapping[str, Any]]]) -> dict[str, Any]:
    """Files that manifests pin, held against those that the reports tell of: what is missing was skipped in silence."""
    pinned = [(s.id, entry["path"]) for s, _ in reports for source in s.sources for entry in listed(s, source)]
    told = [(show.id, file["path"]) for show, report in reports for file in report["per_file"]]
    left_out = Counter(file["excluded"] for _, report in reports for file in report["per_file"] if file["excluded"])
    silent = sorted(Counter(pinned) - Counter(told))
    empty = [f["path"] for _, r in reports for f in r["per_file"] if not f["excluded"] and not f["utterances"]]
    return {
        "pinned": len(pinned),
        "reported": len(told),
        "left_out": dict(left_out.most_common()),
        "without_speech": empty,
        "skipped_in_silence": ["/".join(pair) for pair in silent],
    }


def _total(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)  # unlike a sum of counters it keeps what was counted as nothing
    return total
