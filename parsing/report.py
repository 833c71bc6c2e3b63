"""The quality report: what was read, dropped and merged, file by file; `quality.json` and a page for the terminal."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from parsing.episodes import split_of
from parsing.manifest import Show
from parsing.readers import Block
from parsing.speakers import LOCAL

_SHOWN = 12  # lines of a list on the terminal; quality.json has them all


@dataclass(frozen=True)
class FileReport:
    """One source file."""

    path: str
    episodes: tuple[str, ...]
    utterances: int = 0  # cues read, before assembly
    scenes: int = 0
    directions: int = 0
    dropped: Mapping[str, int] | None = None  # lines left out, by reason
    remarks: Mapping[str, int] | None = None  # nothing was lost, but somebody should know
    excluded: str = ""  # why the whole file is left out


def file_report(path: str, episodes: Sequence[str], blocks: Sequence[Block]) -> FileReport:
    """Count the blocks of a file."""
    kinds = Counter(block.kind for block in blocks)
    notes = Counter(block.why for block in blocks if block.kind == "note")
    remarks = Counter(block.why for block in blocks if block.kind == "remark")
    return FileReport(
        path=path,
        episodes=tuple(episodes),
        utterances=kinds["speech"],
        scenes=kinds["scene"],
        directions=kinds["direction"],
        dropped=dict(notes.most_common()),
        remarks=dict(remarks.most_common()),
    )


def merged_labels(table: pd.DataFrame) -> dict[str, dict[str, dict[str, Any]]]:
    """Every spelling that was read as a person: canonical name -> cue label -> {lines, reason}."""
    merged: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    single = table[table["speaker"].notna() & ~table["cue"].isin(LOCAL)]
    counts = Counter(zip(single["speaker"], single["speaker_raw"], single["cue"], strict=True))
    for (name, label, reason), lines in counts.most_common():
        entry = merged[name].setdefault(label, {"lines": 0, "reason": reason})
        entry["lines"] += lines
    return {name: merged[name] for name in sorted(merged)}


def quality(
    show: Show, table: pd.DataFrame, files: Sequence[FileReport], dropped: Mapping[str, int], pairs: Mapping[str, int]
) -> dict[str, Any]:
    """The document written to `quality.json`. `pairs`: the replies left out, by reason, and `kept`."""
    local = table["cue"].isin(LOCAL)
    named = (table["speakers"].map(len) > 0) & ~local
    roles = table[local]["speaker_raw"].value_counts()
    missing = sorted(set(show.episodes) - set(table["episode"]))
    return {
        "show": show.id,
        "files": {
            "listed": len(files),
            "read": sum(not f.excluded for f in files),
            "excluded": sum(bool(f.excluded) for f in files),
        },
        "episodes": int(table["episode"].nunique()),
        "episodes_missing": missing,
        "scenes": int(table.groupby(["episode", "scene"]).ngroups),
        "utterances": len(table),
        "with_canonical_speaker": float(named.mean()),
        "with_one_canonical_speaker": float((table["speaker"].notna() & ~local).mean()),
        "with_addressee": float((table["addressees"].map(len) > 0).mean()),
        "reality": {str(k): int(v) for k, v in table["reality"].value_counts().items()},
        "cues": {str(k): int(v) for k, v in table["cue"].value_counts().items()},
        "main_characters": main_counts(show, table),
        "splits": split_counts(table),
        "dropped": dict(dropped),
        "remarks": dict(sum((Counter(f.remarks or {}) for f in files), Counter[str]()).most_common()),
        "voices": {str(k): int(v) for k, v in table["voice"].value_counts().items() if k},
        "pairs": dict(pairs),
        "merged": merged_labels(table),
        "roles": {str(k): int(v) for k, v in roles.items()},
        "per_file": [asdict(f) | {"episodes": list(f.episodes)} for f in files],
    }


def split_counts(table: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Episodes and utterances of each split."""
    splits = table["episode"].map(split_of)
    return {
        name: {"episodes": int(table["episode"][splits == name].nunique()), "utterances": int((splits == name).sum())}
        for name in ("train", "dev", "test")
    }


def main_counts(show: Show, table: pd.DataFrame) -> dict[str, int]:
    """Utterances of each persona, joint lines not counted."""
    counts = table["speaker"].value_counts()
    return {m.name: int(counts.get(m.name, 0)) for m in show.personas}


def summary(report: Mapping[str, Any]) -> str:
    """The page for the terminal."""
    files, pairs = report["files"], report["pairs"]
    lines = [
        f"{report['show']}: read {files['read'] + files['excluded']} of {files['listed']} files "
        f"({files['excluded']} excluded as not canon) into {report['episodes']} episodes, {report['scenes']:,} scenes, "
        f"{report['utterances']:,} utterances",
        f"  canonical speaker: {report['with_canonical_speaker']:.1%} of the lines; "
        f"addressee: {report['with_addressee']:.1%}; reality: "
        + ", ".join(f"{k} {v:,}" for k, v in report["reality"].items()),
        "  splits: " + ", ".join(f"{name} {n['episodes']} episodes" for name, n in report["splits"].items()),
        "  main characters: " + ", ".join(f"{name} {n:,}" for name, n in report["main_characters"].items()),
        "  dropped: " + (", ".join(f"{why} {n:,}" for why, n in report["dropped"].items()) or "nothing"),
        "  remarks: "
        + (", ".join(f"{why} {n:,}" for why, n in report["remarks"].items()) or "none")
        + "; voices: "
        + (", ".join(f"{kind} {n:,}" for kind, n in report["voices"].items()) or "none"),
        *(f"  excluded: {f['path']}: {f['excluded']}" for f in report["per_file"] if f["excluded"]),
        "  merged: " + _merged_line(report["merged"]),
        "  roles without a name: " + _first(f"{label} {n}" for label, n in report["roles"].items()),
        f"  pairs: {pairs['kept']:,} kept; left out: "
        + ", ".join(f"{why} {n:,}" for why, n in pairs.items() if why != "kept"),
    ]
    if "pairs_made" in report:
        shares = [f"{name} {n['share']:.0%}" for name, n in report["pairs_made"]["personas"].items()]
        lines.append("  of each persona's turns kept as a pair: " + _first(shares))
    if report["episodes_missing"]:
        lines.append(f"  WARNING no transcript of {_first(report['episodes_missing'])}")
    return "\n".join(lines)


def short_summary(report: Mapping[str, Any]) -> str:
    """One line for the terminal."""
    return (
        f"{report['show']}: {report['files']['listed']} files, {report['episodes']} episodes, "
        f"{report['utterances']:,} utterances, {report['with_canonical_speaker']:.1%} with a canonical speaker"
    )


def _merged_line(merged: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    odd = [
        (entry["lines"], f"{label} = {name} ({entry['reason']}, {entry['lines']})")
        for name, labels in merged.items()
        for label, entry in labels.items()
        if entry["reason"] in {"misspelt", "aside", "voice"}
    ]
    total = sum(len(labels) for labels in merged.values())
    return f"{total} labels of {len(merged)} people, among them " + _first(
        text for _, text in sorted(odd, reverse=True)
    )


def _first(texts: Any) -> str:
    every = list(texts)
    more = f" … and {len(every) - _SHOWN} more (quality.json)" if len(every) > _SHOWN else ""
    return (", ".join(every[:_SHOWN]) or "none") + more
