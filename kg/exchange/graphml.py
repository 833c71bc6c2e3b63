"""GraphML (http://graphml.graphdrawing.org), which networkx, Gephi and yEd read."""

import io
from xml.etree.ElementTree import ParseError

import networkx as nx

from kg.exchange.flat import fact_cells, fact_from, graph_of, node_cells, node_from
from kg.graph import Graph
from parsing.errors import BadFile


def write(graph: Graph) -> bytes:
    """The graph with one edge a fact; its attributes are the columns of `kg.exchange.flat`.

    Nodes carry name, type, gender, revealed, aliases (JSON); literals are nodes `=text` of type `literal`, revealed
    with the first fact that has them. The graph itself carries show, as_of and knower.
    """
    network: nx.MultiDiGraph = nx.MultiDiGraph(show=graph.show, as_of=graph.as_of or "", knower=graph.knower or "")
    for node in graph.nodes.values():
        cells = node_cells(node)
        network.add_node(cells.pop("id"), **cells)
    for fact in sorted((f for f in graph.facts if f.literal), key=lambda f: (f.object, f.revealed)):
        if f"={fact.object}" not in network:
            network.add_node(
                f"={fact.object}", type="literal", name=fact.object, gender="", revealed=fact.revealed, aliases="[]"
            )
    for fact in graph.facts:
        edge = fact_cells(graph, fact) | {"confidence": float(fact.confidence)}
        for named_by_the_edge in ("id", "subject", "subject_name", "object", "object_name"):
            edge.pop(named_by_the_edge)
        target = f"={fact.object}" if fact.literal else fact.object
        network.add_edge(fact.subject, target, key=fact.id, label=fact.relation, **edge)
    return ("\n".join(nx.generate_graphml(network)) + "\n").encode("utf-8")


def read(data: bytes) -> Graph:
    """The graph of a file that `write` made. Raises `BadFile`."""
    try:
        network: nx.MultiDiGraph = nx.MultiDiGraph(
            nx.read_graphml(io.BytesIO(data), force_multigraph=True, edge_key_type=str)
        )
    except (ParseError, nx.NetworkXError) as error:
        raise BadFile(f"not a GraphML file: {error}") from None
    nodes = [node_from({"id": i, **cells}) for i, cells in network.nodes(data=True) if cells.get("type") != "literal"]
    edges = network.edges(keys=True, data=True)
    facts = [
        fact_from({"id": key, "subject": start, "object": end.removeprefix("="), **cells})
        for start, end, key, cells in edges
    ]
    about = network.graph
    return graph_of(about.get("show", ""), nodes, facts, as_of=about.get("as_of", ""), knower=about.get("knower", ""))
