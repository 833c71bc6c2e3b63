"""The list of persons that a play begins with: kept as it stands, and nothing of the editors' relations with it."""

from pathlib import Path

import pytest

from parsing.cast_list import CastEntry, load_cast_list, save
from parsing.errors import BadFile
from parsing.manifest import Show
from parsing.readers.tei import read_cast_items

PLAY = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><listPerson><person xml:id="a"/>
%s</listPerson></teiHeader><text><front><castList><castItem>Анна,<note>так!</note> вдова.</castItem>
<castGroup><castItem>Пётр</castItem><castItem>Олег</castItem><roleDesc>её сыновья.</roleDesc></castGroup>
</castList></front><body><p/></body></text></TEI>"""
HEADER = '<listRelation><relation name="spouses" mutual="#a #b"/></listRelation>'


def test_entries_carry_what_is_said_of_their_group() -> None:
    assert read_cast_items((PLAY % "").encode(), "p.xml") == [
        ("Анна, вдова.", ""), ("Пётр", "её сыновья."), ("Олег", "её сыновья."),
    ]  # fmt: skip


def test_the_editors_relations_change_nothing() -> None:
    assert read_cast_items((PLAY % HEADER).encode(), "p.xml") == read_cast_items((PLAY % "").encode(), "p.xml")


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Show:
    monkeypatch.setenv("CANON_BUILD", str(tmp_path))
    (tmp_path / "p").mkdir()
    return Show("p", "П", "ru", (1,), (), (), tmp_path)


def test_the_file_is_read_back(show: Show, tmp_path: Path) -> None:
    entries = [CastEntry("Анна, вдова."), CastEntry("Пётр", "её сыновья.")]
    save(tmp_path / "p" / "cast_list.csv", entries)
    assert load_cast_list(show) == entries


def test_no_file_is_no_list_and_a_broken_one_is_an_error(show: Show, tmp_path: Path) -> None:
    assert load_cast_list(show) == ()
    (tmp_path / "p" / "cast_list.csv").write_text("item,group\nАнна\n", encoding="utf-8")
    with pytest.raises(BadFile, match="row 2: 1 cells, expected 2"):
        load_cast_list(show)
