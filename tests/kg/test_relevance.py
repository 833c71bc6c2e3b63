"""What the encoder adds to recall, with one that is scripted; and the packaged one's vectors, where it is installed."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kg.graph import Graph
from kg.recall import FEATURES, READ, Notes, Recalled
from kg.relevance import PACKAGE, Relevance, Vectors, as_read, chosen
from kg.store import read_graph
from kg.types import Fact, Node
from parsing.errors import BadInput, NotFound
from parsing.manifest import ROOT

NOTES = (
    "Joey got rejected for a zoo commercial because Joey was not believable as a human being.",
    "Joey bought a foosball table instead of a kitchen table.",
    "Joey taught a class on soap opera acting.",
)
MATTER = "So what did they say was wrong with you?"


class Scripted:
    """Says of each note what it is told to; all notes are near in meaning."""

    def __init__(self, says: Callable[[str], tuple[float, float]]) -> None:
        self.says, self.vectors, self.asked = says, self, ""

    def places(self, texts: Sequence[str]) -> np.ndarray:
        return np.arange(len(texts))

    def near(self, message: str, places: np.ndarray) -> np.ndarray:
        self.asked = message
        return np.zeros(len(places), np.float32)

    def scores(self, message: str, notes: Sequence[str]) -> list[tuple[float, float]]:
        return [self.says(note) for note in notes]


@pytest.fixture(scope="module")
def graph() -> Graph:
    nodes = [Node("joey_tribbiani", "person", "Joey Tribbiani", (), "male")]
    facts = [
        Fact(f"n{k}", "joey_tribbiani", "note", text, True, since="S03E04", revealed="S03E04",
             known_by={"joey_tribbiani": "S03E04"})
        for k, text in enumerate(NOTES)
    ]  # fmt: skip
    return Graph("sitcom", nodes, facts, main=["joey_tribbiani"])


def ranked(graph: Graph, reader: Any) -> list[Recalled]:
    return Notes(graph, lambda: reader).rank(MATTER, "joey_tribbiani", ["any auditions?", "One. I didn't get it."])


def test_the_encoder_reads_the_persona_in_the_third_person() -> None:
    assert as_read("What's your job, and who are you?", "Joey") == "What's Joey's job, and who are Joey?"
    turns = ["do you act?", "Yes, I do, it's my job."]
    assert as_read("since when?", "Joey", turns) == "do Joey act? | Yes, Joey do, it's Joey's job. | since when?"


def test_a_note_without_a_shared_word_is_found_by_meaning(graph: Graph) -> None:
    assert not any(r.fits for r in ranked(graph, None))
    reader = Scripted(lambda note: (6.0, -6.0) if "zoo" in note else (-6.0, -6.0))
    found = ranked(graph, reader)
    assert "zoo" in found[0].fact.object
    assert found[0].reading is not None and found[0].reading.answering > 0.9
    assert found[0].chance > 10 * found[1].chance and len(found) == len(NOTES)
    assert reader.asked.endswith("| So what did they say was wrong with Joey?")


def test_nothing_answers_where_the_encoder_says_so(graph: Graph) -> None:
    found = ranked(graph, Scripted(lambda note: (-6.0, -6.0)))
    assert not any(r.fits or r.corrects for r in found)


def test_a_note_that_shows_a_premise_wrong_corrects(graph: Graph) -> None:
    found = ranked(graph, Scripted(lambda note: (-3.0, 6.0) if "zoo" in note else (-6.0, -6.0)))
    assert [r.fact.object for r in found if r.corrects] == [NOTES[0]]


def test_features_are_in_the_order_of_their_names(graph: Graph) -> None:
    assert len(ranked(graph, Scripted(lambda note: (0.0, 0.0)))[0].features) == len(READ)
    alone = Notes(graph, lambda: None).rank("Was it a foosball table?", "joey_tribbiani")
    assert len(alone[0].features) == len(FEATURES)


def test_words_alone_are_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CANON_READER", raising=False)
    assert chosen() is None
    monkeypatch.setenv("CANON_READER", "encodr")
    with pytest.raises(BadInput, match="'encodr'; expected 'words' or 'encoder'"):
        chosen()
    monkeypatch.setenv("CANON_READER", "encoder")
    monkeypatch.setattr("kg.relevance.installed", lambda: None)
    with pytest.raises(NotFound, match="pip install"):
        chosen()


def test_without_an_adapter_there_is_no_encoder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Relevance(tmp_path)


def test_vectors_are_computed_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(PACKAGE)
    monkeypatch.setattr("kg.relevance._WORTH_KEEPING", 1)
    kept = tmp_path / "vectors.npz"
    nowhere = tmp_path / "none.npz"
    first = Vectors(kept, nowhere)
    texts = ["Joey acts in a soap opera.", "The monkey eats bananas."]
    near = first.near("He is an actor.", first.places(texts))
    assert 1.0 >= near[0] > near[1]
    again = Vectors(kept, nowhere)
    computed = again._computed
    monkeypatch.setattr(again, "_computed", lambda texts: pytest.fail(f"computed again: {texts}"))
    places = again.places([*reversed(texts)])
    monkeypatch.setattr(again, "_computed", computed)
    assert np.allclose(again.near("He is an actor.", places), near[::-1], atol=1e-6)
    assert again.near("He is an actor.", again.places([])).shape == (0,)
    kept.write_bytes(b"half a file")
    assert len(Vectors(kept, nowhere).places(["Joey."])) == 1


def test_every_note_of_a_shipped_graph_comes_with_its_vector() -> None:
    """Else every start would compute it: run `python -m training vectors`."""
    graph = read_graph(ROOT / "shows" / "friends" / "graph.json.gz")
    texts = [fact.object for fact in graph.stored if fact.relation == "note"]
    shipped = Vectors()
    assert texts and not [text for text in texts if not shipped.holds(text)]
