"""Tables between marks: rendered from results, the same when rendered again, and never typed by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation import factcheck_tables, report
from evaluation.statistics import Share
from parsing.errors import BadFile, NotFound

CHECKER = {
    part: {
        "balanced_accuracy": 0.915,
        "accuracy": Share(8, 10).to_json(),
        "baseline_always_answers": 0.3333,
    }
    for part in ("dev", "test", "bot")
}
PAGE = "# Page\n\n<!-- table:checker -->\nold\n<!-- /table -->\n\nText.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with three documents and one result."""
    monkeypatch.setattr(report, "ROOT", tmp_path)
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results")
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "checker.json").write_text(json.dumps(CHECKER), encoding="utf-8")
    (tmp_path / "README.md").write_text(PAGE, encoding="utf-8")
    for name in ("REPORT.md", "REPORT.ru.md"):
        (tmp_path / name).write_text("no tables\n", encoding="utf-8")
    return tmp_path


def test_a_table_is_written_between_its_marks_and_nothing_else_is_touched(folder: Path) -> None:
    assert report.render_all() == ["README.md"]
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# Page\n\n<!-- table:checker -->\n| labels |")
    assert "| dev | 91.5 % | 80.0 % (49.0 to 94.3) | 33.3 % |\n" in text
    assert text.endswith("<!-- /table -->\n\nText.\n")
    assert "old" not in text


def test_rendering_again_changes_nothing(folder: Path) -> None:
    report.render_all()
    before = (folder / "README.md").read_bytes()
    assert report.render_all() == []
    assert (folder / "README.md").read_bytes() == before


def test_a_check_names_stale_files_and_writes_nothing(folder: Path) -> None:
    assert report.render_all(check=True) == ["README.md"]
    assert (folder / "README.md").read_text(encoding="utf-8") == PAGE
    report.render_all()
    assert report.render_all(check=True) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!-- table:chekcer -->\n<!-- /table -->", "page: no table 'chekcer'; there are factcheck, "),
        ("<!-- table:checker -->\ntext without an end", "1 marks <!-- table:… -->, 0 <!-- /table -->, 0 that belong"),
        ("<!-- table:checker -->\nkept\n<!-- table:checker -->\n<!-- /table -->", "2 marks .* 1 <!-- /table -->, 1 th"),
        ("<!-- table:checker --> <!-- /table -->", "1 marks .* 1 <!-- /table -->, 0 that belong together"),
    ],
)
def test_a_mark_of_no_table_or_without_an_end_is_an_error_and_swallows_no_text(
    folder: Path, text: str, message: str
) -> None:
    with pytest.raises(BadFile, match=message):
        report.render(text, "page")


def test_a_missing_or_broken_result_is_named_with_the_command_that_makes_it(folder: Path) -> None:
    with pytest.raises(NotFound, match=r"no result results/bench\.json: run `make evaluate`"):
        report.result("bench")
    (folder / "results" / "bench.json").write_text('{"half', encoding="utf-8")
    with pytest.raises(BadFile, match=r"results/bench\.json: not JSON"):
        report.result("bench")


def test_a_missing_document_is_named(folder: Path) -> None:
    (folder / "REPORT.md").unlink()
    with pytest.raises(NotFound, match=r"no REPORT\.md"):
        report.render_all()


def test_every_configuration_of_the_fact_check_is_a_row(folder: Path) -> None:
    scores: dict[str, Any] = {
        "kinds": {kind: Share(place, 4).to_json() for place, kind in enumerate(factcheck_tables.KINDS, 1)},
        "macro": {"share": 0.625, "low": 0.5, "high": 0.75},
    }
    for name in factcheck_tables.CONFIGURATIONS:
        (folder / "results" / f"{name}.json").write_text(json.dumps({"scores": scores}), encoding="utf-8")
    lines = factcheck_tables.factcheck().splitlines()
    assert len(lines) == 2 + len(factcheck_tables.CONFIGURATIONS)
    # Wilson: 1 of 4: 4.6 to 69.9; 2 of 4: 15.0 to 85.0; 4 of 4: 51.0 to 100
    assert "25.0 % (4.6 to 69.9) | 50.0 % (15.0 to 85.0) |" in lines[2]
    assert lines[2].endswith("| 100.0 % (51.0 to 100.0) | 62.5 % (50.0 to 75.0) |")


def test_a_reply_stays_in_its_cell_whatever_is_in_it(folder: Path) -> None:
    reply = {
        "persona": "Ann Lee", "as_of": "S01E03", "question": "Who?", "reply": "one | two\n<three>",
        "verdict": "grounded",
        "facts": [{
            "subject": "Ann Lee", "relation": "boss_of", "object": "Bob Ray",
            "since": "S01E02", "until": None, "revealed": "S01E03",
        }],
    }  # fmt: skip
    (folder / "results" / "examples.json").write_text(json.dumps([reply]), encoding="utf-8")
    assert factcheck_tables.examples().splitlines()[2] == (
        "| Ann, S01E03 | Who? | one \\| two &lt;three> | grounded "
        "| Ann Lee – boss of – Bob Ray (since S01E02, revealed S01E03) |"
    )


def test_the_tables_of_the_documents_are_what_the_committed_results_say() -> None:
    assert report.render_all(check=True) == [], "run `make report`"
