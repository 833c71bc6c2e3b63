"""All that `python -m evaluation dialogre` measures on the development part: untrained rows, baselines, the bench.

The set hides who speaks. `alone` has nothing but the dialogue, as the published systems have, and only it (and the
bench) may be held beside those. "Speakers named" is told who speaks in which episode, by the map that lies beside the
set, as the graph is when it is built: it shows how much of what annotators read in scenes the series' graph holds.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation.dialogre import Dialogue, Reader, by_types, most_frequent, read, score
from evaluation.dialogre_reading import Extractor, places_of
from evaluation.factcheck import commit
from kg.graph import load_graph
from parsing.commands import say
from parsing.manifest import Show

PUBLISHED = {  # v2, test part: F1, F1c (Chen et al., arXiv 2305.00262, and the papers they compare with)
    "BERT": (57.9, 53.1),
    "TUCORE-GCN (RoBERTa)": (73.1, 65.9),
    "HiDialog": (77.1, 68.2),
}


def run(show: Show, data: Path, before: Mapping[str, Any], bench: bool) -> dict[str, Any]:
    """The result file with one part measured anew, the untrained rows or the bench; the other as it was `before`."""
    dev, train = read(data, "dev"), read(data, "train")
    if bench:
        from evaluation.dialogre_bench import measure

        found = {**before, "bench": measure(show, train, dev, load_graph(show, curated=False))}
    else:
        found = {**before, **_untrained(show, data, train, dev)}
    return {key: found[key] for key in (*_ABOUT, "rows", "published_test", "bench") if key in found}


_ABOUT = ("commit", "part", "dialogues", "pairs", "placed")


def _untrained(show: Show, data: Path, train: Sequence[Dialogue], dev: Sequence[Dialogue]) -> dict[str, Any]:
    """Scores of both baselines and of our extractor with ever more given."""
    places = places_of(data, "dev", show)
    extracted, curated = load_graph(show, curated=False), load_graph(show)
    readers: Mapping[str, Callable[[], Reader]] = {
        "most frequent relation": lambda: most_frequent(train),
        "most frequent of the types": lambda: by_types(train),
        "alone": lambda: Extractor(show, dev),
        "with the graph": lambda: Extractor(show, dev, extracted),
        "speakers named": lambda: Extractor(show, dev, None, places),
        "speakers named, with the graph": lambda: Extractor(show, dev, extracted, places),
        "speakers named, with corrections": lambda: Extractor(show, dev, curated, places),
    }
    rows: dict[str, Any] = {}
    for name, made in readers.items():
        rows[name] = score(dev, made())
        say(f"{name}: F1 {rows[name]['f1']['f1']:.4f}, F1c {rows[name]['f1c']['f1']:.4f}")
    return {
        "commit": commit(),
        "part": "dev",
        "dialogues": len(dev),
        "pairs": sum(len(d.pairs) for d in dev),
        "placed": sum(p is not None for p in places),
        "rows": rows,
        "published_test": {name: {"f1": f, "f1c": c} for name, (f, c) in PUBLISHED.items()},
    }
