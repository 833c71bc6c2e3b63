"""DialogRE (Yu et al., 2020, arXiv 2004.08056): its files read, F1 and the conversational F1c, two baselines.

Evaluation only: the set's licence is for non-commercial research, and nothing that is bundled is made from it. A pair
of arguments may stand in several relations; `unanswerable` is none of them.

    python -m evaluation dialogre
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parsing.errors import BadFile, NotFound

FOLDER = Path("gold", "dialogre")
NONE = "unanswerable"
Said = frozenset[str]


@dataclass(frozen=True)
class Pair:
    """Two arguments as the set writes them, with their types, and relation -> trigger ("" where none is marked)."""

    x: str
    y: str
    x_type: str
    y_type: str
    gold: Mapping[str, str]


@dataclass(frozen=True)
class Dialogue:
    """Turns ("Speaker 1: Hi."), and the pairs that are asked for."""

    turns: tuple[str, ...]
    pairs: tuple[Pair, ...]

    def spoken(self) -> list[tuple[tuple[str, ...], str]]:
        """(speakers, words) of each turn; "Speaker 1, Speaker 2: Hi!" is said by two."""
        found = []
        for turn in self.turns:
            who, _, text = turn.partition(":")
            found.append((tuple(w.strip() for w in who.split(",")), text.strip()))
        return found


# relations of every pair, given the first turns of a dialogue
Reader = Callable[[Dialogue, int], Sequence[Said]]


def read(data: Path, part: str) -> list[Dialogue]:
    """The dialogues of `train` or `dev`. Raises `NotFound` without the file, `BadFile` for one of another form."""
    path = data / FOLDER / f"{part}.json"
    if not path.is_file():
        raise NotFound(f"no {path}: CANON_DATA names the folder that holds gold/ (docs/data.md)")
    try:
        return [_dialogue(turns, pairs) for turns, pairs in json.loads(path.read_text(encoding="utf-8"))]
    except (KeyError, TypeError, ValueError) as error:
        raise BadFile(f"{path}: expected [[turns, [{{x, y, x_type, y_type, r, t}}]]], found {error!r}") from None


def _dialogue(turns: Sequence[str], pairs: Sequence[Mapping[str, Any]]) -> Dialogue:
    rows = (
        Pair(p["x"], p["y"], p["x_type"], p["y_type"], {r: t for r, t in zip(p["r"], p["t"], strict=True) if r != NONE})
        for p in pairs
    )
    return Dialogue(tuple(turns), tuple(rows))


def f1(rows: Sequence[tuple[Said, Said]]) -> dict[str, float]:
    """Precision, recall and F1 over all (said, gold) pairs of relation sets, in per cent of 1."""
    right = sum(len(said & gold) for said, gold in rows)
    return _scores(_ratio(right, sum(len(s) for s, _ in rows)), _ratio(right, sum(len(g) for _, g in rows)))


def f1c(rows: Sequence[tuple[Dialogue, Sequence[Sequence[Said]]]]) -> dict[str, float]:
    """The conversational F1 (Yu et al., 2020, section 4): a system is asked after each turn, and should not be late.

    Args:
        rows: a dialogue, and for each of its turns the relations of each pair, said with the turns up to this one.

    After turn i relation r of a pair is evaluable where both arguments have been mentioned, and, if r is a gold
    relation, its trigger too (a gold relation without one: after the last turn only); after the last turn everything
    is. With O_i what is said, L what is gold and E_i what is evaluable, the precision of a pair is
    sum|O_i L E_i| / sum|O_i E_i|, its recall sum|O_i L E_i| / sum|L E_i|; 0/0 counts 1, so that silence is precise.
    F1c is the harmonic mean of both, each averaged over the pairs. "Mentioned" is to be a substring of a turn with its
    speaker, in whatever case.

    """
    shares = [_conversational(d, n, said) for d, said in rows for n in range(len(d.pairs))]
    if not shares:
        return _scores(0.0, 0.0)
    return _scores(*(sum(column) / len(shares) for column in zip(*shares, strict=True)))


def _conversational(dialogue: Dialogue, n: int, said: Sequence[Sequence[Said]]) -> tuple[float, float]:
    """Precision and recall of one pair."""
    pair, counts = dialogue.pairs[n], [0, 0, 0]
    gold = frozenset(pair.gold)
    for i in range(len(dialogue.turns)):
        early = _blocked(dialogue, pair, i)
        if early is not None:
            now = said[i][n] - early
            counts = [a + b for a, b in zip(counts, (len(now & gold), len(now), len(gold - early)), strict=True)]
    right, all_said, wanted = counts
    return (right / all_said if all_said else 1.0), (right / wanted if wanted else 1.0)


def _blocked(dialogue: Dialogue, pair: Pair, i: int) -> Said | None:
    """The gold relations that can't be known after turn `i`; None where an argument wasn't mentioned."""
    if i == len(dialogue.turns) - 1:
        return frozenset()
    so_far = [t.lower() for t in dialogue.turns[: i + 1]]
    if not all(any(arg.lower() in t for t in so_far) for arg in (pair.x, pair.y)):
        return None
    return frozenset(r for r, t in pair.gold.items() if not t or not any(t.lower() in s for s in so_far))


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _scores(precision: float, recall: float) -> dict[str, float]:
    both = precision + recall
    f = 2 * precision * recall / both if both else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f, 4)}


def score(dialogues: Sequence[Dialogue], reader: Reader) -> dict[str, Any]:
    """F1 with the whole dialogue, F1c with all its beginnings, and how many gold relations were found of each kind."""
    said = [[reader(d, n + 1) for n in range(len(d.turns))] for d in dialogues]
    last = [(s[-1][n], frozenset(p.gold)) for d, s in zip(dialogues, said, strict=True) for n, p in enumerate(d.pairs)]
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for answer, gold in last:
        for relation in answer | gold:
            kinds[relation].update(said=relation in answer, gold=relation in gold, right=relation in answer & gold)
    return {
        "f1": f1(last),
        "f1c": f1c(list(zip(dialogues, said, strict=True))),
        "missed": dict(sorted(_causes(dialogues, [s[-1] for s in said]).items())),
        "by_relation": {r: dict(c) for r, c in sorted(kinds.items(), key=lambda rc: (-rc[1]["gold"], rc[0]))},
    }


def _causes(dialogues: Sequence[Dialogue], said: Sequence[Sequence[Said]]) -> Counter[str]:
    """Gold relations that weren't said, by what stood in the dialogue."""
    found: Counter[str] = Counter()
    for dialogue, answers in zip(dialogues, said, strict=True):
        back = {(p.x, p.y): a for p, a in zip(dialogue.pairs, answers, strict=True)}
        for pair, answer in zip(dialogue.pairs, answers, strict=True):
            together = any(all(a.lower() in t.lower() for a in (pair.x, pair.y)) for t in dialogue.turns)
            for relation, trigger in pair.gold.items():
                if relation not in answer:
                    found["all"] += 1
                    found["a trigger is marked" if trigger else "no trigger is marked"] += 1
                    found["both in one turn" if together else "never both in one turn"] += 1
                    found["another relation was said"] += bool(answer)
                    found["something was said of the pair turned round"] += bool(back.get((pair.y, pair.x)))
    return found


def most_frequent(train: Sequence[Dialogue]) -> Reader:
    """The baseline that always names the relation most pairs of the training part have."""
    (often, _), *_ = Counter(r for p in _pairs(train) for r in p.gold).most_common(1)
    return lambda dialogue, turns: [frozenset({often})] * len(dialogue.pairs)


def by_types(train: Sequence[Dialogue]) -> Reader:
    """The baseline that names the commonest answer, none included, of pairs of the same two types in training."""
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for pair in _pairs(train):
        seen[kinds_of(pair)].update(list(pair.gold) or [NONE])
    best = {types: counts.most_common(1)[0][0] for types, counts in seen.items()}
    return lambda dialogue, turns: [frozenset({best.get(kinds_of(p), NONE)} - {NONE}) for p in dialogue.pairs]


def kinds_of(pair: Pair) -> tuple[str, str]:
    """The types of both arguments; a speaker without a name is one of its own."""
    first, second = (
        "SPEAKER" if argument.startswith("Speaker ") else kind
        for argument, kind in ((pair.x, pair.x_type), (pair.y, pair.y_type))
    )
    return first, second


def _pairs(dialogues: Sequence[Dialogue]) -> Iterator[Pair]:
    return (pair for dialogue in dialogues for pair in dialogue.pairs)
