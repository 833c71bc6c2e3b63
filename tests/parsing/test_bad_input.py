"""Whatever the file holds: blocks, or one clear error naming it; in bounded time and memory, never a traceback."""

import json
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.build import build
from parsing.errors import BadFile, CanonError
from parsing.readers import READERS, reader_named
from parsing.tables import load_utterances

LINES = ["NORA: Is the lamp lit?", "BEN (sighs): Not (quietly) yet.", "[Scene: The tower.]", "NORA: Then light it."]
CAPTIONS = "\n\n".join(f"{i}\n00:00:0{i},000 --> 00:00:0{i},900\n{line}" for i, line in enumerate(LINES, 1))
PLAY = (
    '<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><div type="act">'
    '<sp who="#nora"><speaker>NORA</speaker><p>Is the lamp lit?</p><stage>Rain.</stage></sp></div></body></text></TEI>'
)
SAMPLES = {
    "text_script": ("t.txt", "\n".join(LINES)),
    "html_script": ("t.html", "<html><body>" + "".join(f"<p>{line}</p>" for line in LINES) + "</body></html>"),
    "table": ("t.csv", 'speaker,text\nNora,"Is the lamp lit?"\nBen,"Not\n(sighs) yet."\n'),
    "jsonl": ("t.jsonl", "\n".join(json.dumps({"speaker": "Nora", "text": line}) for line in LINES)),
    "subtitles": ("t.srt", CAPTIONS),
    "tei": ("t.xml", PLAY),
    "rdata": ("t.rda", "RDX3\nX\n\0\0\0\3\0\4\2\1\0\3\5\0"),
    "rdata_script": ("t.rda", "RDX2\nX\n\0\0\0\2\0\4\2\1\0\2\3\0"),
}
LONG = 50_000_000


def read(reader: str, data: bytes, name: str = "") -> list:
    return reader_named(reader)(data, {}, name or SAMPLES[reader][0])


def test_every_reader_is_tried():
    assert set(SAMPLES) == set(READERS)


@pytest.mark.parametrize("reader", SAMPLES)
@settings(max_examples=60)
@given(data=st.data())
def test_a_damaged_file_is_read_or_one_clear_error(reader, data):
    whole = SAMPLES[reader][1].encode()
    cut = data.draw(st.integers(0, len(whole)))
    odd = st.sampled_from([b"\0", b"\xff", b"\xfe\xff", b"(", b"<", b'"', b"\n", b"\r", b"{", b"&a;", b"\xc3\xa9", b""])
    noise = b"".join(data.draw(st.lists(odd, max_size=4))) + data.draw(st.binary(max_size=6))
    end = data.draw(st.sampled_from([cut, len(whole)]))
    damaged = whole[:cut] + noise + whole[end if end > cut else len(whole) :]
    try:
        read(reader, damaged)
    except CanonError as error:
        assert str(error).startswith(SAMPLES[reader][0])
        assert "\n" not in str(error)


LONG_LINES = {
    "text_script": b"NORA: Hi\nBEN: " + b"a (" * (LONG // 3),
    "html_script": b"<html><body><p>NORA: Hi</p>\n<p>BEN: " + b"a (" * (LONG // 3) + b"</p></body></html>",
    "table": b"speaker,text\nNora,Hi\nBen," + b"a (" * (LONG // 3) + b"\n",
    "jsonl": b'{"speaker": "Nora", "text": "Hi"}\n{"speaker": "Ben", "text": "' + b"a (" * (LONG // 3) + b'"}\n',
    "subtitles": b"1\n00:00:01,000 --> 00:00:02,000\nNORA: " + b"a (" * (LONG // 3) + b"\n",
    "tei": PLAY.replace("Is the lamp lit?", "a (" * (LONG // 3)).encode(),
}


@pytest.mark.parametrize("reader", LONG_LINES)
def test_a_line_of_fifty_megabytes_is_refused_in_bounded_time_and_memory(reader):
    data = LONG_LINES[reader]
    tracemalloc.start()
    begun = time.process_time()
    try:
        with pytest.raises(BadFile, match=rf"^{SAMPLES[reader][0]}, line \d+: "):
            read(reader, data)
        assert tracemalloc.get_traced_memory()[1] < 12 * LONG
    finally:
        tracemalloc.stop()
    assert time.process_time() - begun < 20


def entities(count: int) -> str:
    """The billion laughs: every entity holds ten of the one before."""
    rows = [f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, count)]
    return f'<!DOCTYPE TEI [<!ENTITY l0 "ha">{"".join(rows)}]>' + PLAY.partition("?>")[2].replace(
        "lamp", f"&l{count - 1};"
    )


BOMBS = {
    "billion laughs": entities(10).encode(),
    "in UTF-16": ('<?xml version="1.0" encoding="utf-16"?>' + entities(10)).encode("utf-16"),
    "in EBCDIC": ('<?xml version="1.0" encoding="cp037"?>' + entities(10)).encode("cp037"),
    "one long entity many times": (
        f'<!DOCTYPE TEI [<!ENTITY a "{"x" * 100_000}">]>' + PLAY.partition("?>")[2].replace("lamp", "&a;" * 10_000)
    ).encode(),
    "a file of this machine": b'<!DOCTYPE TEI [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    + PLAY.partition("?>")[2].replace("lamp", "&x;").encode(),
    "another machine": b'<!DOCTYPE TEI SYSTEM "http://127.0.0.1:9/x.dtd">' + PLAY.replace("lamp", "&x;").encode()[21:],
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_an_xml_bomb_is_refused_at_once(bomb):
    tracemalloc.start()
    begun = time.process_time()
    try:
        with pytest.raises(BadFile, match=r"^t\.xml"):
            read("tei", BOMBS[bomb])
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("reader", ["html_script", "table", "jsonl", "tei"])
def test_a_file_that_came_half_is_told_with_its_line(reader):
    name, whole = SAMPLES[reader]
    with pytest.raises(BadFile, match=rf"^{name}, line \d+: "):
        read(reader, whole[: len(whole) - 8].encode())


def test_a_table_without_a_row_of_names_is_read_by_position():
    data = b"Nora,S01E02,Is it lit?\nBen,S01E03,Not yet.\n"
    options = {"columns": ["speaker", "episode", "text"], "season": 1}
    found = reader_named("table")(data, options, "t.csv")
    assert [(b.label, b.text, b.episode, b.line) for b in found] == [
        ("Nora", "Is it lit?", "S01E02", 1),
        ("Ben", "Not yet.", "S01E03", 2),
    ]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("speaker", "'columns' is 'speaker', expected a list of names"),
        (["speaker", 2], "expected a list of names"),
        (["speaker", "text", "text"], "'columns' has 'text' twice"),
        (["speaker", "text"], "line 1: 3 cells, expected 2"),
        (["speaker", "n", "txt"], r"\('columns' names them\): no column 'text', did you mean 'txt'"),
    ],
)
def test_wrong_columns_by_position_are_named(columns, message):
    with pytest.raises(BadFile, match=message):
        reader_named("table")(b"Nora,1,Hi\n", {"columns": columns}, "t.csv")


def test_what_is_odd_in_a_script_is_counted_and_its_speech_kept(make_show):
    odd = "ADA:\nTOM: (nods)\nADA: Wait (he never closes\nTOM: the bracket) here.\nADA: ]Yes[ we do.\nsomebody hums\n"
    show = make_show(one='S01E01 "Flour"\nlost line\n' + odd)
    report = build(show)
    table = load_utterances(show)
    mine = table[table["episode"] == "S01E01"]
    counted = {why: report["dropped"][why] for why in ("no cue", "cue without speech", "cue with directions only")}
    assert counted == {"no cue": 1, "cue without speech": 1, "cue with directions only": 1}
    assert report["remarks"] == {"bracket left open": 2}
    assert list(mine["text"]) == ["Wait", "the bracket here.", "Yes"]
    assert [list(d) for d in mine["directions"]] == [["he never closes"], [], ["we do. somebody hums"]]
