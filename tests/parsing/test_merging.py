"""Who is who by statistics: people, roles, spellings, titles, parts of names, slips; and what is never merged."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.build import Transcripts, utterance_table
from parsing.errors import BadManifest
from parsing.labels import collect
from parsing.manifest import show_from
from parsing.merging import FREQUENT, plan, plan_for, slips
from parsing.readers import Block
from parsing.roles import Roles
from parsing.speakers import LOCAL

CAST = [{"name": "Adela Brook", "persona": True, "gender": "female"}, {"name": "Tom Finch", "gender": "male"}]


def show_of(path, **more):
    return show_from(
        {"id": "mill", "title": "Mill", "language": "en", "seasons": [9], "cast": CAST, "speakers": "statistics"}
        | more,
        path / "show.toml",
    )


def scene(*labels, text="We grind the flour now."):
    return [Block("scene", "The mill"), *(Block("speech", text, label=label) for label in labels)]


def episodes(*scripts):
    return {f"S01E{n:02d}": blocks for n, blocks in enumerate(scripts, 1)}


def read(show, script):
    """{label: (speaker, reason)} and the table."""
    table, _ = utterance_table(show, Transcripts(script))
    found = {r: (s, c) for r, s, c in zip(table["speaker_raw"], table["speaker"], table["cue"], strict=True)}
    return found, table


def test_a_frequent_label_is_a_person_and_a_role_belongs_to_its_episode(tmp_path):
    script = episodes(scene(*["Wilma", "Guard"] * 5), scene("Guard", "Ada", "Man #2", "Quill"))
    found, table = read(show_of(tmp_path), script)
    assert found["Wilma"] == ("Wilma", "statistics")
    guards = table[table["speaker_raw"] == "Guard"].groupby("episode")["speaker"].first().to_dict()
    assert guards == {"S01E01": "Guard (S01E01)", "S01E02": "Guard (S01E02)"}
    assert found["Man #2"] == ("Man #2 (S01E02)", "role")
    assert found["Quill"] == ("Quill (S01E02)", "local")  # a name, too rare to be a person of the show


def test_a_slip_is_absorbed_unless_both_answer_each_other(tmp_path):
    script = episodes(scene(*["Wilma", "Tom"] * 5, "Wilam", "Tom"), scene(*["Harold", "Tom"] * 5, "Harald", "Harold"))
    found, _ = read(show_of(tmp_path), script)
    assert found["Wilam"] == ("Wilma", "near")
    assert found["Harald"][1] == "local"


def test_a_spelling_that_the_speech_uses_is_no_slip(tmp_path):
    script = episodes(scene(*["Wilma", "Tom"] * 5, "Wilma", "Tom", "Wilmo", text="we saw Wilmo there"))
    found, _ = read(show_of(tmp_path), script)
    assert found["Wilmo"][1] == "local"


def test_two_frequent_neighbours_stay_apart_and_are_told(tmp_path):
    script = episodes(scene(*["Harold", "Tom"] * 50), scene(*["Harald", "Tom"] * 5))
    made = plan(show_of(tmp_path), collect(script))
    assert not made.merges
    assert made.doubtful == (("harald", "harold"),)


def test_full_names_titles_and_spellings_meet(tmp_path):
    script = episodes(
        scene(*["Bob Vance", "Tom", "Bob", "Tom"] * 3, "Dr. Quill", "Tom", "Quill", text="so Bob Vance came"),
        scene("The Boulder", "Tom", *["Boulder", "Tom"] * 3, "Mrs. Finch", "Doctor Quill", "Adela"),
    )
    found, _ = read(show_of(tmp_path), script)
    assert found["Bob"] == ("Bob Vance", "first name")
    assert found["The Boulder"] == ("Boulder", "spelling")
    assert found["Dr. Quill"][0] == found["Doctor Quill"][0] == found["Quill"][0]
    assert found["Mrs. Finch"][0] == "Mrs. Finch (S01E02)"  # not Tom


def test_a_joint_label_is_split_only_into_known_parts(tmp_path):
    script = episodes(scene(*["Wilma", "Tom"] * 5, "Wilma and Tom", "Salt and Pepper"))
    _, table = read(show_of(tmp_path), script)
    speakers = dict(zip(table["speaker_raw"], table["speakers"], strict=True))
    assert speakers["Wilma and Tom"] == ["Wilma", "Tom Finch"]
    assert speakers["Salt and Pepper"] == ["Salt and Pepper (S01E01)"]


def test_quotes_are_somebody_dressed_as(tmp_path):
    found, _ = read(show_of(tmp_path), episodes(scene("Tom", '"Tom"', "Tom")))
    assert found['"Tom"'] == ('"Tom" (S01E01)', "role")


def test_the_manifest_has_the_last_word(tmp_path):
    script = episodes(scene(*["Wilma", "Tom"] * 5, "Wilam", "Tom", "Computer", "Tom", "Bobby", "Tom"))
    show = show_of(tmp_path, merge={"Bobby": "Robert Reed"}, keep={"Wilam": "person", "Computer": "person"})
    found, _ = read(show, script)
    assert found["Wilam"] == ("Wilam", "statistics")
    assert found["Computer"] == ("Computer", "statistics")
    assert found["Bobby"] == ("Robert Reed", "manifest")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"speakers": "guess"}, "expected cast or statistics"),
        ({"keep": {"Guard": "yes"}}, "expected person or role"),
        ({"speakers": "cast", "merge": {"Bob": "Tom Finch"}}, "overrule statistics"),
    ],
)
def test_a_wrong_table_is_one_clear_error(tmp_path, more, words):
    with pytest.raises(BadManifest, match=words):
        show_of(tmp_path, **more)


def test_a_small_show_and_a_long_cast_are_read_by_the_cast(tmp_path):
    script = episodes(scene(*["Wilma", "Tom"] * 5))
    assert plan_for(show_of(tmp_path, speakers=""), script) is None
    assert plan_for(show_of(tmp_path, speakers=""), episodes(scene(*["Wilma", "Tom"] * 1000))) is not None
    assert plan_for(show_of(tmp_path, speakers="cast"), episodes(scene(*["Wilma", "Tom"] * 1000))) is None


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("darryl", "darrly", 1), ("stan", "satan", 1), ("data", "dara", 1), ("bob", "rob", None),
        ("michael", "micahel", 1), ("man 1", "man 2", None), ("mr stevens", "mrs stevens", None),
        ("kenny", "kenny g", None), ("joo dee", "joo dees", None), ("harrison", "garrison", None),
    ],
)  # fmt: skip
def test_slips_are_counted_by_length(one, other, count):
    assert slips(one, other) == slips(other, one) == count


def test_roles_are_told_from_names():
    roles = Roles(["there is a mechanist here, a mechanist", "we saw Bob there, a field of corn"])
    for role in ("guard", "man 2", "girl in pink", "field reporter", "mechanist", "a voice", "police officer"):
        assert roles.is_role(role), role
    for name in ("bob", "officer barbrady", "riker 2", "dr doctor", "toms mother", "wilma"):
        assert not roles.is_role(name), name


NAMES = (
    "Wilma",
    "Wilam",
    "Wilmar",
    "Harold",
    "Harald",
    "Bob",
    "Bob Vance",
    "The Bob",
    "Dr. Quill",
    "Quill",
    "Guard",
    "Tom",
)
labels = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=30), min_size=1, max_size=4)


@settings(deadline=None, max_examples=60)
@given(scripts=labels)
def test_merging_conserves_lines_and_never_merges_two_frequent_neighbours(tmp_path_factory, scripts):
    show = show_of(tmp_path_factory.mktemp("mill"))
    script = episodes(*(scene(*s) for s in scripts))
    lines = Counter(label for s in scripts for label in s)
    _, table = read(show, script)
    assert Counter(table["speaker_raw"]) == lines
    assert (table["speakers"].map(len) == 1).all()
    near = table[table["cue"] == "near"]
    assert all(lines[label] < FREQUENT for label in near["speaker_raw"])
    both = {frozenset(pair) for s in scripts for pair in pairwise(s)}
    for label, name in zip(near["speaker_raw"], near["speaker"], strict=True):
        assert frozenset({label, name}) not in both


@settings(deadline=None, max_examples=60)
@given(scripts=labels)
def test_merging_what_is_merged_changes_nothing(tmp_path_factory, scripts):
    show = show_of(tmp_path_factory.mktemp("mill"))
    _, table = read(show, episodes(*(scene(*s) for s in scripts)))
    table["label"] = table["speaker"].where(~table["cue"].isin(LOCAL), table["speaker_raw"])
    again = {e: scene(*rows["label"]) for e, rows in table.groupby("episode")}
    _, second = read(show, again)
    canonical = ~table["cue"].isin(LOCAL)
    assert (second["speaker"][canonical] == table["speaker"][canonical]).all()


def speakers_of(path, script, **more):
    """{label: [speakers]} of a script."""
    _, table = read(show_of(path, **more), script)
    return dict(zip(table["speaker_raw"], table["speakers"], strict=True))


def test_who_is_unknown_in_a_joint_label_is_somebody_of_the_episode(tmp_path):
    script = episodes(
        scene(*["Wilma", "Tom"] * 5, "Wilma & Ray", "Tom/Cop", "Wilma and Tom together", "Salt and Pepper")
    )
    found = speakers_of(tmp_path, script)
    assert found["Wilma & Ray"] == ["Wilma", "Ray (S01E01)"]
    assert found["Tom/Cop"] == ["Tom Finch", "Cop (S01E01)"]
    assert found["Wilma and Tom together"] == ["Wilma", "Tom Finch"]
    assert found["Salt and Pepper"] == ["Salt and Pepper (S01E01)"]


def test_an_aside_is_an_aside_and_nothing_else(tmp_path):
    script = episodes(
        scene(*["Tom", "Adela"] * 5, "Tom laughs", "Tom to Adela", "Tom profile", "Tom together", "Tom on right")
    )
    found, _ = read(show_of(tmp_path), script)
    assert found["Tom laughs"] == found["Tom to Adela"] == ("Tom Finch", "aside")
    for label in ("Tom profile", "Tom together", "Tom on right"):
        assert found[label][0] == f"{label} (S01E01)", label


def test_a_family_is_those_of_its_surname_who_are_there(tmp_path):
    cast = [*CAST, {"name": "Ruth Finch"}, {"name": "Bob Finch"}]
    script = episodes(scene("Tom", "Adela", "Ruth", "The Finches", "The Brooks"))
    found = speakers_of(tmp_path, script, cast=cast)
    assert found["The Finches"] == ["Tom Finch", "Ruth Finch"]
    assert found["The Brooks"] == ["The Brooks (S01E01)"]  # only one of them is known


def test_a_role_has_one_name_in_its_episode_however_it_is_written(tmp_path):
    found, _ = read(show_of(tmp_path), episodes(scene("Tom", "Nurse", "Tom", "NURSE", "Tom", "The nurse")))
    assert found["Nurse"] == found["NURSE"] == found["The nurse"] == ("Nurse (S01E01)", "role")


def test_all_are_those_of_the_scene_and_in_an_unmarked_one_those_near(tmp_path):
    script = episodes([*scene("Tom", "Wilma", "ALL"), *scene("Adela", "ALL")])
    _, table = read(show_of(tmp_path), script)
    assert table[table["speaker_raw"] == "ALL"]["speakers"].tolist() == [
        ["Tom Finch", "Wilma (S01E01)"],
        ["Adela Brook"],
    ]
    whole = episodes(scene(*["Tom", "Wilma"] * 90, *["Adela"] * 12, "ALL"))
    assert speakers_of(tmp_path, whole)["ALL"] == ["Adela Brook"]  # the others spoke long before


def test_all_where_nobody_else_speaks_is_nobody(tmp_path):
    assert speakers_of(tmp_path, episodes(scene("ALL"), scene("Tom", "Both")))["ALL"] == []
