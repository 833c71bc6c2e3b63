"""Russian names in speech: whom a vocative means, with @who as the truth; and a labelled sample of declined mentions.

In a scene of two whoever is called by name is the other one: TEI's @who ids say who that is. A vocative is a run of
capitalised words set off by commas in which the dictionary sees a name. The baseline finds names as they stand in the
cast, in the nominative only.
"""

import csv
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.statistics import Share
from kg.extract.mentions import Line, Names, read_lines
from kg.russian.declension import fold, modern, morphology
from kg.russian.people import CastNames
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show

LABELS = Path(__file__).with_name("labels") / "russian_mentions.csv"
_CALLED = re.compile(
    r"(?:^|[,.!?…]\s*|\b(?:ах|ну|эх|о|милая|милый|голубушка|батюшка)[, ]+)"
    r"(?P<name>[А-ЯЁ][а-яё]+(?:\s[А-ЯЁ][а-яё]+){0,2})(?=\s*[,.!?…]|$)"
)
_NAMES = ("Name", "Patr")


@dataclass(frozen=True)
class Called:
    """A vocative in a scene of two."""

    line: Line
    name: str
    start: int
    other: str  # node id of whoever else is there


def vocatives(lines: Sequence[Line]) -> Iterator[Called]:
    """Every vocative whose addressee is beyond doubt."""
    for line in lines:
        others = {p for p in line.present if p != line.speaker}
        if len(others) != 1 or not line.speaker:
            continue
        for match in _CALLED.finditer(modern(line.text)):
            if all(_is_name(fold(word)) for word in match["name"].split()):
                yield Called(line, match["name"], match.start("name"), next(iter(others)))


def _is_name(word: str) -> bool:
    """A first name, patronymic or diminutive, by the dictionary's first reading."""
    return any(mark in morphology().parse(word)[0].tag for mark in _NAMES)


def score(shows: Sequence[Show]) -> dict[str, Any]:
    """Shares of the vocatives resolved, and resolved to the right person, beside the baseline."""
    from parsing.tables import load_utterances

    counts = dict.fromkeys(("of", "named", "right", "base_named", "base_right"), 0)
    for show in shows:
        names, plain = CastNames(show.cast), Names(show)
        for called in vocatives(read_lines(load_utterances(show))):
            ours = next((n.person for n in names.find(modern(called.line.text)) if n.start == called.start), "")
            found = plain.find(modern(called.line.text), called.line.episode)
            base = next((who for who, start, _ in found if start == called.start), "")
            counts["of"] += 1
            counts["named"] += bool(ours)
            counts["right"] += ours == called.other
            counts["base_named"] += bool(base)
            counts["base_right"] += base == called.other
    return {
        "vocatives": counts["of"],
        "resolved": Share(counts["named"], counts["of"]).to_json(),
        "right_of_all": Share(counts["right"], counts["of"]).to_json(),
        "right_of_resolved": Share(counts["right"], counts["named"]).to_json(),
        "baseline_right_of_all": Share(counts["base_right"], counts["of"]).to_json(),
        "baseline_right_of_resolved": Share(counts["base_right"], counts["base_named"]).to_json(),
    }


def draw(shows: Sequence[Show], n: int, seed: int) -> list[tuple[str, str, str, str, str]]:
    """(play, line id, form, person, cases) of names that stand in another case than the nominative, one a play at most
    until all plays gave one.
    """
    from parsing.tables import load_utterances

    rng = random.Random(seed)
    order = list(shows)
    rng.shuffle(order)
    found: list[tuple[str, str, str, str, str]] = []
    for show in order:
        if len(found) == n:
            break
        names = CastNames(show.cast)
        lines = read_lines(load_utterances(show))
        rng.shuffle(lines)
        for line in lines[:200]:
            oblique = [x for x in names.find(modern(line.text)) if "nomn" not in x.cases]
            if oblique:
                one = rng.choice(oblique)
                form = modern(line.text)[one.start : one.end]
                found.append((show.id.partition("/")[2], line.id, form, one.person, " ".join(sorted(one.cases))))
                break
    return found


def labelled(path: Path = LABELS) -> dict[str, Any]:
    """Precision of the sample. Raises `NotFound` or `BadFile`."""
    if not path.is_file():
        raise NotFound(f"no labels at {path}: expected columns play, line, form, person, right")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if bad := [r for r in rows if r["right"] not in {"yes", "no"}]:
        raise BadFile(f"{path}: right is '{bad[0]['right']}' for {bad[0]['line']}, expected yes or no")
    return Share(sum(r["right"] == "yes" for r in rows), len(rows)).to_json() | {
        "plays": len({r["play"] for r in rows})
    }
