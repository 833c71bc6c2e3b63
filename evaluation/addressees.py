"""How well parsing tells whom a line is said to, who is there and what is real: `python -m evaluation addressees SHOW`.

Three measures for addressees, each beside baselines (whoever spoke before, whoever speaks next, everybody present):
- lines of dev and test episodes in scenes of three and more, labelled by reading (scene_labels.py);
- scenes of two, where the other one is the truth, with what gives it away hidden: everybody who speaks in the episode
  counts as present, so that "the only other one" can't be used, and the turns remain;
- the same with the turns hidden too: two such scenes of an episode, of four different people, are spliced in stretches
  of a few lines, so that whoever spoke before is often of the other conversation.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pandas as pd

from evaluation.scene_labels import LINE_LABELS, SEED, Label, held_out, present_scores, read_labels, reality_scores
from evaluation.statistics import Share
from parsing.addressees import Addressees, Said
from parsing.assemble import CROWD
from parsing.episodes import split_of
from parsing.line_clues import Spoken
from parsing.manifest import Show
from parsing.presence import NameFinder
from parsing.tables import load_utterances

STRETCH = 4  # lines of one conversation before the other goes on, on average
LEAST = 6  # lines of a scene that is spliced
EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)
SPECIAL = frozenset({"everybody", "nobody", "role"})


@dataclass(frozen=True)
class Scene:
    """The lines of one scene, with their ids."""

    episode: str
    ids: tuple[str, ...]
    lines: tuple[Spoken, ...]


def measure(show: Show) -> dict[str, Any]:
    """Everything that can be measured on a parsed show; labels only where evaluation/labels are of it."""
    table = load_utterances(show)
    reader = Addressees(NameFinder(show))
    found: dict[str, Any] = {"seed": SEED, "two": two_people(table, reader)}
    labels = {i: label for i, label in read_labels(LINE_LABELS).items() if label.show == show.id}
    if labels:
        found["lines"] = labelled(table, reader, labels)
        found["present"] = present_scores(table)
        found["reality"] = reality_scores(table)
    return found


def scenes_of(table: pd.DataFrame) -> Iterator[Scene]:
    """The scenes of an utterance table."""
    columns = ["id", "text", "speakers", "speaker_raw", "directions", "present", "cue"]
    for (episode, _), part in table.groupby(["episode", "scene"], sort=False):
        rows = list(zip(*(part[c].tolist() for c in columns), strict=True))
        lines = [Spoken(t, tuple(s), raw, tuple(d), tuple(p), cue in CROWD) for _, t, s, raw, d, p, cue in rows]
        yield Scene(str(episode), tuple(str(row[0]) for row in rows), tuple(lines))


Method = Callable[[Scene], list[Said]]


def methods(reader: Addressees) -> dict[str, Method]:
    """Ours and the baselines."""
    return {
        "ours": lambda scene: reader.of(scene.lines, scene.episode),
        "before": lambda scene: [neighbour(scene.lines, i, -1) for i in range(len(scene.lines))],
        "after": lambda scene: [neighbour(scene.lines, i, 1) for i in range(len(scene.lines))],
        "present": lambda scene: [Said(_others(line, line.present), None) for line in scene.lines],
    }


def neighbour(lines: Sequence[Spoken], i: int, step: int) -> Said:
    """Whoever is heard last before line `i` (`step` -1) or first after it (1), himself left out."""
    j = i + step
    while 0 <= j < len(lines):
        if lines[j].voice != lines[i].voice:
            return Said(_others(lines[i], lines[j].speakers), None)
        j += step
    return Said((), None)


def _others(line: Spoken, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in line.speakers)


def right(label: Sequence[str], names: Sequence[str]) -> bool:
    """Just these people; for `everybody` at least two; for `nobody` and for roles alone, nobody."""
    if "everybody" in label:
        return len(names) >= 2
    return set(names) == set(label) - SPECIAL


def labelled(table: pd.DataFrame, reader: Addressees, labels: Mapping[str, Label]) -> dict[str, Any]:
    """Accuracy on the labelled lines: of all, by split, by kind, by confidence; agreement of the two passes."""
    wanted = {i[:9] for i in labels}
    scenes = [scene for scene in scenes_of(table) if scene.ids[0][:9] in wanted]
    found: dict[str, Any] = {}
    for name, method in methods(reader).items():
        said = {i: s for scene in scenes for i, s in zip(scene.ids, method(scene), strict=True) if i in labels}
        missing = set(labels) - set(said)
        rows = [(labels[i].first, s, split_of(i[:6])) for i, s in said.items()]
        found[name] = _scores(rows) | {"not_found": len(missing)}
        if name == "ours":
            found["calibration"] = calibration([(s.confidence, right(lab, s.names)) for lab, s, _ in rows])
            found["thresholds"] = thresholds([(lab, s) for lab, s, _ in rows])
    again = [(lab.first, lab.again) for lab in labels.values() if lab.again]
    found["agreement"] = Share(sum(set(a) == set(b) for a, b in again), len(again)).to_json()
    return found


def _scores(rows: Sequence[tuple[Sequence[str], Said, str]]) -> dict[str, Any]:
    def share(kept: Callable[[Sequence[str], Said, str], bool]) -> dict[str, Any]:
        hits = [right(label, said.names) for label, said, split in rows if kept(label, said, split)]
        return Share(sum(hits), len(hits)).to_json()

    kinds = sorted({kind_of(label) for label, _, _ in rows})
    return {
        "all": share(lambda *_: True),
        "answered": share(lambda _label, said, _split: bool(said.names)),
        "one_named": share(lambda _label, said, _split: len(said.names) == 1),
        "by_split": {s: share(lambda _label, _said, split, s=s: split == s) for s in ("dev", "test")},  # type: ignore[misc]
        "by_kind": {k: share(lambda label, *_, k=k: kind_of(label) == k) for k in kinds},
    }


def kind_of(label: Sequence[str]) -> str:
    """`one`, `several`, or the special word that stands alone."""
    if len(label) == 1:
        return label[0] if label[0] in SPECIAL else "one"
    return "several"


def calibration(rows: Sequence[tuple[float | None, bool]]) -> list[dict[str, Any]]:
    """The share of right answers in each bin of confidence, beside the mean confidence."""
    bins = []
    for low, high in pairwise(EDGES):
        inside = [(c, hit) for c, hit in rows if c is not None and (low <= c < high or c == high == 1.0)]
        if inside:
            mean = sum(c for c, _ in inside) / len(inside)
            share = Share(sum(hit for _, hit in inside), len(inside)).to_json()
            bins.append({"from": low, "to": high, "mean": round(mean, 3), "right": share})
    return bins


def thresholds(rows: Sequence[tuple[Sequence[str], Said]]) -> list[dict[str, Any]]:
    """Answers of one name at or above a confidence: the share of all lines that have one, and how many are right."""
    found = []
    for least in THRESHOLDS:
        kept = [right(lab, s.names) for lab, s in rows if len(s.names) == 1 and (s.confidence or 0.0) >= least]
        answered = Share(len(kept), len(rows)).to_json()
        found.append({"least": least, "answered": answered, "right": Share(sum(kept), len(kept)).to_json()})
    return found


def two_people(table: pd.DataFrame, reader: Addressees) -> dict[str, Any]:
    """Accuracy where the other one of two is the truth: presence hidden, then the turns too (see above)."""
    scenes = [scene for scene in scenes_of(held_out(table)) if _two(scene)]
    crowd: dict[str, set[str]] = {}
    for scene in scenes_of(held_out(table)):
        crowd.setdefault(scene.episode, set()).update(name for line in scene.lines for name in line.speakers)
    hidden = [_with_present(scene, crowd[scene.episode]) for scene in scenes]
    truth = {i: other for scene in scenes for i, other in _truth(scene)}
    spliced = list(_spliced(hidden, random.Random(SEED)))
    return {
        "scenes": len(scenes),
        "spliced": len(spliced),
        "plain": _two_scores(scenes, reader, truth),
        "hidden": _two_scores(hidden, reader, truth),
        "turns_hidden": _two_scores(spliced, reader, truth),
    }


def _two(scene: Scene) -> bool:
    """Are exactly two named people heard and present, and nobody else?"""
    heard = {line.voice for line in scene.lines}
    named = {name for line in scene.lines for name in line.speakers}
    there = {name for line in scene.lines for name in line.present}
    return len(heard) == 2 and heard == named == there


def _truth(scene: Scene) -> Iterator[tuple[str, str]]:
    people = {line.voice for line in scene.lines}
    for identity, line in zip(scene.ids, scene.lines, strict=True):
        yield identity, next(iter(people - {line.voice}))


def _with_present(scene: Scene, people: Iterable[str]) -> Scene:
    there = tuple(sorted(people))
    return replace(scene, lines=tuple(replace(line, present=there) for line in scene.lines))


def _spliced(scenes: Sequence[Scene], rng: random.Random) -> Iterator[Scene]:
    """Pairs of scenes of one episode without a common speaker, in turns of a few lines."""
    waiting: dict[str, list[Scene]] = {}
    for scene in scenes:
        if len(scene.ids) < LEAST:
            continue
        heard = {line.voice for line in scene.lines}
        others = waiting.setdefault(scene.episode, [])
        mate = next((s for s in others if heard.isdisjoint(line.voice for line in s.lines)), None)
        if mate is None:
            others.append(scene)
        else:
            others.remove(mate)
            yield _splice(mate, scene, rng)


def _splice(one: Scene, other: Scene, rng: random.Random) -> Scene:
    rest = [list(zip(s.ids, s.lines, strict=True)) for s in (one, other)]
    merged: list[tuple[str, Spoken]] = []
    side = 0
    while rest[0] or rest[1]:
        count = min(len(rest[side]), rng.randint(1, 2 * STRETCH - 1))
        merged += rest[side][:count]
        del rest[side][:count]
        side = 1 - side
    return Scene(one.episode, tuple(i for i, _ in merged), tuple(line for _, line in merged))


def _two_scores(scenes: Sequence[Scene], reader: Addressees, truth: Mapping[str, str]) -> dict[str, Any]:
    scores: dict[str, Any] = {}
    for name, method in methods(reader).items():
        hits: Counter[bool] = Counter()
        sure: list[tuple[float | None, bool]] = []
        for scene in scenes:
            for identity, said in zip(scene.ids, method(scene), strict=True):
                hit = said.names == (truth[identity],)
                hits[hit] += 1
                sure.append((said.confidence, hit))
        scores[name] = Share(hits[True], hits.total()).to_json()
        if name == "ours":
            scores["calibration"] = calibration(sure)
    return scores
