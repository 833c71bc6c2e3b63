"""Tables of who speaks and of the graph that comes of it, for `evaluation.report`."""

from evaluation.report import percent, result, table


def speakers() -> str:
    """Whose the lines of each show are, and what became of its labels."""
    rows = []
    for show, found in result("merges")["shows"].items():
        lines, labels = found["lines"], found["labels"]
        shares = [f"{100 * found[key]:.1f} %" for key in ("attributed", "named", "canonical", "canonical_of_named")]
        counts = [f"{lines['role']:,}", f"{lines['nobody']:,}", f"{labels['as written']:,}"]
        rows.append([f"`{show}`", *shares, *counts, f"{labels['canonical']:,} + {labels['local']:,}"])
    head = ["attributed", "named", "people of the show", "the same without roles", "role lines", "nobody's", "labels"]
    return table(["", *head, "people + local"], rows)


def merges() -> str:
    """Labelled merges, draw by draw."""
    names = {"first": "first draw", "fresh": "second draw, shows unseen before"}
    names |= {"third": "third draw, guests in episodes apart among them"}
    names |= {"fourth": "fourth draw", "fifth": "fifth draw", "final": "last draw"}
    draws = {drawn: result("merges")[drawn] for drawn in names}
    rows = [[names[drawn], str(d["all"]["of"]), percent(d["all"])] for drawn, d in draws.items()]
    fresh = draws["final"]["not_before"]
    rows.append(["– not in an earlier draw", str(fresh["of"]), percent(fresh)])
    for reason, share in draws["final"]["by_reason"].items():
        rows.append([f"– {reason}", str(share["of"]), percent(share)])
    if draws["final"]["agreement"]["of"]:
        same = draws["final"]["agreement"]
        rows.append([f"second reading agrees (kappa {same['kappa']:.2f})", str(same["of"]), percent(same)])
    return table(["merges", "labelled", "right"], rows)


def graph() -> str:
    """Facts of each relation in the shipped Friends graph."""
    found = result("graph")
    rows = [[r, str(c["extracted"]), str(c["curated"])] for r, c in found["relations"].items()]
    return table(["relation", "extracted", "curated"], [*rows, ["all", str(found["extracted"]), str(found["curated"])]])


def precision() -> str:
    """Labelled facts."""
    found = result("extraction-friends")
    rows = [["extracted", percent(found["extracted"]), str(found["extracted"]["of"])]]
    rows += [[f"extracted, {s}", percent(v), str(v["of"])] for s, v in found["by_split"].items()]
    if "dropped" in found:
        rows.append(["no longer extracted", percent(found["dropped"]), str(found["dropped"]["of"])])
    rows.append(["curated", percent(found["curated"]), str(found["curated"]["of"])])
    rows.append(["notes", percent(found["notes"]), str(found["notes"]["of"])])
    return table(["facts", "right", "labelled"], rows)


def harbor() -> str:
    """The mini-series' extracted graph against its gold facts."""
    found = result("extraction-harbor_lights")
    names = {
        "recall": "gold facts found",
        "recall_with_implied": "found, implied ones included",
        "precision": "extracted facts in the gold file",
    }
    names |= {"revealed_right": "`revealed` right", "since_right": "`since` right", "until_right": "`until` right"}
    return table(["", "share"], [[label, percent(found[key])] for key, label in names.items()])
