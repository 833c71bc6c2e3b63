"""What each way of finding facts adds: the graph built again without it, and what its recall is then."""

from collections import Counter
from pathlib import Path
from typing import Any

from evaluation import fandom, reference
from evaluation.kinship import GoldFact, read_gold
from kg import pipeline
from kg.build import assemble
from kg.graph import Graph, load_graph
from kg.reading import Material, read_show
from kg.relations import relations
from kg.ways import CLOSURE, WAYS, way_of
from parsing.manifest import Show
from parsing.tables import load_utterances


def ablate(show: Show, gold_file: Path) -> dict[str, Any]:
    """For the whole and for each way left out: stored facts, recall of near Fandom facts and of the curated facts.

    The curated facts are those of training episodes, on which the rules were made. Without closure only stored facts
    count. Raises `NotFound` where the gold file or the parsed show isn't there.
    """
    gold = read_gold(gold_file)
    table = load_utterances(show)
    where = fandom.spoken(table, gold)
    near = [f for f in fandom.uttered(gold, where) if where.near(f)]
    material = read_show(show, table, pipeline.DEFAULT, 2, True)
    shipped = load_graph(show)
    whole, _ = assemble(material)
    rows = {"all ways": _row(whole, near, shipped, show)}
    for way in WAYS:
        graph = stored_only(whole) if way == CLOSURE else assemble(material, without=(way,))[0]
        rows[f"without {way}"] = _row(graph, near, shipped, show)
    return {"rows": rows, "found_by": found_by(material, whole)}


def stored_only(graph: Graph) -> Graph:
    """The graph with nothing implied, not even the other side of a relation."""
    bare = Graph(graph.show, graph.nodes.values(), graph.stored, main=graph.main)
    bare.__dict__["facts"] = graph.stored  # in place of what `cached_property` would close
    return bare


def _row(graph: Graph, near: list[GoldFact], shipped: Graph, show: Show) -> dict[str, Any]:
    plain = [f for f in graph.stored if not relations()[f.relation].event]
    return {
        "facts": len(plain),
        "events": sum(f.relation == "event_kind" for f in graph.stored),
        "fandom": fandom.share(graph, near),
        "curated_train": reference.recall_of(shipped, graph, show.episodes)["by_split"]["train"],
    }


def found_by(material: Material, graph: Graph) -> dict[str, int]:
    """Stored facts by the way of their surest statement; of an event its kind stands for its roles."""
    events = [f for f in graph.stored if f.relation == "event_kind"]
    plain = [f for f in graph.stored if not relations()[f.relation].event]
    return dict(sorted(Counter(way_of(f.extractor.removeprefix("event:")) for f in (*plain, *events)).items()))
