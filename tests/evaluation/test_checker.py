"""The checker of replies: what a reply does and which names it says, by its text alone."""

import tomllib
from pathlib import Path

import pytest

from evaluation.checker import CLASSES, LABELS, PARTS, measure, read_labels, read_reply, says
from parsing.errors import BadFile, NotFound


@pytest.mark.parametrize(
    ("reply", "act"),
    [
        ("I don't know.", "abstains"),
        ("I don’t really remember, sorry!", "abstains"),
        ("No idea. Ask Nora.", "abstains"),
        ("If I knew, I'd tell you.", "abstains"),
        ("The show never says.", "abstains"),
        ("No, I'm not married.", "denies"),
        ("He isn't my brother.", "denies"),
        ("You must be thinking of somebody else.", "denies"),
        ("Right now I'm not seeing anyone.", "denies"),
        ("She isn't, is she?", "denies"),
        ("My sister is Nora.", "answers"),
        ("Yes! And don't you forget it.", "answers"),
        ("You have no idea how happy I am with Walt.", "answers"),
        ("Isn't it great? I'm a baker.", "answers"),
        ("Nobody bakes like my aunt.", "answers"),
        ("I forgot to call my sister.", "answers"),
        ("", "answers"),
    ],
)
def test_a_reply_abstains_denies_or_answers(reply: str, act: str) -> None:
    assert read_reply(reply).act == act


def test_a_reply_that_abstains_and_denies_is_read_as_both() -> None:
    reading = read_reply("No, she isn't my sister. I don't know her name.")
    assert (reading.abstains, reading.denies) == (True, True)
    assert reading.act == "abstains"


def test_the_not_of_not_knowing_denies_nothing() -> None:
    assert not read_reply("I don't know.").denies


@pytest.mark.parametrize(
    ("text", "names", "said"),
    [
        ("It's Nora!", ["Nora"], "Nora"),
        ("Nora's brother", ["Nora"], "Nora"),
        ("NORA PELL, who else?", ["Owen", "Nora Pell"], "Nora Pell"),
        ("Noraline came", ["Nora"], ""),
        ("I'm 29.", ["9", "2"], ""),
        ("Zoë’s café", ["Zoe's cafe"], "Zoe's cafe"),
        ("at C++ (the club)", ["C++ (the club)"], "C++ (the club)"),
        ("a line\nbroken", ["line broken"], "line broken"),
        ("nothing", [""], ""),
        ("nothing", [], ""),
    ],
)
def test_a_name_is_said_when_it_stands_there_as_a_word_of_its_own(text: str, names: list[str], said: str) -> None:
    assert says(text, names) == said


def test_measuring_counts_each_part_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(
        "reply,label,part\nI don't know.,abstains,dev\nI'm a baker.,denies,dev\nMy sister is Nora.,answers,dev\n"
        '"No, never.",denies,test\n',
        encoding="utf-8",
    )
    found = measure(path)
    assert found["labels"] == 4
    dev, test = found["dev"], found["test"]
    assert isinstance(dev, dict) and isinstance(test, dict)
    assert dev["balanced_accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert dev["confusion"]["denies"] == {"abstains": 0, "answers": 1, "denies": 0}
    assert dev["baseline_always_answers"] == pytest.approx(1 / 3, abs=1e-4)
    assert (test["accuracy"]["hits"], test["accuracy"]["of"]) == (1, 1)
    assert "bot" not in found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("reply,label\nhi,answers\n", "columns are reply, label; expected reply, label, part"),
        ("reply,label,part\nhi,answer,dev\n", "label 1: label is 'answer', expected abstains or denies or answers"),
        ("reply,label,part\na,denies,dev\nb,denies,train\n", "label 2: part is 'train', expected dev or test or bot"),
    ],
)
def test_a_broken_file_of_labels_is_refused_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match=message):
        read_labels(path)


def test_missing_labels_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no labels at"):
        read_labels(tmp_path / "none.csv")


def test_the_committed_labels_are_many_balanced_and_different() -> None:
    table = read_labels(LABELS)
    assert len(table) >= 170
    assert not table.reply.duplicated().any()
    for part in ("dev", "test"):
        counts = table[table.part == part].label.value_counts()
        assert set(counts.index) == set(CLASSES)
        assert counts.max() <= 1.2 * counts.min()


def test_the_checker_is_right_far_more_often_than_always_saying_one_thing() -> None:
    for part in PARTS:
        found = measure()[part]
        assert isinstance(found, dict)
        assert found["balanced_accuracy"] >= 0.85, part


@pytest.mark.parametrize(("kind", "act"), [("abstain", "abstains"), ("deny", "denies"), ("correct", "denies")])
def test_phrases_that_others_wrote_are_read_without_a_rule_made_for_them(kind: str, act: str) -> None:
    """The personas' own lines, which no rule was written from: a misreading there would bend every fact-check."""
    root = LABELS.parent.parent.parent
    files = [root / "app" / "voices.toml", root / "shows" / "friends" / "voices.toml"]
    voices = [v for file in files for v in tomllib.loads(file.read_text(encoding="utf-8")).values()]
    lines = [line for voice in voices for line in voice[kind]]
    assert len(lines) > 15
    assert sum(read_reply(line).act == act for line in lines) >= 0.8 * len(lines)
