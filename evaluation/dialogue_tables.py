"""Tables of the dialogue pipeline, of mentions and of moments, for `evaluation.report`."""

from collections.abc import Mapping
from typing import Any

from evaluation.report import percent, result, table


def pipeline() -> str:
    """Names and speed beside the unchanged model's."""
    found = result("pipeline")
    rows = [_f1("names in labelled lines", {k: v["lines"] for k, v in found["names"].items()})]
    for key, label in (("wnut17", "WNUT-17 dev"), ("universal_ner", "Universal NER dev")):
        for part, what in (("person", "persons"), ("all", "persons, places, organisations")):
            rows.append(_f1(f"{label}: {what}", {k: v[part] for k, v in found["open_sets"][key].items()}))
    speed = found["speed"]
    rows.append(["words a second, ratio", "1", f"{speed['ratio']:.2f}"])
    return table(["F1", "unchanged", "ours"], rows)


def _f1(label: str, scores: Mapping[str, Any]) -> list[str]:
    return [label, *(f"{100 * scores[name]['f1']:.1f}" for name in ("unchanged", "canon"))]


def mentions() -> str:
    """The resolver and its baselines, by kind of word."""
    found = result("mentions")
    parts = {part: found[part] for part in ("all", "singular", "plural")} | found["by_word"]
    names = ("resolver", "the speaker before", "most frequent")
    rows = [
        [f"{part} ({shares[names[0]]['of']})", *(percent(shares[n]) for n in names)] for part, shares in parts.items()
    ]
    return table(["mentions", *names], rows)


def moments() -> str:
    """Statements of time and knowledge, of the graph as shipped and as it was when they were first asked."""
    rows = []
    for name, label in (
        ("moments-friends-first", "Friends, at first"),
        ("moments-friends", "Friends"),
        ("moments-harbor_lights", "Harbor Lights"),
    ):
        found = result(name)
        for graph, kind in (("extracted", "extracted"), ("curated", "with corrections")):
            scores = found[graph]
            cells = (percent(scores[k]) for k in ("time", "knows", "all", "empty_graph"))
            rows.append([f"{label}: {kind}", *cells])
    return table(["graph", "since, until, revealed", "who knows", "all", "an empty graph"], rows)
