"""Tables of REPORT.md: the personas beside their real lines, generated questions, the quiz."""

from collections.abc import Mapping
from typing import Any

from evaluation.report import percent, table

COLUMNS = {"real": "real lines", "own": "own adapter", "swapped": "another's adapter", "none": "no adapter"}


def personas(found: Mapping[str, Any]) -> str:
    """Everything that is measured of replies, a row each."""
    rows = [
        _row("who says it? macro-F1 of single lines", found["classifier"], lambda s: percent(s["lines"])),
        _row("– of ten lines together", found["classifier"], lambda s: percent(s["bundles"])),
        _row("words: distance to its own lines", found["words"], lambda s: f"{s['own']:.3f}"),
        _row("– to another's", found["words"], lambda s: f"{s['other']:.3f}"),
        _row("topics: distance to its own lines", found["topics"], lambda s: f"{s['own']:.3f}"),
        _row("– to another's", found["topics"], lambda s: f"{s['other']:.3f}"),
        _row("reactions: distance to its own", found["reactions"], lambda s: f"{s['own']:.3f}"),
        _row("– to another's", found["reactions"], lambda s: f"{s['other']:.3f}"),
        _row("distinct-1", found["variety"], lambda s: f"{s['distinct_1']:.3f}"),
        _row("distinct-2", found["variety"], lambda s: f"{s['distinct_2']:.3f}"),
        _row(
            "words a reply: quartiles", found["variety"], lambda s: f"{s['p25']:.0f} / {s['p50']:.0f} / {s['p75']:.0f}"
        ),
        _row("with a catch-phrase", found["catch_phrases"], percent),
        _row("longest stretch of a training line, words", found["copying"], lambda s: str(s["longest"])),
        _row("whole training lines, of five words and more", found["copying"], lambda s: percent(s["whole"])),
        _row("true reply first of twenty", found["ranking"]["hits_at_1"], percent),
        _row("loss of true replies, nats a token", found["ranking"]["loss"], lambda s: f"{s:.3f}"),
    ]
    chance = (
        f"By chance: macro-F1 {100 * found['chance']:.1f} %, first of twenty {100 / found['ranking']['among']:.1f} %."
    )
    return table(["", *COLUMNS.values()], rows) + f"\n{chance}\n"


def _row(label: str, found: Mapping[str, Any], shown: Any) -> list[str]:
    return [label, *(shown(found[way]) if way in found else "–" for way in COLUMNS)]


def generated(sample: Mapping[str, Any]) -> str:
    """Questions made from graphs: how right they are, by the sample that was read."""
    rows = [["all", str(sample["right"]["of"]), percent(sample["right"])]]
    rows += [[show, str(share["of"]), percent(share)] for show, share in sample["shows"].items()]
    return table(["generated questions", "read", "right"], rows)


def trivia(found: Mapping[str, Any]) -> str:
    """The quiz's options, ranked two ways."""
    labels = {
        "graph": "by the graph",
        "graph_decides": "– it decides at all",
        "graph_where_it_decides": "– right where it decides",
        "likelihood": "by the model's likelihood",
    }
    rows = [[label, percent(found[key])] for key, label in labels.items()]
    return table(["four options", "right"], [*rows, ["by chance", f"{100 * found['chance']:.0f} %"]])
