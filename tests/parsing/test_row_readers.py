"""Tables, R data and JSON: one row an utterance, the columns named by the manifest."""

import json

import pytest

from parsing.errors import BadFile, BadManifest
from parsing.readers.jsonl import read as read_json
from parsing.readers.table import read as read_table

CSV = "who,says,s,e\nNora,Hello (waves),1,2\nBen,,1,3\n"
MAP = {"speaker": "who", "text": "says", "season": "s", "episode": "e"}


def table(data: str, name: str = "t.csv", /, **options: object) -> list:
    return read_table(data.encode(), options, name)


def rows(value: object, /, **options: object) -> list:
    data = value if isinstance(value, str) else json.dumps(value)
    return read_json(data.encode(), options, "t.json")


def test_columns_are_mapped_and_rows_carry_their_line():
    first, second = table(CSV, **MAP)
    assert (first.label, first.text, first.directions) == ("Nora", "Hello", ("waves",))
    assert (first.episode, first.line, second.episode, second.line) == ("S01E02", 2, "S01E03", 3)


@pytest.mark.parametrize("mangle", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")])
def test_byte_order_mark_and_windows_line_ends_change_nothing(mangle):
    assert table(mangle(CSV), **MAP) == table(CSV, **MAP)


def test_a_cell_may_hold_line_breaks():
    (block,) = table('speaker,text\nNora,"Hello\nthere\n"\n')
    assert (block.text, block.line) == ("Hello there", 4)


def test_tabs_part_the_cells_of_a_tsv_and_any_sign_can_be_named():
    assert table("speaker\ttext\nNora\tHi, you\n", "t.tsv")[0].text == "Hi, you"
    assert table("speaker;text\nNora;Hi, you\n", separator=";")[0].text == "Hi, you"


@pytest.mark.parametrize(
    ("name", "options", "episode"),
    [
        ("season3/07.csv", {"path": r"season(?P<season>\d+)/(?P<number>\d+)"}, "S03E07"),
        ("season3.csv", {"path": r"season(?P<season>\d+)", "episode": 4}, "S03E04"),
        ("x.csv", {"season": 2, "episode": 5}, "S02E05"),
        ("x.csv", {}, ""),
    ],
)
def test_season_and_episode_come_from_path_or_manifest(name, options, episode):
    assert table("speaker,text\nNora,Hi\n", name, **options)[0].episode == episode


def test_season_and_episode_may_be_written_out():
    (block,) = table("speaker,text,season,episode\nNora,Hi,Season 2,Episode 11\n")
    assert block.episode == "S02E11"


def test_titles_number_the_episodes_where_nothing_else_does():
    found = table("speaker,text,t\nNora,Hi,Fog\nBen,Yes,Fog\nNora,Oh,Rain\n", title="t")
    assert [b.episode for b in found] == ["S01E01", "S01E01", "S01E02"]


def test_description_rows_are_directions_and_some_open_scenes():
    text = "speaker,text\nDescription,[Rain falls.]\nDescription,Cut to the pier. [Night]\nNora,Hi\n"
    found = table(text, direction_rows=["description"], scene_rows="cut to")
    assert [(b.kind, b.text) for b in found] == [
        ("direction", "Rain falls."),
        ("scene", "Cut to the pier. [Night]"),
        ("speech", "Hi"),
    ]


def test_scene_names_become_headings_and_numbers_stay():
    named = table("speaker,text,scene\nNora,Hi,Pier\nBen,Yo,Pier\nNora,Oh,Mill\n", scene="scene")
    assert [(b.kind, b.text, b.scene) for b in named if b.kind == "scene"] == [
        ("scene", "Pier", 1),
        ("scene", "Mill", 2),
    ]
    assert [b.scene for b in table("speaker,text,scene\nNora,Hi,4\nBen,Yo,7\n", scene="scene")] == [4, 7]


def test_further_columns_give_directions_and_the_voice():
    (block,) = table("speaker,text,d,v\nNora [on phone],Hi,[softly] slowly,V.O.\n", directions="d", voice="v")
    assert (block.label, block.directions, block.marks) == (
        "Nora",
        ("on phone", "softly", "slowly"),
        ("on phone", "V.O."),
    )


def test_everybody_drops_and_bracketed_speech():
    text = "speaker,text\n#ALL#,Hi\nKenny,(Mm hm.)\nBen,(waves)\n,lost\nNora,[music]\n"
    found = table(text, everybody=["#ALL#"], bracketed_speech=["kenny"], drop={r"\[music\]": "music"})
    assert [(b.label, b.text, b.why) for b in found] == [
        ("All", "Hi", ""),
        ("Kenny", "Mm hm.", ""),
        ("Ben", "", ""),
        ("", "lost", "row without a speaker"),
        ("", "[music]", "music"),
    ]


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", {}, "line 1: an empty file"),
        ("speaker,text\nNora,Hi\nBen\n", {}, "line 3: 1 cells, expected 2"),
        ("speaker,text\nNora,Hi,there\n", {}, "line 2: 3 cells, expected 2"),
        ('speaker,text\nNora,"Hi\nBen,Yes\n', {}, "line 3: a quotation mark was opened and never closed"),
        ("speaker,line\nNora,Hi\n", {}, "line 1: no column 'text'; it has speaker, line"),
        ("speaker,text\nNora,Hi\n", {"speaker": "speakr"}, "no column 'speakr', did you mean 'speaker'"),
        ("text,text\nNora,Hi\n", {}, "line 1: two columns are called 'text'"),
        ("speaker,text,season,episode\nNora,Hi,1,none\n", {}, "line 2: no number in column 'episode', found 'none'"),
    ],
)
def test_a_broken_table_is_one_clear_error(text, options, message):
    with pytest.raises(BadFile, match=r"t\.csv[,:].*" + message):
        table(text, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"speker": "x"}, "unknown reader option 'speker', did you mean 'speaker'"),
        ({"speaker": 3}, "'speaker' is 3, expected str"),
        ({"direction_rows": "x"}, "'direction_rows' is 'x', expected list"),
        ({"path": "(?P<season>x)"}, "'path' .* doesn't fit this file's path"),
        ({"separator": ",,"}, "expected one character"),
        ({"scene_rows": "("}, "'scene_rows' is no regular expression"),
    ],
)
def test_a_broken_column_map_is_one_clear_error(options, message):
    with pytest.raises(BadManifest, match=message):
        table("speaker,text\nNora,Hi\n", **options)


def test_json_lines_and_a_json_list_are_read_alike():
    utterances = [{"speaker": "Nora", "text": "Hi"}, {"speaker": ["Nora", "Ben"], "text": "Yes"}]
    lines = "\n".join(json.dumps(u) for u in utterances)
    assert [(b.label, b.text) for b in rows(lines)] == [("Nora", "Hi"), ("Nora & Ben", "Yes")]
    assert rows(lines) == rows(utterances)


def test_utterances_inherit_what_stands_above_them():
    show = {"season": 2, "episodes": [{"episode": 3, "lines": [{"speaker": "Nora", "text": "Hi"}]}]}
    (block,) = rows(show, rows="episodes.lines")
    assert (block.episode, block.text) == ("S02E03", "Hi")


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ('{"speaker": "a", "text": "b"}\n{"speaker":', {}, "line 2: not JSON"),
        ('[{"speaker": "a", "text": "b"},', {}, "line 1: not JSON"),
        ("[1]", {}, "found 1, expected an object"),
        ('{"a": []}', {"rows": "b"}, "no key 'b' of the option 'rows'; it has a"),
        ('[{"speaker": "a"}]', {}, "no column 'text'; it has speaker"),
        ("[" * 100_000, {}, "nested too deeply|not JSON"),
    ],
)
def test_broken_json_is_one_clear_error(text, options, message):
    with pytest.raises(BadFile, match=r"t\.json.*" + message):
        rows(text, **options)


def test_text_inside_r_data_is_read_as_a_script(tmp_path):
    import numpy as np
    import rdata

    from parsing.readers.rdata import read as read_rdata
    from parsing.readers.rdata_script import read

    rdata.write_rda(tmp_path / "x.rda", {"page": np.array(["Menu\nScript\nNORA: Hi\nBEN: Yes"], dtype=object)})
    data = (tmp_path / "x.rda").read_bytes()
    assert [(b.kind, b.label) for b in read(data, {"begin": "script"}, "x.rda")][2:] == [
        ("speech", "NORA"),
        ("speech", "BEN"),
    ]
    with pytest.raises(BadFile, match="expected a data frame"):
        read_rdata(data, {}, "x.rda")


def test_strings_of_r_that_are_not_decoded_are_an_error_and_not_dropped():
    import numpy as np
    import pandas as pd

    from parsing.readers.rdata import has_bytes

    assert has_bytes(np.array([b"NORA: caf\xe9"]))
    assert has_bytes(pd.DataFrame({"text": ["Hi", b"caf\xe9"]}))
    assert not has_bytes(pd.DataFrame({"text": ["Hi", None], "scene": [1, 2]}))
    assert not has_bytes(None)
