"""Exports: the graph, as of an episode and a knower, in formats that other tools read."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.graph import Graph
from parsing.errors import BadInput
from parsing.files import replacing
from parsing.manifest import CastMember, Show, nearest

if TYPE_CHECKING:
    from kg.cards.files import CardFile

Files = Mapping[str, bytes]  # what is written, by what the file's name has before its ending ("" for the first file)
BUDGET = 600  # tokens of a card's permanent text, and of the lore that it brings in at a time


@dataclass(frozen=True)
class Order:
    """What is to be exported."""

    graph: Graph  # stripped to the edition
    show: Show
    persona: CastMember | None = None
    budget: int = BUDGET


@dataclass(frozen=True)
class Format:
    """One format: what it is for, and its writer."""

    about: str
    write: Callable[[Order], Files]
    binary: bool = False


def edition(graph: Graph) -> Graph:
    """The graph as it is handed out: of one episode, without the entities that none of its facts tells anything of.

    A name that somebody else had first can make an entity visible too early ("Emma", long before Emma is born); as long
    as nothing is told of it, it is left out. The whole series keeps all.
    """
    if graph.as_of is None:
        return graph
    nodes = [n for n in graph.nodes.values() if n.type == "event" or n.id == graph.knower or graph.facts_about(n.id)]
    return Graph(graph.show, nodes, graph.stored, main=graph.main, as_of=graph.as_of, knower=graph.knower)


def export(order: Order, format_name: str, path: Path | None = None) -> Files:
    """The graph in a format; written to `path` where one is given, all its files or none.

    Raises `BadInput` naming the formats there are, or that a card needs a persona, or that bytes need a file.
    """
    found = FORMATS.get(format_name)
    if found is None:
        there = ", ".join(sorted(FORMATS))
        raise BadInput(f"no export format '{format_name[:40]}'{nearest(format_name, FORMATS)}; there is: {there}")
    if path is None and found.binary:
        raise BadInput(f"{format_name} is no text: say where it goes with --out PATH")
    files = found.write(order)
    if path is not None:
        _save(files, path)
    return files


def paths_of(files: Files, path: Path) -> list[Path]:
    """Where the files of an export go: `friends.csv` and beside it `friends.nodes.csv`."""
    return [path.with_name(f"{path.stem}{part}{path.suffix}") for part in files]


def _save(files: Files, path: Path) -> None:
    with ExitStack() as stack:
        for target, data in zip(paths_of(files, path), files.values(), strict=True):
            stack.enter_context(replacing(target)).write_bytes(data)


def _graphml(order: Order) -> Files:
    from kg.exchange.graphml import write

    return {"": write(order.graph)}


def _jsonld(order: Order) -> Files:
    from kg.exchange.rdf import write_jsonld

    return {"": write_jsonld(order.graph)}


def _turtle(order: Order) -> Files:
    from kg.exchange.rdf import write_turtle

    return {"": write_turtle(order.graph)}


def _cypher(order: Order) -> Files:
    from kg.exchange.cypher import write

    return {"": write(order.graph)}


def _ladybug(order: Order) -> Files:
    from kg.exchange.cypher import write_ladybug

    return {"": write_ladybug(order.graph)}


def _csv(order: Order) -> Files:
    from kg.exchange.tables import write_csv

    return write_csv(order.graph)


def _parquet(order: Order) -> Files:
    from kg.exchange.tables import write_parquet

    return write_parquet(order.graph)


def _card(order: Order) -> Files:
    from kg.cards.files import write_json

    return {"": write_json(_compiled(order))}


def _card_v2(order: Order) -> Files:
    from kg.cards.files import CardFile, write_json
    from kg.cards.forms import as_v2, plain_book

    card = as_v2(_compiled(order).document)
    card["data"]["character_book"] = plain_book(card["data"]["character_book"])
    return {"": write_json(CardFile(card))}


def _png(order: Order) -> Files:
    from kg.cards.files import write_png

    return {"": write_png(_compiled(order))}


def _charx(order: Order) -> Files:
    from kg.cards.files import write_charx

    return {"": write_charx(_compiled(order))}


def _lorebook(order: Order) -> Files:
    from kg.cards.files import CardFile, write_json
    from kg.cards.forms import as_lorebook

    return {"": write_json(CardFile(as_lorebook(_book(order))))}


def _worldinfo(order: Order) -> Files:
    from kg.cards.files import CardFile, write_json
    from kg.cards.forms import as_world

    return {"": write_json(CardFile(as_world(_book(order))))}


def _book(order: Order) -> dict[str, object]:
    from kg.cards.lorebook import lorebook
    from kg.graph import node_id

    persona = node_id(order.persona.name) if order.persona else ""
    return lorebook(order.graph, order.show.title, persona, order.budget)


def _compiled(order: Order) -> "CardFile":
    from kg.cards.compile import card
    from kg.cards.files import CardFile
    from kg.cards.persona import sheet_of
    from kg.cards.portrait import portrait

    if order.persona is None:
        personas = ", ".join(m.slug for m in order.show.personas)
        raise BadInput(f"a card is somebody's: name one with --persona ({personas or 'the show has no persona'})")
    sheet = sheet_of(order.show, order.persona)
    line = f"{order.show.title}, up to {order.graph.as_of}" if order.graph.as_of else order.show.title
    return CardFile(card(order.graph, order.show.title, sheet, order.budget), portrait(sheet.name, sheet.colour, line))


FORMATS: Mapping[str, Format] = {
    "graphml": Format("Gephi, yEd, networkx", _graphml),
    "jsonld": Format("JSON-LD 1.1", _jsonld),
    "turtle": Format("RDF for SPARQL", _turtle),
    "cypher": Format("Neo4j, Memgraph", _cypher),
    "ladybug": Format("Cypher with its tables, for Ladybug (Kùzu)", _ladybug),
    "csv": Format("facts, and beside them nodes", _csv),
    "parquet": Format("the same with types", _parquet, binary=True),
    "card": Format("character card V3, JSON", _card),
    "card-v2": Format("character card V2, JSON", _card_v2),
    "png": Format("character card V2 and V3 in a picture", _png, binary=True),
    "charx": Format("character card V3 with its picture, a zip", _charx, binary=True),
    "lorebook": Format("lorebook V3, JSON", _lorebook),
    "worldinfo": Format("SillyTavern's world info", _worldinfo),
}
