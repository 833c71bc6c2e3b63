"""As somebody comes to it who has never seen this: a transcript typed by hand, files that nobody has described."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from parsing.manifest import ROOT, load_show
from parsing.tables import load_pairs, load_utterances

TYPED = "Anna: Did you feed the cat?\nPeter: Which cat?\nAnna: Ours, silly.\n"
ARROWS = (
    "Tape 1\n\n@anna -> Did you feed the cat?\n@peter -> Which cat?\n@anna -> Ours, silly.\n(The door opens.)\n"
    "@olga -> Hello everyone!\n@peter -> Hi Olga.\n"
)
ODD = (
    "what was on the tape\n1) Anna * Did you feed the cat?\n2) Peter * Which cat?\n3) Anna * Ours, silly.\n"
    "4) Peter * Oh.\n"
)
TALK = [("Anna", "Did you feed the cat?"), ("Peter", "Which cat?"), ("Anna", "Ours, silly.")]


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Run `python -m parsing …` as one would in a shell, in a fresh environment."""
    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))
    environment = {k: v for k, v in os.environ.items() if k not in {"CANON_DATA", "CANON_MIRROR"}}

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "parsing", *map(str, arguments)]
        return subprocess.run(words, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)

    return run


@pytest.fixture
def folder(tmp_path):
    """A fresh folder without a manifest beside it."""
    path = tmp_path / "shows" / "fresh"
    path.mkdir(parents=True)
    return path


def said(manifest: Path) -> list[tuple[str, str]]:
    table = load_utterances(load_show(str(manifest)))
    return list(zip(table["speaker"], table["text"], strict=True))


def test_three_lines_typed_by_hand_are_a_show_after_two_commands(command, folder):
    (folder / "talk.txt").write_text(TYPED, encoding="utf-8")
    manifest = folder / "show.toml"
    drafted = command("--guess", folder / "talk.txt", "--out", manifest)
    assert (drafted.returncode, drafted.stdout) == (0, "")
    assert drafted.stderr.strip().endswith(f"next: python -m parsing {manifest}")
    parsed = command(manifest)
    assert parsed.returncode == 0, parsed.stderr
    assert "3 utterances" in parsed.stderr
    assert said(manifest) == TALK
    assert [pair["reply"] for pair in load_pairs(load_show(str(manifest)))] == ["Which cat?", "Ours, silly."]


def test_who_names_the_transcript_itself_is_told_of_the_draft(command, folder):
    (folder / "talk.txt").write_text(TYPED, encoding="utf-8")
    done = command(folder / "talk.txt")
    assert done.returncode == 2
    assert f"is no show.toml: `python -m parsing --guess {folder / 'talk.txt'}" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_direction_in_brackets_is_nobody_however_odd_the_cues(command, folder):
    (folder / "talk.txt").write_text(ARROWS, encoding="utf-8")
    assert command("--guess", folder, "--out", folder / "show.toml").returncode == 0
    parsed = command(folder / "show.toml")
    assert parsed.returncode == 0, parsed.stderr
    assert said(folder / "show.toml") == [*TALK, ("Olga", "Hello everyone!"), ("Peter", "Hi Olga.")]
    assert [m.name for m in load_show(str(folder / "show.toml")).cast] == ["Anna", "Peter", "Olga"]


def test_unknown_cues_take_one_line_of_correction(command, folder):
    (folder / "talk.txt").write_text(ODD, encoding="utf-8")
    manifest = folder / "show.toml"
    assert command("--guess", folder, "--out", manifest).returncode == 0
    before = manifest.read_text(encoding="utf-8")
    assert "MEND THE NEXT LINE" in before
    assert "has 100%" not in before
    failed = command(manifest)
    assert failed.returncode == 2
    assert f"mend 'cue' in [source.options] of {manifest}" in failed.stderr
    mended = re.sub(r"(?m)^cue = .*$", lambda _: r"cue = '\d+\) (?P<label>\w+) \*'", before)
    assert sum(a != b for a, b in zip(before.splitlines(), mended.splitlines(), strict=True)) == 1
    manifest.write_text(mended, encoding="utf-8")
    parsed = command(manifest)
    assert parsed.returncode == 0, parsed.stderr
    assert "dropped: no cue 1" in parsed.stderr
    assert said(manifest) == [*TALK, ("Peter", "Oh.")]


def test_a_table_without_a_row_of_names_is_drafted_by_position(command, folder):
    (folder / "talk.csv").write_text('Anna,Did you feed the cat?\nPeter,Which cat?\nAnna,"Ours, silly."\n')
    assert command("--guess", folder, "--out", folder / "show.toml").returncode == 0
    assert command(folder / "show.toml").returncode == 0
    assert said(folder / "show.toml") == TALK
