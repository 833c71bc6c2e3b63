"""A collection: one manifest, many shows; its lists written from the files, its shows loaded and parsed by name."""

import pytest

from parsing import manifest
from parsing.build import read_sources, utterance_table
from parsing.collection import is_collection, member_manifest, members
from parsing.collection_build import build_collection, collection_summary
from parsing.collection_pin import pin_collection
from parsing.errors import BadManifest, NotFound
from parsing.manifest import build_dir, list_shows, load_show

PLAY = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>{title}</title>
<title type="sub">Шутка</title><author><persName><forename>Анна</forename> <surname>Лугова</surname></persName></author>
</titleStmt></fileDesc><profileDesc><particDesc><listPerson>
<person xml:id="anna" sex="FEMALE"><persName>Бурова</persName></person>
<person xml:id="petr" sex="MALE"><persName>Петя</persName></person>
<person xml:id="sluga" sex="MALE"><persName>Слуга</persName></person></listPerson></particDesc></profileDesc>
</teiHeader>
<standOff><listEvent><event type="print" when="1901"/></listEvent></standOff>
<text><front><castList><castItem>Анна Ильинична Бурова, хозяйка.</castItem>
<castItem>Слуга.</castItem></castList></front>
<body><div type="act"><head>Действие первое</head><div type="configuration"><stage>Сад.</stage>
<sp who="#anna"><speaker>Бурова</speaker><p>Кто там?</p></sp></div>
<div type="configuration"><stage>Входит Петя.</stage><sp who="#petr"><speaker>Петя</speaker><p>Это я.</p></sp>
<sp who="#anna"><speaker>Бурова</speaker><p>Садись, Петя.</p></sp></div></div>
<div type="act"><head>Действие второе</head><sp who="#sluga"><speaker>Слуга</speaker><p>Чай подан.</p></sp></div>
</body></text></TEI>"""
SHOW = """id = "glade"
title = "Поляна"
language = "ru"

[collection]
path = "tei/{id}.xml"
personas = 2
colours = ["#111111", "#222222"]
diminutives = "diminutives.csv"

[[source]]
reader = "tei"
base_url = "https://example.org/a/b/c"
mirror = "a/b/c"
"""


@pytest.fixture
def glade(tmp_path, monkeypatch):
    """A collection of two plays, pinned from a mirror."""
    files = tmp_path / "mirror" / "a" / "b" / "c" / "tei"
    folder = tmp_path / "shows" / "glade"
    for path in (files, folder):
        path.mkdir(parents=True)
    for play in ("sad", "pole"):
        (files / f"{play}.xml").write_text(PLAY.format(title=play), encoding="utf-8")
    (folder / "show.toml").write_text(SHOW, encoding="utf-8")
    (folder / "diminutives.csv").write_text("name,diminutives\nАнна,Аня Нюта\nПетр,Петя\n", encoding="utf-8")
    monkeypatch.setenv("CANON_MIRROR", str(tmp_path / "mirror"))
    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))
    monkeypatch.setattr(manifest, "SHOWS", tmp_path / "shows")
    pin_collection(folder / "show.toml")
    return folder


def test_each_file_is_a_show_with_people_from_its_lists(glade):
    assert list_shows() == ["glade/pole", "glade/sad"]
    show = load_show("glade/sad")
    assert (show.id, show.title, show.language, show.seasons) == ("glade/sad", "sad", "ru", (2,))
    assert show.description == "Анна Лугова, 1901"
    anna, petr, sluga = show.cast
    assert (anna.name, anna.gender, anna.slug) == ("Анна Ильинична Бурова", "female", "anna")
    assert set(anna.aliases) == {"Анна", "Бурова", "Анна Ильинична", "Аня", "Нюта"}
    assert [(m.name, m.colour) for m in show.personas] == [(anna.name, "#111111"), (petr.name, "#222222")]
    assert not sluga.persona


def test_a_configuration_opens_no_scene_and_everybody_is_known_by_id(glade):
    show = load_show("glade/sad")
    table, dropped = utterance_table(show, read_sources(show))
    assert table["id"].tolist() == ["S01E01.01.001", "S01E01.01.002", "S01E01.01.003", "S01E02.01.001"]
    assert table["speaker"].tolist()[1:3] == ["Петя", "Анна Ильинична Бурова"]
    assert table["addressees"].tolist()[2] == ["Петя"]
    assert not dropped


def test_all_are_parsed_in_one_run(glade):
    whole = build_collection("glade", members(glade))
    assert (whole["shows"], whole["episodes"], whole["utterances"]) == (2, 4, 8)
    assert whole["with_canonical_speaker"] == 1
    assert (build_dir(load_show("glade/pole")) / "utterances.parquet").is_file()
    assert collection_summary(whole).startswith("glade: 2 shows, 4 episodes")


@pytest.mark.parametrize(
    ("name", "message"),
    [("glade/sat", "did you mean 'glade/sad'.*shows here: glade/… \\(2\\)"), ("glade", "a collection of 2 shows")],
)
def test_what_is_no_show_of_it_is_one_clear_error(glade, name, message):
    with pytest.raises(NotFound, match=message):
        load_show(name)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("show.toml", "personas = 2", "persona = 2", "unknown key \\[collection\\] 'persona'"),
        ("show.toml", '"tei/{id}.xml"', '"tei/all.xml"', "needs 'path'"),
        ("collection.csv", "id,title", "id,titel", "line 1: expected the columns id, title"),
        ("collection.csv", ",2,", ",two,", "row 2: expected a number of episodes"),
        ("cast.csv", ",yes", "", "row 2: expected 6 cells"),
    ],
)
def test_a_damaged_list_is_named(glade, tmp_path, file, old, new, message):
    damaged = tmp_path / "shows" / "damaged"
    damaged.mkdir()
    for path in glade.iterdir():
        text = path.read_text(encoding="utf-8")
        (damaged / path.name).write_text(text.replace(old, new) if path.name == file else text, encoding="utf-8")
    with pytest.raises(BadManifest, match=message):
        load_show("damaged/sad")


def test_a_show_is_no_collection(mill):
    assert not is_collection(mill.folder)
    assert members(mill.folder) == ()


def test_two_sources_are_refused(glade):
    data = {"id": "x", "collection": {"path": "{id}"}, "source": [{}, {}]}
    with pytest.raises(BadManifest, match=r"one \[\[source\]\], found 2"):
        member_manifest(data, glade, "sad")
