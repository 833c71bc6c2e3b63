"""The shows whose transcripts lie in this repository are read without a line lost."""

import pytest

from parsing.build import read_sources, utterance_table
from parsing.manifest import list_shows, load_show


def own_shows() -> list[str]:
    """Shows whose files stand beside their manifest."""
    return [name for name in list_shows() if all(not source.base_url for source in load_show(name).sources)]


@pytest.mark.parametrize("name", own_shows())
def test_an_own_show_is_read_without_a_line_lost(name):
    show = load_show(name)
    table, dropped = utterance_table(show, read_sources(show))
    assert set(table["episode"]) == set(show.episodes)
    assert not {"no cue", "beside a direction", "cue without speech"} & set(dropped)
    assert (table["speakers"].map(len) > 0).mean() > 0.95
    assert not table["text"].str.contains(r"[\[\]{}()]").any()
    assert set(table["speaker"].dropna()) <= {m.name for m in show.cast}
