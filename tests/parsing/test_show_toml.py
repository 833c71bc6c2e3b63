"""`show.toml`: every shipped one loads; what is wrong with a broken one is named."""

import re

import pytest

from parsing.build import read_sources
from parsing.errors import BadManifest, NotFound
from parsing.manifest import list_shows, load_show
from parsing.readers import reader_named

HEAD = 'id = "x"\ntitle = "X"\nlanguage = "en"\nseasons = [2]\n'
CAST = 'cast = [{ name = "Ada Brook", persona = true }]\n'


@pytest.mark.parametrize("name", list_shows())
def test_every_shipped_manifest_loads_and_names_known_readers(name):
    show = load_show(name)
    assert show.id == name
    assert show.cast
    for source in show.sources:
        assert callable(reader_named(source.reader))


def test_friends_pins_every_page_and_covers_236_episodes():
    show = load_show("friends")
    (source,) = show.sources
    assert re.fullmatch(r"https://raw\.githubusercontent\.com/fangj/friends/[0-9a-f]{40}", source.base_url)
    assert len(source.files) == 229
    assert all(re.fullmatch(r"[0-9a-f]{64}", entry["sha256"]) for entry in source.files)
    kept = [e for entry in source.files for e in entry.get("episodes") or [entry.get("episode")] if e]
    assert sorted(kept) == list(show.episodes)
    assert (len(kept), show.last_episode) == (236, "S10E18")
    assert sum(len(entry.get("episodes", [])) == 2 for entry in source.files) == 9
    assert {e["path"] for e in source.files if "drop" in e} == {"season/0423uncut.html", "season/07outtakes.html"}


def test_friends_has_its_cast():
    show = load_show("friends")
    assert [m.slug for m in show.personas] == ["rachel", "ross", "chandler", "monica", "joey", "phoebe"]
    assert len({m.colour for m in show.personas}) == 6
    assert all(m.notes and m.gender for m in show.personas)
    assert len(show.cast) >= 46
    assert all(m.gender in {"female", "male"} for m in show.cast)


def test_friends_r_borrows_the_cast():
    assert load_show("friends_r").cast == load_show("friends").cast


def test_an_unknown_show_names_the_nearest():
    with pytest.raises(NotFound, match="no show 'freinds', did you mean 'friends'"):
        load_show("freinds")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seasons = [", "not valid TOML"),
        (HEAD + CAST + "colour = 3\n", "unknown key 'colour'"),
        (HEAD + 'cast = [{ name = "A", nots = "x" }]', r"unknown key \[\[cast\]\] 'nots', did you mean 'notes'"),
        (HEAD.replace("[2]", "[]"), "'seasons' must list"),
        (
            HEAD + CAST + 'groups = { All = ["Ada Brok"] }',
            "names 'Ada Brok', who isn't in the cast, did you mean 'Ada Brook'",
        ),
        (HEAD + CAST + '[[reality]]\nkind = "dream"\nheading = "x"', "kind 'dream': expected flashback"),
        (HEAD + CAST + '[[reality]]\nkind = "imagined"\nheading = "("', "no regular expression"),
        (HEAD + CAST + '[[reality]]\nkind = "imagined"', "needs a heading, a label or an episode"),
        (HEAD + CAST + 'cast_from = "friends"', "exclude each other"),
        (HEAD + 'cast_from = "nobody"', "there is no other show"),
    ],
)
def test_a_broken_manifest_is_one_clear_error(tmp_path, text, message):
    path = tmp_path / "show.toml"
    path.write_text(text)
    with pytest.raises(BadManifest, match=message) as error:
        load_show(str(path))
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('reader = "text_scrip"', "no reader 'text_scrip', did you mean 'text_script'"),
        ('reader = "text_script"\nfiles = [{ path = "one.txt", episode = "S03E01" }]', "one.txt: there is no season 3"),
        (
            'reader = "text_script"\nfiles = [{ path = "one.txt", episodes = ["S01E01", "S01E02"] }]',
            r"need 1 .*'begins'",
        ),
        ('reader = "text_script"\nfiles = [{ episode = "S01E01" }]', "no 'path'"),
        ('reader = "text_script"\nfiles = [{ path = "one.txt", episod = "S01E01" }]', "unknown key 'episod'"),
        ('reader = "text_script"\nfiles = [{ path = "one.txt" }]', "files entry one.txt: names no episode"),
    ],
)
def test_a_broken_source_is_one_clear_error(make_show, source, message):
    show = make_show(HEAD + CAST + "[[source]]\n" + source)
    with pytest.raises(BadManifest, match=message):
        read_sources(show)


def test_a_first_name_belongs_to_the_one_listed_first_unless_episodes_tell(make_show):
    cast = (
        'cast = [{ name = "Joey Bell", persona = true }, { name = "Joey Bell Sr." }, '
        '{ name = "Joey Moss", episodes = ["S01E02"] }]'
    )
    assert [m.aliases for m in make_show(HEAD + cast).cast] == [("Joey",), (), ("Joey",)]


@pytest.mark.parametrize("name", [name for name in list_shows() if "/" not in name])
def test_personas_have_a_colour_and_a_manner_of_their_own(name):
    personas = load_show(name).personas
    assert 4 <= len(personas) <= 8
    assert len({m.colour for m in personas}) == len(personas)
    assert all(re.fullmatch(r"#[0-9a-f]{6}", m.colour) and m.notes.endswith(".") for m in personas)
