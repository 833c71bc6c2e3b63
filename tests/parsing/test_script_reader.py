"""Cues, directions, scenes and dropped lines; and that no spoken word is lost or invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsing.errors import BadFile, BadManifest
from parsing.readers.brackets import plain, take_directions
from parsing.readers.html_script import page_lines
from parsing.readers.html_script import read as read_html
from parsing.readers.text_script import read as read_text


def blocks(text: str, **options: object) -> list:
    return read_text(text.encode(), options, "test.txt")


def page(body: str) -> bytes:
    return f"<html><body>{body}</body></html>".encode("cp1252")


@pytest.mark.parametrize(
    ("text", "speech", "directions"),
    [
        ("Hi. (waves) Bye", "Hi. Bye", ("waves",)),
        ("(to Ben) Hi (softly [very]).", "Hi.", ("to Ben", "softly [very]")),
        ("No brackets", "No brackets", ()),
        ("Wait (he never closes it", "Wait", ("he never closes it",)),
        ("Odd) but spoken", "Odd but spoken", ()),
        ("()", "", ()),
    ],
)
def test_directions_are_taken_out_of_speech(text, speech, directions):
    assert take_directions(text) == (speech, directions)


def test_typewriter_signs_replace_typographic_ones():
    assert plain("It’s “odd”…  —\xa0yes") == 'It\'s "odd"... - yes'


def test_a_line_without_a_cue_goes_on_with_the_speech():
    (first, second) = blocks("NORA: One\ntwo\nBEN: Three")
    assert (first.label, first.text, first.line) == ("NORA", "One two", 1)
    assert (second.label, second.text, second.line) == ("BEN", "Three", 3)


def test_an_aside_in_the_cue_becomes_a_direction():
    (block,) = blocks("Nora (on the phone): Hello")
    assert (block.label, block.text, block.directions) == ("Nora", "Hello", ("on the phone",))


def test_a_heading_opens_a_scene_and_another_bracket_is_a_direction():
    kinds = [(b.kind, b.text) for b in blocks("[Scene: Kitchen]\nNORA: Hi\n[Nora leaves.]")]
    assert kinds == [("scene", "Scene: Kitchen"), ("speech", "Hi"), ("direction", "Nora leaves.")]


def test_dropped_lines_carry_their_reason_and_end_the_speech():
    found = blocks("NORA: Hi\nCOMMERCIAL BREAK\nstray words", drop={"commercial break": "break"})
    assert [(b.kind, b.why) for b in found] == [("speech", ""), ("note", "break"), ("note", "no cue")]


def test_a_cue_in_the_middle_of_a_line_can_be_cut_off():
    found = blocks("NORA: It was me.BEN: Sure", cut=r"(?<=\.)(?=[A-Z]+:)")
    assert [(b.label, b.text) for b in found] == [("NORA", "It was me."), ("BEN", "Sure")]


def test_the_episode_line_is_read():
    (block,) = blocks('S02E03 "A Title"', episode=r'S(?P<season>\d\d)E(?P<number>\d\d) ".*"')
    assert (block.kind, block.episode) == ("episode", "S02E03")


def test_nothing_is_read_after_the_end_mark():
    found = blocks("A: one\nLike this:\nB: two", end="like this")
    assert [(b.label, b.why) for b in found] == [("A", ""), ("", "after the end"), ("", "after the end")]


def test_an_unknown_option_names_the_nearest():
    with pytest.raises(BadManifest, match="unknown reader option 'not_cues', did you mean 'not_cue'"):
        blocks("A: b", not_cues="x")


def test_a_broken_pattern_is_named():
    with pytest.raises(BadManifest, match="'scene' is no regular expression"):
        blocks("A: b", scene="(")


def test_text_that_is_not_in_the_named_encoding_is_refused():
    with pytest.raises(BadFile, match=r"test\.txt, line 2: byte 0xe9 is no utf-8 text"):
        read_text(b"NORA: Tea\nNORA: caf\xe9", {"encoding": "utf-8"}, "test.txt")


def test_paragraphs_and_line_breaks_both_part_cues():
    body = "<p><b>Nora:</b> It&#146;s\nlate. <p>BEN: Yes.<br>\n<br>\nNORA: (yawns)\nNight."
    found = read_html(page(body), {}, "p.html")
    assert [(b.label, b.text) for b in found] == [("Nora", "It's late."), ("BEN", "Yes."), ("NORA", "Night.")]


def test_a_page_is_read_as_cp1252_before_entities():
    assert page_lines(b"<html><p>\x93caf\xe9\x94 &amp; tea</html>", "p.html")[0].text == "“café” & tea"


def test_lines_of_a_page_carry_their_number_in_the_source():
    assert [line.number for line in page_lines(b"<html>\n<p>one</p>\n\n<p>two\nmore</p></html>", "p.html")] == [2, 4]


def test_style_and_head_are_not_read():
    assert (
        read_html(b"<html><head><style>p: x</style><title>A: b</title></head><p>C: d</html>", {}, "p")[0].label == "C"
    )


def test_a_page_that_stops_half_way_is_refused():
    with pytest.raises(BadFile, match=r"p\.html, line 2: the page ends without </html>"):
        read_html(b"<html><p>NORA: Hi</p>\n<p>BEN: He", {}, "p.html")


def test_a_byte_outside_cp1252_is_refused_with_its_line():
    with pytest.raises(BadFile, match=r"p\.html, line 2: byte 0x81"):
        read_html(b"<html>\n\x81</html>", {"encoding": "cp1252"}, "p.html")


WORDS = st.text(alphabet="abcdefgh", min_size=1, max_size=6)
SPEECH = st.lists(WORDS, min_size=1, max_size=8)
TURN = st.tuples(st.sampled_from(["NORA", "Ben", "MRS. VALE"]), SPEECH, st.lists(WORDS, max_size=3), st.booleans())


@given(st.lists(TURN, min_size=1, max_size=12), st.data())
def test_speech_is_conserved(turns, data):
    """Whatever directions, scenes and line breaks stand around them: the same words, by the same people, in order."""
    lines = []
    for label, words, aside, heading in turns:
        if heading:
            lines.append("[Scene: somewhere else]")
        at = data.draw(st.integers(0, len(words)))
        middle = [f"({' '.join(aside)})"] if aside else []
        text = " ".join([*words[:at], *middle, *words[at:]])
        cut = data.draw(st.integers(0, len(words)))
        lines.append(f"{label}: " + (text if middle else " ".join(words[:cut]) + "\n" + " ".join(words[cut:])))
    found = [b for b in blocks("\n".join(lines), scene="scene") if b.kind == "speech"]
    assert [(b.label, b.text.split()) for b in found] == [(label, words) for label, words, _, _ in turns]
    assert [" ".join(b.directions) for b in found] == [" ".join(aside) for _, _, aside, _ in turns]
