"""The stage end to end on a show of two episodes that can be counted by hand."""

import json
import os
import subprocess
import sys

import pytest

from parsing.build import build, read_sources
from parsing.compare import compare, scene_map
from parsing.errors import BadFile, BadInput, NotFound
from parsing.manifest import ROOT, build_dir
from parsing.pairs import make_pairs
from parsing.report import summary
from parsing.tables import load_pairs, load_utterances

ADA, TOM, HALE = "Adela Brook", "Tom Finch", "Mr. Hale"


@pytest.fixture
def report(mill):
    return build(mill)


def test_the_table_has_every_line_in_order(mill, report):
    table = load_utterances(mill)
    assert [f"{row.id} {row.speaker_raw}: {row.text}" for row in table.itertuples()] == [
        "S01E01.01.001 ADA: Is it heavy, Mr. Hale?",
        "S01E01.01.002 MR. HALE: No.",
        "S01E01.01.003 ADBR: Good then carry it.",
        "S01E01.01.004 TOM: Morning, Addie.",
        "S01E01.01.005 ADA AND TOM: Coffee!",
        "S01E01.01.006 WAITER: Two coffees coming up right away.",
        "S01E01.01.007 ALL: Thank you.",
        "S01E02.01.001 ADA: We are fish, Tom Finch.",
        "S01E02.01.002 TOM FINCH: I know that we are.",
        "S01E02.01.003 ADA: What a strange dream.",
        "S01E02.02.001 ADELLA: Did you sleep well?",
        "S01E02.02.002 TOM FINCH: Yes, I did.",
    ]


def test_one_speaker_or_none_and_all_speakers_in_the_list(mill, report):
    table = load_utterances(mill).set_index("id")
    assert table.loc["S01E01.01.003", "speaker"] == ADA
    assert table.loc["S01E01.01.005", "speaker"] is None
    assert table.loc["S01E01.01.005", "speakers"] == [ADA, TOM]
    assert table.loc["S01E01.01.006", "speakers"] == []
    assert table.loc["S01E01.01.007", "speakers"] == [ADA, HALE, TOM]
    assert table.loc["S01E01.01.001", "present"] == [ADA, HALE]
    assert table.loc["S01E01.01.004", "present"] == [ADA, HALE, TOM]


def test_addressees_and_reality_are_filled(mill, report):
    table = load_utterances(mill).set_index("id")
    assert table.loc["S01E01.01.001", "addressees"] == [HALE]
    assert table.loc["S01E01.01.004", "addressees"] == [ADA]
    assert table.loc["S01E02.02.001", "addressees"] == [TOM]
    assert list(table["reality"]) == ["canon"] * 7 + ["imagined"] * 2 + ["canon"] * 3


def test_the_report_counts_what_was_read_dropped_and_merged(mill, report):
    assert json.loads((build_dir(mill) / "quality.json").read_text()) == report
    assert (report["files"], report["episodes"]) == ({"listed": 2, "read": 2, "excluded": 0}, 2)
    assert (report["utterances"], report["scenes"]) == (12, 3)
    assert report["with_canonical_speaker"] == pytest.approx(11 / 12)  # all but the waiter's
    assert report["main_characters"] == {ADA: 5, TOM: 3}
    assert report["dropped"] == {"title": 2}
    assert report["roles"] == {"WAITER": 1}
    assert report["splits"]["train"] == {"episodes": 2, "utterances": 12}
    assert report["merged"][ADA]["ADELLA"] == {"lines": 1, "reason": "misspelt"}
    assert report["per_file"][0]["utterances"] == 7
    assert "read 2 of 2 files" in summary(report)
    assert "ADELLA = Adela Brook (misspelt, 1)" in summary(report)


def test_pairs_are_replies_of_personas_to_what_was_said_before(mill, report):
    pairs = load_pairs(mill)
    assert [(p["persona"], p["id"], p["reply"]) for p in pairs] == [
        (ADA, "S01E01.01.003", "Good then carry it."),
        (TOM, "S01E01.01.004", "Morning, Addie."),
        (TOM, "S01E02.01.002", "I know that we are."),
        (ADA, "S01E02.01.003", "What a strange dream."),
        (TOM, "S01E02.02.002", "Yes, I did."),
    ]
    assert pairs[1]["context"] == [
        {"speaker": ADA, "text": "Is it heavy, Mr. Hale?"},
        {"speaker": HALE, "text": "No."},
        {"speaker": ADA, "text": "Good then carry it."},
    ]
    assert report["pairs"] == {"kept": 5, "nothing said before": 3}


def test_turns_of_one_speaker_are_merged_and_short_or_repeated_replies_left_out(make_show):
    lines = "[Scene: x]\nADA: Well?\nTOM: Yes it is.\nTOM: Truly.\nADA: Oh.\n"
    show = make_show(one='S01E01 "A"\n' + lines + lines)
    build(show)
    made = make_pairs(show, load_utterances(show).query("episode == 'S01E01'"))
    assert [p["reply"] for p in made.rows] == ["Yes it is. Truly."]
    assert made.dropped == {"nothing said before": 2, "shorter than two words": 2, "said before": 1}


def test_a_role_in_the_context_is_written_like_a_name(make_show):
    show = make_show(one='S01E01 "A"\nBIG BULLY: Hey you.\nADA: What is it?\n')
    build(show)
    assert load_pairs(show)[0]["context"] == [{"speaker": "Big Bully", "text": "Hey you."}]


def test_building_twice_writes_the_same_bytes(mill, report):
    folder = build_dir(mill)
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    build(mill)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert set(before) == {"utterances.parquet", "pairs.jsonl", "quality.json"}


@pytest.mark.parametrize("load", [load_utterances, load_pairs])
def test_a_show_that_was_not_parsed_is_an_error_with_the_command(mill, load):
    with pytest.raises(NotFound, match="run `python -m parsing mill` first"):
        load(mill)


def test_a_file_without_cues_is_refused(make_show):
    with pytest.raises(BadFile, match=r"one\.txt: nothing in it looks like a cue"):
        build(make_show(one="Once upon a time there was a mill.\n[Scene: it stood there]\n"))


def test_a_file_of_another_episode_is_refused(make_show):
    with pytest.raises(BadFile, match=r"one\.txt, line 1: says S01E02, the manifest says S01E01"):
        build(make_show(one='S01E02 "B"\nADA: Hi there.\n'))


def test_nothing_is_written_when_a_file_is_broken(make_show):
    show = make_show(two=b"ADA: \0")
    with pytest.raises(BadFile):
        build(show)
    assert not build_dir(show).exists()


def test_one_file_may_hold_two_episodes(make_show):
    manifest = """id="a"\ntitle="A"\nlanguage="en"\nseasons=[2]\ncast=[{name="Ada",persona=true}]
[[source]]\nreader="text_script"\nfiles=[{path="one.txt",episodes=["S01E01","S01E02"],begins=[3]}]"""
    show = make_show(manifest, one="ADA: One.\nADA: Two.\nADA: Three.\n")
    read = read_sources(show)
    assert {e: [b.text for b in part] for e, part in read.episodes.items()} == {
        "S01E01": ["One.", "Two."],
        "S01E02": ["Three."],
    }


def test_scenes_that_a_file_does_not_mark_can_be_pinned_by_line(make_show):
    manifest = """id="a"\ntitle="A"\nlanguage="en"\nseasons=[1]\ncast=[{name="Ada",persona=true}]
[[source]]\nreader="text_script"\nfiles=[{path="one.txt",episode="S01E01",scenes=[2,4]}]"""
    show = make_show(manifest, one="ADA: One.\nADA: Two.\nand three.\nADA: Four.\n")
    build(show)
    assert list(load_utterances(show)["id"]) == ["S01E01.01.001", "S01E01.02.001", "S01E01.03.001"]


def test_a_file_that_names_its_episodes_needs_none_in_the_manifest(make_show):
    manifest = """id="a"\ntitle="A"\nlanguage="en"\nseasons=[2]\ncast=[{name="Ada",persona=true}]
[[source]]\nreader="text_script"\nfiles=[{path="one.txt"}]
[source.options]\nepisode='S(?P<season>\\d+)E(?P<number>\\d+)'"""
    read = read_sources(make_show(manifest, one="S01E02\nADA: Two.\nS01E01\nADA: One.\n"))
    assert list(read.episodes) == ["S01E01", "S01E02"]


def test_r_data_is_read_row_by_row(make_show, tmp_path):
    import pandas as pd
    import rdata

    rows = pd.DataFrame(
        {
            "text": ["Hello (waves) Tom.", "[They sit]", "Hi!", "Yes."],
            "speaker": ["Adela Brook", "Directions", "#ALL#", "Nobody Known"],
            "season": [1, 1, 1, 1],
            "episode": [1, 1, 1, 2],
            "scene": [4, 4, 5, 1],
        }
    ).astype({"text": object, "speaker": object})
    rdata.write_rda(tmp_path / "x.rda", {"lines": rows})
    manifest = """id="a"\ntitle="A"\nlanguage="en"\nseasons=[2]\ncast=[{name="Adela Brook",persona=true}]
[[source]]\nreader="rdata"\nfiles=[{path="x.rda"}]
[source.options]\ntable="lines"\nscene="scene"\ndirection_rows=["Directions"]\neverybody=["#ALL#"] """
    show = make_show(manifest, **{"x.rda": (tmp_path / "x.rda").read_bytes()})
    build(show)
    table = load_utterances(show)
    assert list(table["id"]) == ["S01E01.01.001", "S01E01.02.001", "S01E02.01.001"]
    assert list(table["text"]) == ["Hello Tom.", "Hi!", "Yes."]
    assert list(table["source_scene"]) == [4, 5, 1]
    assert list(table["cue"]) == ["name", "all", "role"]


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (b"not R at all", 'table="lines"', r"x\.rda: no R data that can be read"),
        (None, 'table="rows"', r"x\.rda: no object 'rows'; it holds lines"),
        (None, 'table="lines"\nspeaker="who"', r"x\.rda: no column 'who'; it has text"),
    ],
)
def test_broken_r_data_is_one_clear_error(make_show, tmp_path, data, options, message):
    import pandas as pd
    import rdata

    rows = pd.DataFrame({"text": ["Hi"], "speaker": ["Ada"], "season": [1], "episode": [1]}).astype(
        {"text": object, "speaker": object}
    )
    rdata.write_rda(tmp_path / "x.rda", {"lines": rows})
    manifest = f"""id="a"\ntitle="A"\nlanguage="en"\nseasons=[2]\ncast=[{{name="Ada",persona=true}}]
[[source]]\nreader="rdata"\nfiles=[{{path="x.rda"}}]\n[source.options]\n{options}"""
    show = make_show(manifest, **{"x.rda": data or (tmp_path / "x.rda").read_bytes()})
    with pytest.raises(BadFile, match=message):
        build(show)


def test_scenes_of_two_sources_are_joined_by_their_lines(mill, report):
    ours = load_utterances(mill)
    theirs = ours.assign(scene=ours["scene"] + 1, source_scene=ours["scene"] + 10)
    joined = [(r["episode"], r["scene"], r["other_scene"], r["other_source_scene"]) for r in scene_map(ours, theirs)]
    assert joined == [("S01E01", 1, 2, 11), ("S01E02", 1, 2, 11), ("S01E02", 2, 3, 12)]


def test_a_scene_without_partner_keeps_an_empty_row(mill, report):
    ours = load_utterances(mill)
    rows = scene_map(ours, ours[ours["episode"] == "S01E01"])
    assert [(r["scene"], r["other_scene"], r["shared_lines"]) for r in rows[1:]] == [(1, "", 0), (2, "", 0)]


def test_two_sources_are_compared_by_their_main_characters(mill, report):
    result = compare(mill, mill)
    assert result["main_characters"][ADA] == {"mill": 5, "difference": 0.0}
    assert (build_dir(mill) / "scene_map.csv").read_text().splitlines()[1] == "S01E01,1,1,0,4,7"
    assert (build_dir(mill) / "comparison.json").is_file()


def test_shows_with_other_main_characters_are_not_compared(make_show, mill, report):
    other = make_show('id="o"\ntitle="O"\nlanguage="en"\nseasons=[2]\ncast=[{name="Eve",persona=true}]\n'
                      '[[source]]\nreader="text_script"\nfiles=[{path="one.txt",episode="S01E01"}]')  # fmt: skip
    build(other)
    with pytest.raises(BadInput, match="different main characters"):
        compare(mill, other)


def command(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "parsing", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        env={k: v for k, v in os.environ.items() if k not in {"CANON_MIRROR", "CANON_DATA"}} | environment,
    )


def test_the_command_reports_on_standard_error_only(mill, tmp_path):
    done = command(str(mill.folder / "show.toml"), CANON_BUILD=str(tmp_path / "build"))
    assert (done.returncode, done.stdout) == (0, "")
    assert "mill: read 2 of 2 files" in done.stderr
    assert len(load_utterances(mill)) == 12


def test_the_command_names_the_nearest_show_in_one_line():
    done = command("freinds")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("canon: no show 'freinds', did you mean 'friends'?")
    assert done.stderr.count("\n") == 1


def test_without_mirror_cache_and_net_the_command_says_so_in_one_line(tmp_path):
    proxy = "http://127.0.0.1:1"  # nobody listens there: no net
    done = command(
        "friends", CANON_CACHE=str(tmp_path), HTTPS_PROXY=proxy, https_proxy=proxy, ALL_PROXY="", NO_PROXY=""
    )
    assert done.returncode == 2
    assert "canon: can't fetch https://raw.githubusercontent.com/fangj/friends/" in done.stderr
    assert "CANON_MIRROR" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
