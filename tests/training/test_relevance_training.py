"""Training the encoder of notes: what is read, how rows are made, what the loss is."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from kg.graph import Graph
from kg.types import Fact, Node
from parsing.errors import BadFile, NotFound
from training.relevance import Item, Listwise, Row, held_out, judged, moments, read_items

LINE = {"note": "Ben baked.", "episode": "S01E02", "persona": "Ben", "question": "who baked?", "kind": "answers"}


def test_written_messages_are_read_and_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "asked.jsonl"
    path.write_text(json.dumps(LINE) + "\n" + json.dumps(LINE | {"history": ["Hey!", "Hey."]}) + "\n")
    assert [item.history for item in read_items(path)] == [(), ("Hey!", "Hey.")]
    for broken in ("{", json.dumps({"note": "x"}), json.dumps(LINE | {"kind": "perhaps"})):
        path.write_text(json.dumps(LINE) + "\n" + broken + "\n")
        with pytest.raises(BadFile, match=r"asked\.jsonl:2: "):
            read_items(path)
    with pytest.raises(NotFound):
        read_items(tmp_path / "none.jsonl")


def test_a_message_is_asked_in_the_notes_episode_or_later() -> None:
    facts = [Fact(f"n{k}", "ben", "note", f"{k}", True, revealed=f"S01E{k:02d}") for k in range(1, 9)]
    graph = Graph("harbor", [Node("ben", "person", "Ben", ())], facts)
    items = [Item("4", "S01E04", "Ben", f"q{n}", "answers") for n in range(200)]
    found = moments(graph, items, seed=1)
    assert list(found) == sorted(found) and min(found) == "S01E04"
    assert 100 <= len(found["S01E04"]) <= 140
    assert sum(map(len, found.values())) == 200


def test_one_episode_in_ten_is_held_out() -> None:
    held = [held_out(f"S{s:02d}E{e:02d}") for s in range(1, 11) for e in range(1, 25)]
    assert 12 <= sum(held) <= 36


class Fixed(torch.nn.Module):
    def __init__(self, logits: Any) -> None:
        super().__init__()
        self.given = torch.tensor(logits)

    def forward(self, **_: Any) -> Any:
        return type("Out", (), {"logits": self.given})


def test_the_loss_is_over_none_answers_and_corrections_of_a_row() -> None:
    scores = [[1.0, -1.0], [0.5, 0.0], [2.0, 3.0]]  # rows of two notes and of one
    batch = {"sizes": torch.tensor([2, 1]), "labels": torch.tensor([2, 0])}
    trainer = Listwise.__new__(Listwise)
    loss = float(trainer.compute_loss(Fixed(scores), batch))
    first, second = np.array([0.0, 1.0, -1.0, 0.5, 0.0]), np.array([0.0, 2.0, 3.0])
    wanted = [np.log(np.exp(first).sum()) - first[2], np.log(np.exp(second).sum()) - second[0]]
    assert loss == pytest.approx(np.mean(wanted), rel=1e-5)


def test_scores_are_told_apart_by_kind() -> None:
    predictions = np.array([[0, 1, -1, 0, 0], [0, 1, -1, 0, 0], [0, -1, 5, -1, 0], [2, 0, 0, 0, 0]], float)
    found = judged(type("Seen", (), {"predictions": predictions, "label_ids": np.array([1, 3, 2, 0])}))
    assert found == {"neither_right": 1.0, "answers_right": 0.5, "corrects_right": 1.0}


def test_a_row_is_what_is_asked_and_what_stands_beside_it() -> None:
    row = Row("who?", ("a", "b"), 3)
    assert row.notes[(row.right - 1) // 2] == "b"
