"""The small show of `pier.py` on disk, with its graph."""

from pathlib import Path

import pytest
from pier import MANIFEST, fact

from kg.graph import Graph
from kg.types import Alias, Node
from parsing.manifest import Show, load_show


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Show:
    """The show's manifest in a folder of its own; its builds go there too."""
    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))
    path = tmp_path / "show.toml"
    path.write_text(MANIFEST, encoding="utf-8")
    return load_show(str(path))


@pytest.fixture
def graph(show: Show) -> Graph:
    """Three extracted facts and one curated one, saved where `load_graph` finds them."""
    people = [
        Node("ann_lee", "person", "Ann Lee", (Alias("Ann", "S01E01"),), "female"),
        Node("nora_lee", "person", "Nora Lee", (Alias("Nora", "S01E01"),), "female"),
        Node("bob_ray", "person", "Bob Ray", (Alias("Bob", "S01E01"),), "male"),
    ]
    facts = [
        fact("ann_lee", "sibling", "nora_lee"),
        fact("ann_lee", "job", "diver", literal=True, until="S02E01"),
        fact("ann_lee", "spouse", "bob_ray", "S02E01", since="S02E01", evidence=("S02E01.02.003", "S02E02.01.001")),
        fact("bob_ray", "job", "baker", literal=True, extractor="curated"),
    ]
    made = Graph(show.id, people, facts)
    made.save(Path(show.folder) / "build" / show.id / "graph.json.gz")
    return made


@pytest.fixture(scope="session")
def nlp():
    """An English tokenizer: words and marks, nothing parsed."""
    import spacy

    return spacy.blank("en")
