"""Who is there, line by line; to whom a line is spoken; what is canon."""

import pytest

from parsing.addressees import Addressees, Spoken
from parsing.assemble import Assembler, scenes_of
from parsing.manifest import Reality
from parsing.presence import NameFinder, present_at
from parsing.readers import Block
from parsing.reality import RealityMarks
from parsing.speakers import Speakers

ADA, TOM, HALE = "Adela Brook", "Tom Finch", "Mr. Hale"


def speech(label, text="Yes.", *directions, line=0):
    return Block("speech", text, line, label=label, directions=directions)


def present(show, blocks, setting=""):
    speakers = Speakers(show)
    cues = [speakers.resolve(b.label, "S01E01") if b.kind == "speech" else None for b in blocks]
    return present_at(blocks, cues, setting, NameFinder(show), "S01E01")


def test_speakers_and_those_in_the_heading_are_there_from_the_start(mill):
    assert present(mill, [speech("ADA"), speech("TOM")], "Scene: Mr. Hale is asleep.") == [[ADA, HALE, TOM]] * 2


def test_the_owner_of_a_place_is_not_there(mill):
    assert present(mill, [speech("Waiter")], "Scene: Ada and Tom's kitchen, Mr. Hale is there.") == [[HALE]]


def test_everybody_in_a_heading_means_the_main_cast(mill):
    assert present(mill, [speech("Waiter")], "Scene: The mill, everyone is there except Tom.") == [[ADA]]


def test_who_enters_is_there_from_then_on_and_who_leaves_until_then(mill):
    blocks = [speech("ADA"), Block("direction", "Tom enters."), speech("TOM", "Bye.", "leaving"), speech("ADA")]
    assert present(mill, blocks) == [[ADA], [ADA, TOM], [ADA, TOM], [ADA]]


def test_an_entrance_in_ones_own_line_counts(mill):
    assert present(mill, [speech("ADA"), speech("TOM", "Hi.", "entering")]) == [[ADA], [ADA, TOM]]


def addressees(show, *lines):
    spoken = [Spoken(text, names, label, directions, there) for text, names, label, directions, there in lines]
    rules = Addressees(NameFinder(show))
    return [rules.of(i, spoken, "S01E01") for i in range(len(spoken))]


ALL_THREE = [ADA, HALE, TOM]


@pytest.mark.parametrize(
    ("text", "directions", "expected"),
    [
        ("Sit down.", ("to Tom and Mr. Hale",), [TOM, HALE]),
        ("Tom, sit down.", (), [TOM]),
        ("Sit down, Tom!", (), [TOM]),
        ("Hey Tom, sit.", (), [TOM]),
        ("I saw Tom at the mill.", (), []),
        ("Tom is late.", (), []),
        ("Go on.", ("walks to Tom's chair",), []),
    ],
)
def test_directions_and_vocatives_name_the_addressee(mill, text, directions, expected):
    line = (text, [ADA], "ADA", directions, ALL_THREE)
    assert addressees(mill, line)[0] == expected


def test_of_two_people_the_other_is_meant(mill):
    lines = [("Hm.", [ADA], "ADA", (), [ADA, TOM]), ("Hm?", [TOM], "TOM", (), [ADA, TOM])]
    assert addressees(mill, *lines) == [[TOM], [ADA]]


def test_among_three_only_an_exchange_tells(mill):
    lines = [("Hm.", [name], name, (), ALL_THREE) for name in (ADA, TOM, ADA, HALE)]
    assert addressees(mill, *lines) == [[], [ADA], [], []]


def test_a_dream_lasts_until_its_end_mark(mill):
    blocks = [
        Block("scene", "Dream: the river"),
        speech("ADA"),
        Block("direction", "End of dream"),
        speech("ADA"),
        Block("scene", "Scene: the mill"),
        speech("TOM"),
    ]
    kinds = RealityMarks(mill.reality).of("S01E01", blocks)
    assert [k for k, b in zip(kinds, blocks, strict=True) if b.kind == "speech"] == ["imagined", "canon", "canon"]


def test_lines_and_labels_of_an_episode_can_be_marked():
    rules = [
        Reality("flashback", episode="S01E01", lines=((2, 3),)),
        Reality("performance", episode="S01E02", label="hamlet"),
        Reality("imagined", episode="S01E03"),
    ]
    blocks = [speech("ADA", line=1), speech("ADA", line=2), speech("Hamlet", line=4)]
    marks = RealityMarks(rules)
    assert marks.of("S01E01", blocks) == ["canon", "flashback", "canon"]
    assert marks.of("S01E02", blocks) == ["canon", "canon", "performance"]
    assert marks.of("S01E03", blocks) == ["imagined"] * 3


def test_a_heading_without_speech_is_joined_to_the_next():
    blocks = [Block("scene", "Scene: A"), Block("scene", "Cut to B"), speech("X"), Block("scene", "Scene: C")]
    assert [s.setting for s in scenes_of(blocks, ["canon"] * 4)] == ["Scene: A; Cut to B"]


def test_rows_carry_ids_scenes_and_everything_the_contract_names(mill):
    rows = Assembler(mill).rows("S01E01", [Block("scene", "Scene: A"), speech("ADA", "Hi.", "waves", line=7)])
    assert rows == [
        {
            "id": "S01E01.01.001",
            "show": "mill",
            "season": 1,
            "episode": "S01E01",
            "scene": 1,
            "n": 1,
            "speaker": ADA,
            "speakers": [ADA],
            "speaker_raw": "ADA",
            "local": "",
            "addressees": [],
            "present": [ADA],
            "text": "Hi.",
            "directions": ["waves"],
            "voice": "",
            "scene_setting": "Scene: A",
            "reality": "canon",
            "cue": "alias",
            "line": 7,
            "source_scene": 0,
        }
    ]
