"""One's own show in one sitting: folders that nobody has described become shows; nothing is half done."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.engines.local import LocalEngine
from app.own import app
from app.road.journal import Journal, Stage, duration
from app.road.personas import LEAST, trainable
from parsing.errors import BadInput, CanonError
from parsing.manifest import ROOT, build_dir, load_show

TRANSCRIPTS = ROOT / "shows" / "harbor_lights" / "transcripts"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `python -m app.own … --no-serve` in this process, its products in a fresh folder."""
    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))
    monkeypatch.delenv("CANON_SHOWS", raising=False)

    def call(*words: object) -> Result:
        return CliRunner().invoke(app, [*map(str, words), "--no-serve"], catch_exceptions=True)

    return call


@pytest.fixture
def pier(tmp_path: Path) -> Path:
    """Three transcripts of the mini-series in a folder of their own, without any manifest."""
    folder = tmp_path / "The Pier"
    folder.mkdir()
    for name in ("S01E01.txt", "S01E02.txt", "S01E03.txt"):
        shutil.copy(TRANSCRIPTS / name, folder / name)
    return folder


def done(result: Result, place: int) -> bool:
    """Did the output say that this stage was done before?"""
    return any(line.startswith(f"[{place}]") and "done before" in line for line in result.stderr.splitlines())


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_folder_becomes_a_show_and_only_what_changed_is_done_again(run: Run, pier: Path, tmp_path: Path) -> None:
    first = run(pier, "--json")
    assert first.exit_code == 0, first.stderr
    found = json.loads(first.stdout)
    assert (found["show"], found["title"], found["episodes"]) == ("the_pier", "The Pier", 3)
    assert found["lines"] > 50 and found["with_speaker"] == 1.0
    assert {"nora", "ben"} <= set(found["personas"])
    assert found["facts"]["sibling"] == 1
    assert not done(first, 2) and not done(first, 3)

    built = files_below(tmp_path / "build" / "the_pier")
    second = run(pier)
    assert done(second, 2) and done(second, 3)
    assert files_below(tmp_path / "build" / "the_pier") == built
    assert "sibling 1" in second.stdout

    manifest = pier / "show.toml"
    manifest.write_text(manifest.read_text().replace('title = "The Pier"', 'title = "Pier Nine"'))
    third = run(pier)
    assert "Pier Nine (the_pier)" in third.stdout
    assert not done(third, 2) and not done(third, 3)

    shutil.copy(TRANSCRIPTS / "S01E04.txt", pier / "S01E04.txt")
    fourth = run(pier)
    assert "1 file(s) aren't in the manifest, such as S01E04.txt" in fourth.stderr
    assert done(fourth, 2) and done(fourth, 3)


def test_the_graph_is_that_of_the_single_commands(run: Run, pier: Path, tmp_path: Path) -> None:
    assert run(pier).exit_code == 0
    environment = os.environ | {"CANON_BUILD": str(tmp_path / "other")}
    for command in (("parsing",), ("kg", "build")):
        words = [sys.executable, "-m", *command, str(pier / "show.toml")]
        subprocess.run(words, cwd=ROOT, env=environment, check=True, capture_output=True)
    for name in ("graph.json.gz", "pairs.jsonl", "utterances.parquet"):
        mine, theirs = (tmp_path / folder / "the_pier" / name for folder in ("build", "other"))
        assert mine.read_bytes() == theirs.read_bytes(), name


async def test_the_show_is_answered_from_its_graph(run: Run, pier: Path) -> None:
    from app.bot import Bot
    from app.engines.scripted import ScriptedEngine
    from app.types import ChatRequest

    assert run(pier).exit_code == 0
    show = load_show(str(pier / "show.toml"))
    request = ChatRequest(show=show.id, persona="Ben", message="Who is your sister?", as_of=show.last_episode)
    reply = await Bot([show], ScriptedEngine(["Hm."])).reply(request)
    assert "Nora" in reply.text and reply.verdict == "grounded"


def test_with_a_folder_of_shows_nothing_is_written_beside_the_transcripts(
    run: Run, pier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_below(pier)
    assert run(pier, "--shows", tmp_path / "shows", "--draft").exit_code == 0
    assert files_below(pier) == before
    monkeypatch.setenv("CANON_SHOWS", str(tmp_path / "shows"))
    show = load_show("the_pier")  # by its id, as every command does
    assert show.folder == tmp_path / "shows" / "the_pier"
    assert Path(show.sources[0].folder) == pier
    again = run(pier, "--draft")
    assert f"read {show.folder / 'show.toml'}" in again.stderr, "the manifest made before is found again"


def test_a_folder_named_like_a_show_that_is_here_gets_another_id(run: Run, pier: Path) -> None:
    folder = pier.rename(pier.parent / "friends")
    assert run(folder, "--draft").exit_code == 0
    assert load_show(str(folder / "show.toml")).id == "friends_own"


def test_two_shows_with_one_id_do_not_share_a_build_folder(run: Run, pier: Path, tmp_path: Path) -> None:
    assert run(pier).exit_code == 0
    other = tmp_path / "elsewhere" / "The Pier"
    shutil.copytree(pier, other)
    result = run(other)
    assert isinstance(result.exception, BadInput)
    assert "change the id" in str(result.exception)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.md", "# A list\n\nMilk, eggs and bread are what we need.\n", "looks like speech"),
        ("photo.png", "\x89PNG\r\n\x1a\n\0\0\0", "no transcripts there: photo.png"),
        ("", "", "no files in"),
    ],
)
def test_a_folder_without_transcripts_is_one_line_and_stays_as_it_was(
    run: Run, tmp_path: Path, name: str, content: str, said: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    if name:
        (folder / name).write_bytes(content.encode("latin-1"))
    before = files_below(tmp_path)
    result = run(folder)
    assert isinstance(result.exception, CanonError)
    assert said in str(result.exception) and "\n" not in str(result.exception)
    assert files_below(tmp_path) == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seasons = [3]", "seasons = [3", "not valid TOML"),
        ("seasons = [3]", "seasons = [2]", "S01E03"),
        ('language = "en"', 'langage = "en"', "did you mean 'language'?"),
        ('reader = "text_script"', 'reader = "text_scrip"', "did you mean 'text_script'?"),
        ("S01E02.txt", "S01E20.txt", "no file"),
    ],
)
def test_a_manifest_corrected_wrongly_is_one_line_and_leaves_the_products(
    run: Run, pier: Path, tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert run(pier).exit_code == 0
    built = files_below(tmp_path / "build")
    manifest = pier / "show.toml"
    text = manifest.read_text()
    assert old in text
    manifest.write_text(text.replace(old, new, 1))
    result = run(pier)
    assert isinstance(result.exception, CanonError)
    assert said in str(result.exception) and "\n" not in str(result.exception)
    assert files_below(tmp_path / "build") == built


def test_a_full_disk_is_told_before_the_work(run: Run, pier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(pier, "--draft").exit_code == 0
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(100, 99, 2**20))  # type: ignore[attr-defined]
    result = run(pier)
    assert isinstance(result.exception, BadInput)
    assert "1 MiB free" in str(result.exception) and "CANON_BUILD" in str(result.exception)


def test_a_disk_that_fills_up_on_the_way_is_one_line_and_leaves_nothing_half_written(
    pier: Path, tmp_path: Path
) -> None:
    limited = 'ulimit -f 8; exec "$0" -m app.own "$1" --no-serve'
    environment = os.environ | {"CANON_BUILD": str(tmp_path / "build"), "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(
        ["bash", "-c", limited, sys.executable, str(pier)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("canon: ") and "Traceback" not in ended.stderr
    left = [p.name for p in (tmp_path / "build").rglob("*") if p.is_file()]
    assert not [name for name in left if name.endswith(".tmp")] and "own.json" not in left


def test_the_rest_of_the_time_is_scaled_by_what_was_seen_so_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANON_BUILD", str(tmp_path))
    journal = Journal(load_show("harbor_lights"), tmp_path / "show.toml")
    clock = iter([0.0, 30.0, 30.0, 90.0])
    monkeypatch.setattr("app.road.journal.time.perf_counter", lambda: next(clock))
    journal.run(Stage("a", "a", "1", (), 10.0, lambda: None))
    assert journal.pace == 3.0
    journal.run(Stage("b", "b", "1", (), 60.0, lambda: None, by_clock=True))
    assert journal.pace == 3.0, "training goes by the clock and tells nothing of the machine"
    assert [duration(s) for s in (0.2, 89, 300, 5400, 6000)] == ["1 s", "89 s", "5 min", "1 h 30 min", "1 h 40 min"]


def test_a_stage_that_fails_is_not_noted_as_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANON_BUILD", str(tmp_path))

    def fail() -> None:
        raise BadInput("no")

    show = load_show("harbor_lights")
    with pytest.raises(BadInput):
        Journal(show, tmp_path / "show.toml").run(Stage("a", "a", "1", (), 1.0, fail))
    assert not (build_dir(show) / "own.json").exists()


def test_who_has_too_little_to_learn_from_or_speaks_another_language_is_not_trained() -> None:
    show = load_show("harbor_lights")
    nora = next(m for m in show.personas if m.slug == "nora")
    assert trainable(show, {nora.name: LEAST}) == [nora]
    with pytest.raises(BadInput, match="no persona of Harbor Lights"):
        trainable(show, {nora.name: LEAST - 1})
    with pytest.raises(BadInput, match="writes English only"):
        trainable(load_show("chaika"), {})


async def test_an_adapter_in_the_build_folder_is_used_and_goes_before_a_bundled_one(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANON_BUILD", str(tmp_path))
    engine = LocalEngine(models)
    ask = ({"role": "user", "content": "How are you?"},)
    try:
        base, joey = [await engine.weigh(f"friends/{who}", ask, ["I am hungry"]) for who in ("ross", "joey")]
        shutil.copytree(models / "friends" / "joey", tmp_path / "own" / "adapters" / "ann")
        assert await engine.weigh("own/ann", ask, ["I am hungry"]) == joey != base
    finally:
        await engine.close()


@pytest.mark.data
def test_a_russian_play_answers_in_russian(run: Run, tmp_path: Path, data_dir: Path) -> None:
    folder = tmp_path / "play"
    folder.mkdir()
    play = next((data_dir / "mirror" / "dracor-org" / "rusdracor").glob("*/tei/chekhov-chaika.xml"))
    shutil.copyfile(play, folder / "chaika.xml")
    result = run(folder, "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert (found["language"], found["episodes"], found["with_speaker"]) == ("ru", 4, 1.0)
    words = [sys.executable, "-m", "app.inference", str(folder / "show.toml"), "--persona", "Треплев", "--json"]
    said = subprocess.run([*words, "Кто твоя мать?"], cwd=ROOT, capture_output=True, text=True, check=True)
    reply = json.loads(said.stdout)
    assert "Аркадин" in reply["reply"] and reply["verdict"] == "grounded"


@pytest.mark.slow
async def test_a_persona_with_enough_lines_is_trained_once_and_speaks_by_its_adapter(
    run: Run, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANON_MODELS", str(models))
    monkeypatch.setattr("app.road.personas.LEAST", 35)  # of the mini-series few have as many
    folder = tmp_path / "Harbour"
    shutil.copytree(TRANSCRIPTS, folder)
    first = run(folder, "--train", "0.02", "--json")
    assert first.exit_code == 0, first.exception
    personas = json.loads(first.stdout)["personas"]  # standard output has the report alone
    enough = sorted(slug for slug, person in personas.items() if person["pairs"] >= 35)
    assert "nora" in enough and "walt" not in enough
    assert f"Walt: {personas['walt']['pairs']} pairs, fewer than 35: speaks by the base" in first.stderr
    assert "training Nora's adapter for 0.02 min" in first.stderr
    built = tmp_path / "build" / "harbour"
    assert sorted(p.name for p in (built / "adapters").iterdir()) == enough
    assert not any((built / "training").iterdir())
    before = files_below(built / "adapters")
    second = run(folder, "--train", "0.02")
    assert done(second, 4) and files_below(built / "adapters") == before
    engine = LocalEngine(models)
    try:
        ask = ({"role": "user", "content": "How are you?"},)
        nora, walt = [await engine.weigh(f"harbour/{who}", ask, ["I am hungry"]) for who in ("nora", "walt")]
        assert nora != walt
    finally:
        await engine.close()
