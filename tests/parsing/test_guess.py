"""`--guess`: unknown files become a draft show.toml that parses them without edits, or with one line mended."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from parsing.build import build
from parsing.errors import BadInput, NotFound
from parsing.guess.cues import find_cues
from parsing.guess.draft import draft, drafted
from parsing.guess.numbers import episode_pattern, seasons_of, told
from parsing.guess.people import cast_of
from parsing.manifest import ROOT, load_show
from parsing.tables import load_utterances

THREE = "NORA: Is the lamp lit?\nBEN: Not yet.\nNORA: Then light it.\n"
TALK = [("Nora", "Is the lamp lit?"), ("Ben", "Not yet."), ("Nora", "Then light it.")]
SRT = (
    "1\n00:00:01,000 --> 00:00:02,000\nNORA: Is the lamp lit?\n\n2\n00:00:03,000 --> 00:00:04,000\nBEN: Not yet.\n\n"
    "3\n00:01:03,000 --> 00:01:04,000\nNORA: Then light it.\n"
)
VTT = (
    "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Nora>Is the lamp lit?\n\n00:03.000 --> 00:04.000\n<v Ben>Not yet.\n\n"
    "00:05.000 --> 00:06.000\n<v Nora>Then light it.\n"
)
PLAY = """<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><profileDesc><particDesc><listPerson>
<person xml:id="nora" sex="FEMALE"><persName>Nora</persName></person>
<person xml:id="ben" sex="MALE"><persName>Ben</persName></person></listPerson></particDesc></profileDesc></teiHeader>
<text><body><div type="act"><sp who="#nora"><speaker>NORA</speaker><p>Is the lamp lit?</p></sp>
<sp who="#ben"><speaker>BEN</speaker><p>Not yet.</p></sp></div>
<div type="act"><sp who="#nora"><speaker>NORA</speaker><p>Then light it.</p></sp></div></body></text></TEI>"""
JSON = (
    '{"show": "x", "episodes": [{"season": 1, "number": 2, "lines": [{"speaker": "Nora", "line": "Is the lamp lit?"}, '
    '{"speaker": "Ben", "line": "Not yet."}, {"speaker": "Nora", "line": "Then light it."}]}]}'
)
SIMPLE = {
    "three.txt": THREE,
    "rows.csv": 'who,said,ep\nNora,"Is the lamp lit?",1\nBen,Not yet.,1\nNora,Then light it.,2\n',
    "rows.tsv": "code\tcharacter\tquote\nS01E01\tNora\tIs the lamp lit?\nS01E02\tBen\tNot yet.\n"
    "S01E03\tNora\tThen light it.\n",
    "nameless.tsv": "Nora\tIs the lamp lit?\nBen\tNot yet.\nNora\tThen light it.\n",
    "semicolon.csv": "speaker;text\nNora;Is the lamp lit?\nBen;Not yet.\nNora;Then light it.\n",
    "captions.srt": SRT,
    "captions.vtt": VTT,
    "page.html": "<html><p><b>Nora:</b> Is the lamp lit?</p><p>Ben: Not yet.<br>Nora: Then light it.</html>",
    "tree.json": JSON,
    "lines.jsonl": '{"speaker": "Nora", "text": "Is the lamp lit?"}\n{"speaker": "Ben", "text": "Not yet."}\n'
    '{"speaker": "Nora", "text": "Then light it."}\n',
    "play.xml": PLAY,
    "arrows.txt": "Nora >> Is the lamp lit?\nBen >> Not yet.\nNora >> Then light it.\n",
    "dashes.txt": "Nora — Is the lamp lit?\nBen — Not yet.\nNora — Then light it.\n",
    "chat.txt": "<Nora> Is the lamp lit?\n<Ben> Not yet.\n<Nora> Then light it.\n",
    "boxes.txt": "[Nora] Is the lamp lit?\n[Ben] Not yet.\n[Nora] Then light it.\n",
    "brackets.txt": "((NORA)) Is the lamp lit?\n((BEN)) Not yet.\n((NORA)) Then light it.\n",
    "times.txt": "[00:01] NORA: Is the lamp lit?\n[00:02] BEN: Not yet.\n[00:03] NORA: Then light it.\n",
    "notes.md": "**Nora:** Is the lamp lit?\n**Ben:** Not yet.\n\n---\n\n**Nora:** Then light it.\n",
    "film.txt": "INT. TOWER - NIGHT\n\nNORA\nIs the lamp lit?\n\nBEN\n(sighs)\nNot yet.\n\nNORA\nThen light\nit.\n",
    "small.txt": "nora: Is the lamp lit?\nben: Not yet.\nnora: Then light it.\n",
    "stage.txt": "NORA. Is the lamp lit?\nBEN (sighs). Not yet.\nNORA. Then light it.\n",
    "parts.txt": "Episode 1: Light\nNORA: Is the lamp lit?\nEpisode 2: Dark\nBEN: Not yet.\nNORA: Then light it.\n",
    "utf16.txt": THREE.encode("utf-16"),
}


@pytest.fixture
def guess(tmp_path, monkeypatch):
    """Write files, draft their manifest, put it beside them, parse it."""
    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))

    def run(mend=lambda text: text, **files):
        folder = tmp_path / "show"
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        text = draft([folder])
        (folder / "show.toml").write_text(mend(text), encoding="utf-8")
        show = load_show(str(folder / "show.toml"))
        build(show)
        return text, show, load_utterances(show)

    return run


def spoken(table) -> list[tuple[str, str]]:
    return list(zip(table["speaker"], table["text"], strict=True))


@pytest.mark.parametrize("name", SIMPLE)
def test_the_draft_of_simple_material_parses_without_edits(guess, name):
    text, show, table = guess(**{name: SIMPLE[name]})
    assert spoken(table) == TALK
    assert [m.name for m in show.personas] == ["Nora", "Ben"]
    assert show.default_persona == "Nora"
    assert all(line.isprintable() for line in text.splitlines())


@pytest.mark.parametrize(
    ("name", "episodes"),
    [
        ("rows.csv", ["S01E01", "S01E01", "S01E02"]),
        ("rows.tsv", ["S01E01", "S01E02", "S01E03"]),
        ("play.xml", ["S01E01", "S01E01", "S01E02"]),
        ("tree.json", ["S01E02"] * 3),
        ("parts.txt", ["S01E01", "S01E02", "S01E02"]),
    ],
)
def test_episodes_stand_in_columns_acts_or_lines(guess, name, episodes):
    assert list(guess(**{name: SIMPLE[name]})[2]["episode"]) == episodes


def test_cues_that_nobody_can_guess_need_one_line_mended(guess):
    odd = "line 1, Nora speaks, Is the lamp lit?\nline 2, Ben speaks, Not yet.\nline 3, Nora speaks, Then light it.\n"
    odd += "line 4, Ben speaks, Done.\n"

    def mend(text):
        assert "MEND THE NEXT LINE" in text
        return re.sub(r"(?m)^cue = .*$", lambda m: r"cue = 'line \d+, (?P<label>\w+) speaks,'", text)

    text, _, table = guess(mend, **{"odd.txt": odd})
    assert spoken(table) == [*TALK, ("Ben", "Done.")]
    assert sum(a != b for a, b in zip(text.splitlines(), mend(text).splitlines(), strict=True)) == 1


def test_a_season_of_files_with_scenes_titles_and_an_old_encoding(guess):
    head = "THE LIGHT\n[Scene: The tower. Nora is there.]\n"
    files = {f"Season {s}/{n:02d} - Fog.txt": (head + THREE + "[Ben leaves.]\nNORA: Café…\n").encode("cp1252")
             for s in (1, 2) for n in (1, 2)}  # fmt: skip
    text, show, table = guess(**files)
    assert show.seasons == (2, 2)
    assert list(table["episode"].unique()) == ["S01E01", "S01E02", "S02E01", "S02E02"]
    assert spoken(table)[:4] == [*TALK, ("Nora", "Café...")]
    assert set(table["scene_setting"]) == {"Scene: The tower. Nora is there."}
    assert "charset-normalizer" in text
    assert '"the light" = "title"' in text


def test_a_russian_play_in_an_old_encoding(guess):
    lines = "НИНА. Здравствуйте, Костя.\nТРЕПЛЕВ (радостно). Нина! Наконец-то вы пришли.\nНИНА. Я не опоздала.\n"
    _, show, table = guess(**{"play.txt": lines.encode("cp1251")})
    assert show.language == "ru"
    assert list(table["speaker"]) == ["Нина", "Треплев", "Нина"]
    assert list(table["directions"].iloc[1]) == ["радостно"]


def test_what_can_not_be_read_is_named_in_the_draft(guess):
    text, _, table = guess(**{"three.txt": THREE, "photo.jpg": b"\xff\xd8\0\0", "empty.txt": ""})
    assert spoken(table) == TALK
    assert "# Skipped: photo.jpg, line 1: a zero byte: a binary file, expected text" in text
    assert "# Skipped: empty.txt: an empty file" in text


def test_files_of_several_kinds_and_forms_become_several_sources(guess):
    names = ("arrows.txt", "captions.srt", "chat.txt", "rows.csv", "three.txt")
    text, _, table = guess(**{name: SIMPLE[name] for name in names}, **{"list.txt": "milk\nbread\n"})
    assert len(tomllib.loads(text)["source"]) == 5
    assert sorted(spoken(table)) == sorted(TALK * 5)
    assert table["episode"].nunique() == 6
    assert "# Skipped: list.txt: nothing in it looks like a cue" in text


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.bin", b"\0\1\2", r"x\.bin, line 1: a zero byte"),
        ("x.txt", b"  \n", r"x\.txt: an empty file"),
        ("x.csv", b"one\nNora\n", r"x\.csv, line 1: one column only"),
        ("x.csv", b'speaker,text\nNora,"Is it\n', r"x\.csv, line \d: a quotation mark was opened"),
        ("x.html", b"<html><p>Nora: Hi", r"x\.html, line 1: the page ends without </html>"),
        ("x.json", b'{"a": 1}', r"x\.json: no list of objects"),
        ("x.rda", b"RDX3\nbroken", r"x\.rda: no R data"),
        ("x.xml", b"<TEI><text>", r"x\.xml"),
    ],
)
def test_files_that_no_draft_can_read_are_one_clear_error(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=message) as raised:
        draft([tmp_path / name])
    assert "\n" not in str(raised.value)


def test_r_data_is_guessed_by_its_columns(guess, tmp_path):
    import pandas as pd
    import rdata

    table = pd.DataFrame(
        {"character": [n for n, _ in TALK], "full_text": [t for _, t in TALK], "chapter_num": [1, 1, 2]}
    )
    rdata.write_rda(tmp_path / "x.rda", {"lines": table.astype({"character": object, "full_text": object})})
    _, _, parsed = guess(**{"x.rda": (tmp_path / "x.rda").read_bytes()})
    assert spoken(parsed) == TALK
    assert list(parsed["episode"]) == ["S01E01", "S01E01", "S01E02"]


@pytest.mark.parametrize(
    ("paths", "codes"),
    [
        (["a.s01e02.srt", "a.S01E03.srt"], ["S01E02", "S01E03"]),
        (["x 1x02.txt", "x 2x13.txt"], ["S01E02", "S02E13"]),
        (["season 1/episode 2.txt", "season 2/episode 10.txt"], ["S01E02", "S02E10"]),
        (["Season 1/02 - Fog.txt", "Season 3/1 - Rain.txt"], ["S01E02", "S03E01"]),
        (["0102.html", "1006.html"], ["S01E02", "S10E06"]),
        (["102.htm", "311.htm"], ["S01E02", "S03E11"]),
        (["Сезон 1/Серия 2.txt", "Сезон 1/Серия 3.txt"], ["S01E02", "S01E03"]),
        (["ep1.txt", "ep12.txt"], ["S01E01", "S01E12"]),
        (["fog.txt", "rain.txt"], None),
        (["1.txt", "a/1.txt"], None),
    ],
)
def test_episodes_out_of_paths(paths, codes):
    pattern = episode_pattern(paths)
    assert ([told(path, pattern) for path in paths] if pattern else None) == codes


def test_seasons_reach_to_the_last_one_named():
    assert seasons_of(["S01E03", "S03E01"]) == [3, 1, 1]


def test_the_cast_are_the_most_frequent_labels_and_no_groups():
    labels = {
        "NORA": 50,
        "Nora Vale": 10,
        "BEN": 30,
        "ALL": 9,
        "NORA AND BEN": 8,
        "Nora's voice": 7,
        "MR. PIKE": 20,
        "MAN": 1,
    }
    cast = cast_of(labels)
    assert [(p["name"], p["lines"]) for p in cast] == [("Nora Vale", 60), ("Ben", 30), ("Mr. Pike", 20)]
    assert cast[2] == {"name": "Mr. Pike", "lines": 20, "gender": "male", "persona": True, "slug": "mr-pike"}


def test_prose_has_no_cues():
    prose = "He said: come in. They went up; it was late.\nThe lamp, she thought - and only the lamp - was lit.\n"
    assert not find_cues(prose.splitlines() * 2 + ["Nobody came", "It rained all night long"] * 9).sure


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "parsing", *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )


def test_the_command_writes_the_draft_to_standard_output_or_to_a_file(tmp_path):
    (tmp_path / "talk.txt").write_text(THREE)
    done = command("--guess", str(tmp_path / "talk.txt"))
    assert (done.returncode, done.stderr) == (0, "")
    assert tomllib.loads(done.stdout)["title"] == "Talk"
    out = tmp_path / "show.toml"
    done = command("--guess", str(tmp_path / "talk.txt"), "--out", str(out))
    assert (done.returncode, done.stdout) == (0, "")
    assert load_show(str(out)).id == "talk"
    again = command("--guess", str(tmp_path / "talk.txt"), "--out", str(out))
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "is there already" in again.stderr


def test_paths_that_can_not_stand_in_the_draft_are_an_error(tmp_path):
    (tmp_path / "talk.txt").write_text(THREE)
    with pytest.raises(NotFound, match=r"no file or folder .*nowhere"):
        draft([tmp_path / "nowhere"])
    with pytest.raises(BadInput, match=r"talk\.txt doesn't lie below .*other"):
        draft([tmp_path / "talk.txt"], Path(tmp_path / "other" / "show.toml"))


def test_first_names_of_one_sex_tell_the_gender_in_english_alone():
    labels = {"ELAINE": 40, "GEORGE COSTANZA": 30, "JORDAN": 20, "KRAMER": 10, "MRS. BAXTER": 9}
    genders = {person["name"]: person.get("gender", "") for person in cast_of(labels)}
    assert genders == {
        "Elaine": "female", "George Costanza": "male", "Jordan": "", "Kramer": "", "Mrs. Baxter": "female"
    }  # fmt: skip
    assert "gender" not in cast_of(labels, "ru")[0]


def test_files_that_lie_elsewhere_are_named_by_their_folder_and_a_taken_id_gets_an_ending(tmp_path, monkeypatch):
    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))
    source, home = tmp_path / "tapes", tmp_path / "shows" / "tapes"
    source.mkdir()
    home.mkdir(parents=True)
    (source / "one.txt").write_text("Anna: Did you feed the cat?\nPeter: Which cat?\n", encoding="utf-8")
    made = drafted([source], home, taken={"tapes"})
    assert (made.ident, made.cues_found, made.files) == ("tapes_own", True, 1)
    (home / "show.toml").write_text(made.text, encoding="utf-8")
    show = load_show(str(home / "show.toml"))
    build(show)
    assert list(load_utterances(show)["text"]) == ["Did you feed the cat?", "Which cat?"]
    assert [p.name for p in source.iterdir()] == ["one.txt"]
