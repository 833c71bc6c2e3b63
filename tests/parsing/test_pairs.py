"""Which replies become pairs: windows by turns and tokens, songs, laughter, sounds, near-duplicates; all is counted."""

import json

import pytest

from parsing.build import build
from parsing.errors import BadManifest
from parsing.manifest import build_dir
from parsing.near import NearDuplicates, shingles, similarity
from parsing.pair_filters import PairFilter, PairOptions
from parsing.pairs import context_of
from parsing.tables import load_pairs

HEAD = """id = "a"
title = "A"
language = "en"
seasons = [2]
cast = [{ name = "Ada", persona = true }, { name = "Tom", persona = true }]
"""
TAIL = """
[[source]]
reader = "text_script"
files = [{ path = "one.txt", episode = "S01E01" }, { path = "two.txt", episode = "S01E02" }]
"""
LONG = "the wheel of the old mill turned slowly all night long and nobody in the valley slept"
ONE = f"""ADA: Did you hear it, Tom?
TOM: Yes, {LONG}.
ADA: (sings) Row, row, row your boat.
TOM: Ha ha! Hahaha!
ADA: Ugh. Aaargh!
TOM: Mm-hmm, uh-huh.
TOM: Well then.
ADA: Did you hear it, Tom?
TOM: Yes... {LONG}!
ADA: Stop.
"""
TWO = f"""ADA: Did you hear it, Tom?
TOM: Yes, {LONG.replace("old", "older")}.
ADA: I did hear it.
"""


def counts(show):
    report = build(show)
    assert report == json.loads((build_dir(show) / "quality.json").read_text())
    return report


def test_every_filter_counts_what_it_leaves_out(make_show):
    show = make_show(HEAD + TAIL, one=ONE, two=TWO)
    report = counts(show)
    assert report["pairs"] == {
        "kept": 4,
        "nothing said before": 2,
        "song lyrics": 1,
        "laughter only": 1,
        "a sound, no speech": 1,
        "nearly said before, same episode": 1,
        "shorter than two words": 1,
        "nearly said before, other episode": 1,
    }
    replies = [p["reply"] for p in load_pairs(show)]
    assert replies[1:] == ["Mm-hmm, uh-huh. Well then.", "Did you hear it, Tom?", "I did hear it."]


def test_lines_merged_and_the_share_of_each_persona_are_in_the_report(make_show):
    made = counts(make_show(HEAD + TAIL, one=ONE, two=TWO))["pairs_made"]
    assert (made["lines"], made["turns"], made["merged_into_the_line_before"]) == (13, 12, 1)
    assert made["personas"] == {
        "Ada": {"turns": 7, "kept": 2, "share": pytest.approx(2 / 7)},
        "Tom": {"turns": 5, "kept": 2, "share": 0.4},
    }


def test_filters_may_be_turned_off(make_show):
    show = make_show(HEAD + "[pairs]\ndrop = []\nmin_words = 1\n" + TAIL, one=ONE, two=TWO)
    assert counts(show)["pairs"] == {"kept": 10, "nothing said before": 2}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('drop = ["lyric"]', r"show\.toml: \[pairs\]: no filter 'lyric', did you mean 'lyrics'"),
        ("context_turn = 3", r"\[pairs\]: unknown .*'context_turn', did you mean 'context_turns'"),
        ("similarity = 0", r"\[pairs\]: 'similarity' is a percentage"),
        ("min_words = true", r"\[pairs\]: .*'min_words' is True, expected int"),
    ],
)
def test_a_wrong_setting_is_named_before_any_work(make_show, table, message):
    show = make_show(f"{HEAD}[pairs]\n{table}\n{TAIL}", one=b"\0", two=TWO)
    with pytest.raises(BadManifest, match=message):
        build(show)


@pytest.mark.parametrize(
    ("options", "kept", "cut"),
    [
        ({}, ["One two three.", "Four, five!", "Six"], False),
        ({"context_turns": 2}, ["Four, five!", "Six"], False),
        ({"context_tokens": 9}, ["One two three.", "Four, five!", "Six"], False),
        ({"context_tokens": 8}, ["Four, five!", "Six"], True),
        ({"context_tokens": 4}, ["Six"], True),
        ({"context_tokens": 0}, ["One two three.", "Four, five!", "Six"], False),
    ],
)
def test_a_context_holds_so_many_turns_and_tokens(options, kept, cut):
    turns = [{"speaker": "Ada", "text": text} for text in ("One two three.", "Four, five!", "Six")]
    context, shortened = context_of(turns, PairOptions(**options))
    assert ([turn["text"] for turn in context], shortened) == (kept, cut)


def test_the_turn_before_the_reply_stays_and_is_cut_from_its_front():
    context, cut = context_of([{"speaker": "Ada", "text": "One two, three four."}], PairOptions(context_tokens=3))
    assert (context, cut) == ([{"speaker": "Ada", "text": "three four."}], True)


def why(text, directions=()):
    turn = {"id": "S01E01.01.002", "speaker": "Ada", "reality": "canon", "text": text, "directions": directions}
    return PairFilter(PairOptions()).why_not([turn, turn], 1)


@pytest.mark.parametrize("text", ["Ha ha!", "Hee hee hee.", "Heh heh", "Ahaha... ha!", "Ха-ха-ха!", "Хи-хи"])
def test_laughter(text):
    assert why(text) == "laughter only"


@pytest.mark.parametrize("text", ["Ugh, eww!", "Aaaah! Ow! Ow!", "Shhh.", "Hmm...", "Ох, ох!", "Тсс!", "Ооо! Аа!"])
def test_sounds(text):
    assert why(text) == "a sound, no speech"


@pytest.mark.parametrize(
    "text", ["Hi! Hi!", "He hid it.", "Uh-huh. Mm-hmm.", "Oh no.", "Ha, you wish.", "Он и я", "Ах ты!"]
)
def test_words_are_no_sounds(text):
    assert why(text) == ""


@pytest.mark.parametrize(
    ("directions", "sung"),
    [
        (["singing"], True),
        (["starts to sing"], True),
        (["softly sings along"], True),
        (["поёт"], True),
        (["stops singing"], False),
        (["birds are singing outside"], False),
        (["single"], False),
    ],
)
def test_a_song_is_told_by_its_direction(directions, sung):
    assert why("Row the boat ashore", directions) == ("song lyrics" if sung else "")
    assert why("♪ Row the boat ashore ♪") == "song lyrics"


def test_a_near_duplicate_is_measured_and_not_only_hashed():
    near = NearDuplicates(0.8)
    assert near.take("a", shingles(LONG)) is None
    assert near.take("b", shingles(LONG.replace("nobody", "no one"))) is None, "26 of 36 shingles: 72 %"
    assert near.take("c", shingles(LONG.upper() + "!")) == "a"
    assert near.take("d", shingles(LONG, "another part")) is None
    assert similarity(shingles("a b"), shingles("a c")) == 1 / 5
