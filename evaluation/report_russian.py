"""Tables of the Russian plays for REPORT.md, out of `russian.json` and the fact-check of Чайка."""

from collections.abc import Callable, Mapping
from typing import Any

from evaluation.russian_gold import MAIN, WIDE

Table = Callable[[list[str], list[list[str]]], str]


def relations(found: Mapping[str, Any], table: Table, percent: Callable[[Mapping[str, Any]], str]) -> str:
    """Precision and recall by relation, on the plays held aside and on the others, both sources together."""
    rows = []
    for name in ("all five", *MAIN, *WIDE):
        cells = [found["relations"][part]["both"][name][key] for part in ("held", "others") for key in KEYS]
        rows.append([name.replace("_", " "), *(_of(cell, percent) for cell in cells)])
    head = ["", "held aside: precision", "recall", "others: precision", "recall"]
    return table(head, rows) + "\n" + _by_source(found, table, percent)


KEYS = ("precision", "recall")


def _by_source(found: Mapping[str, Any], table: Table, percent: Callable[[Mapping[str, Any]], str]) -> str:
    """All five main relations by what was read, and precision with the labels of pairs that no header has."""
    names = {"list": "the list of persons alone", "speech": "speech alone", "both": "both"}
    rows = []
    for source, label in names.items():
        cells = [found["relations"][part][source]["all five"][key] for part in ("held", "others") for key in KEYS]
        rows.append([label, *(_of(cell, percent) for cell in cells)])
    told = [found["relations"][part]["not_in_header"]["precision_by_the_play"] for part in ("held", "others")]
    rows.append(["both, with labels of pairs no header has", _of(told[0], percent), "", _of(told[1], percent), ""])
    return table(["all five, read from", "held aside: precision", "recall", "others: precision", "recall"], rows)


def names(found: Mapping[str, Any], table: Table, percent: Callable[[Mapping[str, Any]], str]) -> str:
    """Names, and the checker on Russian replies."""
    told, checked = found["names"], found["checker"]
    rows = [
        ["vocatives in scenes of two resolved to the other person", _of(told["right_of_all"], percent)],
        ["of those resolved at all", _of(told["right_of_resolved"], percent)],
        ["names as they stand in the cast, of all", _of(told["baseline_right_of_all"], percent)],
        ["names as they stand in the cast, of those resolved", _of(told["baseline_right_of_resolved"], percent)],
        ["declined names that mean the person, labelled sample", _of(found["mentions"], percent)],
        ["checker on Russian replies, written with the rules", _of(checked["dev"]["accuracy"], percent)],
        ["checker on Russian replies, unseen", _of(checked["test"]["accuracy"], percent)],
    ]
    return table(["", "share right"], rows)


def seagull(runs: Mapping[str, Mapping[str, Any]], table: Table, percent: Callable[[Mapping[str, Any]], str]) -> str:
    """The questions about Чайка, a column a run."""
    kinds = [run["scores"]["kinds"] for run in runs.values()]
    rows = [[kind, *(_of(shares[kind], percent) for shares in kinds)] for kind in kinds[0]]
    return table(["kind", *runs], rows)


def _of(share: Mapping[str, Any], percent: Callable[[Mapping[str, Any]], str]) -> str:
    return f"{percent(share)} of {share['of']}"
