"""The dialogue pipeline beside the unchanged one: names in dialogue, names in open sets, words per second.

    python -m evaluation pipeline friends

Names in dialogue: `evaluation/labels/names.csv` (300 lines of test episodes). Open sets, of the data folder's `spacy/`:
WNUT-17 dev (Derczynski et al., 2017) and Universal NER on EWT dev (Mayhew et al., 2024), on their own tokens, exact
spans; neither knows all of spaCy's types, so types are mapped first and those without a counterpart left out.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import pandas as pd

from evaluation.names import LABELS, Score, by_part, conll, persons, read_labels, spans_of, texts
from kg.pipeline import DEFAULT, load_pipeline
from parsing.manifest import Show

if TYPE_CHECKING:
    from spacy.language import Language

_PLACES = {"GPE": "place", "LOC": "place", "FAC": "place"}
_TYPES = {"PERSON": "person", "ORG": "organisation"} | _PLACES
SETS = {  # name -> file, columns of word and tag, its types as ours
    "wnut17": (
        "wnut17/emerging.dev.conll",
        (0, 1),
        {"person": "person", "location": "place", "corporation": "organisation", "group": "organisation"},
    ),
    "universal_ner": (
        "uner_ewt/en_ewt-ud-dev.iob2",
        (1, 2),
        {"PER": "person", "LOC": "place", "ORG": "organisation"},
    ),
}
_ROUNDS = 5  # of the timing, each pipeline once a round
_LINES = 1500  # timed a round


def measure(show: Show, table: pd.DataFrame, data: Path, model: str = "") -> dict[str, Any]:
    """Both pipelines on the labelled lines, on the open sets, and their speed on lines of the show.

    Args:
        show: the show of the labelled lines.
        table: its utterances.
        data: folder that holds `spacy/`.
        model: an installed pipeline in place of the manifest's.

    """
    import spacy

    ours = load_pipeline(show, model)
    plain = spacy.load(model or show.pipeline or DEFAULT)
    labels = read_labels(LABELS)
    lines = texts(table, labels)
    pipelines = {"unchanged": plain, "canon": ours}
    return {
        "show": show.id,
        "model": f"{plain.meta['lang']}_{plain.meta['name']} {plain.meta['version']}",
        "components": list(ours.pipe_names),
        "names": {name: by_part(_found(nlp, lines), labels) for name, nlp in pipelines.items()},
        "open_sets": {
            key: {name: open_set(nlp, data / "spacy" / file, columns, types) for name, nlp in pipelines.items()}
            for key, (file, columns, types) in SETS.items()
        },
        "speed": speed(pipelines, _spoken(table)),
    }


def _found(nlp: "Language", lines: Sequence[tuple[str, str]]) -> dict[str, frozenset[tuple[int, int]]]:
    docs = nlp.pipe(text.replace("’", "'") for _, text in lines)
    return {i: persons(doc) for (i, _), doc in zip(lines, docs, strict=True)}


def _spoken(table: pd.DataFrame) -> list[str]:
    """Lines spread over the show."""
    lines = [str(t) for t in table.loc[table["speaker"].notna(), "text"]]
    return lines[:: max(1, len(lines) // _LINES)][:_LINES]


def open_set(
    nlp: "Language", path: Path, columns: tuple[int, int], types: Mapping[str, str]
) -> dict[str, dict[str, float | int]]:
    """Scores of persons and of all mapped types on a column file."""
    from spacy.tokens import Doc

    gold, said = set(), set()
    sentences = conll(path, columns)
    docs = nlp.pipe(Doc(nlp.vocab, words=list(words)) for words, _ in sentences)
    for n, ((_, tags), doc) in enumerate(zip(sentences, docs, strict=True)):
        gold |= {(n, a, b, types[t]) for a, b, t in spans_of(tags) if t in types}
        said |= {(n, e.start, e.end, _TYPES[e.label_]) for e in doc.ents if e.label_ in _TYPES}
    people = [{s for s in spans if s[3] == "person"} for spans in (gold, said)]
    return {"person": _score(*people).to_json(), "all": _score(gold, said).to_json()}


def _score(gold: set[Any], said: set[Any]) -> Score:
    return Score(len(gold & said), len(said), len(gold))


def speed(
    pipelines: Mapping[str, "Language"], lines: Sequence[str], clock: Callable[[], float] = time.process_time
) -> dict[str, Any]:
    """Words a second of both, run in turns.

    The ratio is the median over the rounds: what slows the machine slows both.
    """
    words = sum(len(line.split()) for line in lines)
    rates: dict[str, list[float]] = {name: [] for name in pipelines}
    for nlp in pipelines.values():
        _run(nlp, lines[:50])  # what is loaded on first use
    for _ in range(_ROUNDS):
        for name, nlp in pipelines.items():
            start = clock()
            _run(nlp, lines)
            rates[name].append(words / (clock() - start))
    ratios = [a / b for a, b in zip(rates["canon"], rates["unchanged"], strict=True)]
    found: dict[str, Any] = {f"{name}_words_per_second": round(median(r)) for name, r in rates.items()}
    return found | {"ratio": round(median(ratios), 3), "rounds": _ROUNDS, "words": words}


def _run(nlp: "Language", lines: Iterable[str]) -> None:
    for _ in nlp.pipe(lines, batch_size=256):
        pass
