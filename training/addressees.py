"""Fits the weights by which parsing tells whom a line is said to: `python -m training addressees`.

Labels: training/labels/addressees.csv, 666 lines of Friends' train episodes labelled by reading their scenes (ids and
labels only). Beside them stand, with a small weight, the train lines whose directions say it ("to Ross"). A conditional
logit model with an L2 prior, fitted by Newton's method; parsing/addressees.toml is the result.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parsing.addressee_clues import EVERYBODY, NOBODY, Option
from parsing.addressees import WEIGHTS, Addressees
from parsing.assemble import CROWD
from parsing.episodes import split_of
from parsing.errors import BadFile, NotFound
from parsing.files import replacing
from parsing.line_clues import Spoken
from parsing.manifest import Show
from parsing.presence import NameFinder

LABELS = Path(__file__).with_name("labels") / "addressees.csv"
PENALTY = 0.5  # L2, by cross-validation over the scenes of the labelled lines
TOLD = 0.05  # weight of a line whose direction says whom it is said to
_STEPS = 50


@dataclass(frozen=True)
class Example:
    """One line: who may be meant, and the share of the truth of each."""

    options: Sequence[Option]
    shares: Sequence[float]
    weight: float = 1.0


def scenes_of(show: Show) -> Iterator[tuple[str, list[str], list[Spoken]]]:
    """(episode, utterance ids, lines) of each scene of a parsed show."""
    from parsing.tables import load_utterances

    for (episode, _), scene in load_utterances(show).groupby(["episode", "scene"], sort=False):
        columns = (scene[c].tolist() for c in ("text", "speakers", "speaker_raw", "directions", "present", "cue"))
        lines = [
            Spoken(text, tuple(speakers), label, tuple(directions), tuple(present), cue in CROWD)
            for text, speakers, label, directions, present, cue in zip(*columns, strict=True)
        ]
        yield str(episode), scene["id"].tolist(), lines


def read_labels(path: Path) -> dict[str, tuple[str, ...]]:
    """Utterance id -> names, `everybody`, `nobody`, `role`. Raises `NotFound`, `BadFile`."""
    if not path.is_file():
        raise NotFound(f"no labels at {path}")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"id", "addressees"} <= set(rows[0]):
        raise BadFile(f"{path}: expected the columns id and addressees")
    return {row["id"]: tuple(row["addressees"].split(";")) for row in rows}


def shares_of(options: Sequence[Option], label: Sequence[str]) -> list[float] | None:
    """The share of the truth that each option has; None where nobody who may be meant is right."""
    shares = [0.0] * len(options)
    for name in label:
        fitting = _fitting(options, name)
        for k in fitting:
            shares[k] += 1.0 / len(fitting)
    if len(label) > 1 and set(label) == set(options[-2].names):
        shares[-2] += 1.0  # all who are there, by name
    total = sum(shares)
    return [share / total for share in shares] if total else None


def _fitting(options: Sequence[Option], name: str) -> list[int]:
    """The options that a label's name means; everybody and nobody are the last two."""
    people = range(len(options) - 2)
    if name == EVERYBODY:
        return [len(options) - 2]
    if name == NOBODY:
        return [len(options) - 1]
    if name == "role":
        return [k for k in people if not options[k].names] or [len(options) - 1]
    alone = [k for k in people if options[k].names == (name,)]
    return alone or [k for k in people if name in options[k].names][:1]


def examples_of(show: Show, labels: Mapping[str, Sequence[str]]) -> list[Example]:
    """The labelled lines, and the train lines whose directions tell. Raises `BadFile` for a label outside train."""
    if outside := [i for i in labels if split_of(i[:6]) != "train"]:
        raise BadFile(f"{LABELS}: {outside[0]} is no line of a train episode")
    reader = Addressees(NameFinder(show), {})
    found = []
    for episode, ids, lines in scenes_of(show):
        if split_of(episode) != "train":
            continue
        for identity, options in zip(ids, reader.options(lines, episode), strict=True):
            told = [name for o in options if "told" in o.clues for name in o.names]
            told = told or ([EVERYBODY] if "all_to_all" in options[-2].clues else [])
            told = told or ([NOBODY] if "none_to_self" in options[-1].clues else [])
            label, weight = (labels[identity], 1.0) if identity in labels else (told, TOLD)
            if label and (shares := shares_of(options, label)):
                found.append(Example(options, shares, weight))
    return found


def fit(examples: Iterable[Example], penalty: float = PENALTY) -> dict[str, float]:
    """The weights that make the examples likeliest, less `penalty`/2 times their squares (Newton's method)."""
    import numpy as np

    examples = list(examples)
    clues = sorted({clue for example in examples for option in example.options for clue in option.clues})
    place = {clue: k for k, clue in enumerate(clues)}
    tables = [_table(example, place) for example in examples]
    weights = np.zeros(len(clues))
    for _ in range(_STEPS):
        slope, bend = -penalty * weights, penalty * np.eye(len(clues))
        for example, table in zip(examples, tables, strict=True):
            powers = np.exp(table @ weights - (table @ weights).max())
            shares = powers / powers.sum()
            mean = shares @ table
            slope += example.weight * (np.asarray(example.shares) @ table - mean)
            bend += example.weight * ((table.T * shares) @ table - np.outer(mean, mean))
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-6:
            break
    return {clue: float(weight) for clue, weight in zip(clues, weights, strict=True)}


def _table(example: Example, place: Mapping[str, int]) -> Any:
    import numpy as np

    table = np.zeros((len(example.options), len(place)))
    for row, option in enumerate(example.options):
        for clue in option.clues:
            table[row, place[clue]] = 1.0
    return table


def write_weights(weights: Mapping[str, float], examples: Sequence[Example], path: Path = WEIGHTS) -> None:
    """Write the weights as TOML, two decimals each, beside what they were fitted on."""
    labelled = sum(example.weight == 1.0 for example in examples)
    lines = [
        "# Weights of the clues to whom a line is said (parsing/addressee_clues.py, parsing/line_clues.py).",
        "# Written by `python -m training addressees`, from labelled lines of Friends' train episodes alone.",
        f"labelled = {labelled}",
        f"told = {len(examples) - labelled}  # lines whose direction says it, each with the weight {TOLD}",
        f"penalty = {PENALTY}",
        "",
        "[weights]",
        *(f"{clue} = {weight:.2f}" for clue, weight in sorted(weights.items())),
    ]
    with replacing(path) as target:
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
