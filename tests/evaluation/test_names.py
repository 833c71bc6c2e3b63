"""Labelled names: drawn by seed, kept as offsets, scored on exact spans; open sets in columns."""

from pathlib import Path

import pandas as pd
import pytest

from evaluation.names import LABELS, by_part, conll, draw, read_labels, score, spans_of, texts, trimmed
from evaluation.pipeline import speed
from parsing.errors import BadFile, NotFound


def table(n: int = 40) -> pd.DataFrame:
    ids = [f"S01E{8 if i % 2 else 9:02d}.01.{i:03d}" for i in range(n)]
    texts_ = ["so you saw Ann today" if i % 4 == 1 else "well that was it" for i in range(n)]
    return pd.DataFrame({"id": ids, "episode": [i[:6] for i in ids], "speaker": "Ann", "text": texts_})


def test_a_draw_is_the_seeds_from_test_episodes_half_of_it_with_a_capital_inside() -> None:
    drawn = draw(table(), 8, seed=3)
    assert drawn == draw(table(), 8, seed=3) != draw(table(), 8, seed=4)
    assert {i[:6] for i, _ in drawn} == {"S01E08"}
    assert [part for _, part in drawn] == ["all"] * 4 + ["capital"] * 4
    known = dict(zip(table()["id"], table()["text"], strict=True))
    assert all("Ann" in known[i] for i, part in drawn if part == "capital")


@pytest.mark.parametrize(
    ("text", "name"),
    [("Mrs. Green", "Green"), ("Mr.Heckles", "Heckles"), ("Ann's", "Ann"), ("Ann!", "Ann"), ("Missy", "Missy")],
)
def test_titles_and_what_follows_are_no_part_of_a_name(text: str, name: str) -> None:
    start, end = trimmed(text, 0, len(text))
    assert text[start:end] == name


def test_exact_spans_are_scored_in_both_halves() -> None:
    labels = {"a": ("all", frozenset({(0, 3)})), "b": ("capital", frozenset({(4, 7), (9, 12)}))}
    found = {"a": [(0, 3), (5, 6)], "b": [(4, 8)]}
    result = score(found, {i: spans for i, (_, spans) in labels.items()})
    assert (result.right, result.found, result.wanted) == (1, 3, 3)
    assert result.to_json()["f1"] == pytest.approx(1 / 3, abs=1e-4)
    assert by_part(found, labels)["all"]["recall"] == 1.0
    assert by_part(found, labels)["capital"]["right"] == 0


def test_bad_labels_and_lost_lines_are_told(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    with pytest.raises(NotFound, match="no labelled names"):
        read_labels(path)
    path.write_text("id,part,names\na,all,0-3\nb,all,Ann\n", encoding="utf-8")
    with pytest.raises(BadFile, match="line 3: names are 'Ann'"):
        read_labels(path)
    with pytest.raises(NotFound, match=r"no line zz \(1 labelled"):
        texts(table(), ["zz"])


def test_the_committed_labels_are_300_lines_of_test_episodes() -> None:
    labels = read_labels(LABELS)
    assert len(labels) == 300
    assert all(int(i[4:6]) % 8 == 0 for i in labels)
    assert sum(len(spans) for _, spans in labels.values()) > 150


def test_columns_and_tags_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.conll"
    path.write_text("Ann\tB-PER\nLee\tI-PER\nsaw\tO\nBob\tB-PER\n\nBob\tB-PER\nOslo\tB-LOC\n", encoding="utf-8")
    first, second = conll(path, (0, 1))
    assert first[0] == ["Ann", "Lee", "saw", "Bob"]
    assert spans_of(first[1]) == {(0, 2, "PER"), (3, 4, "PER")}
    assert spans_of(second[1]) == {(0, 1, "PER"), (1, 2, "LOC")}
    with pytest.raises(NotFound, match="CANON_DATA"):
        conll(tmp_path / "none", (0, 1))


def test_speed_is_a_ratio_of_turns() -> None:
    class Pipe:
        def pipe(self, lines, batch_size):
            return iter(lines)

    ticks = iter(range(1000))
    result = speed({"unchanged": Pipe(), "canon": Pipe()}, ["a b", "c"], clock=lambda: float(next(ticks)))  # type: ignore[dict-item]
    assert result["ratio"] == 1.0
    assert result["words"] == 3
