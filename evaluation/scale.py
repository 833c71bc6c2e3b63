"""How linking and retrieval stand up to size: messages of one kind on graphs of 10⁴, 10⁵ and 10⁶ facts.

A graph of n facts is made of copies of a show's graph, each with names of its own, so that degrees and aliases are
spread as in the show. The sizes are timed in turn within each round, so that what else the machine does falls on all;
of each message the least of five rounds counts, percentiles are taken over messages.
"""

import gc
import random
import re
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from kg.graph import Graph
from kg.linking import Linker
from kg.questions import understand
from kg.recall import Notes
from kg.retrieval import retrieve
from kg.store import load_graph
from kg.types import Alias, Fact, Node
from parsing.manifest import Show

SIZES = (10_000, 100_000, 1_000_000)
MESSAGES = 400  # of each kind
ROUNDS = 5
_SYLLABLES = ("ba", "ko", "mi", "du", "fe", "lo", "va", "zi", "nu", "ry", "sha", "te")
_WORD = re.compile(r"[A-Z][\w'’]*")
_ASKED = (
    "Who is {a}'s sister?", "Is {a} married to {b}?", "Where does {a} work?", "Do you know {a}?",
    "hey, I saw {a} with {b} yesterday", "What did {a} say about the wedding?", "Does {a}'s brother live here?",
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A graph of some size, ready to talk."""

    graph: Graph
    linker: Linker
    notes: Notes
    people: tuple[Node, ...]
    mains: tuple[str, ...]
    seconds: float  # to build the graph with its indices, the linker and the notes
    mebibytes: float  # by which the process grew


def measure(show: Show, sizes: Sequence[int] = SIZES, seed: int = 1) -> dict[str, Any]:
    """Percentiles of linking, of retrieval and of both, in microseconds, by size and by kind of message."""
    started = time.perf_counter()
    atom = load_graph(show)
    loaded = time.perf_counter() - started
    made = {n: make(atom, show, n) for n in sizes}
    rows: dict[str, dict[str, Any]] = {}
    for kind in ("exact", "fuzzy"):
        timed = _timed(made, kind, seed)
        rows[kind] = {str(n): {step: percentiles(found) for step, found in timed[n].items()} for n in sizes}
    first, last = str(sizes[0]), str(sizes[-1])
    return {
        "show": show.id,
        "seed": seed,
        "load_seconds": round(loaded, 3),
        "sizes": {
            str(n): {
                "facts": len(m.graph.stored), "nodes": len(m.graph.nodes), "ready_seconds": round(m.seconds, 2),
                "mebibytes": round(m.mebibytes, 1),
            }
            for n, m in made.items()
        },
        "microseconds": rows,
        "p99_ratio_largest_to_smallest": {
            kind: round(rows[kind][last]["both"]["p99"] / rows[kind][first]["both"]["p99"], 2) for kind in rows
        },
    }  # fmt: skip


def make(atom: Graph, show: Show, n: int) -> Made:
    """About `n` facts: as many whole copies of `atom`, the last one cut short."""
    import psutil

    gc.collect()
    before = psutil.Process().memory_info().rss
    started = time.perf_counter()
    nodes: list[Node] = []
    facts: list[Fact] = []
    copy = 0
    while len(facts) < n:
        more_nodes, more_facts = copied(atom, copy)
        nodes += more_nodes
        facts += more_facts[: n - len(facts)]
        copy += 1
    mains = [f"{main}~{i}" for i in range(copy) for main in sorted(atom.main)]
    graph = Graph("made", nodes, facts, main=mains).indexed()
    linker, notes = Linker(graph, show), Notes(graph)
    linker.link("Xyzzyx?", mains[0])  # builds the table of misspellings
    seconds = time.perf_counter() - started
    del nodes, facts
    gc.collect()
    grown = (psutil.Process().memory_info().rss - before) / 2**20
    people = tuple(node for node in graph.nodes.values() if node.type == "person" and graph.degree(node.id))
    return Made(graph, linker, notes, people, tuple(m for m in mains if graph.degree(m)), seconds, grown)


def copied(atom: Graph, number: int) -> tuple[list[Node], list[Fact]]:
    """One copy: every id and every word of a name gets an ending of its own."""
    ending = _ending(number)
    words = {
        w
        for node in atom.entities()
        for name in (node.name, *(a.text for a in node.aliases))
        for w in _WORD.findall(name)
    }

    def renamed(text: str) -> str:
        return _WORD.sub(lambda m: m[0] + ending if m[0] in words else m[0], text)

    nodes = [
        replace(
            node,
            id=f"{node.id}~{number}",
            name=renamed(node.name),
            aliases=tuple(Alias(renamed(a.text), a.revealed) for a in node.aliases),
        )
        for node in atom.nodes.values()
    ]
    facts = [
        replace(
            fact,
            id=f"{fact.id}~{number}",
            subject=f"{fact.subject}~{number}",
            object=renamed(fact.object) if fact.literal else f"{fact.object}~{number}",
            known_by={f"{who}~{number}": when for who, when in fact.known_by.items()},
        )
        for fact in atom.stored
    ]
    return nodes, facts


def _ending(number: int) -> str:
    """Three syllables: `_ending(0) == "bababa"`."""
    base = len(_SYLLABLES)
    return "".join(_SYLLABLES[number // base**place % base] for place in (2, 1, 0))


def _timed(made: Mapping[int, Made], kind: str, seed: int) -> dict[int, dict[str, list[float]]]:
    """Seconds of each step, for each message of each size, the least of some rounds; the sizes take turns."""
    asked = {n: list(_messages(m, kind, random.Random(seed))) for n, m in made.items()}
    found: dict[int, dict[str, list[float]]] = {n: defaultdict(list) for n in made}
    for place in range(MESSAGES):
        least: dict[int, dict[str, float]] = {n: defaultdict(lambda: float("inf")) for n in made}
        for _ in range(ROUNDS):
            for n, one in made.items():
                for step, seconds in _steps(one, *asked[n][place]).items():
                    least[n][step] = min(least[n][step], seconds)
        for n in made:
            for step, seconds in least[n].items():
                found[n][step].append(seconds)
    return found


def _messages(made: Made, kind: str, rng: random.Random) -> "Any":
    personas = rng.sample(made.mains, min(12, len(made.mains)))
    for _ in range(MESSAGES):
        a, b = rng.choice(made.people).name, rng.choice(made.people).name
        if kind == "fuzzy":
            a = _misspelt(a, rng)
        yield rng.choice(_ASKED).format(a=a, b=b), rng.choice(personas)


def _misspelt(name: str, rng: random.Random) -> str:
    """Two neighbouring letters of the longest word change places."""
    word = max(name.split(), key=len)
    place = rng.randrange(1, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _steps(made: Made, message: str, persona: str) -> dict[str, float]:
    times = [time.perf_counter()]
    mentions = made.linker.link(message, persona)
    times.append(time.perf_counter())
    asks = understand(message, mentions, persona, made.graph)
    times.append(time.perf_counter())
    retrieve(made.graph, mentions, asks, persona)
    times.append(time.perf_counter())
    made.notes.rank(message, persona)
    times.append(time.perf_counter())
    link, read, fetch, notes = (b - a for a, b in pairwise(times))
    return {"link": link, "read": read, "retrieve": fetch, "notes": notes, "both": link + fetch}


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 99th percentile in microseconds."""
    ordered = sorted(seconds)
    return {f"p{p}": round(1e6 * ordered[int(p / 100 * (len(ordered) - 1))], 1) for p in (50, 99)}
