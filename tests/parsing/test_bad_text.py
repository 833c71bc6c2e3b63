"""Encodings, binary files, endless lines: told by the bytes, or one error that names file and line."""

import time

import pytest

from parsing.errors import BadFile
from parsing.readers.brackets import split_brackets
from parsing.readers.encoding import decode
from parsing.readers.html_script import read as read_html
from parsing.readers.text_script import read as read_text
from parsing.voices import Voices

RUSSIAN = "НОРА: Здравствуйте, как вы поживаете сегодня?\nБЕН: Хорошо, спасибо, а вы как поживаете?\n" * 8


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r"])
def test_the_encoding_is_told_by_the_bytes(encoding):
    found = decode(RUSSIAN.encode(encoding), "t.txt")
    assert found.text == RUSSIAN
    assert found.guessed == (encoding in {"cp1251", "koi8-r"})


def test_a_guess_is_reported():
    first = read_text(RUSSIAN.encode("cp1251"), {}, "t.txt")[0]
    assert (first.kind, first.why) == ("remark", "read as cp1251 (guessed)")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"NORA: a\nBEN: \0\1", "line 2: a zero byte: a binary file"),
        (b"PK\x03\x04rest", "line 1: a zip archive"),
        ("НОРА: да\n".encode() + "БЕН: да\n".encode("cp1251"), "line 2: byte 0xc1 is no UTF-8, which line 1 is: mixed"),
    ],
)
def test_what_is_no_text_is_one_clear_error(data, message):
    with pytest.raises(BadFile, match=r"t\.txt, " + message):
        read_text(data, {}, "t.txt")


def test_an_encoding_that_does_not_exist_is_named():
    with pytest.raises(BadFile, match=r"t\.txt: there is no encoding 'utf-9'"):
        decode(b"x", "t.txt", "utf-9")


@pytest.mark.parametrize("read", [read_text, read_html])
def test_a_line_of_fifty_megabytes_is_refused_at_once(read):
    data = b"NORA: Hi\n<p>" + b"(a " * 17_000_000 + b"</p></html>"
    begun = time.process_time()
    with pytest.raises(BadFile, match=r"t\.html, line 2: 5\d,\d{3},\d{3} characters without a break"):
        read(data, {}, "t.html")
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("unit", ["(", "(a", "a)", "((a))", "NORA (", "- ", ": ", "NORA: ", "' ", "[a]: ", "Ada, "])
def test_time_is_linear_in_the_length_of_a_line(unit):
    begun = time.process_time()
    read_text((unit * (900_000 // len(unit))).encode(), {}, "t.txt")
    split_brackets(unit * (900_000 // len(unit)))
    Voices().kind([unit * 20_000], unit * 20_000)
    assert time.process_time() - begun < 5
