"""A person's choices between two runs' replies: which pairs are shown, in what order, and what came of it.

Everything that a judging holds stands in one SQLite file: which results, the seed of the order, and every choice.
"""

import random
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.questions import KINDS
from evaluation.comparison import read_runs
from evaluation.statistics import Share, mcnemar
from parsing.errors import BadFile, NotFound
from training.models import sha256

CHOICES = ("left", "right", "both", "neither")
ORDERS = ("first left", "second left")
_SCHEMA = """
create table if not exists judging (first text not null, second text not null, seed integer not null);
create table if not exists choice (
    question text primary key,
    kind text not null,
    shown text not null check (shown in ('first left', 'second left')),
    choice text not null check (choice in ('left', 'right', 'both', 'neither')),
    at text not null
);
"""


@dataclass(frozen=True)
class Pair:
    """Two different replies to one question, of the first result and of the second."""

    id: str
    kind: str
    persona: str
    as_of: str
    question: str
    replies: tuple[str, str]


def read_pairs(first: Path, second: Path) -> list[Pair]:
    """The questions that two results answer differently. Raises as `comparison.read_runs`, and `BadFile` for none."""
    one, other = ({row["id"]: row for row in run["questions"]} for run in read_runs(first, second))
    pairs = [
        Pair(i, row["kind"], row["persona"], row["as_of"], row["question"], (row["reply"], other[i]["reply"]))
        for i, row in one.items()
        if row["reply"].split() != other[i]["reply"].split()
    ]
    if not pairs:
        raise BadFile(f"{first} and {second} reply the same to all {len(one)} questions: nothing to choose between")
    return pairs


class Judging:
    """The choices of one person about two results, kept in a SQLite file; every call is one transaction."""

    def __init__(self, path: Path, first: Path, second: Path, seed: int | None = None) -> None:
        """Begin a file or go on with it. Raises `BadFile` for one that is no such file or is of other results."""
        self.path = path
        self.pairs = {pair.id: pair for pair in read_pairs(first, second)}
        hashes = sha256(first), sha256(second)
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as rows:
            rows.executescript(_SCHEMA)
            found = rows.execute("select first, second, seed from judging").fetchone()
            if found is None:
                found = (*hashes, random.SystemRandom().randrange(2**31) if seed is None else seed)
                rows.execute("insert into judging values (?, ?, ?)", found)
        if tuple(found[:2]) != hashes:
            raise BadFile(f"{path} is about other results than {first} and {second}: name another --database")
        self.shown = _orders(self.pairs, found[2])

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path)) as rows, rows:
                yield rows
        except sqlite3.DatabaseError as error:
            raise BadFile(f"{self.path}: no file of choices that can be used ({error})") from None

    def made(self) -> dict[str, tuple[str, str]]:
        """{question id: (order shown, choice)}, the latest last."""
        with self._open() as rows:
            found = rows.execute("select question, shown, choice from choice order by rowid").fetchall()
        return {question: (shown, choice) for question, shown, choice in found}

    def next(self) -> tuple[Pair | None, int]:
        """The first pair in the order of this judging that is still open (None at the end), and how many are judged."""
        made = self.made()
        return next((self.pairs[i] for i in self.shown if i not in made), None), len(made)

    def sides(self, pair: Pair) -> tuple[str, str]:
        """The replies as they stand on the page, left and right."""
        return pair.replies if self.shown[pair.id] == ORDERS[0] else pair.replies[::-1]

    def choose(self, question: str, choice: str) -> None:
        """Keep a choice; a second one about the same question replaces the first. Raises `NotFound` or `BadFile`."""
        if question not in self.pairs:
            raise NotFound(f"no pair '{question[:60]}' in this judging")
        kept = (question, self.pairs[question].kind, self.shown[question], choice)
        with self._open() as rows:
            rows.execute(
                "insert or replace into choice (question, kind, shown, choice, at) values (?, ?, ?, ?, ?)",
                (*kept, datetime.now(UTC).isoformat(timespec="seconds")),
            )

    def undo(self) -> bool:
        """Forget the latest choice; false where there is none."""
        with self._open() as rows:
            done = rows.execute("delete from choice where rowid = (select max(rowid) from choice)")
            return done.rowcount > 0

    def summary(self) -> dict[str, Any]:
        """Wins, ties and the exact two-sided sign test, in all and by kind, and how often the left side won."""
        made = self.made()
        kinds = {kind: [i for i in made if self.pairs[i].kind == kind] for kind in KINDS}
        decided = [choice for _, choice in made.values() if choice in {"left", "right"}]
        return {
            "pairs": len(self.pairs),
            "all": tally(list(made.values())),
            "kinds": {kind: tally([made[i] for i in ids]) for kind, ids in kinds.items() if ids},
            "left": Share(decided.count("left"), len(decided)).to_json(),
        }


def tally(made: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Counts of (order shown, choice): `first` and `second` won, `both` and `neither` (ties), and `p_value`.

    The sign test leaves ties out (Dixon and Mood, 1946); it is the exact binomial one, two-sided.
    """
    wins = {True: 0, False: 0}
    for shown, choice in made:
        if choice in {"left", "right"}:
            wins[(shown == ORDERS[0]) == (choice == "left")] += 1
    choices = [choice for _, choice in made]
    ties = {choice: choices.count(choice) for choice in ("both", "neither")}
    p_value = round(mcnemar(wins[True], wins[False]), 6)
    return {"first": wins[True], "second": wins[False], **ties, "of": len(made), "p_value": p_value}


def _orders(ids: Iterable[str], seed: int) -> dict[str, str]:
    """The pairs in the order of this judging, each with the order of its sides: the same ones for the same seed."""
    rng = random.Random(seed)
    drawn = sorted(ids)
    rng.shuffle(drawn)
    return {i: rng.choice(ORDERS) for i in drawn}
