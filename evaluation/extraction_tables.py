"""Tables of how well facts are extracted, for `evaluation.report`."""

from typing import Any

from evaluation.report import percent, result, table

LARGE = 20  # curated facts of a relation that stand in a row of their own


def _found() -> Any:
    return result("extraction-friends")


def reliability() -> str:
    """How sure the graph is of labelled facts beside how often they are right."""
    rows = [[f"{b['from']:.2f}", f"{b['mean']:.3f}", percent(b), str(b["of"])] for b in _found()["reliability"]]
    return table(["confidence from", "mean", "right", "labelled"], rows)


def recall() -> str:
    """Recall against the Fandom pages, the extracted graph alone and with corrections."""
    found = _found()["fandom"]
    names = {
        "near": "all",
        "family": "family",
        "couple": "couple",
        "employer": "employer",
        "spoken": "all, near or not",
    }
    rows = [
        [
            label,
            str(found["extracted"][key]["of"]),
            *(percent(found[g][key]) for g in ("extracted", "with_corrections")),
        ]
        for key, label in names.items()
    ]
    return table(["names within three utterances", "facts", "extracted alone", "with corrections"], rows)


def missed() -> str:
    """Why facts of the Fandom pages are missed."""
    found = _found()["fandom"]
    causes = sorted({*found["extracted"]["missed"], *found["with_corrections"]["missed"]})
    rows = [[c, *(str(found[g]["missed"].get(c, 0)) for g in ("extracted", "with_corrections"))] for c in causes]
    return table(["cause", "extracted alone", "with corrections"], rows)


def reference() -> str:
    """Recall of the curated facts, by split and by relation."""
    found = _found()["curated_reference"]
    rows = [["all", str(found["all"]["of"]), percent(found["all"])]]
    rows += [[f"{s} episodes", str(v["of"]), percent(v)] for s, v in found["by_split"].items()]
    large = [(r, v) for r, v in found["by_relation"].items() if v["of"] >= LARGE]
    rows += [[r, str(v["of"]), percent(v)] for r, v in sorted(large, key=lambda rv: (-rv[1]["of"], rv[0]))]
    return table(["curated facts", "facts", "found by extraction"], rows)


def ways() -> str:
    """What each way of finding facts adds."""
    found = _found()["ways"]
    by, rows = found["found_by"], []
    for name, row in found["rows"].items():
        counts = [str(by.get(name.removeprefix("without "), "–")), str(row["facts"]), str(row["events"])]
        rows.append([name, *counts, percent(row["fandom"]), percent(row["curated_train"])])
    return table(["", "found by it", "facts", "events", "Fandom", "curated, train"], rows)
