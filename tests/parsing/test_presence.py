"""Who is there, line by line; what is canon."""

import pytest

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


@pytest.mark.parametrize(
    ("direction", "there"),
    [
        ("Enter Tom and Mr. Hale.", [ADA, HALE, TOM]),
        ("Tom comes running in.", [ADA, TOM]),
        ("Tom comes out of the kitchen.", [ADA, TOM]),
        ("Tom wants to enter", [ADA, TOM]),
        ("Mr. Hale thinks of Tom.", [ADA]),
    ],
)
def test_entrances_name_people_before_the_verb_or_behind_it(mill, direction, there):
    blocks = [speech("ADA"), Block("direction", direction), speech("ADA")]
    assert present(mill, blocks) == [[ADA], there, there]


def test_a_greeting_in_a_scene_under_way_is_an_arrival(mill):
    talk = [speech("ADA"), speech("Waiter"), speech("ADA")]
    assert present(mill, [*talk, speech("TOM", "Hey!")]) == [[ADA]] * 3 + [[ADA, TOM]]
    assert present(mill, [*talk, speech("TOM", "So what?")]) == [[ADA, TOM]] * 4
    assert present(mill, [*talk, speech("TOM", "Hey!")], "Scene: Tom is asleep.") == [[ADA, TOM]] * 4


def test_who_takes_leave_and_says_no_more_is_gone(mill):
    rest = [speech("ADA")] * 4
    assert present(mill, [speech("TOM", "I gotta go."), *rest]) == [[ADA, TOM]] + [[ADA]] * 4
    assert present(mill, [speech("TOM", "Bye!"), *rest, speech("TOM")]) == [[ADA, TOM]] * 6


def test_in_an_episode_without_scenes_only_those_are_there_who_are_heard_nearby(mill):
    blocks = [speech("TOM"), *[speech("ADA")] * 210, speech("TOM")]
    found = present(mill, blocks)
    assert [i for i, people in enumerate(found) if TOM in people] == [*range(41), *range(171, 212)]
    assert present(mill, blocks, "Scene: The mill.") == [[ADA, TOM]] * 212


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
            "addressee_confidence": None,
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
