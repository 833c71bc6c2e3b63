"""Two results side by side: fourfold tables by kind, McNemar's exact test, what flipped, and results that don't fit."""

import json
from pathlib import Path

import pytest
from pier import question

from evaluation.comparison import compare, lines
from evaluation.factcheck import by_baseline
from evaluation.scores import write_result
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show

SISTER = question("q1", "fact", gold=("Nora",))
FUTURE = question("q2", "future", "Who is your husband?")
UNKNOWN = [question(f"u{n}", "unknown", f"What's your number {n}?") for n in range(6)]
FALSE = question("q5", "false", "How is your brother?")
ALL = [SISTER, FUTURE, *UNKNOWN, FALSE]


@pytest.fixture
def results(show: Show, tmp_path: Path) -> tuple[Path, Path]:
    for name in ("abstain", "deny"):
        write_result(tmp_path / f"{name}.json", by_baseline(name, show, ALL), {"seed": 1, "run": name}, [])
    return tmp_path / "abstain.json", tmp_path / "deny.json"


def test_each_question_falls_into_one_of_four_and_p_is_the_exact_binomial(results: tuple[Path, Path]) -> None:
    found = compare(*results)
    # both right: the future one; only abstaining: six unknown; only denying: the false premise; neither: the fact
    assert found["all"] == {
        "both": 1, "only_first": 6, "only_second": 1, "neither": 1, "of": 9, "p_value": 2 * (1 + 7) / 2**7,
    }  # fmt: skip
    assert found["kinds"]["unknown"]["p_value"] == 2 / 2**6
    assert found["kinds"]["future"] == {
        "both": 1, "only_first": 0, "only_second": 0, "neither": 0, "of": 1, "p_value": 1.0,
    }  # fmt: skip
    assert [row["id"] for row in found["flipped"]] == [*(q.id for q in UNKNOWN), "q5"]
    assert found["flipped"][-1]["second"] == {"right": True, "reply": "No, that's not true.", "why": "denies"}


def test_the_other_way_round_the_sides_change_and_p_does_not(results: tuple[Path, Path]) -> None:
    there, back = compare(*results), compare(*results[::-1])
    assert back["all"]["only_first"] == there["all"]["only_second"] == 1
    assert back["all"]["p_value"] == there["all"]["p_value"]


def test_the_terminal_shows_a_line_a_kind_and_what_flipped(results: tuple[Path, Path]) -> None:
    said = lines(compare(*results))
    assert said[-1] == "  q5 (false): only the second right: How is your brother?"
    assert "all      both 1, only first 6, only second 1, neither 1 of 9; p = 0.125" in said


def test_results_of_other_questions_are_refused_by_name(show: Show, tmp_path: Path) -> None:
    for name, asked in (("a", ALL), ("b", ALL[:-2]), ("c", [question("q1", "fact", "Who?", gold=("N",)), *ALL[1:]])):
        write_result(tmp_path / f"{name}.json", by_baseline("echo", show, asked), {"seed": 1}, [])
    a, b, c = (tmp_path / f"{name}.json" for name in "abc")
    with pytest.raises(BadFile, match=r"a\.json asks 2 questions that .*b\.json doesn't \('u5', 'q5'\): compare two"):
        compare(a, b)
    with pytest.raises(BadFile, match=r"a\.json asks 2 questions that .*b\.json doesn't"):
        compare(b, a)
    with pytest.raises(BadFile, match=r"question 'q1' is another one in .*c\.json than in .*a\.json \(1 such\)"):
        compare(a, c)


@pytest.mark.parametrize("content", ["", "[]", '{"scores": {}}', '{"questions": [1]}', '{"questions": [{"id": "a"}]}'])
def test_what_is_no_result_cannot_be_compared(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    with pytest.raises(BadFile, match=r"a\.json: not a result of"):
        compare(tmp_path / "a.json", tmp_path / "a.json")


def test_a_missing_result_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no file .*none\.json: expected a result of"):
        compare(tmp_path / "none.json", tmp_path / "none.json")


def test_results_that_are_committed_compare_with_themselves() -> None:
    path = Path(__file__).parents[2] / "evaluation" / "results" / "factcheck-friends-curated.json"
    found = compare(path, path)
    assert found["all"]["of"] == len(json.loads(path.read_text(encoding="utf-8"))["questions"])
    assert found["flipped"] == []
