"""`mend` undoes what a tool did to a whole file, and is counted; lists of actors and roles fill the cast."""

import pytest

from parsing.cast_lists import people_in_lists
from parsing.errors import BadManifest
from parsing.manifest import Source
from parsing.readers.mend import MENDED
from parsing.readers.table import read as read_table
from parsing.readers.text_script import read as read_text
from parsing.sources import FilesFrom


def test_lines_of_a_script_are_mended_before_they_are_read():
    found = read_text(b"NORA<c2><92>S AUNT: It<c2><92>s late\nBEN: Yes", {"mend": {"<c2><92>": "'"}}, "x.txt")
    assert [(b.label, b.text) for b in found if b.kind == "speech"] == [("NORA'S AUNT", "It's late"), ("BEN", "Yes")]
    assert [(b.kind, b.why, b.line) for b in found if b.kind == "remark"] == [("remark", MENDED, 1)]


def test_cells_of_a_table_are_mended_speakers_too():
    mend = {"(?<=[a-z])Park": "chi", r"\bPark(?=ld)": "chi"}
    data = b"speaker,text\nMaParkne,the maParkne and the Parkld in the Park\n"
    found = read_table(data, {"mend": mend}, "x.csv")
    assert found[0].text == "the machine and the child in the Park"
    assert found[0].label == "Machine"


def test_a_broken_pattern_is_named():
    with pytest.raises(BadManifest, match="option 'mend' is no regular expression"):
        read_text(b"NORA: Hi", {"mend": {"(": ""}}, "x.txt")


def test_roles_that_are_names_become_people_of_the_episodes_that_list_them(mill):
    pages = {
        "S01E01": b"Jo Actor ........ Ellen Price (uncredited)\nAl Actor .... Waitress\nBo Actor ... Tom Finch\n",
        "S01E02": b"Jo Actor .... Ellen Price\nCy Actor .... Himself\nand so it goes... on\n",
    }
    wanted = FilesFrom(cast_list=r"(?P<actor>[^.]+?) *\.{3,} *(?P<role>.+)", roles="waitress")
    assert people_in_lists(pages, Source("text_script"), wanted, mill) == [
        {"name": "Cy Actor", "aliases": ["Actor"], "episodes": ["S01E02"]},
        {"name": "Ellen Price", "aliases": ["Price"], "episodes": ["S01E01", "S01E02"]},
    ]
