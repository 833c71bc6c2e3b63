"""Every show but Friends, read from the real files: the counts that docs/data.md tells."""

import re
from collections import Counter
from functools import lru_cache

import pytest

from parsing.build import read_sources, utterance_table
from parsing.collection import members
from parsing.manifest import ROOT, SHOWS, load_show
from parsing.speakers import LOCAL

pytestmark = pytest.mark.data
EXPECTED = {"title", "footer", "credits", "the end", "notice", "rule", "before the beginning", "row without a speaker"}


def case(name, files, episodes, utterances, share, slow=False):
    """A show and its counts; `slow` where it takes more than ten seconds."""
    return pytest.param(name, files, episodes, utterances, share, id=name, marks=[pytest.mark.slow] if slow else [])


@lru_cache(maxsize=2)
def parsed(name):
    """A show's file reports, utterances and what was dropped; the last two shows are kept for the tests after."""
    show = load_show(name)
    transcripts = read_sources(show)
    return transcripts.files, *utterance_table(show, transcripts)


@pytest.mark.parametrize(
    ("name", "files", "episodes", "utterances", "share"),
    [
        case("star_trek_tos", 79, 78, 28_698, 0.96),
        case("star_trek_tas", 22, 22, 4_405, 0.95),
        case("star_trek_ds9", 173, 173, 67_213, 0.97, slow=True),
        case("star_trek_voyager", 160, 160, 69_382, 0.95),
        case("star_trek_enterprise", 97, 97, 35_005, 0.95),
        case("star_trek_discovery", 15, 15, 4_232, 0.93),
        case("seinfeld", 174, 174, 53_987, 0.94, slow=True),
        case("big_bang_theory", 202, 202, 44_938, 0.97),
        case("game_of_thrones", 1, 73, 23_911, 0.93),
        case("rick_and_morty", 1, 11, 1_905, 0.96),
        case("south_park", 19, 267, 73_108, 0.80, slow=True),
        case("the_office", 1, 186, 54_749, 0.97, slow=True),
        case("avatar", 1, 61, 9_992, 0.92),
        case("chaika", 1, 4, 629, 1.0),
        case("house", 8, 176, 74_754, 0.95, slow=True),
        case("star_trek_tng", 176, 176, 63_911, 0.979, slow=True),
    ],
)
def test_a_show_is_read_end_to_end(name, files, episodes, utterances, share):
    reports, table, dropped = parsed(name)
    assert (len(reports), table["episode"].nunique(), len(table)) == (files, episodes, utterances)
    canonical = (table["speakers"].map(len) > 0) & ~table["cue"].isin(LOCAL)
    assert canonical.mean() >= share
    assert (canonical | (table["local"] != "")).mean() >= 0.98
    assert sum(n for why, n in dropped.items() if why not in EXPECTED) < 0.02 * len(table)
    assert not table["text"].str.contains(r"[\[\]{}<>]").any()
    page = (ROOT / "docs/data.md").read_text(encoding="utf-8")
    assert re.search(rf"\| `{name}` \|.*\b{utterances:,}\b", page)


@pytest.mark.slow
def test_house_is_whole_words_again():
    _, table, _ = parsed("house")
    assert not table["text"].str.contains(r"[a-z]Park|\bPark(?:ld|cken|nese)|ÔøΩ").any()
    assert table["text"].str.contains(r"\bchildren\b").sum() > 50
    assert (table[table["speaker"] == "Chi Park"]["season"] == 8).all()


@pytest.mark.slow
def test_star_trek_voices_are_attributes():
    _, table, _ = parsed("star_trek_tng")
    heard = table[table["voice"] == "off"]
    assert len(heard) > 2_000
    assert (heard["speaker"] == "William Riker").sum() > 350
    assert not table["speaker_raw"].str.contains(r"\bOC\b").any()


@pytest.mark.slow
def test_all_plays_are_read_and_every_speaker_is_known():
    counts: Counter[str] = Counter()
    for play in members(SHOWS / "plays"):
        show = load_show(f"plays/{play}")
        table, _ = utterance_table(show, read_sources(show))
        assert set(table["episode"]) <= set(show.episodes)
        counts += Counter({"plays": 1, "utterances": len(table), "episodes": table["episode"].nunique()})
        counts["unknown"] += int((table["speakers"].map(len) == 0).sum())
    assert (counts["plays"], counts["episodes"], counts["utterances"]) == (212, 654, 119_313)
    assert counts["unknown"] <= 20
    page = (ROOT / "docs/data.md").read_text(encoding="utf-8")
    assert "119,313" in page
