"""Tables of the dialogue pipeline, of mentions and of moments, for `evaluation.report`."""

from collections.abc import Mapping
from typing import Any

from evaluation.report import percent, result, table

LARGE = 25  # relations that stand so often have a row


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


def dialogre() -> str:
    """F1 and F1c on DialogRE: ours on its development part, the published systems' on its test part."""
    found = result("dialogre")
    rows = [[f"{n}: {label}", *_both(found["rows"][n])] for n, label in DIALOGRE.items()]
    if "bench" in found:
        rows.append(["bench: trained on its training part", *_both(found["bench"])])
    for name, scores in found["published_test"].items():
        rows.append([f"{name} (published, test part)", *("" for _ in range(2)), *map(str, scores.values())])
    return table(["", "precision", "recall", "F1", "F1c"], rows)


DIALOGRE = {
    "most frequent relation": "baseline",
    "most frequent of the types": "baseline",
    "alone": "the extractor, speakers hidden",
    "with the graph": "and what the graph, as extracted, says of the two",
    "speakers named": "the extractor, told who speaks",
    "speakers named, with the graph": "and the graph of the episode, as extracted",
    "speakers named, with corrections": "and the graph of the episode, with corrections",
}


def _both(scores: Mapping[str, Any]) -> list[str]:
    whole = [f"{100 * scores['f1'][k]:.1f}" for k in ("precision", "recall", "f1")]
    return [*whole, f"{100 * scores['f1c']['f1']:.1f}"]


def _compared() -> dict[str, Any]:
    """The rows that are told apart by relation and cause."""
    found = result("dialogre")
    rows = {name: found["rows"][name] for name in ("alone", "speakers named, with the graph")}
    return rows | ({"bench": found["bench"]} if "bench" in found else {})


def dialogre_missed() -> str:
    """Gold relations that weren't said, by cause."""
    named = _compared()
    causes = sorted({c for row in named.values() for c in row["missed"]})
    return table(["missed", *named], [[c, *(str(r["missed"].get(c, 0)) for r in named.values())] for c in causes])


def dialogre_relations() -> str:
    """Found, said and wanted of the commonest relations."""
    named = _compared()
    wanted = [r for r, c in named["alone"]["by_relation"].items() if c["gold"] >= LARGE]
    rows = []
    for relation in wanted:
        counts = [row["by_relation"].get(relation, {"gold": 0, "said": 0, "right": 0}) for row in named.values()]
        rows.append([f"`{relation}`", str(counts[0]["gold"]), *(f"{c['right']} of {c['said']}" for c in counts)])
    return table(["relation", "wanted", *(f"{n}: right of said" for n in named)], rows)


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
