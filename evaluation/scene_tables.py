"""The tables of REPORT.md from evaluation/results/addressees.json; see addressees.py and scene_labels.py."""

from collections.abc import Mapping
from typing import Any

from evaluation.report import percent, table

METHODS = {
    "ours": "parsing",
    "before": "whoever spoke before",
    "after": "whoever speaks next",
    "present": "everybody present",
}
PRESENT = {
    "ours": "parsing",
    "speakers": "all who speak in the scene",
    "so_far": "all who have spoken so far",
}


def addressee_table(found: Mapping[str, Any]) -> str:
    """Each method on the labelled lines of Friends, and on its scenes of two with the truth hidden."""
    lines, two = found["friends"]["lines"], found["friends"]["two"]
    rows = [
        [
            label,
            percent(lines[m]["all"]),
            percent(lines[m]["by_split"]["dev"]),
            percent(lines[m]["by_split"]["test"]),
            percent(lines[m]["by_kind"]["one"]),
            percent(two["plain"][m]),
            percent(two["hidden"][m]),
            percent(two["turns_hidden"][m]),
        ]
        for m, label in METHODS.items()
    ]
    head = ["", f"{lines['ours']['all']['of']} labelled lines", "of them dev", "test", "said to one person"]
    return table([*head, "scenes of two, nothing hidden", "presence hidden", "turns hidden too"], rows)


def confidence_table(found: Mapping[str, Any]) -> str:
    """The share of right answers by confidence, on the labelled lines and on the spliced scenes of two."""
    lines, spliced = (
        {(b["from"], b["to"]): b for b in bins}
        for bins in (found["friends"]["lines"]["calibration"], found["friends"]["two"]["turns_hidden"]["calibration"])
    )
    rows = []
    for low, high in sorted(lines.keys() | spliced.keys()):
        cells = []
        for bins in (lines, spliced):
            one = bins.get((low, high))
            cells += [f"{one['mean']:.2f}", percent(one["right"]), str(one["right"]["of"])] if one else ["–"] * 3
        rows.append([f"{low} to {high}", *cells])
    return table(["confidence", "mean", "right", "lines", "mean, spliced", "right", "lines"], rows)


def presence_table(found: Mapping[str, Any]) -> str:
    """People present at the labelled lines."""
    scores = found["friends"]["present"]
    rows = [[label, *(percent(scores[m][k]) for k in ("precision", "recall", "whole"))] for m, label in PRESENT.items()]
    return table(["", "precision", "recall", "whole sets right"], rows)


def shows_table(found: Mapping[str, Any]) -> str:
    """The scenes of two of every show that was measured: the weights are of Friends' train episodes alone."""
    rows = []
    for show, part in found.items():
        two = part["two"]
        cells = [
            percent(two[k][m]) if two[k][m]["of"] else "–"
            for k in ("hidden", "turns_hidden")
            for m in ("ours", "before")
        ]
        rows.append([show, str(two["scenes"]), *cells])
    head = ["show", "scenes of two", "presence hidden", "spoke before", "turns hidden too", "spoke before"]
    return table(head, rows)


def labels_table(found: Mapping[str, Any]) -> str:
    """Marks of reality that are right, and how often the two passes of labelling agree."""
    part = found["friends"]
    reality = part["reality"]
    rows = [
        ["marked as flashback, imagined or performance: the mark is right", percent(reality["marked"])],
        ["not marked, in a scene that smells of it: rightly so", percent(reality["not_marked"])],
    ]
    for key, label in (("lines", "addressees"), ("present", "presence"), ("reality", "reality")):
        rows.append([f"labels of {label}: both passes the same", percent(part[key]["agreement"])])
    return table(["", "share"], rows)
