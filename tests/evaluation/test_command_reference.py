"""docs/reference.md is what the code says."""

import pytest

from evaluation import command_reference
from evaluation.command_reference import PAGE, page, write


def test_the_committed_page_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m evaluation commands"


def test_a_new_option_or_relation_makes_it_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    before = page()
    monkeypatch.setattr(command_reference, "MODULES", ("app.own",))
    assert page() != before


def test_commands_options_relations_and_keys_stand_in_it(tmp_path) -> None:  # type: ignore[no-untyped-def]
    text = write(tmp_path / "reference.md").read_text(encoding="utf-8")
    for part in (
        "### `python -m app.own PATH…`",
        "| `--as-of` | last episode watched, such as S02E05 |  |",
        "| `parent_of` |",
        "| `persona` | can one talk to this character? |",
        "| `folder` | without base_url: the folder of the files",
    ):
        assert part in text, part
    assert not [line for line in text.splitlines() if line.startswith("|") and "\n" in line]
