"""A mark on a voice is an attribute, not another person."""

import pytest

from parsing.build import build
from parsing.tables import load_utterances
from parsing.voices import Voices


@pytest.mark.parametrize(
    ("marks", "label", "kind"),
    [
        (["OC"], "RIKER", "off"),
        (["V.O."], "Nora", "off"),
        (["OC["], "RIKER", "off"),
        (["on viewscreen"], "LOCUTUS", "device"),
        (["on TV"], "Joey", "device"),
        (["telepath"], "TROI", "thought"),
        (["narration"], "PICARD", "narrator"),
        ([], "Narrator", "narrator"),
        ([], "Janice's Voice", "off"),
        ([], "Oscar's voice from the computer", "device"),
        ([], "Голос Аркадиной", "off"),
        (["to Ben"], "Nora", ""),
        ([], "Nora", ""),
    ],
)
def test_the_kind_of_a_voice(marks, label, kind):
    assert Voices().kind(marks, label) == kind


def test_a_manifest_may_add_marks_and_silence_others():
    voices = Voices({"by owl": "off", "on phone": ""})
    assert (voices.kind(["by owl"]), voices.kind(["on phone"])) == ("off", "")


def test_the_speaker_of_a_marked_voice_is_the_person(make_show):
    show = make_show(one='S01E01 "A"\nADA (V.O.): Hi there.\nTOM: Hello.\nAda\'s voice: Yes.\nVOICE OF TOM: No.\n')
    build(show)
    table = load_utterances(show).query("episode == 'S01E01'")
    assert list(table["speaker"]) == ["Adela Brook", "Tom Finch", "Adela Brook", "Tom Finch"]
    assert list(table["voice"]) == ["off", "", "off", "off"]


def test_star_trek_marks_cues_scenes_and_logs(make_show):
    manifest = """id="st"\ntitle="S"\nlanguage="en"\nseasons=[1]\ncast=[{name="Ada",persona=true},{name="Tom"}]
[[source]]\nreader="text_script"\nfiles=[{path="one.txt",episode="S01E01"}]
[source.options]
scene='\\w'
scene_brackets="["
cue='''[A-Z][A-Z0-9 '+/]{0,40}?(?:\\s*[(\\[{][^:\\])}\\[{]{0,40}[\\])}\\[]{0,2})?'''
colon=':|(?<=[\\]}])(?= )'
uncued={"captain's log\\\\b.*"="ADA"}"""
    text = """Captain's log, stardate 1.
more log
[Bridge]
(Alarm)
ADA [OC]: One.
TOM [OC}: Two.
TOM [OC] Three.
ADA + TOM: Four
"""
    build(make_show(manifest, one=text))
    table = load_utterances(make_show(manifest, one=text))
    assert [(r.speaker, r.voice, r.text) for r in table.itertuples()] == [
        ("Ada", "narrator", "Captain's log, stardate 1. more log"),
        ("Ada", "off", "One."),
        ("Tom", "off", "Two."),
        ("Tom", "off", "Three."),
        (None, "", "Four"),
    ]
    assert list(table["scene_setting"]) == ["", "Bridge", "Bridge", "Bridge", "Bridge"]
