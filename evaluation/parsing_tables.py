"""The tables of results/parsing.json, in Markdown; registered in report.py under their names here."""

from collections.abc import Callable, Mapping
from typing import Any


def comparison(found: Mapping[str, Any]) -> str:
    """Main characters' utterances in the two sources."""
    names = found["comparison"]["shows"]
    rows = [
        [name, *(f"{c[show]:,}" for show in names), f"{100 * c['difference']:+.2f} %"]
        for name, c in found["comparison"]["main_characters"].items()
    ]
    return _table(["", "HTML pages", "R data", "difference"], rows)


def transcriptions(found: Mapping[str, Any]) -> str:
    """Lines of the R data found in the pages, the same speaker, and the differences by cause."""
    part = found["transcriptions"]
    rows = [
        ["lines of the R data found in the pages (wanted: 99 %)", *_share(part["lines_found"])],
        ["… without the page left out as not canon", *_share(part["lines_found_but_for_files_left_out"])],
        ["of these, the same canonical speaker (wanted: 99.5 %)", *_share(part["same_speaker"])],
    ]
    for key, word in (("missing_by_cause", "not found"), ("different_by_cause", "another speaker")):
        rows += [[f"{word}: {cause}", f"{n['lines']:,}", ""] for cause, n in part[key].items()]
    return _table(["", "lines", "share"], rows)


def read(found: Mapping[str, Any]) -> str:
    """What was read of each show."""
    rows = []
    for name, row in found["shows"].items():
        files, pairs = row["files"], row["pairs"]
        told = f"{files['pinned']:,} / {files['reported']:,} / {len(files['skipped_in_silence'])}"
        rows.append([f"`{name}`", told, f"{row['episodes']:,}", f"{row['utterances']:,}", f"{pairs['kept']:,}"])
    return _table(["show", "files pinned / reported / silent", "episodes", "utterances", "pairs"], rows)


def dropped(found: Mapping[str, Any]) -> str:
    """Lines dropped by reason, pairs kept and left out, and the personas' share."""
    rows = []
    for name, row in found["shows"].items():
        pairs, personas = row["pairs"], row["personas"]
        shares = [f"{100 * personas[key]:.0f} %" for key in ("share_of_lines", "share_of_turns_kept")]
        rows.append([f"`{name}`", _counts(row["dropped"]), f"{pairs['kept']:,}", _counts(pairs["left_out"]), *shares])
    heads = ["show", "lines dropped", "pairs", "replies left out", "personas' share of the lines"]
    return _table([*heads, "of their turns kept"], rows)


def segmentation(found: Mapping[str, Any]) -> str:
    """Hidden episodes found again: boundaries and lines, by show and method."""
    rows = []
    for show, methods in found["segmentation"].items():
        for method, score in methods.items():
            near = [_both(score[f"within_{n}"]) for n in (0, 3, 10)]
            right = f"{100 * score['lines_in_their_episode']['share']:.1f} %"
            rows.append([f"`{show}`, {method}", *near, right, f"{score['pk']:.3f}", f"{score['windowdiff']:.3f}"])
    return _table(["", "exact", "within 3 lines", "within 10", "lines in their episode", "P_k", "WindowDiff"], rows)


def speed(found: Mapping[str, Any]) -> str:
    """Seconds of each show and of all, as ratios to merely reading."""
    part = found["speed"]
    rows = [
        [f"`{name}`", *(f"{row[k]:.2f}" for k in ("read", "blocks", "whole", "blocks_ratio", "whole_ratio"))]
        for name, row in {**part["shows"], "all": part["all"]}.items()
    ]
    heads = ["show", "libraries alone, s", "blocks, s", "whole stage, s", "blocks ÷ libraries"]
    return _table([*heads, "whole ÷ libraries"], rows) + (_run(part["run"]) if "run" in part else "")


def _run(run: Mapping[str, Any]) -> str:
    return (
        f"\nThe whole mirror at once: {run['one_process_s']:.0f} s by one process, {run['two_processes_s']:.0f} s by "
        f"two ({run['times_faster']:.2f} times faster); at most {run['peak_mib']:,} MiB of memory in a process.\n"
    )


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{why} {n:,}" for why, n in counts.items()) or "–"


def _share(share: Mapping[str, Any]) -> list[str]:
    bounds = f"({100 * share['low']:.2f} to {100 * share['high']:.2f})"
    return [f"{share['hits']:,} of {share['of']:,}", f"{100 * share['share']:.2f} % {bounds}"]


def _both(found: Mapping[str, Any]) -> str:
    """Precision and recall, one number where they are the same."""
    values = [f"{100 * found[key]['share']:.0f} %" for key in ("precision", "recall")]
    return values[0] if values[0] == values[1] else " / ".join(values)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


TABLES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "parsing": comparison,
    "transcriptions": transcriptions,
    "parsing-shows": read,
    "parsing-dropped": dropped,
    "segmentation": segmentation,
    "parsing-speed": speed,
}
