"""CSV and Parquet: a table of facts and a table of nodes, for pandas, DuckDB, spreadsheets."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from kg.exchange.flat import (
    FACT_COLUMNS,
    NODE_COLUMNS,
    fact_cells,
    fact_from,
    graph_of,
    node_cells,
    node_from,
)
from kg.graph import Graph
from parsing.errors import BadFile

NODES = ".nodes"  # what the second file's name has before its ending: friends.csv and friends.nodes.csv


def write_csv(graph: Graph) -> dict[str, bytes]:
    """Facts and nodes as CSV (RFC 4180, UTF-8); the columns are those of `kg.exchange.flat`."""
    facts = _csv(FACT_COLUMNS, (fact_cells(graph, f) for f in graph.facts))
    return {"": facts, NODES: _csv(NODE_COLUMNS, (node_cells(n) for n in graph.nodes.values()))}


def read_csv(facts: bytes, nodes: bytes, show: str) -> Graph:
    """The graph of two CSV files. Raises `BadFile`. A table doesn't say of which edition it is."""
    return graph_of(
        show,
        [node_from(row) for row in _rows(nodes, NODE_COLUMNS)],
        [fact_from(row) for row in _rows(facts, FACT_COLUMNS)],
    )


def _csv(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, tuple(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def _rows(data: bytes, columns: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadFile(f"not a UTF-8 CSV file: {error}") from None
    if missing := sorted(set(columns) - set(reader.fieldnames or ())):
        raise BadFile(f"the table lacks the columns {', '.join(missing)}")
    return rows


def write_parquet(graph: Graph) -> dict[str, bytes]:
    """Facts and nodes as Parquet: known_by a map, evidence and aliases lists, confidence a number, the rest text."""
    facts: list[dict[str, Any]] = [
        {
            **fact_cells(graph, f),
            "literal": f.literal,
            "polarity": f.polarity,
            "until": f.until,
            "known_by": sorted(f.known_by.items()),
            "confidence": float(f.confidence),
            "evidence": list(f.evidence),
        }
        for f in graph.facts
    ]
    nodes: list[dict[str, Any]] = [
        {**node_cells(n), "aliases": [{"text": a.text, "revealed": a.revealed} for a in n.aliases]}
        for n in graph.nodes.values()
    ]
    about = {"show": graph.show, "as_of": graph.as_of or "", "knower": graph.knower or ""}
    return {"": _parquet(facts, FACT_COLUMNS, about), NODES: _parquet(nodes, NODE_COLUMNS, about)}


def read_parquet(facts: bytes, nodes: bytes) -> Graph:
    """The graph of two Parquet files. Raises `BadFile`."""
    fact_rows, about = _parquet_rows(facts, FACT_COLUMNS)
    node_rows, _ = _parquet_rows(nodes, NODE_COLUMNS)
    for row in fact_rows:
        row["known_by"] = ";".join(f"{who}@{when}" for who, when in row["known_by"])
        row["evidence"] = ";".join(row["evidence"])
    for row in node_rows:
        row["aliases"] = json.dumps([[a["text"], a["revealed"]] for a in row["aliases"]])
    return graph_of(
        about.get("show", ""),
        [node_from(row) for row in node_rows],
        [fact_from(row) for row in fact_rows],
        as_of=about.get("as_of", ""),
        knower=about.get("knower", ""),
    )


def _parquet(rows: list[dict[str, Any]], columns: Iterable[str], about: Mapping[str, str]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    text = pa.string()
    special = {
        "literal": pa.bool_(),
        "polarity": pa.bool_(),
        "known_by": pa.map_(text, text),
        "confidence": pa.float64(),
        "evidence": pa.list_(text),
        "aliases": pa.list_(pa.struct([("text", text), ("revealed", text)])),
    }
    schema = pa.schema([(name, special.get(name, text)) for name in columns], metadata=dict(about))
    out = pa.BufferOutputStream()
    parquet.write_table(pa.Table.from_pylist(rows, schema=schema), out, compression="zstd")
    return out.getvalue().to_pybytes()


def _parquet_rows(data: bytes, columns: tuple[str, ...]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(pa.BufferReader(data))
    except (pa.ArrowInvalid, OSError) as error:
        raise BadFile(f"not a Parquet file: {error}") from None
    if missing := sorted(set(columns) - set(table.column_names)):
        raise BadFile(f"the table lacks the columns {', '.join(missing)}")
    about = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
    return table.to_pylist(), about
