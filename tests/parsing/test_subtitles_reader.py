"""Subtitles whose captions name speakers."""

import pytest

from parsing.errors import BadFile
from parsing.readers.subtitles import read


def srt(*captions: str, gap: int = 2) -> bytes:
    times = [f"00:00:{i * gap:02d},000 --> 00:00:{i * gap + 1:02d},000" for i in range(len(captions))]
    return "\n".join(f"{i}\n{t}\n{c}\n" for i, (t, c) in enumerate(zip(times, captions, strict=True), 1)).encode()


def test_cues_name_speakers_and_unfinished_sentences_go_on():
    found = read(srt("NORA: <i>Where</i>", "are you?", "BEN: Here.", "Nobody knows."), {}, "s.srt")
    assert [(b.kind, b.label, b.text, b.line) for b in found] == [
        ("speech", "NORA", "Where are you?", 1),
        ("speech", "BEN", "Here.", 3),
        ("note", "", "Nobody knows.", 4),
    ]


def test_captions_without_a_cue_can_be_kept_without_a_speaker():
    found = read(srt("NORA: Yes.", "- Oh no.\n- Oh yes."), {"keep_uncued": True}, "s.srt")
    assert [(b.label, b.text) for b in found] == [("NORA", "Yes."), ("", "Oh no."), ("", "Oh yes.")]


def test_webvtt_voices_and_sounds():
    vtt = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Nora Vale>Hi <b>you</b></v>\n\n00:03.000 --> 00:04.000\n(THUNDER)\n"
    found = read(vtt, {}, "s.vtt")
    assert [(b.kind, b.label, b.text) for b in found] == [
        ("speech", "Nora Vale", "Hi you"),
        ("direction", "", "THUNDER"),
    ]


def test_a_long_silence_opens_a_scene():
    found = read(srt("NORA: Yes.", "BEN: No.", gap=30), {"scene_gap": 20}, "s.srt")
    assert [b.kind for b in found] == ["speech", "scene", "speech"]


@pytest.mark.parametrize("data", [b"just text", b"1\n00:00 --> nonsense\nHi\n", b"WEBVTT\n\n"])
def test_what_is_no_subtitle_is_refused(data):
    with pytest.raises(BadFile, match=r"s\.srt: "):
        read(data, {}, "s.srt")
