"""`graph.json.gz`: the graph as a file. Versioned, checked on load, the same bytes for the same graph.

The document is `{"format": "canon-graph", "version": 1, "show", "nodes", "facts", "retired"}`; fields that have their
default are left out. Node and fact fields are those of `kg.types`.
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

from kg.graph import CURATED, Graph, node_id
from kg.relations import NODE_TYPES, relations
from kg.types import Alias, Fact, Node
from parsing.commands import say
from parsing.errors import BadFile, CanonError, NotFound
from parsing.files import replacing
from parsing.manifest import Show, build_dir

FORMAT = "canon-graph"
VERSION = 1
_KINDS: Mapping[Any, tuple[type, ...]] = {  # annotation -> what JSON may hold for it
    str: (str,),
    bool: (bool,),
    float: (int, float),
    str | None: (str, type(None)),
    tuple[str, ...]: (list,),
    tuple[Alias, ...]: (list,),
    Mapping[str, str]: (dict,),
}


def save_graph(graph: Graph, path: Path) -> None:
    """Write a graph; two calls with equal graphs write equal bytes."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "show": graph.show,
        "nodes": [_node_row(n) for n in graph.nodes.values()],
        "facts": [_row(f) for f in graph.stored],
        "retired": [_row(f) for f in graph.retired],
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    with replacing(path) as temporary:
        temporary.write_bytes(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0))


def load_graph(show: Show, curated: bool = True) -> Graph:
    """The show's graph: `build/<show>/graph.json.gz`, else the one shipped beside `show.toml`; says which.

    `curated=False` leaves corrections out and brings back what they retired: the graph as it was extracted.

    Raises:
        NotFound: there is neither.
        BadFile: it is truncated, of a newer version, or doesn't fit the schema.

    """
    for path in (build_dir(show) / "graph.json.gz", show.folder / "graph.json.gz"):
        if path.is_file():
            graph = read_graph(path)
            if graph.show != show.id:
                raise BadFile(
                    f"{path}: is the graph of '{graph.show}', expected '{show.id}'; run python -m kg build {show.id}"
                )
            say(f"graph: {path} ({len(graph.nodes)} nodes, {len(graph.stored)} facts)")
            mains = [node_id(m.name) for m in show.personas]
            chosen = graph if curated else without_curated(graph)
            return Graph(show.id, chosen.nodes.values(), chosen.stored, chosen.retired, main=mains)
    raise NotFound(f"{show.title} has no graph yet; run python -m kg build {show.id}")


def without_curated(graph: Graph) -> Graph:
    """The graph as extracted: curated facts gone, retired ones back."""
    return Graph(
        graph.show, graph.nodes.values(), [f for f in graph.stored if f.extractor != CURATED] + list(graph.retired)
    )


def read_graph(path: Path) -> Graph:
    """Read and check a graph file. Raises `BadFile` naming what doesn't fit."""
    try:
        document = json.loads(gzip.decompress(path.read_bytes()).decode("utf-8"))
    except (EOFError, gzip.BadGzipFile, zlib.error, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadFile(
            f"{path}: truncated or no gzipped JSON ({error}); build it again with python -m kg build"
        ) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadFile(f"{path}: not a graph file: expected format '{FORMAT}'")
    version = document.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise BadFile(f"{path}: graph version {version!r} is newer than this program reads ({VERSION}); update Canon")
    try:
        nodes = [_node(row) for row in _rows(document, "nodes")]
        facts = [_fact(row) for row in _rows(document, "facts")]
        retired = [_fact(row) for row in _rows(document, "retired")]
        return Graph(str(document.get("show", "")), nodes, facts, retired)
    except CanonError as error:
        raise BadFile(f"{path}: {error}") from None


def _rows(document: Mapping[str, Any], key: str) -> Iterable[Any]:
    rows = document.get(key)
    if not isinstance(rows, list):
        raise BadFile(f"'{key}' must be a list, found {type(rows).__name__}")
    return rows


def _row(item: Fact | Node) -> dict[str, Any]:
    """A dataclass as a dictionary without the fields that have their default."""
    row = {}
    for f in fields(item):
        value = getattr(item, f.name)
        default = f.default_factory() if f.default_factory is not MISSING else f.default
        if value != default:
            row[f.name] = dict(sorted(value.items())) if isinstance(value, Mapping) else value
    return row


def _node_row(node: Node) -> dict[str, Any]:
    row = _row(node)
    if node.aliases:
        row["aliases"] = [[a.text, a.revealed] for a in node.aliases]
    return row


@cache
def _annotations(kind: type) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The types of a dataclass's fields, and the names of those without a default."""
    required = (f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING)
    return get_type_hints(kind), tuple(required)


def _checked(kind: type, row: Any) -> dict[str, Any]:
    """The row's values, with their types checked against the dataclass's annotations."""
    hints, required = _annotations(kind)
    if not isinstance(row, dict):
        raise BadFile(f"a {kind.__name__.lower()} must be an object, found {str(row)[:60]!r}")
    for key, value in row.items():
        if key not in hints:
            raise BadFile(f"{kind.__name__.lower()} {row.get('id')!r} has an unknown field '{key}'")
        if not isinstance(value, _KINDS[hints[key]]):
            raise BadFile(f"{kind.__name__.lower()} {row.get('id')!r}: '{key}' is of the wrong type: {value!r}")
    for name in required:
        if name not in row:
            raise BadFile(f"{kind.__name__.lower()} {row.get('id')!r} lacks '{name}'")
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


def _node(row: Any) -> Node:
    values = _checked(Node, row)
    if values["type"] not in NODE_TYPES:
        raise BadFile(f"node {values['id']!r}: type '{values['type']}' must be one of {', '.join(sorted(NODE_TYPES))}")
    try:
        values["aliases"] = tuple(Alias(str(text), str(revealed)) for text, revealed in values.get("aliases", ()))
    except (TypeError, ValueError):
        raise BadFile(f"node {values['id']!r}: aliases must be pairs [text, revealed]") from None
    return Node(**values)


def _fact(row: Any) -> Fact:
    values = _checked(Fact, row)
    relations().named(values["relation"])
    return Fact(**values)
