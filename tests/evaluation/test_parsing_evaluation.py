"""What was read, held against manifests and another transcription; episodes hidden and found; seconds as ratios."""

import json
import random
import subprocess
import sys

import pytest

from evaluation import parsing_speed, parsing_tables
from evaluation.parsing_counts import counted, files_of, quality_of
from evaluation.parsing_parts import measured
from evaluation.parsing_speed import read_alone
from evaluation.segmentation import METHODS, Season, hits, score
from evaluation.transcriptions import LEFT_OUT, Pair, Said, align, missing_cause, speaker_cause, speaker_verdict
from evaluation.transcriptions import score as compared
from parsing.build import build
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show, build_dir, load_show

TOML = """
id = "quay"
title = "The Quay"
language = "en"
seasons = [2]
cast = [{ name = "Ann Lee", persona = true }, { name = "Bob Ray" }]

[[source]]
reader = "text_script"
files = [
  { path = "one.txt", episode = "S01E01" },
  { path = "two.txt", episode = "S01E02" },
  { path = "extra.txt", drop = "never broadcast" },
]
"""
ONE = "Overture\nANN: Is it cold in the water?\nBOB: It is.\nBoy: Jump in!\nANN: I will not jump.\n"
TWO = "ANN:\nBOB: The boat is late today.\nANN: It always is late.\n"


@pytest.fixture
def quay(tmp_path, monkeypatch) -> Show:
    """A show of two files and one that is left out, parsed."""
    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))
    folder = tmp_path / "shows" / "quay"
    folder.mkdir(parents=True)
    for name, text in {"show.toml": TOML, "one.txt": ONE, "two.txt": TWO, "extra.txt": "ANN: Cut.\n"}.items():
        (folder / name).write_text(text, encoding="utf-8")
    show = load_show(str(folder / "show.toml"))
    build(show)
    return show


def test_a_row_counts_files_people_drops_and_pairs(quay):
    row = counted([(quay, quality_of(quay))])
    assert row["files"] == {
        "pinned": 3,
        "reported": 3,
        "left_out": {"never broadcast": 1},
        "without_speech": [],
        "skipped_in_silence": [],
    }
    assert (row["episodes"], row["utterances"]) == (2, 6)
    assert row["dropped"] == {"no cue": 1, "cue without speech": 1}
    assert (row["canonical"], row["canonical_of_named"]) == (5 / 6, 1.0)
    assert row["pairs"] == {"kept": 2, "left_out": {"nothing said before": 1}}
    assert row["personas"] == {
        "number": 1, "lines": 3, "share_of_lines": 0.5, "turns": 3, "share_of_turns_kept": 2 / 3
    }  # fmt: skip


def test_a_collection_is_one_row_of_sums(quay):
    report = quality_of(quay)
    row = counted([(quay, report), (quay, report)])
    assert (row["shows"], row["files"]["pinned"], row["utterances"], row["pairs"]["kept"]) == (2, 6, 12, 4)
    assert row["labels"]["as written"] == 6


def test_a_file_that_no_report_tells_of_was_skipped_in_silence(quay):
    report = quality_of(quay)
    report["per_file"] = [file for file in report["per_file"] if file["path"] != "two.txt"]
    assert files_of([(quay, report)])["skipped_in_silence"] == ["quay/two.txt"]


def test_a_show_that_was_not_parsed_or_long_ago_names_the_command(quay):
    path = build_dir(quay) / "quality.json"
    path.write_text(json.dumps({"per_file": [], "speakers": {}}), encoding="utf-8")
    with pytest.raises(BadFile, match=r"no 'pairs_made': run `python -m parsing quay` again"):
        quality_of(quay)
    path.unlink()
    with pytest.raises(NotFound, match=r"run `python -m parsing quay`, or `python -m parsing --all`"):
        quality_of(quay)


def said(number: int, who: str, text: str, cue: str = "name") -> Said:
    return Said(f"S01E01.01.{number:03d}", text, who, frozenset({who} if cue == "name" else ()), cue)


OURS = [
    said(1, "Ann Lee", "Is it cold in the water?"),
    said(2, "Bob Ray", "It is, it is very cold."),
    said(3, "All", "Ooh!", "all"),
    said(4, "Ann Lee", "I will not jump then."),
    said(5, "Boy", "The boat is late.", "role"),
]
THEIRS = [
    said(1, "Ann Lee", "Is it cold... in the WATER"),
    said(2, "Ann Lee", "It is, it's very cold. Bob: Yes."),
    said(3, "All", "Ooh!", "all"),
    said(4, "Bob Ray", "I will not jump then!"),
    said(5, "Boy", "The boat is late.", "role"),
    said(6, "Bob Ray", "A line that nobody else wrote down."),
    said(7, "Bob Ray", "..."),
]


def test_lines_are_found_by_their_words_in_order():
    pairs = align(OURS, THEIRS)
    assert [pair.theirs.id[-1] for pair in pairs] == list("123456")  # the last has no word
    assert [pair.ours.id[-1] if pair.ours else "" for pair in pairs] == ["1", "", "3", "4", "5", ""]
    assert pairs[1].share == 4 / 7
    assert [speaker_verdict(p) for p in pairs if p.ours] == ["same", "same", "different", "neither"]


def test_shares_and_causes_are_counted_and_no_text_is_kept():
    found = compared(align(OURS, THEIRS), {"S01E01.01.006"})
    assert (found["lines_found"]["hits"], found["lines_found"]["of"]) == (4, 6)
    assert found["lines_found_but_for_files_left_out"]["of"] == 5
    assert (found["same_speaker"]["hits"], found["same_speaker"]["of"]) == (2, 3)
    assert found["missing_by_cause"][LEFT_OUT]["examples"] == [["S01E01.01.006", ""]]
    assert found["different_by_cause"] == {
        "the same line under another cue": {"lines": 1, "examples": [["S01E01.01.004", "S01E01.01.004"]]}
    }
    assert "boat" not in json.dumps(found)


@pytest.mark.parametrize(
    ("ours", "theirs", "cause"),
    [
        (
            said(1, "Bob Ray", "Yes."),
            said(1, "Ann Lee", "Oh. Bob: Yes."),
            "the other source runs two cues into one line",
        ),
        (said(1, "Bob Ray", "Oh. Ann : Yes."), said(1, "Ann Lee", "Yes."), "our source runs two cues into one line"),
        (said(1, "Ann and Bob", "Hi."), said(1, "Ann Lee", "Hi."), "one source names several people or everybody"),
        (said(1, "Mr. Ray", "Hi."), said(1, "Bob Ray", "Hi."), "a parent or relative by title here"),
        (said(1, "Annie", "Hi."), said(1, "Ann Lee", "Hi."), "one short name read as two different people"),
        (said(1, "Bob Ray", "Hi you."), said(1, "Ann Lee", "Hi."), "cut differently"),
    ],
)
def test_why_another_speaker_is_named(ours, theirs, cause):
    assert speaker_cause(Pair(theirs, ours, 1.0)).startswith(cause)


@pytest.mark.parametrize(
    ("theirs", "cause"),
    [
        (said(1, "Ann Lee", "Nothing of the kind. Bob: Why?"), "the other source runs a cue into the line"),
        (said(1, "Boy", "Jump in, you!", "role"), "a sign, a sound or a role"),
        (said(1, "Ann Lee", "Nothing like that."), "not in our source at this place"),
        (said(1, "Ann Lee", "Very chilly"), "a word or two"),
        (said(1, "Ann Lee", "It is not so very cold today my dear"), "partly in our source"),
    ],
)
def test_why_a_line_is_not_found(theirs, cause):
    (pair,) = align(OURS, [theirs])
    assert missing_cause(pair, set()).startswith(cause)


def test_each_cut_finds_one_boundary_at_most():
    assert hits([10, 11, 50], [11, 52], 0) == 1
    assert hits([10, 11, 50], [11, 52], 3) == 2
    assert hits([10, 12], [11], 3) == 1
    assert hits([], [11], 3) == 0


def test_boundaries_and_lines_are_scored_by_hand():
    season = Season(("A",) * 10, ("so",) * 10, (5,))
    right = score([([5], season)])
    assert right["within_0"]["recall"]["share"] == right["lines_in_their_episode"]["share"] == 1
    assert right["pk"] == right["windowdiff"] == 0
    near = score([([7], season)])
    assert (near["within_0"]["precision"]["hits"], near["within_3"]["precision"]["hits"]) == (0, 1)
    assert near["lines_in_their_episode"]["share"] == 0.8
    assert near["windowdiff"] > 0


def made_up(episodes: int = 6, lines: int = 90) -> Season:
    """Episodes with guests and subjects of their own, of lengths that differ."""
    draw = random.Random(3)
    labels, texts, begins = [], [], []
    for number in range(episodes):
        begins.append(len(labels))
        for _ in range(lines + draw.randrange(-20, 21)):
            labels.append(draw.choice(("HALE", "BROOK", f"GUEST{number}")))
            words = [f"{'abcdef'[number] * 3}{draw.choice('stuvwxyz')}{draw.choice('stuvwxyz')}" for _ in range(9)]
            texts.append(" ".join([*words, "mill", "river"]))
    return Season(tuple(labels), tuple(texts), tuple(begins[1:]))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_cuts_as_often_as_it_should_and_ours_beats_equal_lengths(method):
    season = made_up()
    found = METHODS[method](season)
    assert len(found) == len(season.begins)
    assert found == sorted(found)
    share = {m: hits(METHODS[m](season), season.begins, 1) for m in ("equal lengths", "all together (used for House)")}
    assert share["all together (used for House)"] > share["equal lengths"]


def test_reading_alone_sees_all_the_text(quay):
    assert read_alone(quay) == sum(len(t.replace("\n", "")) for t in (ONE, TWO, "ANN: Cut.\n"))


def test_parts_are_laid_over_the_file_one_by_one(quay, monkeypatch):
    name = str(quay.folder / "show.toml")
    monkeypatch.setattr(parsing_speed, "measure", lambda names, rounds: {"names": names, "rounds": rounds})
    found = measured({"speed": "old", "other": 1}, [name], "counts", 1)
    assert list(found) == ["shows", "speed"]
    assert found["shows"][name]["utterances"] == 6
    timed = measured(found, [], "speed", 2)
    assert timed == found | {"speed": {"names": [], "rounds": 2}}


def test_tables_show_what_was_measured(quay):
    season = made_up()
    speed = {"read": 0.5, "blocks": 1.0, "whole": 2.0, "blocks_ratio": 2.0, "whole_ratio": 4.0}
    run = {"one_process_s": 9.0, "two_processes_s": 5.0, "times_faster": 1.8, "peak_mib": 1400}
    found = {
        "shows": {"quay": counted([(quay, quality_of(quay))])},
        "transcriptions": compared(align(OURS, THEIRS)),
        "segmentation": {"quay": {"equal lengths": score([(season.begins[:3], season)])}},
        "speed": {"shows": {"quay": speed}, "all": speed, "run": run},
        "comparison": {"shows": ["a", "b"], "main_characters": {"Ann Lee": {"a": 2, "b": 4, "difference": -0.5}}},
    }
    pages = {name: render(found) for name, render in parsing_tables.TABLES.items()}
    assert "| Ann Lee | 2 | 4 | -50.00 % |" in pages["parsing"]
    assert "| `quay` | 3 / 3 / 0 | 2 | 6 | 2 |" in pages["parsing-shows"]
    assert (
        "| `quay` | cue without speech 1, no cue 1 | 2 | nothing said before 1 | 50 % | 67 % |"
        in pages["parsing-dropped"]
    )
    assert "4 of 6 | 66.67 % (30.00 to 90.32)" in pages["transcriptions"]
    assert "| `quay`, equal lengths | 100 % / 60 % |" in pages["segmentation"]
    assert "| `all` | 0.50 | 1.00 | 2.00 | 2.00 | 4.00 |" in pages["parsing-speed"]
    assert "1.80 times faster); at most 1,400 MiB" in pages["parsing-speed"]


def test_the_peak_of_memory_is_the_watched_commands_own() -> None:
    held = bytearray(300 << 20)  # what this process holds is not counted
    command = [sys.executable, "-c", parsing_speed._WATCHED, sys.executable, "-c", "x = bytearray(b'a') * (90 << 20)"]
    peak = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) // 1024
    assert 90 <= peak < 200 and held
