"""`python -m evaluation linking|retrieval|verification|scale|interference` on the small show of `pier.py`."""

import json
import sys
from pathlib import Path

import pytest

from evaluation import __main__ as commands
from evaluation import grounding, grounding_commands, scale
from evaluation import linking as links
from evaluation import verification as replies
from kg.graph import Graph
from kg.store import load_graph
from parsing.commands import run
from parsing.errors import BadFile
from parsing.manifest import Show


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(grounding_commands, "RESULTS", tmp_path / "results")
    return tmp_path / "results"


def call(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["evaluation", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        run(commands.app)
    return int(ended.value.code or 0)


def test_a_needed_fact_is_followed_to_the_plan_of_the_reply(
    show: Show, graph: Graph, results: Path, monkeypatch
) -> None:
    rows = [
        {"id": "a", "persona": "ann", "as_of": "S01E03", "question": "Who is your sister?", "kind": "fact",
         "needs": [["Nora Lee", "sibling", "Ann Lee"]]},
        {"id": "b", "persona": "ann", "as_of": "S01E03", "question": "Who is your sister?", "kind": "fact",
         "needs": [["Ann Lee", "spouse", "Bob Ray"]]},
    ]  # fmt: skip
    (show.folder / "questions.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    assert call(monkeypatch, "retrieval", show.folder / "show.toml") == 0
    found = json.loads((results / "retrieval.json").read_text(encoding="utf-8"))["shows"]["pier"]
    assert (found["needed"], found["held"]) == (2, 1)  # the wedding comes in the second season
    assert found["rankers"]["ours"]["recall_at_1"]["hits"] == 1
    assert found["steps"]["answered"]["reached"] == 1
    assert found["steps"]["in the graph"]["lost_after"] == 1
    assert [r["question"] for r in found["lost"]] == ["b"]


def test_scores_count_ranks_and_misses() -> None:
    found = grounding.scores([1, 2, 6, 0])
    assert (found["recall_at_1"]["hits"], found["recall_at_5"]["hits"]) == (1, 2)
    assert found["mrr"] == pytest.approx((1 + 1 / 2 + 1 / 6) / 4, abs=1e-4)


def labels(path: Path, columns: list[str], *rows: str) -> Path:
    path.write_text("\n".join([",".join(columns), *rows]) + "\n", encoding="utf-8")
    return path


def test_a_message_is_linked_rightly_when_exactly_its_entities_are(show: Show, graph: Graph, tmp_path: Path) -> None:
    path = labels(
        tmp_path / "linking.csv", links.COLUMNS,
        "name,ann,S01E03,,Where is Nora?,Nora Lee",
        "you,ann,S01E03,,Who is your sister?,@;Nora Lee",
        "history,ann,S01E03,U: Is Nora here? || A: No.,Where is she?,Nora Lee",
        "none,ann,S01E03,,Hello!,",
        "wrong label,ann,S01E03,,Hello!,Bob Ray",
    )  # fmt: skip
    ways = links.measure(show, path)["ways"]
    assert ways["ours"]["right"]["hits"] == 4
    assert ways["exact names"]["right"]["hits"] == 2
    assert ways["ours"]["wrong"] == [{"message": "Hello!", "missed": ["bob_ray"], "invented": []}]


def test_a_label_of_nobody_is_named_with_its_line(show: Show, graph: Graph, tmp_path: Path) -> None:
    path = labels(tmp_path / "linking.csv", links.COLUMNS, "name,ann,,,Hi,Zed Zee")
    with pytest.raises(BadFile, match=r"line 2: the graph has no 'Zed Zee'"):
        links.measure(show, path)


def test_replies_are_judged_by_part_and_only_misses_of_the_dev_part_are_listed(
    show: Show, graph: Graph, tmp_path: Path
) -> None:
    rows = (
        "S01E03,,My sister is Nora.,supported", "S01E03,,My sister is Bob.,contradicted", "S01E03,,Hello!,unverifiable",
        "S01E03,,My sister is Nora.,contradicted",
    )  # fmt: skip
    path = labels(tmp_path / "replies.csv", replies.COLUMNS, *(f"{p},ann,{r}" for p in ("dev", "test") for r in rows))
    found = replies.measure(show, path)
    for part in ("dev", "test"):
        assert found[part]["ours"]["confusion"]["contradicted"] == {
            "contradicted": 1,
            "supported": 1,
            "unverifiable": 0,
        }
        assert found[part]["ours"]["contradicted_called_supported"]["hits"] == 1
    assert len(found["dev"]["ours"]["wrong"]) == 1
    assert found["test"]["ours"]["wrong"] == []


def test_a_made_graph_has_the_size_asked_for_and_names_of_its_own(show: Show, graph: Graph) -> None:
    made = scale.make(load_graph(show), show, 10)
    assert len(made.graph.stored) == 10
    assert {"Annbababa Leebababa", "Annbabako Leebabako"} < {n.name for n in made.graph.nodes.values()}
    assert [m.node for m in made.linker.link("Do you know Annbababa?", made.mains[0])][-1] == "ann_lee~0"


def test_readings_of_the_whole_and_of_stripped_graphs_are_the_same_bytes(
    show: Show, graph: Graph, results: Path, monkeypatch
) -> None:
    assert call(monkeypatch, "interference", show.folder / "show.toml", "--rebuilt", "0") == 0
    found = json.loads((results / "interference.json").read_text(encoding="utf-8"))
    assert found["episodes"] == ["S01E01", "S01E02", "S01E03", "S02E01", "S02E02"]
    assert found["readings"] == 5 * 2 * 16
    assert found["differing"] == []


def test_the_labels_that_are_shipped_are_as_many_as_is_said() -> None:
    rows = replies.read_labels(replies.LABELS)
    for part in replies.PARTS:
        assert [sum(r.label == v and r.part == part for r in rows) for v in replies.VERDICTS] == [50, 50, 50]
    assert len(links.LABELS.read_text(encoding="utf-8").splitlines()) - 1 >= 200
