"""Plays in TEI: who speaks, acts as episodes, scenes, stage directions; hostile files."""

import pytest

from parsing.cast_file import read_cast, write_cast
from parsing.errors import BadFile, BadManifest
from parsing.manifest import load_show
from parsing.pin import people_of
from parsing.readers.tei import read, read_people

PEOPLE = """<particDesc><listPerson>
<person xml:id="anna" sex="FEMALE"><persName>Анна</persName><persName type="variant">Аня</persName>
<persName xml:lang="en">Anna</persName></person>
<person xml:id="guest1" sex="MALE"><persName>Гость</persName></person>
<person xml:id="guest2" sex="MALE"><persName>Гость</persName></person>
</listPerson></particDesc>"""
PLAY = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader>%s</teiHeader><text><front><castList/></front><body>
<div type="act"><head>Действие первое</head><stage>Сад. Анна одна.</stage>
<sp who="#anna"><speaker>Анна</speaker><stage>(тихо).</stage><p>Кто там?<note>Так!</note> Ты?</p></sp>
<stage>Входит гость.</stage>
<sp who="#guest1"><speaker>Первый гость.</speaker><l>Это я,</l><l>гость (кланяется).</l></sp></div>
<div type="act"><head>Действие второе</head><div type="scene"><head>Явление 1</head>
<sp who="#anna #guest2"><speaker>Оба.</speaker><p>Чай!</p></sp></div>
<p>Конец</p></div></body></text></TEI>"""
DATA = (PLAY % PEOPLE).encode()


def test_speeches_carry_ids_labels_and_directions():
    speeches = [b for b in read(DATA, {}, "p.xml") if b.kind == "speech"]
    assert [(b.who, b.label, b.text) for b in speeches] == [
        (("anna",), "Анна", "Кто там? Ты?"),
        (("guest1",), "Первый гость", "Это я, гость."),
        (("anna", "guest2"), "Оба", "Чай!"),
    ]
    assert [b.directions for b in speeches] == [("тихо",), ("кланяется",), ()]


def test_acts_are_episodes_unless_the_play_is_one():
    assert [b.episode for b in read(DATA, {}, "p.xml") if b.kind == "speech"] == ["S01E01", "S01E01", "S01E02"]
    assert {b.episode for b in read(DATA, {"episodes": "play"}, "p.xml")} == {"S01E01"}


def test_heads_and_the_opening_stage_direction_are_the_setting_and_the_rest_is_counted():
    others = [(b.kind, b.text, b.why) for b in read(DATA, {}, "p.xml") if b.kind != "speech" and b.text]
    assert others == [
        ("scene", "Действие первое", ""),
        ("scene", "Сад. Анна одна.", ""),
        ("note", "Так!", "note of the edition"),
        ("direction", "Входит гость.", ""),
        ("scene", "Действие второе", ""),
        ("scene", "Явление 1", ""),
        ("note", "Конец", "outside of a speech"),
    ]


def test_people_are_listed_with_sex_variants_and_cue_labels():
    anna, first, second = read_people(DATA, "p.xml")
    assert (anna.id, anna.name, anna.gender, anna.variants) == ("anna", "Анна", "female", ("Аня",))
    assert (first.labels, second.name) == (("Первый гость",), "Гость")


def test_namesakes_are_told_apart_in_the_cast_file(tmp_path):
    write_cast(tmp_path / "cast.csv", people_of([DATA], "p.xml"))
    rows = read_cast(tmp_path / "cast.csv")
    assert [r["name"] for r in rows] == ["Анна", "Гость", "Гость (2)"]
    assert rows[1]["labels"] == ["#guest1", "Первый гость"]


def test_a_play_is_a_show_with_the_people_of_its_list(make_show, tmp_path):
    from parsing.build import build
    from parsing.tables import load_utterances

    manifest = """id="play"\ntitle="P"\nlanguage="ru"\nseasons=[2]\ncast_file="cast.csv"
[[cast]]\nname="Анна Петровна"\nlabels=["#anna"]\nslug="anna"\npersona=true
[[source]]\nreader="tei"\nfiles=[{path="p.xml"}]"""
    folder = tmp_path / "shows" / "mill"
    folder.mkdir(parents=True)
    write_cast(folder / "cast.csv", people_of([DATA], "p.xml"))
    show = make_show(manifest, **{"p.xml": DATA})
    build(show)
    table = load_utterances(show)
    assert list(table["speaker"]) == ["Анна Петровна", "Гость", None]
    assert list(table["cue"]) == ["id", "id", "joint"]
    assert table["speakers"][2] == ["Анна Петровна", "Гость (2)"]
    assert show.member("Аня").name == "Анна Петровна"


BOMB = """<?xml version="1.0"?>
<!DOCTYPE TEI [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><TEI>&b;</TEI>"""


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (BOMB.encode(), "line 2: declares an entity of its own"),
        (BOMB.encode("utf-16"), "line 2: declares an entity of its own"),
        (b'<!DOCTYPE TEI [<!ENTITY x SYSTEM "file:///etc/passwd">]><TEI>&x;</TEI>', "line 1: declares an entity"),
        (DATA[:-300], r"line \d+: no well-formed XML"),
        (b"<TEI>" + b"<p>" * 100_000, "no well-formed XML"),
        (b"<html/>", "the root is <html>, expected <TEI>"),
        (b"<TEI/>", "no <body>"),
        (b"", "no well-formed XML"),
    ],
)
def test_a_hostile_or_broken_file_is_one_clear_error(data, message):
    with pytest.raises(BadFile, match=r"p\.xml.*" + message):
        read(data, {}, "p.xml")


@pytest.mark.parametrize(
    ("text", "message"),
    [("name,sex\n", "line 1: unknown column 'sex'"), ("name,gender\n,male\n", "line 2: expected a name")],
)
def test_a_broken_cast_file_is_one_clear_error(tmp_path, text, message):
    (tmp_path / "cast.csv").write_text(text)
    (tmp_path / "show.toml").write_text('id="x"\ntitle="X"\nlanguage="ru"\nseasons=[1]\ncast_file="cast.csv"\n')
    with pytest.raises(BadManifest, match=message):
        load_show(str(tmp_path / "show.toml"))
