"""One show of each kind of source, read from the real files: the counts that docs/data.md tells."""

import re

import pytest

from parsing.build import read_sources, utterance_table
from parsing.manifest import ROOT, load_show
from parsing.speakers import LOCAL

pytestmark = [pytest.mark.data, pytest.mark.slow]


@pytest.mark.parametrize(
    ("name", "files", "episodes", "utterances", "share"),
    [
        ("star_trek_tng", 176, 176, 63_911, 0.98),
        ("south_park", 19, 267, 73_108, 0.81),
        ("the_office", 1, 186, 54_749, 0.97),
        ("avatar", 1, 61, 9_992, 0.92),
        ("chaika", 1, 4, 629, 1.0),
    ],
)
def test_a_show_is_read_end_to_end(name, files, episodes, utterances, share):
    show = load_show(name)
    transcripts = read_sources(show)
    table, dropped = utterance_table(show, transcripts)
    assert (len(transcripts.files), table["episode"].nunique(), len(table)) == (files, episodes, utterances)
    canonical = (table["speakers"].map(len) > 0) & ~table["cue"].isin(LOCAL)
    assert canonical.mean() >= share
    assert sum(dropped.values()) < 0.02 * len(table)
    assert not table["text"].str.contains(r"[\[\]{}<>]").any()
    page = (ROOT / "docs/data.md").read_text(encoding="utf-8")
    assert re.search(rf"\| `{name}` \|.*\b{utterances:,}\b", page)


def test_star_trek_voices_are_attributes():
    show = load_show("star_trek_tng")
    table, _ = utterance_table(show, read_sources(show))
    heard = table[table["voice"] == "off"]
    assert len(heard) > 2_000
    assert (heard["speaker"] == "William Riker").sum() > 350
    assert not table["speaker_raw"].str.contains(r"\bOC\b").any()
