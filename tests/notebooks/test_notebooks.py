"""The notebooks run from first cell to last: the graph's on a made-up show and on Friends, the lesson in seconds."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from kg.graph import Graph, fact_id
from kg.types import Fact, Node

ROOT = Path(__file__).resolve().parent.parent.parent
NOTEBOOK = ROOT / "notebooks" / "explore_graph.ipynb"
LESSON = ROOT / "notebooks" / "train_persona.ipynb"
SHOW = """
id = "pier"
title = "The Pier"
language = "en"
seasons = [3, 2]
[[cast]]
name = "Ann Lee"
persona = true
[[cast]]
name = "Bob Ray"
persona = true
[[cast]]
name = "Cora Day"
"""


def fact(subject: str, relation: str, object_: str, revealed: str = "S01E01", **more: Any) -> Fact:
    since = more.pop("since", "before")
    identity = fact_id(subject, relation, object_, since=since)
    return Fact(identity, subject, relation, object_, since=since, revealed=revealed, extractor="test", **more)


def pier() -> Graph:
    """Three people in a row: Ann's husband is Bob, Bob's boss is Cora; Bob learns late that Ann was a diver."""
    nodes = [
        Node("ann_lee", "person", "Ann Lee"),
        Node("bob_ray", "person", "Bob Ray"),
        Node("cora_day", "person", "Cora Day", revealed="S02E01"),
        Node("e1", "event", "kiss", revealed="S01E02"),
    ]
    dated = {"revealed": "S01E02", "since": "S01E02"}
    facts = [
        fact("ann_lee", "spouse", "bob_ray", evidence=("S01E01.01.001", "S01E02.01.004"), until="S02E02"),
        fact("cora_day", "boss_of", "bob_ray", "S02E01"),
        fact("ann_lee", "job", "diver", literal=True, until="S02E01", known_by={"bob_ray": "S02E02"}),
        fact("ann_lee", "job", "baker", "S02E01", literal=True, since="S02E01"),
        fact("e1", "event_kind", "kiss", literal=True, **dated),
        fact("e1", "agent", "ann_lee", **dated),
        fact("e1", "patient", "bob_ray", **dated),
    ]
    return Graph("pier", nodes, facts)


def execute(monkeypatch: pytest.MonkeyPatch, path: Path = NOTEBOOK, **environment: str) -> nbformat.NotebookNode:
    """The notebook with the outputs of a fresh run. Raises `CellExecutionError` where a cell fails."""
    for name in ("CANON_CHARACTER", "CANON_EPISODE", "CANON_COUPLE", "CANON_QUESTION", "CANON_DATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ({"OMP_NUM_THREADS": "1"} | environment).items():
        monkeypatch.setenv(name, value)
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    folder = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=folder).execute()
    return notebook


def outputs(notebook: nbformat.NotebookNode, kind: str) -> list[str]:
    """All outputs of one kind ("stdout", "stderr", "image/png", "text/plain"), in order."""
    found = []
    for output in (o for cell in notebook.cells for o in cell.get("outputs", ())):
        data = {output.name: output.text} if output.output_type == "stream" else output.get("data", {})
        found += [data[kind]] if kind in data else []
    return found


def test_it_runs_on_a_made_up_show_and_says_what_that_graph_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "show.toml").write_text(SHOW, encoding="utf-8")
    pier().save(tmp_path / "pier" / "graph.json.gz")
    run = execute(
        monkeypatch, CANON_SHOW=str(tmp_path / "show.toml"), CANON_BUILD=str(tmp_path), CANON_CHARACTER="Ann Lee"
    )
    said = "".join(outputs(run, "stdout"))
    assert "The Pier: 3 entities, 1 events, 7 stored facts" in said
    assert "Ann Lee – spouse – Bob Ray\nBob Ray – works for – Cora Day\n" in said
    assert "3 of 3 entities with any relation can be reached from Ann Lee; steps: {0: 1, 1: 1, 2: 1}" in said
    tables = outputs(run, "text/plain")
    assert any("Bob Ray" in t and "diver" in t and "S02E02" in t for t in tables), "what Bob learns late is listed"
    assert any("S01E02.01.004" in t for t in tables), "evidence ids are shown"
    assert len(outputs(run, "image/png")) == 7
    assert outputs(run, "stderr") == []


def test_it_runs_on_friends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = (ROOT / "shows" / "friends" / "graph.json.gz").is_file()
    if not shipped and not (ROOT / "build" / "friends" / "graph.json.gz").is_file():
        pytest.skip("Friends has no graph, neither shipped nor built")
    run = execute(monkeypatch, CANON_SHOW="friends", CANON_BUILD=str(tmp_path if shipped else ROOT / "build"))
    assert len(outputs(run, "image/png")) == 7
    assert outputs(run, "stderr") == []


def test_it_is_committed_with_small_pictures_of_the_shipped_graph() -> None:
    from kg.store import read_graph

    notebook = nbformat.read(NOTEBOOK, as_version=4)
    graph = read_graph(ROOT / "shows" / "friends" / "graph.json.gz")
    again = "run jupyter-execute --inplace notebooks/explore_graph.ipynb"
    assert f"{len(graph.stored)} stored facts" in outputs(notebook, "stdout")[0], again
    assert len(outputs(notebook, "image/png")) == 7, again
    assert outputs(notebook, "stderr") == []
    assert NOTEBOOK.stat().st_size < 900_000


def test_the_lesson_is_committed_without_outputs() -> None:
    notebook = json.loads(LESSON.read_text(encoding="utf-8"))
    cells = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    assert all(c["outputs"] == [] and c["execution_count"] is None for c in cells)


@pytest.mark.slow
def test_the_lesson_trains_base_and_adapter_and_talks(monkeypatch: pytest.MonkeyPatch) -> None:
    run = execute(monkeypatch, LESSON, CANON_MINUTES="0.05")
    said = "".join(outputs(run, "stdout"))
    assert "281 lines, 230 pairs, 37 of them Nora Vale's" in said
    assert "1.3 million parameters" in said
    assert "37 pairs to learn from" in said
    tables = outputs(run, "text/plain")
    assert any("fact" in t and "absent" in t and "2 distractors" in t for t in tables), "copying is measured"
    assert any("as Nora" in t and "my brother | Ben Vale" in t for t in tables), "it is talked to, with facts"
    assert outputs(run, "stderr") == []
