"""Facts drawn for labelling, each with the lines it rests on: `python -m kg.sample friends --n 100 --seed 7`.

Drawn evenly over relations (round robin of shuffled lists), so that rare relations are seen too. Prints tab-separated
rows to label by hand; the text of the lines is shown, never stored.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated

import typer

from kg.graph import Graph
from kg.types import Fact
from parsing.commands import new_app, run
from parsing.episodes import split_of
from parsing.manifest import load_show

app = new_app("Draw extracted facts with their evidence, for labelling.")


def draw(facts: Sequence[Fact], n: int, seed: int) -> list[Fact]:
    """`n` facts (or all), one relation after the other, in an order that the seed alone decides."""
    by_relation: dict[str, list[Fact]] = defaultdict(list)
    for fact in sorted(facts, key=lambda f: f.id):
        by_relation[fact.relation].append(fact)
    rng = random.Random(seed)
    for group in by_relation.values():
        rng.shuffle(group)
    chosen: list[Fact] = []
    while len(chosen) < n and any(by_relation.values()):
        for relation in sorted(by_relation):
            if by_relation[relation] and len(chosen) < n:
                chosen.append(by_relation[relation].pop())
    return chosen


def extracted(graph: Graph, split: str = "") -> list[Fact]:
    """The facts that no person wrote, of one split ("" for all); of an event its roles once, as agent or patient."""
    roles = {"event_kind", "in_episode", "agent", "patient", "place"}
    plain = [f for f in graph.stored if f.extractor != "curated" and f.relation not in roles - {"patient"}]
    return [f for f in plain if not split or split_of(f.revealed) == split]


@app.command()
def sample(
    show_id: Annotated[str, typer.Argument(metavar="SHOW", help="id of a show, or path to a show.toml")],
    n: Annotated[int, typer.Option(help="how many facts")] = 100,
    seed: Annotated[int, typer.Option(help="of the drawing")] = 1,
    split: Annotated[str, typer.Option(help="train, dev or test; all by default")] = "",
) -> None:
    """Print facts and their evidence, tab-separated."""
    from kg.store import load_graph
    from parsing.tables import load_utterances

    show = load_show(show_id)
    graph = load_graph(show, curated=False)
    table = load_utterances(show).set_index("id")
    for fact in draw(extracted(graph, split), n, seed):
        row = [fact.id, graph.name(fact.subject), fact.relation, graph.name(fact.object), str(fact.polarity)]
        row += [fact.since, str(fact.until), fact.revealed, f"{fact.confidence:.2f}", fact.extractor]
        for identity in fact.evidence[:2]:
            line = table.loc[identity]
            row.append(f"{identity} {line.speaker}: {' '.join(line.directions)} | {line.text}")
        print("\t".join(row))


if __name__ == "__main__":
    run(app)
