"""`python -m evaluation russian`: relations of the plays against their headers, and names in text against @who.

Relations: precision and recall on the ten plays held aside and on all others that have relations, by relation and by
what was read: the list of persons, the speech, both. A found pair that the header lacks counts as wrong, though many
headers leave out what their play's list of persons says; how many of these are right was labelled by hand
(`evaluation/labels/russian_relations.csv`).
"""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from evaluation.russian_gold import AS, HELD, LEAST, MAIN, SEED, WIDE, Pair, header_relations, held_aside, pair
from evaluation.statistics import Share
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show, load_show

LABELS = Path(__file__).with_name("labels") / "russian_relations.csv"
CHECKER = LABELS.with_name("checker_ru.csv")  # Russian replies for `evaluation.checker`
SOURCES = {"list": ("list",), "speech": ("speech",), "both": ("list", "speech")}
COLLECTION = "plays"


def plays() -> list[Show]:
    """Every play of the collection. Raises `NotFound` where they weren't parsed."""
    from parsing.collection import members
    from parsing.manifest import SHOWS, build_dir

    shows = [load_show(f"{COLLECTION}/{member}") for member in members(SHOWS / COLLECTION)]
    if missing := [s.id for s in shows if not (build_dir(s) / "utterances.parquet").is_file()]:
        raise NotFound(f"{len(missing)} plays aren't parsed, such as {missing[0]}: run python -m parsing {COLLECTION}")
    return shows


def found_in(show: Show, sources: Sequence[str]) -> frozenset[Pair]:
    """The pairs that the graph made of these sources holds, what follows from it included."""
    from kg.build import assemble
    from kg.extract.mentions import Names, read_lines
    from kg.reading import material_of
    from kg.russian.extraction import cast_ids, evidence_from
    from parsing.cast_list import load_cast_list
    from parsing.tables import load_utterances

    lines = read_lines(load_utterances(show))
    evidence = evidence_from(show, lines, load_cast_list(show), sources)
    graph, _ = assemble(material_of(show, lines, Names(show), evidence))
    ids = {node: identity for identity, node in cast_ids(show).items()}
    named = {kg: name for name, relations in AS.items() for kg in relations}
    stored = {f.id for f in graph.stored}
    return frozenset(
        pair(name, ids[f.subject], ids[f.object])
        for f in graph.facts
        if (name := named.get(f.relation, "")) and f.polarity and f.subject in ids and f.object in ids
        if name in MAIN or f.id in stored  # in-laws that follow from marriages: no header bothers with them
    )


def measure() -> dict[str, Any]:
    """Everything `russian.json` holds of relations."""
    shows = {s.id.partition("/")[2]: s for s in plays()}
    gold = {name: header_relations(show) for name, show in shows.items()}
    held = held_aside(gold)
    others = sorted(name for name, pairs in gold.items() if pairs and name not in held)
    found = {
        source: {name: found_in(shows[name], parts) for name in tqdm([*held, *others], desc=source, disable=None)}
        for source, parts in SOURCES.items()
    }
    labels = read_labels(LABELS)
    result: dict[str, Any] = {
        "plays": len(shows), "with_relations": sum(bool(p) for p in gold.values()), "held_aside": held,
        "rule": f"the first {HELD} by sha256('{SEED}:' + id) with {LEAST} or more of {', '.join(MAIN)}",
    }  # fmt: skip
    for name, chosen in (("held", held), ("others", others)):
        result[name] = {s: scores(gold, found[s], chosen) for s in SOURCES}
        result[name]["not_in_header"] = judged(gold, found["both"], chosen, labels)
    return result


def scores(
    gold: Mapping[str, frozenset[Pair]], found: Mapping[str, frozenset[Pair]], chosen: Iterable[str]
) -> dict[str, Any]:
    """Precision and recall by relation, and over the main five together."""
    right: Counter[str] = Counter()
    said: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for play in chosen:
        said.update(p.relation for p in found[play])
        wanted.update(p.relation for p in gold[play])
        right.update(p.relation for p in found[play] & gold[play])
    rows = {name: (right[name], said[name], wanted[name]) for name in (*MAIN, *WIDE)}
    total = tuple(sum(rows[name][i] for name in MAIN) for i in range(3))
    return {
        name: {"precision": Share(hits, of).to_json(), "recall": Share(hits, all_).to_json()}
        for name, (hits, of, all_) in {"all five": total, **rows}.items()
    }


def judged(
    gold: Mapping[str, frozenset[Pair]], found: Mapping[str, frozenset[Pair]], chosen: Iterable[str],
    labels: Mapping[tuple[str, Pair], bool],
) -> dict[str, Any]:  # fmt: skip
    """Of the pairs that no header has: how many are labelled, and how many of these their play says."""
    extra = [(play, p) for play in chosen for p in sorted(found[play] - gold[play]) if p.relation in MAIN]
    told = [labels[key] for key in extra if key in labels]
    right = sum(p.relation in MAIN for play in chosen for p in found[play] & gold[play])
    return {
        "pairs": len(extra), "labelled": len(told), "right": sum(told),
        "precision_by_the_play": Share(right + sum(told), right + len(told)).to_json(),
    }  # fmt: skip


def unlabelled() -> list[tuple[str, Pair]]:
    """The found pairs of the ten plays (and of the others) that no header has, for labelling."""
    shows = {s.id.partition("/")[2]: s for s in plays()}
    gold = {name: header_relations(show) for name, show in shows.items()}
    rows = []
    for name in sorted(gold):
        if gold[name]:
            rows += [
                (name, p) for p in sorted(found_in(shows[name], SOURCES["both"]) - gold[name]) if p.relation in MAIN
            ]
    return rows


def read_labels(path: Path) -> dict[tuple[str, Pair], bool]:
    """Labels by (play, pair): does the play say so? Raises `BadFile` naming the line."""
    if not path.is_file():
        raise NotFound(f"no labels at {path}: expected columns play, relation, first, second, right")
    found = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            if row.get("right") not in {"yes", "no"}:
                raise BadFile(f"{path}, line {number}: right is '{row.get('right')}', expected yes or no")
            found[(row["play"], Pair(row["relation"], row["first"], row["second"]))] = row["right"] == "yes"
    return found
